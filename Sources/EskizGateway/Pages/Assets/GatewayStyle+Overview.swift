extension GatewayStyle {
    /// The first screen.
    static let overview = """
        .pane { padding: 2px 16px 16px; }
        .remark { margin-top: 8px; font-size: 13px; }
        .health { display: flex; align-items: center; gap: 12px; margin-bottom: 16px; padding: 14px 18px;
          border-radius: 16px; font-size: 16px; font-weight: 600; letter-spacing: -.01em; line-height: 1.4; }
        .health p { flex: 1; }
        .health .i { width: 22px; height: 22px; stroke-width: 1.8; }
        .health time { font-size: 13px; font-weight: 500; font-variant-numeric: tabular-nums; }
        .health.is-good { background: var(--good-ground); color: var(--good); }
        .health.is-warning { background: var(--warning-ground); color: var(--warning); }
        .health.is-bad { background: var(--bad-ground); color: var(--bad); }
        .attention { margin-bottom: 16px; overflow: hidden; }
        .attention-list li { border-top: 1px solid var(--line); }
        .attention-list a { display: flex; align-items: center; gap: 14px; padding: 11px 16px; }
        .attention-list a:hover { background: var(--sunken); }
        .attention-list a:focus-visible { outline-offset: -2px; }
        .attention-count { min-width: 28px; font-size: 20px; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; color: var(--bad); }
        .attention-what { display: block; font-weight: 600; }
        .attention-list .faint { display: block; font-size: 13px; }
        .attention-go { color: var(--accent); font-size: 13px; font-weight: 550; }
        .tiles { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 16px; }
        .tile { grid-column: span 2; display: flex; flex-direction: column; padding: 14px 16px 16px; }
        #provider, #balance { grid-column: span 3; }
        .tile-top { display: flex; align-items: center; justify-content: space-between; gap: 8px; min-height: 24px; }
        .tile-top .faint { font-size: 12.5px; }
        .figure { margin: 6px 0 10px; font-size: 28px; font-weight: 650; letter-spacing: -.03em; line-height: 1.2;
          font-variant-numeric: tabular-nums; }
        .figure-what { font-size: 13px; font-weight: 450; letter-spacing: 0; color: var(--soft); }
        .tile form { margin-top: auto; padding-top: 14px; }
        .pairs { display: grid; grid-template-columns: auto minmax(0, 1fr); font-size: 13px; }
        .pairs > * { padding: 5px 0; }
        .pairs dt { padding-right: 12px; color: var(--soft); }
        .pairs dd { text-align: right; font-variant-numeric: tabular-nums; }
        .pairs dt ~ dt, .pairs dt ~ dt + dd { border-top: 1px solid var(--line); }
        .block-line { display: block; font-size: 12.5px; }
        .plain-table { font-size: 13px; }
        .plain-table th, .plain-table td { padding: 5px 0 5px 12px; }
        .plain-table th { padding-left: 0; font-size: 13px; font-weight: 450; }
        .plain-table tbody tr:first-child { border-top: 0; }
        .plain-table a { text-decoration: underline; text-decoration-color: var(--line-strong); text-underline-offset: 3px; }
        .plain-table a:hover { color: var(--accent); }
        .hidden-head th { font-size: 12px; }
        .chart-card { padding: 16px; margin-bottom: 16px; }
        .legend { display: flex; flex-wrap: wrap; gap: 6px 20px; margin-bottom: 14px; font-size: 13px; color: var(--soft); }
        .legend li { display: flex; align-items: center; gap: 7px; }
        .legend strong { color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; }
        .swatch { width: 14px; height: 10px; border-radius: 3px; background: var(--chart-accepted); }
        :root { --chart-accepted: light-dark(#d3d8f3, #353b5c); --chart-submitted: light-dark(#3d4fd6, #a3aeff);
          --chart-delivered: light-dark(#158a54, #5fd79c); --chart-failed: light-dark(#c7362e, #ff8f86); }
        .key-submitted .swatch { height: 3px; border-radius: 2px;
          background: repeating-linear-gradient(90deg, var(--chart-submitted) 0 4px, transparent 4px 6px); }
        .key-delivered .swatch { height: 3px; border-radius: 2px; background: var(--chart-delivered); }
        .key-failed .swatch { background: var(--chart-failed); }
        .chart { position: relative; display: grid; grid-template: 200px auto / auto minmax(0, 1fr); gap: 6px 10px; }
        .chart-scale { display: flex; flex-direction: column; justify-content: space-between; align-items: flex-end;
          min-width: 22px; margin: -8px 0; color: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
        .chart-drawing { width: 100%; height: 100%; overflow: visible; }
        .chart-drawing .grid { stroke: var(--line); stroke-width: 1; }
        .bar-accepted { fill: var(--chart-accepted); } .bar-failed { fill: var(--chart-failed); }
        .line-submitted, .line-delivered { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .line-submitted { stroke: var(--chart-submitted); stroke-dasharray: 5 4; }
        .line-delivered { stroke: var(--chart-delivered); }
        .hit { fill: transparent; } .hit:hover { fill: var(--shadow); }
        .chart-labels { grid-column: 2; display: flex; justify-content: space-between; color: var(--soft); font-size: 12px;
          font-variant-numeric: tabular-nums; }
        .chart-empty { position: absolute; inset: 0 0 24px; display: grid; place-items: center; pointer-events: none; }
        .as-table { margin-top: 14px; }
        .as-table summary { display: inline-block; padding: 4px 8px; margin-left: -8px; border-radius: 8px; color: var(--accent);
          font-size: 13px; font-weight: 500; cursor: pointer; }
        .wide-table { overflow-x: auto; }
        .as-table .wide-table { max-height: 320px; margin-top: 8px; overflow: auto; }
        .pace .card-top p { font-size: 13px; } .pace .card-top strong { color: var(--ink); font-weight: 600; }
        .pace tbody th { color: var(--ink); font-size: 14px; }
        .pace thead tr { border-top: 1px solid var(--line); }

        """

    static let small = """
        @media (max-width: 920px) {
          .tile, #provider, #balance { grid-column: span 3; }
          #token { grid-column: span 6; }
        }
        @media (max-width: 720px) {
          .who-name, .who .chip { display: none; }
          th, td { padding: 8px 12px; }
          .health { padding: 12px 14px; font-size: 15px; }
          .tiles { gap: 12px; }
          .tile, #token, #provider, #balance { grid-column: span 6; }
          .attention-list a { padding: 11px 12px; gap: 12px; } .attention-count { min-width: 24px; }
          .attention-go { display: none; }
          .chart { grid-template-rows: 160px auto; }
          .chart-card { padding: 14px 12px; }
          .legend { gap: 6px 14px; }
          .pace th, .pace td { padding: 8px 3px; font-size: 12.5px; }
          .pace thead th { font-size: 11px; }
          .pace th:first-child { padding-left: 12px; } .pace td:last-child, .pace th:last-child { padding-right: 12px; }
        }

        """
}

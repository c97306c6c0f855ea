extension PageStyle {
    /// Cards, badges, facts, a message by itself, raw text.
    static let parts = """
        .card { border: 1px solid var(--line); border-radius: 16px; background: var(--surface); min-width: 0; }
        .card-top { display: flex; align-items: center; justify-content: space-between; gap: 12px; min-height: 46px;
          padding: 6px 16px; }
        .card-top a { font-size: 13px; }
        .badge { display: inline-flex; align-items: center; gap: 5px; padding: 1px 8px; border-radius: 999px;
          font-size: 12px; font-weight: 550; line-height: 19px; white-space: nowrap;
          background: var(--neutral-ground); color: var(--neutral); font-variant-numeric: tabular-nums; }
        .tone-good { color: var(--good); } .badge.tone-good { background: var(--good-ground); }
        .tone-busy { color: var(--busy); } .badge.tone-busy { background: var(--busy-ground); }
        .tone-warning { color: var(--warning); } .badge.tone-warning { background: var(--warning-ground); }
        .tone-bad { color: var(--bad); } .badge.tone-bad { background: var(--bad-ground); }
        .badge.is-pending::before { content: ""; width: 6px; height: 6px; border-radius: 50%; background: currentColor;
          animation: wait 1.2s ease-in-out infinite; }
        .chip { display: inline-block; padding: 0 7px; border: 1px solid var(--line); border-radius: 6px; font-size: 11.5px;
          line-height: 18px; color: var(--soft); white-space: nowrap; font-weight: 450; }
        .chip.tone-bad { color: var(--bad); border-color: currentColor; }
        .facts { display: grid; grid-template-columns: 132px minmax(0, 1fr); margin-top: 20px; }
        .facts > * { padding: 7px 12px 7px 0; }
        .facts dt ~ dt, .facts dt ~ dt + dd { border-top: 1px solid var(--line); }
        .facts dt { color: var(--soft); }
        .facts dd { padding-right: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
        .page { width: 100%; max-width: 1180px; margin: 0 auto; padding: 28px 24px 64px; }
        .page-top { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 12px;
          margin-bottom: 16px; }
        .crumbs { margin-bottom: 14px; }
        .crumbs a { display: inline-flex; align-items: center; gap: 4px; margin-left: -4px; color: var(--soft);
          font-variant-numeric: tabular-nums; }
        .crumbs .i { width: 16px; height: 16px; }
        .section { margin: 32px 0 12px; }
        .page-top.section { margin-bottom: 4px; } .page-top.section h2, h2.section { font-size: 16px; }
        .section-hint { margin-bottom: 12px; }
        .columns { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; align-items: start;
          margin-bottom: 16px; }
        .stack { display: grid; gap: 16px; min-width: 0; }
        .stack .card > h2, #life h2 + *, .stack .card .fields { margin-top: 8px; }
        .stack .card > h2 { margin-top: 0; }
        .gap { height: 16px; }
        .letter-top { display: flex; align-items: center; justify-content: space-between; gap: 12px; margin-bottom: 14px; }
        .letter-top h1 .faint { font-weight: 400; font-variant-numeric: tabular-nums; }
        .letter-text { font-size: 17px; }
        #life h2 + ul, #life h2 + ol, #life h2 + p { margin: 8px 0 24px; }
        #life > :last-child { margin-bottom: 0; }
        .steps { position: relative; }
        .step { position: relative; display: flex; justify-content: space-between; gap: 12px; padding: 5px 0 13px 26px;
          color: var(--soft); font-variant-numeric: tabular-nums; }
        .step::before { content: ""; position: absolute; left: 3px; top: 10px; width: 11px; height: 11px;
          border-radius: 50%; border: 2px solid var(--line-strong); background: var(--surface); z-index: 1; }
        .step::after { content: ""; position: absolute; left: 8px; top: 18px; bottom: -10px; width: 1px;
          background: var(--line-strong); }
        .step:last-child::after { display: none; }
        .step.is-done { color: var(--ink); }
        .step.is-done::before { border-color: var(--accent); background: var(--accent); }
        .step.is-done.tone-good { color: var(--good); } .step.is-done.tone-bad { color: var(--bad); }
        .step.is-done.tone-warning { color: var(--warning); }
        .step.is-done:not(.tone-neutral)::before { border-color: currentColor; background: currentColor; }
        .step.is-done:not(.tone-neutral) .step-name { font-weight: 600; }
        .step time { color: var(--soft); }
        .step-name { display: inline-block; } .step-name::first-letter { text-transform: uppercase; }
        .plain li { display: flex; flex-wrap: wrap; gap: 10px; align-items: baseline; }
        .plain.rows li { padding: 10px 16px; } .plain.rows li + li { border-top: 1px solid var(--line); }
        .plain.rows a { color: var(--accent); font-variant-numeric: tabular-nums; }
        #templates .rows li { display: block; padding: 12px 0; } #templates .rows p + p { margin-top: 8px; }
        pre { max-height: 420px; margin: 0; padding: 14px 16px 16px; overflow: auto; border-radius: 0 0 15px 15px;
          background: var(--sunken); font-size: 12.5px; line-height: 1.6; white-space: pre-wrap;  overflow-wrap: anywhere;
          tab-size: 2; }
        pre code { font-size: 1em; }
        pre .head { color: var(--soft); }
        .block { position: relative; }
        .block pre { border-radius: 12px; padding-right: 96px; }
        .copy-block { position: absolute; top: 8px; right: 8px; background: var(--surface); }
        .exchange .card-top { border-bottom: 1px solid var(--line); }
        .is-copied.quiet { color: var(--good); }
        .copy-line { display: flex; align-items: center; gap: 8px; padding: 4px 8px; margin: -4px -8px; border: 0;
          border-radius: 8px; background: none; cursor: pointer; }
        .copy-line .i { width: 15px; height: 15px; color: var(--soft); }
        .copy-line:hover { background: var(--sunken); }
        .copy-line.is-copied { color: var(--good); }
        .blank { padding: 56px 24px; text-align: center; }
        .blank p { margin: 8px auto 0; max-width: 46ch; color: var(--soft); }
        .blank p + p { margin-top: 20px; }
        .segmented { display: flex; padding: 3px; border-radius: 10px; background: var(--sunken); }
        .segmented a { padding: 4px 12px; border-radius: 8px; color: var(--soft); font-weight: 500; font-size: 13px; }
        .segmented a:hover { color: var(--ink); }
        .segmented a[aria-current] { background: var(--surface); color: var(--ink);
          box-shadow: 0 1px 3px var(--shadow); }
        .counters { display: grid; grid-template-columns: repeat(auto-fit, minmax(128px, 1fr)); gap: 1px; overflow: hidden;
          margin-bottom: 16px; border: 1px solid var(--line); border-radius: 16px; background: var(--surface); }
        .counters li { padding: 12px 16px; color: var(--soft); font-size: 12.5px; line-height: 1.35;
          box-shadow: 1px 0 0 var(--line), 0 1px 0 var(--line); }
        .counters strong { display: block; color: var(--ink); font-size: 22px; font-weight: 600; letter-spacing: -.02em;
          font-variant-numeric: tabular-nums; }

        """

    /// What small screens change of it.
    static let small = """
        @media (max-width: 1240px) {
          .brand-kind { display: none; }
        }
        @media (max-width: 920px) {
          .columns { grid-template-columns: minmax(0, 1fr); }
          .live-text { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          .live[data-state="lost"] .live-text { position: static; width: auto; height: auto; clip-path: none; }
        }
        @media (max-width: 720px) {
          html { scroll-padding-bottom: 72px; }
          body { padding-bottom: calc(58px + env(safe-area-inset-bottom)); }
          .bar { gap: 10px; padding: 0 14px; height: 54px; }
          .brand-name { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          .search { flex: 1 1 auto; margin-left: 0; } .search kbd { display: none; }
          .search input, input:not([type="search"]), select { font-size: 16px; }
          .tabs { position: fixed; left: 0; right: 0; bottom: 0; z-index: 9; margin: 0; gap: 0;
            padding-bottom: env(safe-area-inset-bottom); background: var(--surface); border-top: 1px solid var(--line); }
          .tabs a { flex: 1; flex-direction: column; justify-content: center; gap: 2px; height: 57px; padding: 0;
            border-radius: 0; font-size: 11.5px; background: none; }
          .tabs a[aria-current] { background: none; color: var(--accent); }
          .tabs .count { position: absolute; top: 5px; left: calc(50% + 12px); font-size: 11px; }
          .tabs .dot { position: absolute; top: 9px; left: calc(50% + 12px); }
          .page { padding: 20px 14px 40px; }
          .facts { grid-template-columns: 112px minmax(0, 1fr); }
          .segmented { width: 100%; } .segmented a { flex: 1; padding: 6px 4px; text-align: center; }
          .counters { grid-template-columns: repeat(2, minmax(0, 1fr)); }
          .toasts { bottom: 76px; width: calc(100vw - 28px); }
          .block pre { padding-right: 16px; padding-top: 44px; }
        }

        """
}

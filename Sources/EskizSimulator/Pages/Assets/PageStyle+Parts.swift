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

        """

    /// The ledger and its renewals.
    static let calls = """
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
        .call a { display: grid; grid-template-columns: 94px 52px 132px minmax(0, 1fr) minmax(0, 1fr); gap: 12px;
          align-items: center; min-height: 40px; padding: 6px 16px; }
        .call a:hover { background: var(--sunken); }
        .call a:focus-visible { outline-offset: -2px; }
        .card > .call-list { overflow: hidden; border-radius: 15px; }
        .card-top + .call-list { border-radius: 0 0 15px 15px; }
        #ledger > .call-list > li + li { border-top: 1px solid var(--line); }
        .call-time { color: var(--soft); font-size: 12.5px; font-variant-numeric: tabular-nums; }
        .call-status { justify-self: start; }
        .call-what { font-weight: 500; }
        .call-route { color: var(--soft); font: 400 12.5px/1.5 var(--mono); overflow: hidden; text-overflow: ellipsis;
          white-space: nowrap; }
        .call-method { font-family: var(--mono); font-size: 12px; color: var(--soft); }
        .call-notes { display: flex; align-items: center; gap: 8px; overflow: hidden; font-size: 12.5px;
          white-space: nowrap; }
        .call-notes .faint { overflow: hidden; text-overflow: ellipsis; }
        .call-headline { font-size: 15px; }
        .call-headline code { font-size: 15px; }
        .episode { position: relative; padding: 12px 0 8px; background: light-dark(#fffaf0, #1d1911); }
        .episode.is-healed { background: light-dark(#f6f8ff, #171a28); }
        .episode::before { content: ""; position: absolute; left: 0; top: 0; bottom: 0; width: 3px;
          background: light-dark(#d08700, #e3ab45); }
        .episode.is-healed::before { background: var(--accent); }
        .episode-top { display: flex; align-items: center; gap: 8px; padding: 0 16px; }
        .episode-top .i { color: light-dark(#a36a00, #e3ab45); } .episode.is-healed .episode-top .i { color: var(--accent); }
        .episode-top strong { font-weight: 600; }
        .episode-top .faint { margin-left: auto; font-size: 12.5px; font-variant-numeric: tabular-nums; }
        .flow { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; padding: 8px 16px 6px; }
        .flow-step { display: inline-flex; align-items: center; gap: 6px; }
        .arrow { color: var(--soft); }
        .episode .call a { min-height: 34px; padding-block: 3px; }
        .episode .call a:hover { background: light-dark(rgb(61 79 214 / .06), rgb(163 174 255 / .08)); }
        .tight { padding-bottom: 8px; }
        .tight .call a { grid-template-columns: 46px minmax(0, 1fr) auto; gap: 2px 10px; min-height: 36px; padding: 5px 16px; }
        .tight .call-time { grid-column: 3; grid-row: 1; font-size: 12px; }
        .tight .call-status { grid-column: 1; grid-row: 1; }
        .tight .call-what { grid-column: 2; grid-row: 1; }
        .tight .call-route { display: none; }
        .tight .call-notes { grid-column: 2 / 4; grid-row: 2; }
        .tight .call-notes:empty { display: none; }
        .tight .episode { margin: 4px 0; }
        #report-list .call a { grid-template-columns: 94px 52px minmax(0, 1fr); padding-inline: 0; }
        #report-list .call-route { display: none; } #report-list .call-notes { grid-column: 3; }

        """

    /// Rows of controls, faults, switches.
    static let controls = """
        .quick-row { display: flex; align-items: center; gap: 14px; padding: 11px 16px; border-top: 1px solid var(--line); }
        .quick-row p { font-size: 12.5px; line-height: 1.4; }
        .quick-row .button { white-space: nowrap; }
        .quick-row > .pair { flex: 0 1 auto; }
        .quick-row select { width: 148px; }
        .rail .quick-row { flex-wrap: wrap; gap: 8px 14px; padding: 9px 16px; }
        .rail .quick-row .faint { display: none; }
        .rail .quick-row .grow { flex: 1 1 96px; } .rail .quick-row select { width: 132px; }
        .h3 .badge, h3 .badge { margin-left: 6px; }
        .fault-list + p { padding: 0 8px 8px; }
        .fault-list { margin: 0 8px 8px; border-radius: 10px; background: var(--sunken); }
        .fault-list li { display: flex; align-items: center; gap: 8px; padding: 6px 6px 6px 12px; }
        .fault-list li + li { border-top: 1px solid var(--line); }
        .fault-what { flex: 1; min-width: 0; overflow-wrap: anywhere; font-size: 12.5px; }
        .fields { display: flex; flex-wrap: wrap; align-items: end; gap: 10px; }
        .fields label { display: grid; gap: 4px; color: var(--soft); font-size: 12.5px; }
        .fields label input, .fields label select { color: var(--ink); font-size: 14px; min-width: 0; }
        .fields input[type="number"] { width: 104px; }
        .fields .wide { flex: 1 0 100%; margin-top: -4px; font-size: 12.5px; }
        .token-output { display: block; }
        .token-output:not(:empty) { display: flex; align-items: center; gap: 10px; margin-top: 12px; }
        #clock .row { margin-top: 12px; } #clock p { margin-top: 4px; }
        .switch { display: grid; grid-template-columns: 220px minmax(0, 260px) minmax(0, 1fr); gap: 6px 16px;
          align-items: center; padding: 8px 16px; }
        .switch + .switch, .group { border-top: 1px solid var(--line); }
        .switch .faint { font-size: 12.5px; overflow-wrap: anywhere; }
        .switch.is-changed label::after { content: "●"; margin-left: 8px; color: var(--accent); font-size: 10px; }
        .switch select { width: 100%; }
        .group summary { display: flex; align-items: center; gap: 10px; padding: 13px 16px; font-weight: 600;
          cursor: pointer; list-style: none; }
        .group summary::-webkit-details-marker { display: none; }
        .group summary::before { content: ""; width: 7px; height: 7px; margin: 0 4px 0 2px; rotate: -45deg;
          border: solid var(--soft); border-width: 0 1.5px 1.5px 0; transition: rotate .12s; }
        .group[open] summary::before { rotate: 45deg; translate: 0 -2px; }
        .group summary:hover { background: var(--sunken); }

        """
}

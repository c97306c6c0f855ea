extension InboxStyle {
    /// The ledger and its renewals.
    static let calls = """
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

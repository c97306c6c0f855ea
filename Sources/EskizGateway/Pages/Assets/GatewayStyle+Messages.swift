extension GatewayStyle {
    /// The list of messages, one of them, the audit.
    static let messages = """
        .links { display: flex; flex-wrap: wrap; gap: 8px; }
        .link { color: var(--accent); font-variant-numeric: tabular-nums; }
        .link:hover { text-decoration: underline; text-underline-offset: 3px; }
        .page.narrow { max-width: 760px; }
        .page-top.tied { justify-content: flex-start; }
        .filters { padding: 12px; margin-bottom: 12px; }
        .filters-main { display: flex; gap: 8px; }
        .find { position: relative; display: flex; align-items: center; flex: 1 1 auto; min-width: 0; }
        .find .i { position: absolute; left: 10px; color: var(--soft); pointer-events: none; }
        .find input { width: 100%; height: 34px; padding: 0 10px 0 34px; border: 1px solid var(--line-strong);
          border-radius: 9px; background: var(--surface); text-overflow: ellipsis; }
        .find input:focus-visible { outline: none; border-color: var(--accent); box-shadow: 0 0 0 3px var(--accent-ground); }
        .more summary::after { content: ""; display: inline-block; width: 5px; height: 5px; margin-left: 8px; rotate: 45deg;
          translate: 0 -3px; border: solid currentColor; border-width: 0 1.5px 1.5px 0; }
        .more[open] summary::after { rotate: -135deg; translate: 0 0; }
        .more summary { display: inline-block; list-style: none; margin-top: 10px; padding: 2px 4px; color: var(--soft); font-size: 13px;
          cursor: pointer; border-radius: 6px; }
        .more summary:hover { color: var(--ink); }
        .filters-more { display: flex; flex-wrap: wrap; align-items: end; gap: 10px 16px; margin-top: 10px; }
        .filters-more label { display: grid; gap: 4px; color: var(--soft); font-size: 12.5px; }
        .filters-more label:not(.check) input { width: 220px; max-width: 100%; color: var(--ink); font-size: 14px; }
        .filters-more .check { display: flex; align-items: center; gap: 8px; min-height: 34px; color: var(--ink);
          font-size: 14px; }
        input[type="checkbox"], input[type="radio"] { width: 16px; height: 16px; margin: 0; flex: none;
          accent-color: var(--accent-fill); }
        .list-top { display: flex; align-items: flex-start; justify-content: space-between; gap: 12px; margin-bottom: 12px; }
        .states { display: flex; flex-wrap: wrap; gap: 4px; min-width: 0; }
        .states a { display: inline-flex; align-items: center; gap: 7px; padding: 4px 11px; border-radius: 999px;
          color: var(--soft); font-weight: 500; font-size: 13px; white-space: nowrap; }
        .states a:hover { background: var(--sunken); color: var(--ink); }
        .states a[aria-current] { background: var(--accent-ground); color: var(--accent); }
        .states a[aria-current] .count { color: inherit; }
        .message-list li + li { border-top: 1px solid var(--line); }
        .message { display: grid; grid-template-columns: 136px 164px 124px 88px minmax(0, 1fr) auto; gap: 12px;
          align-items: center; min-height: 44px; padding: 7px 16px; font-variant-numeric: tabular-nums; }
        .tight .message { grid-template-columns: 124px 150px 110px minmax(0, 1fr) auto; }
        .tight .message-remark { display: none; }
        .message:hover { background: var(--sunken); }
        .message-list li:first-child .message { border-radius: 15px 15px 0 0; }
        .message-list li:last-child .message { border-radius: 0 0 15px 15px; }
        .message-list li:only-child .message { border-radius: 15px; }
        .message:focus-visible { outline-offset: -2px; }
        .message-time, .message-id, .message-lane { color: var(--soft); font-size: 12.5px; white-space: nowrap; }
        .message-phone { font-weight: 550; white-space: nowrap; }
        .message-remark { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 12.5px;
          color: var(--soft); }
        .message-remark .chip { margin-left: 4px; }
        .message-remark .chip:first-child { margin-left: 0; }
        .arrives .message { animation: tint 1.6s ease-out; }
        .further { display: flex; flex-wrap: wrap; align-items: center; gap: 12px; color: var(--soft); }
        .error-line { color: var(--bad); font-weight: 550; }
        .pager { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-top: 14px; }
        .bulk-menu { position: relative; }
        .bulk-menu summary { list-style: none; white-space: nowrap; }
        .bulk-menu summary::-webkit-details-marker { display: none; }
        .bulk-menu ul { position: absolute; right: 0; top: 34px; z-index: 8; width: max-content; max-width: 86vw;
          padding: 8px; border: 1px solid var(--line); border-radius: 12px; background: var(--surface);
          box-shadow: 0 12px 32px var(--shadow); }
        .bulk-menu li a { display: block; padding: 8px 12px; border-radius: 8px; }
        .bulk-menu li a:hover { background: var(--sunken); }
        .recipient { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px 16px;
          min-height: 58px; padding: 11px 16px; margin-bottom: 16px; }
        .recipient strong { margin-left: 8px; font-size: 17px; font-variant-numeric: tabular-nums; letter-spacing: -.01em; }
        .recipient form { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; }
        .recipient form .faint { font-size: 12.5px; }
        #facts .facts { margin-top: 0; }
        .last-error { margin-bottom: 16px; padding: 12px 14px; border-radius: 12px; background: var(--bad-ground);
          color: var(--bad); overflow-wrap: anywhere; }
        .last-error p { margin-top: 2px; }
        .remark-line { margin-top: 14px; font-size: 12.5px; }
        #life h2 + .story { margin: 12px 0 0; }
        .story li { position: relative; padding: 0 0 16px 26px; }
        .story li::before { content: ""; position: absolute; left: 3px; top: 5px; width: 11px; height: 11px;
          border-radius: 50%; border: 2px solid var(--line-strong); background: var(--surface); z-index: 1; }
        .story li:not(.tone-neutral):not(.is-next)::before { border-color: currentColor; background: currentColor; }
        .story li::after { content: ""; position: absolute; left: 8px; top: 14px; bottom: -6px; width: 1px;
          background: var(--line-strong); }
        .story li:last-child { padding-bottom: 0; }
        .story li:last-child::after { display: none; }
        .story-top { display: flex; justify-content: space-between; gap: 12px; }
        .story-name::first-letter { text-transform: uppercase; }
        .story li:not(.tone-neutral) .story-name { font-weight: 600; }
        .story time { color: var(--soft); font-size: 12.5px; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .story-detail { color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
        .is-next::before { animation: wait 1.2s ease-in-out infinite; }
        .action { display: flex; align-items: center; gap: 16px; padding: 14px 16px; margin-bottom: 12px; }
        .action p { font-size: 13px; }
        .action .button { flex: none; }
        .settle { margin-bottom: 12px; }
        .settle fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
        .settle legend { padding: 0; }
        .outcome { display: flex; gap: 12px; padding: 10px 0; border-bottom: 1px solid var(--line); cursor: pointer; }
        .outcome input[type="radio"] { margin-top: 3px; }
        .outcome .faint { display: block; font-size: 13px; }
        .provider-id { display: block; margin-top: 12px; color: var(--soft); font-size: 12.5px; }
        .provider-id input { display: block; width: 340px; max-width: 100%; margin-top: 4px; color: var(--ink);
          font-size: 14px; }
        .settle > .button { margin-top: 14px; }
        .audit-when { white-space: nowrap; color: var(--soft); font-size: 12.5px; }
        .audit-detail { overflow-wrap: anywhere; }
        .bulk > * + * { margin-top: 10px; }
        .bulk-count { font-size: 17px; font-weight: 600; font-variant-numeric: tabular-nums; }
        .bulk .row.end { margin-top: 20px; }

        """

    /// What small screens change of it.
    static let smallMessages = """
        @media (max-width: 920px) {
          .message { grid-template-columns: minmax(0, 1fr) auto; gap: 2px 12px; padding: 10px 16px; }
          .tight .message { grid-template-columns: minmax(0, 1fr) auto; }
          .message { align-items: baseline; }
          .message-phone { grid-area: 1 / 1; } .message-state { grid-area: 1 / 2; justify-self: end; }
          .message-time { grid-area: 2 / 1; } .message-lane { grid-area: 2 / 2; justify-self: end; }
          .message-remark { grid-column: 1 / 3; } .message-remark:empty { display: none; }
          .message-id { display: none; }
        }
        @media (max-width: 720px) {
          .filters-main { flex-wrap: wrap; } .find { flex: 1 0 100%; }
          .filters-main select { flex: 1 1 auto; }
          .filters-more label:not(.check), .filters-more label:not(.check) input { width: 100%; }
          .states { flex-wrap: nowrap; overflow-x: auto; margin-inline: -14px; padding: 2px 14px; scrollbar-width: none; }
          .recipient form { width: 100%; justify-content: space-between; }
          .action { flex-wrap: wrap; } .action .button { width: 100%; }
          .audit-table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          .audit-table tbody tr:first-child { border-top: 0; }
          .audit-table tr { display: block; padding: 10px 16px; }
          .audit-table td { display: inline; padding: 0 6px 0 0; }
          .audit-table .audit-when, .audit-table .audit-detail { display: block; }
          .list-top { flex-direction: column; gap: 6px; } .states { max-width: calc(100% + 28px); }
          .bulk-menu ul { right: auto; left: 0; }
        }

        """
}

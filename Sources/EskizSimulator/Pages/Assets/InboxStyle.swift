import EskizPages

/// The stylesheet of the simulator's pages.
enum InboxStyle {
    static let text = PageStyle.text(inbox + calls + controls, small: small)
}

extension InboxStyle {
    /// Phones, the handset, the message in it.
    static let inbox = """
        .inbox { display: grid; grid-template: minmax(0, 1fr) / 304px minmax(0, 1fr) 404px; height: calc(100dvh - 56px); }
        .phones { display: flex; flex-direction: column; min-height: 0; overflow-y: auto; background: var(--surface);
          border-right: 1px solid var(--line); }
        .pane-top { position: sticky; top: 0; z-index: 1; display: flex; align-items: center;
          justify-content: space-between; min-height: 52px; padding: 0 10px 0 20px; background: var(--surface); }
        .pane-bottom { position: sticky; bottom: 0; margin-top: auto; padding: 12px; background: var(--surface); }
        .pane-bottom .button { width: 100%; }
        .pane-note { padding: 4px 20px; }
        .phone-list { padding: 0 8px 8px; }
        .phone { display: grid; grid-template-columns: 40px minmax(0, 1fr) auto; column-gap: 12px; align-items: center;
          padding: 10px 12px; border-radius: 12px; }
        .phone:hover { background: var(--sunken); }
        .phone[aria-current] { background: var(--accent-ground); }
        .phone .avatar { grid-row: 1 / 3; }
        .phone-number { font-weight: 600; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .phone-time { color: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
        .phone-snippet { color: var(--soft); font-size: 13px; overflow: hidden; text-overflow: ellipsis;
          white-space: nowrap; }
        .phone-code { color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; }
        .phone-state { justify-self: end; width: 8px; height: 8px; border-radius: 50%; background: currentColor; }
        .phone-state.tone-neutral { color: var(--line-strong); }
        .avatar { display: grid; place-items: center; width: 40px; height: 40px; flex: none; border-radius: 50%;
          font-size: 13px; font-weight: 600; font-variant-numeric: tabular-nums; }
        .hue-0 { background: light-dark(#e3e6fb, #262b52); color: light-dark(#33409f, #b8c0ff); }
        .hue-1 { background: light-dark(#dcf1e6, #14352a); color: light-dark(#0d5c3c, #8fdcbb); }
        .hue-2 { background: light-dark(#fbe8d8, #40280f); color: light-dark(#82410b, #f3bd8d); }
        .hue-3 { background: light-dark(#f9e0ea, #43182b); color: light-dark(#8d1f50, #f5a9c8); }
        .hue-4 { background: light-dark(#dcedf8, #12324a); color: light-dark(#125478, #92cdf1); }
        .hue-5 { background: light-dark(#ece4fa, #322151); color: light-dark(#56309c, #cbb3fa); }
        .talk { display: grid; grid-template-rows: minmax(0, 1fr); place-items: center; min-height: 0; min-width: 0; padding: 24px; overflow-y: auto; }
        .handset { display: flex; flex-direction: column; width: min(460px, 100%); height: min(900px, 100%); min-height: 0;
          border: 1px solid var(--line); border-radius: 36px; background: var(--surface); overflow: hidden;
          box-shadow: 0 0 0 8px light-dark(#ffffff, #191b20), 0 0 0 9px var(--line), 0 24px 60px var(--shadow); }
        .handset-top { display: flex; align-items: center; gap: 12px; flex: none; padding: 18px 22px 14px;
          border-bottom: 1px solid var(--line); }
        .handset-title { display: flex; flex-direction: column; line-height: 1.35; }
        .handset-title strong { font-size: 15px; font-weight: 600; font-variant-numeric: tabular-nums; }
        .handset-title .faint { font-size: 12.5px; }
        .back { display: none; padding: 8px; margin: -8px 0 -8px -10px; border-radius: 8px; }
        .scroll { flex: 1; display: flex; flex-direction: column-reverse; min-height: 0; overflow-y: auto; }
        .scroll:focus-visible { outline-offset: -3px; border-radius: 0 0 34px 34px; }
        .scroll-inner { margin-bottom: auto; padding: 16px 20px 28px; }
        .day { margin: 8px 0 14px; color: var(--soft); font-size: 12px; text-align: center;
          font-variant-numeric: tabular-nums; }
        .bubbles { display: flex; flex-direction: column; gap: 18px; }
        .bubble { max-width: 92%; scroll-margin: 20px; }
        .bubble-body { padding: 11px 15px 13px; border-radius: 20px 20px 20px 6px; background: var(--sunken); }
        .bubble-from { margin-bottom: 2px; color: var(--soft); font-size: 12px; font-weight: 550; }
        .bubble-text, .letter-text { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 15px; line-height: 1.45; }
        .code { display: flex; align-items: center; justify-content: space-between; gap: 14px; width: 100%;
          margin-top: 10px; padding: 9px 14px 9px 16px; border: 1px solid transparent; border-radius: 14px;
          background: var(--surface); color: var(--accent); cursor: pointer; text-align: left;
          box-shadow: 0 1px 2px light-dark(rgb(23 24 28 / .06), transparent); }
        .code:hover { border-color: var(--accent); }
        .code.is-copied { background: var(--good-ground); color: var(--good); border-color: transparent; }
        .digits { font: 600 29px/1.15 var(--sans); font-feature-settings: "tnum", "zero", "ss01"; letter-spacing: .09em; }
        .code.big { width: auto; margin: 16px 0 4px; background: var(--accent-ground); }
        .code.big.is-copied { background: var(--good-ground); }
        .code.big .digits { font-size: 44px; }
        .bubble-meta { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 0; margin: 6px 4px 0 6px;
          color: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
        .bubble-meta a { color: var(--soft); text-decoration: underline; text-decoration-color: var(--line-strong);
          text-underline-offset: 3px; }
        .bubble-meta a:hover { color: var(--accent); }
        .sep::before { content: "·"; margin: 0 6px; }
        .sep + .sep + .sep { margin-right: 8px; }
        .arrives { animation: arrive .28s cubic-bezier(.2, .8, .3, 1); }
        .rail { display: flex; flex-direction: column; gap: 16px; min-height: 0; padding: 16px 16px 16px 0;
          overflow-y: auto; }
        .welcome { width: min(540px, 100%); margin: auto; }
        .welcome h2 { font-size: 22px; font-weight: 650; letter-spacing: -.02em; }
        .welcome > p { margin: 8px 0 20px; color: var(--soft); font-size: 15px; }
        .welcome .facts { margin-bottom: 22px; }
        .welcome h3 { margin: 28px 0 8px; color: var(--soft); font-weight: 500; }
        """

    /// What changes on narrow screens, down to a phone's.
    static let small = """
        @media (max-width: 1240px) {
          .inbox { grid-template: minmax(0, 1fr) / 288px minmax(0, 1fr); }
          .rail { display: none; }
        }
        @media (max-width: 920px) {
          .call a { grid-template-columns: auto 52px minmax(0, 1fr); gap: 2px 10px; }
          .call-route { grid-column: 1 / -1; grid-row: 2; } .call-notes { grid-column: 1 / -1; grid-row: 3; }
          .call-notes:empty { display: none; }
          .switch { grid-template-columns: minmax(0, 1fr); }
        }
        @media (max-width: 720px) {
          .inbox { display: block; height: auto; }
          .phones { border: 0; min-height: calc(100dvh - 112px); overflow: visible; }
          .inbox:not(.has-asked) .phone[aria-current] { background: none; }
          .pane-top { top: 54px; }
          .phone { padding-block: 12px; }
          .pane-bottom { bottom: calc(58px + env(safe-area-inset-bottom)); }
          .talk { padding: 0; display: none; }
          .has-asked .phones { display: none; }
          .has-asked .talk, .is-empty .talk { display: block; }
          .is-empty .phones { display: none; } .is-empty .talk { padding: 28px 18px; }
          .handset { width: 100%; height: calc(100dvh - 112px); border: 0; border-radius: 0; box-shadow: none; }
          .handset-top { padding: 10px 14px; }
          .scroll-inner { padding: 12px 14px 20px; }
          .back { display: block; margin: 0 -6px 0 -8px; }
          .code.big .digits { font-size: 36px; }
          .quick-row { flex-wrap: wrap; } .quick-row .grow { flex: 1 1 100%; }
          .quick-row > .pair, .quick-row > select, .quick-row > .button { flex: 1 1 100%; }
          .quick-row > .pair select { flex: 1; }
        }

        """
}

import EskizPages

/// The stylesheet of the operator's pages.
enum GatewayStyle {
    static let text = PageStyle.text(frame + overview + messages, small: small + smallMessages)

    /// Around every page.
    private static let frame = """
        .bar .live { margin-left: auto; }
        .who { display: flex; align-items: center; gap: 8px; white-space: nowrap; color: var(--soft); font-size: 13px; }
        .who-name { max-width: 18ch; overflow: hidden; text-overflow: ellipsis; }
        .notice { margin: 0 0 16px; padding: 11px 16px; border-radius: 12px; background: var(--good-ground);
          color: var(--good); font-weight: 550; }
        .notice.is-bad { background: var(--bad-ground); color: var(--bad); }
        .sign-in { width: min(420px, 100%); margin: 12vh auto 0; padding: 0 16px 48px; }
        .sign-in .card { padding: 28px; }
        .sign-in h1 { margin-bottom: 4px; }
        .sign-in label { display: block; margin: 20px 0 6px; font-weight: 550; font-size: 13px; }
        .sign-in input { width: 100%; height: 40px; }
        .sign-in .button { width: 100%; min-height: 40px; margin-top: 14px; font-size: 14px; }
        .sign-in .remark { margin-top: 16px; }
        .sign-in .faint { font-size: 13px; }
        .sign-in .note { margin-top: 20px; }
        .sign-in code { overflow-wrap: anywhere; }
        .error { margin-top: 12px; padding: 9px 12px; border-radius: 10px; background: var(--bad-ground);
          color: var(--bad); font-weight: 550; font-size: 13px; }
        table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th { color: var(--soft); font-size: 12.5px; font-weight: 500; text-align: left; }
        th, td { padding: 8px 16px; vertical-align: baseline; }
        tbody tr { border-top: 1px solid var(--line); }
        th.number, .number { text-align: right; }
        .card-top .faint { font-size: 13px; }

        """
}

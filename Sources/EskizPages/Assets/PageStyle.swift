/// What the stylesheets of all pages begin with.
///
/// Colours are pairs of light and dark, so that a theme is one property: `color-scheme`. Every pair of ink and ground has
/// a contrast of 4.5 : 1 or more.
package enum PageStyle {
    /// A whole stylesheet, with what belongs to the pages of one room, and what of it small screens change.
    package static func text(_ own: String, small ownSmall: String) -> String {
        base + frame + parts + own + small + ownSmall
    }
}

extension PageStyle {
    /// Colours, type, what every page is made of.
    static let base = """
        :root {
          color-scheme: light dark;
          --bg: light-dark(#f5f5f7, #0d0e11);
          --surface: light-dark(#ffffff, #15161a);
          --sunken: light-dark(#f0f0f3, #1d1f25);
          --line: light-dark(#e3e3e8, #282a31);
          --line-strong: light-dark(#8a8d98, #6b6f7b);
          --ink: light-dark(#17181c, #ededf1);
          --soft: light-dark(#5a5d68, #a3a6b2);
          --accent: light-dark(#3d4fd6, #a3aeff);
          --accent-ground: light-dark(#eceefc, #23284a);
          --accent-fill: light-dark(#3d4fd6, #4e5fe0);
          --mark-ink: #ffffff;
          --good: light-dark(#0d6239, #84dba9);
          --good-ground: light-dark(#e0f3e8, #11301f);
          --warning: light-dark(#744600, #f1c477);
          --warning-ground: light-dark(#fcefd5, #35270d);
          --bad: light-dark(#9c1f19, #ffa39c);
          --bad-ground: light-dark(#fdeae9, #3b1917);
          --busy: light-dark(#27479c, #a4c0ff);
          --busy-ground: light-dark(#e6edfb, #1a2744);
          --neutral: light-dark(#4a4d57, #bdc0ca);
          --neutral-ground: light-dark(#ebebef, #272a31);
          --shadow: light-dark(rgb(23 24 28 / .10), rgb(0 0 0 / .5));
          --sans: "Inter", system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
          --mono: ui-monospace, "SF Mono", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
        }
        [data-theme="light"] { color-scheme: light; }
        [data-theme="dark"] { color-scheme: dark; }
        *, *::before, *::after { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
          scroll-padding: 72px 0 24px; }
        body {
          margin: 0; min-height: 100dvh; display: flex; flex-direction: column;
          background: var(--bg); color: var(--ink);
          font: 400 14px/1.5 var(--sans); -webkit-font-smoothing: antialiased;
        }
        .phones, .scroll, .rail, pre { scrollbar-width: thin; scrollbar-color: var(--line-strong) transparent; }
        h1, h2, h3, p, ul, ol, dl, dd, pre { margin: 0; }
        ul, ol { padding: 0; list-style: none; }
        h1 { font-size: 20px; line-height: 1.3; font-weight: 650; letter-spacing: -.015em; }
        h2 { font-size: 14px; line-height: 1.4; font-weight: 600; letter-spacing: -.005em; }
        h3, .h3 { font-size: 13px; line-height: 1.4; font-weight: 550; display: block; }
        a { color: inherit; text-decoration: none; }
        p a, dd a, .card-top a, .section a { color: var(--accent); }
        p a:hover, .card-top a:hover, .section a:hover { text-decoration: underline; text-underline-offset: 3px; }
        code, pre, kbd { font-family: var(--mono); font-size: .92em; }
        button, input, select { font: inherit; color: inherit; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
        .hidden {
          position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
          white-space: nowrap;
        }
        .sprite { display: none; }
        .i {
          width: 18px; height: 18px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.5;
          stroke-linecap: round; stroke-linejoin: round;
        }
        .faint { color: var(--soft); }
        .pad { padding: 16px; }
        .row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
        .row.end { justify-content: flex-end; margin-top: 20px; }
        .pair { display: flex; gap: 8px; min-width: 0; }
        .pair > select, .pair > input { min-width: 0; flex: 1 1 auto; }
        .grow { flex: 1 1 auto; min-width: 0; }
        .skip { position: fixed; top: -60px; left: 12px; z-index: 20; padding: 10px 14px; border-radius: 8px;
          background: var(--accent-fill); color: #fff; }
        .skip:focus { top: 8px; }

        """

    /// The bar on top, buttons and fields, notes and questions.
    static let frame = """
        .bar {
          position: sticky; top: 0; z-index: 10; display: flex; align-items: center; gap: 20px; height: 56px; flex: none;
          padding: 0 20px; background: var(--surface); border-bottom: 1px solid var(--line);
        }
        .brand { display: flex; align-items: center; gap: 9px; letter-spacing: -.01em; border-radius: 6px; }
        .mark { width: 24px; height: 24px; color: var(--accent-fill); flex: none; }
        .brand-name { font-weight: 650; font-size: 15px; }
        .brand-kind { color: var(--soft); }
        .tabs { display: flex; gap: 2px; margin-left: 8px; }
        .tabs a { position: relative; display: flex; align-items: center; gap: 8px; height: 34px; padding: 0 12px;
          border-radius: 8px; color: var(--soft); font-weight: 500; }
        .tabs a:hover { background: var(--sunken); color: var(--ink); }
        .tabs a[aria-current] { background: var(--sunken); color: var(--ink); }
        .count { font-size: 12px; font-variant-numeric: tabular-nums; color: var(--soft); }
        .dot { width: 7px; height: 7px; border-radius: 50%; background: var(--bad); }
        .search { position: relative; display: flex; align-items: center; flex: 0 1 300px; margin-left: auto; }
        .search .i { position: absolute; left: 10px; color: var(--soft); pointer-events: none; }
        .search input { width: 100%; height: 34px; padding: 0 34px; border: 1px solid transparent; border-radius: 9px;
          background: var(--sunken); }
        .search input:placeholder-shown { text-overflow: ellipsis; }
        .search input::placeholder { color: var(--soft); opacity: 1; }
        .search input:focus { background: var(--surface); border-color: var(--accent); outline: none;
          box-shadow: 0 0 0 3px var(--accent-ground); }
        .search kbd { position: absolute; right: 9px; min-width: 18px; padding: 0 5px; border: 1px solid var(--line);
          border-radius: 5px; color: var(--soft); font-size: 11px; line-height: 17px; text-align: center;
          background: var(--surface); pointer-events: none; }
        .search input:focus ~ kbd, .search input:not(:placeholder-shown) ~ kbd { display: none; }
        .live { display: flex; align-items: center; gap: 8px; white-space: nowrap; color: var(--soft); font-size: 13px; }
        .live::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--line-strong); }
        .live[data-state="live"]::before { background: light-dark(#1f9d5c, #4ecb8a);
          box-shadow: 0 0 0 3px var(--good-ground); }
        .live[data-state="lost"] { color: var(--bad); font-weight: 550; }
        .live[data-state="lost"]::before { background: var(--bad); box-shadow: 0 0 0 3px var(--bad-ground); }
        .menu { position: relative; }
        .menu summary { display: flex; align-items: center; gap: 6px; height: 34px; padding: 0 10px; border-radius: 8px;
          color: var(--soft); cursor: pointer; list-style: none; }
        .menu summary::-webkit-details-marker { display: none; }
        .menu summary:hover, .menu[open] summary { background: var(--sunken); color: var(--ink); }
        .menu-tag { font-size: 12px; font-weight: 550; text-transform: uppercase; }
        .menu-sheet { position: absolute; right: 0; top: 42px; z-index: 12; width: 220px; padding: 8px;
          border: 1px solid var(--line); border-radius: 12px; background: var(--surface);
          box-shadow: 0 12px 32px var(--shadow); }
        .menu-sheet h2 { padding: 8px 10px 4px; font-size: 12px; font-weight: 500; color: var(--soft); }
        .choice { display: flex; justify-content: space-between; padding: 7px 10px; border-radius: 8px; }
        .choice:hover { background: var(--sunken); }
        .choice[aria-current]::after { content: "✓"; color: var(--accent); }
        .noscript { padding: 8px 20px; background: var(--warning-ground); color: var(--warning); }
        .button {
          display: inline-flex; align-items: center; justify-content: center; gap: 6px; min-height: 34px; padding: 0 13px;
          border: 1px solid var(--line); border-radius: 9px; background: var(--surface); color: var(--ink);
          font-weight: 550; font-size: 13px; line-height: 1.25; cursor: pointer;
          box-shadow: 0 1px 2px light-dark(rgb(23 24 28 / .05), transparent);
        }
        .button .i { width: 16px; height: 16px; }
        .button:hover { background: var(--sunken); }
        .button:active { transform: translateY(.5px); }
        .button:disabled { opacity: .6; cursor: default; }
        .button.primary { background: var(--accent-fill); border-color: transparent; color: #fff; }
        .button.primary:hover { filter: brightness(1.06); }
        .button.danger { color: var(--bad); }
        .button.danger:hover { background: var(--bad-ground); }
        .button.quiet { min-height: 28px; padding: 0 8px; border-color: transparent; background: none; box-shadow: none;
          color: var(--soft); font-weight: 500; }
        .button.quiet:hover { background: var(--sunken); color: var(--ink); }
        input:not([type="search"]), select {
          height: 34px; padding: 0 10px; border: 1px solid var(--line-strong); border-radius: 9px;
          background: var(--surface);
        }
        select { padding-right: 28px; appearance: none; background-image: linear-gradient(45deg, transparent 50%,
          var(--soft) 50%), linear-gradient(-45deg, transparent 50%, var(--soft) 50%); background-repeat: no-repeat;
          background-position: right 14px center, right 9px center; background-size: 5px 5px; text-overflow: ellipsis; }
        input:not([type="search"]):focus-visible, select:focus-visible { outline: none; border-color: var(--accent);
          box-shadow: 0 0 0 3px var(--accent-ground); border-radius: 9px; }
        ::placeholder { color: var(--soft); opacity: 1; }
        .toasts { position: fixed; left: 50%; bottom: 24px; z-index: 30; display: flex; flex-direction: column; gap: 8px;
          translate: -50% 0; pointer-events: none; }
        .toast { max-width: min(560px, calc(100vw - 32px)); padding: 10px 16px; border-radius: 12px;
          background: light-dark(#1d1f25, #ededf1); color: light-dark(#fff, #17181c); font-weight: 500;
          box-shadow: 0 10px 30px var(--shadow); animation: rise .18s ease-out; overflow-wrap: anywhere; }
        .toast.is-bad { background: light-dark(#8e1b16, #ffc9c5); color: light-dark(#fff, #48100d); }
        dialog { max-width: 420px; padding: 24px; border: 1px solid var(--line); border-radius: 16px;
          background: var(--surface); color: var(--ink); box-shadow: 0 24px 64px var(--shadow); }
        dialog::backdrop { background: rgb(10 11 14 / .45); }
        dialog h2 { font-size: 16px; margin-bottom: 6px; }
        dialog p { color: var(--soft); }
        @keyframes rise { from { opacity: 0; translate: 0 8px; } }
        @keyframes arrive { from { opacity: 0; translate: 0 10px; } }
        @keyframes tint { from { background: var(--accent-ground); } }
        @keyframes wait { 50% { opacity: .45; } }
        @media (prefers-reduced-motion: reduce) { *, *::before, *::after { animation: none !important; } }

        """
}

/// The parts of templates that all pages have, by the names that partials call them.
package enum PageFrame {
    package static let templates = ["head": head, "menu": menu, "bottom": bottom, "icons": icons]

    /// Up to the end of `head`.
    ///
    /// Needs `title`, `assets` and what `PagePreferences` shows.
    private static let head = #"""
        <!doctype html>
        <html lang="{{lang}}"{{#dataTheme}} data-theme="{{dataTheme}}"{{/dataTheme}}>
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{title}}</title>
        <link rel="icon" type="image/svg+xml" href="{{assets.icon}}">
        <link rel="stylesheet" href="{{assets.style}}">
        <script src="{{assets.script}}" defer></script>
        </head>
        """#

    /// Language and theme.
    private static let menu = #"""
        <details class="menu" id="menu">
          <summary aria-label="{{t.settings}}" title="{{t.settings}}"><svg class="i" aria-hidden="true"><use
            href="#i-globe"></use></svg><span class="menu-tag">{{lang}}</span></summary>
          <div class="menu-sheet">
            <h2>{{t.language}}</h2>
            <ul>{{#languages}}<li><a class="choice" href="{{href}}" lang="{{tag}}" hreflang="{{tag}}"
              data-language="{{tag}}"{{#isChosen}} aria-current="true"{{/isChosen}}>{{name}}</a></li>{{/languages}}</ul>
            <h2>{{t.theme}}</h2>
            <ul>{{#themes}}<li><a class="choice" href="{{href}}"{{#isChosen}}
              aria-current="true"{{/isChosen}}>{{name}}</a></li>{{/themes}}</ul>
          </div>
        </details>
        """#

    /// Where notes appear, the question before something is done, and the end.
    private static let bottom = #"""
        <div class="toasts" id="toasts" role="status" aria-live="polite"></div>
        <dialog id="ask" aria-labelledby="ask-title">
          <form method="dialog">
            <h2 id="ask-title"></h2>
            <p id="ask-hint"></p>
            <div class="row end"><button class="button" value="no">{{t.cancel}}</button><button
              class="button danger" id="ask-yes" value="yes"></button></div>
          </form>
        </dialog>
        </body>
        </html>
        """#

    /// Every drawing that a page may use.
    private static let icons = #"""
        <svg class="sprite" aria-hidden="true" focusable="false">
          <symbol id="i-mark" viewBox="0 0 24 24"><rect x="1" y="1" width="22" height="22" rx="7" fill="currentColor"/><path
            d="M7 8.5h10M7 12h6.5M7 15.5h8.5" stroke="var(--mark-ink)" stroke-width="2" stroke-linecap="round"/></symbol>
          <symbol id="i-inbox" viewBox="0 0 20 20"><path d="M3 11.5 5 4.8A1.6 1.6 0 0 1 6.5 3.7h7A1.6 1.6 0 0 1 15 4.8l2
            6.7v3A1.8 1.8 0 0 1 15.200 16.300H4.800A1.800 1.800 0 0 1 3 14.500zM3 11.500h4l1.200 2h3.600l1.200-2h4"/></symbol>
          <symbol id="i-calls" viewBox="0 0 20 20"><path d="M4 6.500h11m-3-3 3 3-3 3M16 13.500H5m3-3-3 3 3 3"/></symbol>
          <symbol id="i-controls" viewBox="0 0 20 20"><path d="M3 6h7m4 0h3M3 14h3m4 0h7"/><circle cx="12" cy="6"
            r="2"/><circle cx="8" cy="14" r="2"/></symbol>
          <symbol id="i-overview" viewBox="0 0 20 20"><path d="M3.500 16.500h13M5.500 16.500v-5m4.500 5v-12m4.500 12v-8"/></symbol>
          <symbol id="i-audit" viewBox="0 0 20 20"><path d="M7 5h9.500M7 10h9.500M7 15h9.500M3.500 5h.010M3.500 10h.010M3.500 15h.010"/></symbol>
          <symbol id="i-exit" viewBox="0 0 20 20"><path d="M8 3.500H5A1.500 1.500 0 0 0 3.500 5v10A1.500 1.500 0 0 0 5 16.500h3M13
            13l3-3-3-3m3 3H8"/></symbol>
          <symbol id="i-warning" viewBox="0 0 20 20"><path d="M10 3.200 17.500 16.300h-15zM10 8.300v3.600m0 2.300v.010"/></symbol>
          <symbol id="i-search" viewBox="0 0 20 20"><circle cx="9" cy="9" r="5"/><path d="m13 13 4 4"/></symbol>
          <symbol id="i-globe" viewBox="0 0 20 20"><circle cx="10" cy="10" r="7"/><path d="M3 10h14M10 3c5 4.500 5 9.500 0
            14M10 3c-5 4.500-5 9.500 0 14"/></symbol>
          <symbol id="i-copy" viewBox="0 0 20 20"><rect x="7" y="7" width="9.500" height="9.500" rx="2"/><path
            d="M4.500 13A1.500 1.500 0 0 1 3.500 11.500v-6a2 2 0 0 1 2-2h6A1.500 1.500 0 0 1 13 4.500"/></symbol>
          <symbol id="i-check" viewBox="0 0 20 20"><path d="m4 10.500 4 4 8-9"/></symbol>
          <symbol id="i-back" viewBox="0 0 20 20"><path d="m12 4-6 6 6 6"/></symbol>
          <symbol id="i-link" viewBox="0 0 20 20"><path d="M8 5H5.500A1.500 1.500 0 0 0 4 6.500v8A1.500 1.500 0 0 0 5.500
            16h8a1.500 1.500 0 0 0 1.500-1.500V12M11 4h5v5m0-5-7 7"/></symbol>
          <symbol id="i-renew" viewBox="0 0 20 20"><path d="M16 8.500A6.300 6.300 0 0 0 4.600 7M4 11.500A6.300 6.300 0 0 0 15.400
            13M4 3.500V7.500h4m8 9v-4h-4"/></symbol>
          <symbol id="i-bolt" viewBox="0 0 20 20"><path d="M11 2.500 4.500 11.500H9.500L8.500 17.500 15.500 8.500H10.500z"/></symbol>
        </svg>
        """#
}

import EskizPages

/// Every template by the name that pages and partials call it.
enum PageTemplates {
    static let all = [frame, overview, messages, audit].reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    static let frame = ["top": top, "remark": remark, "signIn": signIn]

    private static let top = #"""
        {{>head}}
        <body data-copied="{{t.copied}}" data-done="{{t.done}}" data-failed="{{t.failed}}" data-live="{{t.live}}"
          data-lost="{{t.liveLost}}" data-paused="{{t.livePaused}}"{{#isSignedIn}} data-events="/live"{{/isSignedIn}}>
        <a class="skip" href="#main">{{t.skip}}</a>
        {{>icons}}
        <header class="bar">
          <a class="brand" href="/"><svg class="mark" aria-hidden="true"><use href="#i-mark"></use></svg><span
            class="brand-name">Eskiz</span> <span class="brand-kind">{{t.gateway}}</span></a>
          {{#isSignedIn}}
          <nav class="tabs" id="tabs" aria-label="{{t.navigation}}">
            <a id="tab-overview" href="/"{{#atOverview}} aria-current="page"{{/atOverview}}><svg class="i"
              aria-hidden="true"><use href="#i-overview"></use></svg><span>{{t.overview}}</span></a>
            <a id="tab-messages" href="/messages"{{#atMessages}} aria-current="page"{{/atMessages}}><svg class="i"
              aria-hidden="true"><use href="#i-inbox"></use></svg><span>{{t.messages}}</span></a>
            <a id="tab-audit" href="/audit"{{#atAudit}} aria-current="page"{{/atAudit}}><svg class="i"
              aria-hidden="true"><use href="#i-audit"></use></svg><span>{{t.audit}}</span></a>
          </nav>
          <p class="live" id="live" role="status" aria-label="{{t.liveLabel}}" data-state="off"><span
            class="live-text">{{t.liveOff}}</span></p>
          {{/isSignedIn}}
          {{^isSignedIn}}<span class="grow"></span>{{/isSignedIn}}
          {{>menu}}
          {{#isSignedIn}}
          <form class="who" method="post" action="/sign-out"><input type="hidden" name="csrf" value="{{csrf}}"><span
            class="who-name">{{keyName}}</span>{{#isReadOnly}}<span class="chip">{{t.readOnly}}</span>{{/isReadOnly}}<button
            class="button quiet" id="sign-out" title="{{t.signOut}}"><svg class="i" aria-hidden="true"><use
            href="#i-exit"></use></svg><span class="hidden">{{t.signOut}}</span></button></form>
          {{/isSignedIn}}
        </header>
        """#

    /// A page that says one thing.
    private static let remark = #"""
        {{>top}}
        <main id="main" class="page narrow">
          <div class="blank"><h1>{{heading}}</h1><p>{{hint}}</p>
          <p><a class="button" href="/">{{t.overview}}</a></p></div>
        </main>
        {{>bottom}}
        """#

    private static let signIn = #"""
        {{>top}}
        <main id="main" class="sign-in">
          <section class="card">
            <h1>{{t.signInTitle}}</h1>
            <p class="faint">{{t.signInHint}}</p>
            <form method="post" action="/sign-in">
              {{#next}}<input type="hidden" name="next" value="{{next}}">{{/next}}
              <label for="key">{{t.signInKey}}</label>
              <input id="key" name="key" type="password" required autofocus autocomplete="current-password"
                spellcheck="false"{{#error}} aria-invalid="true" aria-describedby="key-error"{{/error}}>
              {{#error}}<p class="error" id="key-error" role="alert">{{error}}</p>{{/error}}
              <button class="button primary">{{t.signIn}}</button>
            </form>
            <p class="faint note">{{t.signInNote}} <code>eskiz keys add NAME --scope read</code></p>
          </section>
        </main>
        {{>bottom}}
        """#
}

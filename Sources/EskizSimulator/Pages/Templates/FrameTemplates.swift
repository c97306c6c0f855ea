extension PageTemplate {
    static let topText = #"""
        {{>head}}
        <body data-copied="{{t.copied}}" data-done="{{t.done}}" data-failed="{{t.failed}}" data-live="{{t.live}}"
          data-lost="{{t.liveLost}}" data-paused="{{t.livePaused}}" data-copy-word="{{t.copy}}" data-events="/_simulator/events">
        <a class="skip" href="#main">{{t.skip}}</a>
        {{>icons}}
        <header class="bar">
          <a class="brand" href="/"><svg class="mark" aria-hidden="true"><use href="#i-mark"></use></svg><span
            class="brand-name">Eskiz</span> <span class="brand-kind">{{t.simulator}}</span></a>
          <nav class="tabs" id="tabs" aria-label="{{t.navigation}}" data-part>
            <a id="tab-inbox" href="/"{{#atInbox}} aria-current="page"{{/atInbox}}><svg class="i"
              aria-hidden="true"><use href="#i-inbox"></use></svg><span>{{t.inbox}}</span>{{#messageCount}}<span
              class="count">{{messageCount}}</span>{{/messageCount}}</a>
            <a id="tab-calls" href="/calls"{{#atCalls}} aria-current="page"{{/atCalls}}><svg class="i"
              aria-hidden="true"><use href="#i-calls"></use></svg><span>{{t.calls}}</span></a>
            <a id="tab-controls" href="/controls"{{#atControls}} aria-current="page"{{/atControls}}><svg class="i"
              aria-hidden="true"><use href="#i-controls"></use></svg><span>{{t.controls}}</span>{{#hasFaults}}<span
              class="dot" title="{{t.faultBanner}}"></span>{{/hasFaults}}</a>
          </nav>
          <form class="search" role="search" action="/" method="get">
            <svg class="i" aria-hidden="true"><use href="#i-search"></use></svg>
            <label class="hidden" for="q">{{t.search}}</label>
            <input id="q" name="q" type="search" value="{{query}}" placeholder="{{t.searchHint}}"
              spellcheck="false">
            <kbd aria-hidden="true">/</kbd>
          </form>
          <p class="live" id="live" role="status" aria-label="{{t.liveLabel}}" data-state="off"><span
            class="live-text">{{t.liveOff}}</span></p>
          {{>menu}}
        </header>
        <noscript><p class="noscript">{{t.needsScript}} <code>/_simulator</code></p></noscript>
        """#

    static let notFoundText = #"""
        {{>top}}
        <main id="main" class="page narrow">
          <div class="blank"><h1>{{t.notFound}}</h1><p>{{t.notFoundHint}}</p>
          <p><a class="button" href="/">{{t.inbox}}</a></p></div>
        </main>
        {{>bottom}}
        """#
}

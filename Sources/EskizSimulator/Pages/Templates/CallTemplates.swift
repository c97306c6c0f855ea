extension PageTemplate {
    static let callsText = #"""
        {{>top}}
        <main id="main" class="page">
          <header class="page-top"><h1>{{t.calls}}</h1>
            <nav class="segmented" id="filters" aria-label="{{t.filter}}">{{#filters}}<a href="{{href}}"{{#isChosen}}
              aria-current="true"{{/isChosen}}>{{name}}</a>{{/filters}}</nav></header>
          <ul class="counters" id="counters" data-part>{{#counters}}<li><strong>{{number}}</strong> {{label}}</li>{{/counters}}</ul>
          <section class="card" id="ledger" aria-label="{{t.calls}}" data-part>
            {{#hasItems}}<ol class="call-list" id="ledger-list">{{#items}}{{>callItem}}{{/items}}</ol>{{/hasItems}}
            {{^hasItems}}<div class="blank"><h2>{{#hasCalls}}{{t.nothingFound}}{{/hasCalls}}{{^hasCalls}}{{t.noCalls}}{{/hasCalls}}</h2>
              <p>{{t.noCallsHint}}</p></div>{{/hasItems}}
            {{#isCut}}<p class="faint pad">{{t.olderLeftOut}}</p>{{/isCut}}
          </section>
        </main>
        {{>bottom}}
        """#

    static let callItemText = #"""
        {{#episode}}<li class="episode{{#isHealed}} is-healed{{/isHealed}}" id="e-{{episodeID}}">
          <div class="episode-top"><svg class="i" aria-hidden="true"><use href="#i-renew"></use></svg><strong>{{heading}}</strong>{{#took}}<span
            class="faint">{{took}}</span>{{/took}}</div>
          <p class="flow">{{#flow}}<span class="flow-step">{{^isFirst}}<span class="arrow" aria-hidden="true">→</span>{{/isFirst}}<span
            class="badge tone-{{tone}}">{{text}}{{#many}} {{many}}{{/many}}</span></span>{{/flow}}</p>
          <ol class="call-list">{{#rows}}{{>callRow}}{{/rows}}</ol>
          {{#hiddenRows}}<p class="faint pad">{{hiddenRows}}</p>{{/hiddenRows}}
        </li>{{/episode}}{{#call}}{{>callRow}}{{/call}}
        """#

    static let callRowText = #"""
        <li class="call{{#role}} role-{{role}}{{/role}}" id="c-{{callID}}"><a href="{{href}}">
          <time class="call-time" datetime="{{stamp}}">{{clock}}</time>
          <span class="badge tone-{{tone}} call-status">{{status}}</span>
          <span class="call-what">{{what}}</span>
          <span class="call-route"><span class="call-method">{{method}}</span> {{route}}</span>
          <span class="call-notes">{{#generation}}<span class="chip">{{generation}}</span>{{/generation}}{{#fault}}<span
            class="chip tone-bad">{{fault}}</span>{{/fault}}{{#note}}<span class="faint">{{note}}</span>{{/note}}</span>
        </a></li>
        """#

    static let callText = #"""
        {{>top}}
        <main id="main" class="page">
          <p class="crumbs"><a href="/calls"><svg class="i" aria-hidden="true"><use
            href="#i-back"></use></svg>{{t.calls}}</a></p>
          {{#call}}
          <section class="card pad">
            <header class="letter-top"><h1>{{heading}}</h1><span class="badge tone-{{tone}}">{{status}}</span></header>
            <p class="call-headline"><span class="call-method">{{method}}</span> <code>{{route}}</code></p>
            <dl class="facts">
              <dt>{{t.time}}</dt><dd><time datetime="{{stamp}}">{{day}} {{clock}}</time></dd>
              <dt>{{t.status}}</dt><dd>{{what}} · {{status}}</dd>
              {{#account}}<dt>{{t.account}}</dt><dd>{{account}}</dd>{{/account}}
              {{#generation}}<dt>{{t.token}}</dt><dd>{{generation}}{{#fingerprint}} · <code>{{fingerprint}}</code>{{/fingerprint}}</dd>{{/generation}}
              {{#fault}}<dt>{{t.fault}}</dt><dd>{{fault}}</dd>{{/fault}}
              {{#note}}<dt>{{t.note}}</dt><dd>{{note}}</dd>{{/note}}
            </dl>
          </section>
          {{/call}}
          {{#episode}}
          <h2 class="section">{{t.partOfRenewal}}</h2>
          <section class="card"><ol class="call-list" id="episode-list"><li class="episode{{#isHealed}} is-healed{{/isHealed}}">
            <p class="flow">{{#flow}}<span class="flow-step">{{^isFirst}}<span class="arrow" aria-hidden="true">→</span>{{/isFirst}}<span
              class="badge tone-{{tone}}">{{text}}{{#many}} {{many}}{{/many}}</span></span>{{/flow}}</p>
            <ol class="call-list">{{#rows}}{{>callRow}}{{/rows}}</ol></li></ol></section>
          {{/episode}}
          {{#hasMessages}}
          <h2 class="section">{{t.sentMessages}}</h2>
          <section class="card"><ul class="plain rows">{{#messages}}<li><a href="{{href}}">{{id}}</a>
            <span>{{body}}</span> <span class="badge tone-{{tone}}">{{state}}</span></li>{{/messages}}</ul></section>
          {{/hasMessages}}<div class="gap"></div>{{>exchange}}
        </main>
        {{>bottom}}
        """#

    static let exchangeText = #"""
        {{#exchange}}
        <div class="columns exchange">
          <section class="card" aria-labelledby="raw-request">
            <header class="card-top"><h2 id="raw-request">{{t.rawRequest}}</h2></header>
            <pre tabindex="0"><code><span class="head">{{requestHead}}</span>{{#requestBody}}{{#bodyText}}

        {{bodyText}}{{/bodyText}}{{/requestBody}}</code></pre>
            {{#requestBody}}{{#cut}}<p class="faint pad">{{cut}}</p>{{/cut}}{{#remark}}<p class="faint pad">{{remark}}</p>{{/remark}}{{/requestBody}}
          </section>
          <section class="card" aria-labelledby="raw-answer">
            <header class="card-top"><h2 id="raw-answer">{{t.rawAnswer}}</h2></header>
            {{#answerHead}}<pre tabindex="0"><code><span class="head">{{answerHead}}</span>{{#answerBody}}{{#bodyText}}

        {{bodyText}}{{/bodyText}}{{/answerBody}}</code></pre>{{/answerHead}}
            {{#ending}}<p class="pad">{{ending}}</p>{{/ending}}
            {{#answerBody}}{{#cut}}<p class="faint pad">{{cut}}</p>{{/cut}}{{/answerBody}}
          </section>
        </div>
        <section class="card" aria-labelledby="curl-title">
          <header class="card-top"><h2 id="curl-title">{{t.curl}}</h2><button class="button quiet" type="button"
            data-copy="{{curlText}}">{{t.copyCurl}}</button></header>
          <pre id="curl-text" tabindex="0"><code>{{curlText}}</code></pre>
        </section>
        {{/exchange}}
        {{^exchange}}<p class="faint">{{t.noLongerKept}}</p>{{/exchange}}
        """#
}

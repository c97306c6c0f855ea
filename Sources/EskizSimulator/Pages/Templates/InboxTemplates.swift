extension PageTemplate {
    static let inboxText = #"""
        {{>top}}
        <main id="main" class="inbox{{#hasAsked}} has-asked{{/hasAsked}}{{^hasMessages}} is-empty{{/hasMessages}}">
          <h1 class="hidden">{{t.inbox}}</h1>
          <section class="phones" id="phones" aria-labelledby="phones-title" data-part>
            <header class="pane-top" id="phones-top"><h2 id="phones-title">{{t.phones}}</h2>{{#hasMessages}}<button
              class="button quiet" id="clear" type="button" data-call="DELETE /_simulator/messages"
              data-ask="{{t.clearInbox}}?" data-hint="{{t.clearInboxHint}}">{{t.clearInbox}}</button>{{/hasMessages}}</header>
            {{#hasPhones}}
            <ul class="phone-list" id="phone-list">{{#phoneList}}
              <li id="p-{{phoneID}}"><a class="phone" href="{{href}}"{{#isCurrent}} aria-current="true"{{/isCurrent}}>
                <span class="avatar hue-{{hue}}" aria-hidden="true">{{avatar}}</span>
                <span class="phone-number">{{number}}</span>
                <time class="phone-time" datetime="{{stamp}}">{{clock}}</time>
                <span class="phone-snippet">{{#code}}<b class="phone-code">{{code}}</b> {{/code}}{{snippet}}</span>
                <span class="phone-state tone-{{tone}}" title="{{state}}"><span class="hidden">{{state}}</span></span>
              </a></li>{{/phoneList}}
            </ul>
            {{#isCut}}<p class="faint pad">{{t.olderLeftOut}}</p>{{/isCut}}
            {{/hasPhones}}
            {{^hasPhones}}<p class="faint pane-note">{{#isSearching}}{{nothingMatches}}{{/isSearching}}{{^isSearching}}{{t.noPhones}}{{/isSearching}}</p>{{/hasPhones}}
            {{#hasMessages}}<p class="pane-bottom"><button class="button" type="button" data-sample>{{t.sendSample}}</button></p>{{/hasMessages}}
          </section>
          <section class="talk" id="talk" aria-label="{{t.conversation}}" data-part>
            {{#talk}}
            <div class="handset" id="handset">
              <header class="handset-top">
                <a class="back" href="{{allPhonesHref}}" aria-label="{{t.allPhones}}"><svg class="i"
                  aria-hidden="true"><use href="#i-back"></use></svg></a>
                <span class="avatar hue-{{hue}}" aria-hidden="true">{{avatar}}</span>
                <span class="handset-title"><strong>{{number}}</strong><span class="faint">{{operator}}</span></span>
              </header>
              <div class="scroll" id="scroll" tabindex="0" role="region" aria-label="{{number}}"><div class="scroll-inner"
                id="bubbles">
                {{#isShortened}}<p class="day">{{t.olderLeftOut}}</p>{{/isShortened}}
                {{#days}}<p class="day" id="d-{{day}}"><time>{{day}}</time></p>
                <ol class="bubbles" id="b-{{day}}">{{#messages}}{{>bubble}}{{/messages}}</ol>{{/days}}
              </div></div>
            </div>
            {{/talk}}
            {{^talk}}
            {{#hasMessages}}<div class="blank"><h2>{{t.nothingFound}}</h2><p>{{#isSearching}}{{nothingMatches}}{{/isSearching}}</p>
              <p><a class="button" href="/">{{t.allPhones}}</a></p></div>{{/hasMessages}}
            {{^hasMessages}}{{>welcome}}{{/hasMessages}}
            {{/talk}}
          </section>
          <section class="rail" id="rail" aria-label="{{t.controls}}">
            <section class="card" id="rail-controls" data-part>
              <header class="card-top"><h2>{{t.quickControls}}</h2><a href="/controls">{{t.allControls}}</a></header>
              {{#hasFaults}}{{>faultList}}{{/hasFaults}}
              {{>quick}}
            </section>
            <section class="card" id="rail-calls" data-part>
              <header class="card-top"><h2>{{t.calls}}</h2>{{#hasCalls}}<a href="/calls">{{t.filterAll}}</a>{{/hasCalls}}</header>
              {{#hasCalls}}<ol class="call-list tight" id="rail-list">{{#recentCalls}}{{>callItem}}{{/recentCalls}}</ol>{{/hasCalls}}
              {{^hasCalls}}<p class="faint pad">{{t.noCallsHint}}</p>{{/hasCalls}}
            </section>
          </section>
        </main>
        {{>bottom}}
        """#

    static let bubbleText = #"""
        <li class="bubble" id="m-{{id}}" data-state="{{rawState}}">
          <div class="bubble-body">
            <p class="bubble-from">{{nick}}{{#isAd}} <span class="chip">{{t.advertising}}</span>{{/isAd}}</p>
            <p class="bubble-text">{{body}}</p>
            {{#code}}<button class="code" type="button" data-copy="{{code}}" aria-label="{{copyLabel}}"><span
              class="digits">{{code}}</span><svg class="i" aria-hidden="true"><use
              href="#i-copy"></use></svg></button>{{/code}}
          </div>
          <p class="bubble-meta"><a href="{{href}}"><time datetime="{{stamp}}">{{clock}}</time></a><span
            class="sep">{{encodingName}}</span><span class="sep">{{sms}}</span><span class="sep">{{cost}}</span><span
            class="badge tone-{{tone}}{{#isPending}} is-pending{{/isPending}}" title="{{rawState}}">{{state}}</span></p>
        </li>
        """#

    static let welcomeText = #"""
        <div class="welcome">
          <h2>{{t.noMessages}}</h2>
          <p>{{t.noMessagesHint}}</p>
          <dl class="facts">
            <dt>{{t.baseURL}}</dt><dd><button class="copy-line" type="button" data-copy="{{origin}}/api"><code>{{origin}}/api</code><svg
              class="i" aria-hidden="true"><use href="#i-copy"></use></svg></button></dd>
            <dt>{{t.account}}</dt><dd><button class="copy-line" type="button"
              data-copy="demo@example.test"><code>demo@example.test</code><svg class="i" aria-hidden="true"><use
              href="#i-copy"></use></svg></button></dd>
            <dt>{{t.key}}</dt><dd><button class="copy-line" type="button" data-copy="demo-key"><code>demo-key</code><svg
              class="i" aria-hidden="true"><use href="#i-copy"></use></svg></button></dd>
          </dl>
          <p><button class="button primary" type="button" data-sample>{{t.sendSample}}</button></p>
          <h3>{{t.tryCurl}}</h3>
          <div class="block"><button class="button quiet copy-block" type="button"
            data-copy="{{sampleCommand}}">{{t.copy}}</button><pre tabindex="0"><code>{{sampleCommand}}</code></pre></div>
        </div>
        """#

    static let messageText = #"""
        {{>top}}
        <main id="main" class="page">
          <p class="crumbs"><a href="{{talkHref}}"><svg class="i" aria-hidden="true"><use
            href="#i-back"></use></svg>{{number}}</a></p>
          {{#message}}
          <div class="columns">
          <section class="card pad" id="letter" data-part>
            <header class="letter-top"><h1>{{t.message}} <span class="faint">{{id}}</span></h1>
              <span class="badge tone-{{tone}}{{#isPending}} is-pending{{/isPending}}"
                title="{{rawState}}">{{state}}</span></header>
            <p class="letter-text">{{body}}</p>
            {{#code}}<button class="code big" type="button" data-copy="{{code}}" aria-label="{{copyLabel}}"><span
              class="digits">{{code}}</span><svg class="i" aria-hidden="true"><use
              href="#i-copy"></use></svg></button>{{/code}}
            <dl class="facts">{{#facts}}<dt>{{label}}</dt><dd>{{value}}</dd>{{/facts}}</dl>
          </section>
          <section class="card pad" id="life" data-part aria-labelledby="life-title">
            <h2 id="life-title">{{t.timeline}}</h2>
            <ol class="steps">{{#steps}}<li class="step{{#isDone}} is-done{{/isDone}} tone-{{tone}}"><span
              class="step-name">{{name}}</span>{{#clock}}<time datetime="{{stamp}}">{{clock}}</time>{{/clock}}</li>{{/steps}}</ol>
            <h2>{{t.parts}}</h2>
            <ul class="plain">{{#partList}}<li><span class="faint">{{index}}</span> <code>{{partKey}}</code>
              <code>{{states}}</code></li>{{/partList}}</ul>
            <h2>{{t.reports}}</h2>
            {{#hasReports}}<ol class="call-list" id="report-list">{{#reports}}{{>callRow}}{{/reports}}</ol>{{/hasReports}}
            {{^hasReports}}<p class="faint">{{#hasCallback}}…{{/hasCallback}}{{^hasCallback}}{{t.noReports}}{{/hasCallback}}</p>{{/hasReports}}
          </section>
          </div>
          {{/message}}
          <h2 class="section"><a href="{{callHref}}">{{callName}}</a></h2>{{>exchange}}
        </main>
        {{>bottom}}
        """#
}

extension PageTemplates {
    static let overview = [
        "overview": overviewText, "attention": attentionText, "cards": cardsText, "chart": chartText, "pace": paceText,
    ]

    private static let overviewText = #"""
        {{>top}}
        <main id="main" class="page">
          {{#notice}}<p class="notice{{#isBad}} is-bad{{/isBad}}" role="status">{{text}}</p>{{/notice}}
          <h1 class="hidden">{{t.overview}}</h1>
          <section class="health is-{{health.tone}}" id="health" aria-label="{{t.health}}" data-part>
            <svg class="i" aria-hidden="true">{{#health.isGood}}<use href="#i-check"></use>{{/health.isGood}}{{^health.isGood}}<use
              href="#i-warning"></use>{{/health.isGood}}</svg><p>{{health.sentence}}</p><time
              datetime="{{health.stamp}}">{{health.asOf}}</time>
          </section>
          {{>attention}}
          {{>cards}}
          <header class="page-top section"><h2>{{t.traffic}}</h2>
            <nav class="segmented" id="ranges" aria-label="{{t.range}}">{{#ranges}}<a href="{{href}}"{{#isChosen}}
              aria-current="true"{{/isChosen}}>{{name}}</a>{{/ranges}}</nav></header>
          {{>chart}}
          {{>pace}}
        </main>
        {{>bottom}}
        """#

    private static let attentionText = #"""
        <section class="card attention" id="attention" aria-labelledby="attention-title" data-part>
          <header class="card-top"><h2 id="attention-title">{{t.needsYou}}</h2>{{^attention.hasItems}}<p
            class="faint">{{t.nothingNeedsYou}}</p>{{/attention.hasItems}}</header>
          {{#attention.hasItems}}<ul class="attention-list">{{#attention.items}}
            <li><a href="{{href}}"><strong class="attention-count">{{count}}</strong><span class="grow"><span
              class="attention-what">{{what}}{{#code}} <code>{{code}}</code>{{/code}}</span><span
              class="faint">{{advice}}</span></span><span class="attention-go">{{t.show}}</span></a></li>{{/attention.items}}
          </ul>{{/attention.hasItems}}
        </section>
        """#

    private static let cardsText = #"""
        <div class="tiles">
          <section class="card tile" id="queue" aria-labelledby="queue-title" data-part>
            <header class="tile-top"><h2 id="queue-title">{{t.queue}}</h2>{{#queue.scheduled}}<span
              class="faint">{{queue.scheduled}}</span>{{/queue.scheduled}}</header>
            <p class="figure">{{queue.total}} <span class="figure-what">{{t.waiting}}</span></p>
            <table class="plain-table"><thead class="hidden-head"><tr><th scope="col">{{t.lane}}</th><th
              scope="col" class="number">{{t.waiting}}</th><th scope="col" class="number">{{t.oldest}}</th></tr></thead>
            <tbody>{{#queue.lanes}}<tr id="lane-{{id}}"><th scope="row"><a href="{{href}}">{{name}}</a></th><td
              class="number">{{waiting}}</td><td class="number{{#isLate}} tone-warning{{/isLate}}">{{oldest}}</td></tr>{{/queue.lanes}}</tbody></table>
          </section>
          <section class="card tile" id="today" aria-labelledby="today-title" data-part>
            <header class="tile-top"><h2 id="today-title">{{t.today}}</h2></header>
            <p class="figure">{{today.share}} <span class="figure-what">{{t.todayShare}}</span></p>
            <dl class="pairs"><dt>{{t.accepted}}</dt><dd>{{today.accepted}}</dd><dt>{{t.submitted}}</dt><dd>{{today.submitted}}</dd><dt>{{t.delivered}}</dt><dd
              id="today-delivered">{{today.delivered}}</dd><dt>{{t.notDelivered}}</dt><dd>{{today.failed}}</dd></dl>
          </section>
          <section class="card tile" id="token" aria-labelledby="token-title" data-part>
            <header class="tile-top"><h2 id="token-title">{{t.token}}</h2><span
              class="badge tone-{{token.tone}}">{{token.state}}</span></header>
            <p class="figure">{{token.left}} <span class="figure-what">{{t.tokenLeft}}</span></p>
            <dl class="pairs"><dt>{{t.tokenEnds}}</dt><dd>{{token.ends}}</dd><dt>{{t.lastRenewal}}</dt><dd
              id="last-renewal">{{token.last}}{{#token.why}}<span class="faint block-line">{{token.why}}</span>{{/token.why}}</dd><dt>{{t.nextRenewal}}</dt><dd>{{token.next}}</dd></dl>
            {{#token.failure}}<p class="remark tone-bad">{{token.failure}}</p>{{/token.failure}}
            {{#token.isDegraded}}<p class="remark tone-warning">{{t.tokenInMemory}}</p>{{/token.isDegraded}}
            {{#mayAct}}<form method="post" action="/token/renew" data-ask="{{t.renewNow}}?" data-hint="{{t.renewNowHint}}"><input
              type="hidden" name="csrf" value="{{csrf}}"><input type="hidden" name="back" value="{{here}}"><button class="button"
              id="renew"><svg class="i" aria-hidden="true"><use
              href="#i-renew"></use></svg>{{t.renewNow}}</button></form>{{/mayAct}}
          </section>
          <section class="card tile" id="provider" aria-labelledby="provider-title" data-part>
            <header class="tile-top"><h2 id="provider-title">{{t.provider}}</h2><span
              class="badge tone-{{provider.tone}}">{{provider.state}}</span></header>
            <p class="figure">{{provider.median}} <span class="figure-what">{{t.answersIn}}</span></p>
            <dl class="pairs"><dt>{{t.answersSlowest}}</dt><dd>{{provider.slowest}}</dd></dl>
            <p class="faint remark">{{provider.basis}}{{#provider.since}} · {{provider.since}}{{/provider.since}}</p>
          </section>
          <section class="card tile" id="balance" aria-labelledby="balance-title" data-part>
            <header class="tile-top"><h2 id="balance-title">{{t.balance}}</h2>{{#balance.asOf}}<span
              class="faint">{{balance.asOf}}</span>{{/balance.asOf}}</header>
            <p class="figure">{{balance.amount}}</p>
            <p class="remark{{#balance.isLow}} tone-warning{{/balance.isLow}}{{^balance.isLow}} faint{{/balance.isLow}}">{{balance.rest}}</p>
            {{#balance.pace}}<p class="faint remark">{{balance.pace}}</p>{{/balance.pace}}
          </section>
        </div>
        """#

    private static let chartText = #"""
        <section class="card chart-card" id="chart" aria-label="{{t.traffic}}" data-part>
          {{#chart}}
          <ul class="legend">{{#legend}}<li class="key-{{series}}"><span class="swatch" aria-hidden="true"></span>{{name}}
            <strong>{{value}}</strong></li>{{/legend}}</ul>
          <div class="chart">
            <div class="chart-scale" aria-hidden="true"><span>{{top}}</span><span>{{middle}}</span><span>0</span></div>
            <svg class="chart-drawing" viewBox="{{viewBox}}" preserveAspectRatio="none" role="img" aria-label="{{summary}}">
              <line class="grid" x1="0" y1="0.5" x2="100%" y2="0.5" vector-effect="non-scaling-stroke"/><line class="grid" x1="0"
                y1="50" x2="100%" y2="50" vector-effect="non-scaling-stroke"/><line class="grid" x1="0" y1="99.5" x2="100%" y2="99.5"
                vector-effect="non-scaling-stroke"/>
              {{#columns}}<g class="column"><rect class="bar-accepted" x="{{barX}}" y="{{acceptedY}}" width="8"
                height="{{acceptedHeight}}"/>{{#hasFailed}}<rect class="bar-failed" x="{{barX}}" y="{{failedY}}" width="8"
                height="{{failedHeight}}"/>{{/hasFailed}}</g>{{/columns}}
              <polyline class="line-submitted" points="{{submittedLine}}" vector-effect="non-scaling-stroke"/>
              <polyline class="line-delivered" points="{{deliveredLine}}" vector-effect="non-scaling-stroke"/>
              {{#columns}}{{#tip}}<rect class="hit" x="{{x}}" y="0" width="10" height="100"><title>{{tip}}</title></rect>{{/tip}}{{/columns}}
            </svg>
            {{#isEmptyChart}}<p class="chart-empty faint">{{t.nothingHappened}}</p>{{/isEmptyChart}}
            <div class="chart-labels" aria-hidden="true">{{#labels}}<span>{{label}}</span>{{/labels}}</div>
          </div>
          {{^isEmptyChart}}
          <details class="as-table" id="chart-table"><summary>{{t.asTable}}</summary><div class="wide-table" tabindex="0" role="region"
            aria-label="{{t.asTable}}"><table><thead><tr><th scope="col">{{t.time}}</th>{{#legend}}<th scope="col"
            class="number">{{name}}</th>{{/legend}}</tr></thead><tbody>{{#rows}}<tr><th scope="row">{{time}}</th>{{#cells}}<td
            class="number">{{value}}</td>{{/cells}}</tr>{{/rows}}</tbody></table></div></details>
          {{/isEmptyChart}}
          {{/chart}}
        </section>
        """#

    private static let paceText = #"""
        <section class="card pace" id="pace" aria-labelledby="pace-title" data-part>
          {{#pace}}
          <header class="card-top"><h2 id="pace-title">{{t.deliveryTime}}</h2>{{#hasPace}}<p class="faint">{{t.half}}
            <strong>{{median}}</strong> · {{t.almostAll}} <strong>{{slowest}}</strong></p>{{/hasPace}}</header>
          {{#hasPace}}<div class="wide-table" tabindex="0" role="region" aria-label="{{t.operators}}"><table><thead><tr><th
            scope="col">{{t.operatorName}}</th><th scope="col" class="number">{{t.submitted}}</th><th scope="col"
            class="number">{{t.share}}</th><th scope="col" class="number">{{t.half}}</th><th scope="col"
            class="number">{{t.almostAll}}</th></tr></thead><tbody>{{#operators}}<tr><th scope="row">{{name}}</th><td
            class="number">{{submitted}}</td><td class="number">{{share}}</td><td class="number">{{median}}</td><td
            class="number">{{slowest}}</td></tr>{{/operators}}</tbody></table></div>{{/hasPace}}
          {{^hasPace}}<p class="faint pane">{{t.nothingDelivered}}</p>{{/hasPace}}
          {{/pace}}
        </section>
        """#
}

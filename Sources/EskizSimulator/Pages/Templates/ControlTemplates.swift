extension PageTemplate {
    static let quickText = #"""
        <div class="quick">
          <div class="quick-row"><div class="grow"><h3 id="quick-tokens">{{t.tokens}}</h3><p
            class="faint">{{t.expireTokensHint}}</p></div>
            <button class="button" type="button" id="expire" data-call="POST /_simulator/tokens/expire">{{t.expireTokens}}</button></div>
          <form class="quick-row" data-call="POST /_simulator/faults">
            <input type="hidden" name="route" value="message/sms/send"><input type="hidden" name="times" value="1"
              data-kind="json">
            <div class="grow"><label class="h3" for="quick-failure">{{t.nextSend}}</label><p
              class="faint">{{t.nextSendHint}}</p></div>
            <div class="pair"><select id="quick-failure" name="outcome" data-kind="json">{{#failures}}<option
              value="{{value}}">{{label}}</option>{{/failures}}</select><button class="button">{{t.arm}}</button></div></form>
          <form class="quick-row" data-call="POST /_simulator/faults">
            <input type="hidden" name="route" value="*"><input type="hidden" name="outcome" value="401_storm">
            <div class="grow"><h3>{{t.storm}}</h3><p class="faint">{{t.stormHint}}</p></div>
            <button class="button"><svg class="i" aria-hidden="true"><use href="#i-bolt"></use></svg>{{t.storm}}</button></form>
          {{#isDown}}<div class="quick-row" id="quick-down"><div class="grow"><h3>{{t.provider}} <span
            class="badge tone-bad">{{t.providerDown}}</span></h3><p class="faint">{{downOutcome}}</p></div>
            <button class="button primary" type="button"
              data-call="DELETE /_simulator/faults/{{downID}}">{{t.bringBack}}</button></div>{{/isDown}}
          {{^isDown}}<form class="quick-row" id="quick-up" data-call="POST /_simulator/faults">
            <input type="hidden" name="route" value="*">
            <div class="grow"><label class="h3" for="quick-outage">{{t.provider}} <span
              class="badge tone-good">{{t.providerUp}}</span></label><p class="faint">{{t.providerHint}}</p></div>
            <div class="pair"><select id="quick-outage" name="outcome" data-kind="json">{{#outages}}<option
              value="{{value}}">{{label}}</option>{{/outages}}</select><button class="button">{{t.takeDown}}</button></div></form>{{/isDown}}
          <form class="quick-row" data-call="PUT /_simulator/behaviour" data-auto>
            <div class="grow"><label class="h3" for="quick-delay">{{t.delay}}</label><p class="faint">{{t.delayHint}}</p></div>
            <select id="quick-delay" name="latency" data-kind="json">{{#delays}}<option value="{{value}}"{{#isChosen}}
              selected{{/isChosen}}>{{label}}</option>{{/delays}}</select></form>
          <form class="quick-row" data-call="PUT /_simulator/behaviour" data-auto>
            <div class="grow"><label class="h3" for="quick-delivery">{{t.delivery}}</label><p
              class="faint">{{t.deliveryHint}}</p></div>
            <select id="quick-delivery" name="delivery" data-kind="json">{{#deliveries}}<option value="{{value}}"{{#isChosen}}
              selected{{/isChosen}}>{{label}}</option>{{/deliveries}}</select></form>
        </div>
        """#

    static let faultListText = #"""
        <ul class="fault-list">{{#activeFaults}}<li id="f-{{faultID}}"><span class="fault-what"><span
          class="badge tone-bad">{{faultOutcome}}</span> <code>{{#faultMethod}}{{faultMethod}} {{/faultMethod}}{{faultRoute}}</code>
          <span class="faint">{{#faultTimes}}{{faultTimes}} · {{/faultTimes}}{{faultHits}}{{#faultAfter}} · {{t.after}} {{faultAfter}}{{/faultAfter}}{{#faultProbability}} ·
          p={{faultProbability}}{{/faultProbability}}</span></span><button class="button quiet" type="button"
          data-call="DELETE /_simulator/faults/{{faultID}}">{{t.remove}}</button></li>{{/activeFaults}}</ul>
        """#

    static let controlsText = #"""
        {{>top}}
        <main id="main" class="page">
          <header class="page-top"><h1>{{t.controls}}</h1><button class="button danger" type="button" id="reset"
            data-call="POST /_simulator/reset" data-ask="{{t.resetConfirm}}"
            data-hint="{{t.resetHint}}">{{t.reset}}</button></header>
          <div class="columns">
          <div class="stack">
          <section class="card" id="quick" data-part><header class="card-top"><h2>{{t.quickControls}}</h2></header>{{>quick}}</section>
          <section class="card pad" id="clock"><h2>{{t.clock}}</h2><p class="faint">{{t.clockHint}}</p>
            <p id="clock-now" data-part>{{t.clockNow}}: <strong>{{now}}</strong>{{#advanced}} <span
              class="chip">{{advanced}}</span>{{/advanced}}</p>
            <div class="row">
              <button class="button" type="button" data-call="POST /_simulator/clock" data-body='{"advance":"1h"}'>+1 h</button>
              <button class="button" type="button" data-call="POST /_simulator/clock" data-body='{"advance":"1d"}'>+1 d</button>
              <button class="button" type="button" data-call="POST /_simulator/clock" data-body='{"advance":"30d"}'>+30 d</button>
              <form class="pair" data-call="POST /_simulator/clock"><label class="hidden"
                for="advance">{{t.advance}}</label><input id="advance" name="advance" size="8" placeholder="29d" required><button
                class="button">{{t.advance}}</button></form></div></section>
          <section class="card pad"><h2>{{t.issueToken}}</h2>
            <form class="fields" data-call="POST /_simulator/tokens" data-show="token">
              <label>{{t.account}}<select name="email">{{#accounts}}<option>{{email}}</option>{{/accounts}}</select></label>
              <label>{{t.lifetime}}<input name="expires_in" placeholder="30d" size="8"></label>
              <button class="button">{{t.issue}}</button>
            </form>
            <output class="token-output" data-output></output></section>
          </div>
          <div class="stack">
          <section class="card" id="faults"><header class="card-top"><h2>{{t.faults}}</h2></header>
            <div id="fault-part" data-part>
            {{#hasFaults}}{{>faultList}}<p><button class="button quiet" type="button"
              data-call="DELETE /_simulator/faults">{{t.clearFaults}}</button></p>{{/hasFaults}}
            {{^hasFaults}}<p class="faint pad">{{t.noFaults}}</p>{{/hasFaults}}</div>
            <form class="fields pad" data-call="POST /_simulator/faults">
              <label>{{t.route}}<input name="route" value="message/sms/send" required list="routes" autocomplete="off"></label>
              <label>{{t.outcome}}<input name="outcome" required data-kind="value" list="outcomes" autocomplete="off"
                value="502" aria-describedby="outcome-hint"></label>
              <p class="faint wide" id="outcome-hint">{{t.outcomeHint}}</p>
              <label>{{t.method}}<input name="method" size="6" placeholder="POST"></label>
              <label>{{t.repetitions}}<input name="times" type="number" min="1" data-kind="json"></label>
              <label>{{t.after}}<input name="after" type="number" min="0" data-kind="json"></label>
              <label>{{t.probability}}<input name="probability" type="number" min="0" max="1" step="0.01" data-kind="json"></label>
              <button class="button">{{t.add}}</button>
              <datalist id="routes"><option value="*"><option value="auth/*"><option value="auth/login"><option
                value="auth/refresh"><option value="message/sms/send"><option value="message/sms/send-batch"><option
                value="message/sms/status_by_id/*"></datalist>
              <datalist id="outcomes"><option value="401"><option value="429"><option value="502"><option
                value="reset_before"><option value="reset_after"><option value="silence"><option
                value="silence_after"><option value="garbage"><option value="truncated"><option
                value="401_storm"></datalist>
            </form></section>
          <section class="card pad" id="templates" data-part><h2>{{t.templates}}</h2>
            {{^hasTemplates}}<p class="faint">{{t.noTemplates}}</p>{{/hasTemplates}}
            {{#hasTemplates}}<ul class="plain rows">{{#templateList}}<li id="t-{{templateID}}"><p class="bubble-text">{{original}}</p>
              <p><span class="badge {{#isApproved}}tone-good{{/isApproved}}">{{templateStatus}}</span></p>
              {{#isOpen}}<p class="row"><button class="button" type="button" data-call="POST /_simulator/templates/{{templateID}}"
                data-body='{"status":"service"}'>{{t.approveService}}</button><button class="button" type="button"
                data-call="POST /_simulator/templates/{{templateID}}"
                data-body='{"status":"reklama"}'>{{t.approveAdvertising}}</button><button class="button danger" type="button"
                data-call="POST /_simulator/templates/{{templateID}}"
                data-body='{"status":"rejected"}'>{{t.reject}}</button></p>{{/isOpen}}</li>{{/templateList}}</ul>{{/hasTemplates}}
          </section>
          </div>
          </div>
          <header class="page-top section"><h2>{{t.switches}}</h2><button class="button quiet" type="button"
            data-call="DELETE /_simulator/behaviour">{{t.restoreDefaults}}</button></header>
          <p class="faint section-hint">{{t.switchesHint}}</p>
          <section class="card" id="switches" data-part aria-label="{{t.switches}}">
            <form class="switch" data-call="PUT /_simulator/behaviour"><label for="s-modes"><code>modes</code></label><span
              class="pair"><input id="s-modes" name="modes" value="{{modeList}}" data-kind="list" placeholder="M2"
              aria-describedby="modes-hint"><button class="button">{{t.apply}}</button></span><span class="faint"
              id="modes-hint">{{t.modesHint}}</span></form>
            {{#groups}}<details class="group" id="g-{{groupID}}"{{#isExpanded}} open{{/isExpanded}}><summary>{{groupName}}{{#changedCount}} <span
              class="chip">{{t.isChanged}}: {{changedCount}}</span>{{/changedCount}}</summary>
              {{#switches}}<form class="switch{{#isChanged}} is-changed{{/isChanged}}" id="sw-{{name}}"
                data-call="PUT /_simulator/behaviour"{{#hasChoices}} data-auto{{/hasChoices}}><label
                for="s-{{name}}"><code>{{name}}</code></label>{{#hasChoices}}<select id="s-{{name}}" name="{{name}}"
                data-kind="value">{{#choices}}<option{{#isChosen}} selected{{/isChosen}}>{{choice}}</option>{{/choices}}</select><span
                class="faint">{{#isChanged}}{{t.isChanged}} · {{usual}}{{/isChanged}}</span>{{/hasChoices}}{{^hasChoices}}<span
                class="pair"><input id="s-{{name}}" name="{{name}}" value="{{value}}" data-kind="value" data-empty="null"
                aria-describedby="v-{{name}}" autocomplete="off" spellcheck="false"><button
                class="button">{{t.apply}}</button></span><span class="faint" id="v-{{name}}">{{valid}}{{#isChanged}} ·
                {{t.isChanged}} · {{usual}}{{/isChanged}}</span>{{/hasChoices}}</form>{{/switches}}
            </details>{{/groups}}
          </section>
        </main>
        {{>bottom}}
        """#
}

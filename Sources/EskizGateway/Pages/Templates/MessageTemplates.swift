extension PageTemplates {
    static let messages = [
        "messages": messagesText, "messageRow": messageRow, "message": messageText, "messageActions": actionsText,
        "settleForm": settleForm, "moment": moment, "note": note,
    ]

    /// What the last action came to.
    private static let note = #"""
        {{#notice}}<p class="notice{{#isBad}} is-bad{{/isBad}}" role="status">{{text}}</p>{{/notice}}
        """#

    /// A time: the clock of Tashkent to read, the exact UTC behind it.
    private static let moment = #"""
        <time datetime="{{stamp}}" title="{{stamp}}">{{#day}}{{day}} {{/day}}{{clock}}</time>
        """#

    private static let messagesText = #"""
        {{>top}}
        <main id="main" class="page">
          {{>note}}
          <header class="page-top"><h1>{{t.messages}}</h1>
            <ul class="links" id="problem-links" data-part>{{#problemLinks}}<li><a class="chip tone-bad"
              href="{{href}}">{{name}}</a></li>{{/problemLinks}}</ul></header>
          <form class="card filters" id="filters" role="search" method="get" action="/messages">
            {{#statusValue}}<input type="hidden" name="status" value="{{statusValue}}">{{/statusValue}}
            <div class="filters-main">
              <div class="find"><svg class="i" aria-hidden="true"><use href="#i-search"></use></svg><label class="hidden"
                for="q">{{t.messageSearch}}</label><input id="q" name="q" type="search" value="{{query}}"
                placeholder="{{t.messageSearchHint}}" spellcheck="false"></div>
              <label class="hidden" for="lane">{{t.lane}}</label>
              <select id="lane" name="lane"><option value="">{{t.anyLane}}</option>{{#lanes}}<option
                value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{label}}</option>{{/lanes}}</select>
              <button class="button primary">{{t.applyFilter}}</button>
            </div>
            <details class="more" id="more"{{#hasMore}} open{{/hasMore}}><summary>{{t.moreFilters}}</summary>
              <div class="filters-more">
                <label>{{t.referenceField}}<input name="reference" value="{{reference}}" spellcheck="false"></label>
                <label>{{t.errorField}}<input name="error" value="{{errorCode}}" spellcheck="false"></label>
                <label class="check"><input type="checkbox" name="webhook" value="dead"{{#isDead}}
                  checked{{/isDead}}>{{t.onlyDeadWebhooks}}</label>
                <label class="check"><input type="checkbox" name="unsettled" value="yes"{{#isUnsettled}}
                  checked{{/isUnsettled}}>{{t.onlyUnsettled}}</label>
              </div></details>
          </form>
          <div class="list-top"><nav class="states" id="states" aria-label="{{t.moreFilters}}" data-part>{{#states}}<a id="s-{{stateID}}"
            href="{{href}}"{{#isChosen}} aria-current="true"{{/isChosen}}>{{name}}{{#count}} <span
            class="count">{{count}}</span>{{/count}}</a>{{/states}}</nav>
            <div id="bulk" data-part>{{#hasBulk}}<details class="bulk-menu" id="bulk-menu"><summary
              class="button quiet">{{t.allOfThese}}</summary><ul>{{#bulk}}<li><a
              href="{{href}}">{{name}}</a></li>{{/bulk}}</ul></details>{{/hasBulk}}</div></div>
          <section class="card" id="list" aria-label="{{t.messages}}" data-part>
            {{#isUnreadable}}<p class="pad error-line" role="alert">{{unreadable}}</p>{{/isUnreadable}}
            {{#hasRows}}<ol class="message-list" id="message-list">{{#rows}}{{>messageRow}}{{/rows}}</ol>{{/hasRows}}
            {{^hasRows}}{{^furtherHref}}<div class="blank"><h2>{{emptyTitle}}</h2><p>{{emptyHint}}</p>{{#isFiltered}}<p><a
              class="button" href="/messages">{{t.clearFilter}}</a></p>{{/isFiltered}}</div>{{/furtherHref}}{{/hasRows}}
            {{#furtherHref}}<p class="pad further">{{t.lookFurtherHint}} <a class="button"
              href="{{furtherHref}}">{{t.lookFurther}}</a></p>{{/furtherHref}}
          </section>
          <nav class="pager" id="pager" aria-label="{{t.older}}" data-part>
            {{#newestHref}}<a class="button" href="{{newestHref}}">{{t.newest}}</a>{{/newestHref}}
            {{#olderHref}}<a class="button" id="older" href="{{olderHref}}">{{t.older}}</a>{{/olderHref}}
            {{#isFiltered}}{{#hasRows}}<a class="button quiet" href="/messages">{{t.clearFilter}}</a>{{/hasRows}}{{/isFiltered}}
          </nav>
        </main>
        {{>bottom}}
        """#

    private static let messageRow = #"""
        <li id="m-{{messageID}}"><a class="message" href="{{href}}">
          <span class="message-time">{{#when}}{{>moment}}{{/when}}</span>
          <span class="message-phone">{{phone}}</span>
          <span class="message-state"><span class="badge tone-{{tone}}{{#isPending}} is-pending{{/isPending}}">{{state}}</span></span>
          <span class="message-lane">{{lane}}</span>
          <span class="message-remark">{{#code}}<code>{{code}}</code>{{/code}}{{#remark}}{{remark}}{{/remark}}{{#reference}} <span
            class="chip">{{reference}}</span>{{/reference}}</span>
          <span class="message-id">{{messageID}}</span></a></li>
        """#

    private static let messageText = #"""
        {{>top}}
        <main id="main" class="page">
          {{>note}}
          <p class="crumbs"><a href="/messages"><svg class="i" aria-hidden="true"><use
            href="#i-back"></use></svg>{{t.messages}}</a></p>
          <header class="page-top tied"><h1>{{t.message}} <span class="faint">{{messageID}}</span></h1>
            <span id="state" data-part><span class="badge tone-{{tone}}{{#isPending}} is-pending{{/isPending}}"
              title="{{rawState}}">{{state}}</span></span></header>
          <section class="card recipient" aria-label="{{t.recipient}}">
            <p><span class="faint">{{t.recipient}}</span> <strong id="phone">{{phone}}</strong></p>
            {{#mayAct}}{{^isUnmasked}}<form method="post" action="{{href}}"><input type="hidden" name="csrf"
              value="{{csrf}}"><input type="hidden" name="action" value="unmask"><span class="faint">{{t.unmaskHint}}</span>
              <button class="button" id="unmask">{{t.unmask}}</button></form>{{/isUnmasked}}{{/mayAct}}
          </section>
          <div class="columns">
            <section class="card pad" id="facts" aria-label="{{t.message}}" data-part>
              {{#error}}<div class="last-error"><h2>{{t.lastError}}: <code>{{code}}</code></h2>{{#reason}}<p>{{reason}}</p>{{/reason}}<p>{{text}}</p></div>{{/error}}
              <dl class="facts">{{#facts}}<dt>{{label}}</dt><dd>{{#time}}{{>moment}}{{/time}}{{#text}}{{text}}{{/text}}</dd>{{/facts}}</dl>
              <p class="faint remark-line">{{t.textNeverShown}}</p>
            </section>
            <section class="card pad" id="life" aria-labelledby="life-title" data-part>
              <h2 id="life-title">{{t.timelineTitle}}</h2>
              <ol class="story">{{#steps}}<li class="tone-{{tone}}"><div class="story-top"><span
                class="story-name">{{name}}</span>{{#when}}{{>moment}}{{/when}}</div>{{#detail}}<p
                class="story-detail">{{detail}}</p>{{/detail}}</li>{{/steps}}{{#isMoving}}<li class="is-next"><div
                class="story-top"><span class="story-name">…</span></div></li>{{/isMoving}}</ol>
            </section>
          </div>
          {{#mayAct}}{{>messageActions}}{{/mayAct}}
          <section id="people" data-part>{{#hasLines}}
            <h2 class="section">{{t.whatPeopleDid}}</h2>
            <div class="card"><ul class="plain rows">{{#lines}}<li>{{#when}}{{>moment}}{{/when}} <strong>{{who}}</strong>
              <span>{{what}}</span>{{#detail}} <span class="faint">{{detail}}</span>{{/detail}}</li>{{/lines}}</ul></div>
            <p class="section-hint"><a href="{{auditHref}}">{{t.wholeAudit}}</a></p>
          {{/hasLines}}</section>
        </main>
        {{>bottom}}
        """#

    private static let actionsText = #"""
        <div id="actions" data-part>
          {{#canSettle}}{{>settleForm}}{{/canSettle}}
          {{#canCancel}}<form class="card action" method="post" action="{{href}}"><input type="hidden" name="csrf"
            value="{{csrf}}"><input type="hidden" name="action" value="cancel"><div class="grow"><h2>{{t.cancelMessage}}</h2><p
            class="faint">{{t.cancelMessageHint}}</p></div><button class="button danger" id="cancel-message">{{t.cancelMessage}}</button></form>{{/canCancel}}
          {{#canReplay}}<form class="card action" method="post" action="{{href}}"><input type="hidden" name="csrf"
            value="{{csrf}}"><input type="hidden" name="action" value="replay"><div class="grow"><h2>{{t.replayMessage}}</h2><p
            class="faint">{{t.replayMessageHint}}</p></div><button class="button" id="replay">{{t.replayMessage}}</button></form>{{/canReplay}}
        </div>
        """#

    private static let settleForm = #"""
        <form class="card pad settle" id="settle" method="post" action="{{href}}"><input type="hidden" name="csrf"
          value="{{csrf}}"><input type="hidden" name="action" value="settle">
          <fieldset><legend><h2>{{t.settleTitle}}</h2></legend>
          <p class="faint">{{t.settleHint}}{{#isOpen}} {{t.settleOpenHint}}{{/isOpen}}</p>
          <label class="outcome"><input type="radio" name="outcome" value="submitted"
            required><span><strong>{{t.settleSubmitted}}</strong> <span class="faint">{{t.settleSubmittedHint}}</span></span></label>
          {{#canSendAgain}}<label class="outcome"><input type="radio" name="outcome"
            value="send_again"><span><strong>{{t.settleSendAgain}}</strong> <span
            class="faint">{{t.settleSendAgainHint}}</span></span></label>{{/canSendAgain}}
          <label class="outcome"><input type="radio" name="outcome" value="not_sent"><span><strong>{{t.settleNotSent}}</strong>
            <span class="faint">{{t.settleNotSentHint}}</span></span></label>
          {{#isOpen}}<label class="outcome"><input type="radio" name="outcome"
            value="unknown"><span><strong>{{t.settleUnknown}}</strong> <span
            class="faint">{{t.settleUnknownHint}}</span></span></label>{{/isOpen}}
          </fieldset>
          <label class="provider-id">{{t.settleProviderID}}<input name="provider_id" maxlength="64" spellcheck="false"></label>
          <button class="button primary">{{t.settleButton}}</button></form>
        """#
}

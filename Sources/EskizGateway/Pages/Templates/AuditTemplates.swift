extension PageTemplates {
    static let audit = ["audit": auditText, "bulk": bulkText]

    private static let auditText = #"""
        {{>top}}
        <main id="main" class="page">
          {{>note}}
          <header class="page-top"><h1>{{t.audit}}</h1>{{#ofMessage}}<span>{{ofMessage}} · <a class="link"
            href="{{allHref}}">{{t.auditAll}}</a></span>{{/ofMessage}}</header>
          <p class="faint section-hint">{{t.auditHint}}</p>
          <section class="card" id="audit" aria-label="{{t.audit}}" data-part>
            {{#hasLines}}<table class="audit-table"><thead><tr><th scope="col">{{t.auditWhen}}</th><th
              scope="col">{{t.auditWho}}</th><th scope="col">{{t.auditWhat}}</th><th
              scope="col">{{t.auditDetail}}</th></tr></thead>
            <tbody>{{#lines}}<tr id="a-{{lineID}}"><td class="audit-when">{{#when}}{{>moment}}{{/when}}</td><td><span
              title="{{keyID}}">{{who}}</span></td><td>{{what}}{{#messageID}} <a class="link"
              href="{{href}}">{{messageID}}</a>{{/messageID}}</td><td class="audit-detail faint">{{#detail}}{{detail}}{{/detail}}</td></tr>{{/lines}}</tbody></table>{{/hasLines}}
            {{^hasLines}}<div class="blank"><h2>{{t.auditEmpty}}</h2><p>{{t.auditEmptyHint}}</p></div>{{/hasLines}}
          </section>
          <nav class="pager" aria-label="{{t.older}}">
            {{#newestHref}}<a class="button" href="{{newestHref}}">{{t.newest}}</a>{{/newestHref}}
            {{#olderHref}}<a class="button" href="{{olderHref}}">{{t.older}}</a>{{/olderHref}}
          </nav>
        </main>
        {{>bottom}}
        """#

    private static let bulkText = #"""
        {{>top}}
        <main id="main" class="page narrow">
          {{>note}}
          <p class="crumbs"><a href="{{backHref}}"><svg class="i" aria-hidden="true"><use
            href="#i-back"></use></svg>{{t.messages}}</a></p>
          <section class="card pad bulk">
            <h1>{{heading}}</h1>
            <p>{{hint}}</p>
            {{#isUnfiltered}}<p class="error-line">{{t.bulkEverything}}</p>{{/isUnfiltered}}
            {{^isUnfiltered}}<p class="bulk-filter"><span class="faint">{{t.bulkFilter}}</span> {{#filterParts}}<span
              class="chip">{{name}} = {{value}}</span> {{/filterParts}}</p>{{/isUnfiltered}}
            {{#hasMatches}}
            <p class="bulk-count" id="matches">{{matches}}</p>
            {{#isCut}}<p class="faint">{{cutHint}}</p>{{/isCut}}
            <p class="faint">{{t.bulkLater}}</p>
            <form method="post" action="/bulk" class="row end"><input type="hidden" name="csrf" value="{{csrf}}">{{#fields}}<input
              type="hidden" name="{{name}}" value="{{value}}">{{/fields}}<input type="hidden" name="up_to" value="{{upTo}}"><a
              class="button" href="{{backHref}}">{{t.back}}</a><button class="button {{#isDangerous}}danger{{/isDangerous}}{{^isDangerous}}primary{{/isDangerous}}"
              id="bulk-yes">{{button}}</button></form>
            {{/hasMatches}}
            {{^hasMatches}}<h2 id="nothing">{{t.bulkNothing}}</h2><p class="faint">{{t.bulkNothingHint}}</p>
            <p class="row end"><a class="button" href="{{backHref}}">{{t.back}}</a></p>{{/hasMatches}}
          </section>
          {{#hasMatches}}<h2 class="section">{{t.bulkSample}}</h2>
          <section class="card"><ol class="message-list tight">{{#sample}}{{>messageRow}}{{/sample}}</ol></section>{{/hasMatches}}
        </main>
        {{>bottom}}
        """#
}

extension PageTemplates {
    static let overview = ["overview": overviewText]

    private static let overviewText = #"""
        {{>top}}
        <main id="main" class="page">
          {{#notice}}<p class="notice{{#isBad}} is-bad{{/isBad}}" role="status">{{text}}</p>{{/notice}}
          <h1 class="hidden">{{t.overview}}</h1>
          <section class="card" id="queue" aria-labelledby="queue-title" data-part>
            <header class="card-top"><h2 id="queue-title">{{t.queue}}</h2></header>
            <table><thead><tr><th scope="col">{{t.lane}}</th><th scope="col" class="number">{{t.waiting}}</th><th
              scope="col" class="number">{{t.oldest}}</th></tr></thead>
            <tbody>{{#lanes}}<tr><th scope="row">{{name}}</th><td class="number">{{waiting}}</td><td
              class="number">{{oldest}}</td></tr>{{/lanes}}</tbody></table>
          </section>
        </main>
        {{>bottom}}
        """#
}

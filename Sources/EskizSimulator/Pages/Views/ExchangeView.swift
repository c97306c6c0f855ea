import EskizPages
import EskizWords

/// A request and its answer, word for word.
struct ExchangeView {
    private let exchange: Exchange?
    private let account: String?
    private let visit: PageVisit

    init(_ exchange: Exchange?, account: String?, _ visit: PageVisit) {
        self.exchange = exchange
        self.account = account
        self.visit = visit
    }

    var context: PageContext? {
        guard let exchange else { return nil }
        return PageContext(filling: [
            "requestHead": head("\(exchange.request.method) \(exchange.request.target)", exchange.request.headers),
            "requestBody": body(exchange.request.body),
            "answerHead": exchange.reply.map { head("HTTP/1.1 \($0.status)", $0.headers) },
            "answerBody": exchange.reply.map { body($0.body) },
            "ending": ending(exchange.ending),
            "curlText": CurlCommand.text(for: exchange.request, origin: visit.origin, email: account),
        ])
    }

    private func head(_ line: String, _ headers: [Answer.Header]) -> String {
        ([line] + headers.map { "\($0.name): \($0.value)" }).joined(separator: "\n")
    }

    private func body(_ body: BodyExcerpt) -> PageContext {
        PageContext(filling: [
            "bodyText": body.text.isEmpty ? nil : body.text,
            "remark": body.isWithheld ? visit.say(.bodyWithheld) : body.text.isEmpty ? visit.say(.emptyBody) : nil,
            "cut": body.omitted == 0 ? nil : visit.language.say(Phrase.bodyCut, count: body.omitted),
        ])
    }

    private func ending(_ ending: Exchange.Ending) -> String? {
        switch ending {
        case .whole: nil
        case .truncated: visit.say(.answerTruncated)
        case .reset: visit.say(.answerReset)
        case .silence: visit.say(.noAnswer)
        }
    }
}

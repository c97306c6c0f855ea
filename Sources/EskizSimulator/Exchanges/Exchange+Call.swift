import HTTPTypes
import HummingbirdCore

extension Exchange {
    /// A call of the provider's API, as it was answered.
    init(_ request: HummingbirdCore.Request, call: Call, answer: Answer?, wire: Handling.Wire) {
        // Whatever is known to be secret must be gone from what is shown, however it was written.
        let secrets = [call.fields.text("password")].compactMap(\.self)
        self.request = Request(
            method: call.method,
            target: Redaction.redacting(request.head.path ?? "/"),
            headers: request.headers.map { Redaction.redacting(.init(name: $0.name.rawName, value: $0.value)) },
            body: BodyExcerpt(call.body, secrets: secrets)
        )
        switch wire {
        case .reset: ending = .reset
        case .silence: ending = .silence
        case .truncated: ending = .truncated
        case .answer, .garbage: ending = .whole
        }
        guard ending == .whole || ending == .truncated, let answer else { return }
        reply = Reply(answer, secrets: secrets)
    }
}

extension Exchange.Reply {
    init(_ answer: Answer, secrets: [String] = []) {
        let headers = [Answer.Header(name: "Content-Type", value: answer.contentType)] + answer.headers
        self.init(
            status: answer.status,
            headers: headers.map(Redaction.redacting),
            body: BodyExcerpt(answer.body, secrets: secrets)
        )
    }
}

extension CallbackJob {
    /// The report on the wire; nil stands for no answer.
    func exchange(answeredWith status: Int?) -> Exchange {
        let (contentType, bytes) = body
        return Exchange(
            request: .init(
                method: "POST",
                target: Redaction.redacting(url),
                headers: [.init(name: "Content-Type", value: contentType), .init(name: "User-Agent", value: "Eskiz")],
                body: BodyExcerpt(bytes)
            ),
            reply: status.map { Exchange.Reply(status: $0) },
            ending: status == nil ? .silence : .whole
        )
    }
}

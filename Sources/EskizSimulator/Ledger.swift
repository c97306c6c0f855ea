/// What the provider was asked and what it answered, in order.
///
/// Never a whole token, a phone or a text.
struct Ledger: Sendable {
    struct Call: Sendable {
        var time: WallTime
        var method: String
        var route: String
        /// The status that the client was sent; nil when it was sent none.
        var status: Int?
        /// What it was, in a word or two.
        var what: String
        var account: String?
        var tokenGeneration: Int?
        var tokenFingerprint: String?
        /// The fault or lost answer that changed what the client saw.
        var fault: String?
        /// The id that the client was given, where there is one.
        var id: String?
        var note: String?
    }

    private(set) var calls: [Call] = []
    var logins = 0
    var refreshes = 0
    /// Credential calls answered with anything but 2xx.
    var refused = 0
    var sendsAccepted = 0
    var sendsRefused = 0
    var tokensIssued = 0
    var callbacksSent = 0
    private let limit: Int

    init(limit: Int = 100_000) {
        self.limit = limit
    }

    mutating func record(_ call: Call) {
        calls.append(call)
        if calls.count > limit + limit / 10 { calls.removeFirst(calls.count - limit) }
    }

    var document: JSON {
        [
            "logins": .int(logins), "refreshes": .int(refreshes), "refused": .int(refused),
            "sends_accepted": .int(sendsAccepted), "sends_refused": .int(sendsRefused),
            "tokens_issued": .int(tokensIssued), "callbacks_sent": .int(callbacksSent),
            "calls": .array(calls.map(\.document)),
        ]
    }
}

extension Ledger.Call {
    var document: JSON {
        let token: JSON =
            tokenGeneration.map { ["generation": .int($0), "fingerprint": JSON(tokenFingerprint)] } ?? .null
        return [
            "time": .string(time.rfc3339), "method": .string(method), "route": .string(route),
            "status": JSON(status), "what": .string(what), "account": JSON(account), "token": token,
            "id": JSON(id), "fault": JSON(fault), "note": JSON(note),
        ]
    }
}

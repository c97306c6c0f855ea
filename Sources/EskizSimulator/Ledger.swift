/// What the provider was asked and what it answered, in order.
///
/// Its document has never a whole token, a phone or a text. The exchanges, which only the pages show, have the texts.
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
        var fault: CallFault?
        /// The id that the client was given, where there is one.
        var id: String?
        var note: String?
    }

    private(set) var calls: [Call] = []
    /// The number of the oldest call that is kept; calls are numbered from 1.
    private(set) var firstNumber = 1
    /// What the newest calls looked like on the wire, for the pages.
    private(set) var exchanges = ExchangeLog()
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

    /// The number that the next call will have.
    var nextNumber: Int { firstNumber + calls.count }

    subscript(number: Int) -> Call? {
        calls.indices.contains(number - firstNumber) ? calls[number - firstNumber] : nil
    }

    /// Writes a call down and gives back its number.
    @discardableResult
    mutating func record(_ call: Call) -> Int {
        let number = nextNumber
        calls.append(call)
        if calls.count > limit + limit / 10 {
            firstNumber += calls.count - limit
            calls.removeFirst(calls.count - limit)
        }
        return number
    }

    /// Keeps what a call looked like on the wire.
    mutating func keep(_ exchange: Exchange, ofCall number: Int) {
        // A reset in between has forgotten the call.
        if self[number] != nil { exchanges.keep(exchange, ofCall: number) }
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
            "id": JSON(id), "fault": JSON(fault?.name), "note": JSON(note),
        ]
    }
}

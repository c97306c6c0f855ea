/// What one call looked like on the wire, for people: secrets already shortened, bodies cut to a readable length.
struct Exchange: Sendable, Equatable {
    struct Request: Sendable, Equatable {
        var method: String
        /// Path and query as they came; of a report, the whole address.
        var target: String
        var headers: [Answer.Header] = []
        var body = BodyExcerpt()
    }

    struct Reply: Sendable, Equatable {
        var status: Int
        var headers: [Answer.Header] = []
        var body = BodyExcerpt()
    }

    /// How the answer travelled.
    enum Ending: Sendable, Equatable {
        case whole
        /// Announced, and half of it sent.
        case truncated
        /// A TCP reset in the place of an answer.
        case reset
        /// Nothing was said.
        case silence
    }

    var request: Request
    /// Nil when the client was sent nothing.
    var reply: Reply?
    var ending = Ending.whole
}

/// The beginning of a body.
struct BodyExcerpt: Sendable, Equatable {
    /// More is not kept.
    static let limit = 8 * 1_024

    var text = ""
    /// How many bytes were left out.
    var omitted = 0
    /// Not shown at all, because a secret in it could not be told from the rest.
    var isWithheld = false

    init() {}

    /// The first bytes with every secret shortened.
    ///
    /// A text that still holds one of the `secrets`, which are known values, is withheld.
    init(_ bytes: [UInt8], secrets: [String] = []) {
        let kept = Self.wholeCharacters(of: bytes.prefix(Self.limit))
        omitted = bytes.count - kept.count
        let redacted = Redaction.redacting(String(decoding: kept, as: UTF8.self))
        isWithheld = secrets.contains { !$0.isEmpty && redacted.contains($0) }
        text = isWithheld ? "" : redacted
    }

    /// Without the part of a character that the cut has left at the end.
    private static func wholeCharacters(of bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard bytes.count == limit else { return bytes }
        let continuations = bytes.suffix(3).reversed().prefix { $0 & 0xC0 == 0x80 }.count
        guard let lead = bytes.dropLast(continuations).last, lead >= 0xC0 else { return bytes }
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        return continuations + 1 < length ? bytes.dropLast(continuations + 1) : bytes
    }
}

/// The exchanges of the newest calls, by their number in the ledger.
struct ExchangeLog: Sendable {
    private var exchanges: [Int: Exchange] = [:]
    private var order: [Int] = []
    private let limit: Int

    init(limit: Int = 500) {
        self.limit = limit
    }

    subscript(number: Int) -> Exchange? { exchanges[number] }

    mutating func keep(_ exchange: Exchange, ofCall number: Int) {
        if exchanges.updateValue(exchange, forKey: number) == nil { order.append(number) }
        guard order.count > limit + limit / 4 else { return }
        let excess = order.count - limit
        for old in order.prefix(excess) { exchanges[old] = nil }
        order.removeFirst(excess)
    }
}

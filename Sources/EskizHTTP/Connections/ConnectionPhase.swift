/// What a connection is doing, and until when it may.
///
/// Pure: times are nanoseconds of one clock, given by whoever asks.
struct ConnectionPhase: Sendable, Equatable {
    private enum Reading: Equatable {
        /// No byte of the next request has come; since when.
        case nothing(since: Int64)
        /// Some of a head has come; since when.
        case head(since: Int64)
        /// A body is coming.
        case body(since: Int64, count: Int)
    }

    private let limits: ConnectionLimits
    private var reading: Reading
    /// Requests whose head has come and whose answer has not ended.
    private var open = 0
    private var hasAnswered = false
    /// An answer has begun that has not ended.
    private(set) var isAnswering = false

    init(_ limits: ConnectionLimits, at now: Int64) {
        self.limits = limits
        reading = .nothing(since: now)
    }

    /// Whether a part of a request has come that nobody has answered: then the client is told why it is let go.
    var isInRequest: Bool {
        if isAnswering { return false }
        switch reading {
        case .nothing: return false
        case .head, .body: return true
        }
    }

    /// Bytes came that did not complete a head.
    mutating func receiveBytes(at now: Int64) {
        if case .nothing = reading { reading = .head(since: now) }
    }

    mutating func receiveHead(at now: Int64) {
        open += 1
        reading = .body(since: now, count: 0)
    }

    mutating func receiveBody(_ count: Int) {
        if case .body(let since, let before) = reading { reading = .body(since: since, count: before + count) }
    }

    mutating func receiveEnd(at now: Int64) {
        reading = .nothing(since: now)
    }

    mutating func beginAnswer() {
        isAnswering = true
    }

    /// An answer has gone out.
    mutating func endAnswer(at now: Int64) {
        isAnswering = false
        hasAnswered = true
        open = max(0, open - 1)
        if case .nothing = reading { reading = .nothing(since: now) }
    }

    /// When it has to be ended; nil while it is not the client's turn.
    var deadline: Int64? {
        switch reading {
        case .nothing(let since):
            guard open == 0 else { return nil }
            return since + Self.nanoseconds(hasAnswered ? limits.idle : limits.head)
        case .head(let since):
            // One that sends requests ahead waits for its answers meanwhile.
            return open == 0 ? since + Self.nanoseconds(limits.head) : nil
        case .body(let since, let count):
            guard limits.bodyRate > 0, open == 1 else { return nil }
            let earned = Int64(count) * 1_000_000_000 / Int64(limits.bodyRate)
            return since + Self.nanoseconds(limits.bodyGrace) + earned
        }
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return min(seconds, 1_000_000_000) * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

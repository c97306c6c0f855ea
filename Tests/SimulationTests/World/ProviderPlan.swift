import Eskiz

/// How Eskiz behaves in one world: drawn from the seed, and then a value.
struct ProviderPlan: Sendable {
    /// What becomes of requests to send while there is trouble, in parts of a hundred; the rest is taken and answered.
    struct Weather: Sendable {
        var resetTaken = 0
        var resetLost = 0
        var silenceTaken = 0
        var silenceLost = 0
        var failedTaken = 0
        var failedLost = 0
        var unreachable = 0
        var throttled = 0
        var busy = 0
        var unpaid = 0
        var refused = 0
        var unauthorized = 0
        var slow = 0

        var isFair: Bool { total == 0 }

        private var total: Int {
            resetTaken + resetLost + silenceTaken + silenceLost + failedTaken + failedLost + unreachable + throttled
                + busy
                + unpaid + refused + unauthorized + slow
        }

        init() {}

        init(using random: inout SplitMix64) {
            let parts: [(WritableKeyPath<Weather, Int>, Int)] = [
                (\.resetTaken, 15), (\.resetLost, 15), (\.silenceTaken, 8), (\.silenceLost, 8), (\.failedTaken, 15),
                (\.failedLost, 12), (\.unreachable, 25), (\.throttled, 15), (\.busy, 10), (\.unpaid, 10),
                (\.refused, 6),
                (\.slow, 15),
            ]
            for (part, limit) in parts where random.isOne(in: 3) { self[keyPath: part] = random.between(1, limit) }
            if random.isOne(in: 8) { unauthorized = random.between(1, 6) }
        }
    }

    /// How the list of messages is wrong.
    enum ListFault: Sendable, Hashable {
        /// It is not.
        case none
        /// Rows appear only so long after they were written, which is longer than anybody waits.
        case late(Duration)
        /// No more than the newest few rows are shown, as if that were all.
        case cutOff(Int)
        /// It is always empty.
        case empty
    }

    var weather = Weather()
    /// Milliseconds of the world between which the weather is bad.
    var trouble: Range<Int64> = 0..<0
    /// How far the provider's clock is ahead.
    var clockOffset: Duration = .zero
    /// Nanoseconds that its clock gains each second.
    var clockDrift: Int64 = 0
    /// Milliseconds of the world at which its clock is set, and by how much.
    var clockSteps: [(at: Int64, by: Duration)] = []
    var sendsDate = true
    /// How long a row takes to appear in an honest list.
    var listLag: Duration = .zero
    var listFault = ListFault.none
    /// Milliseconds of the world between which the list answers 500.
    var listFailing: Range<Int64> = 0..<0
    /// Rows do not say which number we gave them.
    var forgetsNumbers = false
    /// In the list stand messages of somebody else that bear our numbers.
    var hasForeignRows = false
    /// Somebody posts reports about our numbers that are not about our messages.
    var hasForgedReports = false
    /// Reports are posted to the callback address.
    var postsReports = true
    /// The messages' last words, in parts of a hundred that are a failure.
    var undelivered = 20
    /// Milliseconds of the world at which all tokens are revoked.
    var revocations: [Int64] = []
    /// After a login it takes so long until the token is known everywhere.
    var tokenLag: Duration = .zero
    /// No token is taken between these milliseconds, new or old.
    var takesNoToken: Range<Int64> = 0..<0
    /// How long a login takes.
    var loginTime: Duration = .milliseconds(40)
    /// How much later than their time all reports come.
    var reportLag: Duration = .zero
    /// What `Retry-After` says in this world when there is one.
    var retryAfter: [String?] = [nil, "1", "5"]
    /// Answers to logins are 429 with such a header between these milliseconds.
    var loginThrottled: Range<Int64> = 0..<0

    /// Whether absence from an honest list proves something, by the plan alone.
    var listLies: Bool { listFault != .none }
}

extension SplitMix64 {
    mutating func isOne(in count: Int) -> Bool { Int(next() % UInt64(count)) == 0 }

    mutating func between(_ low: Int, _ high: Int) -> Int { low + Int(next() % UInt64(max(high - low, 0) + 1)) }

    mutating func between(_ low: Int64, _ high: Int64) -> Int64 { low + Int64(next() % UInt64(max(high - low, 0) + 1)) }

    mutating func milliseconds(_ low: Int64, _ high: Int64) -> Duration { .milliseconds(between(low, high)) }

    mutating func one<Element>(of elements: [Element]) -> Element { elements[Int(next() % UInt64(elements.count))] }
}

import EskizQueue

/// What the one writer keeps in memory, in step with the tables.
struct Ledger: Sendable {
    /// Rows of the table `counters` that are not a count of messages.
    enum Name {
        static let deadWebhooks: Int64 = 100
        static let lastNumber: Int64 = 101
        static let probe: Int64 = 102
        static let numberOffset: Int64 = 103
        static let numberBoundary: Int64 = 104
        static let suppressions: Int64 = 105
    }

    var numbering = MessageNumbering()
    var sums = Sums()
    var blocks = RecentBlocks()
    private(set) var counts: [Int64: Int] = [:]
    private(set) var changed: Set<Int64> = []
    /// What happened in this transaction.
    private var activity: [ActivityMinute: ActivityCounts] = [:]
    private var refusals: [RefusalHour: Int] = [:]

    init() {}

    init(counts: [Int64: Int], numbering: MessageNumbering) {
        self.counts = counts
        self.numbering = numbering
    }

    static func name(_ lane: Lane, _ state: MessageState) -> Int64 {
        Int64(lane.code * 16 + state.code)
    }

    mutating func add(_ difference: Int, to name: Int64) {
        guard difference != 0 else { return }
        counts[name, default: 0] += difference
        changed.insert(name)
    }

    /// The message has gone from one state to another; nil for not being there.
    mutating func move(_ lane: Lane, from old: MessageState?, to new: MessageState?) {
        guard old != new else { return }
        if let old { add(-1, to: Self.name(lane, old)) }
        if let new { add(1, to: Self.name(lane, new)) }
    }

    /// Notes what happened to a message.
    mutating func count(_ counts: ActivityCounts, of phone: String, at now: Timestamp) {
        if !counts.isEmpty { activity[ActivityMinute(now, phone: phone), default: .init()] += counts }
    }

    /// Notes why a message failed, if it did.
    mutating func count(_ refusal: RefusalHour?) {
        if let refusal { refusals[refusal, default: 0] += 1 }
    }

    /// What failed, to be written with this commit.
    mutating func takeRefusals() -> [RefusalHour: Int] {
        guard !refusals.isEmpty else { return [:] }
        defer { refusals = [:] }
        return refusals
    }

    /// What happened, to be written with this commit.
    mutating func takeActivity() -> [ActivityMinute: ActivityCounts] {
        defer { activity.removeAll(keepingCapacity: true) }
        return activity
    }

    /// The counts that have to be written with this commit.
    mutating func takeChanged() -> [(name: Int64, value: Int)] {
        defer { changed.removeAll(keepingCapacity: true) }
        return changed.map { ($0, counts[$0, default: 0]) }
    }

    var figures: Figures {
        Figures(counts: counts)
    }
}

extension Ledger {
    /// What limits count by minute and day: of each name the period that was asked for last.
    struct Sums: Sendable {
        struct Sum: Sendable {
            var name: String
            var period: Int64
            var value: Int
        }

        private var known: [String: (period: Int64, value: Int)] = [:]
        private var changed: Set<String> = []

        /// nil if it has to be looked up.
        subscript(name: String, period: Int64) -> Int? {
            guard let sum = known[name], sum.period == period else { return nil }
            return sum.value
        }

        /// Takes what was looked up in the place of another period.
        ///
        /// - Returns: that of the other period, if it has yet to be written.
        mutating func find(_ value: Int, of name: String, in period: Int64) -> Sum? {
            let old = known.updateValue((period, value), forKey: name)
            guard changed.remove(name) != nil, let old else { return nil }
            return Sum(name: name, period: old.period, value: old.value)
        }

        /// Changes one that was looked up.
        mutating func set(_ name: String, to value: Int) {
            known[name]?.value = value
            changed.insert(name)
        }

        /// What has to be written with this commit.
        mutating func takeChanged() -> [Sum] {
            guard !changed.isEmpty else { return [] }
            defer { changed = [] }
            return changed.compactMap { name in known[name].map { Sum(name: name, period: $0.period, value: $0.value) }
            }
        }
    }
}

/// The counts as they were at the last commit.
struct Figures: Sendable {
    let counts: [Int64: Int]
    /// Every accept asks for it: it is made once per commit.
    let depth: QueueDepth

    init(counts: [Int64: Int]) {
        self.counts = counts
        let waiting = Lane.allCases.map { lane in
            let (queued, sending) = (Ledger.name(lane, .queued), Ledger.name(lane, .sending))
            return (lane, counts[queued, default: 0] + counts[sending, default: 0])
        }
        depth = QueueDepth(waiting: Dictionary(uniqueKeysWithValues: waiting))
    }

    func count(_ lane: Lane, _ state: MessageState) -> Int {
        counts[Ledger.name(lane, state), default: 0]
    }

    var byLaneAndState: [QueueStatistics.Key: Int] {
        var all: [QueueStatistics.Key: Int] = [:]
        for lane in Lane.allCases {
            for state in MessageState.allCases where count(lane, state) != 0 {
                all[.init(lane, state)] = count(lane, state)
            }
        }
        return all
    }

    var deadWebhooks: Int { counts[Ledger.Name.deadWebhooks, default: 0] }
}

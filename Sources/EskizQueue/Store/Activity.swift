/// What happened within a while, for charts.
package struct ActivityBucket: Sendable, Hashable {
    /// More than this never come at once: the newest do.
    package static let maximumCount = 2_000

    /// When it begins: a whole number of steps after 1970.
    package var start: Timestamp
    /// By the operator of the phone.
    package var operators: [OperatorPrefix: ActivityCounts]

    package init(start: Timestamp, operators: [OperatorPrefix: ActivityCounts]) {
        self.start = start
        self.operators = operators
    }

    /// Of all operators together.
    package var total: ActivityCounts {
        operators.values.reduce(into: ActivityCounts()) { $0 += $1 }
    }
}

/// The two digits after 998, which name an operator of Uzbekistan; 0 for a number of another country.
package struct OperatorPrefix: Sendable, Hashable, Comparable {
    package var rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// - Parameter phone: digits with country code.
    package init(phone: String) {
        let digits = phone.utf8
        guard digits.count == 12, phone.hasPrefix("998"), let prefix = Int(phone.dropFirst(3).prefix(2)) else {
            self.init(rawValue: 0)
            return
        }
        self.init(rawValue: prefix)
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// How many messages came to something.
package struct ActivityCounts: Sendable, Hashable {
    package var accepted = 0
    package var submitted = 0
    /// Of those that were submitted: what Eskiz charges for.
    package var segments = 0
    package var delivered = 0
    package var undelivered = 0
    package var failed = 0
    package var expired = 0
    /// From being submitted to being delivered.
    package var deliveryTimes = DeliveryTimes()

    package init() {}

    package static func += (left: inout Self, right: Self) {
        left.accepted += right.accepted
        left.submitted += right.submitted
        left.segments += right.segments
        left.delivered += right.delivered
        left.undelivered += right.undelivered
        left.failed += right.failed
        left.expired += right.expired
        left.deliveryTimes += right.deliveryTimes
    }

    /// What a change counts for.
    ///
    /// A message that is known to be delivered before its send was answered counts as submitted, too; a correction counts
    /// beside what it corrects.
    package init(_ change: MessageChange, from old: Message, to new: Message, at now: Timestamp) {
        if old.submittedAt == nil, new.submittedAt != nil {
            submitted = 1
            segments = new.segments
        }
        for state in change.entered {
            switch state {
            case .delivered:
                delivered += 1
                deliveryTimes.add(now - (new.submittedAt ?? now))
            case .undelivered: undelivered += 1
            case .failed: failed += 1
            case .expired: expired += 1
            case .scheduled, .queued, .sending, .unknown, .submitted, .cancelled: break
            }
        }
    }

    /// One message was accepted.
    package static var accepted: Self {
        var counts = Self()
        counts.accepted = 1
        return counts
    }

    /// Nothing happened.
    package var isEmpty: Bool { self == Self() }
}

/// How many messages took how long, in fixed steps.
package struct DeliveryTimes: Sendable, Hashable {
    /// The upper end of each step, itself included, in seconds; what takes longer is in one more.
    package static let bounds: [Int] = [1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3_600]

    /// One more than there are bounds.
    package private(set) var counts: [Int]

    package init() {
        counts = Array(repeating: 0, count: Self.bounds.count + 1)
    }

    /// - Parameter counts: as many as `counts`, and nothing otherwise.
    package init(counts: [Int]) {
        self.init()
        if counts.count == self.counts.count { self.counts = counts }
    }

    package mutating func add(_ duration: Duration) {
        let index = Self.bounds.firstIndex { duration <= .seconds($0) } ?? Self.bounds.count
        counts[index] += 1
    }

    package static func += (left: inout Self, right: Self) {
        for index in left.counts.indices { left.counts[index] += right.counts[index] }
    }
}

/// A minute of one operator.
package struct ActivityMinute: Sendable, Hashable {
    /// How long activity is kept, counted from the newest.
    package static let retention: Duration = .seconds(8 * 86_400)

    /// Whole minutes since 1970.
    package var minute: Int64
    package var prefix: OperatorPrefix

    package init(minute: Int64, prefix: OperatorPrefix) {
        self.minute = minute
        self.prefix = prefix
    }

    package init(_ moment: Timestamp, phone: String) {
        self.init(minute: Self.minute(of: moment), prefix: OperatorPrefix(phone: phone))
    }

    package var start: Timestamp { Timestamp(milliseconds: minute * 60_000) }

    package static func minute(of moment: Timestamp) -> Int64 {
        let (quotient, remainder) = moment.milliseconds.quotientAndRemainder(dividingBy: 60_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// A step in whole minutes, at least one.
    package static func minutes(in step: Duration) -> Int64 {
        max(1, (step.wholeMilliseconds.addingReportingOverflow(59_999).partialValue) / 60_000)
    }
}

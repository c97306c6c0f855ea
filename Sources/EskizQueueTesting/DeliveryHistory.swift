package import EskizQueue

/// What happened to messages, as seen from outside: by the client that was answered, by the provider's ledger and by the
/// receivers of webhooks.
///
/// A value: whoever watches writes down what is seen, in any world, simulated or real, and asks for `violations` at the end.
/// Takes time in proportion to what was written down. Times are milliseconds of the watcher's own clock.
package struct DeliveryHistory: Sendable {
    /// A message, as one installation numbers it.
    package struct Key: Hashable, Comparable, Sendable {
        package var installation: Int
        package var number: String

        package init(_ number: String, of installation: Int = 0) {
            self.installation = installation
            self.number = number
        }

        package static func < (left: Self, right: Self) -> Bool {
            (left.installation, left.number.utf8.count, left.number)
                < (right.installation, right.number.utf8.count, right.number)
        }
    }

    /// Messages of one installation with the same phone and text: where rows bear no number nobody can tell them apart.
    package struct Group: Hashable, Sendable {
        package var installation: Int
        package var content: String

        package init(_ content: String, of installation: Int = 0) {
            self.installation = installation
            self.content = content
        }
    }

    /// What reached the provider of a request to send.
    package enum Arrival: Sendable, Hashable {
        case taken
        /// Answered so that everybody knows it was not taken.
        case refused
        /// Refused because of its token.
        case rejectedToken
        /// The sender heard nothing that says what became of it.
        case unclear(isTaken: Bool)

        var isTaken: Bool { self == .taken || self == .unclear(isTaken: true) }
        var isUnclear: Bool { if case .unclear = self { true } else { false } }
    }

    /// How a message stood at the end.
    package struct End: Sendable, Hashable {
        package var state: MessageState
        /// It has come to its end, or a person has to settle it.
        package var isSettled: Bool

        package init(state: MessageState, isSettled: Bool) {
            self.state = state
            self.isSettled = isSettled
        }
    }

    /// What is known of one message.
    package struct Record: Sendable {
        package var lane: Lane
        package var group: Group
        /// When it was kept.
        package var keptAt: Int64
        /// How long it was of use, from then.
        package var life: Int64?
        package var wantsWebhook: Bool
        /// The client was told that it is accepted.
        package var isAcknowledged = false
        /// It may stay `submitted`: its last word cannot be had.
        package var mayStaySubmitted = false
        /// The provider asked to wait until then.
        package var heldUntil: Int64?
        /// States that its receiver was told of.
        package var told: Set<MessageState> = []
        package var end: End?
        /// When a true report of it was taken in.
        package var reportedAt: Int64?
        /// The process that was answered that it is taken.
        package var answeredTo: String?
        /// When a store was told that Eskiz has taken it, by whatever process.
        fileprivate(set) var knownAt: Int64?
        /// When its last flight began.
        fileprivate var begunAt: Int64?
        /// A request for it came although the gateway knew that Eskiz has it.
        fileprivate(set) var sentKnowingly = false
        /// What listeners heard last.
        package var lastState: MessageState?
        /// When it is to be sent.
        fileprivate(set) var dueAt: Int64
        /// When a listener heard that it had expired.
        package var expiredAt: Int64?

        fileprivate(set) package var takes = 0
        fileprivate(set) var unclear = 0
        fileprivate(set) var lastArrival: Int64?
        fileprivate(set) var requestsOfFlight = 0
        fileprivate(set) var mostRequests = 0
        fileprivate(set) var waitingSince: Int64?
        fileprivate(set) var waits: [Range<Int64>] = []

        package init(lane: Lane, group: Group, keptAt: Int64, dueAt: Int64, life: Int64?, wantsWebhook: Bool) {
            self.lane = lane
            self.group = group
            self.keptAt = keptAt
            self.life = life
            self.wantsWebhook = wantsWebhook
            self.dueAt = dueAt
            waitingSince = dueAt
        }

        /// Stands where there is none; never changed.
        fileprivate static let nobodys = Self(
            lane: .bulk,
            group: .init(""),
            keptAt: 0,
            dueAt: 0,
            life: nil,
            wantsWebhook: false
        )

        fileprivate mutating func stopsWaiting(at now: Int64) {
            guard let since = waitingSince else { return }
            if since < now { waits.append(since..<now) }
            waitingSince = nil
        }
    }

    /// What is allowed.
    package struct Limits: Sendable {
        /// Requests for one message in one flight, whatever happens to tokens.
        package var requestsOfFlight = 3
        /// Requests for one message whose outcome was unclear.
        package var unclearRequests = 2
        /// How long a code may wait while nothing stands in its way.
        package var codeWait: Int64 = 6_000
        /// So long after it was to be sent a message has its end.
        package var settlingTime: Int64 = 60_000
        /// Whether a message that expires before its time is one too many.
        package var judgesEarlyEnds = true
        /// How far moments may be off.
        package var tolerance: Int64 = 1_500

        package init() {}
    }

    package var limits = Limits()
    package private(set) var records: [Key: Record] = [:]
    /// Times in which something other than the gateway kept messages from going, by installation.
    package private(set) var impediments: [Int: [Range<Int64>]] = [:]
    /// About these the provider's list did not say the truth.
    package var liedAbout: Set<Group> = []
    /// When the watcher stopped watching.
    private(set) var endedAt = Int64.max
    /// Requests with a number that nobody gave out.
    package private(set) var strangers: Set<Key> = []

    package init() {}

    // MARK: Writing down

    package mutating func kept(_ key: Key, _ record: Record) {
        if records[key] == nil { records[key] = record }
    }

    package mutating func change(_ key: Key, _ body: (inout Record) -> Void) {
        guard records[key] != nil else { return }
        body(&records[key, default: .nobodys])
    }

    /// A flight with it begins.
    package mutating func began(_ key: Key, at now: Int64) {
        change(key) { record in
            record.requestsOfFlight = 0
            record.begunAt = now
        }
    }

    /// A store was told that Eskiz has taken it: no flight may begin after that.
    package mutating func learned(_ key: Key, at now: Int64) { change(key) { $0.knownAt = $0.knownAt ?? now } }

    /// A request with it came to the provider.
    ///
    /// - Parameters:
    ///   - key: the message.
    ///   - arrival: what came of it.
    ///   - process: whoever sent it.
    ///   - now: the moment.
    package mutating func arrived(_ key: Key, _ arrival: Arrival, from process: String = "", at now: Int64) {
        guard records[key] != nil else {
            strangers.insert(key)
            return
        }
        change(key) { record in
            record.stopsWaiting(at: now)
            record.lastArrival = now
            if let reported = record.reportedAt, reported < now { record.sentKnowingly = true }
            if let answered = record.answeredTo, answered == process { record.sentKnowingly = true }
            if let known = record.knownAt, let begun = record.begunAt, known < begun { record.sentKnowingly = true }
            record.requestsOfFlight += 1
            record.mostRequests = max(record.mostRequests, record.requestsOfFlight)
            if arrival.isTaken { record.takes += 1 }
            if arrival.isUnclear { record.unclear += 1 }
        }
    }

    /// A listener heard of its state.
    package mutating func entered(_ key: Key, _ state: MessageState, at now: Int64) {
        change(key) { record in
            record.lastState = state
            switch state {
            // The pause that the provider asked for is not the gateway's.
            case .queued: record.waitingSince = record.waitingSince ?? max(now, record.heldUntil ?? now)
            case .scheduled, .sending: break
            case .expired:
                record.expiredAt = record.expiredAt ?? now
                record.stopsWaiting(at: now)
            case .unknown, .submitted, .delivered, .undelivered, .failed, .cancelled: record.stopsWaiting(at: now)
            }
        }
    }

    /// Messages that need not end before a moment: they are to be sent later, or their last word cannot be had.
    package func endless(before moment: Int64, of installation: Int) -> Int {
        records.count { key, record in
            guard key.installation == installation else { return false }
            return switch record.lastState {
            case nil, .scheduled: record.dueAt > moment
            case .submitted: record.mayStaySubmitted
            default: false
            }
        }
    }

    /// The clock by which a message with a time of its own goes was set forward: its time and its end come sooner.
    package mutating func clockMoved(_ key: Key, by shift: Int64, at now: Int64) {
        change(key) { record in
            record.dueAt -= shift
            record.life = record.life.map { $0 - shift }
            record.waitingSince = record.waitingSince.map { max(now, $0 - shift) }
        }
    }

    /// Something other than the gateway keeps messages from going.
    package mutating func impeded(_ range: Range<Int64>, of installation: Int = 0) {
        if !range.isEmpty { impediments[installation, default: []].append(range) }
    }

    /// The last that is written down.
    package mutating func ended(at now: Int64) {
        endedAt = now
        for key in records.keys { records[key]?.stopsWaiting(at: now) }
    }
}

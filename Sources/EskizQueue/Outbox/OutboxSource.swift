/// Messages that applications leave in a database of theirs, in their own transactions, for a gateway to take.
///
/// Taken exactly once: a row belongs to the store that took it first, for good. That store keeps the message under an
/// idempotency key made of the row, and only then is the row marked; whoever falls between the two does it again, and
/// nothing happens twice.
package protocol OutboxSource: Sendable {
    /// Tells this outbox from every other, so that rows of two never meet under one key.
    var identity: String { get async throws(StoreError) }

    /// Marks rows and takes others, in one transaction.
    ///
    /// Rows that were taken before and never marked come again.
    ///
    /// - Parameters:
    ///   - results: what became of rows that were taken.
    ///   - limits: how many of each lane at most; of a lane that is not there, none.
    ///   - isSweep: looks at everything that waits; otherwise at what has come lately.
    /// - Returns: rows that are this store's from now on, the most urgent first.
    /// - Throws: what keeps the outbox from it; then nothing is marked, or everything is.
    func exchange(
        _ results: [OutboxResult],
        limits: [Lane: Int],
        isSweep: Bool
    ) async throws(StoreError) -> [OutboxRow]

    /// Waits until somebody says that there is something to take, or until the time is over.
    ///
    /// - Returns: false, at once, where nobody can say so.
    func waitForWork(upTo limit: Duration) async throws(StoreError) -> Bool

    /// Tells how messages are; those that are not of this outbox, or have their end already, are left out.
    func report(_ statuses: [OutboxStatus]) async throws(StoreError)

    /// Messages of this store whose end the outbox does not know, in the order of their rows.
    func open(after row: Int64, limit: Int) async throws(StoreError) -> [OpenRow]

    /// Forgets rows whose end is longer ago, up to `limit`.
    ///
    /// - Returns: how many went.
    func prune(olderThan age: Duration, limit: Int) async throws(StoreError) -> Int

    /// Ends the connections.
    func close() async
}

/// A message as an application left it.
///
/// The database's clock measures, so all times are durations.
package struct OutboxRow: Sendable, Hashable {
    package var id: Int64
    /// The role that left it.
    package var sender: String
    package var lane: Lane
    package var phone: String
    package var text: String
    package var from: String?
    /// How long it is worth sending, from the moment it was left or is to be sent.
    package var expiresIn: Duration?
    /// How long ago that moment was; negative if it is to come.
    package var age: Duration
    /// When it is to be sent; nil for as soon as possible.
    package var dueIn: Duration?
    package var reference: String?
    package var webhookURL: String?
    package var normalizes: Bool?
    package var purpose: String?

    package init(
        id: Int64,
        sender: String,
        lane: Lane,
        phone: String,
        text: String,
        from: String? = nil,
        expiresIn: Duration? = nil,
        age: Duration = .zero,
        dueIn: Duration? = nil,
        reference: String? = nil,
        webhookURL: String? = nil,
        normalizes: Bool? = nil,
        purpose: String? = nil
    ) {
        self.id = id
        self.sender = sender
        self.lane = lane
        self.phone = phone
        self.text = text
        self.from = from
        self.expiresIn = expiresIn
        self.age = age
        self.dueIn = dueIn
        self.reference = reference
        self.webhookURL = webhookURL
        self.normalizes = normalizes
        self.purpose = purpose
    }
}

extension OutboxRow: CustomStringConvertible, CustomReflectable {
    /// Number and lane, never phone or text.
    package var description: String { "outbox row \(id) in \(lane.rawValue)" }
    /// A mirror that shows no more than `description`.
    package var customMirror: Mirror { Mirror(self, children: ["row": description]) }
}

/// What became of a row that was taken.
package struct OutboxResult: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        /// It is in the queue.
        case accepted(MessageID, MessageState)
        /// It cannot be a message.
        case refused(MessageError)
        /// Its time was over before it was taken.
        case expired
    }

    package var row: Int64
    package var outcome: Outcome

    package init(_ row: Int64, _ outcome: Outcome) {
        self.row = row
        self.outcome = outcome
    }
}

/// How a message of the outbox is now.
package struct OutboxStatus: Sendable, Hashable {
    package var message: MessageID
    /// Nil for one that the store has forgotten: nothing more will be heard of it.
    package var state: MessageState?
    package var detail: String?
    package var providerID: String?
    package var error: MessageError?
    package var attempts: Int
    package var sinceSubmitted: Duration?
    package var sinceFinal: Duration?

    package init(_ message: Message, at now: Timestamp) {
        self.message = message.id
        state = message.state
        detail = message.statusDetail
        providerID = message.providerID
        error = message.error
        attempts = message.attempts
        sinceSubmitted = message.submittedAt.map { now - $0 }
        sinceFinal = message.finalAt.map { now - $0 }
    }

    package init(forgotten message: MessageID) {
        self.message = message
        attempts = 0
    }
}

/// A row whose end is not known, and the message that it became.
package struct OpenRow: Sendable, Hashable {
    package var row: Int64
    package var message: MessageID
    /// What the outbox says of it.
    package var status: String

    package init(row: Int64, message: MessageID, status: String) {
        self.row = row
        self.message = message
        self.status = status
    }
}

/// A store that several gateways may have open at once.
///
/// What one of them does the others hear of here, and would find without it a moment later.
package protocol FleetStore: SharedAnswers {
    /// Waits until another gateway says that there is work, but no longer than so long; counts are fresh then.
    func waitForNews(upTo limit: Duration) async throws(StoreError)

    /// Says to the others that there is work, if there are any.
    func tellNews() async throws(StoreError)

    /// How many other gateways were alive a moment ago.
    var otherGateways: Int { get }

    /// Who is there, the first that came first.
    func gateways() async throws(StoreError) -> [FleetMember]

    /// Says to the others which messages were changed here, if there are any others.
    func tell(changed messages: [MessageID]) async throws(StoreError)

    /// The messages that others have changed since the last call; nothing at the first.
    ///
    /// - Parameter limit: of so many or more nothing is said but that there were too many.
    /// - Returns: nil for too many.
    /// - Throws: `StoreError` if the store cannot be asked.
    func changedElsewhere(limit: Int) async throws(StoreError) -> [MessageID]?

    /// Says to the others, now and to those that come, what Eskiz has said of the whole account.
    func tell(_ news: AccountNews, for time: Duration) async throws(StoreError)

    /// What others were told of the account and has not been said by an earlier call, and how long it counts yet.
    func accountNews() async throws(StoreError) -> [(news: AccountNews, left: Duration)]

    /// What a failure of the database may cost.
    func promise() async throws(StoreError) -> FleetPromise

    /// What makes the database slow, if anything does.
    func health() async throws(StoreError) -> DatabaseHealth

    /// Messages by their numbers, as they are now.
    func messages(_ ids: [MessageID]) async throws(StoreError) -> [Message]
}

/// One gateway of several on a store.
package struct FleetMember: Sendable, Hashable {
    /// Unique to its process: host, process, chance.
    package var owner: String
    package var version: String
    package var startedAt: Timestamp
    /// For how long it has said nothing.
    package var silence: Duration
    /// Whether it is the one that was asked.
    package var isThis: Bool
    /// Messages that it has claimed and not settled.
    package var inHand: Int

    /// It says something every second.
    package static let patience: Duration = .seconds(10)

    package init(
        owner: String,
        version: String,
        startedAt: Timestamp,
        silence: Duration,
        isThis: Bool,
        inHand: Int = 0
    ) {
        self.owner = owner
        self.version = version
        self.startedAt = startedAt
        self.silence = silence
        self.isThis = isThis
        self.inHand = inHand
    }

    /// Its host: the owner is host, process and chance.
    package var host: String {
        let parts = owner.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count > 2 ? parts.dropLast(2).joined(separator: "-") : owner
    }

    package var isAlive: Bool { silence < Self.patience }
}

/// What becomes of accepted messages when a database fails.
package enum FleetPromise: String, Sendable, Hashable, CaseIterable {
    /// A standby has each commit before it is answered: its promotion loses nothing.
    case synchronous
    /// A standby follows behind: its promotion may lose the last moments.
    case asynchronous
    /// There is no standby.
    case alone
    /// The database is set not to flush what it commits: a crash may lose the last moments.
    case unflushed
}

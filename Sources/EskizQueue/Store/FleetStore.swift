/// A store that several gateways may have open at once.
///
/// What one of them does the others hear of here, and would find without it a moment later.
package protocol FleetStore: Sendable {
    /// Waits until another gateway says that there is work, but no longer than so long; counts are fresh then.
    func waitForNews(upTo limit: Duration) async throws(StoreError)

    /// Says to the others that there is work, if there are any.
    func tellNews() async throws(StoreError)

    /// How many other gateways were alive a moment ago.
    var otherGateways: Int { get }

    /// Who is there, the first that came first.
    func gateways() async throws(StoreError) -> [FleetMember]

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

    /// It says something every second.
    package static let patience: Duration = .seconds(10)

    package init(owner: String, version: String, startedAt: Timestamp, silence: Duration, isThis: Bool) {
        self.owner = owner
        self.version = version
        self.startedAt = startedAt
        self.silence = silence
        self.isThis = isThis
    }

    package var isAlive: Bool { silence < Self.patience }
}

/// Where a token outlives the process, and where processes agree who renews it.
package protocol TokenStore: Sendable {
    /// Where that is, for people: a path, or `memory`.
    var location: String { get }

    /// The record as it is now. What cannot be trusted (half a file, somebody else's, readable by others) counts as
    /// absent and is named in `anomaly`.
    func load() async throws(TokenStoreError) -> StoredToken

    /// Takes the lock that spans reading again, the credential call and publishing.
    func lock(until deadline: Instant, clock: any KeeperClock) async throws(TokenStoreError) -> TokenStoreLock

    /// Stores a record durably if the stored generation still is `generation`.
    /// - Returns: nil if it was stored, else the record that is there instead.
    func publish(_ record: TokenRecord, replacing generation: UInt64) async throws(TokenStoreError) -> StoredToken?
}

/// What a store holds.
package struct StoredToken: Sendable, Equatable {
    package var record: TokenRecord?
    /// Why something that is there was not taken: one sentence.
    package var anomaly: String?

    package init(record: TokenRecord?, anomaly: String? = nil) {
        self.record = record
        self.anomaly = anomaly
    }
}

/// The store did not do what it was asked.
///
/// Busy and unreachable are different things (token-keeper.md F6).
package enum TokenStoreError: Error, Sendable, Equatable {
    /// Another process holds the lock and did not let go in time.
    case busy
    /// The store cannot be used: read-only, full, gone. The sentence says which and why.
    case unreachable(String)
    /// The waiting task was cancelled.
    case cancelled
}

/// The lock of a store; released once, and by the end of the process in any case.
package struct TokenStoreLock: Sendable {
    private let release: @Sendable () -> Void

    package init(release: @escaping @Sendable () -> Void) {
        self.release = release
    }

    package func unlock() {
        release()
    }
}

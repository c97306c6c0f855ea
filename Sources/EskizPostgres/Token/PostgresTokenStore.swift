package import Eskiz
import Synchronization

extension Schema {
    /// Where the token of the account is kept.
    package static let token = Schema(
        component: "token",
        steps: [Step(oldestReader: 1, sql: String(decoding: PackageResources.token_1_sql, as: UTF8.self))]
    )
}

/// The token in one row of a PostgreSQL, sealed, for all hosts of an account.
///
/// Who renews it has the row's lease, by the database's time; what was renewed is published by compare-and-set on the
/// generation, so that a host that was frozen in the middle changes nothing when it comes back.
package final class PostgresTokenStore: TokenStore {
    private let connection: PostgresConnection
    private let coding: TokenRecordCoding
    private let owner: String
    /// The lease that is to be given back.
    private let unlocking = Mutex<Int64?>(nil)

    /// Longer than a credential call may take; a process that ended in one is waited for no longer than this.
    private static let lease = "60 seconds"
    /// Between two looks at a lease that somebody else has.
    private static let pause: Int64 = 100_000_000

    /// Connects with the first call.
    ///
    /// - Parameters:
    ///   - address: of the database.
    ///   - key: 32 bytes that seal the token.
    ///   - owner: different for each process.
    ///   - migrating: whether the table may be made.
    package init(_ address: PostgresAddress, key: Redacted<[UInt8]>, owner: String, migrating: Bool) {
        connection = PostgresConnection(address, purpose: "eskiz-token") { (session) throws(PostgresError) in
            try Schema.token.require(session, migrating: migrating)
        }
        coding = TokenRecordCoding(key: key)
        self.owner = owner
    }

    package var location: String { "PostgreSQL, eskiz.token" }

    /// Connects, and says what is in the way.
    package func connect() async throws(PostgresError) {
        try await connection.script("SELECT 1")
    }

    package func load() async throws(TokenStoreError) -> StoredToken {
        let bytes = try await run { (session) throws(PostgresError) in
            try session.query("SELECT record FROM eskiz.token WHERE id = 1").first?.optionalBytes("record")
        }
        return stored(bytes)
    }

    private func stored(_ bytes: [UInt8]?) -> StoredToken {
        guard let bytes else { return StoredToken(record: nil) }
        switch coding.decode(bytes) {
        case .success(let record): return StoredToken(record: record)
        case .failure(let reason):
            return StoredToken(record: nil, anomaly: "The row of eskiz.token is not used: \(reason.sentence).")
        }
    }

    package func lock(until deadline: Instant, clock: any KeeperClock) async throws(TokenStoreError) -> TokenStoreLock {
        await unlockNow()
        let owner = owner
        while true {
            let fence = try await run { (session) throws(PostgresError) in
                try session.query(
                    """
                    UPDATE eskiz.token SET lease_owner = $1, lease_fence = lease_fence + 1, \
                    lease_until = clock_timestamp() + interval '\(Self.lease)' \
                    WHERE id = 1 AND (lease_owner IS NULL OR lease_until <= clock_timestamp()) RETURNING lease_fence
                    """,
                    [.text(owner)]
                ).first?.int("lease_fence")
            }
            if let fence {
                return TokenStoreLock { [self] in
                    unlocking.withLock { $0 = fence }
                    // Nobody waits for it; `close` does it if this has not come to it.
                    Task { await unlockNow() }
                }
            }
            try await LockWait.pause(until: deadline, clock: clock, step: Self.pause)
        }
    }

    private func unlockNow() async {
        guard
            let fence = unlocking.withLock({ fence in
                defer { fence = nil }
                return fence
            })
        else { return }
        let owner = owner
        _ = try? await run { (session) throws(PostgresError) in
            _ = try session.query(
                "UPDATE eskiz.token SET lease_owner = NULL WHERE id = 1 AND lease_owner = $1 AND lease_fence = $2",
                [.text(owner), .int(fence)]
            )
        }
    }

    package func publish(
        _ record: TokenRecord,
        replacing generation: UInt64
    ) async throws(TokenStoreError) -> StoredToken? {
        guard let bytes = coding.encode(record) else { throw .unreachable("the token could not be sealed") }
        let values: [PostgresValue] = [
            .int(Int64(clamping: record.generation)), .bytes(bytes), .int(Int64(clamping: generation)),
        ]
        let isPublished = try await run { (session) throws(PostgresError) in
            try session.query(
                """
                UPDATE eskiz.token SET generation = $1, record = $2, changed_at = now() \
                WHERE id = 1 AND generation = $3
                """,
                values
            ).changed == 1
        }
        return isPublished ? nil : try await load()
    }

    /// Gives back what it holds, and ends the connection.
    package func close() async {
        await unlockNow()
        await connection.close()
    }

    private func run<Value: Sendable>(
        _ body: @Sendable (PostgresSession) throws(PostgresError) -> Value
    ) async throws(TokenStoreError) -> Value {
        for attempt in 1...2 {
            do throws(PostgresError) {
                return try await connection.run(body)
            } catch {
                // A connection that broke while nobody used it is noticed only now.
                if attempt == 1, error.kind.closesConnection || error.kind.isWorthRepeating { continue }
                throw .unreachable("\(error)")
            }
        }
        throw .busy
    }
}

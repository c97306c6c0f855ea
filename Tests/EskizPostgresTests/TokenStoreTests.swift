import Eskiz
import EskizPostgres
import Testing

/// The token in a row: whole or absent, sealed, and one who renews it.
struct PostgresTokenStoreTests {
    private static let key = Redacted([UInt8](repeating: 7, count: 32))
    private let clock = SystemKeeperClock()

    private func record(_ generation: UInt64 = 1) -> TokenRecord {
        TokenRecord(
            generation: generation,
            token: BearerToken("header\(generation).payload.signature"),
            receivedWall: 1_800_000_000_123_456_789,
            serverOffset: -5_000_000_000,
            origin: "https://notify.eskiz.uz/api",
            account: "0123456789abcdef"
        )
    }

    private func store(_ database: TestDatabase, _ owner: String, key: Redacted<[UInt8]> = key) -> PostgresTokenStore {
        PostgresTokenStore(database.address, key: key, owner: owner, migrating: true)
    }

    private func soon(_ duration: Duration = .seconds(5)) -> Instant {
        var moment = clock.now()
        moment.elapsed += duration.components.seconds * 1_000_000_000
        return moment
    }

    @Test func `what was stored is read again on another host, and stands sealed in the database`() async throws {
        let database = try await TestServer.shared.database()
        let (one, other) = (store(database, "a"), store(database, "b"))
        #expect(try await one.load() == StoredToken(record: nil))
        #expect(try await one.publish(record(), replacing: 0) == nil)
        #expect(try await other.load() == StoredToken(record: record()))
        let token = try #require(record().token?.raw.reveal())
        let hits = try await database.number(
            "SELECT count(*) FROM eskiz.token WHERE position(convert_to('\(token)', 'UTF8') IN record) > 0"
        )
        #expect(hits == 0)
        let stranger = store(database, "c", key: Redacted([UInt8](repeating: 8, count: 32)))
        let unread = try await stranger.load()
        #expect(unread.record == nil)
        #expect(unread.anomaly != nil)
        for store in [one, other, stranger] { await store.close() }
    }

    @Test func `of two who renewed the same generation one is published`() async throws {
        let database = try await TestServer.shared.database()
        let (one, other) = (store(database, "a"), store(database, "b"))
        #expect(try await one.publish(record(1), replacing: 0) == nil)
        #expect(try await one.publish(record(2), replacing: 1) == nil)
        let late = try await other.publish(record(2), replacing: 1)
        #expect(late?.record?.generation == 2)
        await one.close()
        await other.close()
    }

    @Test func `one renews at a time, and who ends gives the lease back`() async throws {
        let database = try await TestServer.shared.database()
        let (one, other) = (store(database, "a"), store(database, "b"))
        let lock = try await one.lock(until: soon(), clock: clock)
        let busy = await #expect(throws: TokenStoreError.self) {
            _ = try await other.lock(until: soon(.zero), clock: clock)
        }
        #expect(busy == .busy)
        lock.unlock()
        await one.close()
        let next = try await other.lock(until: soon(), clock: clock)
        next.unlock()
        await other.close()
    }

    @Test func `a lease that has run out is another's, and its former owner cannot give it back`() async throws {
        let database = try await TestServer.shared.database()
        let (one, other) = (store(database, "a"), store(database, "b"))
        let frozen = try await one.lock(until: soon(), clock: clock)
        try await database.script("UPDATE eskiz.token SET lease_until = now() - interval '1 second'")
        _ = try await other.lock(until: soon(), clock: clock)
        frozen.unlock()
        await one.close()
        #expect(try await database.number("SELECT count(*) FROM eskiz.token WHERE lease_owner = 'b'") == 1)
        await other.close()
    }
}

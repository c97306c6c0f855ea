package import EskizQueue
import Synchronization

/// Messages in a PostgreSQL, which several gateways may share.
///
/// Each writer has a connection of its own and commits for everybody who waits (`CommitQueue`); reading goes beside them.
///
/// ```swift
/// let store = PostgresMessageStore(PostgresAddress("postgres://eskiz@db.example.test/eskiz"), owner: "host-1")
/// try await store.open()
/// ```
package final class PostgresMessageStore: MessageStore {
    package struct Options: Sendable {
        /// Whether the tables may be made, or brought up to date.
        package var migrates = true
        /// Only looks, and changes keys: it takes no place among the gateways.
        package var isGuest = false

        package init() {}
    }

    let accepting: CommitQueue
    let sending: CommitQueue
    let reporting: CommitQueue
    let keeping: CommitQueue
    let ledger = StoreLedger()
    private let heartbeat: PostgresConnection
    private let readers: [PostgresConnection]
    private let nextReader = Atomic<Int>(0)
    private let owner: String
    private let options: Options

    /// Connects with the first call.
    ///
    /// - Parameters:
    ///   - address: of the database.
    ///   - owner: who this is: different for each process.
    ///   - options: what it may do.
    package init(_ address: PostgresAddress, owner: String, options: Options = Options()) {
        self.owner = owner
        self.options = options
        func connection(_ purpose: String) -> PostgresConnection {
            PostgresConnection(address, purpose: purpose) { (session) throws(PostgresError) in
                try Schema.messages.require(session, migrating: options.migrates)
                // A queue that was empty when its statistics were taken is full a moment later: never by a walk over all.
                if !session.isPooled { try session.script("SET enable_seqscan = off; SET enable_bitmapscan = off") }
            }
        }
        accepting = CommitQueue(connection("eskiz-accept"), writer: 0, ledger: ledger)
        sending = CommitQueue(connection("eskiz-sending"), writer: StoreLedger.claimer, ledger: ledger)
        reporting = CommitQueue(connection("eskiz-reports"), writer: 2, ledger: ledger)
        keeping = CommitQueue(connection("eskiz-keeping"), writer: 3, ledger: ledger)
        heartbeat = connection("eskiz-heart")
        readers = [connection("eskiz-read-1"), connection("eskiz-read-2")]
    }

    /// Connects, makes the tables where that is allowed, and takes a place among the gateways.
    ///
    /// - Throws: ``PostgresError`` with what is in the way.
    package func open() async throws(PostgresError) {
        let (ledger, owner, isGuest) = (ledger, owner, options.isGuest)
        try await heartbeat.run { (session) throws(PostgresError) in
            if !isGuest, ledger.slot == nil { ledger.slot = try GatewayRow.take(by: owner, session) }
            ledger.read(try CountRows.all(session), own: true)
            let row = try session.query("SELECT number_offset FROM eskiz.numbers WHERE id = 1").first
            guard let row else { throw PostgresError(.schemaMissing) }
            ledger.numbers = NumberBlock(offset: try row.int("number_offset"))
        }
    }

    /// Transactions committed by its writers since it was opened.
    package var commits: Int { [accepting, sending, reporting, keeping].reduce(0) { $0 + $1.commits } }

    package var depth: QueueDepth { ledger.figures.depth }

    package func checkWritable() async throws(StoreError) {
        try await keeping.perform(.durable) { (transaction) throws(PostgresError) in
            _ = try transaction.session.query(
                """
                INSERT INTO eskiz.counts (shard, name, value) VALUES ($1, 'probe', 0) \
                ON CONFLICT (shard, name) DO UPDATE SET value = 0
                """,
                [.int(Int64(transaction.shard))]
            )
        }
    }

    package func close() async {
        for queue in [accepting, sending, reporting, keeping] { await queue.close() }
        let (owner, slot) = (owner, ledger.slot)
        if let slot {
            try? await heartbeat.run { (session) throws(PostgresError) in
                try GatewayRow.leave(slot, owner, session)
            }
        }
        await heartbeat.close()
        for reader in readers { await reader.close() }
    }

    /// Asks the tables beside the writers.
    func read<Value: Sendable>(
        _ body: @Sendable (PostgresSession) throws(PostgresError) -> Value
    ) async throws(StoreError) -> Value {
        let turn = nextReader.wrappingAdd(1, ordering: .relaxed).oldValue
        let reader = readers[abs(turn % readers.count)]
        do throws(PostgresError) {
            return try await reader.run(body)
        } catch {
            // A connection that the server has ended meanwhile is noticed only when it is used. Reading changes nothing.
            guard error.kind.closesConnection || error.kind.isWorthRepeating else { throw StoreError(error) }
            do throws(PostgresError) { return try await reader.run(body) } catch { throw StoreError(error) }
        }
    }

    /// Says on a connection of its own that this gateway is alive.
    func beat<Value: Sendable>(
        _ body: @Sendable (PostgresSession) throws(PostgresError) -> Value
    ) async throws(StoreError) -> Value {
        do throws(PostgresError) { return try await heartbeat.run(body) } catch { throw StoreError(error) }
    }
}

/// A gateway's place, as a row of `eskiz.gateways`.
enum GatewayRow {
    /// Takes the lowest place that nobody has used for a while, or a new one.
    static func take(by owner: String, _ session: PostgresSession) throws(PostgresError) -> Int {
        for _ in 0..<20 {
            let taken = try session.query(
                """
                UPDATE eskiz.gateways SET owner = $1, started_at = now(), seen_at = now() WHERE slot = (\
                SELECT slot FROM eskiz.gateways WHERE seen_at < now() - interval '60 seconds' ORDER BY slot LIMIT 1 \
                FOR UPDATE SKIP LOCKED) RETURNING slot
                """,
                [.text(owner)]
            ).first
            if let taken { return try taken.number("slot") }
            let made = try session.query(
                """
                INSERT INTO eskiz.gateways (slot, owner) SELECT coalesce(max(slot), -1) + 1, $1 FROM eskiz.gateways \
                ON CONFLICT DO NOTHING RETURNING slot
                """,
                [.text(owner)]
            ).first
            if let made { return try made.number("slot") }
        }
        throw PostgresError(.serialization)
    }

    static func leave(_ slot: Int, _ owner: String, _ session: PostgresSession) throws(PostgresError) {
        _ = try session.query(
            "UPDATE eskiz.gateways SET seen_at = '-infinity' WHERE slot = $1 AND owner = $2",
            [.int(Int64(slot)), .text(owner)]
        )
    }
}

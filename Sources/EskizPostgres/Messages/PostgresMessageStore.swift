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
        /// Where notifications come from, if not from the same address: past a pooler.
        package var listening: PostgresAddress?
        /// Of the program, for whoever looks at the fleet.
        package var version = ""
        /// By how much the number of a message's claim grows: by chance, because claims are committed unflushed.
        ///
        /// After a crash of the server the message may be claimed again, while whoever has the forgotten claim still believes
        /// in it.
        package var fenceStep: @Sendable () -> Int64 = { .random(in: 1...(1 << 24)) }

        package init() {}
    }

    let accepting: CommitQueue
    let sending: CommitQueue
    let reporting: CommitQueue
    let keeping: CommitQueue
    let ledger = StoreLedger()
    let heard = HeardNews()
    let snapshots = Mutex(SnapshotWatch())
    private let heartbeat: PostgresConnection
    private let listener: PostgresConnection
    private let readers: [PostgresConnection]
    private let nextReader = Atomic<Int>(0)
    private let beatPace = Mutex(BeatPace())
    let owner: String
    let options: Options

    /// Connects with the first call.
    ///
    /// - Parameters:
    ///   - address: of the database.
    ///   - owner: who this is: different for each process.
    ///   - options: what it may do.
    package init(_ address: PostgresAddress, owner: String, options: Options = Options()) {
        self.owner = owner
        self.options = options
        func connection(_ purpose: String, _ setting: String = "") -> PostgresConnection {
            PostgresConnection(address, purpose: purpose) { (session) throws(PostgresError) in
                try Schema.messages.require(session, migrating: options.migrates)
                try Schema.fleet.require(session, migrating: options.migrates)
                // A queue that was empty when its statistics were taken is full a moment later: never by a walk over all.
                // What walks over a small table all the same looks so costly then that it would be compiled, which takes
                // half a second.
                if !session.isPooled {
                    let plans =
                        "SET enable_seqscan = off; SET enable_bitmapscan = off; SET jit = off; SET plan_cache_mode = force_generic_plan; "
                    try session.script(plans + setting)
                }
            }
        }
        accepting = CommitQueue(connection("eskiz-accept"), writer: 0, ledger: ledger)
        sending = CommitQueue(connection("eskiz-sending"), writer: StoreLedger.claimer, ledger: ledger)
        reporting = CommitQueue(connection("eskiz-reports"), writer: 2, ledger: ledger)
        keeping = CommitQueue(connection("eskiz-keeping"), writer: 3, ledger: ledger)
        // What it says of this gateway is worth nothing after a crash of the server, and need not be flushed.
        heartbeat = connection("eskiz-heart", "SET synchronous_commit = off")
        readers = [connection("eskiz-read-1"), connection("eskiz-read-2")]
        listener = PostgresConnection(options.listening ?? address, purpose: "eskiz-listen") {
            (session) throws(PostgresError) in _ = try session.listen(Self.channel)
        }
    }

    /// Connects, makes the tables where that is allowed, and takes a place among the gateways.
    ///
    /// - Throws: ``PostgresError`` with what is in the way.
    package func open() async throws(PostgresError) {
        let (ledger, owner, isGuest, version) = (ledger, owner, options.isGuest, options.version)
        try await heartbeat.run { (session) throws(PostgresError) in
            if !isGuest, ledger.slot == nil { ledger.slot = try GatewayRow.take(by: owner, version, session) }
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
        await listener.close()
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

extension PostgresMessageStore: FleetStore {
    package var fleet: (any FleetStore)? { self }

    static let channel = "eskiz_work"

    package func waitForNews(upTo limit: Duration) async throws(StoreError) {
        let owner = owner
        do throws(PostgresError) {
            let isHeard = try await listener.run { (session) throws(PostgresError) in
                guard !session.isPooled else { return false }
                _ = try session.notification(upTo: limit, but: owner)
                return true
            }
            // Behind a pooler nobody is called: look again a little later.
            if !isHeard { await listener.pause(limit / 4) }
        } catch {
            throw StoreError(error)
        }
        let (ledger, isDue) = (ledger, beatPace.withLock { $0.isDue(at: .now) })
        try await beat { (session) throws(PostgresError) in
            if isDue, let slot = ledger.slot {
                ledger.others = try GatewayRow.beat(slot, owner, session)
            }
            ledger.read(try CountRows.all(session))
        }
    }

    package var otherGateways: Int { ledger.others }

    package func tellNews() async throws(StoreError) {
        guard ledger.others > 0 else { return }
        // From a connection of its own, after the commit: inside of it, all who commit would wait for each other.
        let owner = owner
        try await beat { (session) throws(PostgresError) in
            _ = try session.query(
                "SELECT pg_catalog.pg_notify('eskiz_work', $1) IS NULL AS told",
                [.text(owner)],
                isPrepared: true
            )
        }
    }

    package func messages(_ ids: [MessageID]) async throws(StoreError) -> [Message] {
        try await read { (session) throws(PostgresError) in
            try session.query(
                "SELECT \(MessageRow.selection) FROM eskiz.messages m WHERE m.id = ANY($1)",
                [.ints(ids.map(\.rawValue))],
                isPrepared: true
            ).map(MessageRow.message)
        }
    }

    /// Who is there, by the database's time.
    package func gateways() async throws(StoreError) -> [FleetMember] {
        let owner = owner
        return try await read { (session) throws(PostgresError) in
            try session.query(
                """
                SELECT owner, version, (extract(epoch FROM started_at) * 1000)::bigint AS started_at, \
                (extract(epoch FROM clock_timestamp() - seen_at) * 1000)::bigint AS silent, \
                (SELECT count(*) FROM eskiz.messages m WHERE m.owner = g.owner) AS in_hand \
                FROM eskiz.gateways g WHERE seen_at > now() - interval '1 hour' ORDER BY slot
                """
            ).map { (row) throws(PostgresError) in
                let name = try row.text("owner")
                return FleetMember(
                    owner: name,
                    version: try row.text("version"),
                    startedAt: try row.moment("started_at"),
                    silence: .milliseconds(try row.int("silent")),
                    isThis: name == owner,
                    inHand: try row.number("in_hand")
                )
            }
        }
    }
}

/// A gateway's place, as a row of `eskiz.gateways`.
enum GatewayRow {
    /// Takes the lowest place that nobody has used for a while, or a new one.
    static func take(
        by owner: String,
        _ version: String,
        _ session: PostgresSession
    ) throws(PostgresError) -> Int {
        for _ in 0..<20 {
            let taken = try session.query(
                """
                UPDATE eskiz.gateways SET owner = $1, version = $2, started_at = now(), seen_at = now() WHERE slot = (\
                SELECT slot FROM eskiz.gateways WHERE seen_at < now() - interval '60 seconds' ORDER BY slot LIMIT 1 \
                FOR UPDATE SKIP LOCKED) RETURNING slot
                """,
                [.text(owner), .text(version)]
            ).first
            if let taken { return try taken.number("slot") }
            let made = try session.query(
                """
                INSERT INTO eskiz.gateways (slot, owner, version) SELECT coalesce(max(slot), -1) + 1, $1, $2 FROM eskiz.gateways \
                ON CONFLICT DO NOTHING RETURNING slot
                """,
                [.text(owner), .text(version)]
            ).first
            if let made { return try made.number("slot") }
        }
        throw PostgresError(.serialization)
    }

    /// - Returns: how many others are there.
    static func beat(_ slot: Int, _ owner: String, _ session: PostgresSession) throws(PostgresError) -> Int {
        let row = try session.query(
            """
            WITH mine AS (UPDATE eskiz.gateways SET seen_at = now() WHERE slot = $1 AND owner = $2) \
            SELECT count(*) AS others FROM eskiz.gateways \
            WHERE owner <> $2 AND seen_at > now() - interval '10 seconds'
            """,
            [.int(Int64(slot)), .text(owner)],
            isPrepared: true
        ).first
        return try row?.number("others") ?? 0
    }

    static func leave(_ slot: Int, _ owner: String, _ session: PostgresSession) throws(PostgresError) {
        _ = try session.query(
            "UPDATE eskiz.gateways SET seen_at = '-infinity' WHERE slot = $1 AND owner = $2",
            [.int(Int64(slot)), .text(owner)]
        )
    }
}

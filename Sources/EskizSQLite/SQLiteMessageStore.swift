package import EskizQueue
import GRDB

/// Messages in one SQLite file.
///
/// Everything that changes goes through one writer (`GroupCommit`); reading goes beside it and never waits for it.
///
/// ```swift
/// let store = try SQLiteMessageStore(path: "/var/lib/eskiz/eskiz.sqlite")
/// defer { await store.close() }
/// ```
package final class SQLiteMessageStore: MessageStore {
    let path: String
    let pool: DatabasePool
    let group: GroupCommit
    /// Nil for a guest, whose few commits SQLite looks after.
    private let checkpoints: Checkpoints?
    /// As it was on opening: its offset does not change.
    let numbering: MessageNumbering
    /// Nil for a guest.
    private let lock: FileLock?

    /// Opens the file, or makes it, with its folder, for this process alone.
    ///
    /// - Parameters:
    ///   - path: of the database; `-wal`, `-shm` and `.lock` are beside it. The file is made with mode 0600, a folder
    ///     that is missing with 0700.
    ///   - numberOffset: what keeps the numbers of a new file apart from other installations'; drawn by chance unless given.
    /// - Throws: `database_locked` if another process has it open, `database_newer` if a later version wrote it, and whatever
    ///   keeps it from being written.
    package convenience init(path: String, numberOffset: Int64? = nil) throws(StoreError) {
        var options = Options()
        if let numberOffset { options.numberOffset = numberOffset }
        try self.init(path: path, options: options)
    }

    /// Opens the file beside the process that has it: for looking, and for keys.
    ///
    /// A guest does not accept, claim or settle: the counts of waiting messages are the owner's. Nor does it change the
    /// tables of a file that another version wrote.
    package convenience init(guestOf path: String) throws(StoreError) {
        var options = Options()
        options.isGuest = true
        try self.init(path: path, options: options)
    }

    /// What tests change.
    struct Options: Sendable {
        /// Leaves the lock to the owner.
        var isGuest = false
        /// The largest size of the file; nil for as large as the disk.
        var maximumPages: Int?
        /// How long to wait for a lock that another program holds.
        var busyTimeout: Double = 2
        /// What keeps its numbers apart from those of other installations on the same account, if the file is new.
        var numberOffset = Int64.random(in: 0..<MessageNumbering.offsetLimit)
        /// Hears every statement.
        var trace: (@Sendable (String) -> Void)?
    }

    init(path: String, options: Options) throws(StoreError) {
        self.path = path
        if options.isGuest { try FileLock.prepare(path) }
        lock = options.isGuest ? nil : try FileLock(database: path)
        do {
            pool = try DatabasePool(path: path, configuration: Self.configuration(options))
            try Self.prepareTables(of: pool, path: path, isGuest: options.isGuest)
            if !options.isGuest { try pool.write { db in try Self.spread(db, by: options.numberOffset) } }
            let ledger = try pool.read(Self.ledger)
            numbering = ledger.numbering
            checkpoints = options.isGuest ? nil : try Checkpoints(of: pool, path: path)
            group = GroupCommit(pool: pool, path: path, ledger: ledger, checkpoints: checkpoints)
        } catch {
            lock?.release()
            throw StoreError(error, path: path)
        }
    }

    /// Makes the tables, or brings them up to date: only who has the file may.
    private static func prepareTables(of pool: DatabasePool, path: String, isGuest: Bool) throws {
        let migrator = Schema.migrator
        let wanted = migrator.migrations
        let applied = try pool.read { db in try migrator.appliedIdentifiers(db) }
        if let unknown = applied.subtracting(wanted).max() {
            throw StoreError.newer(path: path, has: unknown, wants: wanted.last ?? "")
        }
        guard isGuest else { return try migrator.migrate(pool) }
        guard !applied.isEmpty else {
            // Nobody has used the file: a guest that comes first may make it, as long as nobody else does.
            let lock = try FileLock(database: path)
            defer { lock.release() }
            return try migrator.migrate(pool)
        }
        guard let last = wanted.last(where: applied.contains), applied.count < wanted.count else { return }
        throw StoreError.older(path: path, has: last, wants: wanted.last ?? "")
    }

    private static func configuration(_ options: Options) -> Configuration {
        var configuration = Configuration()
        configuration.label = "uz.eskiz.store"
        // Pages with many readers or a long queue, not many connections, are what takes memory.
        configuration.maximumReaderCount = 3
        configuration.persistentReadOnlyConnections = true
        configuration.busyMode = .timeout(options.busyTimeout)
        // There are none, and looking for them costs time at each commit.
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            if let trace = options.trace {
                db.trace { event in if case .statement(let statement) = event { trace(statement.sql) } }
            }
            try db.execute(sql: "PRAGMA cache_size = \(db.configuration.readonly ? -2_048 : -16_384)")
            try db.execute(sql: "PRAGMA temp_store = MEMORY")
            guard !db.configuration.readonly else { return }
            // Erased texts are overwritten with zeros wherever their page is written anyway, which is always the case here;
            // pages that come free as a whole are not written once more only to be cleared.
            try db.execute(sql: "PRAGMA secure_delete = FAST")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
            if let pages = options.maximumPages { try db.execute(sql: "PRAGMA max_page_count = \(pages)") }
        }
        return configuration
    }

    /// Gives the installation its offset, once.
    private static func spread(_ db: Database, by offset: Int64) throws {
        let known = try db.rows("SELECT value FROM counters WHERE name = ?", [Ledger.Name.numberOffset]) {
            $0[0] as Int64
        }
        guard known.isEmpty else { return }
        let boundary = try highestNumber(db)
        for (name, value) in [(Ledger.Name.numberOffset, offset), (Ledger.Name.numberBoundary, boundary)] {
            try db.execute(sql: "INSERT INTO counters (name, value) VALUES (?, ?)", arguments: [name, value])
        }
    }

    /// The largest number that was ever given out.
    private static func highestNumber(_ db: Database) throws -> Int64 {
        let numbers = try db.rows(
            "SELECT max(id) FROM messages UNION ALL SELECT value FROM counters WHERE name = ?",
            [Ledger.Name.lastNumber]
        ) { $0[0] as Int64? }
        return numbers.compactMap(\.self).max() ?? 0
    }

    private static func ledger(_ db: Database) throws -> Ledger {
        var counts: [Int64: Int] = [:]
        var (offset, boundary): (Int64, Int64) = (0, 0)
        for (name, value) in try db.rows("SELECT name, value FROM counters", [], { ($0[0] as Int64, $0[1] as Int64) }) {
            switch name {
            case Ledger.Name.lastNumber: continue
            case Ledger.Name.numberOffset: offset = value
            case Ledger.Name.numberBoundary: boundary = value
            default: counts[name] = Int(value)
            }
        }
        let numbering = MessageNumbering(offset: offset, boundary: boundary, last: try highestNumber(db))
        return Ledger(counts: counts, numbering: numbering)
    }

    /// Transactions committed since it was opened: fewer than what was asked for, because they are shared.
    package var commits: Int { group.commits }

    package var depth: QueueDepth { group.figures.depth }

    package func checkWritable() async throws(StoreError) {
        try await group.perform(.durable) { transaction in
            try transaction.setCounter(Ledger.Name.probe, to: 1)
        }
    }

    package func close() async {
        await group.close()
        checkpoints?.close()
        try? pool.close()
        lock?.release()
    }

    /// Reads beside the writer, even if the calling task is cancelled.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            pool.asyncRead { database in
                continuation.resume(returning: Result { try body(try database.get()) })
            }
        }
        do { return try result.get() } catch { throw StoreError(error, path: path) }
    }
}

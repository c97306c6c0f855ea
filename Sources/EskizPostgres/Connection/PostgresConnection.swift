#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One connection to PostgreSQL, and the thread that waits for it.
///
/// Made anew when it has broken: each call either finds a connection that works, or fails at once with the reason.
///
/// ```swift
/// let connection = PostgresConnection(PostgresAddress("postgres://app@db.example.test/shop"))
/// let number = try await connection.run { session in try session.query("SELECT 1::bigint AS one").first?.int("one") }
/// await connection.close()
/// ```
package actor PostgresConnection {
    private let thread: ConnectionThread
    private let address: PostgresAddress
    private let prepare: @Sendable (PostgresSession) throws(PostgresError) -> Void
    private var session: PostgresSession?
    private var isClosed = false

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Connects with the first call.
    ///
    /// - Parameters:
    ///   - address: whom to ask.
    ///   - purpose: the name of the thread.
    ///   - prepare: what each new connection begins with, such as `LISTEN`.
    package init(
        _ address: PostgresAddress,
        purpose: String = "eskiz-pg",
        prepare: @escaping @Sendable (PostgresSession) throws(PostgresError) -> Void = { (_) throws(PostgresError) in }
    ) {
        thread = ConnectionThread(name: purpose)
        self.address = address
        self.prepare = prepare
    }

    /// Runs statements.
    ///
    /// The calling task waits, and none of Swift's threads does.
    package func run<Value: Sendable>(
        _ body: @Sendable (PostgresSession) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        let session = try connected()
        defer { if !session.isUsable { self.session = nil } }
        return try body(session)
    }

    /// Runs `body` in one transaction.
    package func transaction<Value: Sendable>(
        isDurable: Bool = true,
        _ body: @Sendable (PostgresSession) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        try run { (session) throws(PostgresError) in try session.transaction(isDurable: isDurable, body) }
    }

    /// Runs statements without values, separated by semicolons.
    package func script(_ sql: String) throws(PostgresError) {
        try run { (session) throws(PostgresError) in try session.script(sql) }
    }

    private static let lookups = 40

    /// Looks a transaction up, as soon as there is a server again.
    ///
    /// - Parameters:
    ///   - mark: of the transaction.
    ///   - marks: of the writer that left it.
    ///   - shard: the writer's.
    ///   - error: why its answer was lost.
    /// - Returns: whether it has taken effect.
    /// - Throws: the error that was given, if nobody can tell.
    package func fate(
        of mark: CommitMark,
        among marks: CommitMarks,
        in shard: Int,
        after error: PostgresError
    ) throws(PostgresError) -> CommitMark.Fate {
        for _ in 0..<Self.lookups {
            do throws(PostgresError) {
                let status = try run { (session) throws(PostgresError) in
                    try session.query(
                        "SELECT pg_catalog.pg_xact_status($1::text::xid8) AS status",
                        [.text(mark.transaction)]
                    ).first?.optionalText("status")
                }
                switch status {
                // Asked only now: what was looked at before the number was committed may be older than that.
                case "committed":
                    let found = try run { (session) throws(PostgresError) in try marks.found(in: shard, session) }
                    return mark.fate(finding: found)
                case "aborted": return .undone
                // Its backend has not noticed yet that nobody listens.
                case "in progress": break
                default: throw error
                }
            } catch let failure {
                // A server that was promoted before the transaction had reached it knows no such number.
                if failure.sqlState == "22023" { return .undone }
                guard failure.kind.isWorthRepeating || failure.kind.leavesCommitUnknown, !isClosed else { throw error }
            }
            pause(.milliseconds(250))
        }
        throw error
    }

    /// Waits on the thread of the connection, which has nothing else to do.
    package func pause(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var rest = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        nanosleep(&rest, nil)
    }

    /// Lets other threads go first that wait for this processor; returns at once where there are none.
    package func yieldProcessor() { sched_yield() }

    /// Ends the connection; later calls fail.
    package func close() {
        session = nil
        isClosed = true
    }

    private func connected() throws(PostgresError) -> PostgresSession {
        guard !isClosed else { throw PostgresError(.connectionLost, detail: "it was closed here") }
        if let session, session.isUsable { return session }
        session = nil
        let fresh = try PostgresSession(address)
        try prepare(fresh)
        session = fresh
        return fresh
    }
}

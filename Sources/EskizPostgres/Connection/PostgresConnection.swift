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

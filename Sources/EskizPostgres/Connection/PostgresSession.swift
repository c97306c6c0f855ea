import CEskizLibPQ

/// One connection, with calls that block: used on the thread of its `PostgresConnection` and nowhere else.
///
/// Each statement has a deadline of its own, on our side as well: a server that has been frozen is noticed too.
package final class PostgresSession {
    private let connection: OpaquePointer
    private let address: PostgresAddress
    /// Prepared statements by their text.
    private var prepared: [String: String] = [:]
    private var isOver = false
    /// Statements that go out with the next one whose answer is asked for.
    private var deferred: [DeferredStatement] = []
    private(set) var isInTransaction = false
    /// Whether a pooler hands each transaction to another backend: then nothing may be kept in a session.
    package let isPooled: Bool
    package let serverVersion: Int

    /// 14.0.
    private static let oldestVersion = 140_000

    /// Connects and looks at what answers.
    init(_ address: PostgresAddress) throws(PostgresError) {
        try LibPQ.load()
        self.address = address
        let words = address.keywords.map { ($0.0, Optional($0.1)) } + [("", nil)]
        let opened = withCStrings(words.map { $0.1 == nil ? nil : $0.0 }) { keywords in
            withCStrings(words.map(\.1)) { values in eskiz_libpq_connect(keywords, values) }
        }
        guard let opened else { throw PostgresError(.outOfResources) }
        guard eskiz_libpq_is_open(opened) else {
            let message = String(cString: eskiz_libpq_connection_error(opened))
            eskiz_libpq_close(opened)
            let kind = PostgresErrorKind(connecting: message)
            // What cannot be read as an address is repeated in the message, and may be a part of a password.
            throw PostgresError(kind, detail: kind == .badAddress ? nil : message)
        }
        connection = opened
        serverVersion = Int(eskiz_libpq_server_version(opened))
        do throws(PostgresError) {
            guard serverVersion >= Self.oldestVersion else {
                throw PostgresError(.serverTooOld, detail: "server version \(serverVersion / 10_000)")
            }
            let facts = try Self.facts(of: opened, patience: address.connectTimeout)
            // A pooler gives its clients numbers of its own for cancelling.
            isPooled = facts.backend != Int64(eskiz_libpq_backend(opened))
            if facts.isReadOnly, !address.acceptsReadOnly { throw PostgresError(.readOnly) }
        } catch {
            eskiz_libpq_close(opened)
            throw error
        }
        if !isPooled { try script((["SET search_path = pg_catalog"] + settings(local: false)).joined(separator: "; ")) }
    }

    deinit {
        eskiz_libpq_close(connection)
    }

    /// Whether the next call may use it.
    package var isUsable: Bool { !isOver && eskiz_libpq_is_open(connection) }

    // MARK: Statements

    /// Runs one statement.
    ///
    /// - Parameters:
    ///   - sql: with `$1`, `$2`… for the values.
    ///   - values: sent in binary.
    ///   - isPrepared: keeps the server's plan under a name for next time; not where a pooler would lose it.
    /// - Returns: its rows.
    /// - Throws: ``PostgresError``; outside of a transaction nothing has changed then, unless `leavesCommitUnknown`.
    package func query(
        _ sql: String,
        _ values: [PostgresValue] = [],
        isPrepared: Bool = false
    ) throws(PostgresError) -> PostgresRows {
        guard deferred.isEmpty else {
            var rows: PostgresRows?
            deferQuery(sql, values, isPrepared: isPrepared) { rows = $0 }
            try sendDeferred()
            guard let rows else { throw PostgresError(.connectionLost) }
            return rows
        }
        let name = isPrepared && !isPooled ? try prepare(sql, values) : nil
        return try finish { (result: inout OpaquePointer?) in
            withParameters(values) { count, types, pointers, lengths, formats in
                eskiz_libpq_run(
                    connection,
                    name,
                    name == nil ? sql : nil,
                    count,
                    types,
                    pointers,
                    lengths,
                    formats,
                    milliseconds,
                    &result
                )
            }
        }
    }

    /// Keeps a statement until the next one whose answer is asked for, and sends the two in one round trip.
    ///
    /// Only in a transaction, whose commit sends what is left. If the server refuses one, it carries out none that follows.
    ///
    /// - Parameters:
    ///   - sql: with `$1`, `$2`… for the values.
    ///   - values: sent in binary.
    ///   - isPrepared: as in `query`.
    ///   - take: gets its rows, after the round trip.
    package func deferQuery(
        _ sql: String,
        _ values: [PostgresValue] = [],
        isPrepared: Bool = false,
        _ take: @escaping (PostgresRows) throws(PostgresError) -> Void = { (_) throws(PostgresError) in }
    ) {
        deferred.append(DeferredStatement(sql: sql, values: values, isPrepared: isPrepared, take: take))
    }

    /// Sends the statements that were kept, in one round trip.
    package func sendDeferred() throws(PostgresError) {
        let statements = deferred
        deferred = []
        guard !statements.isEmpty else { return }
        guard statements.count > 1, address.pipelines, eskiz_libpq_can_pipeline() else {
            for statement in statements {
                try statement.take(query(statement.sql, statement.values, isPrepared: statement.isPrepared))
            }
            return
        }
        for (statement, rows) in zip(statements, try answers(to: statements)) { try statement.take(rows) }
    }

    private func answers(to statements: [DeferredStatement]) throws(PostgresError) -> [PostgresRows] {
        var names: [String?] = []
        for statement in statements {
            names.append(statement.isPrepared && !isPooled ? try prepare(statement.sql, statement.values) : nil)
        }
        var isSent = eskiz_libpq_pipeline_begin(connection)
        for (statement, name) in zip(statements, names) where isSent {
            isSent = withParameters(statement.values) { count, types, pointers, lengths, formats in
                eskiz_libpq_pipeline_add(
                    connection,
                    name,
                    name == nil ? statement.sql : nil,
                    count,
                    types,
                    pointers,
                    lengths,
                    formats
                )
            }
        }
        guard isSent else {
            isOver = true
            throw PostgresError(.connectionLost)
        }
        var results = [OpaquePointer?](repeating: nil, count: statements.count)
        var failed: OpaquePointer?
        let outcome = eskiz_libpq_pipeline_end(
            connection,
            Int32(statements.count),
            milliseconds,
            &results,
            &failed
        )
        guard outcome == LIBPQ_OK else {
            _ = try finish { (result: inout OpaquePointer?) in
                result = failed
                return outcome
            }
            throw PostgresError(.connectionLost)
        }
        return results.compactMap { $0.map(PostgresRows.init) }
    }

    /// Runs statements without values, separated by semicolons.
    package func script(_ sql: String) throws(PostgresError) {
        try sendDeferred()
        _ = try finish { (result: inout OpaquePointer?) in
            eskiz_libpq_run_script(connection, sql, milliseconds, &result)
        }
    }

    private func prepare(_ sql: String, _ values: [PostgresValue]) throws(PostgresError) -> String {
        if let name = prepared[sql] { return name }
        let name = "eskiz_\(prepared.count + 1)"
        _ = try finish { (result: inout OpaquePointer?) in
            eskiz_libpq_prepare(
                connection,
                name,
                sql,
                Int32(values.count),
                values.map(\.type.rawValue),
                milliseconds,
                &result
            )
        }
        prepared[sql] = name
        return name
    }

    // MARK: Transactions

    /// Runs a body in a transaction and commits it; what the body throws undoes it.
    ///
    /// The body cannot wait for anything but the database, so no transaction stays open over anything else.
    ///
    /// - Parameters:
    ///   - isDurable: whether the commit is flushed before this returns.
    ///   - body: what is done in it.
    /// - Returns: what the body returned.
    /// - Throws: what the body threw, or what kept the transaction from being committed.
    package func transaction<Value>(
        isDurable: Bool = true,
        _ body: (PostgresSession) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        for statement in opening(isDurable: isDurable) { deferQuery(statement) }
        isInTransaction = true
        defer { isInTransaction = false }
        do throws(PostgresError) {
            let value = try body(self)
            _ = try query("COMMIT")
            return value
        } catch {
            undo()
            throw error
        }
    }

    /// How a transaction has ended, as far as it is known here.
    package enum Ending<Value> {
        case committed(Value)
        /// The connection broke at its commit: whether it has taken effect, the tables tell by its mark.
        case unclear(Value, CommitMark, PostgresError)

        func map<Other>(_ body: (Value) -> Other) -> Ending<Other> {
            switch self {
            case .committed(let value): .committed(body(value))
            case .unclear(let value, let mark, let error): .unclear(body(value), mark, error)
            }
        }
    }

    /// The same, but a commit whose answer was lost is told apart from one that failed.
    ///
    /// - Parameters:
    ///   - isDurable: whether the commit is flushed before this returns.
    ///   - marks: of the writer, of which it leaves one.
    ///   - shard: the writer's.
    ///   - locks: advisory locks that are taken before anything else, and held to the end.
    ///   - body: what is done in it.
    /// - Returns: what the body returned, and how the transaction ended.
    /// - Throws: what the body threw, or what kept the transaction from being committed.
    package func watchedTransaction<Value>(
        isDurable: Bool = true,
        marking marks: CommitMarks,
        in shard: Int,
        locking locks: [Int64] = [],
        _ body: (PostgresSession) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Ending<Value> {
        for statement in opening(isDurable: isDurable) { deferQuery(statement) }
        var known: CommitMark?
        marks.leave(in: shard, self, locking: locks) { known = $0 }
        isInTransaction = true
        defer { isInTransaction = false }
        let value: Value
        let mark: CommitMark
        do throws(PostgresError) {
            value = try body(self)
            // Before the commit is sent, its mark has to be known here.
            if known == nil { try sendDeferred() }
            guard let known else { throw PostgresError(.connectionLost) }
            mark = known
        } catch {
            undo()
            throw error
        }
        do throws(PostgresError) {
            _ = try query("COMMIT")
            return .committed(value)
        } catch {
            guard error.kind.leavesCommitUnknown else {
                undo()
                throw error
            }
            isOver = true
            return .unclear(value, mark, error)
        }
    }

    /// Takes advisory locks to the end of the transaction, with the next round trip.
    package func lock(_ locks: [Int64]) {
        guard !locks.isEmpty else { return }
        deferQuery(
            "SELECT count(pg_catalog.pg_advisory_xact_lock(k)) AS locks FROM unnest($1::bigint[]) AS k",
            [.ints(locks)],
            isPrepared: true
        )
    }

    private func undo() {
        deferred = []
        if isUsable { try? script("ROLLBACK") }
    }

    private func opening(isDurable: Bool) -> [String] {
        // A pooler may hand out a backend on which another client has left its settings.
        let local = isPooled ? ["SET LOCAL search_path = pg_catalog"] + settings(local: true) : []
        return ["BEGIN"] + local + (isDurable ? [] : ["SET LOCAL synchronous_commit = off"])
    }

    private func settings(local: Bool) -> [String] {
        let scope = local ? "SET LOCAL" : "SET"
        return [
            ("statement_timeout", address.statementTimeout), ("lock_timeout", address.lockTimeout),
            ("idle_in_transaction_session_timeout", address.idleInTransactionTimeout),
        ].map { "\(scope) \($0) = \($1.milliseconds)" }
    }

    // MARK: Notifications

    /// Listens on a channel; a pooler cannot do that.
    ///
    /// - Returns: false where notifications would not arrive.
    package func listen(_ channel: String) throws(PostgresError) -> Bool {
        guard !isPooled else { return false }
        try script("LISTEN \(channel)")
        return true
    }

    /// Waits for a notification on any channel that is listened on, outside of transactions.
    ///
    /// - Parameters:
    ///   - limit: how long at most.
    ///   - own: what our own say; they do not count.
    /// - Returns: the channel; nil if there was none in time.
    /// - Throws: ``PostgresError`` if the connection is gone.
    package func notification(upTo limit: Duration, but own: String? = nil) throws(PostgresError) -> String? {
        let milliseconds = limit.milliseconds
        let (found, channel) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            buffer.initialize(repeating: 0)
            guard let start = buffer.baseAddress else { return (Int32(0), "") }
            let found = eskiz_libpq_wait_notification(connection, milliseconds, own, start, buffer.count)
            return (found, String(cString: start))
        }
        if found < 0 {
            isOver = true
            throw PostgresError(.connectionLost)
        }
        return found > 0 ? channel : nil
    }

    // MARK: Answers

    private var milliseconds: Int32 { (address.statementTimeout + address.patience).milliseconds }

    private func finish(
        _ run: (inout OpaquePointer?) -> EskizLibPQOutcome
    ) throws(PostgresError) -> PostgresRows {
        var result: OpaquePointer?
        let outcome = run(&result)
        do throws(PostgresError) {
            return try Self.rows(outcome, result)
        } catch {
            if error.kind.closesConnection || outcome == LIBPQ_SILENT { isOver = true }
            throw error
        }
    }

    private static func rows(
        _ outcome: EskizLibPQOutcome,
        _ result: OpaquePointer?
    ) throws(PostgresError) -> PostgresRows {
        switch outcome {
        case LIBPQ_OK:
            guard let result else { throw PostgresError(.connectionLost) }
            return PostgresRows(result)
        case LIBPQ_REFUSED:
            defer { eskiz_libpq_clear(result) }
            guard let result, let state = eskiz_libpq_error_field(result, CChar(UInt8(ascii: "C"))) else {
                throw PostgresError(.badStatement)
            }
            let message = eskiz_libpq_error_field(result, CChar(UInt8(ascii: "M"))).map { String(cString: $0) }
            throw PostgresError(sqlState: String(cString: state), message: message ?? "")
        case LIBPQ_SILENT:
            eskiz_libpq_clear(result)
            throw PostgresError(.silent)
        default:
            eskiz_libpq_clear(result)
            throw PostgresError(.connectionLost)
        }
    }

    private static func facts(
        of connection: OpaquePointer,
        patience: Duration
    ) throws(PostgresError) -> (backend: Int64, isReadOnly: Bool) {
        let sql = """
            SELECT pg_catalog.pg_backend_pid()::bigint AS backend,
                pg_catalog.current_setting('transaction_read_only') = 'on' AS is_read_only
            """
        var result: OpaquePointer?
        let outcome = eskiz_libpq_run(
            connection,
            nil,
            sql,
            0,
            nil,
            nil,
            nil,
            nil,
            patience.milliseconds,
            &result
        )
        guard let row = try rows(outcome, result).first else { throw PostgresError(.connectionLost) }
        return (try row.int("backend"), try row.bool("is_read_only"))
    }
}

extension PostgresSession.Ending: Sendable where Value: Sendable {}

extension Duration {
    /// Whole milliseconds, within what C takes.
    fileprivate var milliseconds: Int32 {
        let (seconds, attoseconds) = components
        let whole = seconds.multipliedReportingOverflow(by: 1_000)
        return whole.overflow ? .max : Int32(clamping: whole.partialValue + attoseconds / 1_000_000_000_000_000)
    }
}

/// A statement that goes out with a later one.
private struct DeferredStatement {
    var sql: String
    var values: [PostgresValue]
    var isPrepared: Bool
    /// Gets its rows.
    var take: (PostgresRows) throws(PostgresError) -> Void
}

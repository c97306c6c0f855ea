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
        if !isPooled { try script("SET search_path = pg_catalog; " + settings(local: false)) }
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
        let name = isPrepared && !isPooled ? try prepare(sql, values) : nil
        let types = values.map(\.type.rawValue)
        let encoded = values.map(\.encoded)
        let lengths = encoded.map { Int32($0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: values.count)
        return try finish { (result: inout OpaquePointer?) in
            withPointers(encoded) { pointers in
                eskiz_libpq_run(
                    connection,
                    name,
                    name == nil ? sql : nil,
                    Int32(values.count),
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

    /// Runs statements without values, separated by semicolons.
    package func script(_ sql: String) throws(PostgresError) {
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
        try script(opening(isDurable: isDurable))
        isInTransaction = true
        defer { isInTransaction = false }
        do throws(PostgresError) {
            let value = try body(self)
            try script("COMMIT")
            return value
        } catch {
            if isUsable { try? script("ROLLBACK") }
            throw error
        }
    }

    /// How a transaction has ended, as far as it is known here.
    package enum Ending<Value> {
        case committed(Value)
        /// The connection broke at its commit: whether it has taken effect, the server knows by its number.
        case unclear(Value, transaction: String, PostgresError)
    }

    /// The same, but a commit whose answer was lost is told apart from one that failed.
    package func watchedTransaction<Value>(
        isDurable: Bool = true,
        _ body: (PostgresSession) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Ending<Value> {
        let opening = opening(isDurable: isDurable) + "; SELECT pg_catalog.pg_current_xact_id()::text AS number"
        let opened = try finish { (result: inout OpaquePointer?) in
            eskiz_libpq_run_script(connection, opening, milliseconds, &result)
        }
        isInTransaction = true
        defer { isInTransaction = false }
        let value: Value
        let number: String
        do throws(PostgresError) {
            guard let row = opened.first else { throw PostgresError(.connectionLost) }
            number = try row.text("number")
            value = try body(self)
        } catch {
            if isUsable { try? script("ROLLBACK") }
            throw error
        }
        do throws(PostgresError) {
            try script("COMMIT")
            return .committed(value)
        } catch {
            guard error.kind.leavesCommitUnknown else {
                if isUsable { try? script("ROLLBACK") }
                throw error
            }
            isOver = true
            return .unclear(value, transaction: number, error)
        }
    }

    private func opening(isDurable: Bool) -> String {
        // A pooler may hand out a backend on which another client has left its settings.
        let local = isPooled ? "SET LOCAL search_path = pg_catalog; " + settings(local: true) : ""
        return "BEGIN; " + local + (isDurable ? "" : "SET LOCAL synchronous_commit = off")
    }

    private func settings(local: Bool) -> String {
        let scope = local ? "SET LOCAL" : "SET"
        return [
            ("statement_timeout", address.statementTimeout), ("lock_timeout", address.lockTimeout),
            ("idle_in_transaction_session_timeout", address.idleInTransactionTimeout),
        ].map { "\(scope) \($0) = \($1.milliseconds); " }.joined()
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
    /// - Returns: the channel; nil if there was none in time.
    package func notification(upTo limit: Duration) throws(PostgresError) -> String? {
        let milliseconds = limit.milliseconds
        let (found, channel) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            buffer.initialize(repeating: 0)
            guard let start = buffer.baseAddress else { return (Int32(0), "") }
            let found = eskiz_libpq_wait_notification(connection, milliseconds, start, buffer.count)
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

/// Calls with an array of C strings, of which some may be absent.
private func withCStrings<Value>(
    _ strings: [String?],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
) -> Value {
    withPointers(strings.map { $0.map { Array($0.utf8) + [0] } }, body)
}

/// Calls with pointers to the arrays' bytes, all in one piece of memory.
private func withPointers<Value>(
    _ values: [[UInt8]?],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
) -> Value {
    let size = values.reduce(1) { $0 + ($1?.count ?? 0) }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { bytes in
        withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: values.count + 1) { pointers in
            guard let start = bytes.baseAddress else { return body(nil) }
            var next = start
            for (index, value) in values.enumerated() {
                guard let value else {
                    pointers[index] = nil
                    continue
                }
                pointers[index] = UnsafePointer(next)
                for byte in value {
                    next.pointee = CChar(bitPattern: byte)
                    next += 1
                }
            }
            pointers[values.count] = nil
            return body(UnsafePointer(pointers.baseAddress))
        }
    }
}

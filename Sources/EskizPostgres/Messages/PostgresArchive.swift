package import EskizQueue

/// A database without a gateway, to be copied from or into; used in a transaction on the thread of its connection.
package struct PostgresArchive: StoreArchive {
    private let session: PostgresSession

    /// Gateways use the database.
    package struct InUse: Error, Sendable {
        package let owners: [String]
    }

    /// Runs a body in one transaction that sees one moment, while no gateway is there and none can come.
    ///
    /// - Throws: ``InUse``, `PostgresError`, and what `body` throws; nothing has changed then.
    package static func use<Value: Sendable>(
        _ connection: PostgresConnection,
        _ body: @Sendable (Self) throws -> Value
    ) async throws -> Value {
        let outcome: Result<Value, any Error> = await connection.attempt { session in
            try session.anyTransaction { session in
                // A gateway that starts meanwhile waits for this lock.
                try session.script(
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; LOCK TABLE eskiz.gateways IN EXCLUSIVE MODE"
                )
                let owners = try session.query(
                    "SELECT owner FROM eskiz.gateways WHERE seen_at > now() - interval '10 seconds' ORDER BY slot"
                ).map { (row) throws(PostgresError) in try row.text("owner") }
                guard owners.isEmpty else { throw InUse(owners: owners) }
                return try body(Self(session: session))
            }
        }
        return try outcome.get()
    }

    package func has(_ table: StoreTable) throws -> Bool {
        try session.query(
            "SELECT pg_catalog.to_regclass($1) IS NOT NULL AS found",
            [.text("eskiz." + table.name)]
        ).first?.bool("found") ?? false
    }

    package func rows(
        of table: StoreTable,
        after key: ArraySlice<StoreCell>?,
        limit: Int
    ) throws -> [StoreRow] {
        let keys = table.keys.map { $0.kind == .text ? "\($0.name) COLLATE \"C\"" : $0.name }.joined(separator: ", ")
        let wanted = table.columns.enumerated().map { index, column in
            index >= table.keyCount && table.isSummed
                ? "sum(\(column.name))::bigint AS \(column.name)" : column.name
        }
        var values = key.map { $0.map(Self.value) } ?? []
        let places = values.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        values.append(.int(Int64(limit)))
        let sql = """
            SELECT \(wanted.joined(separator: ", ")) FROM eskiz.\(table.name) \
            \(key == nil ? "" : "WHERE (\(keys)) > (\(places))") \
            \(table.isSummed ? "GROUP BY \(table.keys.map(\.name).joined(separator: ", "))" : "") \
            ORDER BY \(keys) LIMIT $\(values.count)
            """
        return try session.query(sql, values, isPrepared: true).map { (row) throws(PostgresError) in
            var cells: StoreRow = []
            for column in table.columns { cells.append(try Self.cell(column, row)) }
            return cells
        }
    }

    private static func cell(_ column: StoreTable.Column, _ row: PostgresRow) throws(PostgresError) -> StoreCell {
        switch column.kind {
        case .int: try row.optionalInt(column.name).map { .int($0) } ?? .null
        case .text: try row.optionalText(column.name).map { .text($0) } ?? .null
        case .bool: try row.optionalBool(column.name).map { .bool($0) } ?? .null
        case .bytes: try row.optionalBytes(column.name).map { .bytes($0) } ?? .null
        }
    }

    private static func value(_ cell: StoreCell) -> PostgresValue {
        switch cell {
        case .null: .null(.text)
        case .int(let value): .int(value)
        case .text(let value): .text(value)
        case .bool(let value): .bool(value)
        case .bytes(let value): .bytes(value)
        }
    }

    package func insert(_ rows: [StoreRow], into table: StoreTable) throws {
        let columns = Columns<StoreRow>(
            table.columns.enumerated().map { index, column in
                switch column.kind {
                case .int: .init(column.name, .int { $0[index].int })
                case .text: .init(column.name, .text { $0[index].text })
                case .bool: .init(column.name, .bool { $0[index].bool })
                case .bytes: .init(column.name, .bytes { $0[index].bytes })
                }
            }
        )
        // Counts go where those of all gateways are gathered.
        let (shard, gathered) = table.isSummed ? (", shard", ", -1") : ("", "")
        _ = try session.query(
            """
            INSERT INTO eskiz.\(table.name) (\(columns.names())\(shard)) OVERRIDING SYSTEM VALUE \
            SELECT \(columns.names())\(gathered) FROM \(columns.unnest)
            """,
            columns.values(of: rows),
            isPrepared: true
        )
    }

    // MARK: Numbers and counts

    /// Columns that are numbered by a sequence.
    private static let sequences = [
        ("raw_reports", "id"), ("webhooks", "id"), ("audit", "id"), ("verifications", "number"),
        ("verification_notes", "number"), ("suppressions", "number"),
    ]

    package func numbers() throws -> StoreNumbers {
        guard
            let row = try session.query(
                """
                SELECT number_offset, greatest(last, highest, (SELECT max(id) FROM eskiz.messages)) AS highest \
                FROM eskiz.numbers WHERE id = 1
                """
            ).first
        else { throw PostgresError(.schemaMissing) }
        var rows: [String: Int64] = [:]
        for (table, column) in Self.sequences {
            guard let sequence = try sequence(of: table, column) else { continue }
            rows[table] = try session.query(
                "SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS last FROM \(sequence)"
            ).first?.int("last")
        }
        return StoreNumbers(offset: try row.int("number_offset"), highest: try row.int("highest"), rows: rows)
    }

    /// Its name, ready for a statement; nil where there is none.
    private func sequence(of table: String, _ column: String) throws(PostgresError) -> String? {
        try session.query(
            """
            SELECT CASE WHEN pg_catalog.to_regclass($1) IS NOT NULL THEN pg_catalog.pg_get_serial_sequence($1, $2) END AS name
            """,
            [.text("eskiz." + table), .text(column)]
        ).first?.optionalText("name")
    }

    package func adopt(_ numbers: StoreNumbers, _ counts: StoreCounts) throws {
        _ = try session.query(
            "UPDATE eskiz.numbers SET number_offset = $1, last = $2, highest = $2 WHERE id = 1",
            [.int(numbers.offset), .int(numbers.highest)]
        )
        for (table, column) in Self.sequences {
            guard let sequence = try sequence(of: table, column) else { continue }
            try advance(sequence, of: table, column, beyond: numbers.rows[table] ?? 0)
        }
        try advance("eskiz.report_numbers", of: "reports", "id", beyond: numbers.rows["reports"] ?? 0)
        var names = counts.messages.reduce(into: [String: Int]()) {
            $0[Figures.name($1.key.lane, $1.key.state)] = $1.value
        }
        names[Figures.deadWebhooks] = counts.deadWebhooks
        _ = try session.query("DELETE FROM eskiz.counts")
        CountRows.add([:], names, shard: 0, session) { _ in }
        try session.sendDeferred()
    }

    private func advance(
        _ sequence: String,
        of table: String,
        _ column: String,
        beyond number: Int64
    ) throws(PostgresError) {
        _ = try session.query(
            """
            SELECT pg_catalog.setval($1::regclass, top) AS last \
            FROM (SELECT greatest($2, (SELECT max(\(column)) FROM eskiz.\(table))) AS top) AS numbers WHERE top > 0
            """,
            [.text(sequence), .int(number)]
        )
    }
}

extension PostgresConnection {
    /// Runs statements, and whatever else may fail between them.
    fileprivate func attempt<Value: Sendable>(
        _ body: @Sendable (PostgresSession) throws -> Value
    ) -> Result<Value, any Error> {
        do throws(PostgresError) {
            return try run { (session) throws(PostgresError) in Result { try body(session) } }
        } catch {
            return .failure(error)
        }
    }
}

extension PostgresSession {
    /// A transaction whose body may throw anything; that undoes it.
    fileprivate func anyTransaction<Value>(_ body: (PostgresSession) throws -> Value) throws -> Value {
        var failure: (any Error)?
        do throws(PostgresError) {
            return try transaction { (session) throws(PostgresError) in
                do { return try body(session) } catch {
                    failure = error
                    throw (error as? PostgresError) ?? PostgresError(.other)
                }
            }
        } catch {
            throw failure ?? error
        }
    }
}

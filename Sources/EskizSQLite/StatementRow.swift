import GRDB
import GRDBSQLite

/// One row of a statement that is being read, by position.
///
/// GRDB's `Row` knows its columns by name, and makes that list anew for each question: for a message that is longer than SQLite
/// takes to answer.
///
///     let ids = try db.rows("SELECT id FROM messages WHERE phone = ?", [phone]) { row in row[0] as MessageID }
struct StatementRow {
    private let statement: SQLiteStatement

    fileprivate init(_ statement: SQLiteStatement) {
        self.statement = statement
    }

    /// An optional value is nil for NULL.
    ///
    /// - Precondition: the column holds such a value.
    subscript<Value: StatementColumnConvertible>(index: Int) -> Value {
        guard let value = Value.fromStatement(statement, atUncheckedIndex: CInt(index)) else {
            preconditionFailure("column \(index) holds no \(Value.self)")
        }
        return value
    }
}

/// The rows of a statement whose arguments are set.
private final class StatementRowCursor: DatabaseCursor {
    typealias Element = StatementRow

    let _statement: Statement
    var _isDone = false

    init(_ statement: Statement) { _statement = statement }

    func _element(sqliteStatement: SQLiteStatement) throws -> StatementRow { StatementRow(sqliteStatement) }
}

extension Database {
    /// Reads rows of a statement that is prepared once and kept, until `read` answers false.
    func eachRow(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?], _ read: (StatementRow) throws -> Bool)
        throws
    {
        let statement = try statement(sql, arguments)
        // One that stopped half-way or failed would still be running for whoever takes it next.
        defer { sqlite3_reset(statement.sqliteStatement) }
        let cursor = StatementRowCursor(statement)
        while let row = try cursor.next() {
            guard try read(row) else { return }
        }
    }

    /// Rows of a statement that is prepared once and kept.
    func rows<Value>(
        _ sql: String,
        _ arguments: [(any DatabaseValueConvertible)?],
        _ read: (StatementRow) throws -> Value
    ) throws -> [Value] {
        var values: [Value] = []
        try eachRow(sql, arguments) { row in
            values.append(try read(row))
            return true
        }
        return values
    }
}

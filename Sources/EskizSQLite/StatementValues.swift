import GRDB

/// Binds values one after the other.
struct StatementValues {
    private let statement: SQLiteStatement
    private var position: CInt = 0
    /// The first answer of SQLite that is not `SQLITE_OK`.
    private var failure: CInt = 0

    init(_ statement: Statement) {
        self.statement = statement.sqliteStatement
    }

    mutating func bind(_ value: (some StatementBinding)?) {
        position += 1
        // Nothing is bound yet, and nothing is NULL.
        guard let value else { return }
        let code = value.bind(to: statement, at: position)
        if code != 0, failure == 0 { failure = code }
    }

    mutating func bind(any value: (any DatabaseValueConvertible)?) {
        if let value { bind(value) } else { bind(nil as Int?) }
    }

    /// - Throws: what kept a value from being bound: no memory, or a value that is too large.
    func check() throws {
        if failure != 0 { throw DatabaseError(resultCode: ResultCode(rawValue: failure)) }
    }
}

extension Database {
    /// A statement that is prepared once and kept, with nothing bound.
    func emptyStatement(_ sql: String) throws -> Statement {
        let statement = try cachedStatement(sql: sql)
        // Forgets what was bound before, and tells GRDB that somebody else binds the values.
        statement.setUncheckedArguments([])
        return statement
    }

    /// A statement that is prepared once and kept, with its values.
    func statement(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws -> Statement {
        let statement = try emptyStatement(sql)
        var values = StatementValues(statement)
        for argument in arguments { values.bind(any: argument) }
        try values.check()
        return statement
    }
}

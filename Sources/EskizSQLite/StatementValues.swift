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

    /// - Throws: what kept a value from being bound: no memory, or a value that is too large.
    func check() throws {
        if failure != 0 { throw DatabaseError(resultCode: ResultCode(rawValue: failure)) }
    }
}

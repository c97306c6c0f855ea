import EskizQueue

/// Columns of rows that are written many at a time: one array each, taken apart by `unnest`.
struct Columns<Record>: Sendable {
    enum Value: Sendable {
        case int(@Sendable (Record) -> Int64?)
        case text(@Sendable (Record) -> String?)
        case bool(@Sendable (Record) -> Bool?)
        case bytes(@Sendable (Record) -> [UInt8]?)
    }

    struct Column: Sendable {
        var name: String
        var value: Value

        init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    let all: [Column]

    init(_ all: [Column]) {
        self.all = all
    }

    /// `id, state, lane`.
    func names(after prefix: String = "") -> String { all.map { prefix + $0.name }.joined(separator: ", ") }

    /// `unnest($1::bigint[], $2::text[]) AS brought(id, state)`.
    var unnest: String {
        let arrays = all.enumerated().map { index, column in "$\(index + 1)::\(column.value.arrayType)" }
        return "unnest(\(arrays.joined(separator: ", "))) AS brought(\(names()))"
    }

    func values(of records: [Record]) -> [PostgresValue] {
        all.map { column in
            switch column.value {
            case .int(let value): .ints(records.map(value))
            case .text(let value): .texts(records.map(value))
            case .bool(let value): .bools(records.map(value))
            case .bytes(let value): .byteArrays(records.map(value))
            }
        }
    }
}

extension Columns.Value {
    fileprivate var arrayType: String {
        switch self {
        case .int: "bigint[]"
        case .text: "text[]"
        case .bool: "boolean[]"
        case .bytes: "bytea[]"
        }
    }
}

extension PostgresRow {
    func moment(_ name: String) throws(PostgresError) -> Timestamp { Timestamp(milliseconds: try int(name)) }

    func optionalMoment(_ name: String) throws(PostgresError) -> Timestamp? {
        try optionalInt(name).map { Timestamp(milliseconds: $0) }
    }

    func number(_ name: String) throws(PostgresError) -> Int { Int(try int(name)) }
    func optionalNumber(_ name: String) throws(PostgresError) -> Int? { try optionalInt(name).map { Int($0) } }
    func bytes(_ name: String) throws(PostgresError) -> [UInt8] {
        guard let bytes = try optionalBytes(name) else {
            throw PostgresError(.badStatement, detail: "the column \(name) is null")
        }
        return bytes
    }

    /// A value that is kept by its name.
    func word<Word: RawRepresentable<String>>(
        _ name: String,
        as _: Word.Type = Word.self
    ) throws(PostgresError) -> Word {
        let text = try text(name)
        guard let word = Word(rawValue: text) else {
            // A newer version may know more words, and says so by its schema; this cannot be read at all.
            throw PostgresError(.badStatement, detail: "the column \(name) has a word that this version does not know")
        }
        return word
    }

    func optionalWord<Word: RawRepresentable<String>>(
        _ name: String,
        as _: Word.Type = Word.self
    ) throws(PostgresError) -> Word? {
        try optionalText(name) == nil ? nil : try word(name)
    }

    /// Three columns: code, sentence, HTTP status.
    func messageError() throws(PostgresError) -> MessageError? {
        guard let code = try optionalText("error_code") else { return nil }
        return MessageError(
            code: code,
            message: try optionalText("error_message") ?? "",
            httpStatus: try optionalNumber("error_http_status")
        )
    }
}

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
        /// What it is as long as nothing is known.
        var usual: PostgresValue

        /// - Parameters:
        ///   - name: in the table.
        ///   - value: of a record.
        ///   - usual: what it is in most records; null unless given.
        init(_ name: String, _ value: Value, usually usual: PostgresValue? = nil) {
            self.name = name
            self.value = value
            self.usual = usual ?? .null(value.type)
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

    /// The same for all records, as it stands in a statement.
    fileprivate var usual: String { all.map { $0.usual.literal }.joined(separator: ", ") }

    func values(of records: [Record]) -> [PostgresValue] {
        var ints = [[Int64?]](repeating: [], count: all.count)
        var texts = [[String?]](repeating: [], count: all.count)
        var bools = [[Bool?]](repeating: [], count: all.count)
        var bytes = [[[UInt8]?]](repeating: [], count: all.count)
        // Record by record: to take one out of an array copies each of its fields.
        for record in records {
            for (index, column) in all.enumerated() {
                switch column.value {
                case .int(let value): ints[index].append(value(record))
                case .text(let value): texts[index].append(value(record))
                case .bool(let value): bools[index].append(value(record))
                case .bytes(let value): bytes[index].append(value(record))
                }
            }
        }
        return all.indices.map { index in
            switch all[index].value {
            case .int: .ints(ints[index])
            case .text: .texts(texts[index])
            case .bool: .bools(bools[index])
            case .bytes: .byteArrays(bytes[index])
            }
        }
    }
}

/// Columns of which some are usually the same in all new rows: those are not brought then, and cost next to nothing.
struct UsualColumns<Record>: Sendable {
    let all: Columns<Record>
    private let always: Columns<Record>
    private let groups: [Columns<Record>]
    /// By which of the groups are brought: the first is bit 0.
    private let statements: [String]

    /// - Parameters:
    ///   - table: where the rows go.
    ///   - always: columns that are brought.
    ///   - groups: columns that are brought unless all of the group are as usual in all rows.
    ///   - ending: of the statement, for the columns that are brought.
    init(
        table: String,
        always: Columns<Record>,
        unlessUsual groups: [Columns<Record>],
        ending: (Columns<Record>) -> String = { _ in "" }
    ) {
        all = Columns(always.all + groups.flatMap(\.all))
        self.always = always
        self.groups = groups
        statements = (0..<1 << groups.count).map { brought in
            let isBrought = { (index: Int) in brought & 1 << index != 0 }
            let columns = Columns(always.all + groups.indices.filter(isBrought).flatMap { groups[$0].all })
            let usual = groups.indices.filter { !isBrought($0) }.map { groups[$0] }
            let names = ([columns] + usual).map { $0.names() }.joined(separator: ", ")
            let values = ([columns.names()] + usual.map(\.usual)).joined(separator: ", ")
            return "INSERT INTO \(table) (\(names)) SELECT \(values) FROM \(columns.unnest)\(ending(columns))"
        }
    }

    /// The statement that inserts rows, and its values.
    func insertion(of records: [Record]) -> (sql: String, values: [PostgresValue]) {
        var brought = 0
        var values = always.values(of: records)
        for (index, group) in groups.enumerated() {
            let own = group.values(of: records)
            guard !zip(own, group.all).allSatisfy({ $0.isAll($1.usual) }) else { continue }
            brought |= 1 << index
            values += own
        }
        return (statements[brought], values)
    }
}

extension Columns.Value {
    fileprivate var type: PostgresType {
        switch self {
        case .int: .int8
        case .text: .text
        case .bool: .bool
        case .bytes: .bytea
        }
    }

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

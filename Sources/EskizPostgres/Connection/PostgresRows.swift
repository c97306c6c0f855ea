import CEskizLibPQ

/// What a statement returned; read on the connection's thread only, by the names of columns.
package final class PostgresRows {
    private let result: OpaquePointer
    private let columns: [String: Int32]
    package let count: Int

    /// Takes the result over.
    init(_ result: OpaquePointer) {
        self.result = result
        count = Int(eskiz_libpq_rows(result))
        var columns: [String: Int32] = [:]
        for index in 0..<eskiz_libpq_columns(result) {
            if let name = eskiz_libpq_column_name(result, index) { columns[String(cString: name)] = index }
        }
        self.columns = columns
    }

    deinit {
        eskiz_libpq_clear(result)
    }

    /// Rows that the statement changed, or returned.
    package var changed: Int { max(0, Int(eskiz_libpq_changed(result))) }

    package func map<Value>(
        _ body: (PostgresRow) throws(PostgresError) -> Value
    ) throws(PostgresError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        for index in 0..<count { values.append(try body(PostgresRow(rows: self, index: Int32(index)))) }
        return values
    }

    package var first: PostgresRow? { count > 0 ? PostgresRow(rows: self, index: 0) : nil }

    /// The bytes of a value; nil for null.
    fileprivate func value<Value>(
        _ name: String,
        at row: Int32,
        _ read: (UnsafeRawBufferPointer, PostgresType?) -> Value?
    ) throws(PostgresError) -> Value? {
        guard let column = columns[name] else {
            throw PostgresError(.badStatement, detail: "the answer has no column \(name)")
        }
        guard !eskiz_libpq_is_null(result, row, column) else { return nil }
        let length = Int(eskiz_libpq_length(result, row, column))
        let bytes = UnsafeRawBufferPointer(start: eskiz_libpq_value(result, row, column), count: length)
        let type = PostgresType(rawValue: eskiz_libpq_column_type(result, column))
        guard let value = read(bytes, type) else {
            throw PostgresError(.badStatement, detail: "the column \(name) has another type")
        }
        return value
    }
}

/// One row of an answer.
package struct PostgresRow {
    let rows: PostgresRows
    let index: Int32

    package func optionalInt(_ name: String) throws(PostgresError) -> Int64? {
        try rows.value(name, at: index) { bytes, type in
            switch type {
            case .int8 where bytes.count == 8, .timestamptz where bytes.count == 8:
                Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
            case .int4 where bytes.count == 4: Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
            case .int2 where bytes.count == 2: Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
            default: nil
            }
        }
    }

    package func optionalText(_ name: String) throws(PostgresError) -> String? {
        try rows.value(name, at: index) { bytes, type in
            switch type {
            case .text, .varchar, .name: String(decoding: bytes, as: UTF8.self)
            default: nil
            }
        }
    }

    package func optionalBool(_ name: String) throws(PostgresError) -> Bool? {
        try rows.value(name, at: index) { bytes, type in
            type == .bool && bytes.count == 1 ? bytes[0] != 0 : nil
        }
    }

    package func optionalBytes(_ name: String) throws(PostgresError) -> [UInt8]? {
        try rows.value(name, at: index) { bytes, type in type == .bytea ? Array(bytes) : nil }
    }

    package func int(_ name: String) throws(PostgresError) -> Int64 { try present(name, optionalInt(name)) }
    package func text(_ name: String) throws(PostgresError) -> String { try present(name, optionalText(name)) }
    package func bool(_ name: String) throws(PostgresError) -> Bool { try present(name, optionalBool(name)) }

    private func present<Value>(_ name: String, _ value: Value?) throws(PostgresError) -> Value {
        guard let value else { throw PostgresError(.badStatement, detail: "the column \(name) is null") }
        return value
    }
}

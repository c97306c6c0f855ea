import CEskizLibPQ

/// A parameter of a statement, sent in PostgreSQL's binary form: nothing is quoted, nothing is parsed.
package enum PostgresValue: Sendable, Hashable {
    case null(PostgresType)
    case bool(Bool)
    case int(Int64)
    case text(String)
    case bytes([UInt8])
    case ints([Int64?])
    case texts([String?])
    case bools([Bool?])
    case byteArrays([[UInt8]?])

    /// A text, or null.
    package static func optional(_ text: String?) -> Self { text.map { .text($0) } ?? .null(.text) }
    /// A number, or null.
    package static func optional(_ number: Int64?) -> Self { number.map { .int($0) } ?? .null(.int8) }
}

/// The types of parameters and results, by PostgreSQL's numbers for them (`pg_type.dat`).
package enum PostgresType: UInt32, Sendable {
    case bool = 16
    case bytea = 17
    case int8 = 20
    case int2 = 21
    case int4 = 23
    case text = 25
    case timestamptz = 1184
    case varchar = 1043
    case name = 19
    case uuid = 2950
    case boolArray = 1000
    case byteaArray = 1001
    case int8Array = 1016
    case textArray = 1009
}

extension PostgresValue {
    var type: PostgresType {
        switch self {
        case .null(let type): type
        case .bool: .bool
        case .int: .int8
        case .text: .text
        case .bytes: .bytea
        case .ints: .int8Array
        case .texts: .textArray
        case .bools: .boolArray
        case .byteArrays: .byteaArray
        }
    }

    /// The value in network order; nil for null.
    var encoded: [UInt8]? {
        switch self {
        case .null: nil
        case .bool(let value): [value ? 1 : 0]
        case .int(let value): withUnsafeBytes(of: value.bigEndian) { Array($0) }
        case .text(let value): Array(value.utf8)
        case .bytes(let value): value
        case .ints(let values):
            Self.array(of: .int8, values, size: { _ in 8 }, append: { $0.append(bigEndian: $1) })
        case .texts(let values):
            Self.array(of: .text, values, size: { $0.utf8.count }, append: { $0.append(contentsOf: $1.utf8) })
        case .bools(let values):
            Self.array(of: .bool, values, size: { _ in 1 }, append: { $0.append($1 ? 1 : 0) })
        case .byteArrays(let values):
            Self.array(of: .bytea, values, size: { $0.count }, append: { $0.append(contentsOf: $1) })
        }
    }

    /// `array_recv`: dimensions, whether there are nulls, the type, then length and lower bound of the one dimension.
    private static func array<Element>(
        of type: PostgresType,
        _ values: [Element?],
        size: (Element) -> Int,
        append: (inout [UInt8], Element) -> Void
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20 + values.count * 16)
        bytes.append(bigEndian: Int32(values.isEmpty ? 0 : 1))
        bytes.append(bigEndian: Int32(values.contains { $0 == nil } ? 1 : 0))
        bytes.append(bigEndian: Int32(type.rawValue))
        guard !values.isEmpty else { return bytes }
        bytes.append(bigEndian: Int32(values.count))
        bytes.append(bigEndian: Int32(1))
        for value in values {
            bytes.append(bigEndian: value.map { Int32(size($0)) } ?? -1)
            if let value { append(&bytes, value) }
        }
        return bytes
    }
}

extension PostgresValue {
    /// Whether an array has nothing but this value.
    func isAll(_ value: PostgresValue) -> Bool {
        switch (self, value) {
        case (.ints(let all), .int(let one)): all.allSatisfy { $0 == one }
        case (.bools(let all), .bool(let one)): all.allSatisfy { $0 == one }
        case (.texts(let all), .text(let one)): all.allSatisfy { $0 == one }
        case (.ints(let all), .null): all.allSatisfy { $0 == nil }
        case (.bools(let all), .null): all.allSatisfy { $0 == nil }
        case (.texts(let all), .null): all.allSatisfy { $0 == nil }
        default: false
        }
    }

    /// A number, a truth or null, as it stands in a statement; nothing else is written into one.
    var literal: String {
        switch self {
        case .int(let value): String(value)
        case .bool(let value): String(value)
        default: "NULL"
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}

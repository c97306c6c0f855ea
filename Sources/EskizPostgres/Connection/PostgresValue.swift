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
        case .int(let value): Self.bigEndian(value)
        case .text(let value): Array(value.utf8)
        case .bytes(let value): value
        case .ints(let values): Self.array(of: .int8, values) { Self.bigEndian($0) }
        case .texts(let values): Self.array(of: .text, values) { Array($0.utf8) }
        case .bools(let values): Self.array(of: .bool, values) { [$0 ? 1 : 0] }
        case .byteArrays(let values): Self.array(of: .bytea, values) { $0 }
        }
    }

    /// `array_recv`: dimensions, whether there are nulls, the type, then length and lower bound of the one dimension.
    private static func array<Element>(
        of type: PostgresType,
        _ values: [Element?],
        _ encode: (Element) -> [UInt8]
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20 + values.count * 16)
        bytes += bigEndian(Int32(values.isEmpty ? 0 : 1))
        bytes += bigEndian(Int32(values.contains { $0 == nil } ? 1 : 0))
        bytes += bigEndian(Int32(type.rawValue))
        guard !values.isEmpty else { return bytes }
        bytes += bigEndian(Int32(values.count))
        bytes += bigEndian(Int32(1))
        for value in values {
            guard let value else {
                bytes += bigEndian(Int32(-1))
                continue
            }
            let encoded = encode(value)
            bytes += bigEndian(Int32(encoded.count))
            bytes += encoded
        }
        return bytes
    }

    private static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}

import EskizHTTP

/// A JSON document whose objects keep the order of their members.
///
/// The provider's clients were written from printed samples, so the simulator answers with the members in the printed
/// order. Foundation's encoders give no such promise.
enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case array([JSON])
    case object([Member])

    struct Member: Sendable, Equatable {
        let name: String
        let value: JSON
    }

    /// The value of the first member with that name, or nil when this is no object or has no such member.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// What a form field would hold: strings, numbers and Booleans as text; null and containers as nil.
    var text: String? {
        switch self {
        case .string(let value): value
        case .int(let value): String(value)
        // 998901234567.0 is how some languages write a whole number.
        case .double(let value): Int(exactly: value).map { String($0) } ?? String(value)
        case .bool(let value): value ? "1" : "0"
        case .null, .array, .object: nil
        }
    }

    /// The integer that this value is or spells.
    var integer: Int? {
        switch self {
        case .int(let value): value
        case .double(let value): Int(exactly: value)
        case .string(let value): Int(value)
        case .null, .bool, .array, .object: nil
        }
    }

    init(_ value: String?) { self = value.map(JSON.string) ?? .null }
    init(_ value: Int?) { self = value.map(JSON.int) ?? .null }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .int(value) }
    init(floatLiteral value: Double) { self = .double(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSON...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member(name: $0.0, value: $0.1) })
    }
}

// MARK: - Reading

extension JSON {
    /// Reads one JSON document, or nil when the bytes are anything else.
    ///
    /// Of an object that has a name twice both members are kept.
    init?(parsing bytes: some Collection<UInt8>) {
        guard let document = try? RequestJSON(Array(bytes), depthLimit: 64, allowsRepeatedNames: true) else {
            return nil
        }
        self.init(document)
    }

    /// Reads one JSON document from text.
    init?(parsing text: String) {
        self.init(parsing: text.utf8)
    }

    private init(_ document: RequestJSON) {
        switch document {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let text): self = Int(text).map(JSON.int) ?? .double(Double(text) ?? .nan)
        case .string(let value): self = .string(value)
        case .array(let elements): self = .array(elements.map { JSON($0) })
        case .object(let members):
            self = .object(members.map { Member(name: $0.name, value: JSON($0.value)) })
        }
    }
}

// MARK: - Writing

extension JSON {
    /// The document as compact UTF-8, members in order, slashes and non-ASCII characters as they are.
    var bytes: [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(256)
        write(to: &output)
        return output
    }

    private func write(to output: inout [UInt8]) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .int(let value): output.append(contentsOf: String(value).utf8)
        case .double(let value): output.append(contentsOf: JSON.number(value).utf8)
        case .string(let value): output.appendJSONString(value)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                element.write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                output.appendJSONString(member.name)
                output.append(UInt8(ascii: ":"))
                member.value.write(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        if let whole = Int(exactly: value) { return String(whole) }
        return String(value)
    }
}

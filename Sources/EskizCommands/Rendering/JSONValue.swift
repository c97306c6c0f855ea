/// A JSON document whose keys keep the order they were written in, so that people find the important thing first.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number as it came, kept as text so that money does not go through binary floating point.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One key and its value.
    package struct Member: Sendable, Equatable {
        package let key: String
        package let value: JSONValue

        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// A string, or null.
    package static func text(_ value: String?) -> JSONValue {
        value.map { .string($0) } ?? .null
    }

    /// A whole number, or null.
    package static func whole(_ value: (some BinaryInteger)?) -> JSONValue {
        value.map { .integer(Int64(clamping: $0)) } ?? .null
    }

    /// A truth value, or null.
    package static func flag(_ value: Bool?) -> JSONValue {
        value.map { .bool($0) } ?? .null
    }

    /// The members of an object, nothing for anything else.
    package var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }

    /// A copy of the object with more members at the end.
    package func adding(_ more: [Member]) -> JSONValue {
        .object(members + more)
    }

    /// The value of a key of an object.
    package subscript(key key: String) -> JSONValue? {
        members.first { $0.key == key }?.value
    }

    /// The document, on one line or indented by two spaces.
    package func rendered(indented: Bool = false) -> String {
        var text = ""
        write(to: &text, indentation: indented ? 0 : nil)
        return text
    }

    private func write(to text: inout String, indentation: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += value
        case .string(let value): Self.write(value, to: &text)
        case .array(let values):
            Self.write("[", "]", values.count, to: &text, indentation: indentation) { index, text, inner in
                values[index].write(to: &text, indentation: inner)
            }
        case .object(let members):
            Self.write("{", "}", members.count, to: &text, indentation: indentation) { index, text, inner in
                Self.write(members[index].key, to: &text)
                text += inner == nil ? ":" : ": "
                members[index].value.write(to: &text, indentation: inner)
            }
        }
    }

    private static func write(
        _ opening: String,
        _ closing: String,
        _ count: Int,
        to text: inout String,
        indentation: Int?,
        element: (Int, inout String, Int?) -> Void
    ) {
        text += opening
        let inner = indentation.map { $0 + 1 }
        for index in 0..<count {
            if index > 0 { text += "," }
            if let inner { text += "\n" + String(repeating: "  ", count: inner) }
            element(index, &text, inner)
        }
        if count > 0, let indentation { text += "\n" + String(repeating: "  ", count: indentation) }
        text += closing
    }

    /// A string with everything escaped that could end a line or confuse a terminal.
    static func write(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default:
                if scalar.isUnsafeInALine {
                    text += scalar.jsonEscape
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
        text += "\""
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(nilLiteral: ()) { self = .null }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}

extension Unicode.Scalar {
    /// Control characters, line and paragraph separators, and the marks that turn the direction of writing: whoever
    /// gets one of these into a line can forge the next line or hide a part of this one.
    var isUnsafeInALine: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    fileprivate var jsonEscape: String {
        let digits = String(value, radix: 16)
        return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension String {
    /// The text on one line, with unsafe characters shown as `\u{1b}`.
    package var onOneLine: String {
        guard unicodeScalars.contains(where: \.isUnsafeInALine) else { return self }
        var line = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            default:
                if scalar.isUnsafeInALine {
                    line += "\\u{" + String(scalar.value, radix: 16) + "}"
                } else {
                    line.unicodeScalars.append(scalar)
                }
            }
        }
        return line
    }
}

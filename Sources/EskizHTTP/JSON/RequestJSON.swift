/// A JSON document as a client sent it: nothing is lost, nothing is guessed.
///
/// `JSONDecoder` stops at the first field that does not fit and silently takes the last of two equal names; here every
/// mistake is found and named, and a document that two programs might read differently is refused.
package enum RequestJSON: Sendable, Equatable {
    case null
    case bool(Bool)
    /// As it is written, so that no digit is lost.
    case number(String)
    case string(String)
    case array([RequestJSON])
    case object([Member])

    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: RequestJSON

        package init(name: String, value: RequestJSON) {
            self.name = name
            self.value = value
        }
    }

    /// Reads a whole document.
    ///
    /// - Parameters:
    ///   - bytes: the document, RFC 8259.
    ///   - depthLimit: how deeply arrays and objects may be nested, so that a hostile body cannot exhaust the stack.
    ///   - allowsRepeatedNames: keeps all members of an object that have one name, instead of refusing them.
    /// - Throws: `RequestJSONError`, which says where.
    package init(
        _ bytes: [UInt8],
        depthLimit: Int = 16,
        allowsRepeatedNames: Bool = false
    ) throws(RequestJSONError) {
        var parser = RequestJSONParser(bytes, depthLimit: depthLimit, allowsRepeatedNames: allowsRepeatedNames)
        self = try parser.document()
    }
}

/// Why some bytes are not a JSON document; `offset` counts the bytes before the place.
package struct RequestJSONError: Error, Sendable, Equatable {
    package enum Reason: String, Sendable {
        case empty = "The body is empty."
        case syntax = "The body is not JSON"
        case text = "A string is not valid Unicode"
        case depth = "The body is nested too deeply"
        case duplicate = "A name occurs twice in one object"
        case trailing = "Something follows the JSON document"
    }

    package var reason: Reason
    package var offset: Int

    package init(reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// One sentence, without anything of the document.
    package var sentence: String {
        reason == .empty ? reason.rawValue : "\(reason.rawValue) (byte \(offset))."
    }
}

/// RFC 8259, strictly.
private struct RequestJSONParser {
    private let bytes: [UInt8]
    private let depthLimit: Int
    private let allowsRepeatedNames: Bool
    private var position = 0
    private var depth = 0

    init(_ bytes: [UInt8], depthLimit: Int, allowsRepeatedNames: Bool) {
        self.bytes = bytes
        self.depthLimit = depthLimit
        self.allowsRepeatedNames = allowsRepeatedNames
    }

    mutating func document() throws(RequestJSONError) -> RequestJSON {
        // Some programs write a byte order mark before a document; readers may ignore it (RFC 8259 §8.1).
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        skipSpace()
        guard position < bytes.count else { throw RequestJSONError(reason: .empty, offset: 0) }
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw error(.trailing) }
        return value
    }

    private func error(_ reason: RequestJSONError.Reason) -> RequestJSONError {
        RequestJSONError(reason: reason, offset: position)
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func value() throws(RequestJSONError) -> RequestJSON {
        switch current {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: StaticString, _ value: RequestJSON) throws(RequestJSONError) -> RequestJSON {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count, word.withUTF8Buffer({ bytes[position..<end].elementsEqual($0) }) else {
            throw error(.syntax)
        }
        position = end
        return value
    }

    private mutating func object() throws(RequestJSONError) -> RequestJSON {
        try enter()
        var members: [RequestJSON.Member] = []
        // A set only where comparing each with each would take long.
        var names: Set<String> = []
        skipSpace()
        if current == UInt8(ascii: "}") {
            leave()
            return .object([])
        }
        while true {
            skipSpace()
            let start = position
            guard current == UInt8(ascii: "\"") else { throw error(.syntax) }
            let name = try string()
            let isKnown: Bool
            if members.count < 24 {
                isKnown = members.contains { $0.name == name }
            } else {
                if names.isEmpty { names = Set(members.map(\.name)) }
                isKnown = !names.insert(name).inserted
            }
            if isKnown, !allowsRepeatedNames { throw RequestJSONError(reason: .duplicate, offset: start) }
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw error(.syntax) }
            position += 1
            skipSpace()
            members.append(.init(name: name, value: try value()))
            skipSpace()
            if current == UInt8(ascii: "}") { break }
            guard current == UInt8(ascii: ",") else { throw error(.syntax) }
            position += 1
        }
        leave()
        return .object(members)
    }

    private mutating func array() throws(RequestJSONError) -> RequestJSON {
        try enter()
        var elements: [RequestJSON] = []
        skipSpace()
        if current == UInt8(ascii: "]") {
            leave()
            return .array([])
        }
        while true {
            skipSpace()
            elements.append(try value())
            skipSpace()
            if current == UInt8(ascii: "]") { break }
            guard current == UInt8(ascii: ",") else { throw error(.syntax) }
            position += 1
        }
        leave()
        return .array(elements)
    }

    private mutating func enter() throws(RequestJSONError) {
        depth += 1
        guard depth <= depthLimit else { throw error(.depth) }
        position += 1
    }

    private mutating func leave() {
        depth -= 1
        position += 1
    }

    private mutating func number() throws(RequestJSONError) -> RequestJSON {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        let whole = position
        try digits()
        if bytes[whole] == UInt8(ascii: "0"), position > whole + 1 { throw error(.syntax) }
        if current == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if let byte = current, byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func digits() throws(RequestJSONError) {
        let start = position
        while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
        if position == start { throw error(.syntax) }
    }

    // MARK: Strings

    private mutating func string() throws(RequestJSONError) -> String {
        position += 1
        let start = position
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                guard let text = String(validating: bytes[start..<position], as: UTF8.self) else {
                    throw RequestJSONError(reason: .text, offset: start)
                }
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw error(.syntax)
            default: position += 1
            }
        }
        throw error(.syntax)
    }

    private mutating func escapedString(from start: Int) throws(RequestJSONError) -> String {
        var unescaped = Array(bytes[start..<position])
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: unescaped, as: UTF8.self) else {
                    throw RequestJSONError(reason: .text, offset: start)
                }
                return text
            case UInt8(ascii: "\\"): try appendEscape(to: &unescaped)
            case 0..<0x20: throw error(.syntax)
            default: unescaped.append(byte)
            }
        }
        throw error(.syntax)
    }

    private mutating func appendEscape(to unescaped: inout [UInt8]) throws(RequestJSONError) {
        guard let byte = current else { throw error(.syntax) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(byte)
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"): unescaped.append(contentsOf: String(try escapedScalar()).utf8)
        default: throw error(.syntax)
        }
    }

    private mutating func escapedScalar() throws(RequestJSONError) -> Unicode.Scalar {
        let high = try fourDigits()
        if let scalar = Unicode.Scalar(high) { return scalar }
        // Half of a pair: the other half must follow.
        guard (0xD800..<0xDC00).contains(high), current == UInt8(ascii: "\\") else { throw error(.text) }
        position += 1
        guard current == UInt8(ascii: "u") else { throw error(.text) }
        position += 1
        let low = try fourDigits()
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
        else { throw error(.text) }
        return scalar
    }

    private mutating func fourDigits() throws(RequestJSONError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw error(.syntax) }
        var value: UInt16 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { throw error(.syntax) }
            value = value << 4 | UInt16(digit)
        }
        position += 4
        return value
    }
}

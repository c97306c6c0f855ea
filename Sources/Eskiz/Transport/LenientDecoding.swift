#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A JSON key by its text, so that each response names its keys where it reads them.
struct WireKey: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ text: String) {
        stringValue = text
    }

    init(stringLiteral value: String) {
        stringValue = value
    }

    init?(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        stringValue = String(intValue)
    }
}

/// Eskiz's answers hold strings where numbers are promised, arrays where one value is, and nulls anywhere
/// (eskiz-api.md §11.1.4). A field that cannot be understood is nil; it never makes the whole answer unreadable.
extension KeyedDecodingContainer where Key == WireKey {
    /// A text; a number or a Boolean becomes its text.
    ///
    /// Eskiz writes the word `<nil>` for nothing (§6.5).
    func text(_ key: WireKey) -> String? {
        guard contains(key) else { return nil }
        if let value = try? decode(LooseScalar.self, forKey: key) { return value.text }
        return nil
    }

    /// A whole number; a string of digits counts, and so does `5.0`.
    func integer(_ key: WireKey) -> Int64? {
        guard contains(key) else { return nil }
        return (try? decode(LooseScalar.self, forKey: key))?.integer
    }

    /// A sum of money: a whole number, a fraction, or either as a string (§7).
    func decimal(_ key: WireKey) -> Decimal? {
        guard contains(key) else { return nil }
        return (try? decode(LooseScalar.self, forKey: key))?.decimal
    }

    /// A Boolean; 0, 1 and their strings count.
    func flag(_ key: WireKey) -> Bool? {
        guard contains(key) else { return nil }
        return (try? decode(LooseScalar.self, forKey: key))?.flag
    }

    /// A nested value; nil if it is missing or of another shape.
    func value<Value: Decodable>(_ type: Value.Type, _ key: WireKey) -> Value? {
        try? decodeIfPresent(type, forKey: key)
    }

    /// A list; elements that cannot be read are dropped.
    ///
    /// A single value counts as a list of one, and anything else, such as the sentence that stands for an empty list
    /// (§6.3), as an empty list.
    func list<Element: Decodable>(_ type: Element.Type, _ key: WireKey) -> [Element] {
        if let elements = try? decodeIfPresent(LossyList<Element>.self, forKey: key) { return elements.elements }
        if let element = try? decodeIfPresent(type, forKey: key) { return [element] }
        return []
    }

    /// The status of a message, or those of a batch (§4.2).
    ///
    /// One is tried first: a failed attempt costs a microsecond, and one is what every single send is answered with.
    func statuses(_ key: WireKey) -> [MessageStatus] {
        if let status = value(MessageStatus.self, key) { return [status] }
        return list(MessageStatus.self, key)
    }

    /// A time of the message rows: local time in Tashkent, whatever it ends in (§3.4).
    func tashkentTime(_ key: WireKey) -> Date? {
        text(key).flatMap { WireTime.tashkent($0) }
    }

    /// A sentence: a string, or the words of a map of arrays, as validation errors were once written (§3.1).
    func sentence(_ key: WireKey) -> String? {
        if let text = text(key) { return text }
        return value(LooseSentence.self, key)?.text
    }
}

/// A string, a number or a Boolean, whichever it is.
enum LooseScalar: Decodable {
    case string(String)
    case integer(Int64)
    case number(Decimal)
    case boolean(Bool)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else {
            self = .number(try container.decode(Decimal.self))
        }
    }

    var text: String? {
        switch self {
        case .string(let value): value == "<nil>" ? nil : value
        case .integer(let value): String(value)
        case .number(let value): value.description
        case .boolean(let value): String(value)
        }
    }

    var integer: Int64? {
        switch self {
        case .string(let value): Int64(value.trimmingWhitespace())
        case .integer(let value): value
        case .number(let value): Int64(value.description)
        case .boolean: nil
        }
    }

    var decimal: Decimal? {
        switch self {
        case .string(let value): Self.decimal(value.trimmingWhitespace())
        case .integer(let value): Decimal(value)
        case .number(let value): value
        case .boolean: nil
        }
    }

    var flag: Bool? {
        switch self {
        case .string(let value):
            switch value.lowercased() {
            case "1", "true": true
            case "0", "false", "": false
            default: nil
            }
        case .integer(let value): value == 0 ? false : value == 1 ? true : nil
        case .number: nil
        case .boolean(let value): value
        }
    }

    /// `Decimal(string:)` stops at the first character it does not know and takes what it has read so far.
    private static func decimal(_ text: String) -> Decimal? {
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x2B...0x39).contains($0) && $0 != 0x2C && $0 != 0x2F }
        return isNumber ? Decimal(string: text) : nil
    }
}

/// A list that survives elements it cannot read.
struct LossyList<Element: Decodable>: Decodable {
    var elements: [Element] = []

    init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        while !container.isAtEnd {
            if let element = try container.decode(Attempt<Element>.self).value { elements.append(element) }
        }
    }
}

/// A value if it can be read.
///
/// Decoding it always succeeds, so a list moves on.
private struct Attempt<Value: Decodable>: Decodable {
    var value: Value?

    init(from decoder: any Decoder) throws {
        value = try? Value(from: decoder)
    }
}

/// Any JSON that has words in it, as one line: strings, arrays of them, maps of them.
struct LooseSentence: Decodable {
    var text: String

    init(from decoder: any Decoder) throws {
        text = Self.words(decoder, depth: 0).joined(separator: "; ")
    }

    private static func words(_ decoder: any Decoder, depth: Int) -> [String] {
        guard depth < 4 else { return [] }
        if let scalar = try? LooseScalar(from: decoder) { return scalar.text.map { [$0] } ?? [] }
        if var list = try? decoder.unkeyedContainer() {
            var words: [String] = []
            while !list.isAtEnd, words.count < 16 {
                guard let nested = try? list.superDecoder() else { break }
                words += self.words(nested, depth: depth + 1)
            }
            return words
        }
        if let map = try? decoder.container(keyedBy: WireKey.self) {
            return map.allKeys.sorted { $0.stringValue < $1.stringValue }.prefix(16).flatMap { key -> [String] in
                guard let nested = try? map.superDecoder(forKey: key) else { return [] }
                return words(nested, depth: depth + 1).map { "\(key.stringValue): \($0)" }
            }
        }
        return []
    }
}

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The fields of a request or a report, whichever of the three encodings carried them (eskiz-api.md §3.2).
///
/// As lenient as a real server: what cannot be read has no fields, and the rules then answer for the missing ones.
struct FormFields: Sendable, Equatable {
    /// More than this in one form is nobody's honest request.
    static let fieldLimit = 1_000

    /// Strings, numbers and Booleans as text; of a name that comes twice, the last.
    private(set) var texts: [String: String] = [:]
    /// Lists of objects: `messages` of a batch.
    private(set) var lists: [String: [[String: String]]] = [:]

    init(texts: [String: String] = [:]) {
        self.texts = texts
    }

    /// Reads a body by its content type.
    init(_ body: [UInt8], contentType: String?) {
        guard !body.isEmpty else { return }
        let type = contentType ?? ""
        switch Self.mediaType(type) {
        case "multipart/form-data":
            guard let boundary = MultipartForm.boundary(of: type) else { return }
            for (name, value) in MultipartForm.pairs(of: body, boundary: boundary) { texts[name] = value }
        case "application/x-www-form-urlencoded":
            texts = Self.urlEncoded(body)
        case "application/json":
            readJSON(body)
        default:
            // No type, or a wrong one: JSON where it is, a form otherwise.
            if !readJSON(body) { texts = Self.urlEncoded(body) }
        }
    }

    /// A field as text; nil when absent, null, empty, or no scalar.
    subscript(name: String) -> String? {
        guard let text = texts[name], !text.isEmpty else { return nil }
        return text
    }

    /// A list of objects: as it is in JSON, or as the JSON text of one in a form, which forms cannot nest.
    func list(_ name: String) -> [[String: String]]? {
        if let list = lists[name] { return list }
        guard let text = texts[name], let document = Self.document(Array(text.utf8)) else { return nil }
        return document.objects
    }

    /// `Multipart/Form-Data ; boundary=x` is `multipart/form-data`.
    static func mediaType(_ contentType: String) -> String {
        contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
    }

    // MARK: JSON

    @discardableResult
    private mutating func readJSON(_ body: [UInt8]) -> Bool {
        guard case .object(let members)? = Self.document(body) else { return false }
        for (name, value) in members {
            texts[name] = value.text
            lists[name] = value.objects
        }
        return true
    }

    private static func document(_ body: [UInt8]) -> Document? {
        try? JSONDecoder().decode(Document.self, from: Data(body))
    }

    /// A JSON document, as far as a form could say the same.
    private enum Document: Decodable {
        case text(String)
        case object([String: Document])
        case list([Document])
        case null

        init(from decoder: any Decoder) throws {
            if let container = try? decoder.container(keyedBy: Name.self) {
                let members = try container.allKeys.prefix(FormFields.fieldLimit).map { key in
                    (key.stringValue, try container.decode(Document.self, forKey: key))
                }
                self = .object(Dictionary(members) { $1 })
                return
            }
            if var container = try? decoder.unkeyedContainer() {
                var elements: [Document] = []
                while !container.isAtEnd { elements.append(try container.decode(Document.self)) }
                self = .list(elements)
                return
            }
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(String.self) {
                self = .text(value)
            } else if let value = try? container.decode(Bool.self) {
                self = .text(value ? "1" : "0")
            } else if let value = try? container.decode(Int64.self) {
                self = .text(String(value))
            } else {
                self = .text(String(try container.decode(Double.self)))
            }
        }

        var text: String? {
            if case .text(let text) = self { text } else { nil }
        }

        var objects: [[String: String]]? {
            guard case .list(let elements) = self else { return nil }
            return elements.map { element in
                guard case .object(let members) = element else { return [:] }
                return members.compactMapValues(\.text)
            }
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    // MARK: application/x-www-form-urlencoded

    private static func urlEncoded(_ body: [UInt8]) -> [String: String] {
        var texts: [String: String] = [:]
        for pair in body.split(separator: UInt8(ascii: "&")).prefix(fieldLimit) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            texts[unescaped(parts[0])] = parts.count > 1 ? unescaped(parts[1]) : ""
        }
        return texts
    }

    /// `+` is a space; a broken escape stays as it is.
    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let high = rest[rest.startIndex].hexDigitValue,
                let low = rest[rest.startIndex + 1].hexDigitValue
            {
                output.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                output.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}

extension UInt8 {
    /// The value of an ASCII hexadecimal digit.
    var hexDigitValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}

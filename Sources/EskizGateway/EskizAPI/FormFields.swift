import EskizHTTP

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The fields of a request or a report, whichever of the three encodings carried them (eskiz-api.md §3.2).
///
/// As lenient as a real server: what cannot be read has no fields, and the rules then answer for the missing ones. Bytes
/// that are no text are refused, because a text that was read wrongly would be sent and paid.
struct FormFields: Sendable, Equatable {
    /// Strings, numbers and Booleans as text; of a name that comes twice, the last.
    private(set) var texts: [String: String] = [:]
    /// Lists of objects: `messages` of a batch.
    private(set) var lists: [String: [[String: String]]] = [:]

    init(texts: [String: String] = [:]) {
        self.texts = texts
    }

    /// Reads a body by its content type.
    ///
    /// - Throws: what the client is told whose bytes are no text in the charset that it states.
    init(_ body: [UInt8], contentType: String?) throws(FormBody.Failure) {
        try self.init(body, contentType: contentType, isLenient: false)
    }

    /// Reads what can be read of a body, and leaves out the rest: for reports, which nobody will send a second time.
    init(lenient body: [UInt8], contentType: String?) {
        do { try self.init(body, contentType: contentType, isLenient: true) } catch { self.init() }
    }

    private init(_ body: [UInt8], contentType: String?, isLenient: Bool) throws(FormBody.Failure) {
        guard !body.isEmpty else { return }
        switch ContentType(contentType).mediaType {
        case "multipart/form-data", "application/x-www-form-urlencoded": break
        case "application/json":
            readJSON(try FormBody.utf8(of: body, contentType: contentType, isLenient: isLenient))
            return
        default:
            // No type, or a wrong one: JSON where it is, a form otherwise.
            if readJSON(body) { return }
        }
        for (name, value) in try FormBody.pairs(of: body, contentType: contentType, isLenient: isLenient) {
            texts[name] = value
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
            // Most values are texts, and a try in vain costs more than reading one.
            let single = try? decoder.singleValueContainer()
            if let text = try? single?.decode(String.self) {
                self = .text(text)
                return
            }
            if let container = try? decoder.container(keyedBy: Name.self) {
                let members = try container.allKeys.prefix(FormBody.fieldLimit).map { key in
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
}

/// A `Content-Type`: a media type and its parameters (RFC 9110 §8.3), read as leniently as real servers do.
package struct ContentType: Sendable, Hashable {
    /// In lower case: `multipart/form-data`.
    package let mediaType: String
    private let parameters: [String: String]

    /// Reads a header field; nil counts as an empty one.
    package init(_ field: String?) {
        let parts = Self.parts(of: field ?? "")
        mediaType = (parts.first ?? "").lowercased().filter { $0 != " " && $0 != "\t" }
        parameters = Self.parameters(parts.dropFirst())
    }

    /// The value of a parameter by its name in lower case, quotes undone.
    package subscript(name: String) -> String? { parameters[name] }

    /// The parameters of another header field of the same form: `form-data; name="to"`.
    static func parameters(of field: Substring) -> [String: String] {
        parameters(parts(of: String(field)).dropFirst())
    }

    /// What stands between semicolons; one within quotes parts nothing.
    private static func parts(of field: String) -> [Substring] {
        var isQuoted = false
        var isEscaped = false
        return field.split(omittingEmptySubsequences: false) { character in
            defer { isEscaped = character == "\\" && isQuoted && !isEscaped }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            return character == ";" && !isQuoted
        }
    }

    private static func parameters(_ parts: some Sequence<Substring>) -> [String: String] {
        var parameters: [String: String] = [:]
        for part in parts {
            let sides = part.split(separator: "=", maxSplits: 1)
            guard sides.count == 2 else { continue }
            let name = trimmed(sides[0]).lowercased()
            // Of a name that comes twice the first counts.
            if parameters[name] == nil { parameters[name] = unquoted(trimmed(sides[1])) }
        }
        return parameters
    }

    private static func unquoted(_ value: Substring) -> String {
        guard value.utf8.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") else { return String(value) }
        return String(value.dropFirst().dropLast()).replacing(#"\""#, with: "\"")
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let text = text.drop { $0 == " " || $0 == "\t" }
        return text.lastIndex { $0 != " " && $0 != "\t" }.map { text[...$0] } ?? ""
    }
}

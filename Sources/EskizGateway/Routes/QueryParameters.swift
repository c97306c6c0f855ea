/// The query of an address, read strictly: a misspelt filter that is ignored lists everything.
struct QueryParameters {
    private var values: [String: String] = [:]
    private(set) var errors: [Problem.FieldError] = []

    init(_ query: String?, known: Set<String>) {
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : "") else {
                errors.append(.init("query", "invalid_encoding", "The query is not percent-encoded UTF-8."))
                continue
            }
            if !known.contains(name) {
                let list = known.isEmpty ? "none" : known.sorted().joined(separator: ", ")
                errors.append(
                    .init("query", "unknown_parameter", "There is a parameter that this path has not: \(list).")
                )
            } else if values.updateValue(value, forKey: name) != nil {
                errors.append(.init(name, "repeated", "`\(name)` is given more than once."))
            }
        }
    }

    subscript(name: String) -> String? { values[name] }

    mutating func note(_ field: String, _ code: String, _ detail: String) {
        errors.append(.init(field, code, detail))
    }

    /// Throws what was noted.
    func check() throws(Problem) {
        if !errors.isEmpty { throw .parameters(errors) }
    }

    private static func decoded(_ text: Substring) -> String? {
        if text.utf8.allSatisfy({ $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "+") }) { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = digit(rest.popFirst()), let low = digit(rest.popFirst()) else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        guard let byte, byte < 0x80 else { return nil }
        return Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}

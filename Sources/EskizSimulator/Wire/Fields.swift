import EskizPages

/// The fields of one request, whichever of the three encodings carried them (`eskiz-api.md` §3.2).
struct Fields: Sendable, Equatable {
    /// The document as it came when the body was JSON; an object of strings otherwise.
    private(set) var document: JSON

    static let none = Fields(document: .object([]))

    init(document: JSON) {
        self.document = document
    }

    init(pairs: [(String, String)]) {
        // The last one wins, as in most form parsers.
        var members: [JSON.Member] = []
        for (name, value) in pairs {
            members.removeAll { $0.name == name }
            members.append(.init(name: name, value: .string(value)))
        }
        document = .object(members)
    }

    subscript(name: String) -> JSON? { document[name] }

    /// The field as text, nil when absent, null, or a container.
    func text(_ name: String) -> String? { document[name]?.text }

    /// The field as text, nil when absent or empty.
    func nonEmpty(_ name: String) -> String? {
        guard let text = text(name), !text.isEmpty else { return nil }
        return text
    }

    /// The field as a whole number, nil when absent or not one.
    func integer(_ name: String) -> Int? { document[name]?.integer }
}

extension Fields {
    /// Reads a body by its `Content-Type`, as leniently as a real server: what cannot be read has no fields, and the
    /// rules then answer for the missing ones.
    static func reading(_ body: [UInt8], contentType: String?) -> Fields {
        guard !body.isEmpty else { return .none }
        let type = contentType ?? ""
        let kind = type.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        switch kind {
        case "multipart/form-data":
            guard let boundary = MultipartForm.boundary(of: type) else { return .none }
            return Fields(pairs: MultipartForm.pairs(of: body, boundary: boundary))
        case "application/x-www-form-urlencoded":
            return Fields(pairs: URLEncoding.pairs(of: String(decoding: body, as: UTF8.self)))
        default:
            if let document = JSON(parsing: body), case .object = document { return Fields(document: document) }
            guard kind != "application/json" else { return .none }
            return Fields(pairs: URLEncoding.pairs(of: String(decoding: body, as: UTF8.self)))
        }
    }
}

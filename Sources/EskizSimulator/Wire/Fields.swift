import EskizHTTP

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
    /// Reads a body by its `Content-Type` and the charset that it states, as leniently as a real server: what cannot be
    /// read as such a body has no fields, and the rules then answer for the missing ones.
    ///
    /// - Throws: what the bytes are not; a text must not be read wrongly and paid for.
    static func reading(_ body: [UInt8], contentType: String?) throws(FormBody.Failure) -> Fields {
        guard !body.isEmpty else { return .none }
        let mediaType = ContentType(contentType).mediaType
        if mediaType != "multipart/form-data", mediaType != "application/x-www-form-urlencoded" {
            let document = try FormBody.utf8(of: body, contentType: contentType)
            if let json = JSON(parsing: document), case .object = json { return Fields(document: json) }
            guard mediaType != "application/json" else { return .none }
        }
        return Fields(pairs: try FormBody.pairs(of: body, contentType: contentType).map { ($0.name, $0.value) })
    }
}

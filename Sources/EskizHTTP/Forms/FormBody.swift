/// The fields of a form, urlencoded or multipart, decoded by the charset that it states.
///
/// Both servers read forms by this, so that what one takes the other takes as well. Pure.
///
/// ```swift
/// let pairs = try FormBody.pairs(of: body, contentType: request.headers[.contentType])
/// ```
package enum FormBody {
    package typealias Pair = (name: String, value: String)

    /// Why a body is not read.
    package enum Failure: Error, Sendable, Hashable {
        /// A charset that is not known here.
        case charset(String)
        /// Bytes that are no text in the charset that is stated, or in UTF-8 where none is.
        case bytes(Charset, isStated: Bool)

        /// One sentence that says what to do, without anything of the body.
        package var sentence: String {
            switch self {
            case .charset(let name):
                let known = Charset.allCases.map(\.rawValue).joined(separator: ", ")
                return "The charset \(Self.printable(name)) is not known here; send one of: \(known)."
            case .bytes(let charset, isStated: true):
                return "The body is not \(charset.rawValue) text, as its Content-Type says."
            case .bytes(let charset, isStated: false):
                return
                    "The body is not \(charset.rawValue) text. Send UTF-8, or state its charset: Content-Type: …; charset=windows-1251."
            }
        }

        private static func printable(_ name: String) -> String {
            String(name.unicodeScalars.prefix(40).map { (0x21...0x7E).contains($0.value) ? Character($0) : "?" })
        }
    }

    /// More than this in one form is nobody's honest request; what comes after is not read.
    package static let fieldLimit = 1_000

    /// The fields in their order; none where the body is neither kind of form.
    ///
    /// `isLenient` reads what is no text as well as it can: for reports, which nobody will send a second time.
    package static func pairs(
        of body: [UInt8],
        contentType: String?,
        isLenient: Bool = false
    ) throws(Failure) -> [Pair] {
        let type = ContentType(contentType)
        let raw: [RawFormField]
        switch type.mediaType {
        case "multipart/form-data":
            guard let boundary = MultipartForm.boundary(of: type) else { return [] }
            raw = MultipartForm.fields(of: body, boundary: boundary)
        case "application/json": return []
        default: raw = URLEncodedForm.fields(of: body)
        }
        let decoder = try FormDecoder(type, raw, isLenient: isLenient)
        var pairs: [Pair] = []
        pairs.reserveCapacity(raw.count)
        for field in raw { pairs.append(try decoder.pair(field)) }
        return pairs
    }

    /// The bytes of a document such as JSON, as UTF-8.
    package static func utf8(
        of body: [UInt8],
        contentType: String?,
        isLenient: Bool = false
    ) throws(Failure) -> [UInt8] {
        let decoder = try FormDecoder(ContentType(contentType), [], isLenient: isLenient)
        if decoder.charset == .utf8, String(validating: body, as: UTF8.self) != nil { return body }
        return Array(try decoder.text(of: body[...], in: decoder.charset).utf8)
    }
}

/// A field as its bytes came.
struct RawFormField: Sendable {
    var name: ArraySlice<UInt8>
    var value: ArraySlice<UInt8>
    /// The charset that the part of a multipart form states for itself.
    var charset: String?
}

/// Decodes the fields of one form.
private struct FormDecoder {
    let charset: Charset
    private let isStated: Bool
    private let isLenient: Bool

    init(_ type: ContentType, _ fields: [RawFormField], isLenient: Bool) throws(FormBody.Failure) {
        self.isLenient = isLenient
        // A form may say it in a field of its own (RFC 7578 §4.6).
        let own = fields.first { $0.name.elementsEqual("_charset_".utf8) }.map {
            String(decoding: $0.value, as: UTF8.self)
        }
        let name = type["charset"] ?? own
        isStated = name != nil
        charset = try Self.charset(name, isLenient)
    }

    private static func charset(_ name: String?, _ isLenient: Bool) throws(FormBody.Failure) -> Charset {
        guard let name, !name.isEmpty else { return .utf8 }
        if let charset = Charset(name: name) { return charset }
        guard isLenient else { throw .charset(name) }
        return .utf8
    }

    func pair(_ field: RawFormField) throws(FormBody.Failure) -> FormBody.Pair {
        let charset = try field.charset.map { name throws(FormBody.Failure) in try Self.charset(name, isLenient) }
        return (try text(of: field.name, in: self.charset), try text(of: field.value, in: charset ?? self.charset))
    }

    func text(of bytes: ArraySlice<UInt8>, in charset: Charset) throws(FormBody.Failure) -> String {
        if let text = charset.text(of: bytes) { return text }
        guard isLenient else { throw .bytes(charset, isStated: isStated) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

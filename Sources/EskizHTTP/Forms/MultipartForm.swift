/// `multipart/form-data` (RFC 7578), its text fields.
///
/// The API has no files. Bare line feeds are tolerated, as real servers do; a closing delimiter that is missing costs
/// nothing.
enum MultipartForm {
    /// RFC 2046 allows 70 characters; some clients write more.
    private static let boundaryLimit = 200

    static func boundary(of type: ContentType) -> String? {
        guard let value = type["boundary"], (1...boundaryLimit).contains(value.utf8.count) else { return nil }
        return value
    }

    static func fields(of body: [UInt8], boundary: String) -> [RawFormField] {
        var fields: [RawFormField] = []
        let delimiter = Array("--\(boundary)".utf8)
        var start = next(delimiter, in: body, from: 0)?.upperBound
        while let from = start, fields.count < FormBody.fieldLimit {
            // `--boundary--` ends the form; what follows is nobody's.
            if body[from...].starts(with: "--".utf8) { break }
            let end = next(delimiter, in: body, from: from)
            if let field = field(body[from..<(end?.lowerBound ?? body.count)]) { fields.append(field) }
            start = end?.upperBound
        }
        return fields
    }

    /// A delimiter counts at the beginning of a line only: a text may hold the boundary's characters.
    private static func next(_ delimiter: [UInt8], in body: [UInt8], from start: Int) -> Range<Int>? {
        var index = start
        while index + delimiter.count <= body.count {
            guard let dash = body[index...].firstIndex(of: delimiter[0]), dash + delimiter.count <= body.count else {
                return nil
            }
            let end = dash + delimiter.count
            if dash == 0 || body[dash - 1] == 0x0A, body[dash..<end].elementsEqual(delimiter), endsLine(body, at: end) {
                return dash..<end
            }
            index = dash + 1
        }
        return nil
    }

    /// Spaces, then the end of the line or of the form.
    private static func endsLine(_ body: [UInt8], at index: Int) -> Bool {
        let rest = body[index...].drop { $0 == 0x20 || $0 == 0x09 }
        return rest.isEmpty || rest.first == 0x0A || rest.first == 0x0D || rest.starts(with: "--".utf8)
    }

    /// The rest of the delimiter's line, headers, an empty line, the content, and a line's end that is the delimiter's.
    private static func field(_ part: ArraySlice<UInt8>) -> RawFormField? {
        guard var rest = line(part)?.rest else { return nil }
        var name: ArraySlice<UInt8>?
        var charset: String?
        while let (header, next) = line(rest) {
            rest = next
            if header.isEmpty { break }
            // One character a byte, so that no byte of a name is lost before its charset is known.
            let text = String(String.UnicodeScalarView(header.map { Unicode.Scalar($0) }))
            let field = text.lowercased()
            if field.hasPrefix("content-disposition:") {
                name = ContentType.parameters(of: text[...])["name"].map {
                    $0.unicodeScalars.map { UInt8($0.value) }[...]
                }
            } else if field.hasPrefix("content-type:") {
                charset = ContentType.parameters(of: text[...])["charset"]
            }
        }
        guard let name else { return nil }
        if rest.last == 0x0A { rest = rest.dropLast() }
        if rest.last == 0x0D { rest = rest.dropLast() }
        return RawFormField(name: name, value: rest, charset: charset)
    }

    private static func line(_ bytes: ArraySlice<UInt8>) -> (text: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
        guard let end = bytes.firstIndex(of: 0x0A) else { return nil }
        var text = bytes[..<end]
        if text.last == 0x0D { text = text.dropLast() }
        return (text, bytes[(end + 1)...])
    }
}

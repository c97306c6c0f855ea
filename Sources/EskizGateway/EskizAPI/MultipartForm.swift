/// Reads the text fields of `multipart/form-data` (RFC 7578).
///
/// The API has no files. Bare line feeds are tolerated, as real servers do; a closing delimiter that is missing costs
/// nothing.
enum MultipartForm {
    /// RFC 2046 allows 70 characters; some clients write more.
    private static let boundaryLimit = 200

    static func boundary(of contentType: String) -> String? {
        let value = parameter("boundary", of: contentType[...])
        guard let value, (1...boundaryLimit).contains(value.utf8.count) else { return nil }
        return value
    }

    static func pairs(of body: [UInt8], boundary: String) -> [(String, String)] {
        var pairs: [(String, String)] = []
        let delimiter = Array("--\(boundary)".utf8)
        var start = next(delimiter, in: body, from: 0)?.upperBound
        while let from = start, pairs.count < FormFields.fieldLimit {
            // `--boundary--` ends the form; what follows is nobody's.
            if body[from...].starts(with: "--".utf8) { break }
            let end = next(delimiter, in: body, from: from)
            if let pair = field(body[from..<(end?.lowerBound ?? body.count)]) { pairs.append(pair) }
            start = end?.upperBound
        }
        return pairs
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
    private static func field(_ part: ArraySlice<UInt8>) -> (String, String)? {
        guard var rest = line(part)?.rest else { return nil }
        var name: String?
        while let (header, next) = line(rest) {
            rest = next
            if header.isEmpty { break }
            let text = String(decoding: header, as: UTF8.self)
            if text.lowercased().hasPrefix("content-disposition:") { name = parameter("name", of: text[...]) }
        }
        guard let name else { return nil }
        if rest.last == 0x0A { rest = rest.dropLast() }
        if rest.last == 0x0D { rest = rest.dropLast() }
        return (name, String(decoding: rest, as: UTF8.self))
    }

    private static func line(_ bytes: ArraySlice<UInt8>) -> (text: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
        guard let end = bytes.firstIndex(of: 0x0A) else { return nil }
        var text = bytes[..<end]
        if text.last == 0x0D { text = text.dropLast() }
        return (text, bytes[(end + 1)...])
    }

    /// `; name="value"` of a header, quotes undone.
    private static func parameter(_ name: String, of header: Substring) -> String? {
        for part in header.split(separator: ";").dropFirst() {
            let sides = part.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, trimmed(sides[0]).lowercased() == name else { continue }
            let value = trimmed(sides[1])
            guard value.utf8.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") else { return String(value) }
            return String(value.dropFirst().dropLast())
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let text = text.drop { $0 == " " || $0 == "\t" }
        return text.lastIndex { $0 != " " && $0 != "\t" }.map { text[...$0] } ?? ""
    }
}

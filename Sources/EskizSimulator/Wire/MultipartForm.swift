/// `multipart/form-data` (RFC 7578), read and written.
///
/// Only text fields: the API uploads no files.
enum MultipartForm {
    static func boundary(of contentType: String) -> String? {
        for parameter in contentType.split(separator: ";").dropFirst() {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, trimmed(parts[0]).lowercased() == "boundary" else { continue }
            let value = unquoted(trimmed(parts[1]))
            return value.isEmpty ? nil : value
        }
        return nil
    }

    static func pairs(of body: [UInt8], boundary: String) -> [(String, String)] {
        let delimiter = Array("--\(boundary)".utf8)
        var pairs: [(String, String)] = []
        var parts = split(body, by: delimiter).dropFirst()
        // What follows the closing "--boundary--" is an epilogue.
        if let last = parts.firstIndex(where: { $0.starts(with: Array("--".utf8)) }) { parts = parts[..<last] }
        for part in parts {
            guard let (headers, content) = headersAndContent(of: part), let name = name(in: headers) else { continue }
            pairs.append((name, String(decoding: content, as: UTF8.self)))
        }
        return pairs
    }

    static func encode(_ pairs: [(String, String)], boundary: String) -> [UInt8] {
        var text = ""
        for (name, value) in pairs {
            text += "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        return Array("\(text)--\(boundary)--\r\n".utf8)
    }

    /// A delimiter is one at the beginning of a line only: a text may hold the same characters.
    private static func split(_ body: [UInt8], by delimiter: [UInt8]) -> [ArraySlice<UInt8>] {
        var slices: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index + delimiter.count <= body.count {
            if body[index] == delimiter[0], index == 0 || body[index - 1] == 0x0A,
                body[index..<(index + delimiter.count)].elementsEqual(delimiter),
                endsLine(body[(index + delimiter.count)...])
            {
                slices.append(body[start..<index])
                index += delimiter.count
                start = index
            } else {
                index += 1
            }
        }
        slices.append(body[start...])
        return slices
    }

    /// Spaces, then the end of the line or of the form.
    private static func endsLine(_ rest: ArraySlice<UInt8>) -> Bool {
        let rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
        return rest.isEmpty || rest.first == 0x0A || rest.first == 0x0D || rest.starts(with: "--".utf8)
    }

    /// A part is CRLF, headers, empty line, content, CRLF.
    ///
    /// Bare LF is tolerated.
    private static func headersAndContent(of part: ArraySlice<UInt8>) -> (String, ArraySlice<UInt8>)? {
        for separator in [Array("\r\n\r\n".utf8), Array("\n\n".utf8)] {
            guard let index = part.indices.first(where: { part[$0...].starts(with: separator) }) else { continue }
            let headers = String(decoding: part[..<index], as: UTF8.self)
            var content = part[(index + separator.count)...]
            if content.last == 0x0A { content = content.dropLast() }
            if content.last == 0x0D { content = content.dropLast() }
            return (headers, content)
        }
        return nil
    }

    private static func name(in headers: String) -> String? {
        for line in headers.split(whereSeparator: \.isNewline) {
            guard line.lowercased().hasPrefix("content-disposition:") else { continue }
            for parameter in line.split(separator: ";").dropFirst() {
                let parts = parameter.split(separator: "=", maxSplits: 1)
                if parts.count == 2, trimmed(parts[0]).lowercased() == "name" { return unquoted(trimmed(parts[1])) }
            }
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " }
        while text.last == " " { text = text.dropLast() }
        return text
    }

    private static func unquoted(_ text: Substring) -> String {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return String(text) }
        return String(text.dropFirst().dropLast())
    }
}

import EskizHTTP

/// Shortens what nobody should read over a shoulder: passwords to nothing, tokens to a preview.
///
/// It works on text instead of a parsed document, so that a broken or cut body is redacted too.
enum Redaction {
    /// Stands for a value that is not shown.
    static let mask = "•••"

    private static let passwords = ["password", "passwd", "secret", "api_key", "apikey"]
    private static let tokens = ["token", "access_token", "refresh_token"]
    private static let secretHeaders = ["proxy-authorization", "cookie", "set-cookie", "x-api-key"]

    /// The beginning of a token: at most 20 characters, and at most a quarter.
    static func preview(_ token: some StringProtocol) -> String {
        "\(token.prefix(min(20, token.count / 4)))…"
    }

    static func redacting(_ header: Answer.Header) -> Answer.Header {
        let name = header.name.lowercased()
        if secretHeaders.contains(name) { return Answer.Header(name: header.name, value: mask) }
        guard name == "authorization" else { return header }
        // Of other schemes, such as Basic, even the beginning is half a password.
        guard let token = BearerHeader.token(of: header.value) else {
            return Answer.Header(name: header.name, value: mask)
        }
        return Answer.Header(name: header.name, value: "Bearer \(preview(token))")
    }

    /// A body or an address in any of the three encodings of the API, without its secrets.
    static func redacting(_ text: String) -> String {
        var bytes = Array(text.utf8)
        // Most bodies name none of them, and a busy simulator should not pay for the search.
        guard holdsSuspect(bytes) else { return text }
        for (names, replace) in [(passwords, { _ in mask }), (tokens, { preview($0) })] as [Rule] {
            for name in names { bytes = replacing(valuesOf: name, in: bytes, with: replace) }
        }
        return String(decoding: shorteningWebTokens(in: bytes), as: UTF8.self)
    }

    private typealias Rule = ([String], (String) -> String)

    private static func holdsSuspect(_ bytes: [UInt8]) -> Bool {
        let lowered = bytes.map { lowercased($0) }
        return ["apikey", "api_key", "token", "passw", "secret", "eyj"].contains {
            position(of: Array($0.utf8), in: lowered) != nil
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    private static func position(of needle: [UInt8], in bytes: [UInt8], from start: Int = 0) -> Int? {
        guard bytes.count >= needle.count, start <= bytes.count - needle.count else { return nil }
        return (start...(bytes.count - needle.count)).first { index in
            bytes[index] == needle[0] && bytes[index..<(index + needle.count)].elementsEqual(needle)
        }
    }

    private static func replacing(
        valuesOf name: String,
        in bytes: [UInt8],
        with replace: (String) -> String
    ) -> [UInt8] {
        let needle = Array(name.utf8)
        let lowered = bytes.map { lowercased($0) }
        var output: [UInt8] = []
        var copied = 0
        var index = 0
        while let found = position(of: needle, in: lowered, from: index) {
            index = found + needle.count
            guard let range = valueRange(in: bytes, name: found..<index), !range.isEmpty else { continue }
            output += bytes[copied..<range.lowerBound]
            output += Array(replace(String(decoding: bytes[range], as: UTF8.self)).utf8)
            copied = range.upperBound
            index = max(index, copied)
        }
        return output + bytes[copied...]
    }

    /// Where the value of a named field is: JSON, a form, or a part of a multipart body.
    private static func valueRange(in bytes: [UInt8], name: Range<Int>) -> Range<Int>? {
        let before = name.lowerBound > 0 ? bytes[name.lowerBound - 1] : UInt8(ascii: "&")
        var index = name.upperBound
        guard index < bytes.count else { return nil }
        if bytes[index] == UInt8(ascii: "="), [UInt8(ascii: "&"), UInt8(ascii: "?")].contains(before) {
            return (index + 1)..<end(in: bytes, from: index + 1) { $0 == UInt8(ascii: "&") }
        }
        guard before == UInt8(ascii: "\""), bytes[index] == UInt8(ascii: "\"") else { return nil }
        index += 1
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
        if index < bytes.count, bytes[index] == UInt8(ascii: ":") { return jsonValue(in: bytes, from: index + 1) }
        return multipartValue(in: bytes, from: name.upperBound + 1)
    }

    private static func jsonValue(in bytes: [UInt8], from start: Int) -> Range<Int>? {
        var index = start
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
        guard index < bytes.count else { return nil }
        guard bytes[index] == UInt8(ascii: "\"") else {
            return index..<end(in: bytes, from: index) { ",}] \n\r".utf8.contains($0) }
        }
        let first = index + 1
        index = first
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return first..<min(index, bytes.count)
    }

    /// From the empty line after a part's headers to the line of the next boundary.
    private static func multipartValue(in bytes: [UInt8], from start: Int) -> Range<Int>? {
        let separators = [Array("\r\n\r\n".utf8), Array("\n\n".utf8)]
        guard
            let (blank, length) = separators.lazy.compactMap({ separator in
                position(of: separator, in: bytes, from: start).map { ($0, separator.count) }
            }).first
        else { return nil }
        let first = blank + length
        let last =
            position(of: Array("\r\n--".utf8), in: bytes, from: first)
            ?? position(of: Array("\n--".utf8), in: bytes, from: first)
        return first..<(last ?? bytes.count)
    }

    private static func end(in bytes: [UInt8], from start: Int, where isEnd: (UInt8) -> Bool) -> Int {
        bytes[start...].firstIndex(where: isEnd) ?? bytes.count
    }

    /// Signed tokens outside of any field that names them.
    private static func shorteningWebTokens(in bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var copied = 0
        var index = 0
        while let found = position(of: Array("eyJ".utf8), in: bytes, from: index) {
            let last = end(in: bytes, from: found) { !isTokenByte($0) }
            if bytes[found..<last].count(where: { $0 == UInt8(ascii: ".") }) >= 2 {
                output += bytes[copied..<found]
                output += Array(preview(String(decoding: bytes[found..<last], as: UTF8.self)).utf8)
                copied = last
            }
            index = last
        }
        return output + bytes[copied...]
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

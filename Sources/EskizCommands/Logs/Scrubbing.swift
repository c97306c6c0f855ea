/// The last line of defence before a log line is written.
///
/// Redaction is the job of types: a token is `Redacted`, a phone prints itself masked. This is for the day when a
/// library below us puts a header or an address into a message.
enum Scrubbing {
    /// Tokens cut to their preview, Uzbek numbers masked.
    static func scrub(_ line: String) -> String {
        // Most lines hold neither; looking for the two beginnings is cheap.
        guard line.utf8.containsRun("eyJ") || line.utf8.containsRun("998") else { return line }
        return scrub(Array(line.utf8))
    }

    private static func scrub(_ bytes: [UInt8]) -> String {
        var clean: [UInt8] = []
        clean.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let startsWord = index == 0 || !isTokenByte(bytes[index - 1])
            if startsWord, let end = endOfToken(bytes, from: index) {
                // At most 20 characters and never more than a quarter of the token.
                clean += bytes[index..<index + min(20, (end - index) / 4)]
                clean += Array("…".utf8)
                index = end
            } else if index == 0 || !isDigit(bytes[index - 1]), isPhone(bytes, at: index) {
                clean += bytes[index..<index + 5]
                clean += Array("*****".utf8)
                clean += bytes[index + 10..<index + 12]
                index += 12
            } else {
                clean.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: clean, as: UTF8.self)
    }

    /// A JSON Web Token: three base64url parts joined by dots, of which the first begins like an encoded object.
    private static func endOfToken(_ bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count - start > 16, bytes[start...].starts(with: "eyJ".utf8) else { return nil }
        var dots = 0
        var index = start
        while index < bytes.count, isTokenByte(bytes[index]) || bytes[index] == UInt8(ascii: ".") {
            if bytes[index] == UInt8(ascii: ".") { dots += 1 }
            index += 1
        }
        return dots >= 1 && index - start > 16 ? index : nil
    }

    /// `998` and nine more digits, and no digit after them.
    private static func isPhone(_ bytes: [UInt8], at start: Int) -> Bool {
        guard bytes.count - start >= 12, bytes[start...].starts(with: "998".utf8) else { return false }
        guard bytes[start..<start + 12].allSatisfy(isDigit) else { return false }
        return start + 12 == bytes.count || !isDigit(bytes[start + 12])
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: "_")
    }
}

extension String.UTF8View {
    fileprivate func containsRun(_ run: StaticString) -> Bool {
        let wanted = Array(String(describing: run).utf8)
        var matched = 0
        for byte in self {
            if byte == wanted[matched] {
                matched += 1
                if matched == wanted.count { return true }
            } else {
                matched = byte == wanted[0] ? 1 : 0
            }
        }
        return false
    }
}

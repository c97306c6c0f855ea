/// An `http`-like address taken apart, strictly: anything that two programs might read differently is refused.
///
/// It serves the base URL, the proxy and the callback URL. Foundation's `URL` is not used because it repairs what it
/// should refuse, and a token that goes to a host nobody meant is not repaired by a retry.
package struct WebAddress: Sendable {
    package var scheme: String?
    package var userInformation: String?
    package var host: String
    package var port: Int?
    package var path: String
    package var hasQuery: Bool
    package var hasFragment: Bool

    package init(_ text: String) throws(BadSetting) {
        guard !text.isEmpty else { throw BadSetting("it is empty") }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C }) else {
            throw BadSetting("it holds a space, a backslash, or a character that is not ASCII")
        }
        var rest = text[...]
        scheme = nil
        let separator = "://".utf8
        // By bytes, because each message with a webhook brings an address.
        if let start = rest.utf8.indices.first(where: { rest.utf8[$0...].starts(with: separator) }) {
            scheme = rest[..<start].lowercased()
            rest = rest[rest.utf8.index(start, offsetBy: separator.count)...]
        }
        (rest, hasFragment) = Self.cut(rest, at: "#")
        (rest, hasQuery) = Self.cut(rest, at: "?")
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        path = String(rest[slash...])
        var authority = rest[..<slash]
        userInformation = nil
        if let at = authority.lastIndex(of: "@") {
            userInformation = String(authority[..<at])
            authority = authority[authority.index(after: at)...]
        }
        (host, port) = try Self.hostAndPort(authority)
    }

    private static func cut(_ text: Substring, at mark: Character) -> (Substring, Bool) {
        guard let index = text.firstIndex(of: mark) else { return (text, false) }
        return (text[..<index], true)
    }

    private static func hostAndPort(_ authority: Substring) throws(BadSetting) -> (String, Int?) {
        var name = authority
        var portText: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else {
                throw BadSetting("the bracket of its host is not closed")
            }
            name = authority[authority.index(after: authority.startIndex)..<end]
            let after = authority[authority.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else { throw BadSetting("its host is malformed") }
            portText = after.isEmpty ? nil : after.dropFirst()
            guard name.contains(":"), name.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                throw BadSetting("its host is not an IPv6 address")
            }
        } else {
            if let colon = authority.lastIndex(of: ":") {
                name = authority[..<colon]
                portText = authority[authority.index(after: colon)...]
            }
            guard !name.isEmpty else { throw BadSetting("it has no host") }
            let isName = name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D || byte == 0x2E
                    || byte == 0x5F
            }
            guard isName, !name.hasPrefix("."), !name.contains("..") else { throw BadSetting("its host is malformed") }
        }
        guard let portText else { return (name.lowercased(), nil) }
        guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(portText),
            (1...65535).contains(port)
        else { throw BadSetting("its port is not a number from 1 to 65535") }
        return (name.lowercased(), port)
    }
}

/// Why one setting cannot be used: half a sentence, without the value, which may be a secret.
package struct BadSetting: Error {
    package let reason: Sentence

    package init(_ reason: Sentence) {
        self.reason = reason
    }
}

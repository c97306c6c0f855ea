import EskizQueue
import EskizText

/// What a message must be like, in code and in the words of `/openapi.json`: each rule stands beside its pattern, and a
/// test holds the two against each other.
enum MessageRules {
    /// What the longest message that networks carry can hold: 255 segments of GSM 7 bit.
    static let textLimit = 255 * 153
    static let referenceLimit = 255
    static let purposeLimit = 64
    static let addressLimit = 2000
    static let batchLimit = 1000
    static let expiresInSeconds = 1.0...999_999.0
    /// The furthest that a message can be planned ahead.
    static let horizon: Duration = .seconds(35 * 86_400)
    /// A `send_at` that has just passed means now: clocks differ, and a request may be repeated.
    static let tardiness: Duration = .seconds(3600)

    // MARK: Text

    /// Looks at the characters; the length is known once it is known what will be sent.
    static func textError(_ text: String) -> (code: String, detail: String)? {
        do throws(MessageTextError) {
            try MessageTextRules.checkCharacters(of: text)
            return nil
        } catch {
            return (error.code, error.description)
        }
    }

    // MARK: Phone

    /// Every spelling of an Uzbek number that `PhoneNumber` reads.
    static let phonePattern: String = {
        let between =
            #"[ \t.()\u00A0\u2000-\u200A\u202F\u205F\u3000\u2010-\u2015\u2212\u00AD\u200B-\u200E\u202A\u202C\u202D\u2060\u2066\u2068\u2069\uFEFF-]*"#
        let around = "[\\r\\n" + between.dropFirst()
        let country = "9\(between)9\(between)8\(between)"
        return "^\(around)(?:[+\\uFF0B]\(around)\(country)|(?:0\(between)0\(between))?\(country))?"
            + "[2-9](?:\(between)[0-9]){8}\(around)$"
    }()

    /// A number of another country, in E.164.
    static let foreignPhonePattern = Region.foreignNumberPattern

    static func phone(_ text: String, mayBeAbroad: Bool = false) -> Result<PhoneNumber, Problem.FieldError> {
        do {
            let phone = try PhoneNumber(text)
            guard !phone.isUzbek else { return .success(phone) }
            guard mayBeAbroad else {
                let detail =
                    "The number is abroad. `\"international\": true` sends it there, if the account can, at the price of "
                    + "its country."
                return .failure(.init("to", "foreign_phone", detail))
            }
            guard text == phone.e164, text.utf8.count > 10, phone.region != nil else {
                let detail =
                    "Write a number abroad as + and 10 to 15 digits with its country's code, and nothing between."
                return .failure(.init("to", "invalid_phone", detail))
            }
            return .success(phone)
        } catch {
            return .failure(.init("to", "invalid_phone", error.description))
        }
    }

    // MARK: Sender

    static let senderPattern = "^[!-~]{2,11}$"

    static func isSender(_ text: String) -> Bool {
        (2...11).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    // MARK: Times

    /// `90s`, `2m`, `1h`, `1d`.
    static let durationPattern = "^(?:[1-9][0-9]{0,5}s|[1-9][0-9]{0,3}m|[1-9][0-9]?h|[1-9]d)$"

    static func duration(_ text: String) -> Duration? {
        let digits = text.dropLast()
        guard let first = digits.utf8.first, (0x31...0x39).contains(first),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(digits)
        else { return nil }
        switch (text.last, digits.utf8.count) {
        case ("s", 1...6): return .seconds(number)
        case ("m", 1...4): return .seconds(number * 60)
        case ("h", 1...2): return .seconds(number * 3_600)
        case ("d", 1): return .seconds(number * 86_400)
        default: return nil
        }
    }

    // MARK: Address

    /// `http` or `https`, a name or an IP address, perhaps a port, no user and no fragment.
    ///
    /// The last part of a name begins with a letter: `127.1` and `2130706433` are addresses to some programs only.
    static let addressPattern: String = {
        let label = "(?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
        let number = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
        return
            #"^[Hh][Tt][Tt][Pp][Ss]?://(?:(?:[A-Za-z0-9]\#(label)\.)*[A-Za-z]\#(label)|\#(number)(?:\.\#(number)){3}"#
            + #"|\[[0-9A-Fa-f:.]{2,45}\])"#
            + portAndPathPattern
    }()

    private static let portAndPathPattern =
        #"(?::(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"#
        + #"(?:[/?][!"$-\[\]-~]*)?$"#

    /// Why a text is no address that we post to, as half a sentence; nil if it is one.
    ///
    /// One rule for `webhook_url` and for `callback_url` of Eskiz's API.
    static func addressProblem(_ text: String) -> String? {
        if isAddress(text) { return nil }
        if text.utf8.count > addressLimit { return "it is longer than \(addressLimit) characters" }
        for (offset, scalar) in text.unicodeScalars.enumerated() {
            guard !(0x21...0x7E).contains(scalar.value) || scalar == "#" || scalar == "\\" else { continue }
            let hex = String(scalar.value, radix: 16, uppercase: true)
            let name = "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
            let shown = (0x21...0x7E).contains(scalar.value) ? " \(scalar)" : ""
            return "its character \(offset + 1)\(shown) (\(name)) cannot stand in it; write it percent-encoded"
        }
        return "it must be http:// or https:// with a host, such as https://example.test/hook, without a user"
    }

    static func isAddress(_ text: String) -> Bool {
        guard text.utf8.count <= addressLimit else { return false }
        var rest = text.utf8[...]
        for scheme in ["https://", "http://"] where text.prefix(scheme.count).lowercased() == scheme {
            rest = rest.dropFirst(scheme.utf8.count)
            let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            let tail = rest[authority.endIndex...]
            return isAuthority(Substring(authority))
                && tail.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "\\") }
        }
        return false
    }

    private static func isAuthority(_ authority: Substring) -> Bool {
        var name = authority
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return false }
            let address = authority[authority.index(after: authority.startIndex)..<end].utf8
            guard (2...45).contains(address.count),
                address.allSatisfy({ isHexDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
            else { return false }
            name = authority[authority.index(after: end)...]
            return name.isEmpty || (name.first == ":" && isPort(name.dropFirst()))
        }
        if let colon = authority.firstIndex(of: ":") {
            guard isPort(authority[authority.index(after: colon)...]) else { return false }
            name = authority[..<colon]
        }
        return isName(name) || isDottedQuad(name)
    }

    private static func isName(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false).map(\.utf8)
        let areLabels = labels.allSatisfy { label in
            guard let first = label.first, let last = label.last, label.count <= 63 else { return false }
            return isAlphanumeric(first) && isAlphanumeric(last)
                && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        }
        return areLabels && labels.last?.first.map { !(0x30...0x39).contains($0) } == true
    }

    private static func isDottedQuad(_ text: Substring) -> Bool {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4
            && numbers.allSatisfy { number in
                // One spelling only: 010 is eight to some programs.
                UInt8(number).map { String($0) == number } == true
            }
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard (1...5).contains(text.utf8.count), text.utf8.first != 0x30,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text)
        else { return false }
        return number <= 65_535
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }

    // MARK: Numbers and keys

    static let idPattern = "^[1-9][0-9]{0,11}$"
    static let idempotencyKeyPattern = "^[!-~]{1,255}$"

    static func isIdempotencyKey(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

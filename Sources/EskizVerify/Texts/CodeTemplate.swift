package import Eskiz
import EskizText

/// The text around a code, in one language.
package struct CodeTemplate: Sendable, Hashable {
    /// How a caller asks for it: `login`.
    package var name: String
    /// `uz`, `ru`, `en`, or with a part behind it: `uz-Cyrl`.
    package var language: String
    /// With `{code}` once, and `{minutes}` and `{app}` where they are wanted.
    package var text: String
    /// What `{app}` stands for.
    package var app: String?
    /// The site that a browser may fill the code into: the last line becomes `@domain #code` (WebOTP).
    package var domain: String?
    /// The 11 characters by which Android knows an app (SMS Retriever): they become the last line.
    package var appHash: String?

    package init(
        name: String,
        language: String,
        text: String,
        app: String? = nil,
        domain: String? = nil,
        appHash: String? = nil
    ) {
        self.name = name
        self.language = language
        self.text = text
        self.app = app
        self.domain = domain
        self.appHash = appHash
    }

    /// The SMS.
    ///
    /// - Parameters:
    ///   - code: the code.
    ///   - minutes: how long it is good.
    /// - Returns: the text, with the line for browsers or apps at its end.
    package func rendered(code: String, minutes: Int) -> String {
        var values = [("{code}", code), ("{minutes}", String(minutes))]
        if let app { values.append(("{app}", app)) }
        var filled: [UInt8] = []
        var rest = Array(self.text.utf8)[...]
        while let brace = rest.firstIndex(of: UInt8(ascii: "{")) {
            filled += rest[..<brace]
            rest = rest[brace...]
            let value = values.first { rest.starts(with: $0.0.utf8) }
            filled += (value?.1 ?? "{").utf8
            rest = rest.dropFirst(value?.0.utf8.count ?? 1)
        }
        let text = String(decoding: filled + rest, as: UTF8.self)
        if let domain { return text + "\n@\(domain) #\(code)" }
        if let appHash { return text + "\n" + appHash }
        return text
    }

    /// The SMS as it is measured and compared with what Eskiz approved: any code costs the same.
    package func sample(length: Int, minutes: Int) -> String {
        rendered(code: String("1234567890".prefix(length)), minutes: minutes)
    }

    /// What is wrong with it: half a sentence that goes on from its name; nil if nothing is.
    package var problem: Sentence? {
        if !Self.isName(name) { return "needs a `name` of 1 to 32 letters, digits, - and _" }
        if !Self.isLanguage(language) { return "needs a `language` such as uz, ru, en or uz-Cyrl" }
        if count(of: "{code}") != 1 { return "needs {code} in its text, once" }
        if let unknown = unknownPlaceholder {
            return "has \(unknown) in its text; known are {code}, {minutes} and {app}"
        }
        if app == nil, text.contains("{app}") { return "has {app} in its text and no `app` beside it" }
        if domain != nil, appHash != nil {
            return "has both `domain` and `app_hash`; each has to be the last line, so choose one"
        }
        if let domain, !Self.isDomain(domain) { return "needs a `domain` such as example.uz" }
        if let appHash, !Self.isAppHash(appHash) {
            return "needs an `app_hash` of the 11 characters that Android shows"
        }
        let hasControl = text.unicodeScalars.contains { ($0.value < 0x20 && $0.value != 0x0A) || $0.value == 0x7F }
        if hasControl { return "has control characters in its text" }
        return nil
    }

    private func count(of placeholder: String) -> Int { text.ranges(of: placeholder).count }

    private var unknownPlaceholder: String? {
        for match in text.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            guard let end = match.firstIndex(of: "}") else { return "an open {" }
            let name = match[..<end]
            if name != "code", name != "minutes", name != "app" { return "{\(name)}" }
        }
        return nil
    }

    package static func isName(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count) && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F }
    }

    package static func isLanguage(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first, (2...3).contains(first.utf8.count), parts.count <= 3 else { return false }
        return parts.allSatisfy { (1...8).contains($0.utf8.count) && $0.utf8.allSatisfy(isAlphanumeric) }
            && first.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) }
    }

    private static func isDomain(_ text: String) -> Bool {
        (4...100).contains(text.utf8.count) && text.contains(".")
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E }
            && !text.hasPrefix(".") && !text.hasSuffix(".")
    }

    private static func isAppHash(_ text: String) -> Bool {
        text.utf8.count == 11 && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2B || $0 == 0x2F }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }
}

import EskizText

/// Numbers whose code is fixed and to which no SMS goes: for those who review an app, and for end-to-end tests.
package struct TestNumbers: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// Codes by the digits of the phone.
    private let codes: [String: String]

    package init() {
        codes = [:]
    }

    /// Reads `+998900000001=123456,+998900000002=654321`.
    ///
    /// - Returns: nil if it cannot be read, or a number is there twice.
    package init?(_ text: String) {
        var codes: [String: String] = [:]
        for item in text.split(separator: ",", omittingEmptySubsequences: true) {
            let parts = item.split(separator: "=", maxSplits: 1).map { part in
                part.filter { !$0.isWhitespace }
            }
            guard parts.count == 2, let phone = try? PhoneNumber(parts[0]),
                CodeDerivation.lengths.contains(parts[1].utf8.count),
                parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), codes[phone.digits] == nil
            else { return nil }
            codes[phone.digits] = parts[1]
        }
        self.codes = codes
    }

    /// The code of a number; nil for one that is not listed.
    package func code(for phone: String) -> String? { codes[phone] }

    package var count: Int { codes.count }

    /// How many there are, never which.
    package var description: String { "\(count) test numbers" }
    /// A mirror that shows no more than `description`.
    package var customMirror: Mirror { Mirror(self, children: ["test numbers": description]) }
}

/// `Prefer: wait=10` (RFC 7240): the caller would rather wait for the outcome.
struct WaitPreference: Sendable, Hashable {
    /// Longer waits are cut to this.
    static let limit = 60

    var seconds: Int

    /// Nil if there is no such preference, or none that makes sense: a preference is never an error.
    init?(_ field: String?) {
        guard let field else { return nil }
        for preference in field.split(separator: ",") {
            // Parameters after a semicolon say nothing that we know.
            let pair = preference.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, Self.trimmed(pair[0]).lowercased() == "wait" else { continue }
            let value = Self.trimmed(pair[1])
            guard (1...9).contains(value.utf8.count), value.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let seconds = Int(value), seconds > 0
            else { return nil }
            self.seconds = min(seconds, Self.limit)
            return
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " || text.first == "\"" { text.removeFirst() }
        while text.last == " " || text.last == "\"" { text.removeLast() }
        return text
    }
}

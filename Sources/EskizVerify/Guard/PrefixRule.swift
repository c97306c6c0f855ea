package import EskizQueue

/// What an operator has decided about the phones that begin with some digits.
package struct PrefixRule: Sendable, Hashable {
    package enum Decision: String, Sendable, Hashable, CaseIterable {
        /// No code is sent to them.
        case block
        /// Codes are sent to them whatever share of them is entered. The limits hold all the same.
        case allow
    }

    /// Digits with country code: `99890123`.
    package var prefix: String
    package var decision: Decision
    package var addedAt: Timestamp
    /// The name of the key.
    package var addedBy: String

    package init(prefix: String, decision: Decision, addedAt: Timestamp, addedBy: String) {
        self.prefix = prefix
        self.decision = decision
        self.addedAt = addedAt
        self.addedBy = addedBy
    }

    /// A prefix as somebody types it; nil unless it is two to eight digits after all that stands between.
    ///
    /// The last four digits of a phone are never part of it, so that it may stand in the audit; a phone by itself is for the list
    /// of suppressed phones.
    package static func prefix(_ text: String) -> String? {
        let digits = text.filter { !$0.isWhitespace && !"+-()*".contains($0) }
        guard (2...8).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return digits
    }
}

/// The rules together: of several that fit the longest counts.
package struct PrefixRules: Sendable {
    private var decisions: [String: PrefixRule.Decision] = [:]

    package init(_ rules: [PrefixRule] = []) {
        for rule in rules { decisions[rule.prefix] = rule.decision }
    }

    package subscript(prefix: String) -> PrefixRule.Decision? {
        get { decisions[prefix] }
        set { decisions[prefix] = newValue }
    }

    package func decision(on phone: String) -> PrefixRule.Decision? {
        guard !decisions.isEmpty else { return nil }
        var prefix = phone[...]
        while !prefix.isEmpty {
            if let decision = decisions[String(prefix)] { return decision }
            prefix.removeLast()
        }
        return nil
    }
}

extension SendRefusal {
    package static let blockedPrefix = SendRefusal(
        .prefix,
        retryAfter: .seconds(3_600),
        "Numbers with this prefix get no codes: an operator has decided so."
    )
}

package import EskizQueue
import Synchronization

extension Verifier {
    /// What the store keeps for operators; nil if nothing.
    var conversions: (any ConversionStore)? { store as? any ConversionStore }

    /// What has been decided about prefixes; nil where the store keeps no such decisions.
    package func prefixRules() async throws(StoreError) -> [PrefixRule]? { try await conversions?.prefixRules() }

    /// Blocks the phones that begin with some digits, or lets them through.
    package func decide(_ rule: PrefixRule) async throws(StoreError) {
        guard let conversions else { return }
        try await conversions.keep(rule)
        prefixes.withLock { $0[rule.prefix] = rule.decision }
    }

    /// - Returns: whether something had been decided about the prefix.
    package func undecide(_ prefix: String) async throws(StoreError) -> Bool {
        let wasKnown = try await conversions?.forgetPrefixRule(prefix) ?? false
        prefixes.withLock { $0[prefix] = nil }
        return wasKnown
    }

    func learnPrefixes() async throws(StoreError) {
        let rules = PrefixRules(try await conversions?.prefixRules() ?? [])
        prefixes.withLock { $0 = rules }
    }

    func prefixRefusal(of phone: String) -> SendRefusal? {
        prefixes.withLock { $0.decision(on: phone) } == .block ? .blockedPrefix : nil
    }
}

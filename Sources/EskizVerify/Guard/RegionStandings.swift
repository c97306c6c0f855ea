import EskizQueue

/// Parts of the Internet, and whether codes that are asked for from there are entered: the first half of an IPv4 address, the
/// first 32 bits of an IPv6 one, which mostly are one provider's.
///
/// Only ever a reason to let through: a provider has many customers, so it is never closed.
struct RegionStandings: Sendable {
    private struct Name: Hashable, Sendable {
        var apiKeyID: String
        var region: String
    }

    private struct Standing: Sendable {
        var fast = ConversionWindow(step: .seconds(2), length: .seconds(60))
        var slow = ConversionWindow(step: .seconds(600), length: .seconds(6 * 3_600))
        /// It lost its standing, and has none until then.
        var badUntil: Timestamp?
    }

    private var standings: [Name: Standing] = [:]

    private static let fewest = (slow: 20, fast: 8)
    private static let disgrace: Duration = .seconds(600)
    private static let limit = 20_000

    /// The part of a network of `ClientNetwork`.
    static func region(_ network: String) -> String {
        let separator: Character = network.contains(":") ? ":" : "."
        return network.split(separator: separator, omittingEmptySubsequences: false).prefix(2)
            .joined(separator: String(separator))
    }

    mutating func noteSend(_ network: String, of key: String, at now: Timestamp) {
        if standings.count > Self.limit { forget(at: now) }
        let name = Name(apiKeyID: key, region: Self.region(network))
        standings[name, default: Standing()].fast.noteSend(at: now)
        standings[name]?.slow.noteSend(at: now)
    }

    mutating func noteApproval(_ network: String, of key: String, sentAt: Timestamp) {
        let name = Name(apiKeyID: key, region: Self.region(network))
        standings[name]?.fast.noteApproval(sentAt: sentAt)
        standings[name]?.slow.noteApproval(sentAt: sentAt)
    }

    /// Whether enough codes are known, and are entered as usual: over the hours, and in the last minute as well, so that an
    /// attack from a provider of good standing loses it, for ten minutes.
    mutating func isGood(
        _ network: String,
        of key: String,
        usual: Double,
        at now: Timestamp,
        olderThan age: Duration
    ) -> Bool {
        let name = Name(apiKeyID: key, region: Self.region(network))
        guard let standing = standings[name] else { return false }
        if let badUntil = standing.badUntil, now < badUntil { return false }
        let (slow, fast) = (
            standing.slow.figures(at: now, olderThan: .zero), standing.fast.figures(at: now, olderThan: age)
        )
        guard slow.sent >= Self.fewest.slow, slow.share >= usual * 0.5 else { return false }
        // Certainly worse: a few that are still being typed are no reason.
        guard fast.sent >= Self.fewest.fast, fast.upperBound < usual * 0.6 else { return true }
        standings[name]?.badUntil = now + Self.disgrace
        return false
    }

    mutating func forget(at now: Timestamp) {
        standings = standings.filter { !$0.value.slow.isOver(at: now) }
    }
}

extension ConversionWindow.Figures {
    fileprivate var share: Double { sent == 0 ? 0 : Double(approved) / Double(sent) }
}

import EskizQueue

/// Phones that were refused while an operator or a key is closed, and ask once more a little later.
///
/// People do that, and programs that go through numbers mostly do not. So it is let through for as long as codes of second
/// tries are entered: an attacker who tries again as well loses it for both, for a while that grows.
struct SecondTries: Sendable {
    private struct Standing: Sendable {
        var window = ConversionWindow(step: .seconds(2), length: .seconds(300))
        /// It was lost, until then.
        var badUntil: Timestamp?
        var losses = 0
    }

    enum Answer: Sendable, Hashable {
        case passes
        /// The next one passes, from then on.
        case again(Timestamp)
        case refused
    }

    private var refused: [Int: Timestamp] = [:]
    /// Whose second try was let through, and when.
    private var passed: [Int: Timestamp] = [:]
    private var standings: [String: Standing] = [:]

    /// What comes sooner is the same try.
    static let pause: Duration = .seconds(20)
    /// Said to whoever is refused for the first time.
    static let advice: Duration = .seconds(30)
    private static let memory: Duration = .seconds(900)
    private static let fewest = 15
    private static let hold: Duration = .seconds(600)
    private static let limit = 100_000

    /// Whether a try is let through; if not, it is remembered.
    ///
    /// - Returns: what it meets.
    mutating func tried(
        _ phone: String,
        of key: String,
        usual: Double,
        at now: Timestamp,
        olderThan age: Duration
    ) -> Answer {
        guard isGood(key, usual: usual, at: now, olderThan: age) else { return .refused }
        let hash = phone.hashValue
        guard let first = refused[hash], now < first + Self.memory else {
            if refused.count >= Self.limit { forget(at: now) }
            refused[hash] = now
            return .again(now + Self.advice)
        }
        guard now >= first + Self.pause else { return .again(first + Self.advice) }
        refused[hash] = nil
        passed[hash] = now
        return .passes
    }

    /// Whether the code that was sent at that moment was one of a second try.
    func isOne(_ phone: String, at moment: Timestamp) -> Bool {
        guard let at = passed[phone.hashValue] else { return false }
        return at <= moment && moment < at + Self.pause
    }

    mutating func noteSend(of key: String, at now: Timestamp) {
        standings[key, default: Standing()].window.noteSend(at: now)
    }

    mutating func noteApproval(of key: String, sentAt: Timestamp) {
        standings[key]?.window.noteApproval(sentAt: sentAt)
    }

    private mutating func isGood(_ key: String, usual: Double, at now: Timestamp, olderThan age: Duration) -> Bool {
        guard var standing = standings[key] else { return true }
        if let badUntil = standing.badUntil, now < badUntil { return false }
        let figures = standing.window.figures(at: now, olderThan: age)
        guard figures.sent >= Self.fewest, figures.upperBound < usual * 0.6 else { return true }
        standing.losses += 1
        standing.badUntil = now + Self.hold * (1 << min(standing.losses - 1, 5))
        standing.window.clear()
        standings[key] = standing
        return false
    }

    private mutating func forget(at now: Timestamp) {
        refused = refused.filter { now < $0.value + Self.memory }
        passed = passed.filter { now < $0.value + Self.memory }
        if refused.count >= Self.limit { refused.removeAll(keepingCapacity: true) }
        if passed.count >= Self.limit { passed.removeAll(keepingCapacity: true) }
    }
}

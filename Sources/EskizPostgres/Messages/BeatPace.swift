/// When a gateway says again that it is alive.
///
/// News of the others may come hundreds of times a second, and a sign of life with each would be a commit.
struct BeatPace: Sendable {
    static let pause: Duration = .milliseconds(100)

    private var last: ContinuousClock.Instant?

    /// Whether it is time; if so, the next time is a pause later.
    mutating func isDue(at now: ContinuousClock.Instant) -> Bool {
        if let last, now - last < Self.pause { return false }
        last = now
        return true
    }
}

import Eskiz

/// Whether a new code would expire before its turn (gateway.md §c6).
///
/// The pace of the queue is an average of the last moments, and after a quiet time it is an average of nothing. So it is
/// believed only once a backlog has stood for a while: a burst is not refused because of the silence before it.
struct CodeBacklog: Sendable {
    /// Since when more codes wait than are sent at once, in nanoseconds of the elapsed clock.
    private var since: Int64?

    /// One half-life of the average.
    static let patience: Duration = .seconds(10)

    /// How long to wait before asking again; nil if the code may come in.
    mutating func refusal(
        waiting: Int,
        atOnce: Int,
        projectedWait: Duration?,
        lifetime: Duration,
        elapsed: Int64
    ) -> Duration? {
        guard waiting > atOnce else {
            since = nil
            return nil
        }
        let began = since ?? elapsed
        since = began
        guard elapsed - began >= Self.patience.nanoseconds, let projectedWait, projectedWait > lifetime else {
            return nil
        }
        return min(projectedWait - lifetime, .seconds(300))
    }
}

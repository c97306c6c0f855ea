/// How long a connection may do nothing before it is ended.
///
/// Each open connection costs a descriptor, and a few thousand that say nothing keep everybody else out.
package struct ConnectionLimits: Sendable, Hashable {
    /// From connecting, or from the first byte of a request, to the end of its head.
    package var head: Duration
    /// Bytes a second that a body has to bring on average, once its grace is over; 0 for no rule.
    package var bodyRate: Int
    /// What every body is given before its rate counts.
    package var bodyGrace: Duration
    /// From an answer to the first byte of the next request.
    package var idle: Duration

    package init(
        head: Duration = .seconds(10),
        bodyRate: Int = 500,
        bodyGrace: Duration = .seconds(10),
        idle: Duration = .seconds(75)
    ) {
        self.head = head
        self.bodyRate = bodyRate
        self.bodyGrace = bodyGrace
        self.idle = idle
    }

    package static let standard = ConnectionLimits()
}

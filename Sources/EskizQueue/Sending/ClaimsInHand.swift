import Synchronization

/// The messages that this process is sending.
///
/// A lease is for other processes: whoever has a message in hand knows that without one. So a lease that ran out by a wrong
/// clock, or because the store could not be reached, never lets a process take its own work away from itself.
final class ClaimsInHand: Sendable {
    private let messages = Mutex<Set<MessageID>>([])

    var ids: Set<MessageID> { messages.withLock { $0 } }

    func take(_ claims: [Claim]) {
        messages.withLock { $0.formUnion(claims.map(\.message.id)) }
    }

    func letGo(_ claims: [Claim]) {
        messages.withLock { $0.subtract(claims.map(\.message.id)) }
    }
}

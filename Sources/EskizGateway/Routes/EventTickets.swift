import Crypto
import Eskiz
import EskizQueue
import Synchronization

/// Tickets for `GET /v1/events`: for browsers, which cannot set a header on a stream of events.
///
/// A ticket stands in an address, so it is short-lived and good for nothing else. It may be used again while it lives, because
/// a browser comes back by itself when a connection breaks.
final class EventTickets: Sendable {
    private struct Ticket {
        var keyID: String
        /// On the elapsed clock.
        var end: Int64
    }

    static let lifetime: Duration = .seconds(60)
    private static let limit = 10_000

    private let clock: any KeeperClock
    private let tickets = Mutex<[String: Ticket]>([:])

    init(clock: any KeeperClock) {
        self.clock = clock
    }

    /// A ticket for a key, and when it ends; nil while there are too many.
    func issue(to identity: APIKeyIdentity) -> (text: String, expiresAt: Timestamp)? {
        let text = Base64URL.encode(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
        let now = clock.now().elapsed
        let isIssued = tickets.withLock { tickets in
            tickets = tickets.filter { $0.value.end > now }
            guard tickets.count < Self.limit else { return false }
            tickets[text] = Ticket(keyID: identity.id, end: now.addingClamped(Self.lifetime.nanoseconds))
            return true
        }
        return isIssued ? (text, clock.timestamp + Self.lifetime) : nil
    }

    /// The id of the key that a ticket was issued to; nil for one that is over or nobody's.
    func keyID(of text: String) -> String? {
        let now = clock.now().elapsed
        return tickets.withLock { tickets in tickets[text].flatMap { $0.end > now ? $0.keyID : nil } }
    }
}

/// Where a message is on its way, in one vocabulary for all the spellings that Eskiz, its callbacks, its cabinet and
/// SMPP use (eskiz-api.md §9).
///
/// ```swift
/// if record.status.isFinal { … }
/// print(record.status)                     // delivered
/// ```
public enum MessageStatus: Sendable, Hashable {
    /// Eskiz took the message into its queue; only in the answer to a send.
    case waiting
    /// Written to Eskiz's database; only in callbacks.
    case stored
    /// Waiting to be handed to the operator.
    case new
    /// With the operator, at least in part; no delivery report yet.
    case accepted
    /// The operator is trying.
    case enroute
    /// The operator cannot say (`UNKNOWN`). May still change.
    case indefinite
    /// At least one part is delivered.
    case partDelivered
    /// Delivered. Final.
    case delivered
    /// Not delivered, often because the subscriber is blocked. Final.
    case undelivered
    /// The subscriber could not be reached in time. Final.
    case expired
    /// Refused, typically because the number is on a blacklist. Final.
    case rejected
    /// A faulty request, for example a wrong sender. Final.
    case deleted
    /// A word this version does not know, as it came. Not final.
    case unrecognized(String)

    /// Reads any known spelling, without regard to case.
    public init(_ text: String) {
        self = Self.spellings[text.trimmingWhitespace().uppercased()] ?? .unrecognized(text)
    }

    private static let spellings: [String: MessageStatus] = [
        "WAITING": .waiting, "SCHEDULED": .waiting,
        "STORED": .stored,
        "NEW": .new,
        "ACCEPTED": .accepted, "ACCEPTD": .accepted, "TRANSMTD": .accepted, "0": .accepted,
        "ENROUTE": .enroute,
        "UNKNOWN": .indefinite,
        "PARTDELIVERED": .partDelivered, "PARTDELIV": .partDelivered, "PART_DELIVERED": .partDelivered,
        "DELIVERED": .delivered, "DELIVRD": .delivered, "DELIVER": .delivered, "1": .delivered,
        "UNDELIV": .undelivered, "UNDELIVERABLE": .undelivered, "UNDELIVRD": .undelivered,
        "UNDELIVERED": .undelivered, "NOTDELIVERED": .undelivered, "FAILED": .undelivered, "-1": .undelivered,
        "EXPIRED": .expired, "-3": .expired,
        "REJECTED": .rejected, "REJECTD": .rejected, "-2": .rejected,
        "DELETED": .deleted,
    ]

    /// True when nothing more will happen.
    public var isFinal: Bool {
        switch self {
        case .delivered, .undelivered, .expired, .rejected, .deleted: true
        default: false
        }
    }

    /// How far along the message is: 0 waiting, 1 stored, 2 new, 3 with the operator, 4 partly delivered, 5 final.
    ///
    /// Reports come late, twice and out of order; one of a lower rank than what is known already says nothing new. A
    /// word that is not known ranks with `waiting`, so it never hides a known one.
    public var rank: Int {
        switch self {
        case .waiting, .unrecognized: 0
        case .stored: 1
        case .new: 2
        case .accepted, .enroute, .indefinite: 3
        case .partDelivered: 4
        case .delivered, .undelivered, .expired, .rejected, .deleted: 5
        }
    }

    /// What is known after another report has come: the further of the two, and the first of two final ones.
    public func updated(by report: MessageStatus) -> MessageStatus {
        if case .unrecognized = self, case .unrecognized = report { return report }
        return report.rank > rank || (report.rank == rank && !isFinal) ? report : self
    }
}

extension MessageStatus: CustomStringConvertible {
    /// The stable name, in lower case: `waiting`, `delivered`, `part_delivered`.
    public var description: String {
        switch self {
        case .waiting: "waiting"
        case .stored: "stored"
        case .new: "new"
        case .accepted: "accepted"
        case .enroute: "enroute"
        case .indefinite: "indefinite"
        case .partDelivered: "part_delivered"
        case .delivered: "delivered"
        case .undelivered: "undelivered"
        case .expired: "expired"
        case .rejected: "rejected"
        case .deleted: "deleted"
        case .unrecognized(let text): text.lowercased()
        }
    }
}

extension MessageStatus: Decodable {
    /// Reads a string or, as old servers wrote it, a number.
    public init(from decoder: any Decoder) throws {
        self.init(try LooseScalar(from: decoder).text ?? "")
    }
}

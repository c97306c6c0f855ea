/// One SMS as the provider keeps it (`eskiz-api.md` §6.1).
struct Message: Sendable {
    /// What a row's `status` says (`eskiz-api.md` §9.1).
    enum Status: String, Sendable {
        /// Taken, not yet written to the database.
        case waiting
        case new = "NEW"
        case accepted = "ACCEPTED"
        case partDelivered = "PARTDELIVERED"
        case delivered = "DELIVERED"
        case rejected = "REJECTED"
    }

    struct Part: Sendable {
        /// The operator's id of the part: six hexadecimal digits.
        let key: String
        var states: [String] = []
        var acceptedAt: WallTime?
        var reportedAt: WallTime?
        var state: String { states.last ?? "NEW" }
    }

    /// The provider's integer id.
    let id: Int
    /// The UUID that send answered; all messages of a batch share it.
    let requestID: String
    let accountID: Int
    let country: Country?
    let smscID: Int
    let dispatchID: String?
    let userSMSID: String?
    /// UZS for each part.
    let price: Int
    let isAd: Bool
    let nick: String
    let to: String
    let text: String
    let encoding: Int
    let callbackURL: String?
    /// The body of the request as it came, which the provider's logs repeat.
    let rawRequest: String
    let ip: String
    let outcome: DeliveryOutcome
    let takenAt: WallTime
    var parts: [Part]
    var status = Status.waiting
    var storedAt: WallTime?
    var acceptedAt: WallTime?
    var finalAt: WallTime?
    var updatedAt: WallTime
    /// The call of the ledger that brought it.
    var callNumber = 0

    var partsCount: Int { parts.count }
    var totalPrice: Int { price * partsCount }
}

/// What happens to a message by itself.
enum DeliveryStep: Sendable {
    case store, accept, finish
}

extension Message {
    /// Takes the next step.
    ///
    /// False when the message's fate ends before it.
    mutating func take(_ step: DeliveryStep, at now: WallTime) -> Bool {
        switch step {
        case .store:
            guard storedAt == nil else { return false }
            storedAt = now
            status = .new
        case .accept:
            guard acceptedAt == nil else { return false }
            if storedAt == nil { storedAt = now }
            acceptedAt = now
            status = .accepted
            for index in parts.indices {
                parts[index].states.append("ACCEPTED")
                parts[index].acceptedAt = now
            }
        case .finish:
            guard finalAt == nil, let ending = outcome.ending else { return false }
            for index in parts.indices {
                // Partly delivered: only the first part arrives.
                let state = outcome == .partial && index > 0 ? "UNDELIV" : ending.partState
                parts[index].states.append(state)
                parts[index].reportedAt = now
            }
            status = ending.status
            finalAt = now
        }
        updatedAt = now
        return true
    }
}

extension DeliveryOutcome {
    /// How the parts and the message end, with the provider's two spellings (`eskiz-api.md` §9); nil when they never do.
    var ending: (partState: String, status: Message.Status)? {
        switch self {
        case .delivered: ("DELIVRD", .delivered)
        case .partial: ("DELIVRD", .partDelivered)
        case .undelivered: ("UNDELIV", .rejected)
        case .expired: ("EXPIRED", .rejected)
        case .rejected: ("REJECTD", .rejected)
        case .deleted: ("DELETED", .rejected)
        case .unknown: ("UNKNOWN", .accepted)
        case .never: nil
        }
    }

    /// Numbers that always end the same way, whatever the switches say: the last seven digits decide.
    ///
    /// A scripted number of `delivery_by_number` goes first.
    init?(magicNumber phone: String) {
        let outcomes: [String: DeliveryOutcome] = [
            "0000101": .undelivered, "0000102": .expired, "0000103": .rejected, "0000104": .deleted,
            "0000105": .never, "0000106": .unknown, "0000107": .partial,
        ]
        guard let outcome = outcomes[String(phone.suffix(7))] else { return nil }
        self = outcome
    }
}

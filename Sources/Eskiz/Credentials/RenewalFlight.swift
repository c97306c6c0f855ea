extension RenewalMachine {
    /// One renewal: from the first look into the store until everybody who waits has an answer.
    struct Flight: Sendable {
        let id: FlightID
        var reason: Reason
        /// On the elapsed clock.
        let deadline: Int64
        var demand: Demand
        /// Somebody waits for it.
        var isUrgent: Bool
        /// What was held when the flight was asked for; a newer generation in the store is as good as a call.
        var heldGeneration: UInt64
        var phase = Phase.reading
    }

    /// Where a flight is, and what it knows there.
    enum Phase: Sendable {
        /// The store is read for the first time.
        case reading
        /// Its lock is waited for.
        case locking(Shelf)
        /// It is read again, under the lock: another process may have renewed meanwhile.
        case readingAgain
        /// Eskiz is asked for a token.
        case calling(Call, Shelf)
        /// The store is told what came of it.
        case publishing(Outcome, Shelf)
    }

    /// A credential call.
    enum Call: Sendable {
        case refresh
        /// Once more, if the answer to the first one was lost.
        case login(isRepeated: Bool)
    }

    /// What the store is told.
    enum Outcome: Sendable {
        /// There is a new token, or one that could not be stored when it came.
        case token
        /// There is none, and whoever reads the store is to know why.
        case failure(EskizError, isPermanent: Bool)
    }

    /// What a flight has read, and whether others can interfere.
    struct Shelf: Sendable {
        enum Access: Sendable {
            /// Anybody may change what is stored.
            case open
            case locked
            /// The store cannot be reached: nobody else knows of this flight.
            case alone
        }

        var access: Access
        /// The record as it lies there, be it ours or not.
        var record: TokenRecord?
        /// The record that lies there, if it is about our account.
        var ours: TokenRecord?
        /// Something lies there that cannot be read: it is not overwritten only to note a failure.
        var isUnreadable: Bool
        var login: LoginFacts?

        var generation: UInt64 { record?.generation ?? 0 }
    }

    /// Who wants a flight, and what of it.
    enum Demand: Int, Sendable, Comparable {
        /// Pauses and refusals hold it up.
        case automatic
        /// A person wants a new token now, in spite of both.
        case byHand
        /// A person wants a login.
        case login

        static func < (first: Demand, second: Demand) -> Bool { first.rawValue < second.rawValue }
    }
}

extension RenewalMachine.Phase {
    /// What was read, where that is known.
    var shelf: RenewalMachine.Shelf? {
        switch self {
        case .reading, .readingAgain: nil
        case .locking(let shelf), .calling(_, let shelf), .publishing(_, let shelf): shelf
        }
    }
}

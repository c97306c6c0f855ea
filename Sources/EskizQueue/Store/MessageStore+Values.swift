// What a store is asked and answers.

/// Messages that go to Eskiz in one request.
package struct NewBatch: Sendable, Hashable {
    /// The caller's number of the mailing.
    package var dispatchID: Int64?

    package init(dispatchID: Int64? = nil) {
        self.dispatchID = dispatchID
    }
}

/// A caller's promise that the same key means the same request.
package struct IdempotencyKey: Sendable, Hashable {
    package var apiKeyID: String
    package var key: String
    /// A digest of what was asked.
    package var fingerprint: [UInt8]

    package init(apiKeyID: String, key: String, fingerprint: [UInt8]) {
        self.apiKeyID = apiKeyID
        self.key = key
        self.fingerprint = fingerprint
    }
}

/// What became of a request to accept messages.
package enum Acceptance: Sendable, Hashable {
    /// They are kept. `superseded` were cancelled by them.
    case accepted([Message], superseded: [Message])
    /// The key was used before for the same request: these are its messages, as they are now.
    case repeated([Message])
    /// The key was used before for another request.
    case keyReused
    /// Nothing was kept: the phones of these, by their places in the request, get no such message (`Suppression`).
    case suppressed([Int])
}

/// How many messages wait to be sent: `queued` and `sending`, by lane.
package struct QueueDepth: Sendable, Hashable {
    package var waiting: [Lane: Int]

    package init(waiting: [Lane: Int] = [:]) {
        self.waiting = waiting
    }

    package var total: Int { waiting.values.reduce(0, +) }
    package subscript(lane: Lane) -> Int { waiting[lane] ?? 0 }
}

/// Who wants how much of which lane.
package struct ClaimRequest: Sendable, Hashable {
    package struct Share: Sendable, Hashable {
        package var lane: Lane
        package var limit: Int

        package init(_ lane: Lane, _ limit: Int) {
            self.lane = lane
            self.limit = limit
        }
    }

    package var owner: String
    /// Until when the owner is believed to be alive.
    package var leaseUntil: Timestamp
    /// In the order of service; a lane may come twice.
    package var shares: [Share]
    /// Of all lanes together.
    package var limit: Int

    package init(owner: String, leaseUntil: Timestamp, shares: [Share], limit: Int) {
        self.owner = owner
        self.leaseUntil = leaseUntil
        self.shares = shares
        self.limit = limit
    }
}

package struct ClaimResult: Sendable, Hashable {
    package var claims: [Claim]
    /// Became `expired` on the way, or were cancelled because their phones are suppressed.
    package var expired: [Message]
    /// When the next message is due that was not due now; nil for none.
    ///
    /// A moment that has come already says that one step was not enough to clear away what has expired: ask again.
    package var nextDue: Timestamp?

    package init(claims: [Claim] = [], expired: [Message] = [], nextDue: Timestamp? = nil) {
        self.claims = claims
        self.expired = expired
        self.nextDue = nextDue
    }
}

/// What came of an attempt.
package struct Settlement: Sendable {
    package enum Result: Sendable {
        /// Eskiz took it. `nextReport`: when to ask for its delivery if nobody has told us.
        case submitted(providerID: String, detail: String?, nextReport: Timestamp?)
        /// Not taken, and to be tried again then.
        case retry(at: Timestamp, MessageError)
        /// Nothing left this machine and it is nobody's fault (limit, shutdown, breaker): queued again without counting as an
        /// attempt.
        case released(at: Timestamp)
        /// Not taken, and never will be.
        case failed(MessageError)
        /// Its time passed before it was sent.
        case expired
        /// Nobody can say; the reconciler looks for it from then on.
        case unknown(MessageError, reconcileAt: Timestamp)
    }

    package var claim: Claim
    package var result: Result
    /// The ledger says that bytes may have left: whatever the answer was, Eskiz may have taken the message.
    package var wasWritten: Bool

    package init(_ claim: Claim, _ result: Result, wasWritten: Bool = false) {
        self.claim = claim
        self.result = result
        self.wasWritten = wasWritten
    }
}

/// Which claims a store takes back.
package enum AbandonedClaims: Sendable, Hashable {
    /// All that anybody else holds: the only process of a store has started anew.
    case everythingBut(String)
    /// What this owner holds.
    case all(of: String)
    /// What has outlived its lease.
    case outlived
}

/// What a store found that nobody works on any more.
package struct Recovery: Sendable, Hashable {
    package var queued: [Message]
    package var unknown: [Message]

    package init(queued: [Message] = [], unknown: [Message] = []) {
        self.queued = queued
        self.unknown = unknown
    }
}

package enum Cancellation: Sendable, Hashable {
    case cancelled(Message)
    /// Too late, or over already.
    case refused(Message)
    case notFound
}

/// How an `unknown` ends.
package enum Resolution: Sendable, Hashable {
    /// Eskiz has it.
    case submitted(providerID: String?, DeliveryReport?, nextReport: Timestamp?)
    /// Eskiz certainly does not have it, and it is still wanted.
    case sendAgain
    /// Eskiz certainly does not have it, and it is not wanted any more.
    case notSent(MessageError)
    /// Its time has passed, and Eskiz certainly does not have it.
    case expired
    /// Settled by a person without an answer. The state stays `unknown`, and `finalAt` is set.
    case unknownForGood(MessageError)
    /// It cannot be found out any more without a person. The state stays `unknown`, `finalAt` is set, and the message is among
    /// the unsettled ones until somebody decides.
    case needsPerson(MessageError)
}

package typealias RawReportID = Int64

/// Whom a report is about, as far as it says.
package struct ReportKey: Sendable, Hashable {
    package enum Name: Sendable, Hashable {
        /// Our number, with Eskiz's UUID where there is one.
        case number(MessageID)
        /// Eskiz's UUID alone.
        case provider(String)
    }

    package var name: Name
    /// Digits with country code; nil where the report does not say.
    package var phone: String?

    package init(_ name: Name, phone: String? = nil) {
        self.name = name
        self.phone = phone
    }

    package static func number(_ id: MessageID, phone: String? = nil) -> Self { Self(.number(id), phone: phone) }
    package static func provider(_ id: String, phone: String? = nil) -> Self { Self(.provider(id), phone: phone) }

    /// Whether a report with this key may be applied to a message.
    package func ownership(of message: Message, _ report: DeliveryReport) -> Ownership {
        var number: MessageID?
        var providerID = report.providerID
        switch name {
        case .number(let id): number = id
        case .provider(let id): providerID = id
        }
        return Ownership.of(ReportedMessage(number: number, phone: phone, providerID: providerID), against: message)
    }

    /// Whether a report with this key may be applied to a message that nobody else has the number or UUID of.
    package func isAbout(_ message: Message, _ report: DeliveryReport) -> Bool {
        switch ownership(of: message, report) {
        case .ours: true
        // Without a phone a UUID says nothing about one message of a batch.
        case .withoutPhone: message.batch == nil || isNumbered
        case .foreign, .otherText: false
        }
    }

    private var isNumbered: Bool { if case .number = name { true } else { false } }

    package enum Target: Sendable, Hashable {
        /// The place of the message among those that were offered.
        case message(Int)
        case foreign(MessageID)
        case none
    }

    /// Which of the messages with the number, or with the UUID, a report is about.
    ///
    /// - Parameters:
    ///   - candidates: the message with the number, or all that have the UUID.
    ///   - report: what was said.
    /// - Returns: the message; none if it cannot be told which one of several is meant.
    package func target(among candidates: [Message], _ report: DeliveryReport) -> Target {
        let meant = candidates.indices.filter { isAbout(candidates[$0], report) }
        if let index = meant.first, meant.count == 1 { return .message(index) }
        guard meant.isEmpty, let first = candidates.first else { return .none }
        return ownership(of: first, report) == .foreign ? .foreign(first.id) : .none
    }
}

package enum ReportEffect: Sendable, Hashable {
    /// It said something new. `stateChanged`: the state did change with it.
    case advanced(Message, stateChanged: Bool)
    /// Known already, or older than what is known.
    case nothingNew(Message)
    /// Nobody knows such a message (yet).
    case unmatched
    /// It is about somebody else's message, which Eskiz has under the number or the UUID of this one of ours.
    case foreign(MessageID)
}

/// An `unknown` and what its search needs.
package struct UnsettledMessage: Sendable, Hashable {
    package var message: Message
    /// When the first byte may have left.
    package var writingAt: Timestamp
    /// When the first attempt began.
    package var firstTryAt: Timestamp
    /// How many times in a row it was looked for in vain.
    package var absences: Int
    /// How many times it was sent again after an outcome that stayed unclear.
    package var resends: Int

    package init(
        message: Message,
        writingAt: Timestamp,
        firstTryAt: Timestamp? = nil,
        absences: Int,
        resends: Int = 0
    ) {
        self.message = message
        self.writingAt = writingAt
        self.firstTryAt = firstTryAt ?? writingAt
        self.absences = absences
        self.resends = resends
    }
}

/// Everything that is known about one message.
package struct Timeline: Sendable, Hashable {
    package var message: Message
    package var attempts: [Attempt]
    package var reports: [DeliveryReport]
    package var webhooks: [WebhookDelivery]

    package init(message: Message, attempts: [Attempt], reports: [DeliveryReport], webhooks: [WebhookDelivery]) {
        self.message = message
        self.attempts = attempts
        self.reports = reports
        self.webhooks = webhooks
    }
}

/// Counts that are kept as messages change.
package struct QueueStatistics: Sendable, Hashable {
    package struct Key: Sendable, Hashable {
        package var lane: Lane
        package var state: MessageState

        package init(_ lane: Lane, _ state: MessageState) {
            self.lane = lane
            self.state = state
        }
    }

    package var counts: [Key: Int]
    /// Since when the message of a lane that is queued and has been due the longest has been due.
    package var oldestWaiting: [Lane: Timestamp]
    /// Webhooks that were given up.
    package var deadWebhooks: Int

    package init(counts: [Key: Int] = [:], oldestWaiting: [Lane: Timestamp] = [:], deadWebhooks: Int = 0) {
        self.counts = counts
        self.oldestWaiting = oldestWaiting
        self.deadWebhooks = deadWebhooks
    }

    package func count(_ state: MessageState) -> Int {
        counts.reduce(0) { $1.key.state == state ? $0 + $1.value : $0 }
    }
}

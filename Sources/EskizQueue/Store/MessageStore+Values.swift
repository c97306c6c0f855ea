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
    /// Became `expired` on the way.
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

    package init(_ claim: Claim, _ result: Result) {
        self.claim = claim
        self.result = result
    }
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
    /// Nobody will ever know. The state stays `unknown`, and `finalAt` is set.
    case unknownForGood(MessageError)
}

package typealias RawReportID = Int64

/// Whom a report is about.
package enum ReportKey: Sendable, Hashable {
    /// Our number, with Eskiz's UUID where there is one.
    case number(MessageID)
    /// Eskiz's UUID alone.
    case provider(String)
}

package enum ReportEffect: Sendable, Hashable {
    /// It said something new. `stateChanged`: the state did change with it.
    case advanced(Message, stateChanged: Bool)
    /// Known already, or older than what is known.
    case nothingNew(Message)
    /// Nobody knows such a message (yet).
    case unmatched
}

/// An `unknown` and what its search needs.
package struct UnsettledMessage: Sendable, Hashable {
    package var message: Message
    /// When the first byte may have left.
    package var writingAt: Timestamp
    /// How many times in a row it was looked for in vain.
    package var absences: Int

    package init(message: Message, writingAt: Timestamp, absences: Int) {
        self.message = message
        self.writingAt = writingAt
        self.absences = absences
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

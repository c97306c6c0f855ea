package import EskizQueue

/// A phone that is being verified: what is kept of it.
///
/// The code is not part of it: it is derived again each time (`CodeDerivation`).
package struct Verification: Sendable, Hashable {
    /// How a code reaches its reader.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// By SMS.
        case sms
        /// Not at all: a number of `ESKIZ_VERIFY_TEST_NUMBERS`, whose code is fixed.
        case test
        /// There is no code. Somebody asked about a phone to which none was sent, and is answered as if there were one.
        case decoy
        /// The caller made the code and checks it itself.
        case external
    }

    /// How it was ended before its time.
    package enum Ending: String, Sendable, Hashable, CaseIterable {
        case approved
        case cancelled
    }

    /// What the API calls it.
    package enum Status: String, Sendable, Hashable, CaseIterable {
        case pending
        case approved
        case expired
        case exhausted
        case cancelled
    }

    package var id: VerificationID
    package var apiKeyID: String
    /// Digits with country code: `998901234567`.
    package var phone: String
    /// What the code is for, in the caller's word; empty if it did not say.
    package var purpose: String
    package var kind: Kind
    package var codeLength: Int
    /// Which key the code is derived with (`CodeKey.id`).
    package var keyID: String
    /// Another epoch is another code.
    package var epoch: Int
    /// The template of the text and its language, for sending the same text again.
    package var template: String
    package var language: String
    package var reference: String?
    package var webhookURL: String?
    /// The network that the caller's user came from (`ClientNetwork`).
    package var network: String?
    package var createdAt: Timestamp
    /// How long the code is good from the moment in which Eskiz took its SMS.
    package var life: Duration
    /// When Eskiz last took an SMS with the code.
    package var acceptedAt: Timestamp?
    package var endedAt: Timestamp?
    package var ending: Ending?
    /// Checks taken: counted before the code is compared.
    package var checks: Int
    /// Checks of those that were answered: fewer only while one is being answered, or where a process died in between.
    package var checksAnswered: Int
    package var checksAllowed: Int
    package var sends: Int
    /// When the code may be sent again.
    package var resendAt: Timestamp?
    /// The last message that carries the code.
    package var messageID: MessageID?

    package init(_ new: NewVerification, at now: Timestamp) {
        id = new.id
        apiKeyID = new.apiKeyID
        phone = new.phone
        purpose = new.purpose
        kind = new.kind
        codeLength = new.codeLength
        keyID = new.keyID
        epoch = 0
        template = new.template
        language = new.language
        reference = new.reference
        webhookURL = new.webhookURL
        network = new.network
        createdAt = now
        life = new.life
        checks = 0
        checksAnswered = 0
        checksAllowed = new.checksAllowed
        sends = 0
    }

    /// Nothing is set: for a store that reads a row.
    package init(id: VerificationID, apiKeyID: String, phone: String, createdAt: Timestamp, life: Duration) {
        self.id = id
        self.apiKeyID = apiKeyID
        self.phone = phone
        purpose = ""
        kind = .sms
        codeLength = 6
        keyID = ""
        epoch = 0
        template = ""
        language = ""
        self.createdAt = createdAt
        self.life = life
        checks = 0
        checksAnswered = 0
        checksAllowed = 5
        sends = 0
    }
}

/// A verification before it is kept.
package struct NewVerification: Sendable, Hashable {
    package var id: VerificationID
    package var apiKeyID: String
    package var phone: String
    package var purpose: String
    package var kind: Verification.Kind
    package var codeLength: Int
    package var keyID: String
    package var template: String
    package var language: String
    package var reference: String?
    package var webhookURL: String?
    package var network: String?
    package var life: Duration
    package var checksAllowed: Int
    /// Soʻm that its SMS costs.
    package var cost: Int

    package init(
        id: VerificationID,
        apiKeyID: String,
        phone: String,
        purpose: String = "",
        kind: Verification.Kind = .sms,
        codeLength: Int = 6,
        keyID: String = "",
        template: String = "",
        language: String = "",
        reference: String? = nil,
        webhookURL: String? = nil,
        network: String? = nil,
        life: Duration = .seconds(300),
        checksAllowed: Int = 5,
        cost: Int = 0
    ) {
        self.id = id
        self.apiKeyID = apiKeyID
        self.phone = phone
        self.purpose = purpose
        self.kind = kind
        self.codeLength = codeLength
        self.keyID = keyID
        self.template = template
        self.language = language
        self.reference = reference
        self.webhookURL = webhookURL
        self.network = network
        self.life = life
        self.checksAllowed = checksAllowed
        self.cost = cost
    }
}

// MARK: Decisions

extension Verification {
    /// Until when the code is good.
    ///
    /// `life` from the moment in which Eskiz took the SMS, at most twice that from the beginning. Nobody has to look for
    /// what has expired: it is read off the clock.
    package var expiresAt: Timestamp {
        min((acceptedAt ?? createdAt) + life, createdAt + life + life)
    }

    package func status(at now: Timestamp) -> Status {
        switch ending {
        case .approved: return .approved
        case .cancelled: return .cancelled
        case nil: break
        }
        if checks >= checksAllowed { return .exhausted }
        return now >= expiresAt ? .expired : .pending
    }

    package var checksLeft: Int { max(0, checksAllowed - checks) }

    /// Counts a check, if there is one left.
    ///
    /// - Returns: whether the code may be compared, once the count is on disk.
    package mutating func takeCheck(at now: Timestamp) -> Bool {
        guard status(at: now) == .pending else { return false }
        checks += 1
        return true
    }

    /// Ends it with success, once; `taken` is when the check was counted.
    ///
    /// - Returns: whether this is the one check that succeeds.
    package mutating func approve(takenAt taken: Timestamp, at now: Timestamp) -> Bool {
        guard ending == nil, kind != .decoy, taken < expiresAt else { return false }
        ending = .approved
        endedAt = now
        return true
    }

    /// Ends it without success.
    ///
    /// - Returns: whether it was pending.
    package mutating func cancel(at now: Timestamp) -> Bool {
        guard status(at: now) == .pending else { return false }
        ending = .cancelled
        endedAt = now
        return true
    }

    /// Notes that another SMS with the code is on its way.
    package mutating func noteSend(_ message: MessageID?, resendAt: Timestamp?) {
        sends += 1
        messageID = message
        self.resendAt = resendAt
    }
}

extension Verification: CustomStringConvertible, CustomReflectable {
    /// Its id, never the phone.
    package var description: String { "verification \(id)" }
    /// A mirror that shows no more than `description`.
    package var customMirror: Mirror { Mirror(self, children: ["verification": description]) }
}

extension NewVerification: CustomStringConvertible, CustomReflectable {
    /// Its id, never the phone.
    package var description: String { "new verification \(id)" }
    /// A mirror that shows no more than `description`.
    package var customMirror: Mirror { Mirror(self, children: ["verification": description]) }
}

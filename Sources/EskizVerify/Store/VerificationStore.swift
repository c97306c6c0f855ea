package import EskizQueue

/// Where verifications live: beside the messages, because a code and its SMS are kept in one step.
///
/// As with `MessageStore`, each call is one atomic step that is durable when it returns, survives the cancellation of its
/// caller, and takes the time from it. `VerificationConformance` in `EskizQueueTesting` is the definition; what a step does is
/// written once, in `VerificationTables`, so that all stores do the same.
package protocol VerificationStore: Sendable {
    /// Begins a verification and keeps its SMS, unless one is pending for the same key, phone and purpose, or a limit refuses.
    ///
    /// Without a message nothing is sent, and no limit is asked.
    func open(
        _ new: NewVerification,
        message: NewMessage?,
        limits: SendLimits,
        at now: Timestamp
    ) async throws(StoreError) -> VerificationOpening

    /// Keeps another SMS with the code of a verification that is pending.
    func sendAgain(
        _ id: VerificationID,
        message: NewMessage?,
        cost: Int,
        limits: SendLimits,
        at now: Timestamp
    ) async throws(StoreError) -> VerificationResend

    /// Counts a check: it is on disk before anybody compares.
    func takeCheck(
        _ target: CheckTarget,
        limits: SendLimits,
        at now: Timestamp
    ) async throws(StoreError) -> CheckTaking

    /// Writes down what came of a check that was taken.
    ///
    /// - Returns: whether it is the one that succeeds, and the verification as it is now.
    func finishCheck(_ check: TakenCheck, isRight: Bool, at now: Timestamp) async throws(StoreError) -> CheckResult

    func verification(_ id: VerificationID) async throws(StoreError) -> Verification?

    /// The newest `limit` that began since a moment, the oldest first.
    func verifications(since: Timestamp, limit: Int) async throws(StoreError) -> [Verification]

    /// Takes back a verification that is pending; any other is left as it is.
    ///
    /// - Returns: nil if there is none.
    func cancelVerification(_ id: VerificationID, at now: Timestamp) async throws(StoreError) -> Verification?

    /// Notes what came of a code that was checked elsewhere: approved, or cancelled.
    ///
    /// - Returns: nil if there is none; one that is over already is left as it is.
    func recordOutcome(
        _ id: VerificationID,
        isApproved: Bool,
        at now: Timestamp
    ) async throws(StoreError) -> Verification?

    /// Forgets verifications that began before a moment, and what limits no longer look at, up to `limit` of each.
    ///
    /// One that is younger than a day is never forgotten: limits look at it.
    ///
    /// - Returns: how many went.
    func pruneVerifications(before: Timestamp, limit: Int, at now: Timestamp) async throws(StoreError) -> Int
}

/// What an operator looks at and decides: a store of verifications keeps it, or does not.
///
/// As with `VerificationStore`, each call is one atomic step.
package protocol ConversionStore: Sendable {
    /// What came of the codes that were sent since a moment, by template and first digits of the phone.
    func conversions(since: Timestamp) async throws(StoreError) -> [ConversionCount]

    /// What an operator has decided about prefixes.
    func prefixRules() async throws(StoreError) -> [PrefixRule]

    /// Keeps what is decided about a prefix, in the place of what was.
    func keep(_ rule: PrefixRule) async throws(StoreError)

    /// - Returns: whether something was decided about it.
    func forgetPrefixRule(_ prefix: String) async throws(StoreError) -> Bool
}

/// A store that several gateways share tells each of the codes of all.
///
/// As with `VerificationStore`, each call is one atomic step.
package protocol SharedVerificationStore: VerificationStore {
    /// Codes of our own that were sent after one moment and not after another, the oldest first, and ones that were entered then.
    func verificationNews(after: Timestamp, through: Timestamp) async throws(StoreError) -> VerificationNews
}

/// What happened to codes in a while.
package struct VerificationNews: Sendable, Hashable {
    package var sent: [Verification]
    package var approved: [Verification]

    package init(sent: [Verification], approved: [Verification]) {
        self.sent = sent
        self.approved = approved
    }
}

/// What became of a request for a code.
package enum VerificationOpening: Sendable, Hashable {
    /// It has begun. The acceptance is that of its SMS.
    case opened(Verification, Acceptance?)
    /// There is one already.
    case pending(Verification)
    case refused(SendRefusal)
}

/// What became of a request for the same code once more.
package enum VerificationResend: Sendable, Hashable {
    case sent(Verification, Acceptance?)
    /// It is not pending any more, or not for an SMS.
    case over(Verification)
    case refused(SendRefusal, Verification)
    case notFound
}

/// Which verification a code is for.
package enum CheckTarget: Sendable, Hashable {
    case id(VerificationID)
    /// The newest of this key, phone and purpose. Where there is none, the decoy takes its place, so that whoever asks learns
    /// nothing.
    case phone(decoy: NewVerification)
}

/// Whether a code may be compared.
package enum CheckTaking: Sendable, Hashable {
    /// It may: the check is counted.
    case taken(TakenCheck)
    /// It may not: the verification is over, or the phone is locked.
    case refused(Verification, isLocked: Bool)
    case notFound
}

/// A check that is counted and not yet answered.
package struct TakenCheck: Sendable, Hashable {
    /// As it was when the check was counted, the check included.
    package var verification: Verification
    package var takenAt: Timestamp
    /// The note that counts it as a failure until it turns out to be none.
    package var failureNote: Int64

    package init(verification: Verification, takenAt: Timestamp, failureNote: Int64) {
        self.verification = verification
        self.takenAt = takenAt
        self.failureNote = failureNote
    }
}

/// What came of a check.
package struct CheckResult: Sendable, Hashable {
    package var isValid: Bool
    package var verification: Verification

    package init(isValid: Bool, verification: Verification) {
        self.isValid = isValid
        self.verification = verification
    }
}

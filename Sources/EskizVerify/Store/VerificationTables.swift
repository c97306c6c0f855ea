package import EskizQueue

/// What a store has to offer inside of one atomic step; the steps themselves are the same for all (`VerificationSteps`).
package protocol VerificationTables: SendLedger {
    /// With `acceptedAt` as the messages have it.
    func verification(_ id: VerificationID) throws(Fault) -> Verification?

    /// The newest of a key, phone and purpose, with `acceptedAt` as the messages have it.
    func newestVerification(phone: String, apiKeyID: String, purpose: String) throws(Fault) -> Verification?

    mutating func insert(_ verification: Verification) throws(Fault)

    /// Writes what changes: everything from `acceptedAt` on.
    mutating func update(_ verification: Verification) throws(Fault)

    /// Keeps a message, as `MessageStore.accept` does.
    ///
    /// `isFirst`: it is the first of its verification, so that none waits whose place it takes.
    mutating func accept(_ message: NewMessage, isFirst: Bool, at now: Timestamp) throws(Fault) -> Acceptance
}

// MARK: The steps

extension VerificationTables {
    package mutating func open(
        _ new: NewVerification,
        message: NewMessage?,
        limits: SendLimits,
        at now: Timestamp
    ) throws(Fault) -> VerificationOpening {
        let known = try newestVerification(phone: new.phone, apiKeyID: new.apiKeyID, purpose: new.purpose)
        if let known, known.kind != .decoy, known.status(at: now) == .pending { return .pending(known) }
        var verification = Verification(new, at: now)
        guard let message else {
            verification.noteSend(nil, resendAt: now)
            try insert(verification)
            return .opened(verification, nil)
        }
        let send = PlannedSend(
            phone: new.phone,
            apiKeyID: new.apiKeyID,
            network: new.network,
            cost: new.cost,
            isFirst: true
        )
        switch try self.send(message, of: &verification, as: send, limits: limits, at: now) {
        case .refused(let refusal): return .refused(refusal)
        case .kept(let acceptance):
            try insert(verification)
            return .opened(verification, acceptance)
        }
    }

    package mutating func sendAgain(
        _ id: VerificationID,
        message: NewMessage?,
        cost: Int,
        limits: SendLimits,
        at now: Timestamp
    ) throws(Fault) -> VerificationResend {
        guard var verification = try verification(id) else { return .notFound }
        guard verification.status(at: now) == .pending, verification.kind == .sms || verification.kind == .test else {
            return .over(verification)
        }
        guard let message else {
            verification.noteSend(nil, resendAt: now)
            try update(verification)
            return .sent(verification, nil)
        }
        let send = PlannedSend(
            phone: verification.phone,
            apiKeyID: verification.apiKeyID,
            network: verification.network,
            cost: cost,
            isFirst: false
        )
        switch try self.send(message, of: &verification, as: send, limits: limits, at: now) {
        case .refused(let refusal): return .refused(refusal, verification)
        case .kept(let acceptance):
            try update(verification)
            return .sent(verification, acceptance)
        }
    }

    /// Keeps an SMS and counts it; what is refused changes nothing.
    private mutating func send(
        _ message: NewMessage,
        of verification: inout Verification,
        as send: PlannedSend,
        limits: SendLimits,
        at now: Timestamp
    ) throws(Fault) -> SendOutcome {
        let sentBefore: [Timestamp]
        switch try limits.decision(on: send, by: &self, at: now) {
        case .refused(let refusal): return .refused(refusal)
        case .allowed(let sent): sentBefore = sent
        }
        var message = message
        // The SMS is not worth sending when the code is not good any more.
        message.expiresAt = min(message.expiresAt ?? verification.expiresAt, verification.expiresAt)
        let isFirst = send.isFirst && verification.kind == .sms
        let acceptance = try accept(message, isFirst: isFirst, at: now)
        if case .suppressed = acceptance { return .refused(.suppressed) }
        try limits.note(send, in: &self, at: now)
        let resendAt = limits.nextSend(sentAt: [now] + sentBefore, at: now)
        verification.noteSend(acceptance.firstID, resendAt: resendAt)
        return .kept(acceptance)
    }

    package mutating func takeCheck(
        _ target: CheckTarget,
        limits: SendLimits,
        at now: Timestamp
    ) throws(Fault) -> CheckTaking {
        let known: Verification?
        switch target {
        case .id(let id): known = try verification(id)
        case .phone(let decoy):
            known = try newestVerification(phone: decoy.phone, apiKeyID: decoy.apiKeyID, purpose: decoy.purpose)
        }
        var verification: Verification
        var isNew = false
        if let known {
            verification = known
        } else if case .phone(let decoy) = target {
            verification = Verification(decoy, at: now)
            isNew = true
        } else {
            return .notFound
        }
        let isLocked = try limits.lockEnd(of: verification.phone, by: self, at: now) != nil
        let isTest = verification.kind == .test
        guard isTest || !isLocked, verification.takeCheck(at: now) else {
            return .refused(verification, isLocked: isLocked && !isTest)
        }
        if isNew { try insert(verification) } else { try update(verification) }
        // Counted as wrong until it turns out to be right: a process that dies in between has heard one more wrong code.
        let note = try note(.failures(verification.phone), at: now, isOfNew: false)
        return .taken(TakenCheck(verification: verification, takenAt: now, failureNote: note))
    }

    package mutating func finishCheck(
        _ check: TakenCheck,
        isRight: Bool,
        at now: Timestamp
    ) throws(Fault) -> CheckResult {
        guard var verification = try verification(check.verification.id) else {
            return CheckResult(isValid: false, verification: check.verification)
        }
        // Right or wrong, the same rows are written: the time that it takes says nothing.
        verification.checksAnswered += 1
        try settle(note: check.failureNote, isKept: !isRight)
        let isValid = isRight && verification.approve(takenAt: check.takenAt, at: now)
        try update(verification)
        return CheckResult(isValid: isValid, verification: verification)
    }

    package mutating func cancelVerification(_ id: VerificationID, at now: Timestamp) throws(Fault) -> Verification? {
        guard var verification = try verification(id) else { return nil }
        if verification.cancel(at: now) { try update(verification) }
        return verification
    }

    package mutating func recordOutcome(
        _ id: VerificationID,
        isApproved: Bool,
        at now: Timestamp
    ) throws(Fault) -> Verification? {
        guard var verification = try verification(id) else { return nil }
        let isNews =
            isApproved ? verification.approve(takenAt: now, at: now) : verification.cancel(at: now)
        if isNews { try update(verification) }
        return verification
    }
}

/// What came of an SMS that somebody wanted to be sent.
private enum SendOutcome {
    case kept(Acceptance)
    case refused(SendRefusal)
}

extension Acceptance {
    /// The message that was kept, or had been before.
    package var firstID: MessageID? {
        switch self {
        case .accepted(let messages, superseded: _), .repeated(let messages): messages.first?.id
        case .keyReused, .suppressed: nil
        }
    }
}

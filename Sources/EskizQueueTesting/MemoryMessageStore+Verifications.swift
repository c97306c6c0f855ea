package import EskizQueue
package import EskizVerify

extension MemoryMessageStore: VerificationStore {
    package func open(
        _ new: NewVerification,
        message: NewMessage?,
        limits: SendLimits,
        at now: Timestamp
    ) async throws(StoreError) -> VerificationOpening {
        try step { state in state.open(new, message: message, limits: limits, at: now) }
    }

    package func sendAgain(
        _ id: VerificationID,
        message: NewMessage?,
        cost: Int,
        limits: SendLimits,
        at now: Timestamp
    ) async throws(StoreError) -> VerificationResend {
        try step { state in state.sendAgain(id, message: message, cost: cost, limits: limits, at: now) }
    }

    package func takeCheck(
        _ target: CheckTarget,
        limits: SendLimits,
        at now: Timestamp
    ) async throws(StoreError) -> CheckTaking {
        try step { state in state.takeCheck(target, limits: limits, at: now) }
    }

    package func finishCheck(
        _ check: TakenCheck,
        isRight: Bool,
        at now: Timestamp
    ) async throws(StoreError) -> CheckResult {
        try step { state in state.finishCheck(check, isRight: isRight, at: now) }
    }

    package func verification(_ id: VerificationID) async throws(StoreError) -> Verification? {
        try step { state in state.verification(id) }
    }

    package func verifications(since: Timestamp, limit: Int) async throws(StoreError) -> [Verification] {
        try step { state in state.verifications(since: since, limit: limit) }
    }

    package func cancelVerification(
        _ id: VerificationID,
        at now: Timestamp
    ) async throws(StoreError) -> Verification? {
        try step { state in state.cancelVerification(id, at: now) }
    }

    package func recordOutcome(
        _ id: VerificationID,
        isApproved: Bool,
        at now: Timestamp
    ) async throws(StoreError) -> Verification? {
        try step { state in state.recordOutcome(id, isApproved: isApproved, at: now) }
    }

    package func pruneVerifications(
        before: Timestamp,
        limit: Int,
        at now: Timestamp
    ) async throws(StoreError) -> Int {
        try step { state in state.pruneVerifications(before: before, limit: limit, at: now) }
    }
}

extension MemoryMessageStore: ConversionStore {
    package func conversions(since: Timestamp) async throws(StoreError) -> [ConversionCount] {
        try step { state in
            let sent = state.verifications.filter { $0.kind == .sms && $0.createdAt >= since }
            return ConversionCount.counts(of: sent)
        }
    }

    package func prefixRules() async throws(StoreError) -> [PrefixRule] {
        try step { state in state.prefixRules.values.sorted { $0.prefix < $1.prefix } }
    }

    package func keep(_ rule: PrefixRule) async throws(StoreError) {
        try step { state in state.prefixRules[rule.prefix] = rule }
    }

    package func forgetPrefixRule(_ prefix: String) async throws(StoreError) -> Bool {
        try step { state in state.prefixRules.removeValue(forKey: prefix) != nil }
    }
}

/// The name of a sum and its period.
struct VerificationSum: Hashable {
    var name: String
    var period: Int64
}

extension MemoryMessageStore.State: VerificationTables {
    func verification(_ id: VerificationID) -> Verification? {
        verificationPlaces[id].map { asKnown(verifications[$0]) }
    }

    func newestVerification(phone: String, apiKeyID: String, purpose: String) -> Verification? {
        verifications.last { $0.phone == phone && $0.apiKeyID == apiKeyID && $0.purpose == purpose }.map(asKnown)
    }

    func verifications(since: Timestamp, limit: Int) -> [Verification] {
        verifications.filter { $0.createdAt >= since }.suffix(max(0, limit)).map(asKnown)
    }

    /// With the moment in which Eskiz took the last message.
    private func asKnown(_ verification: Verification) -> Verification {
        var verification = verification
        let submitted = verification.messageID.flatMap { messages[$0]?.message.submittedAt }
        verification.acceptedAt = [verification.acceptedAt, submitted].compactMap(\.self).max()
        return verification
    }

    mutating func insert(_ verification: Verification) {
        verificationPlaces[verification.id] = verifications.count
        verifications.append(verification)
    }

    mutating func update(_ verification: Verification) {
        guard let place = verificationPlaces[verification.id] else { return }
        verifications[place] = verification
    }

    mutating func accept(_ message: NewMessage, isFirst: Bool, at now: Timestamp) -> Acceptance {
        accept([message], batch: nil, idempotency: nil, at: now)
    }

    func noted(_ subject: VerifySubject, since: Timestamp, limit: Int) -> [Timestamp] {
        let moments = verificationNotes.filter { $0.subject == subject && $0.at > since }.map(\.at)
        return Array(moments.sorted(by: >).prefix(max(0, limit)))
    }

    mutating func note(_ subject: VerifySubject, at now: Timestamp, isOfNew: Bool) -> Int64 {
        defer { nextVerificationNote += 1 }
        verificationNotes.append((nextVerificationNote, subject, now))
        return nextVerificationNote
    }

    mutating func settle(note number: Int64, isKept: Bool) {
        if !isKept { verificationNotes.removeAll { $0.number == number } }
    }

    func sum(_ name: String, in period: Int64) -> Int {
        verificationSums[VerificationSum(name: name, period: period), default: 0]
    }

    mutating func add(_ amount: Int, to name: String, in period: Int64) {
        verificationSums[VerificationSum(name: name, period: period), default: 0] += amount
    }

    mutating func pruneVerifications(before: Timestamp, limit: Int, at now: Timestamp) -> Int {
        let before = SendLimits.forgettable(before: before, at: now)
        let old = verifications.prefix(max(0, limit)).prefix { $0.createdAt < before }.count
        verifications.removeFirst(old)
        verificationPlaces = Dictionary(
            uniqueKeysWithValues: verifications.enumerated().map { ($1.id, $0) }
        )
        let notes = verificationNotes.prefix(max(0, limit)).prefix { $0.at < now - SendLimits.day }.count
        verificationNotes.removeFirst(notes)
        for (kind, period) in SendLimits.forgotten(at: now) {
            for sum in verificationSums.keys where sum.name.hasPrefix(kind + ":") && sum.period < period {
                verificationSums[sum] = nil
            }
        }
        return max(old, notes)
    }
}

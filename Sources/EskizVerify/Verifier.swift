import Eskiz
package import EskizQueue
import EskizText
import Synchronization

/// Makes codes, sends them and checks them.
///
/// The code itself lives for as long as a function here runs: it goes into the text of the SMS, which the queue erases once it
/// is submitted, and into the comparison.
package final class Verifier: Sendable {
    package let configuration: VerifyConfiguration
    package let queue: MessageQueue
    let store: any VerificationStore
    private let keys: CodeKeys
    let guarding = Mutex(Guarding())
    /// What an operator has decided about prefixes, as the store has it.
    let prefixes = Mutex(PrefixRules())
    let refusals = Mutex(RefusalCounts())
    let metrics: VerifyMetrics?
    let tell: @Sendable (ConversionGuard.Closing, ConversionGuard.Mode) async -> Void
    private let faultPoint: @Sendable (VerifyFaultPoint) -> Void

    package init(
        configuration: VerifyConfiguration,
        queue: MessageQueue,
        store: any VerificationStore,
        keys: CodeKeys,
        metrics: VerifyMetrics? = nil,
        tell: @escaping @Sendable (ConversionGuard.Closing, ConversionGuard.Mode) async -> Void = { _, _ in },
        faultPoint: @escaping @Sendable (VerifyFaultPoint) -> Void = { $0.reached() }
    ) {
        self.configuration = configuration
        self.queue = queue
        self.store = store
        self.keys = keys
        self.metrics = metrics
        self.tell = tell
        self.faultPoint = faultPoint
    }

    /// The keys of this installation: those of the settings, or else one that the store makes and keeps.
    package static func keys(configured: CodeKeys?, store: any SecretStore) async throws(StoreError) -> CodeKeys {
        if let configured { return configured }
        let bytes = try await store.secret("verify-code-key", orMake: CodeKey.makeBytes)
        guard let key = CodeKey(bytes: bytes) else {
            throw StoreError(
                .corrupt,
                "The key of the codes in the database is not a key.",
                remedy: "Set ESKIZ_VERIFY_KEYS, or restore the database from a backup."
            )
        }
        return CodeKeys(current: key)
    }

    // MARK: Beginning

    /// Sends a code, or the pending one again if its time has come.
    package func start(_ request: VerificationRequest) async throws -> Started {
        let now = queue.clock.timestamp
        guard let template = configuration.templates.template(named: request.template, for: request.locale) else {
            throw VerifyError.unknownTemplate(known: configuration.templates.names)
        }
        var random = SystemRandomNumberGenerator()
        let testCode = configuration.testNumbers.code(for: request.phone)
        var new = NewVerification(
            id: VerificationID(at: now, random: &random),
            apiKeyID: request.apiKeyID,
            phone: request.phone,
            purpose: request.purpose ?? "",
            kind: testCode == nil ? .sms : .test,
            codeLength: testCode?.utf8.count ?? request.length ?? VerifyConfiguration.defaultLength,
            keyID: keys.current.id,
            template: template.name,
            language: template.language,
            reference: request.reference,
            webhookURL: request.webhookURL,
            network: request.network,
            life: request.life ?? configuration.life,
            checksAllowed: configuration.checksAllowed
        )
        let message = testCode == nil ? try message(for: Verification(new, at: now)) : nil
        new.cost = cost(of: message)
        var limits = configuration.limits
        if message != nil {
            limits.decided = prefixRefusal(of: new.phone)
            if limits.decided == nil { limits.decided = await guardRefusal(of: new, at: now) }
        }
        let keep = { @Sendable [store, limits, new] (message: NewMessage?) async throws(StoreError) in
            try await store.open(new, message: message, limits: limits, at: now)
        }
        switch try await queue.accept(message, by: keep, acceptance: \.acceptance) {
        case .opened(let verification, _):
            if message != nil { noteSend(of: verification, at: now) }
            metrics?.created(verification)
            return Started(verification, isNew: true)
        case .refused(let refusal): throw refused(refusal)
        case .pending(let verification):
            guard let resendAt = verification.resendAt, now >= resendAt, verification.kind == .sms else {
                return Started(verification, isNew: false)
            }
            return Started(try await sendPending(verification, at: now), isNew: false)
        }
    }

    /// Sends the code again for a request that found it pending; another request may have been faster.
    private func sendPending(_ verification: Verification, at now: Timestamp) async throws -> Verification {
        switch try await sendAgain(verification, at: now) {
        case .sent(let verification, _), .over(let verification): return verification
        case .refused(let refusal, var verification):
            guard refusal.rule.isOfPhone else { throw refused(refusal) }
            verification.resendAt = now + refusal.retryAfter
            return verification
        case .notFound: return verification
        }
    }

    /// Sends the same code again.
    package func resend(_ id: VerificationID, by isOwn: (Verification) -> Bool) async throws -> Verification {
        let now = queue.clock.timestamp
        let verification = try await find(id, by: isOwn)
        switch try await sendAgain(verification, at: now) {
        case .sent(let verification, _): return verification
        case .over(let verification): throw VerifyError.over(verification.status(at: now))
        case .refused(let refusal, _): throw refused(refusal)
        case .notFound: throw VerifyError.notFound
        }
    }

    private func sendAgain(_ verification: Verification, at now: Timestamp) async throws -> VerificationResend {
        guard verification.status(at: now) == .pending else { return .over(verification) }
        let message = verification.kind == .sms ? try message(for: verification) : nil
        let cost = cost(of: message)
        var limits = configuration.limits
        if message != nil { limits.decided = prefixRefusal(of: verification.phone) }
        let (id, kept) = (verification.id, limits)
        return try await queue.accept(
            message,
            by: { @Sendable [store] (message: NewMessage?) async throws(StoreError) in
                try await store.sendAgain(id, message: message, cost: cost, limits: kept, at: now)
            },
            acceptance: \.acceptance
        )
    }

    // MARK: Checking

    /// Checks a code.
    package func check(_ id: VerificationID, _ code: String, by isOwn: (Verification) -> Bool) async throws -> Checked {
        // Whose it is does not change, so it can be looked at before.
        _ = try await find(id, by: isOwn)
        return try await check(.id(id), code)
    }

    /// Checks a code for the newest verification of a phone and purpose.
    package func check(phone: String, purpose: String?, apiKeyID: String, _ code: String) async throws -> Checked {
        var random = SystemRandomNumberGenerator()
        let decoy = NewVerification(
            id: VerificationID(at: queue.clock.timestamp, random: &random),
            apiKeyID: apiKeyID,
            phone: phone,
            purpose: purpose ?? "",
            kind: .decoy,
            keyID: keys.current.id,
            life: configuration.life,
            checksAllowed: configuration.checksAllowed
        )
        return try await check(.phone(decoy: decoy), code)
    }

    /// Compares a code, and answers at an even time.
    ///
    /// What is written for a right code, a wrong one and an unknown phone differs a little, and who measures ten thousand
    /// answers would see it.
    private func check(_ target: CheckTarget, _ code: String) async throws -> Checked {
        let step = configuration.checkStep.nanoseconds
        guard step > 0 else { return try await compare(target, code) }
        let begun = queue.clock.now().elapsed
        let checked = try await compare(target, code)
        let end = Self.nextStep(after: queue.clock.now().elapsed, since: begun, step: step)
        try await queue.clock.sleep(untilElapsed: end)
        return checked
    }

    /// The next whole step since a moment; all in nanoseconds.
    static func nextStep(after now: Int64, since begun: Int64, step: Int64) -> Int64 {
        begun + (max(0, now - begun) / step + 1) * step
    }

    private func compare(_ target: CheckTarget, _ code: String) async throws -> Checked {
        do {
            let taking = try await store.takeCheck(target, limits: configuration.limits, at: queue.clock.timestamp)
            switch taking {
            case .notFound: throw VerifyError.notFound
            case .refused(let verification, let isLocked):
                metrics?.checked(.notCompared)
                return Checked(verification, isValid: false, isLocked: isLocked, at: queue.clock.timestamp)
            case .taken(let check):
                faultPoint(.counted)
                let isRight = isRight(code, for: check.verification)
                let result = try await store.finishCheck(check, isRight: isRight, at: queue.clock.timestamp)
                metrics?.checked(result.isValid ? .right : isRight ? .notCompared : .wrong)
                if result.isValid { noteApproval(of: result.verification) }
                return Checked(
                    result.verification,
                    isValid: result.isValid,
                    isLocked: false,
                    at: queue.clock.timestamp
                )
            }
        } catch let error as StoreError {
            throw QueueError.store(error)
        }
    }

    /// Derives and compares whatever it is, so that it takes the same time.
    private func isRight(_ code: String, for verification: Verification) -> Bool {
        let key = keys.key(verification.keyID)
        let derived = CodeDerivation.code(
            of: verification.id,
            epoch: verification.epoch,
            length: verification.codeLength,
            phone: verification.phone,
            key: key ?? keys.current
        )
        let fixed = configuration.testNumbers.code(for: verification.phone)
        let wanted = verification.kind == .test ? fixed ?? derived : derived
        let isEqual = CodeDerivation.areEqual(code, wanted)
        switch verification.kind {
        case .sms: return isEqual && key != nil
        // A number that is listed no more has no code.
        case .test: return isEqual && fixed != nil
        case .decoy, .external: return false
        }
    }

    // MARK: Looking and ending

    package func find(_ id: VerificationID, by isOwn: (Verification) -> Bool) async throws -> Verification {
        do {
            guard let verification = try await store.verification(id), verification.kind != .decoy, isOwn(verification)
            else { throw VerifyError.notFound }
            return verification
        } catch let error as StoreError {
            throw QueueError.store(error)
        }
    }

    /// Takes a pending one back, with its SMS if that waits.
    package func cancel(_ id: VerificationID, by isOwn: (Verification) -> Bool) async throws -> Verification {
        let now = queue.clock.timestamp
        _ = try await find(id, by: isOwn)
        let verification: Verification?
        do {
            verification = try await store.cancelVerification(id, at: now)
        } catch {
            throw QueueError.store(error)
        }
        guard let verification else { throw VerifyError.notFound }
        guard verification.status(at: now) == .cancelled else { throw VerifyError.over(verification.status(at: now)) }
        if let message = verification.messageID { _ = try await queue.cancel(message) }
        return verification
    }

    /// Notes what came of a code that the caller checked itself.
    package func recordOutcome(
        _ id: VerificationID,
        isApproved: Bool,
        by isOwn: (Verification) -> Bool
    ) async throws -> Verification {
        let now = queue.clock.timestamp
        _ = try await find(id, by: isOwn)
        let verification: Verification?
        do {
            verification = try await store.recordOutcome(id, isApproved: isApproved, at: now)
        } catch {
            throw QueueError.store(error)
        }
        guard let verification else { throw VerifyError.notFound }
        let status = verification.status(at: now)
        guard status == (isApproved ? .approved : .cancelled) else { throw VerifyError.over(status) }
        if isApproved { noteApproval(of: verification) }
        return verification
    }

    /// Forgets what nobody asks after any more.
    ///
    /// - Returns: how many went.
    package func prune(limit: Int) async throws(StoreError) -> Int {
        let now = queue.clock.timestamp
        return try await store.pruneVerifications(before: now - configuration.retention, limit: limit, at: now)
    }

    // MARK: The SMS

    private func message(for verification: Verification) throws -> NewMessage {
        guard let key = keys.key(verification.keyID),
            let template = configuration.templates.template(named: verification.template, for: verification.language)
        else { throw VerifyError.codeLost }
        let code = CodeDerivation.code(
            of: verification.id,
            epoch: verification.epoch,
            length: verification.codeLength,
            phone: verification.phone,
            key: key
        )
        // A code that is sent again takes the place of one that still waits.
        return message(code, by: template, for: verification, purpose: "verify:" + verification.id.text)
    }

    func message(
        _ code: String,
        by template: CodeTemplate,
        for verification: Verification,
        purpose: String
    ) -> NewMessage {
        let text = template.rendered(code: code, minutes: verification.life.wholeMinutes)
        let segmentation =
            configuration.normalizes ? UzbekNormalizer().normalize(text).after : Segmentation(of: text)
        return NewMessage(
            lane: .otp,
            phone: verification.phone,
            text: segmentation.text,
            sender: configuration.sender,
            segments: segmentation.segmentCount,
            encoding: segmentation.encoding,
            reference: verification.reference,
            apiKeyID: verification.apiKeyID,
            webhookURL: verification.webhookURL,
            purpose: purpose
        )
    }

    func cost(of message: NewMessage?) -> Int {
        (message?.segments ?? 0) * configuration.segmentPrice
    }
}

/// What somebody asks for, read and found good.
package struct VerificationRequest: Sendable {
    package var phone: String
    package var apiKeyID: String
    package var purpose: String?
    package var template: String?
    package var locale: String?
    package var length: Int?
    package var life: Duration?
    package var network: String?
    package var reference: String?
    package var webhookURL: String?

    package init(phone: String, apiKeyID: String) {
        self.phone = phone
        self.apiKeyID = apiKeyID
    }
}

/// A verification that was asked for.
package struct Started: Sendable {
    package let verification: Verification
    /// It began with this request.
    package let isNew: Bool

    init(_ verification: Verification, isNew: Bool) {
        self.verification = verification
        self.isNew = isNew
    }
}

/// What came of a code.
package struct Checked: Sendable, Hashable {
    package let isValid: Bool
    package let status: Verification.Status
    package let checksLeft: Int

    init(_ verification: Verification, isValid: Bool, isLocked: Bool, at now: Timestamp) {
        self.isValid = isValid
        let status = verification.status(at: now)
        // A phone that is locked is answered as one whose checks are used up.
        let isShut = isLocked && status == .pending
        self.status = isShut ? .exhausted : status
        checksLeft = status == .pending && !isShut ? verification.checksLeft : 0
    }
}

/// Why a request about a verification is refused.
package enum VerifyError: Error, Sendable, Hashable {
    case refused(SendRefusal)
    case unknownTemplate(known: [String])
    case notFound
    /// It is past this.
    case over(Verification.Status)
    /// The key or the template that it was made with is no longer there.
    case codeLost
}

extension VerificationOpening {
    /// That of the SMS, if one was kept.
    package var acceptance: Acceptance? {
        if case .opened(_, let acceptance) = self { acceptance } else { nil }
    }
}

extension VerificationResend {
    /// That of the SMS, if one was kept.
    package var acceptance: Acceptance? {
        if case .sent(_, let acceptance) = self { acceptance } else { nil }
    }
}

extension Duration {
    /// Rounded down, at least 1.
    fileprivate var wholeMinutes: Int { max(1, Int(components.seconds / 60)) }
}

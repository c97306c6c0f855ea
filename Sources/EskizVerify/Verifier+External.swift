import EskizQueue

extension Verifier {
    /// A code that somebody else makes and checks: the gateway only sends it, under the same limits as its own.
    package struct ExternalCode: Sendable {
        package var code: String
        /// What makes the request another one: the same once more is answered as before, and nothing is sent.
        package var occasion: String

        package init(code: String, occasion: String) {
            self.code = code
            self.occasion = occasion
        }
    }

    /// Sends a code that is not ours.
    ///
    /// A newer one takes the place of one that still waits. Nobody tells us whether it was entered, so it counts for no
    /// conversion; a group that is closed gets none of them all the same.
    package func send(_ external: ExternalCode, _ request: VerificationRequest) async throws -> Started {
        let now = queue.clock.timestamp
        guard let template = configuration.templates.template(named: request.template, for: request.locale) else {
            throw VerifyError.unknownTemplate(known: configuration.templates.names)
        }
        var random = SystemRandomNumberGenerator()
        var new = NewVerification(
            id: VerificationID(at: now, random: &random),
            apiKeyID: request.apiKeyID,
            phone: request.phone,
            purpose: external.occasion,
            kind: .external,
            codeLength: external.code.utf8.count,
            template: template.name,
            language: template.language,
            reference: request.reference,
            network: request.network,
            life: request.life ?? configuration.life,
            checksAllowed: configuration.checksAllowed
        )
        let isTest = configuration.testNumbers.code(for: request.phone) != nil
        let message =
            isTest
            ? nil
            : self.message(external.code, by: template, for: Verification(new, at: now), purpose: "verify:external")
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
        case .opened(let verification, _): return Started(verification, isNew: true)
        case .pending(let verification): return Started(verification, isNew: false)
        case .refused(let refusal): throw refused(refusal)
        }
    }
}

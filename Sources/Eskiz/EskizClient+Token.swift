import Logging

/// What ``EskizClient/renewTokenIfDue()`` did.
public struct TokenRenewal: Sendable {
    /// The token that is held now.
    public let status: TokenStatus
    /// True if it is a new one.
    public let renewed: Bool
}

// The token renews itself; these are for operators, for schedules, and for those who want to watch.

extension EskizClient {
    /// Asks Eskiz for a new token now, and stores it.
    ///
    /// - Returns: what is held then.
    /// - Throws: ``EskizError``.
    @discardableResult
    public func renewToken() async throws(EskizError) -> TokenStatus {
        try await keeper.renew()
    }

    /// Asks Eskiz for a new token if the one that is held is due; for schedules.
    ///
    /// - Returns: what is held then, and whether it is new.
    /// - Throws: ``EskizError``.
    @discardableResult
    public func renewTokenIfDue() async throws(EskizError) -> TokenRenewal {
        let (status, renewed) = try await keeper.renewIfDue()
        return TokenRenewal(status: status, renewed: renewed)
    }

    /// Asks Eskiz for a new token now, and says whether that worked.
    ///
    /// The reason of a failure is logged.
    ///
    /// - Returns: true if a new token is held.
    public func refreshToken() async -> Bool {
        do {
            try await keeper.renew()
            return true
        } catch {
            if !error.isReported {
                observer.logger.error("The token was not renewed", metadata: CallObserver.metadata(of: error))
            }
            return false
        }
    }

    /// Logs in with e-mail and key, whatever is held.
    ///
    /// - Returns: what is held then.
    /// - Throws: ``EskizError``.
    @discardableResult
    public func logIn() async throws(EskizError) -> TokenStatus {
        try await keeper.logIn()
    }

    /// What is held in memory; nil before the first use.
    ///
    /// Never the token itself.
    public var tokenStatus: TokenStatus? {
        keeper.status()
    }

    /// From now on `heard` is told what is held whenever there is another token, or the one there is has come to its end.
    package func whenTokenChanges(_ heard: @escaping @Sendable (TokenStatus) -> Void) {
        keeper.whenTokenChanges(heard)
    }

    /// What the last renewals of this process came to.
    package var renewals: RenewalHistory { keeper.renewals }

    /// What is held, read from the store if nothing is in memory.
    ///
    /// Never the token itself.
    ///
    /// - Returns: nil if there is no token.
    public func storedTokenStatus() async -> TokenStatus? {
        await keeper.loadedStatus()
    }

    /// Until when no new token is asked for by itself, and why; nil if nothing holds renewals up.
    package func renewalHold() async -> RenewalHold? { await keeper.hold() }

    /// What is held, read from the store; a warning in the log says why what is stored cannot be used.
    package func inspectedTokenStatus() async -> TokenStatus? {
        await keeper.loadedStatus(warnsOfDistrust: true)
    }

    /// Keeps the token fresh even while nothing is sent, until the task is cancelled.
    ///
    /// Without it the token is renewed when a send finds it due, which is enough for whoever sends daily.
    public func run() async {
        await keeper.run()
    }
}

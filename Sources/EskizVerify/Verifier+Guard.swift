package import EskizQueue
import Synchronization

extension Verifier {
    struct Guarding {
        private var known = ConversionGuard()
        /// Codes that were entered and are not among the figures yet: who entered one is not kept waiting for that, and so
        /// a right code is answered no later than a wrong one.
        private var entered: [(verification: Verification, isCounted: Bool)] = []
        /// Closings that somebody has been told of, by their groups.
        var told: [ConversionGuard.Group: Timestamp] = [:]
        /// How far the codes of all gateways of a store are known.
        var heardUntil: Timestamp?

        /// With all that were entered so far.
        var conversions: ConversionGuard {
            mutating _read {
                addEntered()
                yield known
            }
            _modify {
                addEntered()
                yield &known
            }
        }

        /// A code was entered; it counts where it is not told of by the store.
        mutating func noteApproval(of verification: Verification, isCounted: Bool) {
            entered.append((verification, isCounted))
        }

        private mutating func addEntered() {
            for (verification, isCounted) in entered {
                if isCounted {
                    known.noteApproval(of: verification.send, sentAt: verification.createdAt)
                } else {
                    known.trust(verification.phone)
                }
            }
            entered.removeAll(keepingCapacity: true)
        }
    }

    /// What the guard has against a code; nil if it is only to watch.
    func guardRefusal(of new: NewVerification, at now: Timestamp) async -> SendRefusal? {
        let mode = configuration.guardMode
        guard mode != .off, prefixes.withLock({ $0.decision(on: new.phone) }) != .allow else { return nil }
        var send = ConversionGuard.Send(phone: new.phone, apiKeyID: new.apiKeyID, network: new.network)
        send.isCounted = new.kind == .sms
        let (closing, isNews) = guarding.withLock { guarding in
            let closing = guarding.conversions.refusal(of: send, at: now)
            guard let closing else { return (closing, false) }
            return (closing, guarding.told.updateValue(closing.until, forKey: closing.group) != closing.until)
        }
        guard let closing else { return nil }
        if isNews { await tell(closing, mode) }
        return mode == .enforce ? closing.refusal(at: now) : nil
    }

    func noteSend(of verification: Verification, at now: Timestamp) {
        guarding.withLock { guarding in
            if shared == nil {
                guarding.conversions.noteSend(verification.send, at: now)
            } else {
                // It is counted when the store tells of it, wherever it was sent.
                guarding.conversions.noteTrickle(verification.send, at: now)
            }
        }
    }

    func noteApproval(of verification: Verification) {
        metrics?.approved(verification)
        guard verification.kind == .sms else { return }
        guarding.withLock { $0.noteApproval(of: verification, isCounted: shared == nil) }
    }

    /// The groups to which hardly any code is entered.
    package var closedGroups: [ConversionGuard.Closing] {
        let now = queue.clock.timestamp
        return guarding.withLock { $0.conversions.closed(at: now) }
    }

    /// Tells the guard what happened before this process began.
    ///
    /// If it cannot be read, the guard begins with nothing: it lets everything through.
    package func learn() async throws(StoreError) {
        try await learnPrefixes()
        // Whoever entered a code within two days is trusted; windows look no further than six hours by themselves.
        let since = queue.clock.timestamp - configuration.retention
        let known = try await store.verifications(since: since, limit: 100_000)
        let until = queue.clock.timestamp - Self.newsDelay
        guarding.withLock { guarding in
            if shared != nil { guarding.heardUntil = until }
            for verification in known where verification.kind == .sms {
                if shared == nil || verification.createdAt <= until {
                    guarding.conversions.noteSend(verification.send, at: verification.createdAt)
                }
                guard verification.ending == .approved else { continue }
                if shared == nil || verification.endedAt.map({ $0 <= until }) == true {
                    guarding.conversions.noteApproval(of: verification.send, sentAt: verification.createdAt)
                }
            }
        }
    }
}

// MARK: Others on the same store

extension Verifier {
    /// A step is in the tables this long after the moment that it bears, as a rule.
    ///
    /// A code counts for the guard only when it is older than this by far.
    private static let newsDelay: Duration = .seconds(2)
    /// More than this is not asked for at once, after the store was away.
    private static let newsAtOnce: Duration = .seconds(60)

    /// The store, if other gateways make and check codes there as well.
    private var shared: (any SharedVerificationStore)? { store as? any SharedVerificationStore }

    package var isShared: Bool { shared != nil }

    /// Takes over what happened at all gateways of a store since the last time, and what was decided about prefixes.
    package func hear() async throws(StoreError) {
        guard let shared else { return }
        try await learnPrefixes()
        let latest = queue.clock.timestamp - Self.newsDelay
        let after = guarding.withLock { $0.heardUntil } ?? latest - Self.newsAtOnce
        let through = min(latest, after + Self.newsAtOnce)
        guard after < through else { return }
        let news = try await shared.verificationNews(after: after, through: through)
        guarding.withLock { guarding in
            guarding.heardUntil = through
            for verification in news.sent {
                guarding.conversions.noteSend(verification.send, at: verification.createdAt)
            }
            for verification in news.approved {
                guarding.conversions.noteApproval(of: verification.send, sentAt: verification.createdAt)
            }
        }
    }
}

extension Verification {
    var send: ConversionGuard.Send {
        ConversionGuard.Send(phone: phone, apiKeyID: apiKeyID, network: network)
    }
}

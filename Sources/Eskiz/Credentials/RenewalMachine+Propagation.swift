// A new token may not have reached every server of the provider yet: what a 401 on one tells, and what it does not.

extension RenewalMachine {
    /// After so many young tokens in a row that were rejected, a new one is given time before it is given up: if its
    /// predecessors were not known everywhere, replacing it would begin the wait anew, each time.
    private static let patientAfter = 4

    /// Whether a 401 may only mean that the token is not known everywhere yet (B10).
    func isYoung(_ stamp: Stamp, hasRetriedYoung: Bool, at now: Instant) -> Bool {
        guard !hasRetriedYoung, !isShutDown, let held, !held.isRejected else { return false }
        return stamp.generation == held.generation && stamp.fingerprint == held.token.fingerprint
            && now.elapsed < held.youngUntil
    }

    /// Lets a caller try its token once more, after a short pause.
    ///
    /// After a longer one, at whose end every server should know it, where no other try is left, and where it has never
    /// worked: what has worked and is rejected now was more likely ended by somebody.
    mutating func tryAgain(
        _ id: WaiterID,
        deadline: Int64,
        isLast: Bool,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        guard let held else { return }
        let longest = min(policy.propagationPause.nanoseconds, policy.propagationGrace(life: held.life) / 4)
        var pause = Int64.random(in: 0...max(0, longest), using: &random)
        if isLast || !held.hasWorked || rejections.young >= Self.patientAfter {
            pause = pause.addingClamped(max(0, held.settledAt.subtractingClamped(now.elapsed)))
        }
        // Whoever has little time keeps half of it for the try itself.
        pause = min(pause, max(0, deadline.subtractingClamped(now.elapsed) / 2))
        effects.append(.emit(.triedAgain(generation: held.generation)))
        effects.append(.answer(id, .useAfter(held.token, stamp(held), pause: pause)))
    }
}

extension RenewalMachine {
    /// Tokens in a row that were rejected, by what is strange about it.
    struct Rejections: Sendable {
        /// Young ones that had never worked.
        var fresh = 0
        /// Young ones, whatever came before the rejection.
        var young = 0
        /// Those whose renewal was not due yet.
        var early = 0

        /// Eskiz rejects what it has just issued.
        var isPingPong: Bool { fresh >= 2 }

        /// A token that has worked is no token that Eskiz rejects as soon as it has issued it, however young it dies.
        mutating func count(_ token: Held, at now: Instant) {
            let isYoung = now.elapsed < token.youngUntil
            young = isYoung ? young + 1 : 0
            fresh = isYoung && !token.hasWorked ? fresh + 1 : 0
            early = token.earlyAt.map { now.elapsed < $0 } ?? false ? early + 1 : 0
        }
    }
}

// The token in memory: taken over, with its windows drawn, and what was seen of Eskiz on the way.

extension RenewalMachine {
    /// Takes a token into memory and draws its windows.
    mutating func hold(
        _ token: BearerToken,
        generation: UInt64,
        receivedWall: Int64,
        serverOffset: Int64,
        grewFrom: TokenFingerprint?,
        isNew: Bool,
        at now: Instant
    ) {
        var new = Held(
            token: token,
            generation: generation,
            receivedWall: receivedWall,
            serverOffset: serverOffset,
            grewFrom: grewFrom,
            youngUntil: .min
        )
        if let remaining = TokenAge.remaining(
            of: token,
            receivedWall: receivedWall,
            serverOffset: serverOffset,
            isNew: isNew,
            now: now
        ) {
            let life = max(token.claims?.life ?? remaining, remaining)
            let windows = policy.windows(life: life, draw: draw(for: token))
            let born = now.elapsed.addingClamped(remaining).subtractingClamped(life)
            new.earlyAt = born.addingClamped(windows.early)
            new.deadAt = born.addingClamped(windows.hard)
            new.endAt = born.addingClamped(windows.end)
            new.life = life
        }
        let age = max(0, now.wall.subtractingClamped(receivedWall))
        let grace = policy.propagationGrace(life: new.life)
        if receivedWall > 0, now.wall >= receivedWall, age < grace {
            new.youngUntil = now.elapsed.addingClamped(grace - age)
            new.settledAt = now.elapsed.addingClamped(grace / 4 - age)
        }
        if let old = held, !old.isRejected { rejections.young = 0 }
        held = new
        hasSaidExpired = false
        earlyPause = .none
        earlyFailure = nil
    }

    /// This host's draw for this token: the same at every check and after every restart (E4).
    func draw(for token: BearerToken) -> Double {
        let seed = token.fingerprint.description.utf8.reduce(hostSalt) { ($0 &* 31) &+ UInt64($1) }
        var generator = SplitMix64(seed: seed)
        return Double(generator.next() >> 11) / Double(1 << 53)
    }

    /// Writes down what Eskiz did; the store learns of it with the next token.
    mutating func note(_ trait: ServerTrait, at now: Instant, _ effects: inout [Effect]) {
        if traits.note(trait, at: now.wall) { effects.append(.emit(.traitSeen(trait))) }
    }

    mutating func setDegraded(_ isDegraded: Bool) {
        isStoreDegraded = isDegraded
    }

    mutating func endRun() {
        runs += 1
    }

    mutating func markRejected() {
        held?.isRejected = true
    }
}

import EskizQueue

extension MemoryMessageStore.State {
    mutating func moveMoments(by shift: Duration, from known: ClockAnchor?, to anchor: ClockAnchor) -> Bool {
        guard clockAnchor == known else { return false }
        clockAnchor = anchor
        guard shift != .zero else { return true }
        for (id, stored) in messages {
            if stored.movesAttempts { attempts[id] = attempts[id]?.mapValues { $0.moved(by: shift) } }
            let moved = stored.moved(by: shift)
            if moved != stored { write(moved, for: id) }
        }
        webhooks = webhooks.mapValues { $0.moved(by: shift) }
        return true
    }
}

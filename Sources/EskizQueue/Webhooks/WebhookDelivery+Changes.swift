// What a delivery goes through, the same in every store.

extension WebhookDelivery {
    /// Notes what came of a try.
    package mutating func finish(_ result: WebhookResult) {
        attempts += 1
        switch result {
        case .delivered:
            progress = .delivered
            nextAt = nil
            lastError = nil
        case .retry(let moment, let reason):
            nextAt = moment
            lastError = reason
        case .dead(let reason):
            progress = .dead
            nextAt = nil
            lastError = reason
        }
    }

    /// Begins anew, under the same number, so that the receiver can tell it has seen it.
    package mutating func replay(at now: Timestamp) {
        progress = .pending
        attempts = 0
        nextAt = now
        lastError = nil
    }
}

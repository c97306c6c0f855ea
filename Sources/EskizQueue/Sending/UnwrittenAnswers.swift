import Synchronization

/// Messages of which Eskiz has said what became of them, while the store cannot write it down.
///
/// Until it can, nobody else knows: the reconciler does not look for them, and none of them is sent again.
package final class UnwrittenAnswers: Sendable {
    private let known = Mutex<[MessageID: Int]>([:])

    func insert(_ ids: [MessageID]) {
        known.withLock { known in for id in ids { known[id, default: 0] += 1 } }
    }

    func remove(_ ids: [MessageID]) {
        known.withLock { known in
            for id in ids {
                let count = known[id, default: 0] - 1
                known[id] = count > 0 ? count : nil
            }
        }
    }

    package func contains(_ id: MessageID) -> Bool {
        known.withLock { $0[id] != nil }
    }
}

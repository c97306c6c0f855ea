import Synchronization

/// A store that ends with the process.
///
/// Clients of the same account share one, so that they renew once.
package final class MemoryTokenStore: TokenStore {
    private struct State {
        var record: TokenRecord?
        var isLocked = false
    }

    private let state = Mutex(State())

    package init() {}

    package var location: String { "memory" }

    package func load() -> StoredToken {
        StoredToken(record: state.withLock { $0.record })
    }

    package func lock(until deadline: Instant, clock: any KeeperClock) async throws(TokenStoreError) -> TokenStoreLock {
        while true {
            let taken = state.withLock { state in
                if state.isLocked { return false }
                state.isLocked = true
                return true
            }
            if taken { return TokenStoreLock { [self] in state.withLock { $0.isLocked = false } } }
            try await LockWait.pause(until: deadline, clock: clock)
        }
    }

    package func publish(_ record: TokenRecord, replacing generation: UInt64) -> StoredToken? {
        state.withLock { state in
            guard (state.record?.generation ?? 0) == generation else { return StoredToken(record: state.record) }
            state.record = record
            return nil
        }
    }

    private static let shared = Mutex<[String: MemoryTokenStore]>([:])

    /// The store of an account in this process.
    package static func shared(key: String) -> MemoryTokenStore {
        shared.withLock { stores in
            if let store = stores[key] { return store }
            let store = MemoryTokenStore()
            stores[key] = store
            return store
        }
    }
}

/// How a lock that is taken is waited for: by asking again, because a blocking wait would hold a thread of the pool.
package enum LockWait {
    package static func pause(
        until deadline: Instant,
        clock: any KeeperClock,
        step: Int64 = 20_000_000
    ) async throws(TokenStoreError) {
        let now = clock.now()
        guard now.elapsed < deadline.elapsed else { throw .busy }
        do {
            try await clock.sleep(untilElapsed: min(now.elapsed.addingClamped(step), deadline.elapsed))
        } catch {
            throw .cancelled
        }
    }
}

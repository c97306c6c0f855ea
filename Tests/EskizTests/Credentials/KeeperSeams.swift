import Eskiz
import EskizTesting
import Synchronization

/// A store in memory that keeps a list of what it was asked, and can be made to hang while it is read.
final class CountingStore: TokenStore {
    private struct State {
        var isHeld = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var watcher: CheckedContinuation<Void, Never>?
    }

    let calls = Tally()
    private let memory = MemoryTokenStore()
    private let state = Mutex(State())
    private let reached: @Sendable () -> Void

    init(_ reached: @escaping @Sendable () -> Void = {}) {
        self.reached = reached
    }

    var location: String { "a counting store" }

    /// From now on whoever reads waits until ``letGo()``.
    func hold() {
        state.withLock { $0.isHeld = true }
    }

    func letGo() {
        let waiting = state.withLock { state in
            defer { state = State() }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when somebody hangs.
    func arrival() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if !state.waiting.isEmpty { return true }
                state.watcher = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    func load() async throws(TokenStoreError) -> StoredToken {
        calls.add("load")
        reached()
        await withCheckedContinuation { continuation in
            let (mayPass, watcher) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
                guard state.isHeld else { return (true, nil) }
                state.waiting.append(continuation)
                defer { state.watcher = nil }
                return (false, state.watcher)
            }
            watcher?.resume()
            if mayPass { continuation.resume() }
        }
        return memory.load()
    }

    func lock(until deadline: Instant, clock: any KeeperClock) async throws(TokenStoreError) -> TokenStoreLock {
        calls.add("lock")
        reached()
        return try await memory.lock(until: deadline, clock: clock)
    }

    func publish(_ record: TokenRecord, replacing generation: UInt64) async throws(TokenStoreError) -> StoredToken? {
        calls.add("publish")
        reached()
        return memory.publish(record, replacing: generation)
    }
}

/// A clock that knows how many sleep by it.
final class WatchedClock: KeeperClock {
    private let clock: ManualClock
    private let state = Mutex<(sleeping: Int, watcher: AsyncStream<Void>.Continuation?)>((0, nil))

    init(_ clock: ManualClock) {
        self.clock = clock
    }

    func now() -> Instant { clock.now() }
    func coarseWall() -> Int64 { clock.coarseWall() }

    func sleep(untilElapsed elapsed: Int64) async throws {
        state.withLock { $0.sleeping += 1 }
        defer {
            let watcher = state.withLock { state in
                state.sleeping -= 1
                return state.sleeping == 0 ? state.watcher.take() : nil
            }
            watcher?.finish()
        }
        try await clock.sleep(untilElapsed: elapsed)
    }

    /// Returns when the last one is awake; a test whose time is up is told so.
    func nobodySleeps() async throws {
        let (quiet, watcher) = AsyncStream.makeStream(of: Void.self)
        let isQuiet = state.withLock { state in
            if state.sleeping > 0 { state.watcher = watcher }
            return state.sleeping == 0
        }
        if !isQuiet { for await _ in quiet {} }
        try Task.checkCancellation()
    }
}

/// A clock that keeps count of who looks at both of its faces.
struct CountingClock: KeeperClock {
    let readings = Tally()
    private let clock: ManualClock

    init(_ clock: ManualClock) {
        self.clock = clock
    }

    func now() -> Instant {
        readings.add()
        return clock.now()
    }

    func coarseWall() -> Int64 { clock.coarseWall() }

    func sleep(untilElapsed elapsed: Int64) async throws {
        try await clock.sleep(untilElapsed: elapsed)
    }
}

/// Somebody whom the keeper calls and who asks it something in return.
final class CallBack: Sendable {
    let calls = Tally()
    private let state = Mutex<TokenKeeper?>(nil)

    var keeper: TokenKeeper? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    func call() {
        guard let keeper else { return }
        calls.add()
        _ = keeper.status()
        _ = keeper.freshToken()
        // A 401 of a token that nobody has ever held changes nothing.
        keeper.noteRejection(
            of: RenewalMachine.Stamp(generation: 999, fingerprint: TokenFingerprint(of: "nobody's"), runs: 0)
        )
    }
}

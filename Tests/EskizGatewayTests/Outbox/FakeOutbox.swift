import Eskiz
import EskizGateway
import EskizQueue
import Synchronization

/// An outbox in memory, with the promises of `OutboxSource`.
final class FakeOutbox: OutboxSource {
    private struct State {
        var waiting: [OutboxRow] = []
        var results: [OutboxResult] = []
        var statuses: [OutboxStatus] = []
        var open: [OpenRow] = []
        var failures = 0
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    private let work = WakeSignal()

    var identity: String { "database" }

    var results: [OutboxResult] { state.withLock { $0.results } }
    var statuses: [OutboxStatus] { state.withLock { $0.statuses } }

    func leave(_ rows: OutboxRow...) {
        state.withLock { $0.waiting += rows }
        work.ring()
    }

    /// Messages that a process before this one took.
    func leaveOpen(_ rows: OpenRow...) {
        state.withLock { $0.open += rows }
    }

    /// The next so many exchanges with results fail, and nothing of them is kept.
    func failExchanges(_ count: Int) {
        state.withLock { $0.failures = count }
    }

    /// Returns when so many rows are marked, or so many statuses told.
    func happened(_ count: Int) async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.watchers.append((count, continuation))
                Self.notify(&state)
            }
        }
    }

    func exchange(
        _ results: [OutboxResult],
        limits: [Lane: Int],
        isSweep: Bool
    ) async throws(StoreError) -> [OutboxRow] {
        let rows: [OutboxRow]? = state.withLock { state in
            if !results.isEmpty, state.failures > 0 {
                state.failures -= 1
                return nil
            }
            state.results += results
            let marked = Set(results.map(\.row))
            state.waiting.removeAll { marked.contains($0.id) }
            Self.notify(&state)
            return Lane.allCases.sorted { $0.rank < $1.rank }.flatMap { lane in
                state.waiting.filter { $0.lane == lane }.prefix(limits[lane] ?? 0)
            }
        }
        guard let rows else { throw StoreError(.unavailable, "The connection broke.", remedy: "") }
        return rows
    }

    func waitForWork(upTo limit: Duration) async throws(StoreError) -> Bool {
        await work.wait()
        return true
    }

    func report(_ statuses: [OutboxStatus]) async throws(StoreError) {
        state.withLock { state in
            state.statuses += statuses
            Self.notify(&state)
        }
    }

    func open(after row: Int64, limit: Int) async throws(StoreError) -> [OpenRow] {
        state.withLock { state in Array(state.open.filter { $0.row > row }.prefix(limit)) }
    }

    func prune(olderThan age: Duration, limit: Int) async throws(StoreError) -> Int { 0 }

    func close() async {}

    private static func notify(_ state: inout State) {
        let count = state.results.count + state.statuses.count
        for watcher in state.watchers where watcher.count <= count { watcher.continuation.resume() }
        state.watchers.removeAll { $0.count <= count }
    }
}

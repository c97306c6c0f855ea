import EskizQueue
import Synchronization

/// What a store keeps in memory beside the tables, changed with each commit.
final class StoreLedger: Sendable {
    /// What a commit changes of it.
    struct Change: Sendable {
        fileprivate var shard: Int
        fileprivate var counts: [String: Int]
        fileprivate var numbers: NumberBlock?
        fileprivate var queuedFrom: [Lane: Timestamp]
        /// How far a claim has got.
        fileprivate var cursors: [Lane: Timestamp]

        init(_ transaction: StoreTransaction, takesNumbers: Bool) {
            shard = transaction.shard
            counts = transaction.counts
            numbers = takesNumbers ? transaction.numbers : nil
            queuedFrom = transaction.queuedFrom
            cursors = transaction.claimedUpTo
        }
    }

    private struct State {
        var slot: Int?
        var others = 0
        var figures = Figures()
        var numbers = NumberBlock()
        /// The turn of the last message that was claimed, lane by lane.
        var cursors: [Lane: Timestamp] = [:]
        var sweptAt: ContinuousClock.Instant?
        /// The earliest turn of what came to wait since a claim began.
        var queuedSince: [Lane: Timestamp] = [:]
    }

    /// More writers than this are in no store.
    static let writers = 4
    /// The writer that claims.
    static let claimer = 1
    /// Those who have no slot count here.
    private static let guestShard = 1 << 20
    /// Claims begin so much before the last one: other hosts commit a little later than they accept.
    private static let margin: Duration = .milliseconds(500)
    private static let sweepPause: Duration = .seconds(1)

    private let state = Mutex(State())

    /// How many other gateways are there.
    var others: Int {
        get { state.withLock { $0.others } }
        set { state.withLock { $0.others = newValue } }
    }

    var slot: Int? {
        get { state.withLock { $0.slot } }
        set { state.withLock { $0.slot = newValue } }
    }

    func shard(of writer: Int) -> Int {
        state.withLock { $0.slot.map { $0 * Self.writers + writer } ?? Self.guestShard }
    }

    var figures: Figures { state.withLock { $0.figures } }

    /// Takes over what the tables have; our own counts are known better.
    func read(_ counts: [Int: [String: Int]], own: Bool = false) {
        state.withLock { state in
            let shards = state.slot.map { slot in Set((0..<Self.writers).map { slot * Self.writers + $0 }) } ?? []
            state.figures.read(counts, except: own ? [] : shards)
        }
    }

    /// Takes over what the tables have of a writer of ours, which is not writing meanwhile.
    func set(_ counts: [String: Int], of shard: Int) {
        state.withLock { $0.figures.set(counts, of: shard) }
    }

    var numbers: NumberBlock {
        get { state.withLock { $0.numbers } }
        set { state.withLock { $0.numbers = newValue } }
    }

    func forgetNumbers() { state.withLock { $0.numbers = $0.numbers.emptied() } }

    /// Where a claim begins to look: a little before the last message that was claimed, and once a second at the beginning.
    ///
    /// Messages that were claimed leave dead entries in the index for as long as anybody in the cluster holds an old snapshot;
    /// walking over them is what makes other queues slow.
    func cursors() -> [Lane: Timestamp] {
        state.withLock { state in
            state.queuedSince = [:]
            let now = ContinuousClock.now
            if let sweptAt = state.sweptAt, now - sweptAt < Self.sweepPause {
                return state.cursors.mapValues { $0 - Self.margin }
            }
            state.sweptAt = now
            return [:]
        }
    }

    func commit(_ change: Change) {
        state.withLock { state in
            state.figures.set(change.counts, of: change.shard)
            if let numbers = change.numbers { state.numbers = numbers }
            state.cursors.merge(change.cursors) { $1 }
            state.queuedSince.merge(change.queuedFrom) { min($0, $1) }
            for (lane, moment) in state.queuedSince {
                if let cursor = state.cursors[lane] { state.cursors[lane] = min(cursor, moment) }
            }
        }
    }
}

import Dispatch
import EskizQueue
import GRDB
import Synchronization

/// One writer for everybody: whatever has arrived while it wrote goes into one transaction, and is made durable by one flush.
///
/// A caller waits for the commit that its operation is in. The operation belongs to the writer from the moment it is handed
/// over, so that a caller that is cancelled loses nothing. An operation may be run twice, if another one of its group cannot be
/// written: it changes nothing but the transaction it gets.
final class GroupCommit: Sendable {
    /// Whether a commit has to survive a loss of power.
    enum Durability: Sendable {
        case durable
        /// A group of such operations alone is not flushed: a crash of the process loses nothing, a loss of power may.
        case relaxed
    }

    private struct Operation: Sendable {
        var durability: Durability
        var faultPoint: QueueFaultPoint?
        /// Runs it; what it returns is to be called after the commit.
        var run: @Sendable (inout WriteTransaction) throws -> @Sendable () -> Void
        var fail: @Sendable (StoreError) -> Void
    }

    private struct Queue {
        var operations: [Operation] = []
        var isWorking = false
        var isClosed = false
        var closing: [CheckedContinuation<Void, Never>] = []
    }

    private struct Writer {
        var ledger: Ledger
        var isFlushing: Bool?
    }

    /// More than this are not committed together, so that the first one does not wait for the last.
    private static let largestGroup = 512

    private let pool: DatabasePool
    private let path: String
    private let checkpoints: Checkpoints?
    private let queue = Mutex(Queue())
    private let writer: Mutex<Writer>
    private let published: Mutex<Figures>
    private let commitCount = Atomic<Int>(0)
    private let thread = DispatchQueue(label: "uz.eskiz.store.writer", qos: .userInitiated)

    /// Leaves checkpoints to SQLite if there is nobody who makes them.
    init(pool: DatabasePool, path: String, ledger: Ledger, checkpoints: Checkpoints?) {
        self.pool = pool
        self.path = path
        self.checkpoints = checkpoints
        writer = Mutex(Writer(ledger: ledger))
        published = Mutex(ledger.figures)
    }

    /// The counts at the last commit.
    var figures: Figures { published.withLock { $0 } }

    /// Transactions committed so far.
    var commits: Int { commitCount.load(ordering: .relaxed) }

    /// Runs an operation in the next transaction and returns when it is committed.
    ///
    /// - Parameters:
    ///   - durability: whether the commit is flushed to disk before this returns.
    ///   - faultPoint: where a test may kill the process.
    ///   - body: may throw a `StoreError` of its own before it has changed anything: that fails this operation alone.
    /// - Returns: what the body returned.
    /// - Throws: what the body threw, or what kept the transaction from being committed.
    func perform<Value: Sendable>(
        _ durability: Durability,
        at faultPoint: QueueFaultPoint? = nil,
        _ body: @escaping @Sendable (inout WriteTransaction) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            enqueue(
                Operation(
                    durability: durability,
                    faultPoint: faultPoint,
                    run: { transaction in
                        let value = try body(&transaction)
                        return { continuation.resume(returning: .success(value)) }
                    },
                    fail: { continuation.resume(returning: .failure($0)) }
                )
            )
        }
        return try result.get()
    }

    private func enqueue(_ operation: Operation) {
        let isClosed = queue.withLock { queue in
            guard !queue.isClosed else { return true }
            queue.operations.append(operation)
            if !queue.isWorking {
                queue.isWorking = true
                thread.async { self.work() }
            }
            return false
        }
        if isClosed { operation.fail(.closed) }
    }

    /// Refuses what comes from now on, and returns when all that came before is committed.
    func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = queue.withLock { queue in
                queue.isClosed = true
                if queue.isWorking { queue.closing.append(continuation) }
                return !queue.isWorking
            }
            if isIdle { continuation.resume() }
        }
    }

    private func work() {
        while true {
            let group = queue.withLock { queue -> [Operation] in
                let group = Array(queue.operations.prefix(Self.largestGroup))
                queue.operations.removeFirst(group.count)
                if group.isEmpty { queue.isWorking = false }
                return group
            }
            guard !group.isEmpty else { break }
            for answer in commit(group) { answer() }
            checkpoints?.advance { [pool] in
                try pool.writeWithoutTransaction { try $0.checkpoint(.passive).checkpointedFrameCount }
            }
        }
        let closing = queue.withLock { queue in
            defer { queue.closing = [] }
            return queue.isClosed && !queue.isWorking ? queue.closing : []
        }
        for continuation in closing { continuation.resume() }
    }

    /// Commits a group; what it returns tells the callers.
    private func commit(_ group: [Operation]) -> [@Sendable () -> Void] {
        do {
            return try write(group)
        } catch is FailedStatement where group.count > 1 {
            // One of them cannot be written. The others are not to suffer for it.
            return group.flatMap { commit([$0]) }
        } catch {
            let failure = StoreError((error as? FailedStatement)?.cause ?? error, path: path)
            return group.map { operation in { operation.fail(failure) } }
        }
    }

    /// An operation failed for a reason that is not its own decision.
    private struct FailedStatement: Error {
        var cause: any Error
    }

    private func write(_ group: [Operation]) throws -> [@Sendable () -> Void] {
        let isFlushed = group.contains { $0.durability == .durable }
        return try writer.withLock { writer in
            var answers: [@Sendable () -> Void] = []
            answers.reserveCapacity(group.count)
            let ledger = try pool.writeWithoutTransaction { db in
                if writer.isFlushing != isFlushed {
                    try db.execute(sql: "PRAGMA synchronous = \(isFlushed ? "FULL" : "NORMAL")")
                    writer.isFlushing = isFlushed
                }
                var transaction = WriteTransaction(db: db, ledger: writer.ledger)
                try db.beginTransaction(.immediate)
                do {
                    for operation in group {
                        do {
                            answers.append(try operation.run(&transaction))
                        } catch let error as StoreError {
                            answers.append { operation.fail(error) }
                        } catch {
                            throw FailedStatement(cause: error)
                        }
                    }
                    try transaction.finish()
                    try db.commit()
                } catch {
                    if db.isInsideTransaction { try? db.rollback() }
                    throw error
                }
                return transaction.ledger
            }
            writer.ledger = ledger
            writer.ledger.blocks.commit()
            published.withLock { $0 = ledger.figures }
            commitCount.add(1, ordering: .relaxed)
            for operation in group { operation.faultPoint?.reached() }
            return answers
        }
    }
}

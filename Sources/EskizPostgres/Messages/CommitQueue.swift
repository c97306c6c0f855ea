import Eskiz
import EskizQueue
import Synchronization

/// A connection that writes for everybody: whatever has arrived while it committed goes into the next transaction.
///
/// A caller waits for the commit that its operation is in; an operation that was handed over is carried out even if its caller
/// is cancelled. An operation may be run several times, as its transaction may be undone: it changes nothing but that.
final class CommitQueue: Sendable {
    /// Whether a commit has to survive a loss of power.
    enum Durability: Sendable {
        case durable
        /// A group of such operations alone is not flushed: if the server loses power, it may never have been.
        case relaxed
    }

    private struct Operation: Sendable {
        var durability: Durability
        var footprint: Footprint
        var faultPoint: QueueFaultPoint?
        /// Runs it; what it returns is called after the commit.
        var run: @Sendable (StoreTransaction) throws(PostgresError) -> @Sendable () -> Void
        var fail: @Sendable (StoreError) -> Void
    }

    private struct Queue {
        var operations: [Operation] = []
        var isWorking = false
        var isClosed = false
        var closing: [CheckedContinuation<Void, Never>] = []
    }

    /// More than this are not committed together, so that the first one does not wait for the last.
    private static let largestGroup = 256

    private let connection: PostgresConnection
    private let ledger: StoreLedger
    /// Which of the store's writers this is.
    private let writer: Int
    private let queue = Mutex(Queue())
    private let commitCount = Atomic<Int>(0)
    private let marks = CommitMarks(table: "eskiz.counts")

    init(_ connection: PostgresConnection, writer: Int, ledger: StoreLedger) {
        self.connection = connection
        self.writer = writer
        self.ledger = ledger
    }

    /// Transactions committed so far.
    var commits: Int { commitCount.load(ordering: .relaxed) }

    /// Runs an operation in the next transaction and returns when it is committed.
    func perform<Value: Sendable>(
        _ durability: Durability,
        _ footprint: Footprint = Footprint(),
        at faultPoint: QueueFaultPoint? = nil,
        _ body: @escaping @Sendable (StoreTransaction) throws(PostgresError) -> Value
    ) async throws(StoreError) -> Value {
        try await attempt(durability, footprint, at: faultPoint) { (transaction) throws(PostgresError) in
            .success(try body(transaction))
        }
    }

    /// The same for an operation that may refuse, before it has changed anything.
    func attempt<Value: Sendable>(
        _ durability: Durability,
        _ footprint: Footprint = Footprint(),
        at faultPoint: QueueFaultPoint? = nil,
        _ body: @escaping @Sendable (StoreTransaction) throws(PostgresError) -> Result<Value, StoreError>
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            enqueue(
                Operation(
                    durability: durability,
                    footprint: footprint,
                    faultPoint: faultPoint,
                    run: { (transaction) throws(PostgresError) in
                        let result = try body(transaction)
                        return { continuation.resume(returning: result) }
                    },
                    fail: { continuation.resume(returning: .failure($0)) }
                )
            )
        }
        return try result.get()
    }

    private func enqueue(_ operation: Operation) {
        let (isRefused, isFirst) = queue.withLock { queue in
            guard !queue.isClosed else { return (true, false) }
            queue.operations.append(operation)
            defer { queue.isWorking = true }
            return (false, !queue.isWorking)
        }
        if isRefused { operation.fail(.closed) }
        if isFirst { Task { await work(on: connection) } }
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
        await connection.close()
    }

    /// Commits groups until nobody waits, on the thread of the connection, which nobody else uses.
    private func work(on connection: isolated PostgresConnection) {
        while let group = nextGroup() {
            commit(group, on: connection)
            // Where the processors are busy, others go first and bring more for the next group, which costs hardly more then.
            connection.yieldProcessor()
        }
        let closing = queue.withLock { queue in
            defer { queue.closing = [] }
            return queue.isClosed && !queue.isWorking ? queue.closing : []
        }
        for continuation in closing { continuation.resume() }
    }

    private func nextGroup() -> [Operation]? {
        queue.withLock { queue in
            let group = Array(queue.operations.prefix(Self.largestGroup))
            queue.operations.removeFirst(group.count)
            queue.isWorking = !group.isEmpty
            return group.isEmpty ? nil : group
        }
    }

    /// Commits a group and says to each what came of it.
    private func commit(_ group: [Operation], on connection: isolated PostgresConnection) {
        do throws(PostgresError) {
            try write(group, on: connection)
        } catch {
            guard group.count > 1, error.kind.mayBeOfOne else {
                let failure = StoreError(error)
                for operation in group { operation.fail(failure) }
                return
            }
            // One of them cannot be written. The others are not to suffer for it.
            for operation in group { commit([operation], on: connection) }
        }
    }

    private struct Written: Sendable {
        var answers: [@Sendable () -> Void]
        var change: StoreLedger.Change
    }

    /// How often a transaction that was undone is tried again.
    private static let tries = 8

    private func write(_ group: [Operation], on connection: isolated PostgresConnection) throws(PostgresError) {
        let durable = group.contains { $0.durability == .durable }
        var footprint = Footprint()
        for operation in group { footprint.merge(operation.footprint) }
        let whole = footprint
        for number in 1...Self.tries {
            let outcome: PostgresSession.Ending<Written>
            let shard = ledger.shard(of: writer)
            do throws(PostgresError) {
                outcome = try connection.run { (session) throws(PostgresError) in
                    try self.write(group, whole, isDurable: durable, in: shard, session)
                }
            } catch {
                // Nothing of it is in the tables.
                let hasForeignNumber = error.kind == .duplicate && whole.numbers > 0
                if error.kind.closesConnection || hasForeignNumber { forget(on: connection) }
                guard number < Self.tries,
                    error.kind.isWorthRepeating || error.kind.leavesCommitUnknown || hasForeignNumber && number == 1
                else { throw error }
                connection.pause(.milliseconds(error.kind == .deadlock ? 5 : number * number * 10))
                continue
            }
            switch outcome {
            case .committed(let written):
                tell(written, group)
                return
            case .unclear(let written, let mark, let error):
                // The answer was lost with the connection. The tables tell what became of it.
                let fate = try connection.fate(of: mark, among: marks, in: shard, after: error)
                if fate == .committed { tell(written, group) }
                forget(on: connection)
                if fate == .committed { return }
            }
        }
        throw PostgresError(.serialization)
    }

    /// Takes nothing in memory for granted any more: a server that crashed has forgotten what was not flushed.
    ///
    /// That may be the block of numbers, which it then gives to somebody else, and counts of a claim. Counts that come back with a
    /// commit were lost with its answer.
    private func forget(on connection: isolated PostgresConnection) {
        ledger.forgetNumbers()
        let shard = ledger.shard(of: writer)
        let counts = try? connection.run { (session) throws(PostgresError) in
            try CountRows.all(session)[shard]
        }
        if let counts = counts ?? nil { ledger.set(counts, of: shard) }
    }

    private func write(
        _ group: [Operation],
        _ footprint: Footprint,
        isDurable: Bool,
        in shard: Int,
        _ session: PostgresSession
    ) throws(PostgresError) -> PostgresSession.Ending<Written> {
        var numbers = ledger.numbers
        if footprint.numbers > 0, !numbers.holds(footprint.numbers, at: footprint.numbersAt) {
            try numbers.refill(footprint.numbers, at: footprint.numbersAt, session)
            ledger.numbers = numbers
        }
        let cursors = writer == StoreLedger.claimer ? ledger.cursors() : nil
        // All in one order: where some are known only later, all are taken then.
        let locks = footprint.verifications.isEmpty ? footprint.locks : []
        let ending = try session.watchedTransaction(isDurable: isDurable, marking: marks, in: shard, locking: locks) {
            (session) throws(PostgresError) in
            let transaction = StoreTransaction(
                session,
                shard: shard,
                numbers: numbers,
                cursors: cursors
            )
            try transaction.prepare(footprint)
            var answers: [@Sendable () -> Void] = []
            answers.reserveCapacity(group.count)
            for operation in group { answers.append(try operation.run(transaction)) }
            try transaction.finish()
            return (answers: answers, transaction: transaction)
        }
        // What comes back with the commit is known only now.
        return ending.map { written in
            Written(
                answers: written.answers,
                change: .init(written.transaction, takesNumbers: footprint.numbers > 0)
            )
        }
    }

    private func tell(_ written: Written, _ group: [Operation]) {
        ledger.commit(written.change)
        commitCount.add(1, ordering: .relaxed)
        for operation in group { operation.faultPoint?.reached() }
        for answer in written.answers { answer() }
    }
}

extension StoreError {
    static let closed = Self(.unavailable, "The store is closed.", remedy: "Start the gateway again.")
}

extension PostgresErrorKind {
    /// Whether one statement of many may be to blame.
    fileprivate var mayBeOfOne: Bool {
        switch self {
        case .badData, .integrity, .duplicate, .other, .badStatement, .outOfResources: true
        default: false
        }
    }
}

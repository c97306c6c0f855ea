import Eskiz
import EskizQueue
import Synchronization

/// A connection that writes for everybody: whatever has arrived while it committed goes into the next transaction.
///
/// A caller waits for the commit that its operation is in; an operation that was handed over is carried out even if its caller
/// is cancelled. Whoever comes first carries out a group, and then hands over to the first of those who wait, so that no task
/// of its own is needed. An operation may be run several times, as its transaction may be undone: it changes nothing but that.
final class CommitQueue: Sendable {
    /// Whether a commit has to survive a loss of power.
    enum Durability: Sendable {
        case durable
        /// A group of such operations alone is not flushed: if the server loses power, it may never have been.
        case relaxed
    }

    private enum Signal {
        case done
        /// It is this caller's turn to carry out a group, its own operation first.
        case lead
    }

    private final class Operation: Sendable {
        let durability: Durability
        let footprint: Footprint
        let faultPoint: QueueFaultPoint?
        /// Runs it; what it returns is called after the commit.
        let run: @Sendable (StoreTransaction) throws(PostgresError) -> @Sendable () -> Void
        let fail: @Sendable (StoreError) -> Void
        /// Who waits for it.
        let waiting = Mutex<CheckedContinuation<Signal, Never>?>(nil)

        init(
            _ durability: Durability,
            _ footprint: Footprint,
            _ faultPoint: QueueFaultPoint?,
            run: @escaping @Sendable (StoreTransaction) throws(PostgresError) -> @Sendable () -> Void,
            fail: @escaping @Sendable (StoreError) -> Void
        ) {
            self.durability = durability
            self.footprint = footprint
            self.faultPoint = faultPoint
            self.run = run
            self.fail = fail
        }

        func signal(_ signal: Signal) {
            waiting.withLock { waiting in
                waiting?.resume(returning: signal)
                waiting = nil
            }
        }
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
        let outcome = Outcome<Value>()
        let operation = Operation(
            durability,
            footprint,
            faultPoint,
            run: { (transaction) throws(PostgresError) in
                let result = try body(transaction)
                return { outcome.set(result) }
            },
            fail: { outcome.set(.failure($0)) }
        )
        let signal: Signal = await withCheckedContinuation { continuation in
            operation.waiting.withLock { $0 = continuation }
            enqueue(operation)
        }
        if signal == .lead { await carryOut() }
        return try outcome.get()
    }

    private func enqueue(_ operation: Operation) {
        let signal: Signal? = queue.withLock { queue in
            guard !queue.isClosed else { return .done }
            queue.operations.append(operation)
            guard !queue.isWorking else { return nil }
            queue.isWorking = true
            return .lead
        }
        if signal == .done { operation.fail(.closed) }
        if let signal { operation.signal(signal) }
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

    private func carryOut() async {
        let group = queue.withLock { queue in
            let group = Array(queue.operations.prefix(Self.largestGroup))
            queue.operations.removeFirst(group.count)
            return group
        }
        await commit(group)
        for operation in group { operation.signal(.done) }
        let (next, closing) = queue.withLock { queue in
            guard queue.operations.isEmpty else {
                return (queue.operations.first, [CheckedContinuation<Void, Never>]())
            }
            queue.isWorking = false
            defer { queue.closing = [] }
            return (nil, queue.closing)
        }
        next?.signal(.lead)
        for continuation in closing { continuation.resume() }
    }

    /// Commits a group and says to each what came of it.
    private func commit(_ group: [Operation]) async {
        do throws(PostgresError) {
            try await write(group)
        } catch {
            guard group.count > 1, error.kind.mayBeOfOne else {
                let failure = StoreError(error)
                for operation in group { operation.fail(failure) }
                return
            }
            // One of them cannot be written. The others are not to suffer for it.
            for operation in group { await commit([operation]) }
        }
    }

    private struct Written: Sendable {
        var answers: [@Sendable () -> Void]
        var change: StoreLedger.Change
    }

    /// How often a transaction that was undone is tried again.
    private static let tries = 8

    private func write(_ group: [Operation]) async throws(PostgresError) {
        let durable = group.contains { $0.durability == .durable }
        var footprint = Footprint()
        for operation in group { footprint.merge(operation.footprint) }
        let whole = footprint
        for number in 1...Self.tries {
            let outcome: PostgresSession.Ending<Written>
            let shard = ledger.shard(of: writer)
            do throws(PostgresError) {
                outcome = try await connection.run { (session) throws(PostgresError) in
                    try self.write(group, whole, isDurable: durable, in: shard, session)
                }
            } catch {
                // Nothing of it is in the tables.
                let hasForeignNumber = error.kind == .duplicate && whole.numbers > 0
                if error.kind.closesConnection || hasForeignNumber { await forget() }
                guard number < Self.tries,
                    error.kind.isWorthRepeating || error.kind.leavesCommitUnknown || hasForeignNumber && number == 1
                else { throw error }
                await connection.pause(.milliseconds(error.kind == .deadlock ? 5 : number * number * 10))
                continue
            }
            switch outcome {
            case .committed(let written):
                tell(written, group)
                return
            case .unclear(let written, let mark, let error):
                // The answer was lost with the connection. The tables tell what became of it.
                let fate = try await connection.fate(of: mark, among: marks, in: shard, after: error)
                if fate == .committed { tell(written, group) }
                await forget()
                if fate == .committed { return }
            }
        }
        throw PostgresError(.serialization)
    }

    /// Takes nothing in memory for granted any more: a server that crashed has forgotten what was not flushed.
    ///
    /// That may be the block of numbers, which it then gives to somebody else, and counts of a claim. Counts that come back with a
    /// commit were lost with its answer.
    private func forget() async {
        ledger.forgetNumbers()
        let shard = ledger.shard(of: writer)
        let counts = try? await connection.run { (session) throws(PostgresError) in
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

/// What came of an operation, from the thread that ran it to the task that waits.
private final class Outcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, StoreError>?>(nil)

    func set(_ value: Result<Value, StoreError>) { result.withLock { $0 = value } }

    func get() throws(StoreError) -> Value {
        guard let result = result.withLock({ $0 }) else { throw .closed }
        return try result.get()
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

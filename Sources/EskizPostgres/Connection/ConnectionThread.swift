import CEskizLibPQ
import Dispatch
import Synchronization

/// An executor with a thread of its own, for an actor whose calls block.
///
/// Swift's own threads are as many as there are cores, and one that waits for a server would be missed by everybody.
final class ConnectionThread: SerialExecutor {
    private let queue = JobQueue()

    /// - Parameter name: what the system shows, 15 characters of it.
    init(name: String) {
        // The queue alone is kept by the thread; the executor is kept by its actor, and stops the thread when it goes.
        let context = Unmanaged.passRetained(queue)
        let isStarted = eskiz_thread_start(
            { context in
                guard let context else { return }
                Unmanaged<JobQueue>.fromOpaque(context).takeRetainedValue().run()
            },
            context.toOpaque(),
            name
        )
        if !isStarted {
            context.release()
            queue.runsElsewhere()
        }
    }

    deinit {
        queue.stop()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        queue.add(UnownedJob(job), asUnownedSerialExecutor())
    }
}

/// The jobs of one thread, in the order in which they came.
private final class JobQueue: Sendable {
    private struct State {
        var jobs: [(UnownedJob, UnownedSerialExecutor)] = []
        /// Where the system refused a thread: a queue of Dispatch does as well, if less predictably.
        var substitute: DispatchQueue?
    }

    private let state = Mutex(State())
    private let ready = DispatchSemaphore(value: 0)

    func add(_ job: UnownedJob, _ executor: UnownedSerialExecutor) {
        let substitute = state.withLock { state in
            if state.substitute == nil { state.jobs.append((job, executor)) }
            return state.substitute
        }
        if let substitute {
            substitute.async { job.runSynchronously(on: executor) }
        } else {
            ready.signal()
        }
    }

    func run() {
        while true {
            ready.wait()
            // A stop is a signal without a job: whatever was added before it has been run by then.
            guard let (job, executor) = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) else {
                return
            }
            job.runSynchronously(on: executor)
        }
    }

    func stop() {
        ready.signal()
    }

    func runsElsewhere() {
        state.withLock { $0.substitute = DispatchQueue(label: "uz.eskiz.postgres") }
    }
}

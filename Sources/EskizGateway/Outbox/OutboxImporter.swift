import Eskiz
import EskizHTTP
import EskizQueue
import HTTPTypes
import Logging
import ServiceLifecycle

/// Takes what applications have left in the outbox, and keeps it in the queue.
///
/// One round: rows are taken, each is kept under an idempotency key made of it, and then they are marked, together with
/// the taking of the next. A crash anywhere in between leads to the same rows again, and the keys to the same messages.
struct OutboxImporter: Service {
    private let source: any OutboxSource
    private let intake: MessageIntake
    private let reporter: OutboxReporter
    private let logger: Logger

    /// Between two looks, where nobody pokes: of 150 ms from the commit to the first byte the rest is for the queue.
    private static let interval: Duration = .milliseconds(75)
    private static let sweepInterval: Duration = .seconds(1)
    /// A code never waits behind many others, and nothing else waits for long behind codes.
    private static let limits: [Lane: Int] = [.otp: 256, .transactional: 128, .bulk: 64]
    /// While the outbox does not answer.
    private static let pauses = (first: Duration.milliseconds(250), longest: Duration.seconds(5))

    /// - Parameters:
    ///   - source: the outbox.
    ///   - intake: where messages go, by the same rules as those of the gateway's API.
    ///   - reporter: tells the outbox how its messages are.
    ///   - logger: hears when the outbox does not answer, and when it does again.
    init(source: any OutboxSource, intake: MessageIntake, reporter: OutboxReporter, logger: Logger) {
        self.source = source
        self.intake = intake
        self.reporter = reporter
        self.logger = logger
    }

    /// Takes until a graceful shutdown; what has been taken by then is kept and marked.
    func run() async throws {
        await cancelWhenGracefulShutdown { await takeUntilCancelled() }
    }

    private var elapsed: Int64 { intake.queue.clock.now().elapsed }

    private func takeUntilCancelled() async {
        var round = Round()
        while !Task.isCancelled {
            do throws(StoreError) {
                try await take(&round)
                if round.failures > 0 { logger.info("The outbox answers again") }
                round.failures = 0
            } catch {
                // What was not marked is taken again.
                round.results = []
                round.failures += 1
                if round.failures == 1 {
                    logger.warning(
                        "The outbox does not answer; nothing is lost, and it is tried again",
                        metadata: [QueueLogKeys.errorCode: "\(error.code)", QueueLogKeys.error: "\(error)"]
                    )
                }
                let pause = min(Self.pauses.first * Int(min(round.failures, 32)), Self.pauses.longest)
                await sleep(pause)
            }
        }
        if !round.results.isEmpty { _ = try? await mark(round.results, taking: [:], isSweep: false) }
    }

    private struct Round {
        var identity: String?
        var results: [OutboxResult] = []
        var nextSweep: Int64 = .min
        /// Lanes that the queue takes nothing for, until then.
        var held: [Lane: Int64] = [:]
        var failures = 0
    }

    private func take(_ round: inout Round) async throws(StoreError) {
        let identity: String
        if let known = round.identity { identity = known } else { identity = try await source.identity }
        round.identity = identity
        let now = elapsed
        let isSweep = now >= round.nextSweep
        round.held = round.held.filter { $0.value > now }
        let limits = Self.limits.filter { round.held[$0.key] == nil }
        let rows = try await mark(round.results, taking: limits, isSweep: isSweep)
        round.results = []
        if isSweep { round.nextSweep = now.addingClamped(Self.sweepInterval.nanoseconds) }
        guard !rows.isEmpty else { return try await wait() }
        var kept = 0
        for decision in await keep(rows, from: identity) {
            switch decision {
            case .result(let result):
                round.results.append(result)
                kept += 1
            case .hold(let lane, let pause):
                let until = now.addingClamped(pause.nanoseconds)
                round.held[lane] = max(until, round.held[lane] ?? .min)
            }
        }
        // What is refused for now stays where it is, and is found by a sweep.
        if kept < rows.count { round.nextSweep = .min }
    }

    @discardableResult
    private func mark(
        _ results: [OutboxResult],
        taking limits: [Lane: Int],
        isSweep: Bool
    ) async throws(StoreError) -> [OutboxRow] {
        let rows = try await source.exchange(results, limits: limits, isSweep: isSweep)
        reporter.marked(results)
        return rows
    }

    private func wait() async throws(StoreError) {
        if try await !source.waitForWork(upTo: Self.interval) { await sleep(Self.interval) }
    }

    private func sleep(_ duration: Duration) async {
        try? await intake.queue.clock.sleep(untilElapsed: elapsed.addingClamped(duration.nanoseconds))
    }

    // MARK: Keeping

    private enum Decision: Sendable {
        case result(OutboxResult)
        case hold(Lane, Duration)
    }

    /// Keeps rows, all at once: they share the commits of the store.
    private func keep(_ rows: [OutboxRow], from identity: String) async -> [Decision] {
        await withTaskGroup(of: Decision.self) { group in
            for row in rows { group.addTask { await keep(row, from: identity) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func keep(_ row: OutboxRow, from identity: String) async -> Decision {
        let now = intake.queue.clock.timestamp
        let request: MessageRequest
        switch row.request(intake, at: now) {
        case .success(let readable): request = readable
        case .failure(.expired): return .result(OutboxResult(row.id, .expired))
        case .failure(.refused(let error)): return .result(OutboxResult(row.id, .refused(error)))
        }
        // Each role has its own, as each API key has: their codes do not supersede each other.
        let caller = APIKeyIdentity(id: OutboxReporter.keyPrefix + row.sender, name: "outbox", scopes: [.send])
        let name = "\(identity)/\(row.id)"
        let key = IdempotencyKey(apiKeyID: caller.id, key: name, fingerprint: Array(name.utf8))
        do {
            let kept = try await intake.accept([request], of: caller, idempotency: key, at: now)
            let message = kept.messages[0]
            return .result(OutboxResult(row.id, .accepted(message.id, message.state)))
        } catch {
            return decision(on: error, about: row)
        }
    }

    /// What will pass is waited for; what will not is the row's end.
    private func decision(on error: any Error, about row: OutboxRow) -> Decision {
        guard let problem = Problem(error) else { return .hold(row.lane, .seconds(1)) }
        switch problem.code.status.code {
        case 400..<500 where problem.retryAfter == nil:
            let detail = problem.errors.first?.detail ?? problem.detail
            let code = problem.errors.first?.code ?? problem.code.rawValue
            return .result(OutboxResult(row.id, .refused(MessageError(code: code, message: detail))))
        default: return .hold(row.lane, min(problem.retryAfter ?? .seconds(1), .seconds(30)))
        }
    }
}

/// Why a row is not a request.
private enum RowRefusal: Error {
    case expired
    case refused(MessageError)
}

extension OutboxRow {
    /// The row as the gateway's API would have read it: the same rules, in the same words.
    fileprivate func request(_ intake: MessageIntake, at now: Timestamp) -> Result<MessageRequest, RowRefusal> {
        var members: [RequestJSON.Member] = [
            .init(name: "to", value: .string("+" + phone)),
            .init(name: "text", value: .string(text)),
            .init(name: "lane", value: .string(lane.rawValue)),
        ]
        let texts = [("from", from), ("reference", reference), ("webhook_url", webhookURL), ("purpose", purpose)]
        for case (let name, let value?) in texts { members.append(.init(name: name, value: .string(value))) }
        if let normalizes { members.append(.init(name: "normalize", value: .bool(normalizes))) }
        switch intake.read(.object(members), at: now) {
        case .failure(let problem):
            let error = problem.errors.first
            let code = error?.code ?? problem.code.rawValue
            return .failure(.refused(MessageError(code: code, message: error?.detail ?? problem.detail)))
        case .success(var request):
            let isPlanned = (dueIn ?? .zero) > .zero
            if let dueIn, isPlanned { request.sendAt = now + dueIn }
            // A code's life begins when it is left, not when we find it.
            let lifetime = expiresIn ?? (lane == .otp ? intake.queue.configuration.otpLifetime : nil)
            if let lifetime {
                let left = isPlanned ? lifetime : lifetime - max(age, .zero)
                guard left > .zero else { return .failure(.expired) }
                request.expiresIn = left
            }
            return .success(request)
        }
    }
}

import Eskiz
import EskizQueue

extension MessageStoreConformance {
    static let histories = (1...4).map { history(steps: 1_500, seed: $0) }

    /// A random history; a store that answers over a network may want a shorter one.
    package static func history(steps: Int, seed: UInt64) -> Check {
        Check("a random history of \(steps) steps goes as in the model (seed \(seed))") { bench in
            var history = RandomHistory(bench: bench, seed: seed)
            try await history.run(steps: steps)
        }
    }
}

/// Does the same to a store and to a model of it, at random but with a seed, and compares what they say.
struct RandomHistory {
    private let bench: StoreBench
    private let model = MemoryMessageStore()
    private var random: SplitMix64
    private var now: Timestamp
    private var ids: [MessageID] = []
    private var claims: [Claim] = []
    /// The store's and the model's number of the same delivery.
    private var deliveries: [(store: Int64, model: Int64)] = []
    private var keys: [(key: IdempotencyKey, new: [NewMessage])] = []
    private var next = 0
    private var anchor: ClockAnchor?

    init(bench: StoreBench, seed: UInt64) {
        self.bench = bench
        random = SplitMix64(seed: seed)
        now = bench.noon
    }

    mutating func run(steps: Int) async throws {
        for step in 0..<steps {
            if chance(3) { now = now + .milliseconds(Int.random(in: 1...20_000, using: &random)) }
            do {
                try await self.step()
                if step % 250 == 249 { try await compareEverything() }
            } catch {
                throw ConformanceFailure(description: "step \(step): \(error)")
            }
        }
        try await compareEverything()
    }

    private mutating func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &random) == 0 }

    private mutating func step() async throws {
        switch Int.random(in: 0..<100, using: &random) {
        case ..<24: try await accept()
        case ..<38: try await claim()
        case ..<46: try await beginWriting()
        case ..<62: try await settle()
        case ..<76: try await report()
        case ..<78: try await recover()
        case ..<79: try await moveMoments()
        case ..<84: try await sweep()
        case ..<86: try await prune()
        case ..<89: try await cancel()
        case ..<93: try await resolve()
        default: try await webhooks()
        }
    }

    /// Asks both, and demands the same answer.
    private func both<Answer: Equatable & Sendable>(
        _ what: String,
        _ ask: (any MessageStore) async throws -> Answer
    ) async throws -> Answer {
        let answer = try await ask(bench.store)
        try expect(answer, is: try await ask(model), what)
        return answer
    }

    private mutating func newMessage() -> NewMessage {
        let lane = Lane.allCases.randomElement(using: &random) ?? .otp
        return bench.new(
            lane,
            phone: "99890123456\(Int.random(in: 0...4, using: &random))",
            webhookURL: chance(2) ? "https://app.example.test" : nil,
            client: chance(4) ? .init(userSMSID: "7", callbackURL: "https://app.example.test/callback") : nil,
            sendAt: chance(4) ? now + .milliseconds(Int.random(in: -1_000...60_000, using: &random)) : nil,
            expiresAt: chance(3) ? now + .milliseconds(Int.random(in: -1_000...90_000, using: &random)) : nil,
            purpose: lane == .otp && chance(2) ? "login" : nil
        )
    }

    private mutating func accept() async throws {
        var new = (0..<Int.random(in: 1...4, using: &random)).map { _ in newMessage() }
        var key: IdempotencyKey?
        if chance(4), let known = keys.randomElement(using: &random) {
            (key, new) = known
            if chance(3) { key?.fingerprint = [0] }
        } else if chance(2) {
            next += 1
            let fresh = IdempotencyKey(apiKeyID: "k_1", key: "key \(next)", fingerprint: [1])
            key = fresh
            keys.append((fresh, new))
        }
        let batch = chance(4) ? NewBatch(dispatchID: 5) : nil
        let (messages, idempotency, moment) = (new, key, now)
        let acceptance = try await both("accept") {
            try await $0.accept(messages, batch: batch, idempotency: idempotency, at: moment)
        }
        if case .accepted(let accepted, _) = acceptance { ids += accepted.map(\.id) }
    }

    private mutating func claim() async throws {
        let limit = Int.random(in: 1...6, using: &random)
        let request = ClaimRequest(
            owner: chance(2) ? "a" : "b",
            leaseUntil: now + .seconds(30),
            shares: Lane.allCases.shuffled(using: &random).map { .init($0, limit) },
            limit: limit
        )
        let moment = now
        claims += try await both("claim") { try await $0.claim(request, at: moment) }.claims
    }

    private mutating func beginWriting() async throws {
        guard let claim = claims.randomElement(using: &random) else { return }
        let moment = now
        _ = try await both("beginWriting") { store -> StoreError.Code? in
            do throws(StoreError) {
                try await store.beginWriting([claim], at: moment)
                return nil
            } catch {
                return error.code
            }
        }
    }

    private mutating func settle() async throws {
        guard let index = claims.indices.randomElement(using: &random) else { return }
        let claim = chance(8) ? claims[index] : claims.remove(at: index)
        next += 1
        let later = now + .milliseconds(Int.random(in: 0...30_000, using: &random))
        let result: Settlement.Result =
            switch Int.random(in: 0..<10, using: &random) {
            case ..<5:
                .submitted(providerID: "u-\(next % 40)-\(claim.message.id)", detail: "waiting", nextReport: later)
            case 5: .retry(at: later, StoreBench.failure)
            case 6: .released(at: later)
            case 7: .failed(StoreBench.failure)
            case 8: .expired
            default: .unknown(StoreBench.failure, reconcileAt: later)
            }
        let (moment, wasWritten) = (now, chance(2))
        _ = try await both("settle") {
            try await $0.settle([Settlement(claim, result, wasWritten: wasWritten)], at: moment)
        }
    }

    private mutating func report() async throws {
        let words: [MessageStatus] = [
            .stored, .new, .accepted, .enroute, .partDelivered, .delivered, .undelivered, .expired,
            .unrecognized("ODD"),
        ]
        guard let status = words.randomElement(using: &random), let id = ids.randomElement(using: &random) else {
            return
        }
        let moment = now
        let raw = RawReport(receivedAt: moment, contentType: "application/json", body: [1])
        let rawID = try await both("keep") { try await $0.keep(raw) }
        let providerID = "u-\(Int.random(in: 0..<40, using: &random))-\(id)"
        let report = bench.report(
            status,
            at: moment,
            providerID: chance(3) ? providerID : nil,
            price: chance(5) ? "95" : nil
        )
        let phone = chance(3) ? StoreBench.phone : nil
        let key: ReportKey = chance(3) ? .provider(providerID, phone: phone) : .number(id, phone: phone)
        _ = try await both("record") { try await $0.record(report, for: key, raw: rawID, at: moment) }
    }

    private mutating func recover() async throws {
        let owner: String? = chance(2) ? "a" : nil
        let moment = now
        if chance(2) {
            _ = try await both("extendLeases") {
                try await $0.extendLeases(owner: "b", until: moment + .seconds(30))
                return true
            }
        }
        let inHand: Set<MessageID> = chance(3) ? [] : Set(claims.prefix(5).map(\.message.id))
        if chance(4) {
            let claimer = chance(2) ? "a" : "b"
            _ = try await both("recover its own") {
                try await $0.recover(claimsOf: claimer, sparing: inHand, at: moment)
            }
            return
        }
        _ = try await both("recover") { try await $0.recover(everythingBut: owner, sparing: inHand, at: moment) }
    }

    /// Somebody sets the clock; now and then the stores are told of it by somebody who is late.
    private mutating func moveMoments() async throws {
        let shift = Duration.seconds(Int.random(in: -90...90, using: &random))
        let known = chance(5) ? ClockAnchor(boot: "other", line: .init(offset: 1), seenAt: now) : anchor
        let noted = ClockAnchor(boot: "here", line: ClockLine(offset: Int64(next)), seenAt: now + shift)
        next += 1
        let isDone = try await both("moveMoments") { try await $0.moveMoments(by: shift, from: known, to: noted) }
        if isDone {
            anchor = noted
            now = now + shift
        }
        _ = try await both("clockAnchor") { try await $0.clockAnchor() }
    }

    private mutating func sweep() async throws {
        let (moment, limit) = (now, Int.random(in: 1...20, using: &random))
        _ = try await both("sweep") { try await $0.sweep(at: moment, limit: limit) }
        _ = try await both("overdue") { try await $0.overdueForReport(at: moment, limit: limit) }
        _ = try await both("unsettled") { try await $0.unsettled(at: moment, limit: limit) }
    }

    private mutating func prune() async throws {
        let (moment, limit) = (now - .seconds(120), Int.random(in: 1...20, using: &random))
        _ = try await both("prune") { try await $0.prune(finalBefore: moment, limit: limit) }
    }

    private mutating func cancel() async throws {
        guard let id = ids.randomElement(using: &random) else { return }
        let moment = now
        _ = try await both("cancel") { try await $0.cancel(id, detail: "by request", at: moment) }
    }

    private mutating func resolve() async throws {
        let moment = now
        _ = try await both("knownRows") { try await $0.knownRows(of: StoreBench.phone) }
        let candidates = try await both("unknown") { try await $0.messages(MessageSearch(states: [.unknown])) }
        guard let id = candidates.randomElement(using: &random)?.id ?? ids.randomElement(using: &random) else { return }
        let report = chance(2) ? bench.report(.delivered, source: .list, at: moment) : nil
        let resolution: Resolution =
            switch Int.random(in: 0..<7, using: &random) {
            case ..<2: .submitted(providerID: chance(2) ? "u-1-\(id)" : nil, report, nextReport: moment)
            case 2: .sendAgain
            case 3: .notSent(StoreBench.failure)
            case 4: .expired
            case 5: .needsPerson(StoreBench.failure)
            default: .unknownForGood(StoreBench.failure)
            }
        if chance(3) {
            _ = try await both("noteAbsence") {
                try await $0.noteAbsence(id, count: 1, ofAttempt: nil, next: moment)
                return true
            }
        }
        _ = try await both("settleUnknown") { try await $0.settleUnknown(id, as: resolution, at: moment) }
    }

    private mutating func webhooks() async throws {
        let moment = now
        let limit = Int.random(in: 1...5, using: &random)
        let mine = try await bench.store.dueWebhooks(at: moment, lease: .seconds(30), limit: limit)
        let modelled = try await model.dueWebhooks(at: moment, lease: .seconds(30), limit: limit)
        try expect(mine.map(\.withoutID), is: modelled.map(\.withoutID), "dueWebhooks")
        deliveries += zip(mine, modelled).map { ($0.id, $1.id) }
        if let delivery = deliveries.randomElement(using: &random) {
            let result: WebhookResult =
                switch Int.random(in: 0..<3, using: &random) {
                case 0: .delivered
                case 1: .retry(at: moment + .seconds(5), reason: "502")
                default: .dead(reason: "gone")
                }
            try await bench.store.finishWebhook(delivery.store, result, at: moment)
            try await model.finishWebhook(delivery.model, result, at: moment)
        }
        if chance(6), let id = ids.randomElement(using: &random) {
            _ = try await both("replay") { try await $0.replayWebhooks(of: id, at: moment) }
        }
    }

    private func compareEverything() async throws {
        try await bench.expectRecount()
        _ = try await both("statistics") { try await $0.statistics() }
        let (start, end) = (bench.noon, now + .seconds(60))
        for step in [60, 300, 3_600] {
            _ = try await both("activity") { try await $0.activity(from: start, to: end, step: .seconds(step)) }
        }
        for message in try await bench.allMessages() {
            let mine = try await bench.timeline(message.id)
            let modelled = try demand(try await model.timeline(message.id), "the model has no message \(message.id)")
            try expect(mine.message, is: modelled.message, "message \(message.id)")
            try expect(mine.attempts, is: modelled.attempts, "attempts of \(message.id)")
            try expect(mine.reports, is: modelled.reports, "reports of \(message.id)")
            try expect(
                mine.webhooks.map(\.withoutID),
                is: modelled.webhooks.map(\.withoutID),
                "webhooks of \(message.id)"
            )
        }
    }
}

extension WebhookDelivery {
    fileprivate var withoutID: Self {
        var copy = self
        copy.id = 0
        return copy
    }
}

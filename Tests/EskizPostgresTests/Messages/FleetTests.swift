import Eskiz
import EskizPostgres
import EskizQueue
import EskizText
import Testing

/// Two gateways on one database.
struct FleetTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func new(_ lane: Lane = .transactional, purpose: String? = nil) -> NewMessage {
        NewMessage(
            lane: lane,
            phone: "998901234567",
            text: "Your order is ready",
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: "k_1",
            purpose: purpose
        )
    }

    private func accept(
        _ store: PostgresMessageStore,
        _ new: [NewMessage],
        key: String? = nil,
        batch: NewBatch? = nil
    ) async throws -> Acceptance {
        let key = key.map { IdempotencyKey(apiKeyID: "k_1", key: $0, fingerprint: [1]) }
        return try await store.accept(new, batch: batch, idempotency: key, at: now)
    }

    private func claim(
        _ store: PostgresMessageStore,
        _ owner: String,
        limit: Int = 100,
        at moment: Timestamp? = nil
    ) async throws -> [Claim] {
        let moment = moment ?? now
        let request = ClaimRequest(
            owner: owner,
            leaseUntil: moment + .seconds(6),
            shares: Lane.allCases.map { .init($0, limit) },
            limit: limit
        )
        return try await store.claim(request, at: moment).claims
    }

    private func withTwo(_ body: (PostgresMessageStore, PostgresMessageStore) async throws -> Void) async throws {
        let database = try await StoreDatabase.make()
        let (one, other) = (try await database.store("a"), try await database.store("b"))
        do {
            try await body(one, other)
        } catch {
            await one.close()
            await other.close()
            throw error
        }
        await one.close()
        await other.close()
    }

    @Test func `each message is claimed by one of the gateways`() async throws {
        try await withTwo { one, other in
            for _ in 0..<10 { _ = try await accept(one, (0..<20).map { _ in new() }) }
            let claims = try await withThrowingTaskGroup(of: [Claim].self) { group in
                for (store, owner) in [(one, "a"), (other, "b")] {
                    group.addTask {
                        var mine: [Claim] = []
                        // A look may find only what the other has in hand.
                        var misses = 0
                        while misses < 20 {
                            let more = try await claim(store, owner, limit: 7)
                            misses = more.isEmpty ? misses + 1 : 0
                            mine += more
                        }
                        return mine
                    }
                }
                return try await group.reduce(into: []) { (all: inout [Claim], one) in all += one }
            }
            #expect(claims.count == 200)
            #expect(Set(claims.map(\.message.id)).count == 200)
        }
    }

    @Test func `one key at two gateways at once is one message`() async throws {
        try await withTwo { one, other in
            let answers = try await withThrowingTaskGroup(of: Acceptance.self) { group in
                for index in 0..<24 {
                    group.addTask { try await accept(index % 2 == 0 ? one : other, [new()], key: "order-1") }
                }
                return try await group.reduce(into: []) { (all: inout [Acceptance], one) in all.append(one) }
            }
            let accepted = answers.count { if case .accepted = $0 { true } else { false } }
            #expect(accepted == 1)
            #expect(answers.count { $0 == .keyReused } == 0)
            #expect(try await one.messages(MessageSearch()).count == 1)
        }
    }

    @Test func `of codes for one phone at two gateways at once one is left`() async throws {
        try await withTwo { one, other in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<24 {
                    group.addTask { _ = try await accept(index % 2 == 0 ? one : other, [new(.otp, purpose: "login")]) }
                }
                try await group.waitForAll()
            }
            let states = try await one.messages(MessageSearch(limit: 100)).map(\.state)
            #expect(states.count { $0 == .queued } == 1)
            #expect(states.count { $0 == .cancelled } == 23)
        }
    }

    @Test func `numbers of two gateways are never the same`() async throws {
        try await withTwo { one, other in
            let ids = try await withThrowingTaskGroup(of: [MessageID].self) { group in
                for store in [one, other] {
                    group.addTask {
                        var ids: [MessageID] = []
                        for _ in 0..<40 {
                            guard case .accepted(let messages, _) = try await accept(store, [new(), new()]) else {
                                break
                            }
                            ids += messages.map(\.id)
                        }
                        return ids
                    }
                }
                return try await group.reduce(into: []) { (all: inout [MessageID], one) in all += one }
            }
            #expect(ids.count == 160)
            #expect(Set(ids).count == 160)
        }
    }

    @Test(arguments: [true, false])
    func `numbers that a crashed server has forgotten are given to nobody twice`(endsConnections: Bool) async throws {
        let database = try await StoreDatabase.make()
        let (one, other) = (try await database.store("a"), try await database.store("b"))
        func many(_ store: PostgresMessageStore) async throws -> [MessageID] {
            guard case .accepted(let messages, _) = try await accept(store, (0..<50).map { _ in new() }) else {
                return []
            }
            return messages.map(\.id)
        }
        // The second block is larger than what it was taken for.
        var ids = try await many(one)
        ids += try await many(one)
        let used = try await database.database.number("SELECT max(id) FROM eskiz.messages")
        #expect(try await database.database.number("SELECT last FROM eskiz.numbers") > used)
        // The server has lost that the block was taken. Behind a pooler its client does not notice.
        try await database.database.script("UPDATE eskiz.numbers SET last = \(used), highest = \(used)")
        if endsConnections {
            try await database.database.script(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """
            )
        }
        for store in [other, one, one, other] { ids += try await many(store) }
        #expect(ids.count == 300)
        #expect(Set(ids).count == 300)
        await one.close()
        await other.close()
    }

    @Test func `requests that came at different moments are kept in one step`() async throws {
        try await withTwo { one, _ in
            for round in 0..<5 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for index in 0..<24 {
                        let moment = now + .seconds(round * 10) + .milliseconds(24 - index)
                        group.addTask {
                            let new = [new(), new()]
                            _ = try await one.accept(new, batch: nil, idempotency: nil, at: moment)
                        }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(try await one.statistics().count(.queued) == 240)
        }
    }

    @Test func `a batch goes to one gateway as a whole`() async throws {
        try await withTwo { one, other in
            for _ in 0..<20 { _ = try await accept(one, (0..<5).map { _ in new(.bulk) }, batch: NewBatch()) }
            let claims = try await withThrowingTaskGroup(of: [[Claim]].self) { group in
                for (store, owner) in [(one, "a"), (other, "b")] {
                    group.addTask {
                        var mine: [[Claim]] = []
                        var misses = 0
                        while misses < 20 {
                            let more = try await claim(store, owner, limit: 3)
                            misses = more.isEmpty ? misses + 1 : 0
                            mine.append(more)
                        }
                        return mine
                    }
                }
                return try await group.reduce(into: []) { (all: inout [[Claim]], one) in all += one }
            }
            #expect(claims.joined().count == 100)
            for together in claims {
                let batches = Dictionary(grouping: together) { $0.message.batch?.id }
                #expect(batches.values.allSatisfy { $0.count == 5 })
            }
        }
    }

    @Test func `what a gateway had in hand is taken over after its lease, and not before`() async throws {
        try await withTwo { one, other in
            _ = try await accept(one, [new(), new()])
            let claims = try await claim(one, "a")
            try await one.beginWriting([claims[1]], at: now)
            try await one.extendLeases(owner: "a", until: now + .seconds(9))
            #expect(try await other.recover(everythingBut: nil, at: now + .seconds(8)) == Recovery())
            let recovery = try await other.recover(everythingBut: nil, at: now + .seconds(9))
            #expect(recovery.queued.map(\.id) == [claims[0].message.id])
            #expect(recovery.unknown.map(\.id) == [claims[1].message.id])
            // It was frozen, and comes back: the fence is another one.
            let again = try await claim(other, "b", at: now + .seconds(9))
            #expect(again.map(\.message.id) == [claims[0].message.id])
            let error = await #expect(throws: StoreError.self) { try await one.beginWriting([claims[0]], at: now) }
            #expect(error?.code == .lostClaim)
            try await other.beginWriting(again, at: now + .seconds(9))
            // Its answer still counts, as it says something true.
            let settled = try await one.settle(
                [Settlement(claims[1], .submitted(providerID: "u-1", detail: nil, nextReport: nil))],
                at: now + .seconds(10)
            )
            #expect(settled.map(\.state) == [.submitted])
        }
    }

    @Test func `a claim that the server has forgotten begins no write, whoever has the next one`() async throws {
        for next in ["a", "b"] {
            let database = try await StoreDatabase.make()
            let (one, other) = (try await database.store("a"), try await database.store("b"))
            _ = try await accept(one, [new()])
            let forgotten = try await claim(one, "a")
            // Claims are not flushed: a crash of the server takes them back.
            try await database.database.script(
                """
                UPDATE eskiz.messages SET state = 'queued', owner = NULL, lease_until = NULL, fence = 0, attempts = 0;
                DELETE FROM eskiz.attempts
                """
            )
            let claims = try await claim(next == "a" ? one : other, next)
            #expect(claims.count == 1)
            await #expect(throws: StoreError.self) { try await one.beginWriting(forgotten, at: now) }
            try await other.beginWriting(claims, at: now)
            await one.close()
            await other.close()
        }
    }

    @Test func `a report and the answer that names its message meet, whichever gateway has which`() async throws {
        for _ in 0..<10 {
            try await withTwo { one, other in
                _ = try await accept(one, [new()])
                let claims = try await claim(one, "a")
                try await one.beginWriting(claims, at: now)
                let report = DeliveryReport(status: .delivered, source: .callback, receivedAt: now, providerID: "u-1")
                async let recorded = other.record(report, for: .provider("u-1"), raw: nil, at: now)
                async let settled = one.settle(
                    [Settlement(claims[0], .submitted(providerID: "u-1", detail: nil, nextReport: nil))],
                    at: now
                )
                _ = try await (recorded, settled)
                #expect(try await one.message(claims[0].message.id)?.state == .delivered)
            }
        }
    }

    @Test func `what one gateway asks Eskiz about the other leaves alone`() async throws {
        try await withTwo { one, other in
            _ = try await accept(one, [new(), new()])
            let claims = try await claim(one, "a")
            try await one.beginWriting(claims, at: now)
            _ = try await one.settle(
                [
                    Settlement(claims[0], .submitted(providerID: "u-1", detail: nil, nextReport: now)),
                    Settlement(
                        claims[1],
                        .unknown(MessageError(code: "timeout", message: "No answer came."), reconcileAt: now)
                    ),
                ],
                at: now
            )
            #expect(try await one.overdueForReport(at: now, limit: 9).count == 1)
            #expect(try await other.overdueForReport(at: now, limit: 9).isEmpty)
            #expect(try await one.overdueForReport(at: now, limit: 9).count == 1)
            #expect(try await other.unsettled(at: now, limit: 9).count == 1)
            #expect(try await one.unsettled(at: now, limit: 9).isEmpty)
        }
    }

    @Test func `a gateway hears of what another has accepted, and knows how much waits`() async throws {
        try await withTwo { one, other in
            try await one.waitForNews(upTo: .milliseconds(1))
            try await other.waitForNews(upTo: .milliseconds(1))
            _ = try await accept(one, [new(), new(.bulk)])
            try await one.tellNews()
            try await other.waitForNews(upTo: .seconds(5))
            #expect(other.depth.total == 2)
            let members = try await other.gateways()
            #expect(members.map(\.owner) == ["a", "b"])
            #expect(members.map(\.isThis) == [false, true])
            #expect(members.map(\.isAlive) == [true, true])
        }
    }

    @Test func `each gateway hears once of what another has changed, in whatever order rows are committed`()
        async throws
    {
        try await withTwo { one, other in
            for store in [one, other] { try await store.waitForNews(upTo: .milliseconds(1)) }
            try await one.waitForNews(upTo: .milliseconds(1))
            guard case .accepted(let messages, _) = try await accept(one, [new(), new()]) else { return }
            let ids = messages.map(\.id)
            // What was said before somebody came is no news.
            try await one.tell(changed: [MessageID(1)])
            #expect(try await other.changedElsewhere(limit: 100) == [])
            try await one.tell(changed: ids)
            #expect(try await one.changedElsewhere(limit: 100) == [])
            #expect(try await other.changedElsewhere(limit: 100).map(Set.init) == Set(ids))
            #expect(try await other.changedElsewhere(limit: 100) == [])
            #expect(try await other.messages(ids).count == 2)
            try await one.tell(changed: ids)
            #expect(try await other.changedElsewhere(limit: 2) == nil, "more than somebody wants")
        }
    }

    @Test func `what Eskiz has said of the account is heard once by each, and by who comes later`() async throws {
        try await withTwo { one, other in
            try await one.tell(.throttled(.bulk), for: .seconds(30))
            try await one.tell(.blocked(.balance), for: .milliseconds(-1))
            let heard = try await other.accountNews()
            #expect(heard.map(\.news) == [.throttled(.bulk)])
            #expect(heard.allSatisfy { $0.left > .seconds(20) && $0.left <= .seconds(30) })
            #expect(try await other.accountNews().isEmpty)
            #expect(try await one.accountNews().isEmpty)
            try await one.tell(.throttled(.bulk), for: .seconds(10))
            #expect(try await other.accountNews().count == 1)
        }
    }

    @Test func `a database that does not flush says so`() async throws {
        try await withTwo { one, _ in
            // The server of the tests does not.
            let promise = try await one.promise()
            #expect(promise == .unflushed)
        }
    }

    @Test func `who looks sees how much each gateway has in hand`() async throws {
        try await withTwo { one, other in
            _ = try await accept(one, [new(), new(), new()])
            _ = try await claim(one, "a", limit: 2)
            #expect(try await other.gateways().map(\.inHand) == [2, 0])
            #expect(try await other.gateways().map(\.host) == ["a", "b"])
        }
    }

    @Test func `counts of several gateways add up to a recount`() async throws {
        try await withTwo { one, other in
            _ = try await accept(one, [new(), new(.bulk)])
            _ = try await accept(other, [new(.otp)])
            let claims = try await claim(other, "b")
            _ = try await other.settle(claims.map { Settlement($0, .expired) }, at: now)
            let statistics = try await one.statistics()
            #expect(statistics.count(.expired) == 3)
            #expect(statistics.counts.values.allSatisfy { $0 >= 0 })
            #expect(statistics.counts.values.reduce(0, +) == 3)
        }
    }
}

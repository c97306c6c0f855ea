import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizText
import GRDB
import Synchronization
import Testing

@testable import EskizSQLite

struct SQLiteMessageStoreTests {
    private let folder: TemporaryFolder
    private let path: String
    private let noon = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/eskiz.sqlite"
    }

    @Test(arguments: MessageStoreConformance.checks)
    func `does what every store has to do`(_ check: MessageStoreConformance.Check) async throws {
        // The model that histories are held against numbers by the clock alone.
        var options = SQLiteMessageStore.Options()
        options.numberOffset = 0
        try await check(on: SQLiteMessageStore(path: path, options: options))
    }

    private func new(_ lane: Lane = .bulk, text: String = "Your order is ready", purpose: String? = nil) -> NewMessage {
        NewMessage(
            lane: lane,
            phone: "998901234567",
            text: text,
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: "k_1",
            webhookURL: "https://app.example.test",
            purpose: purpose
        )
    }

    private func accept(_ store: SQLiteMessageStore, _ new: [NewMessage], at now: Timestamp? = nil) async throws
        -> [Message]
    {
        guard
            case .accepted(let messages, _) = try await store.accept(new, batch: nil, idempotency: nil, at: now ?? noon)
        else { throw UnreadableRow("acceptance", "refused") }
        return messages
    }

    private func claims(_ store: SQLiteMessageStore) async throws -> [Claim] {
        let request = ClaimRequest(
            owner: "a",
            leaseUntil: noon + .seconds(30),
            shares: Lane.allCases.map { .init($0, 100) },
            limit: 100
        )
        return try await store.claim(request, at: noon).claims
    }

    @Test func `everything is there again after it was opened anew`() async throws {
        let before = try SQLiteMessageStore(path: path)
        let key = IdempotencyKey(apiKeyID: "k_1", key: "order-1", fingerprint: [1])
        _ = try await before.accept([new(), new(.otp)], batch: nil, idempotency: key, at: noon)
        let claims = try await claims(before)
        try await before.beginWriting([claims[0]], at: noon)
        _ = try await before.settle(
            [Settlement(claims[0], .failed(MessageError(code: "refused", message: "No.")))],
            at: noon
        )
        let due = try await before.dueWebhooks(at: noon, lease: .seconds(1), limit: 9)
        try await before.finishWebhook(#require(due.first).id, .dead(reason: "gone"), at: noon)
        let secret = try await before.secret("callback", orMake: { [7] })
        try await before.add(APIKeyRecord(id: "k", name: "shop", scopes: [.send], digest: [1], createdAt: noon))
        let (statistics, depth) = (try await before.statistics(), before.depth)
        let timelines = try await self.timelines(before)
        await before.close()

        let after = try SQLiteMessageStore(path: path)
        #expect(try await self.timelines(after) == timelines)
        #expect(try await after.statistics() == statistics)
        #expect(after.depth == depth)
        #expect(depth.total == 1)
        #expect(statistics.deadWebhooks == 1)
        #expect(try await after.secret("callback", orMake: { [8] }) == secret)
        #expect(try await after.apiKeys().map(\.id) == ["k"])
        guard case .repeated(let messages) = try await after.accept([new()], batch: nil, idempotency: key, at: noon)
        else {
            Issue.record("the idempotency key was forgotten")
            return
        }
        #expect(messages.count == 2)
        await after.close()
    }

    private func timelines(_ store: SQLiteMessageStore) async throws -> [Timeline] {
        var timelines: [Timeline] = []
        for message in try await store.messages(MessageSearch()) {
            timelines.append(try #require(try await store.timeline(message.id)))
        }
        return timelines
    }

    @Test func `a number is not given again after all messages are forgotten and the clock has gone back`() async throws
    {
        let before = try SQLiteMessageStore(path: path)
        let old = try #require(try await accept(before, [new()]).first)
        _ = try await before.cancel(old.id, detail: nil, at: noon)
        try await deliverWebhooks(before)
        #expect(try await before.prune(finalBefore: noon + .seconds(1), limit: 9) == 1)
        await before.close()
        let after = try SQLiteMessageStore(path: path)
        #expect(try #require(try await accept(after, [new()], at: noon - .seconds(3_600)).first).id > old.id)
        await after.close()
    }

    @Test func `many who accept at once share their commits`() async throws {
        let store = try SQLiteMessageStore(path: path)
        let before = store.commits
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<64 {
                group.addTask { for _ in 0..<10 { _ = try await accept(store, [new()]) } }
            }
            try await group.waitForAll()
        }
        #expect(store.depth.total == 640)
        #expect(store.commits - before < 640)
        await store.close()
    }

    @Test func `who fails in a group fails alone`() async throws {
        let store = try SQLiteMessageStore(path: path)
        _ = try await accept(store, [new()])
        var stale = try #require(try await claims(store).first)
        stale.fence += 1
        let lost = stale
        let failures = try await withThrowingTaskGroup(of: StoreError.Code?.self) { group in
            for number in 0..<60 {
                group.addTask {
                    do {
                        switch number % 3 {
                        case 0: try await store.beginWriting([lost], at: noon)
                        case 1:
                            try await store.group.perform(.durable) {
                                try $0.run("INSERT INTO counters VALUES (0, NULL)", [])
                            }
                        default: _ = try await accept(store, [new()])
                        }
                        return nil
                    } catch let error as StoreError {
                        return error.code
                    }
                }
            }
            return try await group.reduce(into: []) { (all: inout [StoreError.Code?], one) in all.append(one) }
        }
        #expect(failures.count { $0 == .lostClaim } == 20)
        #expect(failures.count { $0 == .unavailable } == 20)
        #expect(failures.count { $0 == nil } == 20)
        #expect(store.depth.total == 21)
        #expect(try await store.messages(MessageSearch(limit: 100)).count == 21)
        await store.close()
    }

    @Test func `the text of a code is not in the file any more once it is submitted`() async throws {
        let store = try SQLiteMessageStore(path: path)
        let code = "Your code is 739154"
        _ = try await accept(store, [new(.otp, text: code), new(text: "kept until it is pruned")])
        let claims = try await claims(store)
        _ = try await store.settle(
            claims.map { Settlement($0, .submitted(providerID: $0.message.id.text, detail: nil, nextReport: nil)) },
            at: noon
        )
        try await store.pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        await store.close()
        let file = try String(decoding: folder.bytes(of: "eskiz.sqlite"), as: Unicode.ASCII.self)
        #expect(!file.contains(code))
        #expect(file.contains("kept until it is pruned"))
    }

    @Test func `raw reports stay with their message, and go with it`() async throws {
        let store = try SQLiteMessageStore(path: path)
        let message = try #require(try await accept(store, [new()]).first)
        let claim = try #require(try await claims(store).first)
        _ = try await store.settle(
            [Settlement(claim, .submitted(providerID: "u", detail: nil, nextReport: nil))],
            at: noon
        )
        let raw = RawReport(receivedAt: noon, contentType: "application/json", body: Array("{}".utf8))
        let report = DeliveryReport(status: .delivered, source: .callback, receivedAt: noon)
        for key in [ReportKey.number(message.id), .provider("nobody")] {
            let id = try await store.keep(raw)
            _ = try await store.record(report, for: key, raw: id, at: noon)
        }
        #expect(try await rawReports(store) == [message.id.rawValue, nil])
        try await deliverWebhooks(store)
        _ = try await store.prune(finalBefore: noon + .seconds(1), limit: 9)
        #expect(try await rawReports(store) == [])
        await store.close()
    }

    /// What an application is still to be told of is not forgotten.
    private func deliverWebhooks(_ store: SQLiteMessageStore) async throws {
        for delivery in try await store.dueWebhooks(at: noon, lease: .seconds(9), limit: 9) {
            try await store.finishWebhook(delivery.id, .delivered, at: noon)
        }
    }

    private func rawReports(_ store: SQLiteMessageStore) async throws -> [Int64?] {
        try await store.read { db in try db.rows("SELECT message_id FROM raw_reports ORDER BY id", []) { $0[0] } }
    }

    @Test func `no statement of the daily work looks through all messages`() async throws {
        let heard = Mutex<Set<String>>([])
        var options = SQLiteMessageStore.Options()
        options.trace = { sql in heard.withLock { _ = $0.insert(sql) } }
        options.numberOffset = 0
        let store = try SQLiteMessageStore(path: path, options: options)
        let checks =
            MessageStoreConformance.checks.filter { $0.description.hasPrefix("a random history") }.prefix(1)
        for check in checks { try await check(on: store) }
        let plans = try SQLiteMessageStore(path: path)
        let statements = heard.withLock { $0 }.filter { sql in
            ["SELECT", "UPDATE", "DELETE"].contains { sql.hasPrefix($0) } && sql.contains("messages")
        }
        #expect(statements.count > 20)
        for sql in statements where !sql.contains("ORDER BY id DESC LIMIT") && !sql.contains("max(id)") {
            let plan = try await plans.read { db in
                try db.rows("EXPLAIN QUERY PLAN " + sql, []) { $0[3] as String }
            }
            // The index of what is held is all of it that there is to look through.
            #expect(!plan.contains { $0.hasPrefix("SCAN") && !$0.contains("messages_held") }, "\(sql): \(plan)")
        }
        await plans.close()
    }
}

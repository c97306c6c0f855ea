import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizText
import GRDB
import Synchronization
import Testing

@testable import EskizSQLite

/// How the questions of the operator's page are answered: by an index, never by looking through everything.
struct SearchPlanTests {
    private let folder: TemporaryFolder
    private let path: String
    private let noon = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/eskiz.sqlite"
    }

    @Test func `no question of a page looks through all messages`() async throws {
        let heard = Mutex<Set<String>>([])
        var options = SQLiteMessageStore.Options()
        options.trace = { sql in heard.withLock { _ = $0.insert(sql) } }
        let sentences = ["pages hold together", "lines of the audit", "refusals are counted", "activity is counted"]
        let checks = MessageStoreConformance.checks.filter { check in
            sentences.contains { check.description.hasPrefix($0) }
        }
        #expect(checks.count == sentences.count)
        for check in checks { try await check(on: SQLiteMessageStore(path: freshPath(), options: options)) }
        let plans = try SQLiteMessageStore(path: path)
        let statements = heard.withLock { $0 }.filter { $0.hasPrefix("SELECT") && !$0.contains("sqlite_master") }
        let questions = statements.filter { $0.contains("ORDER BY id DESC") }
        #expect(questions.count > 20)
        // These indexes hold only what is few, and the question was asked because it is.
        let small = ["messages_scheduled", "messages_queued", "messages_held"]
        let large = ["messages", "attempts", "reports", "webhooks", "audit", "activity"]
        for sql in statements where large.contains(where: { sql.contains("FROM \($0)") }) && !sql.contains("max(id)") {
            let plan = try await plans.read { db in
                try db.rows("EXPLAIN QUERY PLAN " + sql, []) { $0[3] as String }
            }
            let isSmall = small.contains { sql.contains("INDEXED BY \($0)") }
            #expect(!plan.contains { $0.hasPrefix("SCAN") } || isSmall, "\(sql): \(plan)")
            if questions.contains(sql), !isSmall {
                #expect(!plan.contains { $0.contains("TEMP B-TREE FOR ORDER BY") }, "\(sql): \(plan)")
            }
        }
        await plans.close()
    }

    private func freshPath() -> String {
        folder.path + "/\(UInt64.random(in: 0 ... .max)).sqlite"
    }

    @Test func `a state that few messages are in is found at once, however far back they are`() async throws {
        let store = try SQLiteMessageStore(path: path)
        let oldest = try await accept(store, 2, sendAt: noon + .seconds(9))
        _ = try await accept(store, 3_000)
        let page = try await store.page(MessageSearch(states: [.scheduled]), reach: 100)
        #expect(page.messages.map(\.id) == oldest.reversed())
        #expect(page.next == nil)
        let none = try await store.page(MessageSearch(states: [.delivered]), reach: 100)
        #expect(none == SearchPage())
        await store.close()
    }

    @Test func `what nothing leads to is looked for in steps`() async throws {
        let store = try SQLiteMessageStore(path: path)
        let oldest = try await accept(store, 1, lane: .otp)
        let others = try await accept(store, 250)
        var search = MessageSearch(lane: .otp)
        var steps: [SearchPage] = []
        repeat {
            steps.append(try await store.page(search, reach: 100))
            search.before = steps.last?.next
        } while search.before != nil
        #expect(steps.map(\.messages.count) == [0, 0, 1])
        #expect(steps[0].next == others[150])
        #expect(steps[2].messages.map(\.id) == oldest)
        await store.close()
    }

    private func accept(
        _ store: SQLiteMessageStore,
        _ count: Int,
        lane: Lane = .bulk,
        sendAt: Timestamp? = nil
    ) async throws -> [MessageID] {
        let new = NewMessage(
            lane: lane,
            phone: "998901234567",
            text: "Your order is ready",
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: "k_1",
            sendAt: sendAt
        )
        let all = Array(repeating: new, count: count)
        guard case .accepted(let messages, _) = try await store.accept(all, batch: nil, idempotency: nil, at: noon)
        else { throw UnreadableRow("acceptance", "refused") }
        return messages.map(\.id)
    }
}

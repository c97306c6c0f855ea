import Eskiz
import EskizPages
import EskizQueue
import EskizQueueTesting
import EskizWords
import Testing

@testable import EskizGateway

@Suite struct BulkTests {
    @Test func `what waits and matches is cancelled, and nothing else`() async throws {
        let harness = try await GatewayHarness()
        let sent = try await harness.accept(2, lane: .bulk)
        try await harness.settle(harness.claim(), .submitted(providerID: "u", detail: nil, nextReport: nil))
        let bulk = try await harness.accept(3, lane: .bulk) + harness.accept(lane: .bulk, sendAfter: .seconds(60))
        let others = try await harness.accept(2)
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            let question = try await visitor.get("/bulk?action=cancel&lane=bulk")
            #expect(question.text.contains("Messages that match: 4"))
            #expect(Set(question.listed) == Set(bulk.map(\.id.text)))
            #expect(!question.text.contains("1234567"))
            let newest = try #require(PageVisitor.value(of: "up_to", in: question.text))
            #expect(newest == bulk.last?.id.text)
            // What comes after the question is not meant.
            let late = try await harness.accept(lane: .bulk)
            let done = try await visitor.act("/bulk", [("action", "cancel"), ("lane", "bulk"), ("up_to", newest)])
            #expect(done.notice == "Done: 4.")
            for message in bulk { #expect(try await harness.store.message(message.id)?.state == .cancelled) }
            for message in others + late { #expect(try await harness.store.message(message.id)?.state == .queued) }
            for message in sent { #expect(try await harness.store.message(message.id)?.state == .submitted) }
            #expect(try await harness.audited() == ["bulk.cancel | 4 done; filter: lane=bulk"])
        }
    }

    @Test func `what has changed since the question was asked is left as it is`() async throws {
        let harness = try await GatewayHarness()
        let messages = try await harness.accept(5)
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            let question = try await visitor.get("/bulk?action=cancel")
            #expect(question.text.contains("There is no filter"))
            let newest = try #require(PageVisitor.value(of: "up_to", in: question.text))
            // A dispatcher takes two of them meanwhile.
            let claims = try await harness.claim(2)
            let done = try await visitor.act("/bulk", [("action", "cancel"), ("up_to", newest)])
            #expect(done.notice == "Done: 3.")
            for claim in claims { #expect(try await harness.store.message(claim.message.id)?.state == .sending) }
        }
        #expect(try await harness.store.statistics().count(.cancelled) == messages.count - 2)
    }

    @Test func `two who do the same at once do it once`() async throws {
        let harness = try await GatewayHarness()
        _ = try await harness.accept(300)
        let filter = MessageFilter { _ in nil }
        let run = BulkRun(queue: harness.queue, action: .cancel, filter: filter)
        async let first = run.run(upTo: MessageID(.max - 1))
        async let second = run.run(upTo: MessageID(.max - 1))
        let results = await [first, second]
        #expect(results.map(\.done).reduce(0, +) == 300)
        #expect(!results.contains { $0.hasFailed || $0.isCut })
        #expect(try await harness.store.statistics().count(.cancelled) == 300)
    }

    @Test(arguments: [(BulkAction.notSent, MessageState.failed), (.sendAgain, .queued)])
    func `unknown outcomes are settled`(action: BulkAction, state: MessageState) async throws {
        let harness = try await GatewayHarness()
        let messages = try await harness.unknown(3)
        // One was settled for good by hand, and one has been reported meanwhile.
        let forGood = Resolution.unknownForGood(MessageError(code: "outcome_unknown", message: "Nobody knows."))
        _ = try await harness.queue.resolve(messages[0].id, as: forGood)
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            let path = "/bulk?action=\(action.rawValue)&unsettled=yes"
            let question = try await visitor.get(path)
            #expect(question.text.contains("Messages that match: 2"))
            let newest = try #require(PageVisitor.value(of: "up_to", in: question.text))
            let fields = [("action", action.rawValue), ("unsettled", "yes"), ("up_to", newest)]
            let done = try await visitor.act("/bulk", fields)
            #expect(done.notice == "Done: 2.")
            let again = try await visitor.act("/bulk", fields)
            #expect(again.notice == "Done: 0.")
        }
        #expect(try await harness.store.message(messages[0].id)?.state == .unknown)
        #expect(try await harness.store.statistics().count(state) == 2)
    }

    @Test func `webhooks that were given up are sent again`() async throws {
        let harness = try await GatewayHarness()
        let messages = try await harness.accept(3, webhookURL: "https://app.example.test")
        for message in messages { _ = try await harness.queue.cancel(message.id) }
        let due = try await harness.store.dueWebhooks(at: harness.clock.timestamp, lease: .seconds(1), limit: 2)
        for webhook in due {
            try await harness.store.finishWebhook(webhook.id, .dead(reason: "410"), at: harness.clock.timestamp)
        }
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            #expect(
                try await visitor.get("/messages?webhook=dead").text.contains("/bulk?action=replay&amp;webhook=dead")
            )
            let question = try await visitor.get("/bulk?action=replay&webhook=dead")
            let newest = try #require(PageVisitor.value(of: "up_to", in: question.text))
            let fields = [("action", "replay"), ("webhook", "dead"), ("up_to", newest)]
            #expect(try await visitor.act("/bulk", fields).notice == "Done: 2.")
        }
        #expect(try await harness.store.statistics().deadWebhooks == 0)
        #expect(try await harness.audited() == ["bulk.replay | 2 done; filter: webhook=dead"])
    }

    @Test func `more than a thousand are done in steps, and the next step is asked about`() async throws {
        let harness = try await GatewayHarness()
        for _ in 0..<3 { _ = try await harness.accept(500, lane: .bulk) }
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            let question = try await visitor.get("/bulk?action=cancel&lane=bulk")
            #expect(question.text.contains("Messages that match: 1\u{202F}000 or more"))
            let newest = try #require(PageVisitor.value(of: "up_to", in: question.text))
            let fields = [("action", "cancel"), ("lane", "bulk"), ("up_to", newest)]
            let half = try await visitor.act("/bulk", fields)
            #expect(half.notice == "Done: 1\u{202F}000, left as they are: 0. There are more.")
            #expect(half.text.contains("Messages that match: 500"))
            let rest = try await visitor.act("/bulk", fields)
            #expect(rest.notice == "Done: 500.")
        }
        #expect(try await harness.store.statistics().count(.cancelled) == 1_500)
        #expect(try await harness.audited().count == 2)
    }

    @Test func `a store that fails on the way is told, and what was done stays done`() async throws {
        let harness = try await GatewayHarness()
        _ = try await harness.accept(3)
        harness.store.fail(with: StoreError(.diskFull, "The disk is full.", remedy: "Make room."))
        let filter = MessageFilter { _ in nil }
        let run = BulkRun(queue: harness.queue, action: .cancel, filter: filter)
        let result = await run.run(upTo: MessageID(.max - 1))
        #expect(result == BulkRun.Result(hasFailed: true))
        #expect(result.notice(.english).tone == .bad)
        harness.store.fail(with: nil)
        #expect(await run.run(upTo: MessageID(.max - 1)).done == 3)
    }
}

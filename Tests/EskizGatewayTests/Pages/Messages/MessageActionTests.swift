import Eskiz
import EskizQueue
import EskizQueueTesting
import Testing

@testable import EskizGateway

@Suite struct MessageActionTests {
    @Test func `a waiting message is cancelled, once`() async throws {
        let harness = try await GatewayHarness()
        let id = try await harness.accept()[0].id
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            #expect(try await visitor.get("/messages/\(id)").text.contains("id=\"cancel-message\""))
            let done = try await visitor.act("/messages/\(id)", [("action", "cancel")])
            #expect(done.notice == "The message is cancelled.")
            #expect(!done.text.contains("id=\"cancel-message\""))
            let again = try await visitor.act("/messages/\(id)", [("action", "cancel")])
            #expect(again.notice == "Nothing was done: the message is cancelled by now.")
            #expect(again.text.contains("cancelled a message"), "who did it is on the page")
        }
        #expect(try await harness.store.message(id)?.state == .cancelled)
        #expect(
            try await harness.audited() == [
                "message.cancel | \(id) | refused, the message is cancelled", "message.cancel | \(id)",
            ]
        )
    }

    @Test(arguments: [
        ("submitted", MessageState.submitted), ("send_again", .queued), ("not_sent", .failed), ("unknown", .unknown),
    ])
    func `an unknown outcome is settled in each of the four ways`(outcome: String, state: MessageState) async throws {
        let harness = try await GatewayHarness()
        let id = try await harness.unknown()[0].id
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            let form = try await visitor.get("/messages/\(id)")
            #expect(form.text.contains("value=\"\(outcome)\""))
            let fields = [("action", "settle"), ("outcome", outcome)]
            let done = try await visitor.act("/messages/\(id)", fields + [("provider_id", "")])
            #expect(done.notice == "The outcome is settled.")
            let again = try await visitor.act("/messages/\(id)", [("action", "settle"), ("outcome", "unknown")])
            #expect(again.notice?.hasPrefix("Nothing was done") == true)
        }
        let message = try #require(try await harness.store.message(id))
        #expect(message.state == state)
        #expect(outcome != "unknown" || message.finalAt != nil)
        #expect(try await harness.audited().last == "message.resolve | \(id) | \(outcome)")
    }

    @Test func `what was settled for good needs nobody any more`() async throws {
        let harness = try await GatewayHarness()
        let messages = try await harness.unknown(2)
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            #expect(try await visitor.get("/").text.contains("/messages?unsettled=yes"))
            for message in messages {
                _ = try await visitor.act("/messages/\(message.id)", [("action", "settle"), ("outcome", "unknown")])
            }
            #expect(try await !visitor.get("/").text.contains("/messages?unsettled=yes"))
            #expect(try await visitor.get("/messages?unsettled=yes").listed.isEmpty)
            #expect(try await visitor.get("/messages?status=unknown").listed.count == 2)
        }
    }

    @Test func `the id that Eskiz gave it goes with it, and nonsense does not`() async throws {
        let harness = try await GatewayHarness()
        let id = try await harness.unknown()[0].id
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            let fields = [("action", "settle"), ("outcome", "submitted")]
            let wrong = try await visitor.act("/messages/\(id)", fields + [("provider_id", "<b>")])
            #expect(wrong.notice?.hasPrefix("This is no id") == true)
            let none = try await visitor.act("/messages/\(id)", [("action", "settle")])
            #expect(none.notice == "Choose what became of it.")
            #expect(try await harness.audited().isEmpty)
            _ = try await visitor.act("/messages/\(id)", fields + [("provider_id", "abc-1")])
        }
        #expect(try await harness.store.message(id)?.providerID == "abc-1")
    }

    @Test func `webhooks are sent again, and whoever delivers them is woken`() async throws {
        let harness = try await GatewayHarness()
        let id = try await harness.accept(webhookURL: "https://app.example.test")[0].id
        _ = try await harness.queue.cancel(id)
        let due = try await harness.store.dueWebhooks(at: harness.clock.timestamp, lease: .seconds(1), limit: 9)
        for webhook in due {
            try await harness.store.finishWebhook(webhook.id, .dead(reason: "410"), at: harness.clock.timestamp)
        }
        #expect(try await harness.store.statistics().deadWebhooks == 1)
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            let done = try await visitor.act("/messages/\(id)", [("action", "replay")])
            #expect(done.notice == "Webhooks sent again: 1.")
            let without = try await harness.accept()[0].id
            let none = try await visitor.act("/messages/\(without)", [("action", "replay")])
            #expect(none.notice == "This message has no webhooks.")
        }
        #expect(try await harness.store.statistics().deadWebhooks == 0)
        #expect(try await harness.audited().last == "message.replay | \(id) | webhooks: 1")
    }

    @Test func `a phone is shown once, to whoever asks and is written down`() async throws {
        let harness = try await GatewayHarness()
        let id = try await harness.accept()[0].id
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            let shown = try await visitor.post("/messages/\(id)", [("action", "unmask")])
            #expect(shown.status == 200)
            #expect(shown.text.contains("+998901234567"))
            #expect(shown.header("Cache-Control") == "no-store")
            #expect(!shown.text.contains("canary"))
            #expect(try await harness.audited() == ["message.unmask | \(id)"])
            let later = try await visitor.get("/messages/\(id)")
            #expect(!later.text.contains("1234567"))
        }
        #expect(!harness.log.text.contains("1234567"))
    }

    @Test func `what cannot be written down is not shown`() async throws {
        let harness = try await GatewayHarness()
        let id = try await harness.accept()[0].id
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            harness.store.fail(with: StoreError(.diskFull, "The disk is full.", remedy: "Make room."))
            let answer = try await visitor.post("/messages/\(id)", [("action", "unmask")])
            #expect(answer.status == 503)
            #expect(!answer.text.contains("1234567"))
            harness.store.fail(with: nil)
        }
    }

    private static let acts: [[(String, String)]] = [
        [("action", "cancel")], [("action", "unmask")], [("action", "replay")],
        [("action", "settle"), ("outcome", "not_sent")],
    ]

    @Test func `a key that may only read can do nothing`() async throws {
        let harness = try await GatewayHarness()
        let id = try await harness.accept()[0].id
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller, key: GatewayHarness.readKey)
            for fields in Self.acts {
                let answer = try await visitor.post("/messages/\(id)", fields)
                #expect(answer.status == 403)
                #expect(answer.text.contains("Your key may only read"))
                #expect(!answer.text.contains("1234567"))
            }
            let bulk = [("action", "cancel"), ("up_to", id.text)]
            #expect(try await visitor.post("/bulk", bulk).status == 403)
            #expect(try await visitor.get("/bulk?action=cancel").status == 403)
            #expect(try await !visitor.get("/messages").text.contains("/bulk?"))
        }
        #expect(try await harness.store.message(id)?.state == .queued)
        #expect(try await harness.audited().isEmpty)
    }

    @Test(arguments: [("", "same-origin"), ("forged", "same-origin"), (nil, "cross-site"), (nil, "same-site")])
    func `a form that is not ours does nothing`(csrf: String?, site: String) async throws {
        let harness = try await GatewayHarness()
        let id = try await harness.accept()[0].id
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            for fields in Self.acts {
                let answer = try await visitor.post("/messages/\(id)", fields, csrf: csrf, site: site)
                #expect(answer.status == 403)
                #expect(!answer.text.contains("1234567"))
            }
            let bulk = [("action", "cancel"), ("up_to", id.text)]
            #expect(try await visitor.post("/bulk", bulk, csrf: csrf, site: site).status == 403)
        }
        #expect(try await harness.store.message(id)?.state == .queued)
        #expect(try await harness.audited().isEmpty)
    }

    @Test func `what is no action is refused`() async throws {
        let harness = try await GatewayHarness()
        let id = try await harness.accept()[0].id
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            for fields in [[], [("action", "delete")]] {
                #expect(try await visitor.post("/messages/\(id)", fields).status == 400)
            }
            #expect(try await visitor.post("/messages/99", [("action", "cancel")]).status == 404)
            for fields in [
                [], [("action", "delete"), ("up_to", "5")], [("action", "cancel")],
                [("action", "cancel"), ("up_to", "5"), ("status", "quued")],
            ] {
                #expect(try await visitor.post("/bulk", fields).status == 400)
            }
        }
        #expect(try await harness.store.message(id)?.state == .queued)
    }
}

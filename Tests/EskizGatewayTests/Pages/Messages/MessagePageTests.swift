import Eskiz
import EskizQueue
import EskizQueueTesting
import HTTPTypes
import Testing

@testable import EskizGateway

@Suite struct MessagePageTests {
    @Test(arguments: ["/messages", "/messages/27000000001", "/audit", "/bulk?action=cancel"])
    func `who has not signed in is asked to, and comes back`(path: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.call(.get, path, key: nil)
            #expect(answer.status == 303)
            #expect(answer.header("Location")?.hasPrefix("/?next=%2F") == true)
        }
    }

    @Test func `the list is newest first, masked, and in pages that share nothing`() async throws {
        let harness = try await GatewayHarness()
        let messages = try await harness.accept(120)
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller, key: GatewayHarness.readKey)
            var found: [String] = []
            var path: String? = "/messages"
            while let next = path {
                let page = try await visitor.get(next)
                #expect(page.status == 200)
                #expect(!page.text.contains("1234567"))
                #expect(page.text.contains("+998 90 *** ** 67"))
                found += page.listed
                path = page.text.firstRange(of: "id=\"older\" href=\"").map { range in
                    String(page.text[range.upperBound...].prefix { $0 != "\"" }).replacing("&amp;", with: "&")
                }
            }
            #expect(found == messages.reversed().map(\.id.text))
        }
    }

    @Test func `filters in the address find what they say`() async throws {
        let harness = try await GatewayHarness()
        let failed = try await harness.accept(
            2,
            lane: .bulk,
            reference: "order 1",
            webhookURL: "https://a.example.test"
        )
        try await harness.settle(harness.claim(), .failed(GatewayHarness.failure))
        for webhook in try await harness.store.dueWebhooks(at: harness.clock.timestamp, lease: .seconds(1), limit: 1) {
            try await harness.store.finishWebhook(webhook.id, .dead(reason: "410"), at: harness.clock.timestamp)
        }
        let unknown = try await harness.unknown(2)
        let uuid = "2f2a6e4b-9d0c-4f0e-8a3e-1c5d1f9b7a60"
        let submitted = try await harness.accept(phone: "998931112233")
        try await harness.settle(harness.claim(), .submitted(providerID: uuid, detail: nil, nextReport: nil))
        let waiting = try await harness.accept(sendAfter: .seconds(60))
        let all = failed + unknown + submitted + waiting
        let cases: [(String, [Message])] = [
            ("", all), ("status=failed", failed), ("status=failed,scheduled", failed + waiting), ("lane=bulk", failed),
            ("lane=otp", []), ("reference=order+1", failed), ("q=order+1", failed),
            ("error=server_error", failed + unknown),
            ("error=server_error&lane=transactional", unknown), ("webhook=dead", Array(failed.prefix(1))),
            ("unsettled=yes", unknown), ("q=93+111+22+33", submitted), ("q=\(uuid)", submitted),
            ("q=\(failed[1].id)", [failed[1]]), ("q=\(failed[1].id)&status=queued", []), ("q=5", []),
            ("status=nothing", []),
        ]
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            for (query, wanted) in cases {
                let page = try await visitor.get("/messages?\(query)")
                #expect(page.status == 200)
                #expect(Set(page.listed) == Set(wanted.map(\.id.text)), "\(query)")
            }
            let unreadable = try await visitor.get("/messages?status=nothing")
            #expect(unreadable.text.contains("cannot be read: status"))
            #expect(!unreadable.text.contains("/bulk?"))
        }
    }

    @Test func `hostile values are shown as they are, and mean nothing`() async throws {
        let harness = try await GatewayHarness()
        let hostile = "\"><script>alert(1)</script>&'"
        let message = try await harness.accept(reference: hostile)[0]
        try await harness.settle(
            harness.claim(),
            .failed(MessageError(code: "<b>code", message: "</p><img src=x onerror=alert(1)>"))
        )
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            let escaped = "%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E%26%27"
            for path in [
                "/messages", "/messages/\(message.id)", "/messages?q=\(escaped)", "/messages?reference=\(escaped)",
                "/messages?error=\(escaped)", "/messages?status=\(escaped)", "/bulk?action=cancel&q=\(escaped)",
                "/audit?message=\(escaped)&before=\(escaped)",
            ] {
                let page = try await visitor.get(path)
                #expect(!page.text.contains("<script>alert"), "\(path)")
                #expect(!page.text.contains("<img src=x"), "\(path)")
                #expect(!page.text.contains("<b>code"), "\(path)")
            }
            let found = try await visitor.get("/messages?q=\(escaped)")
            #expect(found.listed == [message.id.text])
        }
    }

    @Test func `one message shows its life, its attempts and its webhooks, and never its text`() async throws {
        let harness = try await GatewayHarness()
        let message = try await harness.accept(
            reference: "order 7",
            webhookURL: "https://app.example.test/hook?secret=canary-secret"
        )[0]
        let claims = try await harness.claim()
        try await harness.settle(claims, .submitted(providerID: "u-1", detail: nil, nextReport: nil))
        _ = try await harness.queue.record(
            DeliveryReport(status: .delivered, source: .callback, receivedAt: harness.clock.timestamp, price: "95"),
            for: .number(message.id)
        )
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller, key: GatewayHarness.readKey)
            for language in ["en", "ru", "uz"] {
                let page = try await visitor.get("/messages/\(message.id)", language: language)
                #expect(page.status == 200)
                #expect(page.text.contains("+998 90 *** ** 67"))
                #expect(!page.text.contains("1234567"))
                #expect(page.text.contains("order 7"))
                #expect(page.text.contains("https://app.example.test/hook"))
                #expect(page.text.contains(RFC3339.text(harness.clock.timestamp)), "the exact time, in UTC")
                let tashkent = PageTime(harness.clock.timestamp).preciseClock
                #expect(page.text.contains(">\(tashkent)</time>"), "the time to read, in Tashkent")
                #expect(!page.text.contains("<form method=\"post\" action=\"/messages"), "nothing to act with")
            }
            let page = try await visitor.get("/messages/\(message.id)")
            for words in ["Accepted and on disk", "Attempt 1: Eskiz took it", "Report: ", "Webhook “delivered”"] {
                #expect(page.text.contains(words), "\(words)")
            }
            #expect(try await visitor.get("/messages/12345").status == 404)
            #expect(try await visitor.get("/messages/../x").status == 404)
        }
    }

    @Test(arguments: [
        ("en", "Report: the operator cannot say", nil), ("ru", "Отчёт: оператор не знает", "Ошибка на сервере Eskiz."),
        ("uz", "Hisobot: operator ayta olmayapti", "Eskiz serverida xato."),
    ])
    func `reports and reasons are told in the language of the reader`(
        language: String,
        report: String,
        reason: String?
    ) async throws {
        let harness = try await GatewayHarness()
        let message = try await harness.accept()[0]
        try await harness.settle(harness.claim(), .submitted(providerID: "u-1", detail: nil, nextReport: nil))
        let word = DeliveryReport(status: .indefinite, source: .callback, receivedAt: harness.clock.timestamp)
        _ = try await harness.queue.record(word, for: .number(message.id))
        let refused = try await harness.accept(phone: "998931234567")[0]
        let error = MessageError(code: "server_error", message: "Eskiz failed with 500.", httpStatus: 500)
        try await harness.settle(harness.claim(), .failed(error))
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller, key: GatewayHarness.readKey)
            let page = try await visitor.get("/messages/\(message.id)", language: language)
            #expect(page.text.contains(report))
            #expect(!page.text.contains("indefinite"))
            let other = try await visitor.get("/messages/\(refused.id)", language: language)
            #expect(other.text.contains("<code>server_error</code>"))
            #expect(
                other.text.contains("Eskiz failed with 500.") == (language == "en"),
                "no English beside other languages"
            )
            let overview = try await visitor.get("/", language: language)
            #expect(overview.text.contains("<code>server_error</code>"))
            for text in [other.text, overview.text] { #expect(reason.map { text.contains($0) } ?? true) }
        }
    }

    @Test func `when nothing is kept, the pages say so`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            #expect(try await visitor.get("/messages").text.contains("No messages yet"))
            #expect(try await visitor.get("/messages?status=failed").text.contains("Nothing matches"))
            #expect(try await visitor.get("/audit").text.contains("Nobody has done anything"))
            #expect(try await visitor.get("/bulk?action=cancel").text.contains("There is nothing to do"))
            #expect(try await visitor.get("/bulk?action=nonsense").status == 404)
        }
    }

    @Test func `a store that fails is said, and says nothing else`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            harness.store.fail(with: StoreError(.diskFull, "The disk is full.", remedy: "Make room."))
            let page = try await visitor.get("/messages")
            #expect(page.status == 503)
            harness.store.fail(with: nil)
            #expect(try await visitor.get("/messages").status == 200)
        }
    }
}

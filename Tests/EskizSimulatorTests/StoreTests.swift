import Testing

@testable import EskizSimulator

struct MessageStoreTests {
    @Test func `memory is bound, and the indexes forget with it`() throws {
        var bench = try ProviderBench(messageLimit: 100)
        var ids: [String] = []
        for number in 0..<1_000 {
            let phone = "99890000\(1_000 + number % 10)"
            ids.append(try bench.sentID([("mobile_phone", .string(phone))]))
        }
        let store = bench.provider.messages
        #expect(store.count <= 100)
        #expect(store.ofRequest(ids[0]).isEmpty)
        #expect(store.ofRequest(ids[999]).count == 1)
        #expect(store[90_000_001] == nil)
        #expect(store[90_001_000]?.requestID == ids[999])
        #expect(store.newestFirst(to: "998900001009", limit: 1_000).count <= 11)
        #expect(store.nextID == 90_001_001)
        // What was forgotten is still scheduled, and must do no harm.
        bench.pass(.seconds(1))
        #expect(bench.provider.messages[90_001_000]?.status == .delivered)
    }

    @Test func `a dispatch is found by its number only`() throws {
        var bench = try ProviderBench()
        _ = try bench.call(
            "POST",
            "message/sms/send-batch",
            [
                "messages": [["to": "998900000001", "text": "a"]], "dispatch_id": "7001",
            ]
        )
        #expect(bench.provider.messages.ofDispatch("7001").count == 1)
        #expect(bench.provider.messages.ofDispatch("7002").isEmpty)
    }
}

struct InboxTests {
    private func send(_ bench: inout ProviderBench, _ text: String, to phone: String = ProviderBench.phone) throws
        -> Int
    {
        _ = try bench.send([("message", .string(text)), ("mobile_phone", .string(phone))])
        return bench.provider.messages.nextID - 1
    }

    @Test func `a row has the contract's members`() throws {
        var bench = try ProviderBench()
        _ = try bench.send([("message", "Kodingiz: 123456"), ("user_sms_id", "7")])
        let row = try #require(bench.provider.messages.newestFirst(to: nil, limit: 1).first?.inboxDocument)
        for name in ["id", "to", "from", "text", "code", "segments", "status", "received_at", "user_sms_id"] {
            #expect(row.names.contains(name))
        }
        #expect(row["code"] == "123456")
        #expect(row["status"] == "waiting")
        #expect(row["received_at"] == "2026-03-02T09:00:00.000Z")
    }

    @Test func `each message is handed out once, in order, for each number`() throws {
        var bench = try ProviderBench()
        #expect(bench.provider.nextMessage(to: ProviderBench.phone, after: nil) == nil)
        let first = try send(&bench, "1")
        let other = try send(&bench, "2", to: "998900000001")
        let third = try send(&bench, "3")
        #expect(bench.provider.nextMessage(to: ProviderBench.phone, after: nil)?.id == first)
        #expect(bench.provider.nextMessage(to: ProviderBench.phone, after: nil)?.id == third)
        #expect(bench.provider.nextMessage(to: ProviderBench.phone, after: nil) == nil)
        #expect(bench.provider.nextMessage(to: "998900000001", after: nil)?.id == other)
        #expect(bench.provider.nextMessage(to: nil, after: nil)?.id == first)
    }

    @Test func `after a message or a time the same message is handed out again`() throws {
        var bench = try ProviderBench()
        let first = try send(&bench, "1")
        let time = bench.now
        bench.pass(.seconds(1))
        let second = try send(&bench, "2")
        for _ in 0..<2 {
            #expect(bench.provider.nextMessage(to: ProviderBench.phone, after: .message(first))?.id == second)
            #expect(bench.provider.nextMessage(to: ProviderBench.phone, after: .time(time))?.id == second)
            #expect(bench.provider.nextMessage(to: nil, after: .message(0))?.id == first)
        }
        #expect(bench.provider.nextMessage(to: ProviderBench.phone, after: .message(second)) == nil)
        #expect(bench.provider.nextMessage(to: ProviderBench.phone, after: nil) == nil)
    }

    @Test(
        arguments: [("+998 90 123-45-67", "998901234567"), ("998901234567", "998901234567"), ("", nil), (nil, nil)]
            as [(String?, String?)]
    )
    func `a number is found however it is written`(text: String?, digits: String?) {
        #expect(Inbox.digits(of: text) == digits)
    }
}

struct LedgerTests {
    @Test func `the ledger has exactly the contract's members`() throws {
        let bench = try ProviderBench()
        #expect(
            bench.provider.ledger.document.names == [
                "logins", "refreshes", "refused", "sends_accepted", "sends_refused", "tokens_issued", "callbacks_sent",
                "calls",
            ]
        )
    }

    @Test func `each call is there in order, with what it was and what it got`() throws {
        var bench = try ProviderBench()
        _ = try bench.send()
        _ = try bench.call("GET", "auth/user", as: .foreign)
        _ = try bench.refresh()
        let calls = bench.provider.ledger.document["calls"]?.elements ?? []
        #expect(calls.map { $0["what"]?.text } == ["login", "send", "read account", "refresh"])
        #expect(calls.map { $0["status"]?.integer } == [200, 200, 401, 200])
        #expect(calls.map { $0["token"]?["generation"]?.integer } == [1, 1, nil, 1])
        #expect(calls[3]["note"] == "issued generation 2")
        #expect(calls[1]["account"] == "demo@example.test")
        #expect(calls[2]["note"] == "not a token of ours")
    }

    @Test func `no token, key, number or text is in the ledger`() throws {
        var bench = try ProviderBench()
        guard case .ours(let sign) = bench.bearer else { return }
        _ = try bench.send([("message", "Maxfiy 424242")])
        _ = bench.handle("POST", "auth/login", ProviderBench.wrong)
        let text = String(decoding: bench.provider.ledger.document.bytes, as: UTF8.self)
        for secret in [sign, "demo-key", "wrong\"", ProviderBench.phone, "Maxfiy", "424242"] {
            #expect(!text.contains(secret))
        }
    }

    @Test func `a report to another machine is noted and not posted`() throws {
        var bench = try ProviderBench(["callback_points": ["stored"]])
        _ = try bench.send([("callback_url", "https://example.test/hook")])
        bench.pass(.seconds(1))
        let report = try #require(bench.reports.first)
        bench.provider.reportRefused(report, at: bench.now)
        #expect(bench.provider.ledger.callbacksSent == 0)
        #expect(bench.provider.ledger.calls.last?.note?.contains("loopback") == true)
    }

    @Test func `the list of calls is bound`() {
        var ledger = Ledger(limit: 100)
        for number in 0..<1_000 {
            ledger.record(.init(time: WallTime(seconds: number), method: "GET", route: "x", what: "x"))
        }
        #expect(ledger.calls.count <= 110)
        #expect(ledger.calls.last?.time == WallTime(seconds: 999))
    }
}

import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizTesting
import EskizText
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import EskizGateway

struct WebhookDelivererTests {
    @Test func `a change is told to the address that was checked, signed, and noted as heard`() async throws {
        let bench = WebhookBench()
        let id = try await bench.message(webhook: "https://Hooks.example.test/sms?x=1")
        try await bench.deliverDue()
        let request = try #require(bench.transport.requests.first)
        #expect(request.address.url == "https://hooks.example.test/sms?x=1")
        #expect(request.target == "8.8.4.4")
        #expect(request.headers.contains { $0.name == "webhook-signature" && $0.value.hasPrefix("v1,") })
        #expect(String(decoding: request.body, as: UTF8.self).contains(#""type":"message.submitted""#))
        let webhook = try #require(try await bench.store.timeline(id)?.webhooks.first)
        #expect(webhook.progress == .delivered)
        #expect(webhook.attempts == 1)
    }

    @Test func `an Eskiz client hears each report in Eskiz's words`() async throws {
        let bench = WebhookBench()
        let id = try await bench.message(client: .init(userSMSID: "1001", callbackURL: "https://hooks.example.test/cb"))
        let report = DeliveryReport(status: .delivered, source: .callback, receivedAt: bench.clock.timestamp)
        _ = try await bench.queue.record(report, for: .number(id))
        try await bench.deliverDue()
        let request = try #require(bench.transport.requests.first)
        let fields = FormFields(lenient: request.body, contentType: "application/json")
        #expect(fields["user_sms_id"] == "1001")
        #expect(fields["status"] == "DELIVRD")
        #expect(!request.headers.contains { $0.name.hasPrefix("webhook-") })
    }

    @Test func `a failure is tried again after a pause, under the same id`() async throws {
        let bench = WebhookBench()
        let id = try await bench.message(webhook: "https://hooks.example.test/")
        bench.transport.answers = [.success(.init(status: 500)), .success(.init(status: 204))]
        try await bench.deliverDue()
        var webhook = try #require(try await bench.store.timeline(id)?.webhooks.first)
        #expect(webhook.progress == .pending)
        #expect(webhook.lastError == "The receiver answered 500.")
        #expect(webhook.nextAt == bench.clock.timestamp + .seconds(3.75))
        try await bench.deliverDue()
        #expect(bench.transport.requests.count == 1)
        bench.clock.advance(by: .seconds(4))
        try await bench.deliverDue()
        webhook = try #require(try await bench.store.timeline(id)?.webhooks.first)
        #expect(webhook.progress == .delivered)
        let ids = bench.transport.requests.map { $0.headers.first { $0.name == "webhook-id" }?.value }
        #expect(ids.count == 2)
        #expect(Set(ids).count == 1)
    }

    @Test func `Retry-After is obeyed`() async throws {
        let bench = WebhookBench()
        let id = try await bench.message(webhook: "https://hooks.example.test/")
        bench.transport.answers = [.success(.init(status: 429, headers: [TransportHeader("Retry-After", "120")]))]
        try await bench.deliverDue()
        let webhook = try #require(try await bench.store.timeline(id)?.webhooks.first)
        #expect(webhook.nextAt == bench.clock.timestamp + .seconds(120))
    }

    @Test func `410 ends it, and a replay begins anew under the same id`() async throws {
        let bench = WebhookBench()
        let id = try await bench.message(webhook: "https://hooks.example.test/")
        bench.transport.answers = [.success(.init(status: 410)), .success(.init(status: 200))]
        try await bench.deliverDue()
        #expect(try await bench.store.timeline(id)?.webhooks.first?.progress == .dead)
        bench.clock.advance(by: .seconds(7 * 86_400))
        try await bench.deliverDue()
        #expect(bench.transport.requests.count == 1)
        #expect(try await bench.store.replayWebhooks(of: id, at: bench.clock.timestamp) == 1)
        try await bench.deliverDue()
        #expect(try await bench.store.timeline(id)?.webhooks.first?.progress == .delivered)
        let ids = bench.transport.requests.map { $0.headers.first { $0.name == "webhook-id" }?.value }
        #expect(Set(ids).count == 1)
    }

    @Test(arguments: [
        ["127.0.0.1"], ["10.0.0.1", "192.168.1.1"], ["::1"], ["fd00::1"], ["169.254.169.254"], ["::ffff:10.0.0.1"],
        ["not an address"], [],
    ])
    func `a name that leads inside is never connected to`(addresses: [String]) async throws {
        let bench = WebhookBench(addresses: ["hooks.example.test": addresses])
        let id = try await bench.message(webhook: "https://hooks.example.test/")
        try await bench.deliverDue()
        #expect(bench.transport.requests.isEmpty)
        let webhook = try #require(try await bench.store.timeline(id)?.webhooks.first)
        #expect(webhook.progress == .pending)
        #expect(webhook.lastError != nil)
        #expect(webhook.lastError?.contains("hooks.example.test") == false)
    }

    @Test func `of a name with several addresses only those are used that are allowed`() async throws {
        let addresses = ["10.0.0.1", "8.8.8.8", "127.0.0.1", "2606:4700::1111", "1.1.1.1", "9.9.9.9"]
        let bench = WebhookBench(addresses: ["hooks.example.test": addresses])
        bench.transport.answers = [.failure(WebhookFailure("No route.", mayTryNextAddress: true))]
        _ = try await bench.message(webhook: "https://hooks.example.test/")
        try await bench.deliverDue()
        // The next address where the first cannot be reached; three at the most.
        #expect(bench.transport.requests.map(\.target) == ["8.8.8.8", "2606:4700:0:0:0:0:0:1111", "1.1.1.1"])
    }

    @Test func `a name that changes its mind between two tries is checked each time`() async throws {
        let bench = WebhookBench()
        _ = try await bench.message(webhook: "https://hooks.example.test/")
        bench.transport.answers = [.success(.init(status: 500))]
        try await bench.deliverDue()
        #expect(bench.transport.requests.count == 1)
        bench.resolver.table["hooks.example.test"] = ["127.0.0.1"]
        bench.clock.advance(by: .seconds(4))
        try await bench.deliverDue()
        #expect(bench.transport.requests.count == 1)
    }

    @Test func `an address that was accepted under other settings is given up`() async throws {
        let bench = WebhookBench()
        let id = try await bench.message(webhook: "http://10.0.0.1/")
        try await bench.deliverDue()
        #expect(try await bench.store.timeline(id)?.webhooks.first?.progress == .dead)
        #expect(bench.transport.requests.isEmpty)
    }

    @Test func `a receiver that says nothing for ten seconds has failed`() async throws {
        let bench = WebhookBench()
        let id = try await bench.message(webhook: "https://hooks.example.test/")
        bench.transport.isSilent = true
        let delivery = try #require(try await bench.due().first)
        async let didFail = bench.deliverer.deliver(delivery)
        await bench.clock.sleeper(within: .seconds(10))
        bench.clock.advance(by: .seconds(10))
        #expect(await didFail)
        let webhook = try #require(try await bench.store.timeline(id)?.webhooks.first)
        #expect(webhook.lastError == "The receiver did not answer in time.")
    }

    @Test func `neither phone nor text nor address is logged`() async throws {
        let bench = WebhookBench()
        _ = try await bench.message(webhook: "https://hooks.example.test/secret-path")
        bench.transport.answers = [.success(.init(status: 410))]
        try await bench.deliverDue()
        let log = bench.log.text
        #expect(log.contains("given up"))
        for word in ["998901234567", "Salom", "hooks.example.test", "secret-path"] { #expect(!log.contains(word)) }
    }

    @Test func `while it runs, a silent receiver holds up nobody else`() async throws {
        let bench = WebhookBench(addresses: ["dead.example.test": ["8.8.8.8"], "hooks.example.test": ["8.8.4.4"]])
        bench.transport.silentHosts = ["dead.example.test"]
        for _ in 0..<100 { _ = try await bench.message(webhook: "https://dead.example.test/") }
        let running = Task { try await bench.deliverer.run() }
        let id = try await bench.message(webhook: "https://hooks.example.test/")
        bench.queue.webhooks.ring()
        while try await bench.store.timeline(id)?.webhooks.first?.progress != .delivered {
            bench.clock.advance(by: .milliseconds(5))
            await Task.yield()
        }
        #expect(bench.transport.requests.filter { $0.address.host == "dead.example.test" }.count <= 16)
        running.cancel()
        try await running.value
        #expect(bench.transport.isShutDown)
    }

    @Test func `receivers on one host share a lane only if they listen on the same port`() async throws {
        let bench = WebhookBench()
        for url in [
            "https://hooks.example.test/a", "https://HOOKS.example.test:443/b", "https://hooks.example.test:9/a",
        ] {
            _ = try await bench.message(webhook: url)
        }
        let lanes = try await bench.due().map { bench.deliverer.receiver(of: $0) }
        #expect(lanes.count == 3)
        #expect(lanes[0] == lanes[1] && lanes[0] != lanes[2])
    }

    @Test func `a graceful stop finishes what is under way and begins nothing new`() async throws {
        let bench = WebhookBench()
        let gate = bench.transport.hold()
        let id = try await bench.message(webhook: "https://hooks.example.test/")
        let stop = try await withThrowingTaskGroup(of: Void.self) { group in
            let services = ServiceGroup(services: [bench.deliverer], logger: bench.log.logger)
            group.addTask { try await services.run() }
            await gate.arrival()
            await services.triggerGracefulShutdown()
            gate.open()
            try await group.waitForAll()
            return true
        }
        #expect(stop)
        #expect(try await bench.store.timeline(id)?.webhooks.first?.progress == .delivered)
    }
}

import Eskiz
import EskizTesting
import Testing

struct ScriptedTransportTests {
    private func client(_ transport: ScriptedTransport) throws -> EskizClient {
        try EskizClient(configuration: EskizConfiguration(token: "a.b.c"), transport: transport)
    }

    @Test func `answers come in order and the last one repeats`() async throws {
        let transport = ScriptedTransport()
        transport.on("POST", "message/sms/send", .sent(id: "1"), .sent(id: "2"))
        let client = try client(transport)
        var ids: [String] = []
        for _ in 1...4 { ids.append(try await client.send("a", to: "901234567").id) }
        #expect(ids == ["1", "2", "2", "2"])
    }

    @Test func `an unexpected request fails and names itself`() async throws {
        let transport = ScriptedTransport()
        transport.on("POST", "message/sms/send", .sent(id: "1"))
        let client = try client(transport)
        let error = try await failure { () async throws(EskizError) in try await client.balance() }
        #expect(String(reflecting: error).contains("GET /api/user/get-limit"))
        #expect(transport.unexpected.map(\.path) == ["/api/user/get-limit"])
    }

    @Test func `a route is the end of a path and not of a word`() async throws {
        let transport = ScriptedTransport()
        transport.on("POST", "sms/send", .sent(id: "1"))
        transport.on("POST", "end", .sent(id: "2"))
        #expect(try await client(transport).send("a", to: "901234567").id == "1")
    }

    @Test func `a held answer waits for its gate`() async throws {
        let transport = ScriptedTransport()
        let gate = Gate()
        transport.on("POST", "message/sms/send", .sent(id: "1").held(by: gate))
        let client = try client(transport)
        async let first = client.send("a", to: "901234567")
        async let second = client.send("b", to: "901234567")
        await gate.arrival()
        await gate.arrival()
        #expect(gate.arrivals == 2)
        #expect(transport.requests.count == 2)
        gate.open()
        #expect(try await first.id == "1")
        #expect(try await second.id == "1")
        // Open means open.
        #expect(try await client.send("c", to: "901234567").id == "1")
    }

    @Test func `a cancelled call does not wait at a gate`() async throws {
        let transport = ScriptedTransport()
        let gate = Gate()
        transport.on("POST", "message/sms/send", .sent(id: "1").held(by: gate))
        let client = try client(transport)
        let task = Task {
            try await failure { () async throws(EskizError) in try await client.send("a", to: "901234567") }
        }
        await gate.arrival()
        task.cancel()
        let error = try await task.value
        #expect(error.code == .cancelled)
        #expect(error.isOutcomeUnknown)
    }

    @Test func `what was sent can be looked at`() async throws {
        let transport = ScriptedTransport()
        transport.on("POST", "message/sms/get-user-messages-by-dispatch", .respond(200, #"{"data":{"result":[]}}"#))
        _ = try await client(transport).messages(inDispatch: 7)
        let request = try #require(transport.requests("message/sms/get-user-messages-by-dispatch").first)
        #expect(request.method == "POST" && request.token == "a.b.c")
        #expect(request.query["page-size"] == "100" && request.form["dispatch_id"] == "7")
        #expect(transport.requests("message/sms/send").isEmpty)
    }

    @Test func `a scoped client is shut down at the end`() async throws {
        let transport = ScriptedTransport()
        transport.on("POST", "message/sms/send", .sent(id: "1"))
        let id = try await withEskizClient(
            configuration: EskizConfiguration(token: "a.b.c"),
            transport: transport
        ) { client in
            try await client.send("a", to: "901234567").id
        }
        #expect(id == "1")
        #expect(transport.isShutDown)
    }

    @Test func `a scoped client is shut down after a failure too`() async throws {
        struct Stop: Error {}
        let transport = ScriptedTransport()
        await #expect(throws: Stop.self) {
            try await withEskizClient(configuration: EskizConfiguration(token: "a.b.c"), transport: transport) { _ in
                throw Stop()
            }
        }
        #expect(transport.isShutDown)
    }
}

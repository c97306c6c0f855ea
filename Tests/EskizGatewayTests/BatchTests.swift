import EskizGateway
import EskizQueue
import EskizQueueTesting
import Testing

/// `POST /v1/messages/batch`.
@Suite(.timeLimit(.minutes(1)))
struct BatchTests {
    @Test func `every item has its result, in order, and the good ones are kept`() async throws {
        let harness = try await GatewayHarness()
        let body = """
            {"messages":[{"to":"901234567","text":"bir"},{"to":"x","text":"ikki"},{"to":"901234568","text":"uch","lane":"otp"},7]}
            """
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages/batch", body)
            #expect(answer.status == 202)
            let results = try #require(answer.json["results"]?.array)
            #expect(results.map { $0["status"]?.number } == [202, 422, 202, 422])
            #expect(results[0]["message"]?["to"] == "+998901234567")
            #expect(results[1]["problem"]?["code"] == "validation_failed")
            #expect(results[1]["problem"]?["errors"]?[0]?["field"] == "to")
            #expect(results[2]["message"]?["lane"] == "otp")
            #expect(results[3]["problem"]?["errors"]?[0]?["code"] == "wrong_type")
            let kept = try await harness.store.messages(MessageSearch())
            #expect(kept.map(\.phone) == ["998901234568", "998901234567"])
        }
    }

    @Test func `a batch without a good item is answered item by item too`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages/batch", #"{"messages":[{}]}"#)
            #expect(answer.status == 202)
            #expect(answer.json["results"]?[0]?["status"] == .number(422))
        }
    }

    @Test(arguments: [
        (#"{"messages":[]}"#, "messages out_of_range"), (#"{}"#, "messages required"),
        (#"{"messages":{}}"#, "messages wrong_type"), (#"{"messages":[{}],"from":"x"}"#, "from unknown_field"),
        (#"{"messages":[\#(Array(repeating: "0", count: 1_001).joined(separator: ","))]}"#, "messages out_of_range"),
    ])
    func `a batch has 1 to 1000 messages and nothing else`(body: String, error: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages/batch", body)
            #expect(answer.status == 422)
            #expect(answer.errors == [error])
        }
    }

    @Test func `a thousand go in one step`() async throws {
        let harness = try await GatewayHarness()
        let items = (0..<1_000).map { #"{"to":"90123\#(1_000 + $0)","text":"Salom \#($0)"}"# }.joined(separator: ",")
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages/batch", #"{"messages":[\#(items)]}"#)
            #expect(answer.status == 202)
            let results = try #require(answer.json["results"]?.array)
            #expect(results.count == 1_000)
            #expect(results.allSatisfy { $0["status"] == .number(202) })
            #expect(harness.store.depth.total == 1_000)
        }
    }

    @Test func `what the queue refuses, it refuses for the whole batch`() async throws {
        let harness = try await GatewayHarness { $0.maximumWaiting = 1 }
        let body = #"{"messages":[{"to":"901234567","text":"bir"},{"to":"901234567","text":"ikki"}]}"#
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages/batch", body)
            #expect(answer.status == 429)
            #expect(harness.store.depth.total == 0)
        }
    }
}

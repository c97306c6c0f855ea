import Eskiz
import EskizTestSupport
import EskizTesting
import InMemoryTracing
import Logging
import Metrics
import MetricsTestKit
import Testing
import Tracing

struct CallObserverTests {
    // MARK: Logs

    @Test func `a message that was taken is one line of INFO with its id and a masked phone`() async throws {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send", .sent(id: "5b1f0c6e"))
        try await harness.client.send("Salom", to: "+998901234567", userSMSID: "1001")
        let lines = harness.log.lines.filter { $0.level >= .info }
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line.level == .info && line.message == "Eskiz took the message")
        #expect(line.metadata[LogKeys.operation] == "send")
        #expect(line.metadata[LogKeys.messageID] == "5b1f0c6e")
        #expect(line.metadata[LogKeys.userSMSID] == "1001")
        #expect(line.metadata[LogKeys.phone] == "+998 90 *** ** 67")
        #expect(line.metadata[LogKeys.milliseconds] != nil)
    }

    @Test func `a failure is one line of ERROR that says why and what to do`() async throws {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send", .refused(400, "user_sms_id is invalid"))
        #expect(await harness.client.sendCode("123456", to: "+998901234567") == false)
        let lines = harness.log.lines.filter { $0.level >= .info }
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line.level == .error && line.message == "The message was not sent")
        #expect(line.metadata[LogKeys.errorCode] == "invalid_user_sms_id")
        #expect(line.metadata[LogKeys.httpStatus] == "400")
        #expect(line.metadata[LogKeys.provider] == "user_sms_id is invalid")
        #expect(line.metadata[LogKeys.isOutcomeUnknown] == nil)
    }

    @Test func `an unknown outcome is marked as such`() async throws {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send", .fail(.timedOut, progress: .sent))
        #expect(await harness.client.sendCode("123456", to: "+998901234567") == false)
        let line = try #require(harness.log.lines.last)
        #expect(line.metadata[LogKeys.isOutcomeUnknown] == "true")
        #expect(line.message == "Nobody knows whether the message was sent")
    }

    @Test func `a code that could not even be sent is in the log too`() async throws {
        let harness = try Harness()
        #expect(await harness.client.sendCode("123456", to: "90123") == false)
        let line = try #require(harness.log.lines.last)
        #expect(line.level == .error && line.metadata[LogKeys.errorCode] == "invalid_phone")
    }

    @Test func `a read that works is no news`() async throws {
        let harness = try Harness()
        harness.transport.on("GET", "nick/me", .respond(200, "[]"))
        _ = try await harness.client.senders()
        #expect(!harness.log.lines.isEmpty && harness.log.lines.allSatisfy { $0.level == .debug })
    }

    @Test func `no secret, phone, text or code reaches the log, whatever happens`() async throws {
        let harness = try Harness(codeTemplate: "canarytext {code}")
        let steps: [ScriptedTransport.Step] = [
            .sent(id: "1"), .refused(400, "Number 998907654321 and code 987654 refused"), .respond(200, "<html>"),
            .respond(502, "canarytext 987654"), .fail(.timedOut, progress: .sent),
            .fail(.connectionFailed, progress: .notSent), .tokenExpired,
        ]
        harness.transport.on("PATCH", "auth/refresh", .tokenExpired)
        for step in steps { harness.transport.on("POST", "message/sms/send", step) }
        for _ in steps { _ = await harness.client.sendCode("987654", to: "+998907654321") }
        _ = await harness.client.sendCode("987654", to: "+99890765432")
        #expect(harness.transport.requests.count == steps.count + 1)
        let text = harness.log.text
        #expect(!text.isEmpty)
        for secret in ["canary.canary", "canarytext", "987654", "907654321", "9076543", "7654321"] {
            #expect(!text.contains(secret), "\(secret)")
        }
    }

    // MARK: Metrics

    @Test func `calls are counted by operation and outcome, and timed`() async throws {
        let metrics = TestMetrics()
        try await withMetricsFactory(metrics) {
            let harness = try Harness()
            let route = "message/sms/send"
            harness.transport.on(
                "POST",
                route,
                .sent(id: "1"),
                .refused(400, "x"),
                .fail(.timedOut, progress: .sent),
                .respond(503),
                .fail(.connectionFailed, progress: .notSent),
                .fail(.cancelled, progress: .notSent)
            )
            for _ in 1...6 { _ = await harness.client.sendCode("123456", to: "901234567") }
            // Nothing left this machine, so there was no call.
            _ = await harness.client.sendCode("123456", to: "nobody")
        }
        func count(_ outcome: CallOutcome) throws -> Int64 {
            let dimensions = [(MetricNames.operation, "send"), (MetricNames.outcome, outcome.rawValue)]
            return try metrics.expectCounter(MetricNames.requests, dimensions).totalValue
        }
        #expect(try CallOutcome.allCases.map(count) == [1, 1, 1, 2, 1])
        let timer = try metrics.expectTimer(MetricNames.requestDuration, [(MetricNames.operation, "send")])
        #expect(timer.values.count == 6)
        let other = try metrics.expectTimer(MetricNames.requestDuration, [(MetricNames.operation, "balance")])
        #expect(other.values.isEmpty)
    }

    // MARK: Spans

    @Test func `each call is a span of a client, without text or phone`() async throws {
        let tracer = InMemoryTracer()
        try await withTracer(tracer) {
            let harness = try Harness()
            harness.transport.on("POST", "message/sms/send", .sent(id: "1"), .refused(400, "x"))
            _ = await harness.client.sendCode("123456", to: "901234567")
            _ = await harness.client.sendCode("123456", to: "901234567")
        }
        let spans = tracer.finishedSpans
        #expect(spans.map(\.operationName) == ["eskiz send", "eskiz send"])
        #expect(spans.allSatisfy { $0.kind == .client })
        #expect(
            spans.allSatisfy { $0.attributes[SpanNames.serverAddress]?.toSpanAttribute() == .string("notify.eskiz.uz") }
        )
        #expect(spans[0].status == nil)
        #expect(spans[1].status?.code == .error)
        #expect(spans[1].attributes[SpanNames.errorType]?.toSpanAttribute() == .string("refused"))
        #expect(!"\(spans)".contains("901234567") && !"\(spans)".contains("123456"))
    }
}

import Eskiz
import EskizTesting
import Synchronization
import Testing

/// A request, its 401, and what goes on the wire after that.
@Suite(.timeLimit(.minutes(1))) struct RequestPipelineTests {
    private static let send = EndpointRequest(
        method: "POST",
        path: "message/sms/send",
        contentType: "application/x-www-form-urlencoded",
        body: Array("mobile_phone=998901234567&message=Salom".utf8),
        operation: Operation.send.rawValue,
        isSend: true
    )

    /// By then every server knows a new token, and the longest pause is over.
    private static let settled = RenewalPolicy.default.propagationGrace / 4 + RenewalPolicy.default.propagationPause

    private static func sends(_ bench: KeeperBench) -> [RecordedRequest] {
        bench.transport.requests("message/sms/send")
    }

    @Test func `after a 401 the same body goes out once more with the new token`() async throws {
        let bench = try KeeperBench()
        bench.transport.on("POST", "message/sms/send", .tokenExpired, .sent(id: "1"))
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        let response = try await bench.pipeline.execute(Self.send)
        #expect(response.status == 200)
        let sends = Self.sends(bench)
        #expect(sends.count == 2)
        #expect(sends.map(\.token) == [SampleToken.jwt(1), SampleToken.jwt(2)])
        #expect(sends.allSatisfy { $0.request.body == Self.send.body })
        #expect(sends.allSatisfy { $0.header("content-type") == Self.send.contentType })
        #expect(sends.allSatisfy { $0.request.headers.count { $0.name.lowercased() == "authorization" } == 1 })
        #expect(bench.credentialCalls == 1)
    }

    @Test func `a server that rejects every token is asked a few times, and its own answer comes back`() async throws {
        // Young for a moment that does not pass, and settled at once.
        let policy = try RenewalPolicy { policy in
            policy.propagationPause = .zero
            policy.propagationGrace = .nanoseconds(3)
        }
        let bench = try KeeperBench(policy: policy)
        bench.transport.on("POST", "message/sms/send", .tokenExpired)
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        bench.transport.on("POST", "auth/login", KeeperBench.next(on: bench.clock))
        let response = try await bench.pipeline.execute(Self.send)
        #expect(response.status == 401)
        #expect(String(decoding: response.body, as: UTF8.self).contains("Expired"))
        // The first, once with the new token, and once more because a new one may not be known everywhere yet.
        #expect(Self.sends(bench).count == 3)
        #expect(bench.credentialCalls == 1)
        for _ in 1...200 { _ = try? await bench.pipeline.execute(Self.send) }
        #expect(bench.credentialCalls <= RenewalPolicy.default.budget)
    }

    @Test func `B3 a server that takes no token gets a message three times at most, young token or not`() async throws {
        let bench = try KeeperBench(
            policy: try RenewalPolicy { policy in
                policy.propagationPause = .zero
                policy.propagationGrace = .nanoseconds(3)
            }
        )
        bench.transport.on("POST", "message/sms/send", .tokenExpired)
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        try await bench.keeper.renew()
        #expect(try await bench.pipeline.execute(Self.send).status == 401)
        #expect(Self.sends(bench).map(\.token) == [2, 2, 3].map { SampleToken.jwt($0) })
        #expect(bench.credentialCalls == 2)
    }

    @Test func `B3 a token that has worked, is young, and dies gets a message three requests at most`() async throws {
        let policy = try RenewalPolicy { policy in
            policy.propagationPause = .zero
            policy.propagationGrace = .nanoseconds(3)
        }
        let bench = try KeeperBench(policy: policy)
        bench.transport.on("POST", "message/sms/send", .sent(id: "1"), .tokenExpired)
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        try await bench.keeper.renew()
        #expect(try await bench.pipeline.execute(Self.send).status == 200)
        #expect(try await bench.pipeline.execute(Self.send).status == 401)
        #expect(Self.sends(bench).map(\.token) == [2, 2, 2, 3].map { SampleToken.jwt($0) })
    }

    @Test func `tokens that work and are all expired again a moment later are renewed each time`() async throws {
        let bench = try KeeperBench(policy: try RenewalPolicy { $0.propagationPause = .zero })
        let dead = Mutex<Set<String>>([])
        let answer = ScriptedTransport.Step.compute { request in
            let isDead = dead.withLock { $0.contains(request.token ?? "") }
            let body = isDead ? #"{"message":"Expired","status":"error"}"# : #"{"id":"1","status":"waiting"}"#
            return .success(TransportResponse(status: isDead ? 401 : 200, body: Array(body.utf8)))
        }
        bench.transport.on("POST", "message/sms/send", answer)
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        let pipeline = try bench.pipeline
        for round in 1...6 {
            let sending = Task { try await pipeline.execute(Self.send) }
            if round > 2 {
                // The last of three requests leaves when every server should know the new token.
                await bench.clock.sleeper(within: Self.settled)
                bench.clock.advance(by: Self.settled)
            }
            #expect(try await sending.value.status == 200)
            #expect(bench.credentialCalls == round - 1)
            dead.withLock { $0.formUnion(Self.sends(bench).compactMap(\.token)) }
            bench.clock.advance(by: .seconds(1))
        }
    }

    @Test func `T9 a refresh and a login that are answered 401 themselves are made once each`() async throws {
        let bench = try KeeperBench()
        bench.transport.on("POST", "message/sms/send", .tokenExpired)
        bench.transport.on("PATCH", "auth/refresh", .tokenExpired)
        bench.transport.on("POST", "auth/login", .tokenExpired)
        let pipeline = try bench.pipeline
        let error = try await failure { () async throws(EskizError) in try await pipeline.execute(Self.send) }
        #expect(error.code == .credentialsRefused)
        let calls = bench.transport.requests.map { "\($0.method) \($0.path.split(separator: "/").last ?? "")" }
        #expect(calls == ["POST send", "PATCH refresh", "POST login"])
    }

    @Test(arguments: [400, 403, 404, 422, 429, 500, 502, 503, 504])
    func `no other refusal renews the token or sends again`(status: Int) async throws {
        let bench = try KeeperBench()
        bench.transport.on("POST", "message/sms/send", .respond(status, #"{"message":"no","status":"error"}"#))
        let response = try await bench.pipeline.execute(Self.send)
        #expect(response.status == status)
        #expect(Self.sends(bench).count == 1)
        #expect(bench.credentialCalls == 0)
        #expect(bench.keeper.status()?.isRejected == false)
    }

    @Test(arguments: TransportError.Reason.allCases, [TransportError.Progress.sent, .notSent])
    func `a request without an answer is never sent again`(
        reason: TransportError.Reason,
        progress: TransportError.Progress
    ) async throws {
        let bench = try KeeperBench()
        bench.transport.on("POST", "message/sms/send", .fail(reason, progress: progress))
        let pipeline = try bench.pipeline
        let error = try await failure { () async throws(EskizError) in try await pipeline.execute(Self.send) }
        #expect(error.isOutcomeUnknown == (progress == .sent), "\(error)")
        #expect(Self.sends(bench).count == 1)
        #expect(bench.credentialCalls == 0)
    }

    @Test func `who leaves between the 401 and the repetition sends nothing more`() async throws {
        let bench = try KeeperBench()
        let gate = Gate()
        bench.transport.on("POST", "message/sms/send", .tokenExpired, .sent(id: "1"))
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock, heldBy: gate))
        let sending = Task { try await bench.pipeline.execute(Self.send) }
        await gate.arrival()
        sending.cancel()
        let error = await #expect(throws: EskizError.self) { try await sending.value }
        #expect(error?.code == .cancelled)
        gate.open()
        await bench.keeper.shutdown()
        #expect(Self.sends(bench).count == 1)
    }

    @Test func `a late 401 of an older token is repeated without a renewal`() async throws {
        let bench = try KeeperBench()
        let gate = Gate()
        bench.transport.on("POST", "message/sms/send", .tokenExpired.held(by: gate), .sent(id: "1"))
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        let sending = Task { try await bench.pipeline.execute(Self.send) }
        await gate.arrival()
        try await bench.keeper.renew()
        gate.open()
        #expect(try await sending.value.status == 200)
        #expect(Self.sends(bench).map(\.token) == [SampleToken.jwt(1), SampleToken.jwt(2)])
        #expect(bench.credentialCalls == 1)
        #expect(bench.keeper.status()?.isRejected == false)
    }

    @Test func `a token too young to be known everywhere is tried again after a pause, without a renewal`() async throws
    {
        let bench = try KeeperBench()
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        bench.transport.on("POST", "message/sms/send", .tokenExpired, .sent(id: "1"))
        _ = try await bench.token()
        try await bench.keeper.renew()
        let sending = Task { try await bench.pipeline.execute(Self.send) }
        await bench.clock.sleeper(within: Self.settled)
        bench.clock.advance(by: Self.settled)
        #expect(try await sending.value.status == 200)
        #expect(Self.sends(bench).map(\.token) == [SampleToken.jwt(2), SampleToken.jwt(2)])
        #expect(bench.credentialCalls == 1)
    }

    @Test func `B10 a new token that is not known everywhere yet is tried again when it should be`() async throws {
        let bench = try KeeperBench()
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        bench.transport.on("POST", "message/sms/send", .tokenExpired, .tokenExpired, .sent(id: "1"))
        let sending = Task { try await bench.pipeline.execute(Self.send) }
        await bench.clock.sleeper(within: Self.settled)
        bench.clock.advance(by: Self.settled)
        #expect(try await sending.value.status == 200)
        #expect(Self.sends(bench).map(\.token) == [1, 2, 2].map { SampleToken.jwt($0) })
        #expect(bench.credentialCalls == 1)
    }

    @Test func `B3 the last of three requests leaves when every server should know the new token`() async throws {
        let bench = try KeeperBench(policy: try RenewalPolicy { $0.propagationPause = .zero })
        bench.transport.on(
            "POST",
            "message/sms/send",
            .sent(id: "1"),
            .tokenExpired,
            .tokenExpired,
            .sent(id: "2")
        )
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        try await bench.keeper.renew()
        let pipeline = try bench.pipeline
        #expect(try await pipeline.execute(Self.send).status == 200)
        let sending = Task { try await pipeline.execute(Self.send) }
        await bench.clock.sleeper(within: Self.settled)
        #expect(Self.sends(bench).count == 3)
        bench.clock.advance(by: Self.settled)
        #expect(try await sending.value.status == 200)
        #expect(Self.sends(bench).map(\.token) == [2, 2, 2, 3].map { SampleToken.jwt($0) })
    }

    @Test func `B12 a young token that is found dead before its second try is not tried again`() async throws {
        let bench = try KeeperBench()
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        bench.transport.on("POST", "message/sms/send", .tokenExpired, .sent(id: "1"))
        _ = try await bench.token()
        try await bench.keeper.renew()
        let sending = Task { try await bench.pipeline.execute(Self.send) }
        await bench.clock.sleeper(within: Self.settled)
        try await bench.keeper.renew()
        bench.clock.advance(by: Self.settled)
        #expect(try await sending.value.status == 200)
        #expect(Self.sends(bench).map(\.token) == [2, 3].map { SampleToken.jwt($0) })
    }

    @Test func `B11 expiring each token after its first message holds back none`() async throws {
        let bench = try KeeperBench(policy: try RenewalPolicy { $0.propagationGrace = .nanoseconds(3) })
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        let used = Mutex<Set<String>>([])
        bench.transport.on(
            "POST",
            "message/sms/send",
            .compute { request in
                let isFirst = used.withLock { $0.insert(request.token ?? "").inserted }
                let body = isFirst ? #"{"id":"1","status":"waiting"}"# : #"{"message":"Expired","status":"error"}"#
                return .success(TransportResponse(status: isFirst ? 200 : 401, body: Array(body.utf8)))
            }
        )
        for _ in 1...20 { #expect(try await bench.pipeline.execute(Self.send).status == 200) }
        #expect(bench.credentialCalls == 19)
        #expect(bench.events.count { if case .newTokensRejected = $0 { true } else { false } } == 0)
    }

    @Test func `B6 a message that was taken is not sent again, although somebody answers 401 to it`() async throws {
        let bench = try KeeperBench()
        let receipt = #"{"id":"5b1f0c6e","message":"Waiting for SMS provider","status":"waiting"}"#
        bench.transport.on("POST", "message/sms/send", .respond(401, receipt))
        let response = try await bench.pipeline.execute(Self.send)
        #expect(response.status == 401)
        #expect(Self.sends(bench).count == 1)
        #expect(bench.credentialCalls == 0 && bench.keeper.status()?.isRejected == false)
        guard case .unknown(let error) = SendOutcome(response, receipt: SentMessage.receipt) else {
            Issue.record("not unknown")
            return
        }
        #expect(!error.mayRepeat)
    }

    /// 401s that nobody can tie to Eskiz.
    private static let strange401s = ["", "<html>Unauthorized</html>", "Unauthorized", "[]", #"{"error":"auth"}"#, "{"]
    /// The 401s of its three generations.
    private static let eskiz401s = [
        #"{"message":"Token has expired","status_code":401}"#, #"{"message":"Expired","status":"token-invalid"}"#,
        #"{"message":"Expired","status":"error"}"#, #"{"message":"Unauthenticated."}"#,
    ]

    @Test(arguments: strange401s)
    func `B6 after a 401 that Eskiz may not have said a message goes out again, unless the setting forbids it`(
        body: String
    ) async throws {
        let eager = try KeeperBench()
        eager.transport.on("POST", "message/sms/send", .respond(401, body), .sent(id: "1"))
        eager.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: eager.clock))
        #expect(try await eager.pipeline.execute(Self.send).status == 200)
        #expect(Self.sends(eager).count == 2)

        let careful = try KeeperBench()
        careful.transport.on("POST", "message/sms/send", .respond(401, body), .sent(id: "1"))
        careful.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: careful.clock))
        let pipeline = try careful.pipeline(resendTrigger: .eskiz401)
        let error = try await failure { () async throws(EskizError) in try await pipeline.execute(Self.send) }
        #expect(error.isOutcomeUnknown && !error.mayRepeat && error.httpStatus == 401)
        #expect(Self.sends(careful).count == 1 && careful.credentialCalls == 0)
        // It is no reason to go on with that token.
        #expect(try await pipeline.execute(Self.send).status == 200)
        #expect(Self.sends(careful).map(\.token) == [SampleToken.jwt(1), SampleToken.jwt(2)])
    }

    @Test(arguments: eskiz401s)
    func `B6 Eskiz's own 401 sends a message again, whatever the setting`(body: String) async throws {
        for trigger in ResendTrigger.allCases {
            let bench = try KeeperBench()
            bench.transport.on("POST", "message/sms/send", .respond(401, body), .sent(id: "1"))
            bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
            let response = try await bench.pipeline(resendTrigger: trigger).execute(Self.send)
            #expect(response.status == 200)
            #expect(Self.sends(bench).map(\.token) == [SampleToken.jwt(1), SampleToken.jwt(2)])
        }
    }

    @Test(arguments: strange401s)
    func `B6 a read is repeated after any 401, whatever the setting`(body: String) async throws {
        let bench = try KeeperBench()
        bench.transport.on("GET", "user/get-limit", .respond(401, body), .respond(200, #"{"data":{"balance":1}}"#))
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        let read = EndpointRequest(method: "GET", path: "user/get-limit", operation: Operation.balance.rawValue)
        #expect(try await bench.pipeline(resendTrigger: .eskiz401).execute(read).status == 200)
        #expect(bench.credentialCalls == 1)
    }

    @Test(arguments: [1, 50])
    func `B12 while a rejected token is replaced new requests wait, and none carries it`(count: Int) async throws {
        let bench = try KeeperBench()
        let gate = Gate()
        bench.transport.on("POST", "message/sms/send", .tokenExpired, .sent(id: "1"))
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock, heldBy: gate))
        let pipeline = try bench.pipeline
        let first = Task { try await pipeline.execute(Self.send) }
        // From here on it is known that token 1 is no good.
        await gate.arrival()
        let begun = Countdown(count)
        let others = (0..<count).map { _ in
            Task {
                begun.step()
                return try await pipeline.execute(Self.send)
            }
        }
        await begun.reached()
        #expect(bench.keeper.freshToken() == nil)
        gate.open()
        for sending in others + [first] { #expect(try await sending.value.status == 200) }
        #expect(
            Self.sends(bench).map(\.token) == [SampleToken.jwt(1)]
                + Array(repeating: SampleToken.jwt(2), count: count + 1)
        )
        #expect(bench.credentialCalls == 1)
    }

    @Test func `B12 T25 who waits for a renewal that hangs leaves at its own deadline and sends nothing`() async throws
    {
        let bench = try KeeperBench()
        let gate = Gate()
        bench.transport.on("POST", "message/sms/send", .tokenExpired)
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock, heldBy: gate))
        let pipeline = try bench.pipeline
        let sending = Task { try await pipeline.execute(Self.send) }
        await gate.arrival()
        bench.clock.advance(by: .seconds(31))
        let error = await #expect(throws: EskizError.self) { try await sending.value }
        #expect(error?.code == .renewalFailed && error?.mayRepeat == true)
        #expect(Self.sends(bench).count == 1)
        gate.open()
        await bench.keeper.shutdown()
    }

    @Test func `T25 a refresh and a login that are never answered leave time for another login`() async throws {
        let bench = try KeeperBench()
        bench.transport.on("POST", "message/sms/send", .tokenExpired, .sent(id: "1"))
        let silent = ScriptedTransport.Step.compute { [clock = bench.clock] recorded in
            clock.advance(by: recorded.request.timeout)
            return .failure(TransportError(.timedOut, progress: .sent))
        }
        bench.transport.on("PATCH", "auth/refresh", silent)
        bench.transport.on(
            "POST",
            "auth/login",
            silent,
            .respond(200, #"{"data":{"token":"\#(SampleToken.jwt(2))"}}"#)
        )
        #expect(try await bench.pipeline.execute(Self.send).status == 200)
        let limits = bench.transport.requests.filter { $0.path.contains("/auth/") }.map(\.request.timeout)
        #expect(limits == [.seconds(9), .seconds(9), .seconds(12)])
    }

    @Test func `B13 the one Authorization on the wire is the keeper's, and the caller has no say in it`() async throws {
        let bench = try KeeperBench()
        bench.transport.on("POST", "message/sms/send", .sent(id: "1"))
        // A request has no headers of its own: what a caller could smuggle in is text, and stays text.
        var request = Self.send
        request.path = "message/sms/send"
        request.query = [("Authorization", "Bearer of.the.caller")]
        request.contentType = "text/plain"
        _ = try await bench.pipeline.execute(request)
        let sent = try #require(Self.sends(bench).first)
        let names = sent.request.headers.map { $0.name.lowercased() }
        #expect(names.sorted() == ["accept", "authorization", "content-type"])
        #expect(sent.token == SampleToken.jwt(1))
        #expect(bench.keeper.status()?.generation == 1)
        let fields = Mirror(reflecting: request).children.compactMap(\.label)
        #expect(!fields.contains { $0.lowercased().contains("header") || $0.lowercased().contains("authorization") })
    }

    @Test func `K4 each caller sends its own message again, and nobody else's`() async throws {
        let bench = try KeeperBench()
        let senders = Tally()
        let gate = Gate()
        bench.transport.on(
            "POST",
            "message/sms/send",
            .compute { request in
                senders.add("\(Self.caller) \(request.text)")
                let isOld = request.token == SampleToken.jwt(1)
                return .success(
                    isOld
                        ? TransportResponse(status: 401, body: Array(#"{"message":"Expired","status":"error"}"#.utf8))
                        : TransportResponse(status: 200, body: Array(#"{"id":"1","status":"waiting"}"#.utf8))
                )
            }
        )
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock, heldBy: gate))
        let pipeline = try bench.pipeline
        _ = try await bench.token()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...100 {
                group.addTask {
                    try await Self.$caller.withValue(number) {
                        var request = Self.send
                        request.body = Array("\(number)".utf8)
                        return try await pipeline.execute(request).status
                    }
                }
            }
            await gate.arrival()
            gate.open()
            for try await status in group { #expect(status == 200) }
        }
        // On its own task, so whatever limits the caller limits the repetition too.
        let counts = Dictionary(senders.names.map { ($0, 1) }, uniquingKeysWith: +)
        for number in 1...100 { #expect((1...2).contains(counts["\(number) \(number)"] ?? 0)) }
        #expect(counts.count == 100 && bench.credentialCalls == 1)
    }

    @TaskLocal private static var caller = 0

    @Test func `L2 T24 a copy of a pipeline is the same account with the same token`() async throws {
        let bench = try KeeperBench()
        bench.transport.on("POST", "message/sms/send", .sent(id: "1"))
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        let one = try bench.pipeline
        let copies = Array(repeating: one, count: 10)
        _ = try await one.execute(Self.send)
        try await bench.keeper.renew()
        for copy in copies { _ = try await copy.execute(Self.send) }
        #expect(
            Self.sends(bench).map(\.token) == [SampleToken.jwt(1)] + Array(repeating: SampleToken.jwt(2), count: 10)
        )
        #expect(bench.credentialCalls == 1)
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirect is an answer: no other address ever sees the token`(status: Int) async throws {
        let bench = try KeeperBench()
        let away = TransportHeader("Location", "https://elsewhere.example.test/api/message/sms/send")
        bench.transport.on("POST", "message/sms/send", .respond(status, headers: [away]))
        #expect(try await bench.pipeline.execute(Self.send).status == status)
        #expect(bench.transport.requests.map(\.request.url) == ["https://notify.eskiz.uz/api/message/sms/send"])
    }

    @Test func `a fresh token is read once and signs every request`() async throws {
        let bench = try KeeperBench()
        bench.transport.on("POST", "message/sms/send", .sent(id: "1"))
        for _ in 1...3 { _ = try await bench.pipeline.execute(Self.send) }
        #expect(Self.sends(bench).map(\.token) == Array(repeating: SampleToken.jwt(1), count: 3))
        #expect(bench.credentialCalls == 0)
    }
}

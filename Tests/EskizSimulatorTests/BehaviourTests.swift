import Testing

@testable import EskizSimulator

struct BehaviourTests {
    private static let lifetime = Duration.seconds(30 * 86_400)

    @Test func `what is shown can be put back unchanged`() throws {
        var behaviour = Behaviour()
        let shown = behaviour.document
        try behaviour.merge(shown, tokenLifetime: Self.lifetime)
        #expect(behaviour.document == shown)
    }

    @Test func `a part changes what it names and nothing else`() throws {
        var behaviour = Behaviour()
        let before = behaviour.document
        try behaviour.merge(["old_token": "revoked", "old_token_grace": "2s"], tokenLifetime: Self.lifetime)
        for name in before.names where !name.hasPrefix("old_token") {
            #expect(behaviour.document[name] == before[name])
        }
        #expect(behaviour.oldToken == .revoked)
        #expect(behaviour.oldTokenGrace == .seconds(2))
    }

    @Test(arguments: BehaviourSwitch.all.map(\.name))
    func `every switch refuses nonsense, and says what it takes`(name: String) {
        var behaviour = Behaviour()
        let nonsense = JSON.object([.init(name: name, value: ["nonsense": ["x"]])])
        let error = #expect(throws: BadSetting.self) {
            try behaviour.merge(nonsense, tokenLifetime: Self.lifetime)
        }
        #expect(error?.detail.hasPrefix("\(name): ") == true)
        #expect(behaviour.document == Behaviour().document)
    }

    @Test func `an unknown name is refused with the valid ones`() {
        var behaviour = Behaviour()
        let error = #expect(throws: BadSetting.self) {
            try behaviour.merge(["old_token": "revoked", "olt_token": "revoked"], tokenLifetime: Self.lifetime)
        }
        #expect(error?.detail.contains("olt_token") == true)
        #expect(error?.detail.contains("refresh_horizon") == true)
        #expect(behaviour.oldToken == .valid)
    }

    @Test func `a choice called null may be written as null`() throws {
        var behaviour = Behaviour()
        try behaviour.merge(["pending_times": "zero"], tokenLifetime: Self.lifetime)
        try behaviour.merge(["pending_times": .null], tokenLifetime: Self.lifetime)
        #expect(behaviour.pendingTimes == Behaviour().pendingTimes)
        #expect(throws: BadSetting.self) { try behaviour.merge(["old_token": .null], tokenLifetime: Self.lifetime) }
    }

    @Test func `a status may be written as a number`() throws {
        var behaviour = Behaviour()
        try behaviour.merge(["unknown_sender": 400, "auth_answer": 503], tokenLifetime: Self.lifetime)
        #expect(behaviour.authAnswer == .unavailable)
    }

    @Test(arguments: ServerMode.allCases)
    func `every mode names switches that exist and takes effect`(mode: ServerMode) throws {
        var behaviour = Behaviour()
        try behaviour.merge(["modes": [.string(mode.rawValue.lowercased())]], tokenLifetime: Self.lifetime)
        #expect(behaviour.modes == [mode.rawValue])
        for (name, _) in mode.settings(argument: nil, tokenLifetime: Self.lifetime) {
            #expect(BehaviourSwitch.named[name] != nil)
        }
        // M1 is the default: the old token lives on.
        let hasChanged = mode != .m1
        behaviour.modes = []
        #expect((behaviour.document != Behaviour().document) == hasChanged)
    }

    @Test func `modes come first and switches beside them win`() throws {
        var behaviour = Behaviour()
        try behaviour.merge(["old_token_grace": 9, "modes": ["M3:2s", "M8"]], tokenLifetime: Self.lifetime)
        #expect(behaviour.oldTokenGrace == .seconds(9))
        #expect(behaviour.replicaLag == .seconds(2))
        #expect(behaviour.modes == ["M3:2s", "M8"])
    }

    @Test(arguments: [["M0"], ["M14"], ["M10:nonsense"], [1], "M1", ["M3:-1s"]] as [JSON])
    func `a wrong mode is refused`(modes: JSON) {
        var behaviour = Behaviour()
        #expect(throws: BadSetting.self) {
            try behaviour.merge(["modes": modes], tokenLifetime: Self.lifetime)
        }
        #expect(behaviour.document == Behaviour().document)
    }

    @Test func `half of the lifetime is the horizon of M5`() throws {
        var behaviour = Behaviour()
        try behaviour.merge(["modes": ["M5"]], tokenLifetime: .seconds(60))
        #expect(behaviour.refreshHorizon == .seconds(30))
    }
}

struct RoutePatternTests {
    @Test(arguments: [
        ("message/sms/send", "message/sms/send", true), ("message/sms/send", "message/sms/send-batch", false),
        ("/api/auth/login", "auth/login", true), ("*", "auth/login", true), ("*", "", true),
        ("auth/*", "auth/login", true),
        ("auth/*", "user/prices", false), ("message/sms/status_by_id/*", "message/sms/status_by_id/1", true),
        ("message/*/send", "message/sms/send", true), ("message/*/send", "message/sms/check", false),
        ("auth", "auth/login", false), ("auth/login/x", "auth/login", false),
    ])
    func `a pattern matches whole segments`(pattern: String, route: String, matches: Bool) {
        #expect(RoutePattern(pattern).matches(route) == matches)
    }
}

struct FaultPlanTests {
    /// Which of the first requests a fault takes.
    private func hits(_ document: JSON, of count: Int, method: String = "POST", route: String = "message/sms/send")
        throws
        -> [Int]
    {
        var plan = FaultPlan()
        var random = SeededRandom(seed: 5)
        _ = try plan.add(document)
        return (0..<count).filter { _ in plan.outcome(method: method, route: route, random: &random) != nil }
    }

    @Test func `a fault stays until it is cleared, or for a number of times, from a request on`() throws {
        let route = JSON.string("message/sms/send")
        #expect(try hits(["route": route, "outcome": 502], of: 4) == [0, 1, 2, 3])
        #expect(try hits(["route": route, "outcome": 502, "times": 2], of: 4) == [0, 1])
        #expect(try hits(["route": route, "outcome": 502, "after": 2], of: 4) == [2, 3])
        #expect(try hits(["route": route, "outcome": 502, "after": 1, "times": 1], of: 4) == [1])
    }

    @Test func `a chance is seeded`() throws {
        let document: JSON = ["route": "*", "outcome": 502, "probability": 0.5]
        let first = try hits(document, of: 100)
        #expect(first == (try hits(document, of: 100)))
        #expect((30...70).contains(first.count))
        #expect(try hits(["route": "*", "outcome": 502, "probability": 0], of: 10).isEmpty)
    }

    @Test func `a chance counts only hits against times`() throws {
        #expect(try hits(["route": "*", "outcome": 502, "probability": 0.5, "times": 3], of: 100).count == 3)
    }

    @Test func `another route or verb passes`() throws {
        let document: JSON = ["route": "auth/*", "method": "patch", "outcome": 502]
        #expect(try hits(document, of: 1, method: "PATCH", route: "auth/refresh") == [0])
        #expect(try hits(document, of: 1, method: "POST", route: "auth/login").isEmpty)
        #expect(try hits(document, of: 1).isEmpty)
    }

    @Test func `a storm strikes once unless it is told otherwise`() throws {
        #expect(try hits(["route": "*", "outcome": "401_storm"], of: 3) == [0])
        #expect(try hits(["route": "*", "outcome": "401_storm", "times": 2], of: 3) == [0, 1])
    }

    @Test func `spent faults leave, the first of several takes`() throws {
        var plan = FaultPlan()
        var random = SeededRandom(seed: 5)
        _ = try plan.add(["route": "*", "outcome": 502, "times": 1])
        _ = try plan.add(["route": "*", "outcome": 503])
        #expect(plan.outcome(method: "GET", route: "x", random: &random)?.status == 502)
        #expect(plan.outcome(method: "GET", route: "x", random: &random)?.status == 503)
        #expect(plan.faults.map(\.id) == [2])
        plan.clear()
        #expect(plan.outcome(method: "GET", route: "x", random: &random) == nil)
    }

    @Test(arguments: [
        ("401", #"{"status":401}"#), ("\"502\"", #"{"status":502}"#), ("\"reset_before\"", #"{"kind":"reset_before"}"#),
        ("\"reset_after\"", #"{"kind":"reset_after"}"#), ("\"silence\"", #"{"kind":"silence"}"#),
        ("\"silence_after\"", #"{"kind":"silence_after"}"#), ("\"garbage\"", #"{"kind":"garbage"}"#),
        ("\"truncated\"", #"{"kind":"truncated"}"#), ("\"401_storm\"", #"{"kind":"401_storm"}"#),
        (#"{"delay":"2s"}"#, #"{"delay":2}"#), (#"{"reset_after":true}"#, #"{"kind":"reset_after"}"#),
        ("\"reset\"", #"{"kind":"reset_before"}"#), ("\"reset before processing\"", #"{"kind":"reset_before"}"#),
        ("\"Reset-After\"", #"{"kind":"reset_after"}"#), (#"{"reset":"after"}"#, #"{"kind":"reset_after"}"#),
        (#"{"kind":"silence","delay":1}"#, #"{"kind":"silence","delay":1}"#),
        (
            #"{"status":502,"body":"<html>","headers":{"X-A":"b"},"after_processing":true}"#,
            #"{"status":502,"body":"<html>","headers":{"X-A":"b"},"after_processing":true}"#
        ),
        (#"{"status":400,"body":{"a":1}}"#, #"{"status":400,"body":"{\"a\":1}"}"#),
    ])
    func `outcomes are written short or as objects`(outcome: String, shown: String) throws {
        let document = try #require(JSON(parsing: outcome))
        #expect(try FaultOutcome(document).document == JSON(parsing: shown))
    }

    @Test(arguments: [
        "{}", "null", "true", "\"explode\"", "99", "600", #"{"status":"x"}"#, #"{"body":"x"}"#, #"{"delay":"-1s"}"#,
        #"{"kind":"reset_after","status":500}"#, #"{"reset_after":false}"#, #"{"reset":"now"}"#, #"{"colour":1}"#, "[]",
    ])
    func `an unclear outcome is refused`(outcome: String) throws {
        let document = try #require(JSON(parsing: outcome))
        #expect(throws: BadSetting.self) { try FaultOutcome(document) }
    }

    @Test func `a route may be written with its verb`() throws {
        var plan = FaultPlan()
        var random = SeededRandom(seed: 1)
        let fault = try plan.add(["route": "patch /api/auth/refresh", "outcome": 500])
        #expect(fault.document["route"] == "auth/refresh" && fault.document["method"] == "PATCH")
        #expect(plan.outcome(method: "POST", route: "auth/refresh", random: &random) == nil)
        #expect(plan.outcome(method: "PATCH", route: "auth/refresh", random: &random)?.status == 500)
    }

    @Test(
        arguments: [
            [:], ["route": "x"], ["outcome": 500], ["route": "", "outcome": 500],
            ["route": "x", "outcome": 500, "times": 0],
            ["route": "x", "outcome": 500, "after": -1], ["route": "x", "outcome": 500, "probability": 2],
            ["route": "x", "outcome": 500, "oops": 1], [],
        ] as [JSON]
    )
    func `an unclear fault is refused`(document: JSON) {
        var plan = FaultPlan()
        #expect(throws: BadSetting.self) { try plan.add(document) }
        #expect(plan.faults.isEmpty)
    }

    @Test func `a status without processing sends nothing, after processing it hides what was sent`() throws {
        var bench = try ProviderBench()
        let call = Call(method: "POST", route: "message/sms/send")
        let refused = bench.provider.refuse(call, by: try FaultOutcome(503), at: bench.now).answer
        #expect(refused?.status == 503)
        #expect(bench.provider.ledger.sendsRefused == 1)
        let hidden = try FaultOutcome(["status": 502, "after_processing": true])
        let fields: JSON = ["mobile_phone": "998901234567", "message": "Salom"]
        guard case .answer(let answer) = bench.handle("POST", "message/sms/send", fields, fault: hidden).reply else {
            return
        }
        #expect(answer.status == 502)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("nginx"))
        #expect(bench.provider.messages.count == 1)
        #expect(bench.provider.ledger.sendsAccepted == 1)
    }

    @Test func `a 401 by fault has the provider's own body`() throws {
        var bench = try ProviderBench(["unauthorized_body": "gen2"])
        let call = Call(method: "PATCH", route: "auth/refresh")
        let answer = bench.provider.refuse(call, by: try FaultOutcome(401), at: bench.now).answer
        #expect(JSON(parsing: answer?.body ?? []) == ["status": "token-invalid", "message": "Expired token"])
        #expect(bench.provider.ledger.refused == 1)
    }

    @Test func `a storm kills every token before the request is judged`() throws {
        var bench = try ProviderBench()
        let storm = try FaultOutcome("401_storm")
        guard case .answer(let answer) = bench.handle("GET", "auth/user", fault: storm).reply else { return }
        #expect(answer.status == 401)
        #expect(try !bench.works(bench.bearer))
    }

    @Test(arguments: [
        ("reset_after", Handling.Wire.reset), ("silence_after", .silence), ("garbage", .garbage),
        ("truncated", .truncated),
    ])
    func `a lost answer belongs to a processed request`(kind: String, wire: Handling.Wire) throws {
        var bench = try ProviderBench()
        let fault = try FaultOutcome(.string(kind))
        #expect(fault.isProcessed)
        let fields: JSON = ["mobile_phone": "998901234567", "message": "Salom"]
        #expect(bench.handle("POST", "message/sms/send", fields, fault: fault).wire == wire)
        #expect(bench.provider.messages.count == 1)
    }

    @Test(arguments: ["reset_before", "silence"])
    func `a request that never arrived is not processed`(kind: String) throws {
        var bench = try ProviderBench()
        let fault = try FaultOutcome(.string(kind))
        #expect(!fault.isProcessed)
        let answer = bench.provider.refuse(Call(method: "POST", route: "message/sms/send"), by: fault, at: bench.now)
            .answer
        #expect(answer == nil)
        #expect(bench.provider.ledger.calls.last?.fault?.name == kind)
        #expect(bench.provider.ledger.sendsRefused == 0)
    }

    @Test func `a fault's own body and headers replace the standard ones`() throws {
        var bench = try ProviderBench()
        let fault = try FaultOutcome(["status": 503, "body": "<h1>x</h1>", "headers": ["Retry-After": "7"]])
        let answer = bench.provider.scripted(503, fault)
        #expect(answer.contentType == "text/html")
        #expect(answer.headers == [.init(name: "Retry-After", value: "7")])
        #expect(answer.body == Array("<h1>x</h1>".utf8))
    }
}

import Configuration
import Eskiz
import EskizTestSupport
import EskizTesting
import Foundation
import Testing

/// What the keeper leaves alone: the store while a token is fresh, other accounts, and whoever is slow or calls back.
@Suite(.timeLimit(.minutes(1))) struct KeeperIsolationTests {
    // MARK: F8, K1, J4

    @Test func `F8 K1 a send with a fresh token asks neither store nor key nor lock`() async throws {
        let clock = ManualClock()
        let store = CountingStore()
        let watch = CountingClock(clock)
        let keys = Tally()
        let bench = try KeeperBench(
            clock: clock,
            store: store,
            keeperClock: watch,
            asked: { keys.add() }
        )
        bench.transport.on("POST", "message/sms/send", .sent(id: "1"))
        let pipeline = try bench.pipeline
        _ = try await pipeline.execute(Self.send)
        #expect(store.calls.names == ["load"] && keys.count == 1)
        let before = (store: store.calls.count, keys: keys.count, machine: watch.readings.count)
        for _ in 1...1_000 { _ = try await pipeline.execute(Self.send) }
        #expect(store.calls.count == before.store)
        #expect(keys.count == before.keys)
        // Every question to the machine, and so its lock, begins with a look at both clocks.
        #expect(watch.readings.count == before.machine)
        #expect(bench.transport.requests("message/sms/send").count == 1_001)
        // The counters do count.
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: clock))
        try await bench.keeper.renew()
        #expect(store.calls.names.suffix(4) == ["load", "lock", "load", "publish"])
        #expect(keys.count == before.keys + 2 && watch.readings.count > before.machine)
    }

    @Test func `J4 T28 a store that hangs holds back no fresh read, no question about health and no deadline`()
        async throws
    {
        let store = CountingStore()
        let bench = try KeeperBench(store: store)
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        _ = try await bench.token()
        store.hold()
        let renewing = Task { try await bench.keeper.renew() }
        await store.arrival()
        // The flight is in the middle of reading the store, and comes no further.
        for _ in 1...100 {
            #expect(bench.keeper.freshToken()?.generation == 1)
            #expect(bench.keeper.status()?.generation == 1)
            #expect(KeeperBench.serial(of: try await bench.token().token) == 1)
        }
        let stamp = try await bench.token().stamp
        let deadline = bench.clock.now().advanced(by: 5 * .nanosecondsPerSecond).elapsed
        let asking = Task {
            try await bench.keeper.tokenAfterRejection(of: stamp, deadline: deadline, hasRetriedYoung: true).token
        }
        await bench.events.reach(1) { if case .rejected = $0 { true } else { false } }
        bench.clock.advance(by: .seconds(6))
        let error = await #expect(throws: EskizError.self) { try await asking.value }
        #expect(error?.code == .renewalFailed)
        #expect(bench.keeper.status()?.isRejected == true)
        store.letGo()
        #expect(try await renewing.value.generation == 2)
        #expect(bench.credentialCalls == 1)
    }

    // MARK: H6, H7

    @Test func `H6 whoever is called may call the keeper back`() async throws {
        let back = CallBack()
        let bench = try KeeperBench(
            store: CountingStore { back.call() },
            asked: { back.call() },
            heard: { _ in back.call() }
        )
        back.keeper = bench.keeper
        bench.transport.on("POST", "message/sms/send", .tokenExpired, .sent(id: "1"))
        bench.transport.on("PATCH", "auth/refresh", .respond(401))
        bench.transport.on("POST", "auth/login", .token(SampleToken.jwt(2)))
        #expect(try await bench.pipeline.execute(Self.send).status == 200)
        // The store, the key and the listener have all called back, and nobody stands still for ever.
        #expect(back.calls.count >= 8)
        await bench.keeper.shutdown()
    }

    @Test func `H7 a listener that hangs holds back nobody but the one it was called by`() async throws {
        let entered = Countdown(1)
        let mayGoOn = DispatchSemaphore(value: 0)
        let bench = try KeeperBench(heard: { event in
            guard case .rejected = event else { return }
            entered.step()
            mayGoOn.wait()
        })
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        let stamp = try await bench.token().stamp
        // A thread of its own: the pool's must not be used up by a listener that hangs.
        let thread = Thread { bench.keeper.noteRejection(of: stamp) }
        thread.start()
        await entered.reached()
        #expect(KeeperBench.serial(of: try await bench.token().token) == 2)
        #expect(bench.keeper.status()?.generation == 2 && bench.keeper.freshToken() != nil)
        mayGoOn.signal()
        await bench.events.reach(1) { if case .rejected = $0 { true } else { false } }
        #expect(bench.credentialCalls == 1)
    }

    // MARK: T27

    @Test func `T27 a renewal takes over nothing of the caller that happened to need it`() async throws {
        let bench = try KeeperBench()
        let callers = Tally()
        bench.transport.on(
            "PATCH",
            "auth/refresh",
            .compute { _ in
                callers.add(Self.caller)
                return .success(TransportResponse(status: 503))
            }
        )
        let stamp = try await bench.token().stamp
        await Self.$caller.withValue("a request with a trace of its own") {
            _ = try? await bench.keeper.tokenAfterRejection(of: stamp, deadline: .max, hasRetriedYoung: true)
        }
        #expect(callers.names == ["nobody"])
    }

    @TaskLocal private static var caller = "nobody"

    // MARK: F11

    @Test func `F11 a token of another account in the same directory is neither used nor refreshed`() async throws {
        try await withTemporaryFolder { folder async throws in
            let clock = ManualClock()
            let store = FileTokenStore(directory: folder)
            let one = try KeeperBench(clock: clock, store: store, seed: nil, email: "one@example.test")
            one.transport.on("POST", "auth/login", .token(SampleToken.jwt(1)))
            #expect(KeeperBench.serial(of: try await one.token().token) == 1)
            let other = try KeeperBench(clock: clock, store: store, seed: nil, email: "two@example.test")
            other.transport.on("POST", "auth/login", .token(SampleToken.jwt(50)))
            #expect(KeeperBench.serial(of: try await other.token().token) == 50)
            #expect(other.transport.requests.map(\.token) == [nil], "the stranger's token went nowhere")
            #expect(other.log.text.contains("another account"))
            // Both go on with what is theirs.
            #expect(KeeperBench.serial(of: try await one.token().token) == 1)
            #expect(one.credentialCalls == 1 && other.credentialCalls == 1)
        }
    }

    @Test func `F11 L1 T24 clients of one account share a token in memory, and other accounts do not see it`()
        async throws
    {
        let transport = ScriptedTransport()
        // Each login brings another token: the account's name is in it.
        transport.on(
            "POST",
            "auth/login",
            .compute { request in
                let token = SampleToken.jwt(claims: #"{"exp":4102444800,"iat":1700000000,"sub":"\#(request.text)"}"#)
                let body = #"{"message":"token_generated","data":{"token":"\#(token)"},"token_type":"bearer"}"#
                return .success(TransportResponse(status: 200, body: Array(body.utf8)))
            }
        )
        transport.on("POST", "message/sms/send", .sent(id: "1"))
        let unique = UUID().uuidString.lowercased()
        let accounts = ["a\(unique)@example.test", "b\(unique)@example.test"]
        let clients = try (0..<50).map { number in
            try EskizClient(
                configuration: EskizConfiguration(
                    email: accounts[number % 2],
                    password: "demo-key",
                    baseURL: number % 10 < 8 ? "https://notify.eskiz.uz/api" : "https://eskiz.example.test/api"
                ),
                transport: transport,
                logger: RecordedLog().logger
            )
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in clients {
                group.addTask { try await client.send("Salom", to: "+998901234567") }
            }
            try await group.waitForAll()
        }
        // Two accounts at two addresses.
        #expect(transport.requests("auth/login").count == 4)
        for (index, client) in clients.enumerated() {
            let account = try #require(client.tokenStatus?.fingerprint)
            let same = clients.indices.filter { $0 % 2 == index % 2 && ($0 % 10 < 8) == (index % 10 < 8) }
            #expect(same.allSatisfy { clients[$0].tokenStatus?.fingerprint == account })
        }
        #expect(Set(clients.map { $0.tokenStatus?.fingerprint }).count == 2, "the same account, the same token text")
    }

    // MARK: D6

    @Test func `D6 a rotated key in its file is used by the next login, and no send reads the file`() async throws {
        try await withTemporaryFolder { folder async throws in
            let file = folder + "/key"
            try "old-key\n".write(toFile: file, atomically: true, encoding: .utf8)
            let settings = EnvironmentVariablesProvider(
                environmentVariables: ["ESKIZ_EMAIL": "ops@example.test", "ESKIZ_PASSWORD_FILE": file]
            ).prefixKeys(with: "eskiz")
            let reader = ConfigReader(providers: [settings, SecretFileProvider(upstream: settings)])
            var configuration = try EskizConfiguration(reader: reader, environment: [:])
            configuration.stateDirectory = nil
            let clock = ManualClock()
            let transport = ScriptedTransport()
            transport.on(
                "POST",
                "auth/login",
                .compute { request in
                    guard request.form["password"] == "new-key" else {
                        return .success(TransportResponse(status: 401, body: Array(#"{"message":"no"}"#.utf8)))
                    }
                    let token = SampleToken.jwt(7, issued: clock.now().wall / 1_000_000_000)
                    return .success(
                        TransportResponse(status: 200, body: Array(#"{"data":{"token":"\#(token)"}}"#.utf8))
                    )
                }
            )
            transport.on("POST", "message/sms/send", .sent(id: "1"))
            let client = try EskizClient(
                configuration: configuration,
                transport: transport,
                logger: RecordedLog().logger,
                store: MemoryTokenStore(),
                clock: clock,
                random: { 41 }
            )
            let refused = try await failure { () async throws(EskizError) in
                try await client.send("Salom", to: "+998901234567")
            }
            #expect(refused.code == .credentialsRefused)
            clock.advance(by: .seconds(61))
            // The same key is left alone.
            _ = try? await client.send("Salom", to: "+998901234567")
            #expect(transport.requests("auth/login").map { $0.form["password"] } == ["old-key"])
            clock.advance(by: .seconds(61))
            try "new-key\n".write(toFile: file, atomically: true, encoding: .utf8)
            try await client.send("Salom", to: "+998901234567")
            #expect(transport.requests("auth/login").map { $0.form["password"] } == ["old-key", "new-key"])
            // From here on the file may be gone: sends do not look, and a login uses what was last read.
            try FileManager.default.removeItem(atPath: file)
            for _ in 1...20 { try await client.send("Salom", to: "+998901234567") }
            clock.advance(by: .seconds(61))
            try await client.logIn()
            #expect(transport.requests("auth/login").last?.form["password"] == "new-key")
            // A key that the program sets itself is meant, whatever the file says.
            configuration.password = Redacted("set-by-hand")
            let other = try EskizClient(
                configuration: configuration,
                transport: transport,
                logger: RecordedLog().logger,
                store: MemoryTokenStore(),
                clock: clock,
                random: { 41 }
            )
            _ = try? await other.send("Salom", to: "+998901234567")
            #expect(transport.requests("auth/login").last?.form["password"] == "set-by-hand")
        }
    }

    private static let send = EndpointRequest(
        method: "POST",
        path: "message/sms/send",
        body: Array("mobile_phone=998901234567&message=Salom".utf8),
        operation: Operation.send.rawValue,
        isSend: true
    )
}

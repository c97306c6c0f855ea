import ArgumentParser
import Dispatch
import Eskiz
import EskizSimulator
import EskizWords
import Logging
import Synchronization
import SystemPackage

struct DemoCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "demo",
            abstract: .text(.demo),
            discussion: .text(.demoDetails)
        )
    }

    @Flag(help: .text(.once))
    var once = false

    @Flag(help: .text(.demoFleet))
    var fleet = false

    @Option(help: .text(.demoDatabase))
    var database: String?

    @OptionGroup var output: OutputFlags

    func run() async throws {
        let context = VerbContext(output)
        let (once, fleet, database) = (once || output.json, fleet || database != nil, database)
        try await context.finish {
            try await cancelledByCtrlC {
                fleet
                    ? try await FleetDemo.run(context, database: database) : try await Demo.run(context, once: once)
            }
        }
    }
}

/// The demo from start to end.
struct Demo: Sendable {
    /// An invented subscriber.
    static let phone = "+998901234567"

    let context: VerbContext
    let simulator: String
    let control: SimulatorControl
    let gateway: GatewayConnection
    /// Told so far, for `--json`.
    private let told = StepLog()

    /// Starts simulator and gateway, tells the story, and cleans up.
    static func run(_ context: VerbContext, once: Bool) async throws -> ExitStatus {
        let folder = try TemporaryFolder.make()
        defer { folder.remove() }
        let level = context.environment["ESKIZ_LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0.lowercased()) }
        // The story says the same in better words; whoever sets a level wants the log as well.
        let sink = LogSink(
            format: .text,
            console: context.streams.error,
            ink: context.errorPage.ink,
            filePath: folder.path.appending("eskiz.log")
        )
        LogBootstrap.once { label in LineLogHandler(label: label, level: level ?? .critical, sink: sink) }

        return try await withRunningSimulator { address in
            let transport = AsyncHTTPClientTransport()
            let control = SimulatorControl(address: address, transport: transport)
            let status: Result<ExitStatus, any Error>
            do {
                let token = try await control.issueToken()
                let gateway = try await DemoGateway(simulator: address, token: token, folder: folder.path)
                status = .success(
                    try await gateway.whileRunning { connection in
                        let demo = Demo(context: context, simulator: address, control: control, gateway: connection)
                        return try await demo.play(once: once)
                    }
                )
            } catch {
                status = .failure(error)
            }
            await transport.shutdown()
            return try status.get()
        }
    }

    private func play(once: Bool) async throws -> ExitStatus {
        let page = context.page
        tell(page.ink.strong(page.say(.demoTitle)))
        tell("  " + page.say(.demoSimulator, ["url": page.ink.address(simulator + "/")]))
        let pageOfGateway = ["url": page.ink.address(gateway.address + "/"), "key": DemoGateway.key]
        tell("  " + page.say(.demoGateway, pageOfGateway))
        let isDelivered = try await round()
        if context.format == .json {
            try context.present(
                DemoAnswer(
                    isDelivered: isDelivered,
                    simulator: simulator,
                    gateway: gateway.address,
                    steps: await told.steps
                )
            )
        }
        guard !once else { return isDelivered ? .success : .refused }
        addresses()
        for await _ in Keyboard.lines(when: context.streams.isInputTerminal) {
            _ = try await round()
        }
        return .success
    }

    /// One code with one dead token.
    ///
    /// True if it arrived.
    private func round() async throws -> Bool {
        let page = context.page
        let before = try await control.ledger()
        let token = try await gateway.token()
        tell("1. " + page.say(.demoTokenIssued, ["preview": token.preview ?? "?", "end": token.end]))
        try await control.expireTokens()
        tell("2. " + page.say(.demoTokenExpired))
        tell("3. " + page.say(.demoSending, ["phone": Self.phone]))

        let code = String(Int.random(in: 100_000...999_999))
        let watcher = LedgerWatcher(control: control, told: before.calls.count)
        let message = try await watcher.follow({ await tell(step: $0) }) {
            try await gateway.sendCode(code, to: Self.phone)
        }
        let final = try await gateway.follow(message, upTo: .seconds(60))
        let digits = String(Self.phone.dropFirst())
        let inbox = try await control.inbox(of: digits)
        let after = try await control.ledger()
        let isDelivered = final.status == "delivered"
        if isDelivered {
            let text = inbox.first?.text ?? ""
            await tell(
                step: .init(name: "delivered", phrase: .demoDelivered, values: ["text": text], tone: .good)
            )
        } else {
            await tell(
                step: .init(
                    name: "not_delivered",
                    phrase: .demoNotDelivered,
                    values: ["status": final.status],
                    tone: .bad
                )
            )
        }
        let sends = after.calls.dropFirst(before.calls.count).filter { $0.route == "message/sms/send" }.count
        tell(
            page.ink.faint(
                page.say(
                    .demoSummary,
                    [
                        "sends": "\(sends)", "refreshes": "\(after.refreshes - before.refreshes)",
                        "logins": "\(after.logins - before.logins)", "messages": "\(inbox.count)",
                    ]
                )
            )
        )
        return isDelivered
    }

    private func tell(step: DemoStory.Step) async {
        let page = context.page
        let sentence = page.say(step.phrase, step.values)
        await told.append(step)
        switch step.tone {
        case .plain: tell("   " + sentence)
        case .bad: tell("   " + page.ink.bad("✗ ") + sentence)
        case .good: tell("   " + page.ink.good("✓ ") + sentence)
        }
    }

    private func tell(_ line: String) {
        if context.format == .text { try? context.streams.writeResult(line) }
    }

    private func addresses() {
        let page = context.page
        let lines: [(Phrase, String)] = [
            (.demoTryExpire, "curl -X POST \(simulator)/_simulator/tokens/expire"),
            (
                .demoTrySend,
                "curl -H 'Authorization: Bearer \(DemoGateway.key)' -H 'Content-Type: application/json' "
                    + #"-d '{"to":"\#(Self.phone)","text":"Kodingiz: 123456","lane":"otp"}' \#(gateway.address)/v1/messages"#
            ),
            (
                .demoTryPoint,
                "ESKIZ_BASE_URL=\(gateway.address)/api ESKIZ_EMAIL=app@example.test ESKIZ_PASSWORD=\(DemoGateway.key)"
            ),
        ]
        tell("")
        tell(page.ink.strong(page.say(.demoTry)))
        for (phrase, command) in lines {
            tell("  \(page.say(phrase)):\n    \(page.ink.address(command))")
        }
        tell(page.ink.faint(page.say(context.streams.isInputTerminal ? .demoEnter : .demoStop)))
    }
}

/// What the demo has told so far.
private actor StepLog {
    private(set) var steps: [DemoStory.Step] = []

    func append(_ step: DemoStory.Step) {
        steps.append(step)
    }
}

/// Watches the simulator's ledger while something is going on and tells each call once.
private struct LedgerWatcher {
    let control: SimulatorControl
    /// Calls that need no telling: they were there before.
    let told: Int

    func follow<Value: Sendable>(
        _ tell: (DemoStory.Step) async -> Void,
        during work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        var story = DemoStory()
        var told = told
        let isOver = Flag()
        let task = Task {
            defer { isOver.raise() }
            return try await work()
        }
        return try await withTaskCancellationHandler {
            var isLast: Bool
            repeat {
                // Asked once more after the work has ended, so that nothing is missed.
                isLast = isOver.isRaised
                let calls = try await control.ledger().calls
                for call in calls.dropFirst(told) {
                    if let step = story.tell(call) { await tell(step) }
                }
                told = max(told, calls.count)
                if !isLast { try await Task.sleep(for: .milliseconds(30)) }
            } while !isLast
            return try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private final class Flag: Sendable {
        private let raised = Atomic(false)

        var isRaised: Bool { raised.load(ordering: .acquiring) }

        func raise() {
            raised.store(true, ordering: .releasing)
        }
    }
}

/// Lines that somebody types.
private enum Keyboard {
    /// Ends with the task that reads it.
    ///
    /// Without a terminal nothing ever comes.
    static func lines(when isTerminal: Bool) -> AsyncStream<Void> {
        let (lines, line) = AsyncStream.makeStream(of: Void.self)
        guard isTerminal else { return lines }
        // read() blocks, so it must not hold one of the few threads that tasks run on.
        DispatchQueue.global().async {
            while readLine() != nil { line.yield() }
        }
        return lines
    }
}

/// What `demo --json` prints.
private struct DemoAnswer: Presentable {
    let isDelivered: Bool
    let simulator: String
    let gateway: String
    let steps: [DemoStory.Step]

    func json() -> JSONValue {
        [
            "delivered": .bool(isDelivered),
            "simulator": .string(simulator),
            "api": .string(simulator + "/api"),
            "inbox": .string(simulator + "/"),
            "gateway": .string(gateway),
            "page": .string(gateway + "/"),
            "steps": .array(
                steps.map { step in
                    ["step": .string(step.name), "what": .string(Language.english.say(step.phrase, step.values))]
                }
            ),
        ]
    }

    func text(on page: Page) -> String { "" }
}

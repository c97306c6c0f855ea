import Eskiz
import EskizPostgres
import EskizQueue
import EskizSimulator
import EskizWords
import Logging
import NIOHTTP1
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Two gateways on one PostgreSQL, of which one dies in the middle of a mailing; and what has become of the mailing.
struct FleetDemo: Sendable {
    static let messages = 200
    /// So many are on the phones when the first gateway dies.
    private static let diesAfter = 60
    /// Slow enough for the middle of it to be met.
    private static let rate = "60"
    private static let patience: Duration = .seconds(90)

    let context: VerbContext
    private let simulator: String
    private let control: SimulatorControl
    private let gateways: [DemoChild]

    /// Starts everything, tells the story, and cleans up.
    ///
    /// - Parameters:
    ///   - context: where to tell it.
    ///   - database: an empty one; nil for one of the demo's own.
    /// - Returns: success if each message has arrived once.
    /// - Throws: `EskizError` if there is no database, or not one for this.
    static func run(_ context: VerbContext, database: String?) async throws -> ExitStatus {
        let folder = try TemporaryFolder.make()
        defer { folder.remove() }
        let sink = LogSink(
            format: .text,
            console: context.streams.error,
            ink: context.errorPage.ink,
            filePath: folder.path.appending("eskiz.log")
        )
        LogBootstrap.once { label in LineLogHandler(label: label, level: .critical, sink: sink) }
        if let database {
            return try await DemoDatabase.withSchema(of: database) { try await play(context, on: database, in: folder) }
        }
        return try await DemoDatabase.withOwn(in: folder) { try await play(context, on: $0, in: folder) }
    }

    private static func play(
        _ context: VerbContext,
        on database: String,
        in folder: TemporaryFolder
    ) async throws -> ExitStatus {
        try await withRunningSimulator { address in
            let transport = AsyncHTTPClientTransport()
            let key = "demo-key-of-this-fleet-" + String(UInt64.random(in: 0 ... .max), radix: 16)
            let seal = Data((0..<32).map { _ in UInt8.random(in: 0 ... .max) }).base64EncodedString()
            let gateways = ["1", "2"].map { name in
                DemoChild(
                    arguments: ["serve"],
                    environment: [
                        "ESKIZ_DATABASE_URL": database, "ESKIZ_TOKEN_KEY": seal, "ESKIZ_API_KEYS": key,
                        "ESKIZ_BASE_URL": address + "/api", "ESKIZ_EMAIL": "demo@example.test",
                        "ESKIZ_PASSWORD": "demo-key", "ESKIZ_LISTEN": "127.0.0.1:0", "ESKIZ_LOG_FILE": "",
                        "ESKIZ_RATE_LIMIT": rate, "ESKIZ_SETTLE_TIME": "1s",
                        // Also one that the killed gateway was about to hand over is to arrive.
                        "ESKIZ_RESEND_UNKNOWN": "otp,transactional,bulk",
                        "ESKIZ_STATE_DIR": folder.path.appending("gateway-" + name).string,
                    ],
                    folder: folder.path
                )
            }
            let demo = FleetDemo(
                context: context,
                simulator: address,
                control: SimulatorControl(address: address, transport: transport),
                gateways: gateways
            )
            let outcome: Result<ExitStatus, any Error>
            do {
                outcome = .success(
                    try await demo.whileRunning {
                        try await demo.play($0.map { GatewayConnection(address: $0, key: key) })
                    }
                )
            } catch {
                outcome = .failure(error)
            }
            await transport.shutdown()
            return try outcome.get()
        }
    }

    private func whileRunning(_ body: @escaping @Sendable ([String]) async throws -> ExitStatus) async throws
        -> ExitStatus
    {
        try await withThrowingTaskGroup(of: ExitStatus?.self) { group in
            for gateway in gateways {
                group.addTask {
                    try await gateway.run()
                    return nil
                }
            }
            group.addTask { [gateways] in
                defer { for gateway in gateways { gateway.end.open() } }
                var addresses: [String] = []
                for gateway in gateways { addresses.append(try await gateway.address()) }
                return try await body(addresses)
            }
            var status: ExitStatus?
            while let finished = try await group.next() { status = status ?? finished }
            return status ?? .software
        }
    }

    private func play(_ connections: [GatewayConnection]) async throws -> ExitStatus {
        let page = context.page
        tell(page.ink.strong(page.say(.fleetTitle)))
        tell("  " + page.say(.demoSimulator, ["url": page.ink.address(simulator + "/")]))
        let addresses = connections.map { page.ink.address($0.address + "/") }
        tell("  " + page.say(.fleetGateways, ["one": addresses[0], "other": addresses[1]]))
        let half = Self.messages / 2
        for (index, connection) in connections.enumerated() {
            _ = try await connection.call(.POST, "/v1/messages/batch", body: Self.mailing(from: index * half, half))
        }
        tell("1. " + page.say(.fleetAccepted, ["count": "\(Self.messages)", "half": "\(half)"]))
        let before = try await count { $0.total >= Self.diesAfter }
        gateways[0].kill.open()
        tell("2. " + page.ink.bad("✗ ") + page.say(.fleetKilled, ["arrived": "\(before.total)"]))
        let begun = ContinuousClock.now
        let after = try await count { $0.phones >= Self.messages }
        let seconds = (ContinuousClock.now - begun).components.seconds
        let isWhole = after.phones == Self.messages && after.twice == 0
        let said = page.say(
            isWhole ? .fleetWhole : .fleetNotWhole,
            [
                "arrived": "\(after.phones)", "count": "\(Self.messages)", "twice": "\(after.twice)",
                "missing": "\(Self.messages - after.phones)", "seconds": "\(seconds)",
            ]
        )
        tell("3. " + (isWhole ? page.ink.good("✓ ") : page.ink.bad("✗ ")) + said)
        if context.format == .json { try context.present(Answer(before: before.total, after: after, seconds: seconds)) }
        return isWhole ? .success : .refused
    }

    private static func mailing(from first: Int, _ count: Int) -> String {
        let messages = (first..<first + count).map { number in
            #"{"to":"\#(phone(number))","text":"Chegirma boshlandi","lane":"bulk"}"#
        }
        return #"{"messages":["# + messages.joined(separator: ",") + "]}"
    }

    /// Invented subscribers, each with a number of its own.
    private static func phone(_ number: Int) -> String { "+998901" + String(200_000 + number) }

    struct Count: Sendable {
        var phones: Int
        var total: Int
        var twice: Int { total - phones }
    }

    /// Looks at the phones until it is enough, or takes too long.
    private func count(until isEnough: (Count) -> Bool) async throws -> Count {
        let end = ContinuousClock.now + Self.patience
        while true {
            let phones = try await control.phones(upTo: 10 * Self.messages)
            let count = Count(phones: Set(phones).count, total: phones.count)
            if isEnough(count) || ContinuousClock.now >= end { return count }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func tell(_ line: String) {
        if context.format == .text { try? context.streams.writeResult(line) }
    }

    /// What `demo --fleet --json` prints.
    private struct Answer: Presentable {
        let before: Int
        let after: Count
        let seconds: Int64

        func json() -> JSONValue {
            [
                "accepted": .integer(Int64(FleetDemo.messages)), "arrived_before_the_kill": .integer(Int64(before)),
                "arrived": .integer(Int64(after.phones)), "arrived_twice": .integer(Int64(after.twice)),
                "seconds_after_the_kill": .integer(seconds),
            ]
        }

        func text(on page: Page) -> String { "" }
    }
}

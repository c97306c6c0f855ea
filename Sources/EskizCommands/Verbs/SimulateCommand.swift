import ArgumentParser
import Eskiz
import EskizHTTP
import EskizSimulator
import EskizWords
import Logging
import NIOCore
import ServiceLifecycle
import SystemPackage
import UnixSignals

struct SimulateCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "simulate",
            abstract: .text(.simulate),
            discussion: """
                \(HelpText.readyLine)

                  eskiz simulate
                  eskiz simulate --listen 127.0.0.1:0 --token-lifetime 60s
                  eskiz simulate --listen 0.0.0.0:9080 --control-token dev

                \(HelpText.simulateThen)

                  export ESKIZ_BASE_URL=http://127.0.0.1:9080/api
                  export ESKIZ_EMAIL=demo@example.test ESKIZ_PASSWORD=demo-key
                  eskiz send-code 901234567 123456
                """
        )
    }

    @Option(help: .text(.simulateListen))
    var listen: ListenAddress = .simulator

    @Option(help: .text(.tokenLifetime))
    var tokenLifetime: Lifetime = .month

    @Option(help: .text(.controlToken))
    var controlToken: String?

    @Option(name: .customLong("callback-host"), help: .text(.callbackHost))
    var callbackHosts: [String] = []

    @OptionGroup var output: OutputFlags

    @Option(help: .text(.logLevel))
    var logLevel: LogLevelName?

    func run() async throws {
        let context = VerbContext(output)
        let level =
            logLevel?.level
            ?? context.environment["ESKIZ_LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0.lowercased()) }
        let format = context.environment["ESKIZ_LOG_FORMAT"].flatMap { LogFormat(rawValue: $0.lowercased()) }
        // The simulator keeps no state, so there is no log file unless somebody names one.
        let file = context.environment["ESKIZ_LOG_FILE"].flatMap { $0.isEmpty ? nil : FilePath($0) }
        let sink = LogSink(
            format: format ?? .text,
            console: context.streams.error,
            ink: context.errorPage.ink,
            filePath: file
        )
        LogBootstrap.once { label in LineLogHandler(label: label, level: level ?? .notice, sink: sink) }
        try await context.finish {
            try await SimulatorProcess(
                listen: listen,
                tokenLifetime: tokenLifetime.duration,
                controlToken: controlToken.flatMap { $0.isEmpty ? nil : $0 },
                callbackHosts: Set(callbackHosts),
                context: context,
                sink: sink
            ).run()
            return .success
        }
    }
}

/// The simulator as the only service of this process.
struct SimulatorProcess: Sendable {
    let listen: ListenAddress
    let tokenLifetime: Duration
    let controlToken: String?
    var callbackHosts: Set<String> = []
    let context: VerbContext
    let sink: LogSink

    func run() async throws {
        let logger = Logger(label: "eskiz.simulator")
        let place = try place()
        var configuration = SimulatorConfiguration(
            place: place,
            tokenLifetime: tokenLifetime,
            controlToken: controlToken
        )
        configuration.callbackHosts = callbackHosts
        let simulator = Simulator(configuration: configuration, logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: SimulatorService(simulator: simulator, context: context)),
                    .init(service: LogReopening(sink: sink)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch let error as EskizError {
            throw error
        } catch {
            throw ListenFailure.explain(error, address: listen)
        }
    }

    /// The settings of the gateway count for the simulator as well, where both can do the same.
    private func place() throws(EskizError) -> ServerPlace {
        var problems: [Sentence] = []
        let settings = ServerSettings(
            reader: SettingsLoader.reader(over: [connectionSettings]),
            problems: &problems
        )
        guard problems.isEmpty else {
            throw EskizError(.invalidConfiguration, Sentence(joining: problems), remedy: "Correct the setting.")
        }
        var place = settings.place
        place.address = listen
        return place
    }

    private var connectionSettings: [String: String] {
        let names: [SettingName] = [.listenMode, .listenGroup, .headTimeout, .bodyRate, .idleTimeout]
        return context.environment.filter { name, _ in names.contains { $0.rawValue == name } }
    }
}

private struct SimulatorService: Service {
    let simulator: Simulator
    let context: VerbContext

    func run() async throws {
        try await simulator.run { address in
            switch context.format {
            case .text: try? context.streams.writeResult("listening \(address.url)")
            case .json:
                let ready: JSONValue = ["listening": .string(address.url), "api": .string(address.url + "/api")]
                try? context.streams.writeResult(ready.rendered())
            }
            hint(address)
        }
    }

    private func hint(_ address: ListenAddress) {
        guard context.format == .text else { return }
        let page = context.errorPage
        context.streams.writeNote(
            [
                page.say(.simulateInbox, ["url": page.ink.address(address.url + "/")]),
                page.say(.simulateAPI, ["url": page.ink.address(address.url + "/api")]),
                page.say(.simulateAccount),
                page.say(.simulateTry),
                "  export ESKIZ_BASE_URL=\(address.url)/api",
                "  export ESKIZ_EMAIL=demo@example.test ESKIZ_PASSWORD=demo-key",
                "  eskiz send-code 901234567 123456",
                "  curl -X POST \(address.url)/_simulator/tokens/expire",
                page.say(.simulateStop),
            ].joined(separator: "\n")
        )
    }
}

/// Why a server could not start to listen, in words that help.
enum ListenFailure {
    static func explain(_ error: any Error, address: ListenAddress) -> EskizError {
        if let failure = error as? ListenSocket.Failure {
            return EskizError(
                .invalidConfiguration,
                "The server cannot listen on \(address): \(failure.reason).",
                remedy:
                    "Give another path, or see who uses this one; ESKIZ_LISTEN_MODE and ESKIZ_LISTEN_GROUP say who may connect.",
                cause: failure
            )
        }
        if isInUse(error) {
            return EskizError(
                .invalidConfiguration,
                "\(address) is in use by another process.",
                remedy: "Give another port with --listen, or port 0 for any free one.",
                cause: error
            )
        }
        return EskizError(
            .invalidConfiguration,
            "The server on \(address) stopped: \(error).",
            remedy: "Give an address of this machine with --listen, for example 127.0.0.1:0.",
            cause: error
        )
    }

    /// The simulator has a word of its own for it; from the gateway comes what the system said.
    private static func isInUse(_ error: any Error) -> Bool {
        if case SimulatorFailure.addressInUse = error { return true }
        return (error as? IOError)?.errnoCode == Errno.addressInUse.rawValue
    }
}

import ArgumentParser
import Eskiz
import EskizPostgres
import EskizWords
import Logging
import Synchronization
import SystemPackage

/// A verb that talks to Eskiz: settings, log and client are made for it, and its answer is printed for it.
protocol OnlineVerb: AsyncParsableCommand, Sendable {
    associatedtype Answer: Presentable

    var output: OutputFlags { get }
    var settings: SettingFlags { get }
    /// Settings that this verb's own options set, such as `--from`.
    var ownSettings: [SettingName: String] { get }

    /// The work.
    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> Answer
}

extension OnlineVerb {
    var ownSettings: [SettingName: String] { [:] }

    func run() async throws {
        try await OnlineContext.run(output, settings, ownSettings) { context in
            let tokens = try TokenSelection.open(context.settings)
            let eskiz = try EskizClient(configuration: context.settings.client, store: tokens, logger: context.logger)
            do {
                let answer = try await answer(eskiz, context)
                await eskiz.shutdown()
                await tokens?.close()
                try context.verb.present(answer)
                return (answer as? any Judged)?.status ?? .success
            } catch {
                let failure = await context.explained(error, eskiz)
                await eskiz.shutdown()
                await tokens?.close()
                throw failure
            }
        }
    }
}

/// An answer that is no error and still not success, such as a message that was not delivered.
protocol Judged {
    var status: ExitStatus { get }
}

/// What a verb that talks to Eskiz works with.
struct OnlineContext: Sendable {
    let verb: VerbContext
    let settings: Settings
    let logger: Logger
    let sink: LogSink

    /// Loads the settings, opens the log, and runs the body until it is done or somebody presses Ctrl-C.
    static func run(
        _ output: OutputFlags,
        _ flags: SettingFlags,
        _ ownSettings: [SettingName: String],
        body: @escaping @Sendable (OnlineContext) async throws -> ExitStatus
    ) async throws {
        var typed = flags.settings.merging(ownSettings) { _, own in own }
        typed[.language] = output.lang?.rawValue
        let early = VerbContext(output)
        let loader = SettingsLoader(flags: typed, environment: early.environment, configPath: flags.config)
        let settings: Settings
        do {
            settings = try loader.load()
        } catch {
            throw ExitCode(early.report(error).rawValue)
        }
        let context = OnlineContext(settings: settings, format: output.format, environment: early.environment)
        try await context.verb.finish {
            try await cancelledByCtrlC { try await body(context) }
        }
    }

    /// The keeper says of a dead token and of none that nothing can sign in; to whoever has set nothing, a setting is
    /// missing.
    func explained(_ error: any Error, _ eskiz: EskizClient) async -> any Error {
        guard let failure = error as? EskizError, failure.code == .tokenDead, settings.client.token == nil,
            settings.client.email == nil, await eskiz.storedTokenStatus() == nil
        else { return error }
        return EskizError.missingAccount(.tokenAccountMissing, remedy: .tokenNoneRemedy)
    }

    init(settings: Settings, format: OutputFormat, environment: [String: String]) {
        self.settings = settings
        verb = VerbContext(
            format: format,
            language: settings.language ?? .detected(in: environment),
            environment: environment
        )
        sink = LogSink(
            format: settings.log.format,
            console: verb.streams.error,
            ink: settings.log.format == .text ? verb.errorPage.ink : .plain,
            filePath: settings.logPath
        )
        let (sink, level) = (sink, settings.log.level)
        LogBootstrap.once { label in LineLogHandler(label: label, level: level, sink: sink) }
        logger = Logger(label: "eskiz")
        if !settings.unknownKeys.isEmpty {
            logger.warning(
                "Unknown keys in the settings file are ignored",
                metadata: ["settings.keys": "\(settings.unknownKeys.joined(separator: ", "))"]
            )
        }
    }
}

/// swift-log can be bootstrapped once in a process; tests of verbs may come here more often.
enum LogBootstrap {
    static func once(_ factory: @escaping @Sendable (String) -> any LogHandler) {
        guard isFirst.exchange(false, ordering: .sequentiallyConsistent) else { return }
        LoggingSystem.bootstrap(factory)
    }

    private static let isFirst = Atomic(true)
}

/// What is said of a failure that the command words itself, and what to do then.
struct WordedCause: Error {
    let what: Phrase
    var values: [String: String] = [:]
    let remedy: Phrase
}

extension EskizError {
    /// Nothing to sign in with is set.
    static func missingAccount(_ what: Phrase, remedy: Phrase) -> EskizError {
        worded(.invalidConfiguration, what, remedy: remedy, mayRepeat: true)
    }

    /// A failure that the command words itself, in each of its languages.
    static func worded(
        _ code: Code,
        _ what: Phrase,
        _ values: [String: String] = [:],
        remedy: Phrase,
        httpStatus: Int? = nil,
        mayRepeat: Bool = false
    ) -> EskizError {
        EskizError(
            code,
            Sentence(verbatim: Language.english.say(what, values)),
            remedy: Sentence(verbatim: Language.english.say(remedy)),
            httpStatus: httpStatus,
            mayRepeat: mayRepeat,
            cause: WordedCause(what: what, values: values, remedy: remedy)
        )
    }
}

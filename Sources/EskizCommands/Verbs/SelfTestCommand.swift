import ArgumentParser
import Eskiz
import EskizPostgres
import EskizText
import EskizWords

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct SelfTestCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "self-test",
            abstract: .text(.selfTest),
            discussion: """
                \(HelpText.selfTestMarks)

                  eskiz self-test
                  eskiz self-test --send-to 901234567
                  eskiz self-test --json | jq '.steps[] | select(.result == "failed")'

                \(HelpText.selfTestDetails)
                """
        )
    }

    @Option(name: .customLong("send-to"), help: .text(.sendTo))
    var phone: String?

    @Flag(help: .text(.refresh))
    var refresh = false

    @Option(help: .text(.sender))
    var from: String?

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func run() async throws {
        let early = VerbContext(output)
        try await early.finish {
            var wishes = SelfTest.Wishes(refresh: refresh)
            if let phone { wishes.phone = try PhoneArgument.parse(phone) }
            var typed = settings.settings
            typed[.language] = output.lang?.rawValue
            typed[.sender] = from
            let loader = SettingsLoader(flags: typed, environment: early.environment, configPath: settings.config)
            let (loaded, broken) = try loader.loadWhatWorks()
            let context = OnlineContext(settings: loaded, format: output.format, environment: early.environment)
            return try await cancelledByCtrlC { [wishes] in
                try await Self.run(wishes, broken: broken, context)
            }
        }
    }

    private static func run(
        _ wishes: SelfTest.Wishes,
        broken: EskizError?,
        _ context: OnlineContext
    ) async throws -> ExitStatus {
        let verb = context.verb
        let transport = AsyncHTTPClientTransport(
            proxy: context.settings.client.proxy,
            trustRoots: context.settings.client.trustRoots
        )
        let tokens = try TokenSelection.open(context.settings)
        let eskiz = try EskizClient(configuration: context.settings.client, store: tokens, logger: context.logger)
        var test = SelfTest(wishes) { step in
            if verb.format == .text { try? verb.streams.writeResult(step.text(on: verb.page)) }
        }
        let report = await test.run(context.settings, broken: broken, eskiz, transport)
        await eskiz.shutdown()
        await tokens?.close()
        await transport.shutdown()
        try Task.checkCancellation()
        try verb.present(report)
        return report.status
    }
}

extension SettingsLoader {
    /// The settings without those that cannot be used, and the error that names them: a self-test with a typo in one
    /// setting still has to look at the rest.
    func loadWhatWorks() throws(EskizError) -> (Settings, broken: EskizError?) {
        let failure: EskizError
        do {
            return (try load(), nil)
        } catch {
            failure = error
        }
        var bare = self
        bare.ignored = Set(SettingName.allCases)
        var bad: Set<SettingName> = []
        for name in SettingName.allCases {
            var alone = bare
            // E-mail and key only make sense together.
            let pair: Set<SettingName> = name == .email || name == .password ? [.email, .password] : [name]
            alone.ignored.subtract(pair)
            do { _ = try alone.load() } catch { bad.formUnion(pair) }
        }
        bare.ignored = bad
        do {
            return (try bare.load(), failure)
        } catch {
            throw failure
        }
    }
}

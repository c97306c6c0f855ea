import ArgumentParser
import Eskiz
import EskizHTTP
import EskizPostgres
import EskizQueue
import EskizWords
import Logging
import SystemPackage
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "serve",
            abstract:
                .text(.serve),
            discussion: """
                \(HelpText.readyLine)

                  ESKIZ_EMAIL=ops@example.test ESKIZ_PASSWORD_FILE=/run/eskiz eskiz serve
                  eskiz serve --listen 127.0.0.1:0

                \(HelpText.serveDetails)
                """
        )
    }

    @Option(help: .text(.listen))
    var listen: String?

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func run() async throws {
        var own: [SettingName: String] = [:]
        own[.listen] = listen
        var typed = settings.settings.merging(own) { _, own in own }
        typed[.language] = output.lang?.rawValue
        let early = VerbContext(output)
        let loaded: Settings
        do {
            loaded = try SettingsLoader(
                flags: typed,
                environment: early.environment,
                configPath: settings.config
            ).load()
        } catch {
            throw ExitCode(early.report(error).rawValue)
        }
        let context = OnlineContext(settings: loaded, format: output.format, environment: early.environment)
        try await context.verb.finish {
            try await Serving(context: context).run()
            return .success
        }
    }
}

/// `serve` from the settings to the end.
private struct Serving {
    let context: OnlineContext

    func run() async throws {
        let tokens = try TokenSelection.open(context.settings)
        let place = try StoreSelection.place(context.settings)
        // Without an account nothing is made, unless it may be in the database.
        if tokens == nil { try await requireAccount(nil) }
        let store = try await StoreSelection.open(context.settings, as: .gateway, logger: context.logger)
        if let tokens {
            do {
                try await requireAccount(tokens)
                try await TokenSelection.check(tokens)
            } catch {
                await tokens.close()
                await store.close()
                throw error
            }
        }
        let (keys, keyNote) = try await keys(store)
        var folder: String?
        if case .file(let path) = place { folder = path.removingLastComponent().string }
        var process = GatewayProcess(
            configuration: context.settings.client,
            server: context.settings.server,
            store: store,
            keys: keys,
            dataFolder: folder,
            logger: context.logger,
            signals: [.sigterm, .sigint],
            companions: [LogReopening(sink: context.sink)]
        )
        process.tokens = tokens
        let gateway = process
        let listen = context.settings.server.listen
        do {
            try await gateway.run { address in
                ready(address)
                hint(address, keyNote)
            }
        } catch let error as EskizError {
            throw error
        } catch let error as StoreError {
            throw EskizError(store: error)
        } catch {
            throw ListenFailure.explain(error, address: listen)
        }
    }

    /// Without an account nothing can be sent: say what is needed before anything is made.
    private func requireAccount(_ tokens: PostgresTokenStore?) async throws {
        let client = context.settings.client
        guard client.token == nil, client.email == nil else { return }
        let eskiz = try EskizClient(configuration: client, store: tokens, logger: context.logger)
        let stored = await eskiz.storedTokenStatus()
        await eskiz.shutdown()
        guard stored == nil else { return }
        let page = context.verb.errorPage
        if context.verb.format == .text {
            context.verb.streams.writeNote(
                [
                    page.say(.serveNeedsAccountReal),
                    page.ink.address("  export ESKIZ_EMAIL=… ESKIZ_PASSWORD=…"),
                    page.ink.address("  eskiz serve"),
                    page.say(.serveNeedsAccountSimulator),
                    page.ink.address("  eskiz simulate &"),
                    page.ink.address("  export ESKIZ_BASE_URL=http://127.0.0.1:9080/api"),
                    page.ink.address("  export ESKIZ_EMAIL=demo@example.test ESKIZ_PASSWORD=demo-key"),
                    page.ink.address("  eskiz serve"),
                ].joined(separator: "\n")
            )
        }
        throw EskizError.missingAccount(.serveNeedsAccount, remedy: .tokenNoneRemedy)
    }

    /// The keys of the settings; where there are none, the one in the state directory, made if need be.
    private func keys(_ store: any APIKeyStore) async throws -> (keys: [String], note: String?) {
        let configured = context.settings.server.apiKeys.reveal()
        guard let folder = context.settings.client.stateDirectory else { return (configured, nil) }
        let file = GatewayKeyFile(stateDirectory: folder)
        let page = context.verb.errorPage
        if let key = try file.read() {
            return (configured + [key], page.say(.serveKeyKept, ["path": file.path.string]))
        }
        let stored = try await store.apiKeys()
        if !configured.isEmpty || stored.contains(where: { $0.revokedAt == nil }) { return (configured, nil) }
        return ([try file.make()], page.say(.serveKeyMade, ["path": file.path.string]))
    }

    private func ready(_ address: ListenAddress) {
        let streams = context.verb.streams
        switch context.verb.format {
        case .text: try? streams.writeResult("listening \(address.url)")
        case .json:
            let ready: JSONValue = ["listening": .string(address.url), "api": .string(address.url + "/v1")]
            try? streams.writeResult(ready.rendered())
        }
    }

    private func hint(_ address: ListenAddress, _ keyNote: String?) {
        guard context.verb.format == .text else { return }
        let page = context.verb.errorPage
        var lines: [String] = []
        var target = address.url
        if case .socket(let path) = address.place {
            // No browser finds it; curl does, and any name will do.
            target = "--unix-socket \(path) http://eskiz"
        } else {
            lines.append(page.say(.servePage, ["url": page.ink.address(address.url + "/")]))
            lines.append(
                page.say(
                    .serveAPI,
                    [
                        "url": page.ink.address(address.url + "/v1"),
                        "compatible": page.ink.address(address.url + "/api"),
                    ]
                )
            )
        }
        if let keyNote {
            lines.append(keyNote)
            if let folder = context.settings.client.stateDirectory {
                lines += [
                    page.say(.serveTry),
                    "  curl -H \"Authorization: Bearer $(cat \(GatewayKeyFile(stateDirectory: folder).path))\" -H 'Content-Type: application/json' \\",
                    "       -d '{\"to\":\"+998901234567\",\"text\":\"Kodingiz: 123456\",\"lane\":\"otp\"}' \(target)/v1/messages",
                ]
            }
        }
        lines.append(page.say(.serveStop))
        context.verb.streams.writeNote(lines.joined(separator: "\n"))
    }
}

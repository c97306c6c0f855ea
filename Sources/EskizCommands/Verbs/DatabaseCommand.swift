import ArgumentParser
import Eskiz
import EskizPostgres

struct DatabaseCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "database",
            abstract: .text(.database),
            discussion: """
                  eskiz database status
                  ESKIZ_OUTBOX_URL=postgres://owner@db/shop eskiz database migrate

                \(HelpText.databaseDetails)
                """,
            subcommands: [Status.self, Migrate.self],
            defaultSubcommand: Status.self
        )
    }

    struct Status: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "status",
                abstract: .text(.databaseStatus),
                discussion: """
                      eskiz database status
                      eskiz database status --json | jq -r .outbox.state
                    """
            )
        }

        @OptionGroup var output: OutputFlags
        @OptionGroup var settings: SettingFlags

        func run() async throws {
            try await DatabaseCommand.run(output, settings) { (session) throws(PostgresError) in
                DatabaseAnswer(
                    serverVersion: session.serverVersion,
                    state: try Schema.outbox.state(session),
                    reached: [],
                    isPooled: session.isPooled
                )
            }
        }
    }

    struct Migrate: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "migrate",
                abstract: .text(.databaseMigrate),
                discussion: """
                      ESKIZ_OUTBOX_URL=postgres://owner@db/shop eskiz database migrate
                    """
            )
        }

        @OptionGroup var output: OutputFlags
        @OptionGroup var settings: SettingFlags

        func run() async throws {
            try await DatabaseCommand.run(output, settings) { (session) throws(PostgresError) in
                let reached = try Schema.outbox.migrate(session)
                return DatabaseAnswer(
                    serverVersion: session.serverVersion,
                    state: try Schema.outbox.state(session),
                    reached: reached,
                    isPooled: session.isPooled
                )
            }
        }
    }

    /// Runs the body on a connection to the outbox and presents what it found.
    private static func run(
        _ output: OutputFlags,
        _ flags: SettingFlags,
        _ body: @escaping @Sendable (PostgresSession) throws(PostgresError) -> DatabaseAnswer
    ) async throws {
        try await OnlineContext.run(output, flags, [:]) { context in
            guard let address = try OutboxSelection.address(context.settings.server) else {
                throw EskizError(
                    .invalidConfiguration,
                    Language.english.say(.databaseNone),
                    remedy: Language.english.say(.databaseNoneRemedy),
                    cause: MissingAccount(what: .databaseNone, remedy: .databaseNoneRemedy)
                )
            }
            let connection = PostgresConnection(address)
            let answer: DatabaseAnswer
            do throws(PostgresError) {
                answer = try await connection.run(body)
            } catch {
                throw EskizError(postgres: error, setting: .outboxURL)
            }
            await connection.close()
            try context.verb.present(answer)
            return answer.status
        }
    }
}

/// How the schema of a database stands to this version.
struct DatabaseAnswer: Presentable {
    let serverVersion: Int
    let state: Schema.State
    /// Versions that were reached just now.
    let reached: [Int]
    let isPooled: Bool

    /// 78 where something has to be done before the gateway can use it.
    var status: ExitStatus {
        switch state {
        case .current, .newer(_, isUnderstood: true): .success
        case .missing, .older, .newer(_, isUnderstood: false): .configuration
        }
    }

    private var server: String { "\(serverVersion / 10_000).\(serverVersion % 10_000)" }

    private var found: Int? {
        switch state {
        case .missing: nil
        case .current: Schema.outbox.version
        case .older(let version), .newer(let version, _): version
        }
    }

    private var name: String {
        switch state {
        case .missing: "missing"
        case .older: "older"
        case .current: "current"
        case .newer(_, isUnderstood: true): "newer"
        case .newer(_, isUnderstood: false): "too_new"
        }
    }

    func json() -> JSONValue {
        [
            "outbox": [
                "server_version": .string(server),
                "state": .string(name),
                "version": .whole(found.map { Int64($0) }),
                "wanted_version": .integer(Int64(Schema.outbox.version)),
                "migrated": .array(reached.map { .integer(Int64($0)) }),
                "pooled": .bool(isPooled),
            ]
        ]
    }

    func text(on page: Page) -> String {
        let values = [
            "server": server, "version": found.map(String.init) ?? "0", "wanted": String(Schema.outbox.version),
        ]
        let phrase: Phrase =
            switch state {
            case .missing: .databaseMissing
            case .older: .databaseOlder
            case .current: reached.isEmpty ? .databaseCurrent : .databaseMigrated
            case .newer(_, isUnderstood: true): .databaseNewer
            case .newer(_, isUnderstood: false): .databaseTooNew
            }
        var lines = [page.say(phrase, values)]
        if isPooled { lines.append(page.ink.careful(page.say(.databasePooled))) }
        return lines.joined(separator: "\n")
    }
}

import ArgumentParser
import Eskiz
import EskizPostgres
import EskizWords

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
            subcommands: [Status.self, Migrate.self, Copy.self],
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
            try await DatabaseCommand.run(output, settings) { (session, schema) throws(PostgresError) in
                DatabasePart(
                    schema: schema,
                    serverVersion: session.serverVersion,
                    state: try schema.state(session),
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
            try await DatabaseCommand.run(output, settings) { (session, schema) throws(PostgresError) in
                let reached = try schema.migrate(session)
                return DatabasePart(
                    schema: schema,
                    serverVersion: session.serverVersion,
                    state: try schema.state(session),
                    reached: reached,
                    isPooled: session.isPooled
                )
            }
        }
    }

    /// Runs the body on a connection to each database that is set, part by part, and presents what it found.
    private static func run(
        _ output: OutputFlags,
        _ flags: SettingFlags,
        _ body: @escaping @Sendable (PostgresSession, Schema) throws(PostgresError) -> DatabasePart
    ) async throws {
        try await OnlineContext.run(output, flags, [:]) { context in
            let places = try places(context.settings)
            guard !places.isEmpty else {
                throw EskizError.worded(.invalidConfiguration, .databaseNone, remedy: .databaseNoneRemedy)
            }
            var parts: [DatabasePart] = []
            for place in places {
                let connection = PostgresConnection(place.address)
                do throws(PostgresError) {
                    for schema in place.schemas {
                        parts.append(
                            try await connection.run { (session) throws(PostgresError) in try body(session, schema) }
                        )
                    }
                } catch {
                    throw EskizError(postgres: error, setting: place.setting)
                }
                await connection.close()
            }
            let answer = DatabaseAnswer(parts: parts)
            try context.verb.present(answer)
            return answer.status
        }
    }

    private struct Place {
        var setting: SettingName
        var address: PostgresAddress
        var schemas: [Schema]
    }

    private static func places(_ settings: Settings) throws(EskizError) -> [Place] {
        var places: [Place] = []
        if let address = try StoreSelection.postgresAddress(settings) {
            places.append(Place(setting: .databaseURL, address: address, schemas: [.messages, .fleet, .token]))
        }
        if let address = try OutboxSelection.address(settings.server) {
            places.append(Place(setting: .outboxURL, address: address, schemas: [.outbox]))
        }
        return places
    }
}

/// What was found in the databases that are set.
struct DatabaseAnswer: Presentable {
    let parts: [DatabasePart]

    /// 78 where something has to be done before the gateway can use it.
    var status: ExitStatus { parts.map(\.status).first { $0 != .success } ?? .success }

    func json() -> JSONValue { .object(parts.map { .init($0.schema.component, $0.json()) }) }

    func text(on page: Page) -> String { parts.map { $0.text(on: page) }.joined(separator: "\n") }
}

/// How one part of a database stands to this version.
struct DatabasePart: Sendable {
    let schema: Schema
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
        case .current: schema.version
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
            "server_version": .string(server),
            "state": .string(name),
            "version": .whole(found.map { Int64($0) }),
            "wanted_version": .integer(Int64(schema.version)),
            "migrated": .array(reached.map { .integer(Int64($0)) }),
            "pooled": .bool(isPooled),
        ]
    }

    func text(on page: Page) -> String {
        let values = [
            "part": schema.component, "server": server, "version": found.map(String.init) ?? "0",
            "wanted": String(schema.version),
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

import ArgumentParser
import Eskiz
import EskizPostgres
import EskizQueue
import EskizSQLite
import EskizWords

extension DatabaseCommand {
    /// Takes everything of a stopped gateway from a file into PostgreSQL, or back.
    struct Copy: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "copy",
                abstract: .text(.databaseCopy),
                discussion: """
                      eskiz database copy --from sqlite:///var/lib/eskiz/eskiz.sqlite \\
                        --to postgres://owner@db/eskiz

                    \(HelpText.databaseCopyDetails)
                    """
            )
        }

        @Option(help: .text(.databaseCopyFrom))
        var from: String

        @Option(help: .text(.databaseCopyTo))
        var to: String

        @OptionGroup var output: OutputFlags
        @OptionGroup var settings: SettingFlags

        func run() async throws {
            let (from, to) = (from, to)
            // What the address is for, once it is set: so failures name the setting.
            let postgres = [to, from].first(where: PostgresAddress.isPostgres)
            let own: [SettingName: String] = postgres.map { [.databaseURL: $0] } ?? [:]
            try await OnlineContext.run(output, settings, own) { context in
                let move = try DatabaseMove(from: from, to: to)
                let answer = try await move.run(context.settings)
                try context.verb.present(answer)
                return .success
            }
        }
    }
}

/// From where to where everything is copied.
struct DatabaseMove {
    let path: String
    let address: PostgresAddress
    let isIntoPostgres: Bool

    private static let scheme = "sqlite://"

    /// - Throws: `EskizError` unless one is a file and the other one PostgreSQL.
    init(from: String, to: String) throws(EskizError) {
        isIntoPostgres = PostgresAddress.isPostgres(to)
        let (file, server) = isIntoPostgres ? (from, to) : (to, from)
        guard file.hasPrefix(Self.scheme), file.count > Self.scheme.count, PostgresAddress.isPostgres(server) else {
            throw EskizError.worded(.invalidConfiguration, .databaseCopyKinds, remedy: .databaseCopyKindsRemedy)
        }
        path = String(file.dropFirst(Self.scheme.count))
        address = try StoreSelection.postgres(server, .databaseURL)
    }

    func run(_ settings: Settings) async throws -> DatabaseCopyAnswer {
        guard let tokens = try TokenSelection.open(settings) else { throw CancellationError() }
        let migrates = isIntoPostgres && settings.server.migratesDatabase
        let connection = PostgresConnection(address, purpose: "eskiz-copy") { (session) throws(PostgresError) in
            try Schema.messages.require(session, migrating: migrates)
        }
        do {
            try await TokenSelection.check(tokens)
            let outcome = try await copy(connection)
            let hasToken = try await copyToken(settings, tokens)
            await connection.close()
            await tokens.close()
            return DatabaseCopyAnswer(outcome: outcome, hasCopiedToken: hasToken)
        } catch {
            await connection.close()
            await tokens.close()
            throw Self.explained(error)
        }
    }

    /// The file's transaction is around PostgreSQL's where it is written: it is committed last.
    private func copy(_ connection: PostgresConnection) async throws -> StoreCopy.Outcome {
        let (path, isIntoPostgres) = (path, isIntoPostgres)
        if isIntoPostgres {
            return try await PostgresArchive.use(connection) { database in
                try SQLiteArchive.read(path: path) { file in try StoreCopy(from: file, to: database).run() }
            }
        }
        return try await PostgresArchive.use(connection) { database in
            try SQLiteArchive.write(path: path) { file in try StoreCopy(from: database, to: file).run() }
        }
    }

    /// - Returns: whether the token was taken along: it is not where there is none, or a newer one on the other side.
    private func copyToken(_ settings: Settings, _ tokens: PostgresTokenStore) async throws -> Bool {
        guard let folder = settings.client.stateDirectory else { return false }
        let file = FileTokenStore(directory: folder, key: settings.client.tokenKey)
        let (source, target): (any TokenStore, any TokenStore) = isIntoPostgres ? (file, tokens) : (tokens, file)
        guard let record = try await source.load().record else { return false }
        let there = try await target.load().record?.generation ?? 0
        guard there < record.generation else { return false }
        return try await target.publish(record, replacing: there) == nil
    }

    private static func explained(_ error: any Error) -> any Error {
        switch error {
        case let error as StoreError: return EskizError(store: error)
        case let error as PostgresError: return EskizError(postgres: error, setting: .databaseURL)
        case let error as PostgresArchive.InUse:
            return EskizError.worded(
                .invalidConfiguration,
                .databaseCopyInUse,
                ["owners": error.owners.joined(separator: ", ")],
                remedy: .databaseCopyInUseRemedy
            )
        case StoreCopy.Refusal.holdsOther(let table):
            return EskizError.worded(
                .invalidConfiguration,
                .databaseCopyHoldsOther,
                ["table": table],
                remedy: .databaseCopyHoldsOtherRemedy
            )
        case StoreCopy.Refusal.noTable(let table):
            return EskizError.worded(
                .invalidConfiguration,
                .databaseCopyNoTable,
                ["table": table],
                remedy: .databaseCopyNoTableRemedy
            )
        case StoreCopy.Refusal.differs(let table):
            return EskizError.worded(
                .storeFailed,
                .databaseCopyDiffers,
                ["table": table],
                remedy: .databaseCopyDiffersRemedy
            )
        default: return error
        }
    }
}

/// What was copied.
struct DatabaseCopyAnswer: Presentable {
    let outcome: StoreCopy.Outcome
    let hasCopiedToken: Bool

    func json() -> JSONValue {
        [
            "copied": .bool(outcome.hasCopied),
            "rows": .integer(Int64(outcome.total)),
            "tables": .object(outcome.rows.map { .init($0.table, .integer(Int64($0.count))) }),
            "token_copied": .bool(hasCopiedToken),
        ]
    }

    func text(on page: Page) -> String {
        let table = Table(
            [.init(page.say(.columnTable)), .init(page.say(.columnCount), .trailing)],
            rows: outcome.rows.map { [$0.table, String($0.count)] }
        )
        let said = page.say(
            outcome.hasCopied ? .databaseCopied : .databaseCopySame,
            ["rows": String(outcome.total), "tables": String(outcome.rows.count)]
        )
        var lines = [table.rendered(on: page), page.ink.good(said)]
        if hasCopiedToken { lines.append(page.say(.databaseCopiedToken)) }
        if outcome.hasCopied { lines.append(page.say(.databaseCopyNext)) }
        return lines.joined(separator: "\n")
    }
}

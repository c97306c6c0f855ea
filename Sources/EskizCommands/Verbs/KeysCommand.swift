import ArgumentParser
import Eskiz
import EskizGateway
import EskizQueue
import EskizWords

struct KeysCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "keys",
            abstract: .text(.keys),
            discussion: """
                  eskiz keys add django --scope send
                  eskiz keys list
                  eskiz keys revoke k_4f9a1c2b3d4e

                \(HelpText.keysDetails)
                """,
            subcommands: [AddKey.self, ListKeys.self, RevokeKey.self],
            defaultSubcommand: ListKeys.self
        )
    }

    struct AddKey: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "add",
                abstract: .text(.addKey),
                discussion: """
                      eskiz keys add django
                      eskiz keys add grafana --scope read
                      eskiz keys add ops --scope admin
                    """
            )
        }

        @Argument(help: .text(.keyName))
        var name: String

        @Option(help: .text(.keyScope))
        var scope: [APIKeyRecord.Scope] = []

        @OptionGroup var output: OutputFlags
        @OptionGroup var settings: SettingFlags

        func validate() throws {
            let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            guard (1...64).contains(name.count), isPlain, name.contains(where: { !$0.isWhitespace }) else {
                throw ValidationError(.text(.wrongKeyName))
            }
        }

        func run() async throws {
            let (name, scopes) = (name, scope.isEmpty ? [.send] : Set(scope))
            try await StoreSelection.run(output, settings) { store, context in
                let key = APIKeys.makeKey()
                let digest = APIKeys.digest(of: key)
                let record = APIKeyRecord(
                    id: APIKeys.id(of: digest),
                    name: name,
                    scopes: scopes,
                    digest: digest,
                    createdAt: SystemKeeperClock().timestamp
                )
                try await store.add(record)
                try context.verb.present(NewKeyAnswer(record: record, key: key))
            }
        }
    }

    struct ListKeys: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "list",
                abstract: .text(.listKeys),
                discussion: """
                      eskiz keys list
                      eskiz keys list --json | jq -r '.[].id'
                    """
            )
        }

        @OptionGroup var output: OutputFlags
        @OptionGroup var settings: SettingFlags

        func run() async throws {
            try await StoreSelection.run(output, settings) { store, context in
                try context.verb.present(KeyList(records: try await store.apiKeys()))
            }
        }
    }

    struct RevokeKey: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "revoke",
                abstract: .text(.revokeKey),
                discussion: """
                      eskiz keys revoke k_4f9a1c2b3d4e
                    """
            )
        }

        @Argument(help: .text(.keyID))
        var id: String

        @OptionGroup var output: OutputFlags
        @OptionGroup var settings: SettingFlags

        func run() async throws {
            let id = id
            try await StoreSelection.run(output, settings) { store, context in
                guard try await store.revokeAPIKey(id, at: SystemKeeperClock().timestamp) else {
                    throw EskizError(
                        .notFound,
                        "There is no API key \(id.onOneLine).",
                        remedy: "`eskiz keys list` shows the ids."
                    )
                }
                try context.verb.present(RevokedKey(id: id))
            }
        }
    }
}

extension APIKeyRecord.Scope: ExpressibleByArgument {}

/// A key that was just made, with its text.
private struct NewKeyAnswer: Presentable {
    let record: APIKeyRecord
    let key: String

    func json() -> JSONValue {
        [
            "id": .string(record.id), "name": .string(record.name), "key": .string(key),
            "scopes": .array(record.scopes.map(\.rawValue).sorted().map { .string($0) }),
        ]
    }

    func text(on page: Page) -> String {
        [
            page.say(.keyMade, ["id": record.id, "name": record.name.onOneLine]),
            page.ink.strong(key),
            page.ink.faint(page.say(.keyShownOnce)),
        ].joined(separator: "\n")
    }
}

private struct KeyList: Presentable {
    let records: [APIKeyRecord]

    func json() -> JSONValue {
        .array(
            records.map { record in
                [
                    "id": .string(record.id), "name": .string(record.name),
                    "scopes": .array(record.scopes.map(\.rawValue).sorted().map { .string($0) }),
                    "created_at": .string(TashkentTime.rfc3339(record.createdAt.date)),
                    "revoked_at": .text(record.revokedAt.map { TashkentTime.rfc3339($0.date) }),
                ]
            }
        )
    }

    func text(on page: Page) -> String {
        guard !records.isEmpty else { return page.say(.keyNone) }
        let columns = [
            Table.Column("ID"), .init(page.say(.columnName), elastic: true), .init(page.say(.columnScopes)),
            .init(page.say(.columnCreated)), .init(page.say(.columnState)),
        ]
        let rows = records.map { record in
            [
                record.id, record.name, record.scopes.map(\.rawValue).sorted().joined(separator: ","),
                TashkentTime.text(record.createdAt.date), record.revokedAt == nil ? "✓" : "✗",
            ]
        }
        return Table(columns, rows: rows).rendered(on: page)
    }
}

private struct RevokedKey: Presentable {
    let id: String

    func json() -> JSONValue { ["id": .string(id), "revoked": .bool(true)] }

    func text(on page: Page) -> String { page.say(.keyRevoked, ["id": id.onOneLine]) }
}

import ArgumentParser
import Eskiz
import EskizQueue
import EskizText
import EskizWords
import NIOHTTP1
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct SuppressCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "suppress",
            abstract: .text(.suppress),
            discussion: """
                  eskiz suppress add 901234567 --reason "asked by phone"
                  eskiz suppress add 901234567 --bulk
                  eskiz suppress import phones.csv
                  eskiz suppress list
                  eskiz suppress remove 901234567

                \(HelpText.suppressDetails)
                """,
            subcommands: [Add.self, Remove.self, List.self, Import.self]
        )
    }

    struct Add: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "add",
                abstract: .text(.suppressAdd),
                discussion: """
                      eskiz suppress add 901234567 --reason "asked by phone"
                      eskiz suppress add 901234567 '+998 90 765-43-21' --bulk
                    """
            )
        }

        @Argument(help: .text(.suppressPhones))
        var phones: [String]

        @Flag(help: .text(.suppressBulk))
        var bulk = false

        @Option(help: .text(.suppressReason))
        var reason: String?

        @OptionGroup var gateway: GatewayFlags
        @OptionGroup var output: OutputFlags
        @OptionGroup var settings: SettingFlags

        func run() async throws {
            let (typed, scope, reason) = (phones, bulk ? Suppression.Scope.bulk : .all, reason)
            try await GatewayVerb.run(output, settings, gateway) { connection, context in
                let rows = try typed.map { text in
                    SuppressionRequest(phone: try PhoneArgument.parse(text), scope: scope, reason: reason)
                }
                try context.verb.present(try await SuppressionRequest.send(rows, connection))
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "import",
                abstract: .text(.suppressImport),
                discussion: """
                      eskiz suppress import phones.csv
                      eskiz suppress import phones.csv --bulk --reason "left the club"

                    \(HelpText.suppressImportDetails)
                    """
            )
        }

        @Argument(help: .text(.suppressFile))
        var file: String

        @Flag(help: .text(.suppressBulk))
        var bulk = false

        @Option(help: .text(.suppressReason))
        var reason: String?

        @OptionGroup var gateway: GatewayFlags
        @OptionGroup var output: OutputFlags
        @OptionGroup var settings: SettingFlags

        func run() async throws {
            let (path, standard, reason) = (file, bulk ? Suppression.Scope.bulk : .all, reason)
            try await GatewayVerb.run(output, settings, gateway) { connection, context in
                let rows = try SuppressionRequest.rows(path).map { row in
                    SuppressionRequest(phone: row.phone, scope: row.scope ?? standard, reason: row.reason ?? reason)
                }
                try context.verb.present(try await SuppressionRequest.send(rows, connection))
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "remove",
                abstract: .text(.suppressRemove),
                discussion: """
                      eskiz suppress remove 901234567
                    """
            )
        }

        @Argument(help: .text(.suppressPhones))
        var phones: [String]

        @OptionGroup var gateway: GatewayFlags
        @OptionGroup var output: OutputFlags
        @OptionGroup var settings: SettingFlags

        func run() async throws {
            let typed = phones
            try await GatewayVerb.run(output, settings, gateway) { connection, context in
                let phones = try typed.map { JSONValue.string(try PhoneArgument.parse($0).e164) }
                let body: JSONValue = ["to": .array(phones)]
                let document = try await connection.call(.POST, "/v1/suppressions/remove", body: body.rendered())
                struct Wire: Decodable { var removed: Int }
                let wire = try JSONDecoder().decode(Wire.self, from: Data(document))
                try context.verb.present(SuppressionRemoved(count: wire.removed))
            }
        }
    }

    struct List: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "list",
                abstract: .text(.suppressList),
                discussion: """
                      eskiz suppress list
                      eskiz suppress list --unmask --json | jq .suppressions
                    """
            )
        }

        @OptionGroup var privacy: PrivacyFlags
        @OptionGroup var gateway: GatewayFlags
        @OptionGroup var output: OutputFlags
        @OptionGroup var settings: SettingFlags

        func run() async throws {
            let isUnmasked = privacy.unmask
            try await GatewayVerb.run(output, settings, gateway) { connection, context in
                var entries: [SuppressionList.Wire] = []
                var before: String?
                repeat {
                    let query = "?limit=1000" + (before.map { "&before=\($0)" } ?? "")
                    let document = try await connection.call(.GET, "/v1/suppressions\(query)")
                    let page = try JSONDecoder().decode(SuppressionList.WirePage.self, from: Data(document))
                    entries += page.suppressions
                    before = page.next
                } while before != nil
                try context.verb.present(SuppressionList(entries: entries, isUnmasked: isUnmasked))
            }
        }
    }
}

/// A phone that is to be put onto the list.
private struct SuppressionRequest: Sendable {
    var phone: PhoneNumber
    var scope: Suppression.Scope
    var reason: String?

    private static let fileLimit = 64 << 20

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("to", .string(phone.e164)), .init("scope", .string(scope.rawValue)),
        ]
        if let reason { members.append(.init("reason", .string(reason))) }
        return .object(members)
    }

    static func send(_ rows: [SuppressionRequest], _ connection: GatewayConnection) async throws -> SuppressionAdded {
        struct Wire: Decodable {
            var added: Int
            var changed: Int
        }
        var sum = SuppressionAdded()
        for start in stride(from: 0, to: rows.count, by: Suppression.largestStep) {
            let step = rows[start..<min(rows.count, start + Suppression.largestStep)]
            let body: JSONValue = ["suppressions": .array(step.map(\.json))]
            let document = try await connection.call(.POST, "/v1/suppressions", body: body.rendered())
            let wire = try JSONDecoder().decode(Wire.self, from: Data(document))
            sum.added += wire.added
            sum.changed += wire.changed
        }
        return sum
    }

    /// The lines of a file; none of them is sent if one is wrong.
    static func rows(_ path: String) throws(EskizError) -> [SuppressionFile.Row] {
        let file = SuppressionFile(try contents(of: FilePath(path)))
        guard let first = file.errors.first else { return file.rows }
        throw EskizError(
            .invalidConfiguration,
            "Line \(first.line) of the file has no \(first.reason.rawValue) that can be used; wrong lines: \(file.errors.count).",
            remedy: "A line is a phone, and after commas `all` or `bulk` and a reason. Nothing was sent."
        )
    }

    private static func contents(of path: FilePath) throws(EskizError) -> String {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
            let bytes = try file.closeAfter {
                var contents: [UInt8] = []
                let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
                defer { chunk.deallocate() }
                while contents.count <= fileLimit {
                    let count = try file.read(into: chunk)
                    if count == 0 { break }
                    contents += chunk[..<count]
                }
                return contents
            }
            if bytes.count <= fileLimit, let text = String(validating: bytes, as: UTF8.self) { return text }
        } catch {
            throw EskizError(
                .invalidConfiguration,
                "The file cannot be read: \(error).",
                remedy: "Name a file that this user may read."
            )
        }
        throw EskizError(
            .invalidConfiguration,
            "The file is no text of at most 64 MiB.",
            remedy: "Save it as CSV, UTF-8."
        )
    }
}

private struct SuppressionAdded: Presentable {
    var added = 0
    var changed = 0

    func json() -> JSONValue { ["added": .integer(Int64(added)), "changed": .integer(Int64(changed))] }

    func text(on page: Page) -> String {
        Language.fill(
            HelpText.suppressAdded.text(in: page.language),
            ["added": String(added), "changed": String(changed)]
        )
    }
}

private struct SuppressionRemoved: Presentable {
    let count: Int

    func json() -> JSONValue { ["removed": .integer(Int64(count))] }

    func text(on page: Page) -> String {
        Language.fill(HelpText.suppressRemoved.text(in: page.language), ["count": String(count)])
    }
}

private struct SuppressionList: Presentable {
    struct Wire: Decodable, Sendable {
        var to: String
        var scope: String
        var reason: String
        var added_at: String
        var added_by: String
    }

    struct WirePage: Decodable {
        var suppressions: [Wire]
        var next: String?
    }

    let entries: [Wire]
    let isUnmasked: Bool

    private func phone(_ entry: Wire) -> String { isUnmasked ? entry.to : MaskedPhone.of(entry.to) }

    func json() -> JSONValue {
        [
            "suppressions": .array(
                entries.map { entry in
                    [
                        "to": .string(phone(entry)), "scope": .string(entry.scope), "reason": .string(entry.reason),
                        "added_at": .string(entry.added_at), "added_by": .string(entry.added_by),
                    ]
                }
            )
        ]
    }

    func text(on page: Page) -> String {
        guard !entries.isEmpty else { return HelpText.suppressEmpty.text(in: page.language) }
        return Table(
            [
                .init(page.say(.labelTo)), .init(HelpText.suppressScope.text(in: page.language)),
                .init(HelpText.suppressSince.text(in: page.language)),
                .init(HelpText.suppressWhy.text(in: page.language), elastic: true),
            ],
            rows: entries.map { [phone($0), $0.scope, String($0.added_at.prefix(10)), $0.reason] }
        ).rendered(on: page)
    }
}

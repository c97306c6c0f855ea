import ArgumentParser
import Eskiz
import EskizWords
import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where the gateway is that a verb asks.
struct GatewayFlags: ParsableArguments {
    @Option(help: .text(.gatewayAddress))
    var gateway: String?
}

struct ExplainCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "explain",
            abstract: .text(.explain),
            discussion: """
                  eskiz explain 28425123456
                  eskiz explain 28425123456 --json | jq .timeline

                \(HelpText.explainDetails)
                """
        )
    }

    @Argument(help: .text(.gatewayMessageID))
    var id: String

    @OptionGroup var gateway: GatewayFlags
    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func run() async throws {
        let id = try GatewayVerb.checked(id)
        try await GatewayVerb.run(output, settings, gateway) { connection, context in
            try GatewayVerb.present(try await connection.call(.GET, "/v1/messages/\(id)"), context)
        }
    }
}

struct CancelCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "cancel",
            abstract: .text(.cancel),
            discussion: """
                  eskiz cancel 28425123456
                """
        )
    }

    @Argument(help: .text(.gatewayMessageID))
    var id: String

    @OptionGroup var gateway: GatewayFlags
    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func run() async throws {
        let id = try GatewayVerb.checked(id)
        try await GatewayVerb.run(output, settings, gateway) { connection, context in
            let answer = try await connection.call(.POST, "/v1/messages/\(id)/cancel", body: "{}")
            try GatewayVerb.present(answer, context)
        }
    }
}

struct TailCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "tail",
            abstract: .text(.tail),
            discussion: """
                  eskiz tail
                  eskiz tail --json | jq -c 'select(.event == "message")'

                \(HelpText.tailDetails)
                """
        )
    }

    @OptionGroup var gateway: GatewayFlags
    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func run() async throws {
        try await GatewayVerb.run(output, settings, gateway) { connection, context in
            try await connection.events { event, data in
                switch context.verb.format {
                case .json:
                    try context.verb.streams.writeResult(#"{"event":"\#(event)","data":\#(data)}"#)
                case .text:
                    if let line = EventLine(event, data).text(on: context.verb.page) {
                        try context.verb.streams.writeResult(line)
                    }
                }
            }
        }
    }
}

/// What the verbs that ask a running gateway have in common.
enum GatewayVerb {
    static func run(
        _ output: OutputFlags,
        _ settings: SettingFlags,
        _ gateway: GatewayFlags,
        body: @escaping @Sendable (GatewayConnection, OnlineContext) async throws -> Void
    ) async throws {
        try await judge(output, settings, gateway) { connection, context in
            try await body(connection, context)
            return .success
        }
    }

    /// The same for an answer that may be bad news.
    static func judge(
        _ output: OutputFlags,
        _ settings: SettingFlags,
        _ gateway: GatewayFlags,
        body: @escaping @Sendable (GatewayConnection, OnlineContext) async throws -> ExitStatus
    ) async throws {
        let address = gateway.gateway
        try await OnlineContext.run(output, settings, [:]) { context in
            try await body(try GatewayConnection(context.settings, address: address), context)
        }
    }

    /// An id that may stand in an address.
    static func checked(_ id: String) throws -> String {
        guard (1...64).contains(id.utf8.count),
            id.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D })
        else { throw ValidationError(.text(.wrongMessageID)) }
        return id
    }

    static func present(_ document: [UInt8], _ context: OnlineContext) throws {
        switch context.verb.format {
        case .json: try context.verb.streams.writeResult(String(decoding: document, as: UTF8.self))
        case .text: try context.verb.present(MessageStory(document))
        }
    }
}

/// A message as the gateway tells it.
struct MessageStory: Presentable {
    private struct Wire: Decodable {
        struct Step: Decodable {
            var at: String
            var event: String
            var detail: String?
        }
        struct Failure: Decodable {
            var code: String
            var message: String?
        }
        var id: String
        var to: String?
        var from: String?
        var lane: String?
        var status: String
        var statusDetail: String?
        var segments: Int?
        var price: String?
        var providerID: String?
        var attempts: Int?
        var error: Failure?
        var timeline: [Step]?

        enum CodingKeys: String, CodingKey {
            case id, to, from, lane, status, segments, price, attempts, error, timeline
            case statusDetail = "status_detail"
            case providerID = "provider_id"
        }
    }

    private let wire: Wire

    init(_ document: [UInt8]) throws {
        wire = try JSONDecoder().decode(Wire.self, from: Data(document))
    }

    func json() -> JSONValue { ["id": .string(wire.id), "status": .string(wire.status)] }

    func text(on page: Page) -> String {
        var facts = Facts()
        facts.add("ID", wire.id)
        facts.add(page.say(.labelStatus), [wire.status, wire.statusDetail].compactMap(\.self).joined(separator: " · "))
        facts.add(page.say(.labelTo), wire.to.map(MaskedPhone.of))
        facts.add(page.say(.labelFrom), wire.from)
        facts.add(page.say(.segmentsCount), wire.segments.map(String.init))
        facts.add(page.say(.labelPrice), wire.price)
        facts.add("Eskiz", wire.providerID)
        facts.add(page.say(.details), wire.error.map { $0.message ?? $0.code })
        var lines = [facts.rendered(on: page)]
        for step in wire.timeline ?? [] {
            lines.append(
                "  \(page.ink.faint(step.at))  \(step.event)" + (step.detail.map { "  " + $0.onOneLine } ?? "")
            )
        }
        return lines.joined(separator: "\n")
    }
}

/// One line of `tail`.
struct EventLine {
    private struct Wire: Decodable {
        var id: String?
        var lane: String?
        var status: String?
        var statusDetail: String?
        var to: String?
        var state: String?
        var preview: String?

        enum CodingKeys: String, CodingKey {
            case id, lane, status, to, state, preview
            case statusDetail = "status_detail"
        }
    }

    private let event: String
    private let wire: Wire?

    init(_ event: String, _ data: String) {
        self.event = event
        wire = try? JSONDecoder().decode(Wire.self, from: Data(data.utf8))
    }

    /// Nil for what says nothing.
    func text(on page: Page) -> String? {
        guard let wire else { return nil }
        let parts = [
            wire.id, wire.lane, wire.to.map(MaskedPhone.of), wire.status ?? wire.state, wire.statusDetail, wire.preview,
        ]
        return ([page.ink.faint(event)] + parts.compactMap(\.self)).joined(separator: "  ")
    }
}

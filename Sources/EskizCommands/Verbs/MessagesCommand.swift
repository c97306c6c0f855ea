import ArgumentParser
import Eskiz
import EskizWords

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct MessagesCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "messages",
            abstract: .text(.messages),
            discussion: """
                  eskiz messages
                  eskiz messages --since 2026-11-01 --until 2026-11-30 --status rejected
                  eskiz messages --dispatch 7001
                  eskiz messages --count          \(HelpText.messagesCountNote)

                \(HelpText.messagesDetails)
                """
        )
    }

    @OptionGroup var range: RangeFlags

    @Option(help: .text(.statusFilter))
    var status: StatusFilter = .all

    @Option(help: .text(.page))
    var page = 1

    @Option(name: .customLong("page-size"), help: .text(.pageSize))
    var pageSize = 50

    @Option(help: .text(.onlyDispatch))
    var dispatch: Int64?

    @Flag(help: .text(.onlyCount))
    var count = false

    @OptionGroup var privacy: PrivacyFlags
    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> MessagesAnswer {
        if let dispatch {
            if count { return .totals(try await eskiz.dispatchStatus(dispatch)) }
            let messages = try await eskiz.messages(
                inDispatch: dispatch,
                status: status.filter,
                pageSize: pageSize,
                page: page
            )
            return .page(messages, isUnmasked: privacy.unmask)
        }
        let (start, end) = range.resolved(now: Date(), standard: 7 * 86400)
        let query = MessageQuery(from: start, to: end, status: status.filter, page: page, pageSize: pageSize)
        if count { return .totals(try await eskiz.messageTotals(query)) }
        return .page(try await eskiz.messages(query), isUnmasked: privacy.unmask)
    }
}

/// A page of messages, or how many there are.
enum MessagesAnswer: Presentable {
    case page(MessagePage, isUnmasked: Bool)
    case totals([StatusTotal])

    func json() -> JSONValue {
        switch self {
        case .page(let page, let isUnmasked):
            [
                "messages": .array(page.messages.map { MessageRecordView($0, isUnmasked: isUnmasked).json() }),
                "page": .whole(page.page),
                "last_page": .whole(page.lastPage),
                "total": .whole(page.total),
            ]
        case .totals(let totals):
            [
                "totals": .array(
                    totals.map { ["status": .string($0.status.description), "total": .integer($0.total)] }
                )
            ]
        }
    }

    func text(on page: Page) -> String {
        switch self {
        case .page(let messages, let isUnmasked):
            guard !messages.messages.isEmpty else { return page.say(.nothingFound) }
            let table = Table(
                [
                    .init(page.say(.columnSent)), .init(page.say(.labelTo)), .init(page.say(.labelStatus)),
                    .init(page.say(.columnParts), .trailing), .init(page.say(.labelPrice), .trailing),
                    .init("ID"), .init(page.say(.labelText), elastic: true),
                ],
                rows: messages.messages.map { message in
                    [
                        message.sentAt.map(TashkentTime.short) ?? "",
                        MessageRecordView(message, isUnmasked: isUnmasked).phone ?? "",
                        message.status.description, message.partsCount.map(String.init) ?? "",
                        message.totalPrice.map(Amount.text) ?? "",
                        message.requestID ?? message.id.map(String.init) ?? "", message.text ?? "",
                    ]
                }
            )
            let place = page.say(
                .messagesPage,
                [
                    "page": "\(messages.page ?? 1)", "last": "\(messages.lastPage ?? 1)",
                    "total": "\(messages.total ?? Int64(messages.messages.count))",
                ]
            )
            return table.rendered(on: page) + "\n" + page.ink.faint(place)
        case .totals(let totals):
            guard !totals.isEmpty else { return page.say(.nothingFound) }
            return Table(
                [.init(page.say(.labelStatus)), .init(page.say(.columnCount), .trailing)],
                rows: totals.map { [page.language.describe($0.status), String($0.total)] }
            ).rendered(on: page)
        }
    }
}

/// `--status` of the listings.
enum StatusFilter: String, CaseIterable, ExpressibleByArgument {
    case all
    case delivered
    case rejected

    var filter: MessageQuery.Filter {
        switch self {
        case .all: .all
        case .delivered: .delivered
        case .rejected: .rejected
        }
    }
}

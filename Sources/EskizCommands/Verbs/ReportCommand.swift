import ArgumentParser
import Eskiz
import EskizWords

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ReportCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "report",
            abstract: .text(.report),
            discussion: """
                  eskiz report by-month --year 2026
                  eskiz report by-operator --month 10
                  eskiz report by-range --since 2026-11-01 --until 2026-11-15
                  eskiz report by-dispatch 7001
                """,
            subcommands: [
                ReportByMonthCommand.self, ReportByOperatorCommand.self, ReportByRangeCommand.self,
                ReportByDispatchCommand.self,
            ]
        )
    }
}

struct ReportByMonthCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "by-month",
            abstract: .text(.reportByMonth),
            discussion: "  eskiz report by-month --year 2026"
        )
    }

    @Option(help: .text(.year))
    var year: Int?

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> ReportAnswer {
        let year = year ?? TashkentTime.yearAndMonth(Date()).year
        return ReportAnswer(rows: try await eskiz.reportByMonth(year: year))
    }
}

struct ReportByOperatorCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "by-operator",
            abstract: .text(.reportByOperator),
            discussion: "  eskiz report by-operator --year 2026 --month 10"
        )
    }

    @OptionGroup var time: MonthFlags
    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> ReportAnswer {
        let (year, month) = time.resolved()
        return ReportAnswer(rows: try await eskiz.reportByOperator(year: year, month: month))
    }
}

struct ReportByRangeCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "by-range",
            abstract: .text(.reportByRange),
            discussion: "  eskiz report by-range --since 2026-11-01 --until 2026-11-15 --status delivered"
        )
    }

    @OptionGroup var range: RangeFlags

    @Option(help: .text(.statusFilter))
    var status: StatusFilter = .all

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> ReportAnswer {
        let (start, end) = range.resolved(now: Date(), standard: 30 * 86400)
        return ReportAnswer(
            rows: try await eskiz.reportByRange(from: start, to: end, isAdvertising: nil, status: status.filter)
        )
    }
}

struct ReportByDispatchCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "by-dispatch",
            abstract: .text(.reportByDispatch),
            discussion: "  eskiz report by-dispatch 7001"
        )
    }

    @Argument(help: .text(.dispatch))
    var dispatch: Int64

    @Option(help: .text(.statusFilter))
    var status: StatusFilter = .all

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> ReportAnswer {
        ReportAnswer(rows: try await eskiz.reportByDispatch(dispatch, isAdvertising: nil, status: status.filter))
    }
}

/// Rows of a report; columns that no row fills are left out.
struct ReportAnswer: Presentable {
    let rows: [ReportRow]

    func json() -> JSONValue {
        [
            "currency": "UZS",
            "rows": .array(
                rows.map { row in
                    [
                        "year": .whole(row.year), "month": .whole(row.month),
                        "operator": .text(OperatorName.of(row.operatorID)), "operator_id": .whole(row.operatorID),
                        "status": .text(row.status?.description),
                        "service_segments": .whole(row.parts), "service_spent": .decimal(row.spent),
                        "advertising_segments": .whole(row.advertisingParts),
                        "advertising_spent": .decimal(row.advertisingSpent),
                        "total_segments": .whole(row.totalParts), "total_spent": .decimal(row.totalSpent),
                    ]
                }
            ),
        ]
    }

    func text(on page: Page) -> String {
        let columns: [(Phrase, Table.Alignment, (ReportRow) -> String?)] = [
            (.columnYear, .trailing, { $0.year.map(String.init) }),
            (.columnMonth, .trailing, { $0.month.map(String.init) }),
            (.columnOperator, .leading, { OperatorName.of($0.operatorID) }),
            (.labelStatus, .leading, { $0.status.map { page.language.describe($0) } }),
            (.columnServiceParts, .trailing, { $0.parts.map(String.init) }),
            (.columnServiceSpent, .trailing, { $0.spent.map(Amount.text) }),
            (.columnAdParts, .trailing, { $0.advertisingParts.map(String.init) }),
            (.columnAdSpent, .trailing, { $0.advertisingSpent.map(Amount.text) }),
            (.columnTotalParts, .trailing, { $0.totalParts.map(String.init) }),
            (.columnTotalSpent, .trailing, { $0.totalSpent.map(Amount.text) }),
        ]
        let filled = columns.filter { column in rows.contains { column.2($0) != nil } }
        guard !filled.isEmpty else { return page.say(.nothingFound) }
        return Table(
            filled.map { .init(page.say($0.0), $0.1) },
            rows: rows.map { row in filled.map { $0.2(row) ?? "" } }
        ).rendered(on: page)
    }
}

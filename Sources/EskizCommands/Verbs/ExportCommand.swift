import ArgumentParser
import Eskiz
import EskizWords

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ExportCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "export",
            abstract: .text(.export),
            discussion: """
                  eskiz export --month 10 > october.csv
                  eskiz export --year 2026 --month 10 --status rejected

                \(HelpText.exportDetails)
                """
        )
    }

    @OptionGroup var time: MonthFlags
    @OptionGroup var range: RangeFlags

    @Option(help: .text(.statusFilter))
    var status: StatusFilter = .all

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> ExportAnswer {
        let (year, month) = time.resolved()
        let start = range.since?.date ?? Self.firstMoment(year, month)
        var end = range.until?.date ?? Self.firstMoment(month == 12 ? year + 1 : year, month % 12 + 1, minus: 1)
        if range.until?.isDay == true { end = end.addingTimeInterval(86399) }
        let csv = try await eskiz.export(year: year, month: month, from: start, to: end, status: status.filter)
        return ExportAnswer(csv: csv)
    }

    /// The first second of a month in Tashkent, or a second before it.
    private static func firstMoment(_ year: Int, _ month: Int, minus seconds: Double = 0) -> Date {
        let text = "\(year)-\(month < 10 ? "0" : "")\(month)-01 00:00:00"
        return (WireTime.tashkent(text) ?? Date()).addingTimeInterval(-seconds)
    }
}

struct ExportAnswer: Presentable {
    let csv: String

    func json() -> JSONValue { ["csv": .string(csv)] }
    func text(on page: Page) -> String { csv }
}

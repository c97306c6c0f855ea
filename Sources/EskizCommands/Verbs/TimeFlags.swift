import ArgumentParser
import Eskiz
import EskizWords

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A moment in Tashkent, as people type it: a day, or a day and a time.
struct TashkentMoment: Sendable, ExpressibleByArgument {
    let date: Date
    /// Only a day was given.
    let isDay: Bool

    init?(argument: String) {
        let text = argument.split(separator: "T", maxSplits: 1).joined(separator: " ")
        let parts = text.split(separator: " ")
        guard let day = parts.first, day.count == 10, parts.count <= 2 else { return nil }
        isDay = parts.count == 1
        var time = isDay ? "00:00:00" : String(parts[1])
        if time.count == 5 { time += ":00" }
        guard time.count == 8, let date = WireTime.tashkent("\(day) \(time)") else { return nil }
        self.date = date
    }
}

/// `--since` and `--until`.
struct RangeFlags: ParsableArguments {
    @Option(help: .text(.since))
    var since: TashkentMoment?

    @Option(help: .text(.until))
    var until: TashkentMoment?

    /// The range; without `--since` it begins `standard` seconds before its end.
    func resolved(now: Date, standard: Double) -> (start: Date, end: Date) {
        var end = until?.date ?? now
        if until?.isDay == true { end = end.addingTimeInterval(86400 - 60) }
        return (since?.date ?? end.addingTimeInterval(-standard), end)
    }
}

/// `--year` and `--month`; this month in Tashkent unless told otherwise.
struct MonthFlags: ParsableArguments {
    @Option(help: .text(.year))
    var year: Int?

    @Option(help: .text(.month))
    var month: Int?

    func validate() throws {
        if let year, !(2015...2100).contains(year) {
            throw ValidationError(HelpText.wrongYear.filled(["year": String(year)]))
        }
        if let month, !(1...12).contains(month) { throw ValidationError(.text(.wrongMonth)) }
    }

    func resolved(now: Date = Date()) -> (year: Int, month: Int) {
        let current = TashkentTime.yearAndMonth(now)
        return (year ?? current.year, month ?? current.month)
    }
}

import EskizQueue
import EskizWords

/// How far back the charts of the first screen go: `range` in the address.
enum ChartRange: String, CaseIterable, Sendable {
    case hour, day, week

    /// What a column stands for.
    var step: Duration {
        switch self {
        case .hour: .seconds(60)
        case .day: .seconds(30 * 60)
        case .week: .seconds(3 * 3_600)
        }
    }

    var columns: Int {
        switch self {
        case .hour: 60
        case .day: 48
        case .week: 56
        }
    }

    var phrase: OverviewPhrase {
        switch self {
        case .hour: .rangeHour
        case .day: .rangeDay
        case .week: .rangeWeek
        }
    }

    /// Where the columns begin, the last one being the one that is now.
    func starts(at now: Timestamp) -> [Timestamp] {
        let step = step.wholeMilliseconds
        let last = now.milliseconds / step * step
        return (0..<columns).map { Timestamp(milliseconds: last - Int64(columns - 1 - $0) * step) }
    }
}

extension Timestamp {
    /// `14:03`, in Tashkent.
    var clock: String { String(PageTime(self).clock.prefix(5)) }
    /// `2026-03-02`, in Tashkent.
    var day: String { PageTime(self).day }
    /// `2026-03-02 14:03`, in Tashkent.
    var dayAndClock: String { "\(day) \(clock)" }

    /// When the day began in Tashkent.
    var beginningOfDay: Timestamp {
        let day: Int64 = 86_400_000
        let local = (self + PageTime.offset).milliseconds
        return Timestamp(milliseconds: local / day * day) - PageTime.offset
    }
}

#if canImport(FoundationEssentials)
import EskizWords
import FoundationEssentials
#else
import Foundation
#endif

/// Times as people in Uzbekistan read them, and as logs and JSON hold them.
///
/// Uzbekistan has been at UTC+5 without summer time since 1992 (IANA `Asia/Tashkent`), so arithmetic is enough and no
/// time zone database is needed on the machine.
enum TashkentTime {
    /// `2026-11-23 20:01:05 (Asia/Tashkent)`.
    static func text(_ date: Date) -> String {
        short(date) + " (Asia/Tashkent)"
    }

    /// `2026-11-23 20:01:05`, for a column whose heading names the zone.
    static func short(_ date: Date) -> String {
        let parts = CalendarParts(secondsSince1970: wholeSeconds(date) + 5 * 3600)
        return "\(parts.date) \(parts.time)"
    }

    /// `2026-11-23T15:01:05Z`.
    static func rfc3339(_ date: Date) -> String {
        let parts = CalendarParts(secondsSince1970: wholeSeconds(date))
        return "\(parts.date)T\(parts.time)Z"
    }

    /// `2026-11-23T15:01:05.042Z`.
    static func rfc3339Milliseconds(_ date: Date) -> String {
        let milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded(.down))
        let seconds = milliseconds.flooredDivision(by: 1000)
        let parts = CalendarParts(secondsSince1970: seconds)
        return "\(parts.date)T\(parts.time).\(padded(milliseconds - seconds * 1000, 3))Z"
    }

    /// Year and month of the moment, in Tashkent.
    static func yearAndMonth(_ date: Date) -> (year: Int, month: Int) {
        let parts = CalendarParts(secondsSince1970: wholeSeconds(date) + 5 * 3600)
        return (Int(parts.year), Int(parts.month))
    }

    /// `29 d 4 h`, `3 h 12 min`, `45 s`: the two largest units.
    static func span(_ duration: Duration, in language: Language) -> String {
        let total = abs(duration.components.seconds)
        let units: [(Int64, Phrase)] = [
            (86400, .unitDays), (3600, .unitHours), (60, .unitMinutes), (1, .unitSeconds),
        ]
        guard let largest = units.firstIndex(where: { total >= $0.0 }) else { return "0 " + language.say(.unitSeconds) }
        var rest = total
        var shown: [String] = []
        for (size, phrase) in units[largest...].prefix(2) {
            let count = rest / size
            rest -= count * size
            if count > 0 { shown.append("\(count) \(language.say(phrase))") }
        }
        return shown.joined(separator: " ")
    }

    private static func wholeSeconds(_ date: Date) -> Int64 {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        return seconds.isFinite && abs(seconds) < 1e14 ? Int64(seconds) : 0
    }
}

/// A moment of the proleptic Gregorian calendar (the days-to-civil arithmetic of ISO 8601 calendars).
private struct CalendarParts {
    let year: Int64
    let month: Int64
    let day: Int64
    let secondOfDay: Int64

    init(secondsSince1970: Int64) {
        let days = secondsSince1970.flooredDivision(by: 86400)
        secondOfDay = secondsSince1970 - days * 86400
        // Years are counted from 1 March, so that the leap day is the last day of the year; eras are 400 years.
        let shifted = days + 719_468
        let era = shifted.flooredDivision(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var date: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }
    var time: String {
        "\(padded(secondOfDay / 3600, 2)):\(padded(secondOfDay % 3600 / 60, 2)):\(padded(secondOfDay % 60, 2))"
    }
}

private func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

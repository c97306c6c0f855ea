#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// Times on the wire.
///
/// Uzbekistan has been at UTC+5 without summer time since 1992, so no table of zones is needed.
package enum WireTime {
    private static let tashkentOffset = 5 * 3600

    /// A time of a message row or a callback: wall-clock time in Tashkent, even where it ends in `Z`; an explicit
    /// offset such as `+05:00` is believed (eskiz-api.md §3.4).
    ///
    /// The zero time that Go writes for «never» is nil.
    package static func tashkent(_ text: String) -> Date? {
        parse(text, defaultOffset: tashkentOffset, trustsZ: false)
    }

    /// A time of `logs/sms`: true UTC (§3.4).
    package static func utc(_ text: String) -> Date? {
        parse(text, defaultOffset: 0, trustsZ: true)
    }

    /// `YYYY-MM-DD HH:MM` in Tashkent, as listings and range reports take it.
    package static func minutes(_ date: Date) -> String {
        let fields = Fields(date, offset: tashkentOffset)
        return "\(fields.day) \(two(fields.hour)):\(two(fields.minute))"
    }

    /// `YYYY-MM-DD HH:mm:ss` in Tashkent, as the export takes it.
    package static func seconds(_ date: Date) -> String {
        let fields = Fields(date, offset: tashkentOffset)
        return "\(fields.day) \(two(fields.hour)):\(two(fields.minute)):\(two(fields.second))"
    }

    /// The year and the month in Tashkent.
    package static func yearAndMonth(_ date: Date) -> (year: Int, month: Int) {
        let fields = Fields(date, offset: tashkentOffset)
        return (fields.year, fields.month)
    }

    /// How long a `Retry-After` asks to wait: seconds, or a date of any of the three spellings of HTTP (RFC 9110
    /// §5.6.7), measured against the answer's own `Date` where it has one, so a wrong clock does no harm.
    package static func retryAfter(_ response: TransportResponse, now: Date) -> Duration? {
        guard let text = response.header("retry-after")?.trimmingWhitespace(), !text.isEmpty else { return nil }
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return text.utf8.count <= 9 ? Int64(text).map { .seconds($0) } : nil
        }
        guard let until = httpDate(text) else { return nil }
        let base = response.header("date").flatMap { httpDate($0) } ?? now.secondsSinceEpoch
        return .seconds(max(0, until - base))
    }

    /// Seconds since 1970 of an HTTP date, in any of its three spellings; nil for anything else.
    package static func httpDate(_ text: String) -> Int64? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        // Sun, 06 Nov 1994 08:49:37 GMT · Sunday, 06-Nov-94 08:49:37 GMT · Sun Nov  6 08:49:37 1994
        let day: Int?, monthName: String, year: Int?, time: String
        if words.count == 6, words[5] == "GMT" {
            (day, monthName, year, time) = (Int(words[1]), words[2], Int(words[3]), words[4])
        } else if words.count == 5 {
            (day, monthName, year, time) = (Int(words[2]), words[1], Int(words[4]), words[3])
        } else {
            return nil
        }
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let clock = time.split(separator: ":").map { Int($0) }
        guard let day, var year, let month = names.firstIndex(of: monthName), clock.count == 3,
            let hour = clock[0], let minute = clock[1], let second = clock[2]
        else { return nil }
        // RFC 850 years have two digits, and none of them is about the last century any more.
        if year < 100 { year += 2000 }
        return epochSeconds(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    }

    private static func parse(_ text: String, defaultOffset: Int, trustsZ: Bool) -> Date? {
        var scanner = DigitScanner(text.utf8)
        guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
            let day = scanner.number(2)
        else { return nil }
        var hour = 0, minute = 0, second = 0
        var fraction = 0.0
        var offset = defaultOffset
        if !scanner.isAtEnd {
            guard scanner.skip("T") || scanner.skip(" "), let h = scanner.number(2), scanner.skip(":"),
                let m = scanner.number(2)
            else { return nil }
            (hour, minute) = (h, m)
            if scanner.skip(":") {
                guard let s = scanner.number(2) else { return nil }
                second = s
                if scanner.skip(".") {
                    guard let parsed = scanner.fraction() else { return nil }
                    fraction = parsed
                }
            }
            if scanner.skip("Z") {
                if trustsZ { offset = 0 }
            } else if let sign = scanner.sign() {
                guard let hours = scanner.number(2) else { return nil }
                _ = scanner.skip(":")
                offset = sign * (hours * 3600 + (scanner.number(2) ?? 0) * 60)
            }
            guard scanner.isAtEnd else { return nil }
        }
        guard year > 1,
            let seconds = epochSeconds(
                year: year,
                month: month,
                day: day,
                hour: hour,
                minute: minute,
                second: second
            )
        else { return nil }
        return Date(timeIntervalSince1970: Double(seconds - Int64(offset)) + fraction)
    }

    /// Seconds since 1970 in the proleptic Gregorian calendar; nil for a day or a time that does not exist.
    private static func epochSeconds(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) -> Int64? {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= daysIn(month, of: year),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        // Howard Hinnant's days_from_civil: years begin in March, so the leap day comes last.
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let days = era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
        return Int64(days) * 86400 + Int64(hour * 3600 + minute * 60 + second)
    }

    private static func daysIn(_ month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    private static func two(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }

    private struct Fields {
        var year: Int, month: Int, dayOfMonth: Int, hour: Int, minute: Int, second: Int

        var day: String {
            let padding = String(repeating: "0", count: max(0, 4 - String(year).count))
            return "\(padding)\(year)-\(two(month))-\(two(dayOfMonth))"
        }

        init(_ date: Date, offset: Int) {
            let total = date.secondsSinceEpoch + Int64(offset)
            let secondOfDay = Int(((total % 86400) + 86400) % 86400)
            let days = Int((total - Int64(secondOfDay)) / 86400) + 719468
            let era = (days >= 0 ? days : days - 146096) / 146097
            let dayOfEra = days - era * 146097
            let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
            let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let shifted = (5 * dayOfYear + 2) / 153
            dayOfMonth = dayOfYear - (153 * shifted + 2) / 5 + 1
            month = shifted < 10 ? shifted + 3 : shifted - 9
            year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
            hour = secondOfDay / 3600
            minute = secondOfDay % 3600 / 60
            second = secondOfDay % 60
        }
    }
}

/// Reads fixed runs of ASCII digits.
private struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ bytes: String.UTF8View) {
        rest = bytes[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number(_ count: Int) -> Int? {
        guard rest.prefix(count).count == count else { return nil }
        var value = 0
        for byte in rest.prefix(count) {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        rest = rest.dropFirst(count)
        return value
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard rest.first.map(UInt32.init) == character.value else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func sign() -> Int? {
        if skip("+") { return 1 }
        if skip("-") { return -1 }
        return nil
    }

    /// One digit at least; more than nine are read and count for nothing.
    mutating func fraction() -> Double? {
        var value = 0.0
        var scale = 0.1
        var count = 0
        while let byte = rest.first, (0x30...0x39).contains(byte) {
            if count < 9 {
                value += Double(byte - 0x30) * scale
                scale /= 10
            }
            count += 1
            rest = rest.dropFirst()
        }
        return count > 0 ? value : nil
    }
}

extension Date {
    /// Whole seconds since 1970, for any date whatever: what does not fit is held at the ends.
    fileprivate var secondsSinceEpoch: Int64 {
        let seconds = timeIntervalSince1970.rounded(.down)
        guard seconds.isFinite else { return 0 }
        return Int64(min(max(seconds, -62_135_596_800), 253_402_300_799))
    }
}

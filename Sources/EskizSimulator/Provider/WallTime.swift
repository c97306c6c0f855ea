/// A point in time on the provider's clock: nanoseconds since 1970 in UTC.
///
/// The rules never read a clock; every call brings its own `WallTime`.
struct WallTime: Sendable, Hashable, Comparable {
    var nanoseconds: Int64

    init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    init(seconds: Int) {
        nanoseconds = Int64(seconds) * 1_000_000_000
    }

    /// Whole seconds since 1970, rounded down: what a JWT claim holds.
    var seconds: Int {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return Int(remainder < 0 ? quotient - 1 : quotient)
    }

    static func < (left: WallTime, right: WallTime) -> Bool { left.nanoseconds < right.nanoseconds }

    static func + (time: WallTime, duration: Duration) -> WallTime {
        WallTime(nanoseconds: time.nanoseconds &+ duration.wholeNanoseconds)
    }

    static func - (time: WallTime, duration: Duration) -> WallTime {
        WallTime(nanoseconds: time.nanoseconds &- duration.wholeNanoseconds)
    }

    static func - (left: WallTime, right: WallTime) -> Duration {
        .nanoseconds(left.nanoseconds &- right.nanoseconds)
    }
}

extension Duration {
    /// Nanoseconds, clamped to 64 bits (292 years).
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return carry ? (seconds < 0 ? .min : .max) : sum
    }

    /// Seconds with their fraction, for JSON.
    var inSeconds: Double { Double(wholeNanoseconds) / 1_000_000_000 }
}

// MARK: - Calendar

extension WallTime {
    /// Tashkent keeps UTC+5 all year.
    static let tashkent: Duration = .seconds(5 * 3600)

    /// Calendar fields of the proleptic Gregorian calendar in UTC.
    struct Calendar: Sendable, Equatable {
        var year: Int
        var month: Int
        var day: Int
        var hour = 0
        var minute = 0
        var second = 0
        var nanosecond = 0
    }

    init(_ calendar: Calendar) {
        // Days from civil date, after Howard Hinnant's public algorithm.
        let year = calendar.month <= 2 ? calendar.year - 1 : calendar.year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (calendar.month + (calendar.month > 2 ? -3 : 9)) + 2) / 5 + calendar.day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let seconds = days * 86_400 + calendar.hour * 3_600 + calendar.minute * 60 + calendar.second
        nanoseconds = Int64(seconds) * 1_000_000_000 + Int64(calendar.nanosecond)
    }

    var calendar: Calendar {
        let seconds = self.seconds
        let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        let secondOfDay = seconds - days * 86_400
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return Calendar(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
            month: month,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1,
            hour: secondOfDay / 3_600,
            minute: secondOfDay / 60 % 60,
            second: secondOfDay % 60,
            nanosecond: Int(nanoseconds - Int64(seconds) * 1_000_000_000)
        )
    }

    /// 0 = Sunday.
    var weekday: Int {
        let seconds = self.seconds
        let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        return ((days + 4) % 7 + 7) % 7
    }
}

import EskizQueue

/// Moments as the API writes and reads them: RFC 3339, written in UTC with milliseconds.
enum RFC3339 {
    /// `2027-01-15T08:00:00.000Z`.
    static func text(_ moment: Timestamp) -> String {
        // Years beyond four digits do not exist in RFC 3339, and nothing here lives that long.
        let clamped = min(max(moment.milliseconds, first), last)
        let (days, rest) = floorDivide(clamped, 86_400_000)
        let (year, month, day) = date(daysSince1970: days)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        append(year, digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(month, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(day, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        append(rest / 3_600_000, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(rest / 60_000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(rest / 1_000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        append(rest % 1_000, digits: 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads what RFC 3339 §5.6 allows: any offset, any number of decimals, `T` and `Z` in either case, leap seconds.
    ///
    /// Decimals beyond milliseconds are cut off.
    static func moment(_ text: String) -> Timestamp? {
        var reader = Reader(Array(text.utf8))
        guard let year = reader.digits(4), reader.skip("-"), let month = reader.digits(2), (1...12).contains(month),
            reader.skip("-"), let day = reader.digits(2), (1...daysIn(month, of: year)).contains(day),
            reader.skip("T", "t"), let hour = reader.digits(2), hour < 24,
            reader.skip(":"), let minute = reader.digits(2), minute < 60,
            reader.skip(":"), let second = reader.digits(2), second <= 60,
            let fraction = reader.fraction(), let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        let days = daysSince1970(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset * 60
        return Timestamp(milliseconds: seconds * 1_000 + fraction)
    }

    private static let first: Int64 = -62_167_219_200_000  // 0000-01-01
    private static let last: Int64 = 253_402_300_799_999  // 9999-12-31

    private static func append(_ value: Int64, digits: Int, to bytes: inout [UInt8]) {
        var divisor: Int64 = digits == 4 ? 1_000 : digits == 3 ? 100 : 10
        for _ in 0..<digits {
            bytes.append(UInt8(0x30 + value / divisor % 10))
            divisor /= 10
        }
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, rest: Int64) {
        let rest = (value % divisor + divisor) % divisor
        return ((value - rest) / divisor, rest)
    }

    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func daysIn(_ month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days of the proleptic Gregorian calendar, counted in years that begin in March: then the leap day comes last.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let (era, yearOfEra) = floorDivide(marchYear, 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
        }

        var isAtEnd: Bool { position == bytes.count }

        mutating func skip(_ choices: Unicode.Scalar...) -> Bool {
            guard position < bytes.count, choices.contains(where: { $0.value == bytes[position] }) else { return false }
            position += 1
            return true
        }

        mutating func digit() -> Int64? {
            guard position < bytes.count, (0x30...0x39).contains(bytes[position]) else { return nil }
            defer { position += 1 }
            return Int64(bytes[position]) - 0x30
        }

        mutating func digits(_ count: Int) -> Int64? {
            var value: Int64 = 0
            for _ in 0..<count {
                guard let digit = digit() else { return nil }
                value = value * 10 + digit
            }
            return value
        }

        /// Milliseconds; 0 if there is no fraction.
        mutating func fraction() -> Int64? {
            guard skip(".") else { return 0 }
            guard let first = digit() else { return nil }
            var (value, weight) = (first * 100, Int64(10))
            while let digit = digit() {
                value += digit * weight
                weight /= 10
            }
            return value
        }

        /// Minutes east of UTC.
        mutating func offset() -> Int64? {
            if skip("Z", "z") { return 0 }
            let isWest = position < bytes.count && bytes[position] == UInt8(ascii: "-")
            guard skip("+", "-"), let hours = digits(2), hours < 24, skip(":"), let minutes = digits(2), minutes < 60
            else { return nil }
            return (hours * 60 + minutes) * (isWest ? -1 : 1)
        }
    }
}

extension WallTime {
    /// RFC 3339 in UTC with milliseconds, for the control API: `2026-01-02T03:04:05.678Z`.
    var rfc3339: String { stamp(fraction: 3, suffix: "Z") }

    /// A row's stamp: Tashkent wall-clock time that claims to be UTC (`eskiz-api.md` §3.4).
    func rowStamp(fraction: Int) -> String { (self + Self.tashkent).stamp(fraction: fraction, suffix: "Z") }

    /// A part's stamp: Tashkent time with its true offset.
    func partStamp(fraction: Int) -> String { (self + Self.tashkent).stamp(fraction: fraction, suffix: "+05:00") }

    /// `status_date` of a callback: local time, no zone (`eskiz-api.md` §10).
    var callbackStamp: String {
        let fields = (self + Self.tashkent).calendar
        return "\(date(of: fields)) \(clock(of: fields))"
    }

    /// The `Date` header, IMF-fixdate.
    var httpDate: String {
        let fields = calendar
        let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        return "\(weekdays[weekday]), \(padded(fields.day, 2)) \(Self.monthNames[fields.month - 1]) \(fields.year) "
            + "\(clock(of: fields)) GMT"
    }

    static let monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private func stamp(fraction: Int, suffix: String) -> String {
        let fields = calendar
        let digits = fraction == 0 ? "" : "." + padded(fields.nanosecond, 9).prefix(fraction)
        return "\(date(of: fields))T\(clock(of: fields))\(digits)\(suffix)"
    }

    private func date(of fields: Calendar) -> String {
        "\(padded(fields.year, 4))-\(padded(fields.month, 2))-\(padded(fields.day, 2))"
    }

    private func clock(of fields: Calendar) -> String {
        "\(padded(fields.hour, 2)):\(padded(fields.minute, 2)):\(padded(fields.second, 2))"
    }

    private func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return digits.count < width ? String(repeating: "0", count: width - digits.count) + digits : digits
    }
}

extension WallTime {
    /// A date of a list or export filter: `YYYY-MM-DD`, with ` HH:MM` and `:SS` if given, Tashkent time.
    init?(localDate text: String) {
        let halves = text.split(whereSeparator: { $0 == " " || $0 == "T" })
        guard let day = halves.first, halves.count <= 2, let date = Self.dateFields(day) else { return nil }
        var fields = date
        if halves.count == 2 {
            guard Self.readClock(halves[1], into: &fields) else { return nil }
        }
        self = WallTime(fields) - Self.tashkent
    }

    /// An RFC 3339 time, with a fraction and an offset if given.
    init?(rfc3339 text: String) {
        guard let separator = text.firstIndex(where: { $0 == "T" || $0 == "t" || $0 == " " }),
            var fields = Self.dateFields(text[..<separator])
        else { return nil }
        let rest = text[text.index(after: separator)...]
        guard let zoneStart = rest.firstIndex(where: { "Zz+-".contains($0) }) else { return nil }
        guard Self.readClock(rest[..<zoneStart], into: &fields) else { return nil }
        let zone = rest[zoneStart...]
        var offset = 0
        if zone.lowercased() != "z" {
            let parts = zone.dropFirst().split(separator: ":").compactMap { Int($0) }
            guard parts.count == 2 else { return nil }
            offset = (parts[0] * 60 + parts[1]) * 60 * (zone.first == "-" ? -1 : 1)
        }
        self = WallTime(fields) - .seconds(offset)
    }

    private static func dateFields(_ text: some StringProtocol) -> Calendar? {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, (1970...2200).contains(parts[0]), (1...12).contains(parts[1]),
            (1...31).contains(parts[2])
        else { return nil }
        return Calendar(year: parts[0], month: parts[1], day: parts[2])
    }

    private static func readClock(_ text: some StringProtocol, into fields: inout Calendar) -> Bool {
        let halves = text.split(separator: ".", maxSplits: 1)
        guard let clock = halves.first else { return false }
        let parts = clock.split(separator: ":").compactMap { Int($0) }
        guard (2...3).contains(parts.count), (0...23).contains(parts[0]), (0...59).contains(parts[1]) else {
            return false
        }
        fields.hour = parts[0]
        fields.minute = parts[1]
        fields.second = parts.count == 3 ? parts[2] : 0
        if halves.count == 2 {
            guard halves[1].allSatisfy(\.isNumber), let value = Int(halves[1].prefix(9)) else { return false }
            let digits = min(9, halves[1].count)
            fields.nanosecond = value * (0..<(9 - digits)).reduce(1) { power, _ in power * 10 }
        }
        return (0...60).contains(fields.second)
    }
}

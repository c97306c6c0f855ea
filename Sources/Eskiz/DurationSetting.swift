/// Durations as people type them into settings: `30s`, `500ms`, `2m`, `1h`, `1.5s`; a plain number means seconds.
enum DurationSetting {
    /// Parses, or says why not.
    static func parse(_ text: String) throws(BadSetting) -> Duration {
        let explanation: Sentence =
            "it must be a duration such as 30s, 500ms, 2m or 1h (a plain number means seconds)"
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let nanosecondsPerUnit: Int64
        switch text[number.endIndex...] {
        case "ms": nanosecondsPerUnit = 1_000_000
        case "", "s": nanosecondsPerUnit = 1_000_000_000
        case "m": nanosecondsPerUnit = 60_000_000_000
        case "h": nanosecondsPerUnit = 3_600_000_000_000
        default: throw BadSetting(explanation)
        }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = Int64(parts[0]) else { throw BadSetting(explanation) }
        var fraction: Int64 = 0
        var scale: Int64 = 1
        if parts.count == 2 {
            guard (1...6).contains(parts[1].utf8.count), let digits = Int64(parts[1]) else {
                throw BadSetting(explanation)
            }
            fraction = digits
            for _ in parts[1].utf8 { scale *= 10 }
        }
        let (units, overflow) = whole.multipliedReportingOverflow(by: nanosecondsPerUnit)
        guard !overflow, units <= Int64.max / 2 else { throw BadSetting("it is far too long") }
        // Below 10^6 (digits) times 3.6 * 10^12, so this cannot overflow.
        return .nanoseconds(units + fraction * nanosecondsPerUnit / scale)
    }

    /// The shortest of these spellings, for messages: `30 s`, `500 ms`, `2 min`.
    static func describe(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        if milliseconds != 0 { return "\(seconds * 1000 + milliseconds) ms" }
        if seconds >= 120, seconds % 60 == 0 { return "\(seconds / 60) min" }
        return "\(seconds) s"
    }
}

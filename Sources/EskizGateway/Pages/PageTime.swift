import EskizPages
import EskizQueue

/// A moment as the pages show it: on the clock of Tashkent, with the exact UTC behind it.
struct PageTime: Sendable {
    let moment: Timestamp

    init(_ moment: Timestamp) {
        self.moment = moment
    }

    /// Uzbekistan is five hours ahead of UTC, all year round, since 1992.
    static let offset: Duration = .seconds(5 * 3_600)

    /// `2027-01-15T08:00:00.000Z`.
    var utc: String { RFC3339.text(moment) }
    /// `2027-01-15`.
    var day: String { String(local.prefix(10)) }
    /// `13:00:00`.
    var clock: String { String(local.dropFirst(11).prefix(8)) }
    /// `13:00:00.000`.
    var preciseClock: String { String(local.dropFirst(11).prefix(12)) }

    private var local: String { RFC3339.text(moment + Self.offset) }

    /// For a `time`: the clock, and the day unless it is today.
    func context(now: Timestamp, isPrecise: Bool = false) -> PageContext {
        PageContext(filling: [
            "stamp": utc, "clock": isPrecise ? preciseClock : clock,
            "day": day == PageTime(now).day ? nil : day,
        ])
    }
}

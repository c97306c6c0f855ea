import EskizQueue
import Testing

@testable import EskizQueue

/// When no message of the lane `bulk` leaves.
struct QuietHoursTests {
    /// Midnight in Tashkent.
    private static let midnight = Timestamp(milliseconds: 20_000 * 86_400_000 - 5 * 3_600_000)

    private func moment(_ hour: Int, _ minute: Int, day: Int = 0) -> Timestamp {
        Self.midnight + .seconds(day * 86_400 + hour * 3_600 + minute * 60)
    }

    @Test(arguments: [
        ("22:00-08:00", 22 * 60, 8 * 60), ("21:30-07:15", 21 * 60 + 30, 7 * 60 + 15), ("13:00-14:00", 780, 840),
        ("00:00-23:59", 0, 1_439),
    ])
    func `hours are read`(_ text: String, _ from: Int, _ to: Int) {
        #expect(QuietHours(text: text) == QuietHours(from: from, to: to))
    }

    @Test(arguments: [
        "", "22-8", "22:00", "24:00-08:00", "22:60-08:00", "08:00-08:00", "22:00-08:00-09:00", "2:00-8:00", "on",
    ])
    func `what is no hours is refused`(_ text: String) {
        #expect(QuietHours(text: text) == nil)
    }

    @Test func `a night goes over midnight`() throws {
        let hours = QuietHours.standard
        #expect(hours.around(moment(21, 59)) == nil)
        #expect(hours.around(moment(8, 0)) == nil)
        #expect(hours.around(moment(12, 0)) == nil)
        for (hour, minute, day) in [(22, 0, 0), (23, 59, 0), (0, 0, 1), (7, 59, 1)] {
            let night = try #require(hours.around(moment(hour, minute, day: day)))
            #expect(night.since == moment(22, 0) && night.until == moment(8, 0, day: 1))
        }
    }

    @Test func `hours within a day are no night`() throws {
        let hours = QuietHours(from: 13 * 60, to: 14 * 60)
        #expect(hours.around(moment(12, 59)) == nil)
        #expect(hours.around(moment(14, 0)) == nil)
        let noon = try #require(hours.around(moment(13, 30)))
        #expect(noon.since == moment(13, 0) && noon.until == moment(14, 0))
    }

    @Test func `every minute of a week is in the hours or out of them, as a clock on the wall says`() {
        for hours in [QuietHours.standard, QuietHours(from: 60, to: 59), QuietHours(from: 0, to: 1)] {
            for minute in 0..<7 * 1_440 {
                let now = moment(0, minute)
                let clock = minute % 1_440
                let isQuiet =
                    hours.from < hours.to
                    ? (hours.from..<hours.to).contains(clock) : clock >= hours.from || clock < hours.to
                let found = hours.around(now)
                #expect((found != nil) == isQuiet)
                if let found { #expect(found.since <= now && now < found.until) }
            }
        }
    }

    // MARK: Sending

    private func configuration() -> QueueConfiguration {
        var configuration = QueueConfiguration(owner: "test")
        configuration.quietHours = .standard
        return configuration
    }

    private func shares(_ plan: Traffic.Plan) -> Set<Lane> {
        if case .claim(let turn) = plan { Set(turn.shares.map(\.lane)) } else { [] }
    }

    @Test func `at night mailings wait, codes go, and who looks is told until when`() {
        var traffic = Traffic(configuration: configuration(), seed: 1)
        let depth = QueueDepth(waiting: [.bulk: 5, .otp: 1])
        #expect(shares(traffic.plan(depth: depth, at: 0)).contains(.bulk))
        traffic.keepsQuiet(since: -10, until: 100)
        let night = shares(traffic.plan(depth: depth, at: 0))
        #expect(!night.contains(.bulk) && night.contains(.otp))
        #expect(
            traffic.holds(at: 0) == [ElapsedHold(reason: .quietHours, lanes: [.bulk], since: -10, until: 100)]
        )
        #expect(traffic.nextChange(at: 0) == 100)
        // The morning comes by itself.
        #expect(shares(traffic.plan(depth: depth, at: 100)).contains(.bulk))
        #expect(traffic.holds(at: 100).isEmpty)
    }
}

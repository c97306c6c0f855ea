import Eskiz
import Foundation
import Testing

struct WireTimeTests {
    /// 2024-05-31 17:02:27 UTC, 22:02:27 in Tashkent.
    private let moment = Date(timeIntervalSince1970: 1_717_174_947)

    @Test(arguments: [
        "2024-05-31T22:02:27Z", "2024-05-31T22:02:27", "2024-05-31 22:02:27", "2024-05-31T22:02:27+05:00",
        "2024-05-31T17:02:27+00:00", "2024-05-31T22:02:27.0Z", "2024-05-31T22:02:27.000000000Z",
        "2024-05-31T22:02:27.000000000+05:00", "2024-05-31T12:02:27-0500",
    ])
    func `a time is Tashkent's unless it has an offset, whatever it ends in`(text: String) {
        #expect(WireTime.tashkent(text) == moment)
    }

    @Test(arguments: 1...9)
    func `a fraction may have one to nine digits`(digits: Int) throws {
        let text = "2024-05-31T22:02:27." + String(repeating: "5", count: digits) + "Z"
        let time = try #require(WireTime.tashkent(text))
        let fraction = try #require(Double("0." + String(repeating: "5", count: digits)))
        #expect(abs(time.timeIntervalSince(moment) - fraction) < 0.000_001)
    }

    @Test func `a time of the message log is true UTC`() {
        #expect(WireTime.utc("2024-05-31T17:02:27Z") == moment)
        #expect(WireTime.utc("2024-05-31T22:02:27.000+05:00") == moment)
    }

    @Test(arguments: [
        "", "now", "0001-01-01T00:00:00Z", "0000-00-00 00:00:00", "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z", "2024-05-31T24:00:00Z", "2024-05-31T22:60:00Z", "2024-05-31T22:02:27.Z",
        "2024-05-31T22:02:27Zjunk", "2024-5-31T22:02:27Z", "20240531", "<nil>", "٢٠٢٤-٠٥-٣١",
    ])
    func `what is no time is none`(text: String) {
        #expect(WireTime.tashkent(text) == nil)
        #expect(WireTime.utc(text) == nil)
    }

    @Test func `a leap day and a bare day are times`() {
        #expect(WireTime.utc("2024-02-29") == Date(timeIntervalSince1970: 1_709_164_800))
        #expect(WireTime.utc("2000-02-29T00:00:00Z") == Date(timeIntervalSince1970: 951_782_400))
    }

    @Test func `times go out as Tashkent's`() {
        #expect(WireTime.minutes(moment) == "2024-05-31 22:02")
        #expect(WireTime.seconds(moment) == "2024-05-31 22:02:27")
        // 20:00 UTC is one o'clock of the next day, month and year there.
        let newYear = Date(timeIntervalSince1970: 1_735_675_200)
        #expect(WireTime.minutes(newYear) == "2025-01-01 01:00")
        #expect(WireTime.yearAndMonth(newYear) == (2025, 1))
    }

    @Test func `what goes out comes back, across four centuries`() {
        for day in stride(from: -62_000.0, to: 84_000, by: 13) {
            let date = Date(timeIntervalSince1970: day * 86400 + 3723)
            #expect(WireTime.tashkent(WireTime.seconds(date)) == date)
        }
    }

    @Test(arguments: [Date.distantPast, .distantFuture, Date(timeIntervalSince1970: .infinity)])
    func `no date is too far away to be written`(date: Date) {
        #expect(!WireTime.seconds(date).isEmpty)
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Sunday, 06-Nov-94 08:49:37 GMT", 3_939_871_777),
        ("Sun Nov  6 08:49:37 1994", 784_111_777),
    ])
    func `the three spellings of an HTTP date are understood`(text: String, seconds: Int64) {
        #expect(WireTime.httpDate(text) == seconds)
    }

    @Test(arguments: [
        "", "yesterday", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 25:49:37 GMT", "Fri, 30 Feb 2024 00:00:00 GMT", "Sun, 06 Nov 1994 08:49 GMT",
    ])
    func `what is no HTTP date is none`(text: String) {
        #expect(WireTime.httpDate(text) == nil)
    }
}

import EskizHTTP
import EskizPages
import Testing

@testable import EskizSimulator

struct WallTimeTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_782_400, "2000-02-29T00:00:00.000Z"),
        (1_709_164_799, "2024-02-28T23:59:59.000Z"), (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.000Z"),
    ])
    func `a time is written and read by the calendar`(seconds: Int, text: String) {
        #expect(WallTime(seconds: seconds).rfc3339 == text)
        if seconds >= 0 { #expect(WallTime(rfc3339: text) == WallTime(seconds: seconds)) }
    }

    @Test func `every day of two centuries survives the round trip`() {
        for day in stride(from: 0, through: 84_000, by: 1) {
            let time = WallTime(seconds: day * 86_400 + 43_200)
            #expect(WallTime(time.calendar) == time)
        }
    }

    @Test(arguments: [
        ("2026-03-02T14:00:00+05:00", "2026-03-02T09:00:00.000Z"),
        ("2026-03-02T09:00:00.25Z", "2026-03-02T09:00:00.250Z"),
        ("2026-03-02 04:00:00-05:00", "2026-03-02T09:00:00.000Z"),
    ])
    func `offsets and fractions are read`(text: String, utc: String) throws {
        #expect(try #require(WallTime(rfc3339: text)).rfc3339 == utc)
    }

    @Test(arguments: [
        "", "2026", "2026-13-01T00:00:00Z", "2026-03-02T25:00:00Z", "2026-03-02T09:00:00", "x", "90000001",
    ])
    func `what is no time is refused`(text: String) {
        #expect(WallTime(rfc3339: text) == nil)
    }

    @Test func `the date header is an IMF fixdate`() {
        #expect(WallTime(seconds: 784_111_777).httpDate == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    @Test(arguments: [
        ("250ms", 250), ("10s", 10_000), ("5m", 300_000), ("2h", 7_200_000), ("30d", 2_592_000_000), ("1.5", 1_500),
        ("-1h", -3_600_000), ("0", 0),
    ])
    func `durations are spelt with a unit or in seconds`(text: String, milliseconds: Int) {
        #expect(Duration(spelling: text) == .milliseconds(milliseconds))
    }

    @Test(arguments: ["", "s", "1w", "nan", "inf", "1e300", "ten", "1 0s"])
    func `what is no duration is refused`(text: String) {
        #expect(Duration(spelling: text) == nil)
    }
}

struct FieldsTests {
    static let expected = Fields(pairs: [
        ("mobile_phone", "998901234567"), ("message", "Salom & o‘zbek\r\nx=1"), ("e", ""),
    ])

    private static let multipart = """
        --B\r\nContent-Disposition: form-data; name="mobile_phone"\r\n\r\n998901234567\r\n\
        --B\r\ncontent-disposition: form-data; name="message"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
        Salom & o‘zbek\r\nx=1\r\n--B\r\nContent-Disposition: form-data; name=e\r\n\r\n\r\n--B--\r\nepilogue
        """

    @Test(arguments: [
        (
            "application/json; charset=utf-8",
            #"{"mobile_phone":"998901234567","message":"Salom & o‘zbek\r\nx=1","e":""}"#
        ),
        (
            "application/x-www-form-urlencoded",
            "mobile_phone=998901234567&message=Salom+%26+o%E2%80%98zbek%0D%0Ax%3D1&e="
        ),
        ("multipart/form-data; boundary=B", multipart),
        ("Multipart/Form-Data; charset=utf-8; boundary=\"B\"", multipart),
    ])
    func `three encodings carry the same fields`(contentType: String, body: String) throws {
        #expect(try Fields.reading(Array(body.utf8), contentType: contentType) == Self.expected)
    }

    @Test(arguments: [nil, "text/plain", "application/octet-stream"])
    func `a body of an undeclared type is read as what it looks like`(contentType: String?) throws {
        #expect(try Fields.reading(Array(#"{"a":"1"}"#.utf8), contentType: contentType).text("a") == "1")
        #expect(try Fields.reading(Array("a=1&a=2".utf8), contentType: contentType).text("a") == "2")
    }

    @Test(arguments: [
        ("application/json", "{"), ("application/json", "[1]"), ("multipart/form-data", "--B"),
        ("application/json", ""),
        ("multipart/form-data; boundary=B", "nothing"), ("multipart/form-data; boundary=", "--\r\n"),
    ])
    func `what cannot be read has no fields`(contentType: String, body: String) throws {
        #expect(try Fields.reading(Array(body.utf8), contentType: contentType) == .none)
    }

    @Test func `a form is decoded by the charset that it states, and refused where it is none`() throws {
        let form = "application/x-www-form-urlencoded"
        let body = Array("message=%CA%EE%E4".utf8)
        #expect(try Fields.reading(body, contentType: form + "; charset=windows-1251").text("message") == "Код")
        for type in [form, form + "; charset=utf-8", form + "; charset=koi8-r"] {
            #expect(throws: FormBody.Failure.self) { try Fields.reading(body, contentType: type) }
        }
        let raw = Array("--B\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\n".utf8) + [0xCA, 0xEE, 0xE4]
        let parts = raw + Array("\r\n--B--\r\n".utf8)
        #expect(throws: FormBody.Failure.self) {
            try Fields.reading(parts, contentType: "multipart/form-data; boundary=B")
        }
    }

    @Test func `a delimiter within a line is text`() throws {
        let body = "--B\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\na --B b\r\n--Bx\r\n--B--\r\n"
        let fields = try Fields.reading(Array(body.utf8), contentType: "multipart/form-data; boundary=B")
        #expect(fields.text("message") == "a --B b\r\n--Bx")
    }

    @Test func `a whole number is one however it is written`() throws {
        let fields = try Fields.reading(
            Array(#"{"a":998901234567.0,"b":9.98901234567e11,"c":1.5}"#.utf8),
            contentType: nil
        )
        #expect(["a", "b", "c"].map { fields.text($0) } == ["998901234567", "998901234567", "1.5"])
    }

    @Test func `a broken percent escape stays as it is`() {
        #expect(URLEncoding.decode("100%&%zz%4") == "100%&%zz%4")
    }
}

struct ScheduleTests {
    @Test func `events come in order of time, then in order of scheduling`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<50 {
            var schedule = Schedule<Int>()
            var wanted: [(due: Int, order: Int)] = []
            for order in 0..<100 {
                let due = Int.random(in: 0..<20, using: &random)
                schedule.add(order, due: WallTime(seconds: due))
                wanted.append((due, order))
            }
            wanted.sort { ($0.due, $0.order) < ($1.due, $1.order) }
            var seen: [Int] = []
            while let (event, _) = schedule.popDue(at: WallTime(seconds: 20)) { seen.append(event) }
            #expect(seen == wanted.map(\.order))
            #expect(schedule.nextDue == nil)
        }
    }

    @Test func `nothing comes before its time`() {
        var schedule = Schedule<Int>()
        schedule.add(1, due: WallTime(seconds: 10))
        #expect(schedule.popDue(at: WallTime(nanoseconds: 9_999_999_999)) == nil)
        #expect(schedule.popDue(at: WallTime(seconds: 10))?.event == 1)
    }
}

struct SeededRandomTests {
    @Test func `one seed gives one sequence`() {
        var first = SeededRandom(seed: 1)
        var second = SeededRandom(seed: 1)
        #expect(first.uuid() == second.uuid())
        #expect(first.hex(64) == second.hex(64))
    }

    @Test func `an id is a version 4 UUID in lower case`() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<100 {
            let uuid = random.uuid()
            #expect(uuid.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        }
    }

    @Test func `a chance is met about as often as it says`() {
        var random = SeededRandom(seed: 1)
        let hits = (0..<10_000).filter { _ in random.chance(0.25) }.count
        #expect((2_300...2_700).contains(hits))
        let (impossible, certain) = (random.chance(0), random.chance(1))
        #expect(!impossible)
        #expect(certain)
    }
}

struct MessagePartsTests {
    @Test(arguments: [
        ("a", 160, 1, 1), ("a", 161, 1, 2), ("a", 306, 1, 2), ("a", 307, 1, 3), ("a", 459, 1, 3), ("a", 460, 1, 4),
        ("ж", 70, 8, 1), ("ж", 71, 8, 2), ("ж", 134, 8, 2), ("ж", 135, 8, 3), ("ж", 201, 8, 3), ("ж", 202, 8, 4),
        ("ä", 160, 0, 1), ("ä", 161, 0, 2), ("[", 160, 1, 1), ("€", 160, 0, 1), ("‘", 70, 8, 1), ("😀", 35, 8, 1),
        ("😀", 36, 8, 2),
    ])
    func `parts are counted as the cabinet counts them`(character: String, count: Int, encoding: Int, parts: Int) {
        let measured = MessageParts(of: String(repeating: character, count: count))
        #expect(measured.encoding == encoding)
        #expect(measured.count == parts)
    }
}

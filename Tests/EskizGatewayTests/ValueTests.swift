import EskizHTTP
import EskizQueue
import Testing

@testable import EskizGateway

/// The small decisions: JSON in, moments, preferences, disks, backlogs.
@Suite struct ValueTests {
    // MARK: JSON

    @Test(arguments: [
        ("null", RequestJSON.null), ("true", .bool(true)), (" [ ] ", .array([])), ("{}", .object([])),
        ("-0.5e+3", .number("-0.5e+3")), ("10", .number("10")), (#""""#, .string("")),
        (#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, .string("\"\\/\u{8}\u{C}\n\r\té😀")), ("\"Ў\"", .string("Ў")),
        (
            #"{"a":[1,{"b":null}]}"#,
            .object([.init(name: "a", value: .array([.number("1"), .object([.init(name: "b", value: .null)])]))])
        ),
        ("\u{FEFF}{}", .object([])),
    ])
    func `JSON is read as it is`(text: String, value: RequestJSON) throws {
        #expect(try RequestJSON(Array(text.utf8)) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "tru e", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "01", "1.", ".5", "1e", "+1", "-",
        "\"",
        "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\t\"", "\"\u{0}\"", "1 1",
        "{\"a\":1,\"a\":2}",
        "{}\u{FEFF}", "NaN", "'a'",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: RequestJSONError.self) { try RequestJSON(Array(text.utf8)) }
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(throws: RequestJSONError.self) { try RequestJSON([0x22, 0xFF, 0x22]) }
        #expect(throws: RequestJSONError.self) { try RequestJSON([0x22, 0xED, 0xA0, 0x80, 0x22]) }
    }

    @Test func `depth and doubled names are found in large documents too`() throws {
        #expect(throws: RequestJSONError.self) { try RequestJSON(Array(String(repeating: "[", count: 100_000).utf8)) }
        let members = (0..<1_000).map { "\"m\($0)\":0" }
        let unique = try RequestJSON(Array("{\(members.joined(separator: ","))}".utf8))
        guard case .object(let read) = unique else { throw RequestJSONError(reason: .syntax, offset: 0) }
        #expect(read.count == 1_000)
        let doubled = members + ["\"m500\":1"]
        #expect(throws: RequestJSONError.self) { try RequestJSON(Array("{\(doubled.joined(separator: ","))}".utf8)) }
    }

    @Test func `what is written can be read`() throws {
        let hard = "\"\\\n\r\t\u{0}\u{1F}\u{7F}é😀\u{2028}"
        let bytes = JSONWriter.object { answer in
            answer.member("a", hard)
            answer.nullable("b", String?.none)
            answer.optional("c", String?.none)
            answer.name("d")
            answer.array([1, 2]) { answer, number in answer.object { $0.member("n", number) } }
            answer.member("e", true)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(
            try JSON(text)
                == .object([
                    "a": .string(hard), "b": .null, "e": .bool(true),
                    "d": .array([.object(["n": .number(1)]), .object(["n": .number(2)])]),
                ])
        )
    }

    // MARK: Moments

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2027-01-15T08:00:00Z", 1_800_000_000_000),
        ("2027-01-15t13:00:00.25+05:00", 1_800_000_000_250), ("2000-02-29T23:59:59.9999z", 951_868_799_999),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000), ("1969-12-31T19:00:00-05:00", 0),
    ])
    func `moments of RFC 3339 are read`(text: String, milliseconds: Int64) {
        #expect(RFC3339.moment(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2027-01-15", "2027-01-15 08:00:00Z", "2027-01-15T08:00Z", "2027-13-01T00:00:00Z", "2027-02-29T00:00:00Z",
        "2027-01-15T24:00:00Z", "2027-01-15T08:00:00", "2027-01-15T08:00:00.Z", "2027-01-15T08:00:00+5:00",
        "2027-01-15T08:00:00Z ", "+027-01-15T08:00:00Z",
    ])
    func `other spellings are not`(text: String) {
        #expect(RFC3339.moment(text) == nil)
    }

    @Test func `what is written is read back to the millisecond`() {
        for day in stride(from: Int64(-719_000), through: 2_932_000, by: 997) {
            let moment = Timestamp(milliseconds: day * 86_400_000 + 45_296_789)
            #expect(RFC3339.moment(RFC3339.text(moment)) == moment)
        }
        #expect(RFC3339.text(Timestamp(milliseconds: 1_800_000_000_005)) == "2027-01-15T08:00:00.005Z")
        #expect(RFC3339.text(Timestamp(milliseconds: .max)) == "9999-12-31T23:59:59.999Z")
    }

    // MARK: Waiting

    @Test(
        arguments: [
            ("wait=10", 10), ("respond-async, Wait = \"5\"; x=y", 5), ("wait=600", 60), ("wait=0", nil), ("wait", nil),
            ("wait=1e3", nil), ("waiting=3", nil), (nil, nil), ("wait=99999999999999999999", nil),
        ] as [(String?, Int?)]
    )
    func `a preference to wait is understood or left alone`(field: String?, seconds: Int?) {
        #expect(WaitPreference(field)?.seconds == seconds)
    }

    // MARK: Disk

    @Test(arguments: [
        (0.5, Lane.bulk, false), (0.899, .bulk, false), (0.901, .bulk, true), (0.901, .transactional, false),
        (0.901, .otp, false), (0.951, .otp, true), (0.951, .transactional, true), (1, .otp, true),
    ])
    func `the disk has two watermarks`(used: Double, lane: Lane, isRefused: Bool) {
        let space = DiskSpace(total: 1_000_000, free: UInt64((1 - used) * 1_000_000))
        #expect(DiskWatermark().refuses(lane, with: space) == isRefused)
    }

    @Test func `a large disk with room is never too full`() {
        let terabyte: UInt64 = 1 << 40
        #expect(!DiskWatermark().refuses(.bulk, with: DiskSpace(total: 4 * terabyte, free: terabyte / 32)))
        #expect(
            DiskWatermark(ample: terabyte).refuses(.bulk, with: DiskSpace(total: 4 * terabyte, free: terabyte / 32))
        )
    }

    @Test func `this machine's disk can be measured`() throws {
        let space = try #require(DiskSpace.ofFileSystem(holding: "/"))
        #expect(space.total > 0)
        #expect(space.free <= space.total)
        #expect(DiskSpace.ofFileSystem(holding: "/no/such/place") == nil)
    }

    // MARK: Codes that would expire

    @Test func `a backlog must have stood for ten seconds before the pace is believed`() {
        var backlog = CodeBacklog()
        func refusal(_ waiting: Int, _ wait: Duration?, at second: Int64) -> Duration? {
            backlog.refusal(
                waiting: waiting,
                atOnce: 10,
                projectedWait: wait,
                lifetime: .seconds(120),
                elapsed: second * 1_000_000_000
            )
        }
        #expect(refusal(11, .seconds(500), at: 0) == nil)
        #expect(refusal(11, .seconds(500), at: 9) == nil)
        #expect(refusal(11, .seconds(121), at: 10) == .seconds(1))
        #expect(refusal(11, .seconds(5_000), at: 10) == .seconds(300))
        #expect(refusal(11, .seconds(120), at: 11) == nil)
        #expect(refusal(11, nil, at: 11) == nil)
        // It was worked off, and the next one begins anew.
        #expect(refusal(10, .seconds(500), at: 12) == nil)
        #expect(refusal(11, .seconds(500), at: 13) == nil)
        #expect(refusal(11, .seconds(500), at: 23) == .seconds(300))
    }
}

import Eskiz
import EskizHTTP
import EskizText
import EskizWords
import Testing

@testable import EskizCommands

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A row as Eskiz sends it (eskiz-api.md §6.1).
let recordJSON = """
    {"id":90000001,"smsc_id":2,"user_sms_id":"1001","request_id":"5b1f0c6e-1111-4222-8333-944455566677","price":95,
     "total_price":95,"nick":"4546","to":"998901234567","message":"Bu Eskiz dan test","encoding":1,"parts_count":1,
     "parts":{},"status":"DELIVERED","sent_at":"2024-05-31T22:02:27Z","delivery_sm_at":"2024-05-31T22:02:32Z"}
    """

@Suite struct AnswerTests {
    private static func decode<Value: Decodable>(_ json: String, as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(json.utf8))
    }

    private static let sent = SentMessage(id: "5b1f0c6e", status: .waiting, message: "Waiting for SMS provider")

    @Test(arguments: [
        (
            Language.english,
            """
            Eskiz took the message.
            ID:       5b1f0c6e
            To:       +998901234567
            Segments: 1 (GSM-7)
            Status:   waiting
            """
        ),
        (
            .uzbek,
            """
            Eskiz xabarni qabul qildi.
            ID:      5b1f0c6e
            Kimga:   +998901234567
            Qismlar: 1 (GSM-7)
            Holati:  navbatda (waiting)
            """
        ),
        (
            .russian,
            """
            Eskiz принял сообщение.
            ID:        5b1f0c6e
            Кому:      +998901234567
            Сегментов: 1 (GSM-7)
            Статус:    в очереди (waiting)
            """
        ),
    ])
    func `a taken message reads well in every language`(language: Language, text: String) throws {
        let answer = SendAnswer(sent: Self.sent, phone: try PhoneNumber("901234567"), text: "Salom")
        #expect(answer.text(on: Page(language: language)) == text)
        #expect(answer.status == .success)
    }

    @Test func `a taken message as a document`() throws {
        let answer = SendAnswer(sent: Self.sent, phone: try PhoneNumber("901234567"), text: "Salom")
        let expected =
            #"{"id":"5b1f0c6e","status":"waiting","message":"Waiting for SMS provider","to":"+998901234567","#
            + #""segments":1,"encoding":"gsm7"}"#
        #expect(answer.json().rendered() == expected)
    }

    @Test(arguments: [("DELIVERED", Status.success), ("REJECTED", .refused), ("UNDELIV", .refused)])
    func `waiting ends with the fate of the message`(status: String, exit: Status) throws {
        var answer = SendAnswer(sent: Self.sent, phone: try PhoneNumber("901234567"), text: nil)
        answer.final = try Self.decode(recordJSON.replacing("DELIVERED", with: status))
        #expect(answer.status == exit)
    }

    @Test func `a message that is still open is an unknown outcome`() throws {
        var answer = SendAnswer(sent: Self.sent, phone: try PhoneNumber("901234567"), text: nil)
        answer.isStillOpen = true
        #expect(answer.status == .unknownOutcome)
        #expect(answer.json()[key: "final"] == false)
    }

    @Test func `a record shows Tashkent time and money`() throws {
        let view = MessageRecordView(try Self.decode(recordJSON))
        let text = view.text(on: Page())
        #expect(text.contains("Sent:        2024-05-31 22:02:27 (Asia/Tashkent)"))
        #expect(text.contains("Price:       95 soʻm"))
        #expect(text.contains("Operator:    Beeline"))
        #expect(text.contains("To:          +998 90 *** ** 67"))
        #expect(MessageRecordView(view.record, isUnmasked: true).json()[key: "to"] == "998901234567")
        #expect(view.json()[key: "sent_at"] == "2024-05-31T17:02:27Z")
        #expect(view.json()[key: "final"] == true)
    }

    @Test func `a refused text is not success`() throws {
        let refused = try Self.decode(#"{"can_send":false,"keywords":["casino"],"info":[]}"#, as: TextCheck.self)
        #expect(CheckAnswer(check: refused).status == .refused)
        #expect(CheckAnswer(check: refused).text(on: Page()).contains("casino"))
        let good = try Self.decode(
            #"{"can_send":true,"forbidden":false,"keywords":null,"info":[{"smsc":1,"price":160,"is_ad":false}]}"#,
            as: TextCheck.self
        )
        #expect(CheckAnswer(check: good).status == .success)
        #expect(CheckAnswer(check: good).text(on: Page(language: .russian)).contains("Mobiuz"))
    }

    @Test func `a report leaves out columns that nobody filled`() throws {
        let rows = try Self.decode(
            #"[{"year":2024,"month":2,"parts":409,"spent":22594}]"#,
            as: [ReportRow].self
        )
        let text = ReportAnswer(rows: rows).text(on: Page())
        #expect(text == "Year  Month  Service segments  Service cost\n2024      2               409        22 594")
        #expect(ReportAnswer(rows: []).text(on: Page()) == "Nothing found.")
    }

    @Test func `the balance keeps its fraction`() throws {
        let answer = BalanceAnswer(balance: try #require(Decimal(string: "125000.5")))
        #expect(answer.text(on: Page()) == "Balance: 125 000.5 soʻm")
        #expect(answer.json().rendered() == #"{"balance":125000.5,"currency":"UZS"}"#)
    }

    @Test func `segments say what normalisation saves`() {
        let text = String(repeating: "oʻ", count: 40)
        let answer = SegmentsAnswer(UzbekNormalizer().normalize(text))
        #expect(answer.json()[key: "segments"] == 2)
        #expect(answer.text(on: Page()).contains("1 segment instead of 2:"))
    }

    @Test func `a failure for programs is English, for people it is theirs`() {
        let error = EskizError(
            .textNotApproved,
            "No approved template matches the text.",
            remedy: "Submit it.",
            httpStatus: 400,
            provider: "Этот смс текст еще не прошёл модерацию"
        )
        let failure = Failure(error)
        #expect(failure.status == .refused)
        let document = failure.json()[key: "error"]
        #expect(document?[key: "code"] == "text_not_approved")
        #expect(document?[key: "message"] == "No approved template matches the text.")
        #expect(document?[key: "http_status"] == 400)
        #expect(document?[key: "exit_status"] == 1)
        let russian = failure.text(on: Page(language: .russian))
        #expect(russian.hasPrefix("eskiz: Этот текст не прошёл модерацию. (HTTP 400)"))
        #expect(russian.contains("Ответ Eskiz: Этот смс текст"))
    }

    @Test func `an unknown outcome warns against repeating`() {
        let error = EskizError(.timedOut, "No answer.", remedy: "Look it up.", isOutcomeUnknown: true)
        #expect(Failure(error).text(on: Page()).contains("Do not repeat it blindly"))
        #expect(Failure(error).status == .unknownOutcome)
    }
}

@Suite struct MaskedPhoneTests {
    @Test(arguments: [
        ("998901234567", "+998 90 *** ** 67"), ("99890*******", "9989********"), ("4915112345678", "+49 *** *** 78"),
        ("12", "**"),
    ])
    func `a number nobody typed is masked`(digits: String, shown: String) {
        #expect(!MaskedPhone.of(digits).contains("12345"))
        if digits.hasPrefix("998") || digits.count < 6 { #expect(MaskedPhone.of(digits) == shown) }
    }
}

@Suite struct ArgumentTests {
    @Test(arguments: [
        ("127.0.0.1:9080", "127.0.0.1", 9080), (":0", "127.0.0.1", 0), ("localhost:80", "localhost", 80),
        ("[::1]:9080", "::1", 9080), ("0.0.0.0:65535", "0.0.0.0", 65535), ("*:8080", "*", 8080),
    ])
    func `an address is host and port`(text: String, host: String, port: Int) {
        #expect(ListenAddress(argument: text) == ListenAddress(host: host, port: port))
    }

    @Test(arguments: ["", "9080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "a:-1", "a:80x"])
    func `anything else is not`(text: String) {
        #expect(ListenAddress(argument: text) == nil)
    }

    @Test func `a browser can open what is listened on`() {
        #expect(ListenAddress(host: "0.0.0.0", port: 1).url == "http://127.0.0.1:1")
        #expect(ListenAddress(host: "::1", port: 1).url == "http://[::1]:1")
    }

    @Test(arguments: [
        ("30d", Duration.seconds(2_592_000)), ("12h", .seconds(43200)), ("90m", .seconds(5400)), ("60s", .seconds(60)),
        ("60", .seconds(60)), ("500ms", .milliseconds(500)),
    ])
    func `a lifetime has a unit`(text: String, duration: Duration) {
        #expect(Lifetime(argument: text)?.duration == duration)
    }

    @Test(arguments: ["", "0s", "-1s", "1w", "d", "1.5h", "99999999999d"])
    func `a lifetime that makes no sense is refused`(text: String) {
        #expect(Lifetime(argument: text) == nil)
    }

    @Test(arguments: [
        ("2026-11-23", 1_795_374_000.0, true), ("2026-11-23 20:01", 1_795_446_060, false),
        ("2026-11-23T20:01:05", 1_795_446_065, false),
    ])
    func `a moment is one of Tashkent`(text: String, seconds: Double, isDay: Bool) {
        let moment = TashkentMoment(argument: text)
        #expect(moment?.date.timeIntervalSince1970 == seconds)
        #expect(moment?.isDay == isDay)
    }

    @Test(arguments: ["", "yesterday", "2026-13-01", "2026-11-31", "23.11.2026", "2026-11-23 25:00"])
    func `a moment that does not exist is refused`(text: String) {
        #expect(TashkentMoment(argument: text) == nil)
    }

    @Test func `a phone that is none says why`() {
        let error = #expect(throws: EskizError.self) { try PhoneArgument.parse("12") }
        #expect(error?.code == .invalidPhone)
        #expect(error.map { Status($0) } == .usage)
    }

    @Test(arguments: ["+998 90 123-45-67", "998901234567", "901234567"])
    func `spellings of one number are the same`(text: String) throws {
        #expect(try PhoneArgument.parse(text).e164 == "+998901234567")
    }
}

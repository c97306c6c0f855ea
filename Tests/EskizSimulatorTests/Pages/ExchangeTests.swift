import Testing

@testable import EskizSimulator

struct ExchangeTests {
    private static let token = "eyJhbGciOiJIUzI1NiJ9.abcdefghijklmnopqrstuvwxyz0123456789.ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    private static let canary = "canary-7331"

    @Test(arguments: [
        #"{"email":"a@example.test","password":"canary-7331"}"#,
        #"{ "password" : "canary-7331" , "email":"a" }"#,
        #"{"Password":"canary-7331"}"#,
        #"{"password":"esc\"aped canary-7331","x":1}"#,
        #"{"password":"canary-7331"#,
        "email=a&password=canary-7331&x=1",
        "password=canary-7331",
        "/api/x?password=canary-7331&a=b",
        "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\ncanary-7331\r\n--b--\r\n",
        "--b\nContent-Disposition: form-data; name=\"password\"\n\ncanary-7331\n--b--\n",
        #"{"api_key":"canary-7331","secret":"canary-7331"}"#,
    ])
    func `a password is gone in every encoding`(body: String) {
        let shown = Redaction.redacting(body)
        #expect(!shown.contains(Self.canary), "\(shown)")
        #expect(shown.contains(Redaction.mask))
    }

    @Test(arguments: [
        #"{"email":"a@example.test"}"#, "email=a&message=parol", "", "Kod: 1", #"{"tokens":1,"keyboard":"x"}"#,
        "--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na\r\n--b--\r\n",
    ])
    func `what is no secret stays as it is`(body: String) {
        #expect(Redaction.redacting(body) == body)
    }

    @Test func `a token is a preview wherever it stands`() {
        for text in [
            #"{"data":{"token":"\#(Self.token)"}}"#, "see \(Self.token) there", "token=\(Self.token)",
            #"{"message":"\#(Self.token)"}"#,
        ] {
            let shown = Redaction.redacting(text)
            #expect(!shown.contains(Self.token.prefix(21)), "\(shown)")
            #expect(shown.contains("\(Self.token.prefix(20))…"))
        }
    }

    @Test(arguments: [
        ("Authorization", "Bearer \(token)", "Bearer \(token.prefix(20))…"),
        ("authorization", "Bearer 12345678", "Bearer 12…"),
        ("Authorization", "Bearer abc", "Bearer …"),
        ("Authorization", "Basic YTpjYW5hcnk=", Redaction.mask),
        ("Authorization", "garbage", Redaction.mask),
        ("Cookie", "session=canary", Redaction.mask),
        ("X-Request-ID", "42", "42"),
    ])
    func `headers show as much as is safe`(name: String, value: String, shown: String) {
        #expect(Redaction.redacting(.init(name: name, value: value)).value == shown)
    }

    @Test func `a body whose secret hides in an unknown spelling is not shown at all`() {
        let body = BodyExcerpt(Array("{\"passw\\u006frd\":\"canary-7331\"}".utf8), secrets: [Self.canary])
        #expect(body.isWithheld && body.text.isEmpty)
    }

    @Test(arguments: [0, 1, 2, 3])
    func `a long body is cut between characters`(offset: Int) {
        let text = String(repeating: "a", count: offset) + String(repeating: "ʻ€😀", count: 2_000)
        let body = BodyExcerpt(Array(text.utf8))
        #expect(text.hasPrefix(body.text))
        #expect(body.text.utf8.count + body.omitted == text.utf8.count)
        #expect((BodyExcerpt.limit - 3...BodyExcerpt.limit).contains(body.text.utf8.count))
    }

    @Test func `only the newest exchanges are kept`() {
        var log = ExchangeLog(limit: 8)
        for number in 1...100 { log.keep(Exchange(request: .init(method: "GET", target: "/")), ofCall: number) }
        #expect(log[100] != nil && log[93] != nil)
        #expect(log[90] == nil && log[1] == nil)
    }

    @Test func `calls keep their numbers when old ones are forgotten`() {
        var ledger = Ledger(limit: 10)
        for number in 1...30 {
            let call = Ledger.Call(
                time: WallTime(seconds: number),
                method: "GET",
                route: "\(number)",
                what: "x"
            )
            #expect(ledger.record(call) == number)
        }
        #expect(ledger[30]?.route == "30")
        #expect(ledger[ledger.firstNumber]?.route == "\(ledger.firstNumber)")
        #expect(ledger[1] == nil && ledger[31] == nil)
    }

    @Test func `a command quotes whatever the shell would read`() {
        let request = Exchange.Request(
            method: "POST",
            target: "/api/message/sms/send?a=b c",
            headers: [
                .init(name: "Authorization", value: "Bearer abc…"), .init(name: "Host", value: "127.0.0.1"),
                .init(name: "Content-Type", value: "application/json"),
            ],
            body: BodyExcerpt(Array("{\"message\":\"it's $(reboot) `x`\"}".utf8))
        )
        let text = CurlCommand.text(for: request, origin: "http://127.0.0.1:1", email: "demo@example.test")
        #expect(text.contains(#"'{"message":"it'\''s $(reboot) `x`"}'"#))
        #expect(text.contains("'http://127.0.0.1:1/api/message/sms/send?a=b c'"))
        #expect(text.contains("\"Authorization: Bearer $TOKEN\""))
        #expect(text.hasPrefix("TOKEN=$(curl"))
        #expect(!text.contains("Host:") && !text.contains("abc…"))
    }

    @Test(arguments: [
        (
            #"{"email":"demo@example.test","password":"it's"}"#,
            #"--data-raw '{"email":"demo@example.test","password":"'"$KEY"'"}'"#
        ),
        ("email=demo%40example.test&password=secret", #"--data-raw 'email=demo%40example.test&password='"$KEY"''"#),
    ])
    func `a command that needs a password asks for it`(body: String, data: String) {
        let request = Exchange.Request(
            method: "POST",
            target: "/api/auth/login",
            body: BodyExcerpt(Array(body.utf8))
        )
        let text = CurlCommand.text(for: request, origin: "http://127.0.0.1:1", email: "demo@example.test")
        #expect(text.hasPrefix(": \"${KEY:?first: KEY=<the API key of demo@example.test>}\" &&\ncurl "))
        #expect(text.contains(data))
        #expect(!text.contains(Redaction.mask))
    }
}

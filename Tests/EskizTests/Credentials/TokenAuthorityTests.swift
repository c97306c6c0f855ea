import Eskiz
import EskizTesting
import Testing

/// Login and refresh on the wire, and what their answers mean.
struct TokenAuthorityTests {
    enum Meaning: Sendable, Equatable {
        case issued(serverTime: Int64?)
        case refused(EskizError.Code?)
        case withoutToken
        case failed(isAmbiguous: Bool)

        init(_ answer: CredentialAnswer) {
            switch answer {
            case .issued(_, let serverTime): self = .issued(serverTime: serverTime)
            case .refused(let error): self = .refused(error.code)
            case .withoutToken: self = .withoutToken
            case .failed(_, let isAmbiguous): self = .failed(isAmbiguous: isAmbiguous)
            }
        }
    }

    private static func body(_ message: String = "token_generated", token: String = SampleToken.jwt(1)) -> String {
        #"{"message":"\#(message)","data":{"token":"\#(token)"},"token_type":"bearer"}"#
    }

    private static let answers: [(status: Int, body: String, meaning: Meaning)] = [
        (200, body(), .issued(serverTime: nil)),
        (200, body("token_refreshed"), .issued(serverTime: nil)),
        (200, body("something new"), .issued(serverTime: nil)),
        (201, body(), .issued(serverTime: nil)),
        (200, #"{"data":{"token":"\#(SampleToken.jwt(1))"}}"#, .issued(serverTime: nil)),
        (200, body(token: ""), .withoutToken),
        (200, body(token: "not a token"), .withoutToken),
        // Of another make: no dates to read, and a token all the same.
        (200, body(token: "12|xJ4pQ0aZ7bN2cM9dK5eL8fH1gS3iW6oR"), .issued(serverTime: nil)),
        (200, body(token: "a.b.c"), .issued(serverTime: nil)),
        (200, #"{"message":"token_generated","data":{}}"#, .withoutToken),
        (200, #"{"message":"token_generated","data":{"token":null}}"#, .withoutToken),
        (200, #"{"message":"token_generated","data":{"token":12}}"#, .withoutToken),
        (200, #"{"message":"token_generated","data":[]}"#, .withoutToken),
        (200, #"{"status":"error","message":"blocked"}"#, .withoutToken),
        (200, "", .failed(isAmbiguous: true)),
        (200, "<!doctype html><title>Eskiz</title>", .failed(isAmbiguous: true)),
        (200, String(body().dropLast(9)), .failed(isAmbiguous: true)),
        (408, "", .failed(isAmbiguous: true)),
        (425, "", .failed(isAmbiguous: true)),
        (429, "", .failed(isAmbiguous: false)),
        (500, body(), .failed(isAmbiguous: true)),
        (502, "<html>", .failed(isAmbiguous: true)),
        (503, "", .failed(isAmbiguous: true)),
        (504, "", .failed(isAmbiguous: true)),
    ]

    @Test(arguments: answers)
    func `an answer means one thing`(answer: (status: Int, body: String, meaning: Meaning)) {
        let response = TransportResponse(status: answer.status, body: Array(answer.body.utf8))
        #expect(Meaning(TokenAuthority.classify(response)) == answer.meaning, "\(answer.status) \(answer.body)")
    }

    @Test(arguments: [301, 302, 400, 401, 403, 404, 405, 409, 422])
    func `a definite no is a refusal, whatever the body says`(status: Int) {
        for body in ["", "<html>", Self.body(), #"{"message":"Expired","status":"error"}"#] {
            let answer = TokenAuthority.classify(TransportResponse(status: status, body: Array(body.utf8)))
            guard case .refused(let error) = answer else {
                Issue.record("\(status) \(body): \(answer)")
                continue
            }
            #expect(error.httpStatus == status)
        }
    }

    @Test func `the server's own time is read from the Date header`() {
        let response = TransportResponse(
            status: 200,
            headers: [TransportHeader("DATE", "Sun, 06 Nov 1994 08:49:37 GMT")],
            body: Array(Self.body().utf8)
        )
        #expect(Meaning(TokenAuthority.classify(response)) == .issued(serverTime: 784_111_777))
        let odd = TransportResponse(
            status: 200,
            headers: [TransportHeader("Date", "yesterday")],
            body: Array(Self.body().utf8)
        )
        #expect(Meaning(TokenAuthority.classify(odd)) == .issued(serverTime: nil))
    }

    @Test func `Retry-After of a 429 is kept`() {
        let answer = TokenAuthority.classify(
            TransportResponse(status: 429, headers: [TransportHeader("Retry-After", "17")])
        )
        guard case .failed(let error, _) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(error.retryAfter == .seconds(17))
    }

    @Test func `no answer repeats a token`() {
        let token = SampleToken.jwt(1)
        for status in [200, 401, 500] {
            // A token where none is expected.
            let body = #"{"message":"\#(token)","token":"\#(token)"}"#
            let answer = TokenAuthority.classify(TransportResponse(status: status, body: Array(body.utf8)))
            var text = ""
            dump(answer, to: &text)
            #expect(!text.contains(token), "\(status)")
            #expect(!"\(answer)".contains(token), "\(status)")
        }
    }

    // MARK: On the wire

    private static func authority(_ transport: ScriptedTransport) throws -> TokenAuthority {
        TokenAuthority(transport: transport, baseURL: try KeeperBench.baseURL, timeout: .seconds(7))
    }

    @Test func `a refresh is a PATCH without a body, signed with the token`() async throws {
        let transport = ScriptedTransport()
        transport.on("PATCH", "auth/refresh", .token(SampleToken.jwt(2)))
        let token = try #require(BearerToken(SampleToken.jwt(1)))
        let answer = try await Self.authority(transport).refresh(token)
        #expect(Meaning(answer) == .issued(serverTime: nil))
        let request = try #require(transport.requests.first)
        #expect(transport.requests.count == 1)
        #expect(request.request.url == "https://notify.eskiz.uz/api/auth/refresh")
        #expect(request.token == SampleToken.jwt(1))
        #expect(request.request.body.isEmpty)
        #expect(request.header("content-type") == nil)
        #expect(request.request.timeout == .seconds(7))
    }

    @Test func `a login is a form with e-mail and key, without a token`() async throws {
        let transport = ScriptedTransport()
        transport.on("POST", "auth/login", .token(SampleToken.jwt(1)))
        let login = LoginCredentials(email: "demo+one@example.test", password: Redacted("k&y=1 %"))
        let answer = try await Self.authority(transport).logIn(login)
        #expect(Meaning(answer) == .issued(serverTime: nil))
        let request = try #require(transport.requests.first)
        #expect(transport.requests.count == 1)
        #expect(request.request.url == "https://notify.eskiz.uz/api/auth/login")
        #expect(request.form == ["email": "demo+one@example.test", "password": "k&y=1 %"])
        #expect(request.header("authorization") == nil)
        #expect(request.header("content-type") == "application/x-www-form-urlencoded")
    }

    @Test(arguments: TransportError.Reason.allCases, [TransportError.Progress.sent, .notSent])
    func `without an answer it counts how far the request got, and nothing is repeated`(
        reason: TransportError.Reason,
        progress: TransportError.Progress
    ) async throws {
        let transport = ScriptedTransport()
        transport.on("PATCH", "auth/refresh", .fail(reason, progress: progress))
        let token = try #require(BearerToken(SampleToken.jwt(1)))
        let answer = try await Self.authority(transport).refresh(token)
        #expect(Meaning(answer) == .failed(isAmbiguous: progress == .sent))
        #expect(transport.requests.count == 1)
    }
}

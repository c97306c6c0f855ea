import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizText
import EskizWords
import HTTPTypes
import Testing

/// Somebody with a browser at the operator's pages: keeps the cookies, sends forms.
struct PageVisitor {
    /// What no page, no line of the audit and no line of the log may hold.
    static let text = "canary-text 4711"
    static let phone = "998901234567"

    let caller: GatewayCaller
    private let session: String
    let csrf: String

    /// Signs in.
    init(_ caller: GatewayCaller, key: String = GatewayHarness.adminKey) async throws {
        self.caller = caller
        let answer = try await caller.call(
            .post,
            "/sign-in",
            "key=\(key)",
            key: nil,
            contentType: "application/x-www-form-urlencoded",
            headers: ["Sec-Fetch-Site": "same-origin"]
        )
        #expect(answer.status == 303)
        session = try String(#require(answer.header("Set-Cookie")).prefix { $0 != ";" })
        let page = try await caller.call(.get, "/messages", key: nil, headers: ["Cookie": session])
        csrf = try #require(Self.value(of: "csrf", in: page.text))
    }

    func get(_ path: String, language: String = "en") async throws -> Answer {
        let answer = try await caller.call(
            .get,
            path,
            key: nil,
            headers: ["Cookie": session, "Accept-Language": language]
        )
        #expect(!answer.text.contains("canary"), "\(path)")
        #expect(!answer.text.contains(">false<") && !answer.text.contains("value=\"false\""), "\(path)")
        return answer
    }

    func post(
        _ path: String,
        _ fields: [(String, String)],
        csrf: String? = nil,
        site: String = "same-origin"
    ) async throws -> Answer {
        let all = fields + [("csrf", csrf ?? self.csrf)]
        let body = all.map { "\(Self.escaped($0.0))=\(Self.escaped($0.1))" }.joined(separator: "&")
        return try await caller.call(
            .post,
            path,
            body,
            key: nil,
            contentType: "application/x-www-form-urlencoded",
            headers: ["Cookie": session, "Sec-Fetch-Site": site]
        )
    }

    /// Sends a form and goes where it leads: the page there, with what it says of the action.
    func act(_ path: String, _ fields: [(String, String)]) async throws -> Answer {
        let answer = try await post(path, fields)
        #expect(answer.status == 303, "\(answer.text)")
        let cookies = answer.headers[values: .setCookie].map { $0.prefix { $0 != ";" } }
        return try await caller.call(
            .get,
            #require(answer.header("Location")),
            key: nil,
            headers: ["Cookie": ([session] + cookies.map { String($0) }).joined(separator: "; ")]
        )
    }

    static func value(of name: String, in html: String) -> String? {
        guard let start = html.firstRange(of: "name=\"\(name)\" value=\"") else { return nil }
        return String(html[start.upperBound...].prefix { $0 != "\"" })
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

extension Answer {
    /// The numbers of the messages that the page lists, in its order.
    var listed: [String] {
        text.split(separator: "<li id=\"m-").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }

    /// What the page says of the last action; nil if nothing.
    var notice: String? {
        guard let start = text.firstRange(of: "<p class=\"notice") else { return nil }
        let rest = text[start.upperBound...].drop { $0 != ">" }.dropFirst()
        return String(rest.prefix { $0 != "<" })
    }
}

extension GatewayHarness {
    /// Messages as if an application had sent them.
    func accept(
        _ count: Int = 1,
        lane: Lane = .transactional,
        phone: String = PageVisitor.phone,
        reference: String? = nil,
        webhookURL: String? = nil,
        sendAfter: Duration? = nil
    ) async throws -> [Message] {
        let new = NewMessage(
            lane: lane,
            phone: phone,
            text: PageVisitor.text,
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            reference: reference,
            apiKeyID: "k_1",
            webhookURL: webhookURL,
            sendAt: sendAfter.map { clock.timestamp + $0 }
        )
        let acceptance = try await queue.accept(Array(repeating: new, count: count))
        guard case .accepted(let messages, _) = acceptance else {
            Issue.record("refused")
            return []
        }
        return messages
    }

    static let failure = MessageError(code: "server_error", message: "Eskiz did not answer.", httpStatus: 502)

    /// Messages of which nobody can say whether Eskiz has them.
    func unknown(_ count: Int = 1) async throws -> [Message] {
        let messages = try await accept(count)
        try await settle(claim(count), .unknown(Self.failure, reconcileAt: clock.timestamp + .seconds(60)))
        return messages
    }

    /// Who did what: action, message and detail, newest first; and never a phone or a text.
    func audited() async throws -> [String] {
        let lines = try await store.auditLines(AuditSearch(limit: 1_000))
        for line in lines {
            #expect(line.detail?.contains("canary") != true)
            #expect(line.detail?.contains("1234567") != true)
            #expect(line.at == clock.timestamp)
        }
        return lines.map { line in
            ([line.action] + [line.messageID?.text, line.detail].compactMap { $0 }).joined(separator: " | ")
        }
    }
}

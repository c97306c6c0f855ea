import EskizPages
import Testing

@testable import EskizSimulator

/// Pages of a provider on the bench, without HTTP.
struct PageBench {
    var bench: ProviderBench
    let renderer: PageRenderer

    init(_ behaviour: JSON = [:], account: JSON? = ProviderBench.demo) throws {
        bench = try ProviderBench(behaviour, account: account)
        renderer = try PageRenderer()
    }

    static func visit(_ path: String = "/", query: [(String, String)] = [], language: String = "en") -> PageVisit {
        PageVisit(
            path: path,
            query: Fields(pairs: query),
            preferences: PagePreferences(
                cookiePrefix: "eskiz-simulator",
                query: { _ in nil },
                cookie: nil,
                acceptLanguage: language
            ),
            origin: "http://127.0.0.1:9080"
        )
    }

    func page(_ path: String = "/", query: [(String, String)] = [], language: String = "en") -> Answer {
        let visit = Self.visit(path, query: query, language: language)
        let segments = path.split(separator: "/").map(String.init)
        return renderer.answer(Page(at: segments, visit, bench.provider, bench.now), visit)
    }

    func html(_ path: String = "/", query: [(String, String)] = [], language: String = "en") -> String {
        String(decoding: page(path, query: query, language: language).body, as: UTF8.self)
    }

    /// Sends a message with everything that the pages can show of a call, and gives back its number.
    mutating func send(_ text: String) throws -> Int {
        _ = try bench.send([("message", .string(text))])
        let message = try #require(bench.provider.messages.oldestFirst.last)
        let body: JSON = ["mobile_phone": .string(message.to), "message": .string(text)]
        bench.provider.ledger.keep(
            Exchange(
                request: .init(
                    method: "POST",
                    target: "/api/message/sms/send",
                    headers: [.init(name: "Authorization", value: "Bearer abc…")],
                    body: BodyExcerpt(body.bytes)
                ),
                reply: .init(.json(["message": .string(text)]))
            ),
            ofCall: message.callNumber
        )
        return message.id
    }

    /// A provider with something on every page: messages in every state, a renewal, faults, a template, changed switches.
    static func busy() throws -> PageBench {
        var page = try PageBench()
        _ = try page.send("Tasdiqlash kodi: 482915")
        page.bench.pass(.seconds(1))
        _ = try page.bench.send([("mobile_phone", "998900000101"), ("message", "Код: 1234")])
        page.bench.pass(.seconds(1))
        _ = page.bench.provider.tokens.expireAll()
        _ = try page.bench.send()
        #expect(try page.bench.refresh() == nil)
        try page.bench.logIn()
        _ = try page.bench.send()
        _ = try page.bench.call("POST", "user/template", ["template": "Kod: 1"])
        try page.bench.set(["old_token": "revoked", "modes": ["M12"]])
        _ = try page.bench.provider.faults.add(["route": "*", "outcome": 503])
        _ = try page.bench.provider.faults.add(["route": "auth/*", "method": "post", "outcome": "silence", "times": 2])
        return page
    }

    static let paths = ["/", "/calls", "/calls/1", "/calls/2", "/controls", "/messages/90000001", "/messages/1"]
}

import Testing

@testable import EskizSimulator

/// The rules on a bench: a clock that a test moves by hand, and calls without HTTP.
struct ProviderBench {
    var provider: Provider
    /// 2026-03-02, 14:00 in Tashkent.
    var now = WallTime(.init(year: 2026, month: 3, day: 2, hour: 9))
    var bearer = Bearer.missing
    /// Reports that came due, in order.
    var reports: [CallbackJob] = []

    static let demo: JSON = ["email": "demo@example.test", "password": "demo-key"]
    static let test: JSON = ["email": "test@example.test", "password": "test-key"]
    static let wrong: JSON = ["email": "demo@example.test", "password": "wrong"]
    static let phone = "998901234567"

    init(
        _ behaviour: JSON = [:],
        account: JSON? = ProviderBench.demo,
        lifetime: Duration = .seconds(30 * 86_400),
        messageLimit: Int = 1_000
    ) throws {
        provider = Provider(
            configuration: .init(tokenLifetime: lifetime, messageLimit: messageLimit),
            seed: 7,
            at: now
        )
        if let account { try logIn(account) }
        try set(behaviour)
    }

    mutating func set(_ behaviour: JSON) throws {
        try provider.setBehaviour(behaviour)
    }

    @discardableResult
    mutating func handle(
        _ method: String,
        _ route: String,
        _ fields: JSON = [:],
        query: [(String, String)] = [],
        as bearer: Bearer? = nil,
        fault: FaultOutcome? = nil
    ) -> Handling {
        var call = Call(method: method, route: route)
        call.fields = Fields(document: fields)
        call.query = Fields(pairs: query)
        call.bearer = bearer ?? self.bearer
        call.origin = "http://127.0.0.1:9080"
        call.fault = fault
        let handling = provider.receive(call, at: now)
        reports += handling.reports
        return handling
    }

    /// The answer of a call that answers with one.
    mutating func call(
        _ method: String,
        _ route: String,
        _ fields: JSON = [:],
        query: [(String, String)] = [],
        as bearer: Bearer? = nil
    ) throws -> (status: Int, body: JSON) {
        guard case .answer(let answer) = handle(method, route, fields, query: query, as: bearer).reply else {
            throw Unexpected.token
        }
        return (answer.status, JSON(parsing: answer.body) ?? .string(String(decoding: answer.body, as: UTF8.self)))
    }

    /// The claims of a call that answers with a token, or nil.
    mutating func claims(
        _ method: String,
        _ route: String,
        _ fields: JSON = [:],
        as bearer: Bearer? = nil
    ) throws -> TokenClaims? {
        guard case .token(let claims, _) = handle(method, route, fields, as: bearer).reply else { return nil }
        return claims
    }

    @discardableResult
    mutating func logIn(_ account: JSON = ProviderBench.demo) throws -> Bearer {
        bearer = .ours(sign: try issued(account).sign)
        return bearer
    }

    /// The claims of a login, which must succeed.
    mutating func issued(_ account: JSON = ProviderBench.demo) throws -> TokenClaims {
        let claims = try claims("POST", "auth/login", account)
        return try #require(claims)
    }

    mutating func refresh(as bearer: Bearer? = nil) throws -> TokenClaims? {
        try claims("PATCH", "auth/refresh", as: bearer)
    }

    /// The new token of a refresh, which must succeed.
    mutating func refreshed() throws -> Bearer {
        let claims = try refresh()
        return .ours(sign: try #require(claims).sign)
    }

    /// Whether the token is accepted.
    mutating func works(_ bearer: Bearer) throws -> Bool {
        try call("GET", "user/get-limit", as: bearer).status == 200
    }

    /// Sends one message and gives back the answer.
    mutating func send(_ changes: [(String, JSON)] = []) throws -> (status: Int, body: JSON) {
        var fields: [JSON.Member] = [
            .init(name: "mobile_phone", value: .string(Self.phone)), .init(name: "message", value: "Salom"),
            .init(name: "from", value: "4546"),
        ]
        for (name, value) in changes {
            fields.removeAll { $0.name == name }
            fields.append(.init(name: name, value: value))
        }
        return try call("POST", "message/sms/send", .object(fields))
    }

    mutating func sentID(_ changes: [(String, JSON)] = []) throws -> String {
        let sent = try send(changes)
        return try #require(sent.body["id"]?.text)
    }

    mutating func pass(_ duration: Duration) {
        now = now + duration
        reports += provider.advance(to: now)
    }

    mutating func row(_ id: String) throws -> JSON {
        let body = try call("GET", "message/sms/status_by_id/\(id)").body
        return try #require(body["data"])
    }

    enum Unexpected: Error { case token }
}

extension JSON {
    /// The names of the members, in order.
    var names: [String] {
        guard case .object(let members) = self else { return [] }
        return members.map(\.name)
    }

    var elements: [JSON] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }

    /// The same shape with every value replaced by its kind, for comparing with a printed sample.
    var shape: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .double: "double"
        case .string: "string"
        case .array(let elements): "[\(elements.first?.shape ?? "")]"
        case .object(let members): "{\(members.map { "\($0.name):\($0.value.shape)" }.joined(separator: ","))}"
        }
    }
}

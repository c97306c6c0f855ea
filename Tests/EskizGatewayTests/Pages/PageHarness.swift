import EskizTesting
import HTTPTypes
import Testing

@testable import EskizGateway

extension GatewayCaller {
    /// A form, as a browser sends it from a page of ours.
    func form(
        _ path: String,
        _ fields: String,
        cookie: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var headers = headers.merging(["Sec-Fetch-Site": "same-origin"]) { own, _ in own }
        headers["Cookie"] = cookie
        return try await call(
            .post,
            path,
            fields,
            key: nil,
            contentType: "application/x-www-form-urlencoded",
            headers: headers
        )
    }

    /// Signs in: what the browser sends as `Cookie` from then on.
    func signIn(_ key: String = GatewayHarness.adminKey) async throws -> String {
        let answer = try await form("/sign-in", "key=\(key)")
        #expect(answer.status == 303)
        let cookie = try #require(answer.header("Set-Cookie"))
        return String(cookie.prefix { $0 != ";" })
    }

    /// A page, as a browser asks for it.
    func page(_ path: String, cookie: String?, headers: [String: String] = [:]) async throws -> Answer {
        var headers = headers
        headers["Cookie"] = cookie
        headers["Accept"] = headers["Accept"] ?? "text/html,application/xhtml+xml"
        return try await call(.get, path, nil, key: nil, headers: headers)
    }

    /// The token that forms of this session bring along.
    func formToken(cookie: String) async throws -> String {
        let page = try await page("/", cookie: cookie)
        let parts = page.text.split(separator: #"name="csrf" value=""#, maxSplits: 1)
        return String(try #require(parts.last).prefix { $0 != "\"" })
    }
}

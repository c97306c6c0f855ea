import Eskiz

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The simulator's own API, as somebody with curl would use it.
struct SimulatorControl: Sendable {
    let address: String
    let transport: any HTTPTransport

    /// One call of Eskiz's API that the simulator has answered.
    struct Call: Decodable, Sendable, Equatable {
        let method: String
        let route: String
        let status: Int?

        var line: String { "\(method) /\(route)" }
    }

    /// Everything the simulator was asked so far.
    struct Ledger: Decodable, Sendable {
        let logins: Int
        let refreshes: Int
        let calls: [Call]
    }

    /// A message on the simulated phone.
    struct InboxMessage: Decodable, Sendable {
        let text: String
    }

    /// A token of the demo account, as if somebody had fetched it earlier.
    func issueToken() async throws -> String {
        struct Issued: Decodable { let token: String }
        return try await call("POST", "tokens", body: #"{"expires_in":2592000}"#, as: Issued.self).token
    }

    /// Every token issued so far is expired now.
    func expireTokens() async throws {
        _ = try await answer("POST", "tokens/expire", body: "")
    }

    func ledger() async throws -> Ledger {
        try await call("GET", "ledger", as: Ledger.self)
    }

    /// The newest message to a number, and how many there are.
    func inbox(of digits: String) async throws -> [InboxMessage] {
        let document = try await answer("GET", "messages?to=\(digits)&limit=100")
        if let list = try? JSONDecoder().decode([InboxMessage].self, from: document) { return list }
        struct Page: Decodable { let messages: [InboxMessage] }
        return try JSONDecoder().decode(Page.self, from: document).messages
    }

    /// Whose phone each message has come to.
    func phones(upTo limit: Int) async throws -> [String] {
        struct Message: Decodable { let to: String }
        let document = try await answer("GET", "messages?limit=\(limit)")
        if let list = try? JSONDecoder().decode([Message].self, from: document) { return list.map(\.to) }
        struct Page: Decodable { let messages: [Message] }
        return try JSONDecoder().decode(Page.self, from: document).messages.map(\.to)
    }

    private func call<Value: Decodable>(
        _ method: String,
        _ path: String,
        body: String = "",
        as type: Value.Type
    ) async throws -> Value {
        try JSONDecoder().decode(type, from: await answer(method, path, body: body))
    }

    private func answer(_ method: String, _ path: String, body: String = "") async throws -> Data {
        let response = try await transport.execute(
            TransportRequest(
                method: method,
                url: "\(address)/_simulator/\(path)",
                headers: body.isEmpty ? [] : [TransportHeader("Content-Type", "application/json")],
                body: Array(body.utf8),
                timeout: .seconds(10)
            )
        )
        guard (200..<300).contains(response.status) else {
            throw EskizError(
                .internalError,
                "The simulator answered \(response.status) to \(method) /_simulator/\(path).",
                remedy: "Please report it."
            )
        }
        return Data(response.body)
    }
}

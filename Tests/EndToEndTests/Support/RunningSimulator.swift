import Eskiz
import Subprocess
import SystemPackage
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `eskiz simulate` in a process of its own, and its control API.
struct RunningSimulator: Sendable {
    /// `http://127.0.0.1:40123`.
    let address: String
    let transport: AsyncHTTPClientTransport

    /// The settings of the account that may send anything.
    var account: [String: String?] {
        [
            "ESKIZ_BASE_URL": address + "/api", "ESKIZ_EMAIL": "demo@example.test", "ESKIZ_PASSWORD": "demo-key",
        ]
    }

    struct Ledger: Decodable, Sendable {
        struct Call: Decodable, Sendable {
            let method: String
            let route: String
            let status: Int?
            let fault: String?

            var line: String { "\(method) \(route) \(status.map(String.init) ?? "-")" }
        }

        let logins: Int
        let refreshes: Int
        let sends_accepted: Int
        let calls: [Call]

        /// What happened on the routes that matter here, in order.
        var story: [String] {
            calls.map(\.line).filter { $0.contains("auth/") || $0.contains("sms/send") }
                .filter { !$0.contains("auth/user") }
        }
    }

    struct Message: Decodable, Sendable {
        let id: String
        let text: String
        let code: String?
    }

    func ledger() async throws -> Ledger {
        try JSONDecoder().decode(Ledger.self, from: Data(try await call("GET", "ledger").body))
    }

    func inbox() async throws -> [Message] {
        let body = Data(try await call("GET", "messages").body)
        struct Page: Decodable { let messages: [Message] }
        return try (try? JSONDecoder().decode([Message].self, from: body))
            ?? JSONDecoder().decode(Page.self, from: body).messages
    }

    func issueToken(_ lifetime: String = "30d") async throws -> String {
        struct Issued: Decodable { let token: String }
        let answer = try await call("POST", "tokens", #"{"expires_in": "\#(lifetime)"}"#)
        return try JSONDecoder().decode(Issued.self, from: Data(answer.body)).token
    }

    func expireTokens() async throws {
        try await call("POST", "tokens/expire")
    }

    func addFault(_ route: String, _ outcome: String, times: Int = 1) async throws {
        try await call("POST", "faults", #"{"route": "\#(route)", "outcome": \#(outcome), "times": \#(times)}"#)
    }

    /// Changes switches of docs/simulator.md, given as JSON.
    func behave(_ switches: String) async throws {
        try await call("PUT", "behaviour", switches)
    }

    /// Returns when a request has met a fault.
    func waitForFault() async throws {
        while try await !ledger().calls.contains(where: { $0.fault != nil }) { await Task.yield() }
    }

    @discardableResult
    func call(_ method: String, _ path: String, _ body: String = "") async throws -> TransportResponse {
        let response = try await transport.execute(
            TransportRequest(
                method: method,
                url: "\(address)/_simulator/\(path)",
                headers: body.isEmpty ? [] : [TransportHeader("Content-Type", "application/json")],
                body: Array(body.utf8)
            )
        )
        try #require((200..<300).contains(response.status), "\(method) \(path): \(response.status)")
        return response
    }
}

/// Starts `eskiz simulate`, gives it to the body, and ends it as an operator would.
func withSimulator(
    _ arguments: [String] = [],
    _ body: @escaping (Sandbox, RunningSimulator) async throws -> Void
) async throws {
    try await withSandbox { sandbox in
        let result = try await Subprocess.run(
            .path(Product.path),
            arguments: Arguments(["simulate", "--listen", "127.0.0.1:0"] + arguments),
            environment: sandbox.environment(),
            workingDirectory: sandbox.folder,
            input: .none,
            output: .sequence,
            error: .string(limit: 1 << 20)
        ) { execution in
            for try await line in execution.standardOutput.strings() {
                let prefix = "listening "
                guard line.hasPrefix(prefix) else {
                    Issue.record("unexpected line \(line)")
                    break
                }
                let address = line.dropFirst(prefix.count).filter { !$0.isNewline }
                let simulator = RunningSimulator(address: String(address), transport: AsyncHTTPClientTransport())
                do {
                    var sandbox = sandbox
                    for (name, value) in simulator.account { sandbox.environment[name] = value }
                    try await body(sandbox, simulator)
                } catch {
                    await simulator.transport.shutdown()
                    try execution.send(signal: .terminate)
                    throw error
                }
                await simulator.transport.shutdown()
                break
            }
            try execution.send(signal: .terminate)
        }
        #expect(result.terminationStatus == .exited(0), "\(result.standardError)")
    }
}

import Eskiz
import SystemPackage
import Testing

/// Invariant L4: what the server does with old tokens changes how many calls are made, and never whether a message goes
/// out.
///
/// The switches are those of docs/simulator.md.
@Suite(.timeLimit(.minutes(3))) struct ServerModeTests {
    private static let modes = [
        "{}",
        #"{"old_token": "revoked"}"#,
        #"{"old_token": "revoked", "old_token_grace": "5m"}"#,
        #"{"login_revokes_others": true}"#,
        #"{"login_revokes_others": true, "old_token": "revoked"}"#,
        #"{"refresh_expired": "allow"}"#,
        #"{"refresh_same_token": true}"#,
        #"{"refresh_horizon": 0}"#,
        #"{"refresh_message": "token_refreshed"}"#,
        #"{"replica_lag": "2s"}"#,
        #"{"unauthorized_body": "gen1"}"#,
        #"{"unauthorized_body": "gen2"}"#,
        #"{"unauthorized_body": "gen2_underscore"}"#,
        #"{"clock_offset": "400d"}"#,
        #"{"clock_offset": "-400d"}"#,
        #"{"auth_answer_on": "refresh", "auth_answer": "403"}"#,
        #"{"auth_answer_on": "refresh", "auth_answer": "200_error"}"#,
        #"{"auth_answer_on": "refresh", "auth_answer": "empty_token"}"#,
        #"{"auth_answer_on": "refresh", "auth_answer": "no_token"}"#,
        #"{"auth_answer_on": "refresh", "auth_answer": "expired_token"}"#,
        #"{"auth_answer_on": "refresh", "auth_answer": "html"}"#,
        #"{"auth_answer_on": "refresh", "auth_answer": "502"}"#,
        #"{"auth_answer_on": "refresh", "auth_answer": "no_exp"}"#,
    ]

    /// Six modes at a time: each waits for its own pauses between renewals, and has a simulator of its own.
    @Test func `L4 messages that meet a dead token go out once, whatever the server does`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, mode) in Self.modes.enumerated() {
                if index >= 6 { try await group.next() }
                group.addTask { try await Self.sendAcrossRenewals(mode) }
            }
            try await group.waitForAll()
        }
    }

    private static func sendAcrossRenewals(_ mode: String) async throws {
        try await withSimulator { sandbox, simulator in
            try await simulator.behave(mode)
            try await withEskizClient(configuration: configuration(sandbox, simulator)) { eskiz in
                try await eskiz.send("Birinchi", to: "901234567")
                try await simulator.expireTokens()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 1...20 {
                        group.addTask { try await eskiz.send("Salom \(number)", to: "901234567") }
                    }
                    try await group.waitForAll()
                }
                try await eskiz.renewToken()
                try await eskiz.send("Oxirgi", to: "901234567")
            }
            let texts = try await simulator.inbox().map(\.text)
            #expect(texts.count == 22 && Set(texts).count == 22, "\(mode)")
            // The first login, one renewal for twenty messages, and one by hand: each a refresh and a login at the most.
            let calls = try await simulator.ledger().calls.filter { $0.route.hasPrefix("auth/") }
            #expect(calls.count <= 5, "\(mode): \(calls.map(\.line))")
        }
    }

    @Test func `B10 a message meets a dead token and then a server that does not know the new one yet`() async throws {
        try await withSimulator { sandbox, simulator in
            try await simulator.behave(#"{"replica_lag": "1s", "replica_lag_share": 1}"#)
            let token = try await simulator.issueToken()
            try await simulator.expireTokens()
            let sent = try await sandbox.eskiz("send", "901234567", "Salom", setting: ["ESKIZ_TOKEN": token])
            #expect(sent.status == 0, "\(sent)")
            #expect(try await simulator.inbox().count == 1)
            #expect(try await simulator.ledger().logins == 1)
        }
    }

    @Test func `B11 tokens that are expired again and again hold back no message`() async throws {
        try await withSimulator { sandbox, simulator in
            try await withEskizClient(configuration: Self.configuration(sandbox, simulator)) { eskiz in
                for number in 1...2 {
                    try await eskiz.send("Salom \(number)", to: "901234567")
                    try await simulator.expireTokens()
                }
            }
            for number in 3...4 {
                let sent = try await sandbox.eskiz("send", "901234567", "Salom \(number)")
                #expect(sent.status == 0, "\(sent)")
                try await simulator.expireTokens()
            }
            #expect(Set(try await simulator.inbox().map(\.text)).count == 4)
            #expect(try await simulator.ledger().logins == 4)
        }
    }

    @Test func `D3 a login whose answer is lost costs another one and no message`() async throws {
        try await withSimulator { sandbox, simulator in
            try await simulator.behave(#"{"modes": ["M9"]}"#)
            let sent = try await sandbox.eskiz("send", "901234567", "Salom")
            #expect(sent.status == 0, "\(sent)")
            #expect(try await simulator.inbox().count == 1)
            #expect(try await simulator.ledger().logins == 2)
        }
    }

    @Test(arguments: ["reset", "truncated"], [#""valid""#, #""revoked""#])
    func `T16 a refresh whose answer is lost costs one login and no message`(loss: String, old: String) async throws {
        try await withSimulator { sandbox, simulator in
            try await withEskizClient(configuration: Self.configuration(sandbox, simulator)) { eskiz in
                try await eskiz.send("Birinchi", to: "901234567")
                try await simulator.behave(
                    #"{"old_token": \#(old), "lost_auth_answer": "\#(loss)", "lost_auth_answer_times": 1}"#
                )
                try await eskiz.renewToken()
                try await eskiz.send("Ikkinchi", to: "901234567")
            }
            let ledger = try await simulator.ledger()
            #expect(ledger.sends_accepted == 2)
            #expect(ledger.story.filter { $0.contains("auth/refresh") }.count == 1, "\(ledger.story)")
            #expect(ledger.story.filter { $0.contains("auth/login") }.count == 2, "\(ledger.story)")
        }
    }

    private static func configuration(
        _ sandbox: Sandbox,
        _ simulator: RunningSimulator
    ) throws -> EskizConfiguration {
        try EskizConfiguration(
            email: "demo@example.test",
            password: "demo-key",
            baseURL: simulator.address + "/api",
            stateDirectory: sandbox.state.string
        )
    }
}

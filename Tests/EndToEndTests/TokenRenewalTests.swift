import SystemPackage
import Testing

/// What the mission is about, seen from outside: processes on one side, the simulator's ledger on the other.
@Suite(.timeLimit(.minutes(2))) struct TokenRenewalTests {
    @Test func `an expired token is replaced and the same message sent again`() async throws {
        try await withSimulator { sandbox, simulator in
            let token = try await simulator.issueToken()
            try await simulator.expireTokens()
            let sent = try await sandbox.eskiz(
                "send-code",
                "901234567",
                "482913",
                setting: ["ESKIZ_TOKEN": token]
            )
            #expect(sent.status == 0, "\(sent)")
            let story = try await simulator.ledger().story
            #expect(story.first == "POST message/sms/send 401", "\(story)")
            #expect(story.last == "POST message/sms/send 200", "\(story)")
            #expect(story.dropFirst().dropLast().allSatisfy { $0.contains("auth/") }, "\(story)")
            #expect(try await simulator.inbox().count == 1)
            #expect(try await simulator.ledger().logins <= 1)
        }
    }

    @Test func `the renewed token is used by the next process although the old one is still set`() async throws {
        try await withSimulator { sandbox, simulator in
            let token = try await simulator.issueToken()
            try await simulator.expireTokens()
            for code in ["111111", "222222"] {
                let sent = try await sandbox.eskiz(
                    "send-code",
                    "901234567",
                    code,
                    setting: ["ESKIZ_TOKEN": token]
                )
                #expect(sent.status == 0, "\(sent)")
            }
            let ledger = try await simulator.ledger()
            #expect(ledger.story.filter { $0 == "POST message/sms/send 401" }.count == 1, "\(ledger.story)")
            #expect(ledger.logins <= 1)
        }
    }

    @Test func `a wrong key costs one login, and none on the next run`() async throws {
        try await withSimulator { sandbox, simulator in
            for run in 1...2 {
                let sent = try await sandbox.eskiz(
                    "send",
                    "901234567",
                    "Salom",
                    setting: ["ESKIZ_PASSWORD": "wrong-key"]
                )
                #expect(sent.status == 77, "run \(run): \(sent)")
                let logins = try await simulator.ledger().calls.filter { $0.route == "auth/login" }.count
                #expect(logins == 1, "run \(run)")
            }
            let corrected = try await sandbox.eskiz("send", "901234567", "Salom")
            #expect(corrected.status == 0, "\(corrected)")
        }
    }

    @Test func `twenty processes with a dead token renew it once`() async throws {
        try await withSimulator { sandbox, simulator in
            let token = try await simulator.issueToken()
            try await simulator.expireTokens()
            let statuses = try await withThrowingTaskGroup(of: Int32.self) { group in
                for number in 1...20 {
                    group.addTask {
                        try await sandbox.eskiz(
                            "send-code",
                            "901234567",
                            "\(100_000 + number)",
                            setting: ["ESKIZ_TOKEN": token]
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 0, count: 20))
            let ledger = try await simulator.ledger()
            #expect(ledger.sends_accepted == 20)
            let renewals = ledger.calls.filter { $0.route.hasPrefix("auth/") && $0.status == 200 }.count
            #expect(renewals == 1, "\(ledger.story)")
        }
    }

    @Test func `login and refresh-token show previews and dates, never the token`() async throws {
        try await withSimulator { sandbox, simulator in
            let none = try await sandbox.eskiz("token")
            #expect(none.status == 0 && none.output.contains("no token yet"), "\(none)")
            let nothing = try await sandbox.eskiz(
                "token",
                setting: ["ESKIZ_EMAIL": nil, "ESKIZ_PASSWORD": nil]
            )
            #expect(nothing.status == 78, "\(nothing)")

            let login = try await sandbox.eskiz("login")
            let refreshed = try await sandbox.eskiz("refresh-token")
            let shown = try await sandbox.eskiz("token")
            #expect([login.status, refreshed.status, shown.status] == [0, 0, 0], "\(login)\(refreshed)\(shown)")
            #expect(refreshed.output.contains("→"), "\(refreshed)")
            #expect(shown.output.contains("(Asia/Tashkent)"))
            #expect(shown.output.contains(sandbox.tokenFile.string), "\(shown)")

            struct Stored: Decodable { let token: String }
            struct Shown: Decodable {
                let preview: String
                let days_left: Int
            }
            let document = try await sandbox.eskiz("token", "--json").document(Shown.self)
            #expect(document.days_left == 29)
            #expect(document.preview.count <= 21)
            let ledger = try await simulator.ledger()
            #expect(ledger.logins == 1 && ledger.refreshes == 1, "\(ledger.story)")
        }
    }
}

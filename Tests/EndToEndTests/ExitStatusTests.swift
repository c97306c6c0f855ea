import Testing

/// Every number a script may decide by.
@Suite(.timeLimit(.minutes(2))) struct ExitStatusTests {
    private struct Failed: Decodable {
        struct Details: Decodable {
            let code: String
            let message: String
            let remedy: String
            let exit_status: Int32
        }
        let error: Details
    }

    /// Runs in both formats, each on its own, and checks that the document says the same as the process.
    private func expect(
        _ status: Int32,
        _ code: String,
        _ arguments: [String],
        in sandbox: Sandbox,
        setting overrides: [String: String?] = [:],
        before: () async throws -> Void = {}
    ) async throws {
        try await before()
        let text = try await sandbox.run(arguments, setting: overrides)
        #expect(text.status == status, "\(arguments) \(text)")
        #expect(text.output.isEmpty, "\(arguments) \(text)")
        #expect(text.error.contains("eskiz: "), "\(arguments) \(text)")
        try await before()
        let json = try await sandbox.run(arguments + ["--json"], setting: overrides)
        #expect(json.status == status, "\(arguments) \(json)")
        let failed = try json.document(Failed.self)
        #expect(failed.error.code == code, "\(json)")
        #expect(failed.error.exit_status == status)
        #expect(!failed.error.message.isEmpty && !failed.error.remedy.isEmpty)
    }

    @Test func `64 for a wrong command line, phone or text`() async throws {
        try await withSimulator { sandbox, simulator in
            try await expect(64, "usage", ["nonsense"], in: sandbox)
            try await expect(64, "usage", ["send", "901234567"], in: sandbox)
            try await expect(64, "usage", ["simulate", "--listen", "nowhere"], in: sandbox)
            try await expect(64, "usage", ["send", "--token", "x", "901234567", "Salom"], in: sandbox)
            try await expect(64, "invalid_phone", ["send", "12345", "Salom"], in: sandbox)
            try await expect(64, "invalid_text", ["send", "901234567", ""], in: sandbox)
            try await expect(
                64,
                "invalid_user_sms_id",
                ["send", "901234567", "Salom", "--user-sms-id", "x1"],
                in: sandbox
            )
            #expect(try await simulator.ledger().calls.isEmpty, "nothing left this machine")
        }
    }

    @Test func `78 for a setting that is missing or wrong`() async throws {
        try await withSandbox { sandbox in
            for (name, value) in [
                ("ESKIZ_TIMEOUT", "soon"), ("ESKIZ_BASE_URL", "http://example.test/api"), ("ESKIZ_LOG_LEVEL", "loud"),
                ("ESKIZ_TOKEN_KEY", "short"),
            ] {
                try await expect(
                    78,
                    "invalid_configuration",
                    ["balance"],
                    in: sandbox,
                    setting: [name: value]
                )
                let text = try await sandbox.eskiz("balance", setting: [name: value])
                #expect(text.error.contains(name), "\(text)")
            }
        }
    }

    @Test func `78 when there is neither a token nor an account`() async throws {
        try await withSimulator { sandbox, simulator in
            let nothing: [String: String?] = ["ESKIZ_EMAIL": nil, "ESKIZ_PASSWORD": nil]
            for arguments in [["send", "901234567", "Salom"], ["balance"], ["refresh-token"], ["login"]] {
                try await expect(78, "invalid_configuration", arguments, in: sandbox, setting: nothing)
                for language in ["en", "ru", "uz"] {
                    let said = try await sandbox.run(
                        arguments,
                        setting: nothing.merging(["ESKIZ_LANG": language]) { own, _ in own }
                    )
                    #expect(said.status == 78 && said.error.contains("ESKIZ_EMAIL"), "\(said)")
                }
            }
            let token = try await sandbox.eskiz("token", setting: nothing)
            #expect(token.status == 78 && token.output.contains("ESKIZ_EMAIL"), "\(token)")
            let test = try await sandbox.eskiz("self-test", setting: nothing)
            #expect(test.status == 78, "\(test)")
            #expect(try await simulator.ledger().calls.allSatisfy { !$0.route.hasPrefix("auth/") })
            // With a token that is good, only a login misses them.
            let issued = try await simulator.issueToken()
            let setting = nothing.merging(["ESKIZ_TOKEN": issued]) { own, _ in own }
            #expect(try await sandbox.eskiz("balance", setting: setting).status == 0)
            try await expect(78, "invalid_configuration", ["login"], in: sandbox, setting: setting)
        }
    }

    @Test func `1 when Eskiz refuses the message`() async throws {
        try await withSimulator { sandbox, _ in
            try await expect(
                1,
                "test_account_text_only",
                ["send", "901234567", "Salom"],
                in: sandbox,
                setting: ["ESKIZ_EMAIL": "test@example.test", "ESKIZ_PASSWORD": "test-key"]
            )
            try await expect(
                1,
                "not_found",
                ["status", "00000000-0000-4000-8000-000000000000"],
                in: sandbox
            )
        }
    }

    @Test func `69 when Eskiz is out of reach or broken`() async throws {
        try await withSimulator { sandbox, simulator in
            try await expect(
                69,
                "connection_failed",
                ["balance"],
                in: sandbox,
                setting: ["ESKIZ_BASE_URL": "http://127.0.0.1:1/api"]
            )
            // Who waits for a login hears what became of it, and not that it took too long.
            let short: [String: String?] = ["ESKIZ_TIMEOUT": "1s"]
            try await expect(69, "timed_out", ["send", "901234567", "Salom"], in: sandbox, setting: short) {
                try await simulator.addFault("auth/login", "\"silence\"", times: 2)
            }
            try await expect(69, "server_error", ["balance"], in: sandbox) {
                try await simulator.addFault("user/get-limit", "502", times: 3)
            }
            try await simulator.call("DELETE", "faults")
        }
    }

    @Test func `75 when nobody knows whether the message was taken`() async throws {
        try await withSimulator { sandbox, simulator in
            _ = try await sandbox.eskiz("login")
            for outcome in ["\"reset_after\"", "502", "\"garbage\""] {
                let before = try await simulator.ledger().calls.filter { $0.route == "message/sms/send" }.count
                try await simulator.addFault("message/sms/send", outcome)
                let lost = try await sandbox.eskiz("send", "901234567", "Salom", "--json")
                #expect(lost.status == 75, "\(outcome) \(lost)")
                #expect(lost.output.contains("\"outcome_unknown\":true"), "\(lost)")
                let after = try await simulator.ledger().calls.filter { $0.route == "message/sms/send" }.count
                #expect(after == before + 1, "\(outcome) was repeated blindly")
            }
        }
    }

    @Test func `75 when a message was taken and cannot be followed`() async throws {
        try await withSimulator { sandbox, simulator in
            _ = try await sandbox.eskiz("login")
            for outcome in ["403", "\"garbage\""] {
                try await simulator.addFault("message/sms/status_by_id/*", outcome)
                let lost = try await sandbox.eskiz("send", "901234567", "Salom", "--wait", "--json")
                #expect(lost.status == 75, "\(outcome) \(lost)")
                struct Answer: Decodable {
                    struct Reason: Decodable { let code: String }
                    let id: String
                    let final: Bool
                    let follow_error: Reason
                }
                let answer = try lost.document(Answer.self)
                #expect(!answer.id.isEmpty && !answer.final && !answer.follow_error.code.isEmpty, "\(lost)")
            }
            try await simulator.addFault("message/sms/status_by_id/*", "403")
            let said = try await sandbox.eskiz("send", "901234567", "Salom", "--wait")
            #expect(said.status == 75 && said.output.contains("do not send it again"), "\(said)")
            #expect(try await simulator.inbox().count == 3)
        }
    }

    @Test func `77 when the token is dead and nothing can log in`() async throws {
        try await withSimulator { sandbox, simulator in
            let token = try await simulator.issueToken()
            try await simulator.expireTokens()
            try await expect(
                77,
                "token_dead",
                ["balance"],
                in: sandbox,
                setting: ["ESKIZ_EMAIL": nil, "ESKIZ_PASSWORD": nil, "ESKIZ_TOKEN": token]
            )
        }
    }

    @Test func `0 for help and versions`() async throws {
        try await withSandbox { sandbox in
            for arguments in [["--help"], ["send", "--help"], ["help", "send"], ["--version"]] {
                let help = try await sandbox.run(arguments)
                #expect(help.status == 0 && !help.output.isEmpty && help.error.isEmpty, "\(arguments) \(help)")
            }
        }
    }
}

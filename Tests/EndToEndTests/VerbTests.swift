import SystemPackage
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Every verb against the simulator, as a person runs it and as a program does.
@Suite(.timeLimit(.minutes(2))) struct VerbTests {
    /// Verbs that need nothing prepared, with what a person has to see.
    private static let verbs: [(arguments: [String], sees: String)] = [
        (["login"], "Logged in"),
        (["token"], "Stored in"),
        (["refresh-token"], "The token was renewed."),
        (["refresh-token", "--if-needed"], ""),
        (["balance"], "soʻm"),
        (["prices"], "Beeline"),
        (["senders"], "4546"),
        (["templates"], ""),
        (["templates", "list"], ""),
        (["templates", "add", "Example: tasdiqlash kodingiz 123456"], "Submitted"),
        (["check", "Bu Eskiz dan test"], "may send"),
        (["normalize", "Narxi 5 €"], "EU"),
        (["messages"], ""),
        (["messages", "--count"], ""),
        (["totals"], ""),
        (["report", "by-month"], ""),
        (["report", "by-operator"], ""),
        (["report", "by-range", "--since", "2026-01-01"], ""),
        (["report", "by-dispatch", "7001"], ""),
        (["export"], ""),
        (["segments", "oʻzbek"], "UCS-2"),
        (["completions", "bash"], "complete"),
        (["self-test"], "in order"),
    ]

    @Test func `every verb answers people and programs`() async throws {
        try await withSimulator { sandbox, _ in
            for verb in Self.verbs {
                let text = try await sandbox.run(verb.arguments)
                #expect(text.status == 0, "\(verb.arguments) \(text)")
                #expect(text.output.contains(verb.sees), "\(verb.arguments) \(text)")
                let json = try await sandbox.run(verb.arguments + ["--json"])
                #expect(json.status == 0, "\(verb.arguments) \(json)")
                #expect(throws: Never.self, "\(verb.arguments) \(json)") {
                    try JSONDecoder().decode(AnyObject.self, from: Data(json.output.utf8))
                }
            }
        }
    }

    /// Any JSON object.
    private struct AnyObject: Decodable {
        init(from decoder: any Decoder) throws {
            struct Key: CodingKey {
                let stringValue: String
                var intValue: Int? { nil }
                init?(stringValue: String) { self.stringValue = stringValue }
                init?(intValue: Int) { nil }
            }
            for key in try decoder.container(keyedBy: Key.self).allKeys {
                #expect(key.stringValue == key.stringValue.lowercased(), "snake_case")
            }
        }
    }

    private struct Sent: Decodable {
        let id: String
        let status: String
        let to: String
        let final: Bool?
    }

    @Test func `a message is sent, followed, looked up and logged`() async throws {
        try await withSimulator { sandbox, simulator in
            let sent = try await sandbox.eskiz("send", "+998 90 123-45-67", "-", "--wait", "--json", input: "Salom\n")
            #expect(sent.status == 0, "\(sent)")
            let message = try sent.document(Sent.self)
            #expect(message.to == "+998901234567")
            #expect(message.status == "delivered")
            #expect(message.final == true)
            #expect(try await simulator.inbox().map(\.text) == ["Salom"])

            let status = try await sandbox.eskiz("status", message.id)
            #expect(status.output.contains("delivered"), "\(status)")
            #expect(status.output.contains("(Asia/Tashkent)"))
            let logs = try await sandbox.eskiz("logs", message.id)
            #expect(logs.status == 0, "\(logs)")
            let list = try await sandbox.eskiz("messages", "--json")
            #expect(list.output.contains(message.id), "\(list)")
        }
    }

    @Test func `a message is sent abroad by its number, by a flag or with a country`() async throws {
        try await withSimulator { sandbox, simulator in
            for arguments in [
                ["+7 701 123 45 67", "Salom"], ["77011234567", "Salom", "--global"],
                ["+77011234567", "Salom", "--country", "kz", "--wait"],
            ] {
                let sent = try await sandbox.run(["send"] + arguments)
                #expect(sent.status == 0, "\(arguments) \(sent)")
            }
            let code = try await sandbox.eskiz("send-code", "+77011234567", "4821")
            #expect(code.status == 0, "\(code)")
            #expect(try await simulator.ledger().calls.count { $0.route == "message/sms/send-global" } == 4)
            let refused = try await sandbox.eskiz("send", "+77011234567", "Salom", "--from", "4546")
            #expect(refused.status == 64 && refused.error.contains("--from"), "\(refused)")
            let unknown = try await sandbox.eskiz("send", "77011234567", "Salom")
            #expect(unknown.status == 64, "\(unknown)")
        }
    }

    @Test func `a token that says nothing of itself is used, and renewed at a 401`() async throws {
        try await withSimulator { sandbox, simulator in
            try await simulator.behave(#"{"token_format":"opaque"}"#)
            #expect(try await sandbox.eskiz("login").status == 0)
            let token = try await sandbox.eskiz("token")
            #expect(token.status == 0 && token.output.contains("401"), "\(token)")
            let due = try await sandbox.eskiz("refresh-token", "--if-needed")
            #expect(due.status == 0, "\(due)")
            #expect(try await simulator.ledger().refreshes == 0)
            try await simulator.expireTokens()
            let sent = try await sandbox.eskiz("send", "901234567", "Salom")
            #expect(sent.status == 0, "\(sent)")
            #expect(try await sandbox.eskiz("self-test").status == 0)
        }
    }

    @Test func `a code is sent with the template`() async throws {
        try await withSimulator { sandbox, simulator in
            let sent = try await sandbox.eskiz(
                "send-code",
                "901234567",
                "482913",
                "--user-sms-id",
                "77",
                setting: ["ESKIZ_CODE_TEMPLATE": "Example kodi: {code}"]
            )
            #expect(sent.status == 0, "\(sent)")
            #expect(sent.output.contains("Eskiz took the message."))
            let inbox = try await simulator.inbox()
            #expect(inbox.map(\.text) == ["Example kodi: 482913"])
            #expect(inbox.first?.code == "482913")
        }
    }

    @Test(arguments: [("uz", "Balans"), ("ru", "Баланс"), ("en", "Balance")])
    func `people read their language and programs English`(language: String, word: String) async throws {
        try await withSimulator { sandbox, _ in
            let text = try await sandbox.eskiz("balance", setting: ["ESKIZ_LANG": nil, "LANG": "\(language)_UZ.UTF-8"])
            #expect(text.output.contains(word), "\(text)")
            let json = try await sandbox.eskiz("balance", "--json", setting: ["ESKIZ_LANG": language])
            #expect(json.output.contains("\"balance\""), "\(json)")
        }
    }

    @Test func `the demo tells what really happened`() async throws {
        try await withSandbox { sandbox in
            let demo = try await sandbox.eskiz("demo", "--once")
            #expect(demo.status == 0, "\(demo)")
            for word in ["401", "refresh", "sent again", "elivered"] { #expect(demo.output.contains(word), "\(demo)") }
            #expect(!demo.output.contains("\u{1B}["), "no colours in a pipe")
            let left = try FileManager.default.contentsOfDirectory(atPath: sandbox.folder.string)
            #expect(left.isEmpty, "nothing is left behind")
        }
    }

    @Test func `the demo as a document`() async throws {
        struct Demo: Decodable {
            struct Step: Decodable { let step: String }
            let delivered: Bool
            let steps: [Step]
        }
        try await withSandbox { sandbox in
            let demo = try await sandbox.eskiz("demo", "--json")
            #expect(demo.status == 0, "\(demo)")
            let document = try demo.document(Demo.self)
            #expect(document.delivered)
            #expect(document.steps.first?.step == "rejected")
            #expect(document.steps.map(\.step).contains("sent_again"))
            #expect(document.steps.last?.step == "delivered")
        }
    }

    @Test func `the self-test finds a test account and follows one SMS`() async throws {
        try await withSimulator { sandbox, _ in
            let test = try await sandbox.eskiz(
                "self-test",
                "--send-to",
                "901234567",
                setting: ["ESKIZ_EMAIL": "test@example.test", "ESKIZ_PASSWORD": "test-key"]
            )
            #expect(test.status == 0, "\(test)")
            #expect(test.output.contains("! Account"), "\(test)")
            #expect(test.output.contains("✓ SMS"), "\(test)")
        }
    }

    @Test func `the self-test goes on after a failure and reports the worst`() async throws {
        try await withSimulator { sandbox, _ in
            let wrongSender = try await sandbox.eskiz("self-test", setting: ["ESKIZ_FROM": "Nobody"])
            #expect(wrongSender.status == 1, "\(wrongSender)")
            #expect(wrongSender.output.contains("✗ Sender ID"), "\(wrongSender)")
            #expect(wrongSender.output.contains("✓ Text of codes"), "\(wrongSender)")
            let typo = try await sandbox.eskiz("self-test", setting: ["ESKIZ_TIMEOUT": "soon"])
            #expect(typo.status == 78, "\(typo)")
            #expect(typo.output.contains("ESKIZ_TIMEOUT"), "\(typo)")
            #expect(typo.output.contains("✓ Balance"), "\(typo)")
            // A stored token that works hides a wrong key, so this one starts without.
            let wrongKey = try await sandbox.eskiz(
                "self-test",
                setting: ["ESKIZ_PASSWORD": "wrong", "ESKIZ_STATE_DIR": sandbox.folder.appending("other-state").string]
            )
            #expect(wrongKey.status == 77, "\(wrongKey)")
            let nobody = try await sandbox.eskiz("self-test", setting: ["ESKIZ_BASE_URL": "http://127.0.0.1:1/api"])
            #expect(nobody.status == 69, "\(nobody)")
            #expect(nobody.output.contains("✗ Connection"), "\(nobody)")
            #expect(nobody.output.contains("✓ State directory"), "\(nobody)")
        }
    }
}

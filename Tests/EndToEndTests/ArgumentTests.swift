import Testing

/// Command lines as people type them.
@Suite(.timeLimit(.minutes(2))) struct ArgumentTests {
    private struct Usage: Decodable {
        struct Details: Decodable {
            let code: String
            let message: String
            let remedy: String
            let exit_status: Int32
        }
        let error: Details
    }

    @Test func `a text that begins with a dash is sent`() async throws {
        try await withSimulator { sandbox, simulator in
            let texts = ["-5% chegirma", "- Salom", "--- AKSIYA ---", "--json dedi", "-chegirma", "-h dedi"]
            for text in texts {
                let sent = try await sandbox.eskiz("send", "901239999", text)
                #expect(sent.status == 0, "\(text) \(sent)")
            }
            let code = try await sandbox.eskiz("send-code", "901234567", "-1234")
            #expect(code.status == 0, "\(code)")
            let behindDashes = try await sandbox.eskiz("send", "901239999", "--", "--help")
            #expect(behindDashes.status == 0, "\(behindDashes)")
            let inbox = try await simulator.inbox().map(\.text)
            #expect(Set(inbox) == Set(texts + ["Sizning tasdiqlash kodingiz: -1234", "--help"]))
            let segments = try await sandbox.eskiz("segments", "-5% chegirma")
            #expect(segments.status == 0, "\(segments)")
        }
    }

    @Test func `what could be an option is not sent, and the way is shown`() async throws {
        try await withSimulator { sandbox, simulator in
            for arguments in [
                ["send", "901239999", "--help"], ["send", "901239999", "-h"], ["send", "901239999", "--version"],
                ["send", "901239999", "--chegirma"], ["send", "901239999", "--json"],
                ["send-code", "901234567", "--x123"],
                ["check", "--chegirma"],
            ] {
                for language in ["en", "uz", "ru"] {
                    let said = try await sandbox.run(arguments, setting: ["ESKIZ_LANG": language])
                    #expect(said.status == 64 && said.output.isEmpty || said.output.hasPrefix("{"), "\(said)")
                    #expect((said.error + said.output).contains("--"), "\(arguments) \(said)")
                }
                let json = try await sandbox.run(arguments + ["--json"])
                #expect(json.status == 64, "\(arguments) \(json)")
                #expect(try json.document(Usage.self).error.remedy.contains("--"), "\(json)")
            }
            #expect(try await simulator.inbox().isEmpty)
        }
    }

    @Test func `an argument that is not UTF-8 is refused`() async throws {
        try await withSimulator { sandbox, simulator in
            // "Код" in windows-1251.
            let bytes = #"$(printf 'x\312\356\344')"#
            let sent = try await sandbox.shell(#""$ESKIZ" send 901234567 "\#(bytes)""#)
            #expect(sent.status == 64 && sent.error.contains("Argument 3 is not UTF-8"), "\(sent)")
            let json = try await sandbox.shell(#""$ESKIZ" send 901234567 "\#(bytes)" --json"#)
            #expect(json.status == 64, "\(json)")
            #expect(try json.document(Usage.self).error.exit_status == 64)
            let piped = try await sandbox.shell(#"printf 'x\312\356\344' | "$ESKIZ" send 901234567 -"#)
            #expect(piped.status == 64 && piped.error.contains("not UTF-8"), "\(piped)")
            #expect(try await simulator.inbox().isEmpty)
        }
    }

    @Test(arguments: [("en", "Did you mean 'send'?"), ("uz", "Balki 'send'?"), ("ru", "Может быть, 'send'?")])
    func `a slip in a verb is told from the verb that was meant`(language: String, words: String) async throws {
        try await withSandbox { sandbox in
            let slip = try await sandbox.eskiz("sned", "901234567", "Salom", setting: ["ESKIZ_LANG": language])
            #expect(slip.status == 64 && slip.error.contains(words), "\(slip)")
            let lost = try await sandbox.eskiz("nonsense", setting: ["ESKIZ_LANG": language])
            #expect(lost.status == 64 && lost.error.contains("'nonsense'"), "\(lost)")
        }
    }

    @Test func `a text that cannot be sent costs nothing`() async throws {
        try await withSimulator { sandbox, simulator in
            for text in ["\u{7F}abc", " \n ", "\u{200B}", String(repeating: "ш", count: 600)] {
                let refused = try await sandbox.eskiz("send", "901234567", text)
                #expect(refused.status == 64, "\(refused)")
            }
            let long = try await sandbox.eskiz("send", "901234567", String(repeating: "ш", count: 600))
            #expect(long.error.contains("9 segments") && long.error.contains("ESKIZ_MAX_SEGMENTS"), "\(long)")
            // What it would cost is asked for; nothing is sent.
            #expect(long.error.contains("soʻm"), "\(long)")
            #expect(try await simulator.ledger().calls.allSatisfy { $0.route != "message/sms/send" })
            try await simulator.behave(#"{"max_parts": 9}"#)
            let allowed = try await sandbox.eskiz(
                "send",
                "901234567",
                String(repeating: "ш", count: 600),
                setting: ["ESKIZ_MAX_SEGMENTS": "9"]
            )
            #expect(allowed.status == 0, "\(allowed)")
        }
    }

    @Test func `a failure is logged once, and on a terminal the sentence stands last, apart and coloured`() async throws
    {
        try await withSimulator { sandbox, _ in
            let setting: [String: String?] = ["ESKIZ_PASSWORD": "wrong", "TERM": "xterm"]
            let line = #"script -qec "$ESKIZ balance" /dev/null </dev/null"#
            let terminal = try await sandbox.shell(line, setting: setting)
            let lines = terminal.output.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            let failures = lines.filter { $0.contains("ERROR") }
            #expect(failures.count == 1, "\(terminal)")
            let sentence = lines.firstIndex { $0.contains("eskiz: ") }.map { Int($0) } ?? 0
            #expect(sentence > 0 && lines[sentence - 1].isEmpty, "\(terminal)")
            #expect(lines[sentence].hasPrefix("\u{1B}[31meskiz: Eskiz refused"), "\(terminal)")
            #expect(!lines[sentence...].contains { $0.contains("ERROR") }, "\(terminal)")
            let log = try sandbox.read(sandbox.log).split(separator: "\n").filter { $0.contains(" ERROR ") }
            #expect(log.count == 1, "\(log)")
        }
    }
}

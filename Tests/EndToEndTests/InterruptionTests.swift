import Subprocess
import SystemPackage
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Ctrl-C while Eskiz is silent.
@Suite(.timeLimit(.minutes(2))) struct InterruptionTests {
    @Test(arguments: ["silence", "silence_after"])
    func `Ctrl-C during a send ends with 75 and says that nobody knows`(outcome: String) async throws {
        try await withSimulator { sandbox, simulator in
            _ = try await sandbox.eskiz("login")
            try await simulator.addFault("message/sms/send", "\"\(outcome)\"")
            let stopped = try await sandbox.eskiz(
                "send",
                "901234567",
                "Salom",
                "--json",
                signalled: .interrupt
            ) { try await simulator.waitForFault() }
            #expect(stopped.status == 75, "\(stopped)")
            #expect(stopped.output.contains("\"outcome_unknown\":true"), "\(stopped)")
            let sends = try await simulator.ledger().calls.count { $0.route == "message/sms/send" }
            #expect(sends == 1, "nothing was sent again")
            // Nothing is half-done: the token is there, and the next send works with it.
            let sent = try await sandbox.eskiz("send", "901234567", "Salom")
            #expect(sent.status == 0, "\(sent)")
            #expect(try await simulator.ledger().logins == 1)
        }
    }

    @Test func `Ctrl-C during a login ends with 130 at once, and nothing was sent`() async throws {
        try await withSimulator { sandbox, simulator in
            try await simulator.addFault("auth/login", "\"silence\"")
            let clock = ContinuousClock()
            let begun = clock.now
            let stopped = try await sandbox.eskiz("send", "901234567", "Salom", signalled: .interrupt) {
                try await simulator.waitForFault()
            }
            #expect(stopped.status == 130, "\(stopped)")
            // The login itself may take thirty seconds.
            #expect(clock.now - begun < .seconds(20))
            #expect(try await simulator.ledger().calls.allSatisfy { $0.route != "message/sms/send" })
            #expect(!FileManager.default.fileExists(atPath: sandbox.tokenFile.string))
            // The lock went with the process.
            let sent = try await sandbox.eskiz("send", "901234567", "Salom")
            #expect(sent.status == 0, "\(sent)")
        }
    }

    @Test func `Ctrl-C during a self-test ends with 130 and one document`() async throws {
        try await withSimulator { sandbox, simulator in
            try await simulator.addFault("auth/login", "\"silence\"")
            let stopped = try await sandbox.eskiz("self-test", "--json", signalled: .interrupt) {
                try await simulator.waitForFault()
            }
            #expect(stopped.status == 130, "\(stopped)")
            #expect(stopped.output.contains("\"code\":\"cancelled\""), "\(stopped)")
            #expect(stopped.output.count { $0 == "\n" } == 1, "\(stopped)")
        }
    }

    @Test func `Ctrl-C while the text is still being typed ends with 130`() async throws {
        try await withSimulator { sandbox, simulator in
            // The pipe has a writer that writes nothing, so the text never ends. The signal is sent once it is caught.
            let stopped = try await sandbox.shell(
                """
                mkfifo text; exec 3<>text
                "$ESKIZ" send 901234567 - < text & sender=$!
                until grep -q 'SigCgt:.*[2367abef]$' /proc/$sender/status || ! kill -0 $sender; do :; done
                kill -INT $sender; wait $sender
                """
            )
            #expect(stopped.status == 130, "\(stopped)")
            #expect(try await simulator.ledger().calls.isEmpty)
        }
    }

    @Test func `Ctrl-C while a dead token is replaced ends with 130, and the message was not taken`() async throws {
        try await withSimulator { sandbox, simulator in
            _ = try await sandbox.eskiz("login")
            try await simulator.expireTokens()
            try await simulator.addFault("auth/login", "\"silence_after\"")
            let stopped = try await sandbox.eskiz("send", "901234567", "Salom", signalled: .interrupt) {
                try await simulator.waitForFault()
            }
            #expect(stopped.status == 130, "\(stopped)")
            #expect(try await simulator.ledger().sends_accepted == 0)
            // A token was issued that nobody heard of; one login heals it (D3).
            let sent = try await sandbox.eskiz("send", "901234567", "Salom")
            #expect(sent.status == 0, "\(sent)")
            #expect(try await simulator.ledger().sends_accepted == 1)
        }
    }
}

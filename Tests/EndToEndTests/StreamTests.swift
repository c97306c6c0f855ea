import Subprocess
import SystemPackage
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Pipes, full disks, closed descriptors, signals.
@Suite(.timeLimit(.minutes(2))) struct StreamTests {
    @Test func `a reader that goes away is success`() async throws {
        try await withSandbox { sandbox in
            let result = try await sandbox.shell("{ \"$ESKIZ\" completions bash; echo $? >&2; } | true")
            #expect(result.error == "0\n", "\(result)")
        }
    }

    @Test(arguments: ["> /dev/full", ">&-"])
    func `a result that cannot be written is an error`(redirection: String) async throws {
        try await withSandbox { sandbox in
            let result = try await sandbox.shell("\"$ESKIZ\" segments x \(redirection)")
            #expect(result.status == 74, "\(result)")
            #expect(result.error.contains("cannot be written"), "\(result)")
        }
    }

    @Test func `a state directory that cannot be written is said and survived`() async throws {
        try await withSimulator { sandbox, simulator in
            try sandbox.write("a file, not a folder", to: "state")
            let sent = try await sandbox.eskiz("send", "901234567", "Salom")
            #expect(sent.status == 0, "\(sent)")
            #expect(sent.error.contains("WARNING"), "\(sent)")
            #expect(try await simulator.inbox().count == 1)
            let login = try await sandbox.eskiz("login")
            #expect(login.status == 74 && login.output.contains("could not be stored"), "\(login)")
            #expect(login.output.contains("memory only") && !login.output.contains("Stored in"), "\(login)")
            let document = try await sandbox.eskiz("login", "--json")
            #expect(document.status == 74, "\(document)")
            #expect(document.output.contains("\"stored_in\":null,\"store_degraded\":true"), "\(document)")
        }
    }

    @Test func `looking at a token that cannot be used says why`() async throws {
        try await withSimulator { sandbox, _ in
            _ = try await sandbox.eskiz("login")
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: sandbox.tokenFile.string)
            let token = try await sandbox.eskiz("token", "--json")
            #expect(token.status == 0 && token.output.contains("\"token\":null"), "\(token)")
            #expect(token.error.contains("WARNING") && token.error.contains("chmod 600"), "\(token)")
        }
    }

    @Test func `console and log file get the same lines`() async throws {
        try await withSimulator { sandbox, _ in
            let sent = try await sandbox.eskiz(
                "send",
                "901234567",
                "Salom",
                setting: ["ESKIZ_LOG_LEVEL": "debug", "ESKIZ_LOG_FORMAT": "json"]
            )
            #expect(sent.status == 0, "\(sent)")
            let lines = try sandbox.read(sandbox.log)
            #expect(!lines.isEmpty)
            #expect(lines == sent.error)
            struct Line: Decodable {
                let time: String
                let level: String
                let message: String
            }
            for line in lines.split(separator: "\n") {
                let decoded = try JSONDecoder().decode(Line.self, from: Data(line.utf8))
                #expect(decoded.time.hasSuffix("Z") && !decoded.message.isEmpty)
            }
            let attributes = try FileManager.default.attributesOfItem(atPath: sandbox.log.string)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `an empty log file setting turns the file off`() async throws {
        try await withSimulator { sandbox, _ in
            let sent = try await sandbox.eskiz("send", "901234567", "Salom", setting: ["ESKIZ_LOG_FILE": ""])
            #expect(sent.status == 0, "\(sent)")
            #expect(!FileManager.default.fileExists(atPath: sandbox.log.string))
        }
    }

    @Test func `settings come from files in the working directory`() async throws {
        try await withSimulator { sandbox, simulator in
            try sandbox.write("ESKIZ_PASSWORD_FILE=key\nESKIZ_EMAIL=demo@example.test\n", to: ".env")
            try sandbox.write("demo-key\n", to: "key")
            try sandbox.write(
                #"{"base_url": "\#(simulator.address)/api", "email": "nobody@example.test", "typo": 1}"#,
                to: "eskiz.json"
            )
            let balance = try await sandbox.eskiz(
                "balance",
                setting: ["ESKIZ_BASE_URL": nil, "ESKIZ_EMAIL": nil, "ESKIZ_PASSWORD": nil]
            )
            #expect(balance.status == 0, "\(balance)")
            #expect(balance.error.contains("typo"), "\(balance)")
        }
    }

    @Test func `a port that is taken is said in a sentence`() async throws {
        try await withSimulator { sandbox, simulator in
            let port = simulator.address.split(separator: ":").last ?? ""
            let second = try await sandbox.eskiz("simulate", "--listen", "127.0.0.1:\(port)")
            #expect(second.status == 78, "\(second)")
            #expect(second.output.isEmpty, "\(second)")
            #expect(second.error.contains("in use"), "\(second)")
        }
    }

    @Test(arguments: [Signal.interrupt, .terminate])
    func `the simulator ends with 0 when it is told to`(signal: Signal) async throws {
        try await withSandbox { sandbox in
            let result = try await Subprocess.run(
                .path(Product.path),
                arguments: ["simulate", "--listen", "127.0.0.1:0"],
                environment: sandbox.environment(),
                input: .none,
                output: .sequence,
                error: .string(limit: 1 << 20)
            ) { execution in
                for try await _ in execution.standardOutput.strings() {
                    try execution.send(signal: signal)
                }
            }
            #expect(result.terminationStatus == .exited(0))
        }
    }

    @Test func `SIGHUP makes a server open its log again`() async throws {
        try await withSandbox { sandbox in
            let log = sandbox.folder.appending("sim.log")
            let result = try await Subprocess.run(
                .path(Product.path),
                arguments: ["simulate", "--listen", "127.0.0.1:0", "--log-level", "trace"],
                environment: sandbox.environment(with: ["ESKIZ_LOG_FILE": log.string]),
                input: .none,
                output: .sequence,
                error: .string(limit: 1 << 20)
            ) { execution in
                for try await _ in execution.standardOutput.strings() {
                    try FileManager.default.moveItem(atPath: log.string, toPath: log.string + ".1")
                    try execution.send(signal: .terminalClosed)
                    while !FileManager.default.fileExists(atPath: log.string) { await Task.yield() }
                    try execution.send(signal: .terminate)
                }
            }
            #expect(result.terminationStatus == .exited(0))
        }
    }

    @Test func `Ctrl-C while waiting for delivery leaves an open message, not a lost one`() async throws {
        try await withSimulator { sandbox, simulator in
            _ = try await sandbox.eskiz("login")
            // The provider never answers the question, so the process waits until it is interrupted.
            try await simulator.addFault("message/sms/status_by_id/*", "\"silence\"", times: 100)
            let result = try await Subprocess.run(
                .path(Product.path),
                arguments: ["send", "901234567", "Salom", "--wait", "--json"],
                environment: sandbox.environment(),
                input: .none,
                output: .string(limit: 1 << 20),
                error: .string(limit: 1 << 20)
            ) { execution in
                var isAsked = false
                while !isAsked {
                    isAsked = try await simulator.ledger().calls.contains { $0.route == "message/sms/send" }
                    await Task.yield()
                }
                try execution.send(signal: .interrupt)
            }
            #expect(result.terminationStatus.number == 75, "\(result.standardOutput)")
        }
    }
}

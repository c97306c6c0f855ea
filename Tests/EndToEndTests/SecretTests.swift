import SystemPackage
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Invariant I1 of the token keeper: secrets appear nowhere but where they must.
@Suite(.timeLimit(.minutes(2))) struct SecretTests {
    private static let password = "canary-key-7f3a9c1e5b"
    private static let text = "Canary matn: maxfiy kod 907351"
    private static let code = "640279"
    private static let digits = "998907654321"
    private static let key = "Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTEyMzQ="

    /// What may be seen nowhere.
    ///
    /// The phone's digits without the country code catch every spelling.
    private static func secrets(_ token: String) -> [String: String] {
        let parts = token.split(separator: ".").map(String.init)
        return [
            "token": token, "claims": parts[1], "signature": parts[2], "password": password, "text": text,
            "code": code, "phone": "907654321", "sealing key": key,
        ]
    }

    @Test(arguments: ["text", "json"])
    func `no secret is printed, logged or stored`(format: String) async throws {
        try await withSimulator { sandbox, simulator in
            let token = try await simulator.issueToken()
            let secrets = Self.secrets(token)
            let settings: [String: String?] = [
                "ESKIZ_TOKEN": token, "ESKIZ_LOG_LEVEL": "trace", "ESKIZ_LOG_FORMAT": format,
                "ESKIZ_TOKEN_KEY": Self.key,
            ]
            let wrong = settings.merging(["ESKIZ_PASSWORD": Self.password]) { _, own in own }
            var runs: [(arguments: [String], settings: [String: String?], allowed: Set<String>)] = [
                // The number is shown on stdout to the one who typed it.
                (["send", Self.digits, Self.text], settings, ["phone"]),
                (["send", Self.digits, Self.text, "--json", "--wait"], settings, ["phone", "text"]),
                (["send-code", "+" + Self.digits, Self.code], settings, ["phone"]),
                (["token"], settings, []), (["token", "--json"], settings, []),
                (["refresh-token"], settings, []), (["login"], settings, []), (["self-test"], settings, []),
                (["balance"], settings, []), (["check", Self.text], settings, []),
                (["login"], wrong, []), (["send", Self.digits, Self.text], wrong, ["phone"]),
                (["self-test", "--send-to", Self.digits], settings, []),
            ]
            runs.append((["send", Self.digits, Self.text], settings, ["phone"]))
            for (number, run) in runs.enumerated() {
                if number == runs.count - 1 {
                    try await simulator.expireTokens()
                    try await simulator.addFault("message/sms/send", "\"reset_after\"")
                }
                let result = try await sandbox.run(run.arguments, setting: run.settings)
                for (name, secret) in secrets {
                    #expect(!result.error.contains(secret), "\(name) on stderr of \(run.arguments)")
                    if !run.allowed.contains(name) {
                        #expect(!result.output.contains(secret), "\(name) on stdout of \(run.arguments)")
                    }
                }
            }
            let files = try FileManager.default.subpathsOfDirectory(atPath: sandbox.state.string)
            #expect(files.contains("eskiz.log"))
            for file in files {
                let contents = try? Data(contentsOf: URL(filePath: sandbox.state.appending(file).string))
                let text = String(decoding: contents ?? Data(), as: UTF8.self)
                for (name, secret) in secrets { #expect(!text.contains(secret), "\(name) in \(file)") }
            }
        }
    }
}

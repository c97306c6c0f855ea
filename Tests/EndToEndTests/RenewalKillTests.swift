#if DEBUG
import Eskiz
import SystemPackage
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A process that is killed in the middle of a renewal, as by a power cut, leaves nothing that anybody has to clean up.
///
/// The steps exist in debug builds only.
@Suite(.timeLimit(.minutes(2))) struct RenewalKillTests {
    private static let killed: Int32 = 128 + 9

    @Test(arguments: FileTokenStore.FaultPoint.allCases)
    func `a refresh killed at any step leaves a whole file, and the next send succeeds`(
        step: FileTokenStore.FaultPoint
    ) async throws {
        try await withSimulator { sandbox, simulator in
            let login = try await sandbox.eskiz("login")
            #expect(login.status == 0, "\(login)")
            let dead = try await sandbox.eskiz(
                "refresh-token",
                setting: ["DIE_AT_RENEWAL_STEP": step.rawValue]
            )
            #expect(dead.status == Self.killed, "\(dead)")
            // There was a token before, so there is one now: the old or the new one.
            #expect(try Self.storedGenerations(in: sandbox) == [Self.isAfterRename(step) ? 2 : 1])
            try await Self.nextSendSucceeds(sandbox, simulator)
        }
    }

    @Test(arguments: FileTokenStore.FaultPoint.allCases)
    func `a first send killed at any step leaves no half file, and the next send succeeds`(
        step: FileTokenStore.FaultPoint
    ) async throws {
        try await withSimulator { sandbox, simulator in
            let dead = try await sandbox.eskiz(
                "send-code",
                "901234567",
                "111111",
                setting: ["DIE_AT_RENEWAL_STEP": step.rawValue]
            )
            #expect(dead.status == Self.killed, "\(dead)")
            #expect(try Self.storedGenerations(in: sandbox) == (Self.isAfterRename(step) ? [1] : []))
            try await Self.nextSendSucceeds(sandbox, simulator)
        }
    }

    @Test(arguments: FileTokenStore.FaultPoint.allCases)
    func `a send killed while it replaces a dead token loses nothing`(
        step: FileTokenStore.FaultPoint
    ) async throws {
        try await withSimulator { sandbox, simulator in
            let token = try await simulator.issueToken()
            try await simulator.expireTokens()
            let dead = try await sandbox.eskiz(
                "send-code",
                "901234567",
                "111111",
                setting: ["ESKIZ_TOKEN": token, "DIE_AT_RENEWAL_STEP": step.rawValue]
            )
            #expect(dead.status == Self.killed, "\(dead)")
            try await Self.nextSendSucceeds(sandbox, simulator, setting: ["ESKIZ_TOKEN": token])
            // One call of the dead process, and at most one more round of refresh and login to heal it.
            let renewals = try await simulator.ledger().calls.count {
                $0.route.hasPrefix("auth/") && $0.status == 200
            }
            #expect(renewals <= 2)
        }
    }

    private static func isAfterRename(_ step: FileTokenStore.FaultPoint) -> Bool {
        step == .renamed || step == .published
    }

    /// The generation in the token file, if there is one; it must be whole.
    private static func storedGenerations(in sandbox: Sandbox) throws -> [Int] {
        guard FileManager.default.fileExists(atPath: sandbox.tokenFile.string) else { return [] }
        struct Stored: Decodable {
            let generation: Int
            let token: String
        }
        let stored = try JSONDecoder().decode(Stored.self, from: Data(sandbox.read(sandbox.tokenFile).utf8))
        #expect(stored.token.split(separator: ".").count == 3)
        return [stored.generation]
    }

    private static func nextSendSucceeds(
        _ sandbox: Sandbox,
        _ simulator: RunningSimulator,
        setting overrides: [String: String?] = [:]
    ) async throws {
        let sent = try await sandbox.eskiz("send-code", "901234567", "222222", setting: overrides)
        #expect(sent.status == 0, "\(sent)")
        #expect(try await simulator.ledger().sends_accepted == 1)
        let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.state.string)
        #expect(try storedGenerations(in: sandbox).count == 1)
        if names.contains(where: { $0.hasSuffix(".tmp") }) {
            // What a killed writer left behind goes with the next writing, at the latest.
            let renewed = try await sandbox.eskiz("refresh-token", setting: overrides)
            #expect(renewed.status == 0, "\(renewed)")
            let left = try FileManager.default.contentsOfDirectory(atPath: sandbox.state.string)
            #expect(!left.contains { $0.hasSuffix(".tmp") }, "\(left)")
        }
    }
}
#endif

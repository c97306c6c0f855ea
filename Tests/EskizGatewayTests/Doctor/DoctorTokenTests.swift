import Eskiz
import EskizQueue
import Testing

@testable import EskizGateway

/// What is said of the token, whatever is known of it.
@Suite struct DoctorTokenTests {
    private static let passing = RenewalHistory.Failure(wall: 0, reason: .early, code: .timedOut)
    private static let final = RenewalHistory.Failure(wall: 0, reason: .early, code: .credentialsRefused)

    private static func finding(_ change: (inout DoctorFacts) -> Void) throws -> DoctorFinding {
        try #require(DoctorJudgementTests.report(change).findings.first { $0.check == .token })
    }

    /// State, what became of the last renewal, whether one can log in.
    @Test(
        arguments: [
            (TokenState.valid, nil, true, DoctorCode.tokenValid), (.valid, nil, false, .tokenValid),
            (.due, nil, true, .tokenDue), (.due, passing, true, .tokenDue),
            (.valid, passing, false, .tokenCannotRenew), (.due, final, true, .tokenCannotRenew),
            (.expired, nil, true, .tokenRenewing), (.expired, nil, false, .tokenRenewing),
            (.expired, passing, true, .tokenMissing), (.expired, passing, false, .tokenMissing),
            (.expired, final, true, .credentialsRefused),
            (.rejected, nil, true, .tokenRenewing), (.rejected, nil, false, .tokenDead),
            (.rejected, final, false, .tokenDead), (.rejected, passing, true, .tokenMissing),
            (.absent, nil, true, .tokenRenewing), (.absent, nil, false, .tokenAbsent),
            (.absent, final, true, .credentialsRefused),
        ] as [(TokenState, RenewalHistory.Failure?, Bool, DoctorCode)]
    )
    func `each state has its finding`(
        state: TokenState,
        failure: RenewalHistory.Failure?,
        canLogIn: Bool,
        code: DoctorCode
    ) throws {
        let finding = try Self.finding { facts in
            facts.token = state
            facts.tokenLeft = .seconds(86_400)
            facts.renewals = RenewalHistory(failure: failure)
            facts.canLogIn = canLogIn
        }
        #expect(finding.code == code)
        switch code {
        case .tokenValid, .tokenDue: #expect(finding.result == .ok && finding.time == .seconds(86_400))
        case .tokenCannotRenew, .tokenRenewing: #expect(finding.result == .warning)
        default: #expect(finding.result == .failed && finding.remedy(in: "en") != nil)
        }
    }

    @Test func `a token that a restart loses, and one without an end`() throws {
        #expect(try Self.finding { $0.tokenIsInMemory = true }.code == .tokenInMemory)
        #expect(try Self.finding { $0.tokenLeft = nil }.code == .tokenEndless)
    }

    @Test func `a renewal that is put off is told with its end`() throws {
        let finding = try Self.finding { facts in
            facts.token = .expired
            facts.renewals = RenewalHistory(failure: Self.passing)
            facts.renewalHold = RenewalHold(until: 1_800_000_900_000_000_000, code: "rate_limited")
        }
        #expect(finding.until == Timestamp(milliseconds: 1_800_000_900_000) && finding.error == "timed_out")
    }
}

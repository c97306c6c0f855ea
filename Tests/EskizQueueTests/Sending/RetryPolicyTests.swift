import Eskiz
import EskizQueue
import Testing

struct RetryPolicyTests {
    private let policy = RetryPolicy(settleTime: .seconds(60))

    private func verdict(
        _ error: EskizError,
        lane: Lane = .transactional,
        attempt: Int = 1,
        expiresAt: Timestamp? = nil,
        firstTry: Timestamp = start,
        at now: Timestamp = start,
        seed: UInt64 = 1
    ) -> RetryPolicy.Verdict {
        var random = SplitMix64(seed: seed)
        let claim = Claim(message: sampleMessage(lane: lane, expiresAt: expiresAt), attempt: attempt, fence: 1)
        return policy.verdict(on: error, for: claim, firstTry: firstTry, at: now, using: &random)
    }

    @Test(arguments: [
        (failure(.nameResolution), RetryPolicy.FailureClass.passing),
        (failure(.connectionFailed), .passing),
        (failure(.tlsFailed), .passing),
        (failure(.timedOut), .passing),
        (failure(.connectionClosed), .passing),
        (failure(.serverError, status: 503, retryAfter: .seconds(3)), .passing),
        (failure(.refused, status: 408), .passing),
        (failure(.refused, status: 425), .passing),
        (failure(.timedOut, isUnknown: true), .unknown),
        (failure(.connectionClosed, isUnknown: true), .unknown),
        (failure(.serverError, status: 502, isUnknown: true), .unknown),
        (failure(.unexpectedAnswer, status: 200, isUnknown: true), .unknown),
        (failure(.cancelled, isUnknown: true), .unknown),
        (EskizError(.timedOut, "?", remedy: "", mayRepeat: false), .unknown),
        (failure(.rateLimited, status: 429), .throttled),
        (failure(.tokenDead, status: 401), .blocked(.credentials)),
        (failure(.credentialsRefused), .blocked(.credentials)),
        (failure(.accountBlocked), .blocked(.credentials)),
        (failure(.newTokensRejected), .blocked(.credentials)),
        (failure(.renewalFailed), .blocked(.credentials)),
        (failure(.refused, status: 402), .blocked(.balance)),
        (failure(.redirected, status: 302), .blocked(.configuration)),
        (failure(.invalidConfiguration), .blocked(.configuration)),
        (failure(.textNotApproved, status: 400), .refused),
        (failure(.testAccountTextOnly, status: 400), .refused),
        (failure(.senderNotApproved, status: 400), .refused),
        (failure(.invalidPhone, status: 400), .refused),
        (failure(.invalidUserSMSID, status: 400), .refused),
        (failure(.forbidden, status: 403), .refused),
        (failure(.notFound, status: 404), .refused),
        (failure(.refused, status: 422), .refused),
        (failure(.refused, status: 200), .refused),
        (failure(.invalidArgument), .refused),
        (failure(.cancelled), .interrupted),
        (failure(.shutDown), .interrupted),
        // No token, for whatever reason: nothing goes, and no message is held up by itself.
        (failure(.rateLimited, status: 429).with(isOfRenewal: true), .blocked(.credentials)),
        (failure(.serverError, status: 503, retryAfter: .seconds(900)).with(isOfRenewal: true), .blocked(.credentials)),
        (failure(.connectionFailed).with(isOfRenewal: true), .blocked(.credentials)),
        (failure(.cancelled).with(isOfRenewal: true), .interrupted),
        (failure(.tokenDead).with(isOfRenewal: true), .blocked(.credentials)),
    ])
    func `a failure belongs to one class`(_ error: EskizError, _ expected: RetryPolicy.FailureClass) {
        #expect(RetryPolicy.failureClass(of: error) == expected)
    }

    @Test func `an unknown outcome is looked for after the settle time, and never repeated`() {
        for lane in Lane.allCases {
            let error = failure(.timedOut, isUnknown: true)
            #expect(verdict(error, lane: lane) == .unknown(MessageError(error), reconcileAt: start + .seconds(60)))
        }
    }

    @Test func `a refusal is the end`() {
        let error = failure(.textNotApproved, status: 400)
        #expect(verdict(error) == .fail(MessageError(error)))
    }

    @Test(arguments: [EskizError.Code.tokenDead, .credentialsRefused, .accountBlocked, .cancelled])
    func `what is not the message's fault costs no attempt`(_ code: EskizError.Code) {
        #expect(verdict(failure(code)) == .release(at: start))
        #expect(verdict(failure(code), lane: .otp, expiresAt: start) == .expire)
    }

    @Test func `an empty account lets other messages try first`() {
        #expect(verdict(failure(.refused, status: 402)) == .release(at: start + .seconds(15)))
    }

    @Test(arguments: [(1, 500), (2, 1_000), (3, 2_000), (4, 4_000), (9, 4_000)])
    func `a code is tried again within a doubling pause`(_ attempt: Int, _ ceiling: Int64) throws {
        var longest: Int64 = 0
        for seed in 0..<400 {
            let verdict = verdict(
                failure(.connectionFailed),
                lane: .otp,
                attempt: attempt,
                expiresAt: start + .seconds(120),
                seed: UInt64(seed)
            )
            guard case .retry(let moment, _) = verdict else {
                Issue.record("not tried again: \(verdict)")
                return
            }
            let pause = (moment - start).wholeMilliseconds
            #expect(pause >= 50 && pause <= ceiling)
            longest = max(longest, pause)
        }
        // Full jitter reaches the whole range.
        #expect(longest > ceiling * 9 / 10)
    }

    @Test func `the last try of a code still fits in before its end`() {
        for left in [1, 5, 60, 300] as [Int64] {
            for seed in 0..<50 {
                let end = start + .milliseconds(left)
                let verdict = verdict(
                    failure(.connectionFailed),
                    lane: .otp,
                    attempt: 4,
                    expiresAt: end,
                    seed: UInt64(seed)
                )
                guard case .retry(let moment, _) = verdict else {
                    Issue.record("not tried again with \(left) ms left: \(verdict)")
                    continue
                }
                #expect(moment < end)
            }
        }
        #expect(verdict(failure(.connectionFailed), lane: .otp, expiresAt: start) == .expire)
    }

    @Test(arguments: [30, 600, 86_400] as [Int64])
    func `a pause longer than the life of a code leaves it one more try before its end`(_ seconds: Int64) {
        let error = failure(.rateLimited, status: 429, retryAfter: .seconds(seconds))
        for life in [20, 8, 1] as [Int64] {
            let end = start + .seconds(life)
            guard case .retry(let moment, _) = verdict(error, lane: .otp, expiresAt: end) else {
                Issue.record("not tried again")
                continue
            }
            #expect(moment < end)
            #expect(moment >= end - .seconds(10) && moment >= start + .milliseconds(life * 750))
        }
        #expect(verdict(error, lane: .otp, expiresAt: start) == .expire)
    }

    @Test func `a pause longer than the patience of a lane leaves one more try as well`() {
        let error = failure(.rateLimited, status: 429, retryAfter: .seconds(30 * 86_400))
        guard case .retry(let moment, _) = verdict(error, lane: .transactional) else {
            Issue.record("not tried again")
            return
        }
        #expect(moment == start + .seconds(24 * 3_600 - 10))
    }

    @Test func `a pause that Eskiz asks for is kept`() {
        let error = failure(.rateLimited, status: 429, retryAfter: .seconds(30))
        guard case .retry(let moment, _) = verdict(error, lane: .otp, expiresAt: start + .seconds(60)) else {
            Issue.record("not tried again")
            return
        }
        #expect(moment >= start + .seconds(30))
    }

    @Test(arguments: [
        (Lane.transactional, Duration.seconds(24 * 3600)), (.bulk, .seconds(72 * 3600)),
    ])
    func `a lane is tried for so long and then given up`(_ lane: Lane, _ patience: Duration) {
        let error = failure(.connectionFailed)
        let before = verdict(error, lane: lane, attempt: 300, at: start + patience - .seconds(1))
        guard case .retry = before else {
            Issue.record("given up too early: \(before)")
            return
        }
        guard case .fail(let reason) = verdict(error, lane: lane, attempt: 300, at: start + patience) else {
            Issue.record("not given up")
            return
        }
        #expect(reason.code == "attempts_exhausted")
    }

    @Test func `a code is tried to its end, however old`() {
        let verdict = verdict(
            failure(.connectionFailed),
            lane: .otp,
            expiresAt: start + .seconds(100 * 3600),
            at: start + .seconds(99 * 3600)
        )
        guard case .retry = verdict else {
            Issue.record("given up: \(verdict)")
            return
        }
    }
}

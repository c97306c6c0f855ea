/// No new token is asked for by itself until a moment; who asks by hand is served all the same.
package struct RenewalHold: Sendable, Hashable, Codable {
    /// Nanoseconds since 1970 on the local wall clock.
    package var until: Int64
    /// The code of the error that caused it.
    package var code: String

    package init(until: Int64, code: String) {
        self.until = until
        self.code = code
    }

    /// Whether it holds at a moment.
    ///
    /// One that ends later than any hold lasts was noted before the clock was set back, and says nothing any more.
    func holds(at wall: Int64, longest: Duration) -> Bool {
        until > wall && until.subtractingClamped(wall) <= longest.nanoseconds
    }
}

extension TokenRecord {
    /// What whoever wrote the record waits for, for people; it stops nobody.
    ///
    /// - Parameters:
    ///   - login: what there is to log in with, if anything.
    ///   - policy: how long refused e-mails and keys are left alone.
    ///   - wall: nanoseconds since 1970 on the local wall clock.
    /// - Returns: nil if nothing is waited for.
    package func hold(login: LoginCredentials?, policy: RenewalPolicy, at wall: Int64) -> RenewalHold? {
        if let hold, hold.holds(at: wall, longest: policy.longestRetryAfter) { return hold }
        guard let refusal, refusal.credentials == login?.digest else { return nil }
        let pause = policy.refusedLoginPause(afterRefusals: refusal.count)
        let hold = RenewalHold(
            until: refusal.wall.addingClamped(pause),
            code: EskizError.Code.credentialsRefused.rawValue
        )
        return hold.holds(at: wall, longest: .nanoseconds(pause)) ? hold : nil
    }
}

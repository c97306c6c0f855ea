/// What the last renewals of this process came to, for people who look.
package struct RenewalHistory: Sendable, Hashable {
    /// A renewal that brought a token.
    package struct Success: Sendable, Hashable {
        /// Nanoseconds since 1970 on the local wall clock.
        package var wall: Int64
        package var reason: RenewalMachine.Reason
        /// By e-mail and key, because the old token could not be exchanged.
        package var byLogin: Bool
    }

    /// One that did not.
    package struct Failure: Sendable, Hashable {
        /// Nanoseconds since 1970 on the local wall clock.
        package var wall: Int64
        package var reason: RenewalMachine.Reason
        package var code: EskizError.Code

        package init(wall: Int64, reason: RenewalMachine.Reason, code: EskizError.Code) {
            self.wall = wall
            self.reason = reason
            self.code = code
        }
    }

    /// The last one that brought a token; nil if this process has renewed none.
    package var success: Success?
    /// The last one that did not, unless one has succeeded since.
    package var failure: Failure?

    package init(success: Success? = nil, failure: Failure? = nil) {
        self.success = success
        self.failure = failure
    }

    /// - Parameters:
    ///   - event: what happened to the token.
    ///   - wall: when.
    mutating func note(_ event: KeeperEvent, at wall: Int64) {
        switch event {
        case .renewed(_, _, let byLogin, let reason):
            success = Success(wall: wall, reason: reason, byLogin: byLogin)
            failure = nil
        case .adopted: failure = nil
        case .renewalFailed(let reason, let error, _):
            failure = Failure(wall: wall, reason: reason, code: error.code)
        default: break
        }
    }
}

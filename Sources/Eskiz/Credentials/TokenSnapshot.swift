import Synchronization

/// A token as readers see it: immutable but for the moment until which it may be used without asking.
///
/// It is never freed while its keeper lives (a renewal adds one small object a month), so reading costs one atomic
/// load, and no reader can see the parts of two tokens.
package final class TokenSnapshot: Sendable {
    package let token: BearerToken
    package let stamp: RenewalMachine.Stamp
    /// Nanoseconds since 1970 on the local wall clock.
    let freshUntilWall: Atomic<Int64>

    init(token: BearerToken, stamp: RenewalMachine.Stamp, freshUntilWall: Int64) {
        self.token = token
        self.stamp = stamp
        self.freshUntilWall = Atomic(freshUntilWall)
    }

    /// A reader's view: no reference is counted, so threads do not fight over one counter.
    ///
    /// It must not outlive the keeper it came from.
    package struct Lease {
        let snapshot: Unmanaged<TokenSnapshot>

        @inline(__always)
        private func read<Value>(_ body: (TokenSnapshot) -> Value) -> Value {
            // The keeper retains every snapshot it has published as long as it lives.
            snapshot._withUnsafeGuaranteedRef(body)
        }

        var freshUntilWall: Int64 { read { $0.freshUntilWall.load(ordering: .relaxed) } }
        /// The value of the `Authorization` header.
        package var header: String { read { $0.token.header } }
        package var stamp: RenewalMachine.Stamp { read { $0.stamp } }
        package var generation: UInt64 { read { $0.stamp.generation } }
    }
}

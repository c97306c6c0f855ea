#if DEBUG
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif
#endif

/// Moments at which a test kills this process, as a power cut would: `DIE_AT_VERIFY_STEP=counted`.
///
/// Debug builds only.
package enum VerifyFaultPoint: String, Sendable, CaseIterable {
    /// A check is counted on disk, and the code has not been compared.
    case counted

    /// This moment is here.
    package func reached() {
        #if DEBUG
        if self == Self.wanted { kill(getpid(), SIGKILL) }
        #endif
    }

    #if DEBUG
    private static let wanted = getenv("DIE_AT_VERIFY_STEP").flatMap { Self(rawValue: String(cString: $0)) }
    #endif
}

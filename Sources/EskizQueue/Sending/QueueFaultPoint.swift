#if DEBUG
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif
#endif

/// Moments at which a test kills this process, as a power cut would: `DIE_AT_QUEUE_STEP=written`.
///
/// Debug builds only.
package enum QueueFaultPoint: String, Sendable, CaseIterable {
    /// Messages are on disk, and nobody has been told.
    case accept
    /// An attempt has begun, and nothing has left.
    case claim
    /// It is on disk that bytes may leave, and none has.
    case writing
    /// Eskiz has answered, and nothing of it is written down.
    case written
    /// The answer is on disk, and nobody has been told.
    case answered
    /// A delivery report is on disk, and nobody has been told.
    case report

    /// This moment is here.
    package func reached() {
        #if DEBUG
        if self == Self.wanted { kill(getpid(), SIGKILL) }
        #endif
    }

    #if DEBUG
    private static let wanted = getenv("DIE_AT_QUEUE_STEP").flatMap { Self(rawValue: String(cString: $0)) }
    #endif
}

#if DEBUG
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif
#endif

/// Lets a test kill this process at a named step of a message's life (`DIE_AT_QUEUE_STEP`), as a power cut would.
///
/// Debug builds only. The step `written` is the dispatcher's.
enum FaultPoint: String, Sendable {
    case accept
    case claim
    case writing
    /// The answer is here, and not written down.
    case answered
    case report

    func reachedBeforeCommit() {
        if self == .answered { reached() }
    }

    func reachedAfterCommit() {
        if self != .answered { reached() }
    }

    private func reached() {
        #if DEBUG
        if rawValue == Self.wanted { kill(getpid(), SIGKILL) }
        #endif
    }

    #if DEBUG
    private static let wanted: String? = getenv("DIE_AT_QUEUE_STEP").map { String(cString: $0) }
    #endif
}

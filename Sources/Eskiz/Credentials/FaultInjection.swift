#if DEBUG
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif
#endif

/// Lets a test kill this process at a named step of a renewal, as a power cut would.
///
/// Debug builds only.
enum FaultInjection {
    static let reached: @Sendable (FileTokenStore.FaultPoint) -> Void = {
        #if DEBUG
        guard let wanted = getenv("DIE_AT_RENEWAL_STEP").map({ String(cString: $0) }) else { return { _ in } }
        return { point in if point.rawValue == wanted { kill(getpid(), SIGKILL) } }
        #else
        return { _ in }
        #endif
    }()
}

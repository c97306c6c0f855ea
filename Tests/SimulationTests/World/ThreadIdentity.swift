#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Tells threads apart.
enum ThreadIdentity {
    /// A number that no other thread has while this one lives.
    static var current: Int {
        #if canImport(Darwin)
        Int(bitPattern: pthread_self())
        #else
        Int(truncatingIfNeeded: pthread_self())
        #endif
    }
}

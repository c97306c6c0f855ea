import Eskiz
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Runs a verb's work so that Ctrl-C cancels it once and kills it twice.
///
/// Cancelling is enough for a message in flight: the client reports whether it certainly was not taken or whether
/// nobody knows, and the exit status says which.
func cancelledByCtrlC<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    let task = Task { try await work() }
    let watcher = Task {
        var isFirst = true
        for await _ in signals {
            if isFirst {
                task.cancel()
                isFirst = false
            } else {
                // The work did not listen. Nothing is half-written: files are replaced by renaming.
                _exit(ExitStatus.interrupted.rawValue)
            }
        }
    }
    defer { watcher.cancel() }
    return try await task.value
}

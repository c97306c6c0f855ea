import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Asks the system, as every other program on this machine does.
package struct SystemHostResolver: HostResolver {
    package init() {}

    /// Returns as soon as the task is cancelled, though the system goes on asking: it cannot be stopped.
    package func addresses(of host: String) async throws(WebhookFailure) -> [String] {
        let answer = PendingAnswer()
        let addresses = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard answer.await(continuation) else { return }
                // `getaddrinfo` blocks, for many seconds if it has to: not a thread that others run on.
                DispatchQueue.global(qos: .utility).async { answer.give(Self.resolve(host)) }
            }
        } onCancel: {
            answer.give(nil)
        }
        guard let addresses, !addresses.isEmpty else {
            throw WebhookFailure("The host name cannot be resolved.")
        }
        return addresses
    }

    /// IPv4 first: many a machine has an IPv6 address and no way out with it.
    private static func resolve(_ host: String) -> [String] {
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, nil, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [IPAddress] = []
        var next = first
        while let entry = next?.pointee {
            next = entry.ai_next
            guard let address = address(entry), !found.contains(address) else { continue }
            found.append(address)
        }
        return (found.filter(\.isIPv4) + found.filter { !$0.isIPv4 }).map(\.description)
    }

    /// The address in a `sockaddr_in` or `sockaddr_in6`, read where POSIX's layout has it on Linux and Darwin.
    ///
    /// Not by the members' names: which module a debug and a release build find `sockaddr_in` in is not the same.
    private static func address(_ entry: addrinfo) -> IPAddress? {
        guard let socketAddress = entry.ai_addr else { return nil }
        let (offset, count): (Int, Int)
        switch entry.ai_family {
        case AF_INET: (offset, count) = (4, 4)
        case AF_INET6: (offset, count) = (8, 16)
        default: return nil
        }
        guard Int(entry.ai_addrlen) >= offset + count else { return nil }
        let bytes = UnsafeRawBufferPointer(start: socketAddress, count: Int(entry.ai_addrlen))
        return IPAddress(bytes: UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + count)]))
    }
}

/// An answer for one who waits, given once: by the system or by cancellation, whichever is first.
private final class PendingAnswer: Sendable {
    private enum State {
        case nobodyWaits
        case waiting(CheckedContinuation<[String]?, Never>)
        case given
    }

    private let state = Mutex(State.nobodyWaits)

    /// False if the answer was given before anybody waited for it: then the continuation has been resumed.
    func await(_ continuation: CheckedContinuation<[String]?, Never>) -> Bool {
        let waits = state.withLock { state in
            if case .given = state { return false }
            state = .waiting(continuation)
            return true
        }
        if !waits { continuation.resume(returning: nil) }
        return waits
    }

    func give(_ addresses: [String]?) {
        let continuation = state.withLock { state -> CheckedContinuation<[String]?, Never>? in
            defer { state = .given }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume(returning: addresses)
    }
}

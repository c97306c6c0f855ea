#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A socket in the file system on which a server listens: who may connect, and what becomes of an old one.
package struct ListenSocket: Sendable, Hashable {
    package enum Failure: Error, Sendable, Hashable {
        /// Another process answers there.
        case inUse
        /// Something lies there that is no socket.
        case notSocket
        case noGroup(String)
        case system(operation: String, errno: Int32)

        /// Half a sentence.
        package var reason: String {
            switch self {
            case .inUse: "another process listens there"
            case .notSocket: "a file lies there that is no socket"
            case .noGroup(let name): "there is no group \(name)"
            case .system(let operation, let errno): "\(operation): \(String(cString: strerror(errno)))"
            }
        }
    }

    package var path: String
    /// Whoever may write may connect.
    package var mode: UInt32
    /// The group that owns it; nil for that of the process.
    package var group: String?

    package static let standardMode: UInt32 = 0o660

    package init(path: String, mode: UInt32 = Self.standardMode, group: String? = nil) {
        self.path = path
        self.mode = mode
        self.group = group
    }

    /// Makes sure that nobody listens there; a socket that was left behind is taken away by the binding.
    package func prepare() throws(Failure) {
        if let group, getgrnam(group) == nil { throw .noGroup(group) }
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notSocket }
        if try isAnswered() { throw .inUse }
    }

    /// Gives it its group and its mode.
    package func open() throws(Failure) {
        if let group {
            guard let entry = getgrnam(group) else { throw .noGroup(group) }
            guard chown(path, uid_t.max, entry.pointee.gr_gid) == 0 else {
                throw .system(operation: "changing its group to \(group)", errno: errno)
            }
        }
        guard chmod(path, mode_t(mode)) == 0 else { throw .system(operation: "changing its mode", errno: errno) }
    }

    package func remove() {
        unlink(path)
    }

    private func isAnswered() throws(Failure) -> Bool {
        #if canImport(Darwin)
        let kind = SOCK_STREAM
        #elseif canImport(Musl)
        let kind = SOCK_STREAM
        #else
        let kind = Int32(SOCK_STREAM.rawValue)
        #endif
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw .system(operation: "opening a socket", errno: errno) }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < capacity else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        return result == 0
    }
}

/// Whether this machine has IPv6 at all: in some containers it is switched off.
package enum AddressFamilies {
    package static let haveIPv6: Bool = {
        #if canImport(Glibc)
        let kind = Int32(SOCK_STREAM.rawValue)
        #else
        let kind = SOCK_STREAM
        #endif
        let descriptor = socket(AF_INET6, kind, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        let size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        } == 0
    }()
}

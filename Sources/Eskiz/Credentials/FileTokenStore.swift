#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// `token.json` in the state directory, shared by every process of this user on this host.
///
/// A record is always the old or the new complete one: temporary file in the same directory, fsync, rename, fsync of
/// the directory; 0600 from its creation. The lock is `flock` on a file of its own that is never deleted, so the end of
/// a process, however violent, frees it.
package struct FileTokenStore: TokenStore {
    /// A step after which a process may die; tests make it die there.
    package enum FaultPoint: String, Sendable, CaseIterable {
        case locked, beforeWrite, written, synced, renamed, published
    }

    package static let sizeLimit = 65_536

    private let directory: String
    private let coding: TokenRecordCoding
    private let reached: @Sendable (FaultPoint) -> Void

    /// The directory is made with mode 0700 when something is first stored.
    package init(
        directory: String,
        key: Redacted<[UInt8]>? = nil,
        reached: @escaping @Sendable (FaultPoint) -> Void = { _ in }
    ) {
        self.directory = directory
        self.reached = reached
        coding = TokenRecordCoding(key: key)
    }

    private var path: String { directory + "/token.json" }

    package var location: String { path }

    package func load() -> StoredToken {
        // Not waiting: a pipe in the place of the file would wait for somebody to write.
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return StoredToken(record: nil) }
            if errno == ELOOP { return distrusted("it is a symbolic link") }
            return distrusted("it cannot be opened: \(Self.reason())")
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { return distrusted("it cannot be examined: \(Self.reason())") }
        guard status.st_mode & S_IFMT == S_IFREG else { return distrusted("it is not a file") }
        guard status.st_uid == geteuid() || status.st_uid == ownerToRespect?.user else {
            return distrusted("it belongs to another user")
        }
        guard status.st_mode & 0o077 == 0 else {
            return distrusted("others may read it; run `chmod 600` on it if it is yours")
        }
        guard status.st_size <= Self.sizeLimit else { return distrusted("it is too large") }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(file, &chunk, chunk.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                return distrusted("it cannot be read: \(Self.reason())")
            }
            bytes += chunk[..<count]
            if bytes.count > Self.sizeLimit { return distrusted("it is too large") }
        }
        switch coding.decode(bytes) {
        case .success(let record): return StoredToken(record: record)
        case .failure(let reason): return distrusted(reason.sentence)
        }
    }

    package func lock(until deadline: Instant, clock: any KeeperClock) async throws(TokenStoreError) -> TokenStoreLock {
        try makeDirectory()
        let file = open(directory + "/token.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .unreachable("\(directory) cannot be written: \(Self.reason())") }
        do throws(TokenStoreError) {
            while flock(file, LOCK_EX | LOCK_NB) != 0 {
                guard errno == EWOULDBLOCK || errno == EINTR else {
                    throw TokenStoreError.unreachable("\(directory) cannot be locked: \(Self.reason())")
                }
                try await LockWait.pause(until: deadline, clock: clock)
            }
        } catch {
            close(file)
            throw error
        }
        giveToOwner(file)
        reached(.locked)
        return TokenStoreLock {
            // Said, not left to closing: a child that is just being made has the file open too until it is another program.
            _ = flock(file, LOCK_UN)
            close(file)
        }
    }

    package func publish(_ record: TokenRecord, replacing generation: UInt64) throws(TokenStoreError) -> StoredToken? {
        let stored = load()
        guard (stored.record?.generation ?? 0) == generation else { return stored }
        try makeDirectory()
        guard let bytes = coding.encode(record) else { throw .unreachable("the token could not be sealed") }
        removeLeftovers()
        let temporary = "\(path).\(getpid()).tmp"
        reached(.beforeWrite)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .unreachable("\(directory) cannot be written: \(Self.reason())") }
        giveToOwner(file)
        var failure: TokenStoreError?
        let isWritten = Self.write(bytes, to: file)
        if isWritten { reached(.written) }
        if !isWritten || fsync(file) != 0 {
            failure = .unreachable("\(path) cannot be written: \(Self.reason())")
        }
        if close(file) != 0, failure == nil { failure = .unreachable("\(path) cannot be written: \(Self.reason())") }
        reached(.synced)
        if failure == nil, rename(temporary, path) != 0 {
            failure = .unreachable("\(path) cannot be replaced: \(Self.reason())")
        }
        if let failure {
            unlink(temporary)
            throw failure
        }
        reached(.renamed)
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        reached(.published)
        return nil
    }

    /// Whose directory this is, where that is somebody else's and we are root.
    ///
    /// An administrator who runs the command once as root must not leave a service with files that it cannot open.
    private var ownerToRespect: (user: uid_t, group: gid_t)? {
        var status = stat()
        guard geteuid() == 0, stat(directory, &status) == 0, status.st_uid != 0 else { return nil }
        return (status.st_uid, status.st_gid)
    }

    private func giveToOwner(_ file: Int32) {
        var status = stat()
        // Nothing that has another name elsewhere: whoever owns the directory must not be handed root's files that way.
        guard let owner = ownerToRespect, fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_nlink == 1
        else { return }
        // If it cannot be given away, it is root's, as it would have been.
        _ = fchown(file, owner.user, owner.group)
    }

    private func distrusted(_ why: String) -> StoredToken {
        StoredToken(record: nil, anomaly: "\(path) is not used: \(why).")
    }

    /// Every missing folder is made for this user alone.
    private func makeDirectory() throws(TokenStoreError) {
        var partial = directory.hasPrefix("/") ? "" : "."
        for part in directory.split(separator: "/") {
            partial += "/" + part
            if mkdir(partial, 0o700) != 0, errno != EEXIST, errno != EISDIR {
                // An existing folder on a read-only system answers EROFS; only the last one has to be there.
                let reason = Self.reason()
                var status = stat()
                if stat(partial, &status) != 0 { throw .unreachable("\(partial) cannot be made: \(reason)") }
            }
        }
    }

    /// What a killed process left behind; we hold the lock, so nobody is writing one now.
    private func removeLeftovers() {
        guard let folder = opendir(directory) else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix("token.json."), name.hasSuffix(".tmp") { unlink(directory + "/" + name) }
        }
    }

    private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { buffer in
                #if canImport(Glibc)
                Glibc.write(file, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                Musl.write(file, buffer.baseAddress, buffer.count)
                #else
                Darwin.write(file, buffer.baseAddress, buffer.count)
                #endif
            }
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func reason() -> String {
        String(cString: strerror(errno))
    }
}

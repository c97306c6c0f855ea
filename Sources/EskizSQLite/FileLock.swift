import EskizQueue
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One process per database.
///
/// The lock is on a file beside it and held as long as it is open. The file stays, so that no second lock can be taken on a
/// new one of the same name; the end of the process lets go, however it comes.
final class FileLock: Sendable {
    private let descriptor: Mutex<Int32>

    /// Makes the folder (0700) and the database file (0600) where they are missing, and takes the lock.
    init(database path: String) throws(StoreError) {
        try Self.prepare(path)
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw .system(errno, opening: path + ".lock") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            Self.shut(lock)
            throw number == EWOULDBLOCK ? .heldElsewhere(path: path) : .system(number, opening: path + ".lock")
        }
        descriptor = Mutex(lock)
    }

    deinit { release() }

    /// Makes the folder (0700) and the database file (0600) where they are missing.
    ///
    /// SQLite would make the file readable for everybody, and gives its companions the mode of the file.
    static func prepare(_ path: String) throws(StoreError) {
        try makeFolder(of: path)
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .system(errno, opening: path) }
        shut(file)
    }

    /// Lets go; once is enough.
    func release() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            // Said, not left to closing: a child that is just being made has the file open too until it is another program.
            _ = flock(descriptor, LOCK_UN)
            Self.shut(descriptor)
            descriptor = -1
        }
    }

    private static func shut(_ descriptor: Int32) {
        _ = close(descriptor)
    }

    private static func makeFolder(of path: String) throws(StoreError) {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let folder = String(path[..<slash])
        var facts = stat()
        if stat(folder, &facts) == 0 { return }
        try makeFolder(of: folder)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .system(errno, opening: folder) }
    }
}

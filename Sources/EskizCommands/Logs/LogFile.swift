import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// An appended-to file, 0600, in a directory that is made 0700 if it does not exist.
///
/// Not `Sendable`: it lives inside the lock of ``LogSink``.
struct LogFile {
    let path: FilePath
    private var descriptor: FileDescriptor?
    private var hasWarned = false

    init(path: FilePath) {
        self.path = path
    }

    /// Appends a line.
    ///
    /// Returns why it cannot be written, once for each run of failures.
    mutating func append(_ line: String) -> String? {
        do {
            let file = try descriptor ?? open()
            descriptor = file
            try file.writeAll(line.utf8)
            hasWarned = false
            return nil
        } catch {
            guard !hasWarned else { return nil }
            hasWarned = true
            return "\(error)"
        }
    }

    /// Closes the file and opens what its name stands for now (logrotate, SIGHUP).
    ///
    /// Failing that, the next line tries.
    mutating func reopen() {
        try? descriptor?.close()
        descriptor = try? open()
    }

    private func open() throws -> FileDescriptor {
        try Self.makeDirectories(to: path.removingLastComponent())
        let options: FileDescriptor.OpenOptions = [.create, .append, .closeOnExec]
        let file = try FileDescriptor.open(path, .writeOnly, options: options, permissions: .ownerReadWrite)
        // A file left by an older umask or made by hand is tightened; failing that (not our file) is no reason to stop.
        _ = fchmod(file.rawValue, 0o600)
        return file
    }

    /// `mkdir -p` with 0700 for what is made here and nothing changed for what exists.
    static func makeDirectories(to path: FilePath) throws(Errno) {
        guard !path.isEmpty else { return }
        if mkdir(path.string, 0o700) == 0 { return }
        let failure = Errno(rawValue: errno)
        switch failure {
        case .fileExists: return
        case .noSuchFileOrDirectory where path.removingLastComponent() != path:
            try makeDirectories(to: path.removingLastComponent())
            guard mkdir(path.string, 0o700) == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
        default: throw failure
        }
    }
}

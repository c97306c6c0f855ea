import Eskiz
import EskizQueue
import GRDB

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension StoreError {
    /// The store has been closed.
    static var closed: Self {
        Self(
            .unavailable,
            "The message store is closed.",
            remedy: "The gateway is shutting down; ask again once it runs."
        )
    }

    /// Another process has the file.
    static func heldElsewhere(path: String) -> Self {
        Self(
            .locked,
            "Another process uses \(path).",
            remedy: "Stop the other gateway, or give this one a database of its own: two never share a file."
        )
    }

    /// It was written by an older version, and who asks is not the one to change that.
    static func older(path: String, has: String, wants: String) -> Self {
        Self(
            .olderSchema,
            "\(path) has the tables of version \(has); this command wants version \(wants).",
            remedy: """
                Start `eskiz serve` of this version, which brings the file up to date, or use the command of the version \
                that is running. This command leaves the file as it is.
                """
        )
    }

    /// It was written by a newer version.
    static func newer(path: String, has: String, wants: String) -> Self {
        Self(
            .newerSchema,
            "\(path) was written by a newer version: it has the tables of version \(has); this one wants version \(wants).",
            remedy: "Run that version or a later one; this one leaves the file as it is."
        )
    }

    /// An error of the system while a file was opened.
    static func system(_ number: Int32, opening path: String) -> Self {
        switch number {
        case ENOSPC, EDQUOT: .diskFull(path: path)
        case EACCES, EPERM, EROFS: .readOnly(path: path)
        default:
            Self(
                .unavailable,
                "\(path) cannot be opened: \(String(cString: strerror(number))).",
                remedy: "Check the path and its folder."
            )
        }
    }

    private static func diskFull(path: String, cause: (any Error)? = nil) -> Self {
        Self(
            .diskFull,
            "The disk that holds \(path) is full.",
            remedy: "Make room: work goes on by itself as soon as there is some. Nothing that was accepted is lost.",
            cause: cause
        )
    }

    private static func readOnly(path: String, cause: (any Error)? = nil) -> Self {
        Self(
            .readOnly,
            "\(path) cannot be written.",
            remedy:
                "Make the file and its folder writable for the user that runs the gateway, and the disk not read-only.",
            cause: cause
        )
    }

    /// What a failure of the database means.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError:
            self = error
        case let error as DatabaseError:
            self.init(error, path: path)
        case let error as UnreadableRow:
            self = .corrupt(path: path, cause: error)
        default:
            self.init(.unavailable, "\(path) cannot be used.", remedy: Self.look, cause: error)
        }
    }

    private static let look: Sentence =
        "Look at the log of the system and at the disk; work goes on by itself once it answers."

    private static func corrupt(path: String, cause: any Error) -> Self {
        Self(
            .corrupt,
            "\(path) is not a database, or a damaged one.",
            remedy: """
                The file is left as it is. Stop the gateway, keep a copy of it with its -wal and -shm, then restore a backup or \
                move it away to begin with an empty queue.
                """,
            cause: cause
        )
    }

    private init(_ error: DatabaseError, path: String) {
        switch error.resultCode {
        case .SQLITE_FULL:
            self = .diskFull(path: path, cause: error)
        case .SQLITE_READONLY, .SQLITE_PERM:
            self = .readOnly(path: path, cause: error)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .locked,
                "Another program holds a lock on \(path).",
                remedy: "Close whatever has the file open, a shell or a backup; work goes on by itself afterwards.",
                cause: error
            )
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT:
            self = .corrupt(path: path, cause: error)
        case .SQLITE_IOERR where Self.isFull(path):
            // Growing the -shm or flushing fails with an error of input and output where writing fails with "full".
            self = .diskFull(path: path, cause: error)
        case .SQLITE_CANTOPEN:
            self =
                access(path, R_OK | W_OK) == 0
                ? Self(.unavailable, "\(path) cannot be opened.", remedy: Self.look, cause: error)
                : .readOnly(path: path, cause: error)
        default:
            self.init(.unavailable, "\(path) cannot be used: \(error.resultCode).", remedy: Self.look, cause: error)
        }
    }

    private static func isFull(_ path: String) -> Bool {
        var figures = statvfs()
        return statvfs(path, &figures) == 0 && figures.f_bavail == 0
    }
}

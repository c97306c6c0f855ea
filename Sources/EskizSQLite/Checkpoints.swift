import Dispatch
import GRDB
import GRDBSQLite
import Synchronization

/// Moves committed pages from SQLite's log into the database file, beside the writer.
///
/// SQLite by itself does that in the commit that makes the log too long, and all who are in that commit wait for thousands of
/// pages. Here another connection does it on a thread of its own. What was committed meanwhile stays in the log, so that it
/// would begin anew only when nobody writes for a moment; if that takes too long, the writer moves the little that is left.
///
/// A checkpoint that fails is tried again after more commits: nothing is lost meanwhile, the log only grows.
final class Checkpoints: Sendable {
    /// Pages of 4 KiB in the log and not in the file, from which on they are moved.
    static let begin = 1_000
    /// Pages in the log, moved or not, from which on the writer helps.
    static let help = 8_000
    /// The writer takes over when so small a part of the log is left: longer logs let it do more.
    static func rest(of length: Int) -> Int { length / 32 }
    /// From so many on the writer does all of it, because the other connection seems to be unable to.
    static let limit = 64_000

    private struct State {
        /// Pages in the log; it begins anew once all of it is in the file.
        var length = 0
        var moved = 0
        var isMoving = false

        mutating func note(length: Int) {
            if length < self.length { moved = 0 }
            self.length = length
        }
    }

    private let state = Mutex(State())
    private let connection: DatabaseQueue
    private let thread = DispatchQueue(label: "uz.eskiz.store.checkpoint", qos: .utility)

    /// Takes the checkpoints of a pool over: its writer makes none by itself any more.
    init(of pool: DatabasePool, path: String) throws {
        var configuration = Configuration()
        configuration.label = "uz.eskiz.store.checkpoint"
        connection = try DatabaseQueue(path: path, configuration: configuration)
        try connection.inDatabase { db in
            // It reads the log and writes the file, and keeps no pages.
            try db.execute(sql: "PRAGMA cache_size = 16")
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 0")
        }
        let this = Unmanaged.passUnretained(self).toOpaque()
        pool.writeWithoutTransaction { db in
            // In the place of the hook that makes checkpoints.
            _ = sqlite3_wal_hook(
                db.sqliteConnection,
                { this, _, _, pages in
                    if let this {
                        Unmanaged<Checkpoints>.fromOpaque(this).takeUnretainedValue().note(length: Int(pages))
                    }
                    return SQLITE_OK
                },
                this
            )
        }
    }

    private func note(length: Int) { state.withLock { $0.note(length: length) } }

    /// Begins what is due after a commit of which everybody has been told.
    ///
    /// `writer` moves all pages on the writer's connection, and returns how many of the log are in the file then.
    func advance(onWriter writer: () throws -> Int) {
        enum Turn { case nobody, thread, writer }
        let turn = state.withLock { state -> Turn in
            let waiting = state.length - state.moved
            if state.isMoving { return .nobody }
            if state.length >= Self.limit || (state.length >= Self.help && waiting <= Self.rest(of: state.length)) {
                return .writer
            }
            guard waiting >= (state.length >= Self.help ? 1 : Self.begin) else { return .nobody }
            state.isMoving = true
            return .thread
        }
        switch turn {
        case .nobody: break
        case .thread: thread.async { self.move() }
        case .writer: if let moved = try? writer() { state.withLock { $0.moved = moved } }
        }
    }

    private func move() {
        let moved = try? connection.inDatabase { db in try db.checkpoint(.passive).checkpointedFrameCount }
        state.withLock { state in
            state.isMoving = false
            // The log may have begun anew meanwhile.
            if let moved, moved <= state.length { state.moved = moved }
        }
    }

    /// Returns when nothing is being moved, and moves nothing afterwards.
    func close() {
        thread.sync { try? connection.close() }
    }
}

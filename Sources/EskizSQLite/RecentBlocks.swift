import EskizQueue
import EskizVerify
import Synchronization

/// When codes went to blocks of numbers, as far as limits look back.
///
/// The notes on disk are without an index: there would be a page for each block, and every code would write one. They are read
/// once, from the end, when somebody first asks.
///
///     blocks.note("99890123", at: now)
///     blocks.sends(to: "99890123", since: now - .seconds(600), limit: 30)
struct RecentBlocks: Sendable {
    /// What is committed; the newest last.
    private final class Committed: Sendable {
        let sends = Mutex<[String: [Timestamp]]?>(nil)
    }

    /// Shared by the copies: of a transaction that is undone, only ``pending`` is forgotten.
    private let committed = Committed()
    private var pending: [String: [Timestamp]] = [:]

    /// Reads the notes on disk, the newest first, unless that has been done.
    ///
    /// `notes` calls what it is given with the subject and moment of each note until that answers false. Notes of this transaction
    /// are not yet among them, as a code asks before it notes.
    func load(since: Timestamp, _ notes: ((String, Timestamp) -> Bool) throws -> Void) rethrows {
        guard committed.sends.withLock({ $0 == nil }) else { return }
        var found: [String: [Timestamp]] = [:]
        try notes { subject, at in
            guard at > since else { return false }
            if subject.hasPrefix(VerifySubject.blockPrefix) {
                found[String(subject.dropFirst(VerifySubject.blockPrefix.count)), default: []].append(at)
            }
            return true
        }
        let sends = found.mapValues { Array($0.reversed()) }
        committed.sends.withLock { $0 = sends }
    }

    /// The newest first.
    func sends(to block: String, since: Timestamp, limit: Int) -> [Timestamp] {
        let limit = max(0, limit)
        let new = (pending[block] ?? []).suffix(limit)
        let old = committed.sends.withLock { ($0?[block] ?? []).suffix(limit - new.count) }
        return (old + new).reversed().filter { $0 > since }
    }

    mutating func note(_ block: String, at now: Timestamp) {
        pending[block, default: []].append(now)
    }

    /// What was noted in this transaction is committed.
    mutating func commit() {
        guard !pending.isEmpty else { return }
        let pending = self.pending
        self.pending = [:]
        committed.sends.withLock { sends in
            // Nobody has asked yet: it will be read with the others.
            guard sends != nil else { return }
            for (block, moments) in pending { sends?[block, default: []] += moments }
        }
    }

    /// Forgets what no limit looks at any more.
    func forget(before: Timestamp) {
        committed.sends.withLock { sends in
            sends = sends?.compactMapValues { moments in
                let kept = moments.filter { $0 >= before }
                return kept.isEmpty ? nil : kept
            }
        }
    }
}

import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizSQLite
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where the messages of a machine are, from one process to the next.
final class Storage: Sendable {
    private let time: SimulatedTime
    /// Nil where they are on disk.
    let memory: MemoryMessageStore?
    private let folder: String
    private let notes = Mutex<[String]>([])

    /// On disk: a copy of an empty database, so that not every world makes its tables anew.
    ///
    /// - Parameters:
    ///   - time: of the world.
    ///   - isOnDisk: in a file rather than in memory.
    ///   - fenceSeed: for the numbers of claims; nil where no claim is ever forgotten.
    init(time: SimulatedTime, isOnDisk: Bool, fenceSeed: UInt64? = nil) {
        self.time = time
        if isOnDisk {
            memory = nil
        } else if let fenceSeed {
            let random = Mutex(SplitMix64(seed: fenceSeed))
            memory = MemoryMessageStore(fenceStep: { random.withLock { $0.between(1 as Int64, 1 << 24) } })
        } else {
            memory = MemoryMessageStore()
        }
        folder = isOnDisk ? Self.newFolder() : ""
        if isOnDisk, let template = Self.template {
            try? FileManager.default.copyItem(atPath: template, toPath: path)
        }
    }

    private var path: String { folder + "/eskiz.sqlite" }

    /// What was wrong with it.
    var findings: [String] { notes.withLock { $0 } }

    func note(_ finding: String) { notes.withLock { $0.append(finding) } }

    func open() async -> (any MessageStore)? {
        if let memory { return memory }
        do {
            return try SQLiteMessageStore(path: path, numberOffset: 0)
        } catch {
            note("it does not open: \(error.code)")
            return nil
        }
    }

    /// The end of a process lets go of its files, however it comes.
    func close(_ store: any MessageStore) async {
        guard memory == nil else { return }
        time.leave()
        await store.close()
        time.comeBack()
    }

    func forget() {
        if memory == nil { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// In memory where the system has a place for that: these databases are to survive a process, not the machine.
    private static func newFolder() -> String {
        let base =
            FileManager.default.fileExists(atPath: "/dev/shm")
            ? "/dev/shm" : FileManager.default.temporaryDirectory.path()
        let folder = base + "/eskiz-world-" + UUID().uuidString
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    private static let template: String? = {
        let folder = newFolder()
        let path = folder + "/empty.sqlite"
        guard let store = try? SQLiteMessageStore(path: path, numberOffset: 0) else { return nil }
        _ = store
        return path
    }()
}

import Eskiz
import EskizTesting
import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// `token.json`: whole or absent, ours alone, and one writer at a time.
@Suite(.timeLimit(.minutes(1))) struct FileTokenStoreTests {
    private static let key = Redacted([UInt8](repeating: 7, count: 32))

    private static func record(_ generation: UInt64 = 1) -> TokenRecord {
        TokenRecord(
            generation: generation,
            token: BearerToken(SampleToken.jwt(Int(generation))),
            receivedWall: 1_800_000_000_123_456_789,
            serverOffset: -5_000_000_000,
            grewFrom: TokenFingerprint(of: "a.b.c"),
            origin: "https://notify.eskiz.uz/api",
            account: "0123456789abcdef",
            refusal: LoginRefusal(credentials: "01234567", count: 2, wall: 1_700_000_000_000_000_000),
            traits: ServerTraits(lastSeen: [.expiredTokenIsRefused: 1_700_000_000_000_000_000])
        )
    }

    private static func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    /// Puts something in the token file's place, for this user alone.
    private static func plant(_ bytes: [UInt8], _ path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    private static func isDistrusted(_ stored: StoredToken, path: String) -> Bool {
        stored.record == nil && stored.anomaly?.hasPrefix("\(path) is not used: ") == true
            && stored.anomaly?.hasSuffix(".") == true
    }

    // MARK: What is kept

    @Test(arguments: [nil, key])
    func `what was stored is read again`(key: Redacted<[UInt8]>?) async throws {
        try await withTemporaryFolder { folder async throws in
            let store = FileTokenStore(directory: folder + "/state", key: key)
            #expect(store.load() == StoredToken(record: nil))
            let record = Self.record()
            #expect(try store.publish(record, replacing: 0) == nil)
            #expect(store.load() == StoredToken(record: record))
            #expect(FileTokenStore(directory: folder + "/state", key: key).load().record == record)
            #expect(store.location == folder + "/state/token.json")
        }
    }

    @Test func `what a newer version has seen of Eskiz does not cost the token`() async throws {
        try await withTemporaryFolder { folder async throws in
            let store = FileTokenStore(directory: folder)
            #expect(try store.publish(Self.record(), replacing: 0) == nil)
            let path = folder + "/token.json"
            let text = String(decoding: try Self.bytes(path), as: UTF8.self)
            try Self.plant(
                Array(text.replacing("\"expired_token_is_refused\"", with: "\"token_turns_green\"").utf8),
                path
            )
            var expected = Self.record()
            expected.traits = ServerTraits()
            #expect(store.load().record == expected)
        }
    }

    @Test func `a record without a token keeps the refusal`() async throws {
        try await withTemporaryFolder { folder async throws in
            let store = FileTokenStore(directory: folder)
            var record = Self.record()
            record.token = nil
            #expect(try store.publish(record, replacing: 0) == nil)
            #expect(store.load().record == record)
        }
    }

    @Test func `a sealed file does not contain the token`() async throws {
        try await withTemporaryFolder { folder async throws in
            let store = FileTokenStore(directory: folder, key: Self.key)
            _ = try store.publish(Self.record(), replacing: 0)
            let text = String(decoding: try Self.bytes(store.location), as: UTF8.self)
            let token = SampleToken.jwt(1)
            #expect(!text.contains(token))
            for part in token.split(separator: ".") { #expect(!text.contains(part)) }
            #expect(!text.contains(Data(token.utf8).base64EncodedString()))
        }
    }

    @Test func `a sealed file opens with its own key only`() async throws {
        try await withTemporaryFolder { folder async throws in
            let store = FileTokenStore(directory: folder, key: Self.key)
            _ = try store.publish(Self.record(), replacing: 0)
            let other = Redacted([UInt8](repeating: 8, count: 32))
            for key in [nil, other] {
                let stored = FileTokenStore(directory: folder, key: key).load()
                #expect(Self.isDistrusted(stored, path: store.location))
                #expect(stored.anomaly?.contains("ESKIZ_TOKEN_KEY") == true)
            }
        }
    }

    @Test(arguments: [
        (#""generation" : 1"#, #""generation" : 2"#),
        ("notify.eskiz.uz", "elsewhere.example.test"),
    ])
    func `a sealed token cannot be moved to another record`(change: (from: String, to: String)) async throws {
        try await withTemporaryFolder { folder async throws in
            let store = FileTokenStore(directory: folder, key: Self.key)
            _ = try store.publish(Self.record(), replacing: 0)
            let text = String(decoding: try Self.bytes(store.location), as: UTF8.self)
            try #require(text.contains(change.from))
            try Self.plant(Array(text.replacing(change.from, with: change.to).utf8), store.location)
            #expect(Self.isDistrusted(store.load(), path: store.location))
        }
    }

    @Test func `directory and files are for this user alone`() async throws {
        try await withTemporaryFolder { folder async throws in
            let directory = folder + "/one/two"
            let store = FileTokenStore(directory: directory)
            _ = try store.publish(Self.record(), replacing: 0)
            let lock = try await store.lock(until: ManualClock().now(), clock: ManualClock())
            lock.unlock()
            #expect(try Self.mode(folder + "/one") == 0o700)
            #expect(try Self.mode(directory) == 0o700)
            #expect(try Self.mode(store.location) == 0o600)
            #expect(try Self.mode(directory + "/token.lock") == 0o600)
        }
    }

    // MARK: What is not believed

    @Test func `a file cut off at any byte is absent`() async throws {
        try await withTemporaryFolder { folder async throws in
            for key in [nil, Self.key] {
                let store = FileTokenStore(directory: folder, key: key)
                let generation = store.load().record?.generation ?? 0
                try? FileManager.default.removeItem(atPath: store.location)
                _ = try store.publish(Self.record(generation + 1), replacing: 0)
                let whole = try Self.bytes(store.location)
                // Without the last newline it is still whole.
                for count in 0..<(whole.count - 1) {
                    try Self.plant(Array(whole[..<count]), store.location)
                    #expect(Self.isDistrusted(store.load(), path: store.location), "\(count) of \(whole.count)")
                }
                try FileManager.default.removeItem(atPath: store.location)
            }
        }
    }

    @Test func `a file with any byte changed is absent or whole, and never a crash`() async throws {
        try await withTemporaryFolder { folder async throws in
            let store = FileTokenStore(directory: folder, key: Self.key)
            let record = Self.record()
            _ = try store.publish(record, replacing: 0)
            let whole = try Self.bytes(store.location)
            for place in whole.indices {
                for bits: UInt8 in [0x01, 0x80, 0xFF] {
                    var changed = whole
                    changed[place] ^= bits
                    try Self.plant(changed, store.location)
                    let stored = store.load()
                    // The seal vouches for the token: it is the one that was stored, or there is none.
                    if let token = stored.record?.token { #expect(token == record.token, "byte \(place)") }
                    #expect(stored.record != nil || Self.isDistrusted(stored, path: store.location), "byte \(place)")
                }
            }
        }
    }

    @Test(arguments: [
        "", "null", "[]", "{}", "\u{0}", #"{"version":1}"#, #"{"version":"1"}"#, String(repeating: "[", count: 60_000),
        #"{"version":2,"generation":1,"token":"a.b.c","received_ns":0,"server_offset_ns":0,"origin":"x"}"#,
        #"{"version":1,"generation":-1,"token":"a.b.c","received_ns":0,"server_offset_ns":0,"origin":"x"}"#,
        #"{"version":1,"generation":1,"token":"a\nb","received_ns":0,"server_offset_ns":0,"origin":"x"}"#,
        #"{"version":1,"generation":1,"token":"","received_ns":0,"server_offset_ns":0,"origin":"x"}"#,
        #"{"version":1,"generation":1e99,"token":"a.b.c","received_ns":0,"server_offset_ns":0,"origin":"x"}"#,
        String(repeating: " ", count: FileTokenStore.sizeLimit + 1),
    ])
    func `a file that is none of ours is absent`(contents: String) async throws {
        try await withTemporaryFolder { folder async throws in
            let store = FileTokenStore(directory: folder)
            try Self.plant(Array(contents.utf8), store.location)
            #expect(Self.isDistrusted(store.load(), path: store.location))
        }
    }

    @Test(arguments: [0o604, 0o640, 0o644, 0o660, 0o666])
    func `a file that others may read is absent`(mode: Int) async throws {
        try await withTemporaryFolder { folder async throws in
            let store = FileTokenStore(directory: folder)
            _ = try store.publish(Self.record(), replacing: 0)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: store.location)
            let stored = store.load()
            #expect(Self.isDistrusted(stored, path: store.location))
            #expect(stored.anomaly?.contains("chmod 600") == true)
        }
    }

    @Test func `a symbolic link and a directory are absent`() async throws {
        try await withTemporaryFolder { folder async throws in
            let real = FileTokenStore(directory: folder + "/real")
            _ = try real.publish(Self.record(), replacing: 0)
            for place in ["/link", "/folder"] {
                try FileManager.default.createDirectory(atPath: folder + place, withIntermediateDirectories: true)
            }
            let link = FileTokenStore(directory: folder + "/link")
            try FileManager.default.createSymbolicLink(atPath: link.location, withDestinationPath: real.location)
            let directory = FileTokenStore(directory: folder + "/folder")
            try FileManager.default.createDirectory(atPath: directory.location, withIntermediateDirectories: true)
            #expect(Self.isDistrusted(link.load(), path: link.location))
            #expect(Self.isDistrusted(directory.load(), path: directory.location))
        }
    }

    @Test func `a pipe is absent, and nobody waits for what may come out of it`() async throws {
        try await withTemporaryFolder { folder async throws in
            let store = FileTokenStore(directory: folder)
            #expect(mkfifo(store.location, 0o600) == 0)
            #expect(Self.isDistrusted(store.load(), path: store.location))
        }
    }

    @Test func `a token of another address is not used`() async throws {
        try await withTemporaryFolder { folder async throws in
            let store = FileTokenStore(directory: folder)
            var record = Self.record(9)
            record.origin = "https://elsewhere.example.test/api"
            _ = try store.publish(record, replacing: 0)
            let bench = try KeeperBench(store: store)
            #expect(try await bench.token().token.raw.reveal() == SampleToken.jwt(1))
            await bench.events.reach(1) { if case .storeDistrusted = $0 { true } else { false } }
        }
    }

    // MARK: Writing

    @Test func `only the generation that was read is replaced`() async throws {
        try await withTemporaryFolder { folder async throws in
            let store = FileTokenStore(directory: folder)
            let (first, second) = (Self.record(1), Self.record(2))
            #expect(try store.publish(first, replacing: 0) == nil)
            #expect(try store.publish(second, replacing: 1) == nil)
            // A writer that slept through the second one.
            #expect(try store.publish(Self.record(3), replacing: 1) == StoredToken(record: second))
            #expect(try store.publish(Self.record(3), replacing: 0) == StoredToken(record: second))
            #expect(store.load().record == second)
        }
    }

    @Test func `what a killed writer left behind goes with the next writing`() async throws {
        try await withTemporaryFolder { folder async throws in
            let store = FileTokenStore(directory: folder)
            let leftovers = ["token.json.1.tmp", "token.json.\(getpid()).tmp", "token.json.99999.tmp"]
            for name in leftovers + ["keep.tmp"] { try Self.plant([1], folder + "/" + name) }
            #expect(try store.publish(Self.record(), replacing: 0) == nil)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["keep.tmp", "token.json"])
        }
    }

    @Test func `every step of a writing is passed once, in order`() async throws {
        try await withTemporaryFolder { folder async throws in
            let steps = Tally()
            let store = FileTokenStore(directory: folder) { steps.add($0.rawValue) }
            let clock = ManualClock()
            let lock = try await store.lock(until: clock.now(), clock: clock)
            _ = try store.publish(Self.record(), replacing: 0)
            lock.unlock()
            #expect(steps.names == FileTokenStore.FaultPoint.allCases.map(\.rawValue))
        }
    }

    @Test func `a reader never sees half a record`() async throws {
        try await withTemporaryFolder { folder async throws in
            let store = FileTokenStore(directory: folder)
            _ = try store.publish(Self.record(1), replacing: 0)
            let done = Tally()
            try await withThrowingTaskGroup { group in
                group.addTask { () async throws in
                    var last: UInt64 = 0
                    while done.count == 0 {
                        let stored = store.load()
                        #expect(stored.anomaly == nil)
                        let generation = try #require(stored.record).generation
                        #expect(generation >= last)
                        #expect(stored.record == Self.record(generation))
                        last = generation
                        await Task.yield()
                    }
                }
                group.addTask { () async throws in
                    defer { done.add() }
                    for generation: UInt64 in 1..<201 {
                        #expect(try store.publish(Self.record(generation + 1), replacing: generation) == nil)
                        await Task.yield()
                    }
                }
                try await group.waitForAll()
            }
            #expect(store.load().record?.generation == 201)
        }
    }

    @Test func `G1 T17 at every step of a publication the file is the old record or the new one`() async throws {
        try await withTemporaryFolder { folder async throws in
            let plain = FileTokenStore(directory: folder)
            _ = try plain.publish(Self.record(1), replacing: 0)
            // Held open, so that its number cannot be given to another file.
            let old = open(plain.location, O_RDONLY)
            defer { close(old) }
            var before = stat()
            #expect(fstat(old, &before) == 0)
            let seen = Tally()
            let store = FileTokenStore(directory: folder) { point in
                let stored = plain.load()
                seen.add("\(point) \(stored.record?.generation ?? 0) \(stored.anomaly ?? "")")
            }
            _ = try store.publish(Self.record(2), replacing: 1)
            #expect(seen.names == ["beforeWrite 1 ", "written 1 ", "synced 1 ", "renamed 2 ", "published 2 "])
            // Another file in its place: it was not written over.
            var after = stat()
            #expect(stat(plain.location, &after) == 0)
            #expect(after.st_ino != before.st_ino)
        }
    }

    // MARK: What cannot be written

    @Test func `a file in the directory's place makes the store unreachable`() async throws {
        try await withTemporaryFolder { folder async throws in
            let place = folder + "/state"
            try Self.plant([1], place)
            try await Self.expectUnreachable(place)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
    func `what root stores in the directory of a service is the service's`() async throws {
        try await withTemporaryFolder { folder async throws in
            let directory = folder + "/state"
            let service: uid_t = 65_534
            #expect(mkdir(directory, 0o700) == 0 && chown(directory, service, service) == 0)
            let store = FileTokenStore(directory: directory)
            let clock = ManualClock()
            let lock = try await store.lock(until: clock.now(), clock: clock)
            #expect(try store.publish(Self.record(), replacing: 0) == nil)
            lock.unlock()
            for name in ["token.json", "token.lock"] {
                var status = stat()
                #expect(stat(directory + "/" + name, &status) == 0 && status.st_uid == service, "\(name)")
            }
            #expect(store.load().record == Self.record())
            // But what belongs to neither is still a stranger's.
            #expect(chown(directory + "/token.json", 12_345, 12_345) == 0)
            #expect(Self.isDistrusted(store.load(), path: directory + "/token.json"))
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may write anywhere"))
    func `a directory that may only be read makes the store unreachable`() async throws {
        try await withTemporaryFolder { folder async throws in
            try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
            try await Self.expectUnreachable(folder)
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder)
        }
    }

    #if os(Linux)
    @Test(arguments: ["/proc/self", "/proc/eskiz/state"])
    func `a file system that takes no files makes the store unreachable`(directory: String) async throws {
        try await Self.expectUnreachable(directory)
    }
    #endif

    private static func expectUnreachable(_ directory: String) async throws {
        let store = FileTokenStore(directory: directory)
        let clock = ManualClock()
        #expect(store.load().record == nil)
        let deadline = clock.now().advanced(by: .nanosecondsPerSecond)
        let locking = await #expect(throws: TokenStoreError.self) {
            _ = try await store.lock(until: deadline, clock: clock)
        }
        let writing = #expect(throws: TokenStoreError.self) { _ = try store.publish(Self.record(), replacing: 0) }
        for error in [locking, writing] {
            guard case .unreachable(let reason) = error else {
                Issue.record("\(error.map { "\($0)" } ?? "none")")
                continue
            }
            #expect(!reason.isEmpty)
        }
    }

    // MARK: The lock

    @Test func `two stores on one directory exclude each other until the deadline`() async throws {
        try await withTemporaryFolder { folder async throws in
            let clock = ManualClock()
            let deadline = clock.now().advanced(by: .nanosecondsPerSecond)
            let held = try await FileTokenStore(directory: folder).lock(until: deadline, clock: clock)
            let waiting = Task { try await FileTokenStore(directory: folder).lock(until: deadline, clock: clock) }
            for _ in 1...50 {
                await clock.sleeper(within: .milliseconds(20))
                clock.advance(by: .milliseconds(20))
            }
            let error = await #expect(throws: TokenStoreError.self) { try await waiting.value }
            #expect(error == .busy)
            held.unlock()
            // At the deadline itself a free lock is still taken.
            let taken = try await FileTokenStore(directory: folder).lock(until: deadline, clock: clock)
            taken.unlock()
        }
    }

    @Test func `the lock goes to a waiter when it is released, and a waiter may leave`() async throws {
        try await withTemporaryFolder { folder async throws in
            let clock = ManualClock()
            let deadline = clock.now().advanced(by: .nanosecondsPerSecond)
            let held = try await FileTokenStore(directory: folder).lock(until: deadline, clock: clock)
            let leaving = Task { try await FileTokenStore(directory: folder).lock(until: deadline, clock: clock) }
            await clock.sleeper(within: .milliseconds(20))
            leaving.cancel()
            let error = await #expect(throws: TokenStoreError.self) { try await leaving.value }
            #expect(error == .cancelled)
            let waiting = Task { try await FileTokenStore(directory: folder).lock(until: deadline, clock: clock) }
            await clock.sleeper(within: .milliseconds(20))
            held.unlock()
            clock.advance(by: .milliseconds(20))
            try await waiting.value.unlock()
        }
    }
}

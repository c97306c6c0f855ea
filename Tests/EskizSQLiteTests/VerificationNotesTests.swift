import Eskiz
import EskizQueue
import EskizText
import EskizVerify
import GRDB
import Testing

@testable import EskizSQLite

/// What limits know of earlier codes: it is on disk, although little of it is in an index.
struct VerificationNotesTests {
    private let folder: TemporaryFolder
    private let path: String
    private let noon = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/eskiz.sqlite"
    }

    private func open(
        _ phone: String,
        on store: SQLiteMessageStore,
        limits: SendLimits,
        at now: Timestamp
    ) async throws -> VerificationOpening {
        var random = SystemRandomNumberGenerator()
        let id = VerificationID(at: now, random: &random)
        let new = NewVerification(
            id: id,
            apiKeyID: "k_1",
            phone: phone,
            purpose: "\(id)",
            kind: .sms,
            keyID: "k",
            life: .seconds(300),
            checksAllowed: 5
        )
        let message = NewMessage(
            lane: .otp,
            phone: phone,
            text: "Kodingiz: 482915",
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: "k_1"
        )
        return try await store.open(new, message: message, limits: limits, at: now)
    }

    private func rule(_ opening: VerificationOpening) -> SendRefusal.Rule? {
        guard case .refused(let refusal) = opening else { return nil }
        return refusal.rule
    }

    @Test func `a block of numbers is counted across a restart`() async throws {
        var limits = SendLimits()
        limits.block = 4
        var store = try SQLiteMessageStore(path: path)
        for number in 0..<3 {
            let opening = try await open("99890123456\(number)", on: store, limits: limits, at: noon + .seconds(number))
            #expect(rule(opening) == nil)
        }
        await store.close()
        store = try SQLiteMessageStore(path: path)
        #expect(rule(try await open("998901234563", on: store, limits: limits, at: noon + .seconds(3))) == nil)
        #expect(rule(try await open("998901234564", on: store, limits: limits, at: noon + .seconds(4))) == .numberBlock)
        #expect(rule(try await open("998911234564", on: store, limits: limits, at: noon + .seconds(4))) == nil)
        // The first of them is ten minutes old.
        #expect(rule(try await open("998901234565", on: store, limits: limits, at: noon + .seconds(600))) == nil)
        #expect(
            rule(try await open("998901234566", on: store, limits: limits, at: noon + .seconds(600))) == .numberBlock
        )
        _ = try await store.pruneVerifications(before: noon, limit: 100, at: noon + .seconds(600))
        #expect(
            rule(try await open("998901234566", on: store, limits: limits, at: noon + .seconds(600))) == .numberBlock
        )
        await store.close()
    }

    @Test func `a phone is counted across a restart, and a code that is sent again counts too`() async throws {
        var limits = SendLimits()
        limits.intervals = []
        limits.phoneHour = 3
        var store = try SQLiteMessageStore(path: path)
        guard case .opened(let first, _) = try await open("998901234567", on: store, limits: limits, at: noon) else {
            Issue.record("not sent")
            return
        }
        let message = NewMessage(
            lane: .otp,
            phone: "998901234567",
            text: "Kodingiz: 482915",
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: "k_1"
        )
        let again = try await store.sendAgain(
            first.id,
            message: message,
            cost: 0,
            limits: limits,
            at: noon + .seconds(1)
        )
        guard case .sent = again else {
            Issue.record("\(again)")
            return
        }
        await store.close()
        store = try SQLiteMessageStore(path: path)
        #expect(rule(try await open("998901234567", on: store, limits: limits, at: noon + .seconds(2))) == nil)
        #expect(rule(try await open("998901234567", on: store, limits: limits, at: noon + .seconds(3))) == .phoneHour)
        await store.close()
    }

    @Test func `sums of a minute go on after a restart, and begin anew with the next minute`() async throws {
        var limits = SendLimits()
        limits.totalMinute = 2
        var store = try SQLiteMessageStore(path: path)
        #expect(rule(try await open("998901234561", on: store, limits: limits, at: noon)) == nil)
        await store.close()
        store = try SQLiteMessageStore(path: path)
        #expect(rule(try await open("998911234562", on: store, limits: limits, at: noon)) == nil)
        #expect(rule(try await open("998931234563", on: store, limits: limits, at: noon)) == .totalMinute)
        #expect(rule(try await open("998931234563", on: store, limits: limits, at: noon + .seconds(60))) == nil)
        // The minute before is known as well.
        #expect(rule(try await open("998941234563", on: store, limits: limits, at: noon)) == .totalMinute)
        let sums = try await store.read { db in
            try db.rows("SELECT value FROM verification_sums WHERE name = 'm:' ORDER BY period", []) { $0[0] as Int }
        }
        #expect(sums == [2, 1])
        await store.close()
    }

    /// The version before listed every note, and the first SMS of a code must not count twice after it.
    @Test func `what the version before noted counts once`() async throws {
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: "8: suppressions, prefixes")
        try await queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO verifications (number, id, api_key_id, phone, purpose, kind, code_length, key_id, epoch, \
                    template, language, created_at, life, checks, checks_answered, checks_allowed, sends, message_id) \
                    VALUES (1, randomblob(16), 'k_1', '998901234567', '', 0, 6, '', 0, '', '', ?, 300000, 0, 0, 5, 2, 77)
                    """,
                arguments: [noon.milliseconds]
            )
            for (subject, second) in [
                ("p:998901234567", 0), ("b:99890123", 0), ("p:998901234567", 40), ("b:99890123", 40),
            ] {
                try db.execute(
                    sql: "INSERT INTO verification_notes (subject, at) VALUES (?, ?)",
                    arguments: [subject, noon.milliseconds + Int64(second) * 1_000]
                )
            }
        }
        try queue.close()
        var limits = SendLimits()
        limits.intervals = []
        limits.phoneHour = 3
        limits.block = 3
        let store = try SQLiteMessageStore(path: path)
        let later = noon + .seconds(60)
        #expect(rule(try await open("998901234567", on: store, limits: limits, at: later)) == nil)
        #expect(rule(try await open("998901234567", on: store, limits: limits, at: later)) == .phoneHour)
        #expect(rule(try await open("998901234568", on: store, limits: limits, at: later)) == .numberBlock)
        await store.close()
    }
}

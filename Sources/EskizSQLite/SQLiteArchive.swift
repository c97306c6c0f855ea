package import EskizQueue
import EskizText
import EskizVerify
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file whose gateway is stopped, to be copied from or into.
package struct SQLiteArchive: StoreArchive {
    private let db: Database

    /// Reads a file in one transaction, and changes nothing in it.
    ///
    /// - Throws: `StoreError`: there is no such file, somebody uses it, or another version wrote it; and what `body` throws.
    package static func read<Value>(path: String, _ body: (Self) throws -> Value) throws -> Value {
        guard access(path, F_OK) == 0 else { throw StoreError.system(ENOENT, opening: path) }
        let lock = try FileLock(database: path)
        defer { lock.release() }
        return try translated(path) {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            let (migrator, wanted) = (Schema.migrator, Schema.migrator.migrations)
            let applied = try queue.read { db in try migrator.appliedIdentifiers(db) }
            if let unknown = applied.subtracting(wanted).max() {
                throw StoreError.newer(path: path, has: unknown, wants: wanted.last ?? "")
            }
            if applied.count < wanted.count {
                let last = wanted.last(where: applied.contains) ?? "0"
                throw StoreError.older(path: path, has: last, wants: wanted.last ?? "")
            }
            return try queue.read { db in try body(Self(db: db)) }
        }
    }

    /// Writes a file in one transaction; it is made if it is missing, and left as it was if `body` throws.
    ///
    /// - Throws: as for reading.
    package static func write<Value>(path: String, _ body: (Self) throws -> Value) throws -> Value {
        let isNew = access(path, F_OK) != 0
        let lock = try FileLock(database: path)
        defer { lock.release() }
        do {
            return try translated(path) {
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                defer { try? queue.close() }
                let (migrator, wanted) = (Schema.migrator, Schema.migrator.migrations)
                let applied = try queue.read { db in try migrator.appliedIdentifiers(db) }
                if let unknown = applied.subtracting(wanted).max() {
                    throw StoreError.newer(path: path, has: unknown, wants: wanted.last ?? "")
                }
                if !applied.isEmpty, applied.count < wanted.count {
                    let last = wanted.last(where: applied.contains) ?? "0"
                    throw StoreError.older(path: path, has: last, wants: wanted.last ?? "")
                }
                try migrator.migrate(queue)
                return try queue.write { db in try body(Self(db: db)) }
            }
        } catch {
            if isNew { for end in ["", "-wal", "-shm", "-journal"] { unlink(path + end) } }
            throw error
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "uz.eskiz.copy"
        configuration.foreignKeysEnabled = false
        return configuration
    }

    private static func translated<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch let error as DatabaseError { throw StoreError(error, path: path) } catch let
            error as UnreadableRow
        { throw StoreError(error, path: path) }
    }

    // MARK: Rows

    package func has(_ table: StoreTable) throws -> Bool { try db.tableExists(table.name) }

    package func rows(
        of table: StoreTable,
        after key: ArraySlice<StoreCell>?,
        limit: Int
    ) throws -> [StoreRow] {
        let places = table.columns.map { Place($0, of: table) }
        let keys = places.prefix(table.keyCount).map(\.name).joined(separator: ", ")
        var values: [(any DatabaseValueConvertible)?] =
            try key.map { try zip(places, $0).map { try $0.value($1) } } ?? []
        let condition = key.map { "WHERE (\(keys)) > (\($0.map { _ in "?" }.joined(separator: ", ")))" } ?? ""
        values.append(limit)
        let sql = """
            SELECT \(places.map(\.name).joined(separator: ", ")) FROM \(table.name) \(condition) ORDER BY \(keys) LIMIT ?
            """
        return try Row.fetchAll(db, sql: sql, arguments: StatementArguments(values)).map { row in
            try places.enumerated().map { index, place in try place.cell(row[index]) }
        }
    }

    package func insert(_ rows: [StoreRow], into table: StoreTable) throws {
        let places = table.columns.map { Place($0, of: table) }
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO \(table.name) (\(places.map(\.name).joined(separator: ", "))) \
                VALUES (\(places.map { _ in "?" }.joined(separator: ", ")))
                """
        )
        for row in rows {
            let values: [(any DatabaseValueConvertible)?] = try zip(places, row).map { try $0.value($1) }
            try statement.execute(arguments: StatementArguments(values))
        }
    }

    // MARK: Numbers and counts

    package func numbers() throws -> StoreNumbers {
        let counters = try Row.fetchAll(db, sql: "SELECT name, value FROM counters").reduce(into: [Int64: Int64]()) {
            $0[$1[0]] = $1[1]
        }
        let largest = try Int64.fetchOne(db, sql: "SELECT max(id) FROM messages") ?? 0
        let rows = try Row.fetchAll(db, sql: "SELECT name, seq FROM sqlite_sequence").reduce(into: [String: Int64]()) {
            $0[$1[0]] = $1[1]
        }
        return StoreNumbers(
            offset: counters[Ledger.Name.numberOffset] ?? 0,
            highest: max(largest, counters[Ledger.Name.lastNumber] ?? 0),
            rows: rows
        )
    }

    package func adopt(_ numbers: StoreNumbers, _ counts: StoreCounts) throws {
        var counters = counts.messages.reduce(into: [Int64: Int64]()) {
            $0[Ledger.name($1.key.lane, $1.key.state)] = Int64($1.value)
        }
        counters[Ledger.Name.numberOffset] = numbers.offset
        counters[Ledger.Name.numberBoundary] = 0
        counters[Ledger.Name.lastNumber] = numbers.highest
        counters[Ledger.Name.deadWebhooks] = Int64(counts.deadWebhooks)
        counters[Ledger.Name.suppressions] = Int64(counts.suppressions)
        try db.execute(sql: VerificationRecord.unindexNotes)
        for (name, value) in counters {
            try db.execute(
                sql:
                    "INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                arguments: [name, value]
            )
        }
        for (table, number) in numbers.rows where ["raw_reports", "webhooks", "audit", "suppressions"].contains(table) {
            try db.execute(
                sql: "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?",
                arguments: [number, table]
            )
            guard db.changesCount == 0 else { continue }
            try db.execute(sql: "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", arguments: [table, number])
        }
    }
}

/// Where a value stands in the file, and as what.
private struct Place {
    let name: String
    private let kind: StoreTable.Kind
    /// Numbers that stand for words.
    private let words: [Int: String]?

    init(_ column: StoreTable.Column, of table: StoreTable) {
        name = Self.renamed[table.name + "." + column.name] ?? column.name
        kind = column.kind
        words = Self.coded[table.name + "." + column.name]
    }

    private static let renamed = ["messages.body": "text", "activity.prefix": "operator"]

    private static let coded: [String: [Int: String]] = [
        "messages.state": words(MessageState.self), "messages.lane": words(Lane.self),
        "messages.encoding": words(MessageEncoding.self), "messages.origin": words(Message.Origin.self),
        "attempts.phase": words(Attempt.Phase.self), "attempts.outcome": words(Attempt.Outcome.self),
        "webhooks.format": words(WebhookDelivery.Format.self), "webhooks.state": words(MessageState.self),
        "webhooks.progress": words(WebhookDelivery.Progress.self),
        "verifications.kind": words(Verification.Kind.self), "verifications.ending": words(Verification.Ending.self),
        "suppressions.scope": words(Suppression.Scope.self),
        "verification_prefixes.decision": words(PrefixRule.Decision.self),
    ]

    private static func words<Word: Coded & RawRepresentable<String>>(_: Word.Type) -> [Int: String] {
        Dictionary(uniqueKeysWithValues: Word.allCases.map { ($0.code, $0.rawValue) })
    }

    func cell(_ value: DatabaseValue) throws -> StoreCell {
        switch value.storage {
        case .null: return .null
        case .int64(let number):
            if let words {
                guard let word = words[Int(number)] else { throw UnreadableRow(name, number) }
                return .text(word)
            }
            return kind == .bool ? .bool(number != 0) : .int(number)
        case .string(let text): return .text(text)
        case .blob(let bytes): return .bytes([UInt8](bytes))
        case .double(let number): throw UnreadableRow(name, number)
        }
    }

    func value(_ cell: StoreCell) throws -> (any DatabaseValueConvertible)? {
        switch cell {
        case .null: return nil
        case .int(let number): return number
        case .bool(let flag): return flag
        case .bytes(let bytes): return bytes.databaseValue
        case .text(let text):
            guard let words else { return text }
            guard let code = words.first(where: { $0.value == text })?.key else {
                throw UnreadableRow(name, "of its own")
            }
            return code
        }
    }
}

extension [UInt8] {
    fileprivate var databaseValue: DatabaseValue { Data(self).databaseValue }
}

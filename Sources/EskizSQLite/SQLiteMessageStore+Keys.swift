package import EskizQueue
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SQLiteMessageStore {
    package func secret(_ name: String, orMake make: @Sendable () -> [UInt8]) async throws(StoreError) -> [UInt8] {
        let known = try await read { db in
            try db.rows("SELECT value FROM secrets WHERE name = ?", [name]) { [UInt8]($0[0] as Data) }.first
        }
        if let known { return known }
        // The first that is written wins; what another one has made meanwhile is forgotten.
        let made = make()
        return try await group.perform(.durable) { transaction in try transaction.secret(name, orMake: { made }) }
    }

    package func add(_ key: APIKeyRecord) async throws(StoreError) {
        try await group.perform(.durable) { transaction in try transaction.add(key) }
    }

    package func apiKeys() async throws(StoreError) -> [APIKeyRecord] {
        try await read { db in
            try db.rows(
                "SELECT id, name, scopes, digest, created_at, revoked_at FROM api_keys ORDER BY created_at, id",
                []
            ) { row in
                let scopes: String = row[2]
                return APIKeyRecord(
                    id: row[0],
                    name: row[1],
                    scopes: Set(scopes.split(separator: " ").compactMap { APIKeyRecord.Scope(rawValue: String($0)) }),
                    digest: [UInt8](row[3] as Data),
                    createdAt: row[4],
                    revokedAt: row[5]
                )
            }
        }
    }

    package func revokeAPIKey(_ id: String, at now: Timestamp) async throws(StoreError) -> Bool {
        try await group.perform(.durable) { transaction in try transaction.revokeAPIKey(id, at: now) }
    }
}

import EskizQueue
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension WriteTransaction {
    func secret(_ name: String, orMake make: () -> [UInt8]) throws -> [UInt8] {
        if let known = try row("SELECT value FROM secrets WHERE name = ?", [name], { [UInt8]($0[0] as Data) }) {
            return known
        }
        let made = make()
        try run("INSERT INTO secrets (name, value) VALUES (?, ?)", [name, Data(made)])
        return made
    }

    func add(_ key: APIKeyRecord) throws {
        let known = try row("SELECT 1 FROM api_keys WHERE id = ?", [key.id]) { _ in true }
        guard known == nil else { throw StoreError.keyExists(key.id) }
        try run(
            "INSERT INTO api_keys (id, name, scopes, digest, created_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?)",
            [
                key.id, key.name, key.scopes.map(\.rawValue).sorted().joined(separator: " "), Data(key.digest),
                key.createdAt, key.revokedAt,
            ]
        )
    }

    func revokeAPIKey(_ id: String, at now: Timestamp) throws -> Bool {
        try run("UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", [now, id])
        return db.changesCount > 0
    }
}

package import EskizQueue

extension PostgresMessageStore {
    package func secret(_ name: String, orMake make: @Sendable () -> [UInt8]) async throws(StoreError) -> [UInt8] {
        let known = try await read { (session) throws(PostgresError) in
            try session.query("SELECT value FROM eskiz.secrets WHERE name = $1", [.text(name)]).first?.bytes("value")
        }
        if let known { return known }
        // The first that is written wins; what another one has made meanwhile is forgotten.
        let made = make()
        return try await keeping.perform(.durable) { (transaction) throws(PostgresError) in
            try transaction.secret(name, made: made)
        }
    }

    package func add(_ key: APIKeyRecord) async throws(StoreError) {
        try await keeping.attempt(.durable) { (transaction) throws(PostgresError) in
            try transaction.add(key) ? .success(()) : .failure(.keyExists(key.id))
        }
    }

    package func apiKeys() async throws(StoreError) -> [APIKeyRecord] {
        try await read { (session) throws(PostgresError) in
            try session.query(
                "SELECT id, name, scopes, digest, created_at, revoked_at FROM eskiz.api_keys ORDER BY created_at, id"
            ).map { (row) throws(PostgresError) in
                let scopes = try row.text("scopes").split(separator: " ")
                return APIKeyRecord(
                    id: try row.text("id"),
                    name: try row.text("name"),
                    scopes: Set(scopes.compactMap { APIKeyRecord.Scope(rawValue: String($0)) }),
                    digest: try row.bytes("digest"),
                    createdAt: try row.moment("created_at"),
                    revokedAt: try row.optionalMoment("revoked_at")
                )
            }
        }
    }

    package func revokeAPIKey(_ id: String, at now: Timestamp) async throws(StoreError) -> Bool {
        try await keeping.perform(.durable) { (transaction) throws(PostgresError) in
            try transaction.revokeAPIKey(id, at: now)
        }
    }

    // MARK: What people did

    package func audit(_ line: AuditLine) async throws(StoreError) {
        try await keeping.perform(.durable) { (transaction) throws(PostgresError) in try transaction.audit(line) }
    }

    package func auditLines(_ query: AuditSearch) async throws(StoreError) -> [AuditLine] {
        let limit = min(max(0, query.limit), AuditSearch.maximumLimit)
        return try await read { (session) throws(PostgresError) in
            var values: [PostgresValue] = [.int(query.before ?? .max), .int(Int64(limit))]
            if let id = query.messageID { values.append(.int(id.rawValue)) }
            return try session.query(
                """
                SELECT id, at, key_id, key_name, action, message_id, detail FROM eskiz.audit \
                WHERE \(query.messageID == nil ? "" : "message_id = $3 AND ")id < $1 ORDER BY id DESC LIMIT $2
                """,
                values
            ).map { (row) throws(PostgresError) in
                AuditLine(
                    id: try row.int("id"),
                    at: try row.moment("at"),
                    keyID: try row.text("key_id"),
                    keyName: try row.text("key_name"),
                    action: try row.text("action"),
                    messageID: try row.optionalInt("message_id").map { MessageID($0) },
                    detail: try row.optionalText("detail")
                )
            }
        }
    }

    package func pruneAudit(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await keeping.perform(.durable) { (transaction) throws(PostgresError) in
            try transaction.pruneAudit(before: before, limit: limit)
        }
    }

    // MARK: The clock

    package func clockAnchor() async throws(StoreError) -> ClockAnchor? {
        try await read { (session) throws(PostgresError) in try StoreTransaction.clockAnchor(session) }
    }

    package func moveMoments(
        by shift: Duration,
        from known: ClockAnchor?,
        to anchor: ClockAnchor
    ) async throws(StoreError) -> Bool {
        // Among the claims, which are where a cursor is.
        try await sending.perform(.durable) { (transaction) throws(PostgresError) in
            try transaction.moveMoments(by: shift, from: known, to: anchor)
        }
    }

    package func commonTime() async throws(StoreError) -> Timestamp? {
        try await beat { (session) throws(PostgresError) in
            try session.query(
                "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now",
                isPrepared: true
            ).first?.optionalMoment("now")
        }
    }
}

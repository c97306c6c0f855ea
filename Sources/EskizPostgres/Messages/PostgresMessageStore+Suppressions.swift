package import EskizQueue

extension PostgresMessageStore: SuppressionStore {
    package func suppress(_ phones: [Suppression]) async throws(StoreError) -> Int {
        // The last word on a phone counts, as if they had come one after the other.
        var places: [String: Int] = [:]
        var wanted: [Suppression] = []
        for phone in phones {
            if let place = places[phone.phone] {
                wanted[place] = phone
            } else {
                places[phone.phone] = wanted.count
                wanted.append(phone)
            }
        }
        let all = wanted
        return try await keeping.perform(.durable) { (transaction) throws(PostgresError) in
            try SuppressionRow.insert(all, transaction.session)
        }
    }

    package func unsuppress(_ phones: [String]) async throws(StoreError) -> Int {
        try await keeping.perform(.durable) { (transaction) throws(PostgresError) in
            try transaction.session.query(
                "DELETE FROM eskiz.suppressions WHERE phone = ANY($1)",
                [.texts(phones)],
                isPrepared: true
            ).changed
        }
    }

    package func suppressions(_ search: SuppressionSearch) async throws(StoreError) -> [Suppression] {
        let ofPhone = search.phone == nil ? "" : "AND phone = $3"
        let limit = min(max(0, search.limit), SuppressionSearch.maximumLimit)
        let values: [PostgresValue] =
            [.int(search.before ?? .max), .int(Int64(limit))] + (search.phone.map { [.text($0)] } ?? [])
        return try await read { (session) throws(PostgresError) in
            try session.query(
                """
                SELECT number, phone, scope, reason, added_at, added_by FROM eskiz.suppressions \
                WHERE number < $1 \(ofPhone) ORDER BY number DESC LIMIT $2
                """,
                values,
                isPrepared: true
            ).map(SuppressionRow.suppression)
        }
    }

    package func suppressionCount() async throws(StoreError) -> Int {
        try await read { (session) throws(PostgresError) in
            try session.query("SELECT count(*) AS number FROM eskiz.suppressions").first?.number("number") ?? 0
        }
    }
}

/// A phone that gets nothing, as a row of `eskiz.suppressions`.
private enum SuppressionRow {
    private static let columns = Columns<Suppression>([
        .init("phone", .text { $0.phone }),
        .init("scope", .text { $0.scope.rawValue }),
        .init("reason", .text { $0.reason }),
        .init("added_at", .int { $0.addedAt.milliseconds }),
        .init("added_by", .text { $0.addedBy }),
    ])

    /// - Returns: how many were not there.
    static func insert(_ phones: [Suppression], _ session: PostgresSession) throws(PostgresError) -> Int {
        let names = columns.names()
        return try session.query(
            """
            INSERT INTO eskiz.suppressions AS s (\(names)) SELECT \(names) FROM \(columns.unnest) \
            ON CONFLICT (phone) DO UPDATE SET scope = excluded.scope, reason = excluded.reason, \
            added_at = excluded.added_at, added_by = excluded.added_by RETURNING s.xmax = 0 AS is_new
            """,
            columns.values(of: phones),
            isPrepared: true
        ).map { (row) throws(PostgresError) in try row.bool("is_new") }.count { $0 }
    }

    static func suppression(_ row: PostgresRow) throws(PostgresError) -> Suppression {
        Suppression(
            number: try row.int("number"),
            phone: try row.text("phone"),
            scope: try row.word("scope"),
            reason: try row.text("reason"),
            addedAt: try row.moment("added_at"),
            addedBy: try row.text("added_by")
        )
    }
}

extension StoreTransaction {
    /// Looks phones up on the list, all in one question.
    func fetchSuppressions(_ phones: some Collection<String>) {
        for phone in phones { suppressed[phone] = .some(nil) }
        session.deferQuery(
            "SELECT phone, scope FROM eskiz.suppressions WHERE phone = ANY($1)",
            [.texts(Array(phones))],
            isPrepared: true
        ) { [self] (answer) throws(PostgresError) in
            let found = try answer.map { (row) throws(PostgresError) in
                (try row.text("phone"), try row.word("scope", as: Suppression.Scope.self))
            }
            for (phone, scope) in found { suppressed[phone] = scope }
        }
    }

    /// Asks at once for those that nobody has asked for yet.
    func lookUpSuppressions(_ phones: some Sequence<String>) throws(PostgresError) {
        let unknown = Set(phones.lazy.filter { [suppressed] in suppressed[$0] == nil })
        guard !unknown.isEmpty else { return }
        fetchSuppressions(unknown)
        try session.sendDeferred()
    }

    func isSuppressed(_ phone: String, _ lane: Lane) throws(PostgresError) -> Bool {
        try lookUpSuppressions([phone])
        return suppressed[phone]??.covers(lane) ?? false
    }
}

/// What verifications count for all phones together: codes a minute and soʻm a day.
///
/// Every code of the fleet is in one of these rows, so nobody holds one while it works: sums are read at the beginning, and
/// written as the last step before the commit. If others have added so much meanwhile that a sum goes over its ceiling, the
/// transaction is undone and tried again; it then sees theirs, and refuses. So no ceiling is ever passed.
struct StoreSums {
    private var found: [Footprint.SumName: Int] = [:]
    private var added: [Footprint.SumName: Int] = [:]
    private var ceilings: [Footprint.SumName: Int] = [:]

    /// Reads sums that have a ceiling, with the next round trip.
    ///
    /// - Parameters:
    ///   - wanted: the sums, and how far each may go.
    ///   - session: where they are.
    ///   - take: gets those that there are, for ``take(_:)``.
    mutating func fetch(
        _ wanted: [Footprint.SumName: Int],
        _ session: PostgresSession,
        _ take: @escaping ([Footprint.SumName: Int]) -> Void
    ) {
        ceilings.merge(wanted) { min($0, $1) }
        let names = Array(wanted.keys)
        for name in names { found[name] = 0 }
        session.deferQuery(
            """
            SELECT s.name, s.period, s.value FROM eskiz.verification_sums s \
            JOIN unnest($1::text[], $2::bigint[]) AS w(name, period) USING (name, period)
            """,
            [.texts(names.map(\.name)), .ints(names.map(\.period))],
            isPrepared: true
        ) { (rows) throws(PostgresError) in
            let sums = try rows.map { (row) throws(PostgresError) in
                (Footprint.SumName(name: try row.text("name"), period: try row.int("period")), try row.number("value"))
            }
            take(Dictionary(uniqueKeysWithValues: sums))
        }
    }

    /// Sums as the tables have them.
    mutating func take(_ values: [Footprint.SumName: Int]) { found.merge(values) { $1 } }

    /// A sum with what was added here; nil if it was not read.
    subscript(name: Footprint.SumName) -> Int? {
        found[name].map { $0 + (added[name] ?? 0) }
    }

    /// What was added here to a sum.
    func added(to name: Footprint.SumName) -> Int { added[name] ?? 0 }

    mutating func add(_ amount: Int, to name: Footprint.SumName) { added[name, default: 0] += amount }

    /// - Throws: `serialization` if a sum is more now than it may be.
    func write(_ session: PostgresSession) throws(PostgresError) {
        guard !added.isEmpty else { return }
        // In one order for everybody.
        let all = added.sorted { $0.key < $1.key }
        let rows = try session.query(
            """
            INSERT INTO eskiz.verification_sums AS s (name, period, value) \
            SELECT name, period, value FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS n(name, period, value) \
            ON CONFLICT (name, period) DO UPDATE SET value = s.value + excluded.value RETURNING s.name, s.period, s.value
            """,
            [.texts(all.map(\.key.name)), .ints(all.map(\.key.period)), .ints(all.map { Int64($0.value) })],
            isPrepared: true
        )
        let isOver = try rows.map { (row) throws(PostgresError) in
            let name = Footprint.SumName(name: try row.text("name"), period: try row.int("period"))
            return try row.number("value") > ceilings[name] ?? .max
        }
        if isOver.contains(true) { throw PostgresError(.serialization) }
    }
}

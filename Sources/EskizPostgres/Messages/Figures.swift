import EskizQueue

/// Counts of messages by lane and state, added up over the shards.
struct Figures: Sendable {
    private var shards: [Int: [String: Int]] = [:]
    /// Asked for with each accept, and so added up with each commit instead.
    private(set) var depth = QueueDepth(waiting: [:])

    static let deadWebhooks = "webhooks.dead"

    static func name(_ lane: Lane, _ state: MessageState) -> String { "\(lane.rawValue).\(state.rawValue)" }

    /// What a writer of ours has left in its shard.
    mutating func set(_ counts: [String: Int], of shard: Int) {
        for (name, value) in counts { shards[shard, default: [:]][name] = value }
        addUpDepth()
    }

    /// What the tables had, but for what is known better here.
    mutating func read(_ all: [Int: [String: Int]], except own: Set<Int>) {
        shards = shards.filter { own.contains($0.key) }
        for (shard, counts) in all where !own.contains(shard) { shards[shard] = counts }
        addUpDepth()
    }

    func count(_ name: String) -> Int { shards.values.reduce(0) { $0 + ($1[name] ?? 0) } }
    func count(_ lane: Lane, _ state: MessageState) -> Int { count(Self.name(lane, state)) }

    private mutating func addUpDepth() {
        depth = QueueDepth(
            waiting: Dictionary(
                uniqueKeysWithValues: Lane.allCases.map { ($0, max(0, count($0, .queued) + count($0, .sending))) }
            )
        )
    }

    var byLaneAndState: [QueueStatistics.Key: Int] {
        var all: [QueueStatistics.Key: Int] = [:]
        for lane in Lane.allCases {
            for state in MessageState.allCases where count(lane, state) != 0 {
                all[.init(lane, state)] = count(lane, state)
            }
        }
        return all
    }
}

/// Counts as rows, each in the shard of its writer.
enum CountRows {
    static let activityCounts =
        ["accepted", "submitted", "segments", "delivered", "undelivered", "failed", "expired"]
        + DeliveryTimes.bounds.map { "within_\($0)_s" } + ["later"]

    private struct Minute {
        var shard: Int
        var minute: ActivityMinute
        var counts: ActivityCounts
    }

    private static let minutes: UsualColumns<Minute> = {
        var values: [@Sendable (ActivityCounts) -> Int] = [
            { $0.accepted }, { $0.submitted }, { $0.segments }, { $0.delivered }, { $0.undelivered }, { $0.failed },
            { $0.expired },
        ]
        for step in 0...DeliveryTimes.bounds.count { values.append { $0.deliveryTimes.counts[step] } }
        let counts = zip(activityCounts, values).map { name, value in
            Columns<Minute>.Column(name, .int { Int64(value($0.counts)) }, usually: .int(0))
        }
        let key: [Columns<Minute>.Column] = [
            .init("minute", .int { $0.minute.minute }), .init("prefix", .int { Int64($0.minute.prefix.rawValue) }),
            .init("shard", .int { Int64($0.shard) }),
        ]
        return UsualColumns(
            table: "eskiz.activity AS a",
            always: Columns(key + counts.prefix(1)),
            unlessUsual: [Columns(Array(counts.dropFirst()))],
            ending: { columns in
                let sums = columns.all.dropFirst(key.count).map { "\($0.name) = a.\($0.name) + excluded.\($0.name)" }
                return " ON CONFLICT (minute, prefix, shard) DO UPDATE SET \(sums.joined(separator: ", "))"
            }
        )
    }()

    static func add(
        _ refusals: [RefusalHour: Int],
        shard: Int,
        _ session: PostgresSession
    ) {
        guard !refusals.isEmpty else { return }
        let all = refusals.sorted { ($0.key.hour, $0.key.code) < ($1.key.hour, $1.key.code) }
        session.deferQuery(
            """
            INSERT INTO eskiz.refusals AS r (hour, code, shard, count) \
            SELECT hour, code, $4, number FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS n(hour, code, number) \
            ON CONFLICT (hour, code, shard) DO UPDATE SET count = r.count + excluded.count
            """,
            [
                .ints(all.map(\.key.hour)), .texts(all.map(\.key.code)), .ints(all.map { Int64($0.value) }),
                .int(Int64(shard)),
            ],
            isPrepared: true
        )
    }

    /// Adds what a transaction has counted, in one statement.
    ///
    /// - Parameters:
    ///   - activity: by minute and block of numbers.
    ///   - deltas: what is added to each count.
    ///   - shard: whose counts.
    ///   - session: where they are written, with the next round trip.
    ///   - take: gets those counts afterwards.
    static func add(
        _ activity: [ActivityMinute: ActivityCounts],
        _ deltas: [String: Int],
        shard: Int,
        _ session: PostgresSession,
        _ take: @escaping ([String: Int]) -> Void
    ) {
        let counted = activity.map { Minute(shard: shard, minute: $0.key, counts: $0.value) }
            .sorted { ($0.minute.minute, $0.minute.prefix) < ($1.minute.minute, $1.minute.prefix) }
        let (insertion, ofMinutes) = counted.isEmpty ? ("", []) : minutes.insertion(of: counted)
        let all = deltas.filter { $0.value != 0 }.sorted { $0.key < $1.key }
        guard !all.isEmpty else {
            if !counted.isEmpty { session.deferQuery(insertion, ofMinutes, isPrepared: true) }
            return
        }
        let (names, numbers, own) = (ofMinutes.count + 1, ofMinutes.count + 2, ofMinutes.count + 3)
        session.deferQuery(
            """
            \(counted.isEmpty ? "" : "WITH minutes AS (\(insertion)) ")\
            INSERT INTO eskiz.counts AS c (shard, name, value) \
            SELECT $\(own), name, number FROM unnest($\(names)::text[], $\(numbers)::bigint[]) AS n(name, number) \
            ON CONFLICT (shard, name) DO UPDATE SET value = c.value + excluded.value RETURNING c.name, c.value
            """,
            ofMinutes + [.texts(all.map(\.key)), .ints(all.map { Int64($0.value) }), .int(Int64(shard))],
            isPrepared: true
        ) { (rows) throws(PostgresError) in
            let counts = try rows.map { (row) throws(PostgresError) in
                (try row.text("name"), try row.number("value"))
            }
            take(Dictionary(uniqueKeysWithValues: counts))
        }
    }

    /// Every shard's counts.
    static func all(_ session: PostgresSession) throws(PostgresError) -> [Int: [String: Int]] {
        var all: [Int: [String: Int]] = [:]
        let rows = try session.query("SELECT shard, name, value FROM eskiz.counts", isPrepared: true)
        for (shard, name, value) in try rows.map({ (row) throws(PostgresError) in
            (try row.number("shard"), try row.text("name"), try row.number("value"))
        }) {
            all[shard, default: [:]][name] = value
        }
        return all
    }
}

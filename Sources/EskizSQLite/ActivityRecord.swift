import EskizQueue
import GRDB

/// What happened in a minute, as a row.
enum ActivityRecord {
    private static let countColumns =
        ["accepted", "submitted", "delivered", "undelivered", "failed", "expired"]
        + DeliveryTimes.bounds.map { "within_\($0)_s" } + ["later", "segments"]

    /// Adds to what is known of the minute.
    static let add = """
        INSERT INTO activity (minute, operator, \(countColumns.joined(separator: ", "))) \
        VALUES (\(Array(repeating: "?", count: countColumns.count + 2).joined(separator: ", "))) \
        ON CONFLICT (minute, operator) DO UPDATE SET \
        \(countColumns.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", "))
        """

    /// By step, newest first, operator by operator.
    ///
    /// Arguments: minutes in a step, the first minute, the moment before which all begin.
    static let selection = """
        SELECT minute / ?1 AS step, operator, \(countColumns.map { "sum(\($0))" }.joined(separator: ", ")) FROM activity \
        WHERE minute >= ?2 AND minute * 60000 < ?3 GROUP BY step, operator ORDER BY step DESC, operator
        """

    static func arguments(_ minute: ActivityMinute, _ counts: ActivityCounts) -> [(any DatabaseValueConvertible)?] {
        let values: [(any DatabaseValueConvertible)?] =
            [
                minute.minute, minute.prefix.rawValue, counts.accepted, counts.submitted, counts.delivered,
                counts.undelivered, counts.failed, counts.expired,
            ] + counts.deliveryTimes.counts + [counts.segments]
        return values
    }

    static func counts(_ row: StatementRow) -> (step: Int64, prefix: OperatorPrefix, counts: ActivityCounts) {
        var counts = ActivityCounts()
        counts.accepted = row[2]
        counts.submitted = row[3]
        counts.delivered = row[4]
        counts.undelivered = row[5]
        counts.failed = row[6]
        counts.expired = row[7]
        counts.deliveryTimes = DeliveryTimes(counts: (0...DeliveryTimes.bounds.count).map { row[8 + $0] })
        counts.segments = row[9 + DeliveryTimes.bounds.count]
        return (row[0], OperatorPrefix(rawValue: row[1]), counts)
    }
}

import EskizQueue

/// Numbers that a gateway has taken for the messages that it is going to accept.
///
/// A number is never smaller than the moment it is given out at, so what is left of a block is of no use once the clock has
/// passed it, and numbers grow with time on every host, within a block's length.
struct NumberBlock: Sendable {
    /// Where to go on, as if this host were the only one.
    private var numbering: MessageNumbering
    private var next: Int64
    private var end: Int64
    /// Where it would go on if this block had not been taken; nil once a number of it was given out.
    private var before: Int64?
    /// When the last block was taken, and how large it was.
    private var takenAt = Timestamp(milliseconds: .min)
    private var size = 0

    private static let largest = 8_192

    /// An empty one.
    init(offset: Int64 = 0) {
        numbering = MessageNumbering(offset: offset)
        next = 1
        end = 0
    }

    /// The same without numbers.
    func emptied() -> NumberBlock { NumberBlock(offset: numbering.offset) }

    /// The smallest number that a message accepted then can have.
    func first(at moment: Timestamp) -> MessageID { numbering.first(at: moment) }

    /// The next numbers, one after the other; nil if they are not in the block.
    mutating func take(_ count: Int, at now: Timestamp) -> ClosedRange<Int64>? {
        guard next <= end else { return nil }
        var ahead = numbering
        let range = ahead.take(count, at: now) { _ in nil }
        guard range.lowerBound >= next, range.upperBound <= end else { return nil }
        numbering = ahead
        next = range.upperBound + 1
        before = nil
        return range
    }

    /// Whether so many can be taken.
    func holds(_ count: Int, at now: Timestamp) -> Bool {
        if let before {
            // The clock went back before anything was used: the block lies too far ahead.
            var earlier = MessageNumbering(offset: numbering.offset, last: before)
            guard earlier.take(1, at: now, lastUsed: { _ in nil }).lowerBound >= next else { return false }
        }
        var copy = self
        return copy.take(count, at: now) != nil
    }

    /// Takes a block from the tables, in a transaction of its own that need not be flushed: whatever uses a number is flushed
    /// after it.
    mutating func refill(
        _ count: Int,
        at now: Timestamp,
        _ session: PostgresSession
    ) throws(PostgresError) {
        // Twice as many as last time if that was a moment ago; else only what is needed.
        let wanted = now - takenAt < .seconds(1) ? max(count, min(size * 2, Self.largest)) : count
        let former = self
        self = try session.transaction(isDurable: false) { (session) throws(PostgresError) in
            var block = former
            try block.refill(with: wanted, at: now, session)
            return block
        }
        takenAt = now
        size = wanted
    }

    private mutating func refill(
        with count: Int,
        at now: Timestamp,
        _ session: PostgresSession
    ) throws(PostgresError) {
        let sql = "SELECT number_offset, last, highest FROM eskiz.numbers WHERE id = 1 FOR UPDATE"
        guard let row = try session.query(sql, isPrepared: true).first else { throw PostgresError(.schemaMissing) }
        let (offset, last, highest) = (try row.int("number_offset"), try row.int("last"), try row.int("highest"))
        // Nobody has taken any since: what is left of ours is not lost.
        let isOurs = last == end && next <= end
        let start = isOurs ? before ?? next - 1 : last
        var ahead = MessageNumbering(
            offset: offset,
            last: start,
            highest: isOurs && highest == last ? start : highest
        )
        let range: ClosedRange<Int64>
        do {
            range = try ahead.take(count, at: now) { (range: ClosedRange<Int64>) throws -> Int64? in
                try session.query(
                    "SELECT max(id) AS id FROM eskiz.messages WHERE id BETWEEN $1 AND $2",
                    [.int(range.lowerBound), .int(range.upperBound)]
                ).first?.optionalInt("id")
            }
        } catch {
            throw (error as? PostgresError) ?? PostgresError(.other)
        }
        _ = try session.query(
            "UPDATE eskiz.numbers SET last = $1, highest = greatest(highest, $1) WHERE id = 1",
            [.int(range.upperBound)],
            isPrepared: true
        )
        (next, end, before) = (range.lowerBound, range.upperBound, start)
        numbering = MessageNumbering(offset: offset, last: next - 1)
    }
}

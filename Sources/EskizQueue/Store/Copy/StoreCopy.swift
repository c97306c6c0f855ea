/// One database in a transaction, as a copy sees it.
///
/// Calls block: a copy runs on the thread of a connection, and nothing else does meanwhile.
package protocol StoreArchive {
    /// Whether this version keeps the table there.
    func has(_ table: StoreTable) throws -> Bool

    /// Rows in the order of their keys, the first after a key; at most so many.
    func rows(of table: StoreTable, after key: ArraySlice<StoreCell>?, limit: Int) throws -> [StoreRow]

    func insert(_ rows: [StoreRow], into table: StoreTable) throws

    /// Which numbers were given out.
    func numbers() throws -> StoreNumbers

    /// Goes on where another store has stopped, and keeps what was counted.
    func adopt(_ numbers: StoreNumbers, _ counts: StoreCounts) throws
}

/// Which numbers a store has given out, so that none is given out again.
package struct StoreNumbers: Sendable, Hashable {
    /// What keeps the messages' numbers apart from other installations'.
    package var offset: Int64
    /// The largest number of a message.
    package var highest: Int64
    /// The largest number of a row by table, where a number that is gone must not come back: applications know webhooks by it.
    package var rows: [String: Int64]

    package init(offset: Int64, highest: Int64, rows: [String: Int64]) {
        self.offset = offset
        self.highest = highest
        self.rows = rows
    }
}

/// What is counted as rows are copied: the counts that a store keeps beside its tables.
package struct StoreCounts: Sendable, Hashable {
    package private(set) var messages: [QueueStatistics.Key: Int] = [:]
    package private(set) var deadWebhooks = 0
    package private(set) var suppressions = 0

    package init() {}

    mutating func add(_ rows: [StoreRow], of table: StoreTable) {
        switch table {
        case .messages:
            for row in rows {
                let (state, lane) = (row[1].text.flatMap(MessageState.init), row[2].text.flatMap(Lane.init))
                if let state, let lane { messages[.init(lane, state), default: 0] += 1 }
            }
        case .webhooks: deadWebhooks += rows.count { $0[7] == .text(WebhookDelivery.Progress.dead.rawValue) }
        case .suppressions: suppressions += rows.count
        default: break
        }
    }
}

/// A copy of everything from one store into another that is empty.
///
/// Both are in a transaction: what is found out here before the end undoes all of it.
package struct StoreCopy {
    /// What has come of it.
    package struct Outcome: Sendable, Hashable {
        /// Rows by table, in the order of `StoreTable.all`.
        package var rows: [Count] = []
        /// False if both held the same already.
        package var hasCopied = false

        package struct Count: Sendable, Hashable {
            package var table: String
            package var count: Int
        }

        package var total: Int { rows.reduce(0) { $0 + $1.count } }
    }

    /// Why nothing was copied.
    package enum Refusal: Error, Sendable, Hashable {
        /// The target holds something else in this table.
        case holdsOther(table: String)
        /// There are rows for which this version has no table in the target.
        case noTable(String)
        /// What was written is not what is read again.
        case differs(table: String)
    }

    private let source: any StoreArchive
    private let target: any StoreArchive
    private let batch: Int

    package init(from source: any StoreArchive, to target: any StoreArchive, batch: Int = 500) {
        self.source = source
        self.target = target
        self.batch = batch
    }

    /// Copies, reads everything again on both sides, and compares row by row.
    ///
    /// - Throws: ``Refusal``, or what a database said.
    package func run() throws -> Outcome {
        var tables: [StoreTable] = []
        for table in StoreTable.all {
            guard try source.has(table) else { continue }
            guard try target.has(table) else {
                guard try source.rows(of: table, after: nil, limit: 1).isEmpty else {
                    throw Refusal.noTable(table.name)
                }
                continue
            }
            tables.append(table)
        }
        if let used = try firstUsed(of: tables) { return try compareWhatIsThere(tables, used: used) }
        var counts = StoreCounts()
        for table in tables {
            try forEachBatch(of: table, in: source) { rows in
                counts.add(rows, of: table)
                try target.insert(rows, into: table)
            }
        }
        try target.adopt(source.numbers(), counts)
        var outcome = Outcome(hasCopied: true)
        for table in tables {
            guard let count = try compare(table) else { throw Refusal.differs(table: table.name) }
            outcome.rows.append(.init(table: table.name, count: count))
        }
        return outcome
    }

    private func firstUsed(of tables: [StoreTable]) throws -> StoreTable? {
        for table in tables where try !target.rows(of: table, after: nil, limit: 1).isEmpty { return table }
        return nil
    }

    private func compareWhatIsThere(_ tables: [StoreTable], used: StoreTable) throws -> Outcome {
        var outcome = Outcome()
        for table in tables {
            guard let count = try compare(table) else { throw Refusal.holdsOther(table: table.name) }
            outcome.rows.append(.init(table: table.name, count: count))
        }
        let (before, after) = (try source.numbers(), try target.numbers())
        guard before.offset == after.offset, before.highest == after.highest else {
            throw Refusal.holdsOther(table: used.name)
        }
        return outcome
    }

    private func forEachBatch(
        of table: StoreTable,
        in archive: any StoreArchive,
        _ body: ([StoreRow]) throws -> Void
    ) throws {
        var key: ArraySlice<StoreCell>?
        while true {
            let rows = try archive.rows(of: table, after: key, limit: batch)
            if !rows.isEmpty { try body(rows) }
            guard rows.count == batch, let last = rows.last else { return }
            key = last.prefix(table.keyCount)
        }
    }

    /// - Returns: how many rows both have; nil if they are not the same.
    private func compare(_ table: StoreTable) throws -> Int? {
        var count = 0
        var key: ArraySlice<StoreCell>?
        while true {
            let rows = try source.rows(of: table, after: key, limit: batch)
            guard try target.rows(of: table, after: key, limit: batch) == rows else { return nil }
            count += rows.count
            guard rows.count == batch, let last = rows.last else { return count }
            key = last.prefix(table.keyCount)
        }
    }
}

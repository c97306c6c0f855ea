package import EskizQueue
import GRDB

extension SQLiteMessageStore {
    package func messages(_ query: MessageSearch) async throws(StoreError) -> [Message] {
        let limit = min(max(0, query.limit), MessageSearch.maximumLimit)
        let questions = query.questions(group.figures, numbering)
        guard limit > 0, !questions.isEmpty else { return [] }
        return try await read { db in
            let found = try questions.flatMap { try $0.newest(limit, from: nil, reach: -1, in: db) }
            return Array(found.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    package func page(_ query: MessageSearch, reach: Int) async throws(StoreError) -> SearchPage {
        let limit = min(max(1, query.limit), MessageSearch.maximumLimit)
        let reach = max(1, reach)
        let questions = query.questions(group.figures, numbering)
        guard !questions.isEmpty else { return SearchPage() }
        return try await read { db in
            var found: [Message] = []
            // The lowest number down to which every question was looked through.
            var end: MessageID?
            for question in questions {
                // One more than wanted tells whether there is another page.
                // Collecting numbers from beside takes longer than going along an index.
                let reach = question.isOfDeadWebhooks ? max(1, reach / 10) : reach
                let floor = try question.isExact ? nil : question.last(of: reach, in: db)
                found += try question.newest(limit + 1, from: floor, reach: question.isSmall ? -1 : reach, in: db)
                end = [end, floor].compactMap { $0 }.max()
            }
            found.sort { $0.id > $1.id }
            if let end { found.removeAll { $0.id < end } }
            guard found.count > limit else { return SearchPage(messages: found, next: end) }
            let messages = Array(found.prefix(limit))
            return SearchPage(messages: messages, next: messages.last?.id)
        }
    }
}

/// One question to the table: what an index leads to, newest first, and what each of these rows has to be besides.
private struct MessageQuestion {
    /// The table, with the index where the planner is not to choose.
    var source = "messages"
    /// Its rows are few: no end has to be put to looking through them.
    var isSmall = false
    /// Only messages with a webhook that was given up: their numbers come from there.
    var isOfDeadWebhooks = false
    /// Only older ones than this.
    var before = MessageID(.max)
    private var conditions: [String] = []
    private var arguments: [DatabaseValue] = []
    /// What each row is looked at for.
    private var filters: [String] = []
    private var filterArguments: [DatabaseValue] = []

    /// Whether no more rows are looked at than are wanted, or few.
    var isExact: Bool { filters.isEmpty || isSmall }

    mutating func demand(_ condition: String, _ arguments: any DatabaseValueConvertible...) {
        conditions.append(condition)
        self.arguments += arguments.map(\.databaseValue)
    }

    /// A condition that leads to no index: the columns in it have a plus, which forbids it.
    mutating func filter(_ condition: String, _ arguments: any DatabaseValueConvertible...) {
        filters.append(condition)
        filterArguments += arguments.map(\.databaseValue)
    }

    /// The number of the last row of so many, all filters aside; nil if there are not that many.
    func last(of reach: Int, in db: Database) throws -> MessageID? {
        var question = self
        question.filters = []
        question.filterArguments = []
        return try question.ask("id", "LIMIT 1 OFFSET ?", reach - 1, among: reach, in: db) { $0[0] as MessageID }.first
    }

    /// The newest that it is about, among so many rows; -1 for all.
    func newest(_ limit: Int, from floor: MessageID?, reach: Int, in db: Database) throws -> [Message] {
        var question = self
        if let floor { question.demand("id >= ?", floor) }
        let among = filters.isEmpty ? limit : reach
        return try question.ask(MessageRecord.columns, "LIMIT ?", limit, among: among, in: db) {
            try MessageRecord.stored($0).message
        }
    }

    private func ask<Value>(
        _ columns: String,
        _ end: String,
        _ count: Int,
        among reach: Int,
        in db: Database,
        _ read: (StatementRow) throws -> Value
    ) throws -> [Value] {
        var (all, values) = (conditions + ["id < ?"] + filters, arguments + [before.databaseValue] + filterArguments)
        if isOfDeadWebhooks {
            all.append(
                """
                id IN (SELECT DISTINCT message_id FROM webhooks WHERE progress = 2 AND message_id < ? \
                ORDER BY message_id DESC LIMIT ?)
                """
            )
            values += [before.databaseValue, reach.databaseValue]
        }
        return try db.rows(
            "SELECT \(columns) FROM \(source) WHERE \(all.joined(separator: " AND ")) ORDER BY id DESC \(end)",
            values + [count.databaseValue],
            read
        )
    }
}

extension MessageSearch {
    /// So few messages of a state are sorted rather than looked for among the others.
    private static let fewOfAState = 2_000

    /// The search in SQL: one question where an index leads to what is wanted; else one for each state that has an index,
    /// and one for all others together.
    ///
    /// States that no message is in are not asked for: looking for what is not there takes the longest.
    fileprivate func questions(_ figures: Figures, _ numbering: MessageNumbering) -> [MessageQuestion] {
        var wanted = states == Set(MessageState.allCases) ? nil : states
        if isUnsettled { wanted = (wanted ?? [.unknown]).intersection([.unknown]) }
        guard let states = wanted else { return [question(states: nil, numbering)] }
        let lanes = lane.map { [$0] } ?? Lane.allCases
        let present = states.filter { state in lanes.contains { figures.count($0, state) > 0 } }
        guard !present.isEmpty else { return [] }
        if hasLead { return [question(states: present, numbering)] }
        var (questions, others): ([MessageQuestion], Set<MessageState>) = ([], [])
        for state in present.sorted(by: { $0.code < $1.code }) {
            let count = Lane.allCases.reduce(0) { $0 + figures.count($1, state) }
            if let source = state.source(count <= Self.fewOfAState) {
                var question = MessageQuestion()
                question.source = source
                question.demand(state.condition)
                question.isSmall = count <= Self.fewOfAState
                questions.append(self.question(question, states: nil, numbering))
            } else {
                others.insert(state)
            }
        }
        if !others.isEmpty { questions.append(question(states: others, numbering)) }
        return questions
    }

    /// Whether there is an index for something else than the state.
    private var hasLead: Bool {
        providerID != nil || hasDeadWebhook || errorCode != nil || phone != nil || reference != nil
    }

    private func question(
        _ base: MessageQuestion = MessageQuestion(),
        states: Set<MessageState>?,
        _ numbering: MessageNumbering
    ) -> MessageQuestion {
        var question = base
        lead(&question)
        if let before { question.before = before }
        if let createdFrom {
            question.filter("+created_at >= ?", createdFrom)
            // A number is never smaller than the time it was given out at: older rows need not be looked at.
            question.demand("id >= ?", numbering.first(at: createdFrom))
        }
        if let createdTo { question.filter("+created_at < ?", createdTo) }
        if let states {
            question.filter("+state IN (\(states.map { String($0.code) }.sorted().joined(separator: ", ")))")
        }
        if isUnsettled { question.filter("(+final_at IS NULL OR +needs_person = 1)") }
        if let lane { question.filter("+lane = ?", lane.code) }
        return question
    }

    /// The most telling of what is asked for leads, and the rest are filters.
    private func lead(_ question: inout MessageQuestion) {
        var hasLead = false
        func add(_ column: String, _ value: String?) {
            guard let value else { return }
            if hasLead { question.filter("+\(column) = ?", value) } else { question.demand("\(column) = ?", value) }
            hasLead = true
        }
        add("provider_id", providerID)
        add("reference", reference)
        add("phone", phone)
        if hasDeadWebhook {
            if hasLead {
                question.filter("EXISTS (SELECT 1 FROM webhooks w WHERE w.message_id = messages.id AND w.progress = 2)")
            } else {
                question.isOfDeadWebhooks = true
            }
            hasLead = true
        }
        add("error_code", errorCode)
    }
}

extension MessageState {
    /// Where its messages are found by themselves; nil if only among the others.
    fileprivate func source(_ isFew: Bool) -> String? {
        switch self {
        case .unknown, .undelivered, .failed, .expired, .cancelled: "messages INDEXED BY messages_rare"
        case .scheduled: isFew ? "messages INDEXED BY messages_scheduled" : nil
        case .queued: isFew ? "messages INDEXED BY messages_queued" : nil
        case .sending: isFew ? "messages INDEXED BY messages_held" : nil
        case .submitted, .delivered: nil
        }
    }

    /// As the index has it.
    fileprivate var condition: String {
        switch self {
        case .unknown, .undelivered, .failed, .expired, .cancelled:
            "state = \(code) AND state >= \(Self.firstOfTheRare)"
        case .sending: "state = \(code) AND owner IS NOT NULL"
        case .scheduled, .queued, .submitted, .delivered: "state = \(code)"
        }
    }
}

package import EskizQueue

extension PostgresMessageStore {
    package func messages(_ query: MessageSearch) async throws(StoreError) -> [Message] {
        let limit = min(max(0, query.limit), MessageSearch.maximumLimit)
        let questions = query.questions(ledger)
        guard limit > 0, !questions.isEmpty else { return [] }
        return try await read { (session) throws(PostgresError) in
            var found: [Message] = []
            for question in questions { found += try question.newest(limit, from: nil, session) }
            return Array(found.sorted { $0.id > $1.id }.prefix(limit))
        }
    }

    package func page(_ query: MessageSearch, reach: Int) async throws(StoreError) -> SearchPage {
        let limit = min(max(1, query.limit), MessageSearch.maximumLimit)
        let reach = max(1, reach)
        let questions = query.questions(ledger)
        guard !questions.isEmpty else { return SearchPage() }
        return try await read { (session) throws(PostgresError) in
            var found: [Message] = []
            // The lowest number down to which every question was looked through.
            var end: MessageID?
            for question in questions {
                let floor = question.isExact ? nil : try question.last(of: reach, session)
                // One more than wanted tells whether there is another page.
                found += try question.newest(limit + 1, from: floor, session)
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
    /// What leads to the rows: their order is that of an index.
    var lead: [String] = []
    /// What each row is looked at for.
    var filters: [String] = []
    var values: [PostgresValue] = []
    /// Rows of this are few, and sorted.
    var isSmall = false

    /// Whether no more rows are looked at than are wanted, or few.
    var isExact: Bool { filters.isEmpty || isSmall }

    mutating func demand(_ column: String, _ comparison: String, _ value: PostgresValue, isLead: Bool) {
        values.append(value)
        let condition = "\(column) \(comparison) ($\(values.count))"
        if isLead { lead.append(condition) } else { filters.append(condition) }
    }

    /// The number of the last row of so many, all filters aside; nil if there are not that many.
    func last(of reach: Int, _ session: PostgresSession) throws(PostgresError) -> MessageID? {
        // The values of filters are named, so that the server knows their types.
        let rest = filters.isEmpty ? "" : " AND (true OR (\(filters.joined(separator: " AND "))))"
        return try session.query(
            """
            SELECT m.id FROM eskiz.messages m WHERE \(lead.joined(separator: " AND "))\(rest) ORDER BY m.id DESC \
            LIMIT 1 OFFSET $\(values.count + 1)
            """,
            values + [.int(Int64(reach - 1))]
        ).first.map { (row) throws(PostgresError) in MessageID(try row.int("id")) }
    }

    /// The newest that it is about, down to a number.
    func newest(
        _ limit: Int,
        from floor: MessageID?,
        _ session: PostgresSession
    ) throws(PostgresError) -> [Message] {
        var question = self
        if let floor { question.demand("m.id", ">=", .int(floor.rawValue), isLead: true) }
        let conditions = (question.lead + question.filters).joined(separator: " AND ")
        let limit = PostgresValue.int(Int64(limit))
        guard isSmall else {
            return try session.query(
                """
                SELECT \(MessageRow.selection) FROM eskiz.messages m WHERE \(conditions) ORDER BY m.id DESC \
                LIMIT $\(question.values.count + 1)
                """,
                question.values + [limit]
            ).map(MessageRow.message)
        }
        // The few are collected first: the planner might look for them among all, from the newest on.
        return try session.query(
            """
            WITH few AS MATERIALIZED (SELECT m.id FROM eskiz.messages m WHERE \(conditions)) \
            SELECT \(MessageRow.selection) FROM eskiz.messages m JOIN few USING (id) ORDER BY m.id DESC \
            LIMIT $\(question.values.count + 1)
            """,
            question.values + [limit]
        ).map(MessageRow.message)
    }
}

extension MessageSearch {
    /// So few messages of a state are sorted rather than looked for among the others.
    private static let fewOfAState = 2_000

    /// The search in SQL: one question where an index leads to what is wanted; else one for each state that has an index,
    /// and one for all others together.
    fileprivate func questions(_ ledger: StoreLedger) -> [MessageQuestion] {
        var wanted = states == Set(MessageState.allCases) ? nil : states
        if isUnsettled { wanted = (wanted ?? [.unknown]).intersection([.unknown]) }
        guard let states = wanted else { return [question(states: nil, ledger)] }
        guard !states.isEmpty else { return [] }
        if hasLead { return [question(states: states, ledger)] }
        let figures = ledger.figures
        var (questions, others): ([MessageQuestion], Set<MessageState>) = ([], [])
        for state in states.sorted(by: { $0.rawValue < $1.rawValue }) {
            let count = Lane.allCases.reduce(0) { $0 + figures.count($1, state) }
            let isFew = count <= Self.fewOfAState
            guard state.hasIndex || (state.isSoonOver && isFew) else {
                others.insert(state)
                continue
            }
            var question = MessageQuestion()
            question.lead = [state.condition]
            question.isSmall = isFew
            questions.append(self.question(question, states: nil, ledger))
        }
        if !others.isEmpty { questions.append(question(states: others, ledger)) }
        return questions
    }

    /// Whether there is an index for something else than the state.
    private var hasLead: Bool {
        providerID != nil || hasDeadWebhook || errorCode != nil || phone != nil || reference != nil
    }

    private func question(
        _ base: MessageQuestion = MessageQuestion(),
        states: Set<MessageState>?,
        _ ledger: StoreLedger
    ) -> MessageQuestion {
        var question = base
        lead(&question)
        question.demand("m.id", "<", .int(before?.rawValue ?? .max), isLead: true)
        if let createdFrom {
            question.demand("m.created_at", ">=", .int(createdFrom.milliseconds), isLead: false)
            // A number is never smaller than the time it was given out at: older rows need not be looked at.
            question.demand("m.id", ">=", .int(ledger.numbers.first(at: createdFrom).rawValue), isLead: true)
        }
        if let createdTo { question.demand("m.created_at", "<", .int(createdTo.milliseconds), isLead: false) }
        if let states {
            question.demand("m.state", "= ANY", .texts(states.map(\.rawValue).sorted()), isLead: false)
        }
        if isUnsettled { question.filters.append("(m.final_at IS NULL OR m.needs_person)") }
        if let lane { question.demand("m.lane", "=", .text(lane.rawValue), isLead: false) }
        return question
    }

    /// The most telling of what is asked for leads, and the rest are filters.
    private func lead(_ question: inout MessageQuestion) {
        var hasLead = false
        func add(_ column: String, _ value: String?) {
            guard let value else { return }
            question.demand("m." + column, "=", .text(value), isLead: !hasLead)
            hasLead = true
        }
        add("provider_id", providerID)
        add("reference", reference)
        add("phone", phone)
        if hasDeadWebhook {
            let condition =
                "EXISTS (SELECT 1 FROM eskiz.webhooks w WHERE w.message_id = m.id AND w.progress = 'dead')"
            if hasLead { question.filters.append(condition) } else { question.lead.append(condition) }
            hasLead = true
        }
        add("error_code", errorCode)
    }
}

extension MessageState {
    /// Whether an index has its messages in the order of their numbers.
    fileprivate var hasIndex: Bool {
        switch self {
        case .unknown, .undelivered, .failed, .expired, .cancelled: true
        case .scheduled, .queued, .sending, .submitted, .delivered: false
        }
    }

    /// Whether an index has them in another order.
    fileprivate var isSoonOver: Bool {
        switch self {
        case .scheduled, .queued, .sending: true
        case .unknown, .undelivered, .failed, .expired, .cancelled, .submitted, .delivered: false
        }
    }

    /// As the index has it.
    fileprivate var condition: String {
        hasIndex
            ? "m.state = '\(rawValue)' AND m.state IN ('unknown', 'undelivered', 'failed', 'expired', 'cancelled')"
            : self == .sending ? "m.state = 'sending' AND m.owner IS NOT NULL" : "m.state = '\(rawValue)'"
    }
}

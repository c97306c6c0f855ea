import EskizText

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

// Account, texts, money, reports: eskiz-api.md §2.4, §5, §7.

extension EskizClient {
    /// The account behind the token.
    ///
    /// - Returns: name, role, balance.
    /// - Throws: ``EskizError``.
    public func account() async throws(EskizError) -> Account {
        try await read(.account, AccountRequest.account, as: Enveloped<Account>.self).data
    }

    /// What is left, in UZS.
    ///
    /// - Returns: the balance, fractions included.
    /// - Throws: ``EskizError``.
    public func balance() async throws(EskizError) -> Decimal {
        try await read(.balance, AccountRequest.balance, as: Enveloped<Balance>.self).data.amount
    }

    /// What a part of a message costs, by operator and by country.
    ///
    /// - Returns: the prices of today; they drift.
    /// - Throws: ``EskizError``.
    public func prices() async throws(EskizError) -> Prices {
        try await read(.prices, AccountRequest.prices, as: Enveloped<Prices>.self).data
    }

    /// The sender IDs that the account may use.
    ///
    /// - Returns: `4546` and the approved names.
    /// - Throws: ``EskizError``.
    public func senders() async throws(EskizError) -> [String] {
        try await read(.senders, AccountRequest.senders, as: EnvelopedList<LooseScalar>.self).data.compactMap(\.text)
    }

    /// The texts that were submitted for approval.
    ///
    /// - Returns: all of them, with their status.
    /// - Throws: ``EskizError``.
    public func templates() async throws(EskizError) -> [Template] {
        try await read(.templates, TemplateRequest.list, as: TemplateList.self).templates
    }

    /// Submits a text for approval: the real text, without placeholders; a moderator masks the variable parts.
    ///
    /// - Parameter text: a whole message as it will be sent.
    /// - Returns: the text as Eskiz took it. There is no id; find it in ``templates()`` by its text.
    /// - Throws: ``EskizError``.
    @discardableResult
    public func addTemplate(_ text: String) async throws(EskizError) -> String {
        let request = TemplateRequest.add(try MessageInput.text(text, configuration.textRules))
        return try await read(.addTemplate, request, as: AddedTemplate.self).text
    }

    /// Asks whether a text may be sent, and what it costs at each operator.
    ///
    /// - Parameter text: a whole message.
    /// - Returns: the verdict, the parts and the prices.
    /// - Throws: ``EskizError``.
    public func check(_ text: String) async throws(EskizError) -> TextCheck {
        let request = try LookupRequest.check(try MessageInput.text(text, .lookup))
        return try await read(.check, request, as: Enveloped<TextCheck>.self).data
    }

    /// Asks which characters of a text cost more, and what could stand in their place.
    ///
    /// - Parameter text: a whole message.
    /// - Returns: the text with the proposals applied. Read it before you use it: it may change the meaning.
    /// - Throws: ``EskizError``.
    public func normalize(_ text: String) async throws(EskizError) -> NormalizedText {
        let request = LookupRequest.normalize(try MessageInput.text(text, .lookup))
        return try await read(.normalize, request, as: NormalizedText.self)
    }

    /// Parts by status in a month.
    ///
    /// - Parameters:
    ///   - year: four digits.
    ///   - month: 1 to 12.
    ///   - isGlobal: true for messages abroad.
    /// - Returns: one total per status.
    /// - Throws: ``EskizError``.
    public func totals(year: Int, month: Int, isGlobal: Bool = false) async throws(EskizError) -> [MonthlyTotal] {
        try MessageInput.month(month, of: year)
        let request = ReportRequest.totals(year: year, month: month, isGlobal: isGlobal)
        return try await read(.totals, request, as: EnvelopedList<MonthlyTotal>.self).data
    }

    /// Parts and money by month.
    ///
    /// - Parameter year: four digits.
    /// - Returns: one row per month.
    /// - Throws: ``EskizError``.
    public func reportByMonth(year: Int) async throws(EskizError) -> [ReportRow] {
        try MessageInput.year(year)
        return try await read(.reportByMonth, ReportRequest.byMonth(year: year), as: EnvelopedList<ReportRow>.self).data
    }

    /// Parts and money by operator in a month.
    ///
    /// - Parameters:
    ///   - year: four digits.
    ///   - month: 1 to 12.
    /// - Returns: one row per operator.
    /// - Throws: ``EskizError``.
    public func reportByOperator(year: Int, month: Int) async throws(EskizError) -> [ReportRow] {
        try MessageInput.month(month, of: year)
        let request = ReportRequest.byOperator(year: year, month: month)
        return try await read(.reportByOperator, request, as: EnvelopedList<ReportRow>.self).data
    }

    /// Parts and money in a span of time.
    ///
    /// - Parameters:
    ///   - start: from this moment, to the minute.
    ///   - end: to this moment, to the minute.
    ///   - isAdvertising: true for advertising only, false for service only, nil for both.
    ///   - status: which messages.
    /// - Returns: the rows; their shape is not documented.
    /// - Throws: ``EskizError``.
    public func reportByRange(
        from start: Date,
        to end: Date,
        isAdvertising: Bool? = nil,
        status: MessageQuery.Filter = .all
    ) async throws(EskizError) -> [ReportRow] {
        guard start <= end else {
            throw .badArgument("The range ends before it starts.", remedy: "Swap the two times.")
        }
        let request = ReportRequest.byRange(from: start, to: end, isAdvertising: isAdvertising, status: status)
        return try await read(.reportByRange, request, as: EnvelopedList<ReportRow>.self).data
    }

    /// Parts and money of a mailing.
    ///
    /// - Parameters:
    ///   - dispatchID: the number it was sent with.
    ///   - isAdvertising: true for advertising only, false for service only, nil for both.
    ///   - status: which messages.
    /// - Returns: the rows; their shape is not documented.
    /// - Throws: ``EskizError``.
    public func reportByDispatch(
        _ dispatchID: Int64,
        isAdvertising: Bool? = nil,
        status: MessageQuery.Filter = .all
    ) async throws(EskizError) -> [ReportRow] {
        let request = ReportRequest.byDispatch(dispatchID, isAdvertising: isAdvertising, status: status)
        return try await read(.reportByDispatch, request, as: EnvelopedList<ReportRow>.self).data
    }

    /// The messages of a month as CSV.
    ///
    /// - Parameters:
    ///   - year: four digits.
    ///   - month: 1 to 12.
    ///   - start: from this moment, to the second.
    ///   - end: to this moment, to the second.
    ///   - status: which messages.
    /// - Returns: the file as it came; its columns are not documented.
    /// - Throws: ``EskizError``.
    public func export(
        year: Int,
        month: Int,
        from start: Date,
        to end: Date,
        status: MessageQuery.Filter = .all
    ) async throws(EskizError) -> String {
        try MessageInput.month(month, of: year)
        guard start <= end else {
            throw .badArgument("The range ends before it starts.", remedy: "Swap the two times.")
        }
        let request = ExportRequest(year: year, month: month, start: start, end: end, status: status)
        return try await read(.export, request.endpoint) { (response) throws(EskizError) in
            try ExportRequest.csv(response)
        }
    }
}

extension MessageTextRules {
    /// For questions about a text, which cost nothing: a text that is too long to send is what they are for.
    fileprivate static let lookup = MessageTextRules(maximumSegments: 255)
}

extension Provider {
    // MARK: status_by_id (`eskiz-api.md` §6.1)

    func status(of id: String, account: Account, at now: WallTime) -> Answer {
        let unknown = Answer.json(["status": "error"], status: behaviour.unknownIDStatus)
        guard let message = message(named: id, account: account) else { return unknown }
        // By UUID for the last 30 days only, by integer id any time.
        if Int(id) == nil, now - message.takenAt > .seconds(30 * 86_400) { return unknown }
        if message.storedAt == nil, behaviour.statusBeforeStored == .error { return unknown }
        let row = message.row(by: behaviour, dispatchIDAsText: true)
        return .json(["status": "success", "data": row, "id": .null])
    }

    /// By integer id or by UUID; of a batch the first one.
    private func message(named id: String, account: Account) -> Message? {
        let found = Int(id).flatMap { messages[$0] } ?? messages.ofRequest(id.lowercased()).first
        return found?.accountID == account.id ? found : nil
    }

    // MARK: Lists (`eskiz-api.md` §6.2–§6.4)

    func userMessages(_ call: Call, account: Account) -> Answer {
        let filter = ProviderMessageFilter(accountID: account.id, query: call.query, fields: call.fields)
        let found = messages.oldestFirst.filter(filter.includes)
        if call.fields.integer("count") == 1 { return Self.countByStatus(found) }
        let size = min(200, max(20, call.fields.integer("page_size") ?? 20))
        return list(found, size: size, call)
    }

    func messagesByDispatch(_ call: Call, account: Account) -> Answer {
        let filter = ProviderMessageFilter(accountID: account.id, query: call.query, fields: call.fields)
        let found = messages.ofDispatch(call.fields.text("dispatch_id") ?? "").filter(filter.includes)
        if call.fields.integer("count") == 1 { return Self.countByStatus(found) }
        // A query parameter, spelt with a dash here (`eskiz-api.md` §6.3).
        let wanted = call.query.integer("page-size") ?? call.query.integer("page_size")
        let size = min(1_000, max(20, wanted ?? call.fields.integer("page_size") ?? 20))
        return list(found, size: size, call)
    }

    func dispatchStatus(_ fields: Fields, account: Account) -> Answer {
        let filter = ProviderMessageFilter(accountID: account.id)
        let found = messages.ofDispatch(fields.text("dispatch_id") ?? "").filter(filter.includes)
        if let userID = fields.integer("user_id"), userID != account.id { return Self.countByStatus([]) }
        return Self.countByStatus(found)
    }

    private func list(_ found: [Message], size: Int, _ call: Call) -> Answer {
        let page = max(1, call.query.integer("page") ?? call.fields.integer("page") ?? 1)
        let pages = MessagePages(
            total: found.count,
            size: size,
            current: page,
            path: "\(call.origin)/api/\(call.route)"
        )
        let rows = found.reversed().dropFirst(pages.offset).prefix(size)
            .map { $0.row(by: behaviour, dispatchIDAsText: false) }
        let result: JSON =
            rows.isEmpty && behaviour.emptyResult == .string ? "Нет детализации по рассылке" : .array(rows)
        return .json(["data": pages.document(result: result), "status": "success"])
    }

    private static func countByStatus(_ found: [Message]) -> Answer {
        var totals: [(status: String, total: Int)] = []
        for message in found {
            let status = message.rowStatus
            if let index = totals.firstIndex(where: { $0.status == status }) {
                totals[index].total += 1
            } else {
                totals.append((status, 1))
            }
        }
        let rows = totals.map {
            JSON.object([.init(name: "status", value: .string($0.status)), .init(name: "total", value: .int($0.total))])
        }
        return .json(["status": "success", "data": .array(rows), "id": .null])
    }

    // MARK: logs (`eskiz-api.md` §6.5)

    func logs(of id: String, account: Account) -> Answer {
        let entries = message(named: id, account: account)?.logEntries ?? []
        return .json(["messages": .array(entries), "messages_count": .int(entries.count)])
    }
}

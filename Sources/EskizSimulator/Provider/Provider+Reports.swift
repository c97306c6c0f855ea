/// Parts and money of some messages, advertising apart (`eskiz-api.md` §7).
struct Spending: Sendable {
    var adParts = 0
    var adSpent = 0
    var parts = 0
    var spent = 0

    mutating func add(_ message: Message) {
        if message.isAd {
            adParts += message.partsCount
            adSpent += message.totalPrice
        } else {
            parts += message.partsCount
            spent += message.totalPrice
        }
    }

    var members: [JSON.Member] {
        [
            .init(name: "ad_parts", value: .int(adParts)), .init(name: "ad_spent", value: .int(adSpent)),
            .init(name: "parts", value: .int(parts)), .init(name: "spent", value: .int(spent)),
            .init(name: "total_parts", value: .int(adParts + parts)),
            .init(name: "total_spent", value: .int(adSpent + spent)),
        ]
    }
}

extension Provider {
    func totals(_ fields: Fields, account: Account) -> Answer {
        var filter = ProviderMessageFilter(accountID: account.id)
        filter.year = fields.integer("year")
        filter.month = fields.integer("month")
        filter.isGlobal = fields.text("is_global").map { $0 == "1" || $0 == "true" }
        return monthlyTotals(messages.oldestFirst.filter(filter.includes))
    }

    /// `{status, month, packets}` rows; sometimes with `sent_packets` (`eskiz-api.md` §7).
    private func monthlyTotals(_ found: [Message]) -> Answer {
        var rows: [(status: String, month: Int, parts: Int)] = []
        for message in found {
            let (status, month) = (message.rowStatus, message.localMonth.month)
            if let index = rows.firstIndex(where: { $0.status == status && $0.month == month }) {
                rows[index].parts += message.partsCount
            } else {
                rows.append((status, month, message.partsCount))
            }
        }
        let documents = rows.map { row in
            var members: [JSON.Member] = [
                .init(name: "status", value: .string(row.status)),
                .init(name: "month", value: .string(WallTime.monthNames[row.month - 1])),
                .init(name: "packets", value: .int(row.parts)),
            ]
            if behaviour.totalsField == .sentPacketsToo {
                members.append(.init(name: "sent_packets", value: .int(row.parts)))
            }
            return JSON.object(members)
        }
        return .json(["status": "success", "data": .array(documents), "id": .null])
    }

    func totalByMonth(_ query: Fields, account: Account) -> Answer {
        var filter = ProviderMessageFilter(accountID: account.id)
        filter.year = query.integer("year")
        return .json(["data": .array(spendingRows(messages.oldestFirst.filter(filter.includes), bySMSC: false))])
    }

    func totalBySMSC(_ fields: Fields, account: Account) -> Answer {
        var filter = ProviderMessageFilter(accountID: account.id)
        filter.year = fields.integer("year")
        filter.month = fields.integer("month")
        return .json(["data": .array(spendingRows(messages.oldestFirst.filter(filter.includes), bySMSC: true))])
    }

    private func spendingRows(_ found: [Message], bySMSC: Bool) -> [JSON] {
        struct Key: Hashable, Comparable {
            let year: Int
            let month: Int
            let smsc: Int
            static func < (left: Key, right: Key) -> Bool {
                (left.year, left.month, left.smsc) < (right.year, right.month, right.smsc)
            }
        }
        var rows: [Key: Spending] = [:]
        for message in found {
            let local = message.localMonth
            let key = Key(year: local.year, month: local.month, smsc: bySMSC ? message.smscID : 0)
            rows[key, default: Spending()].add(message)
        }
        return rows.sorted { $0.key < $1.key }.map { key, spending in
            var members: [JSON.Member] = [
                .init(name: "year", value: .int(key.year)), .init(name: "month", value: .int(key.month)),
            ]
            members += spending.members
            if bySMSC { members.append(.init(name: "smsc_id", value: .int(key.smsc))) }
            return .object(members)
        }
    }

    /// No sample exists; the shape is a switch (`eskiz-api.md` §7).
    func totalByRange(_ call: Call, account: Account) -> Answer {
        let filter = ProviderMessageFilter(accountID: account.id, query: call.query, fields: call.fields)
        return rangeReport(messages.oldestFirst.filter(filter.includes))
    }

    func totalByDispatch(_ call: Call, account: Account) -> Answer {
        let filter = ProviderMessageFilter(accountID: account.id, query: call.query, fields: call.fields)
        return rangeReport(messages.ofDispatch(call.fields.text("dispatch_id") ?? "").filter(filter.includes))
    }

    private func rangeReport(_ found: [Message]) -> Answer {
        switch behaviour.rangeReport {
        case .list: return monthlyTotals(found)
        case .object:
            var spending = Spending()
            for message in found { spending.add(message) }
            return .json(["data": .object(spending.members)])
        }
    }

    // MARK: Export

    /// The real columns are undocumented (`eskiz-api.md` §7).
    func export(_ call: Call, account: Account) -> Answer {
        var filter = ProviderMessageFilter(accountID: account.id)
        filter.delivery = .init(call.query.nonEmpty("status"))
        filter.year = call.fields.integer("year")
        filter.month = call.fields.integer("month")
        filter.from = call.fields.nonEmpty("start").flatMap(WallTime.init(localDate:))
        filter.to = call.fields.nonEmpty("end").flatMap(ProviderMessageFilter.end(of:))
        var text = "id,user_sms_id,to,nick,message,parts_count,price,total_price,status,sent_at,delivery_sm_at\n"
        for message in messages.oldestFirst where filter.includes(message) {
            let cells = [
                String(message.id), message.userSMSID ?? "", message.to, message.nick, message.text,
                String(message.partsCount), String(message.price), String(message.totalPrice), message.rowStatus,
                message.takenAt.callbackStamp,
                message.status == .delivered ? message.finalAt?.callbackStamp ?? "" : "",
            ]
            text += cells.map(Self.csvCell).joined(separator: ",") + "\n"
        }
        return .text(text, contentType: "text/csv; charset=utf-8")
    }

    private static func csvCell(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}

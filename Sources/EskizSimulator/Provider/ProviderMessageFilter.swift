/// What the lists and reports of `eskiz-api.md` §6 and §7 can be narrowed by.
struct ProviderMessageFilter: Sendable {
    enum Delivery: Sendable {
        case all
        /// Wholly or partly delivered.
        case delivered
        case rejected

        init(_ text: String?) {
            switch text?.lowercased() {
            case "delivered": self = .delivered
            case "rejected": self = .rejected
            default: self = .all
            }
        }
    }

    let accountID: Int
    var delivery = Delivery.all
    var from: WallTime?
    var to: WallTime?
    var isAd: Bool?
    var isGlobal: Bool?
    /// Calendar fields in Tashkent time.
    var year: Int?
    var month: Int?

    func includes(_ message: Message) -> Bool {
        // What is not yet stored appears in no list.
        guard message.accountID == accountID, message.storedAt != nil else { return false }
        switch delivery {
        case .all: break
        case .delivered: guard message.status == .delivered || message.status == .partDelivered else { return false }
        case .rejected: guard message.status == .rejected else { return false }
        }
        if let from, message.takenAt < from { return false }
        if let to, message.takenAt > to { return false }
        if let isAd, message.isAd != isAd { return false }
        if let isGlobal, (message.country != nil) != isGlobal { return false }
        if year != nil || month != nil {
            let local = message.localMonth
            if let year, local.year != year { return false }
            if let month, local.month != month { return false }
        }
        return true
    }
}

extension ProviderMessageFilter {
    /// The fields that lists share.
    ///
    /// `to_date` and `end_date` are both in use (`eskiz-api.md` §6.2). A date without a second includes that whole
    /// minute, a bare day the whole day.
    init(accountID: Int, query: Fields, fields: Fields) {
        self.accountID = accountID
        delivery = Delivery(query.nonEmpty("status") ?? fields.nonEmpty("status"))
        from = fields.nonEmpty("start_date").flatMap(WallTime.init(localDate:))
        to = (fields.nonEmpty("to_date") ?? fields.nonEmpty("end_date")).flatMap(Self.end(of:))
        switch fields.nonEmpty("is_ad") {
        case "1", "true": isAd = true
        case "0", "false": isAd = false
        default: isAd = nil
        }
    }

    static func end(of text: String) -> WallTime? {
        guard let time = WallTime(localDate: text) else { return nil }
        let length: Duration =
            switch text.count(where: { $0 == ":" }) {
            case 0: .seconds(86_400)
            case 1: .seconds(60)
            default: .seconds(1)
            }
        return time + length - .nanoseconds(1)
    }
}

extension Message {
    /// The month in which the message was taken, by the calendar on the wall in Tashkent.
    var localMonth: (year: Int, month: Int) {
        let local = (takenAt + WallTime.tashkent).calendar
        return (local.year, local.month)
    }
}

import EskizText

extension Provider {
    /// What a send asks for, after the form of its fields has been checked.
    private struct Order {
        var to: String
        var text: String
        var nick: String
        var userSMSID: String?
        var dispatchID: String?
        var callbackURL: String?
        var country: Country?
        var isAd = false
        var outcome: DeliveryOutcome?
    }

    /// Why a send is refused; `status` 200 stands for the answers that hide an error in a good status.
    private struct Refusal: Error {
        var message: String
        var status = 400
        var field: String?
    }

    // MARK: send (`eskiz-api.md` §4.1)

    mutating func send(_ call: Call, account index: Int, at now: WallTime, entry: inout Ledger.Call) -> Handling {
        do {
            let order = try order(
                to: call.fields["mobile_phone"],
                text: call.fields.text("message"),
                userSMSID: call.fields["user_sms_id"],
                envelope: call.fields,
                account: index
            )
            let status: JSON = behaviour.sendStatus == .array ? ["waiting"] : "waiting"
            return take([order], status: status, call, account: index, at: now, entry: &entry)
        } catch {
            return refuse(error, entry: &entry)
        }
    }

    // MARK: send-batch (`eskiz-api.md` §4.2)

    mutating func sendBatch(_ call: Call, account index: Int, at now: WallTime, entry: inout Ledger.Call) -> Handling {
        if role(of: accounts[index]) == .test, behaviour.batchOnTestAccount == .forbidden {
            return refuse(Refusal(message: "Рассылка недоступна для тестового аккаунта", status: 403), entry: &entry)
        }
        guard let items = batchItems(call.fields), !items.isEmpty else {
            return refuse(Refusal(message: "messages is invalid", field: "messages"), entry: &entry)
        }
        if let limit = behaviour.batchLimit, items.count > limit {
            return refuse(Refusal(message: "messages: maximum \(limit)", field: "messages"), entry: &entry)
        }
        var orders: [Order] = []
        var statuses: [JSON] = []
        for item in items {
            do {
                var order = try order(
                    to: item["to"] ?? item["mobile_phone"],
                    text: item["text"]?.text ?? item["message"]?.text,
                    userSMSID: item["user_sms_id"],
                    envelope: call.fields,
                    account: index
                )
                order.dispatchID = call.fields.nonEmpty("dispatch_id")
                orders.append(order)
                statuses.append("waiting")
            } catch {
                if behaviour.batchBadItem == .refuseAll { return refuse(error, entry: &entry) }
                statuses.append("error")
            }
        }
        return take(orders, status: .array(statuses), call, account: index, at: now, entry: &entry)
    }

    /// The list itself; or, from a form, the JSON text of one.
    ///
    /// Form-encoded nested lists do not work (`eskiz-api.md` §3.2).
    private func batchItems(_ fields: Fields) -> [JSON]? {
        switch fields["messages"] {
        case .array(let items): return items
        case .string(let text):
            guard case .array(let items) = JSON(parsing: text) else { return nil }
            return items
        default: return nil
        }
    }

    // MARK: send-global (`eskiz-api.md` §4.3)

    mutating func sendGlobal(_ call: Call, account index: Int, at now: WallTime, entry: inout Ledger.Call) -> Handling {
        guard let country = call.fields.nonEmpty("country_code").flatMap(Country.named) else {
            return refuse(Refusal(message: "country_code is invalid", field: "country_code"), entry: &entry)
        }
        let digits = call.fields.text("mobile_phone") ?? ""
        guard (7...15).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return refuse(Refusal(message: "mobile_phone is invalid", field: "mobile_phone"), entry: &entry)
        }
        guard let text = call.fields.nonEmpty("message") else {
            return refuse(Refusal(message: "message is invalid", field: "message"), entry: &entry)
        }
        var order = Order(
            to: digits,
            text: text,
            nick: "4546",
            callbackURL: call.fields.nonEmpty("callback_url"),
            country: country
        )
        do {
            order.isAd = try checkedText(text, account: accounts[index])
            return take([order], status: "waiting", call, account: index, at: now, entry: &entry)
        } catch {
            return refuse(error, entry: &entry)
        }
    }

    // MARK: Checks

    private func order(
        to: JSON?,
        text: String?,
        userSMSID: JSON?,
        envelope: Fields,
        account index: Int
    ) throws(Refusal) -> Order {
        let account = accounts[index]
        let reference = try checkedReference(userSMSID)
        let phone = try checkedPhone(to)
        guard let text, !text.isEmpty else { throw Refusal(message: "message is invalid", field: "message") }
        let nick = envelope.nonEmpty("from") ?? "4546"
        var order = Order(
            to: phone,
            text: text,
            nick: nick,
            userSMSID: reference,
            callbackURL: envelope.nonEmpty("callback_url")
        )
        if !account.senders.contains(nick) || (role(of: account) == .test && nick != "4546") {
            switch behaviour.unknownSender {
            case .refuse: throw Refusal(message: "from is invalid", field: "from")
            case .errorStatus: throw Refusal(message: "from is invalid", status: 200)
            case .deleted: order.outcome = .deleted
            }
        }
        order.isAd = try checkedText(text, account: account)
        return order
    }

    /// Digits, at most 12 (`eskiz-api.md` §4.1): larger numbers and UUIDs are refused by the live server.
    private func checkedReference(_ value: JSON?) throws(Refusal) -> String? {
        guard let text = value?.text, !text.isEmpty else { return nil }
        if behaviour.userSMSID == .lenient { return text }
        guard text.utf8.count <= 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Refusal(message: "user_sms_id is invalid", field: "user_sms_id")
        }
        return text
    }

    /// 12 digits that begin with 998 (`eskiz-api.md` §3.3).
    private func checkedPhone(_ value: JSON?) throws(Refusal) -> String {
        let refusal = Refusal(message: "mobile_phone is invalid", field: "mobile_phone")
        guard var phone = value?.text else { throw refusal }
        if behaviour.phoneFormat == .lenient {
            phone = phone.filter { $0.isASCII && $0.isNumber }
            if phone.count == 9 { phone = "998" + phone }
        }
        guard phone.utf8.count == 12, phone.hasPrefix("998"), phone.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw refusal }
        return phone
    }

    /// Whether the text may be sent, and whether it is advertising.
    private func checkedText(_ text: String, account: Account) throws(Refusal) -> Bool {
        if behaviour.textCharacters == .strict, (try? MessageTextRules.checkCharacters(of: text)) == nil {
            throw Refusal(message: "message is invalid", field: "message")
        }
        if let most = behaviour.maximumParts, MessageParts(of: text).count > most {
            throw Refusal(message: "message is too long: maximum \(most) parts", field: "message")
        }
        if forbiddenWord(in: text) != nil { throw Refusal(message: "Forbidden keyword", status: 200) }
        if role(of: account) == .test {
            guard TestTexts.all.contains(text) else {
                throw Refusal(message: Self.testTextsOnly)
            }
            return false
        }
        if let template = approvedTemplate(for: text, account: account) { return template.status == .reklama }
        if behaviour.userTexts == .templates { throw Refusal(message: Self.textNotApproved) }
        return false
    }

    func forbiddenWord(in text: String) -> String? {
        guard !behaviour.forbiddenWords.isEmpty else { return nil }
        let text = text.lowercased()
        return behaviour.forbiddenWords.first { text.contains($0.lowercased()) }
    }

    func approvedTemplate(for text: String, account: Account) -> Template? {
        templates.first { template in
            template.accountID == account.id && template.status.isApproved
                && TextMask(template.maskedText).matches(text)
        }
    }

    static let textNotApproved = """
        Этот смс текст еще не прошёл модерацию. Сначала добавьте его через API - Шаблоны - Отправить шаблон или через \
        кабинет my.eskiz.uz - СМС - Мои тексты.
        """

    static let testTextsOnly = """
        Для теста можно использовать только один из этих текстов: Bu Eskiz dan test, Это тест от Eskiz, This is test \
        from Eskiz
        """

    private mutating func refuse(_ refusal: Refusal, entry: inout Ledger.Call) -> Handling {
        ledger.sendsRefused += 1
        entry.note = refusal.message
        if behaviour.validationErrors == .gen1, let field = refusal.field {
            let fields = JSON.object([.init(name: field, value: [.string(refusal.message)])])
            return Handling(reply: .answer(.json(["message": fields], status: 422)))
        }
        return Handling(reply: .answer(self.refusal(refusal.message, status: refusal.status)))
    }

    // MARK: Taking

    private mutating func take(
        _ orders: [Order],
        status: JSON,
        _ call: Call,
        account index: Int,
        at now: WallTime,
        entry: inout Ledger.Call
    ) -> Handling {
        let parts = orders.map { MessageParts(of: $0.text) }
        let prices = orders.map { price(of: $0) }
        let cost = zip(parts, prices).reduce(0) { $0 + $1.0.count * $1.1 }
        let canPay = accounts[index].balance >= cost
        if !canPay, behaviour.zeroBalance == .refuse {
            return refuse(Refusal(message: "Недостаточно средств на балансе"), entry: &entry)
        }
        if canPay { accounts[index].balance -= cost }
        let requestID = random.uuid()
        let rawRequest = String(decoding: call.body, as: UTF8.self)
        var handling = Handling(
            reply: .answer(
                .json([
                    "id": .string(requestID), "message": "Waiting for SMS provider", "status": status,
                ])
            )
        )
        for (order, (parts, price)) in zip(orders, zip(parts, prices)) {
            let message = Message(
                id: messages.nextID,
                requestID: requestID,
                accountID: accounts[index].id,
                country: order.country,
                smscID: order.country == nil ? Operator.serving(order.to).id : Country.globalSMSC,
                dispatchID: order.dispatchID,
                userSMSID: order.userSMSID,
                price: price,
                isAd: order.isAd,
                nick: order.nick,
                to: order.to,
                text: order.text,
                encoding: parts.encoding,
                callbackURL: order.callbackURL,
                rawRequest: rawRequest,
                ip: call.ip,
                // Zero balance: accepted, then never delivered (`eskiz-api.md` §4.1).
                outcome: canPay ? outcome(of: order) : .never,
                takenAt: now,
                parts: (0..<parts.count).map { _ in Message.Part(key: random.hex(6).uppercased()) },
                updatedAt: now,
                callNumber: ledger.nextNumber
            )
            messages.append(message)
            handling.reportsBeforeAnswer += begin(message.id, at: now)
        }
        ledger.sendsAccepted += orders.count
        entry.id = requestID
        if !canPay { entry.note = "no balance: will never be delivered" }
        handling.hasNewMessages = true
        return handling
    }

    private func price(of order: Order) -> Int {
        order.country?.price ?? Operator.serving(order.to).pricePerPart(isAd: order.isAd)
    }

    private func outcome(of order: Order) -> DeliveryOutcome {
        order.outcome ?? behaviour.deliveryByNumber[order.to] ?? DeliveryOutcome(magicNumber: order.to)
            ?? behaviour.delivery
    }

    /// Schedules a message's life.
    ///
    /// The first report comes back at once where it must overtake the answer.
    private mutating func begin(_ id: Int, at now: WallTime) -> [CallbackJob] {
        var early: [CallbackJob] = []
        if behaviour.callbackBeforeAnswer {
            early = take(.store, message: id, at: now)
        } else {
            schedule.add(.step(messageID: id, .store), due: now + behaviour.storedAfter)
        }
        schedule.add(.step(messageID: id, .accept), due: now + behaviour.acceptedAfter)
        schedule.add(.step(messageID: id, .finish), due: now + behaviour.deliveredAfter)
        return early
    }
}

/// The address book that generation 1 kept (`eskiz-api.md` §6.6).
struct ContactBook: Sendable {
    private(set) var contacts: [(id: Int, accountID: Int, fields: [JSON.Member])] = []
    private var nextID = 1

    mutating func add(_ fields: [JSON.Member], accountID: Int) -> JSON {
        contacts.append((nextID, accountID, fields))
        nextID += 1
        return document(contacts[contacts.count - 1])
    }

    func all(of accountID: Int) -> [JSON] { contacts.filter { $0.accountID == accountID }.map(document) }

    func contact(_ id: String, of accountID: Int) -> JSON? {
        index(id, accountID).map { document(contacts[$0]) }
    }

    mutating func change(_ id: String, of accountID: Int, _ fields: [JSON.Member]) -> JSON? {
        guard let index = index(id, accountID) else { return nil }
        for field in fields {
            contacts[index].fields.removeAll { $0.name == field.name }
            contacts[index].fields.append(field)
        }
        return document(contacts[index])
    }

    mutating func delete(_ id: String, of accountID: Int) -> Bool {
        guard let index = index(id, accountID) else { return false }
        contacts.remove(at: index)
        return true
    }

    private func index(_ id: String, _ accountID: Int) -> Int? {
        contacts.firstIndex { String($0.id) == id && $0.accountID == accountID }
    }

    private func document(_ contact: (id: Int, accountID: Int, fields: [JSON.Member])) -> JSON {
        .object([.init(name: "id", value: .int(contact.id))] + contact.fields)
    }
}

extension Provider {
    /// The leftovers of generation 1, as far as public clients show their shapes.
    mutating func answer(_ leftover: Endpoint.Gen1, _ call: Call, account: Account, at now: WallTime) -> Answer {
        let missing = Answer.json(["status": "error", "message": "not_found"], status: 404)
        func success(_ data: JSON) -> Answer { .json(["status": "success", "data": data]) }
        switch leftover {
        case .status(let id):
            guard let number = Int(id), let message = messages[number], message.accountID == account.id else {
                return missing
            }
            return .json([
                "status": "success",
                "message": [
                    "status": .string(message.rowStatus), "status_date": .string(message.updatedAt.callbackStamp),
                ],
            ])
        case .userMessages: return gen1Messages(call, account: account)
        case .contacts: return success(.array(contacts.all(of: account.id)))
        case .addContact: return success(contacts.add(members(of: call.fields), accountID: account.id))
        case .contact(let id): return contacts.contact(id, of: account.id).map(success) ?? missing
        case .changeContact(let id):
            return contacts.change(id, of: account.id, members(of: call.fields)).map(success) ?? missing
        case .deleteContact(let id): return contacts.delete(id, of: account.id) ? success(.null) : missing
        case .templates: return success(.array(templates.filter { $0.accountID == account.id }.map(\.document)))
        case .addTemplate:
            guard let text = call.fields.nonEmpty("text") else {
                return .json(["message": ["text": ["The text field is required."]]], status: 422)
            }
            return success(submitTemplate(text, account: account, at: now).document)
        case .template(let id): return template(id, account).map { success(templates[$0].document) } ?? missing
        case .changeTemplate(let id):
            guard let index = template(id, account), let text = call.fields.nonEmpty("text") else { return missing }
            templates[index] = Template(id: templates[index].id, accountID: account.id, originalText: text)
            return success(templates[index].document)
        case .deleteTemplate(let id):
            guard let index = template(id, account) else { return missing }
            templates.remove(at: index)
            return success(.null)
        }
    }

    private func members(of fields: Fields) -> [JSON.Member] {
        guard case .object(let members) = fields.document else { return [] }
        return members.filter { $0.name != "id" }
    }

    private func template(_ id: String, _ account: Account) -> Int? {
        templates.firstIndex { String($0.id) == id && $0.accountID == account.id }
    }

    /// Rows of the oldest server, 15 on a page.
    private func gen1Messages(_ call: Call, account: Account) -> Answer {
        var filter = ProviderMessageFilter(accountID: account.id)
        filter.from = call.query.nonEmpty("from_date").flatMap(WallTime.init(localDate:))
        filter.to = call.query.nonEmpty("to_date").flatMap(ProviderMessageFilter.end(of:))
        let found = messages.oldestFirst.filter(filter.includes)
        let page = max(1, call.query.integer("page") ?? 1)
        let pages = MessagePages(total: found.count, size: 15, current: page, path: "\(call.origin)/api/\(call.route)")
        let rows = found.reversed().dropFirst(pages.offset).prefix(15).map { message -> JSON in
            [
                "id": .int(message.id), "user_sms_id": JSON(message.userSMSID), "jasmin_id": .string(message.requestID),
                "operator": .int(message.smscID), "to": .string(message.to), "nick": .string(message.nick),
                "content": .string(message.text), "packets": .int(message.partsCount),
                "msg_type": .string(message.isAd ? "reklama" : "service"), "is_balanced": true,
                "status": .string(message.rowStatus), "created_at": .string(message.takenAt.callbackStamp),
            ]
        }
        return .json(["status": "success", "data": pages.document(result: .array(rows))])
    }
}

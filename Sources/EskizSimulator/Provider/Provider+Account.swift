extension Provider {
    // MARK: Account (`eskiz-api.md` §2.4, §7)

    func userDocument(_ account: Account) -> JSON {
        let isBlocked = behaviour.blockedAccount != .no
        return [
            "status": "success",
            "data": [
                "id": .int(account.id), "created_at": .string(account.createdAt.rowStamp(fraction: 0)),
                "updated_at": .string(account.updatedAt.rowStamp(fraction: 6)), "name": .string(account.name),
                "email": .string(account.email), "password": "", "role": .string(role(of: account).rawValue),
                "status": isBlocked ? "blocked" : "active", "is_vip": false, "balance": balance(of: account),
            ],
            "id": .null,
        ]
    }

    func balance(of account: Account) -> JSON {
        switch behaviour.balanceFormat {
        case .integer: .int(account.balance)
        case .fraction: .double(Double(account.balance) + 0.5)
        case .string: .string(String(account.balance))
        }
    }

    static let prices: JSON = [
        "global": .array(
            Country.all.map {
                [
                    "code": .string($0.code), "name": .string($0.name), "prefix": .string($0.prefix),
                    "status": "active", "price": .int($0.price),
                ]
            }
        ),
        "local": .array(
            Operator.all.map {
                [
                    "smsc_id": .int($0.id), "name": .string($0.name), "price": .int($0.price),
                    "ad_price": .int($0.advertisingPrice),
                ]
            }
        ),
    ]

    // MARK: Templates (`eskiz-api.md` §7, §8.2)

    /// Answers an echo without an id; the template is found later by its text.
    mutating func addTemplate(_ fields: Fields, account: Account, at now: WallTime) -> Answer {
        guard let text = fields.nonEmpty("template") else { return refusal("template is invalid") }
        _ = submitTemplate(text, account: account, at: now)
        return .json(["template": .string(text)])
    }

    mutating func submitTemplate(_ text: String, account: Account, at now: WallTime) -> Template {
        let template = Template(id: nextTemplateID, accountID: account.id, originalText: text)
        nextTemplateID += 1
        templates.append(template)
        if let delay = behaviour.moderationAfter {
            schedule.add(.moderate(templateID: template.id), due: now + delay)
        }
        return template
    }

    /// A moderator's verdict.
    ///
    /// Nil when there is no such template.
    @discardableResult
    mutating func settleTemplate(_ id: Int, _ status: Template.Status, maskedText: String?) -> Template? {
        guard let index = templates.firstIndex(where: { $0.id == id }) else { return nil }
        templates[index].settle(status, maskedText: maskedText)
        return templates[index]
    }

    func templatesDocument(_ account: Account) -> JSON {
        ["success": true, "result": .array(templates.filter { $0.accountID == account.id }.map(\.document))]
    }
}

extension Template {
    var document: JSON {
        [
            "id": .int(id), "template": .string(maskedText), "original_text": .string(originalText),
            "status": .string(status.rawValue),
        ]
    }
}

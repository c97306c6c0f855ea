extension Message {
    /// A row has no `waiting`: what is taken but not stored shows as `NEW` (`eskiz-api.md` §9.1, §11.2).
    var rowStatus: String { status == .waiting ? Status.new.rawValue : status.rawValue }

    /// One row as `status_by_id` and the lists print it (`eskiz-api.md` §6.1).
    ///
    /// `dispatch_id` is a string in the community schema of the one and a number in that of the other.
    func row(by behaviour: Behaviour, dispatchIDAsText: Bool) -> JSON {
        let pending: JSON =
            switch behaviour.pendingTimes {
            case .null: .null
            case .zero: "0001-01-01T00:00:00Z"
            case .empty: ""
            }
        let dispatch: JSON =
            dispatchIDAsText ? JSON(dispatchID) : dispatchID.map { Int($0).map(JSON.int) ?? .string($0) } ?? .null
        return [
            "id": .int(id), "user_id": .int(accountID), "country_id": JSON(country?.id), "connection_id": 1,
            "smsc_id": .int(smscID), "dispatch_id": dispatch, "user_sms_id": JSON(userSMSID),
            "request_id": .string(requestID), "price": .int(price), "total_price": .int(totalPrice),
            "is_ad": .bool(isAd), "nick": .string(nick), "to": .string(to), "message": .string(text),
            "encoding": .int(encoding), "parts_count": .int(partsCount),
            "parts": .object(
                parts.enumerated().map { .init(name: $1.key, value: $1.row(index: $0, of: self, by: behaviour)) }
            ),
            "status": .string(rowStatus),
            "smsc_data": .object(parts.map { .init(name: $0.key, value: .array($0.states.map(JSON.string))) }),
            "sent_at": .string(takenAt.rowStamp(fraction: 0)),
            "submit_sm_resp_at": acceptedAt.map { .string($0.rowStamp(fraction: 6)) } ?? pending,
            "delivery_sm_at": deliveredAt.map { .string($0.rowStamp(fraction: 0)) } ?? pending,
            "created_at": .string((storedAt ?? takenAt).rowStamp(fraction: 3)),
            "updated_at": .string(updatedAt.rowStamp(fraction: 6)),
        ]
    }

    /// When the last part reached the phone; an undelivered message has no such time.
    private var deliveredAt: WallTime? {
        status == .delivered || status == .partDelivered ? finalAt : nil
    }
}

extension Message.Part {
    /// Both shapes are in use (`eskiz-api.md` §6.1).
    func row(index: Int, of message: Message, by behaviour: Behaviour) -> JSON {
        let accepted: JSON = acceptedAt.map { .string($0.partStamp(fraction: 9)) } ?? .null
        switch behaviour.partsShape {
        case .new:
            return [
                "group": .int(message.id % 1_000), "part_index": .int(index), "accepted": .bool(acceptedAt != nil),
                "accept_status": 0, "accept_time": accepted, "dlr_state": .string(state),
                "dlr_time": reportedAt.map { .string($0.partStamp(fraction: 0)) } ?? .null, "template_tag": "",
            ]
        case .old:
            return [
                "accept": acceptedAt.map { .string($0.partStamp(fraction: 6)) } ?? .null, "status": .string(state),
                "submit": 0, "delivery": reportedAt.map { .string($0.partStamp(fraction: 6)) } ?? .null,
            ]
        }
    }
}

extension Message {
    /// The provider's log of this message, newest first (`eskiz-api.md` §6.5): the callback warning appears three times, at
    /// the three points where a callback would be due.
    var logEntries: [JSON] {
        var entries: [JSON] = []
        func add(_ text: String, _ full: String = "", level: String = "INFO", at time: WallTime) {
            entries.append(
                [
                    "ip": .string(ip), "from": .string(nick), "to": .string(maskedPhone),
                    "dispatch_id": .string(dispatchID ?? "<nil>"), "user_sms_id": .string(userSMSID ?? "<nil>"),
                    "timestamp": .string(time.rfc3339), "message": .string(text), "full_message": .string(full),
                    "level_name": .string(level),
                ]
            )
        }
        func addCallback(_ status: String, at time: WallTime) {
            if callbackURL == nil {
                add("CallbackURL bo'sh", level: "WARN", at: time)
            } else {
                add("Callback navbatga qo'yildi: \(status)", at: time)
            }
        }
        add("So'rov qabul qilindi", rawRequest, at: takenAt)
        add("Matn tekshirildi", at: takenAt)
        add("SMS navbatga qo'yildi", at: takenAt)
        if let storedAt {
            add("SMS bazaga yozildi", at: storedAt)
            addCallback("STORED", at: storedAt)
        }
        if let acceptedAt {
            for part in parts { add("Operator qabul qildi", "message_id=\(part.key)", at: acceptedAt) }
            addCallback("ACCEPTED", at: acceptedAt)
        }
        if let finalAt {
            for part in parts { add("Holat: \(part.state)", "message_id=\(part.key)", at: finalAt) }
            addCallback(parts.first?.state ?? "", at: finalAt)
        }
        return entries.reversed()
    }

    private var maskedPhone: String { String(to.prefix(5)) + String(repeating: "*", count: max(0, to.count - 5)) }
}

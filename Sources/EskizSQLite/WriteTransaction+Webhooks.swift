import EskizQueue
import GRDB

extension WriteTransaction {
    func dueWebhooks(at now: Timestamp, lease: Duration, limit: Int) throws -> [WebhookDelivery] {
        let due = try rows(
            "\(WebhookRecord.selection) WHERE w.progress = 0 AND w.next_at <= ? ORDER BY w.next_at, w.id LIMIT ?",
            [now, max(0, limit)],
            WebhookRecord.delivery
        )
        return try due.map { delivery in
            var delivery = delivery
            delivery.nextAt = now + lease
            try run("UPDATE webhooks SET next_at = ? WHERE id = ?", [delivery.nextAt, delivery.id])
            return delivery
        }
    }

    mutating func finishWebhook(_ id: Int64, _ result: WebhookResult) throws {
        let found = try row("\(WebhookRecord.selection) WHERE w.id = ?", [id], WebhookRecord.delivery)
        guard var delivery = found, delivery.progress == .pending else { return }
        delivery.finish(result)
        try update(delivery)
        if delivery.progress == .dead { ledger.add(1, to: Ledger.Name.deadWebhooks) }
    }

    mutating func replayWebhooks(of id: MessageID, at now: Timestamp) throws -> Int {
        let all = try rows("\(WebhookRecord.selection) WHERE w.message_id = ?", [id], WebhookRecord.delivery)
        for var delivery in all {
            if delivery.progress == .dead { ledger.add(-1, to: Ledger.Name.deadWebhooks) }
            delivery.replay(at: now)
            try update(delivery)
        }
        return all.count
    }

    private func update(_ delivery: WebhookDelivery) throws {
        try run(
            "UPDATE webhooks SET progress = ?, attempts = ?, next_at = ?, last_error = ? WHERE id = ?",
            [delivery.progress.code, delivery.attempts, delivery.nextAt, delivery.lastError, delivery.id]
        )
    }
}

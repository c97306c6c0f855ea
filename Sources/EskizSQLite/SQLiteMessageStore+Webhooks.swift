package import EskizQueue

extension SQLiteMessageStore {
    package func dueWebhooks(
        at now: Timestamp,
        lease: Duration,
        limit: Int
    ) async throws(StoreError) -> [WebhookDelivery] {
        try await group.perform(.relaxed) { transaction in
            try transaction.dueWebhooks(at: now, lease: lease, limit: limit)
        }
    }

    package func finishWebhook(_ id: Int64, _ result: WebhookResult, at now: Timestamp) async throws(StoreError) {
        try await group.perform(.durable) { transaction in try transaction.finishWebhook(id, result) }
    }

    package func replayWebhooks(of id: MessageID, at now: Timestamp) async throws(StoreError) -> Int {
        try await group.perform(.durable) { transaction in try transaction.replayWebhooks(of: id, at: now) }
    }
}

/// Deliveries of webhooks, used by whoever makes them.
///
/// A delivery is written in the same step as the change it tells of: for a message with `webhookURL` on entering submitted,
/// unknown, delivered, undelivered, failed, expired or cancelled; for one with `client.callbackURL` with every report that
/// says something new. `MessageStore` says what holds for every call.
package protocol WebhookStore: Sendable {
    /// Deliveries that are due; they are not offered again for `lease`.
    func dueWebhooks(at now: Timestamp, lease: Duration, limit: Int) async throws(StoreError) -> [WebhookDelivery]

    /// Notes what came of a delivery.
    func finishWebhook(_ id: Int64, _ result: WebhookResult, at now: Timestamp) async throws(StoreError)

    /// Sends the deliveries of a message again.
    ///
    /// - Returns: how many.
    func replayWebhooks(of id: MessageID, at now: Timestamp) async throws(StoreError) -> Int
}

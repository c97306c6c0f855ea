/// Where messages live.
///
/// The conformance suite in `EskizQueueTesting` is the definition; every store passes it. Each call is one atomic step,
/// durable when it returns unless it says otherwise, and either happens whole or throws and leaves nothing behind. A call
/// survives the cancellation of its caller: what was begun is finished. Time comes from the caller.
///
/// Wherever a call changes a message it returns the message as it is afterwards, so that the caller can tell who waits.
/// A change that `MessageState.canBecome(_:)` forbids is not made.
package protocol MessageStore: Sendable {
    // MARK: Accepting

    /// Keeps new messages, all or none, and remembers the idempotency key with them.
    ///
    /// A message is `scheduled` when its `sendAt` lies after `now`, and `queued` otherwise. A message of the lane `otp` with
    /// a purpose cancels the older ones of the same API key, phone and purpose that are still scheduled or queued
    /// (`statusDetail` `superseded by <id>`).
    ///
    /// There is at least one message. With a batch, they are sent to Eskiz in one request, and its `dispatchID` goes with it.
    func accept(
        _ messages: [NewMessage],
        batch: NewBatch?,
        idempotency: IdempotencyKey?,
        at now: Timestamp
    ) async throws(StoreError) -> Acceptance

    /// What `accept` would answer because of a request that came before under this key; nil if none did.
    ///
    /// Changes nothing: for when nothing more can be accepted.
    func repetition(of key: IdempotencyKey) async throws(StoreError) -> Acceptance?

    /// Keeps what a request with this key was answered, where that says more than that its messages were accepted.
    ///
    /// The first answer is kept, as long as the key is; a key that nobody used, or that was used for another request, has
    /// none. A loss of power may lose it.
    func remember(_ answer: [UInt8], for key: IdempotencyKey) async throws(StoreError)

    /// What the first request with this key was answered; nil if that was not kept.
    func answer(for key: IdempotencyKey) async throws(StoreError) -> [UInt8]?

    /// How many messages wait, by lane: a number that is kept, never counted.
    ///
    /// May lag behind by moments.
    var depth: QueueDepth { get }

    // MARK: Sending

    /// Takes messages that are due and begins an attempt with each: phase `prepared`, state `sending`.
    ///
    /// Lanes are served in the order of the request, within a lane the one that is due longest first. Messages whose time has
    /// passed become `expired` on the way. Messages of one batch come together, even beyond the limits. Need not survive a
    /// loss of power: a claim that is lost leaves its message queued.
    func claim(_ request: ClaimRequest, at now: Timestamp) async throws(StoreError) -> ClaimResult

    /// Notes that the first byte is about to leave: phase `writing`, durable before this returns.
    ///
    /// - Throws: `lost_claim` if one of the claims is no longer the caller's; then none is changed.
    func beginWriting(_ claims: [Claim], at now: Timestamp) async throws(StoreError)

    /// Writes down what came of attempts.
    ///
    /// A claim that is no longer the caller's is left out of the answer and changes nothing. A report that came before the
    /// answer of its send is not undone: the state stays, the receipt is added. Reports that waited for a provider's id that is
    /// learnt here are applied.
    func settle(_ settlements: [Settlement], at now: Timestamp) async throws(StoreError) -> [Message]

    /// Prolongs what this owner holds, while it is sending.
    func extendLeases(owner: String, until: Timestamp) async throws(StoreError)

    /// Takes back what its owner can no longer be working on: the phase `prepared` is queued again without counting as an
    /// attempt, the phase `writing` becomes `unknown`.
    ///
    /// With an owner: everything that anybody else holds, because the only process of a store has started anew. Without: what
    /// has outlived its lease.
    func recover(everythingBut owner: String?, at now: Timestamp) async throws(StoreError) -> Recovery

    // MARK: Time

    /// Queues what was scheduled for now, and lets expire what waited too long: up to `limit` messages of each.
    func sweep(at now: Timestamp, limit: Int) async throws(StoreError) -> [Message]

    /// Forgets messages, reports and idempotency keys that became final before a moment, up to `limit` messages.
    ///
    /// A message that was submitted before it goes, too, once nobody asks Eskiz after it any more: it will never be final.
    ///
    /// - Returns: how many messages went.
    func prune(finalBefore: Timestamp, limit: Int) async throws(StoreError) -> Int

    // MARK: Deciding by hand

    /// Takes a message back that has not been handed to a dispatcher.
    func cancel(_ id: MessageID, detail: String?, at now: Timestamp) async throws(StoreError) -> Cancellation

    /// Settles an `unknown`; anything else is left as it is, and comes back unchanged.
    ///
    /// - Returns: nil if there is no such message.
    func settleUnknown(_ id: MessageID, as resolution: Resolution, at now: Timestamp) async throws(StoreError)
        -> Message?

    // MARK: Reports

    /// Keeps a report as it came, before anybody has understood it.
    func keep(_ report: RawReport) async throws(StoreError) -> RawReportID

    /// Applies a report.
    ///
    /// The status never goes backwards (`MessageStatus.rank`). A report for a provider's id that nobody knows yet waits for it.
    func record(
        _ report: DeliveryReport,
        for key: ReportKey,
        raw: RawReportID?,
        at now: Timestamp
    ) async throws(StoreError) -> ReportEffect

    /// Submitted messages whose next look at Eskiz is due, the longest due first.
    func overdueForReport(at now: Timestamp, limit: Int) async throws(StoreError) -> [Message]

    /// When to look next; nil for never again.
    func scheduleReport(_ id: MessageID, at moment: Timestamp?) async throws(StoreError)

    /// Unknown messages that are not settled and due for a look.
    func unsettled(at now: Timestamp, limit: Int) async throws(StoreError) -> [UnsettledMessage]

    /// The message was looked for in vain so many times; look again then.
    func noteAbsence(_ id: MessageID, count: Int, next: Timestamp) async throws(StoreError)

    // MARK: Reading

    func message(_ id: MessageID) async throws(StoreError) -> Message?

    /// The message with all its attempts, reports and webhooks.
    func timeline(_ id: MessageID) async throws(StoreError) -> Timeline?

    /// Newest first.
    func messages(_ query: MessageSearch) async throws(StoreError) -> [Message]

    /// A page of a search that answers at once, however many messages there are.
    ///
    /// Looks at no more than about `reach` messages where no index leads to what is wanted: then fewer come than `limit`
    /// says, maybe none, and `next` says where to go on. Pages that follow `next` hold together what `messages(_:)` holds.
    func page(_ query: MessageSearch, reach: Int) async throws(StoreError) -> SearchPage

    /// What clients called these messages; those without a name of their own are left out.
    func clientReferences(_ ids: [MessageID]) async throws(StoreError) -> [MessageID: Message.ClientReference]

    /// Numbers that are kept, never counted, and the oldest waiting message of each lane.
    func statistics() async throws(StoreError) -> QueueStatistics

    /// What happened in each step of a while, oldest first; a step in which nothing happened is left out.
    ///
    /// Kept for `ActivityMinute.retention`, minute by minute and operator by operator, as messages change. The minute of
    /// `from` is the first; what begins at `to` or later is left out. A step is rounded up to whole minutes.
    func activity(from: Timestamp, to: Timestamp, step: Duration) async throws(StoreError) -> [ActivityBucket]

    /// How many messages failed from a moment on, by the code of their error (`RefusalHour`).
    ///
    /// Kept for `RefusalHour.retention`, hour by hour, as messages change. The hour of `from` is the first; hours that begin at
    /// `to` or later are left out.
    func refusals(from: Timestamp, to: Timestamp) async throws(StoreError) -> [String: Int]

    // MARK: Audit

    /// Keeps a line of what a person did; its `id` is the store's to give.
    func audit(_ line: AuditLine) async throws(StoreError)

    /// Newest first.
    func auditLines(_ query: AuditSearch) async throws(StoreError) -> [AuditLine]

    /// Forgets lines from before a moment, up to `limit`, the oldest first.
    ///
    /// - Returns: how many went.
    func pruneAudit(before: Timestamp, limit: Int) async throws(StoreError) -> Int

    // MARK: Webhooks
    //
    // A delivery is written in the same step as the change it tells of: for a message with `webhookURL` on entering submitted,
    // unknown, delivered, undelivered, failed, expired or cancelled; for one with `client.callbackURL` with every report that
    // says something new.

    /// Deliveries that are due; they are not offered again for `lease`.
    func dueWebhooks(at now: Timestamp, lease: Duration, limit: Int) async throws(StoreError) -> [WebhookDelivery]

    /// Notes what came of a delivery.
    func finishWebhook(_ id: Int64, _ result: WebhookResult, at now: Timestamp) async throws(StoreError)

    /// Sends the deliveries of a message again.
    ///
    /// - Returns: how many.
    func replayWebhooks(of id: MessageID, at now: Timestamp) async throws(StoreError) -> Int

    // MARK: Keys and secrets

    /// A secret of this installation, made with `make` by the first who asks.
    func secret(_ name: String, orMake make: @Sendable () -> [UInt8]) async throws(StoreError) -> [UInt8]

    func add(_ key: APIKeyRecord) async throws(StoreError)

    func apiKeys() async throws(StoreError) -> [APIKeyRecord]

    /// - Returns: false if there is no such key.
    func revokeAPIKey(_ id: String, at now: Timestamp) async throws(StoreError) -> Bool

    // MARK: Health

    /// Throws what would keep the store from accepting now.
    func checkWritable() async throws(StoreError)

    /// Finishes what is under way and closes.
    func close() async
}

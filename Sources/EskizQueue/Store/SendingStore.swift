/// Messages and their attempts: accepted, claimed, written, settled, taken back, forgotten.
///
/// Used by `MessageQueue`, `Dispatcher` and `Housekeeping`. `MessageStore` says what holds for every call.
package protocol SendingStore: Sendable {
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
    ///
    /// - Parameters:
    ///   - owner: who starts; nil for leases.
    ///   - inHand: messages that are left alone whatever their lease says, because the caller is sending them itself.
    ///   - now: the time.
    /// - Returns: what was taken back.
    /// - Throws: `StoreError`.
    func recover(
        everythingBut owner: String?,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) async throws(StoreError) -> Recovery

    /// Takes back what this owner holds without knowing it: the answer to a claim was lost.
    ///
    /// - Parameters:
    ///   - owner: the caller.
    ///   - inHand: what the caller knows that it holds.
    ///   - now: the time.
    /// - Returns: what was taken back.
    /// - Throws: `StoreError`.
    func recover(
        claimsOf owner: String,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) async throws(StoreError) -> Recovery

    // MARK: Time

    /// Queues what was scheduled for now, and lets expire what waited too long: up to `limit` messages of each.
    func sweep(at now: Timestamp, limit: Int) async throws(StoreError) -> [Message]

    /// Forgets messages, reports and idempotency keys that became final before a moment, up to `limit` messages.
    ///
    /// A message that was submitted before it goes, too, once nobody asks Eskiz after it any more: it will never be final.
    /// A message with a webhook that is neither delivered nor given up stays until it is, and one that needs a person until
    /// somebody has decided.
    ///
    /// - Returns: how many messages went.
    func prune(finalBefore: Timestamp, limit: Int) async throws(StoreError) -> Int

    // MARK: Deciding by hand

    /// Takes a message back that has not been handed to a dispatcher.
    func cancel(_ id: MessageID, detail: String?, at now: Timestamp) async throws(StoreError) -> Cancellation

    /// Changes a message that no dispatcher has taken yet: it is scheduled or queued, and no attempt was begun.
    func amend(_ id: MessageID, with amendment: MessageAmendment, at now: Timestamp) async throws(StoreError)
        -> Amending

    /// Settles an `unknown`; anything else is left as it is, and comes back unchanged.
    ///
    /// - Parameters:
    ///   - id: of the message.
    ///   - resolution: what has been found out or decided.
    ///   - attempt: about which attempt, counted from 1; nil for the last one, whichever that is. Whoever found something out may
    ///     be late: meanwhile the message may have been sent again, and the outcome of that is another question.
    ///   - now: the moment.
    /// - Returns: the message as it is then; nil if there is no such message.
    /// - Throws: what keeps the store from writing it down.
    func settleUnknown(
        _ id: MessageID,
        as resolution: Resolution,
        ofAttempt attempt: Int?,
        at now: Timestamp
    ) async throws(StoreError) -> Message?
}

extension SendingStore {
    /// Settles an `unknown` whatever its last attempt is.
    package func settleUnknown(
        _ id: MessageID,
        as resolution: Resolution,
        at now: Timestamp
    ) async throws(StoreError) -> Message? {
        try await settleUnknown(id, as: resolution, ofAttempt: nil, at: now)
    }

    package func recover(everythingBut owner: String?, at now: Timestamp) async throws(StoreError) -> Recovery {
        try await recover(everythingBut: owner, sparing: [], at: now)
    }
}

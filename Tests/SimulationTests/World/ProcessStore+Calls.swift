import Eskiz
import EskizQueue
import EskizQueueTesting

// Every call of a store, through the disk of its machine.

extension ProcessStore {
    func accept(
        _ messages: [NewMessage],
        batch: NewBatch?,
        idempotency: IdempotencyKey?,
        at now: Timestamp
    ) async throws(StoreError) -> Acceptance {
        let called = time.milliseconds
        return try await through(.accept, true) { (store) async throws(StoreError) in
            let result = try await store.accept(messages, batch: batch, idempotency: idempotency, at: now)
            noteKept(messages, result, calledAt: called)
            return result
        }
    }

    func repetition(of key: IdempotencyKey) async throws(StoreError) -> Acceptance? {
        try await through(.repetition, false) { (store) async throws(StoreError) in
            try await store.repetition(of: key)
        }
    }

    func remember(_ answer: [UInt8], for key: IdempotencyKey) async throws(StoreError) {
        try await through(.remember, true) { (store) async throws(StoreError) in
            try await store.remember(answer, for: key)
        }
    }

    func answer(for key: IdempotencyKey) async throws(StoreError) -> [UInt8]? {
        try await through(.answer, false) { (store) async throws(StoreError) in
            try await store.answer(for: key)
        }
    }

    func claim(_ request: ClaimRequest, at now: Timestamp) async throws(StoreError) -> ClaimResult {
        try await through(.claim, true) { (store) async throws(StoreError) in
            share?.database.willClaim()
            let result = try await store.claim(request, at: now)
            noteStates(result.claims.map(\.message) + result.expired)
            if let share { noteStates(share.database.hasClaimed(ends: !result.expired.isEmpty)) }
            return result
        }
    }

    func beginWriting(_ claims: [Claim], at now: Timestamp) async throws(StoreError) {
        try await through(.beginWriting, true) { (store) async throws(StoreError) in
            try await store.beginWriting(claims, at: now)
            let now = time.milliseconds
            witness.write { history in
                for claim in claims { history.began(.init(claim.message.id.text, of: installation), at: now) }
            }
        }
    }

    func settle(_ settlements: [Settlement], at now: Timestamp) async throws(StoreError) -> [Message] {
        try await through(.settle, true) { (store) async throws(StoreError) in
            let messages = try await store.settle(settlements, at: now)
            noteStates(messages)
            noteTaken(settlements)
            return messages
        }
    }

    func extendLeases(owner: String, until: Timestamp) async throws(StoreError) {
        try await through(.extendLeases, true) { (store) async throws(StoreError) in
            try await store.extendLeases(owner: owner, until: until)
        }
    }

    func recover(
        everythingBut owner: String?,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) async throws(StoreError) -> Recovery {
        try await through(.recover, true) { (store) async throws(StoreError) in
            let recovery = try await store.recover(everythingBut: owner, sparing: inHand, at: now)
            noteStates(recovery.queued + recovery.unknown)
            return recovery
        }
    }

    func recover(
        claimsOf owner: String,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) async throws(StoreError) -> Recovery {
        try await through(.recover, true) { (store) async throws(StoreError) in
            let recovery = try await store.recover(claimsOf: owner, sparing: inHand, at: now)
            noteStates(recovery.queued + recovery.unknown)
            return recovery
        }
    }

    func clockAnchor() async throws(StoreError) -> ClockAnchor? {
        try await through(.clockAnchor, false) { (store) async throws(StoreError) in
            try await store.clockAnchor()
        }
    }

    func moveMoments(
        by shift: Duration,
        from known: ClockAnchor?,
        to anchor: ClockAnchor
    ) async throws(StoreError) -> Bool {
        try await through(.moveMoments, true) { (store) async throws(StoreError) in
            let scheduled = try await store.messages(MessageSearch(states: [.scheduled], limit: 1_000))
            let isDone = try await store.moveMoments(by: shift, from: known, to: anchor)
            if isDone, shift != .zero { noteMoved(scheduled.map(\.id), by: shift) }
            return isDone
        }
    }

    func sweep(at now: Timestamp, limit: Int) async throws(StoreError) -> [Message] {
        try await through(.sweep, true) { (store) async throws(StoreError) in
            let messages = try await store.sweep(at: now, limit: limit)
            noteStates(messages)
            return messages
        }
    }

    func prune(finalBefore: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await through(.prune, true) { (store) async throws(StoreError) in
            try await store.prune(finalBefore: finalBefore, limit: limit)
        }
    }

    func amend(
        _ id: MessageID,
        with amendment: MessageAmendment,
        at now: Timestamp
    ) async throws(StoreError) -> Amending {
        try await through(.cancel, true) { (store) async throws(StoreError) in
            try await store.amend(id, with: amendment, at: now)
        }
    }

    func cancel(_ id: MessageID, detail: String?, at now: Timestamp) async throws(StoreError) -> Cancellation {
        try await through(.cancel, true) { (store) async throws(StoreError) in
            let result = try await store.cancel(id, detail: detail, at: now)
            if case .cancelled(let message) = result { noteStates([message]) }
            return result
        }
    }

    func settleUnknown(
        _ id: MessageID,
        as resolution: Resolution,
        ofAttempt attempt: Int?,
        at now: Timestamp
    ) async throws(StoreError) -> Message? {
        try await through(.settleUnknown, true) { (store) async throws(StoreError) in
            let message = try await store.settleUnknown(id, as: resolution, ofAttempt: attempt, at: now)
            noteStates(message.map { [$0] } ?? [])
            return message
        }
    }

    func keep(_ report: RawReport) async throws(StoreError) -> RawReportID {
        try await through(.keep, true) { (store) async throws(StoreError) in
            try await store.keep(report)
        }
    }

    func record(
        _ report: DeliveryReport,
        for key: ReportKey,
        raw: RawReportID?,
        at now: Timestamp
    ) async throws(StoreError) -> ReportEffect {
        try await through(.record, true) { (store) async throws(StoreError) in
            let effect = try await store.record(report, for: key, raw: raw, at: now)
            if case .advanced(let message, _) = effect { noteStates([message]) }
            return effect
        }
    }

    func overdueForReport(at now: Timestamp, limit: Int) async throws(StoreError) -> [Message] {
        try await through(.overdueForReport, false) { (store) async throws(StoreError) in
            try await store.overdueForReport(at: now, limit: limit)
        }
    }

    func scheduleReport(_ id: MessageID, at moment: Timestamp?) async throws(StoreError) {
        try await through(.scheduleReport, true) { (store) async throws(StoreError) in
            try await store.scheduleReport(id, at: moment)
        }
    }

    func unsettled(at now: Timestamp, limit: Int) async throws(StoreError) -> [UnsettledMessage] {
        try await through(.unsettled, false) { (store) async throws(StoreError) in
            try await store.unsettled(at: now, limit: limit)
        }
    }

    func knownRows(of phone: String) async throws(StoreError) -> [KnownRow] {
        try await through(.knownRows, false) { (store) async throws(StoreError) in
            try await store.knownRows(of: phone)
        }
    }

    func noteAbsence(_ id: MessageID, count: Int, ofAttempt attempt: Int?, next: Timestamp) async throws(StoreError) {
        try await through(.noteAbsence, true) { (store) async throws(StoreError) in
            try await store.noteAbsence(id, count: count, ofAttempt: attempt, next: next)
        }
    }

    func message(_ id: MessageID) async throws(StoreError) -> Message? {
        try await through(.message, false) { (store) async throws(StoreError) in
            try await store.message(id)
        }
    }

    func timeline(_ id: MessageID) async throws(StoreError) -> Timeline? {
        try await through(.timeline, false) { (store) async throws(StoreError) in
            try await store.timeline(id)
        }
    }

    func messages(_ query: MessageSearch) async throws(StoreError) -> [Message] {
        try await through(.messages, false) { (store) async throws(StoreError) in
            try await store.messages(query)
        }
    }

    func page(_ query: MessageSearch, reach: Int) async throws(StoreError) -> SearchPage {
        try await through(.page, false) { (store) async throws(StoreError) in
            try await store.page(query, reach: reach)
        }
    }

    func clientReferences(_ ids: [MessageID]) async throws(StoreError) -> [MessageID: Message.ClientReference] {
        try await through(.clientReferences, false) { (store) async throws(StoreError) in
            try await store.clientReferences(ids)
        }
    }

    func statistics() async throws(StoreError) -> QueueStatistics {
        try await through(.statistics, false) { (store) async throws(StoreError) in
            try await store.statistics()
        }
    }

    func activity(from: Timestamp, to: Timestamp, step: Duration) async throws(StoreError) -> [ActivityBucket] {
        try await through(.activity, false) { (store) async throws(StoreError) in
            try await store.activity(from: from, to: to, step: step)
        }
    }

    func refusals(from: Timestamp, to: Timestamp) async throws(StoreError) -> [String: Int] {
        try await through(.refusals, false) { (store) async throws(StoreError) in
            try await store.refusals(from: from, to: to)
        }
    }

    func audit(_ line: AuditLine) async throws(StoreError) {
        try await through(.audit, false) { (store) async throws(StoreError) in
            try await store.audit(line)
        }
    }

    func auditLines(_ query: AuditSearch) async throws(StoreError) -> [AuditLine] {
        try await through(.auditLines, false) { (store) async throws(StoreError) in
            try await store.auditLines(query)
        }
    }

    func pruneAudit(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await through(.pruneAudit, false) { (store) async throws(StoreError) in
            try await store.pruneAudit(before: before, limit: limit)
        }
    }

    func dueWebhooks(at now: Timestamp, lease: Duration, limit: Int) async throws(StoreError) -> [WebhookDelivery] {
        try await through(.dueWebhooks, true) { (store) async throws(StoreError) in
            try await store.dueWebhooks(at: now, lease: lease, limit: limit)
        }
    }

    func finishWebhook(_ id: Int64, _ result: WebhookResult, at now: Timestamp) async throws(StoreError) {
        try await through(.finishWebhook, true) { (store) async throws(StoreError) in
            try await store.finishWebhook(id, result, at: now)
        }
    }

    func replayWebhooks(of id: MessageID, at now: Timestamp) async throws(StoreError) -> Int {
        try await through(.replayWebhooks, true) { (store) async throws(StoreError) in
            try await store.replayWebhooks(of: id, at: now)
        }
    }

    func secret(_ name: String, orMake make: @Sendable () -> [UInt8]) async throws(StoreError) -> [UInt8] {
        try await through(.secret, false) { (store) async throws(StoreError) in
            try await store.secret(name, orMake: make)
        }
    }

    func add(_ key: APIKeyRecord) async throws(StoreError) {
        try await through(.add, false) { (store) async throws(StoreError) in
            try await store.add(key)
        }
    }

    func apiKeys() async throws(StoreError) -> [APIKeyRecord] {
        try await through(.apiKeys, false) { (store) async throws(StoreError) in
            try await store.apiKeys()
        }
    }

    func revokeAPIKey(_ id: String, at now: Timestamp) async throws(StoreError) -> Bool {
        try await through(.revokeAPIKey, false) { (store) async throws(StoreError) in
            try await store.revokeAPIKey(id, at: now)
        }
    }

    func checkWritable() async throws(StoreError) {
        try await through(.checkWritable, true) { (store) async throws(StoreError) in
            try await store.checkWritable()
        }
    }
}

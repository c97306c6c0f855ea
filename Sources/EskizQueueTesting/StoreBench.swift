import Eskiz
import EskizQueue
import EskizText

/// A store on the bench, with short words for what the checks do to it.
struct StoreBench: Sendable {
    let store: any MessageStore
    /// When everything begins.
    let noon = Timestamp(milliseconds: 1_800_000_000_000)

    static let phone = "998901234567"
    static let failure = MessageError(
        code: "server_error",
        message: "Eskiz did not answer as it should.",
        httpStatus: 502
    )

    func new(
        _ lane: Lane = .transactional,
        phone: String = Self.phone,
        text: String = "Your order is ready",
        key: String = "k_1",
        reference: String? = nil,
        webhookURL: String? = nil,
        client: Message.ClientReference? = nil,
        sendAt: Timestamp? = nil,
        expiresAt: Timestamp? = nil,
        purpose: String? = nil
    ) -> NewMessage {
        NewMessage(
            lane: lane,
            phone: phone,
            text: text,
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            reference: reference,
            apiKeyID: key,
            webhookURL: webhookURL,
            client: client,
            sendAt: sendAt,
            expiresAt: expiresAt,
            purpose: purpose
        )
    }

    func acceptAll(_ new: [NewMessage], batch: NewBatch? = nil, at now: Timestamp? = nil) async throws -> [Message] {
        let acceptance = try await store.accept(new, batch: batch, idempotency: nil, at: now ?? noon)
        guard case .accepted(let messages, _) = acceptance else {
            throw ConformanceFailure(description: "accept without a key answered \(acceptance)")
        }
        return messages
    }

    func accept(_ new: NewMessage? = nil, at now: Timestamp? = nil) async throws -> Message {
        try demand(try await acceptAll([new ?? self.new()], at: now).first, "nothing was accepted")
    }

    func claimResult(
        _ shares: [ClaimRequest.Share]? = nil,
        limit: Int = 100,
        owner: String = "a",
        at now: Timestamp? = nil
    ) async throws -> ClaimResult {
        let now = now ?? noon
        return try await store.claim(
            ClaimRequest(
                owner: owner,
                leaseUntil: now + .seconds(30),
                shares: shares ?? Lane.allCases.map { .init($0, limit) },
                limit: limit
            ),
            at: now
        )
    }

    func claim(owner: String = "a", at now: Timestamp? = nil) async throws -> Claim {
        try demand(try await claimResult(owner: owner, at: now).claims.first, "nothing to claim")
    }

    func begin(_ claim: Claim, at now: Timestamp? = nil) async throws {
        try await store.beginWriting([claim], at: now ?? noon)
    }

    @discardableResult
    func settle(_ claim: Claim, _ result: Settlement.Result, at now: Timestamp? = nil) async throws -> Message? {
        try await store.settle([Settlement(claim, result)], at: now ?? noon).first
    }

    /// A message that Eskiz has taken.
    func submitted(
        _ new: NewMessage? = nil,
        providerID: String = "u-1",
        nextReport: Timestamp? = nil,
        at now: Timestamp? = nil
    ) async throws -> Message {
        let message = try await accept(new, at: now)
        let claim = try await claim(of: message, at: now)
        try await begin(claim, at: now)
        return try demand(
            try await settle(claim, .submitted(providerID: providerID, detail: nil, nextReport: nextReport), at: now),
            "a submitted message is not in the answer"
        )
    }

    /// A message of which nobody can say whether Eskiz has it.
    func unknown(_ new: NewMessage? = nil, at now: Timestamp? = nil, reconcileAt: Timestamp? = nil) async throws
        -> Message
    {
        let message = try await accept(new, at: now)
        let claim = try await claim(of: message, at: now)
        try await begin(claim, at: now)
        return try demand(
            try await settle(claim, .unknown(Self.failure, reconcileAt: reconcileAt ?? now ?? noon), at: now),
            "an unknown message is not in the answer"
        )
    }

    func claim(of message: Message, at now: Timestamp? = nil) async throws -> Claim {
        let claims = try await claimResult(at: now).claims
        return try demand(claims.first { $0.message.id == message.id }, "message \(message.id) cannot be claimed")
    }

    func report(
        _ status: MessageStatus,
        source: DeliveryReport.Source = .callback,
        at moment: Timestamp? = nil,
        providerID: String? = nil,
        number: String? = nil,
        price: String? = nil
    ) -> DeliveryReport {
        DeliveryReport(
            status: status,
            source: source,
            receivedAt: moment ?? noon,
            happenedAt: moment,
            providerID: providerID,
            providerNumber: number,
            price: price,
            parts: 1
        )
    }

    @discardableResult
    func record(_ status: MessageStatus, for id: MessageID, at now: Timestamp? = nil) async throws -> ReportEffect {
        try await store.record(report(status, at: now), for: .number(id), raw: nil, at: now ?? noon)
    }

    func message(_ id: MessageID) async throws -> Message {
        try demand(try await store.message(id), "message \(id) is gone")
    }

    func timeline(_ id: MessageID) async throws -> Timeline {
        try demand(try await store.timeline(id), "message \(id) is gone")
    }

    /// Every message, page by page.
    func allMessages() async throws -> [Message] {
        var all: [Message] = []
        while true {
            let page = try await store.messages(MessageSearch(before: all.last?.id, limit: 500))
            if page.isEmpty { return all }
            all += page
        }
    }

    /// The statistics are those that counting everything gives.
    func expectRecount(file: String = #fileID, line: Int = #line) async throws {
        var counts: [QueueStatistics.Key: Int] = [:]
        var oldest: [Lane: Timestamp] = [:]
        for message in try await allMessages() {
            counts[.init(message.lane, message.state), default: 0] += 1
            if message.state == .queued {
                oldest[message.lane] = min(oldest[message.lane] ?? message.dueAt, message.dueAt)
            }
        }
        let kept = try await store.statistics()
        try expect(
            kept.counts.filter { $0.value != 0 },
            is: counts,
            "counts differ from a recount",
            file: file,
            line: line
        )
        try expect(kept.oldestWaiting, is: oldest, "oldest waiting differs from a recount", file: file, line: line)
        for lane in Lane.allCases {
            let waiting = counts[.init(lane, .queued), default: 0] + counts[.init(lane, .sending), default: 0]
            try expect(
                store.depth[lane],
                is: waiting,
                "depth of \(lane) differs from a recount",
                file: file,
                line: line
            )
        }
    }
}

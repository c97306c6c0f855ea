import Eskiz
import EskizQueue

extension MemoryMessageStore.State {
    func timeline(_ id: MessageID) -> Timeline? {
        guard let stored = messages[id] else { return nil }
        return Timeline(
            message: stored.message,
            attempts: (attempts[id] ?? [:]).sorted { $0.key < $1.key }.map(\.value),
            reports: reports[id] ?? [],
            webhooks: webhooks.values.filter { $0.messageID == id }.sorted { $0.id < $1.id }
        )
    }

    func messages(_ query: MessageSearch) -> [Message] {
        order.reversed().lazy.compactMap { messages[$0]?.message }
            .filter { admits($0, query) }
            .prefix(min(max(0, query.limit), MessageSearch.maximumLimit))
            .map { $0 }
    }

    private func admits(_ message: Message, _ query: MessageSearch) -> Bool {
        query.admits(message)
            && (!query.hasDeadWebhook
                || webhooks.values.contains { $0.messageID == message.id && $0.progress == .dead })
    }

    func page(_ query: MessageSearch, reach: Int) -> SearchPage {
        let limit = min(max(1, query.limit), MessageSearch.maximumLimit)
        let ids = order.reversed().drop { id in query.before.map { id >= $0 } ?? false }
        var page = SearchPage()
        for (index, id) in ids.enumerated() {
            if page.messages.count == limit || index >= max(1, reach) { return page }
            if let message = messages[id]?.message, admits(message, query) { page.messages.append(message) }
            page.next = index + 1 < ids.count ? id : nil
        }
        return page
    }

    func refusals(from: Timestamp, to: Timestamp) -> [String: Int] {
        var counts: [String: Int] = [:]
        for (place, count) in refusals
        where place.hour >= RefusalHour.hour(of: from) && place.hour * 3_600_000 < to.milliseconds {
            counts[place.code, default: 0] += count
        }
        return counts
    }

    func auditLines(_ query: AuditSearch) -> [AuditLine] {
        auditLines.reversed().lazy
            .filter { line in
                (query.messageID.map { $0 == line.messageID } ?? true) && (query.before.map { line.id < $0 } ?? true)
            }
            .prefix(min(max(0, query.limit), AuditSearch.maximumLimit))
            .map { $0 }
    }

    func clientReferences(_ ids: [MessageID]) -> [MessageID: Message.ClientReference] {
        var found: [MessageID: Message.ClientReference] = [:]
        for id in ids {
            if let client = messages[id]?.message.client { found[id] = client }
        }
        return found
    }

    func activity(from: Timestamp, to: Timestamp, step: Duration) -> [ActivityBucket] {
        let minutes = ActivityMinute.minutes(in: step)
        var buckets: [Int64: [OperatorPrefix: ActivityCounts]] = [:]
        for (place, counts) in activity {
            guard place.minute >= ActivityMinute.minute(of: from), place.start < to else { continue }
            buckets[place.minute / minutes, default: [:]][place.prefix, default: .init()] += counts
        }
        return buckets.sorted { $0.key < $1.key }.suffix(ActivityBucket.maximumCount).map { index, operators in
            ActivityBucket(start: Timestamp(milliseconds: index * minutes * 60_000), operators: operators)
        }
    }

    func statistics() -> QueueStatistics {
        QueueStatistics(
            counts: counts.filter { $0.value != 0 },
            oldestWaiting: queued.compactMapValues { $0.first?.due },
            deadWebhooks: webhooks.values.count { $0.progress == .dead }
        )
    }
}

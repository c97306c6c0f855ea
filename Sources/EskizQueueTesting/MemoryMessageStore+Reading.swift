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
            .filter { message in
                (query.states?.contains(message.state) ?? true)
                    && (query.lane.map { $0 == message.lane } ?? true)
                    && (query.phone.map { $0 == message.phone } ?? true)
                    && (query.reference.map { $0 == message.reference } ?? true)
                    && (query.before.map { message.id < $0 } ?? true)
                    && (query.createdFrom.map { message.createdAt >= $0 } ?? true)
                    && (query.createdTo.map { message.createdAt < $0 } ?? true)
            }
            .prefix(min(max(0, query.limit), MessageSearch.maximumLimit))
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

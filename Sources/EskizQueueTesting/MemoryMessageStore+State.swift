import Eskiz
import EskizQueue
import EskizVerify

extension MemoryMessageStore {
    /// Everything it holds.
    struct State {
        struct Remembered {
            var fingerprint: [UInt8]
            var ids: [MessageID]
            var answer: [UInt8]?
        }

        struct KeyName: Hashable {
            var apiKeyID: String
            var key: String
        }

        struct KeptRaw {
            var report: RawReport
            var messageID: MessageID?
        }

        struct Parked {
            var report: DeliveryReport
            var phone: String?
            var raw: RawReportID?
        }

        /// A message in a queue: the one that is due longest comes first.
        struct Place: Comparable {
            var due: Timestamp
            var id: MessageID

            static func < (left: Self, right: Self) -> Bool {
                (left.due, left.id) < (right.due, right.id)
            }
        }

        var failure: StoreError?
        let fenceStep: @Sendable () -> Int64
        var numbering: MessageNumbering
        var messages: [MessageID: StoredMessage] = [:]
        /// Ascending, which is the order in which they came.
        var order: [MessageID] = []
        var attempts: [MessageID: [Int64: Attempt]] = [:]
        var reports: [MessageID: [DeliveryReport]] = [:]
        var raw: [RawReportID: KeptRaw] = [:]
        var nextRaw: RawReportID = 1
        var parked: [String: [Parked]] = [:]
        /// All messages of a batch have one UUID.
        var byProvider: [String: Set<MessageID>] = [:]
        var webhooks: [Int64: WebhookDelivery] = [:]
        var nextWebhook: Int64 = 1
        var remembered: [KeyName: Remembered] = [:]
        var secrets: [String: [UInt8]] = [:]
        var keys: [String: APIKeyRecord] = [:]
        var activity: [ActivityMinute: ActivityCounts] = [:]
        var refusals: [RefusalHour: Int] = [:]
        /// Ascending, which is the order in which they came.
        var auditLines: [AuditLine] = []
        var nextAudit: Int64 = 1
        var clockAnchor: ClockAnchor?
        /// In the order in which they came.
        var verifications: [Verification] = []
        var verificationPlaces: [VerificationID: Int] = [:]
        var verificationNotes: [(number: Int64, subject: VerifySubject, at: Timestamp)] = []
        var nextVerificationNote: Int64 = 1
        var verificationSums: [VerificationSum: Int] = [:]
        var prefixRules: [String: PrefixRule] = [:]
        var suppressions: [String: Suppression] = [:]
        var nextSuppression: Int64 = 0

        /// What is kept in step with `messages`.
        private(set) var counts: [QueueStatistics.Key: Int] = [:]
        private(set) var queued: [Lane: [Place]] = [:]
        private(set) var byState: [MessageState: Set<MessageID>] = [:]
        private(set) var held: Set<MessageID> = []

        init(numberOffset: Int64, fenceStep: @escaping @Sendable () -> Int64) {
            self.fenceStep = fenceStep
            numbering = MessageNumbering(offset: numberOffset)
        }

        var depth: QueueDepth {
            QueueDepth(
                waiting: Dictionary(
                    uniqueKeysWithValues: Lane.allCases.map { lane in
                        (lane, counts[.init(lane, .queued), default: 0] + counts[.init(lane, .sending), default: 0])
                    }
                )
            )
        }

        /// Writes a message, and all that is kept in step with it; nil forgets it.
        mutating func write(_ new: StoredMessage?, for id: MessageID) {
            let old = messages[id]
            if let old { withdraw(old) }
            messages[id] = new
            guard let new else { return }
            let message = new.message
            counts[.init(message.lane, message.state), default: 0] += 1
            byState[message.state, default: []].insert(id)
            if message.state == .queued {
                let place = Place(due: message.dueAt, id: id)
                let index = queued[message.lane, default: []].firstPlace(after: place)
                queued[message.lane, default: []].insert(place, at: index)
            }
            if new.owner != nil { held.insert(id) }
            if let providerID = message.providerID { byProvider[providerID, default: []].insert(id) }
        }

        private mutating func withdraw(_ old: StoredMessage) {
            let message = old.message
            counts[.init(message.lane, message.state), default: 0] -= 1
            byState[message.state]?.remove(message.id)
            if message.state == .queued {
                let place = Place(due: message.dueAt, id: message.id)
                let index = queued[message.lane, default: []].firstPlace(after: place) - 1
                queued[message.lane]?.remove(at: index)
            }
            held.remove(message.id)
            guard let providerID = message.providerID else { return }
            byProvider[providerID]?.remove(message.id)
            if byProvider[providerID]?.isEmpty ?? false { byProvider[providerID] = nil }
        }

        /// Changes a message by one of its own decisions, and writes what follows from it.
        ///
        /// - Returns: the message afterwards; nil if there is none, or it decided against it.
        mutating func change(
            _ id: MessageID,
            at now: Timestamp,
            _ decide: (inout StoredMessage) -> MessageChange?
        ) -> Message? {
            guard var stored = messages[id] else { return nil }
            let old = stored.message
            guard let change = decide(&stored) else { return nil }
            write(stored, for: id)
            count(ActivityCounts(change, from: old, to: stored.message, at: now), of: stored.message.phone, at: now)
            if let refusal = RefusalHour(change, of: stored.message, at: now) { refusals[refusal, default: 0] += 1 }
            follow(change, of: stored, at: now)
            return messages[id]?.message
        }

        mutating func count(_ counts: ActivityCounts, of phone: String, at now: Timestamp) {
            if !counts.isEmpty { activity[ActivityMinute(now, phone: phone), default: .init()] += counts }
        }

        mutating func follow(_ change: MessageChange, of stored: StoredMessage, at now: Timestamp) {
            let id = stored.message.id
            let fence = change.attemptFence ?? stored.fence
            switch change.attempt {
            case .answered(let outcome, let providerID, let error):
                attempts[id]?[fence]?.phase = .answered
                attempts[id]?[fence]?.answeredAt = now
                attempts[id]?[fence]?.outcome = outcome
                attempts[id]?[fence]?.providerID = providerID
                attempts[id]?[fence]?.error = error
            case .forgotten:
                attempts[id]?[fence] = nil
            case nil:
                break
            }
            for var webhook in change.webhooks {
                webhook.id = nextWebhook
                nextWebhook += 1
                webhooks[webhook.id] = webhook
            }
            guard let providerID = change.learntProviderID, let waiting = parked.removeValue(forKey: providerID) else {
                return
            }
            for entry in waiting {
                if ReportKey.provider(providerID, phone: entry.phone).isAbout(stored.message, entry.report) {
                    _ = apply(entry.report, to: id, raw: entry.raw, at: now)
                } else {
                    parked[providerID, default: []].append(entry)
                }
            }
        }
    }
}

extension Array where Element: Comparable {
    /// Where in a sorted array an element goes: behind all that are not greater.
    fileprivate func firstPlace(after element: Element) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if element < self[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

package import EskizQueue

/// How many codes are sent, and how many wrong ones are heard.
///
/// All of it is decided inside of the store's step that sends, so it is exact, however many ask at once.
package struct SendLimits: Sendable, Hashable {
    /// The waits after the first, second, third SMS to a phone within an hour; the last one stands for all that follow.
    package var intervals: [Duration] = [.seconds(30), .seconds(60), .seconds(180), .seconds(300)]
    package var phoneHour = 5
    package var phoneDay = 10
    /// To numbers that differ in their last four digits only, in ten minutes.
    package var block = 30
    /// For one IPv4 address or one IPv6 /64, in an hour.
    package var networkHour = 10
    /// For one API key; nil for no ceiling.
    package var keyMinute: Int? = 6_000
    /// For all together; nil for no ceiling.
    package var totalMinute: Int? = 12_000
    /// Soʻm a day for one API key; nil for no budget.
    package var budget: Int?
    /// Wrong codes for one phone in an hour, over all its verifications; then it is locked for an hour.
    package var failuresHour = 10
    /// What has been decided before any limit is asked: everything is refused with it.
    package var decided: SendRefusal?

    package init() {}

    package static let hour: Duration = .seconds(3_600)
    package static let day: Duration = .seconds(86_400)
    package static let blockWindow: Duration = .seconds(600)
}

/// An SMS with a code that somebody wants to be sent.
package struct PlannedSend: Sendable, Hashable {
    package var phone: String
    package var apiKeyID: String
    package var network: String?
    /// Soʻm.
    package var cost: Int
    /// Whether it is the first SMS of its verification.
    package var isFirst: Bool

    package init(phone: String, apiKeyID: String, network: String?, cost: Int, isFirst: Bool) {
        self.phone = phone
        self.apiKeyID = apiKeyID
        self.network = network
        self.cost = cost
        self.isFirst = isFirst
    }
}

/// What limits say of an SMS.
package enum SendDecision: Sendable, Hashable {
    /// It may be sent; the phone got those of the last day before it, the newest first.
    case allowed(sentBefore: [Timestamp])
    case refused(SendRefusal)
}

extension SendLimits {
    /// Whether an SMS may be sent, or which limit it would break.
    package func decision<Ledger: SendLedger>(
        on send: PlannedSend,
        by ledger: inout Ledger,
        at now: Timestamp
    ) throws(Ledger.Fault) -> SendDecision {
        if let decided { return .refused(decided) }
        let sent = try ledger.noted(.phone(send.phone), since: now - Self.day, limit: phoneDay)
        if let refusal = try windowRefusal(of: send, after: sent, by: ledger, at: now) { return .refused(refusal) }
        if let refusal = try ceilingRefusal(of: send, by: &ledger, at: now) { return .refused(refusal) }
        return .allowed(sentBefore: sent)
    }

    private func windowRefusal<Ledger: SendLedger>(
        of send: PlannedSend,
        after sent: [Timestamp],
        by ledger: Ledger,
        at now: Timestamp
    ) throws(Ledger.Fault) -> SendRefusal? {
        if let end = try lockEnd(of: send.phone, by: ledger, at: now) {
            return SendRefusal(
                .phoneFailures,
                retryAfter: end - now,
                "There were \(failuresHour) wrong codes for this phone within an hour."
            )
        }
        if let refusal = phoneRefusal(sentAt: sent, at: now) { return refusal }
        let inBlock = try ledger.noted(.block(of: send.phone), since: now - Self.blockWindow, limit: block)
        if let wait = Self.wait(inBlock, limit: block, window: Self.blockWindow, at: now) {
            return SendRefusal(
                .numberBlock,
                retryAfter: wait,
                "\(block) codes went to numbers of this block within 10 minutes."
            )
        }
        if let network = send.network {
            let fromNetwork = try ledger.noted(.network(network), since: now - Self.hour, limit: networkHour)
            if let wait = Self.wait(fromNetwork, limit: networkHour, window: Self.hour, at: now) {
                return SendRefusal(
                    .clientIP,
                    retryAfter: wait,
                    "\(networkHour) codes were asked for from this network within an hour."
                )
            }
        }
        return nil
    }

    private func ceilingRefusal<Ledger: SendLedger>(
        of send: PlannedSend,
        by ledger: inout Ledger,
        at now: Timestamp
    ) throws(Ledger.Fault) -> SendRefusal? {
        let minute = Self.minute(now)
        let nextMinute = Timestamp(milliseconds: (minute + 1) * 60_000) - now
        if let keyMinute {
            let sent = try ledger.sum(VerifySum.keyMinute(send.apiKeyID), in: minute)
            if sent >= keyMinute {
                let detail = "This API key has had \(keyMinute) codes sent in this minute."
                return SendRefusal(.keyMinute, retryAfter: nextMinute, detail)
            }
        }
        if let totalMinute {
            let sent = try ledger.sum(VerifySum.totalMinute, in: minute)
            if sent >= totalMinute {
                let detail = "\(totalMinute) codes were sent in this minute."
                return SendRefusal(.totalMinute, retryAfter: nextMinute, detail)
            }
        }
        if let budget {
            let day = Self.dayOfTashkent(now)
            let spent = try ledger.sum(VerifySum.spending(send.apiKeyID), in: day)
            if spent + send.cost > budget {
                let detail = "This API key may spend \(budget) soʻm a day on codes, and \(spent) are spent."
                return SendRefusal(.budget, retryAfter: Self.endOfTashkentDay(now) - now, detail)
            }
        }
        return nil
    }

    /// Counts an SMS that is being sent.
    package func note<Ledger: SendLedger>(
        _ send: PlannedSend,
        in ledger: inout Ledger,
        at now: Timestamp
    ) throws(Ledger.Fault) {
        var subjects: [VerifySubject] = [.phone(send.phone), .block(of: send.phone)]
        if let network = send.network { subjects.append(.network(network)) }
        for subject in subjects { _ = try ledger.note(subject, at: now, isOfNew: send.isFirst) }
        let minute = Self.minute(now)
        if keyMinute != nil { try ledger.add(1, to: VerifySum.keyMinute(send.apiKeyID), in: minute) }
        if totalMinute != nil { try ledger.add(1, to: VerifySum.totalMinute, in: minute) }
        if send.cost > 0 {
            try ledger.add(send.cost, to: VerifySum.spending(send.apiKeyID), in: Self.dayOfTashkent(now))
        }
    }

    /// When the next SMS to a phone may be sent; `sentAt` are those of the last day, the newest first.
    package func nextSend(sentAt: [Timestamp], at now: Timestamp) -> Timestamp {
        phoneRefusal(sentAt: Array(sentAt.prefix(phoneDay)), at: now).map { now + $0.retryAfter } ?? now
    }

    // MARK: One phone

    /// What keeps an SMS from a phone; `sentAt` are those of the last day, the newest first.
    package func phoneRefusal(sentAt: [Timestamp], at now: Timestamp) -> SendRefusal? {
        if let wait = Self.wait(sentAt, limit: phoneDay, window: Self.day, at: now) {
            return SendRefusal(.phoneDay, retryAfter: wait, "\(phoneDay) codes went to this phone within a day.")
        }
        let ofHour = sentAt.filter { $0 > now - Self.hour }
        if let wait = Self.wait(ofHour, limit: phoneHour, window: Self.hour, at: now) {
            return SendRefusal(.phoneHour, retryAfter: wait, "\(phoneHour) codes went to this phone within an hour.")
        }
        guard let last = ofHour.first, !intervals.isEmpty else { return nil }
        let interval = intervals[min(ofHour.count, intervals.count) - 1]
        guard now < last + interval else { return nil }
        let seconds = interval.components.seconds
        let codes = ofHour.count == 1 ? "a code" : "\(ofHour.count) codes"
        let detail = "After \(codes) within an hour the next one waits \(seconds) seconds."
        return SendRefusal(.phoneInterval, retryAfter: last + interval - now, detail)
    }

    /// Until when no code for this phone is compared; nil if it is not locked.
    package func lockEnd<Ledger: SendLedger>(
        of phone: String,
        by ledger: Ledger,
        at now: Timestamp
    ) throws(Ledger.Fault) -> Timestamp? {
        // The failures that led to a lock may be two hours old when it ends.
        let failures = try ledger.noted(.failures(phone), since: now - Self.hour - Self.hour, limit: failuresHour)
        return lockEnd(failedAt: failures, at: now)
    }

    /// When a phone's lock ends, by its newest failures; nil if it is not locked.
    package func lockEnd(failedAt: [Timestamp], at now: Timestamp) -> Timestamp? {
        guard failedAt.count >= failuresHour, failuresHour > 0, let newest = failedAt.first else { return nil }
        guard newest - failedAt[failuresHour - 1] <= Self.hour, now < newest + Self.hour else { return nil }
        return newest + Self.hour
    }

    // MARK: Windows

    /// How long until there is room in a window that slides; `noted` are the newest first.
    static func wait(_ noted: [Timestamp], limit: Int, window: Duration, at now: Timestamp) -> Duration? {
        guard limit > 0 else { return window }
        guard noted.count >= limit else { return nil }
        let end = noted[limit - 1] + window
        return now < end ? end - now : nil
    }

    package static func minute(_ now: Timestamp) -> Int64 { now.milliseconds / 60_000 }

    private static let tashkent: Int64 = 5 * 3_600_000

    /// The day by the calendar of Tashkent, which is UTC+5 all year.
    package static func dayOfTashkent(_ now: Timestamp) -> Int64 { (now.milliseconds + tashkent) / 86_400_000 }

    /// Verifications that began before this may be forgotten, when those before `before` are no longer wanted.
    package static func forgettable(before: Timestamp, at now: Timestamp) -> Timestamp { min(before, now - day) }

    /// The kinds of sums, each with the first period that is still looked at.
    package static func forgotten(at now: Timestamp) -> [(kind: String, period: Int64)] {
        [("m", minute(now) - 60), ("s", dayOfTashkent(now) - 1)]
    }

    static func endOfTashkentDay(_ now: Timestamp) -> Timestamp {
        Timestamp(milliseconds: (dayOfTashkent(now) + 1) * 86_400_000 - tashkent)
    }
}

/// When to ask Eskiz how a submitted message fares, if nobody has told.
///
/// Pure: each pause is the double of the one before, up to a cap, counted from the submission; nothing has to be
/// remembered.
package struct PollSchedule: Sendable, Hashable {
    /// The pauses at the start, in order.
    package var pauses: [Duration]
    /// Pauses after those double up to this.
    package var cap: Duration
    /// After so long nobody asks any more.
    package var patience: Duration

    /// - Parameters:
    ///   - hasCallbacks: Eskiz tells by itself, so asking is for what it forgets.
    ///   - configuration: the first pause, and how long to ask.
    package init(hasCallbacks: Bool, configuration: QueueConfiguration) {
        if hasCallbacks {
            pauses = [configuration.firstReport.withCallbacks]
            cap = .seconds(6 * 3600)
        } else {
            let first = configuration.firstReport.without
            // 3 s, 5 s, 10 s, 20 s …: codes arrive within seconds or not at all.
            pauses = [first, first * 5 / 3]
            cap = .seconds(15 * 60)
        }
        patience = configuration.reportPatience
    }

    /// When to ask next; nil for never.
    package func next(submittedAt: Timestamp, at now: Timestamp) -> Timestamp? {
        var pause = pauses.first ?? cap
        var moment = submittedAt
        var index = 0
        while true {
            moment = moment + max(pause, .seconds(1))
            index += 1
            if moment > now { break }
            // A long span of equal pauses is one step.
            if pause >= cap {
                let steps = (now - moment).wholeMilliseconds / max(cap.wholeMilliseconds, 1)
                moment = moment + .milliseconds(steps * cap.wholeMilliseconds)
            }
            pause = index < pauses.count ? pauses[index] : min(pause * 2, cap)
        }
        return moment - submittedAt <= patience ? moment : nil
    }
}

/// How to ask after many messages with few requests.
///
/// Pure.
package struct PollPlan: Sendable, Hashable {
    /// Asked for one by one.
    package var single: [Message]
    /// Each group is looked for in one span of the list.
    package var groups: [[Message]]

    /// With more than so many due, those that were submitted at about the same time are looked for in the list.
    package static let fewLimit = 20
    /// A group spans no more than this.
    package static let groupSpan: Duration = .seconds(600)

    /// - Parameters:
    ///   - due: what to ask after.
    ///   - isListUsable: Eskiz's clock is known, so it is known which span of its list to look at.
    package init(_ due: [Message], isListUsable: Bool = true) {
        // All messages of a batch have one id at Eskiz, and which of them it would show is anybody's guess.
        let (listed, single) = due.reduce(into: ([Message](), [Message]())) { sorted, message in
            if message.batch != nil || message.providerID == nil {
                sorted.0.append(message)
            } else {
                sorted.1.append(message)
            }
        }
        // Eskiz's list does not have our number of a message abroad.
        let (abroad, near) = due.reduce(into: ([Message](), [Message]())) { sorted, message in
            if message.isAbroad, message.providerID != nil {
                sorted.0.append(message)
            } else {
                sorted.1.append(message)
            }
        }
        if due.count <= Self.fewLimit || !isListUsable {
            self.single = single
            groups = Self.groups(of: listed)
        } else {
            let all = Self.groups(of: near)
            // A span for the sake of two or three messages costs more than asking for them.
            let isFew = { (group: [Message]) in
                group.count <= 3 && group.allSatisfy { $0.batch == nil && $0.providerID != nil }
            }
            self.single = abroad + all.filter(isFew).flatMap { $0 }
            groups = all.filter { !isFew($0) }
        }
    }

    private static func groups(of messages: [Message]) -> [[Message]] {
        var groups: [[Message]] = []
        let sorted = messages.sorted { ($0.submissionTime, $0.id) < ($1.submissionTime, $1.id) }
        for message in sorted {
            if let first = groups.last?.first, message.submissionTime - first.submissionTime <= groupSpan {
                groups[groups.count - 1].append(message)
            } else {
                groups.append([message])
            }
        }
        return groups
    }
}

extension Message {
    /// When Eskiz took it, as far as we know.
    var submissionTime: Timestamp { submittedAt ?? createdAt }
}

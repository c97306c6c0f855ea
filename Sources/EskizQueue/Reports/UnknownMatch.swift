package import Eskiz

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds messages with an unknown outcome among the rows of Eskiz's list.
///
/// Pure. By our number; and where a row has no number at all, by phone, text and time, nearest first (gateway.md §c1).
/// No row stands for two messages, and no message for two rows.
package enum UnknownMatch {
    /// Eskiz's clock may be behind ours by so much.
    package static let slack: Duration = .seconds(60)
    /// So long after the first byte a row without a number may still be this message.
    package static let reach: Duration = .seconds(300)

    /// The rows that were found.
    ///
    /// - Parameters:
    ///   - unknowns: what to look for.
    ///   - rows: where.
    ///   - taken: Eskiz's UUIDs that are known to be other messages': rows without a number that have one of them are not
    ///     looked at.
    /// - Returns: the row of each message that was found.
    package static func find(
        _ unknowns: [UnsettledMessage],
        in rows: [MessageRecord],
        excluding taken: Set<String> = []
    ) -> [MessageID: MessageRecord] {
        var found: [MessageID: MessageRecord] = [:]
        let wanted = Set(unknowns.map(\.message.id))
        let phones = Set(unknowns.map(\.message.phone))
        var anonymous: [String: [MessageRecord]] = [:]
        for row in rows {
            if let number = row.userSMSID, !number.isEmpty {
                guard let id = MessageID(text: number), wanted.contains(id), found[id] == nil else { continue }
                found[id] = row
            } else {
                guard let phone = row.phone, phones.contains(phone) else { continue }
                if let uuid = row.requestID, taken.contains(uuid) { continue }
                anonymous[phone, default: []].append(row)
            }
        }
        guard !anonymous.isEmpty else { return found }

        struct Place: Hashable {
            var phone: String
            var index: Int
        }
        struct Candidate {
            var id: MessageID
            var place: Place
            var distance: Duration
        }
        var candidates: [Candidate] = []
        for unknown in unknowns where found[unknown.message.id] == nil {
            for (index, row) in (anonymous[unknown.message.phone] ?? []).enumerated() {
                guard let distance = distance(of: row, from: unknown) else { continue }
                candidates.append(
                    Candidate(
                        id: unknown.message.id,
                        place: .init(phone: unknown.message.phone, index: index),
                        distance: distance
                    )
                )
            }
        }
        candidates.sort { ($0.distance, $0.id, $0.place.index) < ($1.distance, $1.id, $1.place.index) }
        var used: Set<Place> = []
        for candidate in candidates where found[candidate.id] == nil && used.insert(candidate.place).inserted {
            found[candidate.id] = anonymous[candidate.place.phone]?[candidate.place.index]
        }
        return found
    }

    /// How far in time a row without a number, to the same phone, is from the send; nil if it is another message.
    private static func distance(of row: MessageRecord, from unknown: UnsettledMessage) -> Duration? {
        guard let text = unknown.message.text, row.text == text else { return nil }
        // The list was asked for the right span of time; a row that does not say when is the last choice.
        guard let date = row.createdAt ?? row.sentAt else { return reach }
        let offset = Timestamp(date) - unknown.writingAt
        guard offset >= .zero - slack, offset <= reach else { return nil }
        return offset < .zero ? .zero - offset : offset
    }
}

/// What to do about an unknown outcome after a look at Eskiz's list.
///
/// Pure.
package struct UnknownPolicy: Sendable {
    /// How long the list may lag behind.
    package var settleTime: Duration
    /// How long a request may be under way.
    package var requestTimeout: Duration
    /// Lanes whose messages are sent again once Eskiz certainly does not have them.
    package var resend: Set<Lane>
    /// Between two looks for a code.
    private static let codePause: Duration = .seconds(5)
    /// If there is no list for so long, nobody will ever know.
    package var patience: Duration = .seconds(24 * 3600)

    package init(settleTime: Duration, requestTimeout: Duration, resend: Set<Lane>) {
        self.settleTime = settleTime
        self.requestTimeout = requestTimeout
        self.resend = resend
    }

    package enum Decision: Sendable, Hashable {
        case lookAgain(absences: Int, at: Timestamp)
        case settle(Resolution, UnknownResolution)
    }

    /// It is not in a whole list that was asked for at `now`.
    ///
    /// Twice in a row is proof, if the second look lies a settle time after the last moment at which the request could still
    /// have been under way, and another one after the first look. For a code that would be too late: of two looks the second
    /// must leave time to send it again.
    package func absent(_ unknown: UnsettledMessage, at now: Timestamp) -> Decision {
        let message = unknown.message
        let proofFrom = unknown.writingAt + requestTimeout + settleTime
        guard unknown.absences >= 1, now >= proofFrom else {
            let pause = message.lane == .otp ? min(settleTime, Self.codePause) : settleTime
            return .lookAgain(absences: unknown.absences + 1, at: max(now + pause, proofFrom))
        }
        if message.isExpired(at: now) { return .settle(.expired, .expired) }
        // Abroad a message is found by its text alone, and a second one costs many times as much.
        if resend.contains(message.lane), message.text != nil, !message.isClientTold, !message.isAbroad {
            return .settle(.sendAgain, .sentAgain)
        }
        let error = MessageError(
            code: "outcome_unknown_not_sent",
            message:
                "The outcome of sending it was unclear, Eskiz's list does not have it, and this lane is not sent again."
        )
        return .settle(.notSent(error), .notSent)
    }

    /// Eskiz's list cannot be had.
    ///
    /// - Returns: nil to try again later.
    package func unlisted(_ unknown: UnsettledMessage, at now: Timestamp) -> Decision? {
        guard unknown.writingAt + patience <= now else { return nil }
        let error = MessageError(
            code: "outcome_unknown",
            message:
                "Nobody can say whether it was sent: Eskiz did not answer, and its list could not be had for a day."
        )
        return .settle(.unknownForGood(error), .forGood)
    }
}

extension Message {
    /// An Eskiz client got Eskiz's own 5xx for it: what follows is the client's to decide, so we do not send it again.
    fileprivate var isClientTold: Bool {
        guard origin == .eskiz, let status = error?.httpStatus else { return false }
        return status >= 500
    }
}

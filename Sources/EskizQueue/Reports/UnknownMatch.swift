package import Eskiz

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds messages with an unknown outcome among the rows of Eskiz's list.
///
/// Pure. By our number and phone (`Ownership`); and where a row has no number at all, by phone, text and time, nearest
/// first (gateway.md §c1). No row stands for two messages, and no message for two rows.
package enum UnknownMatch {
    /// So long before the first byte a row without a number may have been written down, once both clocks are compared.
    package static let slack: Duration = .seconds(60)
    /// So long after the first byte a row without a number may still be this message.
    package static let reach: Duration = .seconds(300)

    /// What the rows say.
    package struct Findings: Sendable {
        /// The row of each message that was found.
        package var found: [MessageID: EskizClient.MessageRecord] = [:]
        /// Not found, but there is a row that may be theirs: nobody can say that Eskiz does not have them.
        package var unclear: Set<MessageID> = []
        /// Under the number of these there is somebody else's message.
        package var foreign: Set<MessageID> = []
    }

    /// A message of which nothing more is known than what is sent.
    package struct Twin: Sendable, Hashable {
        package var phone: String
        package var text: String

        package init(phone: String, text: String) {
            self.phone = phone
            self.text = text
        }
    }

    /// Looks for messages.
    ///
    /// - Parameters:
    ///   - unknowns: what to look for.
    ///   - rows: where.
    ///   - known: which rows are known to be whose.
    ///   - underWay: what is being sent at this moment: a row without a number may be that one's, so it is nobody's yet.
    ///   - offset: how far Eskiz's clock is ahead of ours.
    /// - Returns: what was found, and what cannot be told.
    package static func find(
        _ unknowns: [UnsettledMessage],
        in rows: [EskizClient.MessageRecord],
        known: KnownRows = KnownRows(),
        underWay: Set<Twin> = [],
        offset: Duration = .zero
    ) -> Findings {
        var findings = Findings()
        let wanted = Dictionary(unknowns.map { ($0.message.id, $0.message) }) { first, _ in first }
        let phones = Set(unknowns.map(\.message.phone))
        var anonymous: [String: [EskizClient.MessageRecord]] = [:]
        for row in rows {
            if let number = row.userSMSID, !number.isEmpty {
                guard let id = MessageID(text: number), let message = wanted[id], findings.found[id] == nil else {
                    continue
                }
                switch Ownership.of(ReportedMessage(row), against: message) {
                case .ours: findings.found[id] = row
                case .foreign: findings.foreign.insert(id)
                case .otherText:
                    findings.foreign.insert(id)
                    findings.unclear.insert(id)
                case .withoutPhone: findings.unclear.insert(id)
                }
            } else if let phone = row.phone.flatMap({ ReportedMessage.digits($0) }), phones.contains(phone) {
                anonymous[phone, default: []].append(row)
            }
        }
        if !anonymous.isEmpty {
            findByText(unknowns, in: anonymous, known: known, underWay: underWay, offset: offset, &findings)
        }
        findings.unclear.subtract(findings.found.keys)
        return findings
    }

    private struct Place: Hashable {
        var phone: String
        var index: Int
    }

    private struct Candidate {
        var id: MessageID
        var place: Place
        var distance: Duration
    }

    private static func findByText(
        _ unknowns: [UnsettledMessage],
        in rows: [String: [EskizClient.MessageRecord]],
        known: KnownRows,
        underWay: Set<Twin>,
        offset: Duration,
        _ findings: inout Findings
    ) {
        var candidates: [Candidate] = []
        for unknown in unknowns where findings.found[unknown.message.id] == nil {
            let message = unknown.message
            for (index, row) in (rows[message.phone] ?? []).enumerated() {
                guard let distance = distance(of: row, from: unknown, offset: offset),
                    !known.isTaken(row, for: message.id)
                else { continue }
                let twin = Twin(phone: message.phone, text: message.text ?? "")
                // A row that cannot be remembered could be taken for another message tomorrow.
                guard KnownRows.canKeep(row), !underWay.contains(twin) else {
                    findings.unclear.insert(message.id)
                    continue
                }
                candidates.append(
                    Candidate(id: message.id, place: .init(phone: message.phone, index: index), distance: distance)
                )
            }
        }
        candidates.sort { ($0.distance, $0.id, $0.place.index) < ($1.distance, $1.id, $1.place.index) }
        var used: Set<Place> = []
        for candidate in candidates
        where findings.found[candidate.id] == nil && used.insert(candidate.place).inserted {
            findings.found[candidate.id] = rows[candidate.place.phone]?[candidate.place.index]
        }
    }

    /// How far in time a row without a number, to the same phone, is from the send; nil if it is another message.
    private static func distance(
        of row: EskizClient.MessageRecord,
        from unknown: UnsettledMessage,
        offset: Duration
    ) -> Duration? {
        guard let text = unknown.message.text, let told = row.text, Ownership.isSameText(told, text) else { return nil }
        // The list was asked for the right span of time; a row that does not say when is the last choice.
        guard let date = row.createdAt ?? row.sentAt else { return reach }
        let distance = Timestamp(date) - offset - unknown.writingAt
        guard distance >= .zero - slack, distance <= reach else { return nil }
        return distance < .zero ? .zero - distance : distance
    }
}

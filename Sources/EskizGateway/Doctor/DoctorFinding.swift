import Eskiz
package import EskizQueue
import EskizWords

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// One thing that was looked at, and what was found.
package struct DoctorFinding: Sendable, Hashable {
    /// What is looked at, in the order in which it is told.
    package enum Check: String, WordKey {
        case sending, store, fleet, disk, clocks, token, balance, callbacks, webhooks, outcomes

        /// What people call it, in words.
        package static var section: String { "doctor.check" }

        /// What people call it.
        ///
        /// - Parameter language: `en`, `uz` or `ru`; anything else is English.
        /// - Returns: one or two words.
        package func title(in language: String) -> String {
            text(in: Language(language) ?? .english)
        }
    }

    package enum Result: String, Sendable, CaseIterable {
        case ok
        /// Somebody should look, and messages are sent.
        case warning
        /// Messages are not sent, or not taken.
        case failed
        /// It is not known, or there is nothing to look at.
        case skipped
    }

    package var check: Check
    package var result: Result
    /// What was found, in one word.
    package var code: DoctorCode
    /// How many messages, webhooks or reports.
    package var count: Int?
    /// The code of an error.
    package var error: String?
    /// What is to blame, by the name that the database knows it by.
    package var culprit: String?
    /// Which messages wait; empty where it is not about lanes.
    package var lanes: [Lane] = []
    package var since: Timestamp?
    /// When it is tried next, or ends.
    package var until: Timestamp?
    /// How long something has lasted or will.
    package var time: Duration?
    /// Left on the disk.
    package var bytes: UInt64?
    /// UZS.
    package var amount: Decimal?

    package init(_ check: Check, _ result: Result, _ code: DoctorCode) {
        self.check = check
        self.result = result
        self.code = code
    }

    /// What was found, as a sentence.
    ///
    /// - Parameter language: `en`, `uz` or `ru`; anything else is English.
    /// - Returns: a sentence without a full stop at its end.
    package func finding(in language: String) -> String {
        let language = Language(language) ?? .english
        let said = language.say(code, count: count ?? 0, values(in: language))
        guard let reason = code.hold else { return said }
        let rest: HoldPhrase = until == nil ? .holdOpen : .holdUntil
        return "\(language.say(HoldPhrase(reason))). \(language.say(rest, values(in: language))) \(said)"
    }

    /// What to do about it.
    ///
    /// - Parameter language: as for ``finding(in:)``.
    /// - Returns: nil where there is nothing to do.
    package func remedy(in language: String) -> String? {
        let language = Language(language) ?? .english
        return language.remedy(code, values(in: language))
    }

    private func values(in language: Language) -> [String: String] {
        var values = ["error": error ?? "?", "count": language.grouped(count ?? 0)]
        values["lanes"] = lanes.map { language.say($0.phrase) }.joined(separator: ", ")
        if let culprit { values["culprit"] = culprit }
        if let until { values["time"] = Self.moment(until) }
        if let time { values["span"] = language.span(time) }
        if let bytes { values["space"] = Self.gibibytes(bytes, in: language) }
        if let amount { values["amount"] = language.money(amount) }
        return values
    }

    /// On the clock of Tashkent: `2027-01-15 13:00:00`.
    private static func moment(_ moment: Timestamp) -> String {
        let time = PageTime(moment)
        return "\(time.day) \(time.clock)"
    }

    /// Rounded down, so that nobody takes little for enough.
    private static func gibibytes(_ bytes: UInt64, in language: Language) -> String {
        let tenths = bytes / ((1 << 30) / 10)
        let separator = language.decimalSeparator
        return "\(tenths / 10)\(separator)\(tenths % 10)\u{A0}\(language.say(UnitWord.gibibyte))"
    }
}

/// All findings of one look.
package struct DoctorReport: Sendable, Hashable {
    package var at: Timestamp
    /// What is looked at, in the order of ``DoctorFinding/Check``; several of one check where there is more to say.
    package var findings: [DoctorFinding]

    package init(at: Timestamp, findings: [DoctorFinding]) {
        self.at = at
        self.findings = findings
    }

    package var failures: Int { findings.count { $0.result == .failed } }
    package var warnings: Int { findings.count { $0.result == .warning } }
}

import EskizQueue
import EskizVerify
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A verification as a row.
enum VerificationRecord {
    /// `acceptedAt` is the later of what is noted and what the last message says.
    static let select = """
        SELECT v.id, v.api_key_id, v.phone, v.purpose, v.kind, v.code_length, v.key_id, v.epoch, v.template, v.language, \
        v.reference, v.webhook_url, v.network, v.created_at, v.life, v.accepted_at, v.ended_at, v.ending, v.checks, \
        v.checks_answered, v.checks_allowed, v.sends, v.resend_at, v.message_id, m.submitted_at \
        FROM verifications v LEFT JOIN messages m ON m.id = v.message_id
        """

    static let insert = """
        INSERT INTO verifications (id, api_key_id, phone, purpose, kind, code_length, key_id, epoch, template, language, \
        reference, webhook_url, network, created_at, life, accepted_at, ended_at, ending, checks, checks_answered, \
        checks_allowed, sends, resend_at, message_id) \
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let update = """
        UPDATE verifications SET accepted_at = ?, ended_at = ?, ending = ?, checks = ?, checks_answered = ?, sends = ?, \
        resend_at = ?, message_id = ? WHERE id = ?
        """

    /// Marks notes of another store that are found without their index: see `VerificationSchema.fewerIndexEntries`.
    static let unindexNotes = """
        UPDATE verification_notes SET is_indexed = 0 WHERE subject LIKE 'b:%' OR (subject LIKE 'p:%' AND EXISTS (\
        SELECT 1 FROM verifications v \
        WHERE v.phone = substr(subject, 3) AND v.created_at = at AND v.message_id IS NOT NULL))
        """

    /// Times are in seconds, with commas between, for what was approved.
    static let conversions = """
        SELECT template, substr(phone, 1, 5), count(*), count(approved), group_concat(approved) FROM (
            SELECT template, phone, CASE WHEN ending = ? THEN (ended_at - created_at) / 1000 END AS approved
            FROM verifications WHERE number >= ? AND created_at >= ? AND kind = ?
        ) GROUP BY template, substr(phone, 1, 5)
        """

    static func bind(new verification: Verification, to values: inout StatementValues) {
        values.bind(Data(verification.id.bytes))
        values.bind(verification.apiKeyID)
        values.bind(verification.phone)
        values.bind(verification.purpose)
        values.bind(verification.kind.code)
        values.bind(verification.codeLength)
        values.bind(verification.keyID)
        values.bind(verification.epoch)
        values.bind(verification.template)
        values.bind(verification.language)
        values.bind(verification.reference)
        values.bind(verification.webhookURL)
        values.bind(verification.network)
        values.bind(verification.createdAt.milliseconds)
        values.bind(verification.life.wholeMilliseconds)
        values.bind(verification.acceptedAt?.milliseconds)
        values.bind(verification.endedAt?.milliseconds)
        values.bind(verification.ending?.code)
        values.bind(verification.checks)
        values.bind(verification.checksAnswered)
        values.bind(verification.checksAllowed)
        values.bind(verification.sends)
        values.bind(verification.resendAt?.milliseconds)
        values.bind(verification.messageID?.rawValue)
    }

    static func updateArguments(_ verification: Verification) -> [(any DatabaseValueConvertible)?] {
        [
            verification.acceptedAt, verification.endedAt, verification.ending?.code, verification.checks,
            verification.checksAnswered, verification.sends, verification.resendAt, verification.messageID,
            Data(verification.id.bytes),
        ]
    }

    static func verification(_ row: StatementRow) throws -> Verification {
        guard let id = VerificationID(bytes: [UInt8](row[0] as Data)) else {
            throw UnreadableRow("verification", "with an id of another length")
        }
        var verification = Verification(
            id: id,
            apiKeyID: row[1],
            phone: row[2],
            createdAt: row[13],
            life: .milliseconds(row[14] as Int64)
        )
        verification.purpose = row[3]
        verification.kind = try Verification.Kind(code: row[4])
        verification.codeLength = row[5]
        verification.keyID = row[6]
        verification.epoch = row[7]
        verification.template = row[8]
        verification.language = row[9]
        verification.reference = row[10]
        verification.webhookURL = row[11]
        verification.network = row[12]
        let noted: Timestamp? = row[15]
        let submitted: Timestamp? = row[24]
        verification.acceptedAt = [noted, submitted].compactMap(\.self).max()
        verification.endedAt = row[16]
        verification.ending = try (row[17] as Int?).map { try Verification.Ending(code: $0) }
        verification.checks = row[18]
        verification.checksAnswered = row[19]
        verification.checksAllowed = row[20]
        verification.sends = row[21]
        verification.resendAt = row[22]
        verification.messageID = row[23]
        return verification
    }
}

extension Verification.Kind: Coded {
    var code: Int {
        switch self {
        case .sms: 0
        case .test: 1
        case .decoy: 2
        case .external: 3
        }
    }
}

extension PrefixRule.Decision: Coded {
    var code: Int {
        switch self {
        case .block: 0
        case .allow: 1
        }
    }
}

extension Verification.Ending: Coded {
    var code: Int {
        switch self {
        case .approved: 0
        case .cancelled: 1
        }
    }
}

import EskizQueue
import GRDB

extension WriteTransaction {
    func add(_ count: Int, to refusal: RefusalHour) throws {
        try run(
            """
            INSERT INTO refusals (hour, code, count) VALUES (?, ?, ?) \
            ON CONFLICT (hour, code) DO UPDATE SET count = count + excluded.count
            """,
            [refusal.hour, refusal.code, count]
        )
    }

    func pruneRefusals() throws {
        try run(
            "DELETE FROM refusals WHERE hour < (SELECT max(hour) FROM refusals) - ?",
            [RefusalHour.hoursKept]
        )
    }

    func audit(_ line: AuditLine) throws {
        try run(
            "INSERT INTO audit (at, key_id, key_name, action, message_id, detail) VALUES (?, ?, ?, ?, ?, ?)",
            [line.at, line.keyID, line.keyName, line.action, line.messageID, line.detail]
        )
    }

    func pruneAudit(before: Timestamp, limit: Int) throws -> Int {
        try run(
            "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? ORDER BY at, id LIMIT ?)",
            [before, max(0, limit)]
        )
        return db.changesCount
    }
}

import GRDB

/// The tables of one-time codes.
///
/// As for all migrations: one that has been released is never edited.
enum VerificationSchema {
    /// Neither a code nor a digest of one is in them.
    ///
    /// Numbers are given in the order of time: what is old is first, and forgetting it needs no index. What has expired is
    /// read off its row by whoever asks for it; nobody looks for it.
    static func first(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE verifications (
                    number INTEGER PRIMARY KEY,
                    id BLOB NOT NULL UNIQUE,
                    api_key_id TEXT NOT NULL,
                    phone TEXT NOT NULL,
                    purpose TEXT NOT NULL,
                    kind INTEGER NOT NULL,
                    code_length INTEGER NOT NULL,
                    key_id TEXT NOT NULL,
                    epoch INTEGER NOT NULL,
                    template TEXT NOT NULL,
                    language TEXT NOT NULL,
                    reference TEXT,
                    webhook_url TEXT,
                    network TEXT,
                    created_at INTEGER NOT NULL,
                    life INTEGER NOT NULL,
                    accepted_at INTEGER,
                    ended_at INTEGER,
                    ending INTEGER,
                    checks INTEGER NOT NULL,
                    checks_answered INTEGER NOT NULL,
                    checks_allowed INTEGER NOT NULL,
                    sends INTEGER NOT NULL,
                    resend_at INTEGER,
                    message_id INTEGER
                ) STRICT;
                CREATE INDEX verifications_phone ON verifications (phone, api_key_id, purpose);

                CREATE TABLE verification_notes (
                    number INTEGER PRIMARY KEY,
                    subject TEXT NOT NULL,
                    at INTEGER NOT NULL
                ) STRICT;
                CREATE INDEX verification_notes_subject ON verification_notes (subject, at);

                CREATE TABLE verification_sums (
                    name TEXT NOT NULL,
                    period INTEGER NOT NULL,
                    value INTEGER NOT NULL,
                    PRIMARY KEY (name, period)
                ) STRICT, WITHOUT ROWID;
                """
        )
    }

    /// Takes out of indexes what is found without them, so that a code costs few pages on its way in.
    ///
    /// Blocks of numbers are counted in memory. The first SMS of a verification is found by the verification: its note is kept,
    /// as other stores look for it. Purposes come first in the index of codes that wait, because those of verifications go up.
    static func fewerIndexEntries(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE verification_notes ADD COLUMN is_indexed INTEGER NOT NULL DEFAULT 1;
                UPDATE verification_notes SET is_indexed = 0 WHERE subject LIKE 'b:%' OR (subject LIKE 'p:%' AND EXISTS (
                    SELECT 1 FROM verifications v
                    WHERE v.phone = substr(subject, 3) AND v.created_at = at AND v.message_id IS NOT NULL));
                DROP INDEX verification_notes_subject;
                CREATE INDEX verification_notes_subject ON verification_notes (subject, at) WHERE is_indexed = 1;

                DROP INDEX messages_superseded;
                CREATE INDEX messages_superseded ON messages (purpose, phone)
                    WHERE state <= 1 AND lane = 0 AND purpose IS NOT NULL;
                """
        )
    }
}

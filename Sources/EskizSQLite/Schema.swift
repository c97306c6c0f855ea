import GRDB

/// The tables, as they came to be.
///
/// A migration that has been released is never edited, and depends on nothing that may change: the next change is a migration of
/// its own. `Tests/EskizSQLiteTests/Fixtures` has a file of each version, and `UpgradeTests` opens them.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: messages, ledger, reports, webhooks, keys", migrate: first)
        migrator.registerMigration("2: activity", migrate: second)
        migrator.registerMigration("3: audit, refusals, segments", migrate: third)
        migrator.registerMigration("4: answers", migrate: fourth)
        migrator.registerMigration("5: clock", migrate: clock)
        migrator.registerMigration("6: verifications", migrate: VerificationSchema.first)
        migrator.registerMigration("7: repeats and owners of reports", migrate: repeats)
        migrator.registerMigration("8: suppressions, prefixes", migrate: SuppressionSchema.first)
        migrator.registerMigration("9: fewer index entries of codes", migrate: VerificationSchema.fewerIndexEntries)
        return migrator
    }

    /// Makes the tables.
    ///
    /// Codes of states and lanes are those of `Coded`: a number takes a byte where a word takes ten, in the row and in each
    /// index. The view `readable_messages` has the words.
    ///
    /// Each index is as small as its question: it holds only the messages that the question can be about, so that claiming
    /// from a million is as fast as from a thousand, and a message that is over costs no more than its row, its phone, and
    /// the date on which it may be forgotten.
    private static func first(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE messages (
                    id INTEGER PRIMARY KEY,
                    state INTEGER NOT NULL,
                    lane INTEGER NOT NULL,
                    due_at INTEGER NOT NULL,
                    expires_at INTEGER,
                    attempts INTEGER NOT NULL,
                    fence INTEGER NOT NULL,
                    owner TEXT,
                    lease_until INTEGER,
                    report_at INTEGER,
                    reconcile_at INTEGER,
                    absences INTEGER NOT NULL,
                    report_rank INTEGER NOT NULL,
                    submitted_at INTEGER,
                    final_at INTEGER,
                    status_detail TEXT,
                    price TEXT,
                    error_code TEXT,
                    error_message TEXT,
                    error_http_status INTEGER,
                    provider_id TEXT,
                    text TEXT,
                    created_at INTEGER NOT NULL,
                    phone TEXT NOT NULL,
                    sender TEXT NOT NULL,
                    segments INTEGER NOT NULL,
                    encoding INTEGER NOT NULL,
                    origin INTEGER NOT NULL,
                    api_key_id TEXT NOT NULL,
                    reference TEXT,
                    webhook_url TEXT,
                    is_client INTEGER NOT NULL,
                    client_user_sms_id TEXT,
                    client_callback_url TEXT,
                    batch_id INTEGER,
                    batch_last INTEGER,
                    dispatch_id INTEGER,
                    purpose TEXT
                ) STRICT;

                CREATE INDEX messages_queued ON messages (lane, due_at) WHERE state = 1;
                CREATE INDEX messages_scheduled ON messages (due_at) WHERE state = 0;
                CREATE INDEX messages_expiring ON messages (expires_at) WHERE state <= 1 AND expires_at IS NOT NULL;
                CREATE INDEX messages_superseded ON messages (phone, purpose)
                    WHERE state <= 1 AND lane = 0 AND purpose IS NOT NULL;
                CREATE INDEX messages_held ON messages (owner) WHERE owner IS NOT NULL;
                CREATE INDEX messages_report ON messages (report_at) WHERE report_at IS NOT NULL;
                CREATE INDEX messages_reconcile ON messages (reconcile_at) WHERE reconcile_at IS NOT NULL;
                CREATE INDEX messages_rare ON messages (state) WHERE state >= 5;
                CREATE INDEX messages_final ON messages (final_at) WHERE final_at IS NOT NULL;
                CREATE INDEX messages_provider ON messages (provider_id) WHERE provider_id IS NOT NULL;
                CREATE INDEX messages_phone ON messages (phone);
                CREATE INDEX messages_reference ON messages (reference) WHERE reference IS NOT NULL;

                CREATE TABLE attempts (
                    message_id INTEGER NOT NULL,
                    fence INTEGER NOT NULL,
                    number INTEGER NOT NULL,
                    phase INTEGER NOT NULL,
                    prepared_at INTEGER NOT NULL,
                    writing_at INTEGER,
                    answered_at INTEGER,
                    outcome INTEGER,
                    provider_id TEXT,
                    error_code TEXT,
                    error_message TEXT,
                    error_http_status INTEGER,
                    PRIMARY KEY (message_id, fence)
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE raw_reports (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    received_at INTEGER NOT NULL,
                    content_type TEXT NOT NULL,
                    body BLOB NOT NULL,
                    message_id INTEGER
                ) STRICT;
                CREATE INDEX raw_reports_message ON raw_reports (message_id) WHERE message_id IS NOT NULL;
                CREATE INDEX raw_reports_unmatched ON raw_reports (received_at) WHERE message_id IS NULL;

                -- A row without message_id waits for its provider's id to be learnt.
                CREATE TABLE reports (
                    id INTEGER PRIMARY KEY,
                    message_id INTEGER,
                    status TEXT NOT NULL,
                    source TEXT NOT NULL,
                    received_at INTEGER NOT NULL,
                    happened_at INTEGER,
                    provider_id TEXT,
                    provider_number TEXT,
                    price TEXT,
                    parts INTEGER,
                    waits_for TEXT,
                    raw_id INTEGER
                ) STRICT;
                CREATE INDEX reports_message ON reports (message_id) WHERE message_id IS NOT NULL;
                CREATE INDEX reports_waiting ON reports (waits_for) WHERE waits_for IS NOT NULL;

                CREATE TABLE webhooks (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    message_id INTEGER NOT NULL,
                    url TEXT NOT NULL,
                    format INTEGER NOT NULL,
                    state INTEGER NOT NULL,
                    report_id INTEGER,
                    created_at INTEGER NOT NULL,
                    progress INTEGER NOT NULL,
                    attempts INTEGER NOT NULL,
                    next_at INTEGER,
                    last_error TEXT
                ) STRICT;
                CREATE INDEX webhooks_message ON webhooks (message_id);
                CREATE INDEX webhooks_due ON webhooks (next_at) WHERE progress = 0;

                CREATE TABLE idempotency (
                    api_key_id TEXT NOT NULL,
                    key TEXT NOT NULL,
                    fingerprint BLOB NOT NULL,
                    first_id INTEGER NOT NULL,
                    last_id INTEGER NOT NULL,
                    PRIMARY KEY (api_key_id, key)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX idempotency_messages ON idempotency (first_id);

                CREATE TABLE counters (name INTEGER PRIMARY KEY, value INTEGER NOT NULL) STRICT;

                CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

                CREATE TABLE api_keys (
                    id TEXT PRIMARY KEY,
                    name TEXT NOT NULL,
                    scopes TEXT NOT NULL,
                    digest BLOB NOT NULL,
                    created_at INTEGER NOT NULL,
                    revoked_at INTEGER
                ) STRICT, WITHOUT ROWID;

                CREATE VIEW readable_messages AS SELECT
                    id,
                    CASE state
                        WHEN 0 THEN 'scheduled' WHEN 1 THEN 'queued' WHEN 2 THEN 'sending' WHEN 3 THEN 'submitted'
                        WHEN 4 THEN 'delivered' WHEN 5 THEN 'unknown' WHEN 6 THEN 'undelivered' WHEN 7 THEN 'failed'
                        WHEN 8 THEN 'expired' WHEN 9 THEN 'cancelled'
                    END AS state,
                    CASE lane WHEN 0 THEN 'otp' WHEN 1 THEN 'transactional' WHEN 2 THEN 'bulk' END AS lane,
                    status_detail, reference, attempts, provider_id, error_code,
                    datetime(created_at / 1000, 'unixepoch') AS created_at,
                    datetime(due_at / 1000, 'unixepoch') AS due_at,
                    datetime(expires_at / 1000, 'unixepoch') AS expires_at,
                    datetime(submitted_at / 1000, 'unixepoch') AS submitted_at,
                    datetime(final_at / 1000, 'unixepoch') AS final_at
                FROM messages;
                """
        )
    }

    /// One row for each minute and operator: what a chart of a week is drawn from without a look at the messages.
    private static func second(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE activity (
                    minute INTEGER NOT NULL,
                    operator INTEGER NOT NULL,
                    accepted INTEGER NOT NULL,
                    submitted INTEGER NOT NULL,
                    delivered INTEGER NOT NULL,
                    undelivered INTEGER NOT NULL,
                    failed INTEGER NOT NULL,
                    expired INTEGER NOT NULL,
                    within_1_s INTEGER NOT NULL,
                    within_2_s INTEGER NOT NULL,
                    within_5_s INTEGER NOT NULL,
                    within_10_s INTEGER NOT NULL,
                    within_20_s INTEGER NOT NULL,
                    within_30_s INTEGER NOT NULL,
                    within_60_s INTEGER NOT NULL,
                    within_120_s INTEGER NOT NULL,
                    within_300_s INTEGER NOT NULL,
                    within_900_s INTEGER NOT NULL,
                    within_3600_s INTEGER NOT NULL,
                    later INTEGER NOT NULL,
                    PRIMARY KEY (minute, operator)
                ) STRICT, WITHOUT ROWID
                """
        )
    }

    /// What the operator's page asks beside: who did what, why messages failed, what was paid for.
    ///
    /// The two indexes hold only messages that have gone wrong; a message that goes well never enters them.
    private static func third(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE activity ADD COLUMN segments INTEGER NOT NULL DEFAULT 0;

                CREATE TABLE refusals (
                    hour INTEGER NOT NULL,
                    code TEXT NOT NULL,
                    count INTEGER NOT NULL,
                    PRIMARY KEY (hour, code)
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE audit (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    at INTEGER NOT NULL,
                    key_id TEXT NOT NULL,
                    key_name TEXT NOT NULL,
                    action TEXT NOT NULL,
                    message_id INTEGER,
                    detail TEXT
                ) STRICT;
                CREATE INDEX audit_at ON audit (at);
                CREATE INDEX audit_message ON audit (message_id) WHERE message_id IS NOT NULL;

                CREATE INDEX messages_error ON messages (error_code) WHERE error_code IS NOT NULL;
                CREATE INDEX webhooks_dead ON webhooks (message_id) WHERE progress = 2;
                """
        )
    }

    /// What a request with an idempotency key was answered after it had waited for its message.
    private static func fourth(_ db: Database) throws {
        try db.execute(sql: "ALTER TABLE idempotency ADD COLUMN answer BLOB")
    }

    /// By which clock the stored moments go: one row.
    private static func clock(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE clock (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    boot TEXT,
                    offset INTEGER NOT NULL,
                    seen_at INTEGER NOT NULL
                ) STRICT
                """
        )
    }

    /// What decides about a message whose outcome is unclear, and to which phone a report is that waits for its message.
    private static func repeats(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE messages ADD COLUMN resends INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE messages ADD COLUMN was_written INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE messages ADD COLUMN needs_person INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE reports ADD COLUMN phone TEXT;
                -- What a former version queued again may have been taken all the same.
                UPDATE messages SET was_written = 1 WHERE state = 5
                    OR (state = 1 AND EXISTS
                        (SELECT 1 FROM attempts a WHERE a.message_id = messages.id AND a.writing_at IS NOT NULL));
                """
        )
    }
}

-- What gateways keep: the first step.
--
-- Moments are milliseconds since 1970 in UTC; the view eskiz.readable_messages has them for people. Each index holds only the
-- messages that its question can be about, so that a claim from ten million is as fast as one from a thousand.

CREATE TABLE eskiz.messages (
    id bigint PRIMARY KEY,
    state text COLLATE "C" NOT NULL,
    lane text COLLATE "C" NOT NULL,
    due_at bigint NOT NULL,
    expires_at bigint,
    attempts integer NOT NULL,
    fence bigint NOT NULL,
    owner text COLLATE "C",
    lease_until bigint,
    report_at bigint,
    reconcile_at bigint,
    absences integer NOT NULL,
    report_rank integer NOT NULL,
    submitted_at bigint,
    final_at bigint,
    status_detail text,
    price text,
    error_code text COLLATE "C",
    error_message text,
    error_http_status integer,
    provider_id text COLLATE "C",
    body text,
    created_at bigint NOT NULL,
    phone text COLLATE "C" NOT NULL,
    sender text NOT NULL,
    segments integer NOT NULL,
    encoding text COLLATE "C" NOT NULL,
    origin text COLLATE "C" NOT NULL,
    api_key_id text COLLATE "C" NOT NULL,
    reference text COLLATE "C",
    webhook_url text,
    is_client boolean NOT NULL,
    client_user_sms_id text,
    client_callback_url text,
    batch_id bigint,
    batch_last bigint,
    dispatch_id bigint,
    purpose text COLLATE "C",
    resends integer NOT NULL,
    was_written boolean NOT NULL,
    needs_person boolean NOT NULL
) WITH (
    -- Every message is changed several times and then never again: room for the new versions on the same page, and a vacuum
    -- by what has changed rather than by how much there is.
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000
);
CREATE INDEX messages_queued ON eskiz.messages (lane, due_at, id) WHERE state = 'queued';
CREATE INDEX messages_scheduled ON eskiz.messages (due_at, id) WHERE state = 'scheduled';
CREATE INDEX messages_expiring ON eskiz.messages (expires_at, id)
    WHERE state IN ('scheduled', 'queued') AND expires_at IS NOT NULL;
CREATE INDEX messages_superseded ON eskiz.messages (phone, purpose)
    WHERE state IN ('scheduled', 'queued') AND lane = 'otp' AND purpose IS NOT NULL;
CREATE INDEX messages_held ON eskiz.messages (owner) WHERE owner IS NOT NULL;
CREATE INDEX messages_report ON eskiz.messages (report_at, id) WHERE report_at IS NOT NULL;
CREATE INDEX messages_reconcile ON eskiz.messages (reconcile_at, id) WHERE reconcile_at IS NOT NULL;
CREATE INDEX messages_rare ON eskiz.messages (state, id)
    WHERE state IN ('unknown', 'undelivered', 'failed', 'expired', 'cancelled');
CREATE INDEX messages_final ON eskiz.messages (final_at, id) WHERE final_at IS NOT NULL;
CREATE INDEX messages_silent ON eskiz.messages (id) WHERE state = 'submitted' AND report_at IS NULL AND final_at IS NULL;
CREATE INDEX messages_provider ON eskiz.messages (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX messages_phone ON eskiz.messages (phone, id);
CREATE INDEX messages_reference ON eskiz.messages (reference, id) WHERE reference IS NOT NULL;
CREATE INDEX messages_error ON eskiz.messages (error_code, id) WHERE error_code IS NOT NULL;

CREATE TABLE eskiz.attempts (
    message_id bigint NOT NULL,
    fence bigint NOT NULL,
    number integer NOT NULL,
    phase text COLLATE "C" NOT NULL,
    prepared_at bigint NOT NULL,
    writing_at bigint,
    answered_at bigint,
    outcome text COLLATE "C",
    provider_id text,
    error_code text,
    error_message text,
    error_http_status integer,
    PRIMARY KEY (message_id, fence)
) WITH (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000,
    autovacuum_vacuum_cost_delay = 0
);

-- Numbers of reports, in the order in which they were written.
CREATE SEQUENCE eskiz.report_numbers;

CREATE TABLE eskiz.raw_reports (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at bigint NOT NULL,
    content_type text NOT NULL,
    body bytea NOT NULL,
    message_id bigint
);
CREATE INDEX raw_reports_message ON eskiz.raw_reports (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX raw_reports_unmatched ON eskiz.raw_reports (received_at) WHERE message_id IS NULL;

-- A row without message_id waits for its provider's id to be learnt.
CREATE TABLE eskiz.reports (
    id bigint PRIMARY KEY,
    message_id bigint,
    status text NOT NULL,
    source text NOT NULL,
    received_at bigint NOT NULL,
    happened_at bigint,
    provider_id text,
    provider_number text,
    price text,
    parts integer,
    waits_for text COLLATE "C",
    phone text,
    raw_id bigint
);
CREATE INDEX reports_message ON eskiz.reports (message_id, id) WHERE message_id IS NOT NULL;
CREATE INDEX reports_waiting ON eskiz.reports (waits_for, id) WHERE waits_for IS NOT NULL;

CREATE TABLE eskiz.webhooks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id bigint NOT NULL,
    url text NOT NULL,
    format text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    report_id bigint,
    created_at bigint NOT NULL,
    progress text COLLATE "C" NOT NULL,
    attempts integer NOT NULL,
    next_at bigint,
    last_error text
) WITH (
    fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX webhooks_message ON eskiz.webhooks (message_id, id);
CREATE INDEX webhooks_due ON eskiz.webhooks (next_at, id) WHERE progress = 'pending';
CREATE INDEX webhooks_dead ON eskiz.webhooks (message_id) WHERE progress = 'dead';

CREATE TABLE eskiz.idempotency (
    api_key_id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    first_id bigint NOT NULL,
    last_id bigint NOT NULL,
    answer bytea,
    PRIMARY KEY (api_key_id, key)
);
CREATE INDEX idempotency_messages ON eskiz.idempotency (first_id, last_id);

-- Counts that are kept as messages change. Each writer of each gateway has a shard of its own, so that none waits for
-- another; the number is the sum over all shards, and one shard alone may be below zero.
CREATE TABLE eskiz.counts (
    shard integer NOT NULL,
    name text COLLATE "C" NOT NULL,
    value bigint NOT NULL,
    PRIMARY KEY (shard, name)
) WITH (
    fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0
);

-- One row for each minute and operator, by shard; shard -1 has what was gathered from the others.
CREATE TABLE eskiz.activity (
    minute bigint NOT NULL,
    prefix integer NOT NULL,
    shard integer NOT NULL,
    accepted bigint NOT NULL,
    submitted bigint NOT NULL,
    segments bigint NOT NULL,
    delivered bigint NOT NULL,
    undelivered bigint NOT NULL,
    failed bigint NOT NULL,
    expired bigint NOT NULL,
    within_1_s bigint NOT NULL,
    within_2_s bigint NOT NULL,
    within_5_s bigint NOT NULL,
    within_10_s bigint NOT NULL,
    within_20_s bigint NOT NULL,
    within_30_s bigint NOT NULL,
    within_60_s bigint NOT NULL,
    within_120_s bigint NOT NULL,
    within_300_s bigint NOT NULL,
    within_900_s bigint NOT NULL,
    within_3600_s bigint NOT NULL,
    later bigint NOT NULL,
    PRIMARY KEY (minute, prefix, shard)
) WITH (fillfactor = 50);

CREATE TABLE eskiz.refusals (
    hour bigint NOT NULL,
    code text COLLATE "C" NOT NULL,
    shard integer NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (hour, code, shard)
) WITH (fillfactor = 50);

CREATE TABLE eskiz.secrets (name text PRIMARY KEY, value bytea NOT NULL);

CREATE TABLE eskiz.api_keys (
    id text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    scopes text NOT NULL,
    digest bytea NOT NULL,
    created_at bigint NOT NULL,
    revoked_at bigint
);

CREATE TABLE eskiz.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    key_id text NOT NULL,
    key_name text NOT NULL,
    action text NOT NULL,
    message_id bigint,
    detail text
);
CREATE INDEX audit_at ON eskiz.audit (at, id);
CREATE INDEX audit_message ON eskiz.audit (message_id, id) WHERE message_id IS NOT NULL;

-- By which clock the stored moments go: one row.
CREATE TABLE eskiz.clock (
    id integer PRIMARY KEY CHECK (id = 1),
    boot text,
    clock_offset bigint NOT NULL,
    seen_at bigint NOT NULL
);

-- Which numbers come next: one row, from which gateways take blocks. The offset keeps them apart from those of other
-- installations on the same account.
CREATE TABLE eskiz.numbers (
    id integer PRIMARY KEY CHECK (id = 1),
    number_offset bigint NOT NULL,
    last bigint NOT NULL,
    highest bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO eskiz.numbers VALUES (1, floor(random() * 400000000000)::bigint, 0, 0);

-- Who is there. A gateway takes the lowest slot that nobody has used for a while, or a new one.
CREATE TABLE eskiz.gateways (
    slot integer PRIMARY KEY,
    owner text COLLATE "C" NOT NULL,
    version text NOT NULL DEFAULT '',
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 20);

-- Messages that a gateway is asking Eskiz about: the others leave them alone until then.
CREATE TABLE eskiz.work (
    kind text COLLATE "C" NOT NULL,
    message_id bigint NOT NULL,
    owner text COLLATE "C" NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (kind, message_id)
) WITH (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX work_until ON eskiz.work (until);

-- How long what an owner holds is its own, beside what stands with each message: one row to prolong instead of many.
CREATE TABLE eskiz.leases (
    owner text COLLATE "C" PRIMARY KEY,
    lease_until bigint NOT NULL
) WITH (fillfactor = 20);

CREATE TABLE eskiz.verifications (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id bytea NOT NULL UNIQUE,
    api_key_id text COLLATE "C" NOT NULL,
    phone text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    code_length integer NOT NULL,
    key_id text NOT NULL,
    epoch bigint NOT NULL,
    template text NOT NULL,
    language text NOT NULL,
    reference text,
    webhook_url text,
    network text,
    created_at bigint NOT NULL,
    life bigint NOT NULL,
    accepted_at bigint,
    ended_at bigint,
    ending text,
    checks integer NOT NULL,
    checks_answered integer NOT NULL,
    checks_allowed integer NOT NULL,
    sends integer NOT NULL,
    resend_at bigint,
    message_id bigint
) WITH (fillfactor = 70);
CREATE INDEX verifications_phone ON eskiz.verifications (phone, api_key_id, purpose, number);
CREATE INDEX verifications_created ON eskiz.verifications (created_at);

CREATE TABLE eskiz.verification_notes (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject text COLLATE "C" NOT NULL,
    at bigint NOT NULL
);
CREATE INDEX verification_notes_subject ON eskiz.verification_notes (subject, at);

CREATE TABLE eskiz.verification_sums (
    name text COLLATE "C" NOT NULL,
    period bigint NOT NULL,
    value bigint NOT NULL,
    PRIMARY KEY (name, period)
) WITH (fillfactor = 50);

CREATE VIEW eskiz.readable_messages AS SELECT
    id, state, lane, status_detail, reference, attempts, provider_id, error_code,
    to_timestamp(created_at / 1000.0) AS created_at,
    to_timestamp(due_at / 1000.0) AS due_at,
    to_timestamp(expires_at / 1000.0) AS expires_at,
    to_timestamp(submitted_at / 1000.0) AS submitted_at,
    to_timestamp(final_at / 1000.0) AS final_at
FROM eskiz.messages;

-- A role to be granted to the gateways'. Whoever may not make roles grants by hand.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'eskiz_gateway') THEN
        CREATE ROLE eskiz_gateway NOLOGIN;
    END IF;
EXCEPTION
    WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
END
$$;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'eskiz_gateway') THEN
        GRANT USAGE ON SCHEMA eskiz TO eskiz_gateway;
        GRANT SELECT ON eskiz.schema_versions TO eskiz_gateway;
        GRANT SELECT, INSERT, UPDATE, DELETE ON
            eskiz.messages, eskiz.attempts, eskiz.raw_reports, eskiz.reports, eskiz.webhooks,
            eskiz.idempotency, eskiz.counts, eskiz.activity, eskiz.refusals, eskiz.secrets, eskiz.api_keys,
            eskiz.audit, eskiz.clock, eskiz.numbers, eskiz.gateways, eskiz.work, eskiz.leases,
            eskiz.verifications, eskiz.verification_notes, eskiz.verification_sums
            TO eskiz_gateway;
        GRANT SELECT ON eskiz.readable_messages TO eskiz_gateway;
        GRANT USAGE ON SEQUENCE eskiz.report_numbers TO eskiz_gateway;
    END IF;
END
$$;

-- The tables of the version before.
SET check_function_bodies = off;
CREATE SCHEMA eskiz;
CREATE TABLE eskiz.account_news (
    name text NOT NULL COLLATE pg_catalog."C",
    owner text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    until timestamp with time zone NOT NULL
)
WITH (fillfactor='20');
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
    later bigint NOT NULL
)
WITH (fillfactor='50');
CREATE TABLE eskiz.api_keys (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    scopes text NOT NULL,
    digest bytea NOT NULL,
    created_at bigint NOT NULL,
    revoked_at bigint
);
CREATE TABLE eskiz.attempts (
    message_id bigint NOT NULL,
    fence bigint NOT NULL,
    number integer NOT NULL,
    phase text NOT NULL COLLATE pg_catalog."C",
    prepared_at bigint NOT NULL,
    writing_at bigint,
    answered_at bigint,
    outcome text COLLATE pg_catalog."C",
    provider_id text,
    error_code text,
    error_message text,
    error_http_status integer
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='10000', autovacuum_vacuum_cost_delay='0');
CREATE TABLE eskiz.audit (
    id bigint NOT NULL,
    at bigint NOT NULL,
    key_id text NOT NULL,
    key_name text NOT NULL,
    action text NOT NULL,
    message_id bigint,
    detail text
);
ALTER TABLE eskiz.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME eskiz.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE eskiz.clock (
    id integer NOT NULL,
    boot text,
    clock_offset bigint NOT NULL,
    seen_at bigint NOT NULL,
    CONSTRAINT clock_id_check CHECK ((id = 1))
);
CREATE TABLE eskiz.counts (
    shard integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    value bigint NOT NULL
)
WITH (fillfactor='30', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='1000', autovacuum_vacuum_cost_delay='0');
CREATE TABLE eskiz.gateways (
    slot integer NOT NULL,
    owner text NOT NULL COLLATE pg_catalog."C",
    version text DEFAULT ''::text NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='20');
CREATE TABLE eskiz.idempotency (
    api_key_id text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    fingerprint bytea NOT NULL,
    first_id bigint NOT NULL,
    last_id bigint NOT NULL,
    answer bytea
);
CREATE TABLE eskiz.leases (
    owner text NOT NULL COLLATE pg_catalog."C",
    lease_until bigint NOT NULL
)
WITH (fillfactor='20');
CREATE TABLE eskiz.messages (
    id bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    lane text NOT NULL COLLATE pg_catalog."C",
    due_at bigint NOT NULL,
    expires_at bigint,
    attempts integer NOT NULL,
    fence bigint NOT NULL,
    owner text COLLATE pg_catalog."C",
    lease_until bigint,
    report_at bigint,
    reconcile_at bigint,
    absences integer NOT NULL,
    report_rank integer NOT NULL,
    submitted_at bigint,
    final_at bigint,
    status_detail text,
    price text,
    error_code text COLLATE pg_catalog."C",
    error_message text,
    error_http_status integer,
    provider_id text COLLATE pg_catalog."C",
    body text,
    created_at bigint NOT NULL,
    phone text NOT NULL COLLATE pg_catalog."C",
    sender text NOT NULL,
    segments integer NOT NULL,
    encoding text NOT NULL COLLATE pg_catalog."C",
    origin text NOT NULL COLLATE pg_catalog."C",
    api_key_id text NOT NULL COLLATE pg_catalog."C",
    reference text COLLATE pg_catalog."C",
    webhook_url text,
    is_client boolean NOT NULL,
    client_user_sms_id text,
    client_callback_url text,
    batch_id bigint,
    batch_last bigint,
    dispatch_id bigint,
    purpose text COLLATE pg_catalog."C",
    resends integer NOT NULL,
    was_written boolean NOT NULL,
    needs_person boolean NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', autovacuum_vacuum_cost_delay='0', autovacuum_analyze_scale_factor='0', autovacuum_analyze_threshold='20000');
CREATE TABLE eskiz.news (
    number bigint NOT NULL,
    owner text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    messages bigint[] NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='1000', autovacuum_vacuum_cost_delay='0');
ALTER TABLE eskiz.news ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME eskiz.news_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE eskiz.numbers (
    id integer NOT NULL,
    number_offset bigint NOT NULL,
    last bigint NOT NULL,
    highest bigint NOT NULL,
    CONSTRAINT numbers_id_check CHECK ((id = 1))
)
WITH (fillfactor='10');
CREATE TABLE eskiz.raw_reports (
    id bigint NOT NULL,
    received_at bigint NOT NULL,
    content_type text NOT NULL,
    body bytea NOT NULL,
    message_id bigint
);
ALTER TABLE eskiz.raw_reports ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME eskiz.raw_reports_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE VIEW eskiz.readable_messages AS
 SELECT messages.id,
    messages.state,
    messages.lane,
    messages.status_detail,
    messages.reference,
    messages.attempts,
    messages.provider_id,
    messages.error_code,
    to_timestamp((((messages.created_at)::numeric / 1000.0))::double precision) AS created_at,
    to_timestamp((((messages.due_at)::numeric / 1000.0))::double precision) AS due_at,
    to_timestamp((((messages.expires_at)::numeric / 1000.0))::double precision) AS expires_at,
    to_timestamp((((messages.submitted_at)::numeric / 1000.0))::double precision) AS submitted_at,
    to_timestamp((((messages.final_at)::numeric / 1000.0))::double precision) AS final_at
   FROM eskiz.messages;
CREATE TABLE eskiz.refusals (
    hour bigint NOT NULL,
    code text NOT NULL COLLATE pg_catalog."C",
    shard integer NOT NULL,
    count bigint NOT NULL
)
WITH (fillfactor='50');
CREATE SEQUENCE eskiz.report_numbers
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE eskiz.reports (
    id bigint NOT NULL,
    message_id bigint,
    status text NOT NULL,
    source text NOT NULL,
    received_at bigint NOT NULL,
    happened_at bigint,
    provider_id text,
    provider_number text,
    price text,
    parts integer,
    waits_for text COLLATE pg_catalog."C",
    phone text,
    raw_id bigint
);
CREATE TABLE eskiz.schema_versions (
    component text NOT NULL,
    version integer NOT NULL,
    oldest_reader integer NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE eskiz.secrets (
    name text NOT NULL,
    value bytea NOT NULL
);
CREATE TABLE eskiz.suppressions (
    number bigint NOT NULL,
    phone text NOT NULL COLLATE pg_catalog."C",
    scope text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL,
    added_at bigint NOT NULL,
    added_by text NOT NULL
);
ALTER TABLE eskiz.suppressions ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME eskiz.suppressions_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE eskiz.token (
    id integer NOT NULL,
    generation bigint NOT NULL,
    record bytea,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    lease_owner text,
    lease_fence bigint NOT NULL,
    lease_until timestamp with time zone,
    CONSTRAINT token_id_check CHECK ((id = 1))
);
CREATE TABLE eskiz.verification_notes (
    number bigint NOT NULL,
    subject text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL
);
ALTER TABLE eskiz.verification_notes ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME eskiz.verification_notes_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE eskiz.verification_prefixes (
    prefix text NOT NULL COLLATE pg_catalog."C",
    decision text NOT NULL COLLATE pg_catalog."C",
    added_at bigint NOT NULL,
    added_by text NOT NULL
);
CREATE TABLE eskiz.verification_sums (
    name text NOT NULL COLLATE pg_catalog."C",
    period bigint NOT NULL,
    value bigint NOT NULL
)
WITH (fillfactor='50');
CREATE TABLE eskiz.verifications (
    number bigint NOT NULL,
    id bytea NOT NULL,
    api_key_id text NOT NULL COLLATE pg_catalog."C",
    phone text NOT NULL COLLATE pg_catalog."C",
    purpose text NOT NULL COLLATE pg_catalog."C",
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
)
WITH (fillfactor='70');
ALTER TABLE eskiz.verifications ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME eskiz.verifications_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE eskiz.webhooks (
    id bigint NOT NULL,
    message_id bigint NOT NULL,
    url text NOT NULL,
    format text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    report_id bigint,
    created_at bigint NOT NULL,
    progress text NOT NULL COLLATE pg_catalog."C",
    attempts integer NOT NULL,
    next_at bigint,
    last_error text
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', autovacuum_vacuum_cost_delay='0');
ALTER TABLE eskiz.webhooks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME eskiz.webhooks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE eskiz.work (
    kind text NOT NULL COLLATE pg_catalog."C",
    message_id bigint NOT NULL,
    owner text NOT NULL COLLATE pg_catalog."C",
    until timestamp with time zone NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='5000', autovacuum_vacuum_cost_delay='0');
INSERT INTO eskiz.schema_versions (component, version, oldest_reader, changed_at) VALUES ('messages', '2', '1', '2026-11-30 04:47:06.669689+00');
INSERT INTO eskiz.schema_versions (component, version, oldest_reader, changed_at) VALUES ('fleet', '1', '1', '2026-11-30 04:47:07.038182+00');
INSERT INTO eskiz.schema_versions (component, version, oldest_reader, changed_at) VALUES ('token', '1', '1', '2026-11-30 04:47:07.074063+00');
SELECT pg_catalog.setval('eskiz.audit_id_seq', 1, false);
SELECT pg_catalog.setval('eskiz.news_number_seq', 1, false);
SELECT pg_catalog.setval('eskiz.raw_reports_id_seq', 1, false);
SELECT pg_catalog.setval('eskiz.report_numbers', 1, false);
SELECT pg_catalog.setval('eskiz.suppressions_number_seq', 1, false);
SELECT pg_catalog.setval('eskiz.verification_notes_number_seq', 1, false);
SELECT pg_catalog.setval('eskiz.verifications_number_seq', 1, false);
SELECT pg_catalog.setval('eskiz.webhooks_id_seq', 1, false);
ALTER TABLE ONLY eskiz.account_news
    ADD CONSTRAINT account_news_pkey PRIMARY KEY (name);
ALTER TABLE ONLY eskiz.activity
    ADD CONSTRAINT activity_pkey PRIMARY KEY (minute, prefix, shard);
ALTER TABLE ONLY eskiz.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);
ALTER TABLE ONLY eskiz.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (message_id, fence);
ALTER TABLE ONLY eskiz.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);
ALTER TABLE ONLY eskiz.clock
    ADD CONSTRAINT clock_pkey PRIMARY KEY (id);
ALTER TABLE ONLY eskiz.counts
    ADD CONSTRAINT counts_pkey PRIMARY KEY (shard, name);
ALTER TABLE ONLY eskiz.gateways
    ADD CONSTRAINT gateways_pkey PRIMARY KEY (slot);
ALTER TABLE ONLY eskiz.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (api_key_id, key);
ALTER TABLE ONLY eskiz.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (owner);
ALTER TABLE ONLY eskiz.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);
ALTER TABLE ONLY eskiz.news
    ADD CONSTRAINT news_pkey PRIMARY KEY (number);
ALTER TABLE ONLY eskiz.numbers
    ADD CONSTRAINT numbers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY eskiz.raw_reports
    ADD CONSTRAINT raw_reports_pkey PRIMARY KEY (id);
ALTER TABLE ONLY eskiz.refusals
    ADD CONSTRAINT refusals_pkey PRIMARY KEY (hour, code, shard);
ALTER TABLE ONLY eskiz.reports
    ADD CONSTRAINT reports_pkey PRIMARY KEY (id);
ALTER TABLE ONLY eskiz.schema_versions
    ADD CONSTRAINT schema_versions_pkey PRIMARY KEY (component);
ALTER TABLE ONLY eskiz.secrets
    ADD CONSTRAINT secrets_pkey PRIMARY KEY (name);
ALTER TABLE ONLY eskiz.suppressions
    ADD CONSTRAINT suppressions_phone_key UNIQUE (phone);
ALTER TABLE ONLY eskiz.suppressions
    ADD CONSTRAINT suppressions_pkey PRIMARY KEY (number);
ALTER TABLE ONLY eskiz.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (id);
ALTER TABLE ONLY eskiz.verification_notes
    ADD CONSTRAINT verification_notes_pkey PRIMARY KEY (number);
ALTER TABLE ONLY eskiz.verification_prefixes
    ADD CONSTRAINT verification_prefixes_pkey PRIMARY KEY (prefix);
ALTER TABLE ONLY eskiz.verification_sums
    ADD CONSTRAINT verification_sums_pkey PRIMARY KEY (name, period);
ALTER TABLE ONLY eskiz.verifications
    ADD CONSTRAINT verifications_id_key UNIQUE (id);
ALTER TABLE ONLY eskiz.verifications
    ADD CONSTRAINT verifications_pkey PRIMARY KEY (number);
ALTER TABLE ONLY eskiz.webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (id);
ALTER TABLE ONLY eskiz.work
    ADD CONSTRAINT work_pkey PRIMARY KEY (kind, message_id);
CREATE INDEX audit_at ON eskiz.audit USING btree (at, id);
CREATE INDEX audit_message ON eskiz.audit USING btree (message_id, id) WHERE (message_id IS NOT NULL);
CREATE INDEX idempotency_messages ON eskiz.idempotency USING btree (first_id, last_id);
CREATE INDEX messages_error ON eskiz.messages USING btree (error_code, id) WHERE (error_code IS NOT NULL);
CREATE INDEX messages_expiring ON eskiz.messages USING btree (expires_at, id) WHERE ((state = ANY (ARRAY['scheduled'::text, 'queued'::text])) AND (expires_at IS NOT NULL));
CREATE INDEX messages_final ON eskiz.messages USING btree (final_at, id) WHERE (final_at IS NOT NULL);
CREATE INDEX messages_held ON eskiz.messages USING btree (owner) WHERE (owner IS NOT NULL);
CREATE INDEX messages_phone ON eskiz.messages USING btree (phone, id);
CREATE INDEX messages_provider ON eskiz.messages USING btree (provider_id) WHERE (provider_id IS NOT NULL);
CREATE INDEX messages_queued ON eskiz.messages USING btree (lane, due_at, id) WHERE (state = 'queued'::text);
CREATE INDEX messages_rare ON eskiz.messages USING btree (state, id) WHERE (state = ANY (ARRAY['unknown'::text, 'undelivered'::text, 'failed'::text, 'expired'::text, 'cancelled'::text]));
CREATE INDEX messages_reconcile ON eskiz.messages USING btree (reconcile_at, id) WHERE (reconcile_at IS NOT NULL);
CREATE INDEX messages_reference ON eskiz.messages USING btree (reference, id) WHERE (reference IS NOT NULL);
CREATE INDEX messages_report ON eskiz.messages USING btree (report_at, id) WHERE (report_at IS NOT NULL);
CREATE INDEX messages_scheduled ON eskiz.messages USING btree (due_at, id) WHERE (state = 'scheduled'::text);
CREATE INDEX messages_silent ON eskiz.messages USING btree (id) WHERE ((state = 'submitted'::text) AND (report_at IS NULL) AND (final_at IS NULL));
CREATE INDEX messages_superseded ON eskiz.messages USING btree (phone, purpose) WHERE ((state = ANY (ARRAY['scheduled'::text, 'queued'::text])) AND (lane = 'otp'::text) AND (purpose IS NOT NULL));
CREATE INDEX news_at ON eskiz.news USING btree (at);
CREATE INDEX raw_reports_message ON eskiz.raw_reports USING btree (message_id) WHERE (message_id IS NOT NULL);
CREATE INDEX raw_reports_unmatched ON eskiz.raw_reports USING btree (received_at) WHERE (message_id IS NULL);
CREATE INDEX reports_message ON eskiz.reports USING btree (message_id, id) WHERE (message_id IS NOT NULL);
CREATE INDEX reports_waiting ON eskiz.reports USING btree (waits_for, id) WHERE (waits_for IS NOT NULL);
CREATE INDEX verification_notes_subject ON eskiz.verification_notes USING btree (subject, at);
CREATE INDEX verifications_approved ON eskiz.verifications USING btree (ended_at) WHERE (ending = 'approved'::text);
CREATE INDEX verifications_created ON eskiz.verifications USING btree (created_at);
CREATE INDEX verifications_phone ON eskiz.verifications USING btree (phone, api_key_id, purpose, number);
CREATE INDEX webhooks_dead ON eskiz.webhooks USING btree (message_id) WHERE (progress = 'dead'::text);
CREATE INDEX webhooks_due ON eskiz.webhooks USING btree (next_at, id) WHERE (progress = 'pending'::text);
CREATE INDEX webhooks_message ON eskiz.webhooks USING btree (message_id, id);
CREATE INDEX work_until ON eskiz.work USING btree (until);

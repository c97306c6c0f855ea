-- The outbox, version 1: messages that an application leaves in its own transaction, for a gateway to take.
--
-- Applications call eskiz.send(…), eskiz.status(…) and eskiz.poke(), and may do nothing else here: the functions run with
-- the rights of their owner, and find everything by its full name. What is wrong with a message is an error at once, in
-- the words of the gateway's API; DETAIL holds the API's code.

CREATE TABLE eskiz.outbox_settings (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    -- Tells this outbox from every other: numbers of rows alone do not.
    identity text NOT NULL DEFAULT gen_random_uuid()::text,
    -- ESKIZ_MAX_SEGMENTS of the gateway.
    maximum_segments integer NOT NULL DEFAULT 8
);
INSERT INTO eskiz.outbox_settings DEFAULT VALUES;

CREATE TABLE eskiz.outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Who called eskiz.send: the role that logged in.
    sender_role name NOT NULL,
    idempotency_key text,
    -- Of what was asked for.
    digest bytea NOT NULL,
    lane text NOT NULL,
    lane_rank smallint NOT NULL,
    -- Phone and text are erased as soon as a gateway has the message.
    phone text,
    body text,
    sender text,
    expires_in interval,
    send_at timestamptz,
    reference text,
    webhook_url text,
    normalized boolean,
    purpose text,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),

    -- The rest is the gateway's to write. The store that took it, for good: another one never takes it, too.
    taken_by text,
    taken_at timestamptz,
    message_id bigint,
    -- "waiting" until a gateway has it, and then as GET /v1/messages/{id} says.
    status text NOT NULL DEFAULT 'waiting',
    status_detail text,
    provider_id text,
    error_code text,
    error text,
    attempts integer NOT NULL DEFAULT 0,
    submitted_at timestamptz,
    final_at timestamptz
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0);

-- What waits, in the order in which it is taken. Few rows at any time, however many the table holds.
CREATE INDEX outbox_waiting ON eskiz.outbox (lane_rank, id) WHERE status = 'waiting';
-- What has no end yet, to be looked up after a restart.
CREATE INDEX outbox_open ON eskiz.outbox (id) WHERE message_id IS NOT NULL AND final_at IS NULL;
CREATE UNIQUE INDEX outbox_message ON eskiz.outbox (taken_by, message_id) WHERE message_id IS NOT NULL;
CREATE UNIQUE INDEX outbox_idempotency ON eskiz.outbox (sender_role, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX outbox_final ON eskiz.outbox (final_at) WHERE final_at IS NOT NULL;

-- Raises what is wrong. ES001 to ES006 are our own.
CREATE FUNCTION eskiz.refuse_v1(state text, code text, sentence text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = state, MESSAGE = sentence, DETAIL = code;
END
$$;

-- A phone number in any spelling, as digits with country code: the rules and the words of EskizText.PhoneNumber.
CREATE FUNCTION eskiz.phone_v1(spelling text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hint constant text := ' Write it as +998 90 123 45 67.';
    too_long constant text := 'The phone number is too long: %s digits where at most %s are possible.';
    too_short constant text := 'The phone number is too short: %s where %s are needed.';
    country_codes constant integer[] := ARRAY[
        1, 7, 20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60,
        61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98, 211, 212, 213, 216, 218, 290, 291, 297, 298,
        299, 385, 386, 387, 389, 420, 421, 423, 670, 800, 808, 850, 852, 853, 855, 856, 870, 878, 886, 888, 979];
    scalar text;
    point integer;
    place integer := 0;
    number text := '';
    has_plus boolean := false;
    line_break integer;
    line_break_place integer;
    expected integer;
    head integer;
BEGIN
    IF char_length(spelling) > 1000 THEN
        PERFORM eskiz.refuse_v1('ES001', 'invalid_phone', 'The phone number is too long.' || hint);
    END IF;
    FOREACH scalar IN ARRAY string_to_array(coalesce(spelling, ''), NULL) LOOP
        point := ascii(scalar);
        place := place + 1;
        IF point BETWEEN 48 AND 57 THEN
            IF line_break IS NOT NULL THEN
                point := line_break;
                place := line_break_place;
                EXIT;
            END IF;
            number := number || scalar;
        ELSIF point IN (43, 65291) THEN
            IF number <> '' OR has_plus THEN
                PERFORM eskiz.refuse_v1('ES001', 'invalid_phone', format(
                    'The plus is character %s of the phone number, but it must come first.', place) || hint);
            END IF;
            has_plus := true;
        ELSIF point IN (10, 13) THEN
            IF number <> '' AND line_break IS NULL THEN
                line_break := point;
                line_break_place := place;
            END IF;
        ELSIF NOT (point IN (32, 9, 45, 46, 40, 41, 160, 8239, 8287, 12288, 8722, 173, 8234, 8236, 8237, 8288, 8294, 8296, 8297, 65279)
            OR point BETWEEN 8192 AND 8202 OR point BETWEEN 8208 AND 8213 OR point BETWEEN 8203 AND 8206) THEN
            PERFORM eskiz.refuse_v1('ES001', 'invalid_phone', format(
                'Character %s of the phone number (U+%s) does not belong in one.', place,
                upper(lpad(to_hex(point), greatest(4, length(to_hex(point))), '0'))) || hint);
        END IF;
    END LOOP;
    IF point = line_break AND place = line_break_place THEN
        PERFORM eskiz.refuse_v1('ES001', 'invalid_phone', format(
            'Character %s of the phone number (U+%s) does not belong in one.', place,
            upper(lpad(to_hex(point), 4, '0'))) || hint);
    END IF;
    IF number = '' THEN
        PERFORM eskiz.refuse_v1('ES001', 'invalid_phone', 'The phone number is empty.' || hint);
    END IF;

    IF NOT has_plus AND left(number, 2) <> '00' THEN
        IF length(number) < 9 THEN
            PERFORM eskiz.refuse_v1('ES001', 'invalid_phone', format(too_short,
                CASE length(number) WHEN 1 THEN '1 digit' ELSE length(number) || ' digits' END, 9) || hint);
        ELSIF length(number) > 15 THEN
            PERFORM eskiz.refuse_v1('ES001', 'invalid_phone', format(too_long, length(number), 15) || hint);
        ELSIF length(number) = 9 THEN
            number := '998' || number;
        ELSIF left(number, 3) = '998' THEN
            NULL;
        ELSIF left(number, 1) = '0' OR (left(number, 1) = '8' AND length(number) <= 11) THEN
            PERFORM eskiz.refuse_v1('ES001', 'invalid_phone',
                'The phone number begins with a long-distance prefix, 8 or 0.' || hint);
        ELSE
            PERFORM eskiz.refuse_v1('ES001', 'invalid_phone', format(
                'The phone number has %s digits and does not begin with 998. Write a foreign number with + and '
                || 'its country code, an Uzbek one as +998 90 123 45 67.', length(number)));
        END IF;
    ELSIF NOT has_plus THEN
        number := substr(number, 3);
    END IF;

    IF length(number) > 15 THEN
        PERFORM eskiz.refuse_v1('ES001', 'invalid_phone', format(too_long, length(number), 15) || hint);
    END IF;
    IF left(number, 1) <> '0' THEN
        FOR digits IN 1..least(3, length(number)) LOOP
            head := left(number, digits)::integer;
            IF head = ANY (country_codes) OR head BETWEEN 220 AND 258 OR head BETWEEN 260 AND 269
                OR head BETWEEN 350 AND 359 OR head BETWEEN 370 AND 383 OR head BETWEEN 500 AND 509
                OR head BETWEEN 590 AND 599 OR head BETWEEN 672 AND 683 OR head BETWEEN 685 AND 692
                OR head BETWEEN 880 AND 883 OR head BETWEEN 960 AND 968 OR head BETWEEN 970 AND 977
                OR head BETWEEN 992 AND 998 THEN
                EXIT;
            END IF;
            head := NULL;
        END LOOP;
        IF head IS NULL AND length(number) < 3 THEN
            PERFORM eskiz.refuse_v1('ES001', 'invalid_phone', format(too_short,
                CASE length(number) WHEN 1 THEN '1 digit' ELSE length(number) || ' digits' END, 8) || hint);
        END IF;
    END IF;
    IF head IS NULL THEN
        PERFORM eskiz.refuse_v1('ES001', 'invalid_phone',
            'The phone number begins with a country code that does not exist.' || hint);
    END IF;
    IF length(number) = 9 AND left(number, 3) <> '508' AND left(number, 2) IN ('90', '91', '92', '93', '94', '50', '99',
        '77', '70', '95', '97', '88', '87', '33', '20', '98', '80') THEN
        PERFORM eskiz.refuse_v1('ES001', 'invalid_phone', 'The phone number lacks its country code, 998.' || hint);
    END IF;
    expected := CASE head WHEN 998 THEN 12 WHEN 1 THEN 11 WHEN 7 THEN 11 END;
    IF length(number) < coalesce(expected, 8) THEN
        PERFORM eskiz.refuse_v1('ES001', 'invalid_phone', format(too_short,
                CASE length(number) WHEN 1 THEN '1 digit' ELSE length(number) || ' digits' END, coalesce(expected, 8)) || hint);
    ELSIF length(number) > coalesce(expected, 15) THEN
        PERFORM eskiz.refuse_v1('ES001', 'invalid_phone', format(too_long, length(number), coalesce(expected, 15)) || hint);
    END IF;
    IF head <> 998 THEN
        PERFORM eskiz.refuse_v1('ES002', 'foreign_phone',
            'The number is abroad; the gateway sends within Uzbekistan. `eskiz send-global` is for abroad.');
    ELSIF substr(number, 4, 1) IN ('0', '1') THEN
        PERFORM eskiz.refuse_v1('ES001', 'invalid_phone',
            'No Uzbek phone number begins with 0 or 1 after the 998.' || hint);
    END IF;
    RETURN number;
END
$$;

-- Refuses a text that cannot be a message: the rules and the words of EskizText.MessageTextRules.
--
-- The gateway counts segments exactly, after what its normalisation saves. Here only those characters are counted that
-- nothing can save, so that what is refused here would be refused there as well.
CREATE FUNCTION eskiz.check_text_v1(body text, maximum integer) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    refused constant text := E'[\u0001-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFD]';
    unseen constant text := E'[\u0009\u000A\u000D \u0085\u00A0\u00AD\u034F\u061C\u115F\u1160\u1680\u17B4\u17B5'
        || E'\u180B-\u180F\u2000-\u200F\u2028-\u202F\u205F-\u206F\u2800\u3000\u3164\uFE00-\uFE0F\uFEFF\uFFA0]';
    found text := substring(body COLLATE "C" FROM refused);
    place integer;
    units integer;
    segments integer;
BEGIN
    IF found IS NOT NULL THEN
        place := position(found IN body);
        IF found = E'\uFFFD' THEN
            PERFORM eskiz.refuse_v1('ES003', 'unsupported_character', format(
                'Character %s of the text (U+FFFD) stands for bytes that were not UTF-8. '
                || 'Convert the text to UTF-8 where it comes from, for example with iconv.', place));
        END IF;
        PERFORM eskiz.refuse_v1('ES003', 'unsupported_character', format(
            'Character %s of the text (U+%s) is a control character, which no message can hold. '
            || 'Leave it out; tab and line breaks are allowed.', place, upper(lpad(to_hex(ascii(found)), 4, '0'))));
    END IF;
    IF coalesce(regexp_replace(body COLLATE "C", unseen, '', 'g'), '') = '' THEN
        PERFORM eskiz.refuse_v1('ES003', 'empty', 'The text is empty: nothing in it shows. Write something to send.');
    END IF;
    IF body COLLATE "C" ~ E'[\u0400-\u04FF]' THEN
        units := char_length(regexp_replace(body COLLATE "C", E'[^\u000A\u000D\u0020-\u007E\u0400-\u04FF]', '', 'g'));
        segments := CASE WHEN units <= 70 THEN 1 ELSE ceil(units / 67.0) END;
    ELSE
        units := char_length(regexp_replace(body COLLATE "C", E'[^\u000A\u000D\u0020-\u007E]', '', 'g'));
        segments := CASE WHEN units <= 160 THEN 1 ELSE ceil(units / 153.0) END;
    END IF;
    IF segments > maximum THEN
        PERFORM eskiz.refuse_v1('ES003', 'too_long', format(
            'The text would be %s segments and cost as much as %s messages; %s %s allowed. '
            || 'Shorten it, or raise ESKIZ_MAX_SEGMENTS.', segments, segments, maximum,
            CASE maximum WHEN 1 THEN 'is' ELSE 'are' END));
    END IF;
END
$$;

-- Leaves a message, which is sent if and only if the transaction commits. Returns the number for eskiz.status.
--
-- Tells nobody (NOTIFY would make all commits of the cluster wait for each other): the gateway looks by itself, or at once
-- after eskiz.poke().
CREATE FUNCTION eskiz.send_v1(
    phone text,
    body text,
    lane text DEFAULT 'transactional',
    sender text DEFAULT NULL,
    expires_in interval DEFAULT NULL,
    send_at timestamptz DEFAULT NULL,
    reference text DEFAULT NULL,
    webhook_url text DEFAULT NULL,
    normalized boolean DEFAULT NULL,
    purpose text DEFAULT NULL,
    idempotency_key text DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    wanted_phone constant text := eskiz.phone_v1(send_v1.phone);
    wanted_digest bytea;
    found_id bigint;
    found_digest bytea;
BEGIN
    PERFORM eskiz.check_text_v1(send_v1.body, (SELECT maximum_segments FROM eskiz.outbox_settings));
    IF send_v1.lane IS NULL OR send_v1.lane NOT IN ('otp', 'transactional', 'bulk') THEN
        PERFORM eskiz.refuse_v1('ES004', 'invalid_lane', '`lane` is one of otp, transactional and bulk.');
    END IF;
    IF send_v1.sender COLLATE "C" !~ '^[!-~]{2,11}$' THEN
        PERFORM eskiz.refuse_v1('ES005', 'invalid_sender',
            '`sender` is a sender ID: 2 to 11 Latin letters, digits or signs.');
    END IF;
    IF send_v1.expires_in < interval '1 second' OR send_v1.expires_in > interval '999999 seconds' THEN
        PERFORM eskiz.refuse_v1('ES005', 'invalid_duration', '`expires_in` is from 1 to 999999 seconds.');
    END IF;
    IF send_v1.send_at > clock_timestamp() + interval '35 days'
        OR send_v1.send_at < clock_timestamp() - interval '1 hour' THEN
        PERFORM eskiz.refuse_v1('ES005', 'out_of_range', '`send_at` must lie in the next 35 days.');
    END IF;
    IF char_length(send_v1.reference) NOT BETWEEN 1 AND 255 THEN
        PERFORM eskiz.refuse_v1('ES005', 'too_long', '`reference` has 1 to 255 characters.');
    END IF;
    IF char_length(send_v1.purpose) NOT BETWEEN 1 AND 64 THEN
        PERFORM eskiz.refuse_v1('ES005', 'too_long', '`purpose` has 1 to 64 characters.');
    END IF;
    IF send_v1.webhook_url COLLATE "C" !~ '^https?://[!-~]+$' OR char_length(send_v1.webhook_url) > 2000 THEN
        PERFORM eskiz.refuse_v1('ES005', 'invalid_url',
            '`webhook_url` is an address such as https://example.test/hook, without user and fragment.');
    END IF;
    IF send_v1.idempotency_key COLLATE "C" !~ '^[!-~]{1,255}$' THEN
        PERFORM eskiz.refuse_v1('ES005', 'invalid_idempotency_key',
            '`idempotency_key` is 1 to 255 visible ASCII characters.');
    END IF;

    wanted_digest := sha256(convert_to(ROW(wanted_phone, send_v1.body, send_v1.lane, send_v1.sender, send_v1.expires_in,
        extract(epoch FROM send_v1.send_at), send_v1.reference, send_v1.webhook_url, send_v1.normalized,
        send_v1.purpose)::text, 'UTF8'));
    -- Twice: the row that is in the way may go in between.
    FOR attempt IN 1..2 LOOP
        INSERT INTO eskiz.outbox (sender_role, idempotency_key, digest, lane, lane_rank, phone, body, sender, expires_in,
            send_at, reference, webhook_url, normalized, purpose)
        VALUES (session_user, send_v1.idempotency_key, wanted_digest, send_v1.lane,
            CASE send_v1.lane WHEN 'otp' THEN 0 WHEN 'transactional' THEN 1 ELSE 2 END, wanted_phone, send_v1.body,
            send_v1.sender, send_v1.expires_in, send_v1.send_at, send_v1.reference, send_v1.webhook_url,
            send_v1.normalized, send_v1.purpose)
        ON CONFLICT (sender_role, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
        RETURNING id INTO found_id;
        IF found_id IS NOT NULL THEN
            RETURN found_id;
        END IF;
        SELECT id, digest INTO found_id, found_digest FROM eskiz.outbox
        WHERE sender_role = session_user AND idempotency_key = send_v1.idempotency_key;
        IF found_id IS NOT NULL THEN
            IF found_digest <> wanted_digest THEN
                PERFORM eskiz.refuse_v1('ES006', 'idempotency_key_reused',
                    'This Idempotency-Key was used for another request. Make a new key for each message, and keep it for '
                    || 'repeats.');
            END IF;
            RETURN found_id;
        END IF;
    END LOOP;
    RAISE EXCEPTION USING ERRCODE = 'serialization_failure',
        MESSAGE = 'Another transaction uses this idempotency key. Try it again.';
END
$$;

-- How a message of the caller's own is; no row for any other.
CREATE FUNCTION eskiz.status_v1(id bigint) RETURNS TABLE (
    message_id bigint,
    status text,
    status_detail text,
    lane text,
    reference text,
    provider_id text,
    attempts integer,
    error_code text,
    error text,
    created_at timestamptz,
    submitted_at timestamptz,
    final_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.message_id, o.status, o.status_detail, o.lane, o.reference, o.provider_id, o.attempts, o.error_code,
        o.error, o.created_at, o.submitted_at, o.final_at
    FROM eskiz.outbox o
    WHERE o.id = $1 AND o.sender_role = session_user
$$;

-- Wakes the gateway. To be called after the commit, in a statement of its own.
CREATE FUNCTION eskiz.poke_v1() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT pg_notify('eskiz_outbox', '')
$$;

-- The short names, for people; applications that outlive an upgrade may use the versioned ones.
CREATE FUNCTION eskiz.send(
    phone text,
    body text,
    lane text DEFAULT 'transactional',
    sender text DEFAULT NULL,
    expires_in interval DEFAULT NULL,
    send_at timestamptz DEFAULT NULL,
    reference text DEFAULT NULL,
    webhook_url text DEFAULT NULL,
    normalized boolean DEFAULT NULL,
    purpose text DEFAULT NULL,
    idempotency_key text DEFAULT NULL
) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT eskiz.send_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
$$;

CREATE FUNCTION eskiz.status(id bigint) RETURNS TABLE (
    message_id bigint,
    status text,
    status_detail text,
    lane text,
    reference text,
    provider_id text,
    attempts integer,
    error_code text,
    error text,
    created_at timestamptz,
    submitted_at timestamptz,
    final_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM eskiz.status_v1($1)
$$;

CREATE FUNCTION eskiz.poke() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT eskiz.poke_v1()
$$;

REVOKE ALL ON ALL TABLES IN SCHEMA eskiz FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA eskiz FROM PUBLIC;

-- Roles to be granted to others: one for applications, one for the gateway. Whoever may not make roles grants by hand.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'eskiz_sender') THEN
        CREATE ROLE eskiz_sender NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'eskiz_gateway') THEN
        CREATE ROLE eskiz_gateway NOLOGIN;
    END IF;
EXCEPTION
    WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
END
$$;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'eskiz_sender') THEN
        GRANT USAGE ON SCHEMA eskiz TO eskiz_sender;
        GRANT EXECUTE ON FUNCTION eskiz.send, eskiz.send_v1, eskiz.status, eskiz.status_v1, eskiz.poke, eskiz.poke_v1
            TO eskiz_sender;
    END IF;
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'eskiz_gateway') THEN
        GRANT USAGE ON SCHEMA eskiz TO eskiz_gateway;
        GRANT SELECT ON eskiz.schema_versions TO eskiz_gateway;
        GRANT SELECT, UPDATE, DELETE ON eskiz.outbox TO eskiz_gateway;
        GRANT SELECT, UPDATE ON eskiz.outbox_settings TO eskiz_gateway;
    END IF;
END
$$;

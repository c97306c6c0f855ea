-- What gateways keep, the second step: what an operator keeps from being sent.

-- Phones that get nothing.
CREATE TABLE eskiz.suppressions (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    phone text COLLATE "C" NOT NULL UNIQUE,
    scope text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    added_at bigint NOT NULL,
    added_by text NOT NULL
);

-- Prefixes of phones to which codes are not sent, or sent whatever their conversion.
CREATE TABLE eskiz.verification_prefixes (
    prefix text COLLATE "C" PRIMARY KEY,
    decision text COLLATE "C" NOT NULL,
    added_at bigint NOT NULL,
    added_by text NOT NULL
);

-- Each gateway hears of the codes that were entered at another one.
CREATE INDEX verifications_approved ON eskiz.verifications (ended_at) WHERE ending = 'approved';

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'eskiz_gateway') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON eskiz.suppressions, eskiz.verification_prefixes TO eskiz_gateway;
    END IF;
END
$$;

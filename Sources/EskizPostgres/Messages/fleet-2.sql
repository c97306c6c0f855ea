-- What gateways tell each other, the second step: what one of them has asked Eskiz for all.

-- One row for each question: the last answer, and until when whoever asks anew has to itself that nobody else does.
CREATE TABLE eskiz.shared_answers (
    name text COLLATE "C" PRIMARY KEY,
    owner text COLLATE "C" NOT NULL,
    asked_until timestamptz NOT NULL,
    answered_at timestamptz,
    document bytea
) WITH (fillfactor = 50);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'eskiz_gateway') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON eskiz.shared_answers TO eskiz_gateway;
    END IF;
END
$$;

-- The token of the account: one row for all hosts, and who is renewing it.

CREATE TABLE eskiz.token (
    id integer PRIMARY KEY CHECK (id = 1),
    generation bigint NOT NULL,
    -- Sealed with ESKIZ_TOKEN_KEY, which is not in the database.
    record bytea,
    changed_at timestamptz NOT NULL DEFAULT now(),
    lease_owner text,
    lease_fence bigint NOT NULL,
    lease_until timestamptz
);
INSERT INTO eskiz.token (id, generation, lease_fence) VALUES (1, 0, 0);

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
        GRANT SELECT, UPDATE ON eskiz.token TO eskiz_gateway;
    END IF;
END
$$;

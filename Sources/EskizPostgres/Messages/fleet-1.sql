-- What gateways tell each other: the first step.

-- Which messages a gateway has changed: one row for a tenth of a second of each gateway, gone after half a minute. Nothing is
-- lost with it but that somebody hears of a change at once.
CREATE TABLE eskiz.news (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    messages bigint[] NOT NULL
) WITH (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0
);
CREATE INDEX news_at ON eskiz.news (at);

-- What Eskiz has said of the whole account: that it was too much, or that a person has to do something.
CREATE TABLE eskiz.account_news (
    name text COLLATE "C" PRIMARY KEY,
    owner text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    until timestamptz NOT NULL
) WITH (fillfactor = 20);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'eskiz_gateway') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON eskiz.news, eskiz.account_news TO eskiz_gateway;
    END IF;
END
$$;

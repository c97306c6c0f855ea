-- An order and its message, in one transaction: psql -v phone=+998901234567 -f order.sql
--
-- The message is sent if and only if the order is there. The number that eskiz.send returns is for eskiz.status.
\set ON_ERROR_STOP on

CREATE TABLE IF NOT EXISTS orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    phone text NOT NULL,
    sms bigint
);

BEGIN;
INSERT INTO orders (phone) VALUES (:'phone') RETURNING id AS order_id \gset
UPDATE orders SET sms = eskiz.send(
    phone => :'phone',
    body => 'Buyurtma ' || :order_id || ' qabul qilindi',
    reference => 'order ' || :order_id,
    idempotency_key => 'order-' || :order_id
) WHERE id = :order_id RETURNING sms \gset
COMMIT;

-- Not needed: without it the message is found within a tenth of a second. Never inside the transaction.
SELECT eskiz.poke();

SELECT status, message_id, error FROM eskiz.status(:sms);

-- The tables of a suite. Variables: schema, orders, users, plans (rows of each).
-- Deterministic but for the clock. One row in a thousand has a defect, so that some checks fail in every size.
CREATE SCHEMA IF NOT EXISTS :"schema";
SET search_path TO :"schema";

CREATE TABLE users AS
SELECT i AS id,
       'user ' || i AS name,
       CASE WHEN i % 1000 = 17 THEN 'user' || i || '[at]example.com' ELSE 'user' || i || '@example.com' END AS email,
       '+' || (35200000000 + i) AS phone,
       (ARRAY['PT', 'ES', 'FR', 'DE', 'IT', 'NL', 'SE', 'PL'])[1 + i % 8] AS country,
       (ARRAY['active', 'invited', 'closed'])[1 + i % 3] AS status,
       18 + i % 70 AS age,
       (i % 1000) / 10.0::float8 AS score,
       CASE WHEN i > 10 AND i % 4 = 0 THEN i / 4 END AS referrer_id,
       now() - (:users - i) * (interval '60 days' / :users) AS created_at
FROM generate_series(1, :users) AS i;
ALTER TABLE users ADD PRIMARY KEY (id);

CREATE TABLE plans AS
SELECT 'PLAN-' || lpad(i::text, 5, '0') AS code,
       'plan ' || i AS name,
       (ARRAY['EUR', 'USD', 'GBP'])[1 + i % 3] AS currency,
       (CASE WHEN i % 1000 = 50 THEN -1 ELSE 5 + i % 95 END)::numeric(12, 2) AS price,
       1 + i % 50 AS seats,
       i % 7 <> 0 AS is_active,
       now() - i * interval '1 hour' AS created_at
FROM generate_series(1, :plans) AS i;

CREATE TABLE orders AS
SELECT i AS id,
       CASE WHEN i % 1000 = 500 THEN :users + i ELSE 1 + (i * 7919::bigint) % :users END AS user_id,
       CASE WHEN i % 1000 = 3 THEN 'unknown' ELSE (ARRAY['new', 'paid', 'shipped', 'returned'])[1 + i % 4] END AS status,
       (ARRAY['web', 'app', 'store', 'phone'])[1 + i % 4] AS channel,
       (ARRAY['low', 'normal', 'high'])[1 + i % 3] AS priority,
       (ARRAY['EUR', 'USD', 'GBP'])[1 + i % 3] AS currency,
       (ARRAY['PT', 'ES', 'FR', 'DE', 'IT', 'NL', 'SE', 'PL'])[1 + i % 8] AS country,
       'SKU-' || 100000 + (i * 31) % 5000 AS sku,
       '+' || (35100000000 + i) AS phone,
       'user' || (CASE WHEN i % 9901 = 0 THEN i - 1 ELSE i END)
         || (CASE WHEN i % 1000 = 7 THEN '[at]' ELSE '@' END) || 'example.com' AS email,
       CASE WHEN i % 10 <> 0 THEN 'note ' || md5(i::text) END AS note,
       (1 + (i % 50000) / 100.0)::numeric(12, 2) AS amount,
       ((i % 100) / 100.0)::numeric(12, 2) AS discount,
       (i % 230) / 1000.0::float8 AS tax,
       0.1 + (i % 3000) / 100.0::float8 AS weight,
       CASE WHEN i % 1000 = 900 THEN 0 ELSE 1 + i % 9 END AS quantity,
       CASE WHEN i % 10 >= 3 THEN 1 + i % 5 END AS rating,
       now() - (:orders - i) * (interval '60 days' / :orders) AS created_at,
       least(now(), now() - (:orders - i) * (interval '60 days' / :orders) + (i % 60) * interval '1 minute') AS updated_at,
       CASE WHEN i % 2 = 0 THEN now() - (:orders - i) * (interval '60 days' / :orders) + interval '1 day' END AS shipped_at
FROM generate_series(1, :orders) AS i;
ALTER TABLE orders ADD PRIMARY KEY (id);

VACUUM (ANALYZE) users, plans, orders;
GRANT USAGE ON SCHEMA :"schema" TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA :"schema" TO reader;

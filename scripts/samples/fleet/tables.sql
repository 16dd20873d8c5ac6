-- Tables for the messages of a fleet, for PostgreSQL 14 or later. Running the file again changes nothing.

-- Where a shelf stands. A device that is not in it belongs to the store that its name begins with, up to the last dash.
CREATE TABLE IF NOT EXISTS shelf (
    device text PRIMARY KEY,
    store text NOT NULL
);

CREATE TABLE IF NOT EXISTS message (
    installation uuid NOT NULL,           -- two devices with the same name have different installations
    id text NOT NULL,                     -- the same for a message that is sent again
    device text NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('result', 'event')),
    at timestamptz NOT NULL,              -- when the picture was taken, or when the event happened
    stored_at timestamptz NOT NULL DEFAULT now(),
    document jsonb NOT NULL,
    PRIMARY KEY (installation, id, at)    -- a copy has the same time, so that it falls into the same day
) PARTITION BY RANGE (at);
CREATE INDEX IF NOT EXISTS message_by_device ON message (device, at);
CREATE INDEX IF NOT EXISTS message_changes ON message (installation, seq) WHERE kind = 'event';

-- For days that have no table of their own, such as those of a device with a wrong clock.
CREATE TABLE IF NOT EXISTS message_other PARTITION OF message DEFAULT;

-- Makes the tables of some days, UTC. Run it each day: SELECT make_days().
CREATE OR REPLACE FUNCTION make_days(first date DEFAULT current_date - 1, days int DEFAULT 9) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    day date;
    made int := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('edgeshelf make_days'));
    FOR day IN SELECT first + n FROM generate_series(0, days - 1) AS n LOOP
        CONTINUE WHEN to_regclass('message_' || to_char(day, 'YYYYMMDD')) IS NOT NULL;
        -- Rows that came before their day had a table move into it.
        CREATE TEMP TABLE early ON COMMIT DROP AS
            SELECT * FROM message_other WHERE at >= day::timestamp AT TIME ZONE 'UTC' AND at < (day + 1)::timestamp AT TIME ZONE 'UTC';
        DELETE FROM message_other WHERE at >= day::timestamp AT TIME ZONE 'UTC' AND at < (day + 1)::timestamp AT TIME ZONE 'UTC';
        EXECUTE format('CREATE TABLE %I PARTITION OF message FOR VALUES FROM (%L) TO (%L)',
            'message_' || to_char(day, 'YYYYMMDD'), day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
        INSERT INTO message SELECT * FROM early;
        DROP TABLE early;
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

-- Drops the tables of days before a day, which is quick and gives the space back. Run it each day: SELECT drop_days(current_date - 90).
CREATE OR REPLACE FUNCTION drop_days(before date) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    old text;
    dropped int := 0;
BEGIN
    FOR old IN
        SELECT relname FROM pg_class JOIN pg_inherits ON inhrelid = pg_class.oid
        WHERE inhparent = 'message'::regclass AND relname ~ '^message_[0-9]{8}$' AND to_date(right(relname, 8), 'YYYYMMDD') < before
    LOOP
        EXECUTE format('DROP TABLE %I', old);
        dropped := dropped + 1;
    END LOOP;
    DELETE FROM message_other WHERE stored_at < before;
    RETURN dropped;
END $$;

SELECT make_days();

CREATE OR REPLACE FUNCTION store_of(name text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT coalesce((SELECT store FROM shelf WHERE device = name), regexp_replace(name, '-[^-]*$', '')) $$;

-- What each look at each place showed. Looks that could not judge it are left out.
CREATE OR REPLACE VIEW look AS
SELECT store_of(device) AS store, device, at, slot ->> 'slot' AS slot, slot -> 'expected' ->> 'label' AS product, slot ->> 'verdict' AS verdict
FROM message, jsonb_array_elements(document -> 'slots') AS slot
WHERE kind = 'result' AND slot -> 'expected' ->> 'label' IS NOT NULL AND slot ->> 'verdict' IN ('match', 'mismatch', 'empty', 'unknown');

-- The share of looks that found the product in its place. Ask for a few days at a time: WHERE hour >= now() - interval '2 days'.
CREATE OR REPLACE VIEW availability_by_hour AS
SELECT store, product, date_trunc('hour', at) AS hour, count(*) AS looks, round(avg((verdict = 'match')::int), 4) AS availability
FROM look GROUP BY store, product, date_trunc('hour', at);

-- One row for each confirmed change of a place in the last 30 days.
CREATE OR REPLACE VIEW slot_change AS
SELECT installation, store_of(device) AS store, device, seq, at, document -> 'data' ->> 'slot' AS slot, document -> 'data' ->> 'from' AS from_verdict,
    document -> 'data' ->> 'to' AS to_verdict, document -> 'data' -> 'expected' ->> 'label' AS product, (document -> 'data' ->> 'since')::timestamptz AS since, (document ->> 'clock_synced')::boolean AS clock_synced
FROM message
WHERE kind = 'event' AND document ->> 'type' = 'slot-changed' AND at > now() - interval '30 days';

-- The newest result of each device in the last 7 days. A time in the future is that of a wrong clock. A device that was set up again has a new
-- installation, and what the old one said holds no longer. The recursion jumps from name to name in the index.
CREATE OR REPLACE VIEW newest_result AS
WITH RECURSIVE name AS (
    (SELECT device FROM message WHERE at > now() - interval '7 days' ORDER BY device LIMIT 1)
    UNION ALL
    SELECT (SELECT device FROM message WHERE device > name.device AND at > now() - interval '7 days' ORDER BY device LIMIT 1)
    FROM name WHERE name.device IS NOT NULL
)
SELECT newest.installation, newest.device, newest.seq, newest.at, newest.document FROM name CROSS JOIN LATERAL (
    SELECT * FROM message
    WHERE message.device = name.device AND kind = 'result' AND at BETWEEN now() - interval '7 days' AND now() + interval '1 hour'
    ORDER BY at DESC LIMIT 1
) AS newest;

-- What does not hold its product now: the places of the newest result of each device, with the verdict of that result or of a later change. The verdict
-- of the last change counts for a place that is covered. `since` is NULL where no change tells it, as for a place that was empty from the first look.
CREATE OR REPLACE VIEW missing_now AS
SELECT installation, store, device, seq, at, slot, from_verdict, to_verdict, product, since, clock_synced
FROM (
    SELECT result.installation, store_of(result.device) AS store, result.device, coalesce(change.seq, result.seq) AS seq, coalesce(change.at, result.at) AS at,
        place ->> 'slot' AS slot, change.from_verdict, verdict.now AS to_verdict, place -> 'expected' ->> 'label' AS product,
        CASE WHEN change.to_verdict = verdict.now THEN change.since END AS since, (result.document ->> 'clock_synced')::boolean AS clock_synced
    FROM newest_result AS result
    CROSS JOIN LATERAL jsonb_array_elements(result.document -> 'slots') AS place
    LEFT JOIN LATERAL (
        SELECT * FROM slot_change AS c
        WHERE c.installation = result.installation AND c.slot = place ->> 'slot' AND c.product = place -> 'expected' ->> 'label'
        ORDER BY c.seq DESC LIMIT 1
    ) AS change ON true
    CROSS JOIN LATERAL (
        SELECT CASE WHEN change.seq > result.seq OR place ->> 'verdict' IN ('covered', 'unchecked') THEN change.to_verdict ELSE place ->> 'verdict' END AS now
    ) AS verdict
    WHERE place -> 'expected' ->> 'label' IS NOT NULL
) AS placed
WHERE to_verdict IN ('empty', 'mismatch', 'unknown');

-- How long each place was empty until its product was back. Times of a device whose clock was not known to be right are left out.
CREATE OR REPLACE VIEW restocked AS
SELECT store, device, slot, product, since AS empty_since, next_since AS back_at, next_since - since AS empty_for
FROM (
    SELECT *, lead(to_verdict) OVER later AS next_verdict, lead(since) OVER later AS next_since,
        lead(clock_synced) OVER later AS next_synced, lead(product) OVER later AS next_product
    FROM slot_change WINDOW later AS (PARTITION BY installation, slot ORDER BY seq)
) AS changes
WHERE to_verdict = 'empty' AND next_verdict = 'match' AND next_product = product AND clock_synced AND next_synced;

-- Which models made the results of the last day, and how much of it a person should review.
CREATE OR REPLACE VIEW models_by_version AS
SELECT document -> 'model' ->> 'name' AS model, document -> 'model' ->> 'version' AS version, count(DISTINCT device) AS devices, count(*) AS results,
    round(avg((document ->> 'needs_review')::boolean::int), 4) AS review_share, max(at) AS newest
FROM message WHERE kind = 'result' AND at > now() - interval '1 day'
GROUP BY 1, 2;

-- Numbers that are missing between the first and the last of a device. What is on its way is missing too, so look at it after an outage has ended.
CREATE OR REPLACE VIEW gap AS
SELECT installation, device, previous + 1 AS first_missing, seq - 1 AS last_missing
FROM (SELECT installation, device, seq, lag(seq) OVER (PARTITION BY installation, device ORDER BY seq) AS previous FROM message) AS numbered
WHERE seq > previous + 1;

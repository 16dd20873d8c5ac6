-- Tables for the messages of all shelves, for PostgreSQL 13 or later. Running the file again changes nothing.

CREATE TABLE IF NOT EXISTS message (
    installation uuid NOT NULL,           -- two devices with the same name have different installations
    id text NOT NULL,                     -- the same for a message that is sent again
    device text NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('result', 'event')),
    at timestamptz NOT NULL,              -- when the picture was taken, or when the event happened
    stored_at timestamptz NOT NULL DEFAULT now(),
    document jsonb NOT NULL,
    PRIMARY KEY (installation, id)
);
CREATE INDEX IF NOT EXISTS message_by_device ON message (device, at);

-- One row for each confirmed change of a place.
CREATE OR REPLACE VIEW slot_change AS
SELECT installation, device, seq, at, document -> 'data' ->> 'slot' AS slot, document -> 'data' ->> 'from' AS from_verdict,
    document -> 'data' ->> 'to' AS to_verdict, document -> 'data' -> 'expected' ->> 'label' AS expected, document -> 'data' -> 'expected' ->> 'sku' AS sku,
    (document -> 'data' ->> 'since')::timestamptz AS since
FROM message
WHERE kind = 'event' AND document ->> 'type' = 'slot-changed';

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
SELECT installation, device, seq, at, slot, from_verdict, to_verdict, expected, sku, since
FROM (
    SELECT result.installation, result.device, coalesce(change.seq, result.seq) AS seq, coalesce(change.at, result.at) AS at,
        place ->> 'slot' AS slot, change.from_verdict, verdict.now AS to_verdict, place -> 'expected' ->> 'label' AS expected, place -> 'expected' ->> 'sku' AS sku,
        CASE WHEN change.to_verdict = verdict.now THEN change.since END AS since
    FROM newest_result AS result
    CROSS JOIN LATERAL jsonb_array_elements(result.document -> 'slots') AS place
    LEFT JOIN LATERAL (
        SELECT * FROM slot_change AS c
        WHERE c.installation = result.installation AND c.slot = place ->> 'slot' AND c.expected = place -> 'expected' ->> 'label'
        ORDER BY c.seq DESC LIMIT 1
    ) AS change ON true
    CROSS JOIN LATERAL (
        SELECT CASE WHEN change.seq > result.seq OR place ->> 'verdict' IN ('covered', 'unchecked') THEN change.to_verdict ELSE place ->> 'verdict' END AS now
    ) AS verdict
    WHERE place -> 'expected' ->> 'label' IS NOT NULL
) AS placed
WHERE to_verdict IN ('empty', 'mismatch', 'unknown');

-- How long a place was without its product.
CREATE OR REPLACE VIEW restocked AS
SELECT installation, device, slot, expected, sku, since AS missing_since, next_since AS back_at, next_since - since AS missing_for
FROM (
    SELECT *, lead(to_verdict) OVER later AS next_verdict, lead(since) OVER later AS next_since, lead(expected) OVER later AS next_expected
    FROM slot_change WINDOW later AS (PARTITION BY installation, slot ORDER BY seq)
) AS changes
WHERE to_verdict = 'empty' AND next_verdict = 'match' AND next_expected = expected;

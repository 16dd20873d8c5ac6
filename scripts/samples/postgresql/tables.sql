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

-- What does not hold its product now.
CREATE OR REPLACE VIEW missing_now AS
SELECT * FROM (SELECT DISTINCT ON (installation, slot) * FROM slot_change ORDER BY installation, slot, seq DESC) AS newest
WHERE to_verdict IN ('empty', 'mismatch', 'unknown');

-- How long a place was without its product.
CREATE OR REPLACE VIEW restocked AS
SELECT installation, device, slot, expected, sku, since AS missing_since, next_since AS back_at, next_since - since AS missing_for
FROM (
    SELECT *, lead(to_verdict) OVER later AS next_verdict, lead(since) OVER later AS next_since
    FROM slot_change WINDOW later AS (PARTITION BY installation, slot ORDER BY seq)
) AS changes
WHERE to_verdict = 'empty' AND next_verdict = 'match';

-- What is known of an address that is fetched: how to ask for it again, and when.
CREATE TABLE fetches (
    source_id     INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    address       TEXT NOT NULL,
    -- where it has moved for good
    moved_to      TEXT,
    etag          TEXT,
    last_modified TEXT,
    -- failures in a row
    failures      INTEGER NOT NULL DEFAULT 0,
    -- the time between two fetches, in milliseconds, as it has adapted; NULL is the configured one
    interval      INTEGER,
    next_at       INTEGER,
    -- set once the server has said that it is gone for good
    gone_at       INTEGER,
    PRIMARY KEY (source_id, address)
) WITHOUT ROWID;

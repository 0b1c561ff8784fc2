-- What a stretch of a roundup was made of, as JSON, by its first part: what is corrected is said anew by it.
CREATE TABLE composed (
    part_id    INTEGER PRIMARY KEY REFERENCES parts (id) ON DELETE CASCADE,
    platform   TEXT NOT NULL,
    made       TEXT NOT NULL,
    -- its parts, in their order
    parts      TEXT NOT NULL,
    -- whether an item that it shows has changed since
    stale      INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
);
CREATE INDEX composed_stale ON composed (platform) WHERE stale = 1;

-- In which stretch an item is shown; NULL where it only counts among “N more”.
ALTER TABLE shown ADD COLUMN composed INTEGER;

-- The newest edition of a part; 0 is the text as it was composed.
ALTER TABLE parts ADD COLUMN edition INTEGER NOT NULL DEFAULT 0;
CREATE TABLE editions (
    part_id INTEGER NOT NULL REFERENCES parts (id) ON DELETE CASCADE,
    edition INTEGER NOT NULL,
    -- what goes to who hasn't got it yet; NULL if all that it shows was withdrawn
    fresh   TEXT,
    -- what a message becomes that was sent
    edited  TEXT NOT NULL,
    PRIMARY KEY (part_id, edition)
) WITHOUT ROWID;

-- The edition that was sent, when the message was edited last, and whether that couldn't be done in time.
ALTER TABLE deliveries ADD COLUMN edition INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN edited_at INTEGER;
ALTER TABLE deliveries ADD COLUMN uncorrected INTEGER NOT NULL DEFAULT 0;
CREATE INDEX deliveries_uncorrected ON deliveries (channel_id) WHERE uncorrected = 1;

-- Messages that are to be edited.
CREATE TABLE edits (
    delivery_id   INTEGER PRIMARY KEY REFERENCES deliveries (id) ON DELETE CASCADE,
    platform      TEXT NOT NULL,
    -- 'pending', 'sending' or 'unknown'
    state         TEXT NOT NULL,
    attempts      INTEGER NOT NULL DEFAULT 0,
    not_before_at INTEGER NOT NULL,
    last_error    TEXT
);
CREATE INDEX edits_of_platform ON edits (platform, not_before_at);

ALTER TABLE channels ADD COLUMN corrections INTEGER;

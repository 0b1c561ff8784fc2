-- What readers don't see is listed for editors, without going through all that they see.
CREATE INDEX items_aside ON items (removed, id) WHERE removed <> 0;

-- The language that a feed says it is in.
ALTER TABLE documents ADD COLUMN language TEXT;

-- What the dashboard was asked to do with a source: any process shows it, and whoever loads the source does it.
CREATE TABLE works (
    -- nobody guesses it
    name     TEXT PRIMARY KEY,
    -- 'fetch-now' or 'try'
    deed     TEXT NOT NULL,
    source   TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    -- who has it in hand; NULL as long as nobody has
    doer     TEXT,
    -- when it was done, whether all was well, and what came of it, line by line
    ended_at INTEGER,
    is_well  INTEGER,
    said     TEXT
) WITHOUT ROWID;

-- Where the command menu was set, in the platform's own words: what no longer applies can be taken back.
ALTER TABLE platforms ADD COLUMN menu_places TEXT;

-- What is wrong at present and was told to the operator: told once when it began, and once when it is over.
CREATE TABLE incidents (
    -- what it is about, such as 'source:digests'
    key      TEXT PRIMARY KEY,
    -- in words, as it was told
    text     TEXT NOT NULL,
    begun_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Since when a source can't be read; NULL while it can.
ALTER TABLE sources ADD COLUMN failing_at INTEGER;

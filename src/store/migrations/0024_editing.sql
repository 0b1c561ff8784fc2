-- What is done to single items, to sections and by the operator is kept beside what is done to reviews.
ALTER TABLE deeds ADD COLUMN item_id INTEGER;
ALTER TABLE deeds ADD COLUMN section_id INTEGER;
-- what it was done to, in words: a title, a channel, a source
ALTER TABLE deeds ADD COLUMN subject TEXT NOT NULL DEFAULT '';
-- JSON: what it is since
ALTER TABLE deeds ADD COLUMN after TEXT NOT NULL DEFAULT 'null';
ALTER TABLE deeds ADD COLUMN undone_at INTEGER;
ALTER TABLE deeds ADD COLUMN undone_by TEXT;
CREATE INDEX deeds_of_item ON deeds (item_id, id) WHERE item_id IS NOT NULL;
CREATE INDEX deeds_of_section ON deeds (section_id, id) WHERE section_id IS NOT NULL;

-- The source's own words for an item that an editor has corrected: it is recognised by them whatever the item says, and
-- they are said again when that is undone.
CREATE TABLE own_words (
    item_id      INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
    title        TEXT NOT NULL,
    summary      TEXT NOT NULL,
    link         TEXT,
    -- which of them an editor has set
    sets_title   INTEGER NOT NULL,
    sets_summary INTEGER NOT NULL,
    sets_link    INTEGER NOT NULL
);

-- The item that leads its story; NULL where it leads its own.
ALTER TABLE items ADD COLUMN story INTEGER;
CREATE INDEX items_of_story ON items (story) WHERE story IS NOT NULL;

-- What items of the last days say, as stories are compared by it, and what they are found by.
CREATE TABLE tellings (
    item_id  INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
    -- when it was published, else first seen, in seconds since 1970
    moment   INTEGER NOT NULL,
    features TEXT NOT NULL
);
CREATE INDEX tellings_by_moment ON tellings (moment);
CREATE TABLE telling_keys (
    key     INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    PRIMARY KEY (key, item_id)
) WITHOUT ROWID;

-- What another source says of an item that is stored already.
CREATE TABLE reports (
    item_id    INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    source_id  INTEGER NOT NULL REFERENCES sources (id),
    link       TEXT,
    -- where that source files it
    section_id INTEGER NOT NULL REFERENCES sections (id),
    seen_at    INTEGER NOT NULL,
    -- its place in the order in which items are handed to subscribers; NULL if it is only to be read
    push_order INTEGER,
    PRIMARY KEY (item_id, source_id)
) WITHOUT ROWID;
CREATE INDEX reports_pushed ON reports (push_order) WHERE push_order IS NOT NULL;

-- Items that a composed post shows or counts among “N more”, by the post's first part: who has got which story follows from
-- it.
CREATE TABLE shown (
    post    INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    PRIMARY KEY (post, item_id)
) WITHOUT ROWID;
CREATE INDEX shown_by_item ON shown (item_id);

-- Whether every item of a story comes, and not only the first; NULL is no.
ALTER TABLE channels ADD COLUMN duplicates INTEGER;

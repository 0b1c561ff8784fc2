-- What passes of a source with `hold` bring waits here for its editors: items whose `removed` is 3 meanwhile.
CREATE TABLE reviews (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id INTEGER NOT NULL REFERENCES sources (id),
    begun_at  INTEGER NOT NULL,
    -- counted up whenever its messages are to say something else
    version   INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX reviews_of_source ON reviews (source_id, id);

CREATE TABLE held (
    item_id   INTEGER PRIMARY KEY REFERENCES items (id) ON DELETE CASCADE,
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    -- when it goes out by itself; NULL waits for an editor
    until_at  INTEGER,
    -- 'held', 'out' or 'withdrawn'
    state     TEXT NOT NULL
);
CREATE INDEX held_of_review ON held (review_id);
CREATE INDEX held_until ON held (until_at) WHERE state = 'held' AND until_at IS NOT NULL;

-- The message that editors of a platform get of a review, and which version of it that says.
CREATE TABLE review_parts (
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    platform  TEXT NOT NULL,
    part_id   INTEGER NOT NULL REFERENCES parts (id) ON DELETE CASCADE,
    version   INTEGER NOT NULL,
    PRIMARY KEY (review_id, platform)
) WITHOUT ROWID;

-- What editors did: who, when, what it was before.
CREATE TABLE deeds (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    -- the channel by which the configuration names them
    editor    TEXT NOT NULL,
    deed      TEXT NOT NULL,
    review_id INTEGER REFERENCES reviews (id),
    -- JSON
    before    TEXT NOT NULL,
    undone    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX deeds_of_review ON deeds (review_id, id);

-- Searches that channels follow. A subscription to one has its number, negated, as its section_id.
CREATE TABLE watches (
    id      INTEGER PRIMARY KEY,
    -- canonical
    words   TEXT NOT NULL UNIQUE,
    -- the push_order of the newest item that it found; 0 until then
    newest  INTEGER NOT NULL DEFAULT 0,
    -- whether somebody who follows it instantly may not have that
    pending INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX watches_pending ON watches (id) WHERE pending = 1;

-- By which of its words a watch is found when an item is filed that holds it: the rarest. Where it asks for beginnings only, by
-- the beginning of one, of so many letters; 0 for whole words.
CREATE TABLE watch_words (
    letters  INTEGER NOT NULL,
    word     TEXT NOT NULL,
    watch_id INTEGER NOT NULL REFERENCES watches (id) ON DELETE CASCADE,
    PRIMARY KEY (letters, word, watch_id)
) WITHOUT ROWID;
CREATE INDEX watch_words_of_watch ON watch_words (watch_id);

-- Items that watches found, as long as somebody who follows the watch hasn't got past them.
CREATE TABLE watched (
    watch_id   INTEGER NOT NULL REFERENCES watches (id) ON DELETE CASCADE,
    push_order INTEGER NOT NULL,
    PRIMARY KEY (watch_id, push_order)
) WITHOUT ROWID;

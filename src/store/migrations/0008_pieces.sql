-- What goes instead of a part's text that the platform refused: the first of them is sent next.
CREATE TABLE pieces (
    -- never another piece's, so that a platform doesn't take one for the other
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    place       INTEGER NOT NULL,
    wire        TEXT NOT NULL
);
-- how many pieces of it have met their fate
ALTER TABLE deliveries ADD COLUMN decided INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX pieces_of_delivery ON pieces (delivery_id, place);

-- Until when a platform has asked to be left alone, by a channel or, where it is empty, by everybody.
CREATE TABLE waits (
    platform TEXT NOT NULL,
    channel  TEXT NOT NULL,
    until_at INTEGER NOT NULL,
    PRIMARY KEY (platform, channel)
) WITHOUT ROWID;

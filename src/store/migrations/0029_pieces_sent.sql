-- Pieces of parts that have arrived: what they show is corrected, too.
CREATE TABLE sent_pieces (
    -- the number that it had among those that were to be sent
    piece_id    INTEGER PRIMARY KEY,
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    -- what the platform called the message
    message_id  TEXT NOT NULL,
    -- as it was sent
    wire        TEXT NOT NULL,
    -- the edition of its part that it says
    edition     INTEGER NOT NULL
);
CREATE INDEX sent_pieces_of_delivery ON sent_pieces (delivery_id);

-- What an edition says without a mark, where `fresh` is NULL, and what marks it: pieces are made of both.
ALTER TABLE editions ADD COLUMN unmarked TEXT;
ALTER TABLE editions ADD COLUMN mark TEXT;

-- The part that this one was a piece of until it was refused for good, and the edition of it that it was cut from.
ALTER TABLE parts ADD COLUMN piece_of INTEGER;
ALTER TABLE parts ADD COLUMN piece_edition INTEGER;
CREATE INDEX parts_in_pieces ON parts (piece_of) WHERE piece_of IS NOT NULL;

-- Whether a report is handed to subscribers once the item that it is of is.
ALTER TABLE reports ADD COLUMN waits INTEGER NOT NULL DEFAULT 0;

-- What editors call themselves, as it was when they did something last.
CREATE TABLE editor_names (
    -- the channel by which the configuration names them
    editor TEXT PRIMARY KEY,
    name   TEXT NOT NULL
) WITHOUT ROWID;

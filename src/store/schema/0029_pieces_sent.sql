CREATE TABLE sent_pieces (
    piece_id    BIGINT PRIMARY KEY,
    delivery_id BIGINT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    message_id  TEXT COLLATE "C" NOT NULL,
    wire        TEXT COLLATE "C" NOT NULL,
    edition     BIGINT NOT NULL
);
CREATE INDEX sent_pieces_of_delivery ON sent_pieces (delivery_id);
ALTER TABLE editions ADD COLUMN unmarked TEXT COLLATE "C";
ALTER TABLE editions ADD COLUMN mark TEXT COLLATE "C";
ALTER TABLE parts ADD COLUMN piece_of BIGINT;
ALTER TABLE parts ADD COLUMN piece_edition BIGINT;
CREATE INDEX parts_in_pieces ON parts (piece_of) WHERE piece_of IS NOT NULL;
ALTER TABLE reports ADD COLUMN waits BIGINT NOT NULL DEFAULT 0;
CREATE TABLE editor_names (
    editor TEXT COLLATE "C" PRIMARY KEY,
    name   TEXT COLLATE "C" NOT NULL
);

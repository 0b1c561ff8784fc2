CREATE INDEX items_aside ON items (removed, id) WHERE removed <> 0;
ALTER TABLE documents ADD COLUMN language TEXT COLLATE "C";
CREATE TABLE works (
    name     TEXT COLLATE "C" PRIMARY KEY,
    deed     TEXT COLLATE "C" NOT NULL,
    source   TEXT COLLATE "C" NOT NULL,
    begun_at BIGINT NOT NULL,
    doer     TEXT COLLATE "C",
    ended_at BIGINT,
    is_well  BIGINT,
    said     TEXT COLLATE "C"
);

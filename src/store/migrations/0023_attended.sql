-- What a post showed goes with it: its number may be another post's later.
DELETE FROM shown WHERE post NOT IN (SELECT id FROM parts);
CREATE TRIGGER shown_goes_with_its_post AFTER DELETE ON parts BEGIN
    DELETE FROM shown WHERE post = old.id;
END;

-- When a held item went out: until then it was no news.
ALTER TABLE held ADD COLUMN released_at INTEGER;

-- Whether an editor has filed it: then its source doesn't.
ALTER TABLE items ADD COLUMN filed_by_editor INTEGER NOT NULL DEFAULT 0;

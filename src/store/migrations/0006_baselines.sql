-- What an address held when it was loaded first is there to be read, and isn't pushed.
ALTER TABLE fetches ADD COLUMN baseline_at INTEGER;
UPDATE fetches SET baseline_at = (SELECT baseline_at FROM sources WHERE id = source_id);

-- The rules that the known state was read by: by others it has to be read again.
ALTER TABLE fetches ADD COLUMN rules_hash INTEGER;

-- What an index led to at that time and what couldn't be read at once.
CREATE TABLE led_to_at_first (
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    address   TEXT NOT NULL,
    PRIMARY KEY (source_id, address)
) WITHOUT ROWID;

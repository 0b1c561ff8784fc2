-- Who does what where several processes share a store on a server. With a file there is one process, and both stay empty.
CREATE TABLE leases (
    -- 'chat:<platform>', 'fetch:<source>' or 'keep'
    duty     TEXT PRIMARY KEY,
    -- the process that holds it; empty once it was laid down
    holder   TEXT NOT NULL,
    -- grows with every holder
    epoch    INTEGER NOT NULL,
    since_at INTEGER NOT NULL,
    until_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE processes (
    name       TEXT PRIMARY KEY,
    started_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    -- a hash of what it was configured with
    settings   INTEGER NOT NULL
) WITHOUT ROWID;
-- In whose epoch a part was taken in hand last.
ALTER TABLE deliveries ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;

-- What the archive is called in the identifiers of its entries: a UUID, made with the store and kept by its copies.
CREATE TABLE archive (
    uuid TEXT PRIMARY KEY
) WITHOUT ROWID;
INSERT INTO archive (uuid) VALUES (
    lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' || substr(lower(hex(randomblob(2))), 2)
    || '-' || substr('89ab', 1 + (random() & 3), 1) || substr(lower(hex(randomblob(2))), 2)
    || '-' || lower(hex(randomblob(6)))
);

-- When title, summary, link or section changed last; NULL while they are what they were at first sight.
ALTER TABLE items ADD COLUMN updated_at INTEGER;

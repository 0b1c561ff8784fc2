-- Whether `published` is the publisher's word (1) or the day of the item's first sight (0); NULL where it was filed
-- before that was told apart.
ALTER TABLE items ADD COLUMN written INTEGER;
-- Set where more came in one pass than is pushed: it counts among what is beyond a roundup's cap and isn't shown there.
ALTER TABLE items ADD COLUMN beyond INTEGER NOT NULL DEFAULT 0;

-- Entries that the source's `ignore` left out.
ALTER TABLE documents ADD COLUMN ignored INTEGER NOT NULL DEFAULT 0;
-- The version of the reader that read it: what a better one finds in the same bytes is no news.
ALTER TABLE documents ADD COLUMN reader INTEGER NOT NULL DEFAULT 0;

-- What several items of a document have shared, so that it identifies none of them: hashes of feed ids and links.
CREATE TABLE shared (
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    key         INTEGER NOT NULL,
    PRIMARY KEY (document_id, key)
) WITHOUT ROWID;

-- What a source calls itself.
ALTER TABLE sources ADD COLUMN title TEXT;
-- When more came at once than is pushed, and how many items that were.
ALTER TABLE sources ADD COLUMN burst_at INTEGER;
ALTER TABLE sources ADD COLUMN burst INTEGER;

-- A move that is watched: where the configured address leads for good, and since when that is seen.
ALTER TABLE fetches ADD COLUMN moving_to TEXT;
ALTER TABLE fetches ADD COLUMN moving_at INTEGER;
-- When the configured address was last asked itself.
ALTER TABLE fetches ADD COLUMN asked_at INTEGER;
-- Where a redirect has led to something of this source's.
ALTER TABLE fetches ADD COLUMN trusted TEXT;
UPDATE fetches SET trusted = moved_to;

-- A section that an operator makes part of another one stays, so that this can be undone: it holds nothing, and its names
-- mean the other one.
ALTER TABLE sections ADD COLUMN merged_into INTEGER REFERENCES sections (id);
CREATE INDEX sections_merged ON sections (merged_into) WHERE merged_into IS NOT NULL;

-- The merged section by which an item, or a report, came to where it stands.
ALTER TABLE items ADD COLUMN came_by INTEGER;
CREATE INDEX items_by_merged ON items (came_by) WHERE came_by IS NOT NULL;
ALTER TABLE reports ADD COLUMN came_by INTEGER;
CREATE INDEX reports_by_merged ON reports (came_by) WHERE came_by IS NOT NULL;

-- Subscriptions that ended with the section that they were to.
CREATE TABLE merged_subscriptions (
    section_id     INTEGER NOT NULL REFERENCES sections (id) ON DELETE CASCADE,
    channel_id     INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    cadence        TEXT NOT NULL,
    filter         TEXT,
    next_at        INTEGER,
    open_until     INTEGER,
    -- whether the channel followed the other section before
    followed_into  INTEGER NOT NULL,
    -- what the subscription to the other section has been since
    became_cadence TEXT NOT NULL,
    became_filter  TEXT,
    PRIMARY KEY (section_id, channel_id)
) WITHOUT ROWID;
CREATE INDEX merged_subscriptions_of_channel ON merged_subscriptions (channel_id);

-- Filters of `all` that named the section, and what they have said since.
CREATE TABLE merged_filters (
    section_id INTEGER NOT NULL REFERENCES sections (id) ON DELETE CASCADE,
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    filter     TEXT NOT NULL,
    became     TEXT NOT NULL,
    PRIMARY KEY (section_id, channel_id)
) WITHOUT ROWID;
CREATE INDEX merged_filters_of_channel ON merged_filters (channel_id);

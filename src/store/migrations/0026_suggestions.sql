-- Links that readers suggested to the editors. Who suggested isn't kept.
CREATE TABLE suggestions (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    link      TEXT NOT NULL,
    link_key  INTEGER NOT NULL,
    -- what the reader said beside it; empty as soon as all editors have it
    words     TEXT NOT NULL,
    -- what the reader's platform is called
    reader_on TEXT NOT NULL,
    at        INTEGER NOT NULL
);
CREATE INDEX suggestions_of_link ON suggestions (link_key);

-- Platforms whose editors don't have a suggestion yet.
CREATE TABLE untold_suggestions (
    platform      TEXT NOT NULL,
    suggestion_id INTEGER NOT NULL REFERENCES suggestions (id) ON DELETE CASCADE,
    PRIMARY KEY (platform, suggestion_id)
) WITHOUT ROWID;

-- How many links somebody suggested on a day; `person` is a number made of who they are and of the day.
CREATE TABLE suggested (
    person INTEGER PRIMARY KEY,
    day    TEXT NOT NULL,
    count  INTEGER NOT NULL
);

-- A link that is suggested may be that of a report.
CREATE INDEX reports_of_link ON reports (link) WHERE link IS NOT NULL;

-- Whether a thread is opened under roundups; NULL where it was never set.
ALTER TABLE channels ADD COLUMN discuss INTEGER;

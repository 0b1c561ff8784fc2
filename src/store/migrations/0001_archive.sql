-- Moments are milliseconds since 1970 in UTC (columns ending in _at), unless a comment says otherwise.

CREATE TABLE sections (
    id       INTEGER PRIMARY KEY,
    slug     TEXT NOT NULL UNIQUE,
    title    TEXT NOT NULL,
    -- 'configured', 'discovered' or 'catch-all'
    origin   TEXT NOT NULL,
    -- the place in the configuration; 0 for the others
    position INTEGER NOT NULL,
    -- how many items it holds: counted here, since counting a million index entries takes too long to answer
    items    INTEGER NOT NULL DEFAULT 0
);
INSERT INTO sections (slug, title, origin, position) VALUES ('more', 'More', 'catch-all', 0);

CREATE TABLE sources (
    id              INTEGER PRIMARY KEY,
    name            TEXT NOT NULL UNIQUE,
    -- when its first pass ended; until then what it yields is a baseline and isn't pushed
    baseline_at     INTEGER,
    last_pass_at    INTEGER,
    last_success_at INTEGER,
    last_error      TEXT
);

CREATE TABLE documents (
    id            INTEGER PRIMARY KEY,
    source_id     INTEGER NOT NULL REFERENCES sources (id),
    name          TEXT NOT NULL,
    -- of the bytes, and of the rules they were read by: both unchanged, there is nothing to read again
    content_hash  INTEGER NOT NULL,
    rules_hash    INTEGER NOT NULL,
    size          INTEGER NOT NULL,
    -- the file's time, in nanoseconds since 1970
    modified      INTEGER NOT NULL,
    items         INTEGER NOT NULL,
    first_seen_at INTEGER NOT NULL,
    loaded_at     INTEGER NOT NULL,
    error_line    INTEGER,
    error_reason  TEXT,
    UNIQUE (source_id, name)
);
CREATE INDEX documents_by_content ON documents (content_hash);
CREATE INDEX documents_failed ON documents (source_id) WHERE error_reason IS NOT NULL;

CREATE TABLE items (
    -- shown to users, so never used twice
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    section_id  INTEGER NOT NULL REFERENCES sections (id),
    source_id   INTEGER NOT NULL REFERENCES sources (id),
    document_id INTEGER NOT NULL REFERENCES documents (id),
    position    INTEGER NOT NULL,
    -- the published moment in seconds since 1970, negated: “newest first” is ascending in three columns
    rank        INTEGER NOT NULL,
    title       TEXT NOT NULL,
    summary     TEXT NOT NULL,
    link        TEXT,
    -- an RFC 3339 date or time, NULL if unknown
    published   TEXT,
    feed_id     TEXT,
    -- hashes of the folded title and the canonical link: how an item is found again
    title_key   INTEGER NOT NULL,
    link_key    INTEGER,
    seen_at     INTEGER NOT NULL,
    -- the order in which items are handed to subscribers; NULL if it is only to be read
    push_order  INTEGER,
    -- taken out by the operator: kept so that it isn't loaded again
    removed     INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX items_newest_of_section ON items (section_id, rank, position, id) WHERE removed = 0;
CREATE INDEX items_newest ON items (rank, position, id) WHERE removed = 0;
CREATE INDEX items_by_title ON items (title_key);
CREATE INDEX items_by_link ON items (link_key) WHERE link_key IS NOT NULL;
CREATE INDEX items_by_feed_id ON items (feed_id) WHERE feed_id IS NOT NULL;
CREATE UNIQUE INDEX items_pushed ON items (push_order) WHERE push_order IS NOT NULL;
CREATE INDEX items_pushed_of_section ON items (section_id, push_order) WHERE push_order IS NOT NULL;

-- The words of an item, made by search.rs; contentless, since the text stands in items. The rowid holds the
-- published day and the item's number, so that reading it backwards is newest first.
CREATE VIRTUAL TABLE search USING fts5 (words, content='', contentless_delete=1, tokenize='ascii');
-- Larger pieces in memory, merged more seldom: half of the writing while an archive is loaded.
INSERT INTO search (search, rank) VALUES ('hashsize', 16777216), ('automerge', 16);


CREATE TABLE channels (
    id           INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    platform     TEXT NOT NULL,
    -- what the channel set for itself; NULL takes the operator's default
    timezone     TEXT,
    locale       TEXT,
    style        TEXT,
    silent       INTEGER,
    role         TEXT,
    cap          INTEGER,
    publish      INTEGER,
    -- 'manager' (/pause) or 'platform' (kicked, blocked, closed …)
    paused_by    TEXT,
    paused_at    INTEGER,
    pause_reason TEXT,
    -- while the platform is the reason: how often it was tried again, and when it is tried next
    tries        INTEGER NOT NULL DEFAULT 0,
    retry_at     INTEGER,
    -- the earliest next_at of its subscriptions; NULL while it is paused or nothing is scheduled
    due_at       INTEGER,
    last_roundup_at INTEGER,
    created_at   INTEGER NOT NULL
);
CREATE INDEX channels_due ON channels (platform, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE subscriptions (
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    -- 0 follows every section that the channel doesn't follow by itself
    section_id INTEGER NOT NULL,
    -- the canonical text of a cadence
    cadence    TEXT NOT NULL,
    instant    INTEGER NOT NULL,
    platform   TEXT NOT NULL,
    paused     INTEGER NOT NULL DEFAULT 0,
    -- items up to this push_order are delivered, or count as such
    cursor     INTEGER NOT NULL,
    next_at    INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (channel_id, section_id)
) WITHOUT ROWID;
CREATE INDEX subscriptions_instant ON subscriptions (platform, section_id, cursor) WHERE instant = 1 AND paused = 0;
CREATE INDEX subscriptions_of_section ON subscriptions (section_id);

-- Items beyond a cursor that the channel has already: left behind when two subscriptions become one.
CREATE TABLE delivered (
    channel_id INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    item_id    INTEGER NOT NULL REFERENCES items (id),
    PRIMARY KEY (channel_id, item_id)
) WITHOUT ROWID;

-- One message's worth of a composed roundup, shared by all channels with equal needs.
CREATE TABLE parts (
    id   INTEGER PRIMARY KEY,
    wire TEXT NOT NULL
);

-- The outbox: one part on its way to one channel.
CREATE TABLE deliveries (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    channel_id   INTEGER NOT NULL REFERENCES channels (id) ON DELETE CASCADE,
    platform     TEXT NOT NULL,
    part_id      INTEGER NOT NULL REFERENCES parts (id),
    -- 'pending', 'sending', 'sent', 'unknown' or 'dead'
    state        TEXT NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    not_before_at INTEGER NOT NULL,
    last_error   TEXT,
    message_id   TEXT,
    created_at   INTEGER NOT NULL,
    settled_at   INTEGER
);
CREATE INDEX deliveries_open ON deliveries (channel_id, id) WHERE state IN ('pending', 'sending', 'unknown');
CREATE INDEX deliveries_waiting ON deliveries (platform, id) WHERE state IN ('pending', 'sending', 'unknown');
CREATE INDEX deliveries_of_part ON deliveries (part_id);
CREATE INDEX deliveries_dead ON deliveries (channel_id) WHERE state = 'dead';

CREATE TABLE facts (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
-- raised whenever a section is added, renamed or moved: who holds a catalogue knows when it is old
INSERT INTO facts (name, value) VALUES ('sections_version', 1), ('last_push_order', 0);

-- Whether posts show previews of their links; NULL takes the platform's default.
ALTER TABLE channels ADD COLUMN previews INTEGER;

-- The first open part of each channel, channel after channel: how the outbox goes round.
CREATE INDEX deliveries_heads ON deliveries (platform, channel_id, id) WHERE state IN ('pending', 'sending', 'unknown');
DROP INDEX deliveries_waiting;

-- Channels that a platform stopped, to be asked about now and then.
CREATE INDEX channels_resting ON channels (platform, retry_at) WHERE paused_by = 'platform';

-- Answers to people, on their way. They need no channel to be kept, and are gone once they have arrived.
CREATE TABLE answers (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    platform      TEXT NOT NULL,
    -- the channel's key
    channel       TEXT NOT NULL,
    wire          TEXT NOT NULL,
    -- 'pending', 'sending' or 'unknown'
    state         TEXT NOT NULL,
    attempts      INTEGER NOT NULL DEFAULT 0,
    -- how often the process ended while it was being sent
    interrupted   INTEGER NOT NULL DEFAULT 0,
    not_before_at INTEGER NOT NULL,
    last_error    TEXT,
    created_at    INTEGER NOT NULL
);
CREATE INDEX answers_of_channel ON answers (channel, id);
CREATE INDEX answers_of_platform ON answers (platform, id);

-- What came in from a platform and is answered: what it hands out a second time after a crash isn't answered again.
CREATE TABLE handled (
    platform   TEXT NOT NULL,
    -- a hash of the whole event
    event      INTEGER NOT NULL,
    handled_at INTEGER NOT NULL,
    PRIMARY KEY (platform, event)
) WITHOUT ROWID;
CREATE INDEX handled_by_time ON handled (handled_at);

-- How a platform stands, for whoever asks in another process.
CREATE TABLE platforms (
    name       TEXT PRIMARY KEY,
    -- what the bot is called there
    account    TEXT,
    -- a hash of the command menu as it was last set
    menu       INTEGER,
    -- set while it can't be reached
    trouble    TEXT,
    trouble_at INTEGER
) WITHOUT ROWID;

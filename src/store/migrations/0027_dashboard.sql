-- Links that sign in to the dashboard, once each, and the sessions that they began. Of what a browser shows only hashes are
-- kept, so that who reads the store can't sign in with it.
CREATE TABLE sign_ins (
    hash    TEXT PRIMARY KEY,
    -- whom it signs in: 'operator', or the channel by which the configuration names an editor
    person  TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    used_at INTEGER
) WITHOUT ROWID;

CREATE TABLE sessions (
    hash    TEXT PRIMARY KEY,
    person  TEXT NOT NULL,
    seen_at INTEGER NOT NULL
) WITHOUT ROWID;

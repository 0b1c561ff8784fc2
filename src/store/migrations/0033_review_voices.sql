-- What editors of a platform get of a review in another language or zone than `[defaults]`, as in `review_parts`.
CREATE TABLE review_voices (
    review_id INTEGER NOT NULL REFERENCES reviews (id),
    platform  TEXT NOT NULL,
    locale    TEXT NOT NULL,
    timezone  TEXT NOT NULL,
    part_id   INTEGER NOT NULL REFERENCES parts (id) ON DELETE CASCADE,
    version   INTEGER NOT NULL,
    PRIMARY KEY (review_id, platform, locale, timezone)
) WITHOUT ROWID;

-- Whether a part is an editor's is asked of each that is edited or deleted.
CREATE INDEX review_parts_of_part ON review_parts (part_id);
CREATE INDEX review_voices_of_part ON review_voices (part_id);

-- All messages to editors; those without a language are as `[defaults]` says.
CREATE VIEW review_messages AS
    SELECT review_id, platform, NULL AS locale, NULL AS timezone, part_id, version FROM review_parts
    UNION ALL
    SELECT review_id, platform, locale, timezone, part_id, version FROM review_voices;

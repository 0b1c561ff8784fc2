CREATE TABLE review_voices (
    review_id BIGINT NOT NULL REFERENCES reviews (id),
    platform  TEXT COLLATE "C" NOT NULL,
    locale    TEXT COLLATE "C" NOT NULL,
    timezone  TEXT COLLATE "C" NOT NULL,
    part_id   BIGINT NOT NULL REFERENCES parts (id) ON DELETE CASCADE,
    version   BIGINT NOT NULL,
    PRIMARY KEY (review_id, platform, locale, timezone)
);
CREATE INDEX review_parts_of_part ON review_parts (part_id);
CREATE INDEX review_voices_of_part ON review_voices (part_id);
CREATE VIEW review_messages AS
    SELECT review_id, platform, CAST(NULL AS text) COLLATE "C" AS locale, CAST(NULL AS text) COLLATE "C" AS timezone, part_id, version
    FROM review_parts
    UNION ALL
    SELECT review_id, platform, locale, timezone, part_id, version FROM review_voices;

-- What a platform needs to know of a channel to post there, in its own words; NULL if it never said.
ALTER TABLE channels ADD COLUMN note TEXT;

-- The place that a channel is part of, such as its server: what happens to that happens to the channel.
ALTER TABLE channels ADD COLUMN place TEXT;
CREATE INDEX channels_of_place ON channels (place) WHERE place IS NOT NULL;

-- The first part of the same post; NULL for parts of earlier versions.
ALTER TABLE deliveries ADD COLUMN post_id INTEGER;

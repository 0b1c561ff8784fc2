-- Until when an answer that its asker alone sees may be given; NULL where that is at any time.
ALTER TABLE answers ADD COLUMN expires_at INTEGER;

-- Where it is said that an answer comes too late; NULL where the answer would have gone.
ALTER TABLE answers ADD COLUMN late_to TEXT;

CREATE INDEX answers_that_end ON answers (platform, expires_at) WHERE expires_at IS NOT NULL;

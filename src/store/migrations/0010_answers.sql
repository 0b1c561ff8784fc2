-- What an answer is to: 'change' goes before 'question', and neither waits for the other in its channel.
ALTER TABLE answers ADD COLUMN kind TEXT NOT NULL DEFAULT 'question';

-- When the question was asked; NULL where the answer is given however late it is.
ALTER TABLE answers ADD COLUMN asked_at INTEGER;

-- What is said instead of an answer that comes too late; NULL where nothing is.
ALTER TABLE answers ADD COLUMN late TEXT;

-- The first message of the same answer; NULL for that one itself.
ALTER TABLE answers ADD COLUMN first_id INTEGER;

DROP INDEX answers_of_channel;
CREATE INDEX answers_of_channel ON answers (channel, kind, id);
CREATE INDEX answers_that_expire ON answers (platform, created_at) WHERE asked_at IS NOT NULL;

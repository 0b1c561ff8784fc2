-- Who asked, as long as the answer waits: the answers in one channel go in turns, one of each asker's after the other.
ALTER TABLE answers ADD COLUMN asker INTEGER;

-- The turn of an answer among those of its channel and kind, the lowest first; those of one turn as they came.
ALTER TABLE answers ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;

DROP INDEX answers_of_channel;
CREATE INDEX answers_of_channel ON answers (channel, kind, turn, id);
CREATE INDEX answers_in_flight ON answers (channel, kind) WHERE state = 'sending';

-- When the channel stopped following all: the same command once more at once is a slip of the finger.
ALTER TABLE channels ADD COLUMN left_all_at INTEGER;

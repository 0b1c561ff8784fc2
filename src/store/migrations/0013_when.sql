-- Where a subscription is instant within windows of the day: when the last one ends that has begun. NULL for all others.
ALTER TABLE subscriptions ADD COLUMN open_until INTEGER;
DROP INDEX subscriptions_instant;
CREATE INDEX subscriptions_instant ON subscriptions (platform, section_id, cursor, open_until) WHERE instant = 1 AND paused = 0;

-- When a manager's pause ends by itself.
ALTER TABLE channels ADD COLUMN paused_until INTEGER;
-- What the platform said while a manager's pause was there already: it holds once that is over.
ALTER TABLE channels ADD COLUMN refused_at INTEGER;
ALTER TABLE channels ADD COLUMN refusal TEXT;

-- Which items of the subscription are wanted: a filter's canonical text; NULL wants all.
ALTER TABLE subscriptions ADD COLUMN filter TEXT;

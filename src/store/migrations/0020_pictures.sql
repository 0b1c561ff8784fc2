-- Where a picture of an item is.
ALTER TABLE items ADD COLUMN picture TEXT;

-- What an item is found by, as one value; NULL where an older program has written rows of telling_keys instead.
ALTER TABLE tellings ADD COLUMN keys TEXT COLLATE "C";

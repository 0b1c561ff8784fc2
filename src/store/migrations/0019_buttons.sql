-- Whether buttons and menus hang under roundups; NULL where it was never set.
ALTER TABLE channels ADD COLUMN buttons INTEGER;

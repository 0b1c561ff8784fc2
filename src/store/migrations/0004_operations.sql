-- Where the command menu was set, in the platform's own words: what no longer applies can be taken back.
ALTER TABLE platforms ADD COLUMN menu_places TEXT;

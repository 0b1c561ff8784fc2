ALTER TABLE platforms ADD COLUMN webhook_secret TEXT COLLATE "C";

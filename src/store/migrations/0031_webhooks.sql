-- What proves that a platform brings something: any of the processes that share the store may be brought it.
ALTER TABLE platforms ADD COLUMN webhook_secret TEXT;

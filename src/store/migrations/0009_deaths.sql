-- Documents that a process was reading when it ended, by the hash of their content.
CREATE TABLE deaths (
    content_hash INTEGER PRIMARY KEY,
    times        INTEGER NOT NULL
);

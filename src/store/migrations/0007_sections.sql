-- What an operator made of sections that headings had discovered: names that lead to another section from now on, as
-- they were written, and sections that readers don't see.
CREATE TABLE headings (
    heading    TEXT PRIMARY KEY,
    section_id INTEGER NOT NULL REFERENCES sections (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX headings_of_section ON headings (section_id);
ALTER TABLE sections ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;

-- items.removed: 0 there; 1 taken out by the operator; 2 hidden with its section.

//! Numbered, forward-only changes of the schema. One that has landed is never edited.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use super::error::StoreError;

/// In SQLite's header, so that `file` and other programs can tell whose database this is: “TDNG”.
const APPLICATION_ID: i64 = 0x5444_4E47;

/// The migrations in their order; the schema's number is how many have run.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_archive.sql"),
    include_str!("migrations/0002_platforms.sql"),
    include_str!("migrations/0003_places.sql"),
    include_str!("migrations/0004_operations.sql"),
    include_str!("migrations/0005_fetches.sql"),
    include_str!("migrations/0006_baselines.sql"),
    include_str!("migrations/0007_sections.sql"),
    include_str!("migrations/0008_pieces.sql"),
    include_str!("migrations/0009_deaths.sql"),
    include_str!("migrations/0010_answers.sql"),
    include_str!("migrations/0011_identity.sql"),
    include_str!("migrations/0012_askers.sql"),
    include_str!("migrations/0013_when.sql"),
    include_str!("migrations/0014_stories.sql"),
    include_str!("migrations/0015_filters.sql"),
    include_str!("migrations/0016_watches.sql"),
    include_str!("migrations/0017_corrections.sql"),
    include_str!("migrations/0018_reviews.sql"),
    include_str!("migrations/0019_buttons.sql"),
    include_str!("migrations/0020_pictures.sql"),
    include_str!("migrations/0021_ephemeral.sql"),
    include_str!("migrations/0022_web.sql"),
    include_str!("migrations/0023_attended.sql"),
    include_str!("migrations/0024_editing.sql"),
    include_str!("migrations/0025_sections.sql"),
    include_str!("migrations/0026_suggestions.sql"),
    include_str!("migrations/0027_dashboard.sql"),
    include_str!("migrations/0028_duties.sql"),
    include_str!("migrations/0029_pieces_sent.sql"),
    include_str!("migrations/0030_long_words.sql"),
    include_str!("migrations/0031_webhooks.sql"),
    include_str!("migrations/0032_works.sql"),
    include_str!("migrations/0033_review_voices.sql"),
    include_str!("migrations/0034_telling_keys.sql"),
    include_str!("migrations/0035_short_tellings.sql"),
];

/// The number of the schema that this program knows.
pub(super) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Checks that the database is one of ours and not newer than this program; returns its schema number.
fn schema(conn: &Connection) -> Result<i64, StoreError> {
    let application: i64 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let ours = application == APPLICATION_ID && version > 0;
    let new = application == 0 && version == 0 && tables == 0;
    if !ours && !new {
        return Err(StoreError::Foreign);
    }
    if version > newest() {
        return Err(StoreError::Newer {
            found: version,
            known: newest(),
        });
    }
    Ok(version)
}

/// Checks that the database has the newest schema, without changing anything.
pub(super) fn is_newest(conn: &Connection) -> Result<(), StoreError> {
    match schema(conn)? {
        0 => Err(StoreError::Missing),
        found if found < newest() => Err(StoreError::Older {
            found,
            known: newest(),
        }),
        _ => Ok(()),
    }
}

/// Checks without changing anything.
pub(super) fn verify(conn: &Connection) -> Result<(), StoreError> {
    match schema(conn)? {
        0 => Err(StoreError::Missing),
        _ => Ok(()),
    }
}

/// Brings the schema up to date. Before an existing one changes, it is copied beside itself.
pub(super) fn migrate(conn: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let version = schema(conn)?;
    let mode: String = conn.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    if mode != "wal" {
        // A page must be larger than the default only for full-text heavy files; 4096 measured best here.
        conn.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
        conn.pragma_update(None, "journal_mode", "WAL")?;
    }
    if version == newest() {
        return Ok(());
    }
    if version > 0 {
        let copy = super::copies::copy_beside(conn, &copy_name(path, version))?;
        tracing::info!(copy = %copy.display(), "the store was copied before its schema changes");
    }
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have done it while this one waited for the lock.
    let version = schema(&transaction)?;
    let done = usize::try_from(version).unwrap_or(0);
    for migration in &MIGRATIONS[done..] {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", newest())?;
    transaction.commit()?;
    Ok(())
}

fn copy_name(path: &Path, version: i64) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".schema-{version}.bak"));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use rusqlite::Connection;

    use super::super::{OpenMode, Store};

    /// A store as the first version left it.
    fn old(path: &std::path::Path) {
        let conn = Connection::open(path).unwrap();
        conn.execute_batch(super::MIGRATIONS[0]).unwrap();
        conn.pragma_update(None, "application_id", super::APPLICATION_ID)
            .unwrap();
        conn.pragma_update(None, "user_version", 1).unwrap();
    }

    const POSTGRES: &str = include_str!("schema/postgres.sql");

    /// The tables that PostgreSQL's schema makes, with their columns in order.
    fn tables_of_postgres() -> BTreeMap<&'static str, Vec<&'static str>> {
        let mut tables = BTreeMap::new();
        for table in POSTGRES.split("\nCREATE TABLE ").skip(1) {
            let (name, rest) = table.split_once(" (\n").unwrap();
            let (body, _) = rest.split_once("\n);").unwrap();
            let lines = body.lines().map(str::trim);
            let columns =
                lines.filter(|line| !line.starts_with("--") && !line.starts_with("PRIMARY"));
            let names = columns.map(|line| line.split(' ').next().unwrap());
            tables.insert(name, names.collect());
        }
        tables
    }

    #[test]
    fn postgres_has_the_tables_columns_and_indexes_that_the_migrations_make() {
        let conn = Connection::open_in_memory().unwrap();
        for migration in super::MIGRATIONS {
            conn.execute_batch(migration).unwrap();
        }
        let names = |kind: &str| -> Vec<String> {
            let mut statement = conn
                .prepare(
                    "SELECT name FROM sqlite_schema WHERE type = ?1 AND sql IS NOT NULL
                     AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'search*' ORDER BY name",
                )
                .unwrap();
            let names = statement.query_map([kind], |row| row.get(0)).unwrap();
            names.collect::<Result<_, _>>().unwrap()
        };
        let mut tables = tables_of_postgres();
        // The words of an item stand in a table of their own on SQLite.
        let words = tables.get_mut("items").unwrap().pop();
        assert_eq!(words, Some("words"));
        assert_eq!(names("table"), tables.keys().copied().collect::<Vec<_>>());
        for (table, columns) in tables {
            let mut statement = conn
                .prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")
                .unwrap();
            let ours = statement.query_map([table], |row| row.get(0)).unwrap();
            let ours: Vec<String> = ours.collect::<Result<_, _>>().unwrap();
            assert_eq!(ours, columns, "{table}");
        }
        // It has more: for texts of any length.
        for index in names("index") {
            let begin = format!("INDEX {index} ON ");
            assert!(POSTGRES.contains(&begin), "{index}");
        }
    }

    #[test]
    fn watches_of_very_long_words_find_again_what_they_are_about() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.db");
        let conn = Connection::open(&path).unwrap();
        for migration in &super::MIGRATIONS[..29] {
            conn.execute_batch(migration).unwrap();
        }
        conn.pragma_update(None, "application_id", super::APPLICATION_ID)
            .unwrap();
        conn.pragma_update(None, "user_version", 29).unwrap();
        for (id, letters) in [(1, 100), (2, 101), (3, 190)] {
            let word = "é".repeat(letters);
            conn.execute(
                "INSERT INTO watches (id, words) VALUES (?1, ?2)",
                (id, &word),
            )
            .unwrap();
            let filed = "INSERT INTO watch_words (letters, word, watch_id) VALUES (0, ?1, ?2)";
            conn.execute(filed, (&word, id)).unwrap();
        }
        drop(Store::open(&path, OpenMode::Work).unwrap());
        let words = "SELECT length(word) FROM watch_words WHERE word = substr(?1, 1, 100)";
        let mut words = conn.prepare(words).unwrap();
        let found = words.query_map(["é".repeat(100)], |row| row.get::<_, i64>(0));
        let found: Vec<i64> = found.unwrap().map(Result::unwrap).collect();
        assert_eq!(found, [100, 100, 100]);
    }

    #[test]
    fn a_copy_before_a_migration_replaces_nothing_and_isnt_made_twice() {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let store = folder.path().join("t.db");
        let mine = folder.path().join("t.db.schema-1.bak.partial");
        fs::write(&mine, "mine").unwrap();
        let copies = || {
            let mut copies = BTreeMap::new();
            for entry in fs::read_dir(folder.path()).unwrap() {
                let entry = entry.unwrap();
                let name = entry.file_name().into_string().unwrap();
                if name.contains("schema") {
                    copies.insert(name, fs::read(entry.path()).unwrap());
                }
            }
            copies
        };
        old(&store);
        drop(Store::open(&store, OpenMode::Work).unwrap());
        let first = copies();
        let names: Vec<&str> = first.keys().map(String::as_str).collect();
        assert_eq!(names, ["t.db.schema-1.bak", "t.db.schema-1.bak.partial"]);
        let copy = folder.path().join("t.db.schema-1.bak");
        let mode = fs::metadata(&copy).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "its folder is 700");
        // Put back, and migrated again: the copy that is there is the same.
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(folder.path().join(format!("t.db{end}")));
        }
        fs::copy(&copy, &store).unwrap();
        drop(Store::open(&store, OpenMode::Work).unwrap());
        assert_eq!(copies(), first);
        // Put back, worked with, and migrated once more: both are kept.
        fs::remove_file(&store).unwrap();
        old(&store);
        let conn = Connection::open(&store).unwrap();
        conn.execute("INSERT INTO sources (name) VALUES ('later')", [])
            .unwrap();
        drop(conn);
        drop(Store::open(&store, OpenMode::Work).unwrap());
        let both = copies();
        assert_eq!(both.len(), 3);
        assert!(both.contains_key("t.db.schema-1.bak.2"));
        assert_eq!(both["t.db.schema-1.bak"], first["t.db.schema-1.bak"]);
    }
}

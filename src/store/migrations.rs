//! Numbered, forward-only changes of the schema. One that has landed is never edited.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

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
];

fn newest() -> i64 {
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
        let copy = copy_name(path, version);
        tracing::info!(copy = %copy.display(), "copying the store before its schema changes");
        super::upkeep::copy(conn, &copy)?;
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

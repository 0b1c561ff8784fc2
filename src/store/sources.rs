//! The rows of sources and of the documents they yielded.

use std::collections::HashMap;

use super::engine::{OptionalExtension, Row, params};
use jiff::Timestamp;

use super::{ReadTx, StoreError, WriteTx, from_ms, from_ms_opt, to_ms};
use tidings_core::addresses::redacted_name;
use tidings_core::ids::SourceId;

/// What is known of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceState {
    /// Its row.
    pub id: SourceId,
    /// Its name in the configuration.
    pub name: String,
    /// When its first pass ended: from then on, what is new is pushed.
    pub baseline_at: Option<Timestamp>,
    /// When it was last looked at.
    pub last_pass_at: Option<Timestamp>,
    /// When it was last looked at without trouble.
    pub last_success_at: Option<Timestamp>,
    /// What is wrong with the source as a whole.
    pub last_error: Option<String>,
    /// Since when that is so.
    pub failing_since: Option<Timestamp>,
    /// What it calls itself, if it has said so.
    pub title: Option<String>,
    /// When more came at once than is pushed, and how many items that were.
    pub burst: Option<(Timestamp, usize)>,
    /// When it is fetched next; `None` for folders, and for what is gone for good.
    pub next_at: Option<Timestamp>,
    /// The address that it was last asked for at, as the configuration names it.
    pub address: Option<String>,
    /// Where it has moved for good.
    pub moved_to: Option<String>,
    /// Where its address leads for good, and since when that is seen.
    pub moving: Option<(String, Timestamp)>,
    /// Its documents that can't be read.
    pub failed: Vec<FailedDocument>,
}

/// A document that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedDocument {
    /// Its name, as others may see it.
    pub document: String,
    /// Where in it, if there is a place.
    pub line: Option<u32>,
    /// Why.
    pub reason: String,
}

/// Of so many documents each is asked for by itself: one of a thousand needn't wait for all of them. On a server each would be two
/// journeys.
const SINGLY: usize = 16;

/// What [`read_document`] reads, behind a document's row and name.
const DOCUMENTS: &str = "SELECT id, name, content_hash, rules_hash, size, modified, items, ignored, first_seen_at, loaded_at, \
     error_line, error_reason FROM documents WHERE source_id = ?1";

fn read_document(row: Row<'_>, shared: Vec<i64>) -> Result<KnownDocument, StoreError> {
    let (line, reason): (Option<u32>, Option<String>) = (row.get(10)?, row.get(11)?);
    Ok(KnownDocument {
        content_hash: row.get(2)?,
        rules_hash: row.get(3)?,
        size: row.get(4)?,
        modified: row.get(5)?,
        items: row.get(6)?,
        ignored: row.get(7)?,
        shared,
        first_seen: from_ms(row.get(8)?)?,
        failure: reason.map(|reason| (line, reason)),
        tried_at: from_ms(row.get(9)?)?,
    })
}

/// What is known of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownDocument {
    /// Hash of its bytes.
    pub content_hash: i64,
    /// Hash of the rules it was read by.
    pub rules_hash: i64,
    /// Size in bytes.
    pub size: u64,
    /// The file's time, in nanoseconds since 1970.
    pub modified: i64,
    /// How many items it holds.
    pub items: usize,
    /// How many entries of it the source doesn't want.
    pub ignored: usize,
    /// Hashes of ids and links that several of its items have shared.
    pub shared: Vec<i64>,
    /// When it was first seen: the file's time at that moment.
    pub first_seen: Timestamp,
    /// Why it couldn't be read, where it couldn't: the line, if there is one, and the reason.
    pub failure: Option<(Option<u32>, String)>,
    /// When it was last filed, or asked for in vain.
    pub tried_at: Timestamp,
}

impl KnownDocument {
    /// Whether something of it was ever read.
    pub fn was_read(&self) -> bool {
        self.failure.is_none() || self.items > 0
    }

    /// Whether it is known only as something that should have come.
    pub fn is_missing(&self) -> bool {
        self.content_hash == 0 && self.rules_hash == 0 && self.failure.is_some()
    }
}

/// A source has one address at a time.
const SOURCES: &str = "SELECT sources.*, CASE WHEN gone_at IS NULL THEN next_at END AS next_at, address, moved_to, moving_to, \
     moving_at FROM sources LEFT JOIN fetches ON source_id = sources.id";

fn read_source(row: Row<'_>) -> Result<SourceState, StoreError> {
    Ok(SourceState {
        id: SourceId::new(row.get("id")?),
        name: row.get("name")?,
        baseline_at: from_ms_opt(row.get("baseline_at")?)?,
        last_pass_at: from_ms_opt(row.get("last_pass_at")?)?,
        last_success_at: from_ms_opt(row.get("last_success_at")?)?,
        last_error: row.get("last_error")?,
        failing_since: from_ms_opt(row.get("failing_at")?)?,
        title: row.get("title")?,
        burst: from_ms_opt(row.get("burst_at")?)?.zip(row.get("burst")?),
        next_at: from_ms_opt(row.get("next_at")?)?,
        address: row.get("address")?,
        moved_to: row.get("moved_to")?,
        moving: row
            .get::<_, Option<String>>("moving_to")?
            .zip(from_ms_opt(row.get("moving_at")?)?),
        failed: Vec::new(),
    })
}

impl ReadTx<'_> {
    /// What a source calls itself, if it ever said.
    pub fn source_title(&self, name: &str) -> Result<Option<String>, StoreError> {
        let title = self
            .conn
            .prepare_cached("SELECT title FROM sources WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        Ok(title.flatten())
    }

    /// All sources that ever yielded something, with their documents in trouble.
    pub fn sources(&self) -> Result<Vec<SourceState>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("{SOURCES} ORDER BY sources.id"))?;
        let mut rows = statement.query([])?;
        let mut sources = Vec::new();
        while let Some(row) = rows.next()? {
            sources.push(read_source(row)?);
        }
        let mut statement = self.conn.prepare_cached(
            "SELECT source_id, name, error_line, error_reason FROM documents
             WHERE error_reason IS NOT NULL ORDER BY source_id, name",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let source = SourceId::new(row.get(0)?);
            if let Some(source) = sources.iter_mut().find(|s| s.id == source) {
                // A document of the web has its whole address for a name, keys and all.
                let name: String = row.get(1)?;
                source.failed.push(FailedDocument {
                    document: redacted_name(&name).into_owned(),
                    line: row.get(2)?,
                    reason: row.get(3)?,
                });
            }
        }
        Ok(sources)
    }

    /// The row of a source, if it has one.
    pub fn source_named(&self, name: &str) -> Result<Option<SourceId>, StoreError> {
        let found = self
            .conn
            .prepare_cached("SELECT id FROM sources WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        Ok(found.map(SourceId::new))
    }

    /// The documents of a source, by name.
    pub fn documents(
        &self,
        source: SourceId,
    ) -> Result<HashMap<String, KnownDocument>, StoreError> {
        let mut statement = self.conn.prepare_cached(DOCUMENTS)?;
        let mut rows = statement.query([source.get()])?;
        let mut documents = HashMap::new();
        let mut shared = self.shared(source)?;
        while let Some(row) = rows.next()? {
            let shared = shared.remove(&row.get(0)?).unwrap_or_default();
            documents.insert(row.get(1)?, read_document(row, shared)?);
        }
        Ok(documents)
    }

    /// Those documents of a source that have one of these names, and perhaps others.
    pub fn documents_named(
        &self,
        source: SourceId,
        names: &[&str],
    ) -> Result<HashMap<String, KnownDocument>, StoreError> {
        if names.len() > SINGLY || self.conn.is_server() {
            return self.documents(source);
        }
        let mut statement = self
            .conn
            .prepare_cached(&format!("{DOCUMENTS} AND name = ?2"))?;
        let mut documents = HashMap::new();
        for name in names {
            let mut rows = statement.query(params![source.get(), name])?;
            if let Some(row) = rows.next()? {
                let shared = self.shared_of(row.get(0)?)?;
                documents.insert(row.get(1)?, read_document(row, shared)?);
            }
        }
        Ok(documents)
    }

    /// What several items of one of a source's documents have shared, by the documents' rows.
    fn shared(&self, source: SourceId) -> Result<HashMap<i64, Vec<i64>>, StoreError> {
        let mut shared: HashMap<i64, Vec<i64>> = HashMap::new();
        let mut statement = self.conn.prepare_cached(
            "SELECT document_id, key FROM shared CROSS JOIN documents ON documents.id = document_id
             WHERE source_id = ?1 ORDER BY document_id, key",
        )?;
        let mut rows = statement.query([source.get()])?;
        while let Some(row) = rows.next()? {
            shared.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        Ok(shared)
    }

    fn shared_of(&self, document: i64) -> Result<Vec<i64>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT key FROM shared WHERE document_id = ?1 ORDER BY key")?;
        let shared = statement.query_map([document], |row| row.get(0))?;
        shared.map(|key| Ok(key?)).collect()
    }
}

impl ReadTx<'_> {
    /// How a source stands, if anybody has looked at it yet.
    pub fn source_state(&self, name: &str) -> Result<Option<SourceState>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("{SOURCES} WHERE name = ?1"))?;
        let mut rows = statement.query([name])?;
        rows.next()?.map(read_source).transpose()
    }
}

impl WriteTx<'_> {
    /// Whether a document was filed from these bytes by these rules: then there is nothing to do.
    pub fn is_filed(
        &self,
        source: SourceId,
        name: &str,
        content_hash: i64,
        rules_hash: i64,
    ) -> Result<bool, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT 1 FROM documents
                 WHERE source_id = ?1 AND name = ?2 AND content_hash = ?3 AND rules_hash = ?4",
            )?
            .query_row(
                params![source.get(), name, content_hash, rules_hash],
                |_| Ok(()),
            )
            .optional()?
            .is_some())
    }

    /// The row of a source, made where it is missing.
    pub fn source(&self, name: &str) -> Result<SourceState, StoreError> {
        self.conn.execute(
            "INSERT INTO sources (name) VALUES (?1) ON CONFLICT DO NOTHING",
            [name],
        )?;
        let state = self.source_state(name)?;
        state.ok_or_else(|| StoreError::unexpected("a source that vanished", name))
    }

    /// Notes that a pass over a source has ended. Its first one makes the baseline.
    pub fn end_pass(
        &self,
        source: SourceId,
        error: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.note_pass(source, error, error.is_some(), now)
    }

    /// Notes that a pass over a source on the web has ended: beside what is wrong with it as a whole, it is failing as long
    /// as one of its documents is.
    pub fn end_pass_of_web(
        &self,
        source: SourceId,
        error: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let is_failing = error.is_some()
            || self
                .conn
                .prepare_cached(
                    "SELECT 1 FROM documents WHERE source_id = ?1 AND error_reason IS NOT NULL LIMIT 1",
                )?
                .exists([source.get()])?;
        self.note_pass(source, error, is_failing, now)
    }

    fn note_pass(
        &self,
        source: SourceId,
        error: Option<&str>,
        is_failing: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.conn.execute(
            "UPDATE sources SET last_pass_at = ?2, last_error = ?3,
                 failing_at = CASE WHEN ?4 = 1 THEN coalesce(failing_at, ?2) END,
                 last_success_at = CASE WHEN ?3 IS NULL THEN ?2 ELSE last_success_at END,
                 baseline_at = coalesce(baseline_at, CASE WHEN ?3 IS NULL THEN ?2 END)
             WHERE id = ?1",
            params![source.get(), to_ms(now), error, i64::from(is_failing)],
        )?;
        Ok(())
    }

    /// Notes that a document was asked for and didn't come, or not all of it: it is read again whatever it was. Returns
    /// true if that wasn't said of it before.
    pub fn note_missing(
        &self,
        source: SourceId,
        name: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let known: Option<Option<String>> = self
            .conn
            .prepare_cached(
                "SELECT error_reason FROM documents WHERE source_id = ?1 AND name = ?2",
            )?
            .query_row(params![source.get(), name], |row| row.get(0))
            .optional()?;
        let statement = match &known {
            Some(_) => {
                "UPDATE documents SET rules_hash = 0, loaded_at = ?4, error_line = NULL, error_reason = ?3
                 WHERE source_id = ?1 AND name = ?2"
            }
            None => {
                "INSERT INTO documents (source_id, name, error_reason, first_seen_at, loaded_at, content_hash, rules_hash,
                     size, modified, items)
                 VALUES (?1, ?2, ?3, ?4, ?4, 0, 0, 0, -1, 0)"
            }
        };
        self.conn.prepare_cached(statement)?.execute(params![
            source.get(),
            name,
            reason,
            to_ms(now)
        ])?;
        Ok(known.flatten().as_deref() != Some(reason))
    }

    /// Notes that a document that couldn't be read was asked for again.
    pub fn note_tried(
        &self,
        source: SourceId,
        name: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE documents SET loaded_at = ?3
                 WHERE source_id = ?1 AND name = ?2 AND error_reason IS NOT NULL",
            )?
            .execute(params![source.get(), name, to_ms(now)])?;
        Ok(())
    }

    /// Notes that more came at once than is pushed.
    pub fn note_burst(
        &self,
        source: SourceId,
        beyond: usize,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.conn.execute(
            "UPDATE sources SET burst = ?2, burst_at = ?3 WHERE id = ?1",
            params![source.get(), beyond, to_ms(now)],
        )?;
        Ok(())
    }

    /// Notes what a source calls itself.
    pub fn note_title(&self, source: SourceId, title: &str) -> Result<(), StoreError> {
        self.conn.execute(
            "UPDATE sources SET title = ?2 WHERE id = ?1 AND title IS DISTINCT FROM ?2",
            params![source.get(), title],
        )?;
        Ok(())
    }

    /// Notes that a document is as it was, only its size and time are other ones.
    pub fn touch_document(
        &self,
        source: SourceId,
        name: &str,
        size: u64,
        modified: i64,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE documents SET size = ?3, modified = ?4 WHERE source_id = ?1 AND name = ?2",
            )?
            .execute(params![source.get(), name, size, modified])?;
        Ok(())
    }

    /// Forgets the failure of a document that is gone.
    pub fn forget_failure(&self, source: SourceId, name: &str) -> Result<(), StoreError> {
        self.conn.execute(
            "DELETE FROM documents WHERE source_id = ?1 AND name = ?2 AND items = 0
             AND NOT EXISTS (SELECT 1 FROM items WHERE document_id = documents.id)",
            params![source.get(), name],
        )?;
        self.conn.execute(
            "UPDATE documents SET error_line = NULL, error_reason = NULL
             WHERE source_id = ?1 AND name = ?2",
            params![source.get(), name],
        )?;
        Ok(())
    }
}

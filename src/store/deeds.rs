//! Deeds: what editors and the operator did, who and when, and what it was before, so that it can be undone. They are kept
//! for ever.

use super::engine::{OptionalExtension, Row, params};
use jiff::Timestamp;

use super::{ReadTx, StoreError, WriteTx, from_ms, from_ms_opt, to_ms};
use tidings_core::ids::{DeedId, ItemId, ReviewId, SectionId};

/// Whom deeds name that weren't an editor's.
pub const OPERATOR: &str = "operator";

/// When something was done or undone last.
const DEEDS_CHANGED: &str = "deeds_changed_at";

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeedKind {
    /// What waited went out at once.
    Publish,
    /// What waited was held back.
    HoldBack,
    /// An item was withdrawn unseen.
    Drop,
    /// An item was filed elsewhere.
    Move,
    /// An item was taken back.
    Withdraw,
    /// A withdrawn item can be read again.
    Restore,
    /// Title, summary or link of an item were corrected.
    Correct,
    /// An item was taken out of its story.
    Split,
    /// An item was put into another one's story.
    Join,
    /// A discovered section became part of another one.
    Merge,
    /// A discovered section got another title.
    Rename,
    /// A discovered section was hidden.
    Hide,
    /// A hidden section was shown again.
    Show,
    /// A source was fetched at once.
    FetchNow,
    /// It was tried what a source would load.
    Try,
    /// A channel was paused.
    Pause,
    /// A channel's pause was ended.
    Resume,
    /// A channel's roundup was posted at once.
    PostNow,
    /// A dead part was sent again.
    Retry,
    /// A dead part was given up.
    GiveUp,
    /// All sessions of the dashboard were ended.
    SignOut,
}

/// Each kind with the word by which it is kept.
const KINDS: [(DeedKind, &str); 21] = [
    (DeedKind::Publish, "publish"),
    (DeedKind::HoldBack, "hold-back"),
    (DeedKind::Drop, "drop"),
    (DeedKind::Move, "move"),
    (DeedKind::Withdraw, "withdraw"),
    (DeedKind::Restore, "restore"),
    (DeedKind::Correct, "correct"),
    (DeedKind::Split, "split"),
    (DeedKind::Join, "join"),
    (DeedKind::Merge, "merge"),
    (DeedKind::Rename, "rename"),
    (DeedKind::Hide, "hide"),
    (DeedKind::Show, "show"),
    (DeedKind::FetchNow, "fetch-now"),
    (DeedKind::Try, "try"),
    (DeedKind::Pause, "pause"),
    (DeedKind::Resume, "resume"),
    (DeedKind::PostNow, "post-now"),
    (DeedKind::Retry, "retry"),
    (DeedKind::GiveUp, "give-up"),
    (DeedKind::SignOut, "sign-out"),
];

impl DeedKind {
    /// Every kind, with the word by which it is kept.
    pub fn all() -> &'static [(DeedKind, &'static str)] {
        &KINDS
    }

    /// As it is kept.
    pub fn as_str(self) -> &'static str {
        let known = KINDS.iter().find(|(kind, _)| *kind == self);
        known.map_or("", |(_, word)| *word)
    }

    pub(super) fn parse(text: &str) -> Result<DeedKind, StoreError> {
        let known = KINDS.iter().find(|(_, word)| *word == text);
        known
            .map(|(kind, _)| *kind)
            .ok_or_else(|| StoreError::unexpected("what was done", text))
    }
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// Its number: later ones have greater ones.
    pub id: DeedId,
    /// When.
    pub at: Timestamp,
    /// By whom: the channel by which the configuration names an editor, or [`OPERATOR`].
    pub by: String,
    /// What.
    pub kind: DeedKind,
    /// The item it was done to.
    pub item: Option<ItemId>,
    /// The section it was done to.
    pub section: Option<SectionId>,
    /// The review it was done to, where it was.
    pub review: Option<ReviewId>,
    /// What it was done to, in words; empty for what was done to a whole review.
    pub subject: String,
    /// What it was before, as JSON.
    pub before: String,
    /// What it is since, as JSON.
    pub after: String,
    /// Whether it was undone, and when and by whom, where that is known.
    pub undone: Option<Undone>,
}

/// That something was undone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// When; what was undone before that was kept has none.
    pub at: Option<Timestamp>,
    /// By whom.
    pub by: Option<String>,
}

/// Something to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewDeed<'d> {
    /// By whom: see [`Deed::by`].
    pub by: &'d str,
    /// What.
    pub kind: DeedKind,
    /// The item it was done to.
    pub item: Option<ItemId>,
    /// The section it was done to.
    pub section: Option<SectionId>,
    /// The review it was done to.
    pub review: Option<ReviewId>,
    /// What it was done to, in words.
    pub subject: &'d str,
    /// What it was before, as JSON.
    pub before: &'d str,
    /// What it is since, as JSON.
    pub after: &'d str,
}

impl NewDeed<'_> {
    /// What neither has a before nor can be undone; to be completed.
    pub const PLAIN: NewDeed<'static> = NewDeed {
        by: OPERATOR,
        kind: DeedKind::FetchNow,
        item: None,
        section: None,
        review: None,
        subject: "",
        before: "null",
        after: "null",
    };
}

/// The latest deeds that tell when something was done last, where that isn't noted yet.
const LATEST: usize = 1_000;

const COLUMNS: &str = "id, at, editor, deed, review_id, item_id, section_id, subject, before, after, undone, undone_at, undone_by";

fn read_deed(row: Row<'_>) -> Result<Deed, StoreError> {
    let kind: String = row.get("deed")?;
    let is_undone: bool = row.get("undone")?;
    let undone = Undone {
        at: from_ms_opt(row.get("undone_at")?)?,
        by: row.get("undone_by")?,
    };
    Ok(Deed {
        id: DeedId::new(row.get("id")?),
        at: from_ms(row.get("at")?)?,
        by: row.get("editor")?,
        kind: DeedKind::parse(&kind)?,
        item: row.get::<_, Option<i64>>("item_id")?.map(ItemId::new),
        section: row.get::<_, Option<i64>>("section_id")?.map(SectionId::new),
        review: row.get::<_, Option<i64>>("review_id")?.map(ReviewId::new),
        subject: row.get("subject")?,
        before: row.get("before")?,
        after: row.get("after")?,
        undone: is_undone.then_some(undone),
    })
}

impl ReadTx<'_> {
    /// What was done, the latest first: at most `limit` deeds, those before a number where one is given.
    pub fn deeds(&self, before: Option<DeedId>, limit: usize) -> Result<Vec<Deed>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM deeds WHERE ?1 IS NULL OR id < ?1 ORDER BY id DESC LIMIT ?2"
        ))?;
        let mut rows = statement.query(params![before.map(DeedId::get), limit])?;
        let mut deeds = Vec::new();
        while let Some(row) = rows.next()? {
            deeds.push(read_deed(row)?);
        }
        Ok(deeds)
    }

    /// A deed; `None` if there is none of this number.
    pub fn deed(&self, id: DeedId) -> Result<Option<Deed>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("SELECT {COLUMNS} FROM deeds WHERE id = ?1"))?;
        let mut rows = statement.query([id.get()])?;
        rows.next()?.map(read_deed).transpose()
    }

    /// What was done to an item, by itself or in the review that it waited in, the latest first: at most `limit` deeds.
    pub fn deeds_of_item(&self, item: ItemId, limit: usize) -> Result<Vec<Deed>, StoreError> {
        let mut deeds = self.deeds_where("item_id = ?1", item.get(), limit)?;
        let of_review =
            "item_id IS NULL AND review_id = (SELECT review_id FROM held WHERE item_id = ?1)";
        deeds.extend(self.deeds_where(of_review, item.get(), limit)?);
        deeds.sort_unstable_by_key(|deed| std::cmp::Reverse(deed.id));
        deeds.truncate(limit);
        Ok(deeds)
    }

    /// What was done to a section, the latest first: at most `limit` deeds.
    pub fn deeds_of_section(
        &self,
        section: SectionId,
        limit: usize,
    ) -> Result<Vec<Deed>, StoreError> {
        self.deeds_where("section_id = ?1", section.get(), limit)
    }

    /// What was done in a review, the latest first: at most `limit` deeds.
    pub fn deeds_of_review(&self, review: ReviewId, limit: usize) -> Result<Vec<Deed>, StoreError> {
        self.deeds_where("review_id = ?1", review.get(), limit)
    }

    fn deeds_where(
        &self,
        condition: &str,
        number: i64,
        limit: usize,
    ) -> Result<Vec<Deed>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM deeds WHERE {condition} ORDER BY id DESC LIMIT ?2"
        ))?;
        let mut rows = statement.query(params![number, limit])?;
        let mut deeds = Vec::new();
        while let Some(row) = rows.next()? {
            deeds.push(read_deed(row)?);
        }
        Ok(deeds)
    }

    /// The last time that a channel was paused or resumed by a deed.
    pub fn last_pause_of(&self, channel: &str) -> Result<Option<Deed>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM deeds WHERE subject = ?1 AND deed IN ('pause', 'resume') ORDER BY id DESC LIMIT 1"
        ))?;
        let mut rows = statement.query([channel])?;
        rows.next()?.map(read_deed).transpose()
    }

    /// What was done last to an item and not undone.
    pub fn last_deed_of_item(&self, item: ItemId) -> Result<Option<Deed>, StoreError> {
        self.last_deed_where("item_id", item.get())
    }

    /// The last deed of some kinds that was done to an item and not undone.
    pub fn last_deed_of(
        &self,
        item: ItemId,
        kinds: &[DeedKind],
    ) -> Result<Option<DeedId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, deed FROM deeds WHERE item_id = ?1 AND undone = 0 ORDER BY id DESC",
        )?;
        let mut rows = statement.query([item.get()])?;
        while let Some(row) = rows.next()? {
            let kind: String = row.get(1)?;
            if kinds.contains(&DeedKind::parse(&kind)?) {
                return Ok(Some(DeedId::new(row.get(0)?)));
            }
        }
        Ok(None)
    }

    /// What was done last to a section and not undone.
    pub fn last_deed_of_section(&self, section: SectionId) -> Result<Option<Deed>, StoreError> {
        self.last_deed_where("section_id", section.get())
    }

    fn last_deed_where(&self, column: &str, number: i64) -> Result<Option<Deed>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM deeds WHERE {column} = ?1 AND undone = 0 ORDER BY id DESC LIMIT 1"
        ))?;
        let mut rows = statement.query([number])?;
        rows.next()?.map(read_deed).transpose()
    }

    /// What somebody calls themselves whom deeds name, as far as that is known.
    pub fn editor_name(&self, by: &str) -> Result<Option<String>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT name FROM editor_names WHERE editor = ?1")?
            .query_row([by], |row| row.get(0))
            .optional()?)
    }

    /// When something was done or undone last, in milliseconds since 1970; 0 where nothing ever was.
    pub(super) fn deeds_changed(&self) -> Result<i64, StoreError> {
        if let Some(noted) = self.known_fact(DEEDS_CHANGED)? {
            return Ok(noted);
        }
        // Nothing was done since it is noted.
        Ok(self
            .conn
            .prepare_cached(&format!(
                "SELECT coalesce(max(CASE WHEN undone_at > at THEN undone_at ELSE at END), 0)
                 FROM (SELECT at, undone_at FROM deeds ORDER BY id DESC LIMIT {LATEST}) AS latest"
            ))?
            .query_row([], |row| row.get(0))?)
    }

    /// How many deeds there are.
    pub fn deed_count(&self) -> Result<i64, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT count(*) FROM deeds")?
            .query_row([], |row| row.get(0))?)
    }
}

impl WriteTx<'_> {
    /// An editor calls themselves so.
    pub fn name_editor(&self, editor: &str, name: &str) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO editor_names (editor, name) VALUES (?1, ?2) ON CONFLICT (editor) DO UPDATE SET name = ?2",
            )?
            .execute([editor, name])?;
        Ok(())
    }

    /// Keeps what was done.
    pub fn record_deed(&self, deed: &NewDeed<'_>, now: Timestamp) -> Result<DeedId, StoreError> {
        let id = self
            .conn
            .prepare_cached(
                "INSERT INTO deeds (at, editor, deed, item_id, section_id, review_id, subject, before, after)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) RETURNING id",
            )?
            .query_row(
                params![
                    to_ms(now),
                    deed.by,
                    deed.kind.as_str(),
                    deed.item.map(ItemId::get),
                    deed.section.map(SectionId::get),
                    deed.review.map(ReviewId::get),
                    deed.subject,
                    deed.before,
                    deed.after,
                ],
                |row| row.get(0),
            )?;
        self.note_deeds_changed(now)?;
        Ok(DeedId::new(id))
    }

    /// Pages that show what was done are as old as that, and looking through all deeds for it would take longer every day.
    fn note_deeds_changed(&self, now: Timestamp) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO facts (name, value) VALUES (?2, ?1) ON CONFLICT (name)
                 DO UPDATE SET value = CASE WHEN excluded.value > facts.value THEN excluded.value ELSE facts.value END",
            )?
            .execute(params![to_ms(now), DEEDS_CHANGED])?;
        Ok(())
    }

    /// Keeps that a deed was undone.
    pub fn deed_undone(&self, id: DeedId, by: &str, now: Timestamp) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE deeds SET undone = 1, undone_at = ?2, undone_by = ?3 WHERE id = ?1",
            )?
            .execute(params![id.get(), to_ms(now), by])?;
        self.note_deeds_changed(now)
    }
}

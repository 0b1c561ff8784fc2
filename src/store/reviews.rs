//! Reviews: what a source with `hold` brings waits for its editors before it is news (design.md, “Editors, and posts that
//! stay true”).
//!
//! | state of a held item | what it means |
//! |---|---|
//! | `held` | nobody but editors and the operator sees it; it goes out when its time has come, or when an editor says so |
//! | `out` | it took its place in the push order, and is an item like any other |
//! | `withdrawn` | an editor took it back, before it went out or after |

use super::engine::{OptionalExtension, params};
use jiff::{SignedDuration, Timestamp};

use super::{DeedKind, NewDeed, ReadTx, StoreError, WriteTx, from_ms, from_ms_opt, to_ms};
use tidings_core::channel::ChannelRow;
use tidings_core::ids::{ChannelId, DeedId, ItemId, ReviewId, SectionId, SourceId};
use tidings_core::language::Locale;
use tidings_core::schedule::Zone;

/// A source begins a new message to its editors at most so often (the same).
const BETWEEN: SignedDuration = SignedDuration::from_mins(10);

/// How an item of a review stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldState {
    /// It waits.
    Held,
    /// It is news.
    Out,
    /// An editor took it back.
    Withdrawn,
}

impl HeldState {
    fn as_str(self) -> &'static str {
        match self {
            HeldState::Held => "held",
            HeldState::Out => "out",
            HeldState::Withdrawn => "withdrawn",
        }
    }

    fn parse(text: &str) -> Result<HeldState, StoreError> {
        [HeldState::Held, HeldState::Out, HeldState::Withdrawn]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| StoreError::unexpected("how an item of a review stands", text))
    }
}

/// The language and the zone of a message to editors, where they aren't those of `[defaults]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    /// The language.
    pub locale: Locale,
    /// The zone in which moments are said.
    pub zone: Zone,
}

impl Voice {
    fn stored((locale, zone): (String, String)) -> Result<Voice, StoreError> {
        Ok(Voice {
            locale: Locale::parse(&locale)
                .ok_or_else(|| StoreError::unexpected("a language", &locale))?,
            zone: Zone::named(&zone).map_err(|_| StoreError::unexpected("a zone", &zone))?,
        })
    }
}

/// A message by which a platform's editors were told of a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewMessage {
    /// How it speaks; `None` is as `[defaults]` says.
    pub voice: Option<Voice>,
    /// Its part.
    pub part: i64,
    /// Who has it, or is to get it.
    pub editors: Vec<ChannelId>,
}

/// A message to editors of a review, as it is to be.
pub struct ReviewTelling<'a> {
    /// How it speaks; `None` is as `[defaults]` says.
    pub voice: Option<Voice>,
    /// The part that says it already, if there is one.
    pub part: Option<i64>,
    /// Who gets it that hasn't got it.
    pub to: Vec<&'a ChannelRow>,
}

/// What an editor did to a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewDeed {
    /// Had it go out at once.
    Publish,
    /// Has it wait until an editor publishes it.
    HoldBack,
    /// Took it back after it had gone out.
    Withdraw,
    /// Withdrew one item unseen.
    Drop,
    /// Filed one item elsewhere.
    Move,
}

impl ReviewDeed {
    const ALL: [ReviewDeed; 5] = [
        ReviewDeed::Publish,
        ReviewDeed::HoldBack,
        ReviewDeed::Withdraw,
        ReviewDeed::Drop,
        ReviewDeed::Move,
    ];

    fn parse(text: &str) -> Result<ReviewDeed, StoreError> {
        ReviewDeed::ALL
            .into_iter()
            .find(|deed| DeedKind::from(*deed).as_str() == text)
            .ok_or_else(|| StoreError::unexpected("what an editor did", text))
    }
}

impl From<ReviewDeed> for DeedKind {
    fn from(deed: ReviewDeed) -> DeedKind {
        match deed {
            ReviewDeed::Publish => DeedKind::Publish,
            ReviewDeed::HoldBack => DeedKind::HoldBack,
            ReviewDeed::Withdraw => DeedKind::Withdraw,
            ReviewDeed::Drop => DeedKind::Drop,
            ReviewDeed::Move => DeedKind::Move,
        }
    }
}

/// An item of a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldItem {
    /// Its number.
    pub id: ItemId,
    /// Its title.
    pub title: String,
    /// Where the whole story is.
    pub link: Option<String>,
    /// The section that it goes to.
    pub section: SectionId,
    /// Whether readers don't see that section, and it with that.
    pub is_hidden: bool,
    /// When it goes out by itself; `None` waits for an editor.
    pub until: Option<Timestamp>,
    /// How it stands.
    pub state: HeldState,
}

/// What was done last to a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastDeed {
    /// What.
    pub deed: ReviewDeed,
    /// By whom: see [`super::Deed::by`].
    pub editor: String,
    /// What they call themselves, as far as that is known.
    pub name: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// What waits for a source's editors, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its number.
    pub id: ReviewId,
    /// The name of the source.
    pub source: String,
    /// Its items, the newest first.
    pub items: Vec<HeldItem>,
    /// What was done last, unless that was undone.
    pub last: Option<LastDeed>,
    /// Which version of it this is.
    pub version: i64,
}

impl Review {
    /// Returns true if some of it waits.
    pub fn is_open(&self) -> bool {
        self.items.iter().any(|item| item.state == HeldState::Held)
    }

    /// Returns true if some of it took its place, whether readers see its section or not.
    pub fn is_out(&self) -> bool {
        self.items.iter().any(|item| item.state == HeldState::Out)
    }

    /// Returns true if some of it is news that readers see.
    pub fn is_seen(&self) -> bool {
        let is_seen = |item: &HeldItem| item.state == HeldState::Out && !item.is_hidden;
        self.items.iter().any(is_seen)
    }
}

/// Said instead of an item's state before a move, where an editor had filed it.
const FILED: &str = "filed";

/// How an item stood before a deed, as it is kept with the deed: its number, when it was to go out, and its state.
type Before = (i64, Option<i64>, String);

impl ReadTx<'_> {
    /// A review; `None` if there is none of this number.
    pub fn review(&self, id: ReviewId) -> Result<Option<Review>, StoreError> {
        let about = self
            .conn
            .prepare_cached(
                "SELECT sources.name, reviews.version FROM reviews JOIN sources ON sources.id = reviews.source_id
                 WHERE reviews.id = ?1",
            )?
            .query_row([id.get()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((source, version)) = about else {
            return Ok(None);
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT items.id, items.title, items.link, items.section_id, held.until_at, held.state, sections.hidden
             FROM held JOIN items ON items.id = held.item_id JOIN sections ON sections.id = items.section_id
             WHERE held.review_id = ?1 ORDER BY items.rank, items.position, items.id",
        )?;
        let mut rows = statement.query([id.get()])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            let state: String = row.get(5)?;
            items.push(HeldItem {
                id: ItemId::new(row.get(0)?),
                title: row.get(1)?,
                link: row.get(2)?,
                section: SectionId::new(row.get(3)?),
                is_hidden: row.get(6)?,
                until: from_ms_opt(row.get(4)?)?,
                state: HeldState::parse(&state)?,
            });
        }
        Ok(Some(Review {
            id,
            source,
            items,
            last: self.last_deed(id)?.map(|(_, deed, _)| deed),
            version,
        }))
    }

    /// What was done last to a review and not undone, with its number and what it was before.
    fn last_deed(&self, id: ReviewId) -> Result<Option<(i64, LastDeed, String)>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, deed, editor, at, before FROM deeds WHERE review_id = ?1 AND undone = 0
             ORDER BY id DESC LIMIT 1",
        )?;
        let mut rows = statement.query([id.get()])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let deed: String = row.get(1)?;
        let last = LastDeed {
            deed: ReviewDeed::parse(&deed)?,
            editor: row.get(2)?,
            name: self.editor_name(&row.get::<_, String>(2)?)?,
            at: from_ms(row.get(3)?)?,
        };
        Ok(Some((row.get(0)?, last, row.get(4)?)))
    }

    /// The deed that was done last to a review and not undone.
    pub fn last_deed_of_review(&self, id: ReviewId) -> Result<Option<DeedId>, StoreError> {
        Ok(self
            .last_deed(id)?
            .map(|(number, _, _)| DeedId::new(number)))
    }

    /// Reviews of which the editors on a platform don't know the newest.
    pub fn untold_reviews(&self, platform: &str) -> Result<Vec<ReviewId>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id FROM reviews
             WHERE EXISTS (SELECT 1 FROM review_messages told
                     WHERE told.review_id = reviews.id AND told.platform = ?1 AND told.version <> reviews.version)
                 OR EXISTS (SELECT 1 FROM held WHERE review_id = reviews.id AND state = 'held')
                     AND NOT EXISTS (SELECT 1 FROM review_messages told
                         WHERE told.review_id = reviews.id AND told.platform = ?1)
             ORDER BY id",
        )?;
        let untold = statement.query_map([platform], |row| row.get(0).map(ReviewId::new))?;
        untold.map(|one| Ok(one?)).collect()
    }

    /// What the editors on a platform were told of a review, and which of them by which message.
    pub fn told_of_review(
        &self,
        id: ReviewId,
        platform: &str,
    ) -> Result<Vec<ReviewMessage>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT locale, timezone, part_id FROM review_messages WHERE review_id = ?1 AND platform = ?2
             ORDER BY locale IS NOT NULL, locale, timezone",
        )?;
        let mut rows = statement.query(params![id.get(), platform])?;
        let mut messages = Vec::new();
        while let Some(row) = rows.next()? {
            let (locale, zone): (Option<String>, Option<String>) = (row.get(0)?, row.get(1)?);
            let part = row.get(2)?;
            messages.push(ReviewMessage {
                voice: locale.zip(zone).map(Voice::stored).transpose()?,
                part,
                editors: self.channels_with_part(part)?,
            });
        }
        Ok(messages)
    }

    /// Whom a part goes or went to.
    fn channels_with_part(&self, part: i64) -> Result<Vec<ChannelId>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT channel_id FROM deliveries WHERE part_id = ?1")?;
        let channels = statement.query_map([part], |row| row.get(0).map(ChannelId::new))?;
        channels.map(|one| Ok(one?)).collect()
    }

    /// When the next held item goes out by itself.
    pub fn next_release(&self) -> Result<Option<Timestamp>, StoreError> {
        let next = self
            .conn
            .prepare_cached(
                "SELECT min(until_at) FROM held WHERE state = 'held' AND until_at IS NOT NULL",
            )?
            .query_row([], |row| row.get(0))?;
        from_ms_opt(next)
    }

    /// Returns true if something is held back until an editor publishes it.
    pub fn has_held_back(&self) -> Result<bool, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT 1 FROM held WHERE state = 'held' AND until_at IS NULL")?;
        Ok(statement.exists([])?)
    }

    /// The review in which an item waits, or did.
    pub fn review_of(&self, item: ItemId) -> Result<Option<ReviewId>, StoreError> {
        let review = self
            .conn
            .prepare_cached("SELECT review_id FROM held WHERE item_id = ?1")?
            .query_row([item.get()], |row| row.get(0).map(ReviewId::new))
            .optional()?;
        Ok(review)
    }

    /// Returns true if an editor has filed an item.
    pub(super) fn is_filed_by_editor(&self, item: i64) -> Result<bool, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT 1 FROM items WHERE id = ?1 AND filed_by_editor = 1")?;
        Ok(statement.exists([item])?)
    }

    /// Returns true if an item waits for its editors.
    pub(super) fn is_held(&self, item: i64) -> Result<bool, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT 1 FROM held WHERE item_id = ?1 AND state = 'held'")?;
        Ok(statement.exists([item])?)
    }
}

impl WriteTx<'_> {
    /// The review that what a source brings now joins: that which is open, or was begun a moment ago; else a new one.
    pub(super) fn open_review(
        &self,
        source: SourceId,
        now: Timestamp,
    ) -> Result<ReviewId, StoreError> {
        let before = now.checked_sub(BETWEEN).unwrap_or(Timestamp::MIN);
        let known: Option<i64> = self
            .conn
            .prepare_cached(
                "SELECT id FROM reviews WHERE source_id = ?1 AND (begun_at > ?2
                     OR EXISTS (SELECT 1 FROM held WHERE review_id = reviews.id AND state = 'held'))
                 ORDER BY id DESC LIMIT 1",
            )?
            .query_row(params![source.get(), to_ms(before)], |row| row.get(0))
            .optional()?;
        let id = match known {
            Some(id) => ReviewId::new(id),
            None => {
                let id = self
                    .conn
                    .prepare_cached("INSERT INTO reviews (source_id, begun_at) VALUES (?1, ?2)")?
                    .insert(params![source.get(), to_ms(now)])?;
                return Ok(ReviewId::new(id));
            }
        };
        self.review_changed(id)?;
        Ok(id)
    }

    /// Has a new item wait.
    pub(super) fn hold(
        &self,
        item: i64,
        review: ReviewId,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO held (item_id, review_id, until_at, state) VALUES (?1, ?2, ?3, 'held')",
            )?
            .execute(params![item, review.get(), to_ms(until)])?;
        Ok(())
    }

    /// What editors see of a held item has changed.
    pub(super) fn held_changed(&self, item: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE reviews SET version = version + 1
                 WHERE id = (SELECT review_id FROM held WHERE item_id = ?1 AND state = 'held')",
            )?
            .execute([item])?;
        Ok(())
    }

    /// What editors see of a section has changed: the reviews that name it say so, those that wait and those of the last two
    /// days. Older messages aren't edited any more.
    pub(super) fn reviews_of_section_changed(&self, section: SectionId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE reviews SET version = version + 1
                 WHERE id IN (SELECT held.review_id FROM held JOIN items ON items.id = held.item_id
                              WHERE items.section_id = ?1)
                   AND EXISTS (SELECT 1 FROM held WHERE review_id = reviews.id AND (
                       state = 'held' OR released_at > (SELECT max(released_at) FROM held) - 172800000))",
            )?
            .execute([section.get()])?;
        Ok(())
    }

    /// An item of a review was taken back, or put back.
    pub(super) fn review_of_item_changed(&self, item: ItemId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE reviews SET version = version + 1
                 WHERE id = (SELECT review_id FROM held WHERE item_id = ?1)",
            )?
            .execute([item.get()])?;
        Ok(())
    }

    /// What a review's messages are to say has changed.
    pub(super) fn review_changed(&self, id: ReviewId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE reviews SET version = version + 1 WHERE id = ?1")?
            .execute([id.get()])?;
        Ok(())
    }

    /// Has what waited long enough go out. Returns how many items did.
    pub fn release_due(&self, now: Timestamp) -> Result<usize, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT item_id, review_id FROM held WHERE state = 'held' AND until_at <= ?1 ORDER BY item_id",
        )?;
        let due = statement.query_map([to_ms(now)], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let due: Vec<(i64, i64)> = due.collect::<Result<_, _>>()?;
        for (item, review) in &due {
            self.release(*item, now)?;
            self.review_changed(ReviewId::new(*review))?;
        }
        Ok(due.len())
    }

    /// Has a held item take its place in the push order.
    pub(super) fn release(&self, item: i64, now: Timestamp) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE held SET state = 'out', released_at = ?2 WHERE item_id = ?1")?
            .execute(params![item, to_ms(now)])?;
        // What is hidden when its hold ends is stored like a baseline, as what comes into such a section.
        let Some(words) = self.show_item(item)? else {
            return Ok(());
        };
        let order = self.fact("last_push_order")? + 1;
        self.conn
            .prepare_cached("UPDATE items SET push_order = ?2 WHERE id = ?1")?
            .execute([item, order])?;
        let last = self.push_waiting_reports(item, order)?;
        self.conn
            .prepare_cached("UPDATE facts SET value = ?1 WHERE name = 'last_push_order'")?
            .execute([last])?;
        self.note_watched(&[(order, words.into())])
    }

    /// Does what an editor wants. Returns how many items it concerns; none, if there is nothing to do.
    pub fn do_deed(
        &self,
        id: ReviewId,
        deed: ReviewDeed,
        editor: &str,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let Some(review) = self.review(id)? else {
            return Ok(0);
        };
        let concerns = |item: &&HeldItem| match deed {
            ReviewDeed::Publish => item.state == HeldState::Held,
            ReviewDeed::HoldBack => item.state == HeldState::Held && item.until.is_some(),
            ReviewDeed::Withdraw => item.state == HeldState::Out,
            // These are of one item.
            ReviewDeed::Drop | ReviewDeed::Move => false,
        };
        let items: Vec<&HeldItem> = review.items.iter().filter(concerns).collect();
        if items.is_empty() {
            return Ok(0);
        }
        let before = items.iter().map(|item| {
            let state = item.state.as_str().to_owned();
            (item.id.get(), item.until.map(to_ms), state)
        });
        let before: Vec<Before> = before.collect();
        for item in &items {
            let number = item.id.get();
            match deed {
                ReviewDeed::Publish => self.release(number, now)?,
                ReviewDeed::HoldBack => {
                    self.conn
                        .prepare_cached("UPDATE held SET until_at = NULL WHERE item_id = ?1")?
                        .execute([number])?;
                }
                ReviewDeed::Withdraw => {
                    self.withdraw_item(item.id)?;
                    self.set_held_state(number, HeldState::Withdrawn)?;
                }
                ReviewDeed::Drop | ReviewDeed::Move => {}
            }
        }
        self.keep_deed((id, None), deed, editor, &before, now)?;
        Ok(items.len())
    }

    fn keep_deed(
        &self,
        (id, item): (ReviewId, Option<ItemId>),
        deed: ReviewDeed,
        editor: &str,
        before: &[Before],
        now: Timestamp,
    ) -> Result<DeedId, StoreError> {
        let before = serde_json::to_string(before)
            .map_err(|error| StoreError::unexpected("what a review was", error))?;
        let subject = match item {
            Some(item) => self.current(item)?.map(|item| item.title),
            None => None,
        };
        let deed = self.record_deed(
            &NewDeed {
                by: editor,
                kind: deed.into(),
                item,
                review: Some(id),
                subject: subject.as_deref().unwrap_or_default(),
                before: &before,
                ..NewDeed::PLAIN
            },
            now,
        )?;
        self.review_changed(id)?;
        Ok(deed)
    }

    /// Withdraws a held item unseen. Returns the deed; `None` if it didn't wait.
    pub fn drop_held(
        &self,
        item: ItemId,
        editor: &str,
        now: Timestamp,
    ) -> Result<Option<DeedId>, StoreError> {
        let Some((review, until)) = self.waiting(item)? else {
            return Ok(None);
        };
        self.withdraw_item(item)?;
        let before = (item.get(), until, HeldState::Held.as_str().to_owned());
        let of = (review, Some(item));
        self.keep_deed(of, ReviewDeed::Drop, editor, &[before], now)
            .map(Some)
    }

    /// Files a held item under another section. Returns the deed; `None` if it didn't wait.
    pub fn move_held(
        &self,
        item: ItemId,
        section: SectionId,
        editor: &str,
        now: Timestamp,
    ) -> Result<Option<DeedId>, StoreError> {
        let Some((review, _)) = self.waiting(item)? else {
            return Ok(None);
        };
        let old: i64 = self
            .conn
            .prepare_cached("SELECT coalesce(came_by, section_id) FROM items WHERE id = ?1")?
            .query_row([item.get()], |row| row.get(0))?;
        // Of a move it is kept where the item was, and whether an editor had filed it there.
        let state = match self.is_filed_by_editor(item.get())? {
            true => FILED,
            false => HeldState::Held.as_str(),
        };
        let before = (item.get(), Some(old), state.to_owned());
        self.file_held(item.get(), section.get(), true)?;
        let of = (review, Some(item));
        self.keep_deed(of, ReviewDeed::Move, editor, &[before], now)
            .map(Some)
    }

    /// A section that is gone meanwhile is none to go back to.
    fn file_held(&self, item: i64, section: i64, by_editor: bool) -> Result<(), StoreError> {
        let mut filed_in = self.filed_in(SectionId::new(section))?;
        if by_editor {
            // Where an editor puts it, it stays, whatever becomes of a merge.
            filed_in.came_by = None;
        }
        self.conn
            .prepare_cached(
                "UPDATE items SET section_id = ?2, filed_by_editor = ?3, came_by = ?4 WHERE id = ?1 AND removed = 3
                   AND EXISTS (SELECT 1 FROM sections WHERE id = ?2)",
            )?
            .execute(params![
                item,
                filed_in.section,
                by_editor,
                filed_in.came_by
            ])?;
        Ok(())
    }

    /// Nobody is named any more who could publish what is held back: it goes out. Returns true if something waited.
    pub fn release_unattended(&self, now: Timestamp) -> Result<bool, StoreError> {
        let released = self.conn.execute(
            "UPDATE held SET until_at = ?1 WHERE state = 'held' AND until_at IS NULL",
            [to_ms(now)],
        )?;
        Ok(released > 0)
    }

    /// The review in which an item waits, and until when.
    fn waiting(&self, item: ItemId) -> Result<Option<(ReviewId, Option<i64>)>, StoreError> {
        let waiting = self
            .conn
            .prepare_cached(
                "SELECT review_id, until_at FROM held WHERE item_id = ?1 AND state = 'held'",
            )?
            .query_row([item.get()], |row| {
                Ok((ReviewId::new(row.get(0)?), row.get(1)?))
            })
            .optional()?;
        Ok(waiting)
    }

    /// Undoes what was done last to a review, as `by` wants it: what was held back goes out at its time again, what was withdrawn can be
    /// read again. What went out can't be taken back by that. Returns what was undone.
    pub fn undo_deed(
        &self,
        id: ReviewId,
        by: &str,
        now: Timestamp,
    ) -> Result<Option<ReviewDeed>, StoreError> {
        let Some((number, last, before)) = self.last_deed(id)? else {
            return Ok(None);
        };
        if last.deed == ReviewDeed::Publish {
            return Ok(None);
        }
        let before: Vec<Before> = serde_json::from_str(&before)
            .map_err(|_| StoreError::unexpected("what a review was", &before))?;
        for (item, until, state) in &before {
            match last.deed {
                ReviewDeed::HoldBack => {
                    // What went out meanwhile stays out. A time that has passed is the next moment.
                    let until = until.map(|until| until.max(to_ms(now)));
                    self.conn
                        .prepare_cached(
                            "UPDATE held SET until_at = ?2 WHERE item_id = ?1 AND state = 'held'",
                        )?
                        .execute(params![item, until])?;
                }
                ReviewDeed::Withdraw => {
                    self.restore_item(ItemId::new(*item))?;
                    self.set_held_state(*item, HeldState::parse(state)?)?;
                }
                ReviewDeed::Drop => {
                    let until = until.map(|until| until.max(to_ms(now)));
                    let waits = self
                        .conn
                        .prepare_cached(
                            "UPDATE held SET state = 'held', until_at = ?2 WHERE item_id = ?1 AND state = 'withdrawn'
                               AND (SELECT removed FROM items WHERE id = ?1) = 1",
                        )?
                        .execute(params![item, until])?;
                    // Somebody has put it back already.
                    if waits == 0 {
                        return Ok(None);
                    }
                    self.conn
                        .prepare_cached("UPDATE items SET removed = 3 WHERE id = ?1")?
                        .execute([item])?;
                    self.tell_again(ItemId::new(*item))?;
                }
                ReviewDeed::Move => {
                    // What has gone out there meanwhile stays there.
                    if !self.is_held(*item)? {
                        return Ok(None);
                    }
                    if let Some(section) = until {
                        self.file_held(*item, *section, state == FILED)?;
                    }
                }
                ReviewDeed::Publish => {}
            }
        }
        self.deed_undone(DeedId::new(number), by, now)?;
        self.review_changed(id)?;
        Ok(Some(last.deed))
    }

    fn set_held_state(&self, item: i64, state: HeldState) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE held SET state = ?2 WHERE item_id = ?1")?
            .execute(params![item, state.as_str()])?;
        Ok(())
    }

    /// Has editors told of a review: by a message that is new, or by an edit of the one that they got.
    pub fn tell_review(
        &self,
        review: &Review,
        platform: &str,
        message: &ReviewTelling<'_>,
        wire: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let part = match message.part {
            Some(part) => {
                self.say_anew(part, wire, now)?;
                part
            }
            None => self.add_part(wire)?,
        };
        for editor in &message.to {
            self.enqueue(editor, &[part], now)?;
        }
        let (id, version) = (review.id.get(), review.version);
        match &message.voice {
            None => self
                .conn
                .prepare_cached(
                    "INSERT INTO review_parts (review_id, platform, part_id, version) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (review_id, platform) DO UPDATE SET version = ?4",
                )?
                .execute(params![id, platform, part, version])?,
            Some(voice) => self
                .conn
                .prepare_cached(
                    "INSERT INTO review_voices (review_id, platform, locale, timezone, part_id, version)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                     ON CONFLICT (review_id, platform, locale, timezone) DO UPDATE SET version = ?6",
                )?
                .execute(params![
                    id,
                    platform,
                    voice.locale.code(),
                    voice.zone.name(),
                    part,
                    version
                ])?,
        };
        Ok(())
    }
}

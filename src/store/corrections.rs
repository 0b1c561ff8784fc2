//! Corrections: what of posts that were sent is to be said anew, and what becomes of the edits.
//!
//! | state of an edit | what comes next |
//! |---|---|
//! | `pending` | the message is edited once it was sent, and once the pace leaves a place |
//! | `sending` | was in flight; after a restart it is `unknown` |
//! | `unknown` | it is repeated: to say the same twice does no harm |
//!
//! A part that was never tried takes its newest edition and needs no edit. One that went in pieces is one edit, which goes
//! from piece to piece (see `recutting`).

use std::collections::HashSet;

use super::engine::{OptionalExtension, params};
use jiff::{SignedDuration, Timestamp};

use super::deliveries::key;
use super::{ReadTx, StoreError, WriteTx, from_ms_opt, to_ms};
use tidings_core::delivery::Settlement;
use tidings_core::ids::{ChannelKey, DeliveryId, ItemId, ReviewId};
use tidings_core::platform::Recutting;

/// How long after it was sent a message is corrected (design.md, “Editors, and posts that stay true”).
pub const CORRECTABLE: SignedDuration = SignedDuration::from_hours(48);

/// What a message needs to be corrected again goes together for so long (the same).
pub const TOGETHER: SignedDuration = SignedDuration::from_hours(1);

/// What a message is called that stays where a channel was before it moved: it was sent, and nothing can be done to it any more.
pub(super) const LEFT_BEHIND: &str = "";

/// What SQL says of an edit that may be made as soon as its moment has come: its message was sent, its channel takes
/// something, and no other edit of the channel is in hand.
const MAY_BE_MADE: &str = "e.platform = ?1 AND e.state <> 'sending' AND d.state = 'sent'
     AND coalesce(c.paused_by, '') <> 'platform'
     AND NOT EXISTS (SELECT 1 FROM edits f JOIN deliveries g ON g.id = f.delivery_id
         WHERE f.platform = ?1 AND f.state = 'sending' AND g.channel_id = d.channel_id)";

/// What an item says by now, whether it can be read or was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    /// Plain text, one line.
    pub title: String,
    /// Plain text.
    pub summary: String,
    /// Where the whole story is.
    pub link: Option<String>,
    /// Whether it was taken out.
    pub is_withdrawn: bool,
    /// When an editor corrected it last, or undid that.
    pub edited_at: Option<Timestamp>,
}

/// A stretch of a roundup of which an item has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// Its first part.
    pub first_part: i64,
    /// All its parts, in their order.
    pub parts: Vec<i64>,
    /// What it was made of, as it was handed in.
    pub made: String,
}

/// What a part says from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// To who hasn't got it yet; `None` if all that it shows was withdrawn.
    pub fresh: Option<String>,
    /// Where it was sent.
    pub edited: String,
    /// The same without what marks it as corrected, where `fresh` doesn't say that; `None` where there is no such thing.
    pub unmarked: Option<String>,
    /// What marks it.
    pub mark: Option<String>,
}

/// An edit that this process may make now. It is `sending` in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedEdit {
    /// The part whose message it is.
    pub id: DeliveryId,
    /// Where it was sent.
    pub channel: ChannelKey,
    /// What the platform called the message.
    pub message: String,
    /// What it says from now on.
    pub wire: String,
    /// Which edition that is.
    pub edition: i64,
    /// The number of the piece whose message it is, where the part went in pieces.
    pub piece: Option<i64>,
    /// How often it was tried before.
    pub attempts: u32,
    /// What the platform noted about the channel.
    pub note: Option<String>,
    /// What the platform called the first part of the same post, if this is a later one.
    pub first: Option<String>,
}

/// An edit whose moment has come.
struct Asked {
    edit: ClaimedEdit,
    /// Whether what is dropped of it was corrected in vain.
    is_missed: bool,
    may_be_made: bool,
    /// What the message becomes, where the part is one.
    whole: Option<String>,
    post: Option<i64>,
    has_message: bool,
    in_pieces: bool,
    /// The channel's row.
    channel: i64,
    part: i64,
}

impl ReadTx<'_> {
    /// What an item says by now; `None` where there is none of this number any more, or its section is hidden.
    pub fn current(&self, item: ItemId) -> Result<Option<Current>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT title, summary, link, removed, (SELECT max(CASE WHEN undone_at > at THEN undone_at ELSE at END) FROM deeds
                 WHERE item_id = items.id AND deed = 'correct')
             FROM items WHERE id = ?1 AND removed <> 2",
        )?;
        let mut rows = statement.query([item.get()])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        Ok(Some(Current {
            title: row.get(0)?,
            summary: row.get(1)?,
            link: row.get(2)?,
            is_withdrawn: row.get::<_, i64>(3)? == 1,
            edited_at: from_ms_opt(row.get(4)?)?,
        }))
    }

    /// Stretches of a platform's roundups that show an item which has changed since, some of them.
    pub fn stale(&self, platform: &str, limit: usize) -> Result<Vec<Stale>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT part_id, parts, made FROM composed WHERE platform = ?1 AND stale = 1 ORDER BY part_id LIMIT ?2",
        )?;
        let mut rows = statement.query(params![platform, limit])?;
        let mut stale = Vec::new();
        while let Some(row) = rows.next()? {
            let parts: String = row.get(1)?;
            let numbers = parts.split(' ').map(str::parse);
            stale.push(Stale {
                first_part: row.get(0)?,
                parts: numbers
                    .collect::<Result<_, _>>()
                    .map_err(|_| StoreError::unexpected("a post's parts", &parts))?,
                made: row.get(2)?,
            });
        }
        Ok(stale)
    }

    /// When the next edit of a platform may be tried.
    pub fn next_edit(&self, platform: &str) -> Result<Option<Timestamp>, StoreError> {
        let next = self
            .conn
            .prepare_cached(&format!(
                "SELECT e.not_before_at FROM edits e JOIN deliveries d ON d.id = e.delivery_id
                 JOIN channels c ON c.id = d.channel_id
                 WHERE {MAY_BE_MADE} ORDER BY e.not_before_at LIMIT 1"
            ))?
            .query_row([platform], |row| row.get(0))
            .optional()?;
        from_ms_opt(next)
    }

    /// How many messages of a channel, or of all, are to be edited.
    pub(super) fn edits(&self, channel: Option<&ChannelKey>) -> Result<usize, StoreError> {
        let key = channel.map(ToString::to_string);
        let count = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM edits e JOIN deliveries d ON d.id = e.delivery_id
                 WHERE ?1 IS NULL OR d.channel_id = (SELECT id FROM channels WHERE key = ?1)",
            )?
            .query_row([&key], |row| row.get(0))?;
        Ok(count)
    }

    /// How many messages of a channel, or of all, show what was corrected in vain: it couldn't be done in time.
    pub(super) fn uncorrected(&self, channel: Option<&ChannelKey>) -> Result<usize, StoreError> {
        let key = channel.map(ToString::to_string);
        let count = self
            .conn
            .prepare_cached(
                "SELECT count(*) FROM deliveries WHERE uncorrected = 1
                   AND (?1 IS NULL OR channel_id = (SELECT id FROM channels WHERE key = ?1))",
            )?
            .query_row([&key], |row| row.get(0))?;
        Ok(count)
    }
}

impl WriteTx<'_> {
    /// Keeps what a stretch of a roundup was made of, with the items that its messages show.
    pub fn keep_composed(
        &self,
        post: i64,
        platform: &str,
        parts: &[i64],
        made: &str,
        items: &[ItemId],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(first) = parts.first() else {
            return Ok(());
        };
        let numbers: Vec<String> = parts.iter().map(i64::to_string).collect();
        self.conn
            .prepare_cached(
                "INSERT INTO composed (part_id, platform, made, parts, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![first, platform, made, numbers.join(" "), to_ms(now)])?;
        let mut place = self.conn.prepare_cached(
            "INSERT INTO shown (post, item_id, composed) VALUES (?1, ?2, ?3)
             ON CONFLICT (post, item_id) DO UPDATE SET composed = ?3",
        )?;
        for item in items {
            place.execute(params![post, item.get(), first])?;
        }
        Ok(())
    }

    /// An item has changed, or was taken out: what shows it is looked at again.
    pub(super) fn mark_stale(&self, item: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE composed SET stale = 1
                 WHERE part_id IN (SELECT composed FROM shown WHERE item_id = ?1 AND composed IS NOT NULL)",
            )?
            .execute([item])?;
        Ok(())
    }

    /// Nothing that a stretch shows has changed.
    pub fn is_true_still(&self, stale: &Stale) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE composed SET stale = 0 WHERE part_id = ?1")?
            .execute([stale.first_part])?;
        Ok(())
    }

    /// Has a stretch say something else from now on: who hasn't got it gets the new text, and messages that were sent
    /// are edited, at once where `is_urgent`. `made` is what it is made of now; `editions` are those of its first parts; `recut`
    /// makes pieces say them. Returns how many parts are to be edited.
    pub fn correct(
        &self,
        stale: &Stale,
        made: &str,
        editions: &[Edition],
        is_urgent: bool,
        recut: Recutting<'_>,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let together = if is_urgent {
            SignedDuration::ZERO
        } else {
            TOGETHER
        };
        self.conn
            .prepare_cached("UPDATE composed SET stale = 0, made = ?2 WHERE part_id = ?1")?
            .execute(params![stale.first_part, made])?;
        let mut messages = 0;
        for (part, edition) in stale.parts.iter().zip(editions) {
            self.add_edition(*part, edition)?;
            let mut parts = self.recut_refused(*part, recut)?;
            parts.push(*part);
            for part in parts {
                messages += self.ask_edits(part, together, now)?;
            }
        }
        Ok(messages)
    }

    /// Has the messages of a part edited that were sent or tried: what was tried may arrive as it was, and is edited then. None is
    /// edited sooner than `together` after its last edit. Returns how many there are.
    fn ask_edits(
        &self,
        part: i64,
        together: SignedDuration,
        now: Timestamp,
    ) -> Result<usize, StoreError> {
        let since = now.checked_sub(CORRECTABLE).unwrap_or(Timestamp::MIN);
        let asked = self
            .conn
            .prepare_cached(
                "INSERT INTO edits (delivery_id, platform, state, not_before_at)
                 SELECT id, platform, 'pending', CASE WHEN edited_at + ?4 > ?2 THEN edited_at + ?4 ELSE ?2 END FROM deliveries
                 WHERE part_id = ?1 AND (state IN ('sending', 'unknown')
                       OR state = 'pending' AND (attempts > 0 OR decided > 0
                           OR EXISTS (SELECT 1 FROM pieces WHERE delivery_id = deliveries.id))
                       OR state = 'sent' AND settled_at > ?3 AND message_id IS NOT NULL)
                 ON CONFLICT (delivery_id) DO UPDATE SET not_before_at =
                     CASE WHEN edits.state = 'unknown' OR edits.state = 'sending' AND ?4 > 0
                               OR excluded.not_before_at > edits.not_before_at
                          THEN edits.not_before_at ELSE excluded.not_before_at END",
            )?
            .execute(params![
                part,
                to_ms(now),
                to_ms(since),
                i64::try_from(together.as_millis()).unwrap_or(i64::MAX)
            ])?;
        Ok(asked)
    }

    pub(super) fn add_edition(&self, part: i64, edition: &Edition) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE parts SET edition = edition + 1 WHERE id = ?1")?
            .execute([part])?;
        self.conn
            .prepare_cached(
                "INSERT INTO editions (part_id, edition, fresh, edited, unmarked, mark)
                 SELECT id, edition, ?2, ?3, ?4, ?5 FROM parts WHERE id = ?1",
            )?
            .execute(params![
                part,
                edition.fresh,
                edition.edited,
                edition.unmarked,
                edition.mark
            ])?;
        Ok(())
    }

    /// Has a part say something else from now on, whether it was sent or not, as soon as may be.
    pub(super) fn say_anew(&self, part: i64, wire: &str, now: Timestamp) -> Result<(), StoreError> {
        let edition = Edition {
            fresh: Some(wire.to_owned()),
            edited: wire.to_owned(),
            unmarked: None,
            mark: None,
        };
        self.add_edition(part, &edition)?;
        self.conn
            .prepare_cached(
                "INSERT INTO edits (delivery_id, platform, state, not_before_at)
                 SELECT id, platform, 'pending', ?2 FROM deliveries
                 WHERE part_id = ?1 AND (state IN ('sending', 'unknown', 'sent') OR state = 'pending' AND attempts > 0)
                 ON CONFLICT (delivery_id) DO UPDATE SET not_before_at = ?2
                     WHERE ?2 < edits.not_before_at AND edits.state <> 'unknown'",
            )?
            .execute(params![part, to_ms(now)])?;
        Ok(())
    }

    /// Takes edits of a platform whose time has come, and marks them as being made. What can't be made any more is
    /// dropped: what goes to a channel that wants no corrections, what was sent too long ago. `recut` makes pieces say what their
    /// part says.
    pub fn claim_edits(
        &self,
        platform: &str,
        now: Timestamp,
        limit: usize,
        recut: Recutting<'_>,
    ) -> Result<Vec<ClaimedEdit>, StoreError> {
        let since = now.checked_sub(CORRECTABLE).unwrap_or(Timestamp::MIN);
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT d.id, c.key, d.message_id, x.edited, p.edition, e.attempts, c.note, d.post_id, d.edition,
                 d.settled_at, d.decided, c.corrections, d.channel_id,
                 EXISTS (SELECT 1 FROM review_messages r WHERE r.part_id = p.id), p.id
             FROM edits e JOIN deliveries d ON d.id = e.delivery_id JOIN channels c ON c.id = d.channel_id
             JOIN parts p ON p.id = d.part_id LEFT JOIN editions x ON x.part_id = p.id AND x.edition = p.edition
             WHERE {MAY_BE_MADE} AND e.not_before_at <= ?2
             ORDER BY e.not_before_at, e.delivery_id LIMIT ?3"
        ))?;
        let mut rows = statement.query(params![platform, to_ms(now), limit])?;
        let mut asked = Vec::new();
        while let Some(row) = rows.next()? {
            let (newest, sent): (i64, i64) = (row.get(4)?, row.get(8)?);
            let settled = from_ms_opt(row.get(9)?)?;
            // Editors are told for as long as something waits for them.
            let is_review: bool = row.get(13)?;
            let is_late = !is_review && settled.is_none_or(|at| at <= since);
            let is_wanted = is_review || row.get::<_, Option<bool>>(11)?.unwrap_or(true);
            let whole: Option<String> = row.get(3)?;
            let message: Option<String> = row.get(2)?;
            let post: Option<i64> = row.get(7)?;
            let edit = ClaimedEdit {
                id: DeliveryId::new(row.get(0)?),
                channel: key(row.get(1)?)?,
                message: message.clone().unwrap_or_default(),
                wire: String::new(),
                edition: newest,
                piece: None,
                attempts: row.get(5)?,
                note: row.get(6)?,
                first: None,
            };
            asked.push(Asked {
                is_missed: newest > sent && is_wanted,
                may_be_made: newest > sent && is_wanted && !is_late,
                whole: whole.filter(|_| message.as_deref().is_some_and(|at| at != LEFT_BEHIND)),
                post,
                has_message: message.is_some(),
                in_pieces: row.get::<_, i64>(10)? > 0,
                channel: row.get(12)?,
                part: row.get(14)?,
                edit,
            });
        }
        let mut claimed = Vec::new();
        let mut dropped = Vec::new();
        let mut channels: HashSet<i64> = HashSet::new();
        for asked in asked {
            let mut edit = asked.edit;
            if asked.in_pieces {
                // A piece may have been set aside since its part was corrected.
                for refused in self.recut_refused(asked.part, recut)? {
                    self.ask_edits(refused, SignedDuration::ZERO, now)?;
                }
            }
            if !asked.may_be_made {
                dropped.push((edit.id, asked.is_missed));
                continue;
            }
            // In a channel one after the other.
            if channels.contains(&asked.channel) {
                continue;
            }
            let is_first = asked.post.is_none_or(|post| post == edit.id.get());
            edit.first = match asked.post {
                Some(post) if !is_first => self.first_of(post)?,
                // What goes behind the first piece of a first part goes where that is.
                _ => Some(edit.message.clone())
                    .filter(|message| asked.in_pieces && message != LEFT_BEHIND),
            };
            if asked.in_pieces {
                let part = (asked.part, edit.edition);
                let stale = self.stale_piece(edit.id, asked.has_message, part, recut)?;
                let Some(piece) = stale.piece else {
                    dropped.push((edit.id, stale.is_missed));
                    continue;
                };
                if stale.is_missed {
                    self.is_uncorrected(edit.id)?;
                }
                edit.piece = Some(piece.id);
                (edit.message, edit.wire) = (piece.message, piece.wire);
            } else if let Some(whole) = asked.whole {
                edit.wire = whole;
            } else {
                dropped.push((edit.id, true));
                continue;
            }
            channels.insert(asked.channel);
            claimed.push(edit);
        }
        for (id, is_missed) in dropped {
            self.end_edit(id, is_missed)?;
        }
        let mut mark = self.conn.prepare_cached(
            "UPDATE edits SET state = 'sending', attempts = attempts + 1, not_before_at = ?2 WHERE delivery_id = ?1",
        )?;
        // What is corrected while it is being made waits for the hour, unless somebody asks for it to come sooner.
        let next = now.checked_add(TOGETHER).unwrap_or(now);
        for edit in &claimed {
            mark.execute(params![edit.id.get(), to_ms(next)])?;
        }
        Ok(claimed)
    }

    /// Writes down what became of an edit.
    pub fn settle_edit(
        &self,
        edit: &ClaimedEdit,
        settlement: &Settlement,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let id = edit.id.get();
        match settlement {
            Settlement::Sent { .. } => return self.edit_made(edit, now),
            Settlement::Untried => {
                self.conn
                    .prepare_cached(
                        "UPDATE edits SET state = 'pending', attempts = attempts - 1, not_before_at = ?2 WHERE delivery_id = ?1",
                    )?
                    .execute(params![id, to_ms(now)])?;
            }
            Settlement::Later {
                not_before,
                error,
                unknown,
            } => {
                let state = if *unknown { "unknown" } else { "pending" };
                self.conn
                    .prepare_cached(
                        "UPDATE edits SET state = ?2, not_before_at = ?3, last_error = ?4 WHERE delivery_id = ?1",
                    )?
                    .execute(params![id, state, to_ms(*not_before), error])?;
            }
            // The message is gone, or can't be changed any more.
            Settlement::Dead { .. } => {
                if edit.piece.is_some() {
                    self.edit_made(edit, now)?;
                } else {
                    self.end_edit(edit.id, false)?;
                }
                self.tell_anew(edit.id)?;
            }
        }
        Ok(())
    }

    /// A message says what it is to say by now, or is gone: the next piece of its part has its turn, or what was corrected since.
    fn edit_made(&self, edit: &ClaimedEdit, now: Timestamp) -> Result<(), StoreError> {
        let id = edit.id.get();
        if let Some(piece) = edit.piece
            && self.piece_is_anew(edit.id, piece, edit.edition)?
        {
            self.conn
                .prepare_cached("UPDATE deliveries SET edited_at = ?2 WHERE id = ?1")?
                .execute(params![id, to_ms(now)])?;
            self.conn
                .prepare_cached(
                    "UPDATE edits SET state = 'pending', attempts = 0, not_before_at = ?2 WHERE delivery_id = ?1",
                )?
                .execute(params![id, to_ms(now)])?;
            return Ok(());
        }
        self.conn
            .prepare_cached("UPDATE deliveries SET edition = ?2, edited_at = ?3 WHERE id = ?1")?
            .execute(params![id, edit.edition, to_ms(now)])?;
        let is_newest: Option<bool> = self
            .conn
            .prepare_cached(
                "SELECT p.edition <= ?2 FROM deliveries d JOIN parts p ON p.id = d.part_id WHERE d.id = ?1",
            )?
            .query_row(params![id, edit.edition], |row| row.get(0))
            .optional()?;
        if is_newest.unwrap_or(true) {
            return self.end_edit(edit.id, false);
        }
        self.conn
            .prepare_cached(
                "UPDATE edits SET state = 'pending', attempts = 0, not_before_at = CASE WHEN EXISTS (
                     SELECT 1 FROM review_messages r JOIN deliveries d ON d.part_id = r.part_id WHERE d.id = ?1)
                     THEN ?2 ELSE not_before_at END
                 WHERE delivery_id = ?1",
            )?
            .execute(params![id, to_ms(now)])?;
        Ok(())
    }

    /// An editor's message is gone, and something still waits for them: they are told by another one.
    fn tell_anew(&self, id: DeliveryId) -> Result<(), StoreError> {
        let review: Option<i64> = self
            .conn
            .prepare_cached(
                "SELECT r.review_id FROM deliveries d JOIN review_messages r ON r.part_id = d.part_id WHERE d.id = ?1
                   AND EXISTS (SELECT 1 FROM held h WHERE h.review_id = r.review_id AND h.state = 'held')",
            )?
            .query_row([id.get()], |row| row.get(0))
            .optional()?;
        let Some(review) = review else {
            return Ok(());
        };
        self.conn
            .prepare_cached("DELETE FROM deliveries WHERE id = ?1")?
            .execute([id.get()])?;
        self.review_changed(ReviewId::new(review))
    }

    /// The platform refuses what an edit says: a simpler text goes instead, if that is one message.
    pub fn replace_edit(
        &self,
        edit: &ClaimedEdit,
        instead: &[String],
        error: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if let Some(piece) = edit.piece {
            match instead {
                [simpler] => self.recut_simpler(edit.id, piece, simpler)?,
                _ => {
                    self.is_uncorrected(edit.id)?;
                    return self.edit_made(edit, now);
                }
            }
            return self.edit_again(edit.id, error, now);
        }
        let [simpler] = instead else {
            return self.end_edit(edit.id, true);
        };
        // For all channels that share it.
        self.conn
            .prepare_cached(
                "UPDATE editions SET edited = ?3 WHERE edition = ?2
                   AND part_id = (SELECT part_id FROM deliveries WHERE id = ?1)",
            )?
            .execute(params![edit.id.get(), edit.edition, simpler])?;
        self.edit_again(edit.id, error, now)
    }

    fn edit_again(&self, id: DeliveryId, error: &str, now: Timestamp) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE edits SET state = 'pending', not_before_at = ?2, last_error = ?3 WHERE delivery_id = ?1",
            )?
            .execute(params![id.get(), to_ms(now), error])?;
        Ok(())
    }

    /// A message shows what was corrected in vain.
    fn is_uncorrected(&self, id: DeliveryId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("UPDATE deliveries SET uncorrected = 1 WHERE id = ?1")?
            .execute([id.get()])?;
        Ok(())
    }

    fn end_edit(&self, id: DeliveryId, is_missed: bool) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM edits WHERE delivery_id = ?1")?
            .execute([id.get()])?;
        if is_missed {
            self.is_uncorrected(id)?;
        }
        Ok(())
    }

    /// The newest text of a part for who never got it; `None` if all that it shows was withdrawn.
    pub(super) fn edition(&self, part: i64, edition: i64) -> Result<Option<String>, StoreError> {
        let text = self
            .conn
            .prepare_cached("SELECT fresh FROM editions WHERE part_id = ?1 AND edition = ?2")?
            .query_row([part, edition], |row| row.get(0))?;
        Ok(text)
    }

    /// What was in flight when the last process ended is repeated.
    pub(super) fn recover_edits(&self, platform: &str) -> Result<(), StoreError> {
        self.conn.execute(
            "UPDATE edits SET state = 'unknown', not_before_at = 0 WHERE platform = ?1 AND state = 'sending'",
            [platform],
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClaimCursor, OpenMode, Store};
    use tidings_core::platform::Anew;

    /// How the first edit ends.
    #[derive(Clone, Copy)]
    enum End {
        Made,
        Killed,
        /// Its sender is lost, and what it was doing is in doubt until the second moment.
        TakenOver,
    }

    /// What of a message is edited when it was corrected once more while the first edit was on its way: at once, and an hour later.
    fn edited_after(is_urgent: bool, end: End) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db"), OpenMode::Work).unwrap();
        let now: Timestamp = "2026-11-06T12:00:00Z".parse().unwrap();
        let recut: Recutting<'_> = &|_| Anew::Unknown;
        let edited = store.blocking().write(|db| {
            let key = ChannelKey::new("talk", "1").unwrap();
            let channel = db.channel_or_new(&key, now)?;
            let part = db.add_part("agian")?;
            db.enqueue(&channel, &[part], now)?;
            db.keep_composed(part, "talk", &[part], "{}", &[], now)?;
            let claimed = db.claim_of(channel.id, now, &mut ClaimCursor::default())?;
            let message = Some("7".to_owned());
            db.settle(
                claimed.expect("a part").id,
                &Settlement::Sent { message },
                now,
            )?;
            let stale = Stale {
                first_part: part,
                parts: vec![part],
                made: "{}".to_owned(),
            };
            let correct = |words: &str, is_urgent| {
                let edition = Edition {
                    fresh: Some(words.to_owned()),
                    edited: words.to_owned(),
                    unmarked: None,
                    mark: None,
                };
                db.correct(&stale, "{}", &[edition], is_urgent, recut, now)
            };
            correct("again", false)?;
            let first = db.claim_edits("talk", now, 10, recut)?.remove(0);
            // What a source corrects never makes it later.
            for is_urgent in [false, is_urgent, false] {
                correct("once more", is_urgent)?;
            }
            match end {
                End::Made => db.settle_edit(&first, &Settlement::Sent { message: None }, now)?,
                End::Killed => drop(db.recover("talk")?),
                End::TakenOver => drop(db.take_over("talk", now + TOGETHER)?),
            }
            let said = |at| {
                let edits = db.claim_edits("talk", at, 10, recut)?;
                Ok::<_, StoreError>(edits.into_iter().map(|edit| edit.wire).collect())
            };
            Ok::<_, StoreError>((said(now)?, said(now + TOGETHER)?))
        });
        edited.unwrap()
    }

    #[test]
    fn an_editors_deed_waits_for_no_hour_though_an_edit_is_on_its_way() {
        let words = || vec!["once more".to_owned()];
        assert_eq!(edited_after(true, End::Made), (words(), Vec::new()));
        assert_eq!(edited_after(false, End::Made), (Vec::new(), words()));
        // What was on its way at a kill is repeated at once, and says what is true by then.
        assert_eq!(edited_after(false, End::Killed), (words(), Vec::new()));
        // What may be under way still isn't.
        assert_eq!(edited_after(true, End::TakenOver), (Vec::new(), words()));
    }
}

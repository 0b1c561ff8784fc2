//! An item that is said anew is changed in place ([`Revision`]).

use std::borrow::Cow;

use super::engine::params;

use super::filing::Batch;
use super::{StoreError, search, to_ms};
use tidings_core::ids::SectionId;
use tidings_core::item::{KnownItem, Prepared, Revision, Standing};

impl<'d> Batch<'_, '_, 'd> {
    /// Writes down what a draft has changed about an item.
    pub(super) fn revise(
        &mut self,
        known: &KnownItem,
        prepared: &'d Prepared,
        revision: &Revision<'_>,
    ) -> Result<(), StoreError> {
        let section = revision.section;
        let is_hidden = self.hidden.contains(&section.get());
        // What an editor has set stays, whatever the source says by now.
        let before = known.shown(&known.title, &known.summary, known.link.as_deref());
        let now = known.shown(revision.title, revision.summary, revision.link);
        let (title, summary, link) = now;
        // A date alone corrects nothing that is read.
        let is_corrected = before != now || known.section != section;
        let is_visible = is_corrected || known.published != revision.published;
        self.writer
            .conn
            .prepare_cached(
                "UPDATE items SET title = ?2, summary = ?3, link = ?4, section_id = ?5, published = ?6,
                     rank = ?7, position = ?8, feed_id = ?9, link_key = ?10, title_key = ?11,
                     removed = CASE WHEN removed = 3 THEN 3 WHEN ?12 = 1 THEN 2 ELSE 0 END, written = ?13, picture = ?14,
                     updated_at = CASE WHEN ?15 = 1 THEN ?16 ELSE updated_at END
                 WHERE id = ?1",
            )?
            .execute(params![
                known.id.get(),
                title,
                summary,
                link,
                section.get(),
                revision.published.map(|published| published.to_string()),
                revision.rank,
                revision.position,
                revision.feed_id,
                revision.link_key,
                revision.title_key,
                is_hidden,
                revision.written,
                revision.picture,
                is_corrected,
                to_ms(self.now),
            ])?;
        if known.edited.is_some() {
            let own = (revision.title, revision.summary, revision.link);
            self.writer.set_own_words(known.id, own)?;
        }
        let is_held = known.standing == Standing::Held;
        // A summary isn't shown to editors, so what they decided stands.
        if is_held && ((before.0, before.2) != (title, link) || known.section != section) {
            self.writer.held_changed(known.id.get())?;
        }
        if known.section != section && !is_held {
            *self.counts.entry(known.section.get()).or_default() -= 1;
            *self.counts.entry(section.get()).or_default() += 1;
            if let Some(order) = known.push_order {
                self.tell_followers(known, order, section)?;
            }
        }
        if is_visible {
            self.writer.mark_stale(known.id.get())?;
        }
        let (old, new) = (known.place(), revision.place(known));
        if is_visible || search::row(old) != search::row(new) {
            let old = (known.standing == Standing::Shown).then_some(old);
            let new = (!is_hidden && !is_held).then(|| {
                let draft = &prepared.draft;
                let is_told = title == draft.title && summary == draft.summary;
                let words = if is_told {
                    Cow::Borrowed(prepared.words.as_str())
                } else {
                    Cow::Owned(tidings_core::search::words(title, summary))
                };
                (new, words)
            });
            self.words.replace(self.writer, old, new)?;
        }
        Ok(())
    }

    /// An item that was handed to subscribers has moved.
    fn tell_followers(
        &mut self,
        known: &KnownItem,
        push_order: i64,
        to: SectionId,
    ) -> Result<(), StoreError> {
        /// Reading what a channel follows costs as much as going through it so often.
        const READING: usize = 10;
        let pair = (known.section, to);
        let newest = self.push_order;
        let kept = self.followers.take();
        let kept = kept.filter(|kept| kept.pair == pair && kept.newest == newest);
        let mut followers = match kept {
            Some(kept) => kept,
            None => {
                let read = self.writer.followers(known.section, to, newest)?;
                self.moves = self.moves.saturating_sub(READING * read.count());
                read
            }
        };
        self.writer
            .item_moved(known.id, push_order, &mut followers, self.now)?;
        self.moves = self.moves.saturating_sub(followers.count());
        self.followers = Some(followers);
        Ok(())
    }
}

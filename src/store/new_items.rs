//! Filing what isn't known: drafts that become items. Those that follow each other in a document are stored together, which is
//! one journey to a server; then each gets what goes by its number.

use std::borrow::Cow;

use jiff::Timestamp;

use super::engine::{Param, ToParam};
use super::filing::Batch;
use super::merging::FiledIn;
use super::prepared::{Filed, Filing};
use super::search;
use super::stories::{ReportPush, Teller};
use super::{StoreError, to_ms};
use tidings_core::ids::SourceId;
use tidings_core::item::{Archived, Place, Prepared};
use tidings_core::search::to_tsvector;

/// So many drafts are stored at a time.
const TOGETHER: usize = 256;

/// A draft that becomes an item, as its row will be.
pub(super) struct NewItem<'d> {
    prepared: &'d Prepared,
    filed_in: FiledIn,
    source: i64,
    document: i64,
    position: i64,
    rank: i64,
    published: String,
    feed_id: Option<&'d str>,
    push_order: Option<i64>,
    /// Until when it waits for its source's editors.
    hold: Option<Timestamp>,
    is_pushed: bool,
    removed: i64,
    is_written: bool,
    /// Its words, where the search's index is on the items themselves: writing the row twice would take twice as long.
    words: Option<String>,
    /// The number that it had in the archive that it comes from.
    number: Option<i64>,
}

impl NewItem<'_> {
    /// What an archive says of it, if that is put back.
    fn archived(&self, filing: &Filing<'_>) -> Option<&Archived> {
        let archived = self.prepared.draft.archived.as_deref();
        archived.filter(|_| filing.restores)
    }

    fn is_shown(&self) -> bool {
        self.removed == 0
    }

    fn values<'v>(&'v self, seen_at: &'v i64, has_words: bool) -> Vec<Param<'v>> {
        let prepared = self.prepared;
        let draft = &prepared.draft;
        let values: [&'v dyn ToParam; 18] = [
            &self.filed_in.section,
            &self.source,
            &self.document,
            &self.position,
            &self.rank,
            &draft.title,
            &draft.summary,
            &draft.link,
            &self.published,
            &self.feed_id,
            &prepared.title_key,
            &prepared.link_key,
            seen_at,
            &self.push_order,
            &self.removed,
            &self.is_written,
            &draft.picture,
            &self.filed_in.came_by,
        ];
        let values = values.into_iter();
        let mut values: Vec<Param<'v>> = values.map(|value| value.to_param()).collect();
        if has_words {
            values.push(self.words.to_param());
        }
        if self.number.is_some() {
            values.push(self.number.to_param());
        }
        values
    }
}

impl<'d> Batch<'_, '_, 'd> {
    /// Adds a draft, of a source and at a position in a document, to those that are filed next; files them where no more go
    /// together.
    pub(super) fn add_new<'s>(
        &mut self,
        new: &mut Vec<NewItem<'d>>,
        teller: &mut Teller<'s, '_, 'd>,
        filing: &Filing<'_>,
        origin: (SourceId, i64, i64),
        prepared: &'d Prepared,
        filed: &mut Filed,
    ) -> Result<(), StoreError>
    where
        'd: 's,
    {
        // Whether an archive's number is free shows only once all before have theirs.
        let is_alone = filing.restores && prepared.draft.archived.is_some();
        if is_alone {
            self.file_new(new, teller, filing, filed)?;
        }
        let item = self.new_item(filing, origin, prepared, filed)?;
        new.push(item);
        if is_alone || new.len() == TOGETHER {
            self.file_new(new, teller, filing, filed)?;
        }
        Ok(())
    }

    /// What a draft will be as an item.
    fn new_item(
        &mut self,
        filing: &Filing<'_>,
        (source, document, position): (SourceId, i64, i64),
        prepared: &'d Prepared,
        filed: &mut Filed,
    ) -> Result<NewItem<'d>, StoreError> {
        let filed_in = self.section(&prepared.placement, filed)?;
        let is_hidden = self.hidden.contains(&filed_in.section);
        let is_pushed = self.is_to_be_pushed(filing, prepared) && !is_hidden;
        let hold = filing.hold_until.filter(|_| is_pushed);
        let removed = match (is_hidden, hold) {
            (true, _) => 2,
            (false, Some(_)) => 3,
            (false, None) => 0,
        };
        let archived = prepared.draft.archived.as_deref();
        let number = match archived.filter(|_| filing.restores).and_then(|own| own.id) {
            Some(number) if self.writer.is_free(number)? => Some(number),
            _ => None,
        };
        let rank = prepared.rank();
        let has_words = removed == 0 && search::column_of_items(self.writer.conn).is_some();
        Ok(NewItem {
            prepared,
            filed_in,
            source: source.get(),
            document,
            position,
            rank,
            published: prepared.published.to_string(),
            feed_id: prepared.id.as_deref(),
            push_order: (is_pushed && hold.is_none()).then(|| self.next_push_order()),
            hold,
            is_pushed,
            removed,
            is_written: prepared.written.is_some(),
            words: has_words.then(|| to_tsvector(&prepared.words, rank)),
            number,
        })
    }

    /// Files these, and leaves none of them. One that has a number already is alone.
    pub(super) fn file_new<'s>(
        &mut self,
        new: &mut Vec<NewItem<'d>>,
        teller: &mut Teller<'s, '_, 'd>,
        filing: &Filing<'_>,
        filed: &mut Filed,
    ) -> Result<(), StoreError>
    where
        'd: 's,
    {
        let numbers = self.store(new)?;
        for (item, id) in new.drain(..).zip(numbers) {
            self.complete(&item, id, filing, teller)?;
            filed.pushed += usize::from(item.is_pushed);
            filed.new += 1;
        }
        teller.begin(self.writer)
    }

    /// Writes down their rows; returns their numbers.
    fn store(&self, new: &[NewItem<'d>]) -> Result<Vec<i64>, StoreError> {
        let Some(first) = new.first() else {
            return Ok(Vec::new());
        };
        let conn = self.writer.conn;
        let (mut columns, mut places) = (String::new(), String::new());
        let words = search::column_of_items(conn);
        if let Some((column, value)) = words {
            columns.push_str(column);
            places.push_str(value);
        }
        // Without a number of its own it gets the next one: not every engine takes a NULL for that.
        if first.number.is_some() {
            columns.push_str(", id");
            places.push_str(if words.is_some() { ", ?20" } else { ", ?19" });
        }
        let mut insert = conn.prepare_cached(&format!(
            "INSERT INTO items (section_id, source_id, document_id, position, rank, title, summary, link, published,
                 feed_id, title_key, link_key, seen_at, push_order, removed, written, picture, came_by{columns})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18{places})"
        ))?;
        let seen_at = to_ms(self.now);
        let rows = new.iter();
        let numbers =
            insert.insert_each(rows.map(|item| item.values(&seen_at, words.is_some())))?;
        if first.number.is_some() {
            conn.number_is_taken("items")?;
        }
        Ok(numbers)
    }

    /// Does what goes by an item's number, now that it has one.
    fn complete<'s>(
        &mut self,
        item: &NewItem<'d>,
        id: i64,
        filing: &Filing<'_>,
        teller: &mut Teller<'s, '_, 'd>,
    ) -> Result<(), StoreError>
    where
        'd: 's,
    {
        let prepared = item.prepared;
        if let Some(until) = item.hold {
            let review = match self.review {
                Some(review) => review,
                None => {
                    let source = SourceId::new(item.source);
                    self.writer.open_review(source, self.now)?
                }
            };
            self.review = Some(review);
            self.writer.hold(id, review, until)?;
        }
        let archived = item.archived(filing);
        if let Some(archived) = archived {
            self.restore_reports(id, item.source, item.filed_in, archived)?;
        }
        // What an archive of ours says isn't found out again.
        match archived.and_then(|archived| archived.story) {
            Some(leader) if self.leads_as_archived(id, archived, leader)? => {
                teller.end(self.writer)?;
                let telling = prepared.telling.as_deref();
                let saying = telling.map(|telling| telling.saying(&prepared.draft));
                self.writer.restore_story(id, leader, saying.as_ref())?;
                self.restored.insert(id);
            }
            _ => teller.add(id, prepared),
        }
        // What is held counts and is found once it goes out.
        let counts = self.counts.entry(item.filed_in.section).or_default();
        *counts += i64::from(item.hold.is_none());
        let place = Place {
            rank: item.rank,
            position: item.position,
            id,
        };
        let words = || Cow::Borrowed(prepared.words.as_str());
        if item.is_shown() {
            self.words.add(self.writer, place, words());
        }
        if item.is_pushed {
            self.pushed.push(place);
        }
        self.watchable
            .extend(item.push_order.map(|order| (order, words())));
        Ok(())
    }

    /// Notes what an archive says that other sources report of an item, in their order there; what is known of them stays.
    pub(super) fn restore_reports(
        &mut self,
        item: i64,
        of: i64,
        filed_in: FiledIn,
        archived: &Archived,
    ) -> Result<(), StoreError> {
        for (at, report) in (to_ms(self.now)..).zip(&archived.reports) {
            let source = self.source(&report.source)?;
            if source.get() != of {
                let (link, push) = (report.link.as_deref(), ReportPush::Never);
                self.writer.report(item, source, filed_in, link, at, push)?;
            }
        }
        Ok(())
    }

    /// Whether the number of the item that an archive says leads a story is still that item's: it came with the archive, or
    /// may yet. A stranger's number joins nothing.
    fn leads_as_archived(
        &self,
        id: i64,
        archived: Option<&Archived>,
        leader: i64,
    ) -> Result<bool, StoreError> {
        let has_its_number = archived.and_then(|own| own.id) == Some(id);
        Ok(has_its_number
            && (leader == id || self.restored.contains(&leader) || self.writer.is_free(leader)?))
    }
}

//! Single items: their words, the section they stand in, whether they can be read, the story they tell.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::kept::{read, written};
use super::refusal::{Edited, Refusal};
use tidings_core::addresses::clean_link;
use tidings_core::ids::{ChannelId, DeedId, ItemId, SectionId};
use tidings_core::item::{self, Standing};
use tidings_core::text;
use tidings_store::{Deed, DeedKind, Editable, NewDeed, ReadTx, StoreError, WriteTx};

/// The longest title that an editor may set, in characters: three lines of a wide screen; platforms cut longer ones.
pub const LONGEST_TITLE: usize = 300;

/// The longest summary that an editor may set, in characters: `/read` shows it on three pages.
pub const LONGEST_SUMMARY: usize = 10_000;

/// What an item is to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// One line.
    pub title: String,
    /// Paragraphs, with an empty line between them.
    pub summary: String,
    /// Where it leads; empty leads nowhere.
    pub link: String,
}

/// What is done to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemDeed {
    /// It says something else from now on, whatever its source says.
    Correct(Words),
    /// It stands in another section from now on, wherever its source files it.
    Move(SectionId),
    /// It is taken out.
    Withdraw,
    /// It can be read again.
    Restore,
    /// It tells a story of its own.
    Split,
    /// It tells the story that another item tells.
    Join(ItemId),
}

/// An item for whoever edits it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemState {
    /// The item, and what its source says of it.
    pub known: Editable,
    /// All items of its story, the leading one first; itself alone where nothing else tells it.
    pub story: Vec<ItemId>,
    /// How it stands, as a number: handed back with a deed, it tells whether the item was changed meanwhile.
    pub seen: i64,
}

/// How an item stands; `None` if there is none of this number.
///
/// # Errors
/// [`StoreError`], if it can't be read.
pub fn state(db: &ReadTx<'_>, id: ItemId) -> Result<Option<ItemState>, StoreError> {
    let Some(known) = db.editable(id)? else {
        return Ok(None);
    };
    let story = db.story(known.item.story)?;
    let item = &known.item;
    let seen = format!(
        "{:?} {:?} {:?} {} {:?} {}",
        item.title, item.summary, item.link, known.section, known.standing, item.story
    );
    Ok(Some(ItemState {
        seen: xxh3_64(seen.as_bytes()).cast_signed(),
        known,
        story,
    }))
}

/// Does something to an item; `seen` is how it stood when that was decided ([`ItemState::seen`]), where that is known. Returns
/// the deed by which it can be undone.
///
/// # Errors
/// [`StoreError`]: nothing was done.
pub fn edit(
    db: &WriteTx<'_>,
    id: ItemId,
    deed: &ItemDeed,
    seen: Option<i64>,
    by: &str,
    now: Timestamp,
) -> Edited<DeedId> {
    let Some(state) = state(db, id)? else {
        return Ok(Err(Refusal::Gone));
    };
    if seen.is_some_and(|seen| seen != state.seen) {
        return Ok(Err(Refusal::Overtaken));
    }
    let known = &state.known;
    match (known.standing, deed) {
        (Standing::Hidden, _) => return Ok(Err(Refusal::Hidden)),
        (Standing::Removed, ItemDeed::Restore) => {}
        (Standing::Removed, ItemDeed::Withdraw) => return Ok(Err(Refusal::Unchanged)),
        (Standing::Removed | Standing::Held, ItemDeed::Split | ItemDeed::Join(_)) => {
            return Ok(Err(Refusal::Unread));
        }
        (Standing::Shown | Standing::Held, ItemDeed::Restore) => {
            return Ok(Err(Refusal::Unchanged));
        }
        _ => {}
    }
    let keep = |kind, before: String, after: String| {
        let deed = NewDeed {
            by,
            kind,
            item: Some(id),
            subject: &known.item.title,
            before: &before,
            after: &after,
            ..NewDeed::PLAIN
        };
        db.record_deed(&deed, now)
    };
    let kept = match deed {
        ItemDeed::Correct(words) => {
            let edited = match corrected(known, words) {
                Ok(edited) => edited,
                Err(refusal) => return Ok(Err(refusal)),
            };
            db.correct_item(known, &edited, now)?;
            let (before, after) = (
                written(&Set::of(&known.edited))?,
                written(&Set::of(&edited))?,
            );
            keep(DeedKind::Correct, before, after)?
        }
        ItemDeed::Move(section) => {
            let section = &db.stands_in(*section)?;
            if *section == known.section {
                return Ok(Err(Refusal::Unchanged));
            }
            if !db.is_section_shown(*section)? {
                return Ok(Err(Refusal::NoSection));
            }
            if let Some(deed) = db.move_held(id, *section, by, now)? {
                return Ok(Ok(deed));
            }
            let lost = db.file_item(known, *section, true, &[], now)?;
            let before = written(&Filed {
                section: known.filed.get(),
                by_editor: known.is_filed_by_editor,
                owed: lost.into_iter().map(ChannelId::get).collect(),
            })?;
            keep(DeedKind::Move, before, written(&section.get())?)?
        }
        ItemDeed::Withdraw => {
            // What waits is dropped unseen.
            if let Some(deed) = db.drop_held(id, by, now)? {
                return Ok(Ok(deed));
            }
            let before = written(&leads(db, &state.story)?)?;
            db.withdraw_item(id)?;
            keep(DeedKind::Withdraw, before, "null".to_owned())?
        }
        ItemDeed::Restore => {
            db.restore_item(id)?;
            keep(DeedKind::Restore, "null".to_owned(), "null".to_owned())?
        }
        ItemDeed::Split => {
            if state.story.len() < 2 {
                return Ok(Err(Refusal::Alone));
            }
            let before = leads(db, &state.story)?;
            let rest: Vec<ItemId> = state
                .story
                .iter()
                .copied()
                .filter(|one| *one != id)
                .collect();
            let leader = match known.item.story == id {
                // Of the others, the next one leads.
                true => leading(db, &rest)?.unwrap_or(id),
                false => known.item.story,
            };
            let after: Leads = rest
                .iter()
                .map(|one| (one.get(), leader.get()))
                .chain([(id.get(), id.get())])
                .collect();
            lead(db, &after)?;
            keep(DeedKind::Split, written(&before)?, written(&after)?)?
        }
        ItemDeed::Join(other) => {
            let Some(other) = db.editable(*other)? else {
                return Ok(Err(Refusal::Gone));
            };
            if other.standing != Standing::Shown {
                return Ok(Err(Refusal::Unread));
            }
            if other.item.story == known.item.story {
                return Ok(Err(Refusal::OneStory));
            }
            let all: Vec<ItemId> = db
                .story(other.item.story)?
                .into_iter()
                .chain(state.story.iter().copied())
                .collect();
            // The one that was stored first leads.
            let leader = known.item.story.min(other.item.story);
            let before = leads(db, &all)?;
            let after: Leads = all.iter().map(|one| (one.get(), leader.get())).collect();
            lead(db, &after)?;
            keep(DeedKind::Join, written(&before)?, written(&after)?)?
        }
    };
    Ok(Ok(kept))
}

/// The item that leads from now on: the first that readers see, else the first.
fn leading(db: &ReadTx<'_>, items: &[ItemId]) -> Result<Option<ItemId>, StoreError> {
    for item in items {
        let known = db.editable(*item)?;
        if known.is_some_and(|known| known.standing == Standing::Shown) {
            return Ok(Some(*item));
        }
    }
    Ok(items.iter().copied().min())
}

/// What an editor has set, as it is kept with a deed.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Set {
    title: Option<String>,
    summary: Option<String>,
    /// Where it leads, if that is set; empty leads nowhere.
    link: Option<String>,
}

impl Set {
    fn of(edited: &item::Edited) -> Set {
        Set {
            title: edited.title.clone(),
            summary: edited.summary.clone(),
            link: edited.link.clone().map(Option::unwrap_or_default),
        }
    }

    fn into_edited(self) -> item::Edited {
        item::Edited {
            title: self.title,
            summary: self.summary,
            link: self
                .link
                .map(|link| Some(link).filter(|link| !link.is_empty())),
        }
    }
}

/// What of an item is set from now on, where an editor wants it to say this. What they left as it is follows its source on.
fn corrected(known: &Editable, words: &Words) -> Result<item::Edited, Refusal> {
    // As a source's are.
    let title = text::join_lines(&words.title).into_owned();
    if text::fold(&title).is_empty() {
        return Err(Refusal::Untitled);
    }
    let paragraphs = words.summary.replace("\r\n", "\n");
    let paragraphs = paragraphs.split("\n\n").map(text::join_lines);
    let paragraphs: Vec<_> = paragraphs
        .filter(|paragraph| !paragraph.is_empty())
        .collect();
    let summary = paragraphs.join("\n\n");
    // What its source says at length may stay.
    let is_too_long = |new: &str, old: &str, most: usize| new != old && new.chars().count() > most;
    if is_too_long(&title, &known.item.title, LONGEST_TITLE)
        || is_too_long(&summary, &known.item.summary, LONGEST_SUMMARY)
    {
        return Err(Refusal::TooLong);
    }
    let link = match words.link.trim() {
        "" => None,
        link if known.item.link.as_deref() == Some(link) => Some(link.to_owned()),
        link => Some(clean_link(None, link).ok_or(Refusal::NoLink)?),
    };
    let Editable {
        item, own, edited, ..
    } = known;
    let mut now = edited.clone();
    if title != item.title {
        now.title = Some(title).filter(|title| *title != own.title);
    }
    if summary != item.summary {
        now.summary = Some(summary).filter(|summary| *summary != own.summary);
    }
    if link != item.link {
        now.link = Some(link).filter(|link| *link != own.link);
    }
    if now == *edited {
        return Err(Refusal::Unchanged);
    }
    Ok(now)
}

/// Where an item stood before it was moved, as it is kept with that.
#[derive(Debug, Serialize, Deserialize)]
struct Filed {
    section: i64,
    /// Whether an editor had filed it there.
    by_editor: bool,
    /// The channels that it was owed to, and that don't follow the new section.
    owed: Vec<i64>,
}

/// Items, each with the one that leads its story.
type Leads = Vec<(i64, i64)>;

fn leads(db: &ReadTx<'_>, items: &[ItemId]) -> Result<Leads, StoreError> {
    let mut leads = Vec::with_capacity(items.len());
    for item in items {
        let leader = db.leader_of(*item)?;
        leads.extend(leader.map(|leader| (item.get(), leader.get())));
    }
    Ok(leads)
}

fn lead(db: &WriteTx<'_>, leads: &Leads) -> Result<(), StoreError> {
    let of = |(item, leader): &(i64, i64)| (ItemId::new(*item), ItemId::new(*leader));
    db.lead_items(&leads.iter().map(of).collect::<Vec<_>>())
}

/// The items whose leaders a deed has kept.
pub(super) fn led(kept: &str) -> Vec<ItemId> {
    let leads: Leads = read(kept).unwrap_or_default();
    leads
        .into_iter()
        .map(|(item, _)| ItemId::new(item))
        .collect()
}

/// Undoes what was done to an item, as long as it is still so.
pub(super) fn undo(db: &WriteTx<'_>, deed: &Deed, now: Timestamp) -> Edited<()> {
    let Some(state) = deed.item.map(|id| state(db, id)).transpose()?.flatten() else {
        return Ok(Err(Refusal::Gone));
    };
    let (id, known) = (state.known.item.id, &state.known);
    if known.standing == Standing::Hidden {
        return Ok(Err(Refusal::Hidden));
    }
    // It was taken back, or put back, once more since: that isn't this deed's to undo.
    if matches!(deed.kind, DeedKind::Withdraw | DeedKind::Restore) {
        let kinds = [DeedKind::Withdraw, DeedKind::Restore];
        if db.last_deed_of(id, &kinds)? != Some(deed.id) {
            return Ok(Err(Refusal::Overtaken));
        }
    }
    match deed.kind {
        DeedKind::Correct => {
            let (before, after): (Set, Set) = (read(&deed.before)?, read(&deed.after)?);
            if Set::of(&known.edited) != after {
                return Ok(Err(Refusal::Overtaken));
            }
            db.correct_item(known, &before.into_edited(), now)?;
        }
        DeedKind::Move => {
            let before: Filed = read(&deed.before)?;
            let moved_to: i64 = read(&deed.after)?;
            if known.section != db.stands_in(SectionId::new(moved_to))? {
                return Ok(Err(Refusal::Overtaken));
            }
            let section = SectionId::new(before.section);
            if !db.is_section_shown(db.stands_in(section)?)? {
                return Ok(Err(Refusal::NoSection));
            }
            let owed: Vec<ChannelId> = before.owed.into_iter().map(ChannelId::new).collect();
            db.file_item(known, section, before.by_editor, &owed, now)?;
        }
        DeedKind::Withdraw => {
            if !db.restore_item(id)? {
                return Ok(Err(Refusal::Overtaken));
            }
            // It leads its story again, unless somebody has made another one of it since.
            if deed.before != "null" {
                let before: Leads = read(&deed.before)?;
                let items: Vec<ItemId> =
                    before.iter().map(|(item, _)| ItemId::new(*item)).collect();
                let now = leads(db, &items)?;
                let next = now.iter().map(|(_, leader)| *leader).next();
                if now.iter().all(|(_, leader)| Some(*leader) == next) {
                    lead(db, &before)?;
                }
            }
        }
        DeedKind::Restore => {
            if db.withdraw_item(id)?.is_none() {
                return Ok(Err(Refusal::Overtaken));
            }
        }
        DeedKind::Split | DeedKind::Join => {
            let (before, after): (Leads, Leads) = (read(&deed.before)?, read(&deed.after)?);
            let items: Vec<ItemId> = after.iter().map(|(item, _)| ItemId::new(*item)).collect();
            if leads(db, &items)? != after {
                return Ok(Err(Refusal::Overtaken));
            }
            // Nor may anything have joined since what won't lead any more.
            for (item, _) in before.iter().filter(|(item, leader)| item != leader) {
                let followers = db.story(ItemId::new(*item))?;
                let is_known = |one: &ItemId| items.contains(one);
                if !followers.iter().all(is_known) {
                    return Ok(Err(Refusal::Overtaken));
                }
            }
            lead(db, &before)?;
        }
        _ => return Ok(Err(Refusal::Final)),
    }
    Ok(Ok(()))
}

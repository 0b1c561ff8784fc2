//! Sections that headings have discovered: one becomes part of another, gets a better title, or is hidden from readers. Each
//! deed is kept, and can be undone for as long as nothing that came later stands in its way. None of them pushes anything.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::kept::{read, written};
use tidings_core::bounds::NAME_LENGTH;
use tidings_core::ids::{DeedId, RESERVED_SLUGS, SectionId, SectionSlug};
use tidings_core::language::{Localizer, Value};
use tidings_core::post::Line;
use tidings_core::section::{Catalogue, Origin, Section};
use tidings_core::text;
use tidings_store::{Deed, DeedKind, NewDeed, ReadTx, StoreError, WriteTx};

/// Why something isn't done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such section, or none any more.
    Gone,
    /// The configuration says what the section is, and only the file changes it.
    Configured(SectionSlug),
    /// It holds what no other section takes.
    CatchAll(SectionSlug),
    /// It is part of another section.
    Merged {
        /// The section.
        slug: SectionSlug,
        /// What it is part of.
        into: SectionSlug,
    },
    /// It would become part of itself.
    Itself,
    /// It would become part of a section that nobody sees.
    IntoHidden(SectionSlug),
    /// It is hidden already.
    Hidden(SectionSlug),
    /// It is shown already.
    Shown(SectionSlug),
    /// A title without a letter or a digit.
    NoTitle,
    /// A title that nobody would look for.
    LongTitle,
    /// A word that means every section, or what no other one takes.
    Reserved,
    /// Another section is called so.
    Taken {
        /// The title.
        title: String,
        /// The section that has it.
        slug: SectionSlug,
    },
    /// It has been undone already, or nothing of it is left to be undone.
    Undone,
    /// It has got another title since.
    Renamed {
        /// The section.
        slug: SectionSlug,
        /// Its title.
        title: String,
    },
    /// What it became part of is part of another section since: that has to be undone first.
    Chained {
        /// What it became part of.
        slug: SectionSlug,
        /// What that is part of.
        into: SectionSlug,
    },
    /// Something was done to it since: that has to be undone first.
    Overtaken,
    /// It has changed since it was looked at.
    Changed,
    /// It isn't a deed that was done to a section.
    Another,
}

impl Refusal {
    /// As it is said to who wanted it.
    pub fn line(&self, say: Localizer<'_>) -> Line {
        let about =
            |key: &str, slug: &SectionSlug| say.line(key, &[("slug", Value::Text(slug.as_str()))]);
        let of_two = |key: &str, slug: &SectionSlug, into: &SectionSlug| {
            let values = [
                ("slug", Value::Text(slug.as_str())),
                ("into", Value::Text(into.as_str())),
            ];
            say.line(key, &values)
        };
        let titled = |key: &str, slug: &SectionSlug, title: &str| {
            let values = [
                ("slug", Value::Text(slug.as_str())),
                ("title", Value::Text(title)),
            ];
            say.line(key, &values)
        };
        match self {
            Refusal::Gone => say.line("section-edit-gone", &[]),
            Refusal::Configured(slug) => about("section-edit-configured", slug),
            Refusal::CatchAll(slug) => about("section-edit-catch-all", slug),
            Refusal::Merged { slug, into } => of_two("section-edit-merged", slug, into),
            Refusal::Itself => say.line("section-edit-itself", &[]),
            Refusal::IntoHidden(slug) => about("section-edit-into-hidden", slug),
            Refusal::Hidden(slug) => about("section-edit-hidden", slug),
            Refusal::Shown(slug) => about("section-edit-shown", slug),
            Refusal::NoTitle => say.line("section-edit-no-title", &[]),
            Refusal::Reserved => say.line("section-edit-reserved", &[]),
            Refusal::LongTitle => {
                let most = [("most", Value::from(NAME_LENGTH.most))];
                say.line("section-edit-long-title", &most)
            }
            Refusal::Taken { title, slug } => titled("section-edit-taken", slug, title),
            Refusal::Undone => say.line("section-edit-undone", &[]),
            Refusal::Renamed { slug, title } => titled("section-edit-renamed", slug, title),
            Refusal::Chained { slug, into } => of_two("section-edit-chained", slug, into),
            Refusal::Overtaken => say.line("section-edit-overtaken", &[]),
            Refusal::Changed => say.line("edit-overtaken", &[]),
            Refusal::Another => say.line("section-edit-another", &[]),
        }
    }
}

/// What is kept of a merge: before.
#[derive(Serialize, Deserialize)]
struct Visibility {
    hidden: bool,
}

/// What is kept of a merge: after.
#[derive(Serialize, Deserialize)]
struct Joined {
    into: i64,
    title: String,
}

/// The section that another one was made part of, as a deed has kept it.
pub(super) fn joined(after: &str) -> Option<SectionId> {
    let joined: Joined = read(after).ok()?;
    Some(SectionId::new(joined.into))
}

/// What is kept of a new title, before and after.
#[derive(Serialize, Deserialize)]
struct Titled {
    title: String,
}

/// What comes of what was wanted.
type Done<T> = Result<Result<T, Refusal>, StoreError>;

/// A section that may be changed by hand: one that a heading made, or that has left the configuration, and that stands by
/// itself.
fn discovered(db: &ReadTx<'_>, id: SectionId) -> Done<Section> {
    let Some(section) = db.section(id)? else {
        return Ok(Err(Refusal::Gone));
    };
    if let Some(refusal) = merged(db, &section)? {
        return Ok(Err(refusal));
    }
    Ok(match section.origin {
        Origin::Left | Origin::Discovered => Ok(section),
        Origin::Configured(_) => Err(Refusal::Configured(section.slug)),
        Origin::CatchAll => Err(Refusal::CatchAll(section.slug)),
    })
}

/// That a section is part of another one, if it is.
fn merged(db: &ReadTx<'_>, section: &Section) -> Result<Option<Refusal>, StoreError> {
    let Some(into) = section.merged_into else {
        return Ok(None);
    };
    let into = db
        .section(into)?
        .ok_or_else(|| StoreError::unexpected("a section that another one is part of", into))?;
    Ok(Some(Refusal::Merged {
        slug: section.slug.clone(),
        into: into.slug,
    }))
}

/// How a section stands, as a number: handed back with what is to be done to it, it tells whether the section was changed
/// meanwhile.
///
/// # Errors
/// [`StoreError`].
pub fn seen(db: &ReadTx<'_>, section: &Section) -> Result<i64, StoreError> {
    let parts = db.parts_of(section.id)?;
    let seen = format!(
        "{:?} {} {:?} {parts:?}",
        section.title, section.hidden, section.merged_into
    );
    Ok(xxh3_64(seen.as_bytes()).cast_signed())
}

/// That a section isn't any more as somebody saw it when they decided what is to be done, if so.
///
/// # Errors
/// [`StoreError`].
pub fn changed(
    db: &ReadTx<'_>,
    section: &Section,
    seen: i64,
) -> Result<Option<Refusal>, StoreError> {
    Ok((self::seen(db, section)? != seen).then_some(Refusal::Changed))
}

/// Makes a discovered section part of another one: its items, its subscriptions, and whatever its names bring from now on.
///
/// # Errors
/// [`StoreError`].
pub fn merge(
    db: &WriteTx<'_>,
    from: SectionId,
    into: SectionId,
    by: &str,
    now: Timestamp,
) -> Done<DeedId> {
    let from = match discovered(db, from)? {
        Ok(from) => from,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(into) = db.section(into)? else {
        return Ok(Err(Refusal::Gone));
    };
    if from.id == into.id {
        return Ok(Err(Refusal::Itself));
    }
    if let Some(refusal) = merged(db, &into)? {
        return Ok(Err(refusal));
    }
    if into.hidden {
        return Ok(Err(Refusal::IntoHidden(into.slug)));
    }
    if from.hidden {
        db.set_hidden(from.id, false)?;
    }
    db.merge_sections(from.id, into.id, now)?;
    let (before, after) = (
        written(&Visibility {
            hidden: from.hidden,
        })?,
        written(&Joined {
            into: into.id.get(),
            title: into.title,
        })?,
    );
    let deed = NewDeed {
        kind: DeedKind::Merge,
        ..of(by, &from, &before, &after)
    };
    Ok(Ok(db.record_deed(&deed, now)?))
}

fn of<'d>(by: &'d str, section: &'d Section, before: &'d str, after: &'d str) -> NewDeed<'d> {
    NewDeed {
        by,
        section: Some(section.id),
        subject: &section.title,
        before,
        after,
        ..NewDeed::PLAIN
    }
}

/// Gives a discovered section another title; its slug and its old heading stay. The catalogue is that of the transaction.
///
/// # Errors
/// [`StoreError`].
pub fn rename(
    db: &WriteTx<'_>,
    catalogue: &Catalogue,
    section: SectionId,
    title: &str,
    by: &str,
    now: Timestamp,
) -> Done<DeedId> {
    let section = match discovered(db, section)? {
        Ok(section) => section,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let title = text::join_lines(title).into_owned();
    if RESERVED_SLUGS.contains(&text::fold(&title).as_str()) {
        return Ok(Err(Refusal::Reserved));
    }
    if text::fold(&title).is_empty() {
        return Ok(Err(Refusal::NoTitle));
    }
    if title.chars().nth(NAME_LENGTH.most).is_some() {
        return Ok(Err(Refusal::LongTitle));
    }
    if let Some(refusal) = taken(catalogue, &section, &title) {
        return Ok(Err(refusal));
    }
    db.rename_section(section.id, &title)?;
    let before = written(&Titled {
        title: section.title.clone(),
    })?;
    let after = written(&Titled { title })?;
    let deed = NewDeed {
        kind: DeedKind::Rename,
        ..of(by, &section, &before, &after)
    };
    Ok(Ok(db.record_deed(&deed, now)?))
}

/// That a title is another section's, if it is.
fn taken(catalogue: &Catalogue, section: &Section, title: &str) -> Option<Refusal> {
    let other = catalogue.named(&text::fold(title))?;
    (other.id != section.id).then(|| Refusal::Taken {
        title: title.to_owned(),
        slug: other.slug.clone(),
    })
}

/// Hides a discovered section from readers: its items, those to come too, are neither listed nor found nor pushed, and
/// subscriptions to it rest.
///
/// # Errors
/// [`StoreError`].
pub fn hide(db: &WriteTx<'_>, section: SectionId, by: &str, now: Timestamp) -> Done<DeedId> {
    see(db, section, true, by, now)
}

/// Shows a hidden section again.
///
/// # Errors
/// [`StoreError`].
pub fn show(db: &WriteTx<'_>, section: SectionId, by: &str, now: Timestamp) -> Done<DeedId> {
    see(db, section, false, by, now)
}

fn see(
    db: &WriteTx<'_>,
    section: SectionId,
    hidden: bool,
    by: &str,
    now: Timestamp,
) -> Done<DeedId> {
    let section = match set_hidden(db, section, hidden)? {
        Ok(section) => section,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let (before, after) = (
        written(&Visibility { hidden: !hidden })?,
        written(&Visibility { hidden })?,
    );
    let kind = if hidden {
        DeedKind::Hide
    } else {
        DeedKind::Show
    };
    let deed = NewDeed {
        kind,
        ..of(by, &section, &before, &after)
    };
    Ok(Ok(db.record_deed(&deed, now)?))
}

fn set_hidden(db: &WriteTx<'_>, section: SectionId, hidden: bool) -> Done<Section> {
    let section = match discovered(db, section)? {
        Ok(section) => section,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if section.hidden == hidden {
        let refusal = if hidden {
            Refusal::Hidden
        } else {
            Refusal::Shown
        };
        return Ok(Err(refusal(section.slug)));
    }
    db.set_hidden(section.id, hidden)?;
    Ok(Ok(section))
}

/// Undoes what was done to a section, unless that was undone, or overtaken, meanwhile.
///
/// # Errors
/// [`StoreError`].
pub fn undo(db: &WriteTx<'_>, deed: &Deed, by: &str, now: Timestamp) -> Done<()> {
    // Whoever asks may have seen it before somebody else did something.
    let Some(deed) = db.deed(deed.id)? else {
        return Ok(Err(Refusal::Gone));
    };
    if deed.undone.is_some() {
        return Ok(Err(Refusal::Undone));
    }
    let Some(section) = deed.section else {
        return Ok(Err(Refusal::Another));
    };
    // What was done to it since is somebody else's.
    let last = db.last_deed_of_section(section)?;
    if deed.kind != DeedKind::Rename && last.is_none_or(|last| last.id != deed.id) {
        return Ok(Err(Refusal::Overtaken));
    }
    match deed.kind {
        DeedKind::Merge => {
            let before: Visibility = read(&deed.before)?;
            if let Err(refusal) = part(db, section, before.hidden, now)? {
                return Ok(Err(refusal));
            }
        }
        DeedKind::Rename => {
            let (before, after): (Titled, Titled) = (read(&deed.before)?, read(&deed.after)?);
            if let Err(refusal) = title_again(db, section, &before.title, &after.title)? {
                return Ok(Err(refusal));
            }
        }
        DeedKind::Hide | DeedKind::Show => {
            let before: Visibility = read(&deed.before)?;
            if let Err(refusal) = set_hidden(db, section, before.hidden)? {
                return Ok(Err(refusal));
            }
        }
        _ => return Ok(Err(Refusal::Another)),
    }
    db.deed_undone(deed.id, by, now)?;
    Ok(Ok(()))
}

/// Has a section stand by itself again.
fn part(db: &WriteTx<'_>, section: SectionId, hidden: bool, now: Timestamp) -> Done<()> {
    let Some(section) = db.section(section)? else {
        return Ok(Err(Refusal::Gone));
    };
    let Some(into) = section.merged_into else {
        return Ok(Err(match section.origin {
            Origin::Configured(_) => Refusal::Configured(section.slug),
            _ => Refusal::Undone,
        }));
    };
    let Some(into) = db.section(into)? else {
        return Ok(Err(Refusal::Gone));
    };
    // Who followed what by then is told apart in the order in which it was put together.
    if let Some(Refusal::Merged { slug, into }) = merged(db, &into)? {
        return Ok(Err(Refusal::Chained { slug, into }));
    }
    db.part_sections(section.id, into.id, now)?;
    // What it became part of may have been hidden, and its items with it.
    db.set_hidden(section.id, hidden)?;
    Ok(Ok(()))
}

/// Gives a section its old title again.
fn title_again(db: &WriteTx<'_>, section: SectionId, was: &str, is: &str) -> Done<()> {
    let section = match discovered(db, section)? {
        Ok(section) => section,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if section.title != is {
        return Ok(Err(Refusal::Renamed {
            slug: section.slug,
            title: section.title,
        }));
    }
    let catalogue = Catalogue::new(db.sections()?, &db.led_headings()?, &[]);
    if let Some(refusal) = taken(&catalogue, &section, was) {
        return Ok(Err(refusal));
    }
    db.take_back_title(section.id, is, was)?;
    Ok(Ok(()))
}

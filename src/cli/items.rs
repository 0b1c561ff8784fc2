//! `tidings items`.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use tidings::settings::Settings;
use tidings_core::ids::{ItemId, SectionId};
use tidings_core::item::{Item, Place, Report};
use tidings_core::section::Lookup;
use tidings_store::{Listing, OpenMode, StoreError};

use super::context::{CliContext, CliError, at, say_nothing_yet};

#[derive(Serialize)]
struct ItemOutput<'i> {
    id: i64,
    section: &'i str,
    title: &'i str,
    summary: &'i str,
    link: Option<&'i str>,
    source: &'i str,
    published: Option<String>,
    /// The item that leads its story.
    story: i64,
    reports: &'i [Report],
    /// Whether it waits for its source's editors, and nobody else sees it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    held: bool,
}

/// Writing a result, or reading the store, failed.
pub(super) enum Stopped {
    Store(StoreError),
    Output(io::Error),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Stopped {
        Stopped::Output(error)
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Stopped {
        Stopped::Store(error)
    }
}

pub(super) fn items(world: &CliContext, section: Option<&str>, json: bool) -> Result<(), CliError> {
    let app = match world.app(OpenMode::Look) {
        Err(CliError::Store {
            error: StoreError::Missing,
            ..
        }) => return nothing_yet(&world.settings()?, section),
        app => app?,
    };
    let catalogue = app
        .store()
        .blocking()
        .read(|db| app.catalogues().within(db))
        .map_err(at(app.store().address()))?;
    let section: Option<SectionId> = section
        .map(|slug| match catalogue.find(slug) {
            Lookup::Found(section) => Ok(section.id),
            Lookup::Near(near) => Err(unknown(slug, near.first().map(|s| s.slug.as_str()))),
        })
        .transpose()?;
    let mut out = BufWriter::new(io::stdout().lock());
    let listing = Listing {
        section,
        after: Place::TOP,
        limit: usize::MAX,
    };
    let mut is_empty = true;
    let listed = app.store().blocking().read(|db| {
        let mut held = db.held_items(section)?.into_iter().peekable();
        let mut write = |item: &Item, is_held: bool| {
            is_empty = false;
            let written = if json {
                write_json(
                    &mut out,
                    item,
                    db.leads(item)?,
                    &db.reports(item.id)?,
                    is_held,
                )
            } else {
                write_line(&mut out, item, is_held)
            };
            written.map_err(Stopped::Output)
        };
        db.each_newest(listing, |item| {
            while let Some(newer) = held.next_if(|held| held.place < item.place) {
                write(&newer, true)?;
            }
            write(&item, false)
        })?;
        held.try_for_each(|item| write(&item, true))
    });
    match listed {
        Ok(()) if is_empty && section.is_none() => Ok(say_nothing_yet(app.store().address())?),
        Ok(()) => out.flush().map_err(CliError::from),
        Err(Stopped::Store(error)) => Err(at(app.store().address())(error)),
        Err(Stopped::Output(error)) => Err(error.into()),
    }
}

/// An archive that doesn't exist yet is empty, whoever asks for it.
fn nothing_yet(settings: &Settings, section: Option<&str>) -> Result<(), CliError> {
    match section {
        Some(slug) if !settings.sections.iter().any(|s| s.slug.as_str() == slug) => {
            Err(unknown(slug, None))
        }
        _ => Ok(say_nothing_yet(&settings.store.address)?),
    }
}

fn unknown(slug: &str, near: Option<&str>) -> CliError {
    let hint = near.map_or_else(String::new, |near| format!(" Did you mean {near}?"));
    CliError::Usage(format!("there is no section “{slug}”.{hint}"))
}

fn write_json(
    out: &mut impl Write,
    item: &Item,
    story: ItemId,
    reports: &[Report],
    held: bool,
) -> io::Result<()> {
    let output = ItemOutput {
        id: item.id.get(),
        section: item.section.as_str(),
        title: &item.title,
        summary: &item.summary,
        link: item.link.as_deref(),
        source: &item.source,
        published: item.published.map(|p| p.to_string()),
        story: story.get(),
        reports,
        held,
    };
    serde_json::to_writer(&mut *out, &output)?;
    writeln!(out)
}

fn write_line(out: &mut impl Write, item: &Item, is_held: bool) -> io::Result<()> {
    let held = if is_held {
        "  (waits for its editors)"
    } else {
        ""
    };
    let published = item
        .published
        .map_or_else(|| "-".to_owned(), |p| p.to_string());
    writeln!(
        out,
        "#{}  {published}  {}  {}{held}",
        item.id, item.section, item.title
    )
}

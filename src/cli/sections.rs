//! `tidings sections`: what sections there are, and mending those that headings have discovered.

use std::io::{self, Write};

use clap::Subcommand;
use serde::Serialize;
use tidings::runtime::App;
use tidings_core::section::{Catalogue, Origin, Section};
use tidings_core::text;
use tidings_store::{OpenMode, SectionSummary, StoreError};

use super::check::count;
use super::context::{CliContext, CliError, at};

/// What is done to sections.
#[derive(Subcommand)]
pub(super) enum Deed {
    /// Make a discovered section part of another one: its items, its subscriptions, and its heading for the future
    Merge {
        /// The section that ends
        from: String,
        /// The section that takes it in
        into: String,
    },
    /// Give a discovered section another title
    Rename {
        /// The section
        slug: String,
        /// What it is called from now on
        title: String,
    },
    /// Hide a discovered section: nothing of it is listed, found or pushed
    Hide {
        /// The section
        slug: String,
    },
    /// Show a hidden section again; nothing is pushed for that
    Show {
        /// The section
        slug: String,
    },
}

#[derive(Serialize)]
struct SectionOutput<'s> {
    slug: &'s str,
    title: &'s str,
    origin: &'s str,
    items: i64,
    newest: Option<String>,
    hidden: bool,
}

pub(super) fn sections(
    world: &CliContext,
    deed: Option<&Deed>,
    json: bool,
) -> Result<(), CliError> {
    let access = match deed {
        Some(_) => OpenMode::Work,
        None => OpenMode::Look,
    };
    let app = match world.app(access) {
        Err(CliError::Store {
            error: StoreError::Missing,
            ..
        }) => return Ok(()),
        app => app?,
    };
    let failed = at(app.store().path());
    let catalogue = app
        .store()
        .blocking()
        .read(|db| app.catalogues().within(db))
        .map_err(&failed)?;
    let mut summaries = app
        .store()
        .blocking()
        .read(|db| db.section_summaries())
        .map_err(&failed)?;
    summaries.sort_by_key(|s| (s.section.hidden, s.section.origin, s.section.id));
    let said = match deed {
        None => return list(&summaries, json).map_err(CliError::from),
        Some(Deed::Merge { from, into }) => merge(&app, &summaries, from, into)?,
        Some(Deed::Rename { slug, title }) => rename(&app, &catalogue, &summaries, slug, title)?,
        Some(Deed::Hide { slug }) => set_hidden(&app, &summaries, slug, true)?,
        Some(Deed::Show { slug }) => set_hidden(&app, &summaries, slug, false)?,
    };
    writeln!(io::stdout(), "{}", said.map_err(failed)?)?;
    Ok(())
}

fn origin(section: &Section) -> &'static str {
    match section.origin {
        Origin::Configured(_) => "configured",
        Origin::Left | Origin::Discovered => "discovered",
        Origin::CatchAll => "catch-all",
    }
}

fn list(summaries: &[SectionSummary], json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for summary in summaries {
        let section = &summary.section;
        let newest = summary.newest.map(|newest| newest.to_string());
        if json {
            let output = SectionOutput {
                slug: section.slug.as_str(),
                title: &section.title,
                origin: origin(section),
                items: summary.items,
                newest,
                hidden: section.hidden,
            };
            serde_json::to_writer(&mut out, &output)?;
            writeln!(out)?;
            continue;
        }
        let hidden = if section.hidden { ", hidden" } else { "" };
        let newest = newest.unwrap_or_else(|| "-".to_owned());
        writeln!(
            out,
            "{}  {newest}  {}  {}{hidden}  {}",
            section.slug,
            count(summary.items, "item"),
            origin(section),
            section.title,
        )?;
    }
    Ok(())
}

/// The section that an operator names by its slug, hidden ones included.
fn named<'s>(summaries: &'s [SectionSummary], slug: &str) -> Result<&'s SectionSummary, CliError> {
    let asked = text::fold(slug);
    let found = summaries
        .iter()
        .find(|summary| text::fold(summary.section.slug.as_str()) == asked);
    found.ok_or_else(|| {
        CliError::Usage(format!(
            "there is no section “{slug}”; `tidings sections` lists those there are"
        ))
    })
}

/// The same where it is one that a heading made: what the configuration says of a section, only the file changes.
fn discovered<'s>(
    summaries: &'s [SectionSummary],
    slug: &str,
    instead: &str,
) -> Result<&'s SectionSummary, CliError> {
    let summary = named(summaries, slug)?;
    let slug = &summary.section.slug;
    match summary.section.origin {
        Origin::Left | Origin::Discovered => Ok(summary),
        Origin::Configured(_) => Err(CliError::Usage(format!(
            "“{slug}” stands in the configuration; {instead} there"
        ))),
        Origin::CatchAll => Err(CliError::Usage(format!(
            "“{slug}” holds what no other section takes, and stays as it is"
        ))),
    }
}

type Said = Result<String, StoreError>;

fn merge(
    app: &App,
    summaries: &[SectionSummary],
    from: &str,
    into: &str,
) -> Result<Said, CliError> {
    let from = &discovered(summaries, from, "move its headings to the other section")?.section;
    let into = &named(summaries, into)?.section;
    if from.id == into.id {
        return Err(CliError::Usage(
            "a section can't be merged into itself".into(),
        ));
    }
    if into.hidden {
        return Err(CliError::Usage(format!(
            "“{0}” is hidden; show it first (tidings sections show {0}), or hide the other one",
            into.slug
        )));
    }
    Ok(app.store().blocking().write(|db| {
        if from.hidden {
            db.set_hidden(from.id, false)?;
        }
        let items = db.merge_sections(from.id, into.id, app.now())?;
        Ok(format!(
            "“{}” is part of {} now: {}, and what comes under that heading from now on",
            from.title,
            into.slug,
            count(items, "item")
        ))
    }))
}

fn rename(
    app: &App,
    catalogue: &Catalogue,
    summaries: &[SectionSummary],
    slug: &str,
    title: &str,
) -> Result<Said, CliError> {
    let section = &discovered(summaries, slug, "change its title")?.section;
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let folded = text::fold(&title);
    if folded.is_empty() {
        return Err(CliError::Usage("a title needs a letter or a digit".into()));
    }
    if let Some(other) = catalogue
        .named(&folded)
        .filter(|other| other.id != section.id)
    {
        return Err(CliError::Usage(format!(
            "“{title}” is what {0} is called; tidings sections merge {1} {0} makes one of the two",
            other.slug, section.slug
        )));
    }
    Ok(app.store().blocking().write(|db| {
        db.rename_section(section.id, &title)?;
        Ok(format!("{} is called “{title}” now", section.slug))
    }))
}

fn set_hidden(
    app: &App,
    summaries: &[SectionSummary],
    slug: &str,
    hidden: bool,
) -> Result<Said, CliError> {
    let section = &discovered(summaries, slug, "take it out, or leave it")?.section;
    if section.hidden == hidden {
        let state = if hidden { "hidden" } else { "shown" };
        return Ok(Ok(format!("{} is {state} already", section.slug)));
    }
    Ok(app.store().blocking().write(|db| {
        let items = count(db.set_hidden(section.id, hidden)?, "item");
        let followers = db.followers(section.id)?;
        Ok(match (hidden, followers) {
            (true, 0) => format!("{} is hidden, with {items}", section.slug),
            (true, _) => format!(
                "{} is hidden, with {items}; channels that follow it ({followers}) get nothing until it is shown",
                section.slug
            ),
            (false, _) => format!("{} is shown again, with {items}", section.slug),
        })
    }))
}

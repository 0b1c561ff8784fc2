//! `tidings sections`: what sections there are, and mending those that headings have discovered.

use std::io::{self, Write};

use clap::Subcommand;
use serde::Serialize;
use tidings::editing::sections::{self as editing, Refusal};
use tidings::runtime::App;
use tidings_core::section::{Origin, Section};
use tidings_core::text;
use tidings_store::{OPERATOR, OpenMode, SectionSummary, StoreError};

use super::context::{CliContext, CliError, at, say_nothing_yet};
use super::findings::count;

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
    merged: Vec<&'s str>,
}

pub(super) fn sections(
    world: &CliContext,
    deed: Option<&Deed>,
    json: bool,
) -> Result<(), CliError> {
    let access = match deed {
        Some(_) => OpenMode::Call,
        None => OpenMode::Look,
    };
    let app = match world.app(access) {
        Err(CliError::Store {
            error: StoreError::Missing,
            ..
        }) => return Ok(say_nothing_yet(&world.settings()?.store.address)?),
        app => app?,
    };
    let failed = at(app.store().address());
    let Some(deed) = deed else {
        let blocking = app.store().blocking();
        let mut summaries = blocking
            .read(|db| db.section_summaries())
            .map_err(&failed)?;
        summaries.sort_by_key(|s| (s.section.hidden, s.section.origin, s.section.id));
        return list(&summaries, json).map_err(CliError::from);
    };
    let blocking = app.store().blocking();
    let sections = blocking.read(|db| db.sections()).map_err(&failed)?;
    let done = match deed {
        Deed::Merge { from, into } => {
            let (from, into) = (named(&sections, from)?, named(&sections, into)?);
            merge(&app, from, standing(&sections, into))
        }
        Deed::Rename { slug, title } => rename(&app, named(&sections, slug)?, title),
        Deed::Hide { slug } => set_hidden(&app, named(&sections, slug)?, true),
        Deed::Show { slug } => set_hidden(&app, named(&sections, slug)?, false),
    };
    match done.map_err(&failed)? {
        Ok(said) => writeln!(io::stdout(), "{said}")?,
        // Who wants what is so already has it.
        Err(Refusal::Hidden(slug)) => writeln!(io::stdout(), "{slug} is hidden already")?,
        Err(Refusal::Shown(slug)) => writeln!(io::stdout(), "{slug} is shown already")?,
        Err(refusal) => return Err(CliError::Usage(why(&app, deed, &refusal))),
    }
    Ok(())
}

/// Why something isn't done, with what to do instead.
fn why(app: &App, deed: &Deed, refusal: &Refusal) -> String {
    match (refusal, deed) {
        (Refusal::Configured(slug), deed) => {
            let instead = match deed {
                Deed::Merge { .. } => "move its headings to the other section",
                Deed::Rename { .. } => "change its title",
                Deed::Hide { .. } | Deed::Show { .. } => "take it out, or leave it",
            };
            format!("“{slug}” stands in the configuration; {instead} there")
        }
        (Refusal::IntoHidden(slug), _) => format!(
            "“{slug}” is hidden; show it first (tidings sections show {slug}), or hide the other one"
        ),
        (Refusal::Taken { title, slug }, Deed::Rename { slug: own, .. }) => format!(
            "“{title}” is what {slug} is called; tidings sections merge {own} {slug} makes one of the two"
        ),
        (Refusal::Itself, _) => "a section can't be merged into itself".to_owned(),
        (Refusal::NoTitle, _) => "a title needs a letter or a digit".to_owned(),
        (refusal, _) => refusal.line(app.localizer()).to_text(),
    }
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
        let merged: Vec<&str> = summary.merged.iter().map(|slug| slug.as_str()).collect();
        if json {
            let output = SectionOutput {
                slug: section.slug.as_str(),
                title: &section.title,
                origin: origin(section),
                items: summary.items,
                newest,
                hidden: section.hidden,
                merged,
            };
            serde_json::to_writer(&mut out, &output)?;
            writeln!(out)?;
            continue;
        }
        let hidden = if section.hidden { ", hidden" } else { "" };
        let newest = newest.unwrap_or_else(|| "-".to_owned());
        let merged = match merged.as_slice() {
            [] => String::new(),
            merged => format!(", with {}", merged.join(", ")),
        };
        writeln!(
            out,
            "{}  {newest}  {}  {}{hidden}{merged}  {}",
            section.slug,
            count(summary.items, "item"),
            origin(section),
            section.title,
        )?;
    }
    Ok(())
}

/// The section that an operator names by its slug, hidden and merged ones included.
fn named<'s>(sections: &'s [Section], slug: &str) -> Result<&'s Section, CliError> {
    let asked = text::fold(slug);
    let found = sections
        .iter()
        .find(|section| text::fold(section.slug.as_str()) == asked);
    found.ok_or_else(|| {
        CliError::Usage(format!(
            "there is no section “{slug}”; `tidings sections` lists those there are"
        ))
    })
}

/// What a section means: itself, or what it is part of.
fn standing<'s>(sections: &'s [Section], section: &'s Section) -> &'s Section {
    let of = section
        .merged_into
        .and_then(|into| sections.iter().find(|s| s.id == into));
    of.map_or(section, |into| standing(sections, into))
}

/// What was done, in words, or why it wasn't.
type Done = Result<Result<String, Refusal>, StoreError>;

fn merge(app: &App, from: &Section, into: &Section) -> Done {
    app.store().blocking().write(|db| {
        let items = db.item_count(Some(from.id))?;
        let merged = editing::merge(db, from.id, into.id, OPERATOR, app.now())?;
        Ok(merged.map(|_| {
            format!(
                "“{}” is part of {} now: {}, and what comes under that heading from now on",
                from.title,
                into.slug,
                count(items, "item")
            )
        }))
    })
}

fn rename(app: &App, section: &Section, title: &str) -> Done {
    app.store().blocking().write(|db| {
        let catalogue = app.catalogues().within(db)?;
        let renamed = editing::rename(db, &catalogue, section.id, title, OPERATOR, app.now())?;
        let title = db.section(section.id)?.map(|renamed| renamed.title);
        let title = title.unwrap_or_default();
        Ok(renamed.map(|_| format!("{} is called “{title}” now", section.slug)))
    })
}

fn set_hidden(app: &App, section: &Section, hidden: bool) -> Done {
    app.store().blocking().write(|db| {
        let done = if hidden {
            editing::hide(db, section.id, OPERATOR, app.now())?
        } else {
            editing::show(db, section.id, OPERATOR, app.now())?
        };
        let items = count(db.item_count(Some(section.id))?, "item");
        let followers = db.followers(section.id)?;
        let slug = &section.slug;
        Ok(done.map(|_| match (hidden, followers) {
            (true, 0) => format!("{slug} is hidden, with {items}"),
            (true, _) => format!(
                "{slug} is hidden, with {items}; channels that follow it ({followers}) get nothing until it is shown"
            ),
            (false, _) => format!("{slug} is shown again, with {items}"),
        }))
    })
}

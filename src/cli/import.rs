//! `tidings import`: a list of sources that another program exported, as configuration to be appended.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use tidings::ingest::web::opml;
use tidings::ingest::web::opml::Outline;
use tidings::settings::{Settings, SourceKind, quoted, read_named};
use tidings_core::ids::{FILES, SectionSlug};
use tidings_core::text;

use super::context::{CliContext, CliError};

pub(super) fn import(world: &CliContext, file: &Path) -> Result<(), CliError> {
    let settings = world.settings()?;
    let unreadable = |why: String| CliError::Other(anyhow::anyhow!("{}: {why}", file.display()));
    let bytes = read_named(file).map_err(unreadable)?;
    let list = opml::read(bytes).map_err(unreadable)?;
    let mut names: BTreeSet<String> = settings.sources.iter().map(|s| s.name.clone()).collect();
    names.insert(FILES.to_owned());
    let configured: BTreeSet<String> = settings
        .sources
        .iter()
        .filter_map(|source| match &source.kind {
            SourceKind::Web { url, .. } => Some(url.to_string()),
            SourceKind::Folder { .. } => None,
        })
        .collect();
    let mut out = io::stdout().lock();
    let mut listed = BTreeSet::new();
    let (mut new, mut known, mut twice) = (0, 0, 0);
    for outline in &list.outlines {
        if !listed.insert(outline.url.as_str()) {
            twice += 1;
            continue;
        }
        if configured.contains(outline.url.as_str()) {
            known += 1;
            continue;
        }
        new += 1;
        let name = free_name(&outline.name, &mut names);
        write!(out, "{}", table(outline, &name, &settings))?;
    }
    out.flush()?;
    let config = settings.file.display();
    match (new, known) {
        (0, 0) => eprintln!("{} lists no source.", file.display()),
        (0, 1) => eprintln!("The one source in it is configured already."),
        (0, _) => eprintln!("All {known} sources are configured already."),
        _ => eprintln!(
            "{new} new, {known} configured already. Append what was printed to {config}: \
             tidings import {} >> {config}",
            file.display()
        ),
    }
    if twice > 0 {
        eprintln!("{twice} more in the list twice.");
    }
    if let Some((line, why)) = &list.broken {
        eprintln!("It can't be read to its end; what comes behind line {line} is left out: {why}");
    }
    if !list.lists.is_empty() {
        eprintln!(
            "Left out, since they are lists of sources themselves; import each by itself: {}",
            list.lists.join(", ")
        );
    }
    if !list.left_out.is_empty() {
        eprintln!(
            "Left out, since only http and https can be fetched: {}",
            list.left_out.join(", ")
        );
    }
    Ok(())
}

/// A name that no other source has.
fn free_name(wanted: &str, names: &mut BTreeSet<String>) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while !names.insert(name.clone()) {
        name = format!("{wanted} {number}");
        number += 1;
    }
    name
}

fn table(outline: &Outline, name: &str, settings: &Settings) -> String {
    let kind = if outline.is_feed { "feed" } else { "page" };
    let section = outline
        .groups
        .iter()
        .find_map(|group| section(group, settings));
    let section = section.map_or(String::new(), |slug| format!("section = \"{slug}\"\n"));
    format!(
        "\n[[source]]\nname = {}\nkind = \"{kind}\"\nurl = {}\n{section}",
        quoted(name),
        quoted(outline.url.as_str())
    )
}

/// The section that a group of the list is called like.
fn section<'s>(group: &str, settings: &'s Settings) -> Option<&'s SectionSlug> {
    let group = text::fold(group);
    let found = settings.sections.iter().find(|section| {
        let mut names = section.headings.iter().map(String::as_str);
        text::fold(section.slug.as_str()) == group
            || text::fold(&section.title) == group
            || names.any(|heading| text::fold(heading) == group)
    });
    found.map(|section| &section.slug)
}

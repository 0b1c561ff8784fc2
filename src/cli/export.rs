//! `tidings export`: the whole archive as a feed, item by item, so that an archive of any size needs no memory.

use std::io::{self, BufWriter, Write};

use clap::ValueEnum;
use tidings::feeds::{Entry, escaped, updated};
use tidings::settings::{Settings, SourceKind, WebKind};
use tidings_core::addresses::redacted_url;
use tidings_core::item::{Item, Place, Published};
use tidings_core::section::{Catalogue, Origin};
use tidings_reader::feed::OWN_ID;
use tidings_store::{Listing, OpenMode};

use super::context::{CliContext, CliError, at};
use super::items::Stopped;

/// What is written.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Format {
    /// JSON Feed, which `tidings load` reads back
    Json,
    /// Atom, which it reads back as well
    Atom,
    /// The sources on the web, as OPML
    Opml,
}

pub(super) fn export(world: &CliContext, format: Format) -> Result<(), CliError> {
    let mut out = BufWriter::new(io::stdout().lock());
    if let Format::Opml = format {
        let settings = world.settings()?;
        opml(&settings, &mut out)?;
        out.flush()?;
        let secret = settings.sources.iter().filter(|source| match &source.kind {
            SourceKind::Web { url, .. } => redacted_url(url) != url.as_str(),
            SourceKind::Folder { .. } => false,
        });
        let secret: Vec<&str> = secret.map(|source| source.name.as_str()).collect();
        if !secret.is_empty() {
            eprintln!(
                "The list holds passwords or keys, as addresses have them: {}. Take them out before you pass it on.",
                secret.join(", ")
            );
        }
        return Ok(());
    }
    let app = world.app(OpenMode::Look)?;
    let failed = at(app.store().address());
    let catalogue = app
        .store()
        .blocking()
        .read(|db| app.catalogues().within(db))
        .map_err(&failed)?;
    let everything = Listing {
        section: None,
        after: Place::TOP,
        limit: usize::MAX,
    };
    let written = app.store().blocking().read(|db| {
        let newest = match format {
            Format::Atom => db.newest_published()?,
            Format::Json | Format::Opml => None,
        };
        begin(format, newest, &mut out)?;
        let mut first = true;
        db.each_newest(everything, |item| {
            let id = db.feed_id(item.id)?;
            let id = id.unwrap_or_else(|| format!("{OWN_ID}{}", item.id));
            let reports = db.reports(item.id)?;
            let own_id = format!("{OWN_ID}{}", item.id);
            let entry = Entry {
                item: &item,
                ids: (&id, &own_id),
                feed_id: Some(id.as_str()).filter(|id| !id.starts_with(OWN_ID)),
                archive: None,
                link: item.link.as_deref(),
                is_page: false,
                heading: heading(&item, &catalogue),
                source: &item.source,
                story: db.leads(&item)?,
                reports: &reports,
                updated: None,
            };
            match format {
                Format::Json => {
                    let comma = if std::mem::take(&mut first) { "" } else { "," };
                    write!(out, "{comma}\n{}", entry.in_json())?;
                }
                _ => write!(out, "{}", entry.in_atom())?,
            }
            Ok::<_, Stopped>(())
        })?;
        let end = match format {
            Format::Json => "\n]}",
            _ => "</feed>",
        };
        writeln!(out, "{end}")?;
        Ok::<_, Stopped>(())
    });
    match written {
        Ok(()) => Ok(out.flush()?),
        Err(Stopped::Store(error)) => Err(failed(error)),
        Err(Stopped::Output(error)) => Err(error.into()),
    }
}

/// Two exports of one archive are equal: what there is to be dated is dated as the newest item.
fn begin(format: Format, newest: Option<Published>, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Json => write!(
            out,
            r#"{{"version":"https://jsonfeed.org/version/1.1","title":"Tidings","_tidings":{{"about":"https://crates.io/crates/tidings"}},"items":["#
        ),
        _ => writeln!(
            out,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" \
             xmlns:media=\"http://search.yahoo.com/mrss/\" xmlns:tidings=\"https://crates.io/crates/tidings\">\n\
             <id>urn:tidings:archive</id><title>Tidings</title><author><name>Tidings</name></author>\
             <updated>{}</updated>",
            updated(newest)
        ),
    }
}

/// The section's title, where it has one to be filed under again: what nothing placed has none.
fn heading<'c>(item: &Item, catalogue: &'c Catalogue) -> Option<&'c str> {
    let section = catalogue.by_slug(item.section.as_str());
    let section = section.filter(|section| section.origin != Origin::CatchAll);
    section.map(|section| section.title.as_str())
}

fn opml(settings: &Settings, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<opml version=\"2.0\"><head><title>Tidings</title></head><body>"
    )?;
    for source in &settings.sources {
        let SourceKind::Web { url, kind, .. } = &source.kind else {
            continue;
        };
        let name = escaped(&source.name);
        let url = escaped(url.as_str());
        let section = source.section.as_ref();
        let category = section.map_or(String::new(), |slug| format!(" category=\"{slug}\""));
        let (kind, address) = match kind {
            WebKind::Feed => ("rss", "xmlUrl"),
            WebKind::Page => ("link", "url"),
        };
        writeln!(
            out,
            "<outline type=\"{kind}\" text=\"{name}\"{category} {address}=\"{url}\"/>"
        )?;
    }
    writeln!(out, "</body></opml>")
}

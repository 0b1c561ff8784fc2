//! `tidings export`: the whole archive as a feed, item by item, so that an archive of any size needs no memory.

use std::io::{self, BufWriter, Write};

use clap::ValueEnum;
use jiff::Timestamp;
use serde_json::{Value, json};
use tidings::documents::feed::OWN_ID;
use tidings::items::{Item, Place, Published};
use tidings::sections::{Catalogue, Origin};
use tidings::settings::{Settings, SourceKind, WebKind};
use tidings::store::{Access, Listing};

use super::items::Stopped;
use super::{Failure, World, at};

/// What is written.
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Format {
    /// JSON Feed, which `tidings load` reads back
    Json,
    /// Atom
    Atom,
    /// The sources on the web, as OPML
    Opml,
}

pub(super) fn export(world: &World, format: Format) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    if let Format::Opml = format {
        opml(&world.settings()?, &mut out)?;
        return Ok(out.flush()?);
    }
    let bot = world.bot(Access::Look)?;
    let path = bot.store().path().to_owned();
    let catalogue = bot.catalogue().map_err(at(&path))?;
    let everything = Listing {
        section: None,
        after: Place::TOP,
        limit: usize::MAX,
    };
    let written = bot.store().read(|db| {
        begin(format, bot.now(), &mut out)?;
        let mut first = true;
        db.each_newest(everything, |item| {
            let id = db.feed_id(item.id)?;
            let id = id.unwrap_or_else(|| format!("{OWN_ID}{}", item.id));
            match format {
                Format::Json => {
                    let comma = if std::mem::take(&mut first) { "" } else { "," };
                    write!(out, "{comma}\n{}", in_json(&item, &id, &catalogue))?;
                }
                _ => write!(out, "{}", in_atom(&item, &id))?,
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
        Err(Stopped::Store(error)) => Err(at(&path)(error)),
        Err(Stopped::Output(error)) => Err(error.into()),
    }
}

fn begin(format: Format, now: Timestamp, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Json => write!(
            out,
            r#"{{"version":"https://jsonfeed.org/version/1.1","title":"Tidings","_tidings":{{"about":"https://crates.io/crates/tidings"}},"items":["#
        ),
        _ => writeln!(
            out,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
             <id>urn:tidings:archive</id><title>Tidings</title><updated>{now}</updated>"
        ),
    }
}

/// A moment as feeds have it: a day is its midnight in UTC.
fn moment(published: Published) -> String {
    match published {
        Published::Date(date) => format!("{date}T00:00:00Z"),
        Published::Time(time) => time.to_string(),
    }
}

fn in_json(item: &Item, id: &str, catalogue: &Catalogue) -> Value {
    let section = catalogue.by_slug(item.section.as_str());
    // What nothing placed has no heading to be filed under again.
    let heading = section.filter(|section| section.origin != Origin::CatchAll);
    json!({
        "id": id,
        "url": item.link,
        "title": item.title,
        "content_text": item.summary,
        "date_published": item.published.map(moment),
        "tags": heading.map(|section| vec![section.title.clone()]),
        "_tidings": {
            "id": item.id.get(),
            "section": item.section.as_str(),
            "section_title": heading.map(|section| section.title.clone()),
            "published": item.published.map(|published| published.to_string()),
            "source": item.source,
        },
    })
}

/// Text in XML. Characters that XML doesn't have were left out when the item was read.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn in_atom(item: &Item, id: &str) -> String {
    let link = item.link.as_ref().map_or(String::new(), |link| {
        format!("<link href=\"{}\"/>", escaped(link))
    });
    // Atom wants a moment, known or not.
    let updated = item
        .published
        .map_or("1970-01-01T00:00:00Z".to_owned(), moment);
    format!(
        "<entry><id>{}</id><title>{}</title><updated>{updated}</updated><category term=\"{}\"/>{link}\
         <summary>{}</summary></entry>\n",
        escaped(id),
        escaped(&item.title),
        escaped(item.section.as_str()),
        escaped(&item.summary)
    )
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
        match kind {
            WebKind::Feed => writeln!(
                out,
                "<outline type=\"rss\" text=\"{name}\" xmlUrl=\"{url}\"/>"
            )?,
            WebKind::Page => writeln!(
                out,
                "<outline type=\"link\" text=\"{name}\" url=\"{url}\"/>"
            )?,
        }
    }
    writeln!(out, "</body></opml>")
}

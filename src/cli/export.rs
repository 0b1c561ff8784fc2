//! `tidings export`: the whole archive as a feed, item by item, so that an archive of any size needs no memory.

use std::io::{self, BufWriter, Write};

use clap::ValueEnum;
use jiff::Timestamp;
use serde_json::{Value, json};
use tidings::settings::{Settings, SourceKind, WebKind};
use tidings_core::item::{Item, Place, Published, Report};
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
        opml(&world.settings()?, &mut out)?;
        return Ok(out.flush()?);
    }
    let app = world.app(OpenMode::Look)?;
    let path = app.store().path().to_owned();
    let catalogue = app
        .store()
        .blocking()
        .read(|db| app.catalogues().within(db))
        .map_err(at(&path))?;
    let everything = Listing {
        section: None,
        after: Place::TOP,
        limit: usize::MAX,
    };
    let written = app.store().blocking().read(|db| {
        begin(format, app.now(), &mut out)?;
        let mut first = true;
        db.each_newest(everything, |item| {
            let id = db.feed_id(item.id)?;
            let id = id.unwrap_or_else(|| format!("{OWN_ID}{}", item.id));
            let reports = db.reports(item.id)?;
            match format {
                Format::Json => {
                    let comma = if std::mem::take(&mut first) { "" } else { "," };
                    write!(
                        out,
                        "{comma}\n{}",
                        in_json(&item, &id, &reports, &catalogue)
                    )?;
                }
                _ => write!(out, "{}", in_atom(&item, &id, &reports, &catalogue))?,
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
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" \
             xmlns:media=\"http://search.yahoo.com/mrss/\" xmlns:tidings=\"https://crates.io/crates/tidings\">\n\
             <id>urn:tidings:archive</id><title>Tidings</title><author><name>Tidings</name></author>\
             <updated>{now}</updated>"
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

/// The section's title, where it has one to be filed under again: what nothing placed has none.
fn heading<'c>(item: &Item, catalogue: &'c Catalogue) -> Option<&'c str> {
    let section = catalogue.by_slug(item.section.as_str());
    let section = section.filter(|section| section.origin != Origin::CatchAll);
    section.map(|section| section.title.as_str())
}

fn in_json(item: &Item, id: &str, reports: &[Report], catalogue: &Catalogue) -> Value {
    let heading = heading(item, catalogue);
    let mut value = json!({
        "id": id,
        "title": item.title,
        "content_text": item.summary,
        "_tidings": {
            "id": item.id.get(),
            "section": item.section.as_str(),
            "section_title": heading,
            "published": item.published.map(|published| published.to_string()),
            "source": item.source,
            "story": item.story.get(),
            "reports": reports,
        },
    });
    // JSON Feed has no nulls.
    let optional = [
        ("url", item.link.clone().map(Value::from)),
        ("image", item.picture.clone().map(Value::from)),
        ("date_published", item.published.map(|at| moment(at).into())),
        ("tags", heading.map(|heading| json!([heading]))),
    ];
    for (name, given) in optional {
        if let Some(given) = given {
            value[name] = given;
        }
    }
    value
}

/// Text in XML, without the characters that XML doesn't have (<https://www.w3.org/TR/xml/#charsets>).
fn escaped(text: &str) -> String {
    text.replace(['\u{FFFE}', '\u{FFFF}'], "")
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// What Atom has no words for stands in an element of our own. There every identifier is an address of its own kind,
/// so the feeds' stand in that element too.
fn in_atom(item: &Item, id: &str, reports: &[Report], catalogue: &Catalogue) -> String {
    let link = item.link.as_ref().map_or(String::new(), |link| {
        format!("<link href=\"{}\"/>", escaped(link))
    });
    let picture = item.picture.as_ref().map_or(String::new(), |picture| {
        // An enclosure would be taken for the link of an item that has none.
        format!("<media:thumbnail url=\"{}\"/>", escaped(picture))
    });
    let heading = heading(item, catalogue);
    let category = heading.map_or(String::new(), |heading| {
        format!(
            "<category term=\"{}\" label=\"{}\"/>",
            escaped(item.section.as_str()),
            escaped(heading)
        )
    });
    // Atom wants a moment, known or not.
    let updated = item
        .published
        .map_or("1970-01-01T00:00:00Z".to_owned(), moment);
    let published = item.published.map_or(String::new(), |at| {
        format!("<published>{}</published>", moment(at))
    });
    let number = item.id.get().to_string();
    let day = item.published.map(|published| published.to_string());
    let story = item.story.get().to_string();
    let own = [
        ("id", Some(number.as_str())),
        ("feed-id", Some(id).filter(|id| !id.starts_with(OWN_ID))),
        ("section", Some(item.section.as_str())),
        ("section-title", heading),
        ("published", day.as_deref()),
        ("source", Some(item.source.as_str())),
        ("story", Some(story.as_str())),
    ];
    let own: String = own
        .into_iter()
        .filter_map(|(name, value)| Some(format!(" {name}=\"{}\"", escaped(value?))))
        .collect();
    let reports: String = reports.iter().map(report_in_atom).collect();
    format!(
        "<entry><id>{OWN_ID}{number}</id><title>{}</title><updated>{updated}</updated>{published}{category}{link}{picture}\
         <summary>{}</summary><tidings:archived{own}/>{reports}</entry>\n",
        escaped(&item.title),
        escaped(&item.summary)
    )
}

fn report_in_atom(report: &Report) -> String {
    let link = report.link.as_deref().map(escaped);
    let link = link.map_or(String::new(), |link| format!(" link=\"{link}\""));
    format!(
        "<tidings:report source=\"{}\"{link}/>",
        escaped(&report.source)
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

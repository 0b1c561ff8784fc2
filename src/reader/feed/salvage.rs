//! Items of feeds that no library reads: their elements are picked up one by one, and written anew as RSS.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use regex::Regex;

use crate::limits::steps;
use tidings_core::item::{Archived, Report};

/// What stands around the items of RSS.
pub(crate) const CHANNEL: [&str; 2] = [
    "<channel><title>.</title><link>.</link><description>.</description>",
    "</channel>",
];

static BEGINS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"(?i)<(?:[\w.-]+:)?(?:item|entry)[\s>]").unwrap()
});

/// The items of a feed, each from where it begins to where the next one does.
pub(crate) fn items(text: &str) -> Vec<&str> {
    let begins: Vec<usize> = BEGINS.find_iter(text).map(|found| found.start()).collect();
    let ends = begins.iter().skip(1).copied().chain([text.len()]);
    begins
        .iter()
        .zip(ends)
        .map(|(begin, end)| &text[*begin..end])
        .collect()
}

/// An element of an item, with what stands in it as it is written.
struct Field<'t> {
    /// Without its prefix, in lower case.
    name: String,
    tag: BytesStart<'t>,
    inside: &'t str,
}

/// An item as a feed of its own; `None` where there is nothing to call it by.
pub(crate) fn written_anew(item: &str) -> Option<String> {
    let (own, fields) = fields(item);
    let named = |names: &'static [&'static str]| {
        names.iter().flat_map(|name| {
            fields
                .iter()
                .filter(move |field| field.name == *name)
                .map(|field| field.inside.trim())
                .filter(|inside| !inside.is_empty())
        })
    };
    let texts = [
        ("title", named(&["title"]).next()),
        (
            "description",
            named(&["description", "summary", "encoded", "content"]).next(),
        ),
        (
            "pubDate",
            named(&[
                "pubdate",
                "published",
                "issued",
                "date",
                "created",
                "updated",
                "modified",
            ])
            .next(),
        ),
    ];
    if texts[0].1.is_none() && texts[1].1.is_none() {
        return None;
    }
    let [before, behind] = CHANNEL;
    let mut anew = format!("<rss version=\"2.0\">{before}<item>");
    let mut write = |name: &str, inside: &str| {
        anew.push_str(&format!("<{name}>{}</{name}>", escaped(inside)));
    };
    for (name, inside) in texts {
        if let Some(inside) = inside {
            write(name, inside);
        }
    }
    let guid = named(&["guid", "id"]).next();
    if let Some(guid) = guid {
        write("guid", guid);
    }
    let is_address = |text: &&str| text.starts_with("http://") || text.starts_with("https://");
    let is_permanent = !fields.iter().any(|field| {
        field.name == "guid" && attribute(&field.tag, "isPermaLink").as_deref() == Some("false")
    });
    let counted = named(&["origlink"]).next().map(str::to_owned);
    let link = counted
        .or_else(|| link(&fields))
        .or_else(|| own.and_then(|own| attribute(&own, "rdf:about")))
        .or_else(|| Some(guid.filter(|_| is_permanent).filter(is_address)?.to_owned()));
    if let Some(link) = link {
        write("link", &link);
    }
    for field in fields
        .iter()
        .filter(|field| matches!(field.name.as_str(), "category" | "subject"))
    {
        let term = attribute(&field.tag, "label").or_else(|| attribute(&field.tag, "term"));
        write("category", term.as_deref().unwrap_or(field.inside));
    }
    let enclosed = fields.iter().filter(|field| field.name == "enclosure");
    for address in enclosed.filter_map(|field| attribute(&field.tag, "url")) {
        anew.push_str(&format!(
            "<enclosure url=\"{}\"/>",
            address.replace(['"', '<'], "")
        ));
    }
    anew.push_str("</item>");
    anew.push_str(behind);
    anew.push_str("</rss>");
    Some(anew)
}

/// What an archive of ours says of its items, each in an element of its own.
pub(crate) fn archived(text: &str) -> Vec<Option<Archived>> {
    if memmem::find(text.as_bytes(), b"<tidings:archived ").is_none() {
        return Vec::new();
    }
    items(text).into_iter().map(of_archive).collect()
}

fn of_archive(item: &str) -> Option<Archived> {
    let (_, fields) = fields(item);
    let own = fields
        .iter()
        .find(|field| field.tag.name().as_ref() == "tidings:archived")?;
    let told = |name: &str| {
        let value = attribute(&own.tag, name)?;
        Some(unescape(&value).ok()?.into_owned())
    };
    let number = |name: &str| told(name).and_then(|number| number.parse().ok());
    let reports = fields.iter().filter_map(|field| {
        let tag = Some(&field.tag).filter(|tag| tag.name().as_ref() == "tidings:report")?;
        Some(Report {
            source: unescape(&attribute(tag, "source")?).ok()?.into_owned(),
            link: attribute(tag, "link").and_then(|link| Some(unescape(&link).ok()?.into_owned())),
        })
    });
    Some(Archived {
        archive: told("archive"),
        id: number("id"),
        page: told("page"),
        story: number("story"),
        reports: reports.collect(),
        section: told("section"),
        section_title: told("section-title"),
        published: told("published"),
        source: told("source"),
        feed_id: told("feed-id"),
    })
}

/// An element of an item, wherever it stands in it.
pub(crate) struct Element<'t> {
    /// Without its prefix, in lower case.
    pub(crate) name: String,
    tag: BytesStart<'t>,
}

impl Element<'_> {
    /// The value of an attribute.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        let written = attribute(&self.tag, name)?;
        let value = unescape(&written).ok().map(Cow::into_owned);
        Some(value.unwrap_or(written))
    }
}

/// Hands over the elements of an item, however deep they stand.
pub(crate) fn each_element(item: &str, take: &mut dyn FnMut(&Element<'_>)) {
    steps::spend(STEPS_A_BYTE * item.len());
    let mut reader = Reader::from_str(item);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let name = local(tag.name().as_ref());
                take(&Element { name, tag });
            }
            Ok(Event::End(tag)) => {
                let name = local(tag.name().as_ref());
                if matches!(name.as_str(), "item" | "entry") {
                    return;
                }
            }
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// The address of an item: that of a `link`, in it or in its `href`.
fn link(fields: &[Field<'_>]) -> Option<String> {
    let mut links = fields.iter().filter(|field| field.name == "link");
    links.find_map(|field| {
        let rel = attribute(&field.tag, "rel");
        let href = attribute(&field.tag, "href")
            .filter(|_| rel.as_deref().is_none_or(|rel| rel == "alternate"));
        href.or_else(|| Some(field.inside.trim().to_owned()))
            .filter(|link| !link.is_empty())
    })
}

/// An attribute's value as it is written.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.html_attributes();
    let mut attributes = attributes.with_checks(false).flatten();
    let found = attributes.find(|attribute| attribute.key.as_ref() == name)?;
    Some(found.value.into_owned())
}

/// What stands in an element, without markup of its own.
fn escaped(inside: &str) -> String {
    let is_whole = inside.matches("<![CDATA[").count() == inside.matches("]]>").count();
    if inside.starts_with("<![CDATA[") && is_whole || !inside.contains('<') {
        return inside.to_owned();
    }
    inside
        .replace("<![CDATA[", "")
        .replace("]]>", "")
        .replace('<', "&lt;")
}

/// Elements that an item has of its own: where one begins, another has ended, whether that is said or not.
const NAMES: &[&str] = &[
    "title",
    "link",
    "guid",
    "id",
    "pubdate",
    "published",
    "issued",
    "date",
    "updated",
    "modified",
    "description",
    "summary",
    "encoded",
    "content",
    "category",
    "subject",
    "origlink",
    "created",
    "enclosure",
];

fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase()
}

/// What it takes a library to read a byte.
const STEPS_A_BYTE: usize = 5;

/// The tag of an item, and its elements. One that doesn't end is left out: nobody knows what is missing there.
fn fields(item: &str) -> (Option<BytesStart<'_>>, Vec<Field<'_>>) {
    steps::spend(STEPS_A_BYTE * item.len());
    let mut reader = Reader::from_str(item);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let at =
        |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
    let mut own = None;
    let mut fields: Vec<Field<'_>> = Vec::new();
    // The element at hand, where its content begins, and how deep we are in it.
    let mut open: Option<(String, BytesStart<'_>, usize, u32)> = None;
    loop {
        let before = at(&reader);
        let mut close = |open: &mut Option<(String, BytesStart<'_>, usize, u32)>| {
            if let Some((name, tag, from, _)) = open.take() {
                let inside = item.get(from..before).unwrap_or_default();
                fields.push(Field {
                    name,
                    tag: tag.into_owned(),
                    inside,
                });
            }
        };
        match reader.read_event() {
            Ok(Event::Start(tag)) if own.is_none() => own = Some(tag.into_owned()),
            Ok(Event::Start(tag)) => {
                let name = local(tag.name().as_ref());
                match &mut open {
                    Some((_, _, _, depth)) if *depth > 0 || !NAMES.contains(&name.as_str()) => {
                        *depth += 1;
                    }
                    _ => {
                        close(&mut open);
                        open = Some((name, tag.into_owned(), at(&reader), 0));
                    }
                }
            }
            Ok(Event::Empty(tag)) if open.is_none() => fields.push(Field {
                name: local(tag.name().as_ref()),
                tag: tag.into_owned(),
                inside: "",
            }),
            Ok(Event::End(tag)) => {
                let name = local(tag.name().as_ref());
                if matches!(name.as_str(), "item" | "entry") {
                    close(&mut open);
                    break;
                }
                match &mut open {
                    Some((own, _, _, depth)) if *depth > 0 && *own != name => *depth -= 1,
                    _ => close(&mut open),
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    (own, fields)
}

/// How many items a feed begins.
pub(crate) fn count_items(text: &str) -> usize {
    let bytes = text.as_bytes();
    let begins = |name: &[u8]| {
        memmem::find_iter(bytes, name)
            .filter(|at| {
                matches!(
                    bytes.get(at + name.len()),
                    Some(b'>' | b' ' | b'\n' | b'\r' | b'\t')
                )
            })
            .count()
    };
    begins(b"<item") + begins(b"<entry")
}

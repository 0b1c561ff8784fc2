//! Feeds: RSS of every version, Atom and JSON Feed. feed-rs reads them; here they are repaired before, where a
//! publisher has broken them, and what they say is turned into drafts.

mod ahead;
mod broken_json;
mod json;
mod links;
mod media;
mod paragraphs;
pub(crate) mod repair;
mod salvage;
pub(crate) mod wordless;

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use feed_rs::model::{Entry, Feed, FeedType};
use feed_rs::parser::Builder;
use jiff::tz::TimeZone;
use memchr::memmem;
use regex::Regex;

use crate::dates::timestamps::{for_library, from_library};
use crate::document::{
    Document, DocumentKind, LOOKED_AT, Page, Reason, Unread, Unreadable, WEB_BEGAN,
};
use crate::feed::json::Beside;
use crate::feed::links::{RELATIVE_BASE, base_of, link_of, without_front_page};
use crate::feed::paragraphs::of_markup;
use crate::feed::repair::ROOT;
use crate::html::markup;
use crate::limits::{bounds, steps};
use crate::rules::Rules;
use crate::text::read_more;
use crate::{charset, dates, mended_xml};
use tidings_core::item::{Archived, Draft, Published, clean_link};
use tidings_core::text;

/// The row of [`crate::ALL`].
pub const KIND: DocumentKind = DocumentKind {
    name: "feed",
    extensions: &["xml", "rss", "atom", "rdf", "json"],
    claims,
    parse,
};

/// The longest root of a broken feed that is written before each of its items, in bytes.
const LONGEST_ROOT: usize = 4_096;

/// How an archive of ours names items without an identifier, before their number.
pub const OWN_ID: &str = "urn:tidings:item:";

/// Categories of an item that are looked at.
const MOST_CATEGORIES: usize = 20;

static BEGINNING: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(
        r"(?is)^\s*(<\?xml.*?\?>)?(\s|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^>\[]*(\[.*?\])?\s*>)*<([\w.-]+:)?(rss|feed|RDF)[\s>]",
    )
    .unwrap()
});

fn claims(bytes: &[u8]) -> bool {
    let start = charset::beginning(bytes);
    let start = start.trim_start_matches(|c: char| text::is_blank(c) || c == '\u{FFFD}');
    let start = &start[behind_junk(start)..];
    if start.starts_with('{') {
        // Programs that sort keys write the version last.
        return memmem::find(bytes, b"jsonfeed.org/version").is_some()
            || memmem::find(bytes, b"jsonfeed.org\\/version").is_some();
    }
    BEGINNING.is_match(start)
}

/// Where a feed begins behind what a broken program has printed before it: warnings, empty lines.
fn behind_junk(start: &str) -> usize {
    let head = &start[..start.floor_char_boundary(LOOKED_AT)];
    if start.starts_with('<') && !start.starts_with("<br") && !start.starts_with("<b>") {
        return 0;
    }
    head.find("<?xml")
        .or_else(|| head.find("<rss"))
        .filter(|at| !head[..*at].to_ascii_lowercase().contains("<html"))
        .unwrap_or(0)
}

/// Reads one feed.
///
/// # Errors
/// A document in which no item can be made out.
fn parse(document: &Document, rules: &Rules) -> Result<Page, Unreadable> {
    let text = charset::decode(document)?;
    let text = text.trim_start_matches(text::is_blank);
    let library = Library {
        base: document.base(),
        zone: rules.zone(),
    };
    let written: Cow<'_, str>;
    let (feed, beside): (_, Vec<Beside>) = if text.starts_with('{') {
        bounds::check_json(document, text)?;
        written = Cow::Borrowed("");
        let mut feed = library
            .read(text)
            .or_else(|why| match broken_json::mended(text) {
                Some(mended) => library.read(&mended),
                None => Err(why),
            });
        let beside = json::beside(text);
        let entries = feed.iter_mut().flat_map(|feed| &mut feed.entries);
        // What an archive of ours has without a link has none.
        for (entry, item) in entries.zip(&beside).filter(|(_, item)| item.own.is_none()) {
            wordless::enclose(entry, item.pictures().next());
        }
        (feed, beside)
    } else {
        let text = &text[behind_junk(text)..];
        bounds::check_feed_elements(document, text)?;
        let text = mended_xml(text)?;
        let feed = read_what_can_be(&text, &library);
        let own = salvage::archived(&text).into_iter();
        written = text;
        (feed, own.map(Beside::of_archive).collect())
    };
    let mut feed = feed.map_err(|why| Unreadable {
        line: 0,
        reason: Reason::Feed(shortened(why)),
    })?;
    let base = base_of(&feed, text, document);
    let items = media::items(&written, &feed.entries);
    // The library leaves out what is enclosed under a relative address.
    for (entry, item) in feed.entries.iter_mut().zip(&items) {
        if entry.links.is_empty() && entry.media.is_empty() {
            wordless::enclose(entry, media::enclosed(item).as_deref());
        }
    }
    let mut unread = Unread {
        of: feed.entries.len(),
        lines: Vec::new(),
    };
    // Each entry goes as its draft comes: their texts are never all there twice.
    let entries = std::mem::take(&mut feed.entries);
    let mut drafts: Vec<Draft> = entries
        .into_iter()
        .enumerate()
        .filter_map(|(at, entry)| {
            let beside = beside.get(at);
            let own = beside.and_then(|beside| beside.own.as_ref());
            let base = base.as_deref();
            let picture = media::picture_of(&entry, beside, items.get(at).copied(), base);
            let draft = draft(&feed, &entry, own, picture, base, rules);
            if draft.is_none() {
                unread.lines.push(1);
            }
            draft
        })
        .collect();
    let trouble = wordless::bridge_error(&mut drafts);
    if let Some(trouble) = trouble.clone().filter(|_| drafts.is_empty()) {
        return Err(trouble);
    }
    if drafts.is_empty() && unread.of > 0 {
        return Err(Unreadable {
            line: 0,
            reason: Reason::Feed("none of its items has a title or a text".to_owned()),
        });
    }
    // A file says in its name of when it is; an address says of a feed only where it is.
    let named = dates::in_name(&document.name).filter(|_| document.address.is_none());
    Ok(Page {
        title: feed
            .title
            .as_ref()
            .map(|title| of_markup(&title.content, false).join(" "))
            .filter(|title| !title.is_empty()),
        language: feed.language.as_deref().and_then(language),
        trouble,
        published: named.map(Published::Date),
        drafts,
        unread,
    })
}

/// Characters of a library's complaint: it quotes tags, and a broken one may be as long as the feed.
const COMPLAINT: usize = 200;

/// A language as a feed names it, as a tag that browsers know: `en`, `pt-br`. Whatever else stands there is none.
fn language(told: &str) -> Option<String> {
    /// The longest tag that anybody needs (RFC 5646, 4.4.1).
    const LONGEST: usize = 35;
    let tag = told.trim().to_ascii_lowercase().replace('_', "-");
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let is_one = (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_lowercase())
        // Undetermined, several, none.
        && !["und", "mul", "zxx"].contains(&first);
    let is_narrowed = parts.all(|part| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    (is_one && is_narrowed && tag.len() <= LONGEST).then_some(tag)
}

fn shortened(mut complaint: String) -> String {
    if let Some((end, _)) = complaint.char_indices().nth(COMPLAINT) {
        complaint.truncate(end);
        complaint.push('…');
    }
    complaint
}

/// What it takes a library to read a byte.
const STEPS_A_BYTE: usize = 10;

/// What the library has to know beside the text.
struct Library<'d> {
    /// The feed's address.
    base: Option<&'d str>,
    /// The zone of moments that are written without one.
    zone: Option<&'d TimeZone>,
}

impl Library<'_> {
    fn read(&self, text: &str) -> Result<Feed, String> {
        steps::spend(STEPS_A_BYTE * text.len());
        let zone = self.zone.cloned();
        // Links are made absolute later, when the channel's own one is known; only a base in the feed comes before it.
        let base = self.base.filter(|_| RELATIVE_BASE.is_match(text));
        let parser = Builder::new()
            .base_uri(base)
            .sanitize_content(false)
            // An id that we made wouldn't be the feed's own.
            .id_generator(|_, _, _| String::new())
            .timestamp_parser(move |text| for_library(text, zone.as_ref()))
            .build();
        parser
            .parse(once_declared(text).as_bytes())
            .map_err(|error| error.to_string())
    }
}

/// A text without XML declarations behind its beginning, as feeds have them that were put together of others: the library
/// would begin to read it in another encoding there.
fn once_declared(text: &str) -> Cow<'_, str> {
    static DECLARED: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        Regex::new(r"(?is)<\?xml\s.{0,200}?\?>").unwrap()
    });
    let first = text.find(|c: char| !c.is_whitespace() && c != '\u{FEFF}');
    let begins = first.unwrap_or_default();
    let behind = begins + text[begins..].chars().next().map_or(0, char::len_utf8);
    match DECLARED.replace_all(&text[behind..], "") {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(rest) => Cow::Owned(format!("{}{rest}", &text[..behind])),
    }
}

/// The whole feed, or, where it is broken, what can be read of its items.
fn read_what_can_be(text: &str, library: &Library<'_>) -> Result<Feed, String> {
    let whole = library.read(text);
    match whole {
        Ok(mut feed)
            if !feed.entries.is_empty() && feed.entries.len() >= salvage::count_items(text) =>
        {
            look_again(&mut feed, text, library);
            return Ok(feed);
        }
        _ => {}
    }
    let root = ROOT.find(text).map(|found| found.as_str());
    let root = root.filter(|root| root.len() <= LONGEST_ROOT);
    let name = root.map(|root| {
        root[1..]
            .split(|c: char| c.is_whitespace() || c == '>')
            .next()
            .unwrap_or_default()
    });
    let [before, behind] = if name == Some("rss") {
        salvage::CHANNEL
    } else {
        ["", ""]
    };
    let mut found: Option<Feed> = None;
    for item in salvage::items(text) {
        let alone = || {
            let (root, name) = (root?, name?);
            let end = ["</item>", "</entry>"].iter().find_map(|end| {
                let at = item.find(end)?;
                Some(at + end.len())
            });
            let alone = format!("{root}{before}{}{behind}</{name}>", &item[..end?]);
            library
                .read(&alone)
                .ok()
                .filter(|one| !one.entries.is_empty())
        };
        let anew = || library.read(&salvage::written_anew(item)?).ok();
        let Some(one) = alone().or_else(anew) else {
            continue;
        };
        match &mut found {
            Some(feed) => feed.entries.extend(one.entries),
            None => found = Some(one),
        }
    }
    match (found, whole) {
        (Some(found), Ok(whole)) if whole.entries.len() > found.entries.len() => Ok(whole),
        (Some(found), _) => Ok(found),
        (None, whole) => whole,
    }
}

/// What a feed can hold that the library doesn't take from it.
const PASSED_OVER: [&str; 4] = [
    // Subjects are the categories of RSS 1.0.
    "dc:subject>",
    "media:description",
    // Another date than that of publication.
    "dc:date>",
    // Where a link through a counting service leads.
    ":origLink>",
];

/// Looks once more at items of whom something seems to be missing: addresses, categories, texts.
fn look_again(feed: &mut Feed, text: &str, library: &Library<'_>) {
    let is_lacking =
        |entry: &Entry| entry.links.is_empty() || entry.title.is_none() && entry.summary.is_none();
    let holds = |what: &&str| memmem::find(text.as_bytes(), what.as_bytes()).is_some();
    if !feed.entries.iter().any(is_lacking) && !PASSED_OVER.iter().any(holds) {
        return;
    }
    let items = salvage::items(text);
    if items.len() != feed.entries.len() {
        return;
    }
    for (entry, item) in feed.entries.iter_mut().zip(items) {
        let again = salvage::written_anew(item).and_then(|anew| library.read(&anew).ok());
        let Some(again) = again.and_then(|mut feed| feed.entries.pop()) else {
            continue;
        };
        if entry.links.is_empty() || item.contains(":origLink>") {
            entry.links = again.links;
        }
        if entry.categories.is_empty() {
            entry.categories = again.categories;
        }
        if entry.summary.is_none() && entry.content.is_none() {
            entry.summary = again.summary;
        }
        entry.title = entry.title.take().or(again.title);
        if item.contains("<pubDate") {
            entry.published = again.published.or(entry.published);
        }
    }
}

fn draft(
    feed: &Feed,
    entry: &Entry,
    own: Option<&Archived>,
    picture: Option<String>,
    base: Option<&str>,
    rules: &Rules,
) -> Option<Draft> {
    let literal = |content_type: &str| {
        matches!(feed.feed_type, FeedType::Atom | FeedType::JSON) && content_type == "text/plain"
    };
    let summary = entry
        .summary
        .as_ref()
        .map(|text| (&text.content, text.content_type.as_str().to_owned()));
    let content = entry.content.as_ref().and_then(|content| {
        Some((
            content.body.as_ref()?,
            content.content_type.as_str().to_owned(),
        ))
    });
    let mut paragraphs = match (summary, content) {
        (Some((text, kind)), _) if !text.trim().is_empty() => of_markup(text, literal(&kind)),
        (_, Some((text, kind))) => of_markup(text, literal(&kind)),
        // Videos are described where they are embedded.
        _ => entry
            .media
            .iter()
            .find_map(|media| media.description.as_ref())
            .map_or_else(Vec::new, |text| of_markup(&text.content, false)),
    };
    let title = entry.title.as_ref().map(|title| {
        let content = &title.content;
        if literal(title.content_type.as_str()) {
            markup::squeezed(content)
        } else {
            of_markup(content, false).join(" ")
        }
    });
    let told = title.as_deref().unwrap_or_default();
    let read_on = read_more::strip_paragraphs(&mut paragraphs, told);
    let file = wordless::file(entry);
    let link = link_of(entry, base).or_else(|| clean_link(base, &read_on?));
    let id = entry.id.trim();
    let (id, link) = match own {
        None => without_front_page(id, link, entry, base),
        Some(_) => (id, link),
    };
    let title = title
        .filter(|title| !title.is_empty())
        .or_else(|| wordless::made_title(&mut paragraphs));
    let is_wordless = title.is_none();
    let title = match title {
        Some(title) => title,
        None => wordless::name(entry, link.as_deref(), file, picture.as_deref())?,
    };
    let named = || {
        entry.categories.iter().flat_map(|category| {
            let label = category.label.as_deref();
            label.into_iter().chain([category.term.as_str()])
        })
    };
    let heading = own
        .and_then(|own| own.section_title.as_deref())
        .or_else(|| named().find(|name| rules.is_heading(name)));
    let published = own
        .and_then(|own| Published::parse(own.published.as_deref()?).ok())
        .or_else(|| {
            // Programs write their zero for a date that isn't set.
            let told = [entry.published, entry.updated].into_iter().flatten();
            told.filter_map(from_library)
                .find(|at| at.seconds() >= WEB_BEGAN)
        });
    Some(Draft {
        is_wordless,
        // What an archive calls an item that had no identifier is none either.
        feed_id: own
            .and_then(|own| own.feed_id.clone())
            .or_else(|| Some(id.to_owned()))
            .filter(|id| !(id.is_empty() || own.is_some() && id.starts_with(OWN_ID))),
        title,
        summary: paragraphs.join("\n\n"),
        link,
        picture,
        categories: match heading {
            Some(_) => Vec::new(),
            None => named().take(MOST_CATEGORIES).map(str::to_owned).collect(),
        },
        heading: heading
            .filter(|heading| bounds::may_head(heading))
            .map(Arc::from),
        published,
        line: 1,
        archived: own.cloned().map(Box::new),
    })
}

//! Lists of sources as other readers of feeds keep them (OPML 2.0, <http://opml.org/spec2.opml>).

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use tidings_core::text;
use tidings_reader::{Document, Unreadable, charset};

/// Outlines that are read: nobody keeps more sources by hand.
const MOST: usize = 10_000;

/// A source in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// What it is called there; its host where it has no name.
    pub name: String,
    /// Where it is.
    pub url: Url,
    /// Whether it is a feed; else it is a web page.
    pub is_feed: bool,
    /// The groups that it stands in, the nearest first, and behind them the categories that it names.
    pub groups: Vec<String>,
}

/// What a list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The sources, in their order.
    pub outlines: Vec<Outline>,
    /// What has an address that can't be fetched, or none where a feed has one, each with it.
    pub left_out: Vec<String>,
    /// Further lists of sources, each with its address.
    pub lists: Vec<String>,
    /// Why the rest of it couldn't be read, if it ends too early, with the line.
    pub broken: Option<(usize, String)>,
}

/// Reads a list. What has no address at all is a group.
///
/// # Errors
/// What is wrong with it, in words.
pub fn read(bytes: Vec<u8>) -> Result<List, String> {
    let document = Document {
        bytes,
        ..Document::default()
    };
    if !tidings_reader::is_opml(&document.bytes) {
        return Err("it isn't OPML: there is no <opml> in it".to_owned());
    }
    let why = |wrong: Unreadable| wrong.reason.to_string();
    let text = charset::decode(&document).map_err(why)?;
    let text = tidings_reader::mended_xml(&text).map_err(why)?;
    let mut reader = Reader::from_str(&text);
    // Programs write `<outline>` with and without an end.
    reader.config_mut().check_end_names = false;
    let mut found = List::default();
    // The names of the outlines that are open.
    let mut open: Vec<Option<String>> = Vec::new();
    let mut has_ended = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) if is_outline(tag.name().as_ref()) => {
                found.add(&tag, &open);
                open.push(attribute(&tag, &["title", "text"]));
            }
            Ok(Event::Empty(tag)) if is_outline(tag.name().as_ref()) => {
                found.add(&tag, &open);
            }
            Ok(Event::End(tag)) if is_outline(tag.name().as_ref()) => {
                open.pop();
            }
            Ok(Event::End(tag)) if tag.name().as_ref().eq_ignore_ascii_case("opml") => {
                has_ended = true;
            }
            Ok(Event::Eof) => {
                let last = text.lines().count();
                found.broken = (!has_ended).then(|| (last, "it stops there".to_owned()));
                break;
            }
            Ok(_) => {}
            Err(error) if found.outlines.is_empty() => {
                return Err(format!("it can't be read: {error}"));
            }
            // What came before is good.
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
                let before = text.as_bytes().get(..at).unwrap_or_default();
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                found.broken = Some((line, error.to_string()));
                break;
            }
        }
        if found.outlines.len() > MOST {
            return Err(format!("it lists more than {MOST} sources"));
        }
    }
    Ok(found)
}

fn is_outline(name: &str) -> bool {
    name.eq_ignore_ascii_case("outline")
}

impl List {
    /// Takes an outline.
    fn add(&mut self, tag: &BytesStart<'_>, open: &[Option<String>]) {
        let feed = attribute(tag, &["xmlUrl"]);
        let is_feed = feed.is_some();
        let name = attribute(tag, &["title", "text"]);
        let kind = attribute(tag, &["type"]).unwrap_or_default();
        let Some(written) = feed.or_else(|| attribute(tag, &["url", "htmlUrl"])) else {
            if let Some(name) = name
                && ["rss", "atom", "feed"].contains(&kind.to_ascii_lowercase().as_str())
            {
                self.left_out.push(format!("{name} (no address)"));
            }
            return;
        };
        let named = || match &name {
            Some(name) => format!("{name} ({written})"),
            None => written.clone(),
        };
        let Some(url) = address(&written) else {
            self.left_out.push(named());
            return;
        };
        // <http://opml.org/spec2.opml>, “Inclusion”
        let is_list = kind.eq_ignore_ascii_case("include")
            || !is_feed && url.path().to_ascii_lowercase().ends_with(".opml");
        if is_list {
            self.lists.push(named());
            return;
        }
        let categories = attribute(tag, &["category"]).unwrap_or_default();
        let categories = categories
            .split([',', '/'])
            .map(|category| category.trim().to_owned())
            .filter(|category| !category.is_empty());
        self.outlines.push(Outline {
            name: name
                .or_else(|| url.host_str().map(str::to_owned))
                .unwrap_or(written),
            is_feed,
            groups: open
                .iter()
                .rev()
                .flatten()
                .cloned()
                .chain(categories)
                .collect(),
            url,
        });
    }
}

/// What readers of feeds put before or instead of `https:`, to be called by browsers.
const SCHEMES: [&str; 7] = [
    "feed",
    "feeds",
    "rss",
    "itpc",
    "pcast",
    "podcast",
    "itms-podcast",
];

/// An address that can be fetched, from how readers of feeds write it: `feed://…`, `feed:https://…`, `www.…`.
fn address(written: &str) -> Option<Url> {
    let mut rest = written.trim();
    while let Some((scheme, behind)) = rest.split_once(':') {
        if !SCHEMES
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
        {
            break;
        }
        // `feed://https://…` has both.
        let inner = behind.trim_start_matches('/');
        let is_whole = inner
            .split_once("://")
            .is_some_and(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphabetic()));
        rest = if is_whole { inner } else { behind };
    }
    let bare = rest.strip_prefix("//").unwrap_or(rest);
    let host = bare.split(['/', '?', '#']).next().unwrap_or_default();
    // `mailto:news@harbour.example` names no host.
    let (name, port) = host.split_once(':').unwrap_or((host, "0"));
    let is_host = name.contains('.')
        && !name.contains(|c: char| c.is_whitespace() || c == '@')
        && port.chars().all(|c| c.is_ascii_digit());
    let is_bare = bare.len() < rest.len() || !rest.contains("://") && is_host;
    let mut url = if is_bare {
        Url::parse(&format!("https://{bare}")).ok()?
    } else {
        Url::parse(rest).ok()?
    };
    // It is never sent, and tells no two feeds apart.
    url.set_fragment(None);
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// The first of these attributes that says something, on one line.
fn attribute(tag: &BytesStart<'_>, names: &[&str]) -> Option<String> {
    let value = |name: &str| {
        let mut attributes = tag.html_attributes();
        let mut attributes = attributes.with_checks(false).flatten();
        let found =
            attributes.find(|attribute| attribute.key.as_ref().eq_ignore_ascii_case(name))?;
        let value = tidings_reader::html::markup::line(&found.value);
        let plain = value.chars().filter(|c| !c.is_control());
        Some(text::join_lines(&plain.collect::<String>()).into_owned())
    };
    names
        .iter()
        .filter_map(|name| value(name))
        .find(|value| !value.is_empty())
}

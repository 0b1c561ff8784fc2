//! Items of feeds that nobody gave a title: pictures and recordings without words, and what a machine says in an item's
//! place.

use std::sync::LazyLock;

use feed_rs::model::{Entry, Link};
use regex::Regex;
use url::{Url, form_urlencoded};

use crate::document::{Reason, Unreadable};
use crate::feed::paragraphs::of_markup;
use tidings_core::item::Draft;

/// The longest name of a file that is a title, in characters.
const LONGEST_NAME: usize = 120;

/// A title made of the summary of an item that has none is no longer than this, in characters.
const LONGEST_MADE_TITLE: usize = 120;

/// A picture, a recording or a frame, as it is written in markup.
static EMBEDDED: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"(?is)<(?:img|video|audio|source|iframe|object|embed)\b[^>]{0,4000}>").unwrap()
});

/// What stands for what is embedded, for who can't see or hear it.
static ALTERNATIVE: LazyLock<Regex> = LazyLock::new(|| attribute("alt|title|aria-label"));

/// Where it is.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| attribute("src|data"));

fn attribute(names: &str) -> Regex {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(&format!(
        r#"(?is)\s(?:{names})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#
    ))
    .unwrap()
}

/// How RSS-Bridge reports that it couldn't make an item: `Bridge returned error 500! (20777)`.
static BRIDGE: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(
        r"(?i)^\s*(?:\S{0,60}\s?bridge|bridge) returned error\s+(-?\d+)\s*!?\s*(?:\(\d+\))?\s*$",
    )
    .unwrap()
});

/// The file that comes with an item.
pub(crate) fn file(entry: &Entry) -> Option<&str> {
    let enclosed = entry
        .links
        .iter()
        .find(|link| link.rel.as_deref() == Some("enclosure"));
    let of_media = || {
        let contents = entry.media.iter().flat_map(|media| &media.content);
        contents.filter_map(|content| content.url.as_ref()).next()
    };
    enclosed
        .map(|link| link.href.as_str())
        .or_else(|| of_media().map(Url::as_str))
}

/// Lets a file that a feed names come with an item that has nothing else to be reached by.
pub(crate) fn enclose(entry: &mut Entry, file: Option<&str>) {
    let Some(href) = file.filter(|_| entry.links.is_empty() && entry.media.is_empty()) else {
        return;
    };
    entry.links.push(Link {
        href: href.to_owned(),
        rel: Some("enclosure".to_owned()),
        media_type: None,
        href_lang: None,
        title: None,
        length: None,
        target: None,
    });
}

/// What an item without words is called: by an alternative text, else by its file's name; empty where its day has to
/// name it. `None` if there is nothing to be called.
pub(crate) fn name(
    entry: &Entry,
    link: Option<&str>,
    file: Option<&str>,
    picture: Option<&str>,
) -> Option<String> {
    let markup = [
        entry.summary.as_ref().map(|text| text.content.as_str()),
        entry
            .content
            .as_ref()
            .and_then(|content| content.body.as_deref()),
    ];
    let embedded = || {
        let texts = markup.iter().flatten();
        texts.flat_map(|text| EMBEDDED.find_iter(text).map(|found| found.as_str()))
    };
    let is_bare = link.is_none() && file.is_none() && picture.is_none();
    if is_bare && embedded().next().is_none() {
        return None;
    }
    let plain = |text: &str| of_markup(text, false).join(" ");
    let of_media = entry.media.iter().find_map(|media| {
        let told = media.title.as_ref().map(|title| plain(&title.content));
        told.filter(|told| !told.is_empty())
    });
    let alternative = embedded()
        .filter_map(|tag| value(&ALTERNATIVE, tag))
        .map(plain)
        .find(|text| !text.is_empty());
    let named = alternative.or(of_media).or_else(|| {
        let addresses = file.into_iter().map(str::to_owned);
        let sources = embedded().filter_map(|tag| value(&ADDRESS, tag).map(str::to_owned));
        addresses
            .chain(sources)
            .chain(picture.map(str::to_owned))
            .chain(link.map(str::to_owned))
            .find_map(|address| file_name(&address))
    });
    Some(named.unwrap_or_default())
}

fn value<'t>(attribute: &Regex, tag: &'t str) -> Option<&'t str> {
    let found = attribute.captures(tag)?;
    let value = (1..=3).find_map(|at| found.get(at))?;
    Some(value.as_str().trim()).filter(|value| !value.is_empty())
}

/// The name of the file that an address leads to, if it leads to one.
pub(crate) fn file_name(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    // A host isn't a file; what is relative has none.
    let is_behind_host = !path.contains("//") || path.matches('/').count() > 2;
    let name = path.rsplit('/').next()?;
    let (stem, extension) = name.rsplit_once('.')?;
    let is_file = !stem.is_empty()
        && (2..=5).contains(&extension.len())
        && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && is_behind_host
        && ![
            "html", "htm", "php", "asp", "aspx", "jsp", "shtml", "xhtml", "cgi",
        ]
        .iter()
        .any(|page| extension.eq_ignore_ascii_case(page));
    let name = decoded(name);
    let name = of_markup(&name, true).join(" ");
    (is_file && !name.is_empty()).then(|| name.chars().take(LONGEST_NAME).collect())
}

/// A part of an address in letters.
fn decoded(part: &str) -> String {
    // As the only key of a form, in which these mean something.
    let key = part
        .replace('+', "%2B")
        .replace('&', "%26")
        .replace('=', "%3D");
    let decoded = form_urlencoded::parse(key.as_bytes()).next();
    decoded.map_or_else(String::new, |(key, _)| key.into_owned())
}

/// Takes out of a feed what a bridge says in an item's place, and returns the first of it as what is wrong.
pub(crate) fn bridge_error(drafts: &mut Vec<Draft>) -> Option<Unreadable> {
    let mut said = None;
    drafts.retain(|draft| {
        let is_error = draft.archived.is_none() && BRIDGE.is_match(&draft.title);
        if is_error && said.is_none() {
            // The number in brackets is the day: with it the same trouble would be another one tomorrow.
            let title = draft.title.split(" (").next().unwrap_or_default();
            said = Some(Unreadable {
                line: 0,
                reason: Reason::Bridge(title.trim().to_owned()),
            });
        }
        !is_error
    });
    said
}

/// The beginning of a summary, for an item that has no title.
pub(crate) fn made_title(paragraphs: &mut Vec<String>) -> Option<String> {
    let first = paragraphs.first()?;
    if first.chars().count() <= LONGEST_MADE_TITLE {
        return Some(paragraphs.remove(0));
    }
    let cut: String = first.chars().take(LONGEST_MADE_TITLE).collect();
    let cut = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(words, _)| words);
    Some(format!("{cut}…"))
}

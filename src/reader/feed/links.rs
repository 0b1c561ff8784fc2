//! Where the links of feeds lead: what relative ones start from, and which of an item's is its story.

use std::sync::LazyLock;

use feed_rs::model::{Entry, Feed, Link};
use regex::Regex;

use crate::document::{Document, LOOKED_AT};
use tidings_core::item::clean_link;

/// Where a feed has a base that is relative itself.
pub(crate) static RELATIVE_BASE: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r#"\bxml:base\s*=\s*["']\s*(?:[^"':]*["']|[^"':]*[/?#])"#).unwrap()
});

/// The link of a channel, in front of its items.
static CHANNEL_LINK: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"(?i)<link>\s*(?:<!\[CDATA\[)?\s*(https?://[^\s<\]]+)").unwrap()
});

/// What relative links start from, where no `xml:base` says it: the channel's own link, if that is absolute, else the
/// feed's address.
pub(crate) fn base_of(feed: &Feed, text: &str, document: &Document) -> Option<String> {
    let own = |rel: &[&str]| {
        let links = feed.links.iter();
        let mut links =
            links.filter(|link| rel.contains(&link.rel.as_deref().unwrap_or("alternate")));
        links.find_map(|link| clean_link(None, &link.href))
    };
    // Where items were picked out of a broken feed, its channel is lost.
    let written = || {
        let start = &text[..text.floor_char_boundary(LOOKED_AT)];
        let head = start.split("<item").next().unwrap_or_default();
        Some(CHANNEL_LINK.captures(head)?[1].to_owned())
    };
    own(&["alternate"])
        .or_else(written)
        .or_else(|| document.base().map(str::to_owned))
        .or_else(|| own(&["self", "via"]))
}

/// An item's id and link, without those that name a site instead of the item: every episode of some podcasts has the
/// front page for both. What is enclosed with it is its link then.
pub(crate) fn without_front_page<'e>(
    id: &'e str,
    link: Option<String>,
    entry: &Entry,
    base: Option<&str>,
) -> (&'e str, Option<String>) {
    let Some(address) = &link else {
        return (id, link);
    };
    let names_it = !id.is_empty() && clean_link(base, id).is_none_or(|id| id != *address);
    if names_it {
        return (id, link);
    }
    let is_own = || base.and_then(|base| clean_link(None, base)).as_ref() == Some(address);
    let is_root = || {
        let host = address.split_once("://").map_or("", |(_, rest)| rest);
        !host.trim_end_matches('/').contains(['/', '?', '#'])
    };
    let enclosed = || enclosure_of(entry, base).filter(|enclosed| enclosed != address);
    // A list of sites has their front pages for links, each its own.
    if is_own() {
        ("", enclosed())
    } else if is_root()
        && let Some(enclosed) = enclosed()
    {
        ("", Some(enclosed))
    } else {
        (id, link)
    }
}

/// Where what is enclosed with an item is: a file to listen to or to see.
fn enclosure_of(entry: &Entry, base: Option<&str>) -> Option<String> {
    let is_enclosure = |link: &&Link| link.rel.as_deref() == Some("enclosure");
    let mut enclosures = entry.links.iter().filter(is_enclosure);
    let media = || {
        let contents = entry.media.iter().flat_map(|media| &media.content);
        let mut addresses = contents.filter_map(|content| content.url.as_ref());
        addresses.find_map(|url| clean_link(base, url.as_str()))
    };
    enclosures
        .find_map(|link| clean_link(base, &link.href))
        .or_else(media)
}

/// Where an item's story is: by a link of its own, else in what is enclosed with it.
pub(crate) fn link_of(entry: &Entry, base: Option<&str>) -> Option<String> {
    let of = |is_one: &dyn Fn(&Link) -> bool| {
        let mut links = entry.links.iter().filter(|link| is_one(link));
        links.find_map(|link| clean_link(base, &link.href))
    };
    let has_rel = |link: &Link, rel: &str| link.rel.as_deref().unwrap_or("alternate") == rel;
    of(&|link| has_rel(link, "alternate") && link.target.is_none())
        .or_else(|| enclosure_of(entry, base))
        .or_else(|| of(&|_| true))
}

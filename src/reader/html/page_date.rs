//! When a web page came out: by its name or address, by what it says of itself, by what is written in it.

use scraper::{ElementRef, Html, Selector};

use crate::dates;
use crate::document::Document;
use crate::html::outline::Piece;
use crate::html::select::select;
use crate::text::classify::DATED_BLOCKS;

/// What a page is called, which may have its date in it.
const TITLES: [&str; 3] = ["title", "meta[property='og:title']", "h1"];

/// What publishing systems mark dates as.
const MARKS: [&str; 14] = [
    "abbr.published",
    "[itemprop=datePublished]",
    ".se_publishDate",
    ".published",
    ".post-date",
    ".entry-date",
    ".article-date",
    ".publish-date",
    ".date-header",
    ".post-header",
    ".entry-header",
    ".entry-meta",
    ".post-meta",
    ".date",
];

/// The document's date: what the page says of itself, else its name or address, else one of the first lines.
pub(crate) fn date_of(
    html: &Html,
    container: ElementRef<'_>,
    found: &[Piece],
    document: &Document,
) -> Option<jiff::civil::Date> {
    let root = html.root_element();
    // Where entries have dates of their own, the first of those isn't the page's.
    let of_entries: Vec<_> = found
        .iter()
        .filter_map(|piece| piece.own_date.as_ref())
        .map(|date| date.day)
        .collect();
    let is_its_own = |date: &jiff::civil::Date| of_entries.len() < 2 || !of_entries.contains(date);
    let meta = [
        "meta[property='article:published_time']",
        "meta[itemprop=datePublished]",
        "meta[name=date]",
        "meta[name='DC.date.issued']",
    ];
    let told = || {
        meta.iter()
            .find_map(|meta| dates::in_text(select(root, meta)?.value().attr("content")?))
    };
    let time = || {
        let time =
            select(container, "time[datetime]").or_else(|| select(root, "time[datetime]"))?;
        dates::in_text(time.value().attr("datetime")?)
    };
    let titled = |selectors: &[&'static str]| {
        let title = |selector: &'static str| {
            let element = select(root, selector)?;
            let told = element.value().attr("content").map(str::to_owned);
            let told = told.or_else(|| element.value().attr("title").map(str::to_owned));
            dates::in_text(&told.unwrap_or_else(|| element.text().collect::<Vec<_>>().join(" ")))
        };
        selectors.iter().copied().find_map(title)
    };
    let linked_data = || {
        let scripts = Selector::parse("script[type='application/ld+json']").ok()?;
        root.select(&scripts).find_map(|script| {
            let text: String = script.text().collect();
            let (_, behind) = text.split_once("\"datePublished\"")?;
            dates::in_text(&behind[..behind.floor_char_boundary(40)])
        })
    };
    let written = || {
        found
            .iter()
            .take(DATED_BLOCKS)
            .filter(|piece| of_entries.len() < 2 || !piece.is_given)
            .find_map(|piece| dates::in_block(&piece.text))
    };
    let name = match &document.address {
        Some(url) => &url.as_str()[url.origin().ascii_serialization().len()..],
        None => document.name.as_str(),
    };
    let canonical = || {
        let link = select(root, "link[rel=canonical]")?;
        dates::in_name(link.value().attr("href")?)
    };
    dates::in_name(name)
        .or_else(told)
        .or_else(canonical)
        .or_else(linked_data)
        .or_else(|| time().filter(is_its_own))
        .or_else(|| titled(&TITLES))
        .or_else(|| titled(&MARKS).filter(is_its_own))
        .or_else(written)
}

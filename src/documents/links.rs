//! Where a web page leads: to the digests that an index lists, and to the page behind it.

use scraper::Selector;
use url::Url;

use super::web::{base_of, page_of, select};
use super::{Document, Reason, Unreadable};
use crate::items::clean_link;

/// Whether a text is a CSS selector.
pub fn is_selector(text: &str) -> bool {
    Selector::parse(text).is_ok()
}

/// Where the links of an index lead that a selector finds, in their order.
///
/// # Errors
/// Bytes that aren't text, a selector that is none or that finds nothing.
pub fn links(document: &Document, selector: &str) -> Result<Vec<Url>, Unreadable> {
    let wrong = |what: &str| Unreadable {
        line: 0,
        reason: Reason::Selector(format!("the selector follow = {selector:?} {what}")),
    };
    let compiled = Selector::parse(selector).map_err(|_| wrong("isn't one"))?;
    let html = page_of(document)?;
    let base = base_of(&html, document);
    let base = base.as_ref().map(Url::as_str);
    let mut links: Vec<Url> = Vec::new();
    for element in html.select(&compiled) {
        let anchor = match element.value().attr("href") {
            Some(_) => Some(element),
            None => select(element, "a[href]"),
        };
        let href = anchor.and_then(|anchor| anchor.value().attr("href"));
        let link = href.and_then(|href| clean_link(base, href));
        if let Some(mut link) = link.and_then(|link| Url::parse(&link).ok()) {
            link.set_fragment(None);
            // An index that names itself is no digest.
            let is_index = document.address.as_ref().is_some_and(|own| {
                let mut own = own.clone();
                own.set_fragment(None);
                own == link
            });
            if !is_index && !links.contains(&link) {
                links.push(link);
            }
        }
    }
    if links.is_empty() {
        return Err(wrong("finds no link in the page"));
    }
    Ok(links)
}

/// Where a page says that it goes on, on the same site.
pub fn next_page(document: &Document) -> Option<Url> {
    let html = page_of(document).ok()?;
    let base = base_of(&html, document);
    let next = select(
        html.root_element(),
        "link[rel~=next], a[rel~=next], a.next.page-numbers",
    )?;
    let link = clean_link(base.as_ref().map(Url::as_str), next.value().attr("href")?)?;
    let link = Url::parse(&link).ok()?;
    let own = document.address.as_ref()?;
    (link.origin() == own.origin()).then_some(link)
}

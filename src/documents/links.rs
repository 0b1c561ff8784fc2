//! Where a web page leads: to the digests that an index lists, and to the page behind it.

use scraper::{ElementRef, Selector};
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

/// Where a page says that it goes on, on the same site. Blogs call the post that came out after it `next` as well.
pub fn next_page(document: &Document) -> Option<Url> {
    let html = page_of(document).ok()?;
    let own = document.address.as_ref()?;
    let base = base_of(&html, document);
    let root = html.root_element();
    let next = Selector::parse("link[rel~=next], a[rel~=next], a.next.page-numbers").ok()?;
    root.select(&next).find_map(|next| {
        let href = next.value().attr("href")?;
        let link = clean_link(base.as_ref().map(Url::as_str), href)?;
        let link = Url::parse(&link).ok()?;
        let goes_on = is_further(own, &link) || !leads_to_another_post(next);
        (link.origin() == own.origin() && goes_on).then_some(link)
    })
}

/// Whether an address is that of a further page, by what it looks like: `/weekly/page/2/`, `?page=2`, `/weekly/2`.
fn is_further(own: &Url, link: &Url) -> bool {
    let numberless = |url: &Url| {
        let path = url.path().trim_end_matches('/');
        let path = path.trim_end_matches(|c: char| c.is_ascii_digit());
        let path = path.trim_end_matches('/');
        path.trim_end_matches("/page").to_owned()
    };
    numberless(own) == numberless(link)
}

/// Whether a link stands where blogs have their links to other posts.
fn leads_to_another_post(link: ElementRef<'_>) -> bool {
    let is_theirs = |element: ElementRef<'_>| {
        let mut names = element.value().classes().chain(element.value().id());
        names.any(|name| {
            let name = name.to_ascii_lowercase();
            [
                "post-navigation",
                "post-nav",
                "nav-next",
                "nav-single",
                "nav-below",
                "pagenav",
                "blog-pager",
                "adjacent",
            ]
            .iter()
            .any(|part| name.contains(part))
        })
    };
    // WordPress names the next post in the head, with its title.
    link.value().name() == "link" && link.value().attr("title").is_some()
        || is_theirs(link)
        || link.ancestors().filter_map(ElementRef::wrap).any(is_theirs)
}

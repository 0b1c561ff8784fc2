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

/// Where a page says that it goes on, on the same site. Blogs call the post that came out after it `next` as well, and
/// many pages say nothing of the kind but have a link to `/page/2/`.
pub fn next_page(document: &Document) -> Option<Url> {
    let html = page_of(document).ok()?;
    let own = document.address.as_ref()?;
    let base = base_of(&html, document);
    let root = html.root_element();
    let link = |element: ElementRef<'_>| {
        let link = clean_link(
            base.as_ref().map(Url::as_str),
            element.value().attr("href")?,
        )?;
        let link = Url::parse(&link).ok()?;
        (link.origin() == own.origin()).then_some(link)
    };
    let told = Selector::parse("link[rel~=next], a[rel~=next], a.next.page-numbers").ok()?;
    let told = root.select(&told).find_map(|next| {
        let link = link(next)?;
        let goes_on = numberless(own) == numberless(&link) || !leads_to_another_post(next);
        goes_on.then_some(link)
    });
    told.or_else(|| {
        let anchors = Selector::parse("a[href]").ok()?;
        let mut links = root.select(&anchors).filter_map(link);
        links.find(|link| {
            page_number(link) == Some(page_number(own).unwrap_or(1) + 1)
                && numberless(own) == numberless(link)
        })
    })
}

/// The number in the address of a further page: `/weekly/page/2/`, `?page=2`, `?paged=2`.
fn page_number(url: &Url) -> Option<u32> {
    let in_query = url.query_pairs().find_map(|(name, value)| {
        matches!(&*name, "page" | "paged").then(|| value.parse().ok())?
    });
    let in_path = || {
        let (before, last) = url.path().trim_end_matches('/').rsplit_once('/')?;
        let number = last.parse().ok()?;
        before.ends_with("/page").then_some(number)
    };
    in_query.or_else(in_path)
}

/// What the addresses of the pages of one thing have in common: `/weekly` of `/weekly/page/2/`, `/weekly?page=2` and
/// `/weekly/2`.
fn numberless(url: &Url) -> (String, Vec<(String, String)>) {
    let path = url.path().trim_end_matches('/');
    let path = match path.rsplit_once('/') {
        Some((before, last)) if !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()) => {
            before
        }
        _ => path,
    };
    let path = path.strip_suffix("/page").unwrap_or(path).to_owned();
    let others = url
        .query_pairs()
        .filter(|(name, _)| !matches!(&**name, "page" | "paged"))
        .map(|(name, value)| (name.into_owned(), value.into_owned()));
    (path, others.collect())
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

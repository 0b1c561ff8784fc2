//! Where a web page leads: to the digests that an index lists, and to the page behind it.

use std::collections::HashSet;

use scraper::{ElementRef, Selector};
use url::Url;

use crate::document::{Document, Reason, Unreadable};
use crate::html::select::{base_of, page_of};
use crate::limits::steps;
use crate::limits::work;
use tidings_core::item::clean_link;
use tidings_core::text;

/// Whether a text is a CSS selector.
pub fn is_selector(text: &str) -> bool {
    Selector::parse(text).is_ok()
}

/// One link of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub to: Url,
    /// Its words, folded.
    pub words: String,
}

/// The links of an index that a selector finds, in their order.
///
/// # Errors
/// Bytes that aren't text, a selector that is none or that finds nothing.
pub fn links(document: &Document, selector: &str) -> Result<Vec<Link>, Unreadable> {
    work::bounded(document, || found(document, selector))
}

fn found(document: &Document, selector: &str) -> Result<Vec<Link>, Unreadable> {
    let wrong = |what: &str| Unreadable {
        line: 0,
        reason: Reason::Selector(format!("the selector follow = {selector:?} {what}")),
    };
    let compiled = Selector::parse(selector).map_err(|_| wrong("isn't one"))?;
    let html = page_of(document)?;
    let base = base_of(&html, document);
    let base = base.as_ref().map(Url::as_str);
    let mut links: Vec<Link> = Vec::new();
    let mut known: HashSet<Url> = HashSet::new();
    for element in html.select(&compiled) {
        let anchor = match element.value().attr("href") {
            Some(_) => Some(element),
            None => first_link(element),
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
            if !is_index && known.insert(link.clone()) {
                let words = anchor.map(words_of).unwrap_or_default();
                links.push(Link { to: link, words });
            }
        }
    }
    if links.is_empty() {
        return Err(wrong("finds no link in the page"));
    }
    Ok(links)
}

/// The first link within an element.
fn first_link(element: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let is_link = |element: &ElementRef<'_>| {
        element.value().name() == "a" && element.value().attr("href").is_some()
    };
    element.descendants().skip(1).find_map(|node| {
        steps::spend(STEPS_A_NODE);
        ElementRef::wrap(node).filter(is_link)
    })
}

/// Whether a page is headed by the words of a link to it: its title or a heading says them, or they say it, as those of a
/// whole card do. A word or two may stand anywhere, and have to be all of it.
pub fn is_headed(document: &Document, words: &str) -> bool {
    work::bounded(document, || Ok(has_heading(document, words))).unwrap_or(false)
}

fn has_heading(document: &Document, words: &str) -> bool {
    let Ok(headings) = Selector::parse("title, h1, h2, h3") else {
        return false;
    };
    let Ok(html) = page_of(document) else {
        return false;
    };
    let holds = |whole: &str, part: &str| {
        is_telling(part) && format!(" {whole} ").contains(&format!(" {part} "))
    };
    !words.is_empty()
        && html.select(&headings).any(|heading| {
            let heading = words_of(heading);
            heading == words || holds(&heading, words) || holds(words, &heading)
        })
}

/// Whether words are so many that they stand nowhere by chance.
fn is_telling(words: &str) -> bool {
    words.chars().count() >= 12 && words.split(' ').count() >= 3
}

/// The words of an element, folded.
fn words_of(element: ElementRef<'_>) -> String {
    let mut words = String::new();
    for piece in element.text() {
        steps::spend(STEPS_A_NODE);
        words.push_str(piece);
    }
    text::fold_within(&words, MOST_WORDS).unwrap_or_default()
}

/// Words of a link or a heading that are looked at, in bytes: what is longer is none.
const MOST_WORDS: usize = 1_000;

/// What it takes to look at a node.
const STEPS_A_NODE: usize = 20;

/// Links that say of themselves that they are the next page's, and that are looked at.
const MOST_TOLD: usize = 20;

/// Where a page says that it goes on, on the same site. Blogs call the post that came out after it `next` as well, and
/// many pages say nothing of the kind but have a link to `/page/2/`.
pub fn next_page(document: &Document) -> Option<Url> {
    work::bounded(document, || Ok(next_of(document))).ok()?
}

fn next_of(document: &Document) -> Option<Url> {
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
    let told = root.select(&told).take(MOST_TOLD).find_map(|next| {
        let link = link(next)?;
        let goes_on = are_of_one(own, &link) || !leads_to_another_post(next);
        goes_on.then_some(link)
    });
    told.or_else(|| {
        let anchors = Selector::parse("a[href]").ok()?;
        let mut links = root.select(&anchors).filter_map(link);
        links.find(|link| {
            let (own_page, page) = (of_pages(own), of_pages(link));
            page.number == Some(own_page.number.unwrap_or(1) + 1) && page.thing == own_page.thing
        })
    })
}

/// An address, as one of the pages of a thing.
#[derive(PartialEq, Eq)]
struct OfPages {
    /// What the addresses of all its pages have in common.
    thing: (String, Vec<(String, String)>),
    /// Which page it is, if it says so.
    number: Option<u32>,
}

/// Reads `/weekly/page/2/`, `/weekly?page=2` and `/weekly?paged=2`; other addresses are of the first page.
fn of_pages(url: &Url) -> OfPages {
    let is_page = |name: &str| matches!(name, "page" | "paged");
    let pairs = || url.query_pairs().into_owned();
    let in_query = pairs().find(|(name, _)| is_page(name));
    let in_query = in_query.and_then(|(_, number)| number.parse().ok());
    let path = url.path().trim_end_matches('/');
    let in_path = path.rsplit_once('/').and_then(|(before, number)| {
        let thing = before.strip_suffix("/page")?;
        Some((thing, number.parse().ok()?))
    });
    OfPages {
        thing: (
            in_path.map_or(path, |(thing, _)| thing).to_owned(),
            pairs().filter(|(name, _)| !is_page(name)).collect(),
        ),
        number: in_query.or(in_path.map(|(_, number)| number)),
    }
}

/// Whether two addresses are of pages of one thing, by what they look like: `/weekly/2` is as well.
fn are_of_one(own: &Url, link: &Url) -> bool {
    let numberless = |url: &Url| {
        let (path, others) = of_pages(url).thing;
        let bare = path.trim_end_matches(|c: char| c.is_ascii_digit());
        (bare.trim_end_matches('/').to_owned(), others)
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

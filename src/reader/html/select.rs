//! A page's elements, and which of them holds its digest.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, RwLock};

use ego_tree::NodeId;
use scraper::node::Element;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use crate::charset;
use crate::document::{Document, Unreadable};
use crate::html::lengths::Lengths;
use crate::html::siblings;
use crate::lexicon::systems::CONTAINERS;
use crate::limits::{bounds, steps};
use crate::rules::Rules;
use tidings_core::bounds::ADDRESS_LENGTH;

/// Headings that are looked for in elements: what has more of them isn't a digest.
const MOST_HEADINGS: usize = 200;

/// Elements of one name that are compared.
const MOST_CONTAINERS: usize = 50;

/// Text that a container has to hold to be the page's, in characters.
const ENOUGH: usize = 40;

/// What it takes a library to read a byte.
const STEPS_A_BYTE: usize = 10;

/// A page's elements.
///
/// # Errors
/// Bytes that aren't text, more than a page may be made of.
pub(crate) fn page_of(document: &Document) -> Result<Html, Unreadable> {
    let text = charset::decode(document)?;
    bounds::check_html(&text)?;
    steps::spend(STEPS_A_BYTE * text.len());
    Ok(Html::parse_document(&text))
}

/// What relative links start from: a `base` element, else the page's own address.
pub(crate) fn base_of(html: &Html, document: &Document) -> Option<Url> {
    let own = document.address.clone();
    let told = select(html.root_element(), "base[href]").and_then(|base| base.value().attr("href"));
    // What is longer than an address leads nowhere, and each link would be joined to it.
    let told = told.filter(|href| href.len() <= ADDRESS_LENGTH.most);
    match (told, &own) {
        (Some(href), Some(own)) => own.join(href).ok().or_else(|| Some(own.clone())),
        (Some(href), None) => Url::parse(href).ok(),
        (None, _) => own,
    }
}

fn is_known(heading: ElementRef<'_>, rules: &Rules) -> bool {
    let text: String = heading.text().take(10).collect();
    rules.is_heading(&text)
}

/// A selector of ours. A file of mails has thousands of small pages: it is compiled once for all of them.
fn compiled(selector: &str) -> Selector {
    #[expect(clippy::unwrap_used, reason = "constant selectors, covered by tests")]
    Selector::parse(selector).unwrap()
}

static HEADINGS: LazyLock<Selector> =
    LazyLock::new(|| compiled("h1, h2, h3, h4, h5, h6, strong, b"));
static KNOWN: LazyLock<Vec<Selector>> =
    LazyLock::new(|| CONTAINERS.iter().map(|name| compiled(name)).collect());

/// The first element that one of our selectors finds.
pub(crate) fn select<'a>(within: ElementRef<'a>, selector: &'static str) -> Option<ElementRef<'a>> {
    static COMPILED: LazyLock<RwLock<HashMap<&'static str, Arc<Selector>>>> =
        LazyLock::new(RwLock::default);
    let known = COMPILED.read().ok()?.get(selector).cloned();
    let selector = match known {
        Some(known) => known,
        None => {
            let mut all = COMPILED.write().ok()?;
            let made = || Arc::new(compiled(selector));
            all.entry(selector).or_insert_with(made).clone()
        }
    };
    within.select(&selector).next()
}

/// Elements that are looked for by their names alone; others have to have attributes.
fn may_be_known(element: &Element) -> bool {
    element.attrs().next().is_some() || matches!(element.name(), "article" | "main")
}

/// The element that holds the digest: the first of the known ones that there is just one of, or one that holds much
/// more than the others, unless it is an entry of a list, as a lead story is. Where the page has known headings, they are
/// in it.
pub(crate) fn container<'h>(html: &'h Html, rules: &Rules) -> ElementRef<'h> {
    let root = html.root_element();
    let body = select(root, "body").unwrap_or(root);
    let headings: Vec<ElementRef<'_>> = body
        .select(&HEADINGS)
        .take(MOST_HEADINGS)
        .filter(|one| is_known(*one, rules))
        .collect();
    let over_headings: HashSet<NodeId> = headings
        .iter()
        .flat_map(|heading| heading.ancestors().map(|above| above.id()))
        .collect();
    let holds_headings =
        |element: &ElementRef<'_>| headings.is_empty() || over_headings.contains(&element.id());
    let lengths = Lengths::within(body);
    // Each element is looked at once, and with all selectors: most elements have no attributes, and are none of theirs.
    let mut known: Vec<Vec<(usize, ElementRef<'_>)>> = vec![Vec::new(); KNOWN.len()];
    let elements = body.descendants().skip(1).filter_map(ElementRef::wrap);
    for element in elements.filter(|element| may_be_known(element.value())) {
        let length = lengths.of(element).trimmed;
        if length == 0 {
            continue;
        }
        // What holds little is none, but tells what is an entry of a list.
        let most = match length < ENOUGH {
            true => MOST_CONTAINERS / 2,
            false => MOST_CONTAINERS,
        };
        for (selector, found) in KNOWN.iter().zip(&mut known) {
            if found.len() < most && selector.matches(&element) {
                found.push((length, element));
            }
        }
    }
    for all in known {
        let mut found = all.clone();
        found.retain(|(length, element)| *length >= ENOUGH && holds_headings(element));
        found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        let chosen = match found.as_slice() {
            [(_, only)] => *only,
            [(longest, first), (second, _), ..] if *longest >= 3 * second => *first,
            _ => continue,
        };
        let others = all.iter().map(|(_, other)| *other);
        // A digest holds the known headings; an entry is titled by one.
        let titles = |heading: Option<ElementRef<'_>>| {
            headings.is_empty() || heading.is_some_and(|heading| is_known(heading, rules))
        };
        if !siblings::is_one_of_a_list(chosen, others, titles) {
            return chosen;
        }
    }
    body
}

//! A page's elements, and which of them holds its digest.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use crate::charset;
use crate::document::{Document, Unreadable};
use crate::html::lengths::Lengths;
use crate::lexicon::systems::CONTAINERS;
use crate::limits::{bounds, steps};
use crate::rules::Rules;

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

pub(crate) fn select<'a>(within: ElementRef<'a>, selector: &str) -> Option<ElementRef<'a>> {
    within.select(&Selector::parse(selector).ok()?).next()
}

/// The element that holds the digest: the first of the known ones that there is just one of, or one that holds much
/// more than the others. Where the page has known headings, they are in it.
pub(crate) fn container<'h>(html: &'h Html, rules: &Rules) -> ElementRef<'h> {
    let root = html.root_element();
    let body = select(root, "body").unwrap_or(root);
    let headings: Vec<ElementRef<'_>> = match Selector::parse("h1, h2, h3, h4, h5, h6, strong, b") {
        Ok(selector) => body
            .select(&selector)
            .take(MOST_HEADINGS)
            .filter(|one| is_known(*one, rules))
            .collect(),
        Err(_) => Vec::new(),
    };
    let over_headings: HashSet<NodeId> = headings
        .iter()
        .flat_map(|heading| heading.ancestors().map(|above| above.id()))
        .collect();
    let holds_headings =
        |element: &ElementRef<'_>| headings.is_empty() || over_headings.contains(&element.id());
    let lengths = Lengths::within(body);
    for name in CONTAINERS {
        let Ok(selector) = Selector::parse(name) else {
            continue;
        };
        let mut found: Vec<(usize, ElementRef<'_>)> = body
            .select(&selector)
            .map(|element| (lengths.of(element).trimmed, element))
            .filter(|(length, _)| *length >= ENOUGH)
            .take(MOST_CONTAINERS)
            .filter(|(_, element)| holds_headings(element))
            .collect();
        found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        match found.as_slice() {
            [(_, only)] => return *only,
            [(longest, first), (second, _), ..] if *longest >= 3 * second => return *first,
            _ => {}
        }
    }
    body
}

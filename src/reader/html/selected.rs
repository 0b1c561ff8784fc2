//! Web pages whose source says where they have what.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::{ElementRef, Html, Selector};

use crate::dates::timestamps;
use crate::document::{Document, Page, Reason, Unreadable};
use crate::html::html_walk::pieces;
use crate::html::lengths::Lengths;
use crate::html::markup;
use crate::html::page_date::date_of;
use crate::html::pictured;
use crate::html::select::{container, select};
use crate::limits::{bounds, steps};
use crate::rules::{Rules, Selectors};
use crate::text::read_more;
use tidings_core::item::{Draft, Published, clean_link};

/// What it takes to look for everything that an item may hold, and to keep it.
const STEPS_A_NODE: usize = 400;
const STEPS_A_LETTER: usize = 20;

/// What a selector finds outside of the items.
fn outside<'h>(
    html: &'h Html,
    items: &HashSet<NodeId>,
    selector: &Selector,
) -> Vec<ElementRef<'h>> {
    let mut found = Vec::new();
    let mut within = 0_usize;
    for edge in html.root_element().traverse() {
        match edge {
            Edge::Open(node) if items.contains(&node.id()) => within += 1,
            Edge::Close(node) if items.contains(&node.id()) => within -= 1,
            Edge::Open(node) if within == 0 => {
                found.extend(ElementRef::wrap(node).filter(|element| selector.matches(element)));
            }
            _ => {}
        }
    }
    found
}

/// The items that the source's selectors find.
pub(crate) fn by_selectors(
    html: &Html,
    item: &str,
    rules: &Rules,
    document: &Document,
    base: Option<&str>,
) -> Result<Page, Unreadable> {
    let Selectors {
        title,
        summary,
        link,
        section,
        date,
        ..
    } = rules.selectors();
    let compiled = |selector: &str| {
        Selector::parse(selector).map_err(|error| Unreadable {
            line: 0,
            reason: Reason::Selector(format!("the selector {selector:?} isn't one: {error}")),
        })
    };
    let optional = |selector: &Option<String>| selector.as_deref().map(compiled).transpose();
    let item_selector = compiled(item)?;
    let title = optional(title)?.unwrap_or(compiled("h1, h2, h3, h4, h5, h6, a")?);
    let (summary, link) = (
        optional(summary)?.unwrap_or(compiled("p")?),
        optional(link)?.unwrap_or(compiled("a[href]")?),
    );
    let (section, date) = (
        optional(section)?,
        optional(date)?.unwrap_or(compiled("time")?),
    );
    let line_of = |element: ElementRef<'_>| markup::line(&element.inner_html());
    let items: HashSet<NodeId> = html.select(&item_selector).map(|item| item.id()).collect();
    // Sections stand over items: where a selector finds them, or as headings of the page.
    let mut headings: Vec<ElementRef<'_>> = match &section {
        Some(selector) => html.select(selector).collect(),
        None => outside(html, &items, &compiled("h1, h2, h3, h4, h5, h6")?),
    };
    headings.sort_by_key(|heading| heading.id());
    let lengths = Lengths::within(html.root_element());
    let title_of = |heading: ElementRef<'_>| {
        let line = line_of(heading);
        (!line.is_empty() && bounds::may_head(&line)).then(|| Arc::<str>::from(line))
    };
    // Many items stand under one heading.
    let mut titles: HashMap<NodeId, Option<Arc<str>>> = HashMap::new();
    let is_known = |heading: &ElementRef<'_>| rules.is_heading(&line_of(*heading));
    // Headings that nobody has named are sections only where others are.
    let are_sections = section.is_some() || headings.iter().any(is_known);
    let is_section = |heading: &&ElementRef<'_>| {
        section.is_some() || heading.value().name() != "h1" || is_known(heading)
    };
    let mut drafts = Vec::new();
    for element in html.select(&item_selector) {
        // What stands in items that stand in one another is looked at as often.
        let length = lengths.of(element);
        steps::spend(STEPS_A_NODE * length.nodes + STEPS_A_LETTER * length.whole);
        // An item may be a link as a whole.
        let is_link = element.value().attr("href").is_some();
        let headline = element.select(&title).next();
        let Some(headline) = headline.or(is_link.then_some(element)) else {
            continue;
        };
        let own_link = || {
            headline
                .value()
                .attr("href")
                .or_else(|| select(headline, "a[href]").and_then(|a| a.value().attr("href")))
                .or_else(|| element.value().attr("href"))
        };
        let linked = element
            .select(&link)
            .next()
            .and_then(|a| a.value().attr("href"));
        let mut paragraphs: Vec<String> = element
            .select(&summary)
            .filter(|part| part.id() != headline.id())
            .flat_map(|part| markup::paragraphs(&part.inner_html()))
            .collect();
        let published = element.select(&date).next().and_then(|date| {
            let told = date.value().attr("datetime").map(str::to_owned);
            let told = timestamps::within(&told.unwrap_or_else(|| line_of(date)));
            told?.published(rules.zone())
        });
        let title = line_of(headline);
        if title.is_empty() {
            continue;
        }
        // The item's own link is found by its selector.
        read_more::strip_paragraphs(&mut paragraphs, &title);
        if paragraphs.is_empty() && rules.selectors().summary.is_none() && !is_link {
            // What else stands in the item.
            let rest = element.inner_html().replacen(&headline.html(), "<br>", 1);
            paragraphs = markup::paragraphs(&rest);
            if let Some(first) = paragraphs.first_mut() {
                *first = markup::behind_lead(first).to_owned();
            }
            read_more::strip_paragraphs(&mut paragraphs, &title);
            let dated = element.select(&date).next().map(line_of);
            paragraphs
                .retain(|paragraph| !paragraph.is_empty() && Some(paragraph) != dated.as_ref());
        }
        drafts.push(Draft {
            is_wordless: false,
            picture: pictured::first_of(element, base),
            feed_id: None,
            title,
            summary: paragraphs.join("\n\n"),
            link: if rules.selectors().link.is_some() {
                linked.and_then(|href| clean_link(base, href))
            } else {
                own_link()
                    .or(linked)
                    .and_then(|href| clean_link(base, href))
            },
            heading: {
                let own = section
                    .as_ref()
                    .and_then(|section| element.select(section).next());
                // It may stand over several items.
                let before = headings.partition_point(|heading| heading.id() < element.id());
                let above = headings[..before].last();
                let above = above.filter(|_| are_sections).filter(is_section);
                own.or(above.copied()).and_then(|heading| {
                    let title = titles.entry(heading.id());
                    title.or_insert_with(|| title_of(heading)).clone()
                })
            },
            published,
            line: 1,
            categories: Vec::new(),
            archived: None,
        });
    }
    if drafts.is_empty() {
        return Err(Unreadable {
            line: 0,
            reason: Reason::Selector(format!(
                "the selector item = {item:?} finds no item in the page"
            )),
        });
    }
    let container = container(html, rules);
    Ok(Page {
        published: date_of(html, container, &pieces(container), document).map(Published::Date),
        drafts,
        ..Page::default()
    })
}

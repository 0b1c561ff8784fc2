//! Which rows of a page's tables are entries: those of a table that lists things, a line each. Most tables of newsletters
//! only set their pages out.

use std::collections::HashSet;

use ego_tree::NodeId;
use ego_tree::iter::Edge;
use scraper::ElementRef;
use scraper::node::{Element, Node};

use crate::html::boilerplate::names_the_story;
use crate::html::outline::is_worded;
use crate::html::tags::BLOCKS;
use crate::limits::steps;

/// A table lists things from so many rows on.
const FEWEST: usize = 2;

/// The longest text of a link that is looked at, in bytes: what is longer is a headline.
const LONGEST: usize = 160;

#[derive(Default)]
struct Table {
    /// Whether a cell of it holds more than a line.
    is_frame: bool,
    /// The rows of more than one cell with text, and how many of them hold a link.
    rows: Vec<NodeId>,
    linked: usize,
    row: Row,
    cell: Option<Cell>,
}

#[derive(Default)]
struct Row {
    cells: usize,
    /// Cells that are headlines which lead somewhere.
    headlines: usize,
    is_linked: bool,
}

#[derive(Default)]
struct Cell {
    blocks: usize,
    /// Whether it has text, and whether some of it leads nowhere.
    has_text: bool,
    is_loose: bool,
    /// The text that leads somewhere, as far as it is looked at.
    linked: String,
    has_link: bool,
}

impl Table {
    fn begin(&mut self, element: &Element) {
        match (element.name(), &mut self.cell) {
            ("tr", _) => self.row = Row::default(),
            ("td" | "th", _) => self.cell = Some(Cell::default()),
            ("p" | "div", Some(cell)) => {
                cell.blocks += 1;
                self.is_frame |= cell.blocks > 1;
            }
            ("br", Some(cell)) => cell.blocks += usize::from(cell.has_text),
            (name, Some(_)) => self.is_frame |= BLOCKS.contains(&name),
            (_, None) => {}
        }
    }

    fn text(&mut self, text: &str, is_linked: bool) {
        let Some(cell) = &mut self.cell else { return };
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        // What stands behind a line's end is another line.
        self.is_frame |= cell.has_text && cell.blocks > 1;
        cell.has_text = true;
        if is_linked {
            cell.has_link = true;
            if cell.linked.len() < LONGEST {
                let end = text.floor_char_boundary(LONGEST);
                cell.linked.push_str(&text[..end]);
                cell.linked.push(' ');
            }
        } else {
            cell.is_loose |= text.contains(char::is_alphanumeric);
        }
    }

    fn end(&mut self, element: &Element, id: NodeId) {
        match element.name() {
            "td" | "th" => {
                let Some(cell) = self.cell.take() else { return };
                self.row.cells += usize::from(cell.has_text);
                self.row.is_linked |= cell.has_link;
                let linked = cell.linked.trim();
                let is_headline = !cell.is_loose && is_worded(linked) && !names_the_story(linked);
                self.row.headlines += usize::from(is_headline);
            }
            "tr" => {
                let row = std::mem::take(&mut self.row);
                // Headlines beside one another are as many items.
                self.is_frame |= row.headlines > 1;
                if row.cells > 1 {
                    self.rows.push(id);
                    self.linked += usize::from(row.is_linked);
                }
            }
            _ => {}
        }
    }

    /// Whether its rows are entries. Where few of them lead anywhere, it is a table of a text.
    fn lists(&self) -> bool {
        !self.is_frame && self.rows.len() >= FEWEST && 2 * self.linked >= self.rows.len()
    }
}

/// The rows within an element that are entries.
pub(crate) fn entries_of(container: ElementRef<'_>) -> HashSet<NodeId> {
    let mut entries = HashSet::new();
    let mut tables: Vec<Table> = Vec::new();
    let mut links = 0_u32;
    let mut nodes = 0;
    for edge in container.traverse() {
        nodes += 1;
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) if element.name() == "table" => {
                    if let Some(around) = tables.last_mut() {
                        around.is_frame = true;
                    }
                    tables.push(Table::default());
                }
                Node::Element(element) => {
                    links += u32::from(element.name() == "a" && element.attr("href").is_some());
                    if let Some(table) = tables.last_mut() {
                        table.begin(element);
                    }
                }
                Node::Text(text) => {
                    if let Some(table) = tables.last_mut() {
                        table.text(text, links > 0);
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                let Some(element) = node.value().as_element() else {
                    continue;
                };
                if element.name() == "table" {
                    let table = tables.pop().filter(Table::lists);
                    entries.extend(table.into_iter().flat_map(|table| table.rows));
                    continue;
                }
                if element.name() == "a" && element.attr("href").is_some() {
                    links = links.saturating_sub(1);
                }
                if let Some(table) = tables.last_mut() {
                    table.end(element, node.id());
                }
            }
        }
    }
    steps::spend(nodes);
    entries
}

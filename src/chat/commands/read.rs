//! `/read <number> [page]`: one item whole, page by page where it is long.

use super::arguments::{echo, unquote};
use super::bounded::MOST_MESSAGES;
use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::editing;
use super::packed::unpack;
use super::spec::{Argument, ArgumentKind};
use super::summaries;
use tidings_core::ids::ItemId;
use tidings_core::item::story::Features;
use tidings_core::item::{Item, Standing};
use tidings_core::language::Value;
use tidings_core::post::{Block, Entry, Line, Post};
use tidings_core::text::{self, beginning};
use tidings_store::{StoreError, Tellers};

/// In front of several items, as [`pack`](super::packed::pack) writes them: a link asks for them.
pub(super) const SEVERAL: char = '_';

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "read",
    arguments: &[
        Argument {
            name: "number",
            kind: ArgumentKind::Number,
            required: true,
        },
        Argument {
            name: "page",
            kind: ArgumentKind::Number,
            required: false,
        },
    ],
    example: "1",
    run: Run::Asks(run),
    ..CommandSpec::QUESTION
};

fn run(request: &Request<'_>, words: &str) -> Result<Reply, CommandError> {
    if let Some(items) = words.strip_prefix(SEVERAL).and_then(unpack) {
        return summaries::page(request, &items, 0);
    }
    // Full-width digits are what an East Asian keyboard writes.
    let words: &str = &text::compatible(unquote(words)).collect::<String>();
    if words.is_empty() {
        return Err(request.mistake("read-what", &[]));
    }
    // “/read_416_2” comes as “416-2”.
    let (number, page) = words.split_once([' ', '-']).unwrap_or((words, "1"));
    let (number, page) = (number.strip_prefix('#').unwrap_or(number), page.trim());
    let shown = echo(words);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(number) || !is_number(page) {
        return Err(request.mistake("read-not-a-number", &[("got", (&shown).into())]));
    }
    // A number too long for an item's is no item's.
    let id = ItemId::new(number.parse().unwrap_or(i64::MAX));
    let mut found = request.db.item(id)?;
    let is_seen = found.is_some();
    if found.is_none() && request.editor.is_some() {
        // What waits for editors is theirs to read.
        let known = request.db.editable(id)?;
        let held = known.filter(|known| known.standing == Standing::Held);
        found = held.map(|known| known.item);
    }
    let Some(item) = found else {
        let newest = request.db.greatest_item_id()?;
        let current = request.db.current(id)?;
        if request.editor.is_some() && current.as_ref().is_some_and(|item| item.is_withdrawn) {
            return editing::withdrawn(request, id);
        }
        let key = match newest {
            0 => "latest-empty",
            // What waits for its editors is nobody's yet.
            _ if current.is_some_and(|item| item.is_withdrawn) => "read-gone",
            _ => "read-no-item",
        };
        let number = echo(number);
        let values = [("number", Value::Text(&number)), ("newest", newest.into())];
        return Err(request.mistake(key, &values));
    };
    let zone = request.zone_here()?;
    let section = request
        .context
        .catalogue
        .by_slug(item.section.as_str())
        .map_or_else(
            || item.section.to_string(),
            |section| request.title(section),
        );
    let mut about = vec![Line::plain(format!("#{id}")), Line::plain(section)];
    about.extend(
        item.published
            .map(|p| Line::plain(request.say.published(p, &zone))),
    );
    let label = request.label(&item.source)?;
    let source = [("source", (&label).into())];
    about.push(request.say.line("read-source", &source));
    let beside = beside(request, &item)?;
    let whole = |paragraphs: &[&str], next: Option<(usize, usize)>| {
        let mut post = Post::default();
        post.push(Block::Title {
            text: item.title.clone(),
            note: None,
        });
        for paragraph in paragraphs {
            post.push(Block::Paragraph((*paragraph).to_owned()));
        }
        post.blocks.extend(item.link.clone().map(Block::Link));
        post.push(Block::Hints(about.clone()));
        post.blocks.extend(beside.iter().cloned());
        if !is_seen {
            post.push(Block::Line(request.say.line("read-waits", &[])));
        }
        // Nobody finds there what waits for editors.
        if let Some(pages) = request.context.pages.filter(|_| is_seen) {
            let url = pages.item(id);
            let line = request
                .say
                .line("read-there", &[("url", Value::Link(&url))]);
            post.push(Block::Line(line));
        }
        if let Some((page, pages)) = next {
            let values = [
                ("number", Value::Number(id.get())),
                ("page", page.into()),
                ("pages", pages.into()),
                ("next", (page + 1).into()),
            ];
            post.push(Block::Line(request.say.line("read-next", &values)));
        }
        post
    };
    let paragraphs: Vec<&str> = item
        .summary
        .split("\n\n")
        .filter(|p| !p.is_empty())
        .collect();
    let pieces: Vec<&str> = paragraphs.iter().flat_map(|text| pieces(text)).collect();
    let fits = |post: &Post| request.messages(post) <= MOST_MESSAGES;
    let pages = if fits(&whole(&paragraphs, None)) {
        vec![paragraphs]
    } else {
        pages(&pieces, &|pieces| {
            fits(&whole(pieces, Some((MOST_PAGES, MOST_PAGES))))
        })
    };
    let page: usize = page.parse().unwrap_or(usize::MAX);
    let Some(shown) = page.checked_sub(1).and_then(|at| pages.get(at)) else {
        let values = [
            ("number", Value::Number(id.get())),
            ("pages", pages.len().into()),
        ];
        return Err(request.mistake("read-no-page", &values));
    };
    let next = (page < pages.len()).then_some((page, pages.len()));
    let deeds = match request.editor {
        Some(_) => editing::deeds(request, &item, is_seen)?,
        None => Vec::new(),
    };
    Ok(Reply {
        deeds,
        ..Reply::from(whole(shown, next))
    })
}

/// What else is known of an item's event: who tells it too, and what came before.
fn beside(request: &Request<'_>, item: &Item) -> Result<Vec<Block>, CommandError> {
    let Tellers { items, reports } = request.db.tellers(item.id)?;
    let mut blocks = Vec::new();
    let line = |key: &str, count: usize| {
        let values = [("count", count.into())];
        Block::Line(request.say.line(key, &values))
    };
    if !reports.is_empty() {
        blocks.push(line("read-reports", reports.len()));
        for report in reports.iter().take(MOST_BESIDE) {
            let label = request.label(&report.source)?;
            blocks.push(Block::Line(Line::plain(label)));
            blocks.extend(report.link.clone().map(Block::Link));
        }
    }
    if !items.is_empty() {
        blocks.push(line("read-story", items.len()));
        for (id, title, source) in items.iter().take(MOST_BESIDE) {
            let title = format!("{title} ({})", request.label(source)?);
            blocks.push(headline(*id, title));
        }
    }
    let moment = -item.place.rank;
    let features = Features::of(&item.title, "", &item.source, moment);
    let names: Vec<&str> = features.names().collect();
    let before = request.db.before(item, &names, MOST_BEFORE)?;
    if !before.is_empty() {
        blocks.push(line("read-before", before.len()));
        blocks.extend(before.into_iter().map(|item| headline(item.id, item.title)));
    }
    Ok(blocks)
}

fn headline(id: ItemId, title: String) -> Block {
    Block::Entry(Entry {
        id: id.get(),
        date: None,
        title,
        link: None,
        picture: None,
        summary: None,
        cut: false,
        section: None,
        also: None,
        remark: None,
        withdrawn: false,
    })
}

/// Those that tell the same, and earlier items, that are named under one (design.md, “Stories”).
const MOST_BESIDE: usize = 10;
const MOST_BEFORE: usize = 5;

impl Request<'_> {
    /// What readers call a source: an operator's name for it says little to them.
    pub(super) fn label(&self, source: &str) -> Result<String, StoreError> {
        let configured = self.sources.iter().find(|known| known.name == source);
        let label = match configured.and_then(|source| source.label.clone()) {
            Some(label) => Some(label),
            None => self.db.source_title(source)?,
        };
        Ok(label.unwrap_or_else(|| source.to_owned()))
    }
}

/// What a page's number is taken for when it is found out how much fits above it: none is longer.
const MOST_PAGES: usize = 9_999;

/// Where a paragraph may go on on the next page: a few lines, so that pages are well filled.
const PIECE: usize = 600;

/// A paragraph in pieces of whole sentences.
fn pieces(paragraph: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = paragraph.trim();
    while !rest.is_empty() {
        let piece = beginning(rest, PIECE);
        pieces.push(piece);
        rest = rest[piece.len()..].trim_start();
    }
    pieces
}

/// Pieces page by page; each holds as many as fit, and one at least.
fn pages<'p>(pieces: &[&'p str], fits: &dyn Fn(&[&str]) -> bool) -> Vec<Vec<&'p str>> {
    let mut pages = Vec::new();
    let mut rest = pieces;
    while !rest.is_empty() {
        // Doubled until it is too much, and then halved: a page is never far longer than what fits.
        let (mut least, mut beyond) = (1, 2);
        while beyond <= rest.len() && fits(&rest[..beyond]) {
            least = beyond;
            beyond *= 2;
        }
        beyond = beyond.min(rest.len() + 1);
        while beyond - least > 1 {
            let middle = least + (beyond - least) / 2;
            if fits(&rest[..middle]) {
                least = middle;
            } else {
                beyond = middle;
            }
        }
        pages.push(rest[..least].to_vec());
        rest = &rest[least..];
    }
    pages
}

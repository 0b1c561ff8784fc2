//! Posts as messages of Telegram's HTML, none longer than Telegram takes.

use super::html::{Html, cut, cut_after, inert, unlinked};
use super::pieces::{
    LONGEST_LINK, MOST_UNITS, bold, linked, of_entry, of_line, quoted, texts, whole_or_cut,
};
use tidings_core::post::{Block, Line, Post};

/// The most entities of a message; what is beyond loses its formatting without a word
/// (<https://core.telegram.org/api/config>, `message_entities` of the server's limits: 100).
const MOST_ENTITIES: usize = 100;

/// The most bytes of a message's entities: with about 9,500 it is refused as `ENTITIES_TOO_LONG`
/// (<https://github.com/tdlib/telegram-bot-api/issues/165>). Room is left for those that Telegram finds by itself.
const MOST_WEIGHT: usize = 8_300;

/// A message of a post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) html: String,
    /// What a preview of it is of: where the first of its headlines leads that leads somewhere or has a picture, else that
    /// picture.
    pub(super) preview: Option<String>,
    /// The items that it shows.
    pub(super) items: Vec<i64>,
}

/// What is kept together if it fits into a message.
struct Unit {
    pieces: Vec<Html>,
    /// What a preview of it would be of.
    preview: Option<String>,
    /// A headline's summary, which stands under the pieces and is cut wherever a message ends.
    summary: Option<String>,
    /// Between it and what stands before it.
    gap: &'static str,
    role: Role,
    /// Whose headline it is.
    item: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Stands over what follows, so it never ends a message.
    Heading,
    /// Like that, and said again where its headlines go on in the next message.
    Section,
    /// A headline of the section.
    Entry,
    Other,
}

/// The messages of a post, in their order.
pub(super) fn messages(post: &Post) -> Vec<Message> {
    // What can be corrected needs room for longer titles and for saying so.
    let is_roundup = |block: &Block| matches!(block, Block::Offers(_));
    let is_mark = |block: &Block| matches!(block, Block::Mark(_));
    let mut layout = Layout {
        reserve: match post.blocks.iter().any(is_roundup) {
            true if post.blocks.iter().any(is_mark) => CORRECTED,
            true => CORRECTION,
            false => 0,
        },
        ..Layout::default()
    };
    let mut before: Option<&Block> = None;
    // Of an item by itself the title is the link, where it can be one: an address is long on a phone.
    let link = post.blocks.iter().find_map(|block| match block {
        Block::Link(link) if link.len() <= LONGEST_LINK => Some(link.as_str()),
        _ => None,
    });
    let mut titled = false;
    for block in &post.blocks {
        match (block, link) {
            (Block::Title { text, note: None }, Some(link)) if before.is_none() => {
                titled = true;
                layout.place(Unit {
                    pieces: linked(text, link),
                    preview: None,
                    summary: None,
                    gap: "",
                    role: Role::Heading,
                    item: None,
                });
                before = Some(block);
                continue;
            }
            (Block::Link(_), Some(_)) if titled => continue,
            _ => {}
        }
        if matches!(block, Block::Mark(_)) {
            layout.reserve = 0;
        }
        for unit in units(block, before) {
            layout.place(unit);
        }
        before = Some(block);
    }
    layout.finish()
}

/// A block as what is kept together. Its pieces fit into a message each.
fn units(block: &Block, before: Option<&Block>) -> Vec<Unit> {
    let gap = gap(block, before);
    let unit = |pieces: Vec<Html>, role| {
        vec![Unit {
            pieces,
            preview: None,
            summary: None,
            gap,
            role,
            item: None,
        }]
    };
    match block {
        Block::Title { text, note } => {
            let mut pieces = bold(&unlinked(text));
            if let (Some(note), Some(last)) = (note, pieces.last_mut()) {
                last.push_text(&format!(" · {note}"));
            }
            unit(pieces, Role::Heading)
        }
        Block::Section { title, .. } => unit(bold(&unlinked(title)), Role::Section),
        Block::Line(line) => unit(whole_or_cut(of_line(line), &line.to_text()), Role::Other),
        Block::Paragraph(text) => unit(texts(&inert(text)), Role::Other),
        Block::Link(link) => unit(texts(link), Role::Other),
        Block::Entry(entry) => vec![Unit {
            pieces: of_entry(entry),
            preview: [&entry.link, &entry.picture]
                .into_iter()
                .flatten()
                .find(|address| address.len() <= LONGEST_LINK)
                .cloned(),
            summary: entry.summary.as_deref().map(inert),
            gap,
            role: Role::Entry,
            item: Some(entry.id),
        }],
        Block::Row {
            name,
            text,
            details,
        } => {
            let mut row = Html::text(name).within("b");
            row.push_text(&format!(" — {}", unlinked(text)));
            if !details.is_empty() {
                row.push_text(&format!(" · {}", unlinked(&details.join(" · "))));
            }
            let plain = format!("{name} — {text} · {}", details.join(" · "));
            unit(whole_or_cut(row, &plain), Role::Other)
        }
        Block::Offers(_) | Block::Name(_) => Vec::new(),
        Block::Mark(line) => {
            let marked = of_line(line).within("i");
            unit(whole_or_cut(marked, &line.to_text()), Role::Other)
        }
        Block::Hints(hints) => {
            let mut joined = Html::default();
            for (at, hint) in hints.iter().enumerate() {
                if at > 0 {
                    joined.push_text(" · ");
                }
                joined.push(&of_line(hint));
            }
            let hints: Vec<String> = hints.iter().map(Line::to_text).collect();
            unit(whole_or_cut(joined, &hints.join(" · ")), Role::Other)
        }
    }
}

fn gap(block: &Block, before: Option<&Block>) -> &'static str {
    let Some(before) = before else { return "" };
    let same = std::mem::discriminant(block) == std::mem::discriminant(before);
    match (before, block) {
        (Block::Entry(_) | Block::Row { .. } | Block::Line(_), _) if same => "\n",
        (Block::Section { .. }, Block::Entry(_) | Block::Line(_)) => "\n",
        (Block::Entry(_), Block::Line(_)) => "\n",
        _ => "\n\n",
    }
}

/// Room that each message of a roundup has for what is corrected in it, in UTF-16 units: some words, and when that was.
const CORRECTION: usize = 160;

/// The same where it is corrected: when that was.
const CORRECTED: usize = 40;

/// Less room than this isn't worth beginning a summary in.
const LEAST_ROOM: usize = 300;

/// Messages as they fill up.
#[derive(Default)]
struct Layout {
    done: Vec<Message>,
    /// The items that the message which is being filled shows, and the one that is being placed.
    items: Vec<i64>,
    item: Option<i64>,
    /// Units that are left free in each message.
    reserve: usize,
    /// The message that is being filled.
    open: Html,
    /// What a preview of that one is of.
    preview: Option<String>,
    /// Where in it the headings begin that nothing stands under yet.
    headings: Option<Html>,
    /// The section whose headlines are being placed.
    section: Option<Html>,
}

impl Layout {
    fn place(&mut self, unit: Unit) {
        self.item = unit.item;
        let summary = unit.summary.as_deref().map(quoted);
        let whole = join(unit.pieces.iter().chain(&summary));
        match unit.role {
            Role::Section => self.section = Some(whole.clone()),
            Role::Entry => {}
            Role::Heading | Role::Other => self.section = None,
        }
        if self.fits(unit.gap, &whole) {
            self.append(unit.gap, &whole, unit.role);
            self.show(&unit);
            return;
        }
        let only_headings = self.headings.as_ref().is_some_and(|h| h.text.is_empty());
        if !only_headings && self.fits_alone(&whole) {
            self.next_message(unit.role);
            let gap = if self.open.text.is_empty() { "" } else { "\n" };
            if self.fits(gap, &whole) {
                self.append(gap, &whole, unit.role);
                self.show(&unit);
                return;
            }
            // Together with its heading it doesn't fit after all.
        }
        self.place_long(&unit);
    }

    /// Places what is longer than a message.
    fn place_long(&mut self, unit: &Unit) {
        let only_headings = |layout: &Layout| {
            let headings = layout.headings.as_ref();
            layout.open.text.is_empty() || headings.is_some_and(|h| h.text.is_empty())
        };
        let mut gap = unit.gap;
        if let Some(summary) = &unit.summary
            && !only_headings(self)
        {
            // A headline isn't left alone at the end of a message.
            let head = join(unit.pieces.iter());
            let room = self.room().saturating_sub(gap.len() + head.units);
            let begins = self.fits(gap, &head)
                && room >= LEAST_ROOM
                && cut_after(summary, room, self.most())
                    .first()
                    .is_some_and(|piece| !piece.is_empty());
            if !begins {
                self.next_message(unit.role);
                gap = "\n";
            }
        }
        let is_fresh = only_headings(self) || unit.role == Role::Entry && self.is_only_section();
        for (at, piece) in unit.pieces.iter().enumerate() {
            if !self.fits(gap, piece) {
                self.next_message(unit.role);
            }
            if !self.fits(gap, piece) {
                self.flush();
            }
            self.append(gap, piece, unit.role);
            gap = "\n";
            if at == 0 {
                self.show(unit);
            }
        }
        let Some(summary) = &unit.summary else { return };
        let room = self.room();
        let pieces = if room < LEAST_ROOM || self.open.entities >= MOST_ENTITIES {
            self.flush();
            cut(summary, self.most())
        } else if is_fresh {
            // What doesn't fit under its own headline won't fit under it anywhere.
            cut(summary, room)
        } else {
            cut_after(summary, room, self.most())
        };
        for (at, piece) in pieces.iter().enumerate() {
            if at > 0 {
                self.flush();
            }
            if !piece.is_empty() {
                self.append("\n", &quoted(piece), unit.role);
            }
        }
    }

    fn fits(&self, gap: &str, piece: &Html) -> bool {
        fits(&self.open, gap, piece, self.reserve)
    }

    fn fits_alone(&self, piece: &Html) -> bool {
        fits(&Html::default(), "", piece, self.reserve)
    }

    /// The longest message, in UTF-16 units.
    fn most(&self) -> usize {
        MOST_UNITS - self.reserve
    }

    /// What is left of the message for a summary under what stands in it.
    fn room(&self) -> usize {
        self.most().saturating_sub(self.open.units + 1)
    }

    /// The open message holds a headline: the first that has something to show is what its preview is of.
    fn show(&mut self, unit: &Unit) {
        if self.preview.is_none() {
            self.preview.clone_from(&unit.preview);
        }
    }

    /// Whether the open message holds nothing but the name of the section that goes on in it.
    fn is_only_section(&self) -> bool {
        let section = self.section.as_ref();
        section.is_some_and(|section| section.text == self.open.text)
    }

    fn append(&mut self, gap: &str, piece: &Html, role: Role) {
        let is_heading = matches!(role, Role::Heading | Role::Section);
        if is_heading && self.headings.is_none() {
            self.headings = Some(self.open.clone());
        } else if !is_heading {
            self.headings = None;
        }
        if !self.open.text.is_empty() {
            self.open.push_text(gap);
        }
        self.open.push(piece);
        if let Some(item) = self.item.filter(|item| self.items.last() != Some(item)) {
            self.items.push(item);
        }
    }

    /// Ends the message before the headings that nothing stands under yet; they go along to the next one. A
    /// section that goes on there is named again.
    fn next_message(&mut self, role: Role) {
        let headings = self.headings.take();
        match headings {
            Some(before) if !before.text.is_empty() => {
                let tail = Html {
                    text: self.open.text[before.text.len()..].trim_start().to_owned(),
                    units: self.open.units - before.units,
                    entities: self.open.entities - before.entities,
                    weight: self.open.weight - before.weight,
                };
                self.open = before;
                self.flush();
                self.open = tail;
                self.headings = Some(Html::default());
            }
            Some(_) => self.flush(),
            None => {
                self.flush();
                if let (Role::Entry, Some(section)) = (role, &self.section) {
                    self.open = section.clone();
                }
            }
        }
    }

    fn flush(&mut self) {
        if !self.open.text.is_empty() {
            self.done.push(Message {
                html: std::mem::take(&mut self.open).text,
                preview: self.preview.take(),
                items: std::mem::take(&mut self.items),
            });
        }
        self.headings = None;
    }

    fn finish(mut self) -> Vec<Message> {
        self.flush();
        self.done
    }
}

fn join<'h>(pieces: impl Iterator<Item = &'h Html>) -> Html {
    let mut whole = Html::default();
    for piece in pieces {
        if !whole.text.is_empty() {
            whole.push_text("\n");
        }
        whole.push(piece);
    }
    whole
}

fn fits(open: &Html, gap: &str, piece: &Html, reserve: usize) -> bool {
    let gap = if open.text.is_empty() { 0 } else { gap.len() };
    open.units + gap + piece.units + reserve <= MOST_UNITS
        && open.entities + piece.entities + usize::from(reserve > 0) <= MOST_ENTITIES
        && open.weight + piece.weight <= MOST_WEIGHT
}

//! Long, for each kind of mark is a few lines here.
//!
//! The pieces of a Markdown text, in one pass over what its parser finds.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};
use regex::Regex;
use scraper::Html;

use crate::feed::wordless;
use crate::html::outline::{Open, Piece, PieceKind, UNDEFINED};
use crate::html::{html_walk, markup};
use crate::limits::bounds;
use crate::pictures;
use crate::text::entries::{Marks, entries};
use crate::text::numbering;
use crate::text::underlines::{may_be_underlined, underlines};
use tidings_core::text;

/// Pictures of a text that are looked at.
const MOST_PICTURES: usize = 2_000;

/// A picture that stands in a text.
#[derive(Debug)]
pub(crate) struct Pictured {
    /// The line that it stands in.
    pub(crate) line: u32,
    /// Its address as it is written.
    pub(crate) written: String,
}

/// The piece at hand, with what it is and where it begins in the text.
struct Begun {
    kind: PieceKind,
    at: usize,
    open: Open,
}

#[derive(Default)]
struct Marked {
    pieces: Vec<Piece>,
    begun: Option<Begun>,
    /// For each list item that is open, whether a piece of it is there already.
    items: Vec<bool>,
    quotes: u32,
    stress: u32,
    pictures: u32,
    /// The pictures so far that may be an item's, as they are written, each with where it stands.
    found: Vec<(usize, String)>,
    /// What the pictures of the piece at hand show, and the address of the first, for entries and headings without words.
    shown: String,
    picture: Option<String>,
    address: Option<String>,
    /// A line's end behind which text may go on or begin anew.
    may_end: bool,
    /// Markup as it is gathered, and where it begins.
    html: Option<(usize, String)>,
    cells: Vec<Piece>,
    counted: Lines,
}

/// Lines are counted as they are passed, for whoever writes a document of a million pieces.
#[derive(Default)]
struct Lines {
    at: usize,
    line: usize,
}

impl Lines {
    fn line_at(&mut self, text: &str, at: usize) -> u32 {
        let at = at.max(self.at);
        self.line += text[self.at..at].matches('\n').count();
        self.at = at;
        u32::try_from(self.line).unwrap_or(u32::MAX)
    }
}

/// The pieces of a text, and the pictures among them; `before` is what stands in front of it in its document.
pub(crate) fn pieces(body: &str, before: &str) -> (Vec<Piece>, Vec<Pictured>) {
    let body = prepared(body);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let from_the_top = || Lines {
        at: 0,
        line: 1 + before.matches('\n').count(),
    };
    let mut marked = Marked {
        counted: from_the_top(),
        ..Marked::default()
    };
    // What a template would have put in. Where nothing is defined, `[audio][video]` are two tags; `[1][2]` are two notes.
    let defines = body.contains("]: ");
    let undefined = |link: BrokenLink<'_>| {
        let is_reference = match link.link_type {
            LinkType::Collapsed => true,
            LinkType::Reference => defines,
            _ => false,
        };
        (is_reference && link.reference.contains(char::is_alphabetic))
            .then(|| (UNDEFINED.into(), "".into()))
    };
    let parser = Parser::new_with_broken_link_callback(&body, options, Some(undefined));
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(tag) => marked.start(&body, tag, range.start),
            Event::End(tag) => marked.leave(&body, tag, range.start),
            // What a picture shows is for whoever can't see it.
            Event::Text(text) | Event::Code(text) if marked.pictures > 0 => {
                marked.shown.push_str(&text);
            }
            Event::Text(text) | Event::Code(text) => match &mut marked.html {
                Some((_, html)) => html.push_str(&text),
                None => marked.text(&body, &text, range.start),
            },
            Event::Html(html) => {
                if let Some((_, gathered)) = &mut marked.html {
                    gathered.push_str(&html);
                }
            }
            Event::InlineHtml(html) => marked.inline(&html, range.start),
            Event::SoftBreak | Event::HardBreak => marked.line_end(),
            Event::Rule => {
                marked.end(&body);
                let line = marked.counted.line_at(&body, range.start);
                marked.pieces.push(Piece {
                    blanks: blanks(&body, range.start),
                    ..Piece::rule(line)
                });
            }
            _ => {}
        }
    }
    marked.end(&body);
    let mut counted = from_the_top();
    let pictures = marked.found.into_iter().map(|(at, written)| Pictured {
        line: counted.line_at(&body, at),
        written,
    });
    (marked.pieces, pictures.collect())
}

impl Marked {
    fn begin(&mut self, kind: PieceKind, at: usize) {
        self.begun = Some(Begun {
            kind,
            at,
            open: Open::default(),
        });
    }

    fn depth(&self) -> u32 {
        u32::try_from(self.items.len()).unwrap_or(u32::MAX)
    }

    /// Ends the piece at hand, and gives it back if it has text.
    fn taken(&mut self, body: &str) -> Option<Piece> {
        let Begun { kind, at, mut open } = self.begun.take()?;
        self.may_end = false;
        self.name_picture(kind, &mut open);
        let depth = match kind {
            PieceKind::Item => self.depth(),
            _ => 0,
        };
        let line = self.counted.line_at(body, at);
        if self.items.last().is_some_and(|begun| *begun) {
            open.go_on();
        }
        let mut piece = open.piece(kind, depth, line)?;
        piece.is_quoted = self.quotes > 0;
        piece.blanks = blanks(body, at);
        if let (PieceKind::Item, Some(begun)) = (kind, self.items.last_mut()) {
            piece.goes_on = std::mem::replace(begun, true);
        }
        Some(piece)
    }

    /// Calls an entry or a heading that is nothing but a linked picture by what that shows, else by its file.
    fn name_picture(&mut self, kind: PieceKind, open: &mut Open) {
        let shown = std::mem::take(&mut self.shown);
        let Some(picture) = self.picture.take() else {
            return;
        };
        let Some(address) = open.only_address().filter(|_| kind != PieceKind::Paragraph) else {
            return;
        };
        let name = match shown.trim() {
            "" => wordless::file_name(&picture).unwrap_or_default(),
            shown => shown.to_owned(),
        };
        open.push(&name, false, Some(&address));
    }

    fn end(&mut self, body: &str) {
        let piece = self.taken(body);
        self.pieces.extend(piece);
    }

    fn start(&mut self, body: &str, tag: Tag<'_>, at: usize) {
        match tag {
            Tag::Heading { level, .. } => {
                self.end(body);
                self.begin(PieceKind::Heading(level as u8), at);
            }
            Tag::List(_) => self.end(body),
            Tag::Item => {
                self.end(body);
                self.items.push(false);
                self.begin(PieceKind::Item, at);
            }
            Tag::BlockQuote(_) => {
                self.end(body);
                self.quotes += 1;
            }
            Tag::Paragraph | Tag::CodeBlock(_) => {
                // The first paragraph of a list's item is the item.
                let is_first = self
                    .begun
                    .as_ref()
                    .is_some_and(|begun| begun.open.is_empty());
                if !is_first {
                    self.end(body);
                    let kind = match self.items.is_empty() {
                        true => PieceKind::Paragraph,
                        false => PieceKind::Item,
                    };
                    self.begin(kind, at);
                }
            }
            Tag::HtmlBlock => {
                self.end(body);
                self.html = Some((at, String::new()));
            }
            Tag::Table(_) => self.end(body),
            Tag::TableCell => self.begin(PieceKind::Paragraph, at),
            // What leads to somebody's mailbox is no story.
            Tag::Link {
                dest_url,
                link_type,
                ..
            } if link_type == LinkType::Email || dest_url.starts_with("mailto:") => {}
            Tag::Link { dest_url, .. } => {
                self.broken(body, at, "");
                if let Some(Begun { open, .. }) = &mut self.begun {
                    open.link(&dest_url);
                }
                self.address = Some(dest_url.into_string());
            }
            Tag::Image { dest_url, .. } => {
                self.pictures += 1;
                if *dest_url != *UNDEFINED {
                    let written = pictures::of_tag(|name| (name == "src").then_some(&*dest_url));
                    self.show(at, written.as_slice());
                }
                self.picture.get_or_insert(dest_url.into_string());
            }
            // What a note says is somebody else's word, and no item of its own.
            Tag::FootnoteDefinition(_) => {
                self.end(body);
                self.quotes += 1;
            }
            Tag::Strong => self.stress += 1,
            _ => {}
        }
    }

    fn leave(&mut self, body: &str, tag: TagEnd, at: usize) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock => self.end(body),
            TagEnd::Item => {
                self.end(body);
                self.items.pop();
            }
            TagEnd::BlockQuote(_) => {
                self.end(body);
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::FootnoteDefinition => {
                self.end(body);
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::HtmlBlock => self.leave_html(body),
            TagEnd::TableCell => {
                let cell = self.taken(body);
                self.cells.extend(cell);
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                let cells = std::mem::take(&mut self.cells);
                let line = self.counted.line_at(body, at);
                let is_head = tag == TagEnd::TableHead;
                let row = Piece::row(cells, self.depth() + 1, is_head, line);
                self.pieces.extend(row);
            }
            TagEnd::Link => self.address = None,
            TagEnd::Image => self.pictures = self.pictures.saturating_sub(1),
            TagEnd::Strong => self.stress = self.stress.saturating_sub(1),
            _ => {}
        }
    }

    fn text(&mut self, body: &str, text: &str, at: usize) {
        self.broken(body, at, text);
        if self.begun.is_none() {
            self.begin(PieceKind::Paragraph, at);
        }
        if let Some(Begun { open, .. }) = &mut self.begun {
            open.push(text, self.stress > 0, self.address.as_deref());
        }
    }

    fn line_end(&mut self) {
        let Some(begun) = &mut self.begun else { return };
        // A headline on a line of its own stands for itself.
        let is_headline = self.address.is_none()
            && self.stress == 0
            && begun.kind == PieceKind::Paragraph
            && begun.open.is_set();
        if is_headline {
            self.may_end = true;
        } else {
            begun.open.space();
        }
    }

    /// Decides what a line's end behind a headline was, now that it is known what follows.
    fn broken(&mut self, body: &str, at: usize, text: &str) {
        if !std::mem::take(&mut self.may_end) {
            return;
        }
        let goes_on = text
            .trim_start()
            .starts_with(|c: char| c.is_lowercase() || ",;.)".contains(c));
        match &mut self.begun {
            Some(Begun { open, .. }) if goes_on => open.space(),
            _ => {
                self.end(body);
                self.begin(PieceKind::Paragraph, at);
            }
        }
    }

    /// Pictures stand at a place.
    fn show(&mut self, at: usize, written: &[&str]) {
        let room = MOST_PICTURES - self.found.len();
        let shown = written.iter().take(room);
        let shown = shown.map(|written| (at, (*written).to_owned()));
        self.found.extend(shown);
    }

    /// A tag within a line.
    fn inline(&mut self, html: &str, at: usize) {
        if self.pictures > 0 {
            return;
        }
        let name = html
            .trim_start_matches(['<', '/'])
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let ends = html.starts_with("</");
        match name.as_str() {
            "a" if ends => self.address = None,
            "a" => {
                self.address = href(html);
                if let (Some(address), Some(begun)) = (&self.address, &mut self.begun) {
                    begun.open.link(address);
                }
            }
            "b" | "strong" if ends => self.stress = self.stress.saturating_sub(1),
            "b" | "strong" => self.stress += 1,
            "br" => self.line_end(),
            "img" => {
                let written: Vec<&str> = pictures::written_within(html).collect();
                self.show(at, &written);
            }
            _ => {}
        }
    }

    /// Markup that stands on lines of its own is read as a web page's.
    fn leave_html(&mut self, body: &str) {
        let Some((at, html)) = self.html.take() else {
            return;
        };
        let written: Vec<&str> = pictures::written_within(&html).collect();
        self.show(at, &written);
        let line = self.counted.line_at(body, at);
        let plain = markup::line(&html);
        if plain.is_empty() {
            if html.contains("<hr") {
                self.pieces.push(Piece::rule(line));
            }
            return;
        }
        let depth = self.depth();
        if bounds::check_html(&html).is_err() {
            let mut open = Open::default();
            open.push(&plain, false, None);
            self.pieces
                .extend(open.piece(PieceKind::Paragraph, 0, line));
            return;
        }
        let fragment = Html::parse_fragment(&html);
        for piece in html_walk::pieces(fragment.root_element()) {
            self.pieces.push(Piece {
                depth: match piece.kind {
                    PieceKind::Item => piece.depth + depth,
                    _ => piece.depth,
                },
                is_quoted: piece.is_quoted || self.quotes > 0,
                card: 0,
                line,
                ..piece
            });
        }
    }
}

/// How many empty lines stand in front of a place.
fn blanks(text: &str, at: usize) -> u32 {
    let white = text[..at].bytes().rev();
    let white = white.take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'>'));
    let ends = white.filter(|byte| *byte == b'\n').count();
    u32::try_from(ends.saturating_sub(1)).unwrap_or(u32::MAX)
}

/// The address in the tag of a link.
fn href(tag: &str) -> Option<String> {
    static HREF: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        Regex::new(r#"(?is)\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))"#).unwrap()
    });
    let found = HREF.captures(tag)?;
    let value = found.iter().skip(1).flatten().next()?;
    Some(markup::line(value.as_str()))
}

/// The text as its parser wants it, line by line as it was: a line that is underlined becomes a heading whatever the
/// marks, and what templates put into a text goes.
fn prepared(body: &str) -> Cow<'_, str> {
    static TEMPLATE: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        Regex::new(r"\{%[^%\n]{0,400}%\}|(?m:^\{:[^}\n]{0,200}\}[ \t]*$)").unwrap()
    });
    let body = match body.contains("{%") || body.contains("{:") {
        true => TEMPLATE.replace_all(body, ""),
        false => Cow::Borrowed(body),
    };
    let body = match listed(&body) {
        Some(listed) => Cow::Owned(listed),
        None => body,
    };
    let lines: Vec<&str> = body.split('\n').collect();
    let marks: Vec<Option<char>> = lines.iter().map(|line| underlines(line)).collect();
    let mut fence: Option<&str> = None;
    let mut order: Vec<char> = Vec::new();
    let mut found: Vec<(usize, char)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let inner = line.trim_start();
        if let Some(mark) = fence {
            fence = fence.filter(|_| !inner.starts_with(mark));
            continue;
        }
        let before = at.checked_sub(1).map(|at| lines[at]);
        if let Some(mark) = marks[at]
            && before.is_some_and(may_be_underlined)
        {
            if !order.contains(&mark) {
                order.push(mark);
            }
            found.push((at, mark));
        } else if inner.starts_with("```") {
            fence = Some("```");
        } else if inner.starts_with("~~~") && marks[at].is_none_or(|_| closes(&lines[at + 1..])) {
            fence = Some("~~~");
        }
    }
    if found.is_empty() {
        drop(lines);
        return body;
    }
    // Without marks of other kinds, their order is Markdown's.
    if order.iter().all(|mark| "=-".contains(*mark)) {
        order = vec!['=', '-'];
    }
    let mut out: Vec<Cow<'_, str>> = lines.iter().copied().map(Cow::Borrowed).collect();
    for (at, mark) in found {
        let line = lines[at - 1].trim();
        let is_first = at < 2 || lines[at - 2].trim().is_empty();
        let is_text = text::ends_sentence(line) && (!is_first || is_long(line));
        if mark != '=' && is_text {
            // It parts a paragraph from the next.
            out[at] = Cow::Borrowed("***");
            continue;
        }
        let level = 1 + order.iter().position(|known| *known == mark).unwrap_or(0);
        out[at - 1] = Cow::Owned(format!("{} {line}", "#".repeat(level)));
        out[at] = Cow::Borrowed("");
    }
    Cow::Owned(out.join("\n"))
}

/// A text whose lists have bullets or numbers that Markdown doesn't know (`・`, `•`, `1、`), with those that it knows, line
/// by line as it was.
fn listed(body: &str) -> Option<String> {
    const BULLETS: [char; 6] = ['・', '•', '‣', '◦', '⁃', '･'];
    let bullet = |line: &str| {
        let rest = line.strip_prefix(BULLETS)?.trim_start();
        rest.contains(char::is_alphanumeric)
            .then_some(("- ", rest.len()))
    };
    let number = |line: &str| {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let rest = line[digits..]
            .strip_prefix('、')
            .filter(|_| (1..=3).contains(&digits))?;
        Some(("1. ", rest.trim_start().len()))
    };
    let lines: Vec<&str> = body.split('\n').collect();
    let rows = rows(&lines);
    if rows.is_empty() && !body.contains(BULLETS) && !body.contains('、') {
        return None;
    }
    // Numbers that stand apart begin paragraphs; right below one another they would be one.
    let is_number = |at: Option<usize>| {
        let line = at.and_then(|at| lines.get(at));
        line.is_some_and(|line| number(line.trim_start()).is_some())
    };
    let mut has_one = false;
    let out: Vec<Cow<'_, str>> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let inner = line.trim_start();
            if let Some(text) = rows.get(&at) {
                has_one = true;
                return Cow::Owned(match text {
                    Some(text) => format!("- {}", &line[*text..]),
                    None => format!("  {inner}"),
                });
            }
            let in_row = || is_number(at.checked_sub(1)) || is_number(Some(at + 1));
            let mark = bullet(inner).or_else(|| number(inner).filter(|_| in_row()));
            let Some((mark, rest)) = mark else {
                return Cow::Borrowed(*line);
            };
            has_one = true;
            let indent = &line[..line.len() - inner.len()];
            Cow::Owned(format!("{indent}{mark}{}", &inner[inner.len() - rest..]))
        })
        .collect();
    has_one.then(|| out.join("\n"))
}

/// The lines of lists that no mark of Markdown begins, each with where its text does; none for those that go on.
fn rows(lines: &[&str]) -> HashMap<usize, Option<usize>> {
    let mut rows = HashMap::new();
    let mut from = 0;
    let mut fence = false;
    for to in 0..=lines.len() {
        let line = lines.get(to).map(|line| line.trim());
        fence ^= line.is_some_and(|line| line.starts_with("```"));
        let is_end = line.is_none_or(|line| line.is_empty() || line.starts_with('#'));
        if !is_end {
            continue;
        }
        let block = &lines[from..to];
        // Code is set in by four columns.
        let is_text = !fence && block.first().is_some_and(|line| !line.starts_with("    "));
        if is_text && let Some(found) = entries(block, Marks::Others) {
            let first = found.starts.first().map_or(0, |(at, _)| *at);
            rows.extend((first..block.len()).map(|at| (from + at, None)));
            rows.extend(
                found
                    .starts
                    .iter()
                    .map(|(at, text)| (from + at, Some(*text))),
            );
        }
        from = to + 1;
    }
    rows
}

/// Whether a text is more than a heading would say.
fn is_long(line: &str) -> bool {
    line.chars().nth(numbering::LONGEST_HEADING).is_some()
}

/// Whether a fence of tildes is closed further down.
fn closes(lines: &[&str]) -> bool {
    lines
        .iter()
        .take(200)
        .any(|line| line.trim_start().starts_with("~~~"))
}

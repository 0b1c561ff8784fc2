//! Posts as lines of a terminal, or of a pipe. Into a pipe nothing is wrapped or coloured.

use console::Style;
use textwrap::core::Word;
use textwrap::{Options, WordSeparator, WordSplitter};
use unicode_width::UnicodeWidthStr;

use tidings_core::post::{Block, Entry, Line, Post, Span};

/// Where a post is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Columns; `None` where nothing is to be wrapped.
    pub width: Option<usize>,
    /// Whether text may be stressed and dimmed.
    pub colour: bool,
}

/// Narrower than this, columns aren't worth having.
const NARROW: usize = 48;

/// The words that a line may be broken between: at spaces, and where scripts without spaces allow it. Never behind the
/// slash of a command, within a slug or an address, or within a Korean word.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let without_spaces = |c: Option<char>| {
        c.is_some_and(|c| {
            matches!(c, '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}')
        })
    };
    let mut words: Vec<Word<'_>> = Vec::new();
    let (mut start, mut end) = (0, 0);
    for piece in WordSeparator::UnicodeBreakProperties.find_words(line) {
        let before = &line[start..end];
        let may_part = before.ends_with(char::is_whitespace)
            || without_spaces(before.chars().next_back())
            || without_spaces(piece.word.chars().next());
        if may_part && end > start {
            words.push(Word::from(before));
            start = end;
        }
        end += piece.word.len() + piece.whitespace.len();
    }
    if end > start {
        words.push(Word::from(&line[start..end]));
    }
    Box::new(words.into_iter())
}

impl Screen {
    /// The post as text that ends in a line end.
    pub fn show(self, post: &Post) -> String {
        let mut out = String::new();
        let mut blocks = post.blocks.as_slice();
        while let Some(first) = blocks.first() {
            let same = blocks
                .iter()
                .take_while(|block| std::mem::discriminant(*block) == std::mem::discriminant(first))
                .count();
            let (group, rest) = blocks.split_at(same);
            match first {
                Block::Entry(_) => self.entries(group, &mut out),
                Block::Row { .. } => self.rows(group, &mut out),
                _ => {
                    for block in group {
                        self.block(block, &mut out);
                    }
                }
            }
            blocks = rest;
        }
        out
    }

    fn block(self, block: &Block, out: &mut String) {
        match block {
            Block::Title { text, note } => self.title(text, note.as_deref(), out),
            Block::Section { title: name, .. } => {
                out.push_str(&self.bold(name));
                out.push('\n');
            }
            Block::Line(line) => self.wrap(&self.line(line), "", out),
            Block::Paragraph(text) => self.wrap(text, "  ", out),
            Block::Link(link) => {
                out.push_str("  ");
                out.push_str(link);
                out.push('\n');
            }
            Block::Hints(hints) => {
                let hints: Vec<String> = hints.iter().map(Line::to_text).collect();
                self.wrap_dim(&hints.join(" · "), out);
            }
            Block::Mark(line) => self.wrap_dim(&line.to_text(), out),
            Block::Entry(_) | Block::Row { .. } | Block::Offers(_) | Block::Name(_) => {}
        }
    }

    fn title(self, text: &str, note: Option<&str>, out: &mut String) {
        let Some(note) = note else {
            return self.wrap(&self.bold(text), "", out);
        };
        let taken = text.width() + note.width();
        match self.width {
            Some(width) if taken + 3 <= width => {
                let gap = " ".repeat(width - taken);
                out.push_str(&format!("{}{gap}{}\n", self.bold(text), self.dim(note)));
            }
            Some(_) => {
                self.wrap(&self.bold(text), "", out);
                self.wrap_dim(note, out);
            }
            None => out.push_str(&format!("{text}   {note}\n")),
        }
    }

    fn entries(self, group: &[Block], out: &mut String) {
        let entries: Vec<&Entry> = group
            .iter()
            .filter_map(|block| match block {
                Block::Entry(entry) => Some(entry),
                _ => None,
            })
            .collect();
        let widest = |width: fn(&Entry) -> usize| entries.iter().map(|e| width(e)).max();
        let number = widest(|e| e.id.to_string().len() + 1).unwrap_or(0);
        let date = widest(|e| e.date.as_deref().map_or(0, UnicodeWidthStr::width)).unwrap_or(0);
        for entry in entries {
            let id = format!("#{}", entry.id);
            let mut head = format!("  {id:<number$}  ");
            let has_columns = self.width.is_none_or(|width| width >= NARROW);
            if date > 0 && has_columns {
                let shown = entry.date.as_deref().unwrap_or("");
                head.push_str(shown);
                head.push_str(&" ".repeat(date - shown.width() + 3));
            }
            let indent = " ".repeat(head.width());
            let mut text = entry.title.clone();
            if let Some(also) = &entry.also {
                text.push_str(&format!(" · {also}"));
            }
            if let Some(date) = entry.date.as_ref().filter(|_| !has_columns) {
                text.push_str(&format!(" · {date}"));
            }
            if let Some(section) = &entry.section {
                text.push_str(&format!(" · {section}"));
            }
            if let Some(remark) = &entry.remark {
                text.push_str(&format!(" {remark}"));
            }
            out.push_str(&self.dim(&head));
            let wrapped = self.wrapped(&text, &indent);
            out.push_str(wrapped.trim_start());
            out.push('\n');
            for paragraph in entry.summary.iter().flat_map(|s| s.split("\n\n")) {
                self.wrap(paragraph, &indent, out);
            }
            if let Some(link) = &entry.link {
                out.push_str(&format!("{indent}{}\n", self.dim(link)));
            }
        }
    }

    fn rows(self, group: &[Block], out: &mut String) {
        let rows: Vec<(&String, &String, &Vec<String>)> = group
            .iter()
            .filter_map(|block| match block {
                Block::Row {
                    name,
                    text,
                    details,
                } => Some((name, text, details)),
                _ => None,
            })
            .collect();
        let names = rows.iter().map(|row| row.0.width()).max().unwrap_or(0);
        let has_details = rows.iter().any(|row| !row.2.is_empty());
        let texts = rows.iter().map(|row| row.1.width()).max().unwrap_or(0);
        let fits = self.width.is_none_or(|width| width >= NARROW);
        for (name, text, details) in rows {
            let pad = " ".repeat(names - name.width());
            let mut line = text.clone();
            if has_details && !details.is_empty() {
                let gap = if fits { texts - text.width() + 3 } else { 2 };
                line.push_str(&" ".repeat(gap));
                line.push_str(&details.join(" · "));
            }
            let head = format!("  {name}{pad}   ");
            let indent = if fits {
                " ".repeat(head.width())
            } else {
                "    ".to_owned()
            };
            if fits {
                out.push_str(&self.bold(&head));
                let wrapped = self.wrapped(&line, &indent);
                out.push_str(wrapped.trim_start());
                out.push('\n');
            } else {
                out.push_str(&self.bold(&format!("  {name}\n")));
                self.wrap(&line, &indent, out);
            }
        }
    }

    fn wrap(self, text: &str, indent: &str, out: &mut String) {
        out.push_str(&self.wrapped(text, indent));
        out.push('\n');
    }

    fn wrap_dim(self, text: &str, out: &mut String) {
        out.push_str(&self.dim(&self.wrapped(text, "")));
        out.push('\n');
    }

    fn wrapped(self, text: &str, indent: &str) -> String {
        let Some(width) = self.width else {
            return format!("{indent}{text}");
        };
        // An address that is cut in two can't be opened.
        let options = Options::new(width.max(indent.len() + 20))
            .initial_indent(indent)
            .subsequent_indent(indent)
            .word_separator(WordSeparator::Custom(words))
            .word_splitter(WordSplitter::NoHyphenation)
            .break_words(false);
        textwrap::fill(text, options)
    }

    fn line(self, line: &Line) -> String {
        line.0
            .iter()
            .map(|span| match span {
                Span::Text(_) | Span::Link(_) | Span::Moment { .. } | Span::Command { .. } => {
                    span.text().into_owned()
                }
                Span::Bold(text) => self.bold(text),
            })
            .collect()
    }

    fn bold(self, text: &str) -> String {
        self.styled(text, Style::new().bold())
    }

    fn dim(self, text: &str) -> String {
        self.styled(text, Style::new().dim())
    }

    fn styled(self, text: &str, style: Style) -> String {
        if self.colour && !text.is_empty() {
            style.force_styling(true).apply_to(text).to_string()
        } else {
            text.to_owned()
        }
    }
}

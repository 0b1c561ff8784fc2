//! Posts as Discord's messages: a roundup's sections are embeds, an answer is one embed or plain content.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_64;

use super::layout::Layout;
use super::limits::{DESCRIPTION, FOOTER, TITLE, fit, length};
use super::markdown::{address, escape, label};
use super::wire::{Embed, Footer, Message};
use crate::chat::commands::Invocation;
use tidings_core::ids::ItemId;
use tidings_core::post::{Block, Entry, Line, Post, Span};

/// Section colours: well apart from each other, and readable on Discord's light and dark ground.
const COLOURS: [u32; 12] = [
    0x2E_86_AB, 0xC7_3E_1D, 0x3A_9E_5C, 0xF1_8F_01, 0x7B_4B_94, 0x1B_99_8B, 0xD8_4A_7F, 0x5C_6B_C0,
    0x9C_89_2B, 0x00_8C_A8, 0xA8_50_3C, 0x6D_8B_3C,
];

/// How much of a summary stands in a roundup: its first sentence, if it is no longer.
const SUMMARY: usize = 300;

/// The longest headline that is shown whole. `/read` shows the rest.
const HEADLINE: usize = 400;

/// Room that each message of a roundup has for what is corrected in it: some words, and when that was.
const CORRECTION: usize = 160;

/// The same where it is corrected: when that was.
const CORRECTED: usize = 40;

/// How much of each message is left free.
pub(super) fn reserve(post: &Post) -> usize {
    let has = |is: fn(&Block) -> bool| post.blocks.iter().any(is);
    match has(|block| matches!(block, Block::Offers(_))) {
        true if has(|block| matches!(block, Block::Mark(_))) => CORRECTED,
        true => CORRECTION,
        false => 0,
    }
}

/// The longest address that a headline links to: a longer one isn't worth the room of the others.
const LINK: usize = 1_000;

/// A section's colour; always the same for a slug.
pub(super) fn colour(slug: &str) -> u32 {
    let at = usize::try_from(xxh3_64(slug.as_bytes()) % COLOURS.len() as u64).unwrap_or(0);
    COLOURS[at]
}

/// Whether a roundup is of one section.
pub(super) fn is_one_section(post: &Post) -> bool {
    let sections = post.blocks.iter();
    let sections = sections.filter(|block| matches!(block, Block::Section { .. }));
    sections.count() == 1
}

/// What stands under a roundup.
pub(super) fn foot(post: &Post) -> &[Line] {
    let last = post.blocks.iter().rev().find_map(|block| match block {
        Block::Hints(hints) => Some(hints.as_slice()),
        _ => None,
    });
    shown_of(last.unwrap_or_default(), is_one_section(post))
}

/// What of it is shown: the count of the only section stands under that already.
fn shown_of(foot: &[Line], is_one_section: bool) -> &[Line] {
    let said = usize::from(is_one_section && foot.len() <= 2);
    foot.get(said..).unwrap_or_default()
}

/// The line over a roundup.
pub(super) fn head(text: &str, note: Option<&str>) -> String {
    let mut line = format!("**{}**", escape(&fit(text, TITLE)));
    if let Some(note) = note {
        line.push_str(&format!(" · {}", escape(note)));
    }
    line
}

/// The number in `<@&197038439483310086>`, or the number alone.
pub(super) fn role_number(typed: &str) -> Option<String> {
    let inner = typed
        .strip_prefix("<@&")
        .and_then(|rest| rest.strip_suffix('>'))
        .unwrap_or(typed);
    let is_number =
        inner.len() >= 15 && inner.len() <= 20 && inner.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| inner.to_owned())
}

/// The numbers of our commands, by their names, as Discord gave them; none where a command isn't the same everywhere.
pub(super) type Commands = BTreeMap<String, String>;

/// What somebody types, so that a press begins to type it, where Discord knows such a command
/// (<https://docs.discord.com/developers/reference#message-formatting-formats>).
fn pressable(typed: &str, commands: &Commands) -> Option<String> {
    let command = typed.strip_prefix('/')?;
    let end = command.find(' ').unwrap_or(command.len());
    let (name, rest) = command.split_at(end);
    let number = commands.get(name)?;
    Some(format!("</{name}:{number}>{}", escape(rest)))
}

/// The messages of a post, in their order; none is longer than Discord takes.
pub(super) fn messages(post: &Post, commands: &Commands) -> Vec<Message> {
    laid_out(post, commands, is_one_section(post))
}

/// The messages of a post, which may be a part of a roundup of one section.
pub(super) fn laid_out(post: &Post, commands: &Commands, is_one_section: bool) -> Vec<Message> {
    let mut layout = Layout::default();
    // What can be corrected needs room for longer titles and for saying so.
    layout.reserve = reserve(post);
    let is_roundup = post
        .blocks
        .iter()
        .any(|b| matches!(b, Block::Section { .. }));
    let has_items = post.blocks.iter().any(|block| {
        matches!(
            block,
            Block::Entry(_) | Block::Paragraph(_) | Block::Link(_)
        )
    });
    // Offers aren't part of what is read.
    let last = post
        .blocks
        .iter()
        .rposition(|b| !matches!(b, Block::Offers(_) | Block::Mark(_)));
    for (at, block) in post.blocks.iter().enumerate() {
        let is_last = Some(at) == last;
        let before = at.checked_sub(1).and_then(|at| post.blocks.get(at));
        match block {
            Block::Title { text, note } if is_roundup || !has_items => {
                layout.head(&head(text, note.as_deref()));
            }
            Block::Title { text, note } => {
                layout.open(Embed {
                    title: escape_within(text, TITLE),
                    footer: note.as_deref().map(footer),
                    ..Embed::default()
                });
            }
            Block::Section { title, slug, note } => layout.open(Embed {
                title: escape_within(title, TITLE),
                color: Some(colour(slug)),
                footer: Some(footer(note)).filter(|footer| !footer.text.is_empty()),
                ..Embed::default()
            }),
            Block::Hints(hints) if is_roundup && is_last => {
                let hints = shown_of(hints, is_one_section);
                if !hints.is_empty() {
                    layout.foot(&joined(hints));
                }
            }
            Block::Entry(entry) => {
                layout.item(&of_entry(entry, Headline::InList), ItemId::new(entry.id))
            }
            Block::Offers(_) | Block::Name(_) => {}
            Block::Mark(line) => layout.mark(&line.to_text()),
            // Sentences of one answer stand together.
            Block::Line(line) if matches!(before, Some(Block::Line(_))) => {
                layout.row(&of_line(line));
            }
            Block::Line(line) => layout.text(&of_line(line)),
            Block::Paragraph(text) => layout.text(&escape(text)),
            Block::Link(link) => layout.text(&shown_address(link)),
            Block::Row {
                name,
                text,
                details,
            } => {
                let name = pressable(name, commands).unwrap_or_else(|| escape(name));
                let mut row = format!("**{name}** — {}", with_mentions(text));
                if !details.is_empty() {
                    row.push_str(&format!(" · {}", escape(&details.join(" · "))));
                }
                layout.row(&row);
            }
            Block::Hints(hints) => {
                let hints = hints.iter().map(|hint| {
                    let names_one = |typed: &str| !typed.contains(' ');
                    let typed = hint.to_text();
                    pressable(&typed, commands)
                        .filter(|_| names_one(&typed))
                        .unwrap_or_else(|| of_line(hint))
                });
                let hints: Vec<String> = hints.collect();
                layout.text(&format!("-# {}", hints.join(" · ")));
            }
        }
    }
    layout.finish()
}

fn footer(text: &str) -> Footer {
    Footer {
        text: fit(text, FOOTER),
    }
}

/// Escaped text that isn't longer than `most`, cut in front of the escaping so that no mark is torn off.
pub(super) fn escape_within(text: &str, most: usize) -> String {
    let mut kept = most;
    loop {
        let escaped = escape(&fit(text, kept));
        let length = length(&escaped);
        if length <= most || kept == 0 {
            return escaped;
        }
        kept = kept.saturating_sub(length - most);
    }
}

pub(super) fn joined(lines: &[Line]) -> String {
    let lines: Vec<String> = lines.iter().map(of_line).collect();
    lines.join(" · ")
}

pub(super) fn of_line(line: &Line) -> String {
    let spans = line.0.iter().map(|span| match span {
        Span::Text(_) | Span::Command { .. } => with_mentions(&span.text()),
        Span::Bold(text) => format!("**{}**", with_mentions(text)),
        Span::Link(link) => shown_address(link),
        // Each reader sees it in their own zone
        // (https://docs.discord.com/developers/reference#message-formatting-timestamp-styles).
        Span::Moment { at, .. } => {
            let second = at.as_second();
            format!("<t:{second}:f> (<t:{second}:R>)")
        }
    });
    spans.collect()
}

/// Escaped text of ours, in which roles and channels are shown by their names. It pings nobody: what does is in
/// the list of allowed mentions.
fn with_mentions(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("<@&").or_else(|| rest.find("<#")) {
        let Some(length) = rest[start..].find('>') else {
            break;
        };
        let mention = &rest[start..=start + length];
        let number = mention
            .trim_start_matches(['<', '@', '&', '#'])
            .trim_end_matches('>');
        shown.push_str(&escape(&rest[..start]));
        if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
            shown.push_str(mention);
        } else {
            shown.push_str(&escape(mention));
        }
        rest = &rest[start + length + 1..];
    }
    shown.push_str(&escape(rest));
    shown
}

/// An address that stands by itself.
fn shown_address(link: &str) -> String {
    if is_web(link) && link.len() <= DESCRIPTION / 2 {
        format!("<{}>", address(link))
    } else {
        escape(link)
    }
}

fn is_web(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}

/// Where a headline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Headline {
    /// Among others.
    InList,
    /// By itself.
    Alone,
    /// By itself, with a button that opens its link.
    BesideItsLink,
}

/// A headline with what is said of it.
pub(super) fn of_entry(entry: &Entry, headline: Headline) -> String {
    let title = fit(&entry.title, HEADLINE);
    let bullet = match headline {
        Headline::InList => "• ",
        Headline::Alone | Headline::BesideItsLink => "",
    };
    let link = entry.link.as_deref().map(address);
    let link = link.filter(|link| is_web(link) && link.len() <= LINK);
    if entry.withdrawn {
        let also = entry.also.iter().map(|also| format!(" · {}", escape(also)));
        return format!("{bullet}~~{}{}~~", escape(&title), also.collect::<String>());
    }
    let is_linked = link.is_some();
    let mut text = match link.filter(|_| headline != Headline::BesideItsLink) {
        Some(link) => format!("{bullet}**[{}]({link})**", label(&title)),
        None => format!("{bullet}**{}**", escape(&title)),
    };
    if let Some(remark) = &entry.remark {
        text.push_str(&format!(" {}", escape(remark)));
    }
    if let Some(also) = &entry.also {
        text.push_str(&format!(" · {}", escape(also)));
    }
    let read = Invocation::read(entry.id).to_string();
    let about: Vec<&str> = [entry.date.as_deref(), entry.section.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    if !about.is_empty() {
        text.push_str(&format!("\n-# {} · {read}", escape(&about.join(" · "))));
    }
    let mut is_cut = entry.cut;
    if let Some(summary) = &entry.summary {
        let first = unicode_segmentation::UnicodeSegmentation::unicode_sentences(summary.as_str())
            .next()
            .unwrap_or(summary)
            .trim();
        is_cut |= first.len() < summary.trim().len() || length(first) > SUMMARY;
        text.push_str(&format!(
            "\n-# {}",
            escape(&fit(&first.replace('\n', " "), SUMMARY))
        ));
    }
    if about.is_empty() && (!is_linked || is_cut) {
        text.push_str(&format!("\n-# {read}"));
    }
    text
}

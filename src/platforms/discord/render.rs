//! Posts as Discord's messages: a roundup's sections are embeds, an answer is one embed or plain content.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_64;

use super::components::SEARCH;
use super::layout::Layout;
use super::limits::{DESCRIPTION, FOOTER, LABEL, TITLE, fit, length};
use super::markdown::{address, escape, label};
use super::wire::{Embed, Footer, Message, Wire};
use crate::chat::commands::{Action, Invocation};
use tidings_core::ids::ItemId;
use tidings_core::post::{Block, DeliveryOptions, Entry, Line, Post, PostAction, PostButton, Span};

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

/// The longest address that a headline links to: a longer one isn't worth the room of the others.
const LINK: usize = 1_000;

/// A section's colour; always the same for a slug.
fn colour(slug: &str) -> u32 {
    let at = usize::try_from(xxh3_64(slug.as_bytes()) % COLOURS.len() as u64).unwrap_or(0);
    COLOURS[at]
}

/// The parts of a roundup as the ledger keeps them.
pub(super) fn wires(post: &Post, options: &DeliveryOptions) -> Vec<String> {
    let role = options.role.as_deref().and_then(role_number);
    let title = post.blocks.iter().find_map(|block| match block {
        Block::Title { text, .. } | Block::Name(text) => Some(text.clone()),
        _ => None,
    });
    let sections = post.blocks.iter().filter_map(|block| match block {
        Block::Section { title, slug, .. } => Some((slug.clone(), title.clone())),
        _ => None,
    });
    let sections: Vec<(String, String)> = sections.collect();
    let offers = post.blocks.iter().find_map(|block| match block {
        Block::Offers(offers) => Some(offers.as_slice()),
        _ => None,
    });
    let mut messages = messages(post, &Commands::new());
    if let (Some(role), Some(first)) = (&role, messages.first_mut()) {
        // Room is left for it: see `HEAD`.
        first.content = format!("<@&{role}> {}", first.content)
            .trim_end()
            .to_owned();
    }
    messages
        .into_iter()
        .enumerate()
        .map(|(at, message)| {
            let wire = Wire {
                buttons: buttons(offers.unwrap_or_default(), &message),
                message,
                title: title.clone().unwrap_or_default(),
                sections: sections.clone(),
                silent: options.silent,
                publish: options.publish,
                // One ping is enough.
                role: role.clone().filter(|_| at == 0),
                ..Wire::default()
            };
            wire.to_text()
        })
        .collect()
}

/// The items that each part of a roundup shows.
pub(super) fn placement(post: &Post) -> Vec<Vec<i64>> {
    let messages = messages(post, &Commands::new()).into_iter();
    let items = |message: Message| {
        let items = message.embeds.into_iter().flat_map(|embed| embed.items);
        items.map(ItemId::get).collect()
    };
    messages.map(items).collect()
}

/// The buttons under a message of a roundup; what doesn't fit into a button isn't offered.
fn buttons(offers: &[PostButton], message: &Message) -> Vec<(String, String)> {
    let items: Vec<ItemId> = message
        .embeds
        .iter()
        .flat_map(|e| e.items.clone())
        .collect();
    let button = |offer: &PostButton| {
        let data = match offer.deed {
            PostAction::Summaries if items.is_empty() => None,
            PostAction::Summaries => Action::Summaries(items.clone()).encode(),
            PostAction::Search => Some(SEARCH.to_owned()),
        };
        Some((fit(&offer.label, LABEL), data?))
    };
    offers.iter().filter_map(button).collect()
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
    let mut layout = Layout::default();
    // What can be corrected needs room for longer titles and for saying so.
    if post
        .blocks
        .iter()
        .any(|block| matches!(block, Block::Offers(_)))
    {
        layout.reserve = CORRECTION;
    }
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
    let sections = post
        .blocks
        .iter()
        .filter(|b| matches!(b, Block::Section { .. }));
    let is_one_section = sections.count() == 1;
    for (at, block) in post.blocks.iter().enumerate() {
        let is_last = Some(at) == last;
        match block {
            Block::Title { text, note } if is_roundup || !has_items => {
                let mut line = format!("**{}**", escape(&fit(text, TITLE)));
                if let Some(note) = note {
                    line.push_str(&format!(" · {}", escape(note)));
                }
                layout.head(&line);
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
                // The count of the only section stands under it already.
                let said = usize::from(is_one_section && hints.len() <= 2);
                let hints = hints.get(said..).unwrap_or_default();
                if !hints.is_empty() {
                    layout.foot(&joined(hints));
                }
            }
            Block::Entry(entry) => layout.item(&of_entry(entry), ItemId::new(entry.id)),
            Block::Offers(_) | Block::Name(_) => {}
            Block::Mark(line) => layout.mark(&line.to_text()),
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
fn escape_within(text: &str, most: usize) -> String {
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

fn joined(lines: &[Line]) -> String {
    let lines: Vec<String> = lines.iter().map(of_line).collect();
    lines.join(" · ")
}

fn of_line(line: &Line) -> String {
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

fn of_entry(entry: &Entry) -> String {
    let title = fit(&entry.title, HEADLINE);
    let link = entry.link.as_deref().map(address);
    let link = link.filter(|link| is_web(link) && link.len() <= LINK);
    if entry.withdrawn {
        let also = entry.also.iter().map(|also| format!(" · {}", escape(also)));
        return format!("• ~~{}{}~~", escape(&title), also.collect::<String>());
    }
    let is_linked = link.is_some();
    let mut text = match link {
        Some(link) => format!("• **[{}]({link})**", label(&title)),
        None => format!("• **{}**", escape(&title)),
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

//! Titles, lines, headlines and summaries as pieces of HTML, none longer than a message.

use super::autolink::without_links;
use super::html::{Html, cut, inert, unlinked};
use crate::chat::commands::Invocation;
use tidings_core::post::{Entry, Line, Span};

/// The longest message in UTF-16 units after entities are parsed
/// (<https://core.telegram.org/bots/api#sendmessage>).
pub(super) const MOST_UNITS: usize = 4_096;

/// The longest address that a headline links to: browsers and servers take no more for granted, and it would take the
/// room of a message's other links.
pub(super) const LONGEST_LINK: usize = 2_000;

pub(super) fn bold(text: &str) -> Vec<Html> {
    let pieces = cut(text, MOST_UNITS - NOTE).into_iter();
    pieces.map(|piece| Html::text(&piece).within("b")).collect()
}

/// A title as the link that it leads to.
pub(super) fn linked(title: &str, link: &str) -> Vec<Html> {
    let pieces = cut(&inert(title), MOST_UNITS - NOTE).into_iter();
    let pieces = pieces.map(|piece| Html::text(&piece).linked(link).within("b"));
    pieces.collect()
}

/// Room that is left beside a title for what is said next to it, and over a text for its heading.
const NOTE: usize = 256;

pub(super) fn texts(text: &str) -> Vec<Html> {
    // What a heading stands over begins in the heading's message.
    let pieces = cut(text, MOST_UNITS - NOTE).into_iter();
    pieces.map(|piece| Html::text(&piece)).collect()
}

/// A line as it is; only if it is longer than a message, in pieces and without its stresses.
pub(super) fn whole_or_cut(line: Html, plain: &str) -> Vec<Html> {
    if line.units <= MOST_UNITS {
        vec![line]
    } else {
        texts(&without_links(&inert_names(plain)))
    }
}

pub(super) fn of_line(line: &Line) -> Html {
    let mut html = Html::default();
    for span in &line.0 {
        // A line repeats what somebody typed or what a document is called, at most; but that may be a name or
        // an address.
        let text = |text: &str| Html::text(&without_links(&inert_names(text)));
        html.push(&match span {
            Span::Text(_) => text(&span.text()),
            Span::Moment { at, text: words } => text(words).at(at.as_second()),
            Span::Bold(bold) => text(bold).within("b"),
            Span::Link(link) => Html::text(link).linked(link),
            // Of a command, Telegram sends what it is tapped at, up to the first space.
            Span::Command { words, .. }
                if words.contains(' ') && words.split(' ').all(is_number) =>
            {
                Html::text(&span.text().replace(' ', "_"))
            }
            Span::Command {
                name,
                channel,
                words,
            } => {
                let mut command = Html::text(&format!("/{name}"));
                // It can be copied as it stands: the channel's name is the asker's own.
                if let Some(channel) = channel {
                    command.push_text(&format!(" {channel}"));
                }
                if !words.is_empty() {
                    command.push(&text(&format!(" {words}")));
                }
                command
            }
        });
    }
    html
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// As `inert`, but commands of ours stay as they are.
fn inert_names(text: &str) -> String {
    text.split('@')
        .map(str::to_owned)
        .reduce(|joined, part| {
            let joiner = if part.starts_with(char::is_alphanumeric) {
                "\u{2060}"
            } else {
                ""
            };
            format!("{joined}@{joiner}{part}")
        })
        .unwrap_or_default()
}

/// A headline with what belongs to it, but for its summary.
pub(super) fn of_entry(entry: &Entry) -> Vec<Html> {
    let link = entry
        .link
        .as_ref()
        .filter(|link| link.len() <= LONGEST_LINK);
    if entry.withdrawn {
        return struck(entry);
    }
    let mut pieces = match link {
        Some(link) => linked(&entry.title, link),
        None => bold(&unlinked(&entry.title)),
    };
    if let Some(first) = pieces.first_mut() {
        let mut head = Html::text("• ");
        head.push(first);
        *first = head;
    }
    let read = Invocation::read(entry.id).tappable();
    if let Some(last) = pieces.last_mut() {
        if let Some(also) = &entry.also {
            last.push_text(&format!(" · {}", unlinked(also)));
        }
        // A list tells the day; there, everything can be read on.
        let about: Vec<&str> = [entry.date.as_deref(), entry.section.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        if !about.is_empty() {
            last.push_text(&format!("\n  {} · {read}", unlinked(&about.join(" · "))));
        } else if link.is_none() || entry.cut {
            last.push_text(&format!("  {read}"));
        }
        if let Some(remark) = &entry.remark {
            last.push_text(&format!(" {}", unlinked(remark)));
        }
    }
    pieces
}

/// A headline that was taken back, with who else told it.
fn struck(entry: &Entry) -> Vec<Html> {
    let mut title = unlinked(&entry.title);
    if let Some(also) = &entry.also {
        title.push_str(&format!(" · {}", unlinked(also)));
    }
    let pieces = cut(&title, MOST_UNITS - NOTE).into_iter().enumerate();
    let pieces = pieces.map(|(at, piece)| {
        let mut html = Html::text(if at == 0 { "• " } else { "" });
        html.push(&Html::text(&piece).within("s"));
        html
    });
    pieces.collect()
}

/// A summary, or a piece of one.
pub(super) fn quoted(text: &str) -> Html {
    Html::text(text).within("blockquote expandable")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_beside_a_headline_is_a_link() {
        let entry = Entry {
            id: 416,
            title: "Firmware 1.2.3.4 ends".to_owned(),
            date: Some("8 Mar 2019".to_owned()),
            section: Some("Example.com and 8.8.8.8/x, v3.14".to_owned()),
            remark: None,
            withdrawn: false,
            picture: None,
            link: None,
            summary: None,
            cut: false,
            also: None,
        };
        let pieces = of_entry(&entry);
        let shown: Vec<String> = pieces
            .iter()
            .map(|piece| piece.text.replace('\u{2060}', "¦"))
            .collect();
        assert_eq!(
            shown,
            [
                "• <b>Firmware 1.¦2.¦3.¦4 ends</b>\n  8 Mar 2019 · Example.¦com and 8.¦8.¦8.¦8/x, v3.14 · /read_416"
            ]
        );
    }
}

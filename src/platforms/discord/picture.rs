//! What people see of a message in Discord, for pages that show it.

use super::card::{Accessory, Cards, Piece};
use super::wire::{Embed, Wire};
use tidings_core::picture::{Run, Shown};

/// What is shown of a message.
pub(super) fn of(wire: &Wire) -> Vec<Shown> {
    let mut shown = Vec::new();
    match &wire.cards {
        Some(cards) => shown.extend(of_cards(cards)),
        None => {
            shown.extend(of_markdown(&wire.message.content));
            shown.extend(wire.message.embeds.iter().map(of_embed));
        }
    }
    if wire.has_buttons() {
        if let Some(menu) = &wire.menu {
            let (placeholder, options) = menu.shown();
            shown.push(Shown::Menu(placeholder, options));
        }
        if !wire.buttons.is_empty() {
            let labels = wire.buttons.iter().map(|(label, _)| label.clone());
            shown.push(Shown::Buttons(labels.collect()));
        }
    }
    shown
}

fn of_embed(embed: &Embed) -> Shown {
    let mut shown = Vec::new();
    if !embed.title.is_empty() {
        shown.push(Shown::Heading(runs(&embed.title)));
    }
    shown.extend(of_markdown(&embed.description));
    if let Some(footer) = &embed.footer {
        shown.push(Shown::Small(vec![Run::plain(footer.text.clone())]));
    }
    Shown::Card {
        colour: embed.color,
        shown,
    }
}

fn of_cards(cards: &Cards) -> Vec<Shown> {
    let pieces = cards.0.iter().flat_map(|piece| match piece {
        Piece::Text(text) => of_markdown(text),
        Piece::Beside { text, with } => {
            let mut shown = of_markdown(text);
            if let Accessory::Link { label, .. } = with {
                shown.push(Shown::Buttons(vec![label.clone()]));
            }
            shown
        }
        Piece::Card { colour, pieces } => vec![Shown::Card {
            colour: Some(*colour),
            shown: of_cards(pieces),
        }],
    });
    pieces.collect()
}

/// Our own Markdown, line by line; lines that look alike are one block.
fn of_markdown(text: &str) -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::new();
    for line in text.split('\n') {
        if text.is_empty() {
            break;
        }
        let small = line.strip_prefix("-# ");
        let heading = ["### ", "## ", "# "]
            .iter()
            .find_map(|mark| line.strip_prefix(mark));
        let block = match (small, heading) {
            (Some(small), _) => Shown::Small(runs(small)),
            (None, Some(heading)) => Shown::Heading(runs(heading)),
            (None, None) => Shown::Text(runs(line)),
        };
        match (shown.last_mut(), block) {
            (Some(Shown::Text(before)), Shown::Text(more))
            | (Some(Shown::Small(before)), Shown::Small(more)) => {
                before.push(Run::plain("\n"));
                before.extend(more);
            }
            (_, block) => shown.push(block),
        }
    }
    shown.retain(|block| !block.text().trim().is_empty());
    shown
}

/// The runs of a line.
fn runs(line: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    read(line, &Run::default(), &mut runs);
    runs
}

fn read(text: &str, style: &Run, runs: &mut Vec<Run>) {
    let mut style = style.clone();
    let mut said = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let behind = &rest[c.len_utf8()..];
        if c == '\\'
            && let Some(escaped) = behind.chars().next()
        {
            said.push(escaped);
            rest = &behind[escaped.len_utf8()..];
        } else if let Some(behind) = rest.strip_prefix("**") {
            flush(&mut said, &style, runs);
            style.bold = !style.bold;
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix("~~") {
            flush(&mut said, &style, runs);
            style.struck = !style.struck;
            rest = behind;
        } else if c == '['
            && let Some((label, address, behind)) = link(behind)
        {
            flush(&mut said, &style, runs);
            let linked = Run {
                link: Some(address.to_owned()),
                ..style.clone()
            };
            // Labels have no marks that would act.
            runs.push(Run {
                text: label.to_owned(),
                ..linked
            });
            rest = behind;
        } else if c == '<'
            && let Some((inner, behind)) = behind.split_once('>')
        {
            if inner.starts_with("http://") || inner.starts_with("https://") {
                flush(&mut said, &style, runs);
                runs.push(Run {
                    text: inner.to_owned(),
                    link: Some(inner.to_owned()),
                    ..style.clone()
                });
            } else {
                said.push_str(&named(inner));
            }
            rest = behind;
        } else {
            said.push(c);
            rest = behind;
        }
    }
    flush(&mut said, &style, runs);
}

fn flush(said: &mut String, style: &Run, runs: &mut Vec<Run>) {
    if !said.is_empty() {
        runs.push(Run {
            text: std::mem::take(said),
            ..style.clone()
        });
    }
}

/// A link behind its first bracket: label, address, what follows.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (label, rest) = text.split_once("](")?;
    let (address, behind) = rest.split_once(')')?;
    let is_one = address.starts_with("http://") || address.starts_with("https://");
    is_one.then_some((label, address, behind))
}

/// What Discord makes of what stands between `<` and `>`: a moment, a command, a role, a channel.
fn named(inner: &str) -> String {
    if let Some(moment) = inner.strip_prefix("t:") {
        let second = moment
            .split(':')
            .next()
            .and_then(|second| second.parse().ok());
        let at = second.and_then(|second| jiff::Timestamp::from_second(second).ok());
        let is_relative = moment.ends_with(":R");
        return match at {
            // Each reader sees how long it is until then.
            Some(_) if is_relative => "…".to_owned(),
            Some(at) => at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            None => format!("<{inner}>"),
        };
    }
    match inner.strip_prefix('/') {
        Some(command) => format!("/{}", command.split(':').next().unwrap_or(command)),
        None => inner.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_what_the_markdown_says() {
        let text = "• **[Envoy [1] met](https://a.example/%28x%29)** · also\n-# a \\*star\\*\n-# </read:42> 7\n~~gone~~ at <t:0:f> (<t:0:R>) <https://b.example>";
        let shown = of_markdown(text);
        let said: Vec<String> = shown.iter().map(Shown::text).collect();
        assert_eq!(
            said,
            [
                "• Envoy [1] met · also",
                "a *star*\n/read 7",
                "gone at 1970-01-01 00:00 UTC (…) https://b.example"
            ]
        );
        let Some(Shown::Text(runs)) = shown.first() else {
            panic!("{shown:?}");
        };
        assert!(runs[1].bold && runs[1].link.as_deref() == Some("https://a.example/%28x%29"));
    }
}

//! Messages that Discord refuses for what they say, and what goes instead of them.

use super::layout::pieces;
use super::limits::{ALL_EMBEDS, CONTENT, FOOTER, length};
use super::markdown::{escape, unlinked};
use super::wire::{Embed, Footer, Message, Wire};
use crate::platforms::kit::simpler::{Renewed, Said, Step, renewed, simpler};
use tidings_core::platform::Anew;

impl Said for Message {
    fn items(&self) -> Vec<Message> {
        // What stands over and under embeds belongs together.
        let contents = if self.embeds.is_empty() {
            items(&self.content)
        } else {
            vec![self.content.clone()]
        };
        let contents = contents
            .into_iter()
            .filter(|content| !content.trim().is_empty());
        let mut messages: Vec<Message> = contents
            .map(|content| Message {
                content,
                embeds: Vec::new(),
            })
            .collect();
        for embed in &self.embeds {
            let items = items(&embed.description);
            let last = items.len().saturating_sub(1);
            for (at, description) in items.into_iter().enumerate() {
                let part = Embed {
                    description,
                    footer: embed.footer.clone().filter(|_| at == last),
                    items: Vec::new(),
                    ..embed.clone()
                };
                messages.push(Message {
                    content: String::new(),
                    embeds: vec![part],
                });
            }
        }
        messages
    }

    fn joined(items: &[Message]) -> Message {
        let mut whole = Message::default();
        for item in items {
            whole.content.push_str(&item.content);
            for embed in &item.embeds {
                match whole.embeds.last_mut() {
                    Some(open) if (&open.title, open.color) == (&embed.title, embed.color) => {
                        open.description.push_str(&embed.description);
                        open.footer.clone_from(&embed.footer);
                    }
                    _ => whole.embeds.push(embed.clone()),
                }
            }
        }
        whole.content = whole.content.trim().to_owned();
        for embed in &mut whole.embeds {
            embed.description = embed.description.trim().to_owned();
        }
        whole
    }

    fn plain(&self, with_links: bool) -> Message {
        let embeds = self
            .embeds
            .iter()
            .map(|embed| format!("{}\n{}", embed.title, embed.description.trim()));
        let texts: Vec<String> = std::iter::once(self.content.clone())
            .chain(embeds)
            .collect();
        let text = texts.join("\n\n");
        let text = text.trim();
        Message {
            content: if with_links {
                text.to_owned()
            } else {
                unlinked(text)
            },
            embeds: Vec::new(),
        }
    }

    fn fits(&self) -> bool {
        length(&self.content) <= CONTENT
    }

    fn is_struck(&self) -> Option<bool> {
        let said = self
            .embeds
            .first()
            .map_or(&self.content, |embed| &embed.description);
        let headline = said.trim_start().strip_prefix("• ")?;
        Some(headline.starts_with("~~"))
    }
}

impl Message {
    /// Says something of the whole at its end, where there is room for it.
    fn mark(&mut self, text: &str) {
        let embeds = |embed: &Embed| {
            let footer = embed.footer.as_ref();
            let footer = footer.map_or(0, |footer| length(&footer.text));
            length(&embed.title) + length(&embed.description) + footer
        };
        let total: usize = self.embeds.iter().map(embeds).sum();
        let Some(last) = self.embeds.last_mut() else {
            let gap = if self.content.is_empty() { "" } else { "\n" };
            let marked = format!("{}{gap}-# {}", self.content, escape(text));
            if length(&marked) <= CONTENT {
                self.content = marked;
            }
            return;
        };
        let marked = match &last.footer {
            Some(footer) => format!("{} · {text}", footer.text),
            None => text.to_owned(),
        };
        let most = total + " · ".len() + length(text);
        if length(&marked) <= FOOTER && most <= ALL_EMBEDS {
            last.footer = Some(Footer { text: marked });
        }
    }
}

/// A text's headlines and paragraphs, with the line breaks in front of them, so that they can be joined again.
fn items(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let mut gap = String::new();
    for line in text.split_inclusive('\n') {
        let words = line.trim_end_matches('\n');
        let begins = items.is_empty() || gap.len() > 1 || words.starts_with("• ");
        if words.is_empty() {
            gap.push_str(line);
            continue;
        }
        match items.last_mut() {
            Some(open) if !begins => {
                open.push_str(&gap);
                open.push_str(words);
            }
            _ => items.push(format!("{gap}{words}")),
        }
        gap = line[words.len()..].to_owned();
    }
    // What is longer than a message as plain text is cut.
    let whole = |item: String| {
        if length(&item) <= PARAGRAPH {
            return vec![item];
        }
        let pieces = pieces(&item, PARAGRAPH).into_iter();
        pieces.map(|piece| format!("\n{piece}")).collect()
    };
    items.into_iter().flat_map(whole).collect()
}

/// The longest paragraph that is kept whole: there has to be room for a title over it.
const PARAGRAPH: usize = CONTENT - 300;

impl Wire {
    /// What goes instead of it: the same without cards, or without its buttons, if these are refused.
    pub(super) fn simpler(&self, refusal: &str) -> Vec<Wire> {
        if self.cards.is_some() {
            let instead = self.without_cards.iter().enumerate();
            let instead = instead.map(|(at, wire)| Wire {
                instead_of_cards: Some(at),
                ..wire.clone()
            });
            return instead.collect();
        }
        if self.has_buttons() && speaks_of_buttons(refusal) {
            return vec![Wire {
                buttons: Vec::new(),
                menu: None,
                ..self.clone()
            }];
        }
        let instead_of = self.instead_of.as_ref();
        let pieces = simpler(self.step, &self.message, instead_of, self.holds);
        let last = pieces.len().saturating_sub(1);
        let wires = pieces.into_iter().enumerate().map(|(at, piece)| Wire {
            // Who is called is named in the text.
            role: self
                .role
                .clone()
                .filter(|role| piece.said.content.contains(role.as_str())),
            message: piece.said,
            title: self.plainer_title(piece.step),
            renames: false,
            step: piece.step,
            holds: piece.holds,
            instead_of: piece.instead_of,
            buttons: if at == last {
                self.buttons.clone()
            } else {
                Vec::new()
            },
            // It repeats the headlines, one of which may be to blame.
            menu: None,
            ..self.clone()
        });
        wires.collect()
    }

    /// What it says, a piece of a message, where that says something else.
    pub(super) fn recut(&self, before: &Wire, after: &Wire, mark: Option<&str>) -> Anew {
        let messages = match self.instead_of_cards {
            None if before.cards.is_none() && after.cards.is_none() => Some((before, after)),
            // A piece of such a piece.
            at @ Some(_) if at == before.instead_of_cards && at == after.instead_of_cards => {
                Some((before, after))
            }
            Some(at) if before.without_cards.len() == after.without_cards.len() => before
                .without_cards
                .get(at)
                .zip(after.without_cards.get(at)),
            _ => None,
        };
        let Some((before, after)) = messages else {
            return Anew::Unknown;
        };
        // Plain text has other items than what it was made of.
        if before.step.is_plain() || after.step.is_plain() {
            return Anew::Unknown;
        }
        let (held, within) = (self.holds, before.holds);
        match renewed(self.step, held, within, &before.message, &after.message) {
            Renewed::Same => Anew::Same,
            Renewed::Unknown => Anew::Unknown,
            Renewed::Says {
                mut said,
                is_struck,
            } => {
                if let Some(mark) = mark {
                    said.mark(mark);
                }
                let says = Wire {
                    message: said,
                    ..self.clone()
                };
                Anew::Says {
                    wire: says.to_text(),
                    is_withdrawn: is_struck,
                }
            }
        }
    }

    /// What a forum's post is called in place of a title that may be to blame: the title of a single headline's post is
    /// that headline. First its sections, which are the operator's own words most times; then nothing of anybody's.
    fn plainer_title(&self, step: Step) -> String {
        let sections: Vec<&str> = self
            .sections
            .iter()
            .map(|(_, title)| title.as_str())
            .collect();
        if sections.is_empty() || matches!(step, Step::Unlinked | Step::Alone) {
            return PLAINEST_TITLE.to_owned();
        }
        sections.join(" · ")
    }
}

/// Whether a refusal names what hangs under a message among what can't be read
/// (<https://docs.discord.com/developers/reference#error-messages>).
pub(super) fn speaks_of_buttons(refusal: &str) -> bool {
    refusal.contains("\"components\":")
}

/// The last title that is tried: our own name.
const PLAINEST_TITLE: &str = "Tidings";

#[cfg(test)]
mod tests {
    use super::*;

    fn embed(title: &str, count: usize) -> Embed {
        let items: Vec<String> = (0..count)
            .map(|at| {
                format!("• **[{title} {at} counted](https://example.org/{title}/{at})**\n-# First sentence.")
            })
            .collect();
        Embed {
            title: title.to_owned(),
            description: items.join("\n"),
            footer: Some(Footer {
                text: format!("{count} headlines"),
            }),
            ..Embed::default()
        }
    }

    fn roundup() -> Wire {
        Wire {
            message: Message {
                content: "<@&197038439483310086> **Roundup**\n\nnext: tomorrow".to_owned(),
                embeds: vec![embed("Japan", 13), embed("Korea", 12)],
            },
            role: Some("197038439483310086".to_owned()),
            buttons: vec![("Search".to_owned(), "search".to_owned())],
            ..Wire::default()
        }
    }

    fn text(wire: &Wire) -> String {
        wire.body().to_string()
    }

    /// Sends a message as Discord would that refuses some of them; returns what arrives, what is given up, and how
    /// often it was tried.
    fn sent(wire: Wire, refuses: impl Fn(&Wire) -> bool) -> (Vec<Wire>, Vec<Wire>, usize) {
        let mut waiting = vec![wire];
        let (mut arrived, mut dead, mut tries) = (Vec::new(), Vec::new(), 0);
        while !waiting.is_empty() {
            let next = waiting.remove(0);
            tries += 1;
            assert!(length(&next.message.content) <= CONTENT);
            if !refuses(&next) {
                arrived.push(next);
                continue;
            }
            let simpler = next.simpler("Invalid Form Body (status 400, code 50035)");
            if simpler.is_empty() {
                dead.push(next);
            }
            waiting.splice(0..0, simpler);
        }
        (arrived, dead, tries)
    }

    #[test]
    fn items_joined_are_the_whole_again() {
        let wire = roundup();
        let items = wire.message.items();
        assert_eq!(items.len(), 26);
        assert_eq!(Message::joined(&items), wire.message);
    }

    #[test]
    fn a_bad_word_costs_one_headline_and_the_others_keep_their_links() {
        for (title, bad) in [("Japan", 0), ("Japan", 7), ("Korea", 11)] {
            let refused = format!("{title} {bad} counted");
            let (arrived, dead, tries) = sent(roundup(), |wire| text(wire).contains(&refused));
            let all: String = arrived.iter().map(text).collect();
            for (title, count) in [("Japan", 13), ("Korea", 12)] {
                for at in 0..count {
                    let words = format!("[{title} {at} counted](https://example.org/{title}/{at})");
                    assert_ne!(all.contains(&words), words.contains(&refused), "{words}");
                }
            }
            assert_eq!(dead.len(), 1);
            assert!(text(&dead[0]).contains(&refused));
            assert_eq!(arrived.iter().filter(|wire| wire.role.is_some()).count(), 1);
            assert!(tries < 30, "{tries}");
        }
    }

    #[test]
    fn a_bad_address_costs_links_and_no_headline() {
        let (arrived, dead, _) = sent(roundup(), |wire| text(wire).contains("/Korea/3"));
        assert!(dead.is_empty());
        let all: String = arrived.iter().map(text).collect();
        for (title, count) in [("Japan", 13), ("Korea", 12)] {
            for at in 0..count {
                assert!(
                    all.contains(&format!("{title} {at} counted")),
                    "{title} {at}"
                );
            }
        }
        assert!(!all.contains("/Korea/3)"));
    }

    #[test]
    fn buttons_that_are_refused_go_and_nothing_else() {
        let composed = roundup();
        let refusal = r#"Invalid Form Body: {"components":{"0":{"components":{"0":{"label":{}}}}}} (status 400, code 50035)"#;
        let bare = Wire {
            buttons: Vec::new(),
            ..composed.clone()
        };
        assert_eq!(composed.simpler(refusal), vec![bare.clone()]);
        // What has none isn't refused for them.
        assert_ne!(bare.simpler(refusal), vec![bare.clone()]);
    }

    #[test]
    fn a_title_that_is_refused_gives_way() {
        let wire = Wire {
            title: "Squid and more squid".to_owned(),
            sections: vec![("japan".to_owned(), "Japan".to_owned())],
            ..roundup()
        };
        let (arrived, dead, _) = sent(wire.clone(), |wire| wire.title.contains("Squid"));
        assert!(dead.is_empty());
        assert_eq!(arrived[0].title, "Japan");
        let (arrived, dead, _) = sent(wire, |wire| wire.title != PLAINEST_TITLE);
        assert!(dead.is_empty());
        let all: String = arrived.iter().map(text).collect();
        assert_eq!(all.matches(" counted").count(), 25);
    }

    #[test]
    fn a_form_that_cannot_be_read_comes_as_plain_text() {
        let (arrived, dead, _) = sent(roundup(), |wire| !wire.message.embeds.is_empty());
        assert!(dead.is_empty());
        let all: String = arrived.iter().map(text).collect();
        assert!(all.contains("Korea 11 counted") && all.contains("search"));
    }

    #[test]
    fn a_long_paragraph_is_cut_and_not_lost() {
        let words: Vec<String> = (0..700).map(|at| format!("word{at}")).collect();
        let wire = Wire {
            message: Message {
                content: String::new(),
                embeds: vec![Embed {
                    title: "Squid".to_owned(),
                    description: words.join(" "),
                    ..Embed::default()
                }],
            },
            ..Wire::default()
        };
        let (arrived, dead, _) = sent(wire, |wire| !wire.message.embeds.is_empty());
        assert!(dead.is_empty() && arrived.len() > 2);
        let all: String = arrived.iter().map(text).collect();
        assert!(words.iter().all(|word| all.contains(word)));
    }

    #[test]
    fn everything_refused_ends() {
        let (arrived, dead, tries) = sent(roundup(), |_| true);
        assert!(arrived.is_empty());
        assert!(
            (25..40).contains(&dead.len()) && tries < 120,
            "{} {tries}",
            dead.len()
        );
    }
}

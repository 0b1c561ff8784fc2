//! Messages as they fill up, none longer than Discord takes.

use unicode_segmentation::UnicodeSegmentation;

use super::limits::{ALL_EMBEDS, CONTENT, DESCRIPTION, EMBEDS, FOOTER, TITLE, fit, length};
use super::markdown::escape;
use super::wire::{Embed, Footer, Message};
use tidings_core::ids::ItemId;

/// Room that is left in a content for a mention in front.
const HEAD: usize = 40;

/// Messages as they fill up.
#[derive(Default)]
pub(super) struct Layout {
    /// Characters that are left free in each message's embeds.
    pub(super) reserve: usize,
    done: Vec<Message>,
    message: Message,
    /// The embed that is being filled.
    embed: Option<Embed>,
}

impl Layout {
    /// A line that stands over everything.
    pub(super) fn head(&mut self, line: &str) {
        self.lines(line, "\n\n");
    }

    /// The last line of the last message.
    pub(super) fn foot(&mut self, line: &str) {
        self.close();
        let gap = usize::from(!self.message.content.is_empty());
        if length(&self.message.content) + gap + length(line) > CONTENT - HEAD {
            self.flush();
        }
        if !self.message.content.is_empty() {
            self.message.content.push('\n');
        }
        self.message.content.push_str(&fit(line, CONTENT - HEAD));
    }

    /// Said of the whole, under what stands last.
    pub(super) fn mark(&mut self, text: &str) {
        self.close();
        let is_full = self.length() + " · ".len() + length(text) > ALL_EMBEDS;
        if is_full {
            self.flush();
        }
        let Some(last) = self.message.embeds.last_mut() else {
            return self.lines(&format!("-# {}", escape(text)), "\n");
        };
        let said = last.footer.take().map(|footer| footer.text);
        let joined = match said {
            Some(said) => format!("{said} · {text}"),
            None => text.to_owned(),
        };
        last.footer = Some(Footer {
            text: fit(&joined, FOOTER),
        });
    }

    /// Begins an embed.
    pub(super) fn open(&mut self, embed: Embed) {
        self.close();
        self.embed = Some(embed);
    }

    /// A headline in the embed.
    pub(super) fn item(&mut self, text: &str, id: ItemId) {
        self.add(text, "\n");
        if let Some(embed) = &mut self.embed {
            embed.items.push(id);
        }
    }

    /// A paragraph: in the embed, if there is one.
    pub(super) fn text(&mut self, text: &str) {
        if self.embed.is_some() {
            for piece in pieces(text, DESCRIPTION - TITLE) {
                self.add(&piece, "\n\n");
            }
        } else {
            self.lines(text, "\n\n");
        }
    }

    /// A row of a table.
    pub(super) fn row(&mut self, text: &str) {
        if self.embed.is_some() {
            self.add(text, "\n");
        } else {
            self.lines(text, "\n");
        }
    }

    fn lines(&mut self, text: &str, gap: &str) {
        for piece in pieces(text, CONTENT - HEAD) {
            let content = &mut self.message.content;
            if content.is_empty() {
                content.push_str(&piece);
            } else if length(content) + gap.len() + length(&piece) <= CONTENT - HEAD {
                content.push_str(gap);
                content.push_str(&piece);
            } else {
                self.flush();
                self.message.content = piece;
            }
        }
    }

    /// Adds to the embed. What doesn't fit goes on in another embed of the same name.
    fn add(&mut self, text: &str, gap: &str) {
        let text = if length(text) > DESCRIPTION {
            fit(text, DESCRIPTION)
        } else {
            text.to_owned()
        };
        let mut embed = self.embed.take().unwrap_or_default();
        let gap = if embed.description.is_empty() {
            ""
        } else {
            gap
        };
        let grown = length(&embed.description) + gap.len() + length(&text);
        let total = self.length() + size(&embed) + length(&text);
        if embed.description.is_empty() && total > self.most() && !self.message.embeds.is_empty() {
            // It begins in the next message, and so does what comes behind it.
            self.flush();
        }
        let total = self.length() + size(&embed) + gap.len() + length(&text);
        if grown > DESCRIPTION || total > self.most() && !embed.description.is_empty() {
            let next = Embed {
                description: text,
                items: Vec::new(),
                ..embed.clone()
            };
            // The count stands under the last of them.
            embed.footer = None;
            self.embed = Some(embed);
            self.close();
            if total > self.most() {
                self.flush();
            }
            self.embed = Some(next);
            return;
        }
        embed.description.push_str(gap);
        embed.description.push_str(&text);
        self.embed = Some(embed);
    }

    /// The most characters of a message's embeds.
    fn most(&self) -> usize {
        ALL_EMBEDS - self.reserve
    }

    fn length(&self) -> usize {
        self.message.embeds.iter().map(size).sum()
    }

    /// Puts the embed into the message, or into the next one.
    fn close(&mut self) {
        let Some(embed) = self.embed.take() else {
            return;
        };
        let is_full =
            self.message.embeds.len() >= EMBEDS || self.length() + size(&embed) > self.most();
        if is_full && !self.message.embeds.is_empty() {
            self.flush();
        }
        self.message.embeds.push(embed);
    }

    fn flush(&mut self) {
        let message = std::mem::take(&mut self.message);
        if message != Message::default() {
            self.done.push(message);
        }
    }

    pub(super) fn finish(mut self) -> Vec<Message> {
        self.close();
        self.flush();
        self.done
    }
}

fn size(embed: &Embed) -> usize {
    let footer = embed
        .footer
        .as_ref()
        .map_or(0, |footer| length(&footer.text));
    length(&embed.title) + length(&embed.description) + footer
}

/// Cuts text into pieces that fit: between lines, else between words, else anywhere but within a grapheme or
/// behind a backslash.
pub(super) fn pieces(text: &str, most: usize) -> Vec<String> {
    if length(text) <= most {
        return vec![text.to_owned()];
    }
    let mut pieces = vec![String::new()];
    let mut add = |part: &str| {
        let fits = pieces
            .last()
            .is_some_and(|last| length(last) + length(part) <= most);
        match pieces.last_mut() {
            Some(last) if fits && !(last.is_empty() && part.trim().is_empty()) => {
                last.push_str(part)
            }
            Some(_) if !part.trim().is_empty() => pieces.push(part.to_owned()),
            _ => {}
        }
    };
    for sentence in text.split_sentence_bounds() {
        if length(sentence) <= most {
            add(sentence);
            continue;
        }
        for word in sentence.split_word_bounds() {
            if length(word) <= most {
                add(word);
            } else {
                word.graphemes(true).for_each(&mut add);
            }
        }
    }
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
        .into_iter()
        .map(|piece| piece.trim().to_owned())
        .collect()
}

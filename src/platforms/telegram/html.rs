//! Text as Telegram's HTML (<https://core.telegram.org/bots/api#html-style>): escaped, inert, and measured
//! as Telegram measures it.

use unicode_segmentation::UnicodeSegmentation;

use super::autolink::{JOINER, without_links};

/// A piece of a message: its HTML, and what Telegram will count of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Html {
    pub(super) text: String,
    /// UTF-16 units after entities are parsed.
    pub(super) units: usize,
    /// Entities that we ask for. Those that Telegram finds by itself aren't counted.
    pub(super) entities: usize,
    /// Bytes that those take up.
    pub(super) weight: usize,
}

/// What an entity takes up: its constructor, flags, offset and length, four bytes each
/// (<https://core.telegram.org/constructor/messageEntityBlockquote>).
const ENTITY: usize = 16;

/// What an address takes up besides: its length, and what fills up four bytes
/// (<https://core.telegram.org/mtproto/serialize#base-types>).
const ADDRESS: usize = 8;

/// What a moment takes up besides (<https://core.telegram.org/constructor/messageEntityFormattedDate>).
const MOMENTS_OWN: usize = 4;

/// How a moment begins, and how it ends.
const MOMENT: &str = "<tg-time";
const END_OF_MOMENT: &str = "</tg-time>";

impl Html {
    /// Plain text.
    pub(super) fn text(text: &str) -> Html {
        let mut html = Html::default();
        html.push_text(text);
        html
    }

    pub(super) fn push(&mut self, other: &Html) {
        self.text.push_str(&other.text);
        self.units += other.units;
        self.entities += other.entities;
        self.weight += other.weight;
    }

    pub(super) fn push_text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                c => self.text.push(c),
            }
            self.units += c.len_utf16();
        }
    }

    /// The piece within a tag such as `b`.
    pub(super) fn within(self, tag: &str) -> Html {
        let name = tag.split(' ').next().unwrap_or(tag);
        Html {
            text: format!("<{tag}>{}</{name}>", self.text),
            units: self.units,
            entities: self.entities + 1,
            weight: self.weight + ENTITY,
        }
    }

    /// The piece as a moment, which each reader sees in their own zone and language: the day of the week, the date in full,
    /// the time without seconds (<https://core.telegram.org/bots/api#date-time-entity-formatting>, since Bot API 9.5).
    pub(super) fn at(self, second: i64) -> Html {
        Html {
            text: format!(
                "{MOMENT} unix=\"{second}\" format=\"wDt\">{}{END_OF_MOMENT}",
                self.text
            ),
            units: self.units,
            entities: self.entities + 1,
            weight: self.weight + ENTITY + MOMENTS_OWN,
        }
    }

    /// The piece as a link.
    pub(super) fn linked(self, address: &str) -> Html {
        let weight = self.weight + ENTITY + ADDRESS + address.len();
        let address = address
            .replace('&', "&amp;")
            .replace('"', "&quot;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        Html {
            text: format!("<a href=\"{address}\">{}</a>", self.text),
            units: self.units,
            entities: self.entities + 1,
            weight,
        }
    }
}

/// Returns true if there are moments in HTML of ours.
pub(super) fn has_moments(html: &str) -> bool {
    html.contains(MOMENT)
}

/// HTML of ours in which moments are what they say in words.
pub(super) fn without_moments(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find(MOMENT) {
        text.push_str(&rest[..start]);
        let length = rest[start..]
            .find('>')
            .map_or(rest.len() - start, |length| length + 1);
        rest = &rest[start + length..];
    }
    text.push_str(rest);
    text.replace(END_OF_MOMENT, "")
}

/// HTML without its tags, for when Telegram refuses it. Addresses stand behind what they were the links of, if they
/// are to be there at all.
pub(super) fn plain(html: &str, with_addresses: bool) -> String {
    let mut text = String::with_capacity(html.len());
    let mut address = None;
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let said = &rest[..start];
        if address.is_some() {
            // What is a link already leads nowhere else when it is none any more.
            text.push_str(&without_links(said));
        } else {
            text.push_str(said);
        }
        let Some(length) = rest[start..].find('>') else {
            break;
        };
        let tag = &rest[start + 1..start + length];
        if let Some(href) = tag.strip_prefix("a href=\"") {
            address = Some(href.trim_end_matches('"'));
        } else if tag == "/a"
            && let Some(address) = address.take()
            && with_addresses
        {
            text.push_str(&format!(" ({address})"));
        }
        rest = &rest[start + length + 1..];
    }
    text.push_str(rest);
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    if with_addresses {
        text
    } else {
        without_links(&text)
    }
}

/// Where HTML of ours can be divided: at headlines, and at empty lines, but never within a tag. Joined they are the
/// whole again.
pub(super) fn items(html: &str) -> Vec<&str> {
    let mut starts = vec![0];
    let mut depth = 0_usize;
    let mut rest = html;
    let mut at = 0;
    while let Some(found) = rest.find(['<', '\n']) {
        at += found;
        rest = &html[at..];
        if rest.starts_with('<') {
            let length = rest.find('>').map_or(rest.len(), |length| length + 1);
            if rest.starts_with("</") {
                depth = depth.saturating_sub(1);
            } else {
                depth += 1;
            }
            at += length;
        } else {
            let lines = rest.len() - rest.trim_start_matches('\n').len();
            let begins = lines > 1 || rest[lines..].starts_with("• ");
            if depth == 0 && begins {
                starts.push(at);
            }
            at += lines;
        }
        rest = &html[at..];
    }
    let ends = starts.iter().skip(1).copied().chain([html.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| &html[*start..end])
        .filter(|item| !item.trim().is_empty())
        .collect()
}

/// Source text that can't ping anybody, nor look like a command of ours to tap: what Telegram would find in it
/// by itself is broken up by a joiner that nobody sees.
pub(super) fn inert(text: &str) -> String {
    let mut inert = String::with_capacity(text.len());
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        inert.push(c);
        let next = chars.peek().copied();
        let names = next.is_some_and(is_word);
        // What Telegram takes for a command stands behind anything but a word, a slash or a bracket of a tag.
        let begins = !is_word(before) && !"/<>".contains(before);
        if names && (c == '@' || c == '/' && begins) {
            inert.push(JOINER);
        }
        before = c;
    }
    inert
}

/// A headline without a link is never linked: addresses in it are broken up too.
pub(super) fn unlinked(text: &str) -> String {
    without_links(&inert(text))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub(super) fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Cuts text into pieces of at most so many UTF-16 units: between paragraphs where that is possible, else between
/// sentences, else between words, else between graphemes, and if one of those is longer than a message,
/// between its characters. Nothing is lost but white space at the cuts.
pub(super) fn cut(text: &str, most: usize) -> Vec<String> {
    cut_after(text, most, most)
}

/// The same where there is less room for the first piece. What fits into a later piece isn't cut to fill the first
/// one, which may be empty then.
pub(super) fn cut_after(text: &str, first: usize, most: usize) -> Vec<String> {
    let mut pieces = Pieces {
        done: Vec::new(),
        open: String::new(),
        room: first,
        most,
    };
    pieces.place(text, &LEVELS);
    pieces.end_piece();
    if pieces.done == [""] {
        return Vec::new();
    }
    pieces.done
}

type Level = fn(&str) -> Vec<&str>;

/// How text is divided, the most welcome way first.
const LEVELS: [Level; 5] = [
    |text| text.split_inclusive('\n').collect(),
    |text| text.split_sentence_bounds().collect(),
    |text| text.split_word_bounds().collect(),
    |text| text.graphemes(true).collect(),
    |text| text.split_inclusive(|_| true).collect(),
];

/// Pieces as they fill up.
struct Pieces {
    done: Vec<String>,
    open: String,
    /// What is left of the open one.
    room: usize,
    most: usize,
}

impl Pieces {
    fn place(&mut self, text: &str, levels: &[Level]) {
        let Some((divide, finer)) = levels.split_first() else {
            // A single character: no message is too short for it.
            return self.add(text);
        };
        for part in divide(text) {
            // White space at a cut is left out.
            let length = units(part.trim_end());
            if length <= self.room {
                self.add(part);
            } else if length <= self.most {
                self.end_piece();
                self.add(part);
            } else {
                self.place(part, finer);
            }
        }
    }

    fn add(&mut self, part: &str) {
        self.open.push_str(part);
        self.room = self.room.saturating_sub(units(part));
    }

    /// Only the first piece may be empty: then nothing fits into its room.
    fn end_piece(&mut self) {
        let piece = self.open.trim();
        if !piece.is_empty() || self.done.is_empty() {
            self.done.push(piece.to_owned());
        }
        self.open.clear();
        self.room = self.most;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_that_is_left_out_leaves_its_words() {
        let mut html = Html::text("Next: ");
        html.push(&Html::text("Sat 7 Nov <09:00>").at(1_794_042_000));
        html.push_text(" · or later");
        assert_eq!(
            html.text,
            "Next: <tg-time unix=\"1794042000\" format=\"wDt\">Sat 7 Nov &lt;09:00&gt;</tg-time> · or later"
        );
        assert!(has_moments(&html.text));
        let without = without_moments(&html.text);
        assert_eq!(without, "Next: Sat 7 Nov &lt;09:00&gt; · or later");
        assert_eq!(plain(&html.text, true), plain(&without, true));
        assert_eq!(html.units, Html::text(&plain(&without, true)).units);
    }

    #[test]
    fn a_title_whose_link_is_lost_leads_nowhere_else() {
        let html = "• <b><a href=\"https://example.org/?a=1&amp;b=2\">Example.com &amp; 8.8.8.8 merge</a></b> see www.example.net";
        let shown = |with_addresses| plain(html, with_addresses).replace(JOINER, "¦");
        assert_eq!(
            shown(true),
            "• Example.¦com & 8.¦8.¦8.¦8 merge (https://example.org/?a=1&b=2) see www.example.net"
        );
        assert_eq!(
            shown(false),
            "• Example.¦com & 8.¦8.¦8.¦8 merge see www.¦example.¦net"
        );
    }
}

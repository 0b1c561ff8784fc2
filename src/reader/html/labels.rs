//! Labels: what stands beside a headline and says who wrote the story, of what kind it is, where it appeared and when. It is
//! none of the story's text, and where it leads isn't where the story does.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::dates;
use crate::dates::timestamps::Written;
use crate::html::boilerplate::{names_the_outlet, names_the_story};
use crate::html::heading_roles::is_bold_headline;
use crate::html::outline::{Piece, PieceKind, is_worded};
use crate::html::shapes::dateline;
use crate::lexicon::bylines;
use crate::rules::Rules;
use crate::text::read_more;
use tidings_core::text;

/// The longest name of somebody, or of a kind of stories, in bytes and in words.
const LONGEST_NAME: usize = 40;
const MOST_WORDS: usize = 4;

/// The longest line that says whose a picture is, in bytes.
const LONGEST_CREDIT: usize = 160;

/// The pieces of a page without those that are labels; what else leads to no story leads nowhere. A label's date is its
/// headline's, and so is a section that the configuration knows by it.
pub(crate) fn without_labels<'p>(pieces: &'p [Piece], rules: &Rules) -> Cow<'p, [Piece]> {
    let labels = Labels::among(pieces, rules);
    let mut kept: Vec<Piece> = Vec::new();
    let mut is_changed = false;
    // What labels say of the headline that comes.
    let mut date = None;
    let mut section = None;
    for (at, piece) in pieces.iter().enumerate() {
        let place = labels.place(at);
        let is_changing = place.is_some() || is_loose(piece);
        if is_changing && !is_changed {
            is_changed = true;
            kept.extend_from_slice(&pieces[..at]);
        }
        if !is_changed {
            continue;
        }
        match place {
            None => {
                let mut piece = piece.clone();
                if is_loose(&piece) {
                    piece.lead_nowhere();
                }
                if is_headline(&piece) {
                    piece.own_date = piece.own_date.or_else(|| date.take());
                    piece.section = section.take();
                }
                (date, section) = (None, None);
                kept.push(piece);
            }
            Some(Place::Above) => {
                date = date.or_else(|| date_beside(piece));
                section = section.or_else(|| labels.section(piece));
            }
            Some(Place::Below(headline)) => {
                let line = pieces[headline].line;
                let titles = kept.iter_mut().rev();
                if let Some(title) = titles.take(MOST_BELOW).find(|title| title.line == line) {
                    title.section = title.section.take().or_else(|| labels.section(piece));
                    title.own_date = title.own_date.take().or_else(|| date_beside(piece));
                    if let Some(address) = piece.link.as_deref()
                        && labels.is_link_of(at, headline)
                    {
                        title.lead_to(address);
                    }
                }
            }
            Some(Place::Anywhere) => {}
        }
    }
    if is_changed {
        Cow::Owned(kept)
    } else {
        Cow::Borrowed(pieces)
    }
}

/// Where a label stands beside its headline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Above,
    /// Somewhere below the headline at a place.
    Below(usize),
    Anywhere,
}

/// How far below its headline a label is looked for, in pieces.
const MOST_BELOW: usize = 40;

/// The labels of a page.
struct Labels<'p> {
    pieces: &'p [Piece],
    rules: &'p Rules,
    /// How often a page has each link with few words.
    seen: HashMap<(&'p str, &'p str), u32>,
    /// Whether what the page calls labels are such: where they are most of what it has, they are its headlines.
    believes: bool,
    places: HashMap<usize, Place>,
}

impl<'p> Labels<'p> {
    fn among(pieces: &'p [Piece], rules: &'p Rules) -> Labels<'p> {
        let mut seen = HashMap::new();
        for piece in pieces.iter().filter(|piece| is_named_link(piece)) {
            if let Some(address) = piece.link.as_deref() {
                let times = seen.entry((address, piece.text.as_str())).or_default();
                *times += 1;
            }
        }
        let mut labels = Labels {
            pieces,
            rules,
            seen,
            believes: are_beside(pieces),
            places: HashMap::new(),
        };
        labels.find_around();
        labels.find_in_cards();
        labels.find_lists();
        labels.find_below();
        for at in 0..pieces.len() {
            if labels.is_label(at) {
                labels.places.entry(at).or_insert(Place::Anywhere);
            }
        }
        labels
    }

    fn place(&self, at: usize) -> Option<Place> {
        self.places.get(&at).copied()
    }

    /// The section that the configuration knows by a label.
    fn section(&self, piece: &Piece) -> Option<String> {
        self.is_known(piece).then(|| piece.text.clone())
    }

    fn is_known(&self, piece: &Piece) -> bool {
        piece.text.len() <= LONGEST_NAME && self.rules.is_heading(&piece.text)
    }

    /// What stands above headlines: in entries of their own, or above every one of their level. Or dates that end each entry.
    fn find_around(&mut self) {
        // Those of a kind, in the order in which the kinds come.
        let mut heads: Vec<(PieceKind, Vec<usize>)> = Vec::new();
        for (at, piece) in self.pieces.iter().enumerate() {
            if piece.is_above {
                self.places.insert(at, Place::Above);
            }
            if is_headline(piece) {
                match heads.iter_mut().find(|(kind, _)| *kind == piece.kind) {
                    Some((_, heads)) => heads.push(at),
                    None => heads.push((piece.kind, vec![at])),
                }
            }
        }
        let heads = heads.into_iter().map(|(_, heads)| heads);
        for heads in heads.filter(|heads| heads.len() > 1) {
            let ends = heads.iter().map(|at| self.end_of_entry(*at));
            let ends: Vec<usize> = ends.collect();
            let last = ends.last().map_or(0, |end| self.labels_before(*end));
            let are_above = last == 0
                && heads.iter().all(|at| self.labels_before(*at) > 0)
                && !heads.iter().any(|at| self.is_end_of_entry_before(*at));
            let are_behind = ends.iter().zip(&heads).all(|(end, at)| {
                let labels = *end - self.labels_before(*end)..*end;
                labels.start > at + 1
                    && self.pieces[labels]
                        .iter()
                        .any(|piece| date_beside(piece).is_some())
            });
            let entries: Vec<(usize, usize)> = heads.into_iter().zip(ends).collect();
            self.find_ends(&entries);
            for (at, end) in entries {
                let (place, before) = match (are_above, are_behind) {
                    (true, _) => (Place::Above, at),
                    (_, true) => (Place::Below(at), end),
                    _ => break,
                };
                for label in before - self.labels_before(before)..before {
                    self.places.insert(label, place);
                }
            }
        }
    }

    /// Where most entries end with the only link that they have, an outlet's name: that of the last one as well, behind which
    /// the page's last words may stand.
    fn find_ends(&mut self, entries: &[(usize, usize)]) {
        const FEWEST: usize = 2;
        let link_of = |(at, end): (usize, usize)| {
            let mut links = (at + 1..end).filter(|it| self.pieces[*it].links > 0);
            let only = links.next().filter(|_| links.next().is_none())?;
            (is_named_link(&self.pieces[only]) && self.is_link_of(only, at)).then_some(only)
        };
        let is_last = |it: &&(usize, usize)| link_of(**it).is_some_and(|link| link + 1 == it.1);
        let count = entries.iter().filter(is_last).count();
        if let Some(entry) = entries.last()
            && count >= FEWEST
            && 2 * count >= entries.len()
            && let Some(link) = link_of(*entry)
        {
            self.places.insert(link, Place::Below(entry.0));
        }
    }

    /// Whether a label right before a headline is the link of the entry above it.
    fn is_end_of_entry_before(&self, headline: usize) -> bool {
        let labels = headline - self.labels_before(headline)..headline;
        let above = &self.pieces[..labels.start];
        // A page's title, and a section's name, end nothing.
        let is_entry = |above: &usize| match (self.pieces[*above].kind, self.pieces[headline].kind)
        {
            (PieceKind::Heading(above), PieceKind::Heading(below)) => above >= below,
            (above, _) => above == PieceKind::Paragraph,
        };
        let entry = above.iter().rposition(ends_entry).filter(is_entry);
        entry.is_some_and(|entry| labels.clone().any(|label| self.is_link_of(label, entry)))
    }

    /// Whether a label is the only link of the entry whose headline stands at a place above it: an outlet's name that leads
    /// to the story, and no shelf.
    fn is_link_of(&self, label: usize, headline: usize) -> bool {
        let own = &self.pieces[label];
        own.link.is_some()
            && is_headline(&self.pieces[headline])
            && !self.is_known(&self.pieces[headline])
            && !own.is_called
            && !(is_asked(own) || is_byline(own) || own.is_linked && dateline(own).is_some())
            && !leads_to_shelf(own.link.as_deref())
            && !self.is_repeated(own)
            && self.pieces[headline..label].iter().all(|it| it.links == 0)
    }

    /// Whether a link stands several times on the page.
    fn is_repeated(&self, piece: &Piece) -> bool {
        let address = piece.link.as_deref();
        address.is_some_and(|address| {
            let times = self.seen.get(&(address, piece.text.as_str()));
            times.is_some_and(|times| *times > 1)
        })
    }

    /// Where the entry ends whose headline stands at a place.
    fn end_of_entry(&self, headline: usize) -> usize {
        let below = &self.pieces[headline + 1..];
        let end = below.iter().position(ends_entry);
        headline + 1 + end.unwrap_or(below.len())
    }

    /// How many pieces right before a place may be labels.
    fn labels_before(&self, at: usize) -> usize {
        const MOST: usize = 3;
        let above = self.pieces[..at].iter().rev();
        above
            .take(MOST)
            .take_while(|piece| may_be_label(piece))
            .count()
    }

    /// What leads elsewhere on a card whose headline has its own link, where there are several.
    fn find_in_cards(&mut self) {
        const MOST: usize = 2;
        let mut at = 0;
        let mut cards = Vec::new();
        for card in self.pieces.chunk_by(|one, two| one.card == two.card) {
            let (begins, ends) = (at, at + card.len());
            at = ends;
            let mut titles = (begins..ends).filter(|at| is_headline(&self.pieces[*at]));
            let (Some(title), None) = (titles.next(), titles.next()) else {
                continue;
            };
            if card[0].card == 0 || !self.pieces[title].is_linked {
                continue;
            }
            let labels: Vec<usize> = (title + 1..ends)
                .filter(|at| is_named_link(&self.pieces[*at]))
                .collect();
            cards.push((title, labels));
        }
        if cards.len() < 2 || cards.iter().any(|(_, labels)| labels.len() > MOST) {
            return;
        }
        for (title, labels) in cards {
            for label in labels {
                self.places.insert(label, Place::Below(title));
            }
        }
    }

    /// Lists of nothing but labels, and of other stories that have to do with one.
    fn find_lists(&mut self) {
        let mut seen: HashMap<(&str, &str), u32> = HashMap::new();
        for piece in self.pieces.iter().filter(|piece| is_named_entry(piece)) {
            let address = piece.link.as_deref().unwrap_or_default();
            *seen.entry((address, &piece.text)).or_default() += 1;
        }
        let mut headline = None;
        let mut at = 0;
        let is_entry = |piece: &Piece| piece.kind == PieceKind::Item;
        for run in self
            .pieces
            .chunk_by(|one, two| is_entry(one) == is_entry(two))
        {
            let begins = at;
            at += run.len();
            if !is_entry(&run[0]) {
                let last = run.iter().rposition(is_headline);
                headline = last.map(|last| begins + last).or(headline);
                continue;
            }
            let leads = headline.is_some_and(|headline| self.pieces[headline].is_linked);
            // Other lists may have the same stories, but hardly three.
            let fewest = if leads { 2 } else { 3 };
            let times = |piece: &Piece| {
                let address = piece.link.as_deref().unwrap_or_default();
                seen.get(&(address, piece.text.as_str()))
                    .copied()
                    .unwrap_or_default()
            };
            let is_labels = run.iter().all(is_named_entry)
                && (leads && run.iter().all(|piece| piece.is_called)
                    || run
                        .iter()
                        .all(|piece| leads_to_shelf(piece.link.as_deref()))
                    || run.iter().all(|piece| times(piece) >= fewest));
            let place = headline.map_or(Place::Anywhere, Place::Below);
            let is_of_section = headline.is_some_and(|headline| {
                headline + 1 == begins && self.is_known(&self.pieces[headline])
            });
            if is_labels && !is_of_section {
                for label in begins..at {
                    self.places.entry(label).or_insert(place);
                }
                continue;
            }
            if headline.is_none() {
                continue;
            }
            // `Related:` behind a story's text, and the list below it.
            let is_text = |piece: &Piece| {
                text::ends_sentence_or_question(&piece.text) || dateline(piece).is_some()
            };
            let is_introduced = begins >= 2
                && is_over_related(&self.pieces[begins - 1])
                && is_text(&self.pieces[begins - 2]);
            let first = if is_introduced { begins - 1 } else { begins };
            if is_introduced || run.iter().all(is_related) {
                for other in first..at {
                    self.places.insert(other, Place::Anywhere);
                }
            }
        }
    }

    /// What stands right below a headline that leads to its story, before its text.
    fn find_below(&mut self) {
        let mut headline = None;
        for (at, piece) in self.pieces.iter().enumerate() {
            if is_headline(piece) {
                let leads = piece.is_linked && !self.is_known(piece);
                headline = (leads || self.is_over_its_link(at)).then_some(at);
                continue;
            }
            let Some(title) = headline else { continue };
            if self.places.contains_key(&at) || dateline(piece).is_some() {
                continue;
            }
            let is_label = is_named_link(piece)
                && !self.is_known(piece)
                && is_shorter(piece, &self.pieces[title])
                && self.is_before_text(at);
            if is_label {
                self.places.insert(at, Place::Below(title));
            } else {
                headline = None;
            }
        }
    }

    /// Whether a headline that leads nowhere stands over an outlet's name that leads to the story, and that over its text. A
    /// section's name may stand over a headline of a few words, but not when it is much longer than that.
    fn is_over_its_link(&self, headline: usize) -> bool {
        const FEWEST_WORDS: usize = 4;
        let (piece, link) = (&self.pieces[headline], headline + 1);
        let is_long = piece
            .text
            .split_whitespace()
            .nth(FEWEST_WORDS - 1)
            .is_some();
        let text = self.pieces.get(link + 1);
        piece.links == 0
            && is_long
            && text.is_some_and(|text| text.kind == PieceKind::Paragraph && !is_headline(text))
            && is_named_link(&self.pieces[link])
            && 2 * self.pieces[link].text.len() <= piece.text.len()
            && self.is_link_of(link, headline)
            && self.is_before_text(link)
    }

    /// Whether what stands behind a label is its headline's text, or nothing: no other link begins a line of it.
    fn is_before_text(&self, at: usize) -> bool {
        let below = self.pieces.iter().enumerate().skip(at + 1);
        let below = below
            .take(MOST_BELOW)
            .take_while(|(_, piece)| !ends_entry(piece));
        let mut others =
            below.skip_while(|(_, piece)| is_named_link(piece) || dateline(piece).is_some());
        others.all(|(at, piece)| {
            let begun = piece.begins.map(|end| &piece.text[..end]);
            begun.is_none_or(names_the_story) || self.is_label(at)
        })
    }

    /// Whether a link stands where a headline does, whatever it leads to: right over a text, and under none.
    fn is_over_text(&self, at: usize) -> bool {
        let is_beside = |piece: &&Piece| dateline(piece).is_some();
        let mut below = self.pieces[at + 1..].iter().skip_while(is_beside);
        let mut above = self.pieces[..at].iter().rev().skip_while(is_beside);
        let is_text = |piece: &Piece| {
            !ends_entry(piece)
                && piece.kind == PieceKind::Paragraph
                && !piece.is_linked
                && text::ends_sentence_or_question(&piece.text)
        };
        below.next().is_some_and(is_text)
            && above.next().is_none_or(|above| {
                is_text(above)
                    || above.kind == PieceKind::Rule
                    || above.is_heading() && self.is_known(above)
            })
    }

    /// Whether a paragraph is nothing but a label, wherever it stands.
    fn is_label(&self, at: usize) -> bool {
        let piece = &self.pieces[at];
        if self.believes && is_called_name(piece) && !self.is_known(piece) {
            return true;
        }
        if piece.kind != PieceKind::Paragraph || piece.is_quoted {
            return false;
        }
        let leads_to_none = || leads_to_shelf(piece.link.as_deref()) || self.is_repeated(piece);
        let is_named = || is_named_link(piece) && !self.is_known(piece) && leads_to_none();
        is_byline(piece) || (is_asked(piece) || is_named()) && !self.is_over_text(at)
    }
}

/// Whether an entry of a list is one link, and as short as names are.
fn is_named_entry(piece: &Piece) -> bool {
    piece.kind == PieceKind::Item
        && piece.is_linked
        && !piece.is_stressed
        && is_name(&piece.text)
        && piece
            .link
            .as_deref()
            .is_some_and(|link| !link.starts_with('#'))
}

static RELATED: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(bylines::RELATED).unwrap()
});

/// Whether a line stands over other stories that have to do with one.
fn is_over_related(piece: &Piece) -> bool {
    piece.kind == PieceKind::Paragraph
        && piece.links == 0
        && text::fold_within(&piece.text, LONGEST_NAME).is_some_and(|line| RELATED.is_match(&line))
}

/// Whether an entry says that it is such a story: `See also: [The won in 2009](…)`.
fn is_related(piece: &Piece) -> bool {
    let before = piece.text.split_once([':', '：']).map(|(before, _)| before);
    piece.links > 0
        && before
            .and_then(|before| text::fold_within(before, LONGEST_NAME))
            .is_some_and(|before| RELATED.is_match(&before))
}

/// Whether a piece is set like a headline.
fn is_headline(piece: &Piece) -> bool {
    piece.is_heading() || piece.is_stressed && is_bold_headline(piece)
}

/// Whether a piece ends the entry before it.
fn ends_entry(piece: &Piece) -> bool {
    is_headline(piece) || piece.kind == PieceKind::Rule
}

/// Whether a piece is as labels are: a date, a name that leads somewhere.
fn may_be_label(piece: &Piece) -> bool {
    piece.kind == PieceKind::Paragraph
        && !is_headline(piece)
        && (is_named_link(piece)
            || is_called_name(piece)
            || dateline(piece).is_some()
            || is_dated_name(piece))
}

/// The date that a label says.
fn date_beside(piece: &Piece) -> Option<Written> {
    let told = || piece.time.clone().filter(|_| is_dated_name(piece));
    let line = dateline(piece).and_then(|line| line.date);
    line.or_else(|| told().map(|(date, _)| date))
}

/// Whether a piece is a name that leads somewhere with a moment behind it: `[Labor](…) / 18 November`.
pub(super) fn is_dated_name(piece: &Piece) -> bool {
    let Some((_, written)) = &piece.time else {
        return false;
    };
    let behind = |end: usize| {
        let rest = piece.text[end..].replacen(written.as_str(), "", 1);
        !rest.contains(char::is_alphanumeric)
    };
    piece
        .begins
        .is_some_and(|end| is_name(&piece.text[..end]) && behind(end))
}

/// Whether a label is much shorter than its headline.
fn is_shorter(label: &Piece, headline: &Piece) -> bool {
    const MOST_WORDS: usize = 3;
    let (label, headline) = (&label.text, &headline.text);
    let is_few = label.split_whitespace().nth(MOST_WORDS).is_none() && is_worded(headline);
    2 * label.len() <= headline.len() || is_few && label.len() < headline.len()
}

/// Whether a text is as short as names are.
pub(super) fn is_name(text: &str) -> bool {
    text.len() <= LONGEST_NAME
        && text.split_whitespace().nth(MOST_WORDS).is_none()
        && text.contains(char::is_alphabetic)
        && !text::ends_sentence_or_question(text)
        && !names_the_story(text)
}

/// Whether what a page calls labels stands beside dates and headlines, at most so many of them beside each.
fn are_beside(pieces: &[Piece]) -> bool {
    const MOST: usize = 2;
    let is_date = |at: usize| {
        pieces
            .get(at)
            .is_some_and(|piece| dateline(piece).is_some())
    };
    let is_alone = |at: usize| !is_date(at + 1) && !at.checked_sub(1).is_some_and(is_date);
    let alone = (0..pieces.len()).filter(|at| is_called_name(&pieces[*at]) && is_alone(*at));
    let headlines = pieces.iter().filter(|piece| is_headline(piece));
    alone.count()
        <= MOST
            * headlines
                .filter(|piece| piece.kind != PieceKind::Heading(1))
                .count()
}

/// Whether what its page calls a label is as short as one, and no date.
fn is_called_name(piece: &Piece) -> bool {
    piece.is_called
        && (piece.kind == PieceKind::Paragraph || piece.goes_on)
        && !piece.is_stressed
        && (is_name(&piece.text) || is_row_of_names(piece))
        && dateline(piece).is_none()
}

/// Whether a paragraph is a link as short as names are, or several in a row: `[Ann Lee](…) and [Bo Park](…)`.
pub(super) fn is_named_link(piece: &Piece) -> bool {
    piece.kind == PieceKind::Paragraph
        && !piece.is_stressed
        && (piece.is_linked && is_name(&piece.text) || is_row_of_names(piece))
        && read_more::only_address(&piece.text).is_none()
}

/// Whether a paragraph is several such links, and little else.
fn is_row_of_names(piece: &Piece) -> bool {
    const MOST_NAMES: u32 = 4;
    const LONGEST: usize = 100;
    /// A name's words, and one that parts two.
    const WORDS: usize = 4;
    let begins = || piece.begins.is_some_and(|end| is_name(&piece.text[..end]));
    let most = WORDS * usize::try_from(piece.links).unwrap_or_default();
    (2..=MOST_NAMES).contains(&piece.links)
        && piece.text.len() <= LONGEST
        && begins()
        && piece.text.ends_with(piece.tail.as_str())
        && is_name(&piece.tail)
        && piece.text.split_whitespace().nth(most).is_none()
        && !text::ends_sentence_or_question(&piece.text)
}

/// Whether a paragraph says who wrote the story, with a link to them and without a date: `By Ann Lee`.
fn is_byline(piece: &Piece) -> bool {
    piece.links > 0
        && piece.time.is_none()
        && dates::dateline(&piece.text).is_some_and(|line| line.date.is_none())
}

/// Whether a paragraph is a link by which a site asks something of its readers: `Donate now`.
fn is_asked(piece: &Piece) -> bool {
    let first = || piece.text.split_whitespace().next().unwrap_or_default();
    let asks = |first: &str| {
        let asked = bylines::ASKED.iter();
        asked.clone().any(|word| first.eq_ignore_ascii_case(word))
    };
    piece.is_linked
        && is_name(&piece.text)
        && (asks(first())
            || !piece.is_stressed && leads_to(piece.link.as_deref(), bylines::COUNTERS, 1))
}

/// Whether text holds a link that is surely not its story's: whose a picture is, of what kind the story is.
fn is_loose(piece: &Piece) -> bool {
    static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        Regex::new(bylines::CREDITS).unwrap()
    });
    let is_text = piece.kind == PieceKind::Paragraph || piece.goes_on;
    let begins = piece
        .text
        .trim_start_matches(['(', '[', '（', '【', '▲', ' ']);
    is_text
        && piece.links > 0
        && piece.text.len() <= LONGEST_CREDIT
        && (CREDIT.is_match(begins) && (piece.tail.is_empty() || is_name(&piece.tail))
            || has_byline(piece))
        && !names_the_outlet(&piece.text)
}

/// Whether a paragraph says who wrote the story, and when.
fn has_byline(piece: &Piece) -> bool {
    !piece.is_linked && !piece.is_stressed && dates::dateline(&piece.text).is_some()
}

/// Whether an address is that of a kind of stories.
pub(super) fn leads_to_kind(address: Option<&str>) -> bool {
    leads_to(address, bylines::KINDS, 2)
}

/// Whether an address is that of somebody who writes, or of a kind of stories.
fn leads_to_shelf(address: Option<&str>) -> bool {
    leads_to(address, bylines::SHELVES, 2)
}

/// Whether one of the last parts of an address's path, but for so many, is such a word.
fn leads_to(address: Option<&str>, words: &[&str], behind: usize) -> bool {
    let Some(address) = address else { return false };
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let parts = path.trim_end_matches('/').rsplit('/');
    parts
        .take(behind + 1)
        .any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}

//! Which dates on a page are those of single entries: the headline of an entry has the only date beside it, wherever in the
//! entry that stands.

use std::borrow::Cow;
use std::ops::Range;

use crate::html::boilerplate::names_the_story;
use crate::html::heading_roles::is_bold_headline;
use crate::html::labels::is_named_link;
use crate::html::outline::{Piece, PieceKind, is_worded};
use crate::html::shapes::dateline;
use crate::limits::steps;

/// Dates that wait for an entry around them.
const MOST_WAITING: usize = 50;

/// The dates of a page as it is walked through.
#[derive(Default)]
pub(crate) struct EntryDates {
    /// How many pieces there were where each of the open elements began.
    begun: Vec<usize>,
    /// The pieces that are nothing but a date, and aren't known to belong to an entry or to none.
    waiting: Vec<usize>,
}

impl EntryDates {
    /// An element begins behind so many pieces.
    pub(crate) fn enter(&mut self, pieces: usize) {
        self.begun.push(pieces);
    }

    /// A piece has ended.
    pub(crate) fn add(&mut self, at: usize, piece: &Piece) {
        let is_text = !matches!(piece.kind, PieceKind::Heading(_) | PieceKind::Rule);
        if is_text && dateline(piece).is_some_and(|line| line.date.is_some()) {
            if self.waiting.len() == MOST_WAITING {
                self.waiting.remove(0);
            }
            self.waiting.push(at);
        }
    }

    /// An element ends: if it is an entry with a date, its headline is given that.
    pub(crate) fn leave(&mut self, pieces: &mut [Piece]) {
        let Some(begun) = self.begun.pop() else {
            return;
        };
        let within = begun..pieces.len();
        let first = self.waiting.partition_point(|at| *at < begun);
        if within.len() < 2 || first == self.waiting.len() {
            return;
        }
        steps::spend(within.len());
        let dates = &self.waiting[first..];
        let title = match title_of(pieces, within.clone(), dates) {
            Title::Missing if dates.len() == 1 => return,
            Title::Missing | Title::Many => None,
            Title::One(title) => Some(title),
        };
        if let (Some(title), [date]) = (title, dates) {
            give(pieces, *date, title, within.end);
        }
        self.waiting.truncate(first);
    }
}

/// What titles an element that may be an entry.
enum Title {
    /// Nothing so far.
    Missing,
    One(usize),
    /// It is more than one entry.
    Many,
}

fn title_of(pieces: &[Piece], within: Range<usize>, dates: &[usize]) -> Title {
    let all = || within.clone().filter(|at| !dates.contains(at));
    let is_heading = |at: &usize| pieces[*at].is_heading();
    let entries = all().filter(|at| pieces[*at].kind == PieceKind::Item && !pieces[*at].goes_on);
    // Who wrote it is no title.
    let is_set = |at: &usize| {
        let piece = &pieces[*at];
        piece.is_stressed || piece.begins.is_some() && !piece.is_called
    };
    if all().any(|at| pieces[at].kind == PieceKind::Rule) || entries.take(2).count() == 2 {
        return Title::Many;
    }
    let headings: Vec<usize> = all().filter(is_heading).take(2).collect();
    // One heading may be a section's over several entries.
    let is_headline = |at: &usize| pieces[*at].is_stressed && is_bold_headline(&pieces[*at]);
    let is_link = |at: &usize| {
        let piece = &pieces[*at];
        piece.begins.is_some_and(|end| {
            is_worded(&piece.text[..end]) && !names_the_story(&piece.text[..end])
        })
    };
    let is_linked = |at: &usize| pieces[*at].kind == PieceKind::Item && is_link(at);
    let is_section = || {
        let others = || all().filter(|at| !is_heading(at));
        others().any(|at| is_headline(&at) || is_linked(&at))
            || others().filter(is_link).nth(1).is_some()
    };
    if !headings.is_empty() && is_section() {
        return Title::Many;
    }
    // What leads where the headline does is its text, and a name beside the date is who wrote it.
    let is_beside = |at: usize, title: usize| {
        let is_name = is_named_link(&pieces[at]) && dates.iter().any(|date| date.abs_diff(at) <= 2);
        at != title && (pieces[at].link == pieces[title].link || is_name)
    };
    let titles = match headings[..] {
        [] => {
            let title = all().filter(is_set).find(is_link);
            all()
                .filter(is_set)
                .filter(|at| title.is_none_or(|title| !is_beside(*at, title)))
                .take(2)
                .collect()
        }
        _ => headings,
    };
    // `<time>…</time> • [Ann Lee](…)` is no entry yet.
    let is_writer = |at: usize| {
        is_named_link(&pieces[at]) && !is_link(&at) && dates.last().is_some_and(|date| *date < at)
    };
    match titles[..] {
        [] => Title::Missing,
        [one] if is_writer(one) => Title::Missing,
        [one] => Title::One(one),
        _ => Title::Many,
    }
}

/// Gives a headline the date that stands beside it.
fn give(pieces: &mut [Piece], date: usize, title: usize, end: usize) {
    let Some(line) = dateline(&pieces[date]) else {
        return;
    };
    pieces[title].own_date = line.date;
    pieces[date].is_given = true;
    // The entry of a list begins behind it.
    let begins = pieces[date].kind == PieceKind::Item && !pieces[date].goes_on;
    if begins && date + 1 < end {
        pieces[date + 1].goes_on = false;
    }
}

/// The pieces without the dates that entries were given.
pub(crate) fn without_given(pieces: &[Piece]) -> Cow<'_, [Piece]> {
    if pieces.iter().any(|piece| piece.is_given) {
        let others = pieces.iter().filter(|piece| !piece.is_given);
        return Cow::Owned(others.cloned().collect());
    }
    Cow::Borrowed(pieces)
}

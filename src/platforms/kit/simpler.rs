//! What goes instead of a message that a platform refuses for what it says (design.md, promise 3): as plain text, then
//! without links and buttons, then in halves as it was composed, and at last each headline alone without its link. What
//! is refused then is the offending one, and all else has arrived with its links.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How much simpler a message is than it was composed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// As it was composed.
    #[default]
    Composed,
    /// Plain text, with the addresses of its links.
    Plain,
    /// Plain text without links.
    Unlinked,
    /// As it was composed, and only a part of it.
    Half,
    /// The only headline that is left, as plain text without its link.
    Alone,
}

impl Step {
    /// Returns true if it is as it was composed.
    pub fn is_first(&self) -> bool {
        *self == Step::Composed
    }

    /// Returns true if it is plain text.
    pub fn is_plain(self) -> bool {
        matches!(self, Step::Plain | Step::Unlinked | Step::Alone)
    }

    /// Whether buttons hang under it: they may be to blame as well.
    pub fn has_buttons(self) -> bool {
        !matches!(self, Step::Unlinked | Step::Alone)
    }
}

/// Which items of what was composed a message holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// All of them.
    #[default]
    All,
    /// Those from one on, up to another one.
    Items(usize, usize),
    /// That can't be told.
    Unknown,
}

impl Holds {
    /// Returns true if it is all of them.
    pub fn is_all(&self) -> bool {
        *self == Holds::All
    }

    /// Some of what it holds, which is so many items.
    fn part(self, part: Range<usize>, count: usize) -> Holds {
        match self {
            Holds::All => Holds::Items(part.start, part.end),
            Holds::Items(from, to) if to.checked_sub(from) == Some(count) => {
                Holds::Items(from + part.start, from + part.end)
            }
            // Put together again they aren't the items that they were.
            Holds::Items(..) | Holds::Unknown => Holds::Unknown,
        }
    }
}

/// What a message says, in a platform's own form.
pub trait Said: Clone + PartialEq {
    /// Its headlines and paragraphs, each by itself.
    fn items(&self) -> Vec<Self>;

    /// Items that stand one after the other, as one message.
    fn joined(items: &[Self]) -> Self;

    /// Plain text, with the addresses of its links or without.
    fn plain(&self, with_links: bool) -> Self;

    /// Whether it isn't longer than a message may be.
    fn fits(&self) -> bool;

    /// Of a single headline, whether it is struck out; `None` if it is none.
    fn is_struck(&self) -> Option<bool> {
        None
    }
}

/// One of the messages that go instead.
pub struct Piece<T> {
    /// How much simpler it is.
    pub step: Step,
    /// What it says.
    pub said: T,
    /// What it was made from, where that is needed once more.
    pub instead_of: Option<T>,
    /// Which items it holds.
    pub holds: Holds,
}

/// What goes instead of a message that holds some items; nothing, if nothing simpler is left.
pub fn simpler<T: Said>(
    step: Step,
    said: &T,
    instead_of: Option<&T>,
    holds: Holds,
) -> Vec<Piece<T>> {
    let unlinked = |of: &T, holds| Piece {
        step: Step::Unlinked,
        said: of.plain(false),
        instead_of: Some(of.clone()),
        holds,
    };
    match step {
        Step::Composed => {
            let runs = runs(said);
            let count = runs.last().map_or(0, |(items, _)| items.end);
            let plain = |(items, run): (Range<usize>, T)| {
                let holds = holds.part(items, count);
                let said = run.plain(true);
                if !said.fits() {
                    return unlinked(&run, holds);
                }
                Piece {
                    step: Step::Plain,
                    said,
                    instead_of: Some(run),
                    holds,
                }
            };
            runs.into_iter().map(plain).collect()
        }
        Step::Plain => {
            let unlinked = instead_of.map(|of| unlinked(of, holds));
            unlinked.into_iter().collect()
        }
        Step::Unlinked => instead_of.map(|of| halves(of, holds)).unwrap_or_default(),
        Step::Half => {
            let halves = halves(said, holds);
            if !halves.is_empty() {
                return halves;
            }
            vec![Piece {
                step: Step::Alone,
                said: said.plain(false),
                instead_of: None,
                holds,
            }]
        }
        Step::Alone => Vec::new(),
    }
}

/// Both halves; none, if it is a single item.
fn halves<T: Said>(said: &T, holds: Holds) -> Vec<Piece<T>> {
    let items = said.items();
    if items.len() < 2 {
        return Vec::new();
    }
    let middle = items.len() / 2;
    // What stands over headlines goes with the next one.
    let behind_headlines = (1..items.len()).filter(|at| items[at - 1].is_struck().is_some());
    let middle = behind_headlines
        .min_by_key(|at| at.abs_diff(middle))
        .unwrap_or(middle);
    let half = |part: Range<usize>| Piece {
        step: Step::Half,
        said: T::joined(&items[part.clone()]),
        instead_of: None,
        holds: holds.part(part, items.len()),
    };
    vec![half(0..middle), half(middle..items.len())]
}

/// The items in as few runs as fit into a message each as plain text, with which they are.
fn runs<T: Said>(said: &T) -> Vec<(Range<usize>, T)> {
    let mut runs: Vec<Vec<T>> = Vec::new();
    for item in said.items() {
        if let Some(run) = runs.last_mut() {
            run.push(item.clone());
            if T::joined(run).plain(true).fits() {
                continue;
            }
            run.pop();
        }
        runs.push(vec![item]);
    }
    let mut begin = 0;
    let run = |run: &Vec<T>| {
        let items = begin..begin + run.len();
        begin = items.end;
        (items, T::joined(run))
    };
    runs.iter().map(run).collect()
}

/// What a message says, which holds some of the items of what was composed, where that says something else.
pub enum Renewed<T> {
    /// What it said.
    Same,
    /// Something else.
    Says {
        /// What it says.
        said: T,
        /// Whether all its headlines are struck out.
        is_struck: bool,
    },
    /// That can't be told.
    Unknown,
}

/// What a message says that holds some items, once what it is a piece of says something else. That may hold only some of what
/// was composed, too (`within`).
pub fn renewed<T: Said>(
    step: Step,
    holds: Holds,
    within: Holds,
    before: &T,
    after: &T,
) -> Renewed<T> {
    let (old, new) = (before.items(), after.items());
    let first = match within {
        Holds::All => 0,
        Holds::Items(from, _) => from,
        Holds::Unknown => return Renewed::Unknown,
    };
    let held = match holds {
        Holds::All if step == Step::Composed => 0..old.len(),
        Holds::Items(from, to) if from >= first => from - first..to - first,
        // Pieces of earlier versions don't say it.
        Holds::All | Holds::Items(..) | Holds::Unknown => return Renewed::Unknown,
    };
    let (Some(was), Some(is)) = (old.get(held.clone()), new.get(held)) else {
        return Renewed::Unknown;
    };
    // What has become more or fewer items may belong to any message.
    if old.len() != new.len() {
        return Renewed::Unknown;
    }
    if was == is {
        return Renewed::Same;
    }
    let headlines: Vec<bool> = is.iter().filter_map(T::is_struck).collect();
    let whole = T::joined(is);
    let said = match step {
        Step::Composed | Step::Half => whole,
        Step::Plain => Some(whole.plain(true))
            .filter(T::fits)
            .unwrap_or_else(|| whole.plain(false)),
        Step::Unlinked | Step::Alone => whole.plain(false),
    };
    Renewed::Says {
        said,
        is_struck: !headlines.is_empty() && headlines.iter().all(|struck| *struck),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines, of which those with a bullet are headlines.
    #[derive(Clone, Debug, PartialEq)]
    struct Lines(Vec<&'static str>);

    impl Said for Lines {
        fn items(&self) -> Vec<Lines> {
            self.0.iter().map(|line| Lines(vec![line])).collect()
        }

        fn joined(items: &[Lines]) -> Lines {
            Lines(items.iter().flat_map(|item| item.0.clone()).collect())
        }

        fn plain(&self, _with_links: bool) -> Lines {
            self.clone()
        }

        fn fits(&self) -> bool {
            true
        }

        fn is_struck(&self) -> Option<bool> {
            self.0[0].starts_with('•').then_some(false)
        }
    }

    #[test]
    fn a_heading_goes_with_the_headline_under_it() {
        let said = Lines(vec!["US-NK", "• one", "• two", "Japan", "• three"]);
        let halves = halves(&said, Holds::All);
        let said: Vec<&[&str]> = halves.iter().map(|half| half.said.0.as_slice()).collect();
        assert_eq!(
            said,
            [&["US-NK", "• one"][..], &["• two", "Japan", "• three"]]
        );
        // Where there is no headline to cut behind, each is by itself.
        let rest = super::halves(&Lines(vec!["Japan", "• three"]), Holds::All);
        assert_eq!(rest.len(), 2);
    }
}

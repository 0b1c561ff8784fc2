//! What goes instead of a message that a platform refuses for what it says (design.md, promise 3): as plain text, then
//! without links and buttons, then in halves as it was composed, and at last each headline alone without its link. What
//! is refused then is the offending one, and all else has arrived with its links.

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

/// What a message says, in a platform's own form.
pub trait Said: Clone {
    /// Its headlines and paragraphs, each by itself.
    fn items(&self) -> Vec<Self>;

    /// Items that stand one after the other, as one message.
    fn joined(items: &[Self]) -> Self;

    /// Plain text, with the addresses of its links or without.
    fn plain(&self, with_links: bool) -> Self;

    /// Whether it isn't longer than a message may be.
    fn fits(&self) -> bool;
}

/// One of the messages that go instead.
pub struct Piece<T> {
    /// How much simpler it is.
    pub step: Step,
    /// What it says.
    pub said: T,
    /// What it was made from, where that is needed once more.
    pub instead_of: Option<T>,
}

/// What goes instead of a message; nothing, if nothing simpler is left.
pub fn simpler<T: Said>(step: Step, said: &T, instead_of: Option<&T>) -> Vec<Piece<T>> {
    let unlinked = |of: &T| Piece {
        step: Step::Unlinked,
        said: of.plain(false),
        instead_of: Some(of.clone()),
    };
    match step {
        Step::Composed => {
            let plain = |run: T| {
                let said = run.plain(true);
                if !said.fits() {
                    return unlinked(&run);
                }
                Piece {
                    step: Step::Plain,
                    said,
                    instead_of: Some(run),
                }
            };
            runs(said).into_iter().map(plain).collect()
        }
        Step::Plain => instead_of.map(unlinked).into_iter().collect(),
        Step::Unlinked => instead_of.map(halves).unwrap_or_default(),
        Step::Half => {
            let halves = halves(said);
            if !halves.is_empty() {
                return halves;
            }
            vec![Piece {
                step: Step::Alone,
                said: said.plain(false),
                instead_of: None,
            }]
        }
        Step::Alone => Vec::new(),
    }
}

/// Both halves; none, if it is a single item.
fn halves<T: Said>(said: &T) -> Vec<Piece<T>> {
    let items = said.items();
    if items.len() < 2 {
        return Vec::new();
    }
    let (first, second) = items.split_at(items.len() / 2);
    let half = |items| Piece {
        step: Step::Half,
        said: T::joined(items),
        instead_of: None,
    };
    vec![half(first), half(second)]
}

/// The items in as few runs as fit into a message each as plain text.
fn runs<T: Said>(said: &T) -> Vec<T> {
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
    runs.iter().map(|run| T::joined(run)).collect()
}

//! Buttons under an answer. All that one needs is in its data, so it works after a restart, and however old
//! the message is. The data is short enough for the platform with the least room for it.

use super::command::{ListPage, Reply, Request};
use super::packed::{pack, unpack};
use crate::editing::items::Words;
use tidings_core::channel::Target;
use tidings_core::ids::{DeedId, ItemId, ReviewId, SectionId};
use tidings_core::item::Place;
use tidings_core::language::Localizer;
use tidings_core::post::{EditorDeed, PostAction};

/// The most bytes of a button's data: what the platform with the least room for it takes (each platform's
/// folder names where its limit comes from).
pub const MOST_DATA: usize = 64;

/// The most sections to go to from an answer: what the platform with the longest menu takes.
const MOST_SECTIONS: usize = 24;

/// The most of them that are buttons: more than a screenful isn't looked through; `/sections` has all.
const MOST_BUTTONS: usize = 8;

/// The most choices that an answer offers besides: what a menu of the platform with the longest one takes, less some
/// for what else is offered: the ways to the others.
const MOST_CHOICES: usize = 20;

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Shows the newest headlines of a section, or of all, in place.
    Open(Option<SectionId>),
    /// Shows another page, in place.
    ShowPage(ListPage),
    /// Follows a section, or all, as `/subscribe` without a time does.
    Follow(Target),
    /// Shows items with their summaries.
    Summaries(Vec<ItemId>),
    /// Asks for words to search, or says how to ask.
    Search,
    /// Lists all sections.
    Sections,
    /// Has an editor do something to what waits for editors.
    Review {
        /// What waits.
        review: ReviewId,
        /// What is done.
        deed: EditorDeed,
        /// As which version of it that was offered; buttons of older versions of the program don't say.
        version: Option<i64>,
    },
    /// Offers an editor the items of what waits for editors, from one on.
    Choices {
        /// What waits.
        review: ReviewId,
        /// How many were offered before.
        from: usize,
    },
    /// Has an editor do something to an item that waits for editors.
    Held {
        /// The item.
        item: ItemId,
        /// What is done.
        deed: HeldDeed,
    },
    /// Has an editor do something to an item.
    Edit {
        /// The item.
        item: ItemId,
        /// What is done.
        deed: EditDeed,
    },
    /// Undoes what an editor did.
    UndoDeed(DeedId),
    /// Brings a link that signs in to the dashboard.
    SignIn,
}

/// What an editor may do to an item of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditDeed {
    /// Has it say something else; asks for what, where that isn't said. With it goes how the item stood when that was
    /// written ([`ItemState::seen`](crate::editing::items::ItemState)).
    Correct(Option<(Words, i64)>),
    /// Shows the sections that it may be filed under, from one on.
    Choose(usize),
    /// Files it elsewhere.
    Move(SectionId),
    /// Takes it back.
    Withdraw,
    /// Puts it back.
    Restore,
    /// Has it tell a story of its own.
    Split,
    /// Has it tell another item's story; asks for that one's number, where it isn't said. What was written instead of a number
    /// goes with it.
    Join(Option<Result<ItemId, String>>),
}

/// What an editor may do to an item that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldDeed {
    /// Shows what can be done; of the sections that it may be filed under, from one on.
    Show(usize),
    /// Withdraws it unseen.
    Drop,
    /// Files it elsewhere.
    Move(SectionId),
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What it says.
    pub label: String,
    /// [`Action`] as text of at most [`MOST_DATA`] bytes.
    pub data: String,
}

impl Action {
    /// What a button under a post about a review does; `None` for any other.
    pub fn of_review(offered: &PostAction) -> Option<Action> {
        match *offered {
            PostAction::Review {
                review,
                deed,
                version,
            } => Some(Action::Review {
                review: ReviewId::new(review),
                deed,
                version,
            }),
            _ => None,
        }
    }

    /// What it has a channel follow, if it does.
    pub fn follows(&self) -> Option<Target> {
        match self {
            Action::Follow(target) => Some(*target),
            Action::Open(_)
            | Action::ShowPage(_)
            | Action::Summaries(_)
            | Action::Search
            | Action::Sections
            | Action::Review { .. }
            | Action::Choices { .. }
            | Action::Held { .. }
            | Action::Edit { .. }
            | Action::UndoDeed(_)
            | Action::SignIn => None,
        }
    }

    /// Returns true if it changes something.
    pub fn is_change(&self) -> bool {
        self.follows().is_some() || self.is_editors()
    }

    /// Returns true if only editors may.
    pub fn is_editors(&self) -> bool {
        matches!(
            self,
            Action::Review { .. }
                | Action::Choices { .. }
                | Action::Held { .. }
                | Action::Edit { .. }
                | Action::UndoDeed(_)
        )
    }

    /// The action as a button's data; `None` if it doesn't fit.
    pub fn encode(&self) -> Option<String> {
        let data = match self {
            Action::Open(section) => format!("l{}", id(*section)),
            Action::Follow(target) => format!("f{}", id(target.section())),
            Action::Summaries(items) => format!("p{}", pack(items)),
            Action::Search => "w".to_owned(),
            Action::Sections => "c".to_owned(),
            Action::Review {
                review,
                deed,
                version,
            } => {
                let version = version.map_or_else(String::new, |version| format!("v{version}"));
                format!("e{}{review}{version}", letter(*deed))
            }
            Action::Choices { review, from } => format!("en{review}+{from}"),
            Action::Held { item, deed } => match deed {
                HeldDeed::Show(0) => format!("h{item}"),
                HeldDeed::Show(from) => format!("h{item}+{from}"),
                HeldDeed::Drop => format!("hx{item}"),
                HeldDeed::Move(section) => format!("hm{item}.{section}"),
            },
            Action::Edit { item, deed } => match deed {
                EditDeed::Correct(None) => format!("dc{item}"),
                EditDeed::Choose(0) => format!("dm{item}"),
                EditDeed::Choose(from) => format!("dm{item}+{from}"),
                EditDeed::Move(section) => format!("dm{item}.{section}"),
                EditDeed::Withdraw => format!("dw{item}"),
                EditDeed::Restore => format!("dr{item}"),
                EditDeed::Split => format!("ds{item}"),
                EditDeed::Join(None) => format!("dj{item}"),
                // What was written is in no button.
                EditDeed::Correct(Some(_)) | EditDeed::Join(Some(_)) => return None,
            },
            Action::UndoDeed(deed) => format!("du{deed}"),
            Action::SignIn => "b".to_owned(),
            Action::ShowPage(ListPage::Latest {
                section,
                count,
                from,
                shown,
                newer,
            }) => {
                let kind = if *newer { 'n' } else { 'o' };
                format!("{kind}{}.{count}.{shown}.{}", id(*section), place(*from))
            }
            Action::ShowPage(ListPage::Search {
                words,
                after,
                shown,
            }) => format!("s{shown}.{}.{words}", place(*after)),
            Action::ShowPage(ListPage::Summaries { items, page }) => {
                format!("q{page}.{}", pack(items))
            }
        };
        (data.len() <= MOST_DATA).then_some(data)
    }

    /// Reads a button's data; `None` if it is none of ours.
    pub fn decode(data: &str) -> Option<Action> {
        let kind = data.chars().next()?;
        let rest = &data[kind.len_utf8()..];
        match kind {
            'l' => Some(Action::Open(section(rest)?)),
            'f' => Some(Action::Follow(match section(rest)? {
                Some(section) => Target::Section(section),
                None => Target::All,
            })),
            'e' if rest.starts_with('n') => {
                let (review, from) = rest[1..].split_once('+')?;
                Some(Action::Choices {
                    review: ReviewId::new(review.parse().ok()?),
                    from: from.parse().ok()?,
                })
            }
            'e' => {
                let deed = DEEDS.iter().find(|(_, letter)| rest.starts_with(*letter))?;
                let rest = &rest[deed.1.len_utf8()..];
                let (review, version) = match rest.split_once('v') {
                    Some((review, version)) => (review, Some(version.parse().ok()?)),
                    None => (rest, None),
                };
                Some(Action::Review {
                    review: ReviewId::new(review.parse().ok()?),
                    deed: deed.0,
                    version,
                })
            }
            'h' => {
                let number = |text: &str| text.parse().ok().map(ItemId::new);
                let (item, deed) = if let Some(item) = rest.strip_prefix('x') {
                    (number(item)?, HeldDeed::Drop)
                } else if let Some(both) = rest.strip_prefix('m') {
                    let (item, section) = both.split_once('.')?;
                    let section = SectionId::new(section.parse().ok()?);
                    (number(item)?, HeldDeed::Move(section))
                } else {
                    let (item, from) = rest.split_once('+').unwrap_or((rest, "0"));
                    (number(item)?, HeldDeed::Show(from.parse().ok()?))
                };
                Some(Action::Held { item, deed })
            }
            'd' => read_edit(rest),
            'b' => rest.is_empty().then_some(Action::SignIn),
            'c' => rest.is_empty().then_some(Action::Sections),
            'w' => rest.is_empty().then_some(Action::Search),
            'p' => Some(Action::Summaries(unpack(rest)?)),
            'q' => {
                let (page, items) = rest.split_once('.')?;
                Some(Action::ShowPage(ListPage::Summaries {
                    items: unpack(items)?,
                    page: page.parse().ok()?,
                }))
            }
            // As versions before wrote it.
            'r' => Some(Action::Summaries(read_steps(rest)?)),
            'o' | 'n' => {
                let mut fields = rest.splitn(4, '.');
                Some(Action::ShowPage(ListPage::Latest {
                    section: section(fields.next()?)?,
                    count: fields
                        .next()?
                        .parse()
                        .ok()
                        .filter(|c| (1..=25).contains(c))?,
                    shown: counted(fields.next()?)?,
                    from: read_place(fields.next()?)?,
                    newer: kind == 'n',
                }))
            }
            's' => {
                let mut fields = rest.splitn(5, '.');
                let shown = counted(fields.next()?)?;
                let numbers = [fields.next()?, fields.next()?, fields.next()?].join(".");
                Some(Action::ShowPage(ListPage::Search {
                    shown,
                    after: read_place(&numbers)?,
                    words: fields.next()?.to_owned(),
                }))
            }
            _ => None,
        }
    }

    /// A button that does it; `None` if its data doesn't fit.
    pub fn button(&self, label: String) -> Option<Button> {
        let data = self.encode()?;
        Some(Button { label, data })
    }
}

/// What stands behind the `d` of what editors do to items.
fn read_edit(data: &str) -> Option<Action> {
    let kind = data.chars().next()?;
    let rest = &data[kind.len_utf8()..];
    if kind == 'u' {
        return Some(Action::UndoDeed(DeedId::new(rest.parse().ok()?)));
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (item, rest) = rest.split_at(digits);
    let deed = match (kind, rest) {
        ('c', "") => EditDeed::Correct(None),
        ('m', "") => EditDeed::Choose(0),
        ('m', rest) => match rest.strip_prefix('+') {
            Some(from) => EditDeed::Choose(from.parse().ok()?),
            None => {
                let section = rest.strip_prefix('.')?.parse().ok()?;
                EditDeed::Move(SectionId::new(section))
            }
        },
        ('w', "") => EditDeed::Withdraw,
        ('r', "") => EditDeed::Restore,
        ('s', "") => EditDeed::Split,
        ('j', "") => EditDeed::Join(None),
        _ => return None,
    };
    let item = ItemId::new(item.parse().ok()?);
    Some(Action::Edit { item, deed })
}

/// What an editor may do, by its letter in a button's data.
const DEEDS: [(EditorDeed, char); 5] = [
    (EditorDeed::Choose, 'c'),
    (EditorDeed::Publish, 'p'),
    (EditorDeed::HoldBack, 'h'),
    (EditorDeed::Withdraw, 'w'),
    (EditorDeed::Undo, 'u'),
];

fn letter(deed: EditorDeed) -> char {
    let known = DEEDS.iter().find(|(known, _)| *known == deed);
    known.map_or('p', |(_, letter)| *letter)
}

fn id(section: Option<SectionId>) -> String {
    section.map_or_else(String::new, |section| section.to_string())
}

fn section(text: &str) -> Option<Option<SectionId>> {
    if text.is_empty() {
        return Some(None);
    }
    text.parse().ok().map(|id| Some(SectionId::new(id)))
}

/// Item numbers that were written as the steps from one to the next, in the order of the numbers.
fn read_steps(text: &str) -> Option<Vec<ItemId>> {
    let mut number: i64 = 0;
    let steps = text.split('.').map(|step| {
        number = number.checked_add(step.parse().ok()?)?;
        Some(ItemId::new(number))
    });
    steps.take(super::arguments::MOST).collect()
}

/// How many came before: no more than there may be items.
fn counted(text: &str) -> Option<usize> {
    let counted: u32 = text.parse().ok()?;
    usize::try_from(counted).ok()
}

fn place(place: Place) -> String {
    let Place { rank, position, id } = place;
    format!("{rank}.{position}.{id}")
}

fn read_place(text: &str) -> Option<Place> {
    let mut numbers = text.split('.').map(str::parse);
    let place = Place {
        rank: numbers.next()?.ok()?,
        position: numbers.next()?.ok()?,
        id: numbers.next()?.ok()?,
    };
    numbers.next().is_none().then_some(place)
}

impl Reply {
    /// The buttons under the answer, row by row.
    pub fn buttons(&self, say: Localizer<'_>) -> Vec<Vec<Button>> {
        let shown = &self.sections[..self.sections.len().min(MOST_BUTTONS)];
        let mut rows: Vec<Vec<Button>> = shown
            .chunks(2)
            .map(|pair| {
                let open = |(section, title): &(Option<SectionId>, String)| {
                    Action::Open(*section).button(title.clone())
                };
                pair.iter().filter_map(open).collect()
            })
            .collect();
        if shown.len() < self.sections.len() {
            let all = Action::Sections.button(say.text("button-sections", &[]));
            rows.push(all.into_iter().collect());
        }
        let button = |(label, data): &(String, String)| Button {
            label: label.clone(),
            data: data.clone(),
        };
        let deeds = self.deeds.chunks(3);
        rows.extend(deeds.map(|row| row.iter().map(button).collect()));
        let choices = self.choices.iter().take(MOST_CHOICES + 3);
        rows.extend(choices.map(|choice| vec![button(choice)]));
        rows.push(self.pages(say));
        rows.push(self.follow_button(say).into_iter().collect());
        rows.retain(|row| !row.is_empty());
        rows
    }

    /// The buttons that turn the page.
    pub fn pages(&self, say: Localizer<'_>) -> Vec<Button> {
        let turn = |page: &Option<ListPage>, key| {
            let page = page.clone()?;
            Action::ShowPage(page).button(say.text(key, &[]))
        };
        let both = [
            turn(&self.newer, "button-newer"),
            turn(&self.older, "button-older"),
        ];
        both.into_iter().flatten().collect()
    }

    /// The button that follows what is shown, for whoever may.
    pub fn follow_button(&self, say: Localizer<'_>) -> Option<Button> {
        let label = say.text("button-subscribe", &[]);
        Action::Follow(self.follow?).button(label)
    }
}

impl Request<'_> {
    /// Some of many things that can be chosen, from one on, and behind them how the others are come to.
    pub(super) fn some_choices<T>(
        &self,
        all: &[T],
        from: usize,
        choice: impl Fn(&T) -> (String, Action),
        rest: impl Fn(usize) -> Action,
    ) -> Vec<(String, String)> {
        // What there was may have become fewer since.
        let last = all.len().saturating_sub(1) / MOST_CHOICES * MOST_CHOICES;
        let from = from.min(last);
        let shown = all.iter().skip(from).take(MOST_CHOICES).map(choice);
        let turn = |key: &str, from| (self.say.text(key, &[]), rest(from));
        let next = from.saturating_add(MOST_CHOICES);
        let more = (all.len() > next).then(|| turn("button-more-choices", next));
        let back = from.saturating_sub(MOST_CHOICES);
        let back = (from > 0).then(|| turn("button-fewer-choices", back));
        let encoded = |(label, action): (String, Action)| Some((label, action.encode()?));
        let pages = back.into_iter().chain(more);
        shown.chain(pages).filter_map(encoded).collect()
    }

    /// Which of many things are offered from one on, as numbers from 1; `None` where all are.
    pub(super) fn which_choices(&self, all: usize, from: usize) -> Option<(usize, usize)> {
        let last = all.saturating_sub(1) / MOST_CHOICES * MOST_CHOICES;
        let from = from.min(last);
        (all > MOST_CHOICES).then(|| (from + 1, all.min(from + MOST_CHOICES)))
    }

    /// What is offered under a list of headlines: every other section, or the way back to all of them.
    pub(super) fn section_choices(
        &self,
        shown: Option<SectionId>,
        held: &[SectionId],
    ) -> Vec<(Option<SectionId>, String)> {
        if shown.is_some() {
            return vec![(None, self.say.text("button-all", &[]))];
        }
        let sections = self.context.catalogue.sections().iter();
        sections
            .filter(|section| held.contains(&section.id))
            .take(MOST_SECTIONS)
            .map(|section| (Some(section.id), self.title(section)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Action;

    #[test]
    fn buttons_of_an_older_version_do_what_they_did() {
        for data in [
            "l",
            "l3",
            "f",
            "f3",
            "c",
            "ec12",
            "h7",
            "h7+20",
            "hx7",
            "hm7.3",
            "ep12",
            "eh12",
            "ew12",
            "eu12",
            "eu12v5",
            "en12+20",
            "dc7",
            "dm7",
            "dm7+20",
            "dm7.3",
            "dw7",
            "dr7",
            "ds7",
            "dj7",
            "du12",
            "b",
            "pGBB",
            "q2.GBB",
            "w",
            "o3.5.10.-1772928000.2.17",
            "n.25.0.0.0.1",
            "s10.-1.2.3.north korea",
        ] {
            let action = Action::decode(data).unwrap_or_else(|| panic!("{data}"));
            assert_eq!(action.encode().as_deref(), Some(data));
        }
        assert_eq!(Action::decode("r6.1.1"), Action::decode("pGBB"));
    }
}

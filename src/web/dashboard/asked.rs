//! What a path of the dashboard names: a page, which is looked at, or something that a form does. No path is both.

use super::channels::channels;
use super::deeds::deeds;
use super::item;
use super::items::items;
use super::outbox::outbox;
use super::overview::overview;
use super::page::{Made, Tab, Trouble, Visit};
use super::previews::previews;
use super::sections;
use super::sources::sources;
use tidings_core::ids::ItemId;
use tidings_store::DeedKind;

/// What makes a page.
type Maker = fn(&Visit<'_>) -> Result<Made, Trouble>;

/// A page.
#[derive(Clone, Copy, Debug)]
pub(super) enum Page<'p> {
    /// One that is all of its tab.
    Whole(Tab, Maker),
    Item(ItemId),
    /// Of a channel.
    Preview(&'p str),
    /// Of something that takes its time, by its name.
    Work(&'p str),
}

impl<'p> Page<'p> {
    pub(super) fn read(parts: &[&'p str]) -> Option<Page<'p>> {
        Some(match *parts {
            [] => Page::Whole(Tab::Overview, overview),
            ["items"] => Page::Whole(Tab::Items, items),
            ["items", number] => Page::Item(number.parse().map(ItemId::new).ok()?),
            ["sections"] => Page::Whole(Tab::Sections, sections::sections),
            ["previews"] => Page::Whole(Tab::Previews, previews),
            ["previews", channel] => Page::Preview(channel),
            ["sources"] => Page::Whole(Tab::Sources, sources),
            ["work", name] => Page::Work(name),
            ["channels"] => Page::Whole(Tab::Channels, channels),
            ["outbox"] => Page::Whole(Tab::Outbox, outbox),
            ["deeds"] => Page::Whole(Tab::Deeds, deeds),
            _ => return None,
        })
    }

    /// Where it stands among the pages.
    pub(super) fn tab(self) -> Tab {
        match self {
            Page::Whole(tab, _) => tab,
            Page::Item(_) => Tab::Items,
            Page::Preview(_) => Tab::Previews,
            Page::Work(_) => Tab::Sources,
        }
    }
}

/// What a form does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish<'p> {
    SignOut,
    SignAllOut,
    Undo,
    /// To an item, by its number.
    Item(&'p str, &'p str),
    /// To a section, by its slug.
    Section(&'p str, &'p str),
    /// With a source, by its name.
    Source(&'p str, DeedKind),
    /// To a channel, by its key.
    Channel(&'p str, DeedKind),
    /// To a dead part.
    Part(DeedKind),
}

impl<'p> Wish<'p> {
    pub(super) fn read(parts: &[&'p str]) -> Option<Wish<'p>> {
        Some(match *parts {
            ["sign-out"] => Wish::SignOut,
            ["sign-all-out"] => Wish::SignAllOut,
            ["undo"] => Wish::Undo,
            ["items", number, deed] if item::DEEDS.contains(&deed) => Wish::Item(number, deed),
            ["sections", slug, deed] if sections::DEEDS.contains(&deed) => {
                Wish::Section(slug, deed)
            }
            ["sources", name, "fetch-now"] => Wish::Source(name, DeedKind::FetchNow),
            ["sources", name, "try"] => Wish::Source(name, DeedKind::Try),
            ["channels", key, "pause"] => Wish::Channel(key, DeedKind::Pause),
            ["channels", key, "resume"] => Wish::Channel(key, DeedKind::Resume),
            ["channels", key, "post-now"] => Wish::Channel(key, DeedKind::PostNow),
            ["outbox", "retry"] => Wish::Part(DeedKind::Retry),
            ["outbox", "give-up"] => Wish::Part(DeedKind::GiveUp),
            _ => return None,
        })
    }

    /// Returns true if it is the operator's alone.
    pub(super) fn is_operators(self) -> bool {
        match self {
            Wish::SignAllOut | Wish::Source(..) | Wish::Channel(..) | Wish::Part(_) => true,
            Wish::SignOut | Wish::Undo | Wish::Item(..) | Wish::Section(..) => false,
        }
    }

    /// Returns true if it ends sessions: whoever wants that may, however much was done.
    pub(super) fn signs_out(self) -> bool {
        matches!(self, Wish::SignOut | Wish::SignAllOut)
    }

    /// The page whose form does it.
    pub(super) fn tab(self) -> Tab {
        match self {
            Wish::SignOut | Wish::Undo => Tab::Overview,
            Wish::SignAllOut => Tab::Deeds,
            Wish::Item(..) => Tab::Items,
            Wish::Section(..) => Tab::Sections,
            Wish::Source(..) => Tab::Sources,
            Wish::Channel(..) => Tab::Channels,
            Wish::Part(_) => Tab::Outbox,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_is_both_a_page_and_a_wish() {
        let deeds = item::DEEDS.map(|deed| ["items", "7", deed]);
        let more = sections::DEEDS.map(|deed| ["sections", "japan", deed]);
        for parts in deeds.iter().chain(&more) {
            assert!(Wish::read(parts).is_some(), "{parts:?}");
            assert!(Page::read(parts).is_none(), "{parts:?}");
        }
        for parts in [
            &["sign-out"][..],
            &["undo"],
            &["outbox", "retry"],
            &["sources", "digests", "try"],
        ] {
            assert!(Wish::read(parts).is_some(), "{parts:?}");
            assert!(Page::read(parts).is_none(), "{parts:?}");
        }
        for parts in [
            &[][..],
            &["items"],
            &["items", "7"],
            &["deeds"],
            &["work", "a"],
        ] {
            assert!(Wish::read(parts).is_none(), "{parts:?}");
            assert!(Page::read(parts).is_some(), "{parts:?}");
        }
        for parts in [
            &["items", "x"][..],
            &["items", "7", "eat"],
            &["undo", "7"],
            &["nothing"],
        ] {
            assert!(Wish::read(parts).is_none(), "{parts:?}");
            assert!(Page::read(parts).is_none(), "{parts:?}");
        }
    }
}

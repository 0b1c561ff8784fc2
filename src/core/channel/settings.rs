//! What a channel set for itself, and what holds where it set nothing.

use crate::language::Locale;
use crate::post::DeliveryOptions;
use crate::schedule::{Cadence, Zone};

/// How much of an item a roundup shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Style {
    /// The headline alone.
    #[default]
    Headlines,
    /// The headline with its summary.
    Summaries,
    /// The same on a card for each section, with the item's picture or a button for its link, where the platform has cards.
    Cards,
}

impl Style {
    /// All there are.
    pub const ALL: [Style; 3] = [Style::Headlines, Style::Summaries, Style::Cards];

    /// Its name in `/settings`.
    pub fn name(self) -> &'static str {
        match self {
            Style::Headlines => "headlines",
            Style::Summaries => "summaries",
            Style::Cards => "cards",
        }
    }

    /// Returns true if something is said of an item under its headline.
    pub fn shows_summaries(self) -> bool {
        match self {
            Style::Headlines => false,
            Style::Summaries | Style::Cards => true,
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Style> {
        Style::ALL.into_iter().find(|style| style.name() == name)
    }
}

/// The most items of one roundup, unless the channel says otherwise (design.md, promise 5).
pub const DEFAULT_CAP: u32 = 25;

/// The greatest cap that a channel may set: beyond this a roundup is a flood again.
pub const GREATEST_CAP: u32 = 100;

/// What holds for channels that set nothing, as the operator configured it.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// The zone that schedules are read in.
    pub timezone: Zone,
    /// The language of public posts.
    pub locale: Locale,
    /// What `/subscribe` means without a time.
    pub when: Cadence,
}

/// What a channel set for itself; `None` takes the operator's default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChannelSettings {
    /// The zone its schedules are read in.
    pub timezone: Option<Zone>,
    /// The language of its posts.
    pub locale: Option<Locale>,
    /// How much its roundups show.
    pub style: Option<Style>,
    /// Whether posts arrive without a sound, where the platform can.
    pub silent: Option<bool>,
    /// Who is mentioned, where the platform can; the platform's own notation.
    pub role: Option<String>,
    /// The most items of one roundup.
    pub cap: Option<u32>,
    /// Whether posts are published to followers, where the platform can.
    pub publish: Option<bool>,
    /// Whether posts show previews of their links, where the platform can.
    pub previews: Option<bool>,
    /// Whether every item of a story comes, and not only the first.
    pub duplicates: Option<bool>,
    /// Whether what was posted is corrected where it stands, where the platform can; on unless it says otherwise.
    pub corrections: Option<bool>,
    /// Whether buttons and menus hang under roundups, where the platform has such.
    pub buttons: Option<bool>,
    /// Whether roundups are discussed in threads of their own, where the platform has such.
    pub discuss: Option<bool>,
}

impl ChannelSettings {
    /// The zone that counts.
    pub fn zone<'a>(&'a self, defaults: &'a Defaults) -> &'a Zone {
        self.timezone.as_ref().unwrap_or(&defaults.timezone)
    }

    /// How its posts are to arrive.
    pub fn delivery_options(&self) -> DeliveryOptions {
        DeliveryOptions {
            silent: self.silent.unwrap_or(false),
            previews: self.previews.unwrap_or(false),
            publish: self.publish.unwrap_or(false),
            role: self.role.clone(),
            cards: self.style == Some(Style::Cards),
            discuss: self.discuss.unwrap_or(false),
        }
    }

    /// The language that counts.
    pub fn language(&self, defaults: &Defaults) -> Locale {
        self.locale.unwrap_or(defaults.locale)
    }
}

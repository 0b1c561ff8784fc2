//! Time zones by their IANA names, found the way people type them.
//!
//! The database is the bundled one, so that a name means the same on every machine. Fixed offsets and
//! abbreviations are refused: `+09:00` doesn't say when summer time begins, and `CST` is three
//! places. The answer names zones that may be meant.

use std::fmt;

use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::zone_names::{fold, is_place};
use super::{hints, words};

/// A time zone of the IANA database, with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: String,
    tz: TimeZone,
}

impl Zone {
    /// Finds a zone by its IANA name in any case, with spaces for underscores, or by its city alone
    /// where only one zone has it: `america/new york`, `New York`, `seoul`, `utc`.
    pub fn find(name: &str) -> Result<Zone, UnknownZone> {
        let wanted = fold(name);
        let unknown = |nearest| UnknownZone {
            got: words::clip(name.trim()),
            nearest,
            is_hint: false,
        };
        // No name is longer; what is would only cost time below.
        if wanted.is_empty() || wanted.len() > 64 {
            return Err(unknown(Vec::new()));
        }
        let names: Vec<String> = Zone::names().collect();
        if let Some(nearest) = hints::hinted(name, &wanted) {
            return Err(UnknownZone {
                is_hint: true,
                ..unknown(nearest)
            });
        }
        let exact = name.trim().replace(' ', "_");
        if let Some(found) = names.iter().find(|name| name.eq_ignore_ascii_case(&exact)) {
            return Zone::load(found).ok_or_else(|| unknown(Vec::new()));
        }
        let cities: Vec<Zone> = names
            .iter()
            .filter(|name| is_place(name) && ends_in(&fold(name), &wanted))
            .filter_map(|name| Zone::load(name))
            .collect();
        match cities.as_slice() {
            [] => Err(unknown(hints::near(&wanted, &names))),
            // Asia/Istanbul and Europe/Istanbul are one zone under two names.
            [first, rest @ ..] if rest.iter().all(|other| first.keeps_time_with(other)) => {
                let longest = cities.iter().max_by_key(|zone| zone.name.len());
                Ok(longest.unwrap_or(first).clone())
            }
            _ => Err(unknown(
                cities.into_iter().map(|zone| zone.name).take(3).collect(),
            )),
        }
    }

    /// What people call it beside a moment: `New York` for `America/New_York`.
    #[must_use]
    pub fn city(&self) -> String {
        let name = self.name.as_str();
        let city = match name.split_once('/') {
            // Theirs count backwards, which only the whole name tells.
            None | Some(("Etc", _)) => name,
            Some((_, within)) => within.rsplit('/').next().unwrap_or(within),
        };
        city.replace('_', " ")
    }

    /// The name, in the case of the database: `Asia/Seoul`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rules of the zone.
    pub fn tz(&self) -> &TimeZone {
        &self.tz
    }

    /// The names of all zones, in alphabetical order.
    pub fn names() -> impl Iterator<Item = String> {
        let names: Vec<String> = TimeZoneDatabase::bundled()
            .available()
            .map(|name| name.to_string())
            // Both say that no zone has been chosen.
            .filter(|name| name != "Factory" && name != "Etc/Unknown")
            // What is asked back isn't offered either.
            .filter(|name| hints::hinted(name, &fold(name)).is_none())
            .collect();
        names.into_iter()
    }

    /// The zone of exactly this name, also of one that [`Zone::find`] asks back, such as `EST`.
    ///
    /// # Errors
    /// [`UnknownZone`], without a word about what may be meant.
    pub fn named(name: &str) -> Result<Zone, UnknownZone> {
        Zone::load(name).ok_or_else(|| UnknownZone {
            got: words::clip(name),
            nearest: Vec::new(),
            is_hint: false,
        })
    }

    fn load(name: &str) -> Option<Zone> {
        let tz = TimeZoneDatabase::bundled().get(name).ok()?;
        let name = tz.iana_name()?.to_owned();
        Some(Zone { name, tz })
    }

    /// Whether two zones agree from 2020 on.
    fn keeps_time_with(&self, other: &Zone) -> bool {
        let start = jiff::Timestamp::constant(1_577_836_800, 0);
        let changes = |zone: &Zone| -> Vec<_> {
            let first = (start, zone.tz.to_offset(start));
            let later = zone.tz.following(start).take(40);
            std::iter::once(first)
                .chain(later.map(|change| (change.timestamp(), change.offset())))
                .collect()
        };
        changes(self) == changes(other)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

/// A name that is no time zone, and those that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownZone {
    /// The name as it was given, cut to a length that fits an answer.
    pub got: String,
    /// At most three zones that may be meant, the likeliest first.
    pub nearest: Vec<String>,
    /// Whether it is known what the name stands for: an abbreviation, an offset, a country.
    pub is_hint: bool,
}

impl fmt::Display for UnknownZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.got.is_empty() {
            return f.write_str("a time zone needs a name, such as Asia/Seoul or Europe/London");
        }
        write!(f, "{} isn't a time zone", self.got)?;
        match self.nearest.as_slice() {
            [] => f.write_str("; write a city's zone, such as Asia/Seoul or Europe/London"),
            [one] => write!(f, "; did you mean {one}?"),
            [most @ .., last] => write!(f, "; did you mean {} or {last}?", most.join(", ")),
        }
    }
}

impl std::error::Error for UnknownZone {}

/// Whether a folded name ends in these parts: `asia/seoul` in `seoul` or `asia/seoul`.
fn ends_in(name: &str, wanted: &str) -> bool {
    name.strip_suffix(wanted)
        .is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

//! What somebody may mean who is still typing an argument.

use super::{Argument, Kind};
use crate::ids::ALL;
use crate::locales::Speaker;
use crate::schedules::{self, Zone};
use crate::sections::{Catalogue, Lookup, Origin};
use crate::text;

/// A value that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What it is called.
    pub name: String,
    /// What is to be typed for it.
    pub value: String,
}

/// Values of an argument for what is typed of it so far, the likeliest first.
pub fn suggest(
    catalogue: &Catalogue,
    say: Speaker<'_>,
    argument: &Argument,
    typed: &str,
    most: usize,
) -> Vec<Suggestion> {
    let mut found = match argument.kind {
        Kind::Section | Kind::SectionOrAll => sections(catalogue, say, argument.kind, typed),
        Kind::Zone => zones(typed),
        Kind::When => cadences(typed),
        Kind::Choice(choices) => {
            let choices = choices.iter().filter(|choice| choice.starts_with(typed));
            choices.map(|choice| same(choice)).collect()
        }
        Kind::Number | Kind::Count | Kind::Text => Vec::new(),
    };
    found.truncate(most);
    found
}

fn same(value: &str) -> Suggestion {
    Suggestion {
        name: value.to_owned(),
        value: value.to_owned(),
    }
}

/// Sections whose slug or title begins with what is typed, then those in which a word does, then those that
/// hold it, then what is near to it.
fn sections(catalogue: &Catalogue, say: Speaker<'_>, kind: Kind, typed: &str) -> Vec<Suggestion> {
    let folded = text::fold(typed);
    let mut ranked: Vec<(usize, Suggestion)> = Vec::new();
    let mut offer = |slug: &str, title: String| {
        let names = [text::fold(slug), text::fold(&title)];
        if let Some(rank) = names.iter().filter_map(|name| rank(name, &folded)).min() {
            let (name, value) = (title, slug.to_owned());
            ranked.push((rank, Suggestion { name, value }));
        }
    };
    if kind == Kind::SectionOrAll {
        offer(ALL, say.text("all-sections", &[]));
    }
    for section in catalogue.sections() {
        let title = match section.origin {
            Origin::CatchAll => say.text("catch-all-title", &[]),
            Origin::Configured(_) | Origin::Left | Origin::Discovered => section.title.clone(),
        };
        offer(section.slug.as_str(), title);
    }
    // Stable, so that equals stay in the configured order.
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut found: Vec<Suggestion> = ranked.into_iter().map(|(_, found)| found).collect();
    let near = match catalogue.find(typed) {
        Lookup::Found(section) => vec![section],
        Lookup::Near(near) => near,
    };
    for section in near {
        if !found.iter().any(|f| f.value == section.slug.as_str()) {
            found.push(Suggestion {
                name: section.title.clone(),
                value: section.slug.to_string(),
            });
        }
    }
    found
}

fn rank(name: &str, typed: &str) -> Option<usize> {
    if name.starts_with(typed) {
        return Some(0);
    }
    if name.split(' ').any(|word| word.starts_with(typed)) {
        return Some(1);
    }
    let squeezed = |text: &str| text.replace(' ', "");
    squeezed(name).contains(&squeezed(typed)).then_some(2)
}

/// Zones whose city begins with what is typed, then those whose name does, then those that hold it.
fn zones(typed: &str) -> Vec<Suggestion> {
    let folded = typed.trim().to_lowercase().replace(' ', "_");
    let mut ranked: Vec<(usize, String)> = Zone::names()
        .filter_map(|name| {
            let lower = name.to_lowercase();
            let city = lower.rsplit('/').next().unwrap_or(&lower);
            let rank = if city.starts_with(&folded) {
                0
            } else if lower.starts_with(&folded) {
                1
            } else if lower.contains(&folded) {
                2
            } else {
                return None;
            };
            Some((rank, name))
        })
        .collect();
    ranked.sort();
    ranked.into_iter().map(|(_, name)| same(&name)).collect()
}

/// Examples of cadences that begin like what is typed; and what is typed, if it is one.
fn cadences(typed: &str) -> Vec<Suggestion> {
    let folded = typed.trim().to_lowercase();
    let mut found = Vec::new();
    if let Ok(cadence) = schedules::Cadence::parse(&folded) {
        found.push(same(&cadence.to_string()));
    }
    for kind in schedules::ALL {
        let begins = kind.example.starts_with(&folded) || folded.starts_with(kind.name);
        if begins && !found.iter().any(|f| f.value == kind.example) {
            found.push(same(kind.example));
        }
    }
    found
}

//! What somebody may mean who is still typing an argument.

use super::command::CommandSpec;
use super::spec::{Argument, ArgumentKind, Who};
use super::{ALL, filter, settings};
use tidings_core::channel::SubscriptionRow;
use tidings_core::language::Localizer;
use tidings_core::language::when::HowLong;
use tidings_core::platform::ChatPlatform;
use tidings_core::schedule::Zone;
use tidings_core::section::{Catalogue, Lookup, Origin};
use tidings_core::{ids, schedule, text};

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
    say: Localizer<'_>,
    argument: &Argument,
    typed: &str,
    most: usize,
) -> Vec<Suggestion> {
    let mut found = match argument.kind {
        ArgumentKind::Section | ArgumentKind::SectionOrAll => {
            sections(catalogue, say, argument.kind, typed)
        }
        ArgumentKind::Zone => zones(typed),
        ArgumentKind::When => cadences(typed),
        ArgumentKind::HowLong => lengths(say, typed),
        ArgumentKind::Choice(choices) => {
            let choices = choices.iter().filter(|choice| choice.starts_with(typed));
            choices.map(|choice| same(choice)).collect()
        }
        ArgumentKind::Number
        | ArgumentKind::Count
        | ArgumentKind::Filter
        | ArgumentKind::Watch
        | ArgumentKind::Text => Vec::new(),
    };
    found.truncate(most);
    found
}

/// What a channel follows.
#[derive(Clone, Debug, Default)]
pub struct Followed {
    /// Its subscriptions.
    pub rows: Vec<SubscriptionRow>,
    /// The words of its watches.
    pub watches: Vec<String>,
}

/// What may be meant by what is typed of an argument that [is of the channel](ArgumentKind::is_of_the_channel): the words
/// of a section's filter that it has now, and its end; or those of a watch.
pub fn suggest_known(
    catalogue: &Catalogue,
    followed: &Followed,
    argument: &Argument,
    section: &str,
    typed: &str,
) -> Vec<Suggestion> {
    let known: Vec<String> = match argument.kind {
        ArgumentKind::Filter => {
            let row = filter::followed_as(&followed.rows, catalogue, section);
            let now = row.and_then(|row| row.filter.as_ref());
            let words = now.map(|now| [now.to_string(), "off".to_owned()]);
            words.into_iter().flatten().collect()
        }
        ArgumentKind::Watch => followed.watches.clone(),
        _ => Vec::new(),
    };
    let typed = typed.trim().to_lowercase();
    let unquoted = |words: &str| words.replace('"', "");
    let is_meant = |words: &&String| {
        // A watch of two words is known by either.
        let is_watch = argument.kind == ArgumentKind::Watch;
        words.starts_with(&typed) || is_watch && unquoted(words).contains(&unquoted(&typed))
    };
    let mut meant: Vec<&String> = known.iter().filter(is_meant).collect();
    meant.sort_by_key(|words| !words.starts_with(&typed));
    meant.into_iter().map(|words| same(words)).collect()
}

/// A line of chat on which somebody is still typing.
#[derive(Clone, Copy)]
pub struct Typing<'t> {
    /// Where it is typed.
    pub platform: &'t dyn ChatPlatform,
    /// Whether they may change what the channel follows.
    pub manager: bool,
    /// What is followed there.
    pub followed: &'t Followed,
    /// Whether the configuration names editors.
    pub has_editors: bool,
    /// The line up to where they type.
    pub line: &'t str,
}

/// What may be meant by the end of a line: a command, or an argument of one, with a space behind it where more may
/// follow. Says from which byte on it is typed instead.
pub fn complete(
    catalogue: &Catalogue,
    say: Localizer<'_>,
    typing: Typing<'_>,
    most: usize,
) -> (usize, Vec<Suggestion>) {
    let Typing {
        platform,
        manager,
        followed,
        has_editors,
        line,
    } = typing;
    let spaced = |value: &str, more: bool| format!("{value}{}", if more { " " } else { "" });
    let may =
        |spec: &&CommandSpec| spec.is_there(has_editors) && (spec.who == Who::Everyone || manager);
    let Some((name, rest)) = line.split_once(char::is_whitespace) else {
        // Its slash may be missing.
        let begun = line.trim_start_matches('/').to_lowercase();
        let found = ALL
            .iter()
            .filter(may)
            .filter(|spec| spec.name.starts_with(&begun));
        let found = found.take(most).map(|spec| Suggestion {
            name: spec.summary(say),
            value: spaced(&format!("/{}", spec.name), !spec.arguments.is_empty()),
        });
        return (0, found.collect());
    };
    let spec = match name.strip_prefix('/') {
        Some(name) => super::named(name),
        None => super::find(&name.to_lowercase()),
    };
    let spec = spec.filter(may);
    let Some((spec, (last, single))) =
        spec.and_then(|spec| Some((spec, spec.arguments.split_last()?)))
    else {
        return (line.len(), Vec::new());
    };
    // All but the last argument are one word.
    let mut start = line.len() - rest.trim_start().len();
    let (mut argument, mut before, mut more) = (last, "", false);
    for one in single {
        let Some(end) = line[start..].find(char::is_whitespace) else {
            (argument, more) = (one, true);
            break;
        };
        before = &line[start..start + end];
        start += end;
        start = line.len() - line[start..].trim_start().len();
    }
    let typed = &line[start..];
    let mut found = if spec.name == settings::SPEC.name {
        let folded = typed.to_lowercase();
        let words = if more {
            settings::acting(platform, None)
        } else {
            settings::choices(platform, before)
        };
        let begun = words.iter().filter(|word| word.starts_with(&folded));
        begun.map(|word| same(word)).collect()
    } else if argument.kind.is_of_the_channel() {
        suggest_known(catalogue, followed, argument, before, typed)
    } else {
        suggest(catalogue, say, argument, typed, most)
    };
    // What is near is of use only where nothing begins so: what they share would replace what is typed.
    let begins = |found: &Suggestion| {
        found
            .value
            .to_lowercase()
            .starts_with(&typed.to_lowercase())
    };
    if found.iter().any(begins) {
        found.retain(begins);
    }
    for one in &mut found {
        one.value = spaced(&one.value, more);
    }
    found.truncate(most);
    (start, found)
}

fn same(value: &str) -> Suggestion {
    Suggestion {
        name: value.to_owned(),
        value: value.to_owned(),
    }
}

/// Sections whose slug or title begins with what is typed, then those in which a word does, then those that
/// hold it, then what is near to it.
fn sections(
    catalogue: &Catalogue,
    say: Localizer<'_>,
    kind: ArgumentKind,
    typed: &str,
) -> Vec<Suggestion> {
    let folded = text::fold(typed);
    let mut ranked: Vec<(usize, Suggestion)> = Vec::new();
    let mut offer = |slug: &str, title: String| {
        let names = [text::fold(slug), text::fold(&title)];
        if let Some(rank) = names.iter().filter_map(|name| rank(name, &folded)).min() {
            let (name, value) = (title, slug.to_owned());
            ranked.push((rank, Suggestion { name, value }));
        }
    };
    if kind == ArgumentKind::SectionOrAll {
        offer(ids::ALL, say.text("all-sections", &[]));
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
        // A guess is of use only where there is nothing better.
        Lookup::Near(near) if found.is_empty() => near,
        Lookup::Near(_) => Vec::new(),
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

/// What is typed, if it says how long something lasts, and examples that begin like it.
fn lengths(say: Localizer<'_>, typed: &str) -> Vec<Suggestion> {
    let typed = typed.trim();
    let folded = typed.to_lowercase();
    let mut found = Vec::new();
    if HowLong::parse(typed).is_ok() {
        found.push(same(typed));
    }
    let examples = say.text("pause-examples", &[]);
    for example in examples.split(" · ") {
        if example.to_lowercase().starts_with(&folded) && example != typed {
            found.push(same(example));
        }
    }
    found
}

/// Examples of cadences that begin like what is typed; and what is typed, if it is one.
fn cadences(typed: &str) -> Vec<Suggestion> {
    let folded = typed.trim().to_lowercase();
    let mut found = Vec::new();
    if let Ok(cadence) = schedule::Cadence::parse(&folded) {
        found.push(same(&cadence.to_string()));
    }
    for kind in schedule::ALL {
        let begins = kind.example.starts_with(&folded) || folded.starts_with(kind.name);
        if begins && !found.iter().any(|f| f.value == kind.example) {
            found.push(same(kind.example));
        }
    }
    found
}

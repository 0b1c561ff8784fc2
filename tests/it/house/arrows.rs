//! Which room may use which: every arrow within `src` stands in a table, and only the named ones run in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::{files, regex};

/// What each room uses. A new arrow is a decision about the plan, so it is written down here; one that nothing uses any
/// more goes.
const ARROWS: &[(&str, &str)] = &[
    ("addresses", "bounds"),
    (
        "app",
        "channel commands delivery documents ids items listener locales metrics moves outbox post roundups sections settings sources store task",
    ),
    ("channel", "ids locales post schedules"),
    (
        "cli",
        "app bounds channel documents ids items outbox platforms post sections settings sources store text",
    ),
    (
        "commands",
        "addresses bounds channel ids items locales outbox post roundups schedules search sections settings store subscriptions text",
    ),
    ("delivery", "ids"),
    ("documents", "bounds items text"),
    ("ids", "text"),
    ("items", "addresses ids text"),
    ("listener", "bounds"),
    ("locales", "items post schedules"),
    ("main", "cli"),
    ("metrics", "store"),
    ("outbox", "delivery ids metrics post store"),
    (
        "platforms",
        "app bounds channel commands delivery ids listener locales outbox post settings store task text",
    ),
    ("post", "text"),
    (
        "roundups",
        "channel ids items locales post schedules sections store",
    ),
    ("search", "bounds text"),
    ("sections", "bounds ids items text"),
    (
        "settings",
        "channel delivery documents ids locales schedules text",
    ),
    (
        "sources",
        "addresses bounds documents ids items locales moves search sections settings store text",
    ),
    (
        "store",
        "bounds channel delivery ids items locales moves schedules search sections text",
    ),
    ("subscriptions", "channel schedules store"),
];

/// Arrows that close a circle, each with what ties it. They are to be cut; none may be added.
const CIRCLES: &[(&str, &str)] = &[
    ("app", "platforms"), // which platforms there are, to start them
];

fn arrows() -> BTreeSet<(String, String)> {
    let path = regex(r"\b(?:crate|tidings)::(\{[^}]*\}|\w+)");
    let name = regex(r"(?:^|[,{])\s*(\w+)");
    let sources = files("src");
    let room_of = |file: &str| {
        let room = file.trim_start_matches("src/").split('/').next().unwrap();
        room.trim_end_matches(".rs").to_owned()
    };
    let rooms: BTreeSet<String> = sources.iter().map(|(file, _)| room_of(file)).collect();
    let mut arrows = BTreeSet::new();
    for (file, text) in &sources {
        let room = room_of(file);
        if room == "main" {
            arrows.insert((room, "cli".to_owned()));
            continue;
        }
        // What comments link to is no use.
        let code: Vec<&str> = text
            .lines()
            .map(|line| line.split("//").next().unwrap_or_default())
            .collect();
        for found in path.captures_iter(&code.join("\n")) {
            for used in name.captures_iter(&found[1]) {
                if used[1] != *room && rooms.contains(&used[1]) {
                    arrows.insert((room.clone(), used[1].to_owned()));
                }
            }
        }
    }
    arrows
}

fn allowed() -> BTreeSet<(String, String)> {
    let listed = ARROWS
        .iter()
        .flat_map(|(room, used)| used.split(' ').map(move |used| (*room, used)));
    listed
        .chain(CIRCLES.iter().copied())
        .map(|(from, to)| (from.to_owned(), to.to_owned()))
        .collect()
}

#[test]
fn every_arrow_between_rooms_is_written_down_and_used() {
    let (found, allowed) = (arrows(), allowed());
    let new: Vec<_> = found.difference(&allowed).collect();
    let unused: Vec<_> = allowed.difference(&found).collect();
    assert!(new.is_empty(), "arrows that nobody allowed: {new:?}");
    assert!(unused.is_empty(), "arrows that nothing uses: {unused:?}");
}

#[test]
fn but_for_the_named_arrows_the_rooms_stand_above_each_other() {
    let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (room, used) in ARROWS {
        uses.insert(room, used.split(' ').collect());
    }
    // A room that uses none of those left is a floor; taking floors off, nothing must be left.
    while !uses.is_empty() {
        let left: BTreeSet<&str> = uses.keys().copied().collect();
        let before = uses.len();
        uses.retain(|_, used| used.iter().any(|used| left.contains(used)));
        assert!(uses.len() < before, "a circle among {:?}", uses.keys());
    }
}

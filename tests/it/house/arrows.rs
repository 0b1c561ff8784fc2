//! Which room may use which: every arrow within `src` stands in a table, and only the named ones run in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::{files, regex};

/// What each room uses. A new arrow is a decision about the plan, so it is written down here; one that nothing uses any
/// more goes.
const ARROWS: &[(&str, &str)] = &[
    ("app", "commands core delivery listener metrics reader roundups settings sources store task"),
    ("cli", "app core platforms reader settings sources store"),
    ("commands", "core roundups settings store subscriptions"),
    ("delivery", "core metrics store"),
    ("listener", "core"),
    ("main", "cli"),
    ("metrics", "store"),
    ("platforms", "app commands core delivery listener settings store task"),
    ("roundups", "core store"),
    ("settings", "core reader"),
    ("sources", "core reader settings store"),
    ("subscriptions", "core store"),
];

/// Arrows that close a circle, each with what ties it. They are to be cut; none may be added.
const CIRCLES: &[(&str, &str)] = &[
    ("app", "platforms"), // which platforms there are, to start them
];

/// Rooms that are crates of their own: what they use, cargo holds them to.
const CRATES: &[&str] = &["core", "reader", "store"];

fn arrows() -> BTreeSet<(String, String)> {
    let path = regex(r"\b(?:(?:crate|tidings)::(\{[^}]*\}|\w+)|tidings_(\w+)::)");
    let name = regex(r"(?:^|[,{])\s*(\w+)");
    let room_of = |file: &str| {
        let room = file.trim_start_matches("src/").split('/').next().unwrap();
        room.trim_end_matches(".rs").to_owned()
    };
    let mut sources = files("src");
    let rooms: BTreeSet<String> = sources.iter().map(|(file, _)| room_of(file)).collect();
    sources.retain(|(file, _)| !CRATES.contains(&room_of(file).as_str()));
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
            if let Some(used) = found.get(2) {
                arrows.insert((room.clone(), used.as_str().to_owned()));
                continue;
            }
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

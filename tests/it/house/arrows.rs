//! Which room may use which: every arrow within `src` stands in a table, and none runs in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::{files, regex};

/// What each room uses. A new arrow is a decision about the plan, so it is written down here; one that nothing uses any
/// more goes.
const ARROWS: &[(&str, &str)] = &[
    (
        "chat",
        "core editing roundups settings sign_in status store task",
    ),
    (
        "cli",
        "chat console core delivery editing feeds ingest kit platforms reader runtime settings sign_in status store task",
    ),
    ("console", "chat core delivery kit"),
    ("delivery", "core metrics store task"),
    ("discord", "chat core delivery kit settings store task"),
    ("editing", "core store"),
    ("feeds", "core"),
    ("ingest", "core metrics reader settings store task"),
    ("kit", "chat core delivery settings store task"),
    ("listener", "core"),
    ("main", "cli"),
    ("metrics", "status"),
    ("platforms", "console discord kit telegram"),
    ("roundups", "core store task"),
    (
        "runtime",
        "chat core delivery ingest kit metrics roundups settings sign_in status store task web",
    ),
    ("settings", "core reader store"),
    ("sign_in", "core store"),
    ("status", "core store"),
    (
        "telegram",
        "chat core delivery kit listener settings store task",
    ),
    (
        "web",
        "chat core editing feeds ingest listener metrics roundups settings sign_in status store task",
    ),
];

/// Folders that are rooms of their own within a room.
const WITHIN: &[(&str, &[&str])] = &[("platforms", &["console", "discord", "kit", "telegram"])];

/// Rooms that are crates of their own: what they use, cargo holds them to.
const CRATES: &[&str] = &["core", "reader", "store"];

/// The room that a path of modules leads into.
fn room_of(path: &[&str]) -> String {
    let room = path[0];
    let within = WITHIN.iter().find(|(outer, _)| *outer == room);
    match (within, path.get(1)) {
        (Some((_, inner)), Some(second)) if inner.contains(second) => (*second).to_owned(),
        _ => room.to_owned(),
    }
}

/// The paths that stand behind a pattern, with what stands in their braces spelled out. Where the pattern itself ends in
/// a path's beginning, that is part of it.
pub(super) fn paths_behind(code: &str, pattern: &Regex) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for start in pattern.find_iter(code) {
        let begun = start
            .as_str()
            .rsplit(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        let begun = begun.into_iter().next().unwrap_or_default();
        let begun: Vec<String> = begun
            .split("::")
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        spell_out(&code[start.end()..], &begun, &mut found);
    }
    found
}

/// The paths into our own modules, without their first word.
fn paths(code: &str) -> Vec<Vec<String>> {
    static OURS: LazyLock<Regex> = LazyLock::new(|| regex(r"\b(?:crate|tidings)::"));
    let mut paths = paths_behind(code, &OURS);
    paths.iter_mut().for_each(|path| drop(path.remove(0)));
    paths.retain(|path| !path.is_empty());
    paths
}

/// Reads one path from the beginning of a text; returns how far it goes.
fn spell_out(text: &str, before: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = before.to_vec();
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        if text[at..].starts_with('{') {
            at += 1;
            while !text[at..].starts_with('}') {
                at += spell_out(&text[at..], &path, found);
                at += text[at..].find([',', '}']).unwrap_or(0);
                if text[at..].starts_with(',') {
                    at += 1;
                }
                at += text[at..].len() - text[at..].trim_start().len();
            }
            return at + 1;
        }
        let name = text[at..].find(|c: char| !c.is_alphanumeric() && c != '_');
        let name = name.unwrap_or(text.len() - at);
        if name > 0 {
            path.push(text[at..at + name].to_owned());
        }
        at += name;
        if name > 0 && text[at..].starts_with("::") {
            at += 2;
        } else {
            found.push(path);
            return at;
        }
    }
}

/// A file's code without its comments and what it is visible to: neither is a use.
pub(super) fn code_of(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    let code = lines.collect::<Vec<_>>().join("\n");
    regex(r"pub\(in [^)]*\)")
        .replace_all(&code, "pub")
        .into_owned()
}

fn arrows() -> BTreeSet<(String, String)> {
    let crates = regex(r"\btidings_(\w+)::");
    let modules = |file: &str| -> Vec<String> {
        let path = file.trim_start_matches("src/").trim_end_matches(".rs");
        path.split('/').map(str::to_owned).collect()
    };
    let room = |path: &[String]| room_of(&path.iter().map(String::as_str).collect::<Vec<_>>());
    let mut sources = files("src");
    let rooms: BTreeSet<String> = sources
        .iter()
        .map(|(file, _)| room(&modules(file)))
        .collect();
    sources.retain(|(file, _)| !CRATES.contains(&room(&modules(file)).as_str()));
    let mut arrows = BTreeSet::new();
    for (file, text) in &sources {
        let from = room(&modules(file));
        if from == "main" {
            arrows.insert((from, "cli".to_owned()));
            continue;
        }
        let code = code_of(text);
        for found in crates.captures_iter(&code) {
            arrows.insert((from.clone(), found[1].to_owned()));
        }
        for path in paths(&code) {
            let used = room(&path);
            if used != from && rooms.contains(&used) {
                arrows.insert((from.clone(), used));
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
fn the_rooms_stand_above_each_other() {
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

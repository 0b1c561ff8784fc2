//! A short walk through every door that the fuzzer comes by (`fuzz/`), the same each time: samples, changed here and there.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::fakes::clock::Dice;

#[allow(unreachable_pub, reason = "the fuzzer is a crate of its own")]
#[path = "../../fuzz/invariants/mod.rs"]
mod invariants;

/// The most bytes of a sample that are changed: the walk is short.
const LONGEST: usize = 4_000;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder, in the order of their names.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            files(&entry, found);
        } else {
            found.push(entry);
        }
    }
}

/// The samples of a door.
fn samples(name: &str) -> Vec<Vec<u8>> {
    // What platforms say is one of their samples, by its number.
    if matches!(name, "updates" | "events") {
        return (0..24).map(|number| vec![number]).collect();
    }
    let mut paths = Vec::new();
    files(&root().join("fuzz/seeds").join(name), &mut paths);
    if !paths.is_empty() {
        return paths.iter().map(|path| fs::read(path).unwrap()).collect();
    }
    files(&root().join("tests/it/cases"), &mut paths);
    let all = paths.iter().map(|path| fs::read(path).unwrap());
    all.filter(|bytes| tidings_reader::kind_of(bytes) == Some(name))
        .collect()
}

/// The words of a dictionary, as libFuzzer reads them: `"…"` on lines of their own, `\xNN` for bytes.
fn words(name: &str) -> Vec<Vec<u8>> {
    let name = match name {
        "updates" | "events" => "chat",
        other => other,
    };
    let file = root()
        .join("fuzz/dictionaries")
        .join(format!("{name}.dict"));
    let text = fs::read_to_string(file).unwrap();
    let quoted = text
        .lines()
        .filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    let words: Vec<Vec<u8>> = quoted.map(unescaped).collect();
    assert!(!words.is_empty(), "{name} has no dictionary");
    words
}

fn unescaped(word: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = word;
    while let Some((before, escaped)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        rest = match escaped.strip_prefix('x') {
            Some(hex) => {
                bytes.push(u8::from_str_radix(&hex[..2], 16).unwrap());
                &hex[2..]
            }
            None => {
                bytes.push(escaped.as_bytes()[0]);
                &escaped[1..]
            }
        };
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}

/// One input: a sample, changed a few times.
fn changed(dice: &mut Dice, samples: &[Vec<u8>], words: &[Vec<u8>]) -> Vec<u8> {
    let mut below = |most: usize| (dice.fraction() * most as f64) as usize;
    let mut bytes = samples[below(samples.len())].clone();
    bytes.truncate(LONGEST);
    for _ in 0..below(8) {
        let at = below(bytes.len() + 1);
        let end = at + below(bytes.len() - at + 1).min(200);
        match below(6) {
            0 => drop(bytes.drain(at..end)),
            1 => {
                let piece = bytes[at..end].to_vec();
                let times = 1 + below(5);
                bytes.splice(at..at, piece.repeat(times));
            }
            2 if at < bytes.len() => bytes[at] = below(256) as u8,
            3 => {
                let other = &samples[below(samples.len())];
                let from = below(other.len() + 1);
                let to = from + below(other.len() - from + 1).min(400);
                bytes.splice(at..at, other[from..to].to_vec());
            }
            _ => {
                let word = &words[below(words.len())];
                let times = if below(8) == 0 { 1 + below(200) } else { 1 };
                bytes.splice(at..at, word.repeat(times));
            }
        }
    }
    bytes
}

fn walk(name: &str, times: usize) {
    let (samples, words) = (samples(name), words(name));
    assert!(!samples.is_empty(), "{name} has no samples");
    let mut dice = Dice::new(2026);
    let inputs = (0..times).map(|_| changed(&mut dice, &samples, &words));
    for input in samples.iter().cloned().chain(inputs) {
        let held = catch_unwind(AssertUnwindSafe(|| invariants::hold(name, &input)));
        assert!(
            held.is_ok(),
            "{name}: {:?}",
            String::from_utf8_lossy(&input)
        );
    }
}

#[test]
fn whatever_document_comes() {
    for name in ["feed", "page", "markdown", "mail", "digest"] {
        walk(name, 30);
    }
}

#[test]
fn whatever_is_typed() {
    walk("chat", 12);
}

#[test]
fn whatever_stands_in_other_files() {
    walk("lists", 60);
    walk("robots", 150);
    walk("configuration", 100);
}

#[test]
fn whatever_telegram_says() {
    walk("updates", 80);
}

#[test]
fn whatever_discord_says() {
    walk("events", 80);
}

#[test]
fn what_the_fuzzer_found() {
    for (name, input) in [
        (
            "markdown",
            "---\ntitle: 'The end '\n---\n\nA squid was counted.\n\n> b\n",
        ),
        (
            "markdown",
            "---\ntitle: '=Harbour 1\u{C}'\n---\n\nA squid was counted.\n",
        ),
        (
            "feed",
            "<rss version=\"2<![CDATA[.0\" ><channel><?xml version=\"1.0\" encoding=\"euc-kr\"?>a<item><title>T",
        ),
    ] {
        invariants::hold(name, input.as_bytes());
    }
    // A host that names letters of another script, and names none.
    let nowhere = b"Japan\n\n\nA squid was counted\n\nThere are many.\n\nhttps://xN--ZZZZ\n";
    invariants::hold("digest", nowhere);
    // A command that says of nobody that they gave it, and of no server that it was given there.
    const ANYBODYS: &str = r#"{"t":"INTERACTION_CREATE","d":{"app_permissions":"2048","application_id":"2","attachment_size_limit":0,"authorizing_integration_owners":0,"channel":{"id":"4","type":0},"channel_id":"4","context":1,"data":{"id":"7","name":"subscribe","options":[{"name":"section","type":3,"value":"us-nk"}],"type":1},"entitlements":[],"id":"1","locale":"ko","token":"t","type":2,"user":null,"version":1}}"#;
    invariants::hold("events", ANYBODYS.as_bytes());
    // The same in a channel that is private, which serenity reads as a user's of no number.
    const ALONE: &str = r#"{"t":"INTERACTION_CREATE","d":{"app_permissions":"2048","application_id":"2","attachment_size_limit":0,"authorizing_integration_owners":{"0":"0"},"channel":{"id":"4","type":1},"channel_id":"4","context":1,"data":{"id":"7","name":"subscribe","options":[{"name":"section","type":3,"value":"us-nk"}],"type":1},"entitlements":[],"id":"1","locale":"ko","token":"t","type":2,"version":1}}"#;
    invariants::hold("events", ALONE.as_bytes());
    // A group whose type is a number, which was taken for a private chat.
    const CHANGED: &[u8] = b"\x01\x00\xea\xbc\x26\x00\x78\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\x77\x65\x65\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\x77\x65\x65\x6b\x6c\x79\x20\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\xa2\x94\x94";
    invariants::hold("updates", CHANGED);
}

#[test]
fn every_door_is_a_target_of_the_fuzzer() {
    let mut targets = Vec::new();
    files(&root().join("fuzz/fuzz_targets"), &mut targets);
    let mut targets: Vec<String> = targets
        .iter()
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    targets.sort();
    let mut doors: Vec<&str> = invariants::ALL.iter().map(|door| door.name).collect();
    doors.sort_unstable();
    assert_eq!(targets, doors);
}

//! Public collections of feeds, where `TIDINGS_CORPORA` names a folder with them: none may break the reader, and where a
//! collection says what is in its feeds (`*_expected.jsonl`, a line a feed), most of it has to be found.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tidings_core::item::Draft;
use tidings_reader::html::markup;
use tidings_reader::{Document, Layout};

use super::rules;
use crate::harness::moment;

/// Of what a collection says, what is found at least, in percent. The rest is what feedparser makes of feeds that
/// are broken beyond what others would read, and what it keeps as markup.
const FOUND: usize = 80;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn read(bytes: Vec<u8>) -> Vec<Draft> {
    let document = Document {
        name: "feed".to_owned(),
        bytes,
        seen: moment("2026-11-21T12:00[UTC]"),
        ..Document::default()
    };
    tidings_reader::parse(&document, &rules(Layout::Double))
        .map_or_else(|_| Vec::new(), |page| page.drafts)
}

/// What a draft has for a property that collections speak of; `None` for properties that drafts don't have.
fn own(draft: &Draft, property: &str) -> Option<String> {
    match property {
        "title" => Some(draft.title.clone()),
        "link" => Some(draft.link.clone().unwrap_or_default()),
        "id" | "guid" => Some(draft.feed_id.clone().unwrap_or_default()),
        // What is called by its file's name has no words of its own.
        "description" | "summary" if draft.is_wordless => Some(String::new()),
        // A summary without a title becomes the title.
        "description" | "summary" if draft.summary.is_empty() => Some(draft.title.clone()),
        "description" | "summary" => Some(draft.summary.replace("\n\n", " ")),
        _ => None,
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the collections are too large for the repository"
)]
fn collections_of_feeds_are_read() {
    let Some(folder) = std::env::var_os("TIDINGS_CORPORA") else {
        return;
    };
    let mut found = Vec::new();
    files(Path::new(&folder), &mut found);
    let mut drafts = BTreeMap::new();
    let mut expected = Vec::new();
    for path in &found {
        let bytes = fs::read(path).unwrap();
        if path.to_string_lossy().ends_with("_expected.jsonl") {
            expected.push(String::from_utf8(bytes).unwrap());
        } else {
            drafts.insert(path.to_string_lossy().into_owned(), read(bytes));
        }
    }
    let (mut said, mut agreed) = (0_usize, 0_usize);
    for line in expected.iter().flat_map(|lines| lines.lines()) {
        let line: Value = serde_json::from_str(line).unwrap();
        let name = line["file"].as_str().unwrap();
        let Some((_, drafts)) = drafts.iter().find(|(path, _)| path.ends_with(name)) else {
            continue;
        };
        for assertion in line["expect"].as_array().unwrap() {
            let (Some("entries"), Some(at), Some(property), Some(value)) = (
                assertion[0][0].as_str(),
                assertion[0][1].as_u64(),
                assertion[0][2].as_str(),
                assertion[1].as_str(),
            ) else {
                continue;
            };
            if assertion[0][3] != Value::Null || own(&Draft::default(), property).is_none() {
                continue;
            }
            let wanted = match property {
                "link" | "id" | "guid" => value.to_owned(),
                _ => markup::line(value),
            };
            let draft = usize::try_from(at).ok().and_then(|at| drafts.get(at));
            let got = draft.and_then(|draft| own(draft, property));
            said += 1;
            if got.as_deref().unwrap_or_default() == wanted {
                agreed += 1;
            } else {
                println!("{name} {property}: {wanted:?}, but {got:?}");
            }
        }
    }
    println!(
        "{} documents, {agreed} of {said} assertions hold",
        drafts.len()
    );
    assert!(agreed * 100 >= said * FOUND, "{agreed} of {said}");
}

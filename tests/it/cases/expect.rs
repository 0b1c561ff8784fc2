//! What a case expects, held against what there is.

use serde_json::{Value, json};
use tidings_core::item::Item;
use tidings_store::Listing;

use super::{Stage, object};
use crate::harness::Chat;

/// What doesn't hold of what is expected.
pub(super) fn check(expect: &Value, stage: &Stage) -> Vec<String> {
    let items = items(&stage.chat);
    let all = Value::from(items.clone()).to_string();
    let titles: Vec<&str> = items
        .iter()
        .map(|item| item["title"].as_str().unwrap())
        .collect();
    let mut wrong = Vec::new();
    let mut hold = |holds: bool, what: String| {
        if !holds {
            wrong.push(what);
        }
    };
    for wanted in list(expect, "items") {
        let is_it = |item: &Value| {
            object(wanted)
                .iter()
                .all(|(key, value)| item[key] == **value)
        };
        hold(items.iter().any(is_it), format!("no item {wanted}"));
    }
    if let Some(count) = expect["count"].as_u64() {
        hold(
            items.len() as u64 == count,
            format!("{} items, not {count}", items.len()),
        );
    }
    if expect.get("titles").is_some() {
        let mut wanted: Vec<&str> = texts(expect, "titles");
        let mut got = titles.clone();
        wanted.sort_unstable();
        got.sort_unstable();
        hold(wanted == got, format!("the titles are {got:?}"));
    }
    for text in texts(expect, "no_title") {
        hold(
            !titles.iter().any(|title| title.contains(text)),
            format!("a title with {text:?}"),
        );
    }
    for text in texts(expect, "no_text") {
        hold(!all.contains(text), format!("a text with {text:?}"));
    }
    if expect.get("order").is_some() {
        let wanted = texts(expect, "order");
        let got: Vec<&str> = titles
            .iter()
            .copied()
            .filter(|t| wanted.contains(t))
            .collect();
        hold(got == wanted, format!("the order is {got:?}"));
    }
    for (key, place, must) in [
        ("pushed", &stage.pushed, true),
        ("not_pushed", &stage.pushed, false),
        ("said", &stage.said, true),
        ("not_said", &stage.said, false),
    ] {
        for text in texts(expect, key) {
            hold(
                place.contains(text) == must,
                format!("{key} {text:?}: {place}"),
            );
        }
    }
    let failed: usize = stage.reports.iter().map(|report| report.failed.len()).sum();
    match &expect["failed"] {
        Value::Bool(any) => hold((failed > 0) == *any, format!("{failed} failed")),
        Value::Number(count) => hold(
            count.as_u64() == Some(failed as u64),
            format!("{failed} failed"),
        ),
        _ => {}
    }
    if let Some(count) = expect["updated"].as_u64() {
        let updated: usize = stage.reports.iter().map(|report| report.updated).sum();
        hold(updated as u64 == count, format!("{updated} updated"));
    }
    wrong
}

/// All items as `tidings items --json` prints them, newest first.
fn items(chat: &Chat) -> Vec<Value> {
    let listing = Listing {
        section: None,
        after: tidings_core::item::Place::TOP,
        limit: usize::MAX,
    };
    let items = chat
        .app()
        .store()
        .blocking()
        .read(|db| db.newest(listing))
        .unwrap();
    let of = |item: &Item| {
        json!({
            "id": item.id.get(),
            "section": item.section.to_string(),
            "title": item.title,
            "summary": item.summary,
            "link": item.link,
            "source": item.source,
            "published": item.published.map(|at| at.to_string()),
        })
    };
    items.iter().map(of).collect()
}

fn list<'v>(expect: &'v Value, key: &str) -> Vec<&'v Value> {
    expect[key]
        .as_array()
        .map_or_else(Vec::new, |list| list.iter().collect())
}

fn texts<'v>(expect: &'v Value, key: &str) -> Vec<&'v str> {
    list(expect, key)
        .into_iter()
        .filter_map(Value::as_str)
        .collect()
}

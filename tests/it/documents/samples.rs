//! The sample pages of config/digests, read with the configuration as it is shipped. `samples.txt` was made by
//! an independent reading of the rules, a program in another language.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use tidings::ingest::Recheck;
use tidings::runtime::App;
use tidings::settings;
use tidings_core::item::{Item, Place};
use tidings_store::{Listing, StoreError};

use crate::ground::{Ground, open_store};
use crate::harness::{loaded, moment};

const EXPECTED: &str = include_str!("samples.txt");

fn items() -> Vec<Item> {
    let ground = Ground::new();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/tidings.toml");
    let path = ground.at("samples.db").display().to_string();
    let mut environment = ground.variables();
    if ground.has_file() {
        environment.insert("TIDINGS_STORE__PATH".to_owned(), path);
    }
    let settings = settings::load(&file, &environment, ground.path()).unwrap();
    let store = open_store(&settings);
    let now: Timestamp = moment("2026-11-22T12:00[UTC]");
    let bot = App::new(
        settings,
        store,
        Arc::new(tidings::task::Clock::new(move || now)),
    )
    .unwrap();
    let reports = loaded(&bot, Recheck::Content);
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0].failed, []);
    let all = Listing {
        section: None,
        after: Place::TOP,
        limit: usize::MAX,
    };
    bot.store()
        .blocking()
        .read(|db| db.newest(all))
        .map_err(|error: StoreError| error)
        .unwrap()
}

#[test]
fn the_sample_pages_hold_what_they_must() {
    let items = items();
    let mut got = String::new();
    let mut day = String::new();
    for item in &items {
        let published = item.published.unwrap().to_string();
        if day != published {
            got.push_str(&format!("# {published}\n"));
            day = published;
        }
        let paragraphs: Vec<&str> = item
            .summary
            .split("\n\n")
            .filter(|p| !p.is_empty())
            .collect();
        let characters: usize = paragraphs.iter().map(|p| p.chars().count()).sum();
        got.push_str(&format!(
            "{} | {} | {} | {} paragraphs, {characters} characters\n",
            item.section,
            item.title,
            item.link.as_deref().unwrap_or("-"),
            paragraphs.len()
        ));
    }
    for (got, expected) in got.lines().zip(EXPECTED.lines()) {
        assert_eq!(got, expected);
    }
    assert_eq!(got.lines().count(), EXPECTED.lines().count());
    assert_eq!(items.len(), 51);
}

//! `tidings check` shows what `tidings load` does: both make the same plan.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use tidings::ingest::dry_run::DryRun;
use tidings::ingest::hand::Hand;
use tidings::ingest::{Planner, Recheck};
use tidings::runtime::App;
use tidings_core::language::Texts;
use tidings_core::section::Catalogue;
use tidings_store::StoreError;

use crate::ground::{Ground, open_store};
use crate::harness::{loaded, moment};

/// Gathers every sample there is under a folder, of whatever kind, each under a name of its own.
fn gather(from: &Path, into: &Path, count: &mut usize) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, into, count);
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy();
        if name != "case.json" && name != "README" && name != "expect.rs" {
            *count += 1;
            fs::copy(&path, into.join(format!("{count:03}-{name}"))).unwrap();
        }
    }
}

#[test]
fn what_is_checked_is_what_is_loaded() {
    let ground = Ground::new();
    let documents = ground.at("documents");
    fs::create_dir(&documents).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut count = 0;
    gather(&root.join("config/digests"), &documents, &mut count);
    gather(&root.join("tests/it/cases"), &documents, &mut count);
    assert!(count > 80, "{count}");
    let file = ground.at("tidings.toml");
    let config = "[store]\npath = \"tidings.db\"\n\n[[section]]\nslug = \"us-nk\"\ntitle = \"US-NK Relations\"\nmatch = [\"nuclear\"]\n\n[[source]]\n\
         name = \"samples\"\nkind = \"folder\"\npath = \"documents\"\nignore = [\"weekly\", \"news\"]\n";
    fs::write(&file, config).unwrap();
    let settings = ground.settings();
    let store = open_store(&settings);
    let now: Timestamp = moment("2026-11-22T12:00[UTC]");
    let clock = tidings::task::Clock::new(move || now);
    let app = App::new(settings, store, Arc::new(clock)).unwrap();

    let catalogue = Catalogue::to_be(Vec::new(), Vec::new(), &app.settings().definitions());
    let hand = Hand::knowing(std::collections::HashMap::default());
    let planner = Planner {
        catalogue: Arc::new(catalogue),
        hand: Arc::new(hand),
        texts: Arc::new(Texts::new().unwrap()),
        locale: app.settings().defaults.locale,
        now,
    };
    let source = &app.ingest().sources()[0];
    let checked = DryRun::of_folder(&planner, source, &documents).unwrap();
    let loaded = &loaded(&app, Recheck::Content)[0];

    assert_eq!(checked.documents, loaded.documents);
    assert_eq!(
        checked.items,
        loaded.new + loaded.updated + loaded.unchanged
    );
    assert!(loaded.ignored > 0);
    assert_eq!(checked.ignored, loaded.ignored);
    let failed = loaded.failed.iter().map(|failed| failed.document.as_str());
    let unread = checked.unread.iter();
    let unread = unread.map(|told| told.split(": ").next().unwrap());
    assert_eq!(unread.collect::<Vec<_>>(), failed.collect::<Vec<_>>());
    // What is filed nowhere was known by then under another section.
    let sections = app.store().blocking().read(|db| db.section_summaries());
    let sections = sections.map_err(|error: StoreError| error).unwrap();
    for summary in sections.iter().filter(|summary| summary.items > 0) {
        let slug = summary.section.slug.as_str();
        let foretold = checked.sections.iter().find(|(known, ..)| known == slug);
        let (_, items, _) = foretold.unwrap_or_else(|| panic!("{slug} wasn't foretold"));
        assert!(
            i64::try_from(*items).unwrap() >= summary.items,
            "{slug}: {items} foretold, {} there",
            summary.items
        );
    }
}

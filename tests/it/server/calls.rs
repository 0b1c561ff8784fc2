//! Calls beside those that run: they make no tables and change none, and what a second chat does.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Output, Stdio};

use tidings_store::OpenMode;

use super::opened;
use crate::ground::Ground;
use crate::harness::{CONFIG, page};
use crate::postgres::shared;

/// Every call that needs a store.
const CALLS: [&[&str]; 14] = [
    &["load"],
    &["load", "digests"],
    &["chat"],
    &["items"],
    &["items", "--json"],
    &["status"],
    &["sections"],
    &["sections", "hide", "japan"],
    &["retry"],
    &["remove", "1"],
    &["forget", "console:local"],
    &["export"],
    &["dashboard"],
    &["dashboard", "--sign-out"],
];

fn ground() -> Option<Ground> {
    let ground = Ground::on(shared()?);
    let web = "[web]\nlisten = \"0\"\nurl = \"https://news.example.org\"\ndashboard = true\n";
    fs::write(ground.at("tidings.toml"), format!("{CONFIG}{web}")).unwrap();
    fs::create_dir(ground.at("digests")).unwrap();
    let text = page("# Japan\nSquid counted | All of them.");
    fs::write(ground.at("digests/2026-11-05.txt"), text).unwrap();
    Some(ground)
}

fn url(ground: &Ground) -> String {
    ground.variables()["STORE_URL"].clone()
}

/// Each call fails with 1 and says this.
fn all_say(ground: &Ground, words: &str) {
    for call in CALLS {
        let Output { status, stderr, .. } = ground.command(call).output().unwrap();
        let said = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(1), "{call:?}: {said}");
        assert!(said.contains(words), "{call:?}: {said}");
    }
}

#[test]
fn only_those_that_run_make_tables_or_change_them() {
    let Some(ground) = ground() else { return };
    all_say(&ground, "there are no tables yet; `tidings run` makes them");
    let schemas = "SELECT 1 FROM pg_namespace WHERE nspname = 'tidings'";
    assert!(ground.rows(schemas).is_empty(), "nobody has made any");
    drop(opened(&url(&ground), OpenMode::Work).unwrap());
    let known = ground.value("SELECT value FROM facts WHERE name = 'schema'");
    ground.execute("UPDATE facts SET value = 1");
    all_say(&ground, "`tidings run` brings it up to date");
    ground.execute("UPDATE facts SET value = 999");
    all_say(&ground, "a newer version of Tidings (schema 999");
    // What has only been added to may be worked with.
    ground.execute(&format!(
        "UPDATE facts SET value = {known} WHERE name = 'oldest_program'"
    ));
    let loaded = ground.command(&["load"]).output().unwrap();
    assert!(loaded.status.success(), "{loaded:?}");
    let listed = ground.command(&["items"]).output().unwrap();
    assert!(String::from_utf8_lossy(&listed.stdout).contains("Squid counted"));
}

#[test]
fn a_second_chat_reads_and_answers_and_delivers_nothing() {
    let Some(ground) = ground() else { return };
    drop(opened(&url(&ground), OpenMode::Work).unwrap());
    let mut first = ground
        .command(&["chat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut types = first.stdin.take().unwrap();
    let mut lines = BufReader::new(first.stdout.take().unwrap()).lines();
    let mut heard = |words: &str| {
        let heard = lines.by_ref().map(Result::unwrap);
        let mut heard = heard.skip_while(|line| !line.contains(words));
        assert!(heard.next().is_some(), "{words}");
    };
    writeln!(types, "/subscribe japan instant").unwrap();
    heard("japan");
    let text = page("# Japan\nWalrus seen | Once.");
    fs::write(ground.at("digests/2026-11-06.txt"), text).unwrap();
    let mut second = ground
        .command(&["chat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    second
        .stdin
        .take()
        .unwrap()
        .write_all(b"/sections\n")
        .unwrap();
    let second = second.wait_with_output().unwrap();
    let (said, warned) = (
        String::from_utf8(second.stdout).unwrap(),
        String::from_utf8(second.stderr).unwrap(),
    );
    assert!(second.status.success(), "{warned}");
    assert!(
        warned.contains("another process delivers what the console follows"),
        "{warned}"
    );
    assert!(said.contains("us-nk"), "it answers: {said}");
    assert!(!said.contains("Walrus"), "it delivers nothing: {said}");
    heard("Walrus seen");
    drop(types);
    assert!(first.wait().unwrap().success());
    // Whoever comes next delivers.
    let third = ground.command(&["chat"]).output().unwrap();
    let warned = String::from_utf8(third.stderr).unwrap();
    assert!(!warned.contains("another process"), "{warned}");
}

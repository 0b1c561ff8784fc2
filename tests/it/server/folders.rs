//! Sources that are folders, where not every machine has them.

use std::fs;

use super::shared::{Process, configured, duties, status};
use crate::fakes::telegram::FakeTelegram;
use crate::ground::Ground;
use crate::harness::page;
use crate::postgres::shared;
use crate::telegram::clockwork::beat;

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_loaded_where_it_is_and_is_missed_where_it_is_not() {
    let Some(server) = shared() else { return };
    let ground = Ground::on(server);
    // The same configuration in two places, of which one has the folder.
    fs::create_dir(ground.at("away")).unwrap();
    configured(&ground, &[("tidings", ""), ("away/there", "")]);
    let telegram = FakeTelegram::start();
    let away = Process::begin(&ground, &telegram, "away/there");
    telegram.wait_for_poll().await;
    let error = "SELECT coalesce(max(last_error), '') FROM sources WHERE name = 'digests'";
    while ground.value(error).is_empty() {
        beat().await;
    }
    assert!(
        ground.value(error).contains("can't be read"),
        "{}",
        ground.value(error)
    );
    let told = ground.command(&["status"]).output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.contains("fetch:digests: nobody does it"), "{told}");
    let mut checked = ground.command(&["check", "--config", "away/there.toml"]);
    let checked = checked.output().unwrap();
    let checked = String::from_utf8(checked.stdout).unwrap();
    let line = checked.lines().find(|line| line.contains("source digests"));
    let line = line.unwrap();
    assert!(
        line.starts_with('!') && line.contains("this machine doesn't load it"),
        "{line}"
    );
    let text = page("# Japan\nSquid counted | All of them.");
    fs::write(ground.at("digests/2026-11-05.txt"), text).unwrap();
    let here = Process::begin(&ground, &telegram, "tidings");
    while ground.count("items") == 0 || !ground.value(error).is_empty() {
        beat().await;
    }
    let told = status(&ground);
    let of_here = duties(&told).remove(0);
    assert!(of_here.contains(&"fetch:digests"), "{told}");
    // Whoever had it loses it, and it comes back.
    let moved = ground.at("moved");
    fs::rename(ground.at("digests"), &moved).unwrap();
    fs::create_dir(ground.at("away/digests")).unwrap();
    here.says("a folder is gone").await;
    let of_away = |told: &serde_json::Value| duties(told)[1].contains(&"fetch:digests");
    while !of_away(&status(&ground)) {
        beat().await;
    }
    drop((here, away));
}

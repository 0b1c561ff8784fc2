//! Documents at which the program ended: tried once more, then set aside by name until they change.

use std::fs;

use xxhash_rust::xxh3::xxh3_64;

use super::{Shell, ended, json, until};
use crate::harness::page;

/// Leaves what a process leaves that ends while it reads a document.
fn die_at(shell: &Shell, document: &str, process: u32) {
    let content = xxh3_64(&fs::read(shell.path(document)).unwrap());
    if !shell.ground.has_file() {
        let content = content.cast_signed();
        let left = shell.ground.execute(&format!(
            "INSERT INTO leases (duty, holder, epoch, since_at, until_at)
             VALUES ('read:{content}', 'gone:{process}:1', 1, 0, 1) ON CONFLICT DO NOTHING"
        ));
        if left == 0 {
            // Whoever came next has noted that already.
            shell.ground.execute(&format!(
                "INSERT INTO deaths (content_hash, times) VALUES ({content}, 1)"
            ));
        }
        return;
    }
    let mut places = 0_u64.to_le_bytes().to_vec();
    places.extend(content.to_le_bytes());
    let _ = fs::create_dir(shell.path("data"));
    shell.write(&format!("data/tidings.db.hand.{process}-0"), places);
}

fn in_hand(shell: &Shell) -> usize {
    if !shell.ground.has_file() {
        let noted = shell.ground.count("leases WHERE duty LIKE 'read:%'");
        return noted.try_into().unwrap();
    }
    let files = fs::read_dir(shell.path("data")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains(".hand.")).count()
}

#[test]
fn one_death_is_forgiven() {
    let shell = Shell::with_pages();
    for process in [4_000_001, 4_000_002] {
        die_at(&shell, "digests/2026-11-05.txt", process);
        let told = shell.run(&["load", "--json"]).code(0);
        assert_eq!(json(&told.out)["sources"][0]["failed"], json("[]"));
        assert_eq!(in_hand(&shell), 0);
        // Whoever reads it anew has to read it.
        let text = fs::read_to_string(shell.path("tidings.toml")).unwrap();
        shell.write("tidings.toml", text.replace("\"envoy\"", "\"envoys\""));
    }
}

#[test]
fn a_document_at_which_the_process_ended_twice_is_set_aside_until_it_changes() {
    let shell = Shell::with_pages();
    die_at(&shell, "digests/2026-11-05.txt", 4_000_001);
    die_at(&shell, "digests/2026-11-05.txt", 4_000_002);
    for _ in 0..2 {
        let told = shell.run(&["load", "--json"]).code(1);
        let told = json(&told.out);
        let failed = &told["sources"][0]["failed"];
        assert_eq!(failed[0]["document"], "2026-11-05.txt", "{told}");
        let reason = failed[0]["reason"].as_str().unwrap();
        assert!(reason.contains("set aside until it changes"), "{reason}");
        assert_eq!(failed.as_array().unwrap().len(), 1);
    }
    let checked = shell.run(&["check"]).code(1);
    assert!(
        checked.out.contains("2026-11-05.txt: Tidings ended twice"),
        "{}",
        checked.out
    );
    let status = shell.run(&["status"]);
    assert!(status.out.contains("2026-11-05.txt"), "{}", status.out);
    shell.write(
        "digests/2026-11-05.txt",
        page("# US-NK Relations\nDoor plate made | It is of brass."),
    );
    shell.run(&["load"]).code(0);
    shell.run(&["check"]).code(0);
}

/// Kills the program once it has a document in hand.
fn kill_while_reading(shell: &Shell, document: &str) {
    let content = xxh3_64(&fs::read(shell.path(document)).unwrap());
    let duty = format!(
        "leases WHERE duty = 'read:{}' AND until_at > 1",
        content.cast_signed()
    );
    let content = content.to_le_bytes();
    let mut child = shell.command(&["load"]).spawn().unwrap();
    let hand = format!("tidings.db.hand.{}-", child.id());
    until("a document in hand", || {
        if !shell.ground.has_file() {
            return (shell.ground.count(&duty) > 0).then_some(());
        }
        let files = fs::read_dir(shell.path("data")).ok()?;
        let mut paths = files.filter_map(|file| Some(file.ok()?.path()));
        let file = paths.find(|path| path.to_string_lossy().contains(&hand))?;
        let places = fs::read(file).ok()?;
        places
            .windows(content.len())
            .any(|place| place == content)
            .then_some(())
    });
    child.kill().unwrap();
    assert_eq!(
        ended(&mut child).code(),
        None,
        "it was read before it could be killed"
    );
    if !shell.ground.has_file() {
        // Nothing is read for so long.
        shell
            .ground
            .execute("UPDATE leases SET until_at = 1 WHERE duty LIKE 'read:%'");
    }
}

#[test]
fn a_process_that_is_really_killed_twice_leaves_its_document_aside_and_serves_the_others() {
    let shell = Shell::with_pages();
    // Seconds of reading, for a program that isn't optimized.
    shell.write(
        "digests/2026-11-06.txt",
        "Squid again\n\nBoats (left) “early”.\n\n\n".repeat(60_000),
    );
    for _ in 0..2 {
        kill_while_reading(&shell, "digests/2026-11-06.txt");
    }
    let told = shell.run(&["load", "--json"]).code(1);
    let told = json(&told.out);
    let failed = &told["sources"][0]["failed"];
    assert_eq!(failed[0]["document"], "2026-11-06.txt", "{told}");
    let reason = failed[0]["reason"].as_str().unwrap();
    assert!(reason.contains("set aside until it changes"), "{reason}");
    let items = shell.run(&["items"]).code(0).out;
    assert!(
        items.contains("Squid counted") && !items.contains("Squid again"),
        "{items}"
    );
}

#[test]
fn check_says_what_is_bounded() {
    let shell = Shell::with_pages();
    let told = shell.run(&["check", "-v"]).code(0).out;
    for bound in tidings_core::bounds::ALL {
        let line = format!("· {}: {} {} (", bound.name, bound.most, bound.unit);
        assert!(told.contains(&line), "{line} isn't in {told}");
        assert!(bound.why.len() > 20, "{}", bound.name);
    }
    assert!(!shell.run(&["check"]).code(0).out.contains("Bounds"));
    let code =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/core/bounds.rs")).unwrap();
    let written = code.matches("pub const ").count() - 1 - code.matches("pub const fn").count();
    assert_eq!(
        written,
        tidings_core::bounds::ALL.len(),
        "each is in the table"
    );
}

#[test]
fn check_says_what_a_bot_without_tokens_serves() {
    let shell = Shell::new();
    let config = std::fs::read_to_string(shell.path("tidings.toml")).unwrap();
    for (set, said) in [
        ("archive = true", "serves the archive, and on a terminal"),
        (
            "dashboard = true",
            "serves the dashboard, and on a terminal",
        ),
        (
            "archive = true\ndashboard = true",
            "serves archive and dashboard, and on a terminal",
        ),
    ] {
        let web = "[web]\nlisten = \"127.0.0.1:0\"\nurl = \"https://news.example.org\"";
        shell.write("tidings.toml", format!("{config}\n{web}\n{set}\n"));
        let check = shell.run(&["check"]).code(0).out;
        assert!(check.contains(said), "{said} isn't in {check}");
    }
}

#[test]
fn what_lies_beside_the_store_under_such_a_name_is_left_alone() {
    let shell = Shell::with_pages();
    shell.run(&["load"]).code(0);
    if !shell.ground.has_file() {
        return;
    }
    let copy = shell.path("data/tidings.db.hand.2026-11-30");
    shell.run(&["backup", copy.to_str().unwrap()]).code(1);
    assert!(!copy.exists());
    fs::copy(shell.path("data/tidings.db"), &copy).unwrap();
    let kept = ["bak", "1", "12-x", "1-2-3"];
    for end in kept {
        shell.write(&format!("data/tidings.db.hand.{end}"), "mine");
    }
    let copied = fs::copy(&copy, shell.path("data/tidings.db.hand.2026-12")).unwrap();
    assert!(copied > 512, "{copied}");
    super::folders::pipe(&shell.path("data/tidings.db.hand.4000001-0"));
    shell.run(&["load"]).code(0);
    assert_eq!(in_hand(&shell), kept.len() + 3);
}

#[test]
fn a_lock_that_is_no_file_is_named() {
    let shell = Shell::with_pages();
    if !shell.ground.has_file() {
        return;
    }
    fs::create_dir_all(shell.path("data/tidings.db.console.lock")).unwrap();
    let said = shell.type_into(&["chat"], "/status\n");
    said.code(1)
        .says(&["tidings.db.console.lock", "move it away"]);
}

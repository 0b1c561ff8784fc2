//! The house: what may be used where, and that what is written twice says the same.

mod arrows;
mod circles;
mod texts;

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use tidings::chat::commands;
use xxhash_rust::xxh3::xxh3_64;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below a folder, by their paths within the project, with their texts.
pub(crate) fn files(folder: &str) -> Vec<(String, String)> {
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path
                    .strip_prefix(root())
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    assert!(!files.is_empty());
    files
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// Asserts that a pattern occurs nowhere in src but in some files or folders, and there at least once.
#[track_caller]
fn only_in(pattern: &str, allowed: &[&str], must_occur: bool) {
    let pattern = regex(pattern);
    let mut strays = Vec::new();
    let mut occurs = false;
    for (name, text) in files("src") {
        for (at, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| pattern.is_match(line))
        {
            occurs = true;
            if !allowed.iter().any(|allowed| name.starts_with(allowed)) {
                strays.push(format!("{name}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    assert_eq!(
        strays,
        Vec::<String>::new(),
        "{pattern} belongs into {allowed:?}"
    );
    assert!(
        occurs || !must_occur,
        "{pattern} is nowhere: mend this test"
    );
}

#[test]
fn crates_stay_in_their_rooms() {
    for (name, allowed, used) in [
        ("rusqlite", &["src/store/"][..], true),
        ("tokio_postgres", &["src/store/"], true),
        ("webpki_roots", &["src/store/tls.rs"], true),
        ("serenity", &["src/platforms/discord/"], true),
        ("teloxide", &["src/platforms/telegram/"], true),
        (
            "axum",
            &["src/platforms/telegram/", "src/web/", "src/listener.rs"],
            true,
        ),
        ("maud", &["src/web/"], true),
        ("prometheus_client", &["src/metrics.rs"], true),
        ("sd_notify", &["src/cli/"], true),
        (
            "rustix",
            &[
                "src/store/upkeep.rs",
                "src/store/place.rs",
                "src/task/term.rs",
                "src/runtime/duties.rs",
                "src/ingest/regular.rs",
                "src/settings/problems.rs",
                "src/cli/editor.rs",
            ],
            true,
        ),
        ("rustyline", &["src/cli/editor.rs"], true),
        ("reqwest", &["src/platforms/", "src/ingest/web/"], true),
        ("notify", &["src/ingest/watch.rs"], true),
        ("fluent", &["src/core/language/"], true),
        ("croner", &["src/core/schedule/"], true),
        ("html5ever", &["src/reader/html/markup.rs"], true),
        ("chardetng", &["src/reader/charset/mod.rs"], true),
        (
            "quick_xml",
            &["src/ingest/web/opml.rs", "src/reader/feed/salvage.rs"],
            true,
        ),
        (
            "feed_rs",
            &[
                "src/reader/feed/mod.rs",
                "src/reader/feed/links.rs",
                "src/reader/feed/media.rs",
                "src/reader/feed/wordless.rs",
            ],
            true,
        ),
        ("chrono", &["src/reader/dates/timestamps.rs"], true),
        ("scraper", &["src/reader/"], true),
        ("ego_tree", &["src/reader/"], true),
        ("pulldown_cmark", &["src/reader/markdown/marks.rs"], true),
        ("mail_parser", &["src/reader/mail/"], true),
        (
            "encoding_rs",
            &["src/reader/charset/mod.rs", "src/reader/feed/repair.rs"],
            true,
        ),
        ("toml", &["src/settings/"], true),
        ("textwrap", &["src/platforms/console/"], true),
        ("clap", &["src/cli/"], true),
        ("clap_complete", &["src/cli/"], true),
        ("indicatif", &["src/cli/"], true),
        ("anyhow", &["src/cli/"], true),
        ("tracing_subscriber", &["src/cli/"], true),
    ] {
        only_in(&format!(r"(^|[^\w:`]){name}::"), allowed, used);
    }
}

#[test]
fn sql_is_one_text_for_both_engines() {
    // What only SQLite knows, and what each says in its own way: `CASE`, `ON CONFLICT`, `IS NOT DISTINCT FROM` and
    // `Statement::insert` are understood everywhere.
    let only_sqlites =
        r"\biif\(|\binstr\(|\b(INSERT|UPDATE) OR\b|\bIS (NOT )?\?|\blast_insert_rowid\b";
    only_in(only_sqlites, &[], false);
}

#[test]
fn the_core_is_synchronous_and_touches_nothing_outside() {
    let edge = [
        "src/runtime/",
        "src/delivery/",
        "src/platforms/",
        "src/cli/",
        "src/web/",
        "src/ingest/",
        "src/roundups/scheduler.rs",
        "src/roundups/slots.rs",
        "src/chat/conversation.rs",
        "src/chat/inbox.rs",
        "src/chat/reachability.rs",
        "src/listener.rs",
        "src/task/",
        "src/store/boundary.rs",
        "src/store/catalogues.rs",
        "src/store/engine/server.rs",
        "src/store/engine/session.rs",
        "src/store/engine/waiting.rs",
    ];
    only_in(r"\.await\b|\basync (fn|move|\{)|\btokio::", &edge, true);
    let readers = ["src/cli/", "src/settings/", "src/ingest/", "src/store/"];
    only_in(r"\bstd::fs\b|\bfs::\w+\(", &readers, true);
    only_in(
        r"\bstd::net\b|\bstd::process\b",
        &[
            "src/cli/",
            "src/main.rs",
            "src/store/address.rs",
            "src/store/ownership.rs",
            "src/web/",
            "src/runtime/mod.rs",
            "src/runtime/duties.rs",
            "src/settings/",
            "src/core/network.rs",
            "src/ingest/web/guard.rs",
            "src/ingest/hand.rs",
            "src/listener.rs",
        ],
        true,
    );
    only_in(r"\bstd::env\b", &["src/cli/"], true);
    only_in(r"\bunsafe\b|\bstatic mut\b", &[], false);
}

#[test]
fn sql_and_what_is_asynchronous_meet_in_one_place() {
    only_in(
        r"\bblock_in_place\b|\bspawn_blocking\b",
        &["src/store/boundary.rs"],
        true,
    );
    only_in(r"\.blocking\(\)", &["src/store/", "src/cli/"], true);
}

#[test]
fn the_core_knows_no_platform() {
    let allowed = ["src/platforms/", "src/settings/", "src/cli/"];
    only_in("(?i)discord|telegram", &allowed, true);
}

/// What a platform does with a command follows from its row of the table.
#[test]
fn no_platform_knows_a_command_by_its_name() {
    let names: Vec<&str> = commands::ALL.iter().map(|spec| spec.name).collect();
    let names = names.join("|");
    let written = regex(&format!(r#""/(?:{names})\b|\bname [!=]= "(?:{names})""#));
    let mut found = Vec::new();
    for (name, text) in files("src/platforms") {
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let lines = code.lines().filter(|line| written.is_match(line));
        found.extend(lines.map(|line| format!("{name}: {}", line.trim())));
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_file_begins_by_saying_what_it_is() {
    for (name, text) in files("src").into_iter().chain(files("tests")) {
        assert!(text.starts_with("//! "), "{name}");
    }
}

#[test]
fn the_readme_has_every_command() {
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README.md");
    for spec in commands::ALL {
        let usage = spec.usage();
        let row = |usage: &str| format!("| `{usage}` |");
        // In a table a bar has to be escaped; both ways of writing are in use.
        let escaped = usage.replace('|', "\\|");
        assert!(
            readme.contains(&row(&usage)) || readme.contains(&row(&escaped)),
            "README.md has no row that begins with {}",
            row(&usage)
        );
    }
}

#[test]
fn a_migration_that_has_landed_is_never_edited() {
    let pinned = [
        ("0001_archive.sql", "5b1428a8f023512b"),
        ("0002_platforms.sql", "e0b8e574d42ced8a"),
        ("0003_places.sql", "d0122c3054aa239a"),
        ("0004_operations.sql", "b91f44687feca0b3"),
        ("0005_fetches.sql", "dac1d772a6361cb0"),
        ("0006_baselines.sql", "4594ee4d1b9c9ffb"),
        ("0007_sections.sql", "d15dc91d1f515e9d"),
        ("0008_pieces.sql", "43ab632955776dc1"),
        ("0009_deaths.sql", "621cdf99658f7730"),
        ("0010_answers.sql", "e36da61efa674417"),
        ("0011_identity.sql", "36b84b688ab575ca"),
        ("0012_askers.sql", "2111b6d49ac20468"),
        ("0013_when.sql", "caed00fa62c67540"),
        ("0014_stories.sql", "bb43261778a87be3"),
        ("0015_filters.sql", "ea762eade1c95044"),
        ("0016_watches.sql", "2d090a86213b71ce"),
        ("0017_corrections.sql", "037f4697dd1f3341"),
        ("0018_reviews.sql", "7835bafb618c5df7"),
        ("0019_buttons.sql", "a085bb80ee26c525"),
        ("0020_pictures.sql", "86480553d9d4b891"),
        ("0021_ephemeral.sql", "8d1516dab339aa9a"),
        ("0022_web.sql", "a37a783bdaa430d2"),
        ("0023_attended.sql", "d41be30295492ba0"),
        ("0024_editing.sql", "6ffc8bce2e13eada"),
        ("0025_sections.sql", "8643d0e67c87adef"),
        ("0026_suggestions.sql", "60e0b30818a69a8a"),
        ("0027_dashboard.sql", "31920de1623f6af2"),
        ("0028_duties.sql", "78e93722c0c402eb"),
        ("0029_pieces_sent.sql", "358c8d70e065b16b"),
        ("0030_long_words.sql", "d066103d969f6873"),
        ("0031_webhooks.sql", "7f9c8132803437d6"),
        ("0032_works.sql", "cb92d8a7dffa4ee8"),
        ("0033_review_voices.sql", "549c5504da8279ad"),
        ("0034_telling_keys.sql", "3a005bd3e884a0d3"),
        ("0035_short_tellings.sql", "36ee58cd0003f369"),
    ];
    let folder = root().join("src/store/migrations");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        pinned.map(|(name, _)| name),
        "pin the new migration here"
    );
    for (name, hash) in pinned {
        let text = fs::read(folder.join(name)).unwrap();
        assert_eq!(format!("{:016x}", xxh3_64(&text)), hash, "{name}");
    }
}

/// What `compose.yaml` builds from: not what is secret, and with the compiler that its image has. Where ours is named, another
/// one would be fetched.
#[test]
fn an_image_is_built_of_the_source_alone() {
    let left_out = fs::read_to_string(root().join(".dockerignore")).unwrap();
    let left_out: Vec<&str> = left_out.lines().collect();
    for name in [
        "/target",
        "/data",
        "/secrets",
        "/.git",
        "/rust-toolchain.toml",
    ] {
        assert!(left_out.contains(&name), "{name}");
    }
}

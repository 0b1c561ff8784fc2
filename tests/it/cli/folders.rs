//! What lies in a source's folder besides files: links, pipes, folders without end, names that are no text.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{Shell, ended, json, signal, until};
use crate::harness::page;

fn story(title: &str) -> String {
    page(&format!("# Japan\n{title} | It is told."))
}

fn titles(shell: &Shell) -> Vec<String> {
    let lines = shell.run(&["items", "--json"]).code(0).out;
    let title = |line: &str| json(line)["title"].as_str().unwrap().to_owned();
    let mut titles: Vec<String> = lines.lines().map(title).collect();
    titles.sort();
    titles
}

/// What failed in a load, as `document: reason`.
fn failed(out: &str) -> Vec<String> {
    let report: Value = json(out);
    let failed = report["sources"][0]["failed"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let failed = failed
        .iter()
        .map(|failed| format!("{}: {}", text(&failed["document"]), text(&failed["reason"])));
    failed.collect()
}

pub(super) fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn links_out_of_the_folder_are_not_followed_and_named() {
    let shell = Shell::new();
    shell.write("secret.env", story("A secret"));
    shell.write("secret.txt", story("Another secret"));
    fs::create_dir_all(shell.path("elsewhere/deep")).unwrap();
    shell.write("elsewhere/deep/a.txt", story("A third secret"));
    fs::create_dir_all(shell.path("digests/..2026_11/x")).unwrap();
    shell.write("digests/..2026_11/x/real.txt", story("Squid counted"));
    let link = |to: &str, name: &str| symlink(to, shell.path("digests").join(name)).unwrap();
    link("../secret.env", "a.txt");
    link(shell.path("secret.txt").to_str().unwrap(), "b.txt");
    link("../elsewhere", "folder");
    link("../digests/../secret.txt", "c.md");
    link("b.txt", "chained.txt");
    // As some systems set up a folder: links that stay inside.
    link("..2026_11", "..data");
    link("..data/x/real.txt", "real.txt");
    link("nowhere.txt", "dangling.txt");
    link("nowhere", "folder-gone");
    link("self.txt", "self.txt");
    link("nowhere.png", "picture.png");
    link(".", "round");
    let done = shell.run(&["load", "--json"]).code(1);
    let failed = failed(&done.out);
    let names: Vec<&str> = failed.iter().filter_map(|f| f.split(": ").next()).collect();
    let nowhere = ["dangling.txt", "folder-gone", "self.txt"];
    let out = ["a.txt", "b.txt", "c.md", "chained.txt", "folder"];
    assert_eq!(
        names,
        [
            "a.txt",
            "b.txt",
            "c.md",
            "chained.txt",
            "dangling.txt",
            "folder",
            "folder-gone",
            "self.txt"
        ]
    );
    for failed in &failed {
        let leads = if nowhere
            .iter()
            .any(|name| failed.starts_with(&format!("{name}:")))
        {
            "leads nowhere"
        } else {
            "leads out"
        };
        assert!(failed.contains(leads), "{failed}");
    }
    assert_eq!(titles(&shell), ["Squid counted"]);
    // The operator is told, and not again and again.
    let status = shell.run(&["status"]).code(0).out;
    assert!(status.contains("leads out"), "{status}");
    for name in out.into_iter().chain(nowhere) {
        fs::remove_file(shell.path("digests").join(name)).unwrap();
    }
    shell.run(&["load"]).code(0);
    let status = shell.run(&["status"]).code(0).out;
    assert!(!status.contains("leads out"), "{status}");
}

#[test]
fn what_is_no_file_holds_nobody_up() {
    let shell = Shell::with_pages();
    pipe(&shell.path("digests/pipe.txt"));
    let _socket = UnixListener::bind(shell.path("digests/socket.html")).unwrap();
    let done = shell.run(&["load", "--json"]).code(1);
    let failed = failed(&done.out);
    assert_eq!(failed.len(), 2, "{failed:?}");
    assert!(
        failed
            .iter()
            .all(|failed| failed.contains("only files are read"))
    );
    assert_eq!(titles(&shell).len(), 4);
    // Named by itself, too.
    shell.run(&["load", "digests/pipe.txt"]).code(1);
    pipe(&shell.path("elsewhere.txt"));
    shell.run(&["load", "elsewhere.txt"]).code(1);
    let done = shell.run(&["check"]).code(1);
    assert!(done.out.contains("pipe.txt"), "{}", done.out);
    // And a bot that runs ends when it is told to.
    let mut chat = shell
        .command(&["chat"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    pipe(&shell.path("digests/late.txt"));
    until("the pipe to be seen", || {
        let status = shell.run(&["status"]).out;
        status.contains("late.txt").then_some(())
    });
    signal(&chat, "-TERM");
    assert_eq!(ended(&mut chat).code(), Some(0));
}

#[test]
fn folders_that_lie_too_deep_are_named() {
    let shell = Shell::new();
    let folder = |depth: usize| vec!["d"; depth].join("/");
    let deep = format!("digests/{}", folder(20));
    fs::create_dir_all(shell.path(&deep)).unwrap();
    shell.write(
        &format!("digests/{}/a.txt", folder(16)),
        story("Deep enough"),
    );
    shell.write(&format!("{deep}/b.txt"), story("Too deep"));
    let done = shell.run(&["load", "--json"]).code(1);
    let failed = failed(&done.out);
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(
        failed[0].starts_with(&format!("{}/: ", folder(17))),
        "{failed:?}"
    );
    assert_eq!(titles(&shell), ["Deep enough"]);
}

#[test]
fn names_that_are_no_text_dont_collide() {
    let shell = Shell::new();
    let names: [&[u8]; 5] = [
        b"a\xFF.txt",
        b"a\xFE.txt",
        "a\u{FFFD}.txt".as_bytes(),
        "a\u{FFFD}ff.txt".as_bytes(),
        b"a\\b.txt",
    ];
    for (at, name) in names.iter().enumerate() {
        let path = shell.path("digests").join(OsStr::from_bytes(name));
        fs::write(path, story(&format!("Story {at} of five"))).unwrap();
    }
    let loaded = json(&shell.run(&["load", "--json"]).code(0).out);
    assert_eq!(loaded["sources"][0]["new"], 5);
    let again = json(&shell.run(&["load", "--json"]).code(0).out);
    assert_eq!(again["sources"][0]["unchanged"], 5);
    let inside = shell.path("digests").join(OsStr::from_bytes(names[0]));
    let one = shell
        .command(&["load", "--json"])
        .arg(inside)
        .output()
        .unwrap();
    let one = json(std::str::from_utf8(&one.stdout).unwrap());
    assert_eq!(one["sources"][0]["unchanged"], 1, "{one}");
}

#[test]
fn names_fool_nobody_who_reads_a_table() {
    let shell = Shell::new();
    let names = ["a\nb.txt", "c\u{1b}[31m.txt", "d\u{202e}txt.txt"];
    for name in names {
        shell.write(&format!("digests/{name}"), "One block is no page.");
    }
    let load = shell.run(&["load"]).code(1);
    let status = shell.run(&["status"]).code(0);
    let check = shell.run(&["check"]).code(1);
    for out in [&load.out, &status.out, &check.out] {
        for shown in ["a\\nb.txt", "c\\u{1b}[31m.txt", "d\\u{202e}txt.txt"] {
            assert!(out.contains(shown), "{shown} isn't in {out}");
        }
        assert!(!out.contains(['\u{1b}', '\u{202e}']), "{out:?}");
    }
    // A program is told what they are.
    let failed = failed(&shell.run(&["load", "--json"]).code(1).out);
    assert!(failed.iter().any(|failed| failed.starts_with(names[0])));
}

#[test]
fn a_file_named_like_the_token_shows_nothing_of_it() {
    let shell = Shell::new();
    let token = "sesame-sesame";
    shell.write(&format!("digests/{token}.txt"), "One block is no page.");
    for call in [
        &["load"][..],
        &["load", "--json"],
        &["status"],
        &["status", "--json"],
        &["check"],
    ] {
        let mut command = shell.command(call);
        let done = command.env("DISCORD_TOKEN", token).output().unwrap();
        let said = format!("{done:?}");
        assert!(said.contains("[secret]"), "{call:?}: {said}");
        assert!(!said.contains("sesame"), "{call:?}: {said}");
    }
}

//! Chats through a pipe, and processes that are told to end or are killed.

mod typing;

use std::process::Stdio;

use super::{Done, Shell, ended, json, signal, until};
use crate::harness::page;

#[test]
fn chatting_through_a_pipe() {
    let shell = Shell::with_pages();
    let done = shell.type_into(&["chat"], "/latest us-nk\n").code(0);
    insta::assert_snapshot!(done.out, @r"
        US–North Korea relations   2 of 2, newest first
          #3  5 Nov 2026   Door plate made
          #4  5 Nov 2026   Envoys met
                           https://example.org/envoys
        /read 3 shows an item
        ");
    // The chat alone: what went well is told on request.
    assert_eq!(done.err, "");
    let done = shell.type_into(&["chat", "-v"], "/latest us-nk\n").code(0);
    assert!(done.err.contains("INFO"), "{}", done.err);
    // Its slash may be missing.
    let bare = shell.type_into(&["chat"], "latest us-nk\nmore\n").code(0);
    assert!(bare.out.starts_with("US–North Korea relations   2 of 2"));
    assert!(
        bare.out.contains("There is nothing to go on with"),
        "{}",
        bare.out
    );
    // Without a line end at the end, with empty lines and a byte that isn't text.
    let done = shell.type_into(&["chat"], "\n\r\n/latest japan 1").code(0);
    assert!(
        done.out.contains("Squid counted") && !done.out.contains("\u{1b}"),
        "{}",
        done.out
    );
    // PowerShell marks the order of bytes in front of what it pipes.
    let marked = shell
        .type_into(&["chat"], "\u{FEFF}/latest japan 1\n")
        .code(0);
    assert!(marked.out.contains("Squid counted"), "{}", marked.out);
    assert_eq!(shell.type_into(&["chat"], "").code(0).out, "");
    let reader = shell
        .type_into(&["chat", "--as", "reader"], "/subscribe us-nk\n/latest\n")
        .code(0);
    assert!(
        reader.out.starts_with("Only those who administer"),
        "{}",
        reader.out
    );
    assert!(reader.out.contains("Door plate made"));
}

#[test]
fn a_chat_ends_by_a_word() {
    let shell = Shell::with_pages();
    for word in ["/quit", "/exit", "quit", " Exit "] {
        let lines = format!("/latest us-nk\n{word}\n/latest japan 1\n");
        let done = shell.type_into(&["chat"], &lines).code(0);
        assert!(done.out.contains("Door plate made"), "{word}: {}", done.out);
        assert!(!done.out.contains("Squid"), "{word}: {}", done.out);
        assert!(!done.out.contains("command"), "{word}: {}", done.out);
        assert_eq!(done.err, "");
    }
    // It is no command, and what begins like it is none either.
    let done = shell.type_into(&["chat"], "/quit now\n/help\n").code(0);
    assert!(done.out.contains("no command /quit"), "{}", done.out);
    assert_eq!(done.out.matches("quit").count(), 1, "{}", done.out);
}

#[test]
fn what_is_pushed_is_printed_before_the_chat_ends() {
    let shell = Shell::with_pages();
    shell
        .type_into(&["chat"], "/subscribe us-nk instant\n")
        .code(0);
    shell.write(
        "digests/2026-11-06.txt",
        page("# US-NK Relations\nDoor plate polished | It shines.\nEnvoys rest | They do."),
    );
    let done = shell.type_into(&["chat"], "").code(0);
    assert!(done.out.contains("Door plate polished"), "{}", done.out);
    assert!(!done.out.contains("Door plate made"), "{}", done.out);
    let done = shell.type_into(&["chat"], "/more\n").code(0);
    assert!(!done.out.contains("Door plate"), "{}", done.out);
}

#[test]
fn two_chats_do_not_post_twice() {
    let shell = Shell::with_pages();
    shell
        .type_into(&["chat"], "/subscribe us-nk instant\n")
        .code(0);
    shell.write(
        "digests/2026-11-06.txt",
        page("# US-NK Relations\nDoor plate polished | It shines.\nEnvoys rest | They do."),
    );
    let chats = [0, 1].map(|_| shell.command(&["chat"]).spawn().unwrap());
    let out: String = chats
        .into_iter()
        .map(|chat| Done::from(chat.wait_with_output().unwrap()).code(0).out)
        .collect();
    assert_eq!(out.matches("Door plate polished").count(), 1, "{out}");
}

#[test]
fn sigterm_and_ctrl_c_end_a_chat_well() {
    for name in ["-TERM", "-INT"] {
        let shell = Shell::with_pages();
        let mut command = shell.command(&["chat"]);
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let input = child.stdin.take();
        until("the first load", || {
            let items = shell.run(&["items"]).out;
            (!items.is_empty()).then_some(())
        });
        signal(&child, name);
        assert_eq!(ended(&mut child).code(), Some(0), "{name}");
        drop(input);
    }
}

#[test]
fn a_load_that_is_killed_is_made_good_by_the_next() {
    let shell = Shell::new();
    // There is a store to look into.
    shell.run(&["load"]).code(0);
    for n in 0..150 {
        let items: Vec<String> = (0..20)
            .map(|i| format!("Item {n}-{i} | Text {n}-{i}."))
            .collect();
        shell.write(
            &format!("digests/2026-11-05-{n:03}.txt"),
            page(&format!("# Japan\n{}", items.join("\n"))),
        );
    }
    for stored in [0, 20, 200, 1_000] {
        let mut child = shell.command(&["load"]).spawn().unwrap();
        // Killed in the middle, as far as others see it; or ended by itself before that.
        until("the load to be under way", || {
            let is_under_way = shell.ground.count("items") >= stored;
            (is_under_way || child.try_wait().unwrap().is_some()).then_some(())
        });
        child.kill().unwrap();
        child.wait().unwrap();
        let items = shell.run(&["items", "--json"]).code(0).out.lines().count();
        assert_eq!(items % 20, 0, "a document is stored whole or not at all");
    }
    let done = shell.run(&["load", "--json"]).code(0);
    let source = &json(&done.out)["sources"][0];
    let count = |name: &str| source[name].as_u64().unwrap();
    assert_eq!(count("new") + count("unchanged"), 3_000);
    assert_eq!(count("updated"), 0);
    assert_eq!(shell.run(&["items"]).code(0).out.lines().count(), 3_000);
    assert!(shell.run(&["check"]).code(0).out.contains("3000 items"));
    let search = shell
        .type_into(&["chat"], "/search \"text 149-19\"\n")
        .code(0);
    assert!(search.out.contains("1 in all"), "{}", search.out);
}

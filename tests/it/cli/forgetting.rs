//! Erasing a channel from outside, and that what is erased leaves the files.

use std::fs;

use super::{Shell, until};

/// Whether a text stands anywhere in the store's files.
fn stands(shell: &Shell, text: &str) -> bool {
    let holds = |name: &str| {
        let bytes = fs::read(shell.path(name)).unwrap_or_default();
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    holds("data/tidings.db") || holds("data/tidings.db-wal")
}

/// A store in which the console follows a section, in a zone that nobody else has, and has got a post.
fn followed() -> Shell {
    let shell = Shell::with_pages();
    shell.run(&["load"]).code(0);
    let lines =
        "/timezone Antarctica/Troll\n/subscribe japan daily 09:07\n/subscribe us-nk instant\n";
    shell.type_into(&["chat"], lines).code(0);
    assert!(stands(&shell, "Antarctica/Troll") && stands(&shell, "daily 09:07"));
    shell
}

#[test]
fn a_forgotten_channel_leaves_the_files() {
    let shell = followed();
    let done = shell.run(&["forget", "console:local"]).code(0);
    assert_eq!(
        done.out,
        "all that was kept about console:local is erased\n"
    );
    for text in ["Antarctica/Troll", "daily 09:07", "console:local"] {
        assert!(!stands(&shell, text), "{text}");
    }
    shell
        .run(&["forget", "console:local"])
        .code(1)
        .says(&["nothing is kept about console:local"]);
    let answer = shell.type_into(&["chat"], "/subscriptions\n").code(0);
    assert!(answer.out.contains("follows nothing"), "{}", answer.out);
}

#[test]
fn what_is_forgotten_in_a_chat_leaves_the_files_while_it_goes_on() {
    let shell = followed();
    let mut chat = shell
        .command(&["chat"])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = chat.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, b"/forget yes\n").unwrap();
    until("the erasure", || {
        let log = fs::metadata(shell.path("data/tidings.db-wal"));
        let is_gone = !stands(&shell, "Antarctica/Troll") && !stands(&shell, "daily 09:07");
        (log.is_ok() && is_gone).then_some(())
    });
    assert_eq!(chat.try_wait().unwrap(), None, "it goes on");
    drop(input);
    assert_eq!(chat.wait().unwrap().code(), Some(0));
}

#[test]
fn a_channel_that_isnt_known_is_an_error_that_names_those_that_may_be_meant() {
    let shell = followed();
    for (named, code) in [
        ("console:loca", 1),
        ("Console:Local", 2),
        ("telegram:local", 1),
        ("local", 2),
    ] {
        let done = shell.run(&["forget", named]).code(code);
        done.says(&[named, "did you mean console:local?"]);
    }
    let done = shell.run(&["forget", "discord:1234567890"]).code(1);
    done.says(&["nothing is kept about discord:1234567890", "tidings status"]);
    shell.run(&["forget"]).code(2);
    shell
        .run(&["forget", "-5"])
        .code(2)
        .says(&["isn't a channel"]);
    assert!(stands(&shell, "Antarctica/Troll"));
    let empty = Shell::new();
    empty
        .run(&["forget", "console:local"])
        .code(1)
        .says(&["no such file"]);
}

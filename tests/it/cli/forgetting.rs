//! Erasing a channel from outside, and that what is erased leaves the files.

use super::{Shell, until};

/// A store in which the console follows a section, in a zone that nobody else has, and has got a post.
fn followed() -> Shell {
    let shell = Shell::with_pages();
    shell.run(&["load"]).code(0);
    let lines =
        "/timezone Antarctica/Troll\n/subscribe japan daily 09:07\n/subscribe us-nk instant\n";
    shell.type_into(&["chat"], lines).code(0);
    assert!(shell.ground.stands("Antarctica/Troll") && shell.ground.stands("daily 09:07"));
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
        assert!(!shell.ground.stands(text), "{text}");
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
        let is_gone =
            !shell.ground.stands("Antarctica/Troll") && !shell.ground.stands("daily 09:07");
        is_gone.then_some(())
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
    assert!(shell.ground.stands("Antarctica/Troll"));
    let empty = Shell::new();
    let word = if empty.ground.has_file() {
        "there is none yet"
    } else {
        "nothing is kept about console:local"
    };
    let done = empty.run(&["forget", "console:local"]).code(1);
    done.says(&[word]);
}

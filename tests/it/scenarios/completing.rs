//! What is offered to somebody who types a line on the console.

use tidings::platforms::console::Console;

use super::library;
use crate::harness::{Chat, PLAIN, block_on};

/// What takes the place of the line, and what may.
#[track_caller]
fn offered(chat: &Chat, manager: bool, line: &str) -> Vec<String> {
    let console = Console::new(Box::new(std::io::sink()), Box::new(|| PLAIN), "");
    let channel = Console::channel();
    let completing = chat
        .app()
        .bot()
        .complete(&console, &channel, manager, line, 24);
    let (start, found) = block_on(completing).unwrap();
    let found = found.into_iter();
    found
        .map(|found| format!("{}{}", &line[..start], found.value))
        .collect()
}

#[test]
fn a_filter_is_completed_by_what_it_is_and_by_its_end() {
    let mut chat = library();
    chat.say("/subscribe japan");
    assert_eq!(offered(&chat, true, "/filter japan "), [""; 0]);
    chat.say("/filter japan squid -count");
    for (line, expected) in [
        ("/filter jap", &["/filter japan "][..]),
        (
            "/filter japan ",
            &["/filter japan squid -count", "/filter japan off"],
        ),
        ("/filter japan o", &["/filter japan off"]),
        ("/filter us-nk ", &[]),
        ("/watch squid d", &["/watch squid daily 09:00"]),
    ] {
        assert_eq!(offered(&chat, true, line), expected, "{line:?}");
    }
    assert_eq!(offered(&chat, false, "/filter japan "), [""; 0]);
}

#[test]
fn commands_and_their_arguments_are_completed() {
    let chat = library();
    for (line, expected) in [
        ("/la", &["/latest "][..]),
        ("/LA", &["/latest "]),
        ("lat", &["/latest "]),
        ("/subs", &["/subscribe ", "/subscriptions"]),
        ("/xyz", &[]),
        ("/latest us", &["/latest us-nk "]),
        ("/latest  us", &["/latest  us-nk "]),
        ("/latest kore", &["/latest us-nk ", "/latest inter-korean "]),
        ("/latest 남북", &["/latest inter-korean "]),
        ("/latest japan 1", &[]),
        ("/subscribe al", &["/subscribe all "]),
        ("latest us", &["latest us-nk "]),
        ("latests us", &[]),
        ("/subscribe japan h", &["/subscribe japan hourly"]),
        (
            "/subscribe japan inst",
            &[
                "/subscribe japan instant",
                "/subscribe japan instant 08:00-22:00",
            ],
        ),
        (
            "/subscribe japan instant 8-22",
            &[
                "/subscribe japan instant 08:00-22:00",
                "/subscribe japan instant",
            ],
        ),
        (
            "/pause ",
            &[
                "/pause 12h",
                "/pause 3d",
                "/pause 2 weeks",
                "/pause until monday",
                "/pause until 18:00",
            ],
        ),
        ("/pause 2 w", &["/pause 2 w", "/pause 2 weeks"]),
        (
            "/pause Until",
            &["/pause until monday", "/pause until 18:00"],
        ),
        ("/pause 5d", &["/pause 5d"]),
        ("/pause soon", &[]),
        (
            "/subscribe japan daily 09",
            &["/subscribe japan daily 09:00"],
        ),
        ("/timezone seo", &["/timezone Asia/Seoul"]),
        ("/timezone Asia/Seo", &["/timezone Asia/Seoul"]),
        (
            "/settings ",
            &[
                "/settings style ",
                "/settings locale ",
                "/settings cap ",
                "/settings duplicates ",
            ],
        ),
        ("/settings sil", &[]),
        (
            "/settings Locale ",
            &["/settings Locale en", "/settings Locale ko"],
        ),
        ("/settings style H", &["/settings style headlines"]),
        ("/settings cap 1", &[]),
        ("/forget ", &["/forget yes"]),
        ("/help x", &[]),
    ] {
        assert_eq!(offered(&chat, true, line), expected, "{line:?}");
    }
    assert!(offered(&chat, true, "").len() > 10);
}

#[test]
fn what_is_watched_is_offered_to_who_ends_it() {
    let mut chat = library();
    chat.say("/watch \"north korea\" envoy");
    chat.say("/watch ferry");
    let all = ["/unwatch ferry", "/unwatch \"north korea\" envoy"];
    assert_eq!(offered(&chat, true, "/unwatch "), all);
    assert_eq!(offered(&chat, true, "/unwatch fer"), [all[0]]);
    assert_eq!(offered(&chat, true, "/unwatch env"), [all[1]]);
    assert_eq!(offered(&chat, true, "/unwatch boat"), [""; 0]);
    assert_eq!(offered(&chat, false, "/unwatch "), [""; 0]);
}

#[test]
fn a_reader_is_offered_what_a_reader_may() {
    let chat = library();
    assert_eq!(offered(&chat, false, "/sub"), ["/subscriptions"]);
    assert_eq!(offered(&chat, false, "/subscribe us"), [""; 0]);
}

#[test]
fn what_is_offered_is_told_in_the_language_of_the_channel() {
    let mut chat = library();
    chat.say("/settings locale ko");
    let console = Console::new(Box::new(std::io::sink()), Box::new(|| PLAIN), "");
    let named = |line: &str| {
        let channel = Console::channel();
        let completing = chat
            .app()
            .bot()
            .complete(&console, &channel, true, line, 24);
        let (_, found) = block_on(completing).unwrap();
        found[0].name.clone()
    };
    assert_eq!(named("/sections"), "섹션 목록");
    assert_eq!(named("/latest more"), "그 밖의 소식");
    assert_eq!(named("/pause 월요일까"), "월요일까지");
}

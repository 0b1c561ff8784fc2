//! `all` beside a section of its own: whatever is subscribed or ended in whichever order, each item comes once.

use insta::assert_snapshot;

use super::{Chat, library, news, page};

/// Six in the morning and six in the evening, so that either subscription can be ahead of the other.
const MORNING: &str = "daily 06:00";
const EVENING: &str = "daily 18:00";

/// Loads one item of each section; `n` tells the rounds apart.
fn round(chat: &mut Chat, n: u32) {
    let text = page(&format!(
        "# US-NK Relations\nEnvoys {n} | They met.\n# Japan\nSquid {n} | It was counted."
    ));
    chat.drop_file(&format!("2026-11-06-{n}.txt"), text).load();
}

/// Asserts that everything was posted once in the posts.
#[track_caller]
fn each_once(posts: &str, rounds: u32) {
    for n in 1..=rounds {
        for title in [format!("Envoys {n}\n"), format!("Squid {n}\n")] {
            assert_eq!(posts.matches(&title).count(), 1, "{title:?} in:\n{posts}");
        }
    }
}

#[test]
fn a_section_of_its_own_is_left_out_of_all() {
    for order in [["all", "us-nk"], ["us-nk", "all"]] {
        let mut chat = library();
        for target in order {
            let when = if target == "all" { EVENING } else { MORNING };
            chat.say(&format!("/subscribe {target} {when}"));
        }
        round(&mut chat, 1);
        let evening = chat.tick_at("2026-11-06T18:00[UTC]");
        assert!(
            evening.contains("Squid 1") && !evening.contains("Envoys"),
            "{evening}"
        );
        let morning = chat.tick_at("2026-11-07T06:00[UTC]");
        assert!(
            morning.contains("Envoys 1") && !morning.contains("Squid"),
            "{morning}"
        );
        each_once(&(evening + &morning), 1);
    }
}

#[test]
fn both_at_one_moment_are_one_roundup() {
    let mut chat = library();
    chat.say("/subscribe all daily 18:00");
    chat.say("/subscribe us-nk daily 18:00");
    round(&mut chat, 1);
    assert_snapshot!(chat.tick_at("2026-11-06T18:00[UTC]"), @r"
        Roundup · Friday 6 November
        US–North Korea relations
          #8  Envoys 1
        Japan
          #9  Squid 1
        2 headlines · next: Sat 7 Nov 18:00 UTC
        ");
}

#[test]
fn a_section_taken_out_of_all_gets_what_was_owed() {
    let mut chat = library();
    chat.say(&format!("/subscribe all {EVENING}"));
    round(&mut chat, 1);
    // What `all` owes of the section is owed by the section now.
    chat.say(&format!("/subscribe us-nk {MORNING}"));
    round(&mut chat, 2);
    let mut posts = chat.tick_at("2026-11-06T18:00[UTC]");
    posts += &chat.tick_at("2026-11-07T06:00[UTC]");
    each_once(&posts, 2);
}

#[test]
fn a_section_that_is_behind_all_when_it_ends() {
    let mut chat = library();
    chat.say(&format!("/subscribe all {EVENING}"));
    chat.say(&format!("/subscribe us-nk {MORNING}"));
    round(&mut chat, 1);
    let mut posts = chat.tick_at("2026-11-06T18:00[UTC]");
    round(&mut chat, 2);
    // `all` is ahead. The section ends before its morning: `all` takes over what it owed.
    chat.say("/unsubscribe us-nk");
    posts += &chat.tick_at("2026-11-07T18:00[UTC]");
    each_once(&posts, 2);
    round(&mut chat, 3);
    posts += &chat.tick_at("2026-11-08T18:00[UTC]");
    each_once(&posts, 3);
}

#[test]
fn a_section_that_is_ahead_of_all_when_it_ends() {
    let mut chat = library();
    chat.say(&format!("/subscribe all {MORNING}"));
    chat.say(&format!("/subscribe us-nk {EVENING}"));
    round(&mut chat, 1);
    let mut posts = chat.tick_at("2026-11-06T18:00[UTC]");
    round(&mut chat, 2);
    chat.say("/unsubscribe us-nk");
    posts += &chat.tick_at("2026-11-07T06:00[UTC]");
    each_once(&posts, 2);
    round(&mut chat, 3);
    posts += &chat.tick_at("2026-11-08T06:00[UTC]");
    each_once(&posts, 3);
}

#[test]
fn all_ends_and_the_section_stays() {
    let mut chat = library();
    chat.say(&format!("/subscribe all {EVENING}"));
    chat.say(&format!("/subscribe us-nk {MORNING}"));
    round(&mut chat, 1);
    chat.say("/unsubscribe all");
    assert_eq!(chat.tick_at("2026-11-06T18:00[UTC]"), "");
    let posted = chat.tick_at("2026-11-07T06:00[UTC]");
    assert!(
        posted.contains("Envoys 1") && !posted.contains("Squid"),
        "{posted}"
    );
}

#[test]
fn followed_ended_and_followed_again() {
    let mut chat = library();
    chat.say(&format!("/subscribe all {EVENING}"));
    round(&mut chat, 1);
    chat.say(&format!("/subscribe us-nk {MORNING}"));
    chat.say("/unsubscribe us-nk");
    chat.say(&format!("/subscribe us-nk {MORNING}"));
    let mut posts = chat.tick_at("2026-11-06T18:00[UTC]");
    posts += &chat.tick_at("2026-11-07T06:00[UTC]");
    each_once(&posts, 1);
    // Twice around: ahead, ended, taken out again.
    chat.say("/unsubscribe us-nk");
    round(&mut chat, 2);
    chat.say(&format!("/subscribe us-nk {MORNING}"));
    posts += &chat.tick_at("2026-11-07T18:00[UTC]");
    posts += &chat.tick_at("2026-11-08T06:00[UTC]");
    each_once(&posts, 2);
}

#[test]
fn a_section_ahead_ended_and_followed_again_is_not_repeated() {
    let mut chat = library();
    chat.say(&format!("/subscribe all {MORNING}"));
    chat.say(&format!("/subscribe us-nk {EVENING}"));
    round(&mut chat, 1);
    let mut posts = chat.tick_at("2026-11-06T18:00[UTC]");
    // The channel has the section's item; `all`, which takes the section over, stands before it.
    chat.say("/unsubscribe us-nk");
    chat.say(&format!("/subscribe us-nk {EVENING}"));
    posts += &chat.tick_at("2026-11-07T06:00[UTC]");
    posts += &chat.tick_at("2026-11-07T18:00[UTC]");
    each_once(&posts, 1);
}

#[test]
fn instant_and_all() {
    let mut chat = library();
    chat.say("/subscribe all instant");
    chat.say("/subscribe us-nk daily 18:00");
    news(
        &mut chat,
        "2026-11-06-1.txt",
        "US-NK Relations",
        &["Envoys 1"],
    );
    assert_eq!(chat.posted(), "");
    news(&mut chat, "2026-11-06-2.txt", "Japan", &["Squid 1"]);
    let mut posts = chat.posted();
    assert!(
        posts.contains("Squid 1") && !posts.contains("Envoys"),
        "{posts}"
    );
    posts += &chat.tick_at("2026-11-06T18:00[UTC]");
    each_once(&posts, 1);
}

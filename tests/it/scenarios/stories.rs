//! One story once: what several sources say of one event.

use insta::assert_snapshot;
use jiff::SignedDuration;

use super::{Chat, page};
use crate::harness::{CONFIG, loaded};
use tidings::ingest::Recheck;
use tidings_core::ids::ItemId;

/// The usual source, and two agencies that tell of the same.
fn agencies() -> Chat {
    agencies_with(CONFIG)
}

fn agencies_config(config: &str) -> String {
    let more = "
[[source]]
name = \"yonhap\"
kind = \"folder\"
path = \"yonhap\"
label = \"Yonhap\"

[[source]]
name = \"kbs\"
kind = \"folder\"
path = \"kbs\"
label = \"KBS\"
";
    format!("{config}{more}")
}

fn agencies_with(config: &str) -> Chat {
    let mut chat = Chat::with(&agencies_config(config));
    for source in ["digests", "yonhap", "kbs"] {
        let first = page(&format!("Old words of {source} | They were said long ago."));
        chat.drop_into(source, "2026-10-01.txt", first);
    }
    chat.load();
    chat
}

const PLATE: &str = "Liaison office in Kaesong gets a door plate of brass";

#[test]
fn an_equal_title_from_another_source_is_a_report() {
    let mut chat = agencies();
    let told = |words: &str| page(&format!("# US-NK Relations\n{PLATE} | {words}"));
    chat.drop_into(
        "digests",
        "2026-11-06.txt",
        told("The plate was made by a smith of the town."),
    );
    chat.load();
    chat.drop_into(
        "yonhap",
        "2026-11-06.txt",
        told("A smith of the town has made the plate."),
    );
    assert!(chat.load().contains("yonhap: 0 new"));
    // What it says anew changes nothing.
    chat.drop_into(
        "yonhap",
        "2026-11-06.txt",
        told("A smith has made the plate, it is said."),
    );
    chat.load();
    assert_snapshot!(chat.say("/read 4"), @r"
    Liaison office in Kaesong gets a door plate of brass
      The plate was made by a smith of the town.
    #4 · US–North Korea relations · 6 Nov 2026 · from digests
    Also reported by:
    Yonhap
    ");
    let listed = chat.say("/latest us-nk");
    assert_eq!(listed.matches(PLATE).count(), 1, "{listed}");
}

#[test]
fn a_short_title_is_anybodys() {
    let mut chat = agencies();
    for (source, words) in [("digests", "The first."), ("yonhap", "The second.")] {
        chat.drop_into(
            source,
            "2026-11-06.txt",
            page(&format!("News in brief | {words}")),
        );
    }
    assert!(chat.load().contains("yonhap: 1 new"));
}

#[test]
fn an_item_names_who_tells_the_same_and_what_came_before() {
    let mut chat = agencies();
    let pages = [
        (
            "digests",
            "2026-11-02.txt",
            "Envoy Harmon packs his bags | Three of them.",
        ),
        (
            "digests",
            "2026-11-06.txt",
            "Envoy Harmon arrives in Seoul for talks on prisoners | He stays for two days.",
        ),
        (
            "yonhap",
            "2026-11-06.txt",
            "Envoy Harmon in Seoul for prisoner talks | The envoy stays for two days.",
        ),
        (
            "kbs",
            "2026-11-06.txt",
            "Envoy Harmon leaves Seoul with three prisoners | They had been held for a year.",
        ),
    ];
    for (source, name, lines) in pages {
        chat.drop_into(source, name, page(lines));
        chat.load();
    }
    assert_snapshot!(chat.say("/read 5"), @r"
    Envoy Harmon arrives in Seoul for talks on prisoners
      He stays for two days.
    #5 · US–North Korea relations · 6 Nov 2026 · from digests
    The same story from another source:
      #6  Envoy Harmon in Seoul for prisoner talks (Yonhap)
    Before this:
      #4  Envoy Harmon packs his bags
    ");
    // Taken out, it hands over to the next one.
    chat.remove(5);
    let told = chat.say("/read 6");
    assert!(!told.contains("The same story"), "{told}");
    chat.drop_into(
        "kbs",
        "2026-11-06-b.txt",
        page("Envoy Harmon in Seoul for talks on prisoners | For two days."),
    );
    chat.load();
    let told = chat.say("/read 6");
    assert!(
        told.contains("The same story from another source:\n  #8"),
        "{told}"
    );
}

#[test]
fn an_item_names_who_reports_what_others_of_its_story_say() {
    let mut chat = agencies();
    for (source, lines) in [HARMON[0], HARMON[1], ("kbs", HARMON[1].1)] {
        let page = page(&format!(
            "# US-NK Relations\n{lines} Read more https://{source}.example/1"
        ));
        chat.drop_into(source, "2026-11-06.txt", page);
        chat.load();
    }
    assert_snapshot!(chat.say("/read 4"), @"
    Envoy Harmon arrives in Seoul for talks on prisoners
      He stays for two days.
      https://digests.example/1
    #4 · US–North Korea relations · 6 Nov 2026 · from digests
    Also reported by:
    KBS
      https://kbs.example/1
    The same story from another source:
      #5  Envoy Harmon in Seoul for prisoner talks (Yonhap)
    ");
}

/// The same story from three agencies, one after the other.
const HARMON: [(&str, &str); 3] = [
    (
        "digests",
        "Envoy Harmon arrives in Seoul for talks on prisoners | He stays for two days.",
    ),
    (
        "yonhap",
        "Envoy Harmon in Seoul for prisoner talks | The envoy stays for two days.",
    ),
    (
        "kbs",
        "Envoy Harmon in Seoul for talks on prisoners | For two days.",
    ),
];

fn tell(chat: &mut Chat, (source, lines): (&str, &str)) {
    chat.drop_into(source, "2026-11-06.txt", page(lines));
    chat.load();
}

#[test]
fn common_words_are_a_report_where_nothing_else_is_said_on_that_day() {
    const TITLE: &str = "Talks between both sides end without result";
    for (one, other, is_report) in [
        ("They will meet again.", "They will meet again.", true),
        ("They will meet again.", "", true),
        ("", "", true),
        ("They will meet again.", "The ferry was late.", false),
    ] {
        let mut chat = agencies();
        let told = |summary: &str, more: &str| match summary {
            "" => page(&format!("{more}\n{TITLE}")),
            summary => page(&format!("{more}\n{TITLE} | {summary}")),
        };
        let first = told(one, "Ferns come back | They grow.");
        chat.drop_into("yonhap", "2026-11-06.txt", first);
        chat.load();
        let again = told(other, "Squid counted in Busan | All of them.");
        chat.drop_into("kbs", "2026-11-06.txt", again);
        let loaded = chat.load();
        let expected = if is_report {
            "kbs: 1 new"
        } else {
            "kbs: 2 new"
        };
        assert!(loaded.contains(expected), "{one:?}, {other:?}: {loaded}");
    }
}

#[test]
fn who_has_got_a_story_isnt_told_it_again() {
    let mut chat = agencies();
    chat.say("/subscribe all instant");
    tell(&mut chat, HARMON[0]);
    assert!(chat.posted().contains("arrives in Seoul"));
    tell(&mut chat, HARMON[1]);
    tell(&mut chat, HARMON[2]);
    assert_eq!(chat.posted(), "");
    // It is found and listed like any other.
    assert!(
        chat.say("/search Harmon prisoner")
            .contains("prisoner talks")
    );
    assert_snapshot!(chat.say("/latest us-nk"), @r"
    US–North Korea relations   3 of 3, newest first
      #4  6 Nov 2026   Envoy Harmon arrives in Seoul for talks on prisoners · also: Yonhap, KBS
      #5  6 Nov 2026   Envoy Harmon in Seoul for prisoner talks · also: digests, KBS
      #6  6 Nov 2026   Envoy Harmon in Seoul for talks on prisoners · also: digests, Yonhap
    /read 4 shows an item
    ");
}

#[test]
fn a_story_goes_on_whichever_process_files_it() {
    let mut chat = agencies();
    chat.say("/subscribe all instant");
    tell(&mut chat, HARMON[0]);
    assert!(chat.posted().contains("arrives in Seoul"));
    let other = chat.begun();
    let told_by = |chat: &mut Chat, name: &str, (source, lines): (&str, &str)| {
        chat.drop_into(source, name, page(lines));
        loaded(&other, Recheck::Touched);
        chat.tick();
        chat.posted()
    };
    assert_eq!(told_by(&mut chat, "2026-11-06.txt", HARMON[1]), "");
    // Each has filed something since the other one looked.
    tell(&mut chat, HARMON[2]);
    assert_eq!(chat.posted(), "");
    // What the other one takes out leads nobody, and what it puts back is found again.
    let taken_out = other
        .store()
        .blocking()
        .write(|db| db.withdraw_item(ItemId::new(4)));
    assert!(taken_out.unwrap().is_some());
    chat.wait(SignedDuration::from_hours(1));
    let again = "Envoy Harmon arrives in Seoul for talks on prisoners of two sides | He stays for two days.";
    chat.drop_into("kbs", "2026-11-06-b.txt", page(again));
    chat.load();
    assert_eq!(chat.posted(), "");
    assert_snapshot!(chat.say("/read 7"), @"
    Envoy Harmon arrives in Seoul for talks on prisoners of two sides
      He stays for two days.
    #7 · US–North Korea relations · 6 Nov 2026 · from KBS
    The same story from other sources:
      #5  Envoy Harmon in Seoul for prisoner talks (Yonhap)
      #6  Envoy Harmon in Seoul for talks on prisoners (KBS)
    ");
}

#[test]
fn a_story_is_known_after_a_restart() {
    let mut chat = agencies();
    chat.say("/subscribe all instant");
    tell(&mut chat, HARMON[0]);
    assert!(chat.posted().contains("arrives in Seoul"));
    chat.restart();
    tell(&mut chat, HARMON[1]);
    assert_eq!(chat.posted(), "");
}

#[test]
fn a_story_is_one_line_of_a_roundup() {
    let mut chat = agencies();
    chat.say("/subscribe all daily 18:00");
    for told in HARMON {
        tell(&mut chat, told);
    }
    tell(
        &mut chat,
        ("yonhap", "Squid counted in Busan | All of them."),
    );
    let coming = chat.say("/preview");
    assert!(coming.contains("prisoners · also: Yonhap, KBS"), "{coming}");
    assert_snapshot!(chat.tick_at("2026-11-06T18:00[UTC]"), @r"
    Roundup · Friday 6 November
    US–North Korea relations
      #4  Envoy Harmon arrives in Seoul for talks on prisoners · also: Yonhap, KBS
    Other news
      #7  Squid counted in Busan
    2 headlines · next: Sat 7 Nov 18:00 UTC
    ");
}

#[test]
fn a_sample_where_nothing_is_new_is_as_a_roundup_would_be() {
    let mut chat = agencies();
    for told in HARMON {
        tell(&mut chat, told);
    }
    tell(
        &mut chat,
        ("yonhap", "Squid counted in Busan | All of them."),
    );
    chat.say("/subscribe all daily 18:00");
    chat.say("/watch squid daily 18:00");
    let sample = chat.say("/preview");
    assert!(sample.contains("prisoners · also: Yonhap, KBS"), "{sample}");
    assert!(!sample.contains("prisoner talks"), "{sample}");
    assert!(sample.contains("Busan (watch: squid)"), "{sample}");
    chat.say("/settings duplicates on");
    let sample = chat.say("/preview");
    assert!(sample.contains("prisoner talks"), "{sample}");
    assert!(!sample.contains("also:"), "{sample}");
    // A section of its own takes its items out of all.
    chat.say("/subscribe us-nk daily 20:00");
    let sample = chat.say("/preview");
    assert!(!sample.contains("prisoners"), "{sample}");
    assert!(sample.contains("Busan (watch: squid)"), "{sample}");
}

#[test]
fn every_item_comes_where_that_is_wished_for() {
    let mut chat = agencies();
    chat.say("/settings duplicates on");
    chat.say("/subscribe all instant");
    for (told, words) in HARMON
        .into_iter()
        .zip(["arrives", "prisoner talks", "talks on prisoners"])
    {
        tell(&mut chat, told);
        assert!(chat.posted().contains(words), "{words}");
    }
    chat.say("/settings duplicates off");
    tell(
        &mut chat,
        (
            "yonhap",
            "Envoy Harmon in Seoul for talks about prisoners | Two days.",
        ),
    );
    assert_eq!(chat.posted(), "");
}

#[test]
fn a_story_is_led_by_what_a_channel_saw_first() {
    let mut chat = agencies();
    tell(&mut chat, HARMON[0]);
    // Whoever begins now hasn't got it.
    chat.say("/subscribe all instant");
    tell(&mut chat, HARMON[1]);
    let posted = chat.posted();
    assert!(
        posted.contains("prisoner talks · also: digests"),
        "{posted}"
    );
    tell(&mut chat, HARMON[2]);
    assert_eq!(chat.posted(), "");
}

#[test]
fn a_report_brings_the_item_to_those_who_havent_got_it() {
    let mut chat = agencies();
    chat.say("/subscribe japan instant");
    let plate = |heading: &str| page(&format!("# {heading}\n{PLATE} | A smith made it."));
    chat.drop_into("digests", "2026-11-06.txt", plate("US-NK Relations"));
    chat.load();
    assert_eq!(chat.posted(), "");
    chat.drop_into("yonhap", "2026-11-06.txt", plate("Japan"));
    chat.load();
    let posted = chat.posted();
    assert!(
        posted.contains(&format!("{PLATE} · also: Yonhap")),
        "{posted}"
    );
    chat.drop_into("kbs", "2026-11-06.txt", plate("Japan"));
    chat.load();
    assert_eq!(chat.posted(), "");
}

#[test]
fn what_waits_behind_a_pause_comes_once() {
    let mut chat = agencies();
    chat.say("/subscribe all instant");
    chat.say("/pause");
    for told in HARMON {
        tell(&mut chat, told);
    }
    chat.say("/resume");
    let posted = chat.posted();
    assert!(
        posted.contains("arrives in Seoul for talks on prisoners · also: Yonhap, KBS"),
        "{posted}"
    );
    assert_eq!(posted.matches("Harmon").count(), 1, "{posted}");
}

#[test]
fn who_got_what_is_known_as_long_as_it_may_be_told_again() {
    let mut chat = agencies_with(&CONFIG.replacen("[store]", "[store]\nkeep_sent = \"1d\"", 1));
    chat.say("/subscribe all instant");
    tell(&mut chat, HARMON[0]);
    assert!(chat.posted().contains("arrives in Seoul"));
    chat.wait(SignedDuration::from_hours(5 * 24));
    chat.keep_up(None);
    tell(&mut chat, HARMON[1]);
    assert_eq!(chat.posted(), "");
}

#[test]
fn a_section_goes_with_the_reports_that_are_filed_there() {
    let mut chat = agencies();
    let plate = |heading: &str| page(&format!("# {heading}\n{PLATE} | A smith made it."));
    chat.drop_into("digests", "2026-11-06.txt", plate("US-NK Relations"));
    chat.load();
    chat.drop_into("yonhap", "2026-11-06.txt", plate("Diplomacy Desk"));
    chat.load();
    chat.configure(&agencies_config(&CONFIG.replace(
        "title = \"Japan\"",
        "title = \"Japan\"\nheadings = [\"Diplomacy Desk\"]",
    )));
    assert!(chat.say("/read 4").contains("Yonhap"));
    assert!(!chat.say("/sections").contains("diplomacy"));
}

#[test]
fn who_got_a_leader_that_was_removed_has_got_the_story() {
    let mut chat = agencies();
    chat.say("/subscribe all instant");
    tell(&mut chat, HARMON[0]);
    assert!(chat.posted().contains("arrives in Seoul"));
    tell(&mut chat, HARMON[1]);
    chat.remove(4);
    tell(&mut chat, HARMON[2]);
    assert_eq!(chat.posted(), "");
}

#[test]
fn a_watch_finds_what_a_report_brings() {
    let mut chat = agencies();
    let plate = |heading: &str| page(&format!("# {heading}\n{PLATE} | A smith made it."));
    chat.drop_into("digests", "2026-11-06.txt", plate("US-NK Relations"));
    chat.load();
    chat.say("/subscribe all instant");
    chat.say("/filter all -plate");
    chat.say("/watch brass smith");
    chat.drop_into("yonhap", "2026-11-06.txt", plate("Japan"));
    chat.load();
    assert_snapshot!(chat.posted(), @"
    Japan
      #4  Liaison office in Kaesong gets a door plate of brass · also: Yonhap (watch: brass smith)
    ");
}

#[test]
fn what_is_hidden_hides_nothing_of_others() {
    let mut chat = agencies();
    chat.say("/subscribe all instant");
    let plate = |heading: &str| page(&format!("# {heading}\n{PLATE} | A smith made it."));
    chat.drop_into(
        "digests",
        "2026-11-05.txt",
        page("# Diplomacy Desk\nOld news | Of old."),
    );
    chat.load();
    chat.posted();
    chat.hide("diplomacy-desk");
    chat.drop_into("digests", "2026-11-06.txt", plate("Diplomacy Desk"));
    chat.load();
    assert_eq!(chat.posted(), "");
    chat.drop_into("yonhap", "2026-11-06.txt", plate("Japan"));
    chat.load();
    let posted = chat.posted();
    assert!(posted.contains(PLATE), "{posted}");
}

#[test]
fn other_figures_under_one_title_are_another_item() {
    let mut chat = agencies();
    let fired = |words: &str| {
        page(&format!(
            "North Korea fires ballistic missile into East Sea | {words}"
        ))
    };
    let (first, second) = (
        fired("It flew 400 kilometres from Sunan."),
        fired("It flew 800 kilometres from Wonsan."),
    );
    chat.drop_into("digests", "2026-11-04.txt", first);
    chat.load();
    chat.drop_into("yonhap", "2026-11-06.txt", second);
    assert!(chat.load().contains("yonhap: 1 new"));
}

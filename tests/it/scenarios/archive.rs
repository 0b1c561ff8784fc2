//! Items: what makes two of them one, what a change of a page does, and pages that can't be read.

use insta::assert_snapshot;
use tidings::ingest::Recheck;

use super::{Chat, news, page};
use crate::harness::CONFIG;

#[test]
fn a_changed_summary_updates_in_place_and_is_not_pushed_again() {
    let mut chat = Chat::started();
    chat.say("/subscribe us-nk instant");
    news(
        &mut chat,
        "2026-11-06.txt",
        "US-NK Relations",
        &["Door plate made", "Second"],
    );
    assert!(chat.posted().contains("Door plate made"));
    let changed = page(
        "# US-NK Relations\nDoor Plate Made! | It is brass after all.\nSecond | What there is to say of it.",
    );
    chat.drop_file("2026-11-06.txt", changed);
    assert_snapshot!(chat.load(), @"digests: 0 new, 1 updated, 1 unchanged, 0 pushed");
    assert_eq!(chat.posted(), "");
    assert_snapshot!(chat.say("/read 1"), @r"
        Door Plate Made!
          It is brass after all.
        #1 · US–North Korea relations · 6 Nov 2026 · from digests
        ");
    assert!(chat.say("/search brass").contains("Door Plate Made!"));
    assert!(chat.say("/latest us-nk").contains("2 of 2"));
}

#[test]
fn the_search_forgets_what_a_page_no_longer_says() {
    let mut chat = Chat::started();
    chat.drop_file("2026-11-06.txt", page("One | About zebras.\nTwo | Two."))
        .load();
    assert!(chat.say("/search zebras").contains("One"));
    chat.drop_file("2026-11-06.txt", page("One | About lions.\nTwo | Two."))
        .load();
    assert!(chat.say("/search zebras").contains("Nothing found"));
    assert!(chat.say("/search lions").contains("One"));
}

#[test]
fn a_column_that_comes_round_is_another_item_each_time() {
    let mut chat = Chat::started();
    news(
        &mut chat,
        "2026-09-01.txt",
        "Japan",
        &["Monthly squid count", "A"],
    );
    news(
        &mut chat,
        "2026-10-01.txt",
        "Japan",
        &["Monthly squid count", "B"],
    );
    // What is said again within a week is said anew.
    news(&mut chat, "2026-10-06.txt", "Japan", &["B", "C"]);
    assert_snapshot!(chat.say("/latest japan"), @r"
        Japan   5 of 5, newest first
          #5  6 Oct 2026   C
          #3  1 Oct 2026   Monthly squid count
          #4  1 Oct 2026   B
          #1  1 Sep 2026   Monthly squid count
          #2  1 Sep 2026   A
        /read 5 shows an item
        ");
}

#[test]
fn one_link_is_one_item_unless_the_page_gives_it_to_several() {
    let mut chat = Chat::started();
    let linked = "Squid counted\n\nAll of them. READ MORE https://www.example.org/squid/?utm_source=x\n\n\nOther\n\nText.\n";
    let again = "Squid count ends\n\nThe last was counted. READ MORE http://example.org/squid#top\n\n\nElse\n\nText.\n";
    chat.drop_file("2026-11-05.txt", linked).load();
    chat.drop_file("2026-11-06.txt", again);
    assert_snapshot!(chat.load(), @"digests: 1 new, 1 updated, 2 unchanged, 1 pushed");
    assert_snapshot!(chat.say("/latest"), @r"
        Latest headlines   3 of 3, newest first
          #3  6 Nov 2026   Else · Other news
          #1  5 Nov 2026   Squid count ends · Other news
                           http://example.org/squid#top
          #2  5 Nov 2026   Other · Other news
        /read 3 shows an item
        ");
    let shared = "First of two\n\nOne. READ MORE https://example.org/both\n\n\nSecond of two\n\nTwo. READ MORE https://example.org/both\n";
    chat.drop_file("2026-11-06-b.txt", shared);
    assert_snapshot!(chat.load(), @"digests: 2 new, 0 updated, 4 unchanged, 2 pushed");
}

#[test]
fn a_link_that_an_older_version_has_stored_is_known() {
    use tidings_core::addresses::{former_link_key, link_key};
    let mut chat = Chat::started();
    let link = "https://news.example/%ed%95%9c%ea%b5%ad";
    let page = |title: &str| format!("{title}\n{link}\n\nAs {title} says.\n\n\nOther\n\nText.\n");
    chat.drop_file("2026-11-05.txt", page("Envoy lands")).load();
    let (former, key) = (former_link_key(link).unwrap(), link_key(link));
    let known = format!("UPDATE items SET link_key = {former} WHERE link_key = {key}");
    assert_eq!(chat.ground.execute(&known), 1);
    chat.drop_file("2026-11-06.txt", page("Delegation is in town"));
    let loaded = chat.load();
    assert!(loaded.starts_with("digests: 0 new, 1 updated"), "{loaded}");
}

#[test]
fn a_title_twice_on_a_page_is_one_item_only_if_all_is_said_twice() {
    let mut chat = Chat::started();
    chat.drop_file(
        "2026-11-06.txt",
        page("Squid counted | First.\nOther | Text.\nSquid counted | Second.\nSquid counted | First."),
    );
    assert_snapshot!(chat.load(), @"digests: 3 new, 0 updated, 1 unchanged, 3 pushed");
    // Which of them is which doesn't change when the page is read again.
    assert_snapshot!(chat.load_trusting(Recheck::Content), @"digests: 0 new, 0 updated, 4 unchanged, 0 pushed");
    chat.drop_file(
        "2026-11-06.txt",
        page("Squid counted | First.\nOther | Changed.\nSquid counted | Second."),
    );
    assert_snapshot!(chat.load(), @"digests: 0 new, 1 updated, 2 unchanged, 0 pushed");
}

#[test]
fn a_removed_item_is_not_loaded_again() {
    let mut chat = Chat::started();
    chat.say("/subscribe japan instant");
    news(
        &mut chat,
        "2026-11-05.txt",
        "Japan",
        &["Squid counted", "Ferry sails"],
    );
    assert_eq!(chat.posted().matches("Squid counted").count(), 1);
    assert_eq!(chat.remove(1).as_deref(), Some("Squid counted"));
    assert_eq!(chat.remove(1), None);
    for listing in ["/latest japan", "/search squid", "/read 1", "/sections"] {
        assert!(!chat.say(listing).contains("Squid counted"), "{listing}");
    }
    assert!(chat.say("/latest japan").contains("1 of 1"));
    news(
        &mut chat,
        "2026-11-06.txt",
        "Japan",
        &["Squid counted", "Ferry rests"],
    );
    let posted = chat.posted();
    assert!(
        posted.contains("Ferry rests") && !posted.contains("Squid"),
        "{posted}"
    );
    assert!(!chat.say("/latest japan").contains("Squid"));
}

#[test]
fn a_removed_item_that_was_owed_is_not_posted() {
    let mut chat = Chat::started();
    chat.say("/subscribe japan daily 18:00");
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid counted"]);
    chat.remove(1);
    assert_eq!(chat.tick_at("2026-11-06T18:00[UTC]"), "");
}

#[test]
fn a_page_that_cannot_be_read_is_reported_once_until_it_changes() {
    let mut chat = Chat::started();
    chat.drop_file("2026-11-06.txt", "One block\nof two lines.\n");
    chat.drop_file(
        "2026-11-06-good.txt",
        page("# Japan\nSquid counted | All.\nMore squid | More."),
    );
    assert_snapshot!(chat.load(), @r"
        digests: 2 new, 0 updated, 0 unchanged, 2 pushed
        failed 2026-11-06.txt, line 1: the page is a single block of text; blank lines between headlines and summaries are missing
        ");
    assert_snapshot!(chat.load(), @r"
        digests: 0 new, 0 updated, 2 unchanged, 0 pushed
        failed (as reported) 2026-11-06.txt, line 1: the page is a single block of text; blank lines between headlines and summaries are missing
        ");
    assert_snapshot!(chat.say("/status"), @"
    Last loaded just now: 2 items from 1 source.
    This channel follows nothing, so no roundup is due.
    Nothing is waiting to be delivered here.
    Source digests was last loaded just now; 1 document can’t be read:
    Source digests: 2026-11-06.txt, line 1: the page is a single block of text; blank lines between headlines and summaries are missing
    ");
    chat.drop_file("2026-11-06.txt", b"caf\xe9\n\n\nlatin\n");
    assert_snapshot!(chat.load(), @r"
        digests: 0 new, 0 updated, 2 unchanged, 0 pushed
        failed 2026-11-06.txt, line 1: the bytes aren't valid UTF-8; save the page as UTF-8 text
        ");
    chat.drop_file(
        "2026-11-06.txt",
        page("# Japan\nMended | It is well.\nTwo | Two."),
    );
    assert_snapshot!(chat.load(), @"digests: 2 new, 0 updated, 2 unchanged, 2 pushed");
    assert!(chat.say("/status").contains("Source digests is well"));
}

#[test]
fn a_page_that_cannot_be_read_and_vanishes_is_no_trouble_any_more() {
    let mut chat = Chat::started();
    chat.drop_file("2026-11-06.txt", "One block\n");
    chat.load();
    assert!(!chat.say("/status").contains("Source digests is well"));
    std::fs::remove_file(chat.path("digests/2026-11-06.txt")).unwrap();
    assert_eq!(chat.files(), Vec::<String>::new());
    chat.load();
    assert!(chat.say("/status").contains("Source digests is well"));
}

#[test]
fn a_page_that_becomes_unreadable_keeps_its_items() {
    let mut chat = Chat::started();
    news(
        &mut chat,
        "2026-11-06.txt",
        "Japan",
        &["Squid counted", "Ferry sails"],
    );
    chat.drop_file("2026-11-06.txt", "\n\n\n");
    assert_snapshot!(chat.load(), @r"
        digests: 0 new, 0 updated, 0 unchanged, 0 pushed
        failed 2026-11-06.txt, line 1: the page is empty
        ");
    assert!(chat.say("/latest japan").contains("2 of 2"));
}

#[test]
fn an_item_that_left_its_page_stays_in_the_archive() {
    let mut chat = Chat::started();
    news(
        &mut chat,
        "2026-11-06.txt",
        "Japan",
        &["Squid counted", "Ferry sails"],
    );
    news(
        &mut chat,
        "2026-11-06.txt",
        "Japan",
        &["Ferry sails", "Ferry rests"],
    );
    assert!(chat.say("/latest japan").contains("3 of 3"));
}

#[test]
fn a_source_under_another_name_is_another_source() {
    let mut chat = Chat::started();
    chat.say("/subscribe japan instant");
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid counted"]);
    assert!(chat.posted().contains("Squid counted"));
    chat.configure(&CONFIG.replace("name = \"digests\"", "name = \"weekly\""));
    // Its first pass is a baseline: nothing is pushed, and the old source's items stay.
    assert_snapshot!(chat.load(), @"weekly: 1 new, 0 updated, 0 unchanged, 0 pushed");
    assert_eq!(chat.posted(), "");
    assert_snapshot!(chat.say("/latest japan"), @r"
        Japan   2 of 2, newest first
          #1  6 Nov 2026   Squid counted
          #2  6 Nov 2026   Squid counted
        /read 1 shows an item
        ");
    assert_snapshot!(chat.say("/status"), @r"
        Last loaded just now: 2 items from 1 source.
        News comes to this channel as soon as it is loaded.
        Nothing is waiting to be delivered here.
        Source weekly is well.
    ");
    news(&mut chat, "2026-11-07.txt", "Japan", &["Squid recounted"]);
    assert!(chat.posted().contains("Squid recounted"));
}

#[test]
fn a_folder_that_is_missing_is_a_trouble_of_its_source() {
    let mut chat = Chat::new();
    std::fs::remove_dir(chat.path("digests")).unwrap();
    let report = chat.load();
    assert!(
        report.contains("failed ") && report.contains("can't be read"),
        "{report}"
    );
    assert!(chat.load().contains("failed (as reported)"));
    assert!(chat.say("/status").contains("can't be read"));
    // It never had a pass, so what it holds when it is there is a baseline.
    std::fs::create_dir(chat.path("digests")).unwrap();
    chat.say("/subscribe japan instant");
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid counted"]);
    assert_eq!(chat.posted(), "");
    assert!(chat.say("/status").contains("Source digests is well"));
}

#[test]
fn a_page_in_a_folder_within_the_source_and_files_that_are_none() {
    let mut chat = Chat::new();
    for name in [
        "2026/11/2026-11-06.txt",
        ".hidden.txt",
        "notes.docx",
        ".git/x.txt",
        "loud.TXT",
    ] {
        let text = page(&format!(
            "# Japan\nFile {name} | Text.\nOther {name} | Text."
        ));
        chat.drop_file(name, text);
    }
    assert_eq!(chat.files(), ["2026/11/2026-11-06.txt", "loud.TXT"]);
    assert_snapshot!(chat.load(), @"digests: 4 new, 0 updated, 0 unchanged, 0 pushed");
}

/// A page without any date, of items that have neither id nor link.
fn undated(titles: &[&str]) -> String {
    let items = titles
        .iter()
        .map(|title| format!("{title} | Said in full."));
    let items: Vec<String> = items.collect();
    page(&format!("# Japan\n{}", items.join("\n")))
}

#[test]
fn an_undated_page_goes_on_saying_what_it_says_however_old_its_file_was() {
    let mut chat = Chat::started();
    chat.at("2023-09-01T12:00[UTC]");
    chat.drop_file("page.txt", undated(&["Squid counted", "Ferns come back"]));
    chat.at("2026-11-06T12:00[UTC]");
    chat.load();
    chat.say("/subscribe all instant");
    for (day, titles) in [
        (7, &["Envoys meet", "Squid counted", "Ferns come back"][..]),
        (
            9,
            &[
                "Moss wins",
                "Envoys meet",
                "Squid counted",
                "Ferns come back",
            ],
        ),
    ] {
        chat.at(&format!("2026-11-{day:02}T12:00[UTC]"));
        chat.drop_file("page.txt", undated(titles));
        let loaded = chat.load();
        assert!(loaded.contains("1 new"), "{loaded}");
        let posted = chat.posted();
        assert!(
            posted.contains(titles[0]) && !posted.contains("Squid"),
            "{posted}"
        );
    }
}

#[test]
fn an_undated_page_that_was_read_anew_keeps_its_items_under_another_name() {
    let mut chat = Chat::started();
    chat.at("2026-08-01T12:00[UTC]");
    chat.drop_file("page.txt", undated(&["Squid counted", "Ferns come back"]));
    chat.at("2026-11-06T12:00[UTC]");
    chat.load();
    chat.say("/subscribe all instant");
    chat.configure(&CONFIG.replace(
        "title = \"Japan\"",
        "title = \"Japan\"\nheadings = [\"Nippon\"]",
    ));
    chat.load();
    std::fs::rename(
        chat.path("digests/page.txt"),
        chat.path("digests/renamed.txt"),
    )
    .unwrap();
    let loaded = chat.load();
    assert!(loaded.contains("0 new"), "{loaded}");
    assert_eq!(chat.posted(), "");
}

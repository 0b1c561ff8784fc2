//! What waits for its source's editors before it goes out, where nobody of them says anything.

use jiff::SignedDuration;
use tidings_core::ids::ItemId;
use tidings_store::{ReviewDeed, StoreError};

use super::{Chat, page};
use crate::harness::{CONFIG, block_on};

/// A bot that has loaded a source with `hold`, for somebody who wants its news at once.
fn held() -> Chat {
    let config = format!("{CONFIG}hold = \"30m\"\n[operator]\neditors = [\"telegram:7\"]\n");
    let mut chat = Chat::with(&config);
    chat.drop_file(
        "2026-11-05.txt",
        page("# Japan\nSquid counted | All of them."),
    );
    chat.load();
    chat.say("/subscribe japan instant");
    chat
}

const NEWS: &str = "# Japan\nFerns come back | They grow in the shade.";

#[test]
fn a_file_that_somebody_names_waits_as_if_its_source_had_brought_it() {
    for push in [false, true] {
        let mut chat = held();
        chat.drop_file("2026-11-06.txt", page(NEWS));
        let file = chat.path("digests/2026-11-06.txt");
        chat.load_file(&file, push);
        assert_eq!(chat.posted(), "");
        let posted = chat.wait(SignedDuration::from_mins(31)).posted();
        assert!(posted.contains("Ferns come back"), "{posted}");
    }
}

#[test]
fn a_clock_that_was_years_ahead_holds_nothing_back_for_years() {
    let mut chat = held();
    let right = chat.app().now();
    chat.at("2036-03-01T12:00[UTC]");
    chat.drop_file("2026-11-06.txt", page(NEWS));
    chat.load();
    assert_eq!(chat.posted(), "");
    chat.set_clock(right);
    chat.keep_up(None);
    assert_eq!(chat.wait(SignedDuration::from_mins(29)).posted(), "");
    let posted = chat.wait(SignedDuration::from_mins(2)).posted();
    assert!(posted.contains("Ferns come back"), "{posted}");
    // What comes later waits for itself, and its editors get a message of its own.
    chat.wait(SignedDuration::from_hours(2));
    let reviews = |chat: &Chat| {
        let store = chat.app().store().blocking();
        store
            .read(|db| db.untold_reviews("telegram"))
            .unwrap()
            .len()
    };
    let before = reviews(&chat);
    chat.drop_file("2026-11-07.txt", page("# Japan\nEnvoys meet | In Oslo."));
    chat.load();
    assert_eq!(reviews(&chat), before + 1);
}

#[test]
fn what_waited_long_enough_can_be_read_where_no_platform_runs() {
    let mut chat = held();
    chat.drop_file("2026-11-06.txt", page(NEWS));
    chat.load();
    chat.wait(SignedDuration::from_mins(31));
    let app = chat.app();
    block_on(app.keep_up(app.store(), &[], None, &mut 0)).unwrap();
    assert!(chat.say("/latest japan").contains("Ferns come back"));
    assert!(chat.posted().contains("Ferns come back"));
}

#[test]
fn what_an_editor_dropped_and_took_back_leads_its_story_again() {
    let more =
        "[[source]]\nname = \"yonhap\"\nkind = \"folder\"\npath = \"yonhap\"\nlabel = \"Yonhap\"\n";
    let editors = "[operator]\neditors = [\"telegram:7\"]\n";
    let mut chat = Chat::with(&format!("{CONFIG}hold = \"30m\"\n{more}{editors}"));
    let told = |title: &str| {
        page(&format!(
            "# US-NK Relations\n{title} | He stays for two days."
        ))
    };
    for source in ["digests", "yonhap"] {
        let first = page(&format!("Old words of {source} | Said long ago."));
        chat.drop_into(source, "2026-10-01.txt", first);
    }
    chat.load();
    chat.say("/subscribe all instant");
    let first = told("Envoy Harmon arrives in Seoul for talks on prisoners");
    chat.drop_into("digests", "2026-11-06.txt", first);
    chat.load();
    let now = chat.app().now();
    let editing = chat.app().store().blocking().write(|db| {
        let review = db.untold_reviews("telegram")?[0];
        let item = ItemId::new(3);
        assert!(db.drop_held(item, "telegram:7", now)?.is_some());
        let undone = db.undo_deed(review, "telegram:7", now)?;
        assert_eq!(undone, Some(ReviewDeed::Drop));
        Ok::<_, StoreError>(())
    });
    editing.unwrap();
    let second = told("Envoy Harmon in Seoul for talks on prisoners");
    chat.drop_into("yonhap", "2026-11-06.txt", second);
    chat.load();
    chat.wait(SignedDuration::from_mins(31));
    let posted = chat.posted();
    assert!(posted.contains("also: "), "{posted}");
}

//! What editors do to single items: it holds whatever the source says, and can be undone.

use jiff::SignedDuration;
use tidings::editing::items::{self, ItemDeed, Words};
use tidings::editing::{self, Refusal};
use tidings_core::ids::{DeedId, ItemId};
use tidings_core::item::Place;
use tidings_core::search::Query;
use tidings_store::{DeedKind, StoreError};

use super::{Chat, page};
use crate::fakes::web::{Reply, Site};
use crate::harness::CONFIG;

const EVE: &str = "telegram:7";

/// A bot that knows a story of two items, and two others.
fn archive() -> Chat {
    let mut chat = Chat::new();
    chat.drop_file(
        "2026-11-05.txt",
        said("Squid counted agian", "There are 41."),
    );
    chat.load();
    chat
}

/// A page of two items, the first of which is told again and again.
fn said(title: &str, summary: &str) -> String {
    page(&format!(
        "# Japan\n{title} | {summary} Read more https://news.example/squid\nFerns come back | They grow in the shade."
    ))
}

impl Chat {
    fn find(&self, words: &str) -> ItemId {
        let query = Query::parse(words).unwrap();
        let store = self.app().store().blocking();
        let found = store.read(|db| db.search(&query, Place::TOP, 2)).unwrap();
        assert_eq!(found.len(), 1, "{words}: {found:?}");
        found[0].id
    }

    fn edit_item(&self, item: ItemId, deed: &ItemDeed) -> Result<DeedId, Refusal> {
        self.edit_seen(item, deed, None)
    }

    fn edit_seen(
        &self,
        item: ItemId,
        deed: &ItemDeed,
        seen: Option<i64>,
    ) -> Result<DeedId, Refusal> {
        let now = self.app().now();
        let store = self.app().store().blocking();
        let edited = store.write(|db| items::edit(db, item, deed, seen, EVE, now));
        edited.unwrap()
    }

    fn undo_deed(&self, deed: DeedId) -> Result<DeedKind, Refusal> {
        let now = self.app().now();
        let store = self.app().store().blocking();
        store.write(|db| editing::undo(db, deed, EVE, now)).unwrap()
    }

    fn seen(&self, item: ItemId) -> i64 {
        let store = self.app().store().blocking();
        let state = store.read(|db| items::state(db, item)).unwrap();
        state.unwrap().seen
    }
}

fn words(title: &str, summary: &str) -> ItemDeed {
    ItemDeed::Correct(Words {
        title: title.to_owned(),
        summary: summary.to_owned(),
        link: "https://news.example/squid".to_owned(),
    })
}

#[test]
fn what_an_editor_sets_stays_and_the_rest_follows_the_source() {
    let mut chat = archive();
    let squid = chat.find("squid");
    let deed = chat
        .edit_item(squid, &words("Squid counted again", "There are 41."))
        .unwrap();
    assert!(
        chat.say("/search squid counted again")
            .contains("counted again")
    );
    assert!(chat.say("/search agian").contains("Nothing found"));
    // The source says the same, and then something else: it is the same item.
    chat.drop_file(
        "2026-11-05.txt",
        said("Squid counted agian", "There are 42."),
    );
    chat.load();
    let read = chat.say(&format!("/read {squid}"));
    assert!(
        read.contains("Squid counted again") && read.contains("There are 42."),
        "{read}"
    );
    chat.drop_file(
        "2026-11-05.txt",
        said("Squid counted agian and again", "There are 42."),
    );
    chat.load();
    assert!(
        chat.say(&format!("/read {squid}"))
            .contains("Squid counted again\n")
    );
    assert_eq!(chat.find("squid"), squid);
    // Undone, it says what the source says by now.
    assert_eq!(chat.undo_deed(deed), Ok(DeedKind::Correct));
    assert!(
        chat.say(&format!("/read {squid}"))
            .contains("Squid counted agian and again")
    );
    assert_eq!(chat.undo_deed(deed), Err(Refusal::Undone), "once");
}

#[test]
fn what_has_nothing_but_its_title_is_recognised_by_its_sources() {
    let mut chat = Chat::new();
    let told = page("# Japan\nSquid counted agian | There are 41.");
    chat.drop_file("a.txt", &told).load();
    let squid = chat.find("squid");
    chat.edit_item(
        squid,
        &ItemDeed::Correct(Words {
            title: "Forty-one squid".to_owned(),
            summary: "There are 41.".to_owned(),
            link: String::new(),
        }),
    )
    .unwrap();
    chat.drop_file("a.txt", format!("{told}\n"));
    assert!(chat.load().contains("0 new"), "the same item");
    assert!(chat.say("/latest japan").contains("Forty-one squid"));
}

#[test]
fn an_item_moves_for_good_and_back() {
    let mut chat = archive();
    let (squid, us_nk) = (chat.find("squid"), chat.section("us-nk"));
    let deed = chat.edit_item(squid, &ItemDeed::Move(us_nk)).unwrap();
    chat.drop_file(
        "2026-11-05.txt",
        said("Squid counted agian", "There are 42."),
    );
    chat.load();
    assert!(chat.say("/latest us-nk").contains("Squid"));
    assert!(!chat.say("/latest japan").contains("Squid"));
    assert_eq!(
        chat.edit_item(squid, &ItemDeed::Move(us_nk)),
        Err(Refusal::Unchanged)
    );
    assert_eq!(chat.undo_deed(deed), Ok(DeedKind::Move));
    assert!(chat.say("/latest japan").contains("Squid"));
    assert!(
        chat.say("/sections").contains("Japan"),
        "{}",
        chat.say("/sections")
    );
    // Its source files it again.
    chat.drop_file(
        "2026-11-05.txt",
        page("# US-NK Relations\nSquid counted agian | There are 42. Read more https://news.example/squid"),
    );
    chat.load();
    assert!(chat.say("/latest us-nk").contains("Squid"));
}

#[test]
fn nothing_is_pushed_for_what_an_editor_does_and_nothing_owed_is_lost() {
    let mut chat = archive();
    chat.say("/subscribe japan daily 18:00");
    chat.drop_file(
        "2026-11-06.txt",
        page("# Japan\nWhales counted too | There are 3."),
    );
    chat.load();
    let (whales, us_nk) = (chat.find("whales"), chat.section("us-nk"));
    let moved = chat.edit_item(whales, &ItemDeed::Move(us_nk)).unwrap();
    chat.undo_deed(moved).unwrap();
    let withdrawn = chat.edit_item(whales, &ItemDeed::Withdraw).unwrap();
    assert_eq!(
        chat.edit_item(whales, &ItemDeed::Withdraw),
        Err(Refusal::Unchanged)
    );
    assert_eq!(chat.undo_deed(withdrawn), Ok(DeedKind::Withdraw));
    let post = chat.tick_at("2026-11-06T18:00[UTC]");
    assert_eq!(post.matches("Whales counted too").count(), 1, "{post}");
    // What was pushed comes no second time.
    let withdrawn = chat.edit_item(whales, &ItemDeed::Withdraw).unwrap();
    chat.posted();
    chat.undo_deed(withdrawn).unwrap();
    chat.posted();
    assert_eq!(chat.tick_at("2026-11-07T18:00[UTC]"), "");
}

/// Two items of two sources that tell one story.
fn told_twice() -> (Chat, ItemId, ItemId) {
    let second = "[[source]]\nname = \"second\"\nkind = \"folder\"\npath = \"second\"\n";
    let mut chat = Chat::with(&format!("{CONFIG}{second}"));
    for (source, text) in [
        (
            "digests",
            "Envoy Harmon arrives in Seoul for talks on prisoners | He stays for two days.",
        ),
        (
            "second",
            "Envoy Harmon in Seoul for prisoner talks | The envoy stays for two days.",
        ),
    ] {
        chat.drop_into(source, "2026-11-05.txt", page(&format!("# Japan\n{text}")));
    }
    chat.load();
    let store = chat.app().store().blocking();
    let story = store.read(|db| db.story(ItemId::new(1))).unwrap();
    assert_eq!(story.len(), 2, "one story");
    (chat, story[0], story[1])
}

impl Chat {
    fn leaders(&self, items: &[ItemId]) -> Vec<ItemId> {
        let store = self.app().store().blocking();
        let leaders = store.read(|db| {
            let leaders = items.iter().map(|item| db.leader_of(*item));
            leaders.collect::<Result<Vec<_>, StoreError>>()
        });
        leaders.unwrap().into_iter().flatten().collect()
    }
}

#[test]
fn a_story_is_split_and_joined_and_both_are_undone() {
    let (mut chat, first, second) = told_twice();
    let both = [first, second];
    assert_eq!(chat.leaders(&both), [first, first]);
    // Whichever is split off, the other one leads its own.
    for one in both {
        let deed = chat.edit_item(one, &ItemDeed::Split).unwrap();
        assert_eq!(chat.leaders(&both), both);
        assert_eq!(chat.edit_item(one, &ItemDeed::Split), Err(Refusal::Alone));
        assert_eq!(chat.undo_deed(deed), Ok(DeedKind::Split));
        assert_eq!(chat.leaders(&both), [first, first]);
    }
    assert_eq!(
        chat.edit_item(second, &ItemDeed::Join(first)),
        Err(Refusal::OneStory)
    );
    chat.drop_file(
        "2026-11-06.txt",
        page("# Japan\nFerns come back | They grow."),
    );
    chat.load();
    let ferns = chat.find("ferns");
    let all = [first, second, ferns];
    // The whole story goes, and what was stored first leads.
    let deed = chat.edit_item(first, &ItemDeed::Join(ferns)).unwrap();
    assert_eq!(chat.leaders(&all), [first, first, first]);
    let later = chat.edit_item(second, &ItemDeed::Split).unwrap();
    assert_eq!(chat.undo_deed(deed), Err(Refusal::Overtaken));
    chat.undo_deed(later).unwrap();
    chat.undo_deed(deed).unwrap();
    assert_eq!(chat.leaders(&all), [first, first, ferns]);
    assert_eq!(
        chat.edit_item(ferns, &ItemDeed::Join(ItemId::new(99))),
        Err(Refusal::Gone)
    );
}

#[test]
fn what_was_overtaken_is_refused() {
    let mut chat = archive();
    let squid = chat.find("squid");
    let seen = chat.seen(squid);
    let first = chat.edit_seen(
        squid,
        &words("Squid counted again", "There are 41."),
        Some(seen),
    );
    let second = chat.edit_seen(
        squid,
        &words("Squid counted twice", "There are 41."),
        Some(seen),
    );
    assert_eq!(second, Err(Refusal::Overtaken));
    let third = chat
        .edit_item(squid, &words("Squid counted thrice", "There are 41."))
        .unwrap();
    let first = first.unwrap();
    assert_eq!(chat.undo_deed(first), Err(Refusal::Overtaken));
    // The later one first, and then the earlier one.
    chat.undo_deed(third).unwrap();
    assert_eq!(chat.undo_deed(first), Ok(DeedKind::Correct));
    assert!(chat.say(&format!("/read {squid}")).contains("agian"));
    for (wrong, refusal) in [
        (words("  …  ", "There are 41."), Refusal::Untitled),
        (words(&"x".repeat(301), ""), Refusal::TooLong),
        (
            ItemDeed::Correct(Words {
                title: "Squid".to_owned(),
                summary: String::new(),
                link: "javascript:alert(1)".to_owned(),
            }),
            Refusal::NoLink,
        ),
        (
            words("Squid counted agian", "There are 41."),
            Refusal::Unchanged,
        ),
        (ItemDeed::Restore, Refusal::Unchanged),
    ] {
        assert_eq!(chat.edit_item(squid, &wrong), Err(refusal), "{wrong:?}");
    }
    assert_eq!(
        chat.edit_item(ItemId::new(99), &ItemDeed::Withdraw),
        Err(Refusal::Gone)
    );
}

#[test]
fn every_deed_is_kept_with_whom_it_was_by() {
    let mut chat = archive();
    let squid = chat.find("squid");
    let deed = chat.edit_item(squid, &ItemDeed::Withdraw).unwrap();
    chat.undo_deed(deed).unwrap();
    let deeds = chat.app().store().blocking().read(|db| db.deeds(None, 10));
    let deeds = deeds.unwrap();
    assert_eq!(deeds.len(), 1);
    let kept = &deeds[0];
    assert_eq!((kept.kind, kept.by.as_str()), (DeedKind::Withdraw, EVE));
    assert_eq!(
        (kept.item, kept.subject.as_str()),
        (Some(squid), "Squid counted agian")
    );
    assert_eq!(kept.undone.as_ref().unwrap().by.as_deref(), Some(EVE));
    chat.posted();
}

#[test]
fn what_was_withdrawn_takes_no_later_item_of_its_title_with_it() {
    let mut chat = Chat::new();
    chat.drop_file(
        "2026-11-04.txt",
        page("# Japan\nWeather | Snow over Aomori."),
    );
    chat.load();
    let first = chat.find("snow aomori");
    chat.edit_item(first, &ItemDeed::Withdraw).unwrap();
    for (name, words) in [
        ("2026-11-05.txt", "A typhoon warning for forty towns."),
        ("2026-11-06.txt", "Sun again."),
    ] {
        chat.drop_file(name, page(&format!("# Japan\nWeather | {words}")));
        assert!(chat.load().contains("1 new"), "{words}");
    }
    // The same said again is what was withdrawn, and stays so.
    chat.drop_file(
        "2026-11-04.txt",
        page("# Japan\nWeather | Snow over Aomori.\n"),
    );
    assert!(chat.load().contains("0 new"));
    assert!(chat.say("/search snow").contains("Nothing found"));
}

#[test]
fn what_moves_while_it_is_withdrawn_is_owed_as_it_was() {
    let mut chat = archive();
    chat.say("/subscribe japan daily 18:00");
    chat.drop_file(
        "2026-11-06.txt",
        page("# Japan\nWhales counted too | There are 3."),
    );
    chat.load();
    let (whales, us_nk) = (chat.find("whales"), chat.section("us-nk"));
    let moved = chat.edit_item(whales, &ItemDeed::Move(us_nk)).unwrap();
    let withdrawn = chat.edit_item(whales, &ItemDeed::Withdraw).unwrap();
    chat.undo_deed(moved).unwrap();
    chat.undo_deed(withdrawn).unwrap();
    let post = chat.tick_at("2026-11-06T18:00[UTC]");
    assert_eq!(post.matches("Whales counted too").count(), 1, "{post}");
}

#[test]
fn an_item_that_comes_back_leads_its_story_and_is_joined_again() {
    let (mut chat, first, second) = told_twice();
    let withdrawn = chat.edit_item(first, &ItemDeed::Withdraw).unwrap();
    assert_eq!(chat.leaders(&[first, second]), [second, second]);
    chat.undo_deed(withdrawn).unwrap();
    assert_eq!(chat.leaders(&[first, second]), [first, first]);
    let again = chat.edit_item(second, &ItemDeed::Withdraw).unwrap();
    let split = "Envoy Harmon in Seoul for talks on prisoners | For two days.";
    chat.drop_into(
        "second",
        "2026-11-06.txt",
        page(&format!("# Japan\n{split}")),
    );
    chat.load();
    let third = chat.find("\"harmon in seoul\"");
    assert_eq!(chat.leaders(&[third]), [first]);
    assert_eq!(chat.undo_deed(again), Ok(DeedKind::Withdraw));
    // What was taken back once more since is undone by nobody's older deed.
    let later = chat.edit_item(second, &ItemDeed::Withdraw).unwrap();
    assert_eq!(chat.undo_deed(withdrawn), Err(Refusal::Undone));
    assert_eq!(chat.undo_deed(later), Ok(DeedKind::Withdraw));
}

#[test]
fn editors_words_are_cleaned_as_a_sources_are_and_long_ones_may_stay() {
    let mut chat = archive();
    let squid = chat.find("squid");
    let wild = "Squid\u{1}\u{1b}[31m \u{202e}counted\u{0} again";
    chat.edit_item(squid, &words(wild, "There are 41."))
        .unwrap();
    let read = chat.say(&format!("/read {squid}"));
    assert!(read.contains("Squid[31m counted again"), "{read:?}");
    let long = format!("Long {}", "word ".repeat(100));
    chat.drop_file("2026-11-06.txt", page(&format!("# Japan\n{long} | Text.")));
    chat.load();
    let item = chat.find("long word");
    let corrected = ItemDeed::Correct(Words {
        title: long.trim().to_owned(),
        summary: "Text.".to_owned(),
        link: "https://news.example/long".to_owned(),
    });
    assert!(
        chat.edit_item(item, &corrected).is_ok(),
        "the title is as it was"
    );
}

#[test]
fn what_a_source_corrected_of_a_withdrawn_item_is_read_once_it_is_back() {
    let site = Site::start();
    let feed = |title: &str, tag: &str| {
        let item = format!("<item><guid>1</guid><title>{title}</title></item>");
        let feed = format!("<rss version=\"2.0\"><channel><title>W</title>{item}</channel></rss>");
        Reply::page(feed).with("etag", tag)
    };
    site.set("/feed", feed("Squid counted", "\"one\""));
    let url = site.url("/feed");
    let mut chat = Chat::with(&format!(
        "[fetch]\nhost_pause = \"0s\"\n{CONFIG}[[source]]\nname = \"web\"\nkind = \"feed\"\nurl = \"{url}\"\n\
         allow_private = [\"127.0.0.1\"]\n"
    ));
    chat.load();
    let withdrawn = chat.edit_item(chat.find("Squid"), &ItemDeed::Withdraw);
    site.set("/feed", feed("Squid counted twice", "\"two\""));
    chat.wait(SignedDuration::from_mins(30));
    chat.load();
    chat.undo_deed(withdrawn.unwrap()).unwrap();
    // The server would say that nothing has changed since.
    chat.wait(SignedDuration::from_mins(30));
    chat.load();
    let latest = chat.say("/latest");
    assert!(latest.contains("Squid counted twice"), "{latest}");
}

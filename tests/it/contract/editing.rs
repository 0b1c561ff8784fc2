//! Editors mend items where they read them, in a private chat with the bot.

use super::reviews::{Desks, Editor, Played, begun_with_editors};
use super::rooms::Room;
use super::{comes, copies, settled};
use crate::fakes::telegram::FakeTelegram;

/// A room that follows Japan instantly and got one headline of it, and two editors.
async fn posted<S: Desks>() -> Played<S> {
    let played = begun_with_editors::<S>("").await;
    let (stage, room) = (&played.stage, &played.room);
    stage.news(
        "2026-11-06.txt",
        "# Japan\nSquid counted agian | There are 41.",
    );
    comes(stage, room, "Squid counted agian").await;
    settled::<S::Room>(stage).await;
    let read = played.eve.reads(played.squid()).await;
    assert!(read.contains("Squid counted agian"), "{read}");
    played
}

impl<S: Desks> Played<S> {
    /// The number of the headline.
    fn squid(&self) -> i64 {
        let store = self.stage.app().store().blocking();
        store.read(|db| db.greatest_item_id()).unwrap()
    }

    /// What anybody is told of it.
    async fn read(&self) -> String {
        self.room.reader(&format!("/read {}", self.squid())).await
    }
}

pub(super) async fn an_editor_corrects_what_was_posted<S: Desks>() {
    let played = posted::<S>().await;
    let Played {
        stage, room, eve, ..
    } = &played;
    let (squid, messages) = (played.squid(), room.messages());
    eve.writes("Correct", &[("title", "Squid counted again")])
        .await;
    comes(stage, room, "Squid counted again").await;
    // A second mistake doesn't wait for the hour.
    eve.reads(squid).await;
    let words = [
        ("title", "Squid counted twice"),
        ("summary", "There are 42."),
    ];
    eve.writes("Correct", &words).await;
    comes(stage, room, "Squid counted twice").await;
    assert_eq!(room.messages(), messages, "nothing is posted for that");
    // Its source says what it said, and changes nothing.
    stage.news(
        "2026-11-06.txt",
        "# Japan\nSquid counted agian | There are 41 of them.",
    );
    let shown = played.read().await;
    assert!(
        shown.contains("Squid counted twice") && shown.contains("There are 42."),
        "{shown}"
    );
    eve.presses("Undo").await;
    comes(stage, room, "Squid counted again").await;
    played.stage.over().await;
}

pub(super) async fn an_editor_withdraws_and_restores<S: Desks>() {
    let played = posted::<S>().await;
    let Played {
        stage,
        room,
        eve,
        fay,
    } = &played;
    let squid = played.squid();
    eve.presses("Withdraw").await;
    comes(stage, room, "Corrected").await;
    assert_eq!(room.struck().len(), 1, "{:?}", room.posts());
    let gone = played.read().await;
    assert!(gone.contains("no longer in the archive"), "{gone}");
    // The other editor sees it still, and puts it back.
    let shown = fay.reads(squid).await;
    assert!(shown.contains("was withdrawn"), "{shown}");
    fay.presses("Restore").await;
    let look = || room.struck().is_empty().then_some(());
    stage.run(stage.seen("nothing struck out", look)).await;
    let shown = played.read().await;
    assert!(shown.contains("Squid counted agian"), "{shown}");
    assert_eq!(copies(room, "Squid"), 1);
    played.stage.over().await;
}

pub(super) async fn an_editor_moves_and_joins<S: Desks>() {
    let played = posted::<S>().await;
    let Played { room, eve, .. } = &played;
    let squid = played.squid();
    eve.presses("Move").await;
    eve.chooses("Inter-Korean relations").await;
    let moved = room.reader("/latest inter-korean").await;
    assert!(moved.contains("Squid counted agian"), "{moved}");
    eve.presses("Undo").await;
    let moved = room.reader("/latest inter-korean").await;
    assert!(!moved.contains("Squid"), "{moved}");
    // What an old item tells is the same story.
    eve.reads(squid).await;
    eve.writes("Join", &[("number", "#1")]).await;
    let shown = eve.reads(squid).await;
    assert!(shown.contains("The same story"), "{shown}");
    eve.presses("Split").await;
    let shown = eve.reads(squid).await;
    assert!(!shown.contains("The same story"), "{shown}");
    for (written, why) in [
        ("many", "“many” isn’t an item’s number"),
        ("1 and 2", "“1 and 2” isn’t an item’s number"),
        ("-1", "“-1” isn’t an item’s number"),
        ("999999", "no item of that number"),
        ("99999999999999999999999", "no item of that number"),
    ] {
        eve.reads(squid).await;
        eve.writes("Join", &[("number", written)]).await;
        let said = eve.sees().pop().unwrap_or_default();
        assert!(said.contains(why), "{written}: {said}");
    }
    played.stage.over().await;
}

pub(super) async fn what_stands_in_the_way_of_undoing_is_named<S: Desks>() {
    let played = posted::<S>().await;
    let Played { room, eve, fay, .. } = &played;
    let squid = played.squid();
    eve.writes("Correct", &[("title", "Squid counted again")])
        .await;
    fay.reads(squid).await;
    fay.writes("Correct", &[("title", "Squid counted by Fay")])
        .await;
    eve.presses("Undo").await;
    let said = eve.sees().pop().unwrap_or_default();
    let since = "nothing was done. Look at it again. Last: Corrected “Squid counted again”, by Fay, Fri 6 Nov 12:0";
    assert!(said.contains(since), "{said}");
    assert!(played.read().await.contains("Squid counted by Fay"));
    // What was undone is said to be, and by whom.
    fay.presses("Undo").await;
    let shown = room.reader(&format!("/read {squid}")).await;
    assert!(shown.contains("Squid counted again"), "{shown}");
    fay.presses("Undo").await;
    let said = fay.sees().pop().unwrap_or_default();
    assert!(said.contains("undone already, by you, Fri 6 Nov"), "{said}");
    played.stage.over().await;
}

pub(super) async fn readers_edit_nothing<S: Desks>() {
    let played = posted::<S>().await;
    let Played { stage, room, .. } = &played;
    let stranger = stage.server.editor("Mallory");
    let shown = stranger.reads(played.squid()).await;
    assert!(shown.contains("Squid counted agian"), "{shown}");
    assert!(!stranger.is_offered("Correct") && !stranger.is_offered("Withdraw"));
    // Nor does an editor where others see it.
    let shown = room.manager(&format!("/read {}", played.squid())).await;
    assert!(!shown.contains("Withdraw"), "{shown}");
    played.stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_headline_that_looks_like_a_question_is_none() {
    let played = posted::<FakeTelegram>().await;
    let Played {
        stage, room, eve, ..
    } = &played;
    stage.news("2026-11-07.txt", "# Japan\nCorrect #1 | Answer me.");
    comes(stage, room, "Correct #1").await;
    let read = eve.reads(played.squid()).await;
    assert!(read.starts_with("Correct #1"), "{read}");
    let message = eve.chat().messages().pop().unwrap();
    eve.answers(message.id, "What nonsense is this?");
    let look = || {
        let told = eve.sees().pop().unwrap_or_default();
        told.contains("I only understand commands").then_some(())
    };
    stage.seen("that it is no question", look).await;
    let first = played.room.reader("/read 1").await;
    assert!(!first.contains("nonsense"), "{first}");
    played.stage.over().await;
}

/// What an item says after an editor has answered the bot's question with some words.
async fn corrected(played: &Played<FakeTelegram>, words: &str) -> String {
    let eve = &played.eve;
    eve.reads(played.squid()).await;
    eve.writes("Correct", &[("title", words)]).await;
    eve.reads(played.squid()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_address_in_the_last_line_is_a_link() {
    let played = posted::<FakeTelegram>().await;
    let read = corrected(
        &played,
        "Squid counted again\n\nThe list is at\nhttps://news.example/list\nand is long.",
    )
    .await;
    assert!(
        read.contains("The list is at https://news.example/list and is long."),
        "{read}"
    );
    let linked = || {
        let message = played.eve.chat().messages().pop().unwrap();
        message.raw.contains("href=\"https://news.example/squid\"")
    };
    for words in [
        "https://news.example/squid",
        "link: -",
        "Squid counted again\nLink: https://news.example/squid",
        "링크: -",
        "Squid counted again\n\nThere are 42.\n\nhttps://news.example/squid",
    ] {
        let read = corrected(&played, words).await;
        assert!(read.contains("Squid counted again"), "{read}");
        assert_eq!(linked(), words.contains("squid"), "{words}");
    }
    let read = corrected(&played, "Squid counted again\nlink: news.example").await;
    assert!(read.contains("There are 42."), "{read}");
    assert!(linked(), "it stays as it is");
    played.stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_summary_is_written_in_several_answers() {
    let played = posted::<FakeTelegram>().await;
    let sentence = "The envoys agreed to meet a third time before winter. ".repeat(60);
    corrected(
        &played,
        &format!("Squid counted again\n\n{sentence}\n\nHere ends the first."),
    )
    .await;
    corrected(&played, &format!("+ Here begins the second. {sentence}")).await;
    corrected(&played, "+\n\nHere begins the third.").await;
    let store = played.stage.app().store().blocking();
    let id = tidings_core::ids::ItemId::new(played.squid());
    let item = store.read(|db| db.item(id)).unwrap().unwrap();
    let paragraphs: Vec<&str> = item.summary.split("\n\n").collect();
    assert_eq!(paragraphs.len(), 4, "{}", item.summary);
    assert_eq!(paragraphs[1], "Here ends the first.");
    assert!(paragraphs[2].starts_with("Here begins the second. The envoys"));
    assert_eq!(paragraphs[3], "Here begins the third.");
    // A sign that belongs to a headline is none of that.
    corrected(&played, "+3% more squid").await;
    let item = store.read(|db| db.item(id)).unwrap().unwrap();
    assert_eq!(item.title, "+3% more squid");
    played.stage.over().await;
}

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
    eve.writes("Join", &[("number", "many")]).await;
    let said = eve.sees().pop().unwrap_or_default();
    assert!(said.contains("no item of that number"), "{said}");
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

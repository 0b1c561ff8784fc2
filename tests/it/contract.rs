//! The contract: what holds on every platform, as the same conversations on each.

mod bounds;
mod corrections;
mod dashboard;
mod editing;
pub(crate) mod reviews;
pub(crate) mod rooms;
mod suggestions;

use bounds::{
    a_long_item_is_read_page_by_page, articles_make_no_flood,
    readers_are_told_once_and_then_left_alone,
};
use rooms::{Room, Trouble};

use crate::fakes::discord::FakeDiscord;
use crate::fakes::telegram::FakeTelegram;
use crate::lines::Server;
use crate::stage::Stage;

/// Each scenario as a test on each platform.
macro_rules! on_every_platform {
    ($($scenario:ident),* $(,)?) => {
        mod on_telegram {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                super::$scenario::<FakeTelegram>().await;
            })*
        }

        mod on_discord {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                super::$scenario::<FakeDiscord>().await;
            })*
        }

        mod on_a_third_platform {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                super::$scenario::<Server>().await;
            })*
        }
    };
}

on_every_platform! {
    what_is_followed_comes_once,
    readers_change_nothing,
    a_pause_loses_nothing,
    thrown_out_and_taken_back,
    trouble_is_overcome_in_order,
    a_lost_answer_costs_no_more_than_is_promised,
    one_refused_headline_costs_no_other,
    what_is_refused_for_good_blocks_nothing,
    a_strange_refusal_pauses_the_channel_and_costs_nothing,
    a_refusal_of_the_bot_is_nobodys_fault,
    a_missed_slot_is_caught_up_once,
    a_roundup_waits_for_loading,
    a_kill_loses_nothing,
    a_flood_is_cut,
    source_text_pings_nobody,
    mistakes_are_helped_with,
    an_instant_post_and_a_daily_roundup_share_nothing_twice,
    articles_make_no_flood,
    a_long_item_is_read_page_by_page,
    readers_are_told_once_and_then_left_alone,
}

/// The same where editors have private chats.
macro_rules! where_editors_are {
    ($($room:ident::$scenario:ident),* $(,)?) => {
        mod editors_on_telegram {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                $room::$scenario::<FakeTelegram>().await;
            })*
        }

        mod editors_on_discord {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                $room::$scenario::<FakeDiscord>().await;
            })*
        }
    };
}

where_editors_are! {
    reviews::silence_publishes_on_time,
    reviews::each_editor_is_told_in_their_own_language_and_zone,
    reviews::an_editor_publishes_at_once,
    reviews::what_is_held_back_waits_for_an_editor,
    reviews::what_is_held_over_midnight_comes_with_the_next_roundup,
    reviews::later_passes_join_the_message,
    reviews::a_headline_is_dropped_or_moved_unseen,
    reviews::who_deletes_the_message_is_told_by_another,
    reviews::hundreds_that_wait_are_gone_through_page_by_page,
    editing::an_editor_corrects_what_was_posted,
    editing::an_editor_withdraws_and_restores,
    editing::an_editor_moves_and_joins,
    editing::what_stands_in_the_way_of_undoing_is_named,
    editing::readers_edit_nothing,
    reviews::what_waits_for_a_hidden_section_is_no_news,
    reviews::what_waits_goes_where_its_section_is_merged,
}

/// The same where readers can be alone with the bot.
macro_rules! where_readers_suggest {
    ($($scenario:ident),* $(,)?) => {
        mod suggestions_on_telegram {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                suggestions::$scenario::<FakeTelegram>().await;
            })*
        }

        mod suggestions_on_discord {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                suggestions::$scenario::<FakeDiscord>().await;
            })*
        }
    };
}

where_readers_suggest! {
    a_find_reaches_each_editor_once,
    three_a_day_may_be_suggested,
    without_editors_there_is_nobody_to_suggest_to,
}

/// The same where messages can be edited.
macro_rules! where_messages_are_edited {
    ($($scenario:ident),* $(,)?) => {
        mod edits_on_telegram {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                corrections::$scenario::<FakeTelegram>().await;
            })*
        }

        mod edits_on_discord {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                corrections::$scenario::<FakeDiscord>().await;
            })*
        }
    };
}

where_messages_are_edited! {
    a_correction_is_made_where_it_was_posted,
    later_corrections_go_together,
    what_is_withdrawn_is_struck_out,
    who_wants_no_corrections_gets_none,
    what_wasn_t_sent_yet_is_sent_right,
    an_edit_overcomes_trouble_and_a_kill,
    a_message_that_was_deleted_stays_deleted,
    after_two_days_it_is_left_and_said,
    only_the_message_with_the_item_changes,
    what_went_in_pieces_is_corrected_where_it_stands,
}

/// The same where the dashboard leads to private chats, and shows pictures of messages.
macro_rules! where_the_dashboard_is {
    ($($scenario:ident),* $(,)?) => {
        mod dashboard_on_telegram {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                dashboard::$scenario::<FakeTelegram>().await;
            })*
        }

        mod dashboard_on_discord {
            use super::*;
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $scenario() {
                dashboard::$scenario::<FakeDiscord>().await;
            })*
        }
    };
}

where_the_dashboard_is! {
    a_preview_shows_what_comes,
    a_private_chat_is_called_what_chat_calls_it,
    the_button_under_status_signs_in,
}

fn page(words: &str) -> String {
    format!("# Japan\n{words} | Text of it.")
}

/// Posts of a room that hold some words.
fn copies<R: Room>(room: &R, words: &str) -> usize {
    room.posts()
        .iter()
        .filter(|post| post.contains(words))
        .count()
}

/// Waits, while the clock runs, until a room's posts hold some words.
async fn comes<R: Room>(stage: &Stage<R::Server>, room: &R, words: &str) {
    let look = || (copies(room, words) > 0).then_some(());
    stage.run(stage.seen(words, look)).await;
}

/// Waits until nothing waits any more.
async fn settled<R: Room>(stage: &Stage<R::Server>) {
    let look = || (stage.queue().0 == 0).then_some(());
    stage.run(stage.seen("an empty queue", look)).await;
}

async fn begun<S: rooms::Rooms>(follow: &str) -> (Stage<S>, S::Room) {
    let stage = Stage::<S>::new().await;
    let room = S::room(&stage).await;
    let answer = room.manager(follow).await;
    assert!(answer.contains("now follows"), "{answer}");
    (stage, room)
}

async fn what_is_followed_comes_once<S: rooms::Rooms>() {
    let (mut stage, room) = begun::<S>("/subscribe japan instant").await;
    stage.news("2026-11-06.txt", &page("Squid counted again"));
    comes(&stage, &room, "Squid counted again").await;
    stage.load();
    stage.at("2026-11-06T13:00[UTC]");
    stage.restart().await;
    stage.news("2026-11-07.txt", &page("Squid counted thrice"));
    comes(&stage, &room, "Squid counted thrice").await;
    assert_eq!(copies(&room, "Squid counted again"), 1);
    // What was there before is not posted.
    assert_eq!(copies(&room, "Squid counted together"), 0);
    stage.over().await;
}

async fn readers_change_nothing<S: rooms::Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan daily 09:00").await;
    for line in [
        "/subscribe us-nk",
        "/unsubscribe japan",
        "/schedule japan hourly",
        "/timezone Asia/Seoul",
        "/pause",
        "/settings style summaries",
        "/forget yes",
        "/roundup",
    ] {
        let answer = room.reader(line).await;
        assert!(answer.starts_with("Only "), "{line}: {answer}");
    }
    let followed = room.reader("/subscriptions").await;
    assert!(
        followed.contains("daily 09:00") && !followed.contains("us-nk"),
        "{followed}"
    );
    stage.over().await;
}

async fn a_pause_loses_nothing<S: rooms::Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    room.manager("/pause").await;
    stage.news("2026-11-06-a.txt", &page("Squid one"));
    stage.news("2026-11-06-b.txt", &page("Squid two"));
    assert_eq!(room.posts(), Vec::<String>::new());
    room.manager("/resume").await;
    comes(&stage, &room, "Squid two").await;
    let posts = room.posts();
    assert_eq!(posts.len(), 1, "{posts:?}");
    assert!(posts[0].contains("Squid one"));
    stage.over().await;
}

async fn thrown_out_and_taken_back<S: rooms::Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    room.throw_out();
    stage
        .seen("the pause", || stage.pause_of_address(&room.address()))
        .await;
    stage.news("2026-11-06-a.txt", &page("Squid one"));
    stage.news("2026-11-06-b.txt", &page("Squid two"));
    room.take_back();
    comes(&stage, &room, "Squid two").await;
    let posts = room.posts();
    assert_eq!(posts.len(), 1, "{posts:?}");
    assert!(posts[0].contains("Squid one"));
    assert!(room.reader("/subscriptions").await.contains("instant"));
    stage.over().await;
}

async fn trouble_is_overcome_in_order<S: rooms::Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    for (at, trouble) in [Trouble::Busy, Trouble::Broken, Trouble::Reset]
        .into_iter()
        .enumerate()
    {
        room.next_post_meets(trouble);
        for half in ["first", "second"] {
            let words = format!("Squid {at} {half}");
            stage.news(&format!("2026-11-06-{at}-{half}.txt"), &page(&words));
        }
        comes(&stage, &room, &format!("Squid {at} second")).await;
    }
    settled::<S::Room>(&stage).await;
    let posts = room.posts().join("\n");
    let mut last = 0;
    for at in 0..3 {
        for half in ["first", "second"] {
            let words = format!("Squid {at} {half}");
            assert_eq!(posts.matches(&words).count(), 1, "{posts}");
            let place = posts.find(&words).unwrap();
            // Within one roundup the newest come first; between roundups the order stays.
            assert!(place >= last || half == "second", "{posts}");
            last = last.max(place);
        }
    }
    stage.over().await;
}

async fn a_lost_answer_costs_no_more_than_is_promised<S: rooms::Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    room.next_post_meets(Trouble::AnswerLost);
    stage.news("2026-11-06.txt", &page("Squid counted again"));
    comes(&stage, &room, "Squid counted again").await;
    settled::<S::Room>(&stage).await;
    assert!(copies(&room, "Squid counted again") <= 1 + S::Room::REPEATS);
    stage.over().await;
}

async fn one_refused_headline_costs_no_other<S: rooms::Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan daily 09:00").await;
    room.refuses_texts_with("Squid number 12");
    let many: Vec<String> = (10..35)
        .map(|n| format!("Squid number {n}. | Text."))
        .collect();
    stage.news("2026-11-06.txt", &format!("# Japan\n{}", many.join("\n")));
    stage.at("2026-11-07T09:00[UTC]");
    let refused = || (stage.queue() == (0, 1)).then_some(());
    stage.run(stage.seen("a dead part", refused)).await;
    let said = room.said();
    for n in (10..35).filter(|n| *n != 12) {
        let words = format!("Squid number {n}.");
        assert_eq!(said.matches(&words).count(), 1, "{words} {said}");
    }
    let status = room.reader("/status").await;
    assert!(
        status.contains("1 message was refused for good"),
        "{status}"
    );
    stage.over().await;
}

async fn what_is_refused_for_good_blocks_nothing<S: rooms::Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    room.refuses_texts_with("Squid one");
    stage.news("2026-11-06-a.txt", &page("Squid one"));
    stage
        .seen("a dead part", || (stage.queue() == (0, 1)).then_some(()))
        .await;
    stage.news("2026-11-06-b.txt", &page("Squid two"));
    comes(&stage, &room, "Squid two").await;
    let status = room.reader("/status").await;
    assert!(
        status.contains("1 message was refused for good"),
        "{status}"
    );
    stage.over().await;
}

async fn a_strange_refusal_pauses_the_channel_and_costs_nothing<S: rooms::Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    room.refuses_strangely(3);
    stage.news("2026-11-06-a.txt", &page("Squid one"));
    stage
        .seen("the pause", || stage.pause_of_address(&room.address()))
        .await;
    comes(&stage, &room, "Squid one").await;
    settled::<S::Room>(&stage).await;
    assert_eq!(stage.queue(), (0, 0));
    assert_eq!(copies(&room, "Squid one"), 1);
    stage.over().await;
}

async fn a_refusal_of_the_bot_is_nobodys_fault<S: rooms::Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    room.refuses_the_bot();
    stage.news("2026-11-06-a.txt", &page("Squid one"));
    let trouble = || {
        let state = stage
            .app()
            .store()
            .blocking()
            .read(|db| db.platform(S::NAME))
            .unwrap();
        state.and_then(|state| state.trouble)
    };
    let (trouble, _) = stage.seen("trouble", trouble).await;
    assert!(trouble.contains("refuses the bot itself"), "{trouble}");
    assert_eq!(stage.queue(), (1, 0));
    assert_eq!(stage.pause_of_address(&room.address()), None);
    stage.over().await;
}

async fn a_missed_slot_is_caught_up_once<S: rooms::Rooms>() {
    let (mut stage, room) = begun::<S>("/subscribe japan daily 09:00").await;
    stage.news("2026-11-06.txt", &page("Squid before the night"));
    stage.stop().await;
    stage.write("2026-11-08.txt", &page("Squid of the night"));
    stage.set("2026-11-09T12:00[UTC]");
    stage.start().await;
    comes(&stage, &room, "Squid before the night").await;
    settled::<S::Room>(&stage).await;
    let posts = room.posts();
    assert_eq!(posts.len(), 1, "{posts:?}");
    assert!(
        posts[0].contains("Catch-up") && posts[0].contains("Squid of the night"),
        "{posts:?}"
    );
    stage.over().await;
}

async fn a_roundup_waits_for_loading<S: rooms::Rooms>() {
    let (mut stage, room) = begun::<S>("/subscribe japan daily 09:00").await;
    stage.stop().await;
    stage.write("2026-11-06.txt", &page("Squid of the night"));
    let load = stage.start_loading().await;
    let answer = room.manager("/roundup").await;
    assert!(answer.contains("being loaded first"), "{answer}");
    assert!(room.posts().is_empty());
    load.send(()).unwrap();
    comes(&stage, &room, "Squid of the night").await;
    settled::<S::Room>(&stage).await;
    // The schedule goes on without repeating it.
    stage.at("2026-11-07T12:00[UTC]");
    stage.news("2026-11-07.txt", &page("Squid of the day"));
    stage.at("2026-11-08T12:00[UTC]");
    comes(&stage, &room, "Squid of the day").await;
    assert_eq!(copies(&room, "Squid of the night"), 1);
    stage.over().await;
}

async fn a_kill_loses_nothing<S: rooms::Rooms>() {
    let (mut stage, room) = begun::<S>("/subscribe japan instant").await;
    for round in 0..3 {
        room.next_post_meets(Trouble::Slow);
        let words = format!("Squid of round {round}");
        stage.news(&format!("2026-11-06-{round}.txt"), &page(&words));
        stage
            .seen("the post", || (copies(&room, &words) > 0).then_some(()))
            .await;
        stage.kill().await;
        stage.start().await;
        settled::<S::Room>(&stage).await;
        let seen = copies(&room, &words);
        assert!(
            (1..=1 + S::Room::REPEATS).contains(&seen),
            "{seen} × {words}"
        );
    }
    stage.over().await;
}

async fn a_flood_is_cut<S: rooms::Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan daily 09:00").await;
    let many: Vec<String> = (1..=60)
        .map(|n| format!("Squid number {n}. | Text."))
        .collect();
    stage.news("2026-11-06.txt", &format!("# Japan\n{}", many.join("\n")));
    stage.at("2026-11-07T09:00[UTC]");
    comes(&stage, &room, "35 more: /latest japan").await;
    let posts = room.posts().join("\n");
    assert_eq!(posts.matches("Squid number").count(), 25, "{posts}");
    stage.over().await;
}

async fn source_text_pings_nobody<S: rooms::Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    room.manager("/settings style summaries").await;
    stage.news(
        "2026-11-06.txt",
        "# Japan\n@everyone @here <@1234> @somebody <b>Squid</b> | *Text* & [more](http://evil.example)",
    );
    comes(&stage, &room, "Squid").await;
    // Whatever the platform does to say so, the words themselves are there.
    let post = room.posts().join("\n");
    for words in ["everyone", "<b>Squid</b>", "*Text* &"] {
        assert!(post.contains(words), "{words}: {post}");
    }
    assert_eq!(room.pinged(), Vec::<String>::new());
    stage.over().await;
}

async fn mistakes_are_helped_with<S: rooms::Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan daily 09:00").await;
    for (line, help) in [
        ("/latest us-nkk", "Did you mean us-nk?"),
        (
            "/subscribe us-nk daily 25:00",
            "Try: /subscribe us-nk daily 09:00",
        ),
        ("/subscribe japan daily 10:00", "/schedule japan"),
        ("/timezone Asia/Soul", "Asia/Seoul"),
        ("/read 999", "There is no item 999"),
        ("/settings style loud", "headlines, summaries"),
    ] {
        let answer = room.manager(line).await;
        assert!(answer.contains(help), "{line}: {answer}");
    }
    stage.over().await;
}

async fn an_instant_post_and_a_daily_roundup_share_nothing_twice<S: rooms::Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    room.manager("/subscribe all daily 09:00").await;
    stage.news(
        "2026-11-06.txt",
        "# Japan\nSquid at once | Text.\n# US-NK Relations\nEnvoys in the morning | Text.",
    );
    comes(&stage, &room, "Squid at once").await;
    assert_eq!(copies(&room, "Envoys in the morning"), 0);
    stage.at("2026-11-07T09:00[UTC]");
    comes(&stage, &room, "Envoys in the morning").await;
    assert_eq!(copies(&room, "Squid at once"), 1);
    stage.over().await;
}

//! Kills at every bad moment: nothing is lost, and only what was in flight is repeated.

use super::clockwork::{
    all_delivered, beat, follower, long_news, message_with, queue, run, run_until, settled,
    with_words,
};
use super::harness::Stage;
use super::process::Shell;
use crate::fakes::telegram::{FakeTelegram, Fault};

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_while_updates_are_on_their_way_loses_none() {
    let mut stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let poll = stage.server.inject(Fault::on("getUpdates").hold());
    // The poll that is under way brings the first, the one that is held the second.
    ana.asks("/read 1").await;
    ana.says("/read 2");
    poll.wait_until_held().await;
    settled(&stage).await;
    stage.kill().await;
    poll.release();
    stage.start().await;
    message_with(&ana.chat(), "Liaison office").await;
    ana.asks("/help").await;
    assert_eq!(ana.chat().sent(), 3);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_is_handed_out_again_is_not_answered_again() {
    let mut stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    // Nothing is acknowledged any more.
    let poll = stage
        .server
        .inject(Fault::on("getUpdates").hold_before().always());
    let group = stage.server.supergroup("Korea watchers").with_owner(&ana);
    ana.says("/subscribe us-nk daily 09:00");
    message_with(&ana.chat(), "now follow").await;
    poll.wait_until_held().await;
    assert_eq!(stage.server.pending_updates(), 1);
    settled(&stage).await;
    stage.kill().await;
    // What the dead process asked stays held: let go, it would still acknowledge the update.
    poll.stop();
    stage.start().await;
    ana.asks("/read 1").await;
    assert_eq!(ana.chat().sent(), 2, "{}", ana.chat().transcript());
    // The same for a group that the bot comes into, and for a press.
    stage.server.wait_until_confirmed().await;
    stage.server.wait_for_poll().await;
    let poll = Fault::on("getUpdates").hold_before().always();
    let poll = stage.server.inject(poll);
    group.add_bot(&ana);
    group.wait_for_messages(1).await;
    poll.wait_until_held().await;
    settled(&stage).await;
    stage.kill().await;
    poll.stop();
    stage.start().await;
    group.asks(&ana, "/read 1").await;
    assert_eq!(group.sent(), 2, "{}", group.transcript());
    let given = stage.server.with(|world| world.updates.given.clone());
    assert!(given.values().any(|times| *times > 1), "{given:?}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_after_kill_an_answer_comes_once_or_twice() {
    let arrives = |yes: bool| {
        let sending = Fault::on("sendMessage").always();
        if yes {
            sending.hold()
        } else {
            sending.hold_before()
        }
    };
    for (fault, kills) in [(true, 1), (true, 3), (false, 1), (false, 3)] {
        let mut stage = Stage::new().await;
        let ana = stage.server.person("Ana").known();
        let sending = stage.server.inject(arrives(fault));
        ana.says("/read 1");
        for kill in 1..=kills {
            if kill <= 2 {
                sending.wait_for_hits(kill).await;
                sending.wait_until_held().await;
            }
            stage.kill().await;
            stage.start().await;
        }
        sending.stop();
        sending.release();
        run(&stage, message_with(&ana.chat(), "Kaesong gate")).await;
        ana.says("/read 2");
        run(&stage, message_with(&ana.chat(), "Liaison office")).await;
        let copies = with_words(&ana.chat(), "Kaesong gate").len();
        assert!((1..=2).contains(&copies), "{copies} after {kills} kills");
        stage.over().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_after_kill_every_part_of_a_roundup_arrives_in_order() {
    let mut stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    let ben = follower(&stage, "Ben", "us-nk").await;
    for person in [&ana, &ben] {
        person.asks("/settings style summaries").await;
    }
    let before = ana.chat().sent();
    stage
        .server
        .inject(Fault::on("sendMessage").reset().in_chat(ana.id()));
    stage.news("2026-11-06.txt", &long_news("Word", 20));
    let mut kills = 0;
    for after in [true, false, true] {
        let sending = Fault::on("sendMessage").in_chat(ana.id());
        let sending = if after {
            sending.hold()
        } else {
            sending.hold_before()
        };
        let sending = stage.server.inject(sending);
        run(&stage, sending.wait_until_held()).await;
        stage.kill().await;
        // What was held arrives after all, whether the bot is there or not.
        sending.release();
        kills += 1;
        stage.start().await;
    }
    run_until(&stage, "all parts", || {
        let last = with_words(&ana.chat(), "Word number 20").len();
        (last > 0 && queue(&stage).waiting == 0).then_some(())
    })
    .await;
    for chat in [ana.chat(), ben.chat()] {
        let mut texts = chat.texts().split_off(before);
        let sent = texts.len();
        texts.dedup();
        assert!(
            sent - texts.len() <= kills,
            "{} repeats",
            sent - texts.len()
        );
        let all = texts.join("\n");
        let places: Vec<_> = (1..=20)
            .map(|item| all.find(&format!("Word number {item}")))
            .collect();
        assert!(places.iter().all(Option::is_some), "{places:?}");
        let mut distinct = texts.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), texts.len(), "no part comes later once more");
    }
    let (mut anas, mut bens) = (
        ana.chat().texts().split_off(before),
        ben.chat().texts().split_off(before),
    );
    anas.dedup();
    bens.dedup();
    assert_eq!(anas, bens, "the same parts in the same order");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_at_any_moment_neither_loses_news_nor_commands() {
    let mut stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    for round in 0..8 {
        let page = format!("# US-NK Relations\nPlate {round}x | It shines.");
        ana.says(&format!("/latest plate{round}"));
        stage.news(&format!("2026-11-06-{round}.txt"), &page);
        for _ in 0..round / 2 {
            beat().await;
        }
        stage.kill().await;
        stage.start().await;
    }
    all_delivered(&stage).await;
    for round in 0..8 {
        run(&stage, message_with(&ana.chat(), &format!("plate{round}"))).await;
        run(
            &stage,
            message_with(&ana.chat(), &format!("Plate {round}x")),
        )
        .await;
        // An answer comes twice at most; a part once more for each kill that it was in flight at.
        for (words, most) in [
            (format!("plate{round}"), 2),
            (format!("Plate {round}x"), 9 - round),
        ] {
            let copies = with_words(&ana.chat(), &words).len();
            assert!(
                (1..=most).contains(&copies),
                "{words}: {copies}\n{}",
                ana.chat().transcript()
            );
        }
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_in_peace_repeats_nothing() {
    let mut stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    ana.asks("/settings style summaries").await;
    let before = ana.chat().sent();
    stage.news("2026-11-06.txt", &long_news("Word", 20));
    for parts in 1..4 {
        ana.chat().wait_for_messages(before + parts).await;
        stage.restart().await;
    }
    all_delivered(&stage).await;
    let mut texts = ana.chat().texts().split_off(before);
    let sent = texts.len();
    texts.dedup();
    assert_eq!(texts.len(), sent);
    assert!(texts.concat().contains("Word number 20"));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_killed_in_the_middle_takes_up_where_it_was() {
    let telegram = FakeTelegram::start();
    let shell = Shell::new();
    let mut process = shell.listen(&telegram).await;
    let ana = telegram.person("Ana").known();
    ana.asks("/subscribe us-nk instant").await;
    // A part and an answer are in flight.
    let held = telegram.inject(Fault::on("sendMessage").hold().times(1));
    shell.write(
        "2026-11-06.txt",
        "# US-NK Relations\nPlate polished | It shines.\nPlate bent | A bit.",
    );
    held.wait_until_held().await;
    let answer = telegram.inject(Fault::on("sendMessage").hold_before().times(1));
    ana.says("/read 1");
    for _ in 0..3 {
        // In private the answer waits for the part.
        beat().await;
    }
    process.kill();
    answer.release();
    held.release();
    let mut process = shell.listen(&telegram).await;
    message_with(&ana.chat(), "#1 ·").await;
    ana.says("/read 2");
    message_with(&ana.chat(), "#2 ·").await;
    for (words, most) in [("Plate polished", 2), ("#1 ·", 2), ("#2 ·", 1)] {
        let copies = with_words(&ana.chat(), words).len();
        assert!((1..=most).contains(&copies), "{words}: {copies}");
    }
    assert!(process.terminate().await.success());
    telegram.assert_clean();
}

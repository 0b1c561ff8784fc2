//! Who acts: not who passes something on, not who was demoted, and nobody long after.

use jiff::SignedDuration;

use super::harness::Stage;
use crate::fakes::telegram::{Chat, Person, Speech};

/// A group that follows something, with its owner and a reader.
async fn group(stage: &Stage) -> (Chat, Person, Person) {
    let (ana, ben) = (stage.server.person("Ana"), stage.server.person("Ben"));
    let group = stage.server.supergroup("Korea watchers");
    let group = group.with_owner(&ana).with_member(&ben).with_bot();
    let answer = group.asks(&ana, "/subscribe us-nk daily 09:00").await.text;
    assert!(answer.contains("now follows"), "{answer}");
    (group, ana, ben)
}

async fn follows(group: &Chat, person: &Person) -> bool {
    let answer = group.asks(person, "/subscriptions").await.text;
    answer.contains("daily 09:00")
}

/// Waits for the answer to a question that comes behind all others.
async fn ben_asks_last(group: &Chat, ben: &Person) {
    group.says(ben, "/subscriptions");
    let answered =
        |texts: Vec<String>| texts.iter().any(|text| text.contains("This group follows"));
    while !answered(group.texts()) {
        let sent = group.sent();
        group.wait_for_messages(sent + 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_passes_on_is_no_command() {
    let stage = Stage::new().await;
    let (group, ana, ben) = group(&stage).await;
    let ways: [fn(Speech) -> Speech; 3] = [
        Speech::forwarded,
        Speech::forwarded_automatically,
        Speech::via_bot,
    ];
    for passed_on in ways {
        for line in [
            "/forget yes",
            "/unsubscribe us-nk",
            "/pause",
            "/latest",
            "/forget@TidingsTestBot yes",
        ] {
            group.speak(passed_on(Speech::by(&ana).text(line)));
        }
    }
    assert!(follows(&group, &ben).await);
    assert_eq!(group.sent(), 2, "{}", group.transcript());
    // Nor is it alone with the bot, and nobody is told of commands who gave none.
    let ana = ana.known();
    let alone = ana.chat();
    for passed_on in ways {
        for line in ["/subscribe japan", "A fine day", "/nonsense"] {
            alone.speak(passed_on(Speech::by(&ana).text(line)));
        }
    }
    ana.asks("/subscriptions").await;
    assert_eq!(alone.sent(), 1, "{}", alone.transcript());
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_count_as_they_are_now() {
    let stage = Stage::new().await;
    let (group, ana, ben) = group(&stage).await;
    group.asks(&ben, "/pause").await;
    group.promote(&ana, &ben);
    let answer = group.asks(&ben, "/schedule us-nk daily 10:00").await.text;
    assert!(answer.contains("10:00"), "{answer}");
    group.demote(&ana, &ben);
    let answer = group.asks(&ben, "/forget yes").await.text;
    assert!(answer.starts_with("Only administrators"), "{answer}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_long_absence_only_changes_are_carried_out_and_say_so() {
    let stage = Stage::new().await;
    let (group, ana, ben) = group(&stage).await;
    let now = stage.app().now();
    let at = |minutes| (now - SignedDuration::from_mins(minutes)).as_second();
    for minutes in [11, 600, 1_200] {
        for line in [
            "/latest",
            "/search envoys",
            "/status",
            "/preview",
            "/settings",
            "/nonsense@TidingsTestBot",
        ] {
            group.speak(Speech::by(&ana).text(line).written_at(at(minutes)));
            group.speak(Speech::by(&ben).text(line).written_at(at(minutes)));
        }
    }
    let said = group.speak(
        Speech::by(&ana)
            .text("/schedule us-nk daily 10:00")
            .written_at(at(1_200)),
    );
    let answer = group.wait_for_reply(said).await.text;
    assert!(
        answer.contains("10:00") && answer.contains("while I was away"),
        "{answer}"
    );
    assert_eq!(group.sent(), 2, "{}", group.transcript());
    // Who came meanwhile is greeted.
    let cara = stage.server.person("Cara");
    let private = cara.chat();
    private.speak(Speech::by(&cara).text("/start").written_at(at(1_200)));
    let greeting = private.wait_for_messages(1).await.remove(0).text;
    assert!(
        greeting.contains("/sections") && !greeting.contains("while I was away"),
        "{greeting}"
    );
    // Nine minutes are nothing.
    let said = group.speak(Speech::by(&ben).text("/latest").written_at(at(9)));
    let answer = group.wait_for_reply(said).await.text;
    assert!(answer.contains("Envoys"), "{answer}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_speaks_as_a_channel_is_counted_and_so_is_who_is_alone() {
    let stage = Stage::new().await;
    let (group, ana, ben) = group(&stage).await;
    let mask = stage.server.channel("Mask");
    for _ in 0..30 {
        group.speak(Speech::as_channel(&mask).text("/help"));
    }
    ben_asks_last(&group, &ben).await;
    // Whoever asks less is answered before the rest of what the others ask.
    let all = || (group.sent() == 1 + 20 + 1).then_some(());
    stage.seen("all answers", all).await;
    assert_eq!(group.sent(), 1 + 20 + 1, "{}", group.transcript());
    let ana = ana.known();
    let alone = ana.chat();
    for _ in 0..70 {
        ana.says("/sections");
    }
    alone.wait_for_messages(60).await;
    // What says so doesn't wait behind what it is about.
    let texts = alone.texts();
    let told = texts.iter().position(|text| text.contains("sixtieth"));
    assert!(
        told.is_some_and(|at| at < 60),
        "{told:?} of {}",
        texts.len()
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_channel_a_readers_press_turns_nothing() {
    let stage = Stage::new().await;
    let (ana, ben) = (stage.server.person("Ana"), stage.server.person("Ben"));
    let channel = stage
        .server
        .channel("Korea news")
        .with_owner(&ana)
        .with_member(&ben)
        .with_bot();
    let said = channel.posts("/latest us-nk 1");
    let list = channel.wait_for_reply(said).await;
    let press = channel.presses(&ben, "Older ▸");
    let notice = stage.server.wait_for_answer(&press).await;
    assert!(notice.contains("everybody"), "{notice}");
    assert_eq!(channel.message(list.id).edits, 0);
    let press = channel.presses(&ana, "Older ▸");
    stage.server.wait_for_answer(&press).await;
    stage.over().await;
}

//! Crowds: whoever asks a lot, alone or in a group, delays nobody's roundup and no manager. Time is counted in places of
//! the pace, which say the same on a slow machine: one minute of a group is twenty of them.

use std::time::Duration;

use super::clockwork::{follower, long_news, queue, seen, sendings, with_words};
use super::harness::Stage;
use crate::fakes::telegram::{Chat, Fault, Person};
use crate::harness::CONFIG;

/// How many people ask.
const PEOPLE: usize = 30;

/// What Telegram takes in a group within a minute.
const A_MINUTE_OF_A_GROUP: usize = 20;

async fn stage(pace: &str) -> Stage {
    let mut stage = Stage::empty(&format!("{CONFIG}[telegram]\n{pace}"));
    stage.archive();
    stage.start().await;
    stage
}

/// A group of Ana's with many members.
fn crowd(stage: &Stage) -> (Chat, Person, Vec<Person>) {
    let ana = stage.server.person("Ana");
    let mut group = stage.server.supergroup("Korea watchers").with_owner(&ana);
    let mut people = Vec::new();
    for at in 0..PEOPLE {
        let person = stage.server.person(&format!("Reader {at}"));
        group = group.with_member(&person);
        people.push(person);
    }
    (group.with_bot(), ana, people)
}

/// How many messages were tried in all when the first parts of a roundup stood in the ledger.
async fn begun(stage: &Stage, tried: impl Fn() -> usize) -> usize {
    let due = || (queue(stage).waiting > 0).then(&tried);
    seen("a roundup that is due", due).await
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_people_who_ask_in_a_group_leave_its_roundup_its_minute() {
    // Sixty times as fast as Telegram’s.
    let stage = stage("rate = \"off\"\nchat_rate = \"off\"\ngroup_rate = \"20/s\"\n").await;
    let (group, ana, people) = crowd(&stage);
    // The slot comes within the minute for which a question may wait.
    stage.at("2026-11-06T11:59:40[UTC]");
    group.asks(&ana, "/subscribe us-nk daily 12:00").await;
    group.asks(&ana, "/settings style summaries").await;
    stage.news("2026-11-06.txt", &long_news("Word", 14));
    // Telegram takes its time over one message, until all that is asked waits behind it.
    let slow = Fault::on("sendMessage").in_chat(group.id()).hold_before();
    let slow = stage.server.inject(slow);
    for what in ["/latest japan", "/sections"] {
        for person in &people {
            group.says(person, what);
        }
    }
    slow.wait_until_held().await;
    stage.server.wait_until_confirmed().await;
    slow.release();
    let spent = || (group.sent() >= A_MINUTE_OF_A_GROUP - 2).then_some(());
    seen("a minute that is nearly spent", spent).await;
    stage.at("2026-11-06T12:00[UTC]");
    let tried = || sendings(&stage.server, &group).len();
    let before = begun(&stage, tried).await;
    let last = seen("the roundup", || {
        with_words(&group, "Word14 ").first().map(|_| tried())
    })
    .await;
    let places = last.saturating_sub(before);
    assert!(
        places <= A_MINUTE_OF_A_GROUP,
        "{places} messages until the roundup was out"
    );
    assert!(with_words(&group, "Word").len() > 1, "of several messages");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_people_who_ask_in_a_group_leave_its_manager_a_place() {
    // All that the group takes in this test's time, which a crowd spends at once.
    let stage = stage("rate = \"off\"\nchat_rate = \"off\"\ngroup_rate = \"20/h\"\n").await;
    let (group, ana, people) = crowd(&stage);
    for person in &people {
        group.says(person, "/latest japan");
        group.says(person, "/sections");
    }
    seen("all places but one taken", || {
        (group.sent() == A_MINUTE_OF_A_GROUP - 1).then_some(())
    })
    .await;
    let asked = group.asks(&ana, "/pause");
    let answer = tokio::time::timeout(Duration::from_secs(5), asked).await;
    let answer = answer.expect("an answer within five seconds");
    assert!(answer.text.contains("are paused"), "{}", answer.text);
    assert_eq!(group.sent(), A_MINUTE_OF_A_GROUP);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_ask_alone_delay_nobodys_roundup() {
    let stage = stage("rate = \"40/s\"\nchat_rate = \"off\"\ngroup_rate = \"off\"\n").await;
    let mut followers = Vec::new();
    for at in 0..12 {
        followers.push(follower(&stage, &format!("Follower {at}"), "us-nk").await);
    }
    let people: Vec<Person> = (0..36)
        .map(|at| stage.server.person(&format!("Reader {at}")).known())
        .collect();
    for line in ["/latest", "/sections", "/search squid", "/read 1"] {
        for person in &people {
            person.says(line);
        }
    }
    let tried = || stage.server.requests("sendMessage").len();
    seen("answers", || (tried() > 20).then_some(())).await;
    stage.write("2026-11-06.txt", &long_news("Word", 1));
    let load = || stage.load();
    tokio::task::block_in_place(load);
    let before = tried();
    let last = seen("all roundups", || {
        let has = |person: &Person| !with_words(&person.chat(), "Word").is_empty();
        followers.iter().all(has).then(tried)
    })
    .await;
    // A third of the places is the roundups'; what was let through already comes besides.
    let places = last - before;
    let enough = 3 * followers.len() + 20;
    assert!(places <= enough, "{places} messages until all had it");
    let asked = people.iter().all(|person| person.chat().sent() <= 4);
    assert!(asked, "nobody was answered twice");
    stage.over().await;
}

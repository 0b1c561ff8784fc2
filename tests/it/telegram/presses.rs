//! Presses that come too late, from elsewhere or through trouble: each is answered.

use insta::assert_snapshot;

use super::buttons::{NEWER, OLDER, look, turned, twelve};
use super::harness::{Stage, owned_group};
use crate::fakes::telegram::Fault;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_subscribes_while_telegram_doesnt_say_who_may() {
    let stage = Stage::new().await;
    let (group, ana) = owned_group(&stage);
    let ben = stage.server.person("Ben");
    let latest = group.asks(&ben, "/latest japan").await;
    stage
        .server
        .inject(Fault::on("getChatMember").answer(500, "Internal Server Error"));
    // As the data of the button, which the message may lack.
    let all = group.presses_raw(&ana, latest.id, "f");
    let text = stage.server.wait_for_answer(&all).await;
    assert!(text.contains("Nothing was changed"), "{text}");
    assert_eq!(group.sent(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_that_nobody_understands_is_answered() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let latest = ana.asks("/latest").await;
    let long = "x".repeat(64);
    for data in [
        "?",
        "o",
        "o.5.5.1.2.3",
        "l-",
        "lx",
        "sx",
        "n1.0.5.1.1.1",
        "후",
        &long,
    ] {
        let press = ana.chat().presses_raw(&ana, latest.id, data);
        let text = stage.server.wait_for_answer(&press).await;
        if data == "o.5.5.1.2.3" {
            assert_eq!(
                text, "",
                "a place where nothing is any more is none the worse"
            );
            continue;
        }
        assert_eq!(
            text, "This button is out of date; /latest makes new ones.",
            "{data}"
        );
    }
    let gone = ana.chat().presses_raw(&ana, latest.id, "l4711");
    stage.server.wait_for_answer(&gone).await;
    ana.chat().wait_for_edit(latest.id, 2).await;
    assert_snapshot!(ana.chat().message(latest.id).text, @"That section has since become part of another one. /sections lists those there are.");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_outlive_a_restart() {
    let mut stage = Stage::new().await;
    twelve(&stage);
    let ana = stage.server.person("Ana").known();
    let first = ana.asks("/latest us-nk").await;
    let second = turned(&ana.chat(), &ana, &first, OLDER).await;
    stage.stop().await;
    let early = ana.chat().presses_on(&ana, first.id, OLDER);
    stage.start().await;
    stage.server.wait_for_answer(&early).await;
    let third = ana.chat().wait_for_edit(first.id, 2).await;
    assert!(third.text.contains("11–15 of 15"), "{}", third.text);
    let back = turned(&ana.chat(), &ana, &third, NEWER).await;
    assert_eq!(look(&back), look(&second));
    assert_eq!(ana.chat().sent(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_on_a_message_that_is_gone_gets_a_new_one() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let latest = ana.asks("/latest").await;
    let japan = latest.data_of("Japan").expect("a section");
    let press = ana.chat().presses_raw(&ana, 4_711, &japan);
    assert_eq!(stage.server.wait_for_answer(&press).await, "");
    let messages = ana.chat().wait_for_messages(2).await;
    assert!(messages[1].text.starts_with("Japan · 1 of 1"));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_is_answered_through_trouble() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let latest = ana.asks("/latest").await;
    stage
        .server
        .inject(Fault::on("answerCallbackQuery").answer(500, "Internal Server Error"));
    stage
        .server
        .inject(Fault::on("answerCallbackQuery").reset());
    turned(&ana.chat(), &ana, &latest, "Japan").await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_buttons_data_is_longer_than_telegram_takes() {
    let stage = Stage::new().await;
    twelve(&stage);
    stage.news(
        "weekly-november-7-2026.txt",
        "A heading that nobody has ever seen, as long as headings get\n\n\nEnvoy speaks | At last.",
    );
    let ana = stage.server.person("Ana").known();
    for command in [
        "/latest",
        "/latest us-nk 25",
        "/latest us-nk 1",
        "/sections",
    ] {
        ana.asks(command).await;
    }
    ana.asks("/search envoy says no for the 1th time to the U.S. 북미관계 북미관계")
        .await;
    let mut seen = 0;
    for message in ana.chat().messages() {
        for label in message.labels().into_iter().flatten() {
            let data = message.data_of(&label).unwrap_or_default();
            assert!((1..=64).contains(&data.len()), "{label}: {data}");
            seen += 1;
        }
    }
    assert!(seen > 8, "{seen}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_of_which_nobody_tells_the_topic_changes_nothing() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    let forum = stage.server.forum("Forum").with_owner(&ana).with_bot();
    let list = forum.asks(&ana, "/latest us-nk 1").await;
    let gone = list.id + 1_000;
    for label in ["Subscribe", "Older ▸"] {
        let data = list.data_of(label).unwrap();
        let press = forum.presses_raw(&ana, gone, &data);
        let notice = stage.server.wait_for_answer(&press).await;
        assert!(
            notice.contains("no longer tell where this list stands"),
            "{label}: {notice}"
        );
    }
    let follows = forum.asks(&ana, "/subscriptions").await.text;
    assert!(follows.contains("follows nothing"), "{follows}");
    stage.over().await;
}

//! Moments that each reader sees in their own zone (Bot API 9.5), and servers that don't know them.

use super::harness::{Stage, on_an_older_server};
use crate::fakes::telegram::Message;

/// A daily roundup in Seoul, whose last line names the next one.
async fn roundup(stage: &Stage) -> Message {
    let ana = stage.server.person("Ana").known();
    ana.asks("/timezone Asia/Seoul").await;
    ana.asks("/subscribe japan daily 09:00").await;
    stage.news("2026-11-06.txt", "# Japan\nSquid counted again | Text.");
    stage.at("2026-11-07T00:00[UTC]");
    let mut messages = stage.run(ana.chat().wait_for_messages(3)).await;
    messages.remove(2)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_roundup_is_a_moment_that_each_reader_sees_in_their_own_zone() {
    let stage = Stage::new().await;
    let roundup = roundup(&stage).await;
    let mut moments = roundup.entities.iter().filter_map(|e| e.moment.clone());
    assert_eq!(moments.next(), Some((1_794_096_000, "wDt".to_owned())));
    // Who can't be shown it reads the channel's own words.
    let words = "Sun 8 Nov 09:00 Seoul";
    assert!(roundup.text.ends_with(words), "{}", roundup.text);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_server_gets_the_words_at_once_and_no_more_moments() {
    let stage = on_an_older_server().await;
    let first = roundup(&stage).await;
    let words = "Sun 8 Nov 09:00 Seoul";
    assert!(first.text.ends_with(words), "{}", first.text);
    assert!(first.entities.iter().any(|entity| entity.kind == "bold"));
    let tried = || {
        let sent = stage.server.requests("sendMessage").into_iter();
        let with_moments = sent.filter(|request| request.body.to_string().contains("tg-time"));
        with_moments.count()
    };
    assert_eq!(tried(), 1);
    let cho = stage.server.person("Cho").known();
    cho.asks("/subscribe japan daily 09:00").await;
    stage.news("2026-11-07.txt", "# Japan\nSquid counted thrice | Text.");
    stage.at("2026-11-07T09:00[UTC]");
    let roundup = stage.run(cho.chat().wait_for_messages(2)).await.remove(1);
    assert!(roundup.text.contains("next: "), "{}", roundup.text);
    assert_eq!(tried(), 1);
    stage.over().await;
}

//! What is counted of readers, and what is kept about a channel.

use insta::assert_snapshot;

use super::harness::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_may_ask_twenty_things_a_minute() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let (ana, ben) = (discord.manager("Ana"), discord.reader("Ben"));
    for number in 1..=20 {
        let answer = ben.asks(news, "/read number:1").await;
        assert_eq!(
            answer.contains("twentieth question"),
            number == 20,
            "{answer}"
        );
    }
    assert_snapshot!(ben.asks(news, "/read number:1").await, @"
    (only you can see this)
    That is a lot of questions at once. Please go on in a minute.
    ");
    assert!(
        ana.asks(news, "/read number:1")
            .await
            .contains("Kaesong gate")
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_is_forgotten_after_a_confirmation() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:us-nk").await;
    assert_snapshot!(ana.asks(news, "/forget").await, @"
    (only you can see this)
    This erases 1 subscription and all settings of this channel for good. To go ahead: /forget yes
    ");
    assert_snapshot!(ana.asks(news, "/forget confirmation:yes").await, @"
    (only you can see this)
    Everything kept about this channel is erased. /subscribe begins anew.
    ");
    let kept = stage.bot().store().read(|db| db.channels()).unwrap();
    assert!(kept.is_empty(), "{kept:?}");
    stage.over().await;
}

//! Slash commands: what is registered, and what they answer.

use insta::assert_snapshot;

use super::harness::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn reading_and_following() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let (ana, ben) = (discord.manager("Ana"), discord.reader("Ben"));
    assert_snapshot!(ben.asks(news, "/latest section:us-nk").await, @"");
    assert_snapshot!(ana.asks(news, "/subscribe section:us-nk when:instant").await, @"");
    assert_snapshot!(ben.asks(news, "/subscribe section:us-nk").await, @"");
    stage.news(
        "2026-11-06.txt",
        "# US-NK Relations
         Envoys *meet* @everyone again | They met for a third day. Nothing was said.",
    );
    assert_snapshot!(discord.wait_for_messages(news, 1).await, @"");
    stage.over().await;
}

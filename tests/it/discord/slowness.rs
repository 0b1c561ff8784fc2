//! Answers that take long, and networks that do.

use std::time::Duration;

use super::harness::Stage;
use crate::fakes::discord::{Fault, State};

const CALLBACK: &str = "POST interactions/*/*/callback";
const ORIGINAL: &str = "PATCH webhooks/*/*/messages/@original";

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_long_is_acknowledged_and_answered_later() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let (office, news) = (discord.text(guild, "office"), discord.text(guild, "news"));
    // Whether the bot may post there takes longer than Discord waits.
    discord.inject(Fault::on("GET guilds/*").slow(Duration::from_millis(1_600)));
    let line = format!("/subscribe section:us-nk channel:{news}");
    let asked = discord.manager("Ana").gives(office, &line);
    discord
        .wait_for("an acknowledgement", |world| {
            (world.interactions[&asked.id].state == State::Deferred).then_some(())
        })
        .await;
    let answer = asked.answer().await;
    assert!(answer.contains("now follows"), "{answer}");
    assert!(answer.contains("only you can see this"), "{answer}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_gets_through_trouble() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ben = discord.reader("Ben");
    for fault in [
        Fault::on(CALLBACK).reset(),
        Fault::on(CALLBACK).answer(500, 0, "500: Internal Server Error"),
        Fault::on(CALLBACK).page(502),
        Fault::on(CALLBACK).answer_lost(),
        Fault::on(CALLBACK).too_many_requests(crate::fakes::discord::Scope::User, 0.2),
    ] {
        discord.inject(fault);
        let answer = ben.asks(news, "/read number:1").await;
        assert!(answer.contains("Kaesong gate"), "{answer}");
    }
    // The second try found the first one's answer, and put its own in that place.
    assert_eq!(discord.requests(ORIGINAL).len(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interaction_that_is_too_old_is_given_up() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ben = discord.reader("Ben");
    discord.inject(Fault::on(CALLBACK).answer(404, 10_062, "Unknown interaction"));
    let lost = ben.gives(news, "/read number:1");
    discord
        .wait_for("the refusal", |world| {
            let refused = |r: &&crate::fakes::discord::Request| r.status == Some(404);
            world.requests.iter().find(refused).map(|_| ())
        })
        .await;
    // Others are answered.
    assert!(
        ben.asks(news, "/read number:1")
            .await
            .contains("Kaesong gate")
    );
    assert_eq!(discord.requests(CALLBACK).len(), 2);
    discord.with(|world| world.interactions.remove(&lost.id));
    stage.over().await;
}

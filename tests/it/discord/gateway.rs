//! The gateway: connections that break, sessions that end, servers that come and go.

use serde_json::json;
use tidings::runtime::Ended;

use super::harness::Stage;
use crate::fakes::discord::{BOT, FakeDiscord, Sign, USUAL, World};

/// Somebody is answered: the connection stands.
async fn is_heard(discord: &FakeDiscord, channel: u64) {
    let answer = discord.reader("Ben").asks(channel, "/read number:1").await;
    assert!(answer.contains("Kaesong gate"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_are_resumed() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    for (times, sign) in [
        Sign::Close(4000),
        Sign::Reconnect,
        Sign::Drop,
        Sign::Close(4001),
    ]
    .into_iter()
    .enumerate()
    {
        discord.sign(sign);
        discord
            .wait_for("a resumed session", |world| {
                (world.resumed > times && world.connected == 1).then_some(())
            })
            .await;
        is_heard(&discord, news).await;
    }
    assert_eq!(discord.look(|world| world.identified.len()), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_while_the_connection_is_gone_is_heard_afterwards() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    discord.sign(Sign::Drop);
    discord
        .wait_for("no connection", |world| {
            (world.connected == 0).then_some(())
        })
        .await;
    is_heard(&discord, news).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_is_begun_anew() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    discord.sign(Sign::Close(4009));
    discord
        .wait_for("another introduction", |world| {
            (world.identified.len() == 2 && world.connected == 1).then_some(())
        })
        .await;
    is_heard(&discord, news).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_ends_the_platform_with_a_reason() {
    let mut stage = Stage::new().await;
    stage.server.sign(Sign::Close(4004));
    let Ended::Refused(refused) = stage.ended().await else {
        panic!("it goes on");
    };
    assert!(refused.0.contains("DISCORD_TOKEN"), "{refused}");
    assert!(!refused.0.contains(stage.server.token()));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_the_account_is_trouble_and_no_end() {
    for code in [4013, 4014] {
        let stage = Stage::new().await;
        stage.server.sign(Sign::Close(code));
        let trouble = || {
            let state = stage
                .app()
                .store()
                .blocking()
                .read(|db| db.platform("discord"))
                .unwrap();
            let trouble = state.and_then(|state| state.trouble);
            trouble.filter(|(what, _)| what.contains("intents"))
        };
        stage.seen("trouble", trouble).await;
        stage.over().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_revoked_while_something_is_sent() {
    let mut stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:japan when:instant")
        .await;
    discord.with(|world| world.revoked = true);
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    let Ended::Refused(refused) = stage.ended().await else {
        panic!("it goes on");
    };
    assert!(refused.0.contains("DISCORD_TOKEN"), "{refused}");
    // With another token, nothing is lost.
    discord.with(|world| world.revoked = false);
    stage.start().await;
    stage.run(discord.wait_for_messages(news, 1)).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_throws_the_bot_out_and_takes_it_back() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let (news, office) = (discord.text(guild, "news"), discord.text(guild, "office"));
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:japan when:instant")
        .await;
    discord.kick(guild);
    let reason = stage.seen("the pause", || stage.pause_of(news)).await;
    assert_eq!(reason, "the bot was removed from the server");
    stage.news("2026-11-06-a.txt", "# Japan\nSquid one | Text.");
    stage.news("2026-11-06-b.txt", "# Japan\nSquid two | Text.");
    discord.add_again(guild);
    let shown = discord.wait_for_messages(news, 1).await;
    assert!(
        shown.contains("Squid one") && shown.contains("Squid two"),
        "{shown}"
    );
    let status = ana.asks(office, "/subscriptions").await;
    assert!(status.contains("follows nothing"), "{status}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_a_server_is_no_removal() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let news = discord.text(guild, "news");
    discord
        .manager("Ana")
        .asks(news, "/subscribe section:japan when:instant")
        .await;
    let outage = json!({ "id": guild.to_string(), "unavailable": true });
    discord.emit(Some(guild), "GUILD_DELETE", outage);
    is_heard(&discord, news).await;
    assert_eq!(stage.pause_of(news), None);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_is_deleted_is_paused() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let news = discord.text(guild, "news");
    discord
        .manager("Ana")
        .asks(news, "/subscribe section:japan when:instant")
        .await;
    discord.delete_channel(news);
    let reason = stage.seen("the pause", || stage.pause_of(news)).await;
    assert_eq!(reason, "the channel was deleted");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn some_of_several_shards() {
    let mut stage = Stage::empty(&format!(
        "{}[discord]\nshards = \"2-2/4\"\nrate = \"off\"\n",
        crate::harness::CONFIG
    ));
    stage.archive();
    stage.start().await;
    let identified = stage.server.look(|world| world.identified.clone());
    assert!(
        identified.iter().all(|shard| *shard == [2, 4]),
        "{identified:?}"
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_whose_heartbeats_are_not_answered_is_begun_anew() {
    let mut stage = Stage::empty(&format!(
        "{}[discord]\nrate = \"off\"\n",
        crate::harness::CONFIG
    ));
    stage.archive();
    let discord = stage.server.clone();
    discord.with(|world| world.heartbeat = 300);
    stage.start().await;
    let news = discord.text(discord.guild("Korea watchers"), "news");
    discord.with(|world| world.heartless = true);
    discord
        .wait_for("another introduction", |world| {
            (world.identified.len() >= 2).then_some(())
        })
        .await;
    discord.with(|world| world.heartless = false);
    discord.wait_for_shards(1).await;
    is_heard(&discord, news).await;
    stage.over().await;
}

/// A bot whose shard Discord closes with a code as soon as it introduces itself.
async fn refused_with(code: u16) -> String {
    let mut stage = Stage::empty(&format!(
        "{}[discord]\nshards = \"0-0/1\"\nrate = \"off\"\n",
        crate::harness::CONFIG
    ));
    stage.server.with(|world| world.closes_with = Some(code));
    stage.launch(false).await;
    let Ended::Refused(refused) = stage.ended().await else {
        panic!("{code} didn't end it");
    };
    stage.over().await;
    refused.0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shard_that_there_is_not_ends_the_platform() {
    assert!(refused_with(4010).await.contains("[discord] shards"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shard_with_too_many_servers_ends_the_platform() {
    let refused = refused_with(4011).await;
    assert!(refused.contains("too many servers"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_lets_the_bot_post_again_ends_a_pause() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let news = discord.text(guild, "news");
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:japan when:instant")
        .await;
    let allow = |world: &mut World, bits| {
        let everyone = world.guilds.get_mut(&guild).unwrap().roles.get_mut(&guild);
        everyone.unwrap().permissions = bits;
    };
    discord.with(|world| allow(world, 0));
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    stage.seen("the pause", || stage.pause_of(news)).await;
    let asked = ana.asks(news, "/roundup").await;
    assert!(asked.contains("I lack View Channel"), "{asked}");
    discord.with(|world| allow(world, USUAL));
    let us = json!({
        "guild_id": guild.to_string(), "roles": [], "joined_at": "2026-11-01T00:00:00+00:00", "deaf": false,
        "mute": false, "flags": 0,
        "user": { "id": BOT.to_string(), "username": "Tidings", "discriminator": "0", "avatar": null, "bot": true },
    });
    discord.emit(Some(guild), "GUILD_MEMBER_UPDATE", us);
    discord.wait_for_messages(news, 1).await;
    stage.over().await;
}

//! What is counted of readers, what is kept about a channel, and that what Discord has of us stays as it should be.

use insta::assert_snapshot;

use super::harness::Stage;
use crate::fakes::discord::BOT;
use crate::harness::row;

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
    let kept = stage
        .app()
        .store()
        .blocking()
        .read(|db| db.channels())
        .unwrap();
    assert!(kept.is_empty(), "{kept:?}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_that_somebody_wiped_are_there_again_after_a_start() {
    let mut stage = Stage::new().await;
    let discord = stage.server.clone();
    let path = format!("applications/{BOT}/commands");
    let whole = discord.look(|world| world.commands[&path].clone());
    stage.restart().await;
    assert_eq!(discord.look(|world| world.registrations), 1);
    for change in 0..7 {
        discord.with(|world| {
            let commands = world.commands.get_mut(&path).unwrap();
            match change {
                0 => commands.clear(),
                1 => drop(commands.pop()),
                2 => commands[0]["description"] = "Something else".into(),
                // As an older version had it, and as somebody may have set it.
                3 => commands[0]["options"][0]["required"] = true.into(),
                4 => commands[0]["default_member_permissions"] = "0".into(),
                5 => commands[0]["nsfw"] = true.into(),
                _ => {
                    let more = serde_json::json!({ "name": "stray", "description": "Not ours" });
                    commands.push(more);
                }
            }
        });
        stage.stop().await;
        stage.start().await;
        discord
            .wait_for("the commands", |world| {
                (world.registrations == 2 + change && world.commands[&path] == whole).then_some(())
            })
            .await;
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interaction_with_a_field_of_tomorrow_is_answered() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ana = discord.manager("Ana");
    let strange = [
        ("/app_permissions", serde_json::json!({ "bits": 7 })),
        ("/entitlements", serde_json::json!([{ "kind": "season" }])),
        ("/channel/type", serde_json::json!(0)),
        (
            "/member/user/avatar",
            serde_json::json!({ "animated": true }),
        ),
        ("/member/flags", serde_json::json!("many")),
        ("/member/joined_at", serde_json::json!("yesterday")),
        ("/guild_locale", serde_json::json!(["en"])),
        ("/context", serde_json::json!("guild")),
        ("/authorizing_integration_owners", serde_json::json!([1, 2])),
    ];
    for (path, value) in strange {
        discord.with(|world| world.strange = Some((path, value)));
        let answer = ana.asks(news, "/subscribe section:japan").await;
        assert!(answer.contains("follows"), "{path}: {answer}");
        let answer = ana.asks(news, "/unsubscribe section:japan").await;
        assert!(!answer.is_empty(), "{path}");
    }
    // What a command is about isn't guessed.
    let lost = serde_json::json!({ "channels": {}, "roles": {} });
    discord.with(|world| world.strange = Some(("/data/resolved", lost)));
    let forget = format!("/forget channel:{news} confirmation:yes");
    insta::assert_snapshot!(ana.asks(news, &forget).await, @r"
        (only you can see this)
        I can’t tell what you chose under “channel”. Nothing was changed; please give the command again and choose it from the list.
    ");
    // Where nothing can be read, that is said.
    let value = serde_json::json!({ "name": 7, "type": "slash" });
    discord.with(|world| world.strange = Some(("/data", value)));
    let answer = ana.asks(news, "/sections").await;
    assert!(
        answer.contains("wrong") || answer.contains("store"),
        "{answer}"
    );
    // In the language of whoever asked, which can be read all the same.
    let seo = discord.manager("Seo").speaking("ko");
    let answer = seo.asks(news, "/sections").await;
    assert!(answer.contains("문제가 생겼습니다"), "{answer}");
    discord.with(|world| world.strange = None);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_while_the_bot_was_away_is_compared() {
    let mut stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let news = discord.text(guild, "news");
    let ana = discord.manager("Ana");
    let roles = [
        discord.role(guild, "readers"),
        discord.role(guild, "watchers"),
    ];
    ana.asks(news, "/subscribe section:japan when:instant")
        .await;
    let key = tidings_core::ids::ChannelKey::new("discord", &news.to_string()).unwrap();
    let remove = |role: u64| {
        discord.with(|world| world.guilds.get_mut(&guild).unwrap().roles.remove(&role));
    };
    let is_compared = |stage: &Stage, kind: &str| {
        let row = row(stage.app(), &key).unwrap();
        (row.settings.role.is_none() && row.note.as_deref() == Some(kind)).then_some(())
    };
    ana.asks(news, &format!("/settings name:role value:<@&{}>", roles[0]))
        .await;
    stage.stop().await;
    remove(roles[0]);
    // It became a channel of announcements.
    discord.with(|world| world.channel(news).kind = 5);
    stage.start().await;
    stage.seen("what is now", || is_compared(&stage, "5")).await;
    // Another time, the server can't be read whole.
    ana.asks(news, &format!("/settings name:role value:<@&{}>", roles[1]))
        .await;
    let about = |roles: serde_json::Value| {
        serde_json::json!({
            "id": guild.to_string(), "name": { "text": "Korea watchers" }, "roles": roles,
            "channels": [{ "id": news.to_string(), "type": 0 }, { "id": 7, "type": "new" }],
        })
    };
    // What of its roles can't be read may be the one.
    let unread = serde_json::json!([{ "id": guild.to_string() }, { "id": { "of": 5 } }]);
    discord.emit(Some(guild), "GUILD_CREATE", about(unread));
    let noted = || {
        let row = row(stage.app(), &key).unwrap();
        (row.note.as_deref() == Some("0")).then_some(row.settings.role)
    };
    assert!(stage.seen("the note", noted).await.is_some());
    let read = serde_json::json!([{ "id": guild.to_string(), "colors": 7 }]);
    discord.emit(Some(guild), "GUILD_CREATE", about(read));
    stage.seen("no role", || is_compared(&stage, "0")).await;
    discord.with(|world| world.channel(news).kind = 0);
    stage.over().await;
}

//! Faults while something is sent: who has to wait, who hasn't, and what arrives in the end.

use std::time::Duration;

use super::harness::Stage;
use crate::fakes::discord::{Fault, SEND_MESSAGES, Scope};

const POST: &str = "POST channels/*/messages";

fn send() -> Fault {
    Fault::on(POST)
}

/// A channel that follows a section instantly.
async fn follower(stage: &Stage, name: &str) -> u64 {
    follower_of(stage, name, "japan").await
}

async fn follower_of(stage: &Stage, name: &str, section: &str) -> u64 {
    let discord = &stage.server;
    let channel = discord.text(discord.guild(name), "news");
    let ana = discord.manager("Ana");
    let command = format!("/subscribe section:{section} when:instant");
    ana.asks(channel, &command).await;
    channel
}

/// How many messages of a channel hold some words.
fn copies(stage: &Stage, channel: u64, words: &str) -> usize {
    let messages = stage.server.messages(channel);
    messages
        .iter()
        .filter(|m| m.body.to_string().contains(words))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roundup_arrives_once_through_every_kind_of_trouble() {
    let stage = Stage::new().await;
    let news = follower(&stage, "Korea watchers").await;
    let troubles = [
        (
            "Fault of the server",
            send().answer(500, 0, "500: Internal Server Error"),
        ),
        ("Gateway of HTML", send().page(502)),
        ("Page of a proxy", send().page(403)),
        ("Wait a little", send().too_many_requests(Scope::User, 0.2)),
        (
            "Wait for others",
            send().too_many_requests(Scope::Shared, 0.2),
        ),
        ("Wait all", send().too_many_requests(Scope::Global, 0.2)),
        ("Reset of the connection", send().reset()),
        ("Lost answer", send().answer_lost()),
        ("Slow answer", send().slow(Duration::from_millis(300))),
        ("Path not found", send().page(404)),
    ];
    for (at, (name, fault)) in troubles.into_iter().enumerate() {
        stage.server.inject(fault);
        stage.news(
            &format!("2026-11-06-{at:02}.txt"),
            &format!("# Japan\n{name} | Text."),
        );
        stage
            .run(stage.seen(name, || (copies(&stage, news, name) > 0).then_some(())))
            .await;
        stage
            .run(stage.seen("an empty queue", || (stage.queue() == (0, 0)).then_some(())))
            .await;
        assert_eq!(copies(&stage, news, name), 1, "{name}");
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_is_the_same_message_with_the_same_nonce() {
    let stage = Stage::new().await;
    follower(&stage, "Korea watchers").await;
    stage.server.inject(send().answer_lost().times(2));
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    stage
        .run(stage.seen("an empty queue", || {
            let sent = stage.server.requests(POST).len();
            (sent == 3 && stage.queue() == (0, 0)).then_some(())
        }))
        .await;
    let tries = stage.server.requests(POST);
    assert!(tries.iter().all(|try_| try_.body == tries[0].body));
    assert_eq!(stage.server.accepted(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_channel_that_waits_holds_up_no_other() {
    let stage = Stage::new().await;
    let (slow, quick) = (
        follower(&stage, "One").await,
        follower(&stage, "Other").await,
    );
    stage.server.inject(
        send()
            .about(slow)
            .too_many_requests(Scope::User, 3_600.0)
            .always(),
    );
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    stage.server.wait_for_messages(quick, 1).await;
    assert_eq!(copies(&stage, slow, "Squid"), 0);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_is_closed_is_paused_and_goes_on_by_itself() {
    let stage = Stage::new().await;
    let news = follower(&stage, "Korea watchers").await;
    for (at, (status, code, words)) in [
        (403, 50_001, "Missing Access"),
        (403, 50_013, "Missing Permissions"),
        (404, 10_003, "Unknown Channel"),
        (400, 160_005, "Thread is locked"),
        (400, 160_006, "Maximum number of active threads reached"),
        (
            400,
            40_067,
            "A tag is required to create a forum post in this channel",
        ),
        (
            400,
            50_278,
            "Cannot send messages to this user due to having no mutual guilds",
        ),
        (403, 40_058, "Cannot send a message in a forum channel"),
        (400, 50_024, "Cannot execute action on this channel type"),
        (400, 50_008, "Cannot send messages in a non-text channel"),
        (400, 777_777, "A code of tomorrow"),
        (400, 0, "400: Bad Request"),
        (404, 0, "404: Not Found"),
    ]
    .into_iter()
    .enumerate()
    {
        stage.server.inject(send().answer(status, code, words));
        let name = format!("Squid number {at}");
        stage.news(
            &format!("2026-11-06-{at}.txt"),
            &format!("# Japan\n{name} | Text."),
        );
        // The commonest ones are told in words for people.
        let told = match code {
            50_001 => "I can’t see this place",
            50_013 => "I lack a permission there",
            _ => words,
        };
        stage
            .seen("the pause", || {
                stage.pause_of(news).filter(|why| why == told)
            })
            .await;
        stage
            .run(stage.seen("the part", || {
                (copies(&stage, news, &name) == 1).then_some(())
            }))
            .await;
        stage
            .seen("no pause", || stage.pause_of(news).is_none().then_some(()))
            .await;
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_that_comes_back_brings_one_catch_up() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = follower(&stage, "Korea watchers").await;
    discord.deny(news, SEND_MESSAGES);
    stage.news("2026-11-06-a.txt", "# Japan\nSquid one | Text.");
    stage.seen("the pause", || stage.pause_of(news)).await;
    let ana = discord.manager("Ana");
    let status = ana.asks(news, "/status").await;
    assert!(
        status.contains("I lack Send Messages there. Once that is allowed"),
        "{status}"
    );
    stage.news("2026-11-06-b.txt", "# Japan\nSquid two | Text.");
    stage.news("2026-11-06-c.txt", "# Japan\nSquid three | Text.");
    // The event about the channel is enough; the clock stands still.
    discord.deny(news, 0);
    discord.wait_for_messages(news, 2).await;
    let status = discord.reader("Ben").asks(news, "/status").await;
    assert!(!status.contains("stopped"), "{status}");
    assert_eq!(copies(&stage, news, "Squid one"), 1);
    assert_eq!(copies(&stage, news, "Squid two"), 1);
    assert_eq!(discord.messages(news).len(), 2);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_discord_cannot_read_comes_as_plain_text() {
    let stage = Stage::new().await;
    let news = follower(&stage, "Korea watchers").await;
    stage
        .server
        .inject(send().answer(400, 50_035, "Invalid Form Body"));
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    let shown = stage.server.wait_for_messages(news, 1).await;
    insta::assert_snapshot!(shown, @"
    Japan
    • **Squid again**
    -# /read 6
    [Read summaries] [Search]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_that_is_refused_costs_no_word() {
    let stage = Stage::new().await;
    let news = follower(&stage, "Korea watchers").await;
    let words = r#"Invalid Form Body: {"components":{"0":{"components":{"0":{"label":{}}}}}}"#;
    stage.server.inject(send().answer(400, 50_035, words));
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    let shown = stage.server.wait_for_messages(news, 1).await;
    insta::assert_snapshot!(shown, @r"
        ┃ [Japan]
        ┃ • **Squid again**
        ┃ -# /read 6
    ");
    let callback = Fault::on("POST interactions/*/*/callback").answer(400, 50_035, words);
    stage.server.inject(callback);
    let ben = stage.server.reader("Ben");
    insta::assert_snapshot!(ben.asks(news, "/latest section:japan").await, @r"
        (only you can see this)
        │ [Japan]
        │ • **Squid again**
        │ -# 6 Nov 2026 · /read 6
        │ • **Squid counted together**
        │ -# 30 Oct 2026 · /read 5
        │ (2 of 2, newest first)
    ");
    stage
        .seen("an empty queue", || (stage.queue() == (0, 0)).then_some(()))
        .await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_for_good_is_set_aside() {
    let stage = Stage::new().await;
    let news = follower(&stage, "Korea watchers").await;
    let fault = send().answer(400, 240_000, "Message blocked by harmful links filter");
    stage.server.inject(fault.holding("Squid one").always());
    stage.news("2026-11-06-a.txt", "# Japan\nSquid one | Text.");
    stage
        .seen("a dead part", || (stage.queue() == (0, 1)).then_some(()))
        .await;
    stage.news("2026-11-06-b.txt", "# Japan\nSquid two | Text.");
    stage.server.wait_for_messages(news, 1).await;
    assert_eq!(copies(&stage, news, "Squid one"), 0);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_discord_repeats_is_kept_nowhere() {
    let stage = Stage::new().await;
    follower(&stage, "Korea watchers").await;
    let token = stage.server.token().to_owned();
    // Whole, and cut short by somebody on the way.
    let words = format!("Blocked for Bot {token}, that is {}…", &token[..40]);
    let fault = send().answer(400, 240_000, &words);
    stage.server.inject(fault.holding("Squid one").always());
    stage.news("2026-11-06-a.txt", "# Japan\nSquid one | Text.");
    let dead = stage
        .seen("a dead part", || {
            let dead = stage
                .app()
                .store()
                .blocking()
                .read(|db| db.dead_parts())
                .unwrap();
            dead.into_iter().next()
        })
        .await;
    assert!(dead.error.contains("Blocked for Bot"), "{}", dead.error);
    assert!(!dead.error.contains(&token[..24]), "{}", dead.error);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_used_up_is_waited_for() {
    let stage = Stage::new().await;
    let news = follower(&stage, "Korea watchers").await;
    stage.server.enforce_limits(50, 2);
    for at in 0..3 {
        stage.news(
            &format!("2026-11-06-{at}.txt"),
            &format!("# Japan\nSquid {at} | Text."),
        );
        if at < 2 {
            stage.server.wait_for_messages(news, at + 1).await;
        }
    }
    stage.server.wait_for_messages(news, 3).await;
    assert_eq!(stage.server.refused_by_limits(), 0);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_flight_at_a_kill_comes_once() {
    let mut stage = Stage::new().await;
    let news = follower(&stage, "Korea watchers").await;
    stage.server.inject(send().slow(Duration::from_secs(5)));
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    stage.server.wait_for_messages(news, 1).await;
    stage.kill().await;
    stage.start().await;
    stage
        .seen("an empty queue", || (stage.queue() == (0, 0)).then_some(()))
        .await;
    assert_eq!(copies(&stage, news, "Squid again"), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_down_is_waited_for() {
    let stage = Stage::new().await;
    let news = follower(&stage, "Korea watchers").await;
    stage.server.go_down().await;
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    let waits = || {
        let queue = stage
            .app()
            .store()
            .blocking()
            .read(|db| db.queue(None))
            .unwrap();
        (queue.waiting == 1).then_some(())
    };
    stage.seen("a waiting part", waits).await;
    stage.server.come_back().await;
    stage.run(stage.server.wait_for_messages(news, 1)).await;
    stage.over().await;
}

/// Why the platform takes nothing, as it is written down.
fn trouble(stage: &Stage) -> Option<String> {
    let store = stage.app().store().blocking();
    let state = store.read(|db| db.platform("discord")).unwrap();
    state?.trouble.map(|(why, _)| why)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ban_that_goes_on_is_written_down_again() {
    let mut stage = Stage::new().await;
    let one = follower(&stage, "One").await;
    stage.server.inject(send().about(one).banned(None).always());
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    let first = stage.seen("trouble", || trouble(&stage)).await;
    // Another process that was let in says that all is well.
    let store = stage.app().store().blocking();
    store
        .write(|db| db.platform_reached("discord", "Tidings"))
        .unwrap();
    let answer = Fault::on("POST interactions/*/*/callback");
    stage.server.inject(answer.banned(None).always());
    let ben = stage.server.reader("Ben");
    let again = tokio::select! {
        again = stage.seen("trouble once more", || trouble(&stage)) => again,
        shown = ben.asks(one, "/latest section:japan") => panic!("{shown}"),
    };
    assert_eq!(again, first);
    stage.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ban_of_the_address_is_everybodys_and_the_operator_is_told() {
    for wait in [None, Some(120)] {
        let mut stage = Stage::new().await;
        // Of two messages at the same moment the one that is taken may be sent last, and end the ban.
        let (one, other) = (
            follower(&stage, "One").await,
            follower_of(&stage, "Other", "us-nk").await,
        );
        stage.server.inject(send().about(one).banned(wait).always());
        stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
        let trouble = stage.seen("trouble", || trouble(&stage)).await;
        assert!(trouble.contains("Cloudflare"), "{trouble}");
        let now = stage.app().now();
        let written = || {
            let waits = stage
                .app()
                .store()
                .blocking()
                .read(|db| db.waits("discord", now))
                .unwrap();
            (!waits.is_empty()).then_some(())
        };
        stage.seen("the wait to be written down", written).await;
        assert_eq!(stage.pause_of(one), None);
        // Nobody asks again, not even after a restart.
        let tries = stage.server.requests(POST).len();
        stage.news("2026-11-06-b.txt", "# US-NK\nSquid once more | Many.");
        stage.kill().await;
        stage.launch(false).await;
        stage.at("2026-11-06T12:00:15[UTC]");
        stage.news("2026-11-06-c.txt", "# US-NK\nSquid at last | Many.");
        let waits = || (stage.queue().0 >= 3).then_some(());
        stage.seen("parts that wait", waits).await;
        assert_eq!(stage.server.requests(POST).len(), tries);
        assert_eq!(copies(&stage, other, "Squid once more"), 0);
        stage.kill().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overload_is_the_channels_until_three_meet_it() {
    let stage = Stage::new().await;
    let mut channels = Vec::new();
    for name in ["One", "Two", "Three", "Four"] {
        channels.push(follower(&stage, name).await);
    }
    let overloaded = || send().answer(503, 130_000, "API resource is currently overloaded");
    stage
        .server
        .inject(overloaded().about(channels[0]).always());
    stage
        .server
        .inject(overloaded().about(channels[1]).always());
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    stage.server.wait_for_messages(channels[3], 1).await;
    stage.server.wait_for_messages(channels[2], 1).await;
    let trouble = || {
        let state = stage
            .app()
            .store()
            .blocking()
            .read(|db| db.platform("discord"))
            .unwrap();
        state.and_then(|state| state.trouble)
    };
    assert_eq!(trouble(), None);
    assert_eq!(stage.pause_of(channels[0]), None);
    stage
        .server
        .inject(overloaded().about(channels[2]).always());
    stage.news("2026-11-06-b.txt", "# Japan\nSquid once more | Many.");
    let (what, _) = stage.run(stage.seen("trouble", trouble)).await;
    assert!(what.contains("overloaded"), "{what}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_forum_is_paused_and_not_tried_without_end() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let places = [
        discord.text(guild, "news"),
        discord.announcements(guild, "announcements"),
        discord.thread(discord.text(guild, "talk"), "digest talk"),
    ];
    let ana = discord.manager("Ana");
    for (place, (status, code)) in places
        .iter()
        .zip([(403, 40_058), (400, 50_024), (400, 50_008)])
    {
        ana.asks(*place, "/subscribe section:japan when:instant")
            .await;
        let refusal = send().answer(status, code, "Cannot do that here");
        discord.inject(refusal.about(*place).always());
    }
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    for place in places {
        stage.seen("the pause", || stage.pause_of(place)).await;
    }
    assert_eq!(stage.server.requests(POST).len(), places.len());
    discord.heal();
    for place in places {
        stage.run(discord.wait_for_messages(place, 1)).await;
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_goes_with_the_last_subscription_and_else_is_named() {
    let stage = Stage::new().await;
    let news = follower(&stage, "Korea watchers").await;
    let ana = stage.server.manager("Ana");
    let waits = || {
        let now = stage.app().now();
        let waits = stage
            .app()
            .store()
            .blocking()
            .read(|db| db.waits("discord", now))
            .unwrap();
        (!waits.is_empty()).then_some(())
    };
    let limit = || send().about(news).too_many_requests(Scope::User, 1.0);
    stage.server.inject(limit());
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    stage.seen("the wait", waits).await;
    let ended = ana.asks(news, "/unsubscribe section:japan").await;
    assert!(
        ended.contains("follows nothing now") && !ended.contains("on its way"),
        "{ended}"
    );
    assert_eq!(stage.queue(), (0, 0));
    // With another subscription nobody knows whose the part is.
    ana.asks(news, "/subscribe section:japan when:instant")
        .await;
    ana.asks(news, "/subscribe section:us-nk when:instant")
        .await;
    stage.at("2026-11-06T12:01[UTC]");
    stage.server.inject(limit());
    stage.news("2026-11-06-b.txt", "# Japan\nSquid thrice | Many.");
    stage.seen("the wait", waits).await;
    let ended = ana.asks(news, "/unsubscribe section:japan").await;
    assert!(ended.contains("on its way and still comes"), "{ended}");
    stage.run(stage.server.wait_for_messages(news, 1)).await;
    assert_eq!(
        (
            copies(&stage, news, "Squid again"),
            copies(&stage, news, "Squid thrice")
        ),
        (0, 1)
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_the_account_at_a_message_is_not_tried_again_at_once() {
    let stage = Stage::new().await;
    for name in ["One", "Two", "Three"] {
        follower(&stage, name).await;
    }
    stage
        .server
        .inject(send().answer(401, 0, "401: Unauthorized").always());
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    let trouble = || {
        let state = stage
            .app()
            .store()
            .blocking()
            .read(|db| db.platform("discord"))
            .unwrap();
        state.and_then(|state| state.trouble)
    };
    let (what, _) = stage.seen("trouble", trouble).await;
    assert!(what.contains("refuses the bot itself"), "{what}");
    stage.news("2026-11-06-b.txt", "# Japan\nSquid thrice | Many.");
    stage.pass(jiff::SignedDuration::from_secs(20));
    for _ in 0..10 {
        crate::fakes::clock::pause(Duration::from_millis(20)).await;
    }
    // What was on its way already, and nothing more.
    let tries = stage.server.requests(POST).len();
    assert!(tries <= 3, "{tries}");
    stage.server.heal();
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_without_a_time_grows() {
    let stage = Stage::new().await;
    let news = follower(&stage, "Korea watchers").await;
    let tries = || stage.server.requests(POST).len();
    for (at, fault) in [
        send().too_many_requests_without_a_time(),
        send().too_many_requests(Scope::User, 0.0),
    ]
    .into_iter()
    .enumerate()
    {
        stage.server.inject(fault.times(6));
        let name = format!("Squid number {at}");
        let before = tries();
        stage.news(
            &format!("2026-11-06-{at}.txt"),
            &format!("# Japan\n{name} | Text."),
        );
        stage
            .seen("a try", || (tries() > before).then_some(()))
            .await;
        let begun = stage.app().now();
        let arrived = stage.seen(&name, || (copies(&stage, news, &name) == 1).then_some(()));
        stage.run(arrived).await;
        let took = stage.app().now().duration_since(begun);
        assert!(took.as_secs() >= 40, "six more tries within {took}");
        assert_eq!(tries(), before + 7);
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_costs_a_question_and_loses_nothing() {
    let stage = Stage::new().await;
    let news = follower(&stage, "Korea watchers").await;
    let ben = stage.server.reader("Ben");
    stage.break_clock();
    stage
        .seen("a loop that broke", || {
            stage.app().wake.schedule();
            (!stage.app().broken.list().is_empty()).then_some(())
        })
        .await;
    // The apology names a number; who asks next is answered, news arrives, and what broke goes on.
    let asked = ben.asks(news, "/read number:1").await;
    assert!(asked.contains("went wrong on our side"), "{asked}");
    stage.set("2026-11-06T12:01[UTC]");
    let answer = ben.asks(news, "/read number:2").await;
    assert!(answer.contains("Liaison office"), "{answer}");
    stage.news(
        "weekly-november-6-2026.txt",
        "# Japan\n Ferries sail | On time.",
    );
    stage
        .run(stage.seen("the roundup", || {
            (copies(&stage, news, "Ferries sail") == 1).then_some(())
        }))
        .await;
    stage.over().await;
}

//! Threads in which roundups are discussed (`/settings discuss on`).

use insta::assert_snapshot;

use super::harness::Stage;
use crate::fakes::discord::{CREATE_PUBLIC_THREADS, FakeDiscord, Fault, Scope};

const NEWS: &str = "# Japan\nSquid counted again | Text of it.";
const MORE: &str = "# Japan\nWhales counted too | More text.";

/// A server that lets the bot open threads, with a channel.
fn place(discord: &FakeDiscord) -> (u64, u64) {
    let guild = discord.guild("Korea watchers");
    discord.allow(guild, CREATE_PUBLIC_THREADS);
    (guild, discord.text(guild, "news"))
}

/// The names of the threads under a channel's messages, by the messages' numbers.
fn threads(discord: &FakeDiscord, channel: u64) -> Vec<(u64, String)> {
    discord.look(|world| {
        let all = world.channels.iter();
        let threads = all.filter(|(_, about)| about.parent == Some(channel));
        threads
            .map(|(id, about)| (*id, about.name.clone()))
            .collect()
    })
}

async fn a_thread_opens(discord: &FakeDiscord, channel: u64, count: usize) {
    discord
        .wait_for(&format!("{count} threads"), |world| {
            let all = world.channels.values();
            let threads = all.filter(|about| about.parent == Some(channel)).count();
            (threads >= count).then_some(())
        })
        .await;
}

const THREADS: &str = "POST channels/*/messages/*/threads";

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_opens_under_the_first_message_of_each_roundup() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let (_, news) = place(&discord);
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:all when:daily 13:00")
        .await;
    assert_snapshot!(ana.asks(news, "/settings name:discuss value:on").await, @"
    (only you can see this)
    discuss is now **on** (a thread under each roundup, to talk about it).
    Next roundup: Fri 6 Nov 13:00, in 1 hour, if there is news by then.
    ");
    ana.asks(news, "/settings name:cap value:100").await;
    ana.asks(news, "/settings name:duplicates value:on").await;
    // One that takes two messages.
    let many: String = (0..60)
        .map(|at| {
            format!(
                "Squid number {at} is counted {} | Text.\n",
                "and counted ".repeat(10)
            )
        })
        .collect();
    stage.news("2026-11-06.txt", &format!("# Japan\n{many}"));
    stage.at("2026-11-06T13:00[UTC]");
    discord.wait_for_messages(news, 2).await;
    a_thread_opens(&discord, news, 1).await;
    let look = || (stage.queue().0 == 0).then_some(());
    stage.seen("an empty queue", look).await;
    let posted = discord.messages(news);
    let first = posted[0].id;
    assert_eq!(
        threads(&discord, news),
        [(first, "Roundup · Friday 6 November".to_owned())]
    );
    let asked = discord.requests(THREADS);
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].body["auto_archive_duration"], 1_440);
    // In the channel's language.
    ana.asks(news, "/settings name:locale value:ko").await;
    stage.news("2026-11-07.txt", MORE);
    stage.at("2026-11-07T13:00[UTC]");
    a_thread_opens(&discord, news, 2).await;
    assert_snapshot!(threads(&discord, news)[1].1, @"뉴스 모음 · 11월 7일 토요일");
    ana.asks(news, "/settings name:discuss value:off").await;
    stage.news("2026-11-08.txt", "# Japan\nSeals are counted | Text.");
    stage.at("2026-11-08T13:00[UTC]");
    let before = posted.len() + 1;
    discord.wait_for_messages(news, before + 1).await;
    stage.over().await;
    assert_eq!(discord.requests(THREADS).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_instantly_opens_no_threads() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let (_, news) = place(&discord);
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:japan when:instant")
        .await;
    ana.asks(news, "/settings name:discuss value:on").await;
    stage.news("2026-11-06.txt", NEWS);
    discord.wait_for_messages(news, 1).await;
    // What is asked for is a roundup, and comes behind it.
    ana.asks(news, "/schedule section:japan when:daily 18:00")
        .await;
    stage.news("2026-11-07.txt", MORE);
    ana.asks(news, "/roundup").await;
    a_thread_opens(&discord, news, 1).await;
    let second = discord.messages(news)[1].id;
    let opened = threads(&discord, news);
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0].0, second);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_missing_permission_is_named_and_later_costs_no_roundup() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let (news, office) = (discord.text(guild, "news"), discord.text(guild, "office"));
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:japan when:daily 13:00")
        .await;
    assert_snapshot!(ana.asks(news, "/settings name:discuss value:on").await, @"
    (only you can see this)
    I can’t open threads in #news: I lack Create Public Threads there. Allow me that, then try again. Nothing was changed.
    ");
    let elsewhere = format!("/settings name:discuss value:on channel:{news}");
    let refused = ana.asks(office, &elsewhere).await;
    assert!(refused.contains("Create Public Threads"), "{refused}");
    // To switch it off needs nothing.
    let off = ana.asks(news, "/settings name:discuss value:off").await;
    assert!(off.contains("discuss is now **off**"), "{off}");
    discord.allow(guild, CREATE_PUBLIC_THREADS);
    let on = ana.asks(office, &elsewhere).await;
    assert!(on.contains("discuss is now **on**"), "{on}");
    discord.deny(news, CREATE_PUBLIC_THREADS);
    stage.news("2026-11-06.txt", NEWS);
    stage.at("2026-11-06T13:00[UTC]");
    discord
        .wait_for("a refusal", |world| {
            let mut asked = world.requests.iter();
            asked
                .any(|request| request.route == THREADS && request.status == Some(403))
                .then_some(())
        })
        .await;
    assert_eq!(discord.messages(news).len(), 1);
    assert_eq!(threads(&discord, news), []);
    // The channel goes on getting its roundups.
    stage.news("2026-11-07.txt", MORE);
    stage.at("2026-11-07T13:00[UTC]");
    discord.wait_for_messages(news, 2).await;
    assert_eq!(stage.pause_of(news), None);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_is_opened_once_whatever_becomes_of_answers_and_of_the_bot() {
    let mut stage = Stage::new().await;
    let discord = stage.server.clone();
    let (_, news) = place(&discord);
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:japan when:daily 13:00")
        .await;
    ana.asks(news, "/settings name:discuss value:on").await;
    // It was opened, and nobody said so: the repeat finds it there.
    discord.inject(Fault::on(THREADS).answer_lost());
    stage.news("2026-11-06.txt", NEWS);
    stage.at("2026-11-06T13:00[UTC]");
    let repeated = discord.wait_for("the repeat", |world| {
        let asked = world.requests.iter().filter(|r| r.route == THREADS);
        let last = asked.clone().next_back()?.status;
        (asked.count() == 2 && last == Some(400)).then_some(())
    });
    stage.run(repeated).await;
    assert_eq!(threads(&discord, news).len(), 1);
    // It has to wait, and the bot is killed meanwhile.
    discord.inject(Fault::on(THREADS).too_many_requests(Scope::User, 5.0));
    stage.news("2026-11-07.txt", MORE);
    stage.at("2026-11-07T13:00[UTC]");
    discord
        .wait_for("a refusal", |world| {
            let mut asked = world.requests.iter();
            asked
                .any(|request| request.route == THREADS && request.status == Some(429))
                .then_some(())
        })
        .await;
    stage.kill().await;
    stage.start().await;
    stage.run(a_thread_opens(&discord, news, 2)).await;
    assert_eq!(threads(&discord, news).len(), 2);
    assert_eq!(discord.messages(news).len(), 2);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn announcements_are_published_and_discussed() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let (guild, _) = place(&discord);
    let news = discord.announcements(guild, "announcements");
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:japan when:daily 13:00")
        .await;
    for name in ["publish", "discuss"] {
        ana.asks(news, &format!("/settings name:{name} value:on"))
            .await;
    }
    let squid = |title: &str| {
        format!("# Japan\n{title} | Text of it. Read more https://news.example/squid")
    };
    stage.news("2026-11-06.txt", &squid("Squid counted agian"));
    stage.at("2026-11-06T13:00[UTC]");
    a_thread_opens(&discord, news, 1).await;
    discord
        .wait_for("a publication", |world| {
            let mut messages = world.channels[&news].messages.iter();
            messages.any(|message| message.published).then_some(())
        })
        .await;
    // What was published is corrected like anything else: whoever follows the channel elsewhere sees it, and nothing goes twice.
    stage.news("2026-11-06.txt", &squid("Squid counted again"));
    discord
        .wait_for("a correction", |world| {
            let mut messages = world.channels[&news].messages.iter();
            let corrected = |body: &serde_json::Value| body.to_string().contains("counted again");
            messages
                .any(|message| message.published && corrected(&message.body))
                .then_some(())
        })
        .await;
    assert_eq!(discord.messages(news).len(), 1);
    let published = discord.requests("POST channels/*/messages/*/crosspost");
    assert_eq!((published.len(), threads(&discord, news).len()), (1, 1));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_threads_open_no_threads_it_is_no_setting() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let (guild, news) = place(&discord);
    let ana = discord.manager("Ana");
    let places = [
        (news, true),
        (discord.announcements(guild, "announcements"), true),
        (discord.thread(news, "talk"), false),
        (discord.forum(guild, "forum", &[]), false),
        (ana.dm(), false),
    ];
    for (place, is_listed) in places {
        let shown = ana.asks(place, "/settings").await;
        assert_eq!(shown.contains("**discuss**"), is_listed, "{shown}");
        if !is_listed {
            let refused = ana.asks(place, "/settings name:discuss value:on").await;
            assert!(refused.contains("does nothing here"), "{refused}");
        }
    }
    stage.over().await;
}

/// A page of one item, which is known again by its link.
fn squid(title: &str) -> String {
    format!("# Japan\n{title} | Vessels will count. Read more https://news.example/squid")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roundup_of_cards_has_its_thread_and_a_correction_makes_no_other() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let (_, news) = place(&discord);
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:japan when:daily 13:00")
        .await;
    ana.asks(news, "/settings name:style value:cards").await;
    ana.asks(news, "/settings name:discuss value:on").await;
    stage.news("2026-11-06.txt", &squid("Squid counted agian"));
    stage.at("2026-11-06T13:00[UTC]");
    a_thread_opens(&discord, news, 1).await;
    stage.news("2026-11-06.txt", &squid("Squid counted again"));
    let corrected = discord.wait_for("a correction", |world| {
        let messages = &world.channels[&news].messages;
        messages
            .iter()
            .any(|message| message.edits > 0)
            .then_some(())
    });
    stage.run(corrected).await;
    assert_eq!(discord.messages(news).len(), 1);
    // Behind the correction comes another roundup with the only other thread.
    stage.news("2026-11-07.txt", MORE);
    stage.at("2026-11-07T13:00[UTC]");
    a_thread_opens(&discord, news, 2).await;
    assert_eq!(discord.requests(THREADS).len(), 2);
    stage.over().await;
}

//! Where roundups go: threads, forums, announcement channels; and what has to be allowed there.

use insta::assert_snapshot;

use super::harness::Stage;
use crate::fakes::discord::{EMBED_LINKS, FakeDiscord, Fault, SEND_MESSAGES, Scope, VIEW_CHANNEL};

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_named() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let (office, news) = (discord.text(guild, "office"), discord.text(guild, "news"));
    let ana = discord.manager("Ana");
    discord.deny(news, SEND_MESSAGES | EMBED_LINKS);
    assert_snapshot!(ana.asks(news, "/subscribe section:us-nk").await, @"
    (only you can see this)
    I can’t post in #news: I lack Send Messages, Embed Links there. Allow me that, then try again. Nothing was changed.
    ");
    let from_elsewhere = format!("/subscribe section:us-nk channel:{news}");
    assert_snapshot!(ana.asks(office, &from_elsewhere).await, @"
    (only you can see this)
    I can’t post in #news: I lack Send Messages, Embed Links there. Allow me that, then try again. Nothing was changed.
    ");
    discord.deny(news, VIEW_CHANNEL);
    assert_snapshot!(ana.asks(office, &from_elsewhere).await, @"
    (only you can see this)
    I can’t post in #news: I lack View Channel there. Allow me that, then try again. Nothing was changed.
    ");
    let kept = stage
        .app()
        .store()
        .blocking()
        .read(|db| db.channels())
        .unwrap();
    assert!(kept.is_empty(), "{kept:?}");
    discord.deny(news, 0);
    assert!(
        ana.asks(office, &from_elsewhere)
            .await
            .contains("now follows")
    );
    // A time is as much of a promise.
    discord.deny(news, EMBED_LINKS);
    assert_snapshot!(ana.asks(news, "/schedule section:us-nk when:hourly").await, @"
    (only you can see this)
    I can’t post in #news: I lack Embed Links there. Allow me that, then try again. Nothing was changed.
    ");
    let posted = ana.asks(news, "/roundup").await;
    assert!(
        posted.contains("I lack Embed Links there. Allow"),
        "{posted}"
    );
    for promise in [
        "/timezone zone:Asia/Seoul",
        "/settings name:cap value:20",
        "/status",
        "/subscriptions",
        "/preview",
    ] {
        let said = ana.asks(news, promise).await;
        assert!(said.contains("I lack Embed Links there."), "{said}");
        assert!(
            !said.contains("Next roundup:") && !said.contains("· next"),
            "{said}"
        );
    }
    ana.asks(news, "/timezone zone:UTC").await;
    discord.deny(news, 0);
    ana.asks(news, "/pause").await;
    let preview = ana.asks(news, "/preview").await;
    assert!(
        preview.contains("have been paused since Fri 6 Nov 12:00. /resume"),
        "{preview}"
    );
    assert_snapshot!(ana.asks(news, "/schedule section:us-nk when:hourly").await, @"
    (only you can see this)
    This channel now gets **US–North Korea relations**, hourly (UTC). Next roundup: Fri 6 Nov 13:00, in 1 hour, if there is news by then.
    After that: Fri 6 Nov 14:00, Fri 6 Nov 15:00.
    Deliveries to this channel are paused, though: /resume lets them go on.
    ");
    assert_snapshot!(ana.asks(news, "/settings name:cap value:30").await, @"
    (only you can see this)
    cap is now **30** (the most headlines of one roundup).
    Deliveries to this channel are paused, though: /resume lets them go on.
    ");
    // What an answer from elsewhere suggests acts there too.
    let forget = format!("/forget channel:{news}");
    assert_snapshot!(ana.asks(office, &forget).await, @"
    (only you can see this)
    For **#news**:
    This erases 1 subscription and all settings of this channel for good. To go ahead: /forget channel:#news yes
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_those_of_the_place_before_anything_is_followed_there() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let (office, wire) = (
        discord.text(guild, "office"),
        discord.announcements(guild, "wire"),
    );
    let ana = discord.manager("Ana");
    let listed = async |place| {
        let shown = ana.asks(place, "/settings").await;
        ["publish", "role"].map(|name| shown.contains(&format!("**{name}**")))
    };
    assert_eq!(listed(office).await, [false, true]);
    assert_eq!(listed(wire).await, [true, true]);
    assert_eq!(listed(ana.dm()).await, [false, false]);
    let refused = ana.asks(ana.dm(), "/settings name:publish value:on").await;
    assert!(refused.contains("does nothing here"), "{refused}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forum_gets_a_tagged_post_for_each_roundup() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let office = discord.text(guild, "office");
    let forum = discord.forum(guild, "digests", &["US-NK", "Weather", "Japan"]);
    let ana = discord.manager("Ana");
    let line = format!("/subscribe section:all when:instant channel:{forum}");
    ana.asks(office, &line).await;
    let long = "x".repeat(390);
    let items: Vec<String> = (1..=24)
        .map(|n| format!("Item {n} {long} | Text."))
        .collect();
    stage.news(
        "2026-11-06.txt",
        &format!("# US-NK Relations\n{}", items.join("\n")),
    );
    let post = discord
        .wait_for("a post", |world| {
            let found = world
                .channels
                .iter()
                .find(|(_, c)| c.parent == Some(forum))?;
            (found.1.messages.len() >= 2).then_some(*found.0)
        })
        .await;
    let (name, tags) = discord.look(|world| {
        let about = &world.channels[&post];
        (about.name.clone(), about.applied_tags.clone())
    });
    assert_eq!(name, "News · Friday 6 November");
    let us_nk = discord.look(|world| world.channels[&forum].tags[0].0);
    assert_eq!(tags, [us_nk]);
    // The parts of one roundup are in one post.
    assert_eq!(discord.posts(forum).len(), 1);
    stage.news("2026-11-06-b.txt", "# Japan\nSquid again | Many.");
    discord
        .wait_for("another post", |world| {
            (world
                .channels
                .values()
                .filter(|c| c.parent == Some(forum))
                .count()
                == 2)
                .then_some(())
        })
        .await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_messages_of_a_forums_post_are_corrected() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let office = discord.text(guild, "office");
    let forum = discord.forum(guild, "digests", &[]);
    let line = format!("/subscribe section:all when:instant channel:{forum}");
    discord.manager("Ana").asks(office, &line).await;
    let long = "x".repeat(390);
    let page = |first: &str, last: &str| {
        let title = |n: usize| match n {
            1 => first.to_owned(),
            24 => last.to_owned(),
            n => format!("Item {n} {long}"),
        };
        let items = (1..=24).map(|n| format!("{} | Text. | https://news.example/{n}", title(n)));
        format!(
            "# US-NK Relations\n{}",
            items.collect::<Vec<_>>().join("\n")
        )
    };
    let messages = |world: &crate::fakes::discord::World| {
        let post = world.channels.values().find(|c| c.parent == Some(forum))?;
        let bodies = post.messages.iter().map(|message| message.body.to_string());
        Some(bodies.collect::<Vec<_>>())
    };
    stage.news(
        "2026-11-06.txt",
        &page("The first is rong", "The last is rong"),
    );
    let posted = discord.wait_for("a post", |world| {
        messages(world).filter(|bodies| bodies.concat().contains("The last is rong"))
    });
    let before = stage.run(posted).await;
    assert!(before.len() >= 2);
    stage.news(
        "2026-11-06.txt",
        &page("The first is right", "The last is right"),
    );
    let corrected = discord.wait_for("both corrected", |world| {
        messages(world).filter(|bodies| !bodies.concat().contains("is rong"))
    });
    let after = stage.run(corrected).await;
    assert_eq!(after.len(), before.len());
    assert!(after.concat().contains("The first is right"));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_called_what_its_headline_says_by_now_even_if_it_is_archived() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let office = discord.text(guild, "office");
    let forum = discord.forum(guild, "digests", &[]);
    let line = format!("/subscribe section:all when:instant channel:{forum}");
    discord.manager("Ana").asks(office, &line).await;
    let page = |title: &str| format!("# Japan\n{title} | Text. | https://news.example/squid");
    let post = |discord: &FakeDiscord, name: &str, words: &str| {
        let (name, words) = (name.to_owned(), words.to_owned());
        let what = format!("a post that is called {name}");
        let discord = discord.clone();
        async move {
            let look = |world: &crate::fakes::discord::World| {
                let post = world
                    .channels
                    .iter()
                    .find(|(_, c)| c.parent == Some(forum) && c.name == name)?;
                let body = post.1.messages[0].body.to_string();
                body.contains(&words).then_some((*post.0, post.1.archived))
            };
            discord.wait_for(&what, look).await
        }
    };
    stage.news("2026-11-06.txt", &page("Squid counted agian"));
    let (thread, _) = stage
        .run(post(&discord, "Squid counted agian", "agian"))
        .await;
    discord.with(|world| world.channel(thread).archived = true);
    stage.news("2026-11-06.txt", &page("Squid counted again"));
    stage
        .run(post(&discord, "Squid counted again", "again"))
        .await;
    let archived = discord.wait_for("an archived post", |world| {
        world.channels[&thread].archived.then_some(())
    });
    stage.run(archived).await;
    // What nobody stands by any more isn't said in large letters either.
    let squid = stage
        .app()
        .store()
        .blocking()
        .read(|db| db.greatest_item_id())
        .unwrap();
    let squid = tidings_core::ids::ItemId::new(squid);
    let store = stage.app().store().blocking();
    store.write(|db| db.withdraw_item(squid)).unwrap();
    stage.app().wake.schedule();
    stage.run(post(&discord, "Japan", "~~Squid")).await;
    store.write(|db| db.restore_item(squid)).unwrap();
    stage.pass(jiff::SignedDuration::from_hours(2));
    stage.app().wake.schedule();
    stage
        .run(post(&discord, "Squid counted again", "again"))
        .await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forum_that_wants_a_tag_gets_one() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let office = discord.text(guild, "office");
    let forum = discord.forum(guild, "digests", &["Everything"]);
    discord.with(|world| world.channel(forum).requires_tag = true);
    let line = format!("/subscribe section:all when:instant channel:{forum}");
    discord.manager("Ana").asks(office, &line).await;
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    discord
        .wait_for("a post", |world| {
            let post = world.channels.values().find(|c| c.parent == Some(forum))?;
            (post.applied_tags.len() == 1).then_some(())
        })
        .await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_that_changed_unheard_are_asked_for_once_and_pause_nothing() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let office = discord.text(guild, "office");
    let forum = discord.forum(guild, "digests", &["Japan"]);
    let line = format!("/subscribe section:all when:instant channel:{forum}");
    discord.manager("Ana").asks(office, &line).await;
    let tagged = async |number: usize| {
        let title = format!("Squid counted for time {number}");
        stage.news(
            &format!("2026-11-06-{number}.txt"),
            &format!("# Japan\n{title} | Many."),
        );
        let look = |world: &crate::fakes::discord::World| {
            let mut posts = world.channels.values();
            let post = posts.find(|c| c.parent == Some(forum) && c.name == title)?;
            Some(post.applied_tags.clone())
        };
        discord.wait_for(&title, look).await
    };
    let first = tagged(1).await;
    assert_eq!(first.len(), 1);
    // Another tag of the same name.
    let other = || discord.reader("Ben").id;
    let (japan, whatever) = (other(), other());
    discord.with(|world| world.channel(forum).tags[0].0 = japan);
    let second = tagged(2).await;
    assert!(second.len() == 1 && second != first, "{second:?}");
    // None of that name, which was left out until one was demanded.
    discord.with(|world| world.channel(forum).tags[0].1 = "Everything".to_owned());
    assert_eq!(tagged(3).await, second);
    discord.with(|world| world.channel(forum).tags[0] = (whatever, "Whatever".to_owned()));
    assert!(tagged(4).await.is_empty());
    discord.with(|world| world.channel(forum).requires_tag = true);
    assert_eq!(tagged(5).await.len(), 1);
    // What is refused by what is there now is the forum's trouble.
    let unknown = Fault::on("POST channels/*/threads").answer(404, 10_087, "Unknown tag");
    discord.inject(unknown.about(forum).always());
    stage.news("2026-11-06-6.txt", "# Japan\nSquid are gone | All.");
    stage.seen("the pause", || stage.pause_of(forum)).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_was_archived_is_opened_again() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let thread = discord.thread(news, "digest talk");
    let ana = discord.manager("Ana");
    ana.asks(thread, "/subscribe section:japan when:instant")
        .await;
    discord.with(|world| world.channel(thread).archived = true);
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    discord.wait_for_messages(thread, 1).await;
    assert!(discord.messages(news).is_empty());
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn announcements_are_published_as_fast_as_discord_lets_them() {
    let mut stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.announcements(discord.guild("Korea watchers"), "news");
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:japan when:instant")
        .await;
    ana.asks(news, "/settings name:publish value:on").await;
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    let published = |count: usize| {
        let discord = discord.clone();
        async move {
            let what = format!("{count} published");
            discord
                .wait_for(&what, |world| {
                    let messages = world.channels[&news].messages.iter();
                    (messages.filter(|m| m.published).count() == count).then_some(())
                })
                .await;
        }
    };
    published(1).await;
    // The hourly limit holds up the publishing, and not the roundups; nor does a restart forget it.
    discord.inject(
        Fault::on("POST channels/*/messages/*/crosspost").too_many_requests(Scope::User, 0.3),
    );
    stage.news("2026-11-06-b.txt", "# Japan\nSquid thrice | Many.");
    discord.wait_for_messages(news, 2).await;
    stage.news("2026-11-06-c.txt", "# Japan\nSquid a fourth time | Many.");
    discord.wait_for_messages(news, 3).await;
    stage.restart().await;
    stage.run(published(3)).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_of_one_server_manages_no_other() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let (ours, theirs) = (discord.guild("Ours"), discord.guild("Theirs"));
    let (office, news) = (discord.text(ours, "office"), discord.text(theirs, "news"));
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:japan when:instant")
        .await;
    for line in [
        "/subscribe section:us-nk when:instant",
        "/pause",
        "/unsubscribe section:japan",
        "/forget confirmation:yes",
    ] {
        let answer = ana.asks(office, &format!("{line} channel:{news}")).await;
        assert!(
            answer.contains("isn’t a channel of this server"),
            "{line}: {answer}"
        );
    }
    let left = ana.asks(news, "/subscriptions").await;
    assert!(left.contains("japan") && !left.contains("us-nk"), "{left}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_nobody_may_mention_is_no_setting() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let news = discord.text(guild, "news");
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:japan when:instant")
        .await;
    let desk = discord.role(guild, "desk");
    let open = ana
        .asks(news, &format!("/settings name:role value:<@&{desk}>"))
        .await;
    assert!(open.contains("role is now"), "{open}");
    discord.with(|world| {
        let roles = &mut world.guilds.get_mut(&guild).unwrap().roles;
        roles.get_mut(&desk).unwrap().mentionable = false;
    });
    let closed = ana
        .asks(news, &format!("/settings name:role value:<@&{desk}>"))
        .await;
    assert!(closed.contains("All Roles"), "{closed}");
    let none = ana
        .asks(news, "/settings name:role value:<@&999999999999999>")
        .await;
    assert!(none.contains("There is no role 999999999999999"), "{none}");
    stage.over().await;
}

/// The names of a forum's posts, and all that stands in them.
fn posts_of(discord: &FakeDiscord, forum: u64) -> (Vec<String>, String) {
    let posts = discord.posts(forum);
    let names = discord.look(|world| {
        let name = |post: &u64| world.channels[post].name.clone();
        posts.iter().map(name).collect()
    });
    let said = posts.iter().flat_map(|post| discord.messages(*post));
    (
        names,
        said.map(|message| message.body.to_string()).collect(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forum_post_whose_title_is_refused_gets_a_plainer_one() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let office = discord.text(guild, "office");
    let forum = discord.forum(guild, "digests", &[]);
    let line = format!("/subscribe section:all when:instant channel:{forum}");
    discord.manager("Ana").asks(office, &line).await;
    let blocked = Fault::on("POST channels/*/threads")
        .answer(400, 200_001, "Title was blocked by automatic moderation")
        .holding("\"name\":\"Squid again\"")
        .always();
    discord.inject(blocked);
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    stage
        .seen("a post", || (discord.posts(forum).len() == 1).then_some(()))
        .await;
    let (names, said) = posts_of(&discord, forum);
    assert_eq!(names, ["Japan"]);
    assert!(said.contains("Squid again"), "{said}");
    stage.news("2026-11-06-b.txt", "# Japan\nSquid thrice | Many.");
    stage
        .seen("the next one", || {
            (discord.posts(forum).len() == 2).then_some(())
        })
        .await;
    assert_eq!(stage.pause_of(forum), None);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_halves_of_a_forum_post_stay_in_one_post() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let office = discord.text(guild, "office");
    let forum = discord.forum(guild, "digests", &[]);
    let line = format!("/subscribe section:all when:instant channel:{forum}");
    discord.manager("Ana").asks(office, &line).await;
    for route in ["POST channels/*/threads", "POST channels/*/messages"] {
        let blocked =
            Fault::on(route).answer(400, 240_000, "Message blocked by harmful links filter");
        discord.inject(blocked.holding("Squid 3 ").always());
    }
    let items: Vec<String> = (0..8)
        .map(|n| format!("Squid {n} counted | Text."))
        .collect();
    stage.news("2026-11-06.txt", &format!("# Japan\n{}", items.join("\n")));
    stage
        .seen("all to be settled", || {
            (stage.queue() == (0, 1)).then_some(())
        })
        .await;
    let (names, said) = posts_of(&discord, forum);
    assert_eq!(names.len(), 1, "{names:?}");
    for n in 0..8 {
        assert_eq!(
            said.contains(&format!("Squid {n} counted")),
            n != 3,
            "{n}: {said}"
        );
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_channel_follows_is_told_to_the_servers_managers() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let (office, news) = (discord.text(guild, "office"), discord.text(guild, "news"));
    let far = discord.text(discord.guild("Far away"), "news");
    let (ana, ben) = (discord.manager("Ana"), discord.reader("Ben"));
    for channel in [news, far] {
        ana.asks(channel, "/subscribe section:us-nk when:daily 09:07")
            .await;
    }
    let there = format!("channel:{news}");
    assert_snapshot!(ana.asks(office, &format!("/subscriptions {there}")).await, @"
    (only you can see this)
    For **#news**:

    **This channel follows** · times in UTC
    **us-nk** — US–North Korea relations · daily 09:07 · next Sat 7 Nov 09:07

    -# /schedule channel:#news us-nk daily 09:00 changes a time · /preview channel:#news shows the next roundup
    ");
    let status = ana.asks(office, &format!("/status {there}")).await;
    assert!(
        status.contains("For **#news**") && status.contains("7 Nov 09:07"),
        "{status}"
    );
    // The channel itself may be named as well, and there everybody may ask.
    let here = ben.asks(news, &format!("/subscriptions {there}")).await;
    assert!(here.contains("09:07"), "{here}");
    for command in ["/subscriptions", "/status"] {
        let reader = ben.asks(office, &format!("{command} {there}")).await;
        assert!(reader.contains("Manage Server"), "{reader}");
        let foreign = ana.asks(office, &format!("{command} channel:{far}")).await;
        assert!(
            foreign.contains("isn’t a channel of this server"),
            "{foreign}"
        );
        let alone = ana.asks(ana.dm(), &format!("{command} {there}")).await;
        assert!(alone.contains("managed in that server"), "{alone}");
        for answer in [reader, foreign, alone] {
            assert!(!answer.contains("09:07"), "{answer}");
        }
    }
    stage.over().await;
}

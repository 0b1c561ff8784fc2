//! Roundups as cards: with pictures, with links, with neither; split, refused, in forums.

use insta::assert_snapshot;
use serde_json::Value;
use tidings_core::ids::ChannelKey;
use tidings_core::post::{Block, DeliveryOptions, Entry, Line, Post, PostAction, PostButton};

use super::harness::Stage;
use crate::fakes::discord::{Fault, Message, markdown};

const POST: &str = "POST channels/*/messages";

/// What Discord says of a message that it can't read.
const UNREADABLE: &str = r#"{"code":50035,"message":"Invalid Form Body","errors":{"components":{"0":{"_errors":[{"code":"UNION_TYPE_CHOICES","message":"Value of field \"type\" must be one of (1,)."}]}}}}"#;

/// A channel that follows everything daily, and gets cards.
async fn follower(stage: &Stage) -> u64 {
    let discord = &stage.server;
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:all when:daily 09:00")
        .await;
    ana.asks(news, "/settings name:style value:cards").await;
    news
}

/// The messages of the next roundup of a channel that gets news.
async fn roundup(stage: &Stage, channel: u64, news: &str) -> Vec<Message> {
    stage.news("weekly-november-6-2026.txt", news);
    stage.at("2026-11-07T09:00[UTC]");
    ended(stage, channel).await
}

/// The messages of a roundup, once its last line is there.
async fn ended(stage: &Stage, channel: u64) -> Vec<Message> {
    stage
        .server
        .wait_for("the roundup's end", |world| {
            let messages = &world.channels[&channel].messages;
            let last = messages.last()?.body.to_string();
            last.contains("next: ").then_some(())
        })
        .await;
    stage.server.messages(channel)
}

/// All texts of components.
fn texts(components: &Value) -> Vec<String> {
    let each = components.as_array().into_iter().flatten();
    let texts = each.flat_map(|component| match component["content"].as_str() {
        Some(text) => vec![text.to_owned()],
        None => texts(&component["components"]),
    });
    texts.collect()
}

fn entry(id: i64, title: &str) -> Entry {
    Entry {
        id,
        date: None,
        title: title.to_owned(),
        link: Some(format!("https://example.org/{id}")),
        summary: None,
        cut: false,
        section: None,
        also: None,
        remark: None,
        withdrawn: false,
        picture: Some(format!("https://example.org/pictures/{id}.jpg")),
    }
}

/// A roundup of one section's headlines, as it is composed for cards.
fn composed(entries: Vec<Entry>) -> Post {
    let offer = |label: &str, deed| PostButton {
        label: label.to_owned(),
        deed,
    };
    let mut blocks = vec![
        Block::Title {
            text: "Roundup · Saturday 7 November".to_owned(),
            note: None,
        },
        Block::Section {
            title: "Japan".to_owned(),
            slug: "japan".to_owned(),
            note: format!("{} headlines", entries.len()),
        },
    ];
    blocks.extend(entries.into_iter().map(Block::Entry));
    blocks.push(Block::Hints(vec![
        Line::plain("in all"),
        Line::plain("next: tomorrow"),
    ]));
    blocks.push(Block::Offers(vec![
        offer("Search", PostAction::Search),
        offer("Read…", PostAction::Read),
        offer("Open", PostAction::Open),
    ]));
    Post { blocks }
}

/// Puts a post into the outbox of a channel, as the scheduler does.
fn post(stage: &Stage, channel: u64, post: &Post) {
    let app = stage.app();
    let services = crate::stage::Fake::services(&stage.server, app.settings());
    let options = DeliveryOptions {
        cards: true,
        ..DeliveryOptions::default()
    };
    let key = ChannelKey::new("discord", &channel.to_string()).unwrap();
    let wires = services[0].render(post, &options);
    let write = app.store().blocking();
    write
        .write(|db| {
            let row = db.channel_or_new(&key, app.now())?;
            let parts: Result<Vec<i64>, _> = wires.iter().map(|wire| db.add_part(wire)).collect();
            db.enqueue(&row, &parts?, app.now())
        })
        .unwrap();
    app.wake.outbox();
}

#[tokio::test(flavor = "multi_thread")]
async fn headlines_with_links_and_without() {
    let stage = Stage::new().await;
    let news = follower(&stage).await;
    let page = "# US-NK Relations
        Envoy to visit Seoul next week | She will stay for two days. Nobody knows why. | READ MORE https://example.org/envoy?a=1&b=(2)
        Talks go on | They do.
        # Japan
        Tokyo counts its squid | There are many. | https://example.com/squid";
    assert_eq!(roundup(&stage, news, page).await.len(), 1);
    assert_snapshot!(stage.server.wait_for_messages(news, 1).await, @"
    **Roundup · Saturday 7 November**
    ▌ ### US–North Korea relations
    ▌ **Envoy to visit Seoul next week**
    ▌ -# She will stay for two days.
    ▌ -# /read 6
    ▌   [Open ↗ https://example.org/envoy?a=1&b=(2)]
    ▌ • **Talks go on**
    ▌ -# They do.
    ▌ -# /read 7
    ▌ -# 2 headlines
    ▌ ### Japan
    ▌ **Tokyo counts its squid**
    ▌ -# There are many.
    ▌   [Open ↗ https://example.com/squid]
    ▌ -# 1 headline
    -# 3 headlines · next: <t:1794128400:f> (<t:1794128400:R>)
    ⟨Read…: Envoy to visit Seoul next week | Talks go on | Tokyo counts its squid⟩
    [Search]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_stand_beside_headlines() {
    let stage = Stage::new().await;
    let news = follower(&stage).await;
    let plain = Entry {
        link: None,
        picture: None,
        ..entry(3, "Harbour closes early")
    };
    let summed = Entry {
        summary: Some("There are many. Nobody knows how many.".to_owned()),
        ..entry(1, "Squid counted again")
    };
    // What is no address on the web is no picture; Discord would refuse all of it.
    let odd = Entry {
        picture: Some("javascript:alert(1)".to_owned()),
        ..entry(2, "Ferries sail")
    };
    let long = Entry {
        picture: None,
        link: Some(format!("https://example.org/{}", "x".repeat(600))),
        ..entry(4, "A long way")
    };
    post(&stage, news, &composed(vec![summed, odd, plain, long]));
    ended(&stage, news).await;
    let shown = stage.server.wait_for_messages(news, 1).await;
    let shown = shown.replace(&"x".repeat(600), "xxx");
    assert_snapshot!(shown, @"
    **Roundup · Saturday 7 November**
    ▌ ### Japan
    ▌ **[Squid counted again](https://example.org/1)**
    ▌ -# There are many.
    ▌ -# /read 1
    ▌   ▣ https://example.org/pictures/1.jpg
    ▌ **Ferries sail**
    ▌   [Open ↗ https://example.org/2]
    ▌ • **Harbour closes early**
    ▌ -# /read 3
    ▌ • **[A long way](https://example.org/xxx)**
    ▌ -# 4 headlines
    -# next: tomorrow
    ⟨Read…: Squid counted again | Ferries sail | Harbour closes early | A long way⟩
    [Search]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_goes_on_in_the_next_message() {
    let stage = Stage::new().await;
    let news = follower(&stage).await;
    let entries = (1..=25).map(|id| entry(id, &format!("Squid {id} counted")));
    post(&stage, news, &composed(entries.collect()));
    let messages = ended(&stage, news).await;
    assert_eq!(messages.len(), 3);
    let texts: Vec<String> = messages.iter().map(|m| m.body.to_string()).collect();
    for id in 1..=25 {
        let holding = |text: &&String| text.contains(&format!("pictures/{id}.jpg"));
        assert_eq!(texts.iter().filter(holding).count(), 1, "{id}");
    }
    let last = stage.server.wait_for_messages(news, 3).await;
    let last = last.rsplit("———\n").next().unwrap();
    assert_snapshot!(last, @"
    ▌ ### Japan
    ▌ **[Squid 21 counted](https://example.org/21)**
    ▌   ▣ https://example.org/pictures/21.jpg
    ▌ **[Squid 22 counted](https://example.org/22)**
    ▌   ▣ https://example.org/pictures/22.jpg
    ▌ **[Squid 23 counted](https://example.org/23)**
    ▌   ▣ https://example.org/pictures/23.jpg
    ▌ **[Squid 24 counted](https://example.org/24)**
    ▌   ▣ https://example.org/pictures/24.jpg
    ▌ **[Squid 25 counted](https://example.org/25)**
    ▌   ▣ https://example.org/pictures/25.jpg
    ▌ -# 25 headlines
    -# next: tomorrow
    ⟨Read…: Squid 21 counted | Squid 22 counted | Squid 23 counted | Squid 24 counted | Squid 25 counted⟩
    [Search]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_give_way_where_they_would_cost_a_message_and_pictures_to_a_flood() {
    let stage = Stage::new().await;
    let news = follower(&stage).await;
    let linked = |id: i64| Entry {
        picture: None,
        ..entry(id, &format!("Squid {id}"))
    };
    post(&stage, news, &composed((1..=25).map(linked).collect()));
    let messages = ended(&stage, news).await;
    assert_eq!(messages.len(), 1);
    assert!(!messages[0].body.to_string().contains("Open"));
    let many = (1..=90).map(|id| entry(id, &format!("Squid {id}")));
    post(&stage, news, &composed(many.collect()));
    let settled = || (stage.queue() == (0, 0)).then_some(());
    stage.seen("an empty queue", settled).await;
    let messages = stage.server.messages(news);
    assert!(messages.len() <= 6, "{}", messages.len());
    let texts: String = messages[1..].iter().map(|m| m.body.to_string()).collect();
    assert!(texts.contains("[Squid 90]") && !texts.contains("pictures/"));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_roundup_of_a_bot_takes_five_messages_at_most() {
    let stage = Stage::new().await;
    let news = follower(&stage).await;
    stage
        .server
        .manager("Ana")
        .asks(news, "/settings name:cap value:100")
        .await;
    let marks = "[_a_] *b* <@c> ".repeat(20);
    let long = |n: usize| format!("Squid {n:02} {marks} | {marks}. | https://example.com/{n}\n");
    let page: String = (0..99).map(long).collect();
    let messages = roundup(&stage, news, &format!("# Japan\n{page}")).await;
    assert!(messages.len() <= 5, "{}", messages.len());
    let texts: String = messages.iter().map(|m| m.body.to_string()).collect();
    for n in 0..99 {
        assert!(texts.contains(&format!("[Squid {n:02} ")), "{n}");
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_cards_come_as_embeds_once() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let news = discord.text(guild, "news");
    let ana = discord.manager("Ana");
    let role = discord.role(guild, "readers");
    ana.asks(
        news,
        &format!("/subscribe section:all when:daily 09:00 role:{role}"),
    )
    .await;
    ana.asks(news, "/settings name:style value:cards").await;
    discord.inject(
        Fault::on(POST)
            .holding("\"type\":17")
            .always()
            .body(400, UNREADABLE),
    );
    let page = "# Japan
        Tokyo counts its squid | There are many. | https://example.com/squid
        Ferries sail | They do.";
    stage.news("weekly-november-6-2026.txt", page);
    stage.at("2026-11-07T09:00[UTC]");
    let settled = || {
        let sent = !discord.messages(news).is_empty();
        (sent && stage.queue() == (0, 0)).then_some(())
    };
    stage.seen("an empty queue", settled).await;
    assert_snapshot!(discord.wait_for_messages(news, 1).await, @"
    @readers! **Roundup · Saturday 7 November**
    next: <t:1794128400:f> (<t:1794128400:R>)
    ┃ [Japan]
    ┃ • **[Tokyo counts its squid](https://example.com/squid)**
    ┃ -# There are many.
    ┃ • **Ferries sail**
    ┃ -# They do.
    ┃ -# /read 7
    ┃ (2 headlines)
    ⟨Read…: Tokyo counts its squid | Ferries sail⟩
    [Search]
    ");
    assert_eq!(discord.messages(news).len(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_of_cards_is_the_same_message_with_the_same_nonce() {
    let mut stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = follower(&stage).await;
    discord.inject(Fault::on(POST).answer_lost().times(2));
    let entries = (1..=3).map(|id| entry(id, &format!("Squid {id} counted")));
    post(&stage, news, &composed(entries.collect()));
    // What is in doubt is repeated over a restart, too.
    discord.wait_for_messages(news, 1).await;
    stage.restart().await;
    let settled = || {
        let sent = discord.requests(POST).len();
        (sent == 3 && stage.queue() == (0, 0)).then_some(())
    };
    stage.run(stage.seen("an empty queue", settled)).await;
    let tries = discord.requests(POST);
    assert!(tries.iter().all(|try_| try_.body == tries[0].body));
    assert_eq!(discord.accepted(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_headline_on_a_card_costs_no_other() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = follower(&stage).await;
    let blocked = "Your message contains content blocked by this server";
    discord.inject(
        Fault::on(POST)
            .holding("Squid 2 ")
            .always()
            .answer(400, 200_000, blocked),
    );
    let entries = (1..=9).map(|id| entry(id, &format!("Squid {id} counted")));
    post(&stage, news, &composed(entries.collect()));
    let settled = || (stage.queue() == (0, 1)).then_some(());
    stage.run(stage.seen("one dead part", settled)).await;
    let messages = discord.messages(news);
    let texts: Vec<String> = messages.iter().map(|m| m.body.to_string()).collect();
    for id in 1..=9 {
        let holding = |text: &&String| text.contains(&format!("Squid {id} counted"));
        // The menu names it once more.
        let said = texts.iter().filter(holding).count();
        assert!(
            if id == 2 { said == 0 } else { said >= 1 },
            "{id}: {texts:?}"
        );
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn further_parts_of_refused_cards_ping_nobody_again_and_lose_nothing() {
    let stage = Stage::new().await;
    let news = follower(&stage).await;
    stage.server.inject(
        Fault::on(POST)
            .holding("\"type\":17")
            .always()
            .body(400, UNREADABLE),
    );
    let entries = (1..=25).map(|id| entry(id, &format!("Squid {id} counted")));
    post(&stage, news, &composed(entries.collect()));
    ended(&stage, news).await;
    let texts: Vec<String> = stage
        .server
        .messages(news)
        .iter()
        .map(|m| m.body.to_string())
        .collect();
    for id in 1..=25 {
        let holding = |text: &&String| text.contains(&format!("[Squid {id} counted]"));
        assert_eq!(texts.iter().filter(holding).count(), 1, "{id}");
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_mentioned_in_the_first_text_and_pinged_once() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let news = discord.text(guild, "news");
    let ana = discord.manager("Ana");
    let role = discord.role(guild, "readers");
    ana.asks(
        news,
        &format!("/subscribe section:all when:instant role:{role}"),
    )
    .await;
    ana.asks(news, "/settings name:style value:cards").await;
    ana.asks(news, "/settings name:silent value:on").await;
    stage.news(
        "2026-11-06.txt",
        "# Japan\nSquid again @everyone <@&123456789012345678> | Many.",
    );
    assert_snapshot!(discord.wait_for_messages(news, 1).await, @r"
    (silent)
    @readers!
    ▌ ### Japan
    ▌ • **Squid again \@everyone \<\@&123456789012345678\>**
    ▌ -# Many.
    ▌ -# /read 6
    ⟨Read…: Squid again @everyone <@&123456789012345678>⟩
    [Search]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forums_post_is_of_cards() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let office = discord.text(guild, "office");
    let forum = discord.forum(guild, "digests", &["Japan"]);
    let ana = discord.manager("Ana");
    for line in [
        "/subscribe section:japan when:instant",
        "/settings name:style value:cards",
    ] {
        ana.asks(office, &format!("{line} channel:{forum}")).await;
    }
    stage.news(
        "2026-11-06.txt",
        "# Japan\nSquid again | Many. | https://example.com/squid",
    );
    let found = discord.wait_for("a post", |world| {
        let mut posts = world.channels.iter();
        let (id, post) = posts.find(|(_, channel)| channel.parent == Some(forum))?;
        (!post.messages.is_empty()).then_some(*id)
    });
    let thread = found.await;
    assert_snapshot!(discord.wait_for_messages(thread, 1).await, @"
    ▌ ### Japan
    ▌ **Squid again**
    ▌ -# Many.
    ▌   [Open ↗ https://example.com/squid]
    ⟨Read…: Squid again⟩
    [Search]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn source_text_is_data() {
    let stage = Stage::new().await;
    let news = follower(&stage).await;
    let titles = [
        "Numbers # and **bold** and `code` and __under__",
        "A [more](http://evil.example) headline with a forged link",
        "Ping @everyone @here <@1234> <#5678> <:smile:123>",
        "](https://evil.example) and [",
        "1. no list, -# not small, > not quoted",
    ];
    let mut page = "# Japan\n".to_owned();
    for (at, title) in titles.iter().enumerate() {
        // Every other one leads somewhere.
        let link = format!(" | https://example.com/{at}?a=*b*`c`");
        let link = if at % 2 == 0 { link.as_str() } else { "" };
        page.push_str(&format!("{title} | -# *Many* of _them_ ~~here~~.{link}\n"));
    }
    let messages = roundup(&stage, news, &page).await;
    assert_eq!(messages.len(), 1);
    for text in texts(&messages[0].body["components"]) {
        for (label, address) in markdown::read(&text).links {
            assert!(
                address.starts_with("https://example.com/"),
                "{label} {address}"
            );
        }
    }
    assert_snapshot!(stage.server.wait_for_messages(news, 1).await, @r"
    **Roundup · Saturday 7 November**
    ▌ ### Japan
    ▌ **Numbers # and \*\*bold\*\* and \`code\` and \_\_under\_\_**
    ▌ -# \-# \*Many\* of \_them\_ \~\~here\~\~.
    ▌   [Open ↗ https://example.com/0?a=*b*`c`]
    ▌ • **A \[more\](http\://evil.example) headline with a forged link**
    ▌ -# \-# \*Many\* of \_them\_ \~\~here\~\~.
    ▌ -# /read 7
    ▌ **Ping \@everyone \@here \<\@1234\> \<#5678\> \<\:smile:123\>**
    ▌ -# \-# \*Many\* of \_them\_ \~\~here\~\~.
    ▌   [Open ↗ https://example.com/2?a=*b*`c`]
    ▌ • **\](https\://evil.example) and \[**
    ▌ -# \-# \*Many\* of \_them\_ \~\~here\~\~.
    ▌ -# /read 9
    ▌ **no list, -# not small, \> not quoted**
    ▌ -# \-# \*Many\* of \_them\_ \~\~here\~\~.
    ▌   [Open ↗ https://example.com/4?a=*b*`c`]
    ▌ -# 5 headlines
    -# next: <t:1794128400:f> (<t:1794128400:R>)
    ⟨Read…: Numbers # and **bold** and `code` and __under__ | A [more](http://evil.example) headline with a forged link | Ping @everyone @here <@1234> <#5678> <:smile:123> | ](https://evil.example) and [ | no list, -# not small, > not quoted⟩
    [Search]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_looks_like_the_roundup() {
    let stage = Stage::new().await;
    let news = follower(&stage).await;
    let ana = stage.server.manager("Ana");
    stage.news(
        "2026-11-06.txt",
        "# Japan\nTokyo counts its squid | There are many. | https://example.com/squid",
    );
    let asked = ana.gives(news, "/preview");
    let last = stage.server.wait_for("both messages", |world| {
        let messages = &world.interactions[&asked.id].messages;
        (messages.len() == 2).then_some(())
    });
    last.await;
    assert_snapshot!(asked.answer().await, @"
    (only you can see this)
    As of now, the next roundup would look like this:
    ———
    (only you can see this)
    **Roundup · Saturday 7 November**
    ▌ ### Japan
    ▌ **Tokyo counts its squid**
    ▌ -# There are many.
    ▌   [Open ↗ https://example.com/squid]
    ▌ -# 1 headline
    -# next: <t:1794128400:f> (<t:1794128400:R>)
    ");
    assert!(stage.server.messages(news).is_empty());
    // Where cards aren't taken, it is said otherwise.
    stage.server.inject(
        Fault::on_everything()
            .holding("\"type\":17")
            .always()
            .body(400, UNREADABLE),
    );
    let asked = ana.gives(news, "/preview");
    let last = stage.server.wait_for("both messages", |world| {
        let messages = &world.interactions[&asked.id].messages;
        (messages.len() == 2).then_some(())
    });
    last.await;
    let shown = asked.answer().await;
    assert!(
        shown.contains("┃ [Japan]") && !shown.contains('▌'),
        "{shown}"
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_posts_go_on_as_they_did() {
    let stage = Stage::new().await;
    let news = follower(&stage).await;
    let ana = stage.server.manager("Ana");
    let latest = ana.asks(news, "/latest section:japan").await;
    assert!(
        latest.contains("│ • **Squid counted together**"),
        "{latest}"
    );
    assert_snapshot!(ana.asks(news, "/settings name:style value:posters").await, @"
    (only you can see this)
    style can’t be “posters”. It can be: headlines, summaries, cards. Try: /settings style headlines
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_are_corrected_as_cards() {
    let stage = Stage::new().await;
    let news = follower(&stage).await;
    let page = |title: &str| {
        format!(
            "# Japan
            {title} | There are many. | https://example.com/squid
            Whales are next | They are fewer. | https://example.com/whales"
        )
    };
    roundup(&stage, news, &page("Tokyo counts its squit")).await;
    stage.news(
        "weekly-november-6-2026.txt",
        &page("Tokyo counts its squid"),
    );
    let said = |words: &'static str| {
        let look = move |world: &crate::fakes::discord::World| {
            let messages = &world.channels[&news].messages;
            let body = messages.last()?.body.to_string();
            body.contains(words).then_some(())
        };
        stage.server.wait_for(words, look)
    };
    stage.run(said("its squid")).await;
    stage.pass(jiff::SignedDuration::from_hours(2));
    let store = stage.app().store().blocking();
    store
        .write(|db| db.withdraw_item(tidings_core::ids::ItemId::new(7)))
        .unwrap();
    stage.app().wake.schedule();
    stage.run(said("~~Whales are next~~")).await;
    assert_eq!(stage.server.messages(news).len(), 1);
    assert_snapshot!(stage.server.wait_for_messages(news, 1).await, @"
    **Roundup · Saturday 7 November**
    ▌ ### Japan
    ▌ **Tokyo counts its squid**
    ▌ -# There are many.
    ▌   [Open ↗ https://example.com/squid]
    ▌ • ~~Whales are next~~
    ▌ -# 2 headlines
    -# next: <t:1794128400:f> (<t:1794128400:R>)
    -# Corrected 11:00
    ⟨Read…: Tokyo counts its squid⟩
    [Search]
    ");
    stage.over().await;
}

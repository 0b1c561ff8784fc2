//! What roundups look like, however long and odd the news is.

use insta::assert_snapshot;

use super::harness::Stage;
use crate::fakes::discord::{FakeDiscord, Message, markdown};
use crate::harness::row;

const NINE: &str = "2026-11-07T09:00[UTC]";

const NEWS: &str = "# US-NK Relations
    Envoy to visit Seoul next week | She will stay for two days. Nobody knows why. | READ MORE https://example.org/envoy?a=1&b=(2)
    Talks go on | They do.
    # Japan
    Tokyo counts its squid | There are many. | https://example.com/squid";

/// A channel that follows everything daily.
async fn follower(stage: &Stage, settings: &[(&str, &str)]) -> u64 {
    let discord = &stage.server;
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:all when:daily 09:00")
        .await;
    for (name, value) in settings {
        ana.asks(news, &format!("/settings name:{name} value:{value}"))
            .await;
    }
    news
}

/// The messages of the next roundup of a channel that gets news.
async fn roundup(stage: &Stage, channel: u64, news: &str) -> Vec<Message> {
    stage.news("weekly-november-6-2026.txt", news);
    stage.at(NINE);
    // The last line says when the next one comes.
    let discord: &FakeDiscord = &stage.server;
    discord
        .wait_for("the roundup's end", |world| {
            let messages = &world.channels[&channel].messages;
            let last = messages.last()?.body["content"].as_str()?;
            last.contains("next: <t:").then_some(())
        })
        .await;
    discord.messages(channel)
}

#[tokio::test(flavor = "multi_thread")]
async fn headlines_with_and_without_links() {
    let stage = Stage::new().await;
    let news = follower(&stage, &[]).await;
    assert_eq!(roundup(&stage, news, NEWS).await.len(), 1);
    assert_snapshot!(stage.server.wait_for_messages(news, 1).await, @"
    **Roundup · Saturday 7 November**
    3 headlines · next: <t:1794128400:f> (<t:1794128400:R>)
    ┃ [US–North Korea relations]
    ┃ • **[Envoy to visit Seoul next week](https://example.org/envoy?a=1&b=%282%29)**
    ┃ • **Talks go on**
    ┃ -# /read 7
    ┃ (2 headlines)
    ┃ [Japan]
    ┃ • **[Tokyo counts its squid](https://example.com/squid)**
    ┃ (1 headline)
    ⟨Read…: Envoy to visit Seoul next week | Talks go on | Tokyo counts its squid⟩
    [Read summaries] [Search]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn summaries_by_their_first_sentence_and_without_a_sound() {
    let stage = Stage::new().await;
    let news = follower(&stage, &[("style", "summaries"), ("silent", "on")]).await;
    roundup(&stage, news, NEWS).await;
    assert_snapshot!(stage.server.wait_for_messages(news, 1).await, @"
    (silent)
    **Roundup · Saturday 7 November**
    3 headlines · next: <t:1794128400:f> (<t:1794128400:R>)
    ┃ [US–North Korea relations]
    ┃ • **[Envoy to visit Seoul next week](https://example.org/envoy?a=1&b=%282%29)**
    ┃ -# She will stay for two days.
    ┃ -# /read 6
    ┃ • **Talks go on**
    ┃ -# They do.
    ┃ -# /read 7
    ┃ (2 headlines)
    ┃ [Japan]
    ┃ • **[Tokyo counts its squid](https://example.com/squid)**
    ┃ -# There are many.
    ┃ (1 headline)
    ⟨Read…: Envoy to visit Seoul next week | Talks go on | Tokyo counts its squid⟩
    [Search]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn source_text_is_data() {
    let stage = Stage::new().await;
    let news = follower(&stage, &[("style", "summaries")]).await;
    let hostile = "# US-NK Relations
        @everyone **bold** <@&123456789012345678> [here](http://evil.example) | `code` ||hidden|| https://evil.example # no heading
        1. Not a list & no <b>tag</b> \\ | > no quotation
        # [A](http://evil.example) heading
        Title of an odd heading | Text.";
    roundup(&stage, news, hostile).await;
    assert_snapshot!(stage.server.wait_for_messages(news, 1).await, @r"
    **Roundup · Saturday 7 November**
    4 headlines · next: <t:1794128400:f> (<t:1794128400:R>)
    ┃ [US–North Korea relations]
    ┃ • **\@everyone \*\*bold\*\* \<\@&123456789012345678\> \[here\](http\://evil.example)**
    ┃ -# \`code\`
    ┃ -# /read 6
    ┃ (1 headline)
    ┃ [hidden]
    ┃ • **https\://evil.example # no heading**
    ┃ -# /read 7
    ┃ • **Not a list & no \<b\>tag\</b\> \\**
    ┃ -# \> no quotation
    ┃ -# /read 8
    ┃ (2 headlines)
    ┃ [\[A\](http\://evil.example) heading]
    ┃ • **Title of an odd heading**
    ┃ -# Text.
    ┃ -# /read 9
    ┃ (1 headline)
    ⟨Read…: @everyone **bold** <@&123456789012345678> [here](http://evil.example) | https://evil.example # no heading | Not a list & no <b>tag</b> \ | Title of an odd heading⟩
    [Search]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_roundup_is_split_between_items() {
    let stage = Stage::new().await;
    let news = follower(&stage, &[("style", "summaries"), ("cap", "100")]).await;
    let long = "막대한 제재 완화 협상 ".repeat(40);
    let items: Vec<String> = (1..=60)
        .map(|n| {
            format!(
                "Item {n} of a long day {} | {long}. Another sentence.",
                "x".repeat(100)
            )
        })
        .collect();
    let page = format!(
        "# US-NK Relations\n{}\n# Japan\nSquid | Many.",
        items.join("\n")
    );
    let messages = roundup(&stage, news, &page).await;
    assert!(messages.len() > 2, "{}", messages.len());
    let mut seen = Vec::new();
    for message in &messages {
        for embed in message.body["embeds"].as_array().unwrap() {
            let text = embed["description"].as_str().unwrap();
            assert!(text.starts_with("• "), "{text}");
            let numbers = text.lines().filter_map(|line| {
                let rest = line.strip_prefix("• **Item ")?;
                rest.split(' ').next()?.parse::<u32>().ok()
            });
            seen.extend(numbers);
        }
    }
    assert_eq!(seen, (1..=60).collect::<Vec<_>>());
    let contents = messages
        .iter()
        .map(|m| m.body["content"].as_str().unwrap_or_default());
    let titled = contents
        .filter(|content| content.contains("Roundup ·"))
        .count();
    assert_eq!(titled, 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn giant_titles_and_links_fit() {
    let stage = Stage::new().await;
    let news = follower(&stage, &[("style", "summaries")]).await;
    let page = format!(
        "# US-NK Relations\n{} | {} | https://example.org/{}\n👩‍👩‍👧‍👦{} | Family.",
        "*long_title* ".repeat(300),
        "_summary_ ".repeat(900),
        "a".repeat(3_000),
        "👩‍👩‍👧‍👦".repeat(400),
    );
    let messages = roundup(&stage, news, &page).await;
    assert!(!messages.is_empty());
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_message_is_left_with_hardly_anything_in_it() {
    let stage = Stage::new().await;
    let news = follower(&stage, &[("style", "summaries")]).await;
    let mut page = String::new();
    for section in 0..14 {
        page.push_str(&format!(
            "# {} {section:02}\n",
            "A section with quite a name".repeat(2)
        ));
        for item in 0..2 {
            let title = "Words of a headline that is long ".repeat(8);
            page.push_str(&format!(
                "{title} {section:02}-{item} | It has a summary of a few words.\n"
            ));
        }
    }
    let messages = roundup(&stage, news, &page).await;
    let sizes: Vec<usize> = messages.iter().map(|m| m.body.to_string().len()).collect();
    assert!(
        sizes[..sizes.len() - 1].iter().all(|size| *size > 3_000),
        "{sizes:?}"
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn titles_of_links_read_as_they_are() {
    let stage = Stage::new().await;
    let news = follower(&stage, &[]).await;
    let titles = [
        "[속보] 북미, 판문점에서 다시 만난다",
        "[단독][종합] 회담은 이어진다",
        "Squid [sic] counted * twice * and _again_ in snake_case_names",
        "Unbalanced ] brackets [ and [[nested [deeply]]] ones",
        "A [more](http://evil.example) headline with a forged link",
        "Code `rm -rf` and ~~struck~~ and **bold** and __under__ and a~b~c",
        "C:\\\\path\\\\to and a last backslash \\\\",
        "Ping @everyone @here <@1234> <#5678> <:smile:123> <t:1:R> :smile:",
        "See https://evil.example/ and http://evil.example now",
        "2 * 3 * 4 = 24, a_b, _x_, 5 < 6 > 4",
        "「괄호」와 【인용】, “따옴표”와 [대괄호 하나",
        "한글_이름_하나와 _강조_ 그리고 **굵게**[1]",
        "[[위키]] 문서: 《책》 [새 창](https://evil.example) 끝",
        "日本語の_下線_と*星*とバッククォート`",
        "Ends in an escape \\\\[",
        "](https://evil.example) and [",
        "Emoji :thumbsup_tone1: <a:wave:1> <id:customize> </help:1> </>",
        "Marks alone [sic] ~~~ ___ *** ```",
        "-# not small, # not large, > not quoted",
    ];
    let mut page = "# Japan\n".to_owned();
    for (at, title) in titles.iter().enumerate() {
        page.push_str(&format!(
            "{title} | Text. | https://example.com/{at}?a=*b*`c`\n"
        ));
    }
    let messages = roundup(&stage, news, &page).await;
    let shown = markdown::read(
        messages[0].body["embeds"][0]["description"]
            .as_str()
            .unwrap(),
    );
    assert_eq!(shown.links.len(), titles.len(), "{shown:#?}");
    for (at, title) in titles.iter().enumerate() {
        let found = shown
            .links
            .iter()
            .find(|(_, address)| address.starts_with(&format!("https://example.com/{at}?")));
        let (label, _) = found.unwrap_or_else(|| panic!("{title}: {shown:#?}"));
        assert_eq!(markdown::as_read(label), *title);
    }
    // Bold headlines are all that acts.
    assert!(shown.acts.iter().all(|act| act == "**"), "{:?}", shown.acts);
    assert_eq!(shown.acts.len(), titles.len());
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_is_deleted_is_mentioned_no_more() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let news = discord.text(guild, "news");
    let ana = discord.manager("Ana");
    let role = discord.role(guild, "readers");
    ana.asks(news, "/subscribe section:japan when:instant")
        .await;
    ana.asks(news, &format!("/settings name:role value:<@&{role}>"))
        .await;
    discord.with(|world| world.guilds.get_mut(&guild).unwrap().roles.remove(&role));
    let gone = serde_json::json!({ "guild_id": guild.to_string(), "role_id": role.to_string() });
    discord.emit(Some(guild), "GUILD_ROLE_DELETE", gone);
    let key = tidings_core::ids::ChannelKey::new("discord", &news.to_string()).unwrap();
    let forgotten = || {
        let row = row(stage.app(), &key).unwrap();
        row.settings.role.is_none().then_some(())
    };
    stage.seen("no role", forgotten).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_and_titles_at_their_limits_fit_into_five_messages() {
    let stage = Stage::new().await;
    let news = follower(&stage, &[("style", "summaries")]).await;
    let mut page = "# Japan\n".to_owned();
    for n in 10..35 {
        let start = format!("https://example.com/{n}?");
        // At the longest address that is a link, one more, marks that take three letters each, and another script.
        let rest = match n % 4 {
            0 => "x".repeat(1_000 - start.len()),
            1 => "x".repeat(1_001 - start.len()),
            2 => "(*)".repeat(100),
            _ => "뉴스".repeat(150),
        };
        let marks = "[_a_] *b* <@c> ".repeat(24);
        page.push_str(&format!(
            "Squid {n} {marks}counted | {marks}. | {start}{rest}\n"
        ));
    }
    let messages = roundup(&stage, news, &page).await;
    assert!(messages.len() <= 5, "{} messages", messages.len());
    let whole: String = messages
        .iter()
        .map(|message| message.body.to_string())
        .collect();
    for n in 10..35 {
        assert!(whole.contains(&format!("Squid {n} ")), "{n}");
        assert_eq!(
            whole.contains(&format!("example.com/{n}?")),
            n % 4 != 1,
            "{n}"
        );
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_can_be_chosen_no_more() {
    let stage = Stage::new().await;
    let news = follower(&stage, &[]).await;
    roundup(&stage, news, NEWS).await;
    let withdraw = async |items: std::ops::RangeInclusive<i64>, last: &'static str| {
        // An earlier correction has had its hour, and all are taken back at once.
        stage.pass(jiff::SignedDuration::from_hours(2));
        let store = stage.app().store().blocking();
        let mut items = items.map(tidings_core::ids::ItemId::new);
        let withdrawn =
            store.write(|db| items.try_for_each(|item| db.withdraw_item(item).map(|_| ())));
        withdrawn.unwrap();
        stage.app().wake.schedule();
        let struck = stage.server.wait_for(last, |world| {
            let shown = world.channels[&news].messages[0].body.to_string();
            shown.contains(last).then_some(())
        });
        stage.run(struck).await;
        stage.server.messages(news).remove(0)
    };
    let edited = withdraw(7..=7, "~~Talks go on~~").await;
    let ben = stage.server.reader("Ben");
    let told = ben.presses(news, &edited, "Read summaries").answer().await;
    assert!(told.contains("Envoy") && !told.contains("Talks"), "{told}");
    assert_snapshot!(under(&edited), @"
    Envoy to visit Seoul next week | Tokyo counts its squid
    Read summaries
    Search
    ");
    let edited = withdraw(6..=8, "~~Tokyo counts its squid~~").await;
    assert_snapshot!(under(&edited), @"Search");
    stage.over().await;
}

/// What hangs under a message, without its data.
fn under(message: &Message) -> String {
    let rows = message.body["components"].as_array().into_iter().flatten();
    let all = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
    let label = |of: &serde_json::Value| of["label"].as_str().unwrap_or_default().to_owned();
    let shown = all.map(|component| match component["options"].as_array() {
        Some(options) => options.iter().map(label).collect::<Vec<_>>().join(" | "),
        None => label(component),
    });
    shown.collect::<Vec<_>>().join("\n")
}

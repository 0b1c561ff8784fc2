//! What roundups look like, however long and odd the news is.

use insta::assert_snapshot;

use super::harness::Stage;
use crate::fakes::discord::{FakeDiscord, Message};

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
    ┃ • **Talks go on**
    ┃ -# They do.
    ┃ -# /read 7
    ┃ (2 headlines)
    ┃ [Japan]
    ┃ • **[Tokyo counts its squid](https://example.com/squid)**
    ┃ -# There are many.
    ┃ (1 headline)
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

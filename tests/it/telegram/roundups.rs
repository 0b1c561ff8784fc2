//! What roundups look like, however long and odd the news is.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::harness::Stage;
use crate::fakes::telegram::{Chat, Fault, Message, Person, World};

const NINE: &str = "2026-11-07T09:00[UTC]";

const NEWS: &str = "# US-NK Relations
    Envoy to visit Seoul next week | She will stay for two days. | Nobody knows why. | READ MORE https://example.org/envoy?a=1&b=2
    Talks go on | They do.
    # Japan
    Tokyo counts its squid | There are many. | https://example.com/squid";

/// Somebody who follows everything daily, in a private chat.
pub(super) async fn follower(stage: &Stage, settings: &[&str]) -> Person {
    let ana = stage.server.person("Ana").known();
    ana.asks("/subscribe all daily 09:00").await;
    for setting in settings {
        ana.asks(&format!("/settings {setting}")).await;
    }
    ana
}

/// The messages of the next roundup of a private chat that gets news.
pub(super) async fn roundup(stage: &Stage, ana: &Person, news: &str) -> Vec<Message> {
    let before = ana.chat().sent();
    stage.news("weekly-november-6-2026.txt", news);
    at_nine(stage, ana, before).await
}

/// The messages of the next roundup of a private chat that had so many.
async fn at_nine(stage: &Stage, ana: &Person, before: usize) -> Vec<Message> {
    stage.at(NINE);
    // The last line says when the next one comes.
    let end = |world: &World| {
        let mut messages = world.chat(ana.chat().id()).bots_messages().skip(before);
        messages
            .find(|message| message.text.contains("· next: Sun 8 Nov"))
            .map(|_| ())
    };
    stage.server.wait_for("the roundup's end", end).await;
    let roundup = ana.chat().messages().split_off(before);
    for message in &roundup {
        let units = message.text.encode_utf16().count();
        assert!((1..=4096).contains(&units), "{units}");
        assert!(message.entities.len() <= 100);
        let last = message.text.lines().last().unwrap_or_default();
        let is_heading = ["Roundup", "Japan", "US–North Korea", "Inter-Korean"]
            .iter()
            .any(|heading| last.starts_with(heading));
        assert!(!is_heading, "a heading ends a message: {last}");
    }
    roundup
}

/// A message as it is marked up, below everything that was said before.
pub(super) fn shown(chat: &Chat, marker: &str) -> String {
    let transcript = chat.transcript().replace('\u{2060}', "¦");
    let at = transcript
        .find(marker)
        .unwrap_or_else(|| panic!("{transcript}"));
    let rest = &transcript[at..];
    let end = rest.find("\n── ").unwrap_or(rest.len());
    rest[..end].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn headlines_with_and_without_links() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &[]).await;
    let roundup = roundup(&stage, &ana, NEWS).await;
    assert_eq!(roundup.len(), 1);
    assert_snapshot!(shown(&ana.chat(), "**Roundup"), @"
    **Roundup · Saturday 7 November**

    **US–North Korea relations**
    • **[Envoy to visit Seoul next week](https://example.org/envoy?a=1&b=2)**
    • **Talks go on**  /read_7

    **Japan**
    • **[Tokyo counts its squid](https://example.com/squid)**

    3 headlines · next: Sun 8 Nov 09:00 UTC
    [ Read ] [ Search ]
    ");
    assert!(!roundup[0].disable_notification);
    let off = json!({ "is_disabled": true });
    assert_eq!(roundup[0].link_preview_options, Some(off));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn summaries_silent_and_with_previews() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &["style summaries", "silent on", "previews on"]).await;
    let roundup = roundup(&stage, &ana, NEWS).await;
    assert_snapshot!(shown(&ana.chat(), "**Roundup"), @"
    **Roundup · Saturday 7 November**

    **US–North Korea relations**
    • **[Envoy to visit Seoul next week](https://example.org/envoy?a=1&b=2)**
    >> She will stay for two days.
    >> 
    >> Nobody knows why.
    • **Talks go on**  /read_7
    >> They do.

    **Japan**
    • **[Tokyo counts its squid](https://example.com/squid)**
    >> There are many.

    3 headlines · next: Sun 8 Nov 09:00 UTC
    [ Search ]
    ");
    let quotes = roundup[0].entities.iter();
    let quotes = quotes.filter(|entity| entity.kind == "expandable_blockquote");
    assert_eq!(quotes.count(), 3);
    assert!(roundup[0].disable_notification);
    let options = roundup[0].link_preview_options.clone().unwrap_or_default();
    assert_ne!(options["is_disabled"], true);
    // Answers are heard.
    let answer = ana.asks("/sections").await;
    assert!(!answer.disable_notification);
    stage.over().await;
}

/// The previews of the messages of a roundup that brings a document.
async fn previews(stage: &Stage, ana: &Person, document: &str) -> Vec<Value> {
    let before = ana.chat().sent();
    stage.put("weekly-november-6-2026.md", document);
    stage.load();
    let roundup = at_nine(stage, ana, before).await;
    let options = roundup
        .into_iter()
        .map(|message| message.link_preview_options);
    options.map(Option::unwrap_or_default).collect()
}

fn small(url: &str) -> Value {
    json!({ "url": url, "prefer_small_media": true })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_of_the_first_headlines_link_or_picture() {
    const NOTHING: &str = "### Talks go on\n\nThey do.\n\n";
    const PICTURE: &str = "### Envoys meet\n\n![](https://cdn.example/envoys.jpg)\n\nThey met.\n\n";
    const LINK: &str = "### [Squid is counted](https://news.example/squid)\n\n![](https://cdn.example/squid.jpg)\n\nThere are many.\n\n";
    let cases: [(&[&str], Value); 4] = [
        (
            &[NOTHING, PICTURE, LINK],
            small("https://cdn.example/envoys.jpg"),
        ),
        (
            &[NOTHING, LINK, PICTURE],
            small("https://news.example/squid"),
        ),
        (&[PICTURE], small("https://cdn.example/envoys.jpg")),
        (&[NOTHING], json!({})),
    ];
    for (items, expected) in cases {
        let stage = Stage::new().await;
        let ana = follower(&stage, &["previews on"]).await;
        let document = format!("# Weekly\n\n## Japan\n\n{}", items.concat());
        assert_eq!(previews(&stage, &ana, &document).await, [expected]);
        stage.over().await;
    }
    // Whoever wants none has none, pictures or not.
    let stage = Stage::new().await;
    let ana = follower(&stage, &["previews off"]).await;
    let document = format!("# Weekly\n\n## Japan\n\n{PICTURE}{LINK}");
    let off = json!({ "is_disabled": true });
    assert_eq!(previews(&stage, &ana, &document).await, [off]);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_message_of_a_roundup_has_a_preview_of_its_own() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &["style summaries", "previews on"]).await;
    let summary = "They met again, and talked about the weather. ".repeat(60);
    let item = |n: usize| {
        let link = if n == 2 { "" } else { "(https://news.example/" };
        let title = match link {
            "" => format!("Envoys meet for day {n}"),
            _ => format!("[Envoys meet for day {n}]{link}{n})"),
        };
        format!("### {title}\n\n![](https://cdn.example/{n}.jpg)\n\n{summary}\n\n")
    };
    let items: String = (1..=3).map(item).collect();
    let document = format!("# Weekly\n\n## Japan\n\n{items}");
    let expected = [
        small("https://news.example/1"),
        small("https://cdn.example/2.jpg"),
        small("https://news.example/3"),
    ];
    assert_eq!(previews(&stage, &ana, &document).await, expected);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roundup_whose_preview_is_refused_goes_without_it() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &["previews on"]).await;
    let refused = Fault::on("sendMessage")
        .holding("https://cdn.example/envoys.jpg")
        .answer(400, "Bad Request: WEBPAGE_URL_INVALID")
        .always();
    let refused = stage.server.inject(refused);
    let document = "# Weekly\n\n## Japan\n\n### Envoys meet\n\n![](https://cdn.example/envoys.jpg)\n\nThey met.\n";
    assert_eq!(previews(&stage, &ana, document).await, [json!({})]);
    assert_eq!(refused.hits(), 1);
    // As it was meant otherwise.
    assert_snapshot!(shown(&ana.chat(), "**Roundup"), @"
    **Roundup · Saturday 7 November**

    **Japan**
    • **Envoys meet**  /read_6

    1 headline · next: Sun 8 Nov 09:00 UTC
    [ Read ] [ Search ]
    ");
    stage.server.heal();
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_beyond_the_cap_is_counted() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &["cap 2"]).await;
    let news = "# US-NK Relations
        One | A.
        Two | B.
        Three | C.
        # Japan
        Four | D.";
    roundup(&stage, &ana, news).await;
    assert_snapshot!(shown(&ana.chat(), "**Roundup"), @"
    **Roundup · Saturday 7 November**

    **US–North Korea relations**
    • **One**  /read_6
    • **Two**  /read_7
    1 more: /latest us-nk

    **Japan**
    1 more: /latest japan

    4 headlines · next: Sun 8 Nov 09:00 UTC
    [ Read ] [ Search ]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_roundup_isnt_posted() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &[]).await;
    stage.at(NINE);
    ana.asks("/sections").await;
    assert_eq!(ana.chat().sent(), 2);
    stage.news("weekly-november-7-2026.txt", NEWS);
    stage.at("2026-11-08T09:00[UTC]");
    let messages = ana.chat().wait_for_messages(3).await;
    assert!(messages[2].text.starts_with("Roundup · Sunday 8 November"));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_previews_and_posts_at_once() {
    let stage = Stage::new().await;
    let ana = follower(&stage, &[]).await;
    ana.asks("/roundup").await;
    ana.asks("/preview").await;
    stage.news("weekly-november-6-2026.txt", NEWS);
    ana.asks("/preview").await;
    let previews = ana.chat().transcript();
    let from = previews.find("/roundup").unwrap_or_default();
    assert_snapshot!(&previews[from..], @r"
        /roundup
        ── Tidings
        Nothing new has come in since you subscribed.
        ── Ana
        /preview
        ── Tidings
        Nothing new has come in since you subscribed.
        With the newest items it would look like this:

        **Roundup · Saturday 7 November**

        **US–North Korea relations**
        • **Liaison office gets a door plate**  /read_2
        • **Envoys meet in Geneva for a second day**  /read_3

        **Inter-Korean relations**
        • **Kaesong gate gets new hinges**  /read_1

        3 headlines · next: Sun 8 Nov 09:00 UTC
        ── Ana
        /preview
        ── Tidings
        As of now, the next roundup would look like this:

        **Roundup · Saturday 7 November**

        **US–North Korea relations**
        • **[Envoy to visit Seoul next week](https://example.org/envoy?a=1&b=2)**
        • **Talks go on**  /read_7

        **Japan**
        • **[Tokyo counts its squid](https://example.com/squid)**

        3 headlines · next: Sun 8 Nov 09:00 UTC
    ");
    let sent = ana.chat().sent();
    ana.says("/roundup");
    // The answer and the roundup may come in either order.
    let both = ana.chat().wait_for_messages(sent + 2).await.split_off(sent);
    let has = |words: &str| both.iter().any(|message| message.text.starts_with(words));
    assert!(has("The roundup is on its way.") && has("Roundup · Friday 6 November"));
    let again = ana.asks("/roundup").await.text;
    assert_eq!(
        again,
        "Nothing new has come in since the roundup of Fri 6 Nov 12:00."
    );
    stage.at(NINE);
    ana.asks("/sections").await;
    assert_eq!(ana.chat().sent(), sent + 4, "{}", ana.chat().transcript());
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn instant_news_comes_as_it_is_loaded() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/subscribe japan instant").await;
    stage.news("weekly-november-6-2026.txt", NEWS);
    ana.chat().wait_for_messages(2).await;
    stage.news(
        "weekly-november-7-2026.txt",
        "# Japan
         Tokyo has counted its squid | There are fewer.",
    );
    ana.chat().wait_for_messages(3).await;
    stage.at(NINE);
    ana.asks("/sections").await;
    assert_eq!(ana.chat().sent(), 4);
    assert_snapshot!(ana.chat().transcript(), @"
    ── Ana
    /subscribe japan instant
    ── Tidings
    You now follow **Japan**, instant: each new headline as soon as it is loaded.

    /latest japan shows what is there already · /subscriptions lists all
    ── Tidings
    **Japan**
    • **[Tokyo counts its squid](https://example.com/squid)**
    [ Read ] [ Search ]
    ── Tidings
    **Japan**
    • **Tokyo has counted its squid**  /read_9
    [ Read ] [ Search ]
    ── Ana
    /sections
    ── Tidings
    **4 sections** · 9 items

    **us-nk** — US–North Korea relations · 5 items · 6 Nov 2026
    **inter-korean** — Inter-Korean relations · 1 item · 4 Nov 2026
    **japan** — Japan · 3 items · 7 Nov 2026
    **more** — Other news · empty

    /latest us-nk shows one · /subscribe us-nk daily 09:00 follows it
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_ahead_for_a_moment_parks_no_roundup() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/subscribe japan daily 13:00").await;
    let next = || {
        let due = stage
            .app()
            .store()
            .blocking()
            .read(|db| db.next_due("telegram"))
            .unwrap();
        due.map(|due| due.to_string()).unwrap_or_default()
    };
    stage.at("2036-03-01T12:00[UTC]");
    let parked = || next().starts_with("2036").then_some(());
    stage.seen("a slot in 2036", parked).await;
    stage.at("2026-11-06T12:02[UTC]");
    let right = || (next() == "2026-11-06T13:00:00Z").then_some(());
    stage.seen("the right slot", right).await;
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    stage.at("2026-11-06T13:00[UTC]");
    super::clockwork::message_with(&ana.chat(), "Squid again").await;
    stage.over().await;
}

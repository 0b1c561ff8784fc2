//! Readers in the archive.

use fantoccini::key::Key;

use super::Site;
use super::driver::Browser;
use super::soon;
use crate::fakes::telegram::FakeTelegram;
use crate::harness::{CONFIG, page};

/// An archive of some pages, in two languages, with what is hostile.
async fn archive() -> Site {
    let mut documents = vec![
        (
            "2026-11-05.txt".to_owned(),
            page(
                "# US-NK Relations
                 Envoys meet in Geneva for a second day | The envoys agreed to a third. | A “second room” is planned. Read more https://news.example/geneva
                 # Between the Koreas
                 남북관계 회복을 위한 실무 회의가 개성에서 하루 더 열리기로 했다 | 회의는 개성 공단에서 열렸다. 다음 회의는 서울에서 열린다.
                 # Japan
                 <script>alert(1)</script> Squid & \"whales\" counted | <img src=x onerror=alert(2)> There are 41.",
            ),
        ),
        (
            "2026-11-04.txt".to_owned(),
            page(&format!("# Japan\n{} | {}", "Longword".repeat(30), "A summary. ".repeat(60))),
        ),
    ];
    for day in 1..=3 {
        let rows = (0..25).map(|at| {
            format!("Ferry {at} of day {day} sails again | It is blue and has {at} decks.\n")
        });
        let rows: String = rows.collect();
        documents.push((
            format!("2026-10-{day:02}.txt"),
            page(&format!("# Japan\n{rows}")),
        ));
    }
    let documents: Vec<(&str, String)> = documents
        .iter()
        .map(|(name, text)| (name.as_str(), text.clone()))
        .collect();
    Site::start(&format!("{CONFIG}[web]\narchive = true\n"), &documents, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_readable_on_every_screen() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let site = archive().await;
    for path in [
        "/",
        "/s/japan",
        "/s/inter-korean",
        "/i/1",
        "/i/2",
        "/i/3",
        "/i/4",
        "/d/2026-11-05",
        "/d/2026-11-01",
        "/search",
        "/search?q=ferry",
        "/search?q=nothing",
        "/nowhere",
    ] {
        browser.looks_through(&format!("{}{path}", site.url)).await;
    }
    browser.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_reads_searches_and_turns_pages() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let site = archive().await;
    browser.is_wide(360).await;
    browser.goes_to(&site.url).await;
    browser
        .presses("Envoys meet in Geneva for a second day")
        .await;
    let said = browser.says().await;
    assert!(said.contains("The envoys agreed to a third."), "{said}");
    let link = browser.find("h1 a").await.attr("href").await.unwrap();
    assert_eq!(link.as_deref(), Some("https://news.example/geneva"));
    browser.presses("Japan").await;
    assert_eq!(browser.path().await, "/s/japan");
    let first = browser.count("article, .row").await;
    let older = browser.find(".older a").await;
    browser.follows(&older).await;
    assert!(browser.path().await.starts_with("/s/japan?after="));
    assert!(browser.count("article, .row").await > 0 && first > 0);
    let field = browser.find("header input").await;
    field.send_keys("squid whales").await.unwrap();
    browser.presses("Search").await;
    let said = browser.says().await;
    // What a title says is text, and nothing of it ran.
    assert!(
        said.contains("<script>alert(1)</script> Squid & \"whales\" counted"),
        "{said}"
    );
    assert_eq!(browser.runs("return document.scripts.length").await, 0);
    let feed = browser
        .find("link[rel=alternate]")
        .await
        .attr("href")
        .await
        .unwrap();
    assert!(feed.unwrap_or_default().starts_with("/search/feed.atom?q="));
    browser.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_is_followed_where_it_is_read() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let telegram = FakeTelegram::start();
    let environment = [
        ("TELEGRAM_TOKEN", telegram.token().to_owned()),
        ("TIDINGS_TELEGRAM__API_URL", telegram.api_url()),
    ];
    let document = page("# Japan\nSquid counted | There are 41.");
    let config = format!("{CONFIG}[web]\narchive = true\n");
    let site = Site::start(&config, &[("2026-11-05.txt", document)], &environment).await;
    // Once the bot has answered somebody it knows what it is called.
    let ana = telegram.person("Ana");
    ana.starts();
    let said = || ana.chat().texts().concat();
    soon("a greeting", || said().contains("Hello")).await;
    browser.is_wide(360).await;
    browser.goes_to(&site.url).await;
    browser.presses("Squid counted").await;
    let link = browser.find(".follow a[href^=\"https://t.me/\"]").await;
    assert_eq!(link.text().await.unwrap(), "Telegram");
    let href = link.attr("href").await.unwrap().unwrap();
    let (_, word) = href.split_once("?start=").unwrap();
    // What Telegram's own program sends for whoever presses the link and then its button.
    ana.says(&format!("/start {word}"));
    soon("a subscription", || said().contains("now follow")).await;
    assert!(said().contains("Japan"), "{}", said());
    // And by feed: what the link leads to is one, of this section.
    let feed = browser.find(".follow a[href$=\"feed.atom\"]").await;
    let feed = feed.attr("href").await.unwrap().unwrap();
    let feed = reqwest::get(format!("{}{feed}", site.url)).await.unwrap();
    let feed = feed_rs::parser::parse(&*feed.bytes().await.unwrap()).unwrap();
    assert!(feed.id.ends_with(":section:japan"), "{}", feed.id);
    browser.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_is_enough() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let site = archive().await;
    browser.is_wide(1280).await;
    browser.goes_to(&site.url).await;
    // What is first skips to the news.
    assert!(browser.tabs().await.contains("Skip"));
    // That stays on the page.
    browser.types(&String::from(char::from(Key::Enter))).await;
    let next = browser.tabs().await;
    assert!(
        next.contains("5 November 2026"),
        "behind the sections: {next}"
    );
    let next = browser.tabs().await;
    browser.enters("").await;
    assert!(browser.path().await.starts_with("/i/"), "{next}");
    // The field for a search is reached and used without a mouse.
    browser.goes_to(&site.url).await;
    let mut at = browser.tabs().await;
    for _ in 0..5 {
        if at == "q" {
            break;
        }
        at = browser.tabs().await;
    }
    browser.enters("ferry").await;
    assert_eq!(browser.path().await, "/search?q=ferry");
    browser.closes().await;
}

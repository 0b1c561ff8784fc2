//! How requests are answered: statuses, headers, conditions.

use insta::assert_snapshot;
use reqwest::Method;

use super::{Served, config, number, read, small};
use crate::harness::{Chat, page};

#[tokio::test(flavor = "multi_thread")]
async fn what_names_nothing_and_what_is_gone() {
    let mut chat = small();
    let served = Served::of(&chat).await;
    for path in [
        "/i/x",
        "/i/0",
        "/i/007",
        "/i/99999",
        "/d/2026-13-45",
        "/d/today",
        "/s/nowhere",
        "/s/us-nk/",
        "/nothing",
        "/feed",
        "/search/feed.atom",
        "/?after=99999",
        "/?after=x",
        "/s/nowhere/feed.json",
        "/style-0.css",
        "/dashboard",
        "/sitemap-1999-01.xml",
    ] {
        let missing = served.get(path).await;
        assert_eq!(missing.status, 404, "{path}");
        assert!(
            missing.text.contains("There is nothing at this address."),
            "{path}"
        );
    }
    for method in [
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
        Method::PATCH,
    ] {
        let refused = served
            .asks(method.clone(), "/")
            .body("x")
            .send()
            .await
            .unwrap();
        let refused = read(refused).await;
        assert_eq!(
            (refused.status, refused.header("allow")),
            (405, "GET, HEAD"),
            "{method}"
        );
    }
    let door = number(&chat, "Door plate made");
    chat.remove(door);
    let gone = served.get(&format!("/i/{door}")).await;
    assert_eq!(gone.status, 410);
    assert_snapshot!(gone.said(), @"This was withdrawn.");
    assert!(!gone.text.contains("brass"), "{}", gone.text);
    assert!(!served.get("/").await.text.contains("Door plate"));
    assert!(!served.get("/feed.atom").await.text.contains("Door plate"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sections_that_are_hidden_or_merged() {
    let mut chat = Chat::with(&config(""));
    chat.drop_file(
        "2026-11-05.txt",
        page("# Sports News\nSquid wins | Again.\n# Weather\nIt rains | Much.\n# Rain Desk\nIt pours | More."),
    );
    chat.load();
    let served = Served::of(&chat).await;
    let squid = number(&chat, "Squid wins");
    let rain = number(&chat, "It rains");
    assert_eq!(served.status("/s/sports-news").await, 200);
    chat.hide("sports-news");
    for path in [
        "/s/sports-news",
        "/s/sports-news/feed.atom",
        &format!("/i/{squid}"),
    ] {
        assert_eq!(served.status(path).await, 410, "{path}");
    }
    let deed = chat.merge("weather", "rain-desk").unwrap();
    let second = chat.merge("rain-desk", "japan").unwrap();
    for (from, to) in [
        ("/s/weather", "/s/japan"),
        ("/s/weather/feed.atom", "/s/japan/feed.atom"),
        ("/s/weather/feed.json", "/s/japan/feed.json"),
        ("/s/rain-desk", "/s/japan"),
    ] {
        let moved = served.get(from).await;
        assert_eq!(
            (moved.status, moved.header("location")),
            (308, &*format!("{}{to}", super::URL))
        );
    }
    assert!(
        served
            .get(&format!("/i/{rain}"))
            .await
            .text
            .contains("Japan")
    );
    assert!(served.get("/s/japan").await.text.contains("It rains"));
    let sitemap = served.get("/").await;
    assert!(!sitemap.links().contains(&"/s/weather"));
    // What is undone is there again.
    chat.undo(second).unwrap();
    let moved = served.get("/s/weather").await;
    assert_eq!(
        moved.header("location"),
        format!("{}/s/rain-desk", super::URL)
    );
    chat.undo(deed).unwrap();
    assert!(served.get("/s/weather").await.text.contains("It rains"));
    assert_eq!(served.status("/s/weather/feed.atom").await, 200);
    assert!(!served.get("/s/japan").await.text.contains("It rains"));
    // What one is part of may be hidden.
    chat.merge("weather", "rain-desk").unwrap();
    chat.hide("rain-desk");
    assert_eq!(served.status("/s/weather").await, 308);
    for path in ["/s/rain-desk", &format!("/i/{rain}")] {
        assert_eq!(served.status(path).await, 410, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_that_is_configured_by_now_leads_there() {
    let mut chat = Chat::with(&config(""));
    chat.drop_file("2026-11-05.txt", page("# Sports News\nSquid wins | Again."));
    chat.load();
    chat.configure(&config("").replace("match = [\"Tokyo\"]", "headings = [\"Sports News\"]"));
    let served = Served::of(&chat).await;
    let moved = served.get("/s/sports-news").await;
    assert_eq!(
        (moved.status, moved.header("location")),
        (308, "https://news.example.org/s/japan")
    );
    assert!(served.get("/s/japan").await.text.contains("Squid wins"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_that_left_the_file_stays_as_long_as_it_has_items() {
    let mut chat = small();
    let without = |slug: &str| {
        let config = config("");
        let (before, rest) = config
            .split_once(&format!("[[section]]\nslug = \"{slug}\""))
            .unwrap();
        let (_, behind) = rest.split_once("\n\n").unwrap();
        format!("{before}{behind}")
    };
    chat.configure(&without("japan"));
    let served = Served::of(&chat).await;
    assert_eq!(served.status("/s/japan").await, 200);
    assert!(served.get("/").await.links().contains(&"/s/japan"));
    chat.remove(number(&chat, "Squid counted"));
    for path in ["/s/japan", "/s/japan/feed.atom"] {
        assert_eq!(served.status(path).await, 404, "{path}");
    }
    for path in ["/", "/sitemap.xml"] {
        let page = served.get(path).await;
        assert!(!page.text.contains("/s/japan"), "{path}");
        assert!(page.text.contains("/s/us-nk"), "{path}");
    }
    // One that is configured is there before it has any.
    assert_eq!(served.status("/s/more").await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_are_told_to_trust_nothing_else() {
    let chat = small();
    let served = Served::of(&chat).await;
    for path in [
        "/",
        "/i/1",
        "/s/japan",
        "/search?q=x",
        "/feed.atom",
        "/feed.json",
        "/sitemap.xml",
        "/robots.txt",
        "/nothing",
    ] {
        let page = served.get(path).await;
        assert_eq!(
            page.header("content-security-policy"),
            "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'",
            "{path}"
        );
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("set-cookie"), "", "{path}");
        assert_eq!(page.header("cache-control"), "public, max-age=60", "{path}");
        // Nothing that the policy would refuse, and nothing from elsewhere.
        for refused in ["<script", " style=", "<img", " onclick", "src="] {
            assert!(!page.text.contains(refused), "{refused} in {path}");
        }
    }
    let front = served.get("/").await;
    let style = front
        .links()
        .into_iter()
        .find(|link| link.starts_with("/style-"))
        .unwrap();
    let style = served.get(style).await;
    assert_eq!(
        (style.status, style.header("content-type")),
        (200, "text/css; charset=utf-8")
    );
    assert!(style.header("cache-control").contains("immutable"));
    assert!(!style.text.contains("url("));
    let robots = served.get("/robots.txt").await;
    assert_snapshot!(robots.text, @r"
    User-agent: *
    Disallow: /search
    Disallow: /dashboard
    Sitemap: https://news.example.org/sitemap.xml
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_page_gets_it_only_when_it_has_changed() {
    let mut chat = small();
    let served = Served::of(&chat).await;
    for path in [
        "/",
        "/s/us-nk",
        "/i/1",
        "/feed.atom",
        "/feed.json",
        "/search?q=door",
        "/s/us-nk/feed.atom",
    ] {
        let first = served.get(path).await;
        assert_eq!(first.status, 200, "{path}");
        let tag = first.header("etag").to_owned();
        let modified = first.header("last-modified").to_owned();
        assert!(!tag.is_empty() && !modified.is_empty(), "{path}");
        for (name, value) in [("if-none-match", &tag), ("if-modified-since", &modified)] {
            let again = served
                .asks(Method::GET, path)
                .header(name, value)
                .send()
                .await
                .unwrap();
            let again = read(again).await;
            assert_eq!(
                (again.status, again.text.as_str()),
                (304, ""),
                "{path}: {name}"
            );
            assert_eq!(again.header("etag"), tag);
            assert_eq!(again.header("cache-control"), "public, max-age=60");
        }
        let other = served
            .asks(Method::GET, path)
            .header("if-none-match", "\"x\", W/\"y\"");
        let other = other
            .header("if-modified-since", &modified)
            .send()
            .await
            .unwrap();
        assert_eq!(other.status(), 200, "the tag counts, and not the date");
    }
    let tag = served.get("/").await.header("etag").to_owned();
    let modified = served.get("/").await.header("last-modified").to_owned();
    // Something goes, and nothing comes: that is a change as well.
    chat.at("2026-11-06T13:00[UTC]");
    chat.remove(number(&chat, "Squid counted"));
    for (name, value) in [("if-none-match", &tag), ("if-modified-since", &modified)] {
        let again = served
            .asks(Method::GET, "/")
            .header(name, value)
            .send()
            .await
            .unwrap();
        assert_eq!(again.status(), 200, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn head_is_get_without_the_text() {
    let chat = small();
    let served = Served::of(&chat).await;
    for path in ["/", "/feed.json", "/nothing", "/s/all"] {
        let got = served.get(path).await;
        let head = read(served.asks(Method::HEAD, path).send().await.unwrap()).await;
        assert_eq!(
            (head.status, head.text.as_str()),
            (got.status, ""),
            "{path}"
        );
        for name in [
            "content-type",
            "content-length",
            "etag",
            "last-modified",
            "location",
        ] {
            assert_eq!(head.header(name), got.header(name), "{path}: {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_compressed_where_that_is_welcome() {
    let chat = small();
    let served = Served::of(&chat).await;
    // The client takes the header away when it unpacks, so another one asks.
    let bare = reqwest::Client::builder().no_gzip().build().unwrap();
    let url = format!("http://{}/", served.address);
    let zipped = bare
        .get(&url)
        .header("accept-encoding", "br, gzip;q=0.8")
        .send()
        .await
        .unwrap();
    assert_eq!(zipped.headers()["content-encoding"], "gzip");
    assert_eq!(zipped.headers()["vary"], "Accept-Encoding");
    let bytes = zipped.bytes().await.unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut text)
        .unwrap();
    assert_eq!(text, served.get("/").await.text);
    for refused in ["identity", "gzip;q=0", "br"] {
        let plain = bare
            .get(&url)
            .header("accept-encoding", refused)
            .send()
            .await
            .unwrap();
        assert!(
            plain.headers().get("content-encoding").is_none(),
            "{refused}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_who_follows_what() {
    let mut chat = small();
    chat.say("/subscribe us-nk daily 09:00");
    chat.say("/watch walrus");
    let served = Served::of(&chat).await;
    for path in [
        "/",
        "/s/us-nk",
        "/i/1",
        "/search?q=door",
        "/feed.json",
        "/feed.atom",
        "/sitemap.xml",
        "/d/2026-11-05",
    ] {
        let text = served.get(path).await.text;
        for secret in [
            "console:local",
            "walrus",
            "09:00",
            "digests/",
            "2026-11-05.txt",
        ] {
            assert!(!text.contains(secret), "{secret} in {path}");
        }
    }
}

//! What comes from outside, in titles and in requests, breaks nothing.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Served, config, feed, small};
use crate::harness::Chat;

#[tokio::test(flavor = "multi_thread")]
async fn source_text_is_text() {
    let mut chat = Chat::with(&config(""));
    let titles = [
        "<script>alert(1)</script> is a title",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)' x='",
        "</title></h1></main><h1>Broken out",
        "&lt;b&gt; & &amp; stay as they are",
        "]]> and <!-- a comment",
        "شهادة جديدة عن الحبار (RTL)",
        "\u{202E}Turned around\u{202C} it isn't",
        "{{7*7}} ${7*7} <%= 7*7 %>",
    ];
    let items: Vec<_> = titles
        .iter()
        .enumerate()
        .map(|(at, title)| {
            json!({
                "id": format!("h{at}"), "title": title, "url": format!("https://a.example/{at}?a=1&b=\"<x>\""),
                "content_text": format!("{title}. And </p><script>alert(2)</script>"), "date_published": "2026-11-05T09:00:00Z",
                "tags": ["</a><script>alert(3)</script>"],
            })
        })
        .collect();
    chat.drop_file("h.json", feed(&items));
    chat.load();
    let served = Served::of(&chat).await;
    let mut paths = vec![
        "/".to_owned(),
        "/d/2026-11-05".to_owned(),
        "/s/more".to_owned(),
    ];
    paths.push("/search?q=script".to_owned());
    paths.push("/search?q=%22%3E%3Cscript%3Ealert(4)%3C%2Fscript%3E".to_owned());
    paths.extend((1..=titles.len()).map(|id| format!("/i/{id}")));
    for path in &paths {
        let page = served.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        for broken in [
            "<script",
            "<img",
            "onerror=alert(1)>",
            "<h1>Broken",
            "\"><img",
            "<!-- a",
        ] {
            // Within a text `<`, `>` and `"` are written as references.
            let found = page.text.contains(broken);
            assert!(!found, "{broken} in {path}: {}", page.text);
        }
        assert_eq!(page.text.matches("<main").count(), 1, "{path}");
        assert_eq!(page.text.matches("</main>").count(), 1, "{path}");
        assert_eq!(page.text.matches("</html>").count(), 1, "{path}");
        // A text that runs the other way keeps to itself.
        assert!(
            ["<h1>", "<h3>", "<h2><a href=\"/i/"]
                .iter()
                .all(|bare| !page.text.contains(bare)),
            "{path}"
        );
    }
    for path in ["/feed.atom", "/search/feed.atom?q=title"] {
        let page = served.get(path).await;
        let parsed = feed_rs::parser::parse(page.text.as_bytes()).unwrap();
        assert!(!parsed.entries.is_empty(), "{path}");
    }
    let atom = feed_rs::parser::parse(served.get("/feed.atom").await.text.as_bytes()).unwrap();
    let told: Vec<_> = atom
        .entries
        .into_iter()
        .map(|entry| entry.title.unwrap().content)
        .collect();
    assert!(
        told.iter()
            .any(|title| title == titles[0] || title.contains("is a title")),
        "{told:?}"
    );
}

/// What a connection answers to bytes, to its end.
async fn raw(served: &Served, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(served.address).await.unwrap();
    // It may have answered and hung up before it has read everything.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_requests_get_a_short_answer() {
    let chat = small();
    let served = Served::of(&chat).await;
    let long = "a".repeat(100_000);
    for (what, request, statuses) in [
        ("a long path", format!("GET /{long} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").into_bytes(), &["414"][..]),
        ("a longish path", format!("GET /s/{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &long[..20_000]).into_bytes(), &["414"]),
        ("a long query", format!("GET /search?q={long} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").into_bytes(), &["414"]),
        ("bytes that aren't UTF-8", b"GET /s/\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec(), &["400", "404"]),
        ("escapes that aren't UTF-8", b"GET /s/%ff%fe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec(), &["404"]),
        ("a query that isn't UTF-8", b"GET /search?q=%ff%fe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec(), &["200"]),
        ("a NUL", b"GET /s/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec(), &["404"]),
        ("a way up", b"GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec(), &["404"]),
        ("a huge cookie", format!("GET / HTTP/1.1\r\nHost: x\r\nCookie: a={}\r\nConnection: close\r\n\r\n", "a".repeat(1_000_000)).into_bytes(), &["431", "200"]),
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n".to_vec(), &["400"]),
        ("a body for nothing", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nConnection: close\r\n\r\nabcd".to_vec(), &["405"]),
        ("another host", b"GET /i/1 HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n".to_vec(), &["200"]),
    ] {
        let answer = raw(&served, &request).await;
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(statuses.contains(&status), "{what}: {}", &answer[..answer.len().min(300)]);
        assert!(answer.len() < 20_000, "{what}");
        assert!(!answer.contains("evil.example"), "{what}");
    }
    assert_eq!(served.status("/").await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_ask_nothing_keep_nobody_out() {
    let chat = small();
    let served = Served::of(&chat).await;
    let mut idle = Vec::new();
    for _ in 0..200 {
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
        idle.push(stream);
    }
    let got = tokio::time::timeout(Duration::from_secs(10), served.get("/")).await;
    assert_eq!(got.expect("an answer in time").status, 200);
    // The first of them made room.
    let mut answer = Vec::new();
    let ended =
        tokio::time::timeout(Duration::from_secs(10), idle[0].read_to_end(&mut answer)).await;
    assert!(
        ended.is_ok(),
        "the connection that waited longest is still open"
    );
}

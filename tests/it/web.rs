//! Sources on the web: a bot that reads feeds and pages from a server that changes, fails and misbehaves.

mod following;
mod identity;
mod led_to;
mod misbehaving;
mod moves;
mod pictures;
mod robots;

use std::time::Duration;

use insta::assert_snapshot;
use jiff::SignedDuration;

use crate::fakes::web::{Reply, Site};
use crate::ground::Ground;
use crate::harness::{CONFIG, Chat};

fn feed(items: &[(&str, &str)]) -> Reply {
    let items: String = items
        .iter()
        .map(|(id, title)| {
            format!(
                "<item><guid>{id}</guid><title>{title}</title><category>Japan</category>\
                 <link>https://news.example/{id}</link><pubDate>Fri, 06 Nov 2026 10:00:00 GMT</pubDate></item>"
            )
        })
        .collect();
    Reply::page(format!(
        "<rss version=\"2.0\"><channel><title>W</title>{items}</channel></rss>"
    ))
}

fn config(source: &str) -> String {
    let (head, _) = CONFIG.split_once("[[source]]").unwrap();
    format!(
        "[fetch]\nhost_pause = \"0s\"\n{head}[[source]]\nname = \"web\"\nallow_private = [\"127.0.0.1\"]\n{source}\n"
    )
}

/// A configuration with so many feeds on the site, `s0` to `/0` and so on, and these lines about fetching.
fn config_of_many(site: &Site, count: usize, fetch: &str) -> String {
    let source = |at: usize| {
        format!(
            "[[source]]\nname = \"s{at}\"\nkind = \"feed\"\nurl = \"{}\"\nallow_private = [\"127.0.0.1\"]\n",
            site.url(&format!("/{at}"))
        )
    };
    let (head, _) = CONFIG.split_once("[[source]]").unwrap();
    let sources: String = (0..count).map(source).collect();
    format!("[fetch]\n{fetch}\n{head}{sources}")
}

/// A bot with one source on the site, that has had its first pass.
fn reader(site: &Site, source: &str, path: &str) -> Chat {
    let mut chat = Chat::with(&config(&format!("{source}\nurl = \"{}\"", site.url(path))));
    chat.load();
    chat.say("/subscribe all instant");
    chat
}

/// Lets the next fetch come.
fn later(chat: &mut Chat) -> String {
    chat.wait(SignedDuration::from_mins(30));
    chat.load()
}

#[test]
fn a_feed_is_a_baseline_at_first_and_news_from_then_on() {
    let site = Site::start();
    site.set(
        "/feed",
        feed(&[("1", "Squid counted")]).with("etag", "\"one\""),
    );
    let mut chat = reader(&site, "kind = \"feed\"", "/feed");
    assert_eq!(chat.posted(), "");
    assert_eq!(
        chat.load(),
        "web: 0 new, 0 updated, 0 unchanged, 0 pushed",
        "it isn't time yet"
    );
    assert_eq!(
        later(&mut chat),
        "web: 0 new, 0 updated, 1 unchanged, 0 pushed",
        "what wasn't sent again is as it was"
    );
    let asked = site.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[1].headers["if-none-match"], "\"one\"");
    assert!(
        asked[0].headers["user-agent"]
            .to_str()
            .unwrap()
            .starts_with("Tidings/")
    );
    let changed = feed(&[("2", "Boats lost"), ("1", "Squid counted")]).with("etag", "\"two\"");
    site.set("/feed", changed);
    assert_eq!(
        later(&mut chat),
        "web: 1 new, 0 updated, 1 unchanged, 1 pushed"
    );
    assert!(chat.posted().contains("Boats lost"));
    // Ids that change with every fetch are no news: the link is the same.
    site.set(
        "/feed",
        feed(&[("2", "Boats lost")]).with("etag", "\"three\""),
    );
    let other = String::from_utf8(feed(&[("2", "Boats lost")]).body)
        .unwrap()
        .replace("<guid>2<", "<guid>x9<");
    site.set("/feed", Reply::page(other));
    assert_eq!(
        later(&mut chat),
        "web: 0 new, 0 updated, 1 unchanged, 0 pushed"
    );
}

#[test]
fn an_archive_that_is_put_up_is_no_flood() {
    let site = Site::start();
    site.set("/feed", feed(&[]));
    let mut chat = reader(&site, "kind = \"feed\"\nmax_burst = 3", "/feed");
    site.set(
        "/feed",
        feed(&[("1", "A b"), ("2", "C d"), ("3", "E f"), ("4", "G h")]),
    );
    assert_eq!(
        later(&mut chat),
        "web: 4 new, 0 updated, 0 unchanged, 4 pushed"
    );
    let posted = chat.posted();
    assert!(
        posted.contains("A b") && posted.contains("E f") && !posted.contains("G h"),
        "{posted}"
    );
    assert!(posted.contains("1 more: /latest japan"), "{posted}");
    assert!(chat.say("/latest japan").contains("G h"));
}

#[test]
fn a_server_in_trouble_is_asked_less_and_less_often() {
    let site = Site::start();
    site.set("/feed", feed(&[("1", "Squid counted")]));
    let mut chat = reader(&site, "kind = \"feed\"", "/feed");
    site.set("/feed", Reply::status(500));
    let failed = later(&mut chat);
    assert!(failed.contains("the server answers 500"), "{failed}");
    assert!(chat.say("/status").contains("the server answers 500"));
    let before = site.asked().len();
    chat.wait(SignedDuration::from_mins(6));
    chat.load();
    assert_eq!(site.asked().len(), before, "it waits longer than usual");
    site.set("/feed", Reply::status(503).with("retry-after", "7200"));
    later(&mut chat);
    chat.wait(SignedDuration::from_mins(90));
    chat.load();
    assert_eq!(
        site.asked().len(),
        before + 1,
        "the server said for how long"
    );
    site.set("/feed", Reply::status(410));
    chat.wait(SignedDuration::from_hours(3));
    let gone = chat.load();
    assert!(gone.contains("gone for good (410)"), "{gone}");
    chat.wait(SignedDuration::from_hours(300));
    chat.load();
    assert_eq!(site.asked().len(), before + 2);
    assert!(chat.say("/latest japan").contains("Squid counted"));
}

#[test]
fn redirects_are_followed() {
    let site = Site::start();
    site.set("/old", Reply::status(301).with("location", "/new"));
    site.set("/new", feed(&[("1", "Squid counted")]));
    let mut chat = reader(&site, "kind = \"feed\"", "/old");
    later(&mut chat);
    let paths: Vec<String> = site.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(
        paths,
        ["/old", "/new", "/old", "/new"],
        "the configured address is asked until the move has been seen for days"
    );
    site.set("/new", Reply::status(302).with("location", "/new"));
    let failed = later(&mut chat);
    assert!(failed.contains("more than 5 redirects"), "{failed}");
}

#[test]
fn private_addresses_are_refused_unless_they_are_allowed() {
    let site = Site::start();
    site.set("/feed", feed(&[("1", "Squid counted")]));
    let port = site.url("").rsplit(':').next().unwrap().to_owned();
    for host in [
        "127.0.0.1",
        "localhost",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "169.254.169.254",
    ] {
        let source = format!("kind = \"feed\"\nurl = \"http://{host}:{port}/feed\"");
        let mut chat =
            Chat::with(&config(&source).replace("allow_private = [\"127.0.0.1\"]\n", ""));
        let failed = chat.load();
        assert!(failed.contains("private address"), "{host}: {failed}");
    }
    // A redirect is no way in either.
    site.set(
        "/feed",
        Reply::status(302).with("location", &format!("http://localhost:{port}/in")),
    );
    let mut chat = Chat::with(&config(&format!(
        "kind = \"feed\"\nurl = \"{}\"",
        site.url("/feed")
    )));
    let failed = chat.load();
    assert!(
        failed.contains("localhost is a private address"),
        "{failed}"
    );
    assert_eq!(site.asked().len(), 1);
}

#[test]
fn a_document_that_is_too_large_is_given_up() {
    let site = Site::start();
    site.set("/feed", Reply::page(vec![b'x'; 300_000]));
    let source = format!("kind = \"feed\"\nurl = \"{}\"", site.url("/feed"));
    let config = config(&source).replace("[fetch]", "[fetch]\nlargest = \"100kB\"");
    let mut chat = Chat::with(&config);
    let failed = chat.load();
    assert!(failed.contains("larger than 100000 bytes"), "{failed}");
}

#[test]
fn a_page_that_says_sorry_is_no_feed() {
    let site = Site::start();
    site.set("/feed", feed(&[("1", "Squid counted")]));
    let mut chat = reader(&site, "kind = \"feed\"", "/feed");
    site.set(
        "/feed",
        Reply::page("<html><body><h1>Sorry</h1><h2>Sign in</h2><p>To go on.</p></body></html>"),
    );
    let failed = later(&mut chat);
    assert!(failed.contains("isn't a feed but a web page"), "{failed}");
    assert_eq!(chat.posted(), "");
}

#[test]
fn a_page_is_read_with_the_pages_behind_it() {
    let site = Site::start();
    site.set(
        "/weekly",
        Reply::page(
            "<html><body><main><h2>Japan</h2><h3><a href=\"/s\">Squid counted</a></h3><p>Many.</p>\
         <a rel=\"next\" href=\"/weekly/page/2/\">Older</a></main></body></html>",
        ),
    );
    site.set("/weekly/page/2/", Reply::page(
        "<html><body><main><h2>Japan</h2><h3>Boats lost</h3><p>Two of them.</p></main></body></html>",
    ));
    let mut chat = reader(&site, "kind = \"page\"", "/weekly");
    assert_snapshot!(chat.say("/latest japan").replace(&site.url(""), "http://site"), @"
    Japan   2 of 2, newest first
      #1  6 Nov 2026   Squid counted
                       http://site/s
      #2  6 Nov 2026   Boats lost
    /read 1 shows an item
    ");
}

#[test]
fn robots_txt_is_heeded_for_pages() {
    let site = Site::start();
    site.set(
        "/robots.txt",
        Reply::page("User-agent: tidings\nDisallow: /weekly\n"),
    );
    site.set(
        "/weekly",
        Reply::page("<html><body><h2>Japan</h2><h3>Squid</h3><p>Many.</p></body></html>"),
    );
    let mut chat = Chat::with(&config(&format!(
        "kind = \"page\"\nurl = \"{}\"",
        site.url("/weekly")
    )));
    let failed = chat.load();
    assert!(failed.contains("robots.txt forbids it"), "{failed}");
    assert_eq!(site.asked().len(), 0);
}

#[test]
fn one_host_is_asked_one_thing_at_a_time_with_a_pause() {
    let site = Site::start();
    for at in 0..4 {
        site.set(&format!("/{at}"), feed(&[]));
    }
    let mut chat = Chat::with(&config_of_many(&site, 4, "host_pause = \"1s\""));
    chat.load();
    let asked = site.asked();
    assert_eq!(asked.len(), 4);
    for two in asked.windows(2) {
        let gap = two[1].at - two[0].at;
        assert!(gap >= Duration::from_millis(900), "{gap:?}");
    }
}

#[test]
fn check_says_what_a_source_would_load() {
    let site = Site::start();
    site.set(
        "/feed",
        feed(&[("1", "Squid counted"), ("2", "Boats lost")]),
    );
    let ground = Ground::new();
    let broken = format!(
        "[[source]]\nname = \"gone\"\nkind = \"feed\"\nurl = \"{}\"\nallow_private = [\"127.0.0.1\"]\n",
        site.url("/nothing")
    );
    let source = format!("kind = \"feed\"\nurl = \"{}\"", site.url("/feed"));
    std::fs::write(ground.at("tidings.toml"), config(&source) + &broken).unwrap();
    let output = ground.command(&["check"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    // A store that is there has no sections before the bot begins; what isn\'t there isn\'t asked.
    let said = said.replace("japan (new)", "japan");
    let good = "✓ source web: 2 items, of 2026-11-06: 2 in japan\n    · Squid counted (2026-11-06, japan)\n";
    assert!(said.contains(good), "{said}");
    assert!(
        said.contains("✗ source gone: the server answers 404"),
        "{said}"
    );
}

#[test]
fn check_finds_what_every_pass_would() {
    let site = Site::start();
    site.set("/feed", feed(&[("1", "Squid counted")]));
    let source = format!("kind = \"feed\"\nurl = \"{}\"", site.url("/feed"));
    let mut chat = Chat::with(&config(&source));
    chat.load();
    let check = |chat: &Chat| {
        let output = chat.ground.command(&["check"]).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        (output.status.code(), said)
    };
    let (_, said) = check(&chat);
    assert!(said.contains("✓ source web: 1 item"), "{said}");
    for (answer, wrong) in [
        (
            Reply::page("<html><body><h2>Squid counted</h2><p>Many.</p></body></html>"),
            "isn't a feed but a web page",
        ),
        (
            Reply::page("Japan\n\n\nSquid counted\n\nMany of them.\n"),
            "isn't a feed but text",
        ),
        (
            Reply::status(302).with("location", "/other"),
            "/other, where nothing is known of this source",
        ),
    ] {
        site.set("/feed", answer);
        site.set("/other", feed(&[("9", "Sign in")]));
        let (code, said) = check(&chat);
        assert_eq!(code, Some(1), "{said}");
        assert!(
            said.contains("✗ source web: ") && said.contains(wrong),
            "{said}"
        );
        let said = later(&mut chat);
        assert!(said.contains(wrong), "{said}");
        chat.wait(SignedDuration::from_hours(30));
    }
}

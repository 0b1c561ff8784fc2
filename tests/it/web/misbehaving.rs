//! Servers that are slow, broken, confused or hostile, and what becomes of the sources that they serve.

use std::io::Write;

use jiff::SignedDuration;

use super::{config, config_of_many, feed, later, reader};
use crate::fakes::raw::{Answer, Raw};
use crate::fakes::web::{Reply, Site};
use crate::harness::Chat;

fn item(name: &str) -> String {
    format!(
        "<item><guid>{name}</guid><title>{name}</title><category>Japan</category>\
         <pubDate>Fri, 06 Nov 2026 10:00:00 GMT</pubDate></item>"
    )
}

fn rss(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>W</title>{items}</channel></rss>")
}

fn bytes(head: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {head}\r\n\r\n").into_bytes();
    bytes.extend_from_slice(body.as_ref());
    bytes
}

/// A bot with one feed on a server like that, and what its first load says.
fn loaded(raw: &Raw, fetch: &str) -> (Chat, String) {
    let source = format!("kind = \"feed\"\nurl = \"{}\"", raw.url("/feed"));
    let config = config(&source).replace("[fetch]", &format!("[fetch]\n{fetch}"));
    let mut chat = Chat::with(&config);
    let said = chat.load();
    (chat, said)
}

#[test]
fn what_was_cut_is_read_and_asked_for_again_whole() {
    let whole = rss(&[item("Squid"), item("Boats"), item("Ferries")].concat());
    let cut = &whole[..whole.find("Ferries").unwrap()];
    let head = "200 OK\r\nETag: \"v1\"\r\nConnection: close";
    let raw = Raw::start(vec![
        Answer::Bytes(bytes(head, cut)),
        Answer::Bytes(bytes(head, &whole)),
    ]);
    let (mut chat, said) = loaded(&raw, "");
    chat.say("/subscribe all instant");
    assert_eq!(said, "web: 2 new, 0 updated, 0 unchanged, 0 pushed");
    assert_eq!(
        later(&mut chat),
        "web: 1 new, 0 updated, 2 unchanged, 1 pushed"
    );
    assert!(chat.posted().contains("Ferries"));
    assert!(!raw.asked()[1].contains("if-none-match"));
    later(&mut chat);
    assert!(raw.asked()[2].contains("if-none-match"));
    // With a length, what is shorter isn't a document at all.
    let short = bytes("200 OK\r\nContent-Length: 9999", &whole);
    let (_, said) = loaded(&Raw::start(vec![Answer::Bytes(short)]), "");
    assert!(said.contains("is incomplete"), "{said}");
    let part = bytes("206 Partial Content\r\nContent-Length: 5", "<rss ");
    let (_, said) = loaded(&Raw::start(vec![Answer::Bytes(part)]), "");
    assert!(said.contains("answers 206"), "{said}");
}

#[test]
fn who_never_ends_is_given_up() {
    let patience = "patience = \"1s\"\nlargest = \"100kB\"";
    let slow = "it took too long";
    let large = "larger than 100000 bytes";
    let head = "200 OK\r\nContent-Length: 999999";
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all(&vec![b' '; 10_000_000]).unwrap();
    let bomb = bomb.finish().unwrap();
    let packed = format!(
        "200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}",
        bomb.len()
    );
    for (answer, expected) in [
        (Answer::Hang(Vec::new()), slow),
        (Answer::Hang(b"HTTP/1.1 200 OK\r\n".to_vec()), slow),
        (Answer::Hang(bytes(head, "<rss>")), slow),
        (
            Answer::Endless(bytes("200 OK", ""), vec![b'a'; 5_000]),
            large,
        ),
        (Answer::Bytes(bytes(&packed, bomb)), large),
        (
            Answer::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-A: b\r\n".to_vec()),
            "the connection broke off",
        ),
        (Answer::Bytes(Vec::new()), "the connection broke off"),
        (
            Answer::Bytes(bytes("304 Not Modified", "")),
            "nothing has changed (304), which it wasn't asked",
        ),
    ] {
        let (_, said) = loaded(&Raw::start(vec![answer]), patience);
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn what_is_packed_in_pieces_is_read_up_to_a_number_of_them() {
    let packed = |text: &str| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    let whole = rss(&item("Squid"));
    let (begin, end) = whole.split_at(20);
    let pieces = [packed(begin), packed(""), packed(end), vec![0; 9]].concat();
    let (_, said) = loaded(
        &Raw::start(vec![Answer::Bytes(bytes(
            "200 OK\r\nConnection: close",
            pieces,
        ))]),
        "",
    );
    assert_eq!(said, "web: 1 new, 0 updated, 0 unchanged, 0 pushed");
    let many = [packed("").repeat(1_001), packed(&whole)].concat();
    let (_, said) = loaded(
        &Raw::start(vec![Answer::Bytes(bytes(
            "200 OK\r\nConnection: close",
            many,
        ))]),
        "",
    );
    assert!(said.contains("more than 1000 pieces"), "{said}");
}

#[test]
fn a_connection_that_was_closed_meanwhile_is_opened_again() {
    let whole = rss(&item("Squid"));
    let raw = Raw::start(vec![
        Answer::Bytes(Vec::new()),
        Answer::Bytes(bytes("200 OK\r\nConnection: close", &whole)),
    ]);
    let (_, said) = loaded(&raw, "");
    assert_eq!(said, "web: 1 new, 0 updated, 0 unchanged, 0 pushed");
}

#[test]
fn a_busy_server_says_until_when() {
    let site = Site::start();
    site.set("/feed", feed(&[("1", "Squid counted")]));
    let mut chat = reader(&site, "kind = \"feed\"", "/feed");
    let busy = Reply::status(429)
        .with("date", "Fri, 06 Nov 2026 03:00:00 GMT")
        .with("retry-after", "Fri, 06 Nov 2026 09:00:00 GMT");
    site.set("/feed", busy);
    later(&mut chat);
    let before = site.asked().len();
    chat.wait(SignedDuration::from_hours(5));
    chat.load();
    assert_eq!(site.asked().len(), before);
    chat.wait(SignedDuration::from_hours(2));
    chat.load();
    assert_eq!(site.asked().len(), before + 1);
}

#[test]
fn who_asks_for_a_time_that_is_none_is_asked_later_as_ever() {
    for wait in ["nan", "-nan", "inf", "-inf", "-1", "1e999", "", "soon"] {
        let site = Site::start();
        site.set("/feed", feed(&[("1", "Squid counted")]));
        let mut chat = reader(&site, "kind = \"feed\"", "/feed");
        site.set("/feed", Reply::status(429).with("retry-after", wait));
        later(&mut chat);
        let said = chat.load();
        assert!(!said.contains("new=1"), "{wait}: {said}");
    }
}

#[test]
fn names_and_passwords_go_to_the_server_and_nowhere_else() {
    let site = Site::start();
    let relative = String::from_utf8(feed(&[("1", "Squid counted")]).body)
        .unwrap()
        .replace("https://news.example/1", "/story/1");
    site.set("/feed", Reply::page(relative));
    let url = site.url("/feed?token=verysecret");
    let url = url.replace("http://", "http://ann:verysecret@");
    let mut chat = Chat::with(&config(&format!("kind = \"feed\"\nurl = \"{url}\"")));
    let mut said = chat.load();
    assert!(site.asked()[0].headers.contains_key("authorization"));
    said += &chat.say("/latest japan");
    assert!(said.contains(&site.url("/story/1")), "{said}");
    site.set("/feed", Reply::page("nothing"));
    said += &later(&mut chat);
    said += &chat.say("/status");
    assert!(said.contains("isn't a feed but text"), "{said}");
    assert!(!said.contains("verysecret"), "{said}");
}

#[test]
fn waiting_for_a_host_is_nobodys_slowness() {
    let site = Site::start();
    for at in 0..4 {
        site.set(&format!("/{at}"), feed(&[]));
    }
    let patient = "host_pause = \"1s\"\npatience = \"2s\"";
    let mut chat = Chat::with(&config_of_many(&site, 4, patient));
    let said = chat.load();
    assert!(!said.contains("took too long"), "{said}");
    assert_eq!(site.asked().len(), 4);
}

#[test]
fn what_an_index_shows_at_first_is_no_news_later() {
    let site = Site::start();
    let digest = |title: &str| {
        Reply::page(format!(
            "<html><body><article><h2>Japan</h2><h3>{title}</h3><p>There is something to say of it.</p></article></body></html>"
        ))
    };
    let index = |numbers: std::ops::RangeInclusive<usize>| {
        let links: String = numbers
            .rev()
            .map(|at| format!("<h2 class=\"t\"><a href=\"/digest-{at}\">Weekly</a></h2>"))
            .collect();
        Reply::page(format!(
            "<html><body><h2 class=\"t\"><a href=\"#top\">Up</a></h2>{links}</body></html>"
        ))
    };
    for at in 1..=26 {
        site.set(
            &format!("/digest-{at}"),
            digest(&format!("Story number {at}")),
        );
    }
    // One that can't be had at first is no news either.
    site.set("/digest-25", Reply::status(500));
    site.set("/", index(1..=25));
    let mut chat = reader(&site, "kind = \"page\"\nfollow = \"h2.t\"", "/");
    site.set("/digest-25", digest("Story number 25"));
    let second = later(&mut chat);
    assert!(
        second.contains("6 new") && second.contains("0 pushed"),
        "{second}"
    );
    site.set("/", index(1..=26));
    let third = later(&mut chat);
    assert!(
        third.contains("1 new") && third.contains("1 pushed"),
        "{third}"
    );
    assert!(chat.posted().contains("Story number 26"));
}

#[test]
fn another_address_or_other_selectors_are_another_beginning() {
    let site = Site::start();
    let page = |names: &[&str]| {
        let items: String = names
            .iter()
            .map(|name| format!("<article><h3>{name}</h3><h4>{name} too</h4></article>"))
            .collect();
        Reply::page(format!("<html><body>{items}</body></html>")).with("etag", "\"one\"")
    };
    site.set("/a", page(&["Squid", "Boats"]));
    site.set("/b", page(&["Ferries", "Islands"]));
    let source = |path: &str, title: &str| {
        config(&format!(
            "kind = \"page\"\nurl = \"{}\"\nitem = \"article\"\ntitle = \"{title}\"",
            site.url(path)
        ))
    };
    let mut chat = Chat::with(&source("/a", "h3"));
    chat.load();
    chat.say("/subscribe all instant");
    chat.configure(&source("/a", "h4"));
    let again = later(&mut chat);
    assert!(
        again.contains("2 new") && again.contains("0 pushed"),
        "{again}"
    );
    chat.configure(&source("/b", "h3"));
    let moved = later(&mut chat);
    assert!(
        moved.contains("2 new") && moved.contains("0 pushed"),
        "{moved}"
    );
}

#[test]
fn rules_that_nobody_can_read_forbid_everything() {
    let site = Site::start();
    site.set(
        "/weekly",
        Reply::page("<html><body><h2>Japan</h2><h3>Squid</h3><p>Many.</p></body></html>"),
    );
    let source = format!("kind = \"page\"\nurl = \"{}\"", site.url("/weekly"));
    site.set("/robots.txt", Reply::status(500));
    let failed = Chat::with(&config(&source)).load();
    assert!(
        failed.contains("answers 500 for the site's robots.txt"),
        "{failed}"
    );
    // They are longer than anybody reads, and hold for where a redirect leads.
    let mut rules = b"User-agent: *\nDisallow: /secret\n".to_vec();
    rules.resize(600_000, b'#');
    site.set("/robots.txt", Reply::page(rules));
    site.set("/weekly", Reply::status(302).with("location", "/secret"));
    let failed = Chat::with(&config(&source)).load();
    assert!(failed.contains("robots.txt forbids it"), "{failed}");
    assert!(site.asked().iter().all(|asked| asked.path != "/secret"));
}

#[test]
fn a_place_that_a_source_has_moved_to_may_go_away_again() {
    let site = Site::start();
    site.set("/old", Reply::status(301).with("location", "/new"));
    site.set("/new", feed(&[("1", "Squid counted")]));
    let mut chat = reader(&site, "kind = \"feed\"", "/old");
    site.set("/new", Reply::status(404));
    let failed = later(&mut chat);
    assert!(failed.contains("the server answers 404"), "{failed}");
    site.set("/old", feed(&[("2", "Boats lost")]));
    chat.wait(SignedDuration::from_hours(3));
    let said = chat.load();
    assert!(said.contains("1 new"), "{said}");
    assert!(chat.posted().contains("Boats lost"));
}

#[test]
fn more_items_than_anybody_publishes_are_an_error() {
    let site = Site::start();
    site.set(
        "/feed",
        feed(&[("1", "A b"), ("2", "C d"), ("3", "E f"), ("4", "G h")]),
    );
    let source = format!("kind = \"feed\"\nurl = \"{}\"", site.url("/feed"));
    let strict = config(&source).replace("[fetch]", "[fetch]\nitems = 3");
    let mut chat = Chat::with(&strict);
    let failed = chat.load();
    assert!(failed.contains("holds 4 items, more than 3"), "{failed}");
    chat.configure(&config(&source));
    chat.wait(SignedDuration::from_hours(3));
    let said = chat.load();
    assert!(said.contains("4 new"), "{said}");
}

#[test]
fn status_has_a_line_for_each_source_and_the_failing_first() {
    let site = Site::start();
    for at in (0..23).filter(|at| *at != 11) {
        site.set(&format!("/{at}"), feed(&[]));
    }
    let mut chat = Chat::with(&config_of_many(&site, 23, "host_pause = \"0s\""));
    let said = chat.say("/status");
    let fresh = "Source s0 hasn’t been loaded yet.";
    assert!(said.contains(fresh), "{said}");
    chat.load();
    let said = chat.say("/status");
    let lines: Vec<&str> = said.lines().skip(3).collect();
    assert_eq!(lines.len(), 21, "{said}");
    assert!(
        lines[0]
            .starts_with("Source s11 has never been loaded: the server answers 404. Next try in"),
        "{said}"
    );
    assert!(
        lines[1].starts_with("Source s0 is well, last loaded just now; next in"),
        "{said}"
    );
    assert_eq!(lines[20], "3 more sources, all well.");
}

#[test]
fn identifiers_that_count_from_the_top_are_none() {
    let site = Site::start();
    let listed = |names: &[&str]| {
        let item = |(at, name): (usize, &&str)| {
            format!(
                "<item><guid isPermaLink=\"false\">{}</guid><title>{name}</title><link>https://news.example/{name}</link>\
                 <pubDate>Fri, 06 Nov 2026 10:00:00 GMT</pubDate></item>",
                at + 1
            )
        };
        rss(&names.iter().enumerate().map(item).collect::<String>())
    };
    site.set("/feed", Reply::page(listed(&["Squid", "Boats", "Nets"])));
    let mut chat = reader(&site, "kind = \"feed\"", "/feed");
    site.set("/feed", Reply::page(listed(&["Ferry", "Squid", "Boats"])));
    let said = later(&mut chat);
    assert!(said.contains("1 new"), "{said}");
    assert!(chat.posted().contains("Ferry"));
    let said = chat.say("/latest more 9");
    for name in ["Ferry", "Squid", "Boats", "Nets"] {
        assert!(said.contains(name), "{said}");
    }
}

#[test]
fn a_category_may_be_called_like_a_section_that_was_discovered() {
    let site = Site::start();
    site.set(
        "/feed",
        Reply::page(rss(
            "<item><title>Squid counted</title><link>https://news.example/1</link><category>Uncategorized</category>\
             <category>Harbours and Boats</category></item>",
        )),
    );
    let url = site.url("/feed");
    let mut chat = Chat::with(&config(&format!("kind = \"feed\"\nurl = \"{url}\"")));
    let page =
        "Harbours and boats\n\n\nFerry returns\n\nIt is back.\n\n\nPier painted\n\nIn white.\n";
    chat.drop_file("page.txt", page);
    let file = chat.path("digests/page.txt");
    chat.load_file(&file, false);
    chat.load();
    let said = chat.say("/latest harbours-and-boats");
    assert!(said.contains("Squid counted"), "{said}");
}

#[test]
fn a_crowd_of_items_is_compared_with_other_stories_up_to_a_point() {
    let items: String = (0..520).map(|at| item(&format!("Squid {at}"))).collect();
    let whole = Answer::Bytes(bytes("200 OK\r\nConnection: close", rss(&items)));
    let (mut chat, said) = loaded(&Raw::start(vec![whole]), "");
    assert_eq!(said, "web: 520 new, 0 updated, 0 unchanged, 0 pushed");
    assert_eq!(chat.ground.count("tellings"), 250);
    // Those behind it are items like any other.
    assert!(chat.say("/search \"squid 519\"").contains("Squid 519"));
}

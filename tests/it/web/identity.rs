//! An item is stored once, and different items stay different: the layers of promise 2, clause by clause, through feeds;
//! and what an item's date decides.

use insta::assert_snapshot;
use jiff::SignedDuration;

use super::{config, later, reader};
use crate::fakes::web::{Reply, Site};
use crate::harness::{Chat, loaded};

/// An entry: id, title, link, day of November 2026 and text; what is empty isn't there.
type Entry<'e> = (&'e str, &'e str, &'e str, u8, &'e str);

fn rss(entries: &[Entry<'_>]) -> Reply {
    let items: String = entries
        .iter()
        .map(|(id, title, link, day, text)| {
            let element = |name: &str, value: String| match value.is_empty() {
                true => String::new(),
                false => format!("<{name}>{value}</{name}>"),
            };
            let date = match day {
                0 => String::new(),
                day => format!("2026-11-{day:02}T08:00:00Z"),
            };
            let link = match *link {
                "" => String::new(),
                link => format!("https://news.example/{link}"),
            };
            let guid = match *id {
                "" => String::new(),
                id => format!("<guid isPermaLink=\"false\">{id}</guid>"),
            };
            format!(
                "<item>{guid}{}{}{}{}</item>",
                element("title", (*title).to_owned()),
                element("link", link),
                element("pubDate", date),
                element("description", (*text).to_owned()),
            )
        })
        .collect();
    Reply::page(format!(
        "<rss version=\"2.0\"><channel><title>Harbour Wire</title>{items}</channel></rss>"
    ))
}

/// What the second of two fetches brings: new, updated, unchanged and pushed items.
fn second(first: &[Entry<'_>], then: &[Entry<'_>]) -> String {
    let site = Site::start();
    site.set("/feed", rss(first));
    let mut chat = reader(&site, "kind = \"feed\"", "/feed");
    site.set("/feed", rss(then));
    let said = later(&mut chat);
    chat.posted();
    said.trim_start_matches("web: ").to_owned()
}

#[test]
fn ids_come_first_unless_they_are_none() {
    // The id stays, everything else changes.
    assert_snapshot!(second(&[("a", "Old", "old", 5, "One.")], &[("a", "New", "new", 6, "Two.")]),
        @"0 new, 1 updated, 0 unchanged, 0 pushed");
    // One id for several items is none, now and later.
    let site = Site::start();
    site.set(
        "/feed",
        rss(&[("x", "One", "1", 5, ""), ("x", "Two", "2", 5, "")]),
    );
    let mut chat = reader(&site, "kind = \"feed\"", "/feed");
    site.set("/feed", rss(&[("x", "Three", "3", 6, "")]));
    assert_snapshot!(later(&mut chat), @"web: 1 new, 0 updated, 0 unchanged, 1 pushed");
    site.set("/feed", rss(&[("x", "Four", "4", 6, "")]));
    assert_snapshot!(later(&mut chat), @"web: 1 new, 0 updated, 0 unchanged, 1 pushed");
    chat.posted();
    // Ids that count from the top go from item to item, even if all of them are others.
    let first = [
        ("1", "A a", "a", 4, ""),
        ("2", "B b", "b", 4, ""),
        ("3", "C c", "c", 4, ""),
    ];
    let then = [
        ("1", "D d", "d", 5, ""),
        ("2", "E e", "e", 5, ""),
        ("3", "F f", "f", 5, ""),
    ];
    assert_snapshot!(second(&first, &then), @"3 new, 0 updated, 0 unchanged, 3 pushed");
    // So they do where all lead to one page, which tells none of them either.
    let first = [
        ("1", "B b", "home", 3, "Two."),
        ("2", "A a", "home", 2, "One."),
    ];
    let then = [
        ("1", "D d", "home", 5, "Four."),
        ("2", "C c", "home", 4, "Three."),
        ("3", "B b", "home", 3, "Two."),
        ("4", "A a", "home", 2, "One."),
    ];
    assert_snapshot!(second(&first, &then), @"2 new, 0 updated, 2 unchanged, 2 pushed");
}

#[test]
fn what_only_counts_its_entries_is_known_by_their_titles() {
    let first = [
        ("1", "Envoys meet", "", 0, ""),
        ("2", "Squid counted", "", 0, ""),
        ("3", "Ferns come back", "", 0, ""),
        ("4", "Moss wins", "", 0, ""),
    ];
    // One of them keeps its place, and is found by its number.
    let then = [
        ("1", "Envoys meet", "", 0, ""),
        ("2", "Moss wins", "", 0, ""),
        ("3", "Squid counted", "", 0, ""),
        ("4", "Ferns come back", "", 0, ""),
    ];
    assert_snapshot!(second(&first, &then), @"0 new, 0 updated, 4 unchanged, 0 pushed");
}

#[test]
fn links_come_second_unless_several_items_share_them() {
    assert_snapshot!(second(&[("", "Old", "a", 5, "")], &[("", "New", "a", 5, "")]),
        @"0 new, 1 updated, 0 unchanged, 0 pushed");
    // Another id and another title at one address: another item; one of them the same: the same.
    assert_snapshot!(second(&[("b1", "Of the 4th", "live", 4, "")], &[("b2", "Of the 5th", "live", 5, "")]),
        @"1 new, 0 updated, 0 unchanged, 1 pushed");
    assert_snapshot!(second(&[("b1", "Of the 4th", "live", 4, "")], &[("b2", "Of the 4th", "live", 5, "")]),
        @"0 new, 1 updated, 0 unchanged, 0 pushed");
    assert_snapshot!(second(&[("", "Of the 4th", "live", 4, "")], &[("b2", "Of the 5th", "live", 5, "")]),
        @"0 new, 1 updated, 0 unchanged, 0 pushed");
    // Parts of a page are items of their own; what tracks readers is no part.
    assert_snapshot!(second(&[("", "By Ann", "p#c1", 5, "")], &[("", "By Bo", "p#c2", 5, ""), ("", "By Ann", "p#c1", 5, "")]),
        @"1 new, 0 updated, 1 unchanged, 1 pushed");
    assert_snapshot!(second(&[("", "By Ann", "p#xtor=RSS-1", 5, "")], &[("", "By Anne", "p#xtor=RSS-2", 5, "")]),
        @"0 new, 1 updated, 0 unchanged, 0 pushed");
    // What several items of one feed lead to once leads to none of them for good.
    let site = Site::start();
    site.set(
        "/feed",
        rss(&[("", "One", "home", 3, "1"), ("", "Two", "home", 4, "2")]),
    );
    let mut chat = reader(&site, "kind = \"feed\"", "/feed");
    for (day, title) in [(5, "Three"), (6, "Four")] {
        site.set("/feed", rss(&[("", title, "home", day, title)]));
        assert_eq!(
            later(&mut chat),
            "web: 1 new, 0 updated, 0 unchanged, 1 pushed"
        );
    }
    chat.posted();
}

#[test]
fn titles_come_last_and_only_with_the_same_text_or_date() {
    let said = "What there is to say.";
    // Ids and links that change with every fetch, with and without dates and texts.
    for (day, text) in [(5, said), (5, ""), (0, said), (0, "")] {
        let all = |round: u8| {
            let name = |at: u8| format!("{round}-{at}");
            [name(1), name(2)]
        };
        let (one, two) = (all(1), all(2));
        let first: Vec<Entry<'_>> = vec![
            (&one[0], "Squid", &one[0], day, text),
            (&one[1], "Boats", &one[1], day, text),
        ];
        let then: Vec<Entry<'_>> = vec![
            (&two[0], "Squid", &two[0], day, text),
            (&two[1], "Boats", &two[1], day, text),
        ];
        let said = second(&first, &then);
        assert_eq!(
            said, "0 new, 2 updated, 0 unchanged, 0 pushed",
            "{day} {text}"
        );
    }
    // A column that comes round: another text, or the same after a week.
    assert_snapshot!(second(&[("1a", "Column", "1a", 4, "Of ships.")], &[("2a", "Column", "2a", 5, "Of fish.")]),
        @"1 new, 0 updated, 0 unchanged, 1 pushed");
    assert_snapshot!(second(&[("1a", "Column", "1a", 1, said)], &[("2a", "Column", "2a", 7, said)]),
        @"1 new, 0 updated, 0 unchanged, 1 pushed");
    assert_snapshot!(second(&[("1a", "Column", "1a", 2, said)], &[("2a", "Column", "2a", 7, said)]),
        @"0 new, 1 updated, 0 unchanged, 0 pushed");
    // Without a text the dates have to be the same.
    assert_snapshot!(second(&[("1a", "Update README.md", "1a", 4, "")], &[("2a", "Update README.md", "2a", 5, "")]),
        @"1 new, 0 updated, 0 unchanged, 1 pushed");
    // An item for which another entry stands isn't found by its title.
    assert_snapshot!(second(&[("1a", "Column", "1a", 5, said)], &[("2a", "Column", "2a", 5, said), ("1a", "Column", "1a", 5, said)]),
        @"1 new, 0 updated, 1 unchanged, 1 pushed");
    // Case, spacing and punctuation say nothing, symbols do.
    assert_snapshot!(second(&[("", "Jobs in C++", "", 5, said)], &[("", "Jobs  in: c++", "", 5, said), ("", "Jobs in C#", "", 5, said), ("", "Jobs in C", "", 5, said)]),
        @"2 new, 1 updated, 0 unchanged, 2 pushed");
}

#[test]
fn two_entries_are_one_only_if_all_is_said_twice() {
    for (entries, items) in [
        ([("", "A b", "1", 5, "x"), ("", "A b", "2", 5, "x")], 1),
        ([("1", "A b", "1", 5, "x"), ("2", "A b", "2", 5, "x")], 2),
        ([("", "A b", "1", 5, "x"), ("", "A b", "2", 5, "y")], 2),
        ([("", "A b", "1", 5, "x"), ("", "A b", "2", 4, "x")], 2),
    ] {
        let site = Site::start();
        site.set("/feed", rss(&entries));
        let mut chat = Chat::with(&config(&format!(
            "kind = \"feed\"\nurl = \"{}\"",
            site.url("/feed")
        )));
        let said = chat.load();
        assert!(
            said.starts_with(&format!("web: {items} new")),
            "{entries:?}: {said}"
        );
    }
}

#[test]
fn another_source_rewrites_nothing() {
    let site = Site::start();
    site.set(
        "/feed",
        rss(&[("a", "Squid counted", "squid", 5, "All of them.")]),
    );
    site.set("/other", rss(&[("z", "Squid, again", "squid", 6, "Ours.")]));
    let feed = format!("kind = \"feed\"\nurl = \"{}\"", site.url("/feed"));
    let other = format!(
        "\n[[source]]\nname = \"other\"\nkind = \"feed\"\nurl = \"{}\"\nallow_private = [\"127.0.0.1\"]\n",
        site.url("/other")
    );
    let mut chat = Chat::with(&config(&feed));
    chat.load();
    chat.configure(&(config(&feed) + &other));
    assert_snapshot!(chat.load(), @"
    web: 0 new, 0 updated, 0 unchanged, 0 pushed
    other: 0 new, 0 updated, 1 unchanged, 0 pushed
    ");
    assert_snapshot!(chat.say("/read 1"), @"
    Squid counted
      All of them.
      https://news.example/squid
    #1 · Other news · 5 Nov 2026 · from Harbour Wire
    Also reported by:
    Harbour Wire
      https://news.example/squid
    ");
}

#[test]
fn first_sights_stay_and_dates_that_cannot_be_are_none() {
    let site = Site::start();
    site.set(
        "/feed",
        rss(&[("a", "Undated one", "a", 0, "")])
            .with("last-modified", "Sun, 01 Nov 2026 08:00:00 GMT"),
    );
    let source = format!(
        "kind = \"feed\"\ntimezone = \"Asia/Seoul\"\nmax_age = \"2d\"\nurl = \"{}\"",
        site.url("/feed")
    );
    let mut chat = Chat::with(&config(&source));
    chat.load();
    chat.say("/subscribe all instant");
    // In Seoul it is the 21st already.
    chat.at("2026-11-20T16:00[UTC]");
    let zero = "<item><guid>c</guid><title>Of year one</title><pubDate>Mon, 01 Jan 0001 00:00:00 +0000</pubDate></item>\
                <item><guid>d</guid><title>Of a day to come</title><pubDate>2026-12-24T00:00:00Z</pubDate></item>";
    let both = rss(&[
        ("b", "Undated two", "b", 0, ""),
        ("a", "Undated one", "a", 0, ""),
    ]);
    let body = String::from_utf8(both.body)
        .unwrap()
        .replace("</channel>", &format!("{zero}</channel>"));
    site.set(
        "/feed",
        Reply::page(body).with("last-modified", "Mon, 02 Nov 2026 08:00:00 GMT"),
    );
    assert_snapshot!(chat.load(), @"web: 3 new, 0 updated, 1 unchanged, 3 pushed");
    chat.posted();
    chat.wait(SignedDuration::from_hours(72));
    chat.load();
    assert_snapshot!(chat.say("/latest"), @"
    Latest headlines   4 of 4, newest first
      #2  21 Nov 2026   Undated two · Other news
                        https://news.example/b
      #3  21 Nov 2026   Of year one · Other news
      #4  21 Nov 2026   Of a day to come · Other news
      #1  1 Nov 2026    Undated one · Other news
                        https://news.example/a
    /read 2 shows an item
    ");
}

#[test]
fn what_nobody_gave_words_is_an_item_too() {
    let site = Site::start();
    let bare = "<rss version=\"2.0\"><channel><title>Harbour Wire</title>\
        <item><guid isPermaLink=\"false\">1</guid><enclosure url=\"https://m.example/a/noon%20bells.mp3\" type=\"audio/mpeg\" length=\"1\"/></item>\
        <item><link>https://m.example/2</link><description>&lt;p&gt;&lt;img src=\"/x.png\" alt=\"A ferry &amp;amp; a crane\"&gt;&lt;/p&gt;</description></item>\
        <item><link>https://m.example/3</link><pubDate>Thu, 05 Nov 2026 08:00:00 GMT</pubDate></item>\
        <item><link>https://m.example/4</link><pubDate>Thu, 05 Nov 2026 08:00:00 GMT</pubDate></item>\
        <item><category>Nothing at all</category></item></channel></rss>";
    site.set("/feed", Reply::page(bare));
    let mut chat = reader(&site, "kind = \"feed\"", "/feed");
    assert_snapshot!(chat.say("/latest"), @"
    Latest headlines   4 of 4, newest first
      #1  6 Nov 2026   noon bells.mp3 · Other news
                       https://m.example/a/noon%20bells.mp3
      #2  6 Nov 2026   A ferry & a crane · Other news
                       https://m.example/2
      #3  5 Nov 2026   Harbour Wire, 5 Nov 2026 · Other news
                       https://m.example/3
      #4  5 Nov 2026   Harbour Wire, 5 Nov 2026 · Other news
                       https://m.example/4
    /read 1 shows an item
    ");
    assert!(
        chat.say("/read 1")
            .contains("https://m.example/a/noon%20bells.mp3")
    );
    // The titles that we made don't tell them apart, nor change with the days.
    chat.wait(SignedDuration::from_hours(48));
    site.set(
        "/feed",
        Reply::page(bare.replace("<category>Nothing at all</category>", "")),
    );
    assert_snapshot!(chat.load(), @"web: 0 new, 0 updated, 4 unchanged, 0 pushed");
}

#[test]
fn what_the_operator_ignores_is_not_loaded() {
    let site = Site::start();
    site.set(
        "/feed",
        rss(&[
            ("a", "Sponsored: buy nets", "a", 5, ""),
            ("b", "Unsponsored squid", "b", 5, ""),
            ("c", "광고성 기사", "c", 5, ""),
        ]),
    );
    let mut chat = Chat::with(&config(&format!(
        "kind = \"feed\"\nignore = [\"sponsored\", \"광고\"]\nurl = \"{}\"",
        site.url("/feed")
    )));
    let reports = loaded(chat.app(), tidings::ingest::Recheck::Content);
    let report = &reports[0];
    assert_eq!((report.new, report.ignored), (1, 2));
    chat.wait(SignedDuration::from_mins(30));
    let reports = loaded(chat.app(), tidings::ingest::Recheck::Content);
    let report = &reports[0];
    assert_eq!((report.unchanged, report.ignored), (1, 2));
    assert!(chat.say("/latest").contains("Unsponsored squid"));
}

#[test]
fn a_burst_is_counted_in_stories() {
    let site = Site::start();
    site.set(
        "/feed",
        rss(&[("a", "Ferry sails", "ferry", 5, "On Mondays.")]),
    );
    let feed = format!(
        "kind = \"feed\"\nurl = \"{}\"\nmax_burst = 2",
        site.url("/feed")
    );
    let mut chat = Chat::with(&config(&feed));
    chat.say("/subscribe all daily 18:00");
    chat.load();
    let envoy = "Envoy Harmon in Seoul for talks on prisoners";
    site.set(
        "/feed",
        rss(&[
            ("b", envoy, "b", 6, "For two days."),
            (
                "c",
                "Envoy Harmon in Seoul for prisoner talks",
                "c",
                6,
                "The envoy stays for two days.",
            ),
            ("d", "Squid counted in Busan", "d", 6, "All of them."),
            ("e", "Lighthouse painted on Jeju", "e", 6, "In white."),
        ]),
    );
    later(&mut chat);
    let posted = chat.tick_at("2026-11-07T18:00[UTC]");
    assert_eq!(posted.matches("Harmon").count(), 1, "{posted}");
    assert!(posted.contains("Squid counted"), "{posted}");
    assert!(posted.contains("1 more"), "{posted}");
}

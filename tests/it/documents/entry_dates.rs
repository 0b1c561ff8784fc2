//! Dates of entries on pages: wherever one stands in its entry, it is the item's own, and neither the page's nor text.

use super::{Layout, outcome};

const STORIES: [(&str, &str, &str); 3] = [
    ("Squid counted", "19 Nov 2026", "2026-11-19"),
    ("Boats lost", "18 Nov 2026", "2026-11-18"),
    ("Ferry returns", "17 Nov 2026", "2026-11-17"),
];

/// What comes of a page of such entries, with `{title}`, `{date}` and `{day}` in them, and of the same without the first.
fn read(around: [&str; 2], entry: &str) -> [String; 2] {
    let entry = |(title, date, day): &(&str, &str, &str)| {
        let named = entry.replace("{title}", title).replace("{date}", date);
        named.replace("{day}", day)
    };
    let entries: Vec<String> = STORIES.iter().map(entry).collect();
    let page = |entries: &[String]| {
        let [before, behind] = around;
        let page = format!(
            "<html><body>{before}{}{behind}</body></html>",
            entries.concat()
        );
        outcome(Layout::Double, "page.html", page)
    };
    [page(&entries), page(&entries[1..])]
}

/// Entries that are read as their headlines with their own dates, and with their text.
#[track_caller]
fn check(around: [&str; 2], entry: &str, text: &str) {
    let expected: Vec<String> = STORIES
        .iter()
        .map(|(title, _, day)| format!("{title} ({day}) <https://a.example/x>{text}\n"))
        .collect();
    let [all, rest] = read(around, entry);
    assert_eq!(all, expected.concat(), "{entry}");
    assert_eq!(rest, expected[1..].concat(), "{entry}");
}

const LINK: &str = "<a href=\"https://a.example/x\">{title}</a>";

#[test]
fn a_date_of_an_entry_is_its_items() {
    let dates = [
        "<p class=\"date\">{date}</p>",
        "<div>{date}</div>",
        "<div><time datetime=\"{day}\">last week</time></div>",
        "<p><small>Published {date} by Jane Roe</small></p>",
        "<footer>{date}</footer>",
    ];
    for date in dates {
        for [before, between, behind] in [[date, "", ""], ["", date, ""], ["", "", date]] {
            let of = |name: &str| {
                format!(
                    "<{name}>{before}<h3>{LINK}</h3>{between}<p>Many words.</p>{behind}</{name}>"
                )
            };
            check(["<main>", "</main>"], &of("article"), " / Many words.");
            // What isn't an article has a footer of the page's.
            if !date.contains("footer") {
                check(["", ""], &of("div"), " / Many words.");
            }
        }
    }
}

#[test]
fn a_date_of_a_lists_entry_is_its_items() {
    let list = ["<ul>", "</ul>"];
    check(list, &format!("<li><span>{{date}}</span> {LINK}</li>"), "");
    check(list, &format!("<li>{{date}} – {LINK}</li>"), "");
    check(
        list,
        &format!("<li><time datetime=\"{{day}}\">today</time> {LINK}</li>"),
        "",
    );
    check(list, &format!("<li>{LINK} ({{date}})</li>"), "");
    check(
        list,
        &format!("<li><div>{{date}}</div><div>{LINK}</div><p>Many words.</p></li>"),
        " / Many words.",
    );
    check(
        list,
        &format!("<li><div>{LINK}</div><p>Many words.</p><div>{{date}}</div></li>"),
        " / Many words.",
    );
    let by_hand = "## Japan\n\n- 19 Nov 2026 [Squid counted](https://a.example/x)\n\
                   - 18 Nov 2026: [Boats lost](https://a.example/y)\n- 15-17 Nov: [Harbour days](https://a.example/z)\n";
    assert_eq!(
        outcome(Layout::Double, "page.md", by_hand),
        "[Japan] Squid counted (2026-11-19) <https://a.example/x>\n\
         [Japan] Boats lost (2026-11-18) <https://a.example/y>\n\
         [Japan] 15-17 Nov: Harbour days <https://a.example/z>\n"
    );
}

#[test]
fn an_entry_may_begin_with_a_heading() {
    for section in ["", "<h2>Japan</h2>"] {
        let list = format!("{section}<ul>");
        let entry = "<li><h3><a href=\"https://a.example/x\">{title}</a></h3><p>{date} | <a href=\"/ann\">Ann Lee</a></p><p>Many words.</p></li>";
        let [all, _] = read([&list, "</ul>"], entry);
        let lines: Vec<&str> = all.lines().collect();
        assert_eq!(lines.len(), 3, "{all}");
        for (line, (title, _, day)) in lines.iter().zip(STORIES) {
            let item = format!("{title} ({day}) <https://a.example/x> / Many words.");
            assert!(line.ends_with(&item), "{all}");
        }
    }
}

#[test]
fn who_wrote_it_beside_its_date_is_no_headline() {
    for between in [" | ", " · ", " by "] {
        let entry = format!(
            "<h2>{LINK}</h2><p>{{date}}{between}<a href=\"/ann\">Ann Lee</a></p><p>Many words.</p>"
        );
        check(
            ["", ""],
            &format!("<article>{entry}</article>"),
            " / Many words.",
        );
        check(["", ""], &entry, " / Many words.");
    }
}

#[test]
fn a_card_that_is_a_link_is_one_item() {
    for date in [
        "<span>{date}</span>",
        "<p>{date}</p>",
        "<time>{date}</time>",
        "<time datetime=\"{day}\">last week</time>",
    ] {
        for inner in [
            format!("{date}<h3>{{title}}</h3><p>Many words.</p>"),
            format!("<h3>{{title}}</h3>{date}<p>Many words.</p>"),
            format!("<h3>{{title}}</h3><p>Many words.</p>{date}"),
            format!("<span>Politics</span><h3>{{title}}</h3><p>Many words.</p>{date}"),
        ] {
            let card = format!("<a class=\"card\" href=\"https://a.example/x\">{inner}</a>");
            check(["<div>", "</div>"], &card, " / Many words.");
            let card = format!("<article>{card}</article>");
            check(["<div>", "</div>"], &card, " / Many words.");
        }
    }
}

#[test]
fn dates_that_are_no_entrys() {
    let section = "<h2>Japan</h2><p><b>Squid counted</b></p><p>Many of them.</p><p><b>Boats lost</b></p><p>Two of them.</p>";
    let list = "<section><h2>Japan</h2><p>6 November 2026</p><ul><li><a href=\"https://a.example/x\">Squid counted again</a></li></ul></section>";
    let page = format!(
        "<html><body>{list}{}</body></html>",
        list.replace("Japan", "Sea")
    );
    let read = super::parse(Layout::Double, "page.html", page).unwrap();
    assert_eq!(
        read.published.map(|day| day.to_string()).as_deref(),
        Some("2026-11-06")
    );
    let page = format!("<html><body><p>6 November 2026</p>{section}</body></html>");
    let read = super::parse(Layout::Double, "page.html", page).unwrap();
    assert_eq!(
        read.published.map(|day| day.to_string()).as_deref(),
        Some("2026-11-06")
    );
    assert!(read.drafts.iter().all(|draft| draft.published.is_none()));
    // An entry without a date doesn't take another one's.
    let dated = |day| {
        format!(
            "<article><h3><a href=\"https://a.example/{day}\">Boats lost {day} times</a></h3><p>Many.</p>\
             <time datetime=\"2026-11-{day}\">{day} Nov</time></article>"
        )
    };
    let page = format!(
        "<html><body><article><h3><a href=\"https://a.example/p\">Read this first</a></h3><p>Pinned.</p></article>{}{}</body></html>",
        dated(19),
        dated(18)
    );
    let read = super::parse(Layout::Double, "page.html", page).unwrap();
    assert_eq!(read.published, None);
    assert_eq!(read.drafts[0].published, None);
}

#[test]
fn what_turns_a_sites_pages_is_no_text() {
    let stories = "<h2><a href=\"https://a.example/1\">Squid counted</a></h2><p>Many of them.</p>\
                   <h2><a href=\"https://a.example/2\">Boats lost</a></h2><p>Two of them.</p>";
    let expected = "Squid counted <https://a.example/1> / Many of them.\nBoats lost <https://a.example/2> / Two of them.\n";
    for pager in [
        "<p><a href=\"/1\">1</a> <a href=\"/2\">2</a> <a href=\"/3\">3</a> <a href=\"/2\">Next »</a></p>",
        "<div class=\"paging\"><a href=\"/1\">이전</a> <strong>2</strong> <a href=\"/3\">다음</a></div>",
        "<p>Page 2 of 5</p>",
        "<a rel=\"prev\" href=\"/1\">Prev</a>",
        "<ul><li><a href=\"/1\">1</a></li><li><a href=\"/2\">2</a></li><li><a href=\"/2\">Next »</a></li></ul>",
    ] {
        let page = format!("<html><body>{stories}{pager}</body></html>");
        assert_eq!(
            outcome(Layout::Double, "page.html", page),
            expected,
            "{pager}"
        );
    }
    let text = "<p>First and next, of 2026.</p>";
    let page = format!("<html><body>{stories}{text}</body></html>");
    assert!(outcome(Layout::Double, "page.html", page).contains("/ First and next, of 2026."));
}

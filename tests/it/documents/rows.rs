//! Rows of headlines that lead to their stories: not each of them has a text, and a day may stand over some.

use super::{Layout, outcome};

const TITLES: [&str; 4] = [
    "Squid counted again",
    "Boats lost at sea",
    "Ferry returns at last",
    "Pier gets lamps",
];

fn link(at: usize) -> String {
    format!("<a href=\"https://a.example/{at}\">{}</a>", TITLES[at])
}

fn read(body: &str) -> String {
    let page = format!("<html><body><main>{body}</main></body></html>");
    outcome(Layout::Double, "page.html", page)
}

#[test]
fn each_headline_is_an_item_whether_it_has_a_text_or_not() {
    let rows: [fn(String) -> String; 3] = [
        |link| format!("<p>{link}</p>"),
        |link| format!("<div>{link}</div>"),
        |link| format!("<p><strong>{link}</strong></p>"),
    ];
    for row in rows {
        for with_text in 0..1 << TITLES.len() {
            let has_text = |at: &usize| with_text >> at & 1 == 1;
            let entry = |at: usize| {
                let text = match has_text(&at) {
                    true => "<p>There is something to say of it.</p>",
                    false => "",
                };
                row(link(at)) + text
            };
            let body: String = (0..TITLES.len()).map(entry).collect();
            let expected: String = (0..TITLES.len())
                .map(|at| {
                    let text = match has_text(&at) {
                        true => " / There is something to say of it.",
                        false => "",
                    };
                    format!("[Japan] {} <https://a.example/{at}>{text}\n", TITLES[at])
                })
                .collect();
            assert_eq!(read(&format!("<h2>Japan</h2>{body}")), expected, "{body}");
        }
    }
    let markdown = "## Japan\n\n**[Squid counted again](https://a.example/0)**\n\nMany.\n\n\
        **[Boats lost at sea](https://a.example/1)**\n\n**[Ferry returns at last](https://a.example/2)**\n";
    assert_eq!(
        outcome(Layout::Double, "page.md", markdown),
        "[Japan] Squid counted again <https://a.example/0> / Many.\n\
         [Japan] Boats lost at sea <https://a.example/1>\n\
         [Japan] Ferry returns at last <https://a.example/2>\n"
    );
}

#[test]
fn a_day_over_headlines_is_theirs() {
    let days = [
        "<p>Saturday 21 November 2026</p>|<p>Friday 20 November 2026</p>",
        "<div class=\"date\"><time datetime=\"2026-11-21\">Saturday 21 November 2026</time></div>|\
         <div class=\"date\"><time datetime=\"2026-11-20\">Friday 20 November 2026</time></div>",
        "<h3>21 November 2026</h3>|<h3>20 November 2026</h3>",
    ];
    let groups: [fn([String; 2]) -> String; 4] = [
        |[one, two]| format!("<ul><li>{one}</li><li>{two}</li></ul>"),
        |[one, two]| format!("<p>{one}</p><p>{two}</p>"),
        |[one, two]| format!("<div>{one}</div><div>{two}</div>"),
        |[one, two]| format!("<p>{one} Much of it.</p><p>{two} More of it.</p>"),
    ];
    for days in days {
        let (first, second) = days.split_once('|').unwrap();
        for group in groups {
            let body = [
                first,
                &group([link(0), link(1)]),
                second,
                &group([link(2), link(3)]),
            ]
            .concat();
            let got = read(&format!("<h1>All of it</h1>{body}"));
            let found: Vec<&str> = got.lines().collect();
            assert_eq!(found.len(), 4, "{body}\n{got}");
            for (at, line) in found.iter().enumerate() {
                let day = ["2026-11-21", "2026-11-20"][at / 2];
                let expected = format!("{} ({day}) <https://a.example/{at}>", TITLES[at]);
                assert!(line.starts_with(&expected), "{body}\n{got}");
            }
        }
    }
    // Behind its headline a date is that one's, and above all of them the page's.
    let body = format!(
        "<p>21 November 2026</p><p>{}</p><p>20 November 2026</p><p>{}</p><p>19 November 2026</p>",
        link(0),
        link(1)
    );
    assert_eq!(
        read(&body),
        "Squid counted again (2026-11-20) <https://a.example/0>\nBoats lost at sea (2026-11-19) <https://a.example/1>\n"
    );
}

#[test]
fn a_plain_section_among_set_ones_is_read_as_well() {
    let set = format!("<h2>Japan</h2><h3>{}</h3><p>Many of them.</p>", link(0));
    for plain in [
        "<p>Gates open</p><p>All of them.</p><p>Talks end</p><p>Nobody knows why.</p>",
        "<dl><dt>Gates open</dt><dd>All of them.</dd><dt>Talks end</dt><dd>Nobody knows why.</dd></dl>",
        "<p><span style=\"font-weight:700\">Gates open</span></p><p>All of them.</p><p><span style=\"font-weight:bold\">Talks end</span></p><p>Nobody knows why.</p>",
    ] {
        assert_eq!(
            read(&format!("{set}<h2>남북관계</h2>{plain}")),
            "[Japan] Squid counted again <https://a.example/0> / Many of them.\n\
             [남북관계] Gates open / All of them.\n[남북관계] Talks end / Nobody knows why.\n",
            "{plain}"
        );
    }
    // What introduces set headlines is none.
    let led = format!(
        "<h2>남북관계</h2><p>It was quiet.</p><h3>{}</h3><p>Two.</p>",
        link(1)
    );
    assert_eq!(
        read(&format!("{set}{led}")),
        "[Japan] Squid counted again <https://a.example/0> / Many of them.\n\
         [남북관계] Boats lost at sea <https://a.example/1> / Two.\n"
    );
}

#[test]
fn a_section_of_one_story_is_one_beside_those_of_several() {
    let body = format!(
        "<h2>Fish</h2><p>{}</p><p>Many.</p><p>{}</p><p>Two.</p><h2>Harbours</h2><p>{}</p><p>At night.</p>",
        link(0),
        link(1),
        link(3)
    );
    assert_eq!(
        read(&body),
        "[Fish] Squid counted again <https://a.example/0> / Many.\n[Fish] Boats lost at sea <https://a.example/1> / Two.\n\
         [Harbours] Pier gets lamps <https://a.example/3> / At night.\n"
    );
}

#[test]
fn what_is_set_in_bold_by_its_style_is_a_headline() {
    let headline = |title: &str| {
        format!("<p><span style=\"font-weight:700;white-space:pre-wrap\">{title}</span></p>")
    };
    let text = |text: &str| format!("<p><span style=\"font-weight:400\">{text}</span></p>");
    let body = [
        headline("Squid counted again"),
        text("Many of them"),
        text("were squid."),
        headline("Boats lost"),
        text("Two, it is said"),
    ];
    // Copied documents have such an element around all of them.
    let body = format!(
        "<b style=\"font-weight:normal\"><h2>Japan</h2>{}</b>",
        body.concat()
    );
    assert_eq!(
        read(&body),
        "[Japan] Squid counted again / Many of them / were squid.\n[Japan] Boats lost / Two, it is said\n"
    );
}

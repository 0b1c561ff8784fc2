//! Pages as publishing systems and their writers make them: what stands within a story, boxes between stories, names of sections
//! with something beside them, lists with a date in each entry.

use super::{Layout, check, check_single, outcome};

const A: &str = "Squid counted off the coast";
const B: &str = "Boats lost at sea again";
const C: &str = "Ferry late on Sunday again";

fn html(body: &str) -> String {
    let page = format!("<html><body><h1>Weekly</h1>{body}</body></html>");
    outcome(Layout::Double, "page.html", page)
}

fn markdown(body: &str) -> String {
    outcome(Layout::Double, "page.md", body)
}

/// A story with a link in its heading, and a text.
fn linked(title: &str, at: u32) -> String {
    format!("<h3><a href=\"https://a.example/{at}\">{title}</a></h3><p>Text {at} of it.</p>")
}

#[track_caller]
fn has_titles(read: &str, titles: &[&str]) {
    let found: Vec<&str> = read
        .lines()
        .map(|line| line.split(" <").next().unwrap_or(line))
        .map(|line| line.split(" / ").next().unwrap_or(line))
        .collect();
    assert_eq!(found, titles, "{read}");
}

#[test]
fn what_is_set_like_a_heading_within_a_story_is_its_text() {
    let stories = [
        format!("[US-NK Relations] {A}"),
        format!("[US-NK Relations] {B}"),
        format!("[Japan] {C}"),
    ];
    let stories: Vec<&str> = stories.iter().map(String::as_str).collect();
    for inner in [
        "<p><strong>Why it matters:</strong></p><p>They count each year.</p>",
        "<p><strong>Background</strong></p><p>They count each year.</p>",
        "<h4>Background</h4><p>They count each year.</p>",
        "<p><b>UPDATE:</b></p><p>They count each year.</p>",
    ] {
        let (a, b, c) = (linked(A, 1), linked(B, 2), linked(C, 3));
        let one = format!("<h2>US-NK Relations</h2>{a}{inner}{b}<h2>Japan</h2>{c}");
        has_titles(&html(&one), &stories);
        let all = format!("<h2>US-NK Relations</h2>{a}{inner}{b}{inner}<h2>Japan</h2>{c}{inner}");
        let read = html(&all);
        has_titles(&read, &stories);
        assert_eq!(read.matches("They count each year.").count(), 3, "{read}");
    }
    let digest = "## US-NK Relations\n\n### [Squid counted off the coast](https://a.example/1)\n\nText.\n\n**Why it matters:**\n\n\
         They count each year.\n\n### [Boats lost at sea again](https://a.example/2)\n\nText.\n\n**Why it matters:**\n\nThey \
         sail each year.\n";
    has_titles(&markdown(digest), &stories[..2]);
}

#[test]
fn a_known_section_holds_headlines_of_its_own_level_and_of_higher_ones() {
    let expected = [
        format!("[US-NK Relations] {A}"),
        format!("[US-NK Relations] {B}"),
        format!("[Japan] {C}"),
    ];
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    for level in [3, 4] {
        let read = html(&format!(
            "<h{level}>US-NK Relations</h{level}>{}{}<h{level}>Japan</h{level}>{}",
            linked(A, 1),
            linked(B, 2),
            linked(C, 3)
        ));
        has_titles(&read, &expected);
    }
    for marks in ["##", "###"] {
        let read = markdown(&format!(
            "{marks} US-NK Relations\n\n## [{A}](https://a.example/1)\n\nText.\n\n## [{B}](https://a.example/2)\n\nText.\n\n\
             {marks} Japan\n\n## [{C}](https://a.example/3)\n\nText.\n"
        ));
        has_titles(&read, &expected);
    }
}

#[test]
fn a_box_between_stories_costs_none_of_those_behind_it() {
    let expected = [
        format!("[US-NK Relations] {A}"),
        format!("[US-NK Relations] {B}"),
        format!("[Japan] {C}"),
    ];
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    for between in [
        "<h3>Subscribe to our newsletter</h3><p>Get it every Friday.</p>",
        "<h2>Support us</h2><p>We need you.</p>",
        "<h4>Share this digest</h4><p>With friends.</p>",
        "<p>Thanks for reading so far!</p>",
        "<p>See you next week.</p>",
    ] {
        let read = html(&format!(
            "<h2>US-NK Relations</h2>{}{}{between}<h2>Japan</h2>{}",
            linked(A, 1),
            linked(B, 2),
            linked(C, 3)
        ));
        has_titles(&read, &expected);
    }
    // Where no section is known, the headlines behind it are set as those before it.
    let read = html(&format!(
        "<h2>Sea</h2>{}<h3>Subscribe to our newsletter</h3><p>Get it every Friday.</p>{}{}",
        linked(A, 1),
        linked(B, 2),
        linked(C, 3)
    ));
    has_titles(
        &read,
        &[
            &format!("[Sea] {A}"),
            &format!("[Sea] {B}"),
            &format!("[Sea] {C}"),
        ],
    );
    // At the end it ends the page.
    let read = html(&format!(
        "<h2>Sea</h2>{}{}<h3>Related posts</h3><ul><li><a href=\"https://a.example/9\">Whales seen off the coast</a></li></ul>",
        linked(A, 1),
        linked(B, 2)
    ));
    has_titles(&read, &[&format!("[Sea] {A}"), &format!("[Sea] {B}")]);
}

#[test]
fn a_known_name_is_known_whatever_it_looks_like() {
    for name in [
        "🕊\u{FE0F} US-NK Relations",
        "US-NK Relations ☢\u{FE0F}",
        "1\u{FE0F}\u{20E3} US-NK Relations",
        "US-NK\u{3164} Relations",
    ] {
        check(
            &format!("{name}\n\n\n{A}\n\nText.\n"),
            &format!("[{name}] {A} / Text."),
        );
        let read = markdown(&format!("## {name}\n\n### {A}\n\nText.\n"));
        assert!(read.contains(A) && !read.contains("[Other"), "{read}");
    }
    check(
        &format!(
            "US-NK Relations\n\n\n{A}\n\nText.\n\n\n❤\u{FE0F} Hanbit Weekly is funded by\n\n\n{B}\n\nText.\n"
        ),
        &format!("[US-NK Relations] {A} / Text."),
    );
}

#[test]
fn a_link_in_a_heading_is_none_of_its_name() {
    for heading in [
        "<h2>US-NK Relations <a href=\"/category/us-nk\">More »</a></h2>",
        "<h2>US-NK Relations <a href=\"#top\">Back to top</a></h2>",
        "<h2><a href=\"#us-nk\">US-NK Relations</a></h2>",
        "<h2><a href=\"/category/us-nk\">US-NK Relations</a></h2>",
    ] {
        let read = html(&format!("{heading}{}{}", linked(A, 1), linked(B, 2)));
        has_titles(
            &read,
            &[
                &format!("[US-NK Relations] {A}"),
                &format!("[US-NK Relations] {B}"),
            ],
        );
    }
    for heading in [
        "<h2><a href=\"#sea\">Sea</a></h2>",
        "<h2><a href=\"https://a.example/category/sea\">Sea</a></h2>",
    ] {
        let story = |title: &str, at: u32| {
            format!("<p><a href=\"https://a.example/{at}\">{title}</a></p><p>Text {at} of it.</p>")
        };
        let read = html(&format!("{heading}{}{}", story(A, 1), story(B, 2)));
        has_titles(&read, &[&format!("[Sea] {A}"), &format!("[Sea] {B}")]);
    }
}

/// The entries of a list, each with its own day.
#[track_caller]
fn has_days(entry: &str) {
    let entries = [(A, 8), (B, 7), (C, 6)].map(|(title, day)| {
        entry
            .replace("{t}", title)
            .replace("{l}", &format!("https://a.example/{day}"))
            .replace("{d}", &day.to_string())
    });
    let read = html(&format!("<main>{}</main>", entries.concat()));
    for (title, day) in [(A, 8), (B, 7), (C, 6)] {
        let line = read
            .lines()
            .find(|line| line.contains(title))
            .unwrap_or_default();
        let is_whole = line.contains(&format!("2019-03-0{day}"))
            && line.contains(&format!("<https://a.example/{day}>"))
            && line.contains("Text of it.");
        assert!(is_whole, "{title}: {read}");
    }
    assert_eq!(read.lines().count(), 3, "{read}");
}

#[test]
fn each_entry_of_a_list_has_its_own_date_and_link() {
    for entry in [
        "<article><a href=\"{l}\"><h2>{t}</h2><div>Text of it.</div></a><footer><time datetime=\"2019-03-0{d}\">Mar {d}, 2019</time>\
         <span>3 min read</span></footer></article>",
        "<article><h2><a href=\"{l}\">{t}</a></h2><p>Text of it.</p><footer><a href=\"/author/ann\">Ann Lee</a> · \
         <time datetime=\"2019-03-0{d}\">Mar {d}, 2019</time></footer></article>",
        "<div class=\"post-preview\"><a href=\"{l}\">{t}</a><a href=\"{l}\">Text of it.</a><div><div><time datetime=\"2019-03-0{d}T00:00:00Z\">\
         Mar {d}, 2019</time></div><span>•</span><div><a href=\"https://letters.example/@ann\">Ann Lee</a></div></div></div>",
        "<article><div class=\"meta\"><span class=\"one\"><span class=\"author\">Ann Lee</span><time>3/{d}/19</time></span><span class=\"two\">\
         <a href=\"/blog/category/sea\">Sea</a></span></div><h1><a href=\"{l}\">{t}</a></h1><p>Text of it.</p></article>",
        "<article class=\"post-entry\"><header><h2>{t}</h2></header><div><p>Text of it.</p></div><footer class=\"entry-footer\">\
         <span>March {d}, 2019</span>&nbsp;·&nbsp;1 min&nbsp;·&nbsp;Ann Lee</footer><a class=\"entry-link\" href=\"{l}\"></a></article>",
        "<article><a href=\"{l}\"><img src=\"{d}.jpg\"></a><h3>{t}</h3><p>Text of it.</p><time datetime=\"2019-03-0{d}\">Mar {d}, 2019</time>\
         </article>",
        "<div class=\"post-item\"><a href=\"{l}\"><span class=\"title\">{t}</span><span class=\"excerpt\">Text of it.</span>\
         <span class=\"date\">2019.03.0{d}.</span></a></div>",
        "<div class=\"card promo\"><h3><a href=\"{l}\">{t}</a></h3><p>Text of it.</p><time datetime=\"2019-03-0{d}\">Mar {d}, 2019</time></div>",
    ] {
        has_days(entry);
    }
}

#[test]
fn however_many_pictures_stand_before_the_cards() {
    let pictures: String = (0..60)
        .map(|at| format!("<a href=\"https://a.example/gallery/{at}\"><img src=\"{at}.jpg\"></a>"))
        .collect();
    let cards = [(A, 1), (B, 2), (C, 3)].map(|(title, at)| {
        format!(
            "<article><a href=\"https://a.example/{at}\"><img src=\"{at}.jpg\"></a><h3>{title}</h3><p>Text of it.</p></article>"
        )
    });
    let read = html(&format!("<div>{pictures}</div>{}", cards.concat()));
    has_titles(&read, &[A, B, C]);
    for at in 1..=3 {
        let link = format!("<https://a.example/{at}>");
        assert!(read.contains(&link), "{link} in {read}");
    }
}

#[test]
fn a_subtitle_below_each_headline_is_text() {
    for story in [
        "<article><a href=\"{l}\"><h2>{t}</h2><h3>Text of it</h3></a></article>",
        "<h2><a href=\"{l}\">{t}</a></h2><h4>A subtitle of it</h4><p>Text of it.</p>",
    ] {
        let stories = [(A, 1), (B, 2), (C, 3)].map(|(title, at)| {
            story
                .replace("{t}", title)
                .replace("{l}", &format!("https://a.example/{at}"))
        });
        let read = html(&stories.concat());
        has_titles(&read, &[A, B, C]);
        assert!(read.contains("<https://a.example/3>"), "{read}");
    }
}

#[test]
fn a_bookmark_of_notion_is_a_story() {
    let bookmark = |title: &str, at: u32| {
        format!(
            "<figure><a href=\"https://a.example/{at}\" class=\"bookmark source\"><div class=\"bookmark-info\"><div class=\"bookmark-title\">\
             {title}</div><div class=\"bookmark-description\">Text {at} of it.</div></div></a></figure>"
        )
    };
    let read = html(&format!(
        "<h2>Japan</h2>{}{}",
        bookmark(A, 1),
        bookmark(B, 2)
    ));
    has_titles(&read, &[&format!("[Japan] {A}"), &format!("[Japan] {B}")]);
}

#[test]
fn rule_4_a_headline_right_behind_a_known_heading_where_all_gaps_are_one() {
    check_single(
        &format!("Japan\n\n{A}\n\n{B}\n\n{C}\n"),
        &format!("[Japan] {A}\n[Japan] {B}\n[Japan] {C}"),
    );
    check_single(
        &format!("Japan\n\nOsaka\n\n{B}\n\nText.\n\n{C}\n\nText.\n"),
        &format!("[Osaka] {B} / Text.\n[Osaka] {C} / Text."),
    );
}

#[test]
fn a_title_that_begins_with_by_is_a_title() {
    let read = html(&format!(
        "<h2>Japan</h2><p><a href=\"https://a.example/1\">By Train to Pyongyang</a></p><p>Text of it.</p>{}",
        "<p><a href=\"https://a.example/2\">Boats lost at sea again</a></p><p>Text of it.</p>"
    ));
    has_titles(
        &read,
        &["[Japan] By Train to Pyongyang", &format!("[Japan] {B}")],
    );
}

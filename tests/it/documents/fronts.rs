//! Pages as their readers see them: front pages with a lead story, sections of one story, stories that no heading holds,
//! and pages of a single story.

use insta::assert_snapshot;

use super::{Layout, outcome};

/// What comes of a page's body.
fn read(body: &str) -> String {
    titled("The Daily", body)
}

/// The same of a page that is called so.
fn titled(title: &str, body: &str) -> String {
    let page = format!("<html><head><title>{title}</title></head><body>{body}</body></html>");
    outcome(Layout::Double, "page.html", page)
}

/// A story of a front page, with its text so many times.
fn card(number: u32, title: &str, times: usize) -> String {
    let text = "They were counted again. ".repeat(times);
    format!(
        "<article><h2><a href=\"https://a.example/{number}\">{title}</a></h2><p>{}</p></article>",
        text.trim_end()
    )
}

/// A story as a paragraph that begins with its headline.
fn story(number: u32) -> String {
    format!(
        "<p><a href=\"https://a.example/{number}\">Story number {number} goes on</a> Text {number}.</p>"
    )
}

fn titles(read: &str) -> Vec<&str> {
    read.lines()
        .map(|line| line.split(" <").next().unwrap_or(line))
        .collect()
}

#[test]
fn a_lead_story_is_one_of_a_list() {
    let three = [
        card(1, "Squid counted", 12),
        card(2, "Boats lost", 1),
        card(3, "Ferry returns", 1),
    ];
    let expected = ["Squid counted", "Boats lost", "Ferry returns"];
    assert_eq!(titles(&read(&three.concat())), expected);
    assert_eq!(
        titles(&read(&format!("<main>{}</main>", three.concat()))),
        expected
    );
    // The only one with much text, wherever the others stand.
    let [one, two, three] = three;
    for page in [
        format!("<div class=\"lead\">{one}</div><div class=\"more\">{two}{three}</div>"),
        format!("<ul><li>{one}</li><li>{two}</li><li>{three}</li></ul>"),
        format!("{one}{two}{three}")
            .replace("<p>", "<div class=\"entry-content\"><p>")
            .replace("</p>", "</p></div>"),
    ] {
        assert_eq!(titles(&read(&page)), expected, "{page}");
    }
    let short = card(1, "Squid counted in three bays", 1) + &card(2, "Boats", 1);
    assert_eq!(
        titles(&read(&short)),
        ["Squid counted in three bays", "Boats"]
    );
}

#[test]
fn a_digest_among_other_articles_is_the_page() {
    let digest = "<h2>Japan</h2><h3>Squid counted</h3><p>Many of them are left in the sea.</p>\
                  <h3>Boats lost</h3><p>Two of them were found in the harbour.</p>";
    for page in [
        format!(
            "<main><article><h1>Weekly</h1>{digest}</article></main><section>{}</section>",
            card(7, "An older issue", 1)
        ),
        // What its sections are called says which of two it is.
        format!(
            "<article><h2><a href=\"https://a.example/w\">Weekly</a></h2>{digest}</article>{}",
            card(7, "An older issue", 1)
        ),
    ] {
        let expected = "[Japan] Squid counted / Many of them are left in the sea.\n\
                        [Japan] Boats lost / Two of them were found in the harbour.\n";
        assert_eq!(read(&page), expected, "{page}");
    }
    // A section each, one of which the configuration knows.
    let sections = format!(
        "<article><h2>Japan</h2>{}{}</article><article><h2>Sea</h2>{}{}</article>",
        story(1),
        story(2),
        story(3),
        story(4)
    );
    assert_snapshot!(read(&sections), @"
    [Japan] Story number 1 goes on <https://a.example/1> / Text 1.
    [Japan] Story number 2 goes on <https://a.example/2> / Text 2.
    [Sea] Story number 3 goes on <https://a.example/3> / Text 3.
    [Sea] Story number 4 goes on <https://a.example/4> / Text 4.
    ");
}

#[test]
fn a_section_may_have_one_story() {
    let of = |counts: [u32; 3]| {
        let mut number = 0;
        let mut page = String::new();
        for (heading, count) in ["US-NK Relations", "Japan", "Sea"].into_iter().zip(counts) {
            if count > 0 {
                page.push_str(&format!("<h2>{heading}</h2>"));
            }
            for _ in 0..count {
                number += 1;
                page.push_str(&story(number));
            }
        }
        page
    };
    for counts in [
        [1, 1, 0],
        [1, 2, 0],
        [2, 1, 0],
        [3, 1, 2],
        [2, 1, 2],
        [1, 1, 1],
        [2, 2, 1],
    ] {
        let read = read(&of(counts));
        let lines: Vec<&str> = read.lines().collect();
        let headings = ["US-NK Relations", "Japan", "Sea"].into_iter().zip(counts);
        let headings = headings.flat_map(|(heading, count)| (0..count).map(move |_| heading));
        let expected: Vec<String> = (1..)
            .zip(headings)
            .map(|(n, heading)| {
                format!("[{heading}] Story number {n} goes on <https://a.example/{n}> / Text {n}.")
            })
            .collect();
        assert_eq!(lines, expected, "{counts:?}");
    }
}

#[test]
fn a_section_of_one_story_stands_beside_sections_of_other_kinds() {
    let one = format!("<h2>Japan</h2>{}", story(3));
    for others in [
        "<ul><li><a href=\"https://a.example/1\">Story number 1 goes on</a></li></ul>",
        "<h3>Story number 1 goes on</h3><p>Text 1.</p>",
        "<p><b>Story number 1 goes on</b></p><p>Text 1.</p>",
    ] {
        let read = read(&format!("<h2>US-NK Relations</h2>{others}{one}"));
        let lines: Vec<&str> = read.lines().collect();
        assert!(
            lines[0].starts_with("[US-NK Relations] Story number 1"),
            "{read}"
        );
        assert_eq!(
            lines[1..],
            ["[Japan] Story number 3 goes on <https://a.example/3> / Text 3."]
        );
    }
    // The link may stand at its end, as in the others.
    let ends = |number: u32| {
        format!(
            "<p>Story {number} goes on. It is long. <a href=\"https://a.example/{number}\">Yonhap</a></p>"
        )
    };
    let page = format!(
        "<h2>US-NK Relations</h2>{}{}<h2>Japan</h2>{}",
        ends(1),
        ends(2),
        ends(3)
    );
    assert_snapshot!(read(&page), @"
    [US-NK Relations] Story 1 goes on. <https://a.example/1> / It is long. Yonhap
    [US-NK Relations] Story 2 goes on. <https://a.example/2> / It is long. Yonhap
    [Japan] Story 3 goes on. <https://a.example/3> / It is long. Yonhap
    ");
    // Where headlines are set like their text, a linked name in it makes none.
    let plain = "<h2>Japan</h2><p>Squid counted</p><p><a href=\"https://a.example/lee\">Ann Lee</a> counted them.</p>\
                 <h2>US-NK Relations</h2><p>Envoy visits</p><p>She stays.</p>";
    assert_snapshot!(read(plain), @"
    [Japan] Squid counted / Ann Lee counted them.
    [US-NK Relations] Envoy visits / She stays.
    ");
}

#[test]
fn stories_that_no_heading_holds_are_items_without_one() {
    let sections = format!("<h2>Japan</h2>{}{}", story(1), story(2));
    let (three, four) = (story(3), story(4));
    let in_front = read(&format!("{three}{four}{sections}"));
    assert_snapshot!(in_front, @"
    Story number 3 goes on <https://a.example/3> / Text 3.
    Story number 4 goes on <https://a.example/4> / Text 4.
    [Japan] Story number 1 goes on <https://a.example/1> / Text 1.
    [Japan] Story number 2 goes on <https://a.example/2> / Text 2.
    ");
    let behind = read(&format!("{sections}<hr>{three}{four}"));
    assert_snapshot!(behind, @"
    [Japan] Story number 1 goes on <https://a.example/1> / Text 1.
    [Japan] Story number 2 goes on <https://a.example/2> / Text 2.
    Story number 3 goes on <https://a.example/3> / Text 3.
    Story number 4 goes on <https://a.example/4> / Text 4.
    ");
    let between = read(&format!("<h2>Japan</h2>{}<hr>{three}<hr>{four}", story(1)));
    assert_snapshot!(between, @"
    [Japan] Story number 1 goes on <https://a.example/1> / Text 1.
    Story number 3 goes on <https://a.example/3> / Text 3.
    Story number 4 goes on <https://a.example/4> / Text 4.
    ");
    let by_hand = |number: u32| {
        format!("[Story number {number} goes on](https://a.example/{number}) Text {number}.\n\n")
    };
    let section = format!("## Japan\n\n{}{}", by_hand(1), by_hand(2));
    let (three, four) = (by_hand(3), by_hand(4));
    for (page, expected) in [
        (format!("{three}{four}{section}"), &in_front),
        (format!("{section}---\n\n{three}{four}"), &behind),
    ] {
        assert_eq!(&outcome(Layout::Double, "page.md", page), expected);
    }
}

#[test]
fn a_list_in_front_of_the_sections_is_news_or_a_menu() {
    let page = |entries: [&str; 2]| {
        let entry = |title| format!("<li><a href=\"https://a.example/x\">{title}</a></li>");
        let entries: String = entries.into_iter().map(entry).collect();
        read(&format!(
            "<ul>{entries}</ul><h2>Japan</h2>{}{}",
            story(1),
            story(2)
        ))
    };
    let news = page(["Squid counted in three bays", "Boats lost in the storm"]);
    assert_eq!(news.lines().count(), 4, "{news}");
    assert!(news.starts_with("Squid counted in three bays <"), "{news}");
    for menu in [
        ["Home", "About us"],
        ["Home", "What we write about the sea"],
    ] {
        assert_eq!(page(menu).lines().count(), 2, "{menu:?}");
    }
}

#[test]
fn what_stands_around_sections_is_no_story() {
    let sections = format!("<h2>Japan</h2>{}{}", story(1), story(2));
    for around in [
        "<p><a href=\"https://a.example/\">The Daily</a> is written by Ann Lee.</p>",
        "<p><a href=\"https://a.example/ann\">Ann Lee</a> | <a href=\"https://a.example/b\">Bo Kim</a></p>",
        "<p><a href=\"https://a.example/s\">Subscribe to our letter</a> for more.</p><p><a href=\"https://a.example/o\">Read all older issues</a> in the archive.</p>",
        "<p>Welcome back to <a href=\"https://a.example/\">our small letter</a>.</p>",
    ] {
        for page in [
            format!("{around}{sections}"),
            format!("{sections}<hr>{around}"),
        ] {
            assert_eq!(read(&page).lines().count(), 2, "{page}");
        }
    }
}

#[test]
fn a_page_of_one_story_is_called_by_its_title() {
    let text = "<p>She stays two days in the capital.</p><p>She meets the minister twice.</p>";
    let expected = "Envoy to visit Seoul / She stays two days in the capital. / She meets the minister twice.\n";
    for page in [
        format!("<article><h1>Envoy to visit Seoul</h1>{text}</article>"),
        format!("<main><h1>Envoy to visit Seoul</h1><p>By Jane Roe</p>{text}</main>"),
        // The text alone is what publishing systems mark.
        format!(
            "<h1>The Daily</h1><main><article><header><h1>Envoy to visit Seoul</h1></header>\
             <div class=\"entry-content\">{text}</div></article></main>"
        ),
        format!(
            "<h1>The Daily</h1><div class=\"post\"><h3>Envoy to visit Seoul</h3><div class=\"post-body\">{text}</div></div>"
        ),
    ] {
        assert_eq!(titled("Envoy to visit Seoul – The Daily", &page), expected);
    }
    // One paragraph may be a wall, unless it says that it is an article.
    let one = "<h1>Envoy to visit Seoul</h1><p>She stays two days in the capital, and leaves.</p>";
    assert_snapshot!(read(&format!("<article>{one}</article>")), @"Envoy to visit Seoul / She stays two days in the capital, and leaves.");
    assert!(read(one).contains("no headlines were found"));
    // What is set like a headline below the title is one.
    assert_snapshot!(read("<h1>Weekly</h1><p>Squid counted</p><p>Many of them.</p>"), @"Squid counted / Many of them.");
}

#[test]
fn several_headings_of_the_first_level_are_as_many_stories() {
    let linked = |number: u32, title: &str, text: &str| {
        format!("<h1><a href=\"https://a.example/{number}\">{title}</a></h1>{text}")
    };
    let page = linked(1, "Squid counted again", "<p>Text a.</p>")
        + &linked(2, "Boats lost at sea", "<p>Text b.</p>")
        + &linked(3, "Ferry returns at last", "<p>Text c.</p>");
    // The page may be called by any of them.
    assert_snapshot!(titled("The Daily: Boats lost at sea", &page), @"
    Squid counted again <https://a.example/1> / Text a.
    Boats lost at sea <https://a.example/2> / Text b.
    Ferry returns at last <https://a.example/3> / Text c.
    ");
    // The first may lead to the site.
    let site = "<h1><a href=\"https://a.example/\">Hanbit of the Sea</a></h1>";
    let digest = linked(
        12,
        "Weekly digest number 12",
        "<p><b>Squid counted</b></p><p>Many.</p><p><b>Boats lost</b></p><p>Two.</p>",
    );
    assert_snapshot!(read(&format!("{site}{digest}")), @"
    Squid counted / Many.
    Boats lost / Two.
    ");
    let alone = linked(1, "Squid counted again", "") + &linked(2, "Boats lost at sea", "");
    assert_snapshot!(read(&alone), @"
    Squid counted again <https://a.example/1>
    Boats lost at sea <https://a.example/2>
    ");
    // A page's own title isn't the headline of what stands below the next one.
    let two = "<h1>Weekly, of the sea</h1><p>Text a.</p><h1>Boats lost at sea</h1><p>Text b.</p>";
    assert_snapshot!(titled("Weekly, of the sea", two), @"Boats lost at sea / Text b.");
}

/// Archives of mailing lists put letters up as they were written, between links to the letters before and after.
#[test]
fn a_letter_in_an_archive_of_lists_is_read_as_it_was_written() {
    let links = "<ul><li>Previous message: <a href=\"45.html\">[weekly] Roundup 46</a></li>\
         <li>Next message: <a href=\"47.html\">[weekly] Roundup 48</a></li>\
         <li><b>Messages sorted by:</b> <a href=\"date.html\">[ date ]</a> <a href=\"thread.html\">[ thread ]</a></li></ul>";
    let many = "Many words stand in letters. ".repeat(12);
    let letter = format!(
        "Sea Relations\n\n\nSquid counted again\n\n{}\n\n\nBoats lost at sea\n\nOther words.\n\
         &lt;<a href=\"https://a.example/2\">https://a.example/2</a>&gt;\n",
        many.trim_end()
    );
    let page = read(&format!(
        "<h1>[weekly] Roundup 47</h1><b>Ann Lee</b> <a href=\"mailto:weekly\">ann at example.org</a><br>\
         <i>Fri Nov 20 09:00:00 KST 2026</i><p>{links}<hr><pre>{letter}</pre><hr><p>{links}"
    ));
    let expected = format!(
        "[Sea Relations] Squid counted again / {}\n\
         [Sea Relations] Boats lost at sea / Other words. <https://a.example/2>\n",
        many.trim_end()
    );
    assert_eq!(page, expected);
}

/// Headlines that begin as what sites say around their texts.
const NEARLY_FURNITURE: [&str; 20] = [
    "Subscribers Flee as Cable Prices Rise",
    "Copyright Law Amended After Ten Years",
    "Copyright Holders Sue Portal",
    "Tagged Pigs Found at Border",
    "Labels on Food to Change",
    "Category 4 Typhoon Nears the Island",
    "Powered by Coal: The Grid of the North",
    "Posted in Kaesong: Guards Return",
    "Log in Records Show Spy at Ministry",
    "Filed Under Seal: The Shipyard Case",
    "View All Votes Counted by Noon",
    "12 Views of the Old Harbour",
    "2 Likes Cost Official His Job",
    "10 Shares Fall on Monday",
    "Have a Good Day, Says the Envoy",
    "Sign Up for Military Service Falls",
    "More from Hanoi Summit Emerges",
    "Written by Prisoners: Letters From the Camp",
    "Share This Burden, Minister Tells Allies",
    "댓글 조작 사건 재판 시작",
];

#[test]
fn a_headline_that_begins_like_furniture_is_one() {
    for title in NEARLY_FURNITURE {
        let layouts: [fn(&str, u32) -> String; 5] = [
            |title, at| format!("<h3>{title}</h3><p>Text {at} of it.</p>"),
            |title, at| {
                format!(
                    "<h3><a href=\"https://a.example/{at}\">{title}</a></h3><p>Text {at} of it.</p>"
                )
            },
            |title, at| format!("<p><b>{title}</b></p><p>Text {at} of it.</p>"),
            |title, at| {
                format!(
                    "<p><a href=\"https://a.example/{at}\">{title}</a></p><p>Text {at} of it.</p>"
                )
            },
            |title, at| {
                format!("<p><a href=\"https://a.example/{at}\">{title}</a><br>Text {at} of it.</p>")
            },
        ];
        for (layout, story) in layouts.iter().enumerate() {
            let body = [
                "Boats lost at sea again",
                title,
                "Ferry late on Sunday again",
                "Squid counted once more",
            ];
            let body: String = body
                .iter()
                .zip(0..)
                .map(|(title, at)| story(title, at))
                .collect();
            let read = read(&format!("<h1>Weekly</h1><h2>Sea</h2>{body}"));
            let expected = read.lines().count() == 4 && read.contains(&format!("[Sea] {title} "));
            assert!(expected, "{layout} {title}: {read}");
        }
    }
}

#[test]
fn what_sites_say_around_their_texts_is_still_none_of_it() {
    for said in [
        "<p>Tags: <a href=\"/tag/a\">squid</a>, <a href=\"/tag/b\">sea</a></p>",
        "<p>Posted in <a href=\"/category/sea\">Sea</a></p>",
        "<p>Filed under: Sea</p>",
        "<p>12 Comments</p>",
        "<p>3 likes 2 comments</p>",
        "<p>Powered by WordPress</p>",
        "<p>Copyright © Hanbit Media</p>",
        "<p><a href=\"/in\">Log in to leave a comment</a></p>",
        "<p><a href=\"/all\">See all posts</a></p>",
        "<p>Subscribe to our newsletter</p>",
        "<p><b>Subscribe now</b></p>",
        "<h3>Subscribe to Hanbit Weekly</h3><p>Every week.</p>",
        "<h3>Sign up for our newsletter</h3><p>Every week.</p>",
        "<h3>More from Hanbit Weekly</h3><p>Every week.</p>",
        "<h3>댓글 3개</h3><p>좋아요.</p>",
        "<p>Have a great weekend!</p>",
    ] {
        let read = read(&format!(
            "<h1>Weekly</h1><h2>Sea</h2><h3><a href=\"https://a.example/1\">Boats lost at sea</a></h3><p>Many words.</p>\
             <h3><a href=\"https://a.example/2\">Squid counted again</a></h3><p>Other words.</p>{said}"
        ));
        assert_eq!(
            read,
            "[Sea] Boats lost at sea <https://a.example/1> / Many words.\n\
             [Sea] Squid counted again <https://a.example/2> / Other words.\n",
            "{said}"
        );
    }
}

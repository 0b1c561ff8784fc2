//! Labels beside headlines: who wrote a story, of what kind it is, where it appeared. They are no items, no links of items,
//! and take nothing with them.

use super::{Layout, outcome};

/// Labels that lead somewhere, and nothing else.
const LABELS: [&str; 6] = [
    "<p>By <a href=\"https://a.example/who/jane\">Jane Roe</a></p>",
    "<p><a href=\"https://a.example/author/jane\">Jane Roe</a></p>",
    "<p><a href=\"https://a.example/category/sea/squid/\">Squid</a></p>",
    "<p class=\"post-category\"><a href=\"https://a.example/k/7\">Squid</a></p>",
    "<p><a rel=\"author\" href=\"https://a.example/k/7\">Jane Roe</a></p>",
    "<p><a href=\"https://a.example/give/donate\">Help us</a></p>",
];

fn page(name: &str, page: &str) -> String {
    outcome(Layout::Double, name, page)
}

#[test]
fn a_label_is_never_an_items_link() {
    for label in LABELS {
        let html = format!(
            "<html><body><h1>Weekly</h1><h3>Squid counted again</h3><p>Many words.</p>{label}\
             <h3>Boats lost at sea</h3><p>Other words.</p></body></html>"
        );
        assert_eq!(
            page("page.html", &html),
            "Squid counted again / Many words.\nBoats lost at sea / Other words.\n",
            "{label}"
        );
    }
    let markdown = "## Sea\n\n### Squid counted again\n\nMany words.\n\nBy [Jane Roe](https://a.example/who/jane)\n\n\
         ### Boats lost at sea\n\nOther words.\n";
    assert_eq!(
        page("page.md", markdown),
        "[Sea] Squid counted again / Many words.\n[Sea] Boats lost at sea / Other words.\n"
    );
}

#[test]
fn the_same_words_at_several_stories_are_no_storys_link() {
    let label = "<p><a href=\"https://a.example/k/7\">Squid</a></p>";
    let html = format!(
        "<html><body><h3>Squid counted again</h3><p>Many words.</p>{label}<h3>Boats lost at sea</h3>\
         <p>Other words.</p>{label}</body></html>"
    );
    assert_eq!(
        page("page.html", &html),
        "Squid counted again / Many words.\nBoats lost at sea / Other words.\n"
    );
}

#[test]
fn a_front_page_is_no_story() {
    let ends = [
        (
            "<p>Many words. (<a href=\"https://out.example/\">Outlet</a>)</p>",
            "Many words. (Outlet)",
        ),
        (
            "<p>Many words.</p><p>Source: <a href=\"https://out.example\">Outlet</a></p>",
            "Many words. / Source: Outlet",
        ),
        (
            "<p>Many words.</p><p>Photo: <a href=\"https://out.example/9\">Outlet</a></p>",
            "Many words. / Photo: Outlet",
        ),
    ];
    for (end, text) in ends {
        let html = format!(
            "<html><body><h3>Squid counted again</h3>{end}<h3>Boats lost at sea</h3><p>Other words.</p></body></html>"
        );
        let expected = format!("Squid counted again / {text}\nBoats lost at sea / Other words.\n");
        assert_eq!(page("page.html", &html), expected, "{end}");
    }
    // In a digest an address behind a text is the item's link, wherever it leads (rule 6).
    let digest = |address: &str| {
        format!(
            "Sea News\n\n\n\nSquid counted again\n\nMany words.\n\n{address}\n\n\nBoats lost\n\nOther words.\n"
        )
    };
    assert_eq!(
        page("page.txt", &digest("https://out.example/")),
        "[Sea News] Squid counted again <https://out.example/> / Many words.\n[Sea News] Boats lost / Other words.\n"
    );
    assert_eq!(
        page("page.txt", &digest("https://out.example/?p=7")),
        "[Sea News] Squid counted again <https://out.example/?p=7> / Many words.\n[Sea News] Boats lost / Other words.\n"
    );
}

/// Three stories with their labels, as entries with `{label}`, `{title}` and `{text}` in them.
fn entries(entry: &str) -> String {
    let stories = [
        ("Squid counted again", "Jane Roe"),
        ("Boats lost at sea", "Bo Dahl"),
        ("Ferry returns to port", "Cy Marsh"),
    ];
    let entry = |(at, (title, name)): (usize, &(&str, &str))| {
        let label = format!("<a href=\"https://a.example/k/{at}\">{name}</a>");
        let title = format!("<a href=\"https://a.example/{at}\">{title}</a>");
        entry
            .replace("{label}", &label)
            .replace("{title}", &title)
            .replace("{text}", "<p>Many words.</p>")
    };
    let entries: Vec<String> = stories.iter().enumerate().map(entry).collect();
    format!(
        "<html><body><main><h1>Weekly</h1>{}</main></body></html>",
        entries.concat()
    )
}

const READ: &str = "Squid counted again <https://a.example/0> / Many words.\n\
     Boats lost at sea <https://a.example/1> / Many words.\n\
     Ferry returns to port <https://a.example/2> / Many words.\n";

#[test]
fn a_linked_label_beside_a_linked_headline_takes_nothing_from_it() {
    for headline in ["<h3>{title}</h3>", "<p><strong>{title}</strong></p>"] {
        for entry in [
            "<article><p>{label}</p>{headline}{text}</article>",
            "<article>{headline}<p>{label}</p>{text}</article>",
            "<article>{headline}{text}<p>{label}</p></article>",
            "<div class=\"post\"><p>{label}</p>{headline}{text}</div>",
            "<div>{headline}<div>{label}</div>{text}</div>",
            "<p>{label}</p>{headline}{text}",
            "{headline}<p>{label}</p>{text}",
        ] {
            let entry = entry.replace("{headline}", headline);
            assert_eq!(page("page.html", &entries(&entry)), READ, "{entry}");
        }
    }
}

#[test]
fn a_section_that_leads_somewhere_holds_its_stories() {
    let html = "<html><body><main><h1>Weekly</h1>\
         <h2>News of the Sea</h2>\
         <p><a href=\"https://a.example/1\">Squid Fall</a></p><p>Many words.</p>\
         <p><a href=\"https://a.example/2\">Boats lost at sea</a></p><p>Other words.</p>\
         <h2><a href=\"https://a.example/land\">News of the Land</a></h2>\
         <ul><li><a href=\"https://a.example/3\">Ferry Returns</a></li><li><a href=\"https://a.example/4\">Rain</a></li></ul>\
         </main></body></html>";
    assert_eq!(
        page("page.html", html),
        "[News of the Sea] Squid Fall <https://a.example/1> / Many words.\n\
         [News of the Sea] Boats lost at sea <https://a.example/2> / Other words.\n\
         [News of the Land] Ferry Returns <https://a.example/3>\n[News of the Land] Rain <https://a.example/4>\n"
    );
}

#[test]
fn labels_above_belong_to_the_story_that_follows() {
    let story = |label: &str, date: &str, title: &str| {
        format!(
            "<article><div><a href=\"https://a.example/k/{label}\">{label}</a> / <time datetime=\"{date}\">some day</time>\
             </div><h3><a href=\"https://a.example/{title}\">{title} at sea</a></h3><p>Many words.</p></article>"
        )
    };
    let html = format!(
        "<html><body><main><h1>Weekly</h1>{}{}</main></body></html>",
        story("Land", "2026-11-18", "Boats"),
        story("Air", "2026-11-17", "Ferries"),
    );
    assert_eq!(
        page("page.html", &html),
        "Boats at sea (2026-11-18) <https://a.example/Boats> / Many words.\n\
         Ferries at sea (2026-11-17) <https://a.example/Ferries> / Many words.\n"
    );
}

#[test]
fn a_label_that_the_configuration_knows_files_its_own_story_alone() {
    for labels in [["Land", "Japan", "Air"], ["Japan", "Land", "Japan"]] {
        let story = |(at, label): (usize, &&str)| {
            format!(
                "<article><p class=\"cat\"><a href=\"https://a.example/k/{label}\">{label}</a></p>\
                 <h3><a href=\"https://a.example/{at}\">Story of number {at}</a></h3><p>Many words.</p></article>"
            )
        };
        let stories: Vec<String> = labels.iter().enumerate().map(story).collect();
        let html = format!(
            "<html><body><main><h1>Weekly</h1>{}</main></body></html>",
            stories.concat()
        );
        let expected: Vec<String> = labels
            .iter()
            .enumerate()
            .map(|(at, label)| {
                let section = if *label == "Japan" { "[Japan] " } else { "" };
                format!("{section}Story of number {at} <https://a.example/{at}> / Many words.\n")
            })
            .collect();
        assert_eq!(page("page.html", &html), expected.concat());
    }
}

#[test]
fn lists_of_labels_make_no_section_of_a_headline() {
    for list in [
        "<ul class=\"authors\"><li>{label}</li><li><a href=\"https://a.example/k/9\">Di Poe</a></li></ul>",
        "<ul><li><a href=\"https://a.example/k/8\">Sea</a></li><li><a href=\"https://a.example/k/9\">Land</a></li></ul>",
        "<ul><li><a href=\"https://a.example/tag/8\">Sea</a></li></ul>",
    ] {
        for entry in [
            format!("<div><h3>{{title}}</h3>{list}{{text}}</div>"),
            format!("<div><h3>{{title}}</h3>{{text}}{list}</div>"),
            format!("<article><h3>{{title}}</h3>{{text}}{list}</article>"),
        ] {
            assert_eq!(page("page.html", &entries(&entry)), READ, "{entry}");
        }
    }
    let related =
        "<p>Related:</p><ul><li><a href=\"https://a.example/r\">A count in 2022</a></li></ul>";
    let html = entries("<div><h3>{title}</h3>{text}</div>").replacen(
        "</div><div><h3><a href=\"https://a.example/2",
        &format!("{related}</div><div><h3><a href=\"https://a.example/2"),
        1,
    );
    assert!(html.contains("Related"));
    assert_eq!(page("page.html", &html), READ);
}

#[test]
fn an_outlet_and_a_date_are_their_headlines() {
    for line in [
        "<p>Sea Times, 19 Nov 2026</p>",
        "<p><em>Sea Times, November 19, 2026</em></p>",
        "<p>(Outlet, 19 Nov 2026)</p>",
        "<p>이제훈 기자 2026.11.19</p>",
        "<p>한겨레 2026.11.19</p>",
        "<div><span><a href=\"https://a.example/k/7\">Jane Roe</a></span><span>Nov 19, 2026</span><span>Sea</span></div>",
        "<p><a href=\"https://a.example/k/7\">Jane Roe</a> and <a href=\"https://a.example/k/8\">Bo Dahl</a></p><p>19 Nov 2026</p>",
    ] {
        for entry in [
            "<article><h3>{title}</h3>{line}{text}</article>",
            "<article><h3>{title}</h3>{text}{line}</article>",
            "<article>{line}<h3>{title}</h3>{text}</article>",
            "<h3>{title}</h3>{line}{text}",
            "<h3>{title}</h3>{text}{line}",
            "{line}<h3>{title}</h3>{text}",
        ] {
            let html = entries(&entry.replace("{line}", line));
            let dated = READ.replace(" <", " (2026-11-19) <");
            assert_eq!(page("page.html", &html), dated, "{entry} {line}");
        }
    }
    // What happened on a day is no outlet's.
    let html = "<html><body><h3>Squid counted again</h3><p>Many words.</p><p>They met in Busan, 19 Nov 2026</p></body></html>";
    assert!(page("page.html", html).contains("They met in Busan, 19 Nov 2026"));
}

#[test]
fn what_a_page_calls_most_of_itself_is_no_label() {
    let html = "<html><body><h1>Weekly</h1><h2>Sea</h2>\
         <p class=\"topic\"><a href=\"https://a.example/1\">Squid Fall</a></p><p>Many words.</p>\
         <p class=\"topic\"><a href=\"https://a.example/2\">Boats Lost</a></p><p>Other words.</p>\
         <p class=\"topic\"><a href=\"https://a.example/3\">Ferry Returns</a></p><p>More words.</p></body></html>";
    assert_eq!(
        page("page.html", html),
        "[Sea] Squid Fall <https://a.example/1> / Many words.\n[Sea] Boats Lost <https://a.example/2> / Other words.\n\
         [Sea] Ferry Returns <https://a.example/3> / More words.\n"
    );
}

#[test]
fn a_post_that_says_of_what_kind_it_is_is_no_label() {
    for (class, title) in [
        (
            "post-1 post type-post category-news tag-fish author-ann",
            "h2",
        ),
        ("card category-news", "h3"),
    ] {
        let entry = |number: u8, headline: &str, text: &str| {
            format!(
                "<div class=\"{class}\"><{title}><a href=\"https://a.example/{number}\">{headline}</a></{title}><p>{text}</p></div>"
            )
        };
        let page = format!(
            "<html><body><main>{}{}</main></body></html>",
            entry(1, "Squid counted again", "After 51 days"),
            entry(2, "Boats lost at sea", "Down again")
        );
        assert_eq!(
            outcome(Layout::Double, "page.html", page),
            "Squid counted again <https://a.example/1> / After 51 days\nBoats lost at sea <https://a.example/2> / Down again\n"
        );
    }
}

#[test]
fn what_leads_to_other_issues_and_shares_a_page_is_no_text() {
    let rows = [
        "<p>Previous: <a href=\"https://a.example/46\">Digest 46</a></p><p>Next: <a href=\"https://a.example/48\">Digest 48</a></p>",
        "<p><a href=\"https://a.example/46\">Previous issue: Digest 46</a></p>",
        "<p>이전 글: <a href=\"https://a.example/46\">46호</a></p>",
        "<div><a href=\"https://a.example/46\">← Digest 46</a> <a href=\"https://a.example/48\">Digest 48 →</a></div>",
        "<div><a href=\"https://a.example/46\">← Digest 46</a> | <a href=\"https://a.example/48\">Digest 48 →</a></div>",
        "<p><a href=\"https://f.example/s\">Facebook</a> <a href=\"https://x.example/s\">X</a> \
         <a href=\"https://k.example/s\">KakaoTalk</a> <a href=\"https://a.example/copy\">Copy link</a></p>",
        "<p>페이스북 트위터 카카오톡 링크 복사</p>",
    ];
    for row in rows {
        let html = format!(
            "<html><body><h1>Digest 47</h1><h2>Sea</h2><h3><a href=\"https://a.example/1\">Squid counted again</a></h3>\
             <p>Many words.</p><h3><a href=\"https://a.example/2\">Boats lost at sea</a></h3><p>Other words.</p>{row}\
             </body></html>"
        );
        assert_eq!(
            page("page.html", &html),
            "[Sea] Squid counted again <https://a.example/1> / Many words.\n\
             [Sea] Boats lost at sea <https://a.example/2> / Other words.\n",
            "{row}"
        );
    }
    // What only looks like it.
    let stories = [
        "<p>Next: talks on the <a href=\"https://a.example/3\">harbour</a> go on.</p>",
        "<p>Naver and Line part ways.</p>",
    ];
    for story in stories {
        let html = format!(
            "<html><body><h1>Digest 47</h1><h2>Sea</h2><h3><a href=\"https://a.example/1\">Squid counted again</a></h3>\
             <p>Many words.</p><h3><a href=\"https://a.example/2\">Boats lost at sea</a></h3><p>Other words.</p>{story}\
             </body></html>"
        );
        let read = page("page.html", &html);
        assert!(
            read.contains("harbour go on.") || read.contains("part ways."),
            "{read}"
        );
    }
}

#[test]
fn a_headline_is_a_headline_wherever_it_leads() {
    for address in [
        "https://a.example/topic/squid-count",
        "https://a.example/people/1234/squid",
        "https://a.example/author/squid/",
        "https://a.example/donate/7",
        "https://a.example/news/tag/9",
    ] {
        for (before, behind) in [
            ("<p>", "</p><p>Many words.</p>"),
            ("<p><b>", "</b></p><p>Many words.</p>"),
            ("<p>", "<br>Many words.</p>"),
        ] {
            let story = |title: &str, address: &str| {
                format!("{before}<a href=\"{address}\">{title}</a>{behind}")
            };
            let html = format!(
                "<html><body><h1>Weekly</h1><h2>Sea</h2>{}{}{}</body></html>",
                story("Boats lost at sea again", "https://a.example/1"),
                story("Squid counted", address),
                story("Ferry late on Sunday again", "https://a.example/2")
            );
            let expected = address.trim_end_matches('/');
            let read = page("page.html", &html);
            assert!(
                read.contains(&format!("Squid counted <{expected}")) && read.lines().count() == 3,
                "{before} {address}: {read}"
            );
        }
    }
}

/// Items that lead nowhere but by an outlet's name behind their texts.
fn told_by_outlets(link: &str, with_text: bool) -> String {
    let item = |at: usize, title: &str| {
        let text = if with_text { "Many words.\n\n" } else { "" };
        let link = link.replace("{l}", &format!("https://a.example/{at}"));
        format!("### {title}\n\n{text}{link}\n\n")
    };
    format!(
        "# Weekly\n\nMarch 8, 2019\n\n## Japan\n\n{}{}## Sea\n\n{}{}",
        item(1, "Squid counted again"),
        item(2, "Boats lost at sea"),
        item(3, "Ferry returns to port"),
        item(4, "Crane moves to pier four"),
    )
}

#[test]
fn an_outlets_name_behind_a_text_is_where_its_headline_leads() {
    for link in [
        "<{l}>",
        "[Hankyoreh]({l})",
        "[{l}]({l})",
        "[Yonhap News Agency]({l})",
        "[한겨레]({l})",
    ] {
        for with_text in [true, false] {
            let text = if with_text { " / Many words." } else { "" };
            assert_eq!(
                page("page.md", &told_by_outlets(link, with_text)),
                format!(
                    "[Japan] Squid counted again <https://a.example/1>{text}\n[Japan] Boats lost at sea <https://a.example/2>{text}\n\
                     [Sea] Ferry returns to port <https://a.example/3>{text}\n[Sea] Crane moves to pier four <https://a.example/4>{text}\n"
                ),
                "{link}"
            );
        }
    }
    // The last one has the page's last words behind it.
    let item = |at: usize, title: &str| {
        format!(
            "<h2>{title}</h2><p>Many words.</p><p><a href=\"https://a.example/{at}\">Hankyoreh</a></p>"
        )
    };
    let html = format!(
        "<html><body><h1>Weekly</h1><p>March 8, 2019</p>{}{}{}<p>Thank you for reading.</p></body></html>",
        item(1, "Squid counted again"),
        item(2, "Boats lost at sea"),
        item(3, "Ferry returns to port"),
    );
    assert_eq!(
        page("page.html", &html),
        format!("{READ_1}Ferry returns to port <https://a.example/3> / Many words.\n")
    );
}

const READ_1: &str = "Squid counted again <https://a.example/1> / Many words.\n\
     Boats lost at sea <https://a.example/2> / Many words.\n";

#[test]
fn an_outlets_name_under_a_headline_or_with_a_date_is_where_it_leads() {
    for below in [
        "<p><a href=\"{l}\">Hankyoreh</a></p><p>Many words.</p>",
        "<p>Many words.</p><p><a href=\"{l}\">Hankyoreh</a> | March 5, 2019</p>",
        "<p>Many words.</p><p><a href=\"{l}\">Hankyoreh</a></p><p>March 5, 2019</p>",
    ] {
        let item = |at: usize, title: &str| {
            let below = below.replace("{l}", &format!("https://a.example/{at}"));
            format!("<h3>{title}</h3>{below}")
        };
        let html = format!(
            "<html><body><h1>Weekly</h1>{}{}</body></html>",
            item(1, "Squid counted again today"),
            item(2, "Boats lost at sea today"),
        );
        let read = page("page.html", &html)
            .replace(" today", "")
            .replace(" (2019-03-05)", "");
        assert_eq!(read, READ_1, "{below}");
    }
}

#[test]
fn short_headlines_in_a_row_are_headlines_where_few_letters_make_one() {
    let digest = "# 주간 소식\n\n## 노동\n\n**[노조 파업 종료](https://a.example/1)**\n\n**[법원, 입찰 무효](https://a.example/2)**\n\n\
         ## 바다\n\n**[여객선 운항 재개](https://a.example/3)**\n\n**[오징어 집계 시작](https://a.example/4)**\n";
    assert_eq!(
        page("page.md", digest),
        "[노동] 노조 파업 종료 <https://a.example/1>\n[노동] 법원, 입찰 무효 <https://a.example/2>\n\
         [바다] 여객선 운항 재개 <https://a.example/3>\n[바다] 오징어 집계 시작 <https://a.example/4>\n"
    );
}

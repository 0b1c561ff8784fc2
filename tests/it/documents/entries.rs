//! Items that only the whole of a page tells: headings of the first level that are stories, rows of tables, paragraphs and
//! entries whose links say no more than that they lead to a story.

use super::structure::items;

#[test]
fn headings_of_the_first_level_are_stories_where_several_stand_over_something() {
    let posts = "<article><h1><a href=\"/1\">Ferry returns</a></h1><p>It sails again.</p></article>\
                 <article><h1><a href=\"/2\">Crane moves</a></h1><p>To pier four.</p></article>";
    let expected = [
        "- | Ferry returns | https://news.example/1",
        "- | Crane moves | https://news.example/2",
    ];
    for site in [
        "",
        "<header><h1>Harbour Weekly</h1></header>",
        "<header><h1><span>Harbour</span> Weekly</h1><p>All the news.</p></header>",
    ] {
        assert_eq!(
            items(&format!(
                "<html><head><title>Harbour Weekly</title></head><body>{site}<div>{posts}</div></body></html>"
            )),
            expected,
            "{site}"
        );
    }
    let stories =
        "<h1>Ferry returns</h1><p>It sails again.</p><h1>Crane moves</h1><p>To pier four.</p>";
    let bare = ["- | Ferry returns | -", "- | Crane moves | -"];
    assert_eq!(items(&format!("<html><body>{stories}</body></html>")), bare);
    // One that stands over a deeper one is a section's, as in Markdown.
    assert_eq!(
        items(&format!(
            "<html><body>{stories}<h2>Herring are late</h2><p>By a week.</p></body></html>"
        )),
        [
            "- | Ferry returns | -",
            "Crane moves | Herring are late | -"
        ]
    );
}

#[test]
fn headings_of_the_first_level_are_sections_where_they_stand_over_items() {
    let expected = ["Ships | Ferry returns | -", "Fish | Herring are late | -"];
    let sections = "<h1>Ships</h1><h2>Ferry returns</h2><p>It sails again.</p>\
                    <h1>Fish</h1><h2>Herring are late</h2><p>By a week.</p>";
    for title in [
        "",
        "<h1>Weekly</h1>",
        "<h1>Weekly</h1><p>Here is the week.</p>",
    ] {
        assert_eq!(
            items(&format!("<html><body>{title}{sections}</body></html>")),
            expected,
            "{title}"
        );
    }
    assert_eq!(
        items(
            "<html><body><h1>Ships</h1><ul><li><a href=\"/1\">Ferry returns</a></li><li><a href=\"/2\">Crane moves</a></li></ul>\
             <h1>Fish</h1><ul><li><a href=\"/3\">Herring are late</a></li><li><a href=\"/4\">Cod is early</a></li></ul></body></html>"
        ),
        [
            "Ships | Ferry returns | https://news.example/1",
            "Ships | Crane moves | https://news.example/2",
            "Fish | Herring are late | https://news.example/3",
            "Fish | Cod is early | https://news.example/4",
        ]
    );
}

#[test]
fn headings_over_lists_below_those_of_the_first_level_stay_sections() {
    let lists = "<h2>Ships</h2><ul><li><a href=\"/1\">Ferry returns</a></li><li><a href=\"/2\">Crane moves</a></li></ul>\
                 <h2>Arrivals</h2><ul><li>The Albatross</li><li>The Petrel</li></ul>";
    assert_eq!(
        items(&format!(
            "<html><body><h1>Weekly</h1><h1>Harbour</h1>{lists}<h1>Weather</h1><p>It rains.</p></body></html>"
        )),
        [
            "Ships | Ferry returns | https://news.example/1",
            "Ships | Crane moves | https://news.example/2",
            "Arrivals | The Albatross | -",
            "Arrivals | The Petrel | -",
            "- | Weather | -",
        ]
    );
}

#[test]
fn the_titles_of_a_site_and_of_its_page_are_no_stories() {
    let rest = "<h2>Ships</h2><h3>Ferry returns</h3><p>It sails again.</p><h2>Fish</h2><h3>Herring are late</h3><p>By a week.</p>";
    let expected = ["Ships | Ferry returns | -", "Fish | Herring are late | -"];
    for titles in [
        "<h1>Weekly</h1><p>Here is the week.</p>",
        "<h1>Harbour</h1><h1>Weekly</h1><p>Here is the week.</p>",
        "<h1>Harbour</h1><p>All its news.</p><h1>Weekly</h1><p>Here is the week.</p>",
    ] {
        assert_eq!(
            items(&format!(
                "<html><head><title>Weekly – Harbour</title></head><body>{titles}{rest}</body></html>"
            )),
            expected,
            "{titles}"
        );
    }
}

const TWO: [&str; 2] = [
    "Ships | Ferry returns | https://news.example/1",
    "Ships | Crane moves | https://news.example/2",
];

/// A page with one section of a text.
fn under_a_heading(text: &str) -> Vec<String> {
    items(&format!("<html><body><h2>Ships</h2>{text}</body></html>"))
}

#[test]
fn rows_of_a_table_are_entries() {
    let table = |head: &str, cells: fn(&str, &str) -> [String; 2]| {
        let row = |title: &str, link: &str| {
            let cells = cells(title, link).map(|cell| format!("<td>{cell}</td>"));
            format!("<tr>{}</tr>", cells.concat())
        };
        let rows = [row("Ferry returns", "/1"), row("Crane moves", "/2")];
        format!("<table>{head}{}</table>", rows.concat())
    };
    let cells: [fn(&str, &str) -> [String; 2]; 6] = [
        |title, link| [title.to_owned(), format!("<a href=\"{link}\">read</a>")],
        |title, link| [title.to_owned(), format!("<a href=\"{link}\">Yonhap</a>")],
        |title, link| {
            [
                format!("<a href=\"{link}\">{title}</a>"),
                "Gazette".to_owned(),
            ]
        },
        |title, link| {
            [
                "21 Nov 2026".to_owned(),
                format!("<a href=\"{link}\">{title}</a>"),
            ]
        },
        |title, link| {
            [
                "Gazette".to_owned(),
                format!("<p><a href=\"{link}\">{title}</a></p>"),
            ]
        },
        |title, link| {
            [
                "•".to_owned(),
                format!("<a href=\"{link}\">{title}</a>: as it was."),
            ]
        },
    ];
    for (at, cells) in cells.into_iter().enumerate() {
        for head in ["", "<thead><tr><th>T</th><th>L</th></tr></thead>"] {
            let table = table(head, cells);
            assert_eq!(under_a_heading(&table), TWO, "{at} {head}");
            assert_eq!(
                items(&format!("<html><body>{table}</body></html>")),
                TWO.map(|line| line.replace("Ships", "-")),
                "{at} {head}"
            );
        }
    }
}

#[test]
fn a_row_keeps_its_own_date_and_text() {
    let page = "<html><body><h2>Ships</h2><table><tr><td>21 Nov 2026</td><td>Ferry returns. It sails at nine.</td><td><a href=\"/1\">more</a></td></tr>\
                <tr><td><time datetime=\"2026-11-22\">Sunday</time></td><td>Crane moves. To pier four.</td><td><a href=\"/2\">more</a></td></tr></table></body></html>";
    let read = super::kinds::read(page);
    assert_eq!(
        read.lines().skip(1).collect::<Vec<_>>(),
        [
            "[Ships] Ferry returns. (2026-11-21) <https://news.example/1> / It sails at nine.",
            "[Ships] Crane moves. (2026-11-22) <https://news.example/2> / To pier four.",
        ]
    );
}

#[test]
fn tables_that_set_a_page_out_or_stand_in_a_text_have_no_entries() {
    // Headlines beside one another are an item each.
    assert_eq!(
        under_a_heading(
            "<table><tr><td><a href=\"/1\">Ferry returns to pier four</a></td><td><a href=\"/2\">Crane moves to pier two</a></td></tr>\
             <tr><td><a href=\"/3\">Herring are a week late</a></td><td><a href=\"/4\">Cod is early this year</a></td></tr></table>"
        )
        .len(),
        4
    );
    assert_eq!(
        items(
            "<html><body><table><tr><td><table><tr><td>No. 1</td><td><h3><a href=\"/1\">Ferry returns</a></h3><p>It sails.</p></td></tr>\
             <tr><td>No. 2</td><td><h3><a href=\"/2\">Crane moves</a></h3><p>To pier four.</p></td></tr></table></td></tr></table></body></html>"
        ),
        TWO.map(|line| line.replace("Ships", "-"))
    );
    // Figures belong to the story that they stand in.
    assert_eq!(
        super::kinds::read(
            "<html><body><h2>Fish</h2><h3>Herring are late</h3><p>By a week.</p><table><tr><td>Herring</td><td>5 tons</td></tr>\
             <tr><td>Cod</td><td>7 tons</td></tr></table><h3>Eels leave</h3><p>All of them.</p></body></html>"
        )
        .lines()
        .nth(1),
        Some("[Fish] Herring are late / By a week. / Herring / 5 tons / Cod / 7 tons")
    );
}

#[test]
fn paragraphs_are_items_by_links_that_only_say_where_the_story_is() {
    for name in ["Read more", "read", "Link", "Full story »", "더 보기"] {
        let one = |title: &str, link: &str| {
            [
                format!("<p>{title} <a href=\"{link}\">{name}</a></p>"),
                format!("<p>{title} (<a href=\"{link}\">{name}</a>)</p>"),
                format!("<p>{title}</p><p><a href=\"{link}\">{name}</a></p>"),
                format!("<p>{title}<br><a href=\"{link}\">https://news.example{link}</a></p>"),
                format!("<p>1. {title}<br><a href=\"{link}\">https://news.example{link}</a></p>"),
                format!("<p>{title} https://news.example{link}</p>"),
            ]
        };
        let (first, second) = (one("Ferry returns", "/1"), one("Crane moves", "/2"));
        for (first, second) in first.iter().zip(&second) {
            assert_eq!(under_a_heading(&format!("{first}{second}")), TWO, "{first}");
        }
        let by_hand = format!(
            "## Ships\n\nFerry returns [{name}](https://news.example/1)\n\nCrane moves [{name}](https://news.example/2)\n"
        );
        assert_eq!(items(&by_hand), TWO, "{name}");
    }
    // Headlines that nothing sets apart from their text are told by its end.
    for link in [
        "<a href=\"@\">Read more</a>",
        "</p><p><a href=\"@\">Read more</a>",
    ] {
        let one =
            |text: &str, address: &str| format!("<p>{text} {}</p>", link.replace('@', address));
        let text = [
            one("Ferry returns</p><p>It sails at nine.", "/1"),
            one("Crane moves</p><p>To pier four.", "/2"),
        ];
        assert_eq!(
            super::kinds::read(format!(
                "<html><body><h2>Ships</h2>{}</body></html>",
                text.concat()
            ))
            .lines()
            .skip(1)
            .collect::<Vec<_>>(),
            [
                "[Ships] Ferry returns <https://news.example/1> / It sails at nine.",
                "[Ships] Crane moves <https://news.example/2> / To pier four.",
            ],
            "{link}"
        );
    }
    // What says more than the headline is its summary, what stands over them or between them is no item.
    assert_eq!(
        super::kinds::read(
            "<html><body><h2>Ships</h2><p>It was a quiet week.</p><p>Ferry returns. It <a href=\"/f\">sails</a> at nine. <a href=\"/1\">Read more</a></p>\
             <p>All are glad.</p><p>Crane moves. <a href=\"/2\">Read more</a></p></body></html>"
        )
        .lines()
        .skip(1)
        .collect::<Vec<_>>(),
        [
            "[Ships] Ferry returns. <https://news.example/1> / It sails at nine. / All are glad.",
            "[Ships] Crane moves. <https://news.example/2>",
        ]
    );
}

#[test]
fn entries_are_items_by_links_that_only_say_where_the_story_is() {
    for [before, behind] in [
        ["", " <a href=\"@\">Read more</a>"],
        [
            "<p><strong>",
            "</strong></p><p>As it was. <a href=\"@\">Read more</a></p>",
        ],
        ["<p>", "</p><p>As it was. <a href=\"@\">Yonhap</a></p>"],
    ] {
        let entry = |title: &str, link: &str| {
            format!("<li>{before}{title}{}</li>", behind.replace('@', link))
        };
        let list = [entry("Ferry returns", "/1"), entry("Crane moves", "/2")].concat();
        assert_eq!(
            under_a_heading(&format!("<ol>{list}</ol>")),
            TWO,
            "{before}"
        );
    }
    assert_eq!(
        items(
            "## Ships\n\n- Ferry returns [Read more](https://news.example/1)\n- Crane moves [Read more](https://news.example/2)\n"
        ),
        TWO
    );
    assert_eq!(
        items(
            "## Ships\n\n1. Ferry returns\n\n   It sails. [Read more](https://news.example/1)\n\n2. Crane moves\n\n   It is tall. [Read more](https://news.example/2)\n"
        ),
        TWO
    );
    assert_eq!(
        items(
            "<html><body><ul><li>Ferry returns <a href=\"/1\">Read more</a></li><li>Crane moves <a href=\"/2\">Read more</a></li></ul></body></html>"
        ),
        TWO.map(|line| line.replace("Ships", "-"))
    );
}

#[test]
fn the_last_word_of_a_sentence_is_no_name_of_a_link() {
    assert_eq!(
        super::kinds::read(
            "## Ships\n\n- [Ferry returns](https://news.example/1). All of it is [here](https://news.example/all).\n\
             - Crane moves, and more is [here](https://news.example/2)\n- Herring are late, says the [source](https://news.example/3).\n"
        )
        .lines()
        .skip(1)
        .collect::<Vec<_>>(),
        [
            "[Ships] Ferry returns <https://news.example/1> / All of it is here.",
            "[Ships] Crane moves, and more is here <https://news.example/2>",
            "[Ships] Herring are late, says the source. <https://news.example/3>",
        ]
    );
}

#[test]
fn one_story_has_one_link_or_the_same_one_again() {
    // A headline's own text ends in such a link.
    assert_eq!(
        under_a_heading(
            "<h3>Ferry returns</h3><p>It sails at nine.</p><p>All are glad. <a href=\"/1\">Read more</a></p>\
             <h3>Crane moves</h3><p>To pier four.</p><p><a href=\"/2\">Read more</a></p>"
        ),
        TWO
    );
    assert_eq!(
        items(
            "<html><body><h2>Ferry returns</h2><p>It sails. <a href=\"/1\">Read more</a></p><p>It is back. <a href=\"/1\">Read more</a></p>\
             <h2>Crane moves</h2><ul><li>It is tall.</li><li>It is red. <a href=\"/2\">Read more</a></li></ul></body></html>"
        ),
        TWO.map(|line| line.replace("Ships", "-"))
    );
}

#[test]
fn an_address_at_the_end_of_an_entry_is_its_link() {
    assert_eq!(
        super::kinds::read(
            "## Ships\n\n- Ferry returns. It sails at nine. https://news.example/1\n- **Crane moves**: to pier four (https://news.example/2)\n\
             - **Herring are late.** By a week. <https://news.example/3>\n- Cod is early https://news.example/4\n\
             - Eels [leave](https://news.example/5). All of them, says https://news.example/eels\n"
        )
        .lines()
        .skip(1)
        .collect::<Vec<_>>(),
        [
            "[Ships] Ferry returns. <https://news.example/1> / It sails at nine.",
            "[Ships] Crane moves <https://news.example/2> / to pier four",
            "[Ships] Herring are late. <https://news.example/3> / By a week.",
            "[Ships] Cod is early <https://news.example/4>",
            "[Ships] Eels leave. <https://news.example/5> / All of them, says https://news.example/eels",
        ]
    );
    // In the text of a headline it is a word of it.
    assert_eq!(
        super::kinds::read("## Ships\n\n### Ferry returns\n\nIt sails, says https://news.example/1\n\n### Crane moves\n\nTo pier four.\n")
            .lines()
            .nth(1),
        Some("[Ships] Ferry returns / It sails, says https://news.example/1")
    );
}

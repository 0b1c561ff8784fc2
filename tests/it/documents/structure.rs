//! Newsletters as they are built: sections at any level, tables, sentences over lists, numbers of other languages, text
//! with tags in it, and what nobody read of them.

use tidings_reader::kind_of;

use super::kinds::{document, rules};

/// Items as `section | title | link`, a line each.
pub(super) fn items(text: &str) -> Vec<String> {
    let read = tidings_reader::parse(&document("weekly", text), &rules());
    let page = read.unwrap_or_else(|wrong| panic!("{wrong}: {text}"));
    let line = |draft: &tidings_core::item::Draft| {
        let heading = draft.heading.as_deref().unwrap_or("-");
        let link = draft.link.as_deref().unwrap_or("-");
        format!("{heading} | {} | {link}", draft.title)
    };
    page.drafts.iter().map(line).collect()
}

#[test]
fn a_heading_over_items_is_a_section_at_any_level() {
    let expected = [
        "Official | A new crane | https://news.example/crane",
        "Letters | Squid counted | https://news.example/squid",
        "Jobs | Pilot wanted | https://news.example/pilot",
    ];
    assert_eq!(
        items(
            "# Weekly\n\n## From the harbour\n\n### Official\n\nThis is what they said.\n\n* [A new crane](https://news.example/crane)\n\n\
             ### Letters\n\n* [Squid counted](https://news.example/squid)\n\n## Jobs\n\n* [Pilot wanted](https://news.example/pilot)\n"
        ),
        expected
    );
    // What the configuration knows above it is its section.
    assert_eq!(
        items(
            "# Weekly\n\n## Japan\n\n### Official\n\n* [A new crane](https://news.example/crane)\n"
        ),
        ["Japan | A new crane | https://news.example/crane"]
    );
}

#[test]
fn a_heading_over_text_is_a_headline_and_one_over_nothing_is_none() {
    assert_eq!(
        items(
            "# Weekly\n\n## Ships\n\n## A new crane\n\nIt was put up in two days.\n\n[See the numbers](https://news.example/crane)\n\n## Fish\n"
        ),
        ["- | A new crane | https://news.example/crane"]
    );
}

#[test]
fn rows_and_entries_are_items_by_their_links() {
    assert_eq!(
        items(
            "# Weekly\n\n## Ships\n\n| Title | Source |\n|---|---|\n| [A new crane](https://news.example/crane) | Gazette |\n\n\
             ## Fish\n\n* Squid counted again: <https://news.example/squid>\n* Crabs counted too https://news.example/crabs\n\
             * <a href=\"https://news.example/eel\">Eels are back</a> in the river.\n"
        ),
        [
            "Ships | A new crane | https://news.example/crane",
            "Fish | Squid counted again | https://news.example/squid",
            "Fish | Crabs counted too | https://news.example/crabs",
            "Fish | Eels are back | https://news.example/eel",
        ]
    );
}

#[test]
fn numbers_of_other_languages_count_items() {
    assert_eq!(
        items(
            "# 周刊\n\n## 科技动态\n\n1、[新的起重机](https://news.example/crane)\n\n两天就装好了，参见[说明](https://news.example/how)。\n\n\
             2、[鱿鱼](https://news.example/squid)\n\n很多。\n"
        ),
        [
            "科技动态 | 新的起重机 | https://news.example/crane",
            "科技动态 | 鱿鱼 | https://news.example/squid",
        ]
    );
}

#[test]
fn letters_and_numerals_count_items_as_numbers_do() {
    for [one, two] in [
        ["가. ", "나. "],
        ["가) ", "나) "],
        ["一、", "十二、"],
        ["（一）", "（二）"],
        ["（1）", "（2）"],
        ["⑴ ", "⑵ "],
        ["㉮ ", "㉯ "],
        ["㈠", "㈡"],
    ] {
        let text = format!(
            "# 소식\n\n## 항구\n\n{one}[새 기중기](https://news.example/crane)\n\n이틀 만에 세웠다.\n\n\
             {two}[오징어](https://news.example/squid)\n\n수가 늘었다.\n"
        );
        assert_eq!(
            items(&text),
            [
                "항구 | 새 기중기 | https://news.example/crane",
                "항구 | 오징어 | https://news.example/squid",
            ],
            "{one}"
        );
    }
}

#[test]
fn numbers_that_part_an_essay_are_no_items() {
    let essay = "# 周刊\n\n## 本周话题\n\n（一）\n\n他说了一件往事。\n\n后来的事大家都知道。\n\n（二）\n\n上周我读到一篇小说。\n\n\
                 ## 科技\n\n1、[起重机](https://news.example/crane)\n\n两天之内建成。\n";
    let read = items(essay);
    assert_eq!(read[0], "- | 本周话题 | -", "{read:?}");
    assert_eq!(read.len(), 2, "{read:?}");
}

#[test]
fn a_heading_over_links_is_markdown_wherever_they_stand_in_their_lines() {
    assert_eq!(
        items(
            "# Advisories\n\n* HV-2026-11 - [The crane may tip](https://news.example/crane)\n    * Affected: all\n\
             * HV-2026-22 - [The scales count squid twice](https://news.example/squid)\n"
        ),
        [
            "- | HV-2026-11 - The crane may tip | https://news.example/crane",
            "- | HV-2026-22 - The scales count squid twice | https://news.example/squid",
        ]
    );
}

#[test]
fn underlined_lines_are_headings_whatever_the_mark() {
    for mark in ["=", "-", "~", "*"] {
        let line = mark.repeat(5);
        let text = format!(
            "SHIPS\n{line}\n\n* A new crane\n  It was put up in two days.\n  https://news.example/crane\n\n\
             FISH\n{line}\n\n* Squid counted\n  There are more.\n  https://news.example/squid\n"
        );
        let read = items(&text);
        assert!(
            read[0].ends_with("A new crane | https://news.example/crane"),
            "{mark}: {read:?}"
        );
        assert!(
            read[1].ends_with("Squid counted | https://news.example/squid"),
            "{mark}: {read:?}"
        );
        assert_eq!(read.len(), 2);
    }
}

#[test]
fn text_that_names_elements_is_text() {
    for text in [
        "Japan\n\n\nHow the page uses <section> and <p> elements\n\nIt reads well.\n\n\nEnvoy visits\n\nShe stays.\n",
        "<blink> is back\n\nBrowsers show it again.\n\n\nWhy <div> won\n\nIt did.\n",
        "Japan\n\n\n<html> turns forty\n\nIt does.\n\n\nThe <body> of it\n\nText.\n",
    ] {
        assert_eq!(kind_of(text.as_bytes()), Some("digest"), "{text}");
    }
    for page in [
        "<h2>Japan</h2>\n<p>Squid</p>",
        "<div><p>Hello</p></div>",
        "<!-- x -->\n<html><body># One\n# Two</body></html>",
        "<ul><li><a href=\"https://news.example/\">A</a></li></ul>",
    ] {
        assert_eq!(kind_of(page.as_bytes()), Some("page"), "{page}");
    }
    for text in [
        "# Weekly\n\n## Ships\n<div>\nx\n</div>\n",
        "<div align=\"center\"><img src=\"a.png\"></div>\n\n# Weekly\n\n## Ships\n\n* [A](https://news.example/a)\n",
        "---\ntitle: Weekly\n---\n<p>Hello</p>\n\n# Ships\n",
    ] {
        assert_eq!(kind_of(text.as_bytes()), Some("markdown"), "{text}");
    }
}

#[test]
fn an_address_under_a_headline_is_its_link() {
    assert_eq!(
        items(
            "Japan\n\n\n1) A new crane\n   http://news.example/crane\n\nIt was put up.\n\n\n２．Squid\nhttps://news.example/squid\n\nMany.\n"
        ),
        [
            "Japan | A new crane | http://news.example/crane",
            "Japan | Squid | https://news.example/squid",
        ]
    );
}

#[test]
fn what_no_item_took_is_told() {
    let read = tidings_reader::parse(
        &document(
            "weekly",
            "# Weekly\n\nWelcome back.\n\n## Ships\n\nThis is new.\n\n* [A new crane](https://news.example/crane)\n",
        ),
        &rules(),
    );
    let unread = read.expect("it holds an item").unread;
    assert_eq!(unread.lines, [3, 7]);
    assert_eq!(
        unread.to_string(),
        "2 blocks of 5 were not read: lines 3, 7"
    );
}

#[test]
fn a_list_of_sources_is_told_by_its_root() {
    for list in [
        "<opml version=\"2.0\"><body/></opml>",
        "<?xml version=\"1.0\"?>\n<!-- mine -->\n<!DOCTYPE opml>\n<OPML>\n</OPML>",
        "\u{FEFF}\n<opml\nversion=\"1.0\">",
    ] {
        assert!(tidings_reader::is_opml(list.as_bytes()), "{list}");
    }
    for other in [
        "# Weekly\n\n- [What `<opml` is](https://news.example/opml)\n",
        "<rss version=\"2.0\"><channel><item><title>&lt;opml> and <opml/></title></item></channel></rss>",
        "<p>An <opml version=\"2.0\"> file</p>",
        "<!-- <opml> --><html><body>Lists</body></html>",
    ] {
        assert!(!tidings_reader::is_opml(other.as_bytes()), "{other}");
    }
}

#[test]
fn a_stressed_word_within_an_entry_is_an_item_and_a_bare_one_is_not() {
    assert_eq!(
        items(
            "# Weekly\n\n## Meetings\n\n* [Evening in Busan](https://news.example/busan)\n    * [**Squid**](https://news.example/squid)\n\
             * [Evening in Ulsan](https://news.example/ulsan)\n    * [Chat](https://news.example/chat)\n"
        ),
        [
            "Meetings | Evening in Busan | https://news.example/busan",
            "Meetings | Squid | https://news.example/squid",
            "Meetings | Evening in Ulsan | https://news.example/ulsan",
        ]
    );
}

#[test]
fn a_link_in_brackets_under_a_headline_is_its_link() {
    for link in [
        "[[https://news.example/ ann/crane](https://news.example/~ann/crane)]",
        "([the port](https://news.example/~ann/crane)).",
        "→ [the port](https://news.example/~ann/crane)",
    ] {
        assert_eq!(
            items(&format!(
                "# Weekly\n\n## A new crane\n\n{link}\n\nIt was put up.\n\n## Squid\n\nThere are many.\n"
            )),
            [
                "- | A new crane | https://news.example/~ann/crane",
                "- | Squid | -",
            ],
            "{link}"
        );
    }
}

#[test]
fn a_heading_over_entries_with_headlines_of_their_own_is_a_section() {
    let two = "# Weekly\n\n## News\n\n\
        - **Squid counted in three bays:** the ministry [posted][squid] its\n  numbers on Friday, and more follow.\n\
        - **A crane for the eastern port:** it was [put up][crane] in two\n  days.\n    - one bolt was lost\n    - and found\n\n\
        ## Notable changes\n\n- [Ferry #12][] goes twice a day now, as the [islands][] asked.\n\n\
        [squid]: https://news.example/squid\n[crane]: https://news.example/crane\n[islands]: https://news.example/islands\n";
    assert_eq!(
        items(two),
        [
            "News | Squid counted in three bays | https://news.example/squid",
            "News | A crane for the eastern port | https://news.example/crane",
            // What a template would have defined leads nowhere, and is not to be seen.
            "Notable changes | Ferry #12 | -",
        ]
    );
    // What a headline says of itself in a list stays its summary.
    assert_eq!(
        items(
            "# Weekly\n\n## A new crane\n\n- **Where:** in the [port](https://news.example/port) of Busan\n- **When:** on Friday\n\n\
             ## Squid\n\nThere are many.\n"
        ),
        ["- | A new crane | -", "- | Squid | -"]
    );
}

#[test]
fn an_entry_may_say_in_front_of_its_link_what_that_is_or_when() {
    assert_eq!(
        items(
            "# Weekly\n\n## Out there\n\n* VIDEO: [How squid swim](https://news.example/squid), Ann Lee, in three parts\n\
             * 15-17 Feb: [Harbour days](https://news.example/days) is about ships, and open to all.\n\
             * 곧 마감: [등대 산책](https://news.example/walk), 부산\n"
        ),
        [
            "Out there | VIDEO: How squid swim | https://news.example/squid",
            "Out there | 15-17 Feb: Harbour days | https://news.example/days",
            "Out there | 곧 마감: 등대 산책 | https://news.example/walk",
        ]
    );
}

#[test]
fn a_line_over_a_list_is_no_part_of_the_item_before_it() {
    let text = "# Weekly\n\n## Rules\n\nOpen:\n\n* [Nets](https://news.example/nets)\n\nIn their last week:\n\n\
                * [Hooks](https://news.example/hooks)\n";
    let page = tidings_reader::parse(&document("weekly", text), &rules()).unwrap();
    assert!(page.drafts.iter().all(|draft| draft.summary.is_empty()));
    assert_eq!(page.unread.lines, [5, 9]);
}

#[test]
fn headlines_in_bold_lines_that_are_counted_hold_no_section() {
    assert_eq!(
        items(
            "# 周刊\n\n## 文章\n\n**1、[边框](https://news.example/1)**\n\n一种新的边框。\n\n**2、[起重机](https://news.example/2)**\n\n两天之内建成。\n\n\
             3、[鱿鱼](https://news.example/3)\n\n数量很多。\n"
        ),
        [
            "文章 | 边框 | https://news.example/1",
            "文章 | 起重机 | https://news.example/2",
            "文章 | 鱿鱼 | https://news.example/3",
        ]
    );
    // One heading and a list with such numbers is Markdown.
    let list = "# 工具\n\n1、[边框](https://news.example/1)\n\n一种新的边框。\n\n2、[起重机](https://news.example/2)\n\n两天之内建成。\n";
    assert_eq!(kind_of(list.as_bytes()), Some("markdown"));
}

#[test]
fn a_table_of_contents_is_no_item() {
    assert_eq!(
        items(
            "# Weekly\n\n## Contents\n\n* January\n  * [Squid](#squid)\n* February\n  * [Cranes](#cranes)\n\n## Squid {#squid}\n\nThere are many.\n\n\
             ## Cranes {#cranes}\n\nOne was put up.\n"
        ),
        ["- | Squid | -", "- | Cranes | -"]
    );
}

#[test]
fn a_bold_line_over_paragraphs_that_begin_with_links_is_a_section() {
    let expected = [
        "Ships | Ferry returns | https://news.example/1",
        "Ships | Crane moves | https://news.example/2",
        "Fish | Herring are late | https://news.example/3",
    ];
    assert_eq!(
        items(
            "# Weekly\n\n**Ships**\n\n[Ferry returns](https://news.example/1). It sails again.\n\n[Crane moves](https://news.example/2): \
             a second one follows.\n\n**Fish**\n\n[Herring are late](https://news.example/3), says the warden.\n"
        ),
        expected
    );
    assert_eq!(
        items(
            "<html><body><h1>Weekly</h1><p><b>Ships</b></p><p><a href=\"https://news.example/1\">Ferry returns</a>. It sails again.</p>\
             <p><a href=\"https://news.example/2\">Crane moves</a>: a second one follows.</p><p><b>Fish</b></p>\
             <p><a href=\"https://news.example/3\">Herring are late</a>, says the warden.</p></body></html>"
        ),
        expected
    );
    // One alone is what a headline's text begins with.
    assert_eq!(
        items(
            "# Weekly\n\n**A new crane**\n\n[The port](https://news.example/port) put it up.\n\n**Squid counted**\n\nThere are many.\n"
        ),
        [
            "- | A new crane | https://news.example/port",
            "- | Squid counted | -"
        ]
    );
}

#[test]
fn a_heading_over_a_line_of_headlines_is_a_section() {
    assert_eq!(
        items(
            "# Weekly\n\n## Ships\n\n[Ferry is back again](https://news.example/1) · [Crane moves to pier four](https://news.example/2) (KBS)\n\n\
             **Fish**\n\n[Herring are late](https://news.example/3), [Cod quota falls](https://news.example/4) and [Eels leave](https://news.example/5)\n"
        ),
        [
            "Ships | Ferry is back again | https://news.example/1",
            "Ships | Crane moves to pier four | https://news.example/2",
            "Fish | Herring are late | https://news.example/3",
            "Fish | Cod quota falls | https://news.example/4",
            "Fish | Eels leave | https://news.example/5",
        ]
    );
    // A headline's text has such lines as well, and names are no headlines.
    assert_eq!(
        items(
            "# Weekly\n\n## A new crane\n\n[See the numbers here](https://news.example/1) | [Look at the pictures](https://news.example/2)\n\n\
             It was put up in two days.\n\n## By\n\n[Ann Lee](https://news.example/ann), [Bo Kim](https://news.example/bo)\n"
        )
        .len(),
        2
    );
}

#[test]
fn lines_of_a_paragraph_that_begin_with_a_mark_are_entries() {
    let expected = [
        "Japan | Ferry returns | https://news.example/1",
        "Japan | Crane moves | https://news.example/2",
    ];
    for mark in ["–", "—", "•", "·", "▪"] {
        let list = format!(
            "{mark} Ferry returns https://news.example/1\n{mark} Crane moves: https://news.example/2"
        );
        assert_eq!(
            items(&format!(
                "# Weekly\n\n## Japan\n\n{list}\n\n## Fish\n\nNone.\n"
            ))[..2],
            expected
        );
        assert_eq!(
            items(&format!("Japan\n{list}\n\nWeekly, as ever.\n")),
            expected,
            "{mark}"
        );
        // Without an address it is text that a list stands in.
        for gap in ["\n\n", "\n\n\n"] {
            let bare = format!(
                "Japan{gap}{mark} Ferry returns\n{mark} Crane moves\n\n\nSeoul\n\nIt snows.\n"
            );
            let bare = items(&bare);
            assert_eq!(
                bare[..2],
                ["Japan | Ferry returns | -", "Japan | Crane moves | -"]
            );
        }
    }
    // Whose words those are, and what a summary lists.
    assert_eq!(
        items("Japan\n\n\nA new crane\n\nNobody saw it.\n— Ann Lee\n\n\nSquid counted\n\n• many\n• more\n").len(),
        2
    );
}

#[test]
fn headlines_over_bare_addresses_and_references_are_items() {
    let expected = [
        "Japan | Ferry returns | https://news.example/1",
        "Japan | Crane moves | https://news.example/2",
    ];
    for list in [
        "Ferry returns\nhttps://news.example/1\n\nCrane moves\nhttps://news.example/2",
        "Ferry returns\nhttps://news.example/1\nCrane moves\nhttps://news.example/2",
        "Ferry returns:\n<https://news.example/1>\n\nCrane moves:\n<https://news.example/2>",
        "[1] Ferry returns https://news.example/1\n[2] Crane moves: https://news.example/2",
    ] {
        assert_eq!(
            items(&format!("# Weekly\n\n## Japan\n\n{list}\n")),
            expected,
            "{list}"
        );
        assert_eq!(items(&format!("Japan\n\n{list}\n")), expected, "{list}");
    }
}

#[test]
fn a_number_in_bold_on_a_line_of_its_own_counts_what_comes_below() {
    assert_eq!(
        items(
            "# 周刊\n\n## 言论\n\n**1、**\n\n影响效率的是睡眠。\n\n-- [《睡眠》](https://news.example/1)\n\n**2、**\n\n先工具，后网络。\n\n-- [《网络》](https://news.example/2)\n"
        ),
        [
            "言论 | 影响效率的是睡眠。 | https://news.example/1",
            "言论 | 先工具，后网络。 | https://news.example/2",
        ]
    );
}

#[test]
fn an_address_between_headline_and_text_is_the_headlines() {
    for mark in ["1) ", "* ", ""] {
        let text = format!(
            "# Weekly\n\n## Japan\n\n{mark}Ferry returns\n   https://news.example/1\n   It sails at nine.\n\n\
             {mark}Crane moves\n   https://news.example/2\n   A second one follows,\n   in May.\n"
        );
        assert_eq!(
            items(&text),
            [
                "Japan | Ferry returns | https://news.example/1",
                "Japan | Crane moves | https://news.example/2"
            ],
            "{mark}"
        );
    }
}

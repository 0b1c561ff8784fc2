//! What people write by hand or get by mail: Markdown in its many ways, newsletters as they were saved.

use insta::assert_snapshot;
use tidings_reader::Document;

use super::kinds::{read, rules};
use super::show;

#[test]
fn markdown_by_the_rules_of_text() {
    assert_snapshot!(read(
        "# Weekly\n\n*November 6, 2026*\n\n## Japan\n\n### 1. Squid counted\n\nBy Ann Lee\n\nThere are many.\n\n\
         https://news.example/s\n\n### 2. Boats lost\n\nNovember 4, 2026\n\nTwo of them. READ MORE\n\n<https://news.example/b>\n"
    ), @"
    of 2026-11-06
    [Japan] Squid counted <https://news.example/s> / There are many.
    [Japan] Boats lost (2026-11-04) <https://news.example/b> / Two of them.
    ");
}

#[test]
fn markdown_whose_sections_are_its_first_headings() {
    assert_snapshot!(read("# Japan\n\n## Squid counted\n\nMany.\n\n# Harbours\n\n## Ferry returns\n\nIt is back.\n"), @"
    of 2026-11-21
    [Japan] Squid counted / Many.
    [Harbours] Ferry returns / It is back.
    ");
    assert_snapshot!(read("Weekly\n======\n\nJapan\n-----\n\n**Squid counted**\n\nMany.\n\nHarbours\n--------\n\n**Ferry returns**\n\nIt is back.\n"), @"
    of 2026-11-21
    [Japan] Squid counted / Many.
    [Harbours] Ferry returns / It is back.
    ");
}

#[test]
fn markdown_without_headings() {
    assert_snapshot!(read(
        "**Japan**\n\n[Squid counted](https://news.example/s)\nMany of them.\n\n**Harbours**\n\n\
         [Ferry returns](https://news.example/f)\nIt is back.\n"
    ), @"
    of 2026-11-21
    [Japan] Squid counted <https://news.example/s> / Many of them.
    [Harbours] Ferry returns <https://news.example/f> / It is back.
    ");
    assert_snapshot!(read(
        "## Japan\n\n- **Squid counted**\n    - Many of them.\n    - [Source](https://news.example/s)\n- **Boats lost**\n    - Two.\n\n\
         ## Sea\n\n- Harbours\n    - [Ferry returns](https://news.example/f) - it is back.\n"
    ), @"
    of 2026-11-21
    [Japan] Squid counted <https://news.example/s> / Many of them.
    [Japan] Boats lost / Two.
    [Harbours] Ferry returns <https://news.example/f> / it is back.
    ");
}

#[test]
fn markdown_that_is_one_item() {
    assert_snapshot!(read("---\ntitle: Ferry returns\ndate: 2026-11-06\nsection: Japan\n---\n\nIt is back.\n\nAll are glad. [Read more](https://news.example/f)\n"), @"
    of 2026-11-06
    [Japan] Ferry returns / It is back. / All are glad.
    ");
}

#[test]
fn markdown_with_pictures_and_without_links() {
    assert_snapshot!(read(
        "---\npublished: 6 Nov 2026\n---\n## Japan\n\n- Squid are counted again: many of them are left.\n- Japan: a short word\n\n\
         ### ![poster](p.jpg) Ferry returns\n\nIt is back.\n"
    ), @"
    of 2026-11-06
    [Japan] Squid are counted again / many of them are left.
    [Japan] Japan: a short word
    [Japan] Ferry returns / It is back.
    ");
}

#[test]
fn a_text_with_stars_in_it_stays_a_text() {
    assert_snapshot!(read("Japan\n\n\n**Squid counted**\n\nMany.\n\n\n**Boats lost**\n\nTwo.\n"), @"
    of 2026-11-21
    [Japan] **Squid counted** / Many.
    [Japan] **Boats lost** / Two.
    ");
}

#[test]
fn mail_as_it_arrives() {
    let page = "<h2>Japan</h2><h3><a href=\"https://news.example/s\">Squid counted</a></h3><p>Many of them.</p><hr>\
                <p>You received this because you subscribed. <a href=\"https://news.example/u\">Unsubscribe</a></p>";
    // Cut before its last boundary, and without a date of its own.
    assert_snapshot!(read(format!(
        "From: w@news.example\r\nSubject: Weekly, November 6, 2026\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n{page}\r\n"
    )), @"
    of 2026-11-06
    [Japan] Squid counted <https://news.example/s> / Many of them.
    ");
    assert_snapshot!(read(
        "From: w@news.example\nDate: Fri, 6 Nov 2026 09:00:00 +0000\nSubject: Weekly\nContent-Type: text/plain\n\n\
         Japan\n\nSquid counted\n\nThere are many.\nhttps://news.example/s\n\nBoats lost\n\nTwo of them.\n\n-- \nUnsubscribe: https://news.example/u\n"
    ), @"
    of 2026-11-06
    [Japan] Squid counted <https://news.example/s> / There are many.
    [Japan] Boats lost / Two of them.
    ");
}

/// What comes of a text by its name.
fn named(name: &str, text: &str) -> Vec<String> {
    let document = Document {
        name: name.to_owned(),
        bytes: text.as_bytes().to_vec(),
        ..Document::default()
    };
    match tidings_reader::parse(&document, &rules()) {
        Ok(page) => page.drafts.iter().map(show).collect(),
        Err(unreadable) => vec![unreadable.to_string()],
    }
}

#[test]
fn a_text_that_is_named_as_markdown_needs_one_mark() {
    for name in ["week.md", "news/week.markdown", "WEEK.MD"] {
        for (text, expected) in [
            (
                "# Ferry returns\n\nIt is back.",
                &["Ferry returns / It is back."][..],
            ),
            (
                "# Ferry returns\nIt is back.",
                &["Ferry returns / It is back."],
            ),
            (
                "## Ferry returns\n\nIt is back.\n\nhttps://news.example/f",
                &["Ferry returns <https://news.example/f> / It is back."],
            ),
            (
                "A word before.\n\n\n## Ferry returns\n\nIt is back.",
                &["Ferry returns / It is back."],
            ),
            (
                "# Weekly\n\n**Ferry returns**\n\nIt is back.",
                &["Ferry returns / It is back."],
            ),
            (
                "* Ferry returns\n* Crane moves",
                &["Ferry returns", "Crane moves"],
            ),
            (
                "[Ferry returns](https://news.example/f) and is back.",
                &["Ferry returns <https://news.example/f> / and is back."],
            ),
        ] {
            assert_eq!(named(name, text), expected, "{name}: {text}");
        }
    }
    // By its bytes alone it is any text, and a digest stays one whatever it is called.
    let heading = "# Ferry returns\n\nIt is back.";
    assert_eq!(
        named("week.txt", heading),
        ["# Ferry returns / It is back."]
    );
    let digest = "Japan\n\n\nFerry returns\n\n- It is back.\n\n\nCrane moves\n\nTo **pier** four.";
    for name in ["week.txt", "week.md"] {
        assert_eq!(
            named(name, digest),
            [
                "[Japan] Ferry returns / - It is back.",
                "[Japan] Crane moves / To **pier** four."
            ],
            "{name}"
        );
    }
}

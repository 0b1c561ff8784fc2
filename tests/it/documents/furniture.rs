//! The rules of “How a digest page is read”, by their numbers: what is left of a web page around its news.

use super::{Layout, check, outcome};

#[test]
fn rule_6_tails() {
    for tail in [
        "READ MORE",
        "Read more",
        "read more…",
        "[Read More]",
        "(read more)",
        "Read on →",
        "READ ON »",
        "Read the full story",
        "Read the full article:",
        "Continue reading",
        "[Continue reading…]",
        "Full story",
        "FULL ARTICLE »",
        "Read more.",
        "[… Read more]",
        "(... read more)",
        "（… Read more）",
        "【Read more】",
        "Read more：",
    ] {
        for (page, expected) in [
            (
                format!("A\n\nText. {tail}\n\n\nB\n\nText.\n"),
                "A / Text.\nB / Text.\n",
            ),
            (
                format!("A\n\n“Text.” {tail}\n\n\nB\n\nText.\n"),
                "A / “Text.”\nB / Text.\n",
            ),
            (
                format!("A\n\nText.\n\n{tail}\n\n\nB\n\nText.\n"),
                "A / Text.\nB / Text.\n",
            ),
            (
                format!("A\n\nText. {tail} https://example.org/a\n\n\nB\n\nText.\n"),
                "A <https://example.org/a> / Text.\nB / Text.\n",
            ),
            (
                format!("A\n\nText.\n\n{tail} https://example.org/a\n\n\nB\n\nText.\n"),
                "A <https://example.org/a> / Text.\nB / Text.\n",
            ),
            (
                format!("A\n\nText.\n\nhttps://example.org/a\n\n\nB\n\n{tail}\n"),
                "A <https://example.org/a> / Text.\nB\n",
            ),
            // Not behind a sentence, and not at the end.
            (
                format!("A\n\nShe wants to {tail}\n\nText.\n\n\nB\n\nText.\n"),
                "",
            ),
        ] {
            let got = outcome(Layout::Double, "page.txt", &page);
            match expected {
                "" => assert!(
                    got.starts_with(&format!("A / She wants to {tail} / Text.\n")),
                    "{got}"
                ),
                _ => assert_eq!(got, expected, "{page}"),
            }
        }
    }
    check(
        "A\n\nShe likes to read more\n\n\nB\n\nIt is the full story\n",
        "A / She likes to read more\nB / It is the full story",
    );
    check(
        "Read more books\n\nText.\n\n\nB\n\nText.\n",
        "Read more books / Text.\nB / Text.",
    );
}

#[test]
fn rule_6_addresses_and_furniture() {
    // In the middle an address is text; a second one too.
    check(
        "
        A

        https://example.org/middle

        Text.


        B

        Text.

        https://example.org/b


        https://example.org/c


        C

        Text.
        ",
        "
        A / https://example.org/middle / Text.
        B <https://example.org/b> / Text. / https://example.org/c
        C / Text.
        ",
    );
    check(
        "
        A

        Text.

        Share this:

        More text.


        Share on Facebook


        B

        Text.
        ",
        "
        A / Text. / More text.
        B / Text.
        ",
    );
    // Words of which only some are furniture stay.
    check(
        "Share this bread\n\nText.\n\n\nB\n\nText.\n",
        "Share this bread / Text.\nB / Text.",
    );
    // An ornament goes; emoji are somebody's words.
    check(
        "A\n\n* * *\n\nText.\n\n\nB\n\n🎉🎉\n",
        "A / Text.\nB / 🎉🎉",
    );
    // Not an address that a reader could open.
    check(
        "A\n\nText.\n\njavascript:alert(1)\n\n\nB\n\nftp://example.org\n",
        "A / Text. / javascript:alert(1)\nB / ftp://example.org",
    );
}

#[test]
fn rule_7_markers_bylines_and_dates() {
    for (title, expected) in [
        ("1. Ferns", "Ferns"),
        ("12) Ferns", "Ferns"),
        ("• Ferns", "Ferns"),
        ("- Ferns", "Ferns"),
        ("1.Ferns", "1.Ferns"),
        ("3.5 percent more", "3.5 percent more"),
        ("-5 degrees", "-5 degrees"),
        ("2026 budget", "2026 budget"),
        ("1.", "1."),
        ("Ferns\nBy Kim Hana", "Ferns"),
        ("Ferns\nPublished March 8, 2019", "Ferns (2019-03-08)"),
        ("Ferns\nMarch 8, 2019", "Ferns (2019-03-08)"),
        ("Ferns\nBy Kim Hana\n2019-03-08", "Ferns (2019-03-08)"),
        (
            "Ferns\nUpdated: Friday, 8 March 2019 at 9:30 am KST",
            "Ferns (2019-03-08T00:30:00Z)",
        ),
        ("Ferns\nBy Kim Hana, Mar. 8, 2019", "Ferns (2019-03-08)"),
        ("Ferns\n2019년 3월 8일", "Ferns (2019-03-08)"),
        (
            "Ferns\nMarch 8, 2019 will be remembered",
            "Ferns March 8, 2019 will be remembered",
        ),
        (
            "Ferns\nPublished February 30, 2019",
            "Ferns Published February 30, 2019",
        ),
        ("By the river ferns grow", "By the river ferns grow"),
        ("March 8, 2019", "March 8, 2019"),
    ] {
        let page = format!("{title}\n\nText.\n\n\nB\n\nText.\n");
        assert_eq!(
            outcome(Layout::Double, "page.txt", &page),
            format!("{expected} / Text.\nB / Text.\n")
        );
    }
}

#[test]
fn rule_9_what_is_no_page() {
    for (page, expected) in [
        ("", "line 1: the page is empty"),
        ("\n \n\u{FEFF}\n", "line 1: the page is empty"),
        (
            "\n\nOne block\nof text.",
            "line 3: the page is a single block of text; blank lines between headlines and summaries are missing",
        ),
        (
            "Japan",
            "line 1: the page is a single block of text; blank lines between headlines and summaries are missing",
        ),
        (
            "Japan\n\n\nUS-NK Relations\n",
            "line 1: the page holds headings, but no item",
        ),
        (
            "\nJapan\n\nREAD MORE\n",
            "line 2: the page holds headings, but no item",
        ),
    ] {
        let got = outcome(Layout::Double, "page.txt", page);
        assert_eq!(got.trim_end(), expected, "{page:?}");
    }
}

#[test]
fn rule_6_what_is_said_of_buttons_goes() {
    for said in [
        "Click to share on Bluesky (Opens in new window)",
        "Click to email a link to a friend (Opens in new window)",
        "Share this on Facebook",
        "Tweet",
        "Loading...",
        "공유하기",
    ] {
        assert_eq!(
            outcome(
                Layout::Double,
                "page.txt",
                format!("A\n\nText.\n\n{said}\n\n\nB\n\nText.\n")
            ),
            "A / Text.\nB / Text.\n",
            "{said}"
        );
    }
}

#[test]
fn rule_7_numbers_in_circles_go_however_high() {
    for number in ['①', '⑳', '㉑', '㉟', '㊱', '㊿'] {
        assert_eq!(
            outcome(
                Layout::Double,
                "page.txt",
                format!("{number}A\n\nText.\n\n\nB\n\nText.\n")
            ),
            "A / Text.\nB / Text.\n",
            "{number}"
        );
    }
}

//! The rules of “How a digest page is read”, by their numbers: blocks, known headings, headlines and summaries.

use super::{FOOTER, Layout, check, outcome};

#[test]
fn blocks_are_what_stands_between_blank_lines() {
    check(
        "
        A title that goes
        over two lines

        And its summary
        too.


        Second

        Text.
        ",
        "
        A title that goes over two lines / And its summary too.
        Second / Text.
        ",
    );
}

#[test]
fn what_is_blank_and_what_joins() {
    let expected = "A title / Text.\nSecond / Two.\n";
    for page in [
        "A title\n\nText.\n\n\nSecond\n\nTwo.",
        "A title\r\n\r\nText.\r\n\r\n\r\nSecond\r\n\r\nTwo.\r\n",
        "\u{FEFF}A title\n\nText.\n\n\nSecond\n\nTwo.\n",
        "\n\n\n\n\nA title\n\nText.\n\n\nSecond\n\nTwo.\n\n\n\n\n\n",
        "A\u{A0}title\n\u{A0}\nText.\n \t\n\u{3000}\nSecond\n\u{200B}\u{FEFF}\nTwo.\n\u{200B}",
        "  A   title \n\n\tText.\n\n\n\u{A0}Second\n\n Two. \n",
        "A title\n\u{2028}\nText.\n\u{85}\n\n\u{FEFF}Second\n\nTwo.\n",
        "A\ntitle\n\nText.\n\n\nSecond\n\nTwo.\n",
        "A title\r\rText.\r\r\rSecond\r\rTwo.\r",
    ] {
        assert_eq!(
            outcome(Layout::Double, "page.txt", page),
            expected,
            "{page:?}"
        );
    }
    // Between Han or kana lines meet without a space; Korean has spaces.
    check(
        "
        共同声明を
        発表

        내용은 짧다
        그러나 좋다.


        Second

        Two.
        ",
        "
        共同声明を発表 / 내용은 짧다 그러나 좋다.
        Second / Two.
        ",
    );
}

#[test]
fn encodings() {
    let page = "Ça va\n\nText – 한국.\n\n\nSecond\n\nTwo.\n";
    let expected = "Ça va / Text – 한국.\nSecond / Two.\n";
    let little: Vec<u8> = "\u{FEFF}"
        .encode_utf16()
        .chain(page.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let big: Vec<u8> = "\u{FEFF}"
        .encode_utf16()
        .chain(page.encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    for bytes in [page.as_bytes(), &little, &big] {
        assert_eq!(outcome(Layout::Double, "page.txt", bytes), expected);
    }
    for (bytes, error) in [
        (
            &b"One\n\n\nTwo\n\nT\0hree.\n"[..],
            "line 6: there is a NUL byte; save the page as UTF-8 text\n",
        ),
        (
            b"One\n\n\nCaf\xe9\n\nThree.\n",
            "line 4: the bytes aren't valid UTF-8; save the page as UTF-8 text\n",
        ),
        (
            b"\xff\xfeO\0n\0e\0\n\0\x00\xd8\n\0",
            "line 2: the bytes aren't valid UTF-16; save the page as UTF-8 text\n",
        ),
        (
            b"\xff\xfeO\0n",
            "line 1: the bytes aren't valid UTF-16; save the page as UTF-8 text\n",
        ),
        (
            b"O\0n\0e\0\n\0",
            "line 1: there is a NUL byte; save the page as UTF-8 text\n",
        ),
    ] {
        assert_eq!(
            outcome(Layout::Double, "page.txt", bytes),
            error,
            "{bytes:?}"
        );
    }
}

#[test]
fn rule_1_the_footer_ends_the_page() {
    check(
        "
        Japan


        A title

        Text.


        HANBIT WEEKLY — is funded by:

        Not read.


        Neither

        Text.
        ",
        "[Japan] A title / Text.",
    );
    // At gap 1 too; and only a block that equals it.
    check(
        "
        Hanbit Weekly is funded by readers

        Text.

        Hanbit Weekly is funded by

        Not read.
        ",
        "Hanbit Weekly is funded by readers / Text.",
    );
    // The footer's end of the page is wide, but no lost heading; what it leaves can be too little.
    check(
        "A title\n\n\n\n\n\nHanbit Weekly is funded by",
        "line 1: the page is a single block of text; blank lines between headlines and summaries are missing",
    );
    check(FOOTER, "line 1: the page is empty");
}

#[test]
fn rule_2_known_headings_whatever_their_gaps() {
    check(
        "
        us nk relations
        First

        Joined with the line above, so it isn't a heading.

        JAPAN
        ",
        "us nk relations First / Joined with the line above, so it isn't a heading.",
    );
    check(
        "
        US-NK RELATIONS

        First

        Text.

        Japan

        Second

        Text.
        More of the same paragraph.

        Another paragraph.


        Third

        Text.


        US-NK


        us–nk relations


        Fourth


        Japan
        ",
        "
        [US-NK RELATIONS] First / Text.
        [Japan] Second / Text. More of the same paragraph. / Another paragraph.
        [Japan] Third / Text.
        [us–nk relations] Fourth
        ",
    );
    // A heading between a headline and what looks like its summary.
    check(
        "
        A title

        Japan

        A summary?

        Text.
        ",
        "
        A title
        [Japan] A summary? / Text.
        ",
    );
}

#[test]
fn rule_3_a_headline_and_its_paragraphs() {
    check(
        "
        Title

        One.

        Two

        Three.



        Next

        Text
        ",
        "
        Title / One. / Two / Three.
        Next / Text
        ",
    );
}

#[test]
fn rule_2_an_underlined_line_is_a_heading_and_the_gaps_stay_what_they_are() {
    for mark in ["---", "===", "~~~~", "******"] {
        check(
            &"
            Before Any Heading

            A summary.


            Fishing News
            MARK


            Squid counted

            There are more. READ MORE


            Octopus counted

            There are fewer (Hanbit)


            Human Rights
            MARK

            A court opens

            It sits.
            "
            .replace("MARK", mark),
            "
            Before Any Heading / A summary.
            [Fishing News] Squid counted / There are more.
            [Fishing News] Octopus counted / There are fewer (Hanbit)
            [Human Rights] A court opens / It sits.
            ",
        );
    }
    // What it stands over says what it is: a headline over its text, a section over headlines.
    check(
        "
        =========
        THE WEEKLY
        =========


        Japan

        Squid counted

        There are more.


        About us
        --------

        We are a group.


        Yours
        Ann
        ---
        The Weekly
        ",
        "
        [Japan] Squid counted / There are more.
        [Japan] About us / We are a group.
        [Japan] Yours Ann / The Weekly
        ",
    );
    // Under a sentence or a date the marks are an ornament.
    check(
        "
        Japan


        The ministry refuses

        It says so.
        ***


        Squid counted
        Published March 5, 2019
        -----

        There are more.
        ",
        "
        [Japan] The ministry refuses / It says so.
        [Japan] Squid counted (2019-03-05) / There are more.
        ",
    );
}

#[test]
fn rule_1_what_stands_behind_the_end_doesnt_say_how_the_page_is_read() {
    let page = "Fishing News\n\n\nSquid counted\n\nThere are more.\n\n\nOctopus counted\n\nThere are fewer.\n\n\n";
    let expected = outcome(Layout::Double, "page.txt", page);
    assert_eq!(
        expected,
        "[Fishing News] Squid counted / There are more.\n[Fishing News] Octopus counted / There are fewer.\n"
    );
    for behind in [
        "About\n-----\n\nX.\n",
        "## Links\n\n## More\n",
        "# Links\n\n- [a](https://news.example/a)\n",
        "- [a](https://news.example/a)\n- [b](https://news.example/b)\n",
    ] {
        let page = format!("{page}{FOOTER}\n\n{behind}");
        assert_eq!(
            outcome(Layout::Double, "page.txt", &page),
            expected,
            "{behind}"
        );
    }
}

#[test]
fn rule_8_a_zone_that_nobody_knows_is_none_and_the_line_is_a_date_all_the_same() {
    for line in [
        "Published March 4, 2019, 11:59 p.m. ET",
        "March 4, 2019 23:30 XYZT",
        "March 4, 2019 10:00 local time",
        "Published March 4, 2019 10:00 Korea Standard Time",
        "2019-03-04 23:30 (Seoul)",
        "Published March 4, 2019 | By Ann Lee",
    ] {
        let page = format!("Japan\n\n\nSquid counted\n{line}\n\nThere are more.\n\n\nB\n\nText.\n");
        assert_eq!(
            outcome(Layout::Double, "page.txt", &page),
            "[Japan] Squid counted (2019-03-04) / There are more.\n[Japan] B / Text.\n",
            "{line}"
        );
    }
    // A title that goes on isn't one.
    for line in [
        "10:00 on March 4, 2019 Envoys Meet",
        "March 4, 2019, 10:00 Envoys meet for a time",
    ] {
        let page = format!("Japan\n\n\nSquid counted\n{line}\n\nThere are more.\n\n\nB\n\nText.\n");
        let read = outcome(Layout::Double, "page.txt", &page);
        assert!(
            read.starts_with(&format!("[Japan] Squid counted {line}")),
            "{read}"
        );
    }
}

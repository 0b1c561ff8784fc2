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

//! What is true of every page: nothing panics, nothing vanishes, and a page that is printed from what was read
//! reads the same.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tidings_core::item::Draft;
use tidings_reader::{Document, Layout, Rules};

use super::{FOOTER, KNOWN, outcome, parse};
use crate::harness::moment;

/// A block of a page, and the blank lines in front of it.
#[derive(Clone, Debug)]
struct Piece {
    gap: usize,
    text: String,
    kind: DocumentKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DocumentKind {
    Known,
    Address,
    Text,
}

/// Pages of all sorts of blocks. Each block holds a word of its own, so that it can be found again.
fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let kinds = (0..10usize, 1..7usize, 0..4usize);
    vec(kinds, 2..40).prop_map(|kinds| {
        let pieces = kinds.into_iter().enumerate();
        pieces
            .map(|(at, (form, gap, known))| piece(at, form, gap, known))
            .collect()
    })
}

fn piece(at: usize, form: usize, gap: usize, known: usize) -> Piece {
    let (text, kind) = match form {
        0 => (KNOWN[known].to_owned(), DocumentKind::Known),
        1 => (
            format!("https://example.org/word{at}"),
            DocumentKind::Address,
        ),
        2 => (format!("Garden shows word{at}"), DocumentKind::Text),
        3 => (
            format!("Ferns\nof word{at}\nand their shade"),
            DocumentKind::Text,
        ),
        4 => (format!("They grow\nin the word{at}."), DocumentKind::Text),
        5 => (
            format!("“It is green,” says word{at}…”"),
            DocumentKind::Text,
        ),
        6 => (format!("양치식물 word{at} 소식"), DocumentKind::Text),
        7 => (
            format!(
                "{} word{at}",
                "A long title that can be no heading ".repeat(2)
            ),
            DocumentKind::Text,
        ),
        8 => (format!("Why word{at}?"), DocumentKind::Text),
        _ => (format!("It is 3.5 percent (word{at})!"), DocumentKind::Text),
    };
    Piece { gap, text, kind }
}

fn print_pieces(pieces: &[Piece]) -> String {
    let mut page = String::new();
    for piece in pieces {
        page.push_str(&"\n".repeat(piece.gap));
        page.push_str(&piece.text);
        page.push('\n');
    }
    page
}

/// Prints what was read: every heading known, every item apart, every paragraph narrow.
fn print_drafts(drafts: &[Draft]) -> String {
    let mut page = String::new();
    for draft in drafts {
        match &draft.heading {
            Some(heading) => page.push_str(&format!("\n\n{heading}\n\n\n")),
            // A lost heading: what follows has none.
            None => page.push_str("\n\n\n\n"),
        }
        page.push_str(&draft.title);
        if let Some(published) = draft.published {
            page.push_str(&format!("\nPublished {published}"));
        }
        page.push('\n');
        let link = draft.link.as_deref();
        for paragraph in draft
            .summary
            .split("\n\n")
            .filter(|p| !p.is_empty())
            .chain(link)
        {
            page.push_str(&format!("\n{paragraph}\n"));
        }
    }
    page
}

/// What of a draft has to be the same again.
fn essence(drafts: &[Draft]) -> Vec<Draft> {
    let without_line = |draft: &Draft| Draft {
        line: 0,
        ..draft.clone()
    };
    drafts.iter().map(without_line).collect()
}

fn parse_knowing(page: String, headings: &BTreeSet<String>) -> Vec<Draft> {
    let document = Document {
        name: "page.txt".to_owned(),
        bytes: page.into_bytes(),
        seen: moment("2026-11-21T12:00[UTC]"),
        ..Document::default()
    };
    let rules = Rules::new(
        Layout::Double,
        headings.iter().map(String::as_str),
        [FOOTER],
    );
    tidings_reader::parse(&document, &rules).map_or_else(|_| Vec::new(), |page| page.drafts)
}

/// Text made of what parsers stumble over.
fn rubble() -> impl Strategy<Value = String> {
    let bits = proptest::sample::select(vec![
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "\u{A0}",
        "\u{FEFF}",
        "\u{200B}",
        "\u{2028}",
        "\u{85}",
        "\0",
        "a",
        "A.",
        "…",
        "。",
        "!",
        "\"",
        "”",
        "(",
        "[",
        "READ MORE",
        "read",
        "full story",
        "→",
        ":",
        "http://",
        "https://example.org",
        "https://",
        "<",
        ">",
        "1.",
        "1)",
        "•",
        "-",
        "By ",
        "Published ",
        "March 8, 2019",
        "2019-03-08",
        "2019",
        "日",
        "です",
        "남북",
        "é",
        "e\u{301}",
        "\u{301}",
        "ﬁ",
        "Ⅷ",
        "U.S.",
        "Japan",
        "us-nk",
        "Share this",
        FOOTER,
        "\u{202E}",
        "\u{1b}[31m",
        "🦑",
        "İ",
        "ß",
        "ς",
    ]);
    vec(bits, 0..60).prop_map(|bits| bits.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(2019),
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_bytes_panic(bytes in vec(any::<u8>(), 0..300), name in "\\PC{0,40}") {
        for layout in [Layout::Double, Layout::Single] {
            let _ = parse(layout, &name, &bytes);
            let _ = parse(layout, &name, [&[0xFF, 0xFE], &bytes[..]].concat());
        }
    }

    #[test]
    fn no_text_panics(text in rubble(), name in rubble()) {
        for layout in [Layout::Double, Layout::Single] {
            let _ = parse(layout, &name, &text);
        }
    }

    #[test]
    fn every_draft_is_whole(text in rubble()) {
        for layout in [Layout::Double, Layout::Single] {
            let Ok(page) = parse(layout, "page.txt", &text) else { continue };
            prop_assert!(!page.drafts.is_empty());
            for draft in &page.drafts {
                prop_assert!(!draft.title.trim().is_empty(), "{draft:?}");
                prop_assert!(!draft.title.contains(['\n', '\r', '\t']), "{draft:?}");
                prop_assert_eq!(draft.title.trim(), &draft.title);
                prop_assert_eq!(draft.summary.trim(), &draft.summary);
                prop_assert!(!draft.summary.contains("\n\n\n"), "{draft:?}");
                let lines = text.lines().count();
                prop_assert!((1..=lines.max(1)).contains(&usize::try_from(draft.line).unwrap()) || text.contains('\r'));
            }
        }
    }

    #[test]
    fn nothing_vanishes(pieces in pieces()) {
        for layout in [Layout::Double, Layout::Single] {
            let Ok(page) = parse(layout, "page.txt", print_pieces(&pieces)) else { continue };
            let mut kept = String::new();
            for draft in &page.drafts {
                let heading = draft.heading.as_deref().unwrap_or_default();
                let link = draft.link.as_deref().unwrap_or_default();
                kept.push_str(&format!("{heading} {} {} {link}\n", draft.title, draft.summary));
            }
            for piece in pieces.iter().filter(|piece| piece.kind != DocumentKind::Known) {
                for word in piece.text.split_whitespace() {
                    prop_assert!(kept.contains(word), "{word} of {piece:?} is not in:\n{kept}");
                }
            }
        }
    }

    #[test]
    fn each_block_is_in_one_place(pieces in pieces()) {
        let Ok(page) = parse(Layout::Double, "page.txt", print_pieces(&pieces)) else { return Ok(()) };
        for (at, piece) in pieces.iter().enumerate().filter(|(_, piece)| piece.kind == DocumentKind::Text) {
            let word = format!("word{at}");
            let holds = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|w| w == word);
            let items = page.drafts.iter().filter(|d| holds(&d.title) || holds(&d.summary)).count();
            let heads = page.drafts.iter().any(|d| d.heading.as_deref().is_some_and(holds));
            prop_assert_eq!(items + usize::from(heads), 1, "{:?}", piece);
        }
    }

    #[test]
    fn a_page_printed_from_what_was_read_reads_the_same(pieces in pieces()) {
        let Ok(page) = parse(Layout::Double, "page.txt", print_pieces(&pieces)) else { return Ok(()) };
        // One item alone may be a single block, which is no page.
        prop_assume!(page.drafts.len() > 1);
        let mut headings: BTreeSet<String> = KNOWN.into_iter().map(str::to_owned).collect();
        headings.extend(page.drafts.iter().filter_map(|d| d.heading.as_deref().map(str::to_owned)));
        let again = parse_knowing(print_drafts(&page.drafts), &headings);
        prop_assert_eq!(essence(&again), essence(&page.drafts));
    }

    #[test]
    fn line_ends_and_what_is_behind_the_footer_do_not_matter(pieces in pieces()) {
        let page = print_pieces(&pieces);
        let expected = outcome(Layout::Double, "page.txt", &page);
        let windows = page.replace('\n', "\r\n");
        prop_assert_eq!(&outcome(Layout::Double, "page.txt", windows), &expected);
        let mac = page.replace('\n', "\r");
        prop_assert_eq!(&outcome(Layout::Double, "page.txt", mac), &expected);
        let with_footer = format!("{page}\n\n{FOOTER}\n\n\nJunk\n\nJunk.\n");
        prop_assert_eq!(&outcome(Layout::Double, "page.txt", with_footer), &expected);
    }
}

/// Sizes at which anything that isn't linear would take minutes instead of moments: no timer is needed to
/// notice.
#[test]
fn huge_pages_are_read() {
    const MEGABYTES: usize = 5 << 20;
    let one_line = "ferns grow. ".repeat(MEGABYTES / 12);
    let page = format!("Title\n\n{one_line}\n\n\nB\n\nText.\n");
    let drafts = parse(Layout::Double, "page.txt", page).unwrap().drafts;
    assert_eq!(
        (drafts.len(), drafts[0].summary.len()),
        (2, one_line.trim().len())
    );

    let page = format!("A\n\nText.{}B\n\nText.", "\n".repeat(MEGABYTES));
    let drafts = parse(Layout::Double, "page.txt", page).unwrap().drafts;
    assert_eq!(drafts.len(), 2);
    assert!(usize::try_from(drafts[1].line).unwrap() > MEGABYTES);

    for (block, items) in [
        ("a\n\n", 1),
        ("a\n\n\n", 24_999),
        ("a.\n\n\n", 12_500),
        ("a\n\n\n\n\n", 25_000),
    ] {
        let page = block.repeat(25_000);
        for layout in [Layout::Double, Layout::Single] {
            let drafts = parse(layout, "page.txt", &page).unwrap().drafts;
            if layout == Layout::Double {
                assert_eq!(drafts.len(), items, "{block:?}");
            }
        }
    }

    // What a regular expression or a search could stumble over, again and again.
    for bit in [
        "read more ",
        "(((",
        "[read the full ",
        "https://example.org/ ",
        "1. ",
        "2019-",
        "march ",
        "U.S.",
        "…”",
        "e\u{301}",
    ] {
        let line = bit.repeat((1 << 17) / bit.len());
        for page in [
            format!("{line}\n\n{line}\n\n\nB\n\n{line}.\n"),
            format!("A\n\n{line}. READ MORE {line}\n\n\nB\n\nText.\n"),
        ] {
            for layout in [Layout::Double, Layout::Single] {
                assert!(parse(layout, "page.txt", &page).is_ok(), "{bit}");
            }
        }
    }
}

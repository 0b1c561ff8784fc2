//! Digests as text with underlined headings: their gaps tell items apart as in every other digest, and what stands behind
//! the page's end says nothing of it.

use super::{Layout, outcome};

const DIGEST: &str = "Human Rights\n\n\nCourt hears the case\n\nIt will sit for two days.\n\n\nLawyers ask for the files\n\n\
                      The ministry refuses.\n\n\n\nCulture\n\n\nA museum opens\n\nIt shows boats.\n\n\nA choir sings\n\nIt sang twice.";

const ITEMS: &str = "[Human Rights] Court hears the case / It will sit for two days.\n\
                     [Human Rights] Lawyers ask for the files / The ministry refuses.\n\
                     [Culture] A museum opens / It shows boats.\n\
                     [Culture] A choir sings / It sang twice.\n";

fn read(text: &str) -> String {
    outcome(Layout::Double, "page.txt", text)
}

#[test]
fn an_underlined_line_costs_no_item() {
    assert_eq!(read(DIGEST), ITEMS);
    for [before, behind, more] in [
        [
            "",
            "\n\n\nAbout us\n--------\n\nWe are readers.\n",
            "[Culture] About us / We are readers.\n",
        ],
        [
            "",
            "\n\n\nWon per dollar\n---\n1,400\n",
            "[Won per dollar] 1,400\n",
        ],
        ["THE WEEKLY\n----------\n\n\n", "", ""],
        ["THE WEEKLY\n==========\n\n\n", "", ""],
        ["=====\nTHE WEEKLY\n=====\n\n\n", "", ""],
        ["*****\nTHE WEEKLY\n*****\n\n\n", "", ""],
    ] {
        let text = format!("{before}{DIGEST}{behind}");
        assert_eq!(read(&text), format!("{ITEMS}{more}"), "{text}");
    }
    // A line under a sentence is an ornament; one under a section's heading makes it no other.
    for [one, other] in [
        ["refuses.\n", "refuses.\n***\n"],
        ["Culture\n", "Culture\n~~~~~~~\n"],
        ["Human Rights\n", "Human Rights\n============\n"],
    ] {
        assert_eq!(read(&DIGEST.replace(one, other)), ITEMS, "{other}");
    }
}

#[test]
fn gaps_tell_the_items_of_underlined_sections() {
    let sections = |head: [&str; 2], tail: &str| {
        let section = |title: &str, one: &str, two: &str| {
            format!(
                "{}{title}{}\n\n{one}\n\nText of it.{tail}\n\n\n{two}\n\nMore of it.{tail}\n\n\n",
                head[0], head[1]
            )
        };
        section("US-NK Relations", "Head one", "Head two")
            + &section("Japan", "Head three", "Head four")
    };
    let items = |text: &str| {
        [
            ("US-NK Relations", "Head one", "Text"),
            ("US-NK Relations", "Head two", "More"),
            ("Japan", "Head three", "Text"),
            ("Japan", "Head four", "More"),
        ]
        .map(|(heading, title, first)| format!("[{heading}] {title} / {first} of it.{text}\n"))
        .concat()
    };
    for head in [["", "\n====="], ["", "\n---"], ["## ", ""]] {
        for tail in [
            "",
            " READ MORE",
            " Read more…",
            " [Read more]",
            "\n\nREAD MORE",
        ] {
            assert_eq!(read(&sections(head, tail)), items(""), "{head:?} {tail:?}");
        }
        assert_eq!(read(&sections(head, " (Reuters)")), items(" (Reuters)"));
    }
    // What stands in front of the first heading has none.
    let middle = format!(
        "Opening story\n\nIts text is here.\n\n\n{}",
        sections(["", "\n-----"], "")
    );
    assert_eq!(
        read(&middle),
        format!("Opening story / Its text is here.\n{}", items(""))
    );
}

#[test]
fn what_stands_behind_the_end_says_nothing_of_the_page() {
    for behind in [
        "About\n-----\n\nX.\n",
        "# Links\n\n- [a](https://a.example/)\n",
        "## Links\n\nOne.\n\n## More\n\nTwo.\n",
        "THE WEEKLY\n==========\n",
    ] {
        let text = format!("{DIGEST}\n\n\nHanbit Weekly is funded by\n\n\n{behind}");
        assert_eq!(read(&text), ITEMS, "{behind}");
    }
}

#[test]
fn linked_headlines_under_an_underlined_line_are_items() {
    assert_eq!(
        read(
            "Culture\n-------\n\n[A museum opens](https://a.example/1) It shows boats.\n\n[A choir sings](https://a.example/2) It sang twice.\n\n\n\
             [A ferry returns](https://a.example/3) It is late.\n"
        ),
        "[Culture] A museum opens <https://a.example/1> / It shows boats.\n[Culture] A choir sings <https://a.example/2> / It sang twice.\n\
         [Culture] A ferry returns <https://a.example/3> / It is late.\n"
    );
}

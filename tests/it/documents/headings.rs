//! The rules of “How a digest page is read”, by their numbers: unknown headings, runs, and lost headings.

use super::{Layout, check, outcome};

#[test]
fn rule_4_an_unknown_heading() {
    check(
        "
        Garden Shows


        Ferns come back

        They grow.


        Moss wins

        It is green.


        Why Not?


        Because

        Text.
        ",
        "
        [Garden Shows] Ferns come back / They grow.
        [Garden Shows] Moss wins / It is green.
        [Why Not?] Because / Text.
        ",
    );
}

#[test]
fn rule_4_what_is_no_heading() {
    let sixty = "x".repeat(60);
    let sixty_one = "가".repeat(61);
    let item = "Ferns\n\nThey grow.";
    for (block, is_heading) in [
        (sixty.as_str(), true),
        (&sixty_one, false),
        ("It ends.", false),
        ("It ends…", false),
        ("終わり。", false),
        ("It ends!", false),
        ("It ends.”", false),
        ("“It ends.”)", false),
        ("(It ends!)", false),
        ("It ends?", true),
        ("It ends:", true),
        ("U.S. and Them", true),
    ] {
        let got = outcome(Layout::Double, "page.txt", format!("{block}\n\n\n{item}\n"));
        let expected = if is_heading {
            format!("[{block}] Ferns / They grow.\n")
        } else {
            format!("{block}\nFerns / They grow.\n")
        };
        assert_eq!(got, expected);
    }
    // It has to hold an item: the end of the page, a known heading and a lost one hold none.
    check("A\n\nText.\n\n\nAlone", "A / Text.\nAlone");
    check(
        "Alone\n\n\nJapan\n\n\nA\n\nText.",
        "Alone\n[Japan] A / Text.",
    );
    check("Alone\n\n\n\n\nA\n\nText.", "Alone\nA / Text.");
}

#[test]
fn rule_4_a_run() {
    check(
        "
        Garden Shows


        Ferns come back


        They grow in the shade.


        Moss wins


        Lichen follows


        It is slow.


        It is grey.


        Last
        ",
        "
        [Garden Shows] Ferns come back / They grow in the shade.
        [Garden Shows] Moss wins
        [Garden Shows] Lichen follows / It is slow.
        [Garden Shows] It is grey.
        [Garden Shows] Last
        ",
    );
}

#[test]
fn rule_4_a_heading_is_followed_by_a_headline() {
    // A sentence alone is none: it is the summary of what stands over it.
    check(
        "
        Ferns come back


        They grow.
        ",
        "Ferns come back / They grow.",
    );
    // Unless it has a summary of its own.
    check(
        "
        Garden Shows


        They grow.

        In the shade.
        ",
        "[Garden Shows] They grow. / In the shade.",
    );
    check(
        "
        Garden Shows


        Ferns come back


        Moss wins
        ",
        "
        [Garden Shows] Ferns come back
        [Garden Shows] Moss wins
        ",
    );
}

#[test]
fn rule_4_right_behind_a_known_heading() {
    // What follows isn't told apart from the headlines of a run.
    check(
        "
        Japan


        Ferns come back


        Moss wins


        It is green.
        ",
        "
        [Japan] Ferns come back
        [Japan] Moss wins / It is green.
        ",
    );
    check(
        "
        Japan


        Ferns come back


        They grow.


        Moss wins
        ",
        "
        [Japan] Ferns come back / They grow.
        [Japan] Moss wins
        ",
    );
    // A headline with a summary of its own tells it.
    check(
        "
        Japan


        Garden Shows


        Ferns come back

        They grow.


        Moss wins
        ",
        "
        [Garden Shows] Ferns come back / They grow.
        [Garden Shows] Moss wins
        ",
    );
    // The gap behind the known one counts as wide, however narrow it is.
    check(
        "
        Japan

        Garden Shows


        Ferns come back

        They grow.
        ",
        "[Garden Shows] Ferns come back / They grow.",
    );
    // Further down it is as anywhere else.
    check(
        "
        Japan


        Squid counted

        All of them.


        Garden Shows


        Ferns come back


        They grow.
        ",
        "
        [Japan] Squid counted / All of them.
        [Garden Shows] Ferns come back / They grow.
        ",
    );
}

#[test]
fn rule_5_a_lost_heading() {
    check(
        "
        Japan




        A

        Text.




        B

        Text.


        Garden Shows


        C

        Text.





        D

        Text.
        ",
        "
        [Japan] A / Text.
        B / Text.
        [Garden Shows] C / Text.
        D / Text.
        ",
    );
    // It ends a run, so that the block behind it is the first of another.
    check(
        "
        First


        Second




        Third


        Fourth

        Text.
        ",
        "
        [First] Second
        [Third] Fourth / Text.
        ",
    );
    // Three blank lines are wide and nothing else.
    check(
        "Japan\n\n\nA\n\nText.\n\n\n\nB\n\nText.",
        "[Japan] A / Text.\n[Japan] B / Text.",
    );
}

#[test]
fn sections_of_the_first_level_in_markdown_are_sections_whether_they_are_known_or_not() {
    let digest = |top: &str| {
        format!(
            "{top}- [Dockers walk out](https://a.example/1): It began.\n\n# Japan\n\n- [Ferry sails again](https://a.example/2): It sailed.\n\n\
             # Culture\n\n- [Envoys sing](https://a.example/3): They sang.\n"
        )
    };
    let rest = "[Japan] Ferry sails again <https://a.example/2> / It sailed.\n[Culture] Envoys sing <https://a.example/3> / They sang.\n";
    assert_eq!(
        outcome(Layout::Double, "page.md", digest("# Labor\n\n")),
        format!("[Labor] Dockers walk out <https://a.example/1> / It began.\n{rest}")
    );
    // A title with some words of its own is none.
    let titled = digest("# Weekly\n\nHere is the week.\n\n# Labor\n\n");
    assert_eq!(
        outcome(Layout::Double, "page.md", titled),
        format!("[Labor] Dockers walk out <https://a.example/1> / It began.\n{rest}")
    );
}

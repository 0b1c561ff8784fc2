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
    // Behind a known heading nothing is a heading's rival: the first of the run still can be one.
    check(
        "
        Japan


        Ferns come back


        They grow.


        Moss wins


        It is green.
        ",
        "
        [Ferns come back] They grow.
        [Ferns come back] Moss wins / It is green.
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

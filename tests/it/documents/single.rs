//! `layout = "single"`: pages with one blank line everywhere.

use super::{check, check_single};

#[test]
fn sentences_tell_summaries_from_headlines() {
    check_single(
        "
        Japan

        Ferns come back

        They grow in the shade.

        They like it.

        Moss wins

        It is green. READ MORE https://example.org/moss

        Hanbit Weekly is funded by

        Nobody.
        ",
        "
        [Japan] Ferns come back / They grow in the shade. / They like it.
        [Japan] Moss wins <https://example.org/moss> / It is green.
        ",
    );
}

#[test]
fn headings_and_what_stands_alone() {
    check_single(
        "
        Garden Shows

        Ferns come back

        They grow.

        Moss wins

        Lichen follows

        It is slow.
        ",
        "
        [Garden Shows] Ferns come back / They grow.
        [Moss wins] Lichen follows / It is slow.
        ",
    );
    check_single(
        "
        A sentence is alone.

        Ferns

        They grow.

        Last
        ",
        "
        A sentence is alone.
        Ferns / They grow.
        Last
        ",
    );
}

#[test]
fn the_other_layout_reads_the_same_page_otherwise() {
    let page = "Ferns\n\nThey grow.\n\nMoss\n\nIt is green.\n";
    check(page, "Ferns / They grow. / Moss / It is green.");
    check_single(page, "Ferns / They grow.\nMoss / It is green.");
}

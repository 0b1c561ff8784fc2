//! Rule 8: a page's date.

use super::{Layout, parse};

const TWO_ITEMS: &str = "A\n\nText.\n\n\nB\n\nText.\n";

#[track_caller]
fn check(name: &str, page: &str, expected: &str) {
    let page = parse(Layout::Double, name, page).unwrap();
    let day = page
        .published
        .map_or("unknown".to_owned(), |day| day.to_string());
    assert_eq!(day, expected, "{name}");
}

#[test]
fn in_names() {
    for (name, expected) in [
        ("korea-news-roundup-march-8-2019.txt", "2019-03-08"),
        ("weekly-news-roundup-january-16-2019.txt", "2019-01-16"),
        ("2019-03-08.txt", "2019-03-08"),
        ("2019-03-08-weekly.txt", "2019-03-08"),
        ("20190308.txt", "2019-03-08"),
        ("digest_20190308_final.txt", "2019-03-08"),
        ("8-march-2019.txt", "2019-03-08"),
        ("mar-8-2019.txt", "2019-03-08"),
        ("News Roundup Sept. 1st, 2019.txt", "2019-09-01"),
        ("2019/03/08/index.txt", "2019-03-08"),
        ("2018/2019-03-08-주간뉴스.txt", "2019-03-08"),
        (
            "https://example.org/2019/03/08/a-march-9-2019-roundup/",
            "2019-03-09",
        ),
        // The last valid one.
        ("2019-03-08-to-2019-03-14.txt", "2019-03-14"),
        ("2019-03-08-to-2019-02-30.txt", "2019-03-08"),
        ("february-29-2020.txt", "2020-02-29"),
        // Of several days the last.
        ("weekly-march-4-8-2019.txt", "2019-03-08"),
        ("weekly-mar-4th-to-8th-2019.txt", "2019-03-08"),
        ("march-4-20-2019.txt", "2019-03-20"),
        ("weekly-4-8-march-2019.txt", "2019-03-08"),
        ("march-30-april-5-2019.txt", "2019-04-05"),
        ("주간-2019년-3월-4일-8일.txt", "2019-03-08"),
        // The eighth of February.
        ("weekly-8-2-2019.txt", "2019-02-08"),
        ("march-8-19.txt", "2019-03-08"),
        // None: the day it was first seen.
        ("february-29-2019.txt", "unknown"),
        ("2019-13-08.txt", "unknown"),
        ("page-12345678901.txt", "unknown"),
        ("march-2019.txt", "unknown"),
        ("marching-8-2019.txt", "unknown"),
        ("unmarch-8-2019.txt", "unknown"),
        ("page.txt", "unknown"),
    ] {
        check(name, TWO_ITEMS, expected);
    }
}

#[test]
fn in_the_first_five_blocks() {
    for (page, expected) in [
        (
            "Roundup (March 8, 2019)\n\nText.\n\n\nB\n\nText.\n",
            "2019-03-08",
        ),
        (
            "Week of March 4-8, 2019\n\nText.\n\n\nB\n\nText.\n",
            "2019-03-08",
        ),
        (
            "Week of March 4 to 8, 2019\n\nText.\n\n\nB\n\nText.\n",
            "2019-03-08",
        ),
        (
            "Week of March 4th – 8th, 2019\n\nText.\n\n\nB\n\nText.\n",
            "2019-03-08",
        ),
        (
            "March 4, 20 boats, 2019 nets\n\nText.\n\n\nB\n\nText.\n",
            "unknown",
        ),
        (
            "Roundup\n\nOf 8 March 2019 and 9 March 2019.\n\n\nB\n\nText.\n",
            "2019-03-08",
        ),
        (
            "1\n\n2\n\n3\n\n4\n\nMarch 8, 2019.\n\n\nB\n\nText.\n",
            "2019-03-08",
        ),
        (
            "1\n\n2\n\n3\n\n4\n\n5\n\nMarch 8, 2019.\n\n\nB\n\nText.\n",
            "unknown",
        ),
        (
            "주간 뉴스 2019년 3월 8일\n\nText.\n\n\nB\n\nText.\n",
            "2019-03-08",
        ),
        ("A\n\nIt cost 2019-99-99 won.\n\n\nB\n\nText.\n", "unknown"),
    ] {
        check("page.txt", page, expected);
    }
    // Nothing but a date may be brief; among words such numbers are of anything.
    for (written, expected) in [
        ("8.3.19", "2019-03-08"),
        ("08.03.19", "2019-03-08"),
        ("3/8/19", "2019-03-08"),
        ("8. 3. 19", "2019-03-08"),
        ("8 Mar 19", "2019-03-08"),
        ("Friday, 8 Mar 19", "2019-03-08"),
        ("Version 8.3.19 is out", "unknown"),
        ("Harbour 8.3.19.4", "unknown"),
        ("19-03-08", "unknown"),
        ("v 2.10.24", "unknown"),
        ("March 8, 10:30 am", "unknown"),
        ("Nov 30, 19:08", "unknown"),
        ("May 1, 12pm", "unknown"),
        ("18 Oct 20h", "unknown"),
        ("24.12. 20:15", "unknown"),
        ("Updated May 3 10:15 GMT", "unknown"),
        ("May 5 – 20", "unknown"),
        ("8 Mar 19 boats", "unknown"),
    ] {
        let page = format!("{written}\n\n\nA\n\nText.\n\n\nB\n\nText.\n");
        check("page.txt", &page, expected);
    }
    // The name outranks them, and an item's own date is the item's.
    let own = "A\nPublished March 1, 2019\n\nText.\n\n\nB\n\nText.\n";
    check("2019-03-08.txt", own, "2019-03-08");
    let page = parse(Layout::Double, "2019-03-08.txt", own).unwrap();
    let dates: Vec<Option<String>> = page
        .drafts
        .iter()
        .map(|d| d.published.map(|p| p.to_string()))
        .collect();
    assert_eq!(dates, [Some("2019-03-01".to_owned()), None]);
}

//! Items that only the whole of a page tells: headings of the first level that are stories, rows of tables, paragraphs and
//! entries whose links say no more than that they lead to a story.

use super::structure::items;

#[test]
fn headings_of_the_first_level_are_stories_where_several_stand_over_something() {
    let posts = "<article><h1><a href=\"/1\">Ferry returns</a></h1><p>It sails again.</p></article>\
                 <article><h1><a href=\"/2\">Crane moves</a></h1><p>To pier four.</p></article>";
    let expected = [
        "- | Ferry returns | https://news.example/1",
        "- | Crane moves | https://news.example/2",
    ];
    for site in [
        "",
        "<header><h1>Harbour Weekly</h1></header>",
        "<header><h1><span>Harbour</span> Weekly</h1><p>All the news.</p></header>",
    ] {
        assert_eq!(
            items(&format!(
                "<html><head><title>Harbour Weekly</title></head><body>{site}<div>{posts}</div></body></html>"
            )),
            expected,
            "{site}"
        );
    }
    let stories =
        "<h1>Ferry returns</h1><p>It sails again.</p><h1>Crane moves</h1><p>To pier four.</p>";
    let bare = ["- | Ferry returns | -", "- | Crane moves | -"];
    assert_eq!(items(&format!("<html><body>{stories}</body></html>")), bare);
    // One that stands over a deeper one is a section's, as in Markdown.
    assert_eq!(
        items(&format!(
            "<html><body>{stories}<h2>Herring are late</h2><p>By a week.</p></body></html>"
        )),
        [
            "- | Ferry returns | -",
            "Crane moves | Herring are late | -"
        ]
    );
}

#[test]
fn headings_of_the_first_level_are_sections_where_they_stand_over_items() {
    let expected = ["Ships | Ferry returns | -", "Fish | Herring are late | -"];
    let sections = "<h1>Ships</h1><h2>Ferry returns</h2><p>It sails again.</p>\
                    <h1>Fish</h1><h2>Herring are late</h2><p>By a week.</p>";
    for title in [
        "",
        "<h1>Weekly</h1>",
        "<h1>Weekly</h1><p>Here is the week.</p>",
    ] {
        assert_eq!(
            items(&format!("<html><body>{title}{sections}</body></html>")),
            expected,
            "{title}"
        );
    }
    assert_eq!(
        items(
            "<html><body><h1>Ships</h1><ul><li><a href=\"/1\">Ferry returns</a></li><li><a href=\"/2\">Crane moves</a></li></ul>\
             <h1>Fish</h1><ul><li><a href=\"/3\">Herring are late</a></li><li><a href=\"/4\">Cod is early</a></li></ul></body></html>"
        ),
        [
            "Ships | Ferry returns | https://news.example/1",
            "Ships | Crane moves | https://news.example/2",
            "Fish | Herring are late | https://news.example/3",
            "Fish | Cod is early | https://news.example/4",
        ]
    );
}

#[test]
fn the_titles_of_a_site_and_of_its_page_are_no_stories() {
    let rest = "<h2>Ships</h2><h3>Ferry returns</h3><p>It sails again.</p><h2>Fish</h2><h3>Herring are late</h3><p>By a week.</p>";
    let expected = ["Ships | Ferry returns | -", "Fish | Herring are late | -"];
    for titles in [
        "<h1>Weekly</h1><p>Here is the week.</p>",
        "<h1>Harbour</h1><h1>Weekly</h1><p>Here is the week.</p>",
        "<h1>Harbour</h1><p>All its news.</p><h1>Weekly</h1><p>Here is the week.</p>",
    ] {
        assert_eq!(
            items(&format!(
                "<html><head><title>Weekly – Harbour</title></head><body>{titles}{rest}</body></html>"
            )),
            expected,
            "{titles}"
        );
    }
}

//! Pages of one story, whatever stands between its headline and its text.

use super::{Layout, outcome};

const TITLE: &str = "Squid counted again";

fn read(called: &str, around: &str) -> String {
    let page = format!(
        "<html><head><title>{called}</title></head><body><main><article>{around}</article></main></body></html>"
    );
    outcome(Layout::Double, "page.html", page)
}

/// A page that is read as its only story, with this text.
#[track_caller]
fn check(around: &str, expected: &str) {
    let got = read(&format!("{TITLE} | The Daily"), around);
    assert_eq!(got.trim(), expected, "{around}");
}

const TEXT: &str = "<p>PORT — The boats counted all night.</p><p>They go on today.</p>";
const READ: &str = "/ PORT — The boats counted all night. / They go on today.";

#[test]
fn a_story_is_called_by_its_heading() {
    let h1 = format!("<h1>{TITLE}</h1>");
    for label in [
        "",
        "<a class=\"category\" href=\"https://a.example/c\">Fishing</a>",
        "<div><a href=\"https://a.example/c\">Fishing</a></div>",
    ] {
        for author in [
            "",
            "<p>By <a href=\"https://a.example/author/ann\">Ann Lee</a></p>",
            "<div><a href=\"https://a.example/author/ann\">Ann Lee</a></div>",
            "<p>By Ann Lee, Yonhap</p>",
        ] {
            check(
                &format!("{label}{h1}{author}{TEXT}"),
                &format!("{TITLE} {READ}"),
            );
        }
    }
    let subtitle = "<p>First count since the storm</p>";
    check(
        &format!("{h1}{subtitle}<p>20 November 2026</p>{TEXT}"),
        &format!("{TITLE} (2026-11-20) / First count since the storm {READ}"),
    );
    let said = "<p>It is the first count since the storm.</p>";
    let author = "<div><a href=\"https://a.example/author/ann\">Ann Lee</a></div>";
    check(
        &format!("{h1}{said}{author}{TEXT}"),
        &format!("{TITLE} / It is the first count since the storm. {READ}"),
    );
}

#[test]
fn a_subtitle_may_be_a_heading() {
    let title = "Squid counted again at the pier";
    let got = read(
        &format!("{title} | The Daily"),
        &format!("<h1>{title}</h1><h2>First count since the storm</h2>{TEXT}"),
    );
    assert_eq!(
        got.trim(),
        format!("{title} / First count since the storm {READ}")
    );
    // What is no longer than a site's name is none.
    let got = read(
        "Hanbit | Home",
        &format!("<h1>Hanbit</h1><h2>First count since the storm</h2>{TEXT}"),
    );
    assert_eq!(got.trim(), format!("First count since the storm {READ}"));
}

#[test]
fn no_link_in_a_story_is_where_it_leads() {
    let h1 = format!("<h1>{TITLE}</h1>");
    check(
        &format!(
            "{h1}<p>PORT — The <a href=\"https://a.example/x\">boats</a> counted all night.</p>\
             <p>They go on <a href=\"https://a.example/y\">today</a>.</p>"
        ),
        &format!("{TITLE} {READ}"),
    );
    check(
        &format!(
            "{h1}<p>The boats counted all night. What they saw:</p><ul><li>squid</li><li>rays</li></ul>"
        ),
        &format!("{TITLE} / The boats counted all night. What they saw: / squid / rays"),
    );
    // What the site says behind it is no text.
    check(
        &format!(
            "{h1}{TEXT}<p>Subscribe to our letter</p><p>Related posts</p><p><a href=\"https://a.example/z\">Rays seen</a></p>"
        ),
        &format!("{TITLE} {READ}"),
    );
}

#[test]
fn a_page_that_collects_stories_is_none() {
    for called in [
        "Weekly digest",
        "Fishing news, 20 November 2026",
        "Letter from the port 47",
        "바다 소식",
    ] {
        let got = read(
            called,
            &format!("<h1>{called}</h1><p>Squid counted</p><p>There were many of them.</p>"),
        );
        assert!(got.starts_with("Squid counted"), "{called}: {got}");
    }
    // Nor is one whose lines are headlines, entries or items.
    let h1 = format!("<h1>{TITLE}</h1>");
    for (several, titles) in [
        (
            "<p>Rays seen</p><p>Five of them.</p><p>Boats lost</p><p>Two of them.</p>",
            ["Rays seen", "Boats lost"],
        ),
        (
            "<ul><li><a href=\"https://a.example/1\">Rays seen at the pier</a></li>\
             <li><a href=\"https://a.example/2\">Boats lost at sea again</a></li></ul>",
            ["Rays seen at the pier", "Boats lost at sea again"],
        ),
        (
            "<p><b>Rays seen at the pier.</b> Five of them came by at noon.</p><p><b>Boats lost at sea again.</b> Two of them sank near the light.</p>",
            ["Rays seen at the pier", "Boats lost at sea again"],
        ),
    ] {
        let got = read(&format!("{TITLE} | The Daily"), &format!("{h1}{several}"));
        let found: Vec<&str> = got.lines().collect();
        assert_eq!(found.len(), 2, "{got}");
        for (line, title) in found.iter().zip(titles) {
            assert!(line.starts_with(title), "{got}");
        }
    }
}

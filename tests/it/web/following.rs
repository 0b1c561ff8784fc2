//! Indexes that lead to digests, and digests of several pages.

use super::{later, reader};
use crate::fakes::web::{Reply, Site};

#[test]
fn an_index_is_followed_to_new_digests() {
    let site = Site::start();
    let digest = |title: &str| {
        Reply::page(format!(
            "<html><body><article><h2>Japan</h2><h3>{title}</h3><p>There is something to say of it.</p></article></body></html>"
        ))
    };
    let index = |links: &[&str]| {
        let links: String = links
            .iter()
            .map(|link| format!("<h2 class=\"t\"><a href=\"{link}\">Weekly</a></h2>"))
            .collect();
        Reply::page(format!("<html><body>{links}</body></html>"))
    };
    site.set("/", index(&["/weekly-november-6-2026"]));
    site.set("/weekly-november-6-2026", digest("Squid counted"));
    let mut chat = reader(&site, "kind = \"page\"\nfollow = \"h2.t\"", "/");
    site.set(
        "/",
        index(&["/weekly-november-13-2026", "/weekly-november-6-2026"]),
    );
    site.set("/weekly-november-13-2026", digest("Boats lost"));
    assert_eq!(
        later(&mut chat),
        "web: 1 new, 0 updated, 0 unchanged, 1 pushed"
    );
    let posted = chat.posted();
    assert!(
        posted.contains("Boats lost") && !posted.contains("Squid"),
        "{posted}"
    );
    let paths: Vec<String> = site.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(
        paths,
        [
            "/",
            "/weekly-november-6-2026",
            "/",
            "/weekly-november-13-2026"
        ]
    );
}

#[test]
fn digests_that_take_several_transactions_keep_to_max_burst_together() {
    let site = Site::start();
    let digest = |name: &str, items: usize| {
        let items: String = (0..items)
            .map(|at| {
                format!("<h3>{name} {at} counted</h3><p>There is something to say of it.</p>")
            })
            .collect();
        Reply::page(format!(
            "<html><body><article><h2>Japan</h2>{items}</article></body></html>"
        ))
    };
    let index = |links: &[&str]| {
        let links: String = links
            .iter()
            .map(|link| format!("<h2 class=\"t\"><a href=\"{link}\">Weekly</a></h2>"))
            .collect();
        Reply::page(format!("<html><body>{links}</body></html>"))
    };
    site.set("/", index(&["/weekly-november-6-2026"]));
    site.set("/weekly-november-6-2026", digest("Tide", 1));
    let source = "kind = \"page\"\nfollow = \"h2.t\"\nmax_burst = 3";
    let mut chat = reader(&site, source, "/");
    site.set(
        "/",
        index(&["/weekly-1-november-13-2026", "/weekly-2-november-13-2026"]),
    );
    site.set("/weekly-1-november-13-2026", digest("Squid", 2_500));
    site.set("/weekly-2-november-13-2026", digest("Boat", 2_500));
    assert_eq!(
        later(&mut chat),
        "web: 5000 new, 0 updated, 0 unchanged, 5000 pushed"
    );
    let posted = chat.posted();
    assert_eq!(posted.matches(" counted").count(), 3, "{posted}");
    assert!(posted.contains("4997 more"), "{posted}");
}

#[test]
fn an_index_and_its_digests_may_have_further_pages() {
    let site = Site::start();
    let page = |headline: &str, more: &str| {
        Reply::page(format!(
            "<html><body><article><h2>Japan</h2><h3>{headline}</h3><p>There is something to say of it.</p></article>{more}</body></html>"
        ))
    };
    let index = |link: &str, more: &str| {
        Reply::page(format!(
            "<html><body><h2 class=\"t\"><a href=\"{link}\">Weekly</a></h2>{more}</body></html>"
        ))
    };
    let older = "<a href=\"/page/2/\">Older posts</a>";
    site.set("/", index("/weekly-november-13-2026", older));
    site.set("/page/2/", index("/weekly-november-6-2026", ""));
    let on = "<a href=\"/weekly-november-13-2026/page/2/\">2</a>";
    site.set("/weekly-november-13-2026", page("Boats lost", on));
    site.set("/weekly-november-13-2026/page/2/", page("Boats found", ""));
    site.set("/weekly-november-6-2026", page("Squid counted", ""));
    let mut chat = reader(&site, "kind = \"page\"\nfollow = \"h2.t\"", "/");
    let said = chat.say("/latest japan");
    for headline in ["Boats lost", "Boats found", "Squid counted"] {
        assert!(said.contains(headline), "{said}");
    }
    // What is known isn't asked for again, and an index that brings nothing new not searched further.
    let before = site.asked().len();
    assert_eq!(
        later(&mut chat),
        "web: 0 new, 0 updated, 0 unchanged, 0 pushed"
    );
    let asked = site.asked().into_iter().skip(before);
    let paths: Vec<String> = asked.map(|asked| asked.path).collect();
    assert_eq!(paths, ["/"]);
}

//! A picture is kept with its item, and changes with it.

use super::{later, reader};
use crate::fakes::web::{Reply, Site};
use crate::harness::Chat;
use tidings_core::item::Place;
use tidings_store::{Listing, StoreError};

/// A feed of one item with such elements.
fn feed(elements: &str) -> Reply {
    Reply::page(format!(
        "<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><title>Harbour Wire</title>
         <item><guid>1</guid><title>Squid is counted</title><link>https://news.example/1</link>{elements}</item></channel></rss>"
    ))
}

/// What is kept of the only item.
fn picture(chat: &Chat) -> Option<String> {
    let all = Listing {
        section: None,
        after: Place::TOP,
        limit: 10,
    };
    let items = chat.app().store().blocking().read(|db| db.newest(all));
    let mut items = items.map_err(|error: StoreError| error).unwrap();
    assert_eq!(items.len(), 1);
    items.remove(0).picture
}

#[test]
fn what_a_source_says_anew_of_a_picture_is_no_news() {
    let site = Site::start();
    let small = "<media:thumbnail url=\"https://cdn.example/small.jpg\"/>";
    site.set("/feed", feed(small));
    let mut chat = reader(&site, "kind = \"feed\"", "/feed");
    assert_eq!(
        picture(&chat).as_deref(),
        Some("https://cdn.example/small.jpg")
    );
    for (elements, expected) in [
        (
            "<media:thumbnail url=\"https://cdn.example/new.jpg\"/>",
            Some("https://cdn.example/new.jpg"),
        ),
        ("<media:thumbnail url=\"javascript:alert(1)\"/>", None),
        (small, Some("https://cdn.example/small.jpg")),
        ("", None),
    ] {
        site.set("/feed", feed(elements));
        let said = later(&mut chat);
        assert_eq!(
            said, "web: 0 new, 0 updated, 1 unchanged, 0 pushed",
            "{elements}"
        );
        assert_eq!(picture(&chat).as_deref(), expected, "{elements}");
        assert_eq!(chat.posted(), "");
    }
    // Beside what readers notice it changes with that.
    let corrected = feed(&format!(
        "<description>There are many.</description>{small}"
    ));
    site.set("/feed", corrected);
    assert_eq!(
        later(&mut chat),
        "web: 0 new, 1 updated, 0 unchanged, 0 pushed"
    );
    assert_eq!(
        picture(&chat).as_deref(),
        Some("https://cdn.example/small.jpg")
    );
}

#[test]
fn a_picture_is_never_fetched() {
    let site = Site::start();
    let address = site.url("/harbour.jpg");
    site.set("/harbour.jpg", Reply::page("no picture"));
    let element = format!("<media:thumbnail url=\"{address}\"/>");
    site.set("/feed", feed(&element));
    let mut chat = reader(&site, "kind = \"feed\"", "/feed");
    assert_eq!(picture(&chat), Some(address));
    later(&mut chat);
    let asked = site.asked();
    assert!(asked.iter().all(|asked| asked.path == "/feed"), "{asked:?}");
}

//! Feeds out: they are what their formats want, and are read back.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Served, config, entry, feed, number, small};
use crate::harness::Chat;

/// The archive's UUID.
fn uuid(chat: &Chat) -> String {
    let uuid = chat.app().store().blocking().read(|db| db.archive());
    let uuid: Result<String, tidings_store::StoreError> = uuid;
    uuid.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn atom_is_what_feed_readers_expect() {
    let chat = small();
    let served = Served::of(&chat).await;
    let uuid = uuid(&chat);
    assert_eq!((uuid.len(), uuid.as_bytes()[14]), (36, b'4'), "{uuid}");
    let got = served.get("/s/us-nk/feed.atom").await;
    assert_eq!(
        got.header("content-type"),
        "application/atom+xml; charset=utf-8"
    );
    let parsed = feed_rs::parser::parse(got.text.as_bytes()).unwrap();
    assert_eq!(parsed.id, format!("urn:tidings:{uuid}:section:us-nk"));
    assert_eq!(
        parsed.title.unwrap().content,
        "US–North Korea relations · Tidings"
    );
    let links: Vec<_> = parsed
        .links
        .iter()
        .map(|link| (link.rel.as_deref().unwrap(), link.href.as_str()))
        .collect();
    assert_eq!(
        links,
        [
            ("self", "https://news.example.org/s/us-nk/feed.atom"),
            ("alternate", "https://news.example.org/s/us-nk"),
        ]
    );
    let (envoys, door) = (
        number(&chat, "Envoys met"),
        number(&chat, "Door plate made"),
    );
    let entries: Vec<_> = parsed
        .entries
        .iter()
        .map(|entry| (entry.id.clone(), entry.links[0].href.clone()))
        .collect();
    assert_eq!(
        entries,
        [
            // Without a link of its own it leads to its page.
            (
                format!("urn:tidings:{uuid}:item:{door}"),
                format!("https://news.example.org/i/{door}")
            ),
            (
                format!("urn:tidings:{uuid}:item:{envoys}"),
                "https://example.org/envoys".to_owned()
            ),
        ]
    );
    // First seen when it was loaded, and not corrected since.
    assert!(
        parsed
            .entries
            .iter()
            .all(|entry| entry.updated.unwrap().to_rfc3339() == "2026-11-06T12:00:00+00:00")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn json_feed_says_what_the_archive_knows() {
    let chat = small();
    let served = Served::of(&chat).await;
    let got = served.get("/search/feed.json?q=door").await;
    assert_eq!(
        got.header("content-type"),
        "application/feed+json; charset=utf-8"
    );
    let json: Value = serde_json::from_str(&got.text).unwrap();
    assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(
        json["feed_url"],
        "https://news.example.org/search/feed.json?q=door"
    );
    assert_eq!(
        json["home_page_url"],
        "https://news.example.org/search?q=door"
    );
    let item = &json["items"][0];
    assert_eq!(item["title"], "Door plate made");
    assert_eq!(item["tags"][0], "US–North Korea relations");
    assert_eq!(item["date_modified"], "2026-11-06T12:00:00Z");
    let own = &item["_tidings"];
    assert_eq!(
        (&own["section"], &own["published"]),
        (&"us-nk".into(), &"2026-11-05".into())
    );
    assert_eq!(own["page"], item["url"]);
    assert!(json.get("next_url").is_none());
}

/// A bot whose archive has more items than a page of a feed.
fn large() -> Chat {
    let mut chat = Chat::with(&config(
        "[[source]]\nname = \"wire\"\nkind = \"folder\"\npath = \"wire\"\nlabel = \"The Wire\"\n",
    ));
    let items: Vec<_> = (0..120)
        .map(|at| {
            let mut entry = entry(
                at,
                &format!("Number {at:03} of {}", at * 7_919),
                &format!("2026-11-05T{:02}:{:02}:00Z", at / 60, at % 60),
            );
            if at % 10 == 0 {
                entry["tags"] = serde_json::json!(["Japan"]);
            }
            if at % 7 == 0 {
                entry.as_object_mut().unwrap().remove("url");
            }
            entry
        })
        .collect();
    chat.drop_into("wire", "a.json", feed(&items));
    chat.load();
    chat
}

/// All pages of a feed, from the newest on.
async fn pages(served: &Served, start: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut path = start.to_owned();
    loop {
        let page = served.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        let next = if start.contains("json") {
            let json: Value = serde_json::from_str(&page.text).unwrap();
            json["next_url"].as_str().map(str::to_owned)
        } else {
            let parsed = feed_rs::parser::parse(page.text.as_bytes()).unwrap();
            let next = parsed
                .links
                .iter()
                .find(|link| link.rel.as_deref() == Some("next"));
            assert_eq!(texts.is_empty(), !page.text.contains("rel=\"first\""));
            next.map(|link| link.href.clone())
        };
        texts.push(page.text);
        let Some(next) = next else { return texts };
        path = next.strip_prefix(super::URL).unwrap().to_owned();
    }
}

fn shown(chat: &Chat) -> Vec<(i64, String, String, Option<String>, String)> {
    let items = chat.app().store().blocking().read(|db| {
        db.newest(tidings_store::Listing {
            section: None,
            after: tidings_core::item::Place::TOP,
            limit: 10_000,
        })
    });
    let items: Result<Vec<_>, tidings_store::StoreError> = items;
    let items = items.unwrap().into_iter();
    items
        .map(|item| {
            (
                item.id.get(),
                item.title,
                item.summary,
                item.link,
                item.section.to_string(),
            )
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_are_loaded_without_duplicates_here_and_elsewhere() {
    for start in ["/feed.json", "/feed.atom"] {
        let mut chat = large();
        let served = Served::of(&chat).await;
        let texts = pages(&served, start).await;
        assert_eq!(texts.len(), 3, "{start}");
        let ids: BTreeSet<&str> = texts
            .iter()
            .flat_map(|text| text.split(":item:").skip(1))
            .map(|rest| rest.split(['"', '<']).next().unwrap())
            .collect();
        assert_eq!(ids.len(), 120, "{start}");
        let before = shown(&chat);
        // Into the store that it comes from it brings nothing, even where a title was corrected since.
        let mut other = Chat::with(&config(""));
        for (at, text) in texts.iter().enumerate() {
            let name = format!("page-{at}.{}", &start[6..]);
            chat.drop_into(
                "archive",
                &name,
                text.replace("Number 005 of", "Numero 005 of"),
            );
            let path = chat.path("archive").join(&name);
            assert!(
                chat.load_file(&path, false)
                    .starts_with("files: 0 new, 0 updated"),
                "{start}"
            );
            other.drop_into("archive", &name, text);
            let path = other.path("archive").join(&name);
            other.load_file(&path, false);
        }
        assert_eq!(shown(&chat), before, "{start}");
        let sources = chat.app().store().blocking().read(|db| db.sources());
        let sources: Result<Vec<_>, tidings_store::StoreError> = sources;
        let names: Vec<_> = sources
            .unwrap()
            .into_iter()
            .map(|source| source.name)
            .collect();
        assert!(!names.contains(&"The Wire".to_owned()), "{names:?}");
        // Another store has the same items by the same numbers, those without a link without one; and once.
        assert_eq!(shown(&other), before, "{start}");
        for (at, text) in texts.iter().enumerate() {
            let name = format!("again-{at}.{}", &start[6..]);
            other.drop_into("archive", &name, text);
            let path = other.path("archive").join(&name);
            assert!(
                other
                    .load_file(&path, false)
                    .starts_with("files: 0 new, 0 updated"),
                "{start}"
            );
        }
        assert_eq!(shown(&other), before, "{start}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sitemap_has_every_item() {
    let chat = large();
    let served = Served::of(&chat).await;
    let map = served.get("/sitemap.xml").await;
    assert_eq!(map.header("content-type"), "application/xml; charset=utf-8");
    for (id, ..) in shown(&chat) {
        let url = format!(
            "<loc>https://news.example.org/i/{id}</loc><lastmod>2026-11-06T12:00:00Z</lastmod>"
        );
        assert!(map.text.contains(&url), "{url}");
    }
    assert!(
        map.text
            .contains("<loc>https://news.example.org/s/japan</loc>")
    );
    // A month of a large archive is a part of it, and goes on behind an item.
    let month = served.get("/sitemap-2026-11.xml").await;
    assert_eq!(month.text.matches("<url>").count(), 120);
    let behind = number(&chat, "Number 060 of 475140");
    let rest = served
        .get(&format!("/sitemap-2026-11.xml?after={behind}"))
        .await;
    assert_eq!(rest.text.matches("<url>").count(), 60);
    assert_eq!(served.status("/sitemap-2026-10.xml").await, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_archive_is_mapped_month_by_month() {
    /// More than one file of a sitemap holds.
    const MANY: usize = 50_050;
    let chat = small();
    // A second after the other, from the middle of October on.
    chat.ground.execute(&format!(
        "INSERT INTO items (section_id, source_id, document_id, position, rank, title, summary, published, title_key, seen_at)
             WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {MANY})
             SELECT section_id, source_id, document_id, 0, -(1792000000 + x), 'Squid', '', '2026-10-14T00:00:00Z', 0, seen_at
             FROM n CROSS JOIN (SELECT * FROM items WHERE id = 1) AS first"
    ));
    chat.ground.execute(&format!(
        "UPDATE sections SET items = items + {MANY} WHERE id = (SELECT section_id FROM items WHERE id = 1)"
    ));
    let served = Served::of(&chat).await;
    let index = served.get("/sitemap.xml").await.text;
    let parts: Vec<&str> = index
        .split("<loc>")
        .skip(1)
        .map(|part| {
            part.split('<')
                .next()
                .unwrap()
                .strip_prefix(super::URL)
                .unwrap()
        })
        .collect();
    assert_eq!(parts.len(), 3, "{index}");
    assert_eq!(parts[..2], ["/sitemap-2026-11.xml", "/sitemap-2026-10.xml"]);
    let mut found = BTreeSet::new();
    let mut sizes = Vec::new();
    for part in parts {
        let part = served.get(part).await;
        assert_eq!(part.status, 200);
        let urls = part
            .text
            .split("/i/")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().to_owned());
        let urls: Vec<String> = urls.collect();
        sizes.push(urls.len());
        found.extend(urls);
    }
    assert_eq!(sizes, [4, 50_000, 50]);
    assert_eq!(found.len(), MANY + 4, "each is in one part");
}

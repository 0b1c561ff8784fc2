//! The picture of an item: where each kind of document tells of one, and what only looks like one.

use insta::assert_snapshot;
use tidings_core::bounds::PICTURE_LENGTH;
use tidings_reader::{Document, Page, Rules, Selectors};

use super::kinds::{document, rules};

fn pictures_of(page: &Page) -> String {
    let line = |draft: &tidings_core::item::Draft| {
        let picture = draft.picture.as_deref().unwrap_or("-");
        format!("{}: {picture}\n", draft.title)
    };
    page.drafts.iter().map(line).collect()
}

fn shown_by(document: &Document, rules: &Rules) -> String {
    match tidings_reader::parse(document, rules) {
        Ok(page) => pictures_of(&page),
        Err(unreadable) => format!("{unreadable}\n"),
    }
}

/// Each item of a document with its picture.
fn shown(bytes: impl AsRef<[u8]>) -> String {
    shown_by(&document("page", bytes), &rules())
}

/// A feed of RSS with such items, each called by a letter.
fn rss(items: &[&str]) -> String {
    let items = items.iter().zip('A'..);
    let items: String = items
        .map(|(inside, name)| {
            format!("<item><title>{name}</title><link>/{name}</link>{inside}</item>\n")
        })
        .collect();
    format!(
        "<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>W</title><link>https://news.example/</link>
         <itunes:image href=\"https://news.example/channel.jpg\"/><image><url>https://news.example/site.png</url></image>
         {items}</channel></rss>"
    )
}

#[test]
fn what_elements_of_a_feed_say() {
    let items = rss(&[
        // The largest, by its width.
        "<media:content url=\"/s.jpg\" type=\"image/jpeg\" width=\"320\"/><media:content url=\"/l.jpg\" type=\"image/jpeg\" width=\"1280\"/><media:content url=\"/m.jpg\" type=\"image/jpeg\" width=\"640\"/>",
        // It says so itself, by its medium or its type, or ends like one.
        "<media:content url=\"https://0.gravatar.com/avatar/9f?s=96\" medium=\"image\"/><media:content url=\"/photo?id=7&amp;w=9\" medium=\"image\"/>",
        "<media:content url=\"/film.mp4\" type=\"video/mp4\" width=\"1920\"/><media:thumbnail url=\"/still.jpg\" width=\"240\" height=\"135\"/>",
        "<media:group><media:content url=\"/v\" medium=\"video\"/><media:content url=\"/untyped.webp\"/></media:group>",
        // Without anything beside it.
        "<media:thumbnail url=\"/small.jpg\" width=\"120\"/><media:thumbnail url=\"/large.jpg\" width=\"480\"/>",
        "<enclosure url=\"/e.png\" type=\"image/png\" length=\"1\"/><media:thumbnail url=\"/t.png\"/>",
        "<enclosure url=\"/episode.mp3\" type=\"audio/mpeg\" length=\"1\"/><itunes:image href=\"/episode.jpg\"/>",
        // The channel's own picture is no item's.
        "<enclosure url=\"/other.mp3\" type=\"audio/mpeg\" length=\"1\"/>",
        "<media:thumbnail url=\"/dot.png\" width=\"1\" height=\"1\"/><media:content url=\"/drawing.svg\" type=\"image/svg+xml\"/>",
    ]);
    assert_snapshot!(shown(items), @"
    A: https://news.example/l.jpg
    B: https://news.example/photo?id=7&w=9
    C: https://news.example/still.jpg
    D: https://news.example/untyped.webp
    E: https://news.example/large.jpg
    F: https://news.example/e.png
    G: https://news.example/episode.jpg
    H: -
    I: -
    ");
}

#[test]
fn what_a_feeds_text_shows() {
    let items = rss(&[
        "<description>&lt;p&gt;Text.&lt;/p&gt;&lt;img src=\"a.jpg?w=1&amp;amp;h=2\"&gt;</description>",
        "<description>A beginning.</description><content:encoded><![CDATA[<p><img src='/spacer.gif'><img width=1 height=1 src='https://count.example/1'><img class='wp-smiley' src='/x.png'><img src='https://cdn.example/b.jpg' alt='a > b'></p>]]></content:encoded>",
        "<description><![CDATA[<img src='c.jpg'>]]></description><media:thumbnail url=\"https://cdn.example/told.jpg\"/>",
        "<description>Of &lt;img&gt; tags.</description>",
    ]);
    assert_snapshot!(shown(items), @"
    A: https://news.example/a.jpg?w=1&h=2
    B: https://cdn.example/b.jpg
    C: https://cdn.example/told.jpg
    D: -
    ");
}

#[test]
fn atom_and_json_feeds() {
    assert_snapshot!(shown(r#"<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><id>urn:f</id><title>W</title><updated>2026-11-06T00:00:00Z</updated>
<entry><id>urn:1</id><title>Enclosed</title><link href="/1"/><link rel="enclosure" type="image/jpeg" href="/1.jpg"/><updated>2026-11-05T08:00:00Z</updated></entry>
<entry><id>urn:2</id><title>A film</title><link href="/2"/><media:group><media:content url="/2.swf" type="application/x-shockwave-flash"/><media:thumbnail url="/2.jpg" width="480" height="360"/></media:group><updated>2026-11-05T08:00:00Z</updated></entry>
<entry><id>urn:3</id><title>In its text</title><link href="/3"/><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>So.</p><img src="/3.jpg"/></div></content><updated>2026-11-05T08:00:00Z</updated></entry>
<entry><id>urn:4</id><title>Plain text</title><link href="/4"/><summary>Write &lt;img src="/4.jpg"&gt; for a picture.</summary><updated>2026-11-05T08:00:00Z</updated></entry>
</feed>"#), @"
    Enclosed: https://news.example/1.jpg
    A film: https://news.example/2.jpg
    In its text: https://news.example/3.jpg
    Plain text: -
    ");
    assert_snapshot!(shown(r#"{"version":"https://jsonfeed.org/version/1.1","title":"W","home_page_url":"https://news.example/","items":[
{"id":"1","url":"/1","title":"Image","image":"/1.jpg","banner_image":"/1-wide.jpg","content_html":"<img src='/in.jpg'>"},
{"id":"2","url":"/2","title":"Banner","image":"data:image/png;base64,AAAA","banner_image":"/2.jpg"},
{"id":"3","url":"/3","title":"Attached","attachments":[{"url":"https://news.example/3.mp3","mime_type":"audio/mpeg"},{"url":"https://news.example/3.png","mime_type":"image/png"}]},
{"id":"4","url":"/4","title":"In its text","content_html":"<p><img src='/4.jpg'></p>"},
{"id":"5","url":"/5","title":"A slip","image":{"url":"/5.jpg"}},
{"id":"6","url":"/6","title":"None","image":null,"content_text":"<img src='/6.jpg'> is a tag."}]}"#), @"
    Image: https://news.example/1.jpg
    Banner: https://news.example/2.jpg
    Attached: https://news.example/3.png
    In its text: https://news.example/4.jpg
    A slip: -
    None: -
    ");
}

#[test]
fn a_broken_feed_keeps_its_pictures() {
    assert_snapshot!(shown("<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><title>W</title><link>https://news.example/</link>
<item><title>Caf&eacute; & more</title><link>/a</link><media:thumbnail url='/a.jpg'/></item>
<item><title>Broken <b>tag</title><link>/b</link><media:thumbnail url='/b.jpg'/></item>
<item><title>Shown</title><link>/c</link><description><![CDATA[<img src='/c.jpg'>]]></description></item>"), @"
    Café & more: https://news.example/a.jpg
    Broken tag: https://news.example/b.jpg
    Shown: https://news.example/c.jpg
    ");
}

#[test]
fn items_that_are_pictures_or_sounds() {
    // Each is an item, called by what there is to call it by.
    assert_snapshot!(shown(r#"<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>W</title><link>https://news.example/</link>
<item><guid isPermaLink="false">1</guid><media:thumbnail url="/harbour-at-dawn.jpg"/></item>
<item><guid isPermaLink="false">2</guid><enclosure url="/interview.mp3" type="audio/mpeg" length="1"/></item>
<item><guid isPermaLink="false">3</guid><description>&lt;img src="/9f.jpg" alt="A squid"&gt;</description></item>
</channel></rss>"#), @"
    harbour-at-dawn.jpg: https://news.example/harbour-at-dawn.jpg
    interview.mp3: -
    A squid: https://news.example/9f.jpg
    ");
}

#[test]
fn cards_and_entries_of_a_page() {
    // What the page shows of itself is no item's where there are several.
    let page = |body: &str| {
        format!(
            "<html><head><title>W</title><meta property='og:image' content='/site.jpg'></head><body><main><h1>Weekly</h1><h2>Japan</h2>{body}</main></body></html>"
        )
    };
    // The picture stands over its headline, in a block of their own, and under the text.
    assert_snapshot!(shown(page("
        <article><a href=/a><img src=/a.jpg></a><div><h3><a href=/a>Envoys meet</a></h3><p>They met in Geneva today, for the second time in a month.</p></div></article>
        <article><figure><img src=/b.jpg><figcaption>Squid. Photo: Kim</figcaption></figure><h3><a href=/b>Squid is counted</a></h3><p>There are many of them, as there were many a year ago.</p></article>
        <article><h3><a href=/c>Letters cross</a></h3><p>Three pages came, and a stamp that nobody had seen before.</p><img src=/avatar.png width=32 height=32><img src=/c.jpg></article>
        <article><h3><a href=/d>No picture here</a></h3><p>Nobody took one, though there was all the time in the world.</p></article>")), @"
    Envoys meet: https://news.example/a.jpg
    Squid is counted: https://news.example/b.jpg
    Letters cross: https://news.example/c.jpg
    No picture here: -
    ");
    assert_snapshot!(shown(page("<ul>
        <li><img src=/a.jpg> <a href=/a>Tokyo counts its squid</a> and finds many.</li>
        <li><a href=/b>Osaka counts as well</a> without a picture.</li>
        <li><a href=/c>Kobe is late</a> this year. <picture><source srcset=/c.webp><img src=/c.jpg></picture></li></ul>")), @"
    Tokyo counts its squid: https://news.example/a.jpg
    Osaka counts as well: -
    Kobe is late: https://news.example/c.jpg
    ");
}

#[test]
fn a_row_of_headlines_and_pictures() {
    // Among its text a picture is an item's; between two items it may be either's.
    assert_snapshot!(shown("<html><body><main><h1>Weekly</h1><p><img src=/hero.jpg></p><h2>US-NK Relations</h2>
        <h3><a href=/a>Envoys meet</a></h3><p><img src=/a.jpg></p><p>They met.</p>
        <h3><a href=/b>Letters cross</a></h3><p>Three pages. <img src=/b.jpg></p><p>And a stamp.</p>
        <p><img src=/between.jpg></p>
        <h3><a href=/c>Talks go on</a></h3><p>They do.</p>
        <h2>Japan</h2><p><img src=/section.jpg></p>
        <h3><a href=/d>Squid is counted</a></h3><figure><img src=/d.jpg></figure><p>There are many.</p>
        </main><aside><img src=/ad.jpg></aside></body></html>"), @"
    Envoys meet: https://news.example/a.jpg
    Letters cross: https://news.example/b.jpg
    Talks go on: -
    Squid is counted: https://news.example/d.jpg
    ");
}

#[test]
fn a_picture_behind_loose_text_is_not_of_that_text() {
    // Text that no element holds ends where a block begins.
    assert_snapshot!(shown("<html><body><main><h2>Japan</h2>
        <h3><a href=/a>Envoys meet</a></h3>They met.
        <div><p><img src=/b.jpg></p><h3><a href=/b>Squid is counted</a></h3><p>There are many.</p></div>
        <h3><a href=/c>Letters cross</a></h3>Three pages came.<div><img src=/between.jpg></div>
        <h3><a href=/d>Talks go on</a></h3><p>They do.</p></main></body></html>"), @"
    Envoys meet: -
    Squid is counted: https://news.example/b.jpg
    Letters cross: -
    Talks go on: -
    ");
}

#[test]
fn an_article_shows_what_its_page_shows_of_itself() {
    assert_snapshot!(shown("<html><head><meta property='og:image' content='https://cdn.example/og.jpg'></head><body><main>
        <h2>Japan</h2><h3><a href=/a>Squid is counted</a></h3><p>There are many. <img src=/in.jpg></p></main></body></html>"), @"Squid is counted: https://cdn.example/og.jpg");
    assert_snapshot!(shown("<html><body><main>
        <h2>Japan</h2><h3><a href=/a>Squid is counted</a></h3><p>There are many.</p><p><img src=/in.jpg></p></main></body></html>"), @"Squid is counted: https://news.example/in.jpg");
}

#[test]
fn pages_with_selectors() {
    let rules = rules().with_selectors(Selectors {
        item: Some(".card".to_owned()),
        ..Selectors::default()
    });
    let page = "<html><head><base href='https://cdn.example/x/'></head><body>
        <div class=card><img src=/pixel.gif><img data-src=a.jpg src='data:image/gif;base64,R0'><h3>Envoys meet</h3><p>They met.</p></div>
        <div class=card><h3>Letters cross</h3><p>Three pages.</p></div><img src=/outside.jpg></body></html>";
    assert_snapshot!(shown_by(&document("page", page), &rules), @"
        Envoys meet: https://cdn.example/x/a.jpg
        Letters cross: -
        ");
}

#[test]
fn markdown() {
    assert_snapshot!(shown("# Weekly

![](hero.jpg)

## US-NK Relations

![The section](section.jpg)

### Envoys meet

![Envoys](https://cdn.example/a.jpg)

They met.

### Letters cross

Three pages. ![icon](icon.png) <img src=\"b.jpg\" width=\"600\">

### Talks go on

They do.

---

![](below.jpg)

## Japan

- ![](c.jpg) [Squid is counted](https://x.example/c) in Tokyo
- [Osaka too](https://x.example/d)

### A block of markup

<p align=\"center\"><img src=\"e.jpg\"></p>

So it is set. ![undefined][]
"), @"
Envoys meet: https://cdn.example/a.jpg
Letters cross: https://news.example/weekly/b.jpg
Talks go on: -
Squid is counted: https://news.example/weekly/c.jpg
Osaka too: -
A block of markup: https://news.example/weekly/e.jpg
");
    assert_snapshot!(shown("---\ntitle: Squid is counted\ndate: 2026-11-06\n---\n![](a.jpg)\n\nThere are many.\n"), @"Squid is counted: https://news.example/weekly/a.jpg");
}

#[test]
fn mail() {
    let mail = |html: &str| {
        format!(
            "From: a@b.example\r\nSubject: Squid is counted\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n"
        )
    };
    // A letter, and a newsletter.
    assert_snapshot!(shown(mail("<p>There are many, and they are well.</p><img src=\"https://count.example/o.gif\" width=\"1\" height=\"1\"><img src=\"cid:part1\"><img src=\"https://cdn.example/squid.jpg\">")), @"Squid is counted: https://cdn.example/squid.jpg");
    assert_snapshot!(shown(mail("<h2>Japan</h2>
        <table><tr><td><img src=\"https://cdn.example/a.jpg\"></td><td><h3><a href=\"https://x.example/a\">Tokyo counts</a></h3><p>It finds many.</p></td></tr></table>
        <table><tr><td><h3><a href=\"https://x.example/b\">Osaka counts</a></h3><p>It finds some.</p></td></tr></table>
        <img src=\"https://track.example/open?u=1\" width=\"1\">")), @"
    Tokyo counts: https://cdn.example/a.jpg
    Osaka counts: -
    ");
}

#[test]
fn hostile_addresses_are_no_pictures() {
    let long = format!("https://news.example/{}.jpg", "a".repeat(10_000));
    let most = format!("https://news.example/{}", "a".repeat(PICTURE_LENGTH.most));
    let grows = format!("/{}.jpg", "é".repeat(PICTURE_LENGTH.most / 2 - 10));
    for address in [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)//x.jpg",
        "data:image/png;base64,iVBORw0KGgo=",
        "vbscript:x",
        "file:///etc/passwd.png",
        "ftp://news.example/a.png",
        "cid:1.jpg",
        "http://",
        "https:///",
        "",
        &long,
        &most,
        &grows,
    ] {
        let json = format!(
            r#"{{"version":"https://jsonfeed.org/version/1.1","title":"W","items":[{{"id":"1","url":"/1","title":"A","image":"{address}"}}]}}"#
        );
        for bytes in [
            rss(&[&format!("<media:thumbnail url=\"{address}\"/>")]),
            rss(&[&format!(
                "<enclosure type=\"image/png\" url=\"{address}\"/>"
            )]),
            rss(&[&format!("<itunes:image href=\"{address}\"/>")]),
            rss(&[&format!(
                "<description><![CDATA[<img src=\"{address}\">]]></description>"
            )]),
            json,
            format!(
                "<html><body><main><h2>Japan</h2><article><h3>A</h3><p>B is said. <img src=\"{address}\"></p></article></main></body></html>"
            ),
            format!(
                "# W\n\n## Japan\n\n### A\n\nB is said.\n\n<img src=\"{address}\">\n\n![]({address})\n"
            ),
        ] {
            let told = shown(&bytes);
            assert_eq!(told, "A: -\n", "{}", &bytes[..bytes.len().min(900)]);
        }
    }
    // A base that is longer than an address is none, and one that isn't makes no long addresses of short ones.
    for (length, expected) in [
        (9_000, "https://news.example/a.jpg"),
        (4_000, "-"),
        (400, "https://cdn.example/a.jpg"),
    ] {
        let path = "x".repeat(length);
        let page = format!(
            "<html><head><base href=\"https://cdn.example/{path}/\"></head><body><main><h2>Japan</h2><article><h3>A</h3><p>B is said. <img src=/a.jpg></p></article></main></body></html>"
        );
        assert_eq!(shown(page), format!("A: {expected}\n"), "{length}");
    }
    // What is private is nobody's trouble here: nothing is fetched.
    let told = shown(rss(&[
        "<media:thumbnail url=\"http://192.168.0.1/a.jpg\"/>",
    ]));
    assert_eq!(told, "A: http://192.168.0.1/a.jpg\n");
}

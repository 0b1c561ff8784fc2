//! The other kinds of documents: feeds, web pages, Markdown, mail.

use insta::assert_snapshot;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tidings_core::item::Published;
use tidings_reader::html::markup;
use tidings_reader::{Document, Page, Rules, Selectors};

use super::{FOOTER, KNOWN, Layout, show};
use crate::harness::moment;

pub(super) fn rules() -> Rules {
    Rules::new(Layout::Double, KNOWN, [FOOTER])
}

pub(super) fn document(name: &str, bytes: impl AsRef<[u8]>) -> Document {
    Document {
        name: name.to_owned(),
        bytes: bytes.as_ref().to_vec(),
        seen: moment("2026-11-21T12:00[UTC]"),
        address: Some("https://news.example/weekly/".parse().unwrap()),
        charset: None,
    }
}

/// The day of a page: its own, else that of its first sight.
pub(super) fn day(document: &Document, page: &Page) -> Published {
    let seen = || Published::Date(document.seen.to_zoned(TimeZone::UTC).date());
    page.published.unwrap_or_else(seen)
}

fn read_by(document: &Document, rules: &Rules) -> String {
    match tidings_reader::parse(document, rules) {
        Ok(page) => {
            let lines = page.drafts.iter().map(|draft| {
                let id = draft.feed_id.as_ref().map(|id| format!("#{id} "));
                id.unwrap_or_default() + &show(draft) + "\n"
            });
            format!("of {}\n{}", day(document, &page), lines.collect::<String>())
        }
        Err(unreadable) => format!("{unreadable}\n"),
    }
}

pub(super) fn read(bytes: impl AsRef<[u8]>) -> String {
    read_by(&document("page", bytes), &rules())
}

#[test]
fn rss_with_markup_entities_and_categories() {
    assert_snapshot!(read(r#"<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Weekly</title><link>https://news.example/</link><description>All</description>
<item><guid isPermaLink="false">tag:1</guid><title><![CDATA[Envoys meet &amp; <b>talk</b>]]></title>
<link>/weekly/envoys?utm_source=rss&amp;id=7</link><category>us-nk relations</category>
<pubDate>Fri, 06 Nov 2026 09:30:00 +0900</pubDate>
<description>&lt;p&gt;They met.&lt;/p&gt;&lt;p&gt;They’ll meet again. &lt;a href="x"&gt;Read more&lt;/a&gt;&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description></item>
<item><title>3 &lt; 4 &amp; nobody minds</title><pubDate>6 Nov 2026 10:00 EST</pubDate><category>Cooking</category>
<description><![CDATA[One line<br>and another.]]></description></item>
</channel></rss>"#), @"
    of 2026-11-21
    #tag:1 [us-nk relations] Envoys meet & talk (2026-11-06T00:30:00Z) <https://news.example/weekly/envoys?id=7> / They met. / They’ll meet again.
    3 < 4 & nobody minds (2026-11-06T15:00:00Z) / One line and another.
    ");
}

#[test]
fn atom_and_json_feed() {
    assert_snapshot!(read(r#"<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:f</id><title>W</title><updated>2026-11-06T00:00:00Z</updated>
<entry><id>urn:1</id><title type="html">Squid &amp;amp; co</title><link rel="alternate" href="squid"/><updated>2026-11-05T08:00:00+09:00</updated>
<category term="japan"/><summary type="html">&lt;p&gt;Many.&lt;/p&gt;</summary></entry>
<entry><id>urn:2</id><title>Use &lt;b&gt; sparingly</title><updated>2026-11-04T00:00:00Z</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>So <em>they</em> say.</p></div></content></entry>
</feed>"#), @"
    of 2026-11-21
    #urn:1 [japan] Squid & co (2026-11-04T23:00:00Z) <https://news.example/weekly/squid> / Many.
    #urn:2 Use <b> sparingly (2026-11-04T00:00:00Z) / So they say.
    ");
    assert_snapshot!(read(r#"{"version":"https://jsonfeed.org/version/1.1","title":"W","items":[
{"id":"9","url":"https://news.example/9","title":"Nine","content_html":"<p>It is <i>nine</i>.</p>","date_published":"2026-11-06T09:00:00Z","tags":["Japan"]},
{"id":"10","content_text":"A thought without a title."}]}"#), @"
    of 2026-11-21
    #9 [Japan] Nine (2026-11-06T09:00:00Z) <https://news.example/9> / It is nine.
    #10 A thought without a title.
    ");
}

#[test]
fn a_broken_feed_yields_what_can_be_read_of_it() {
    assert_snapshot!(read("<rss><channel><title>W</title>
<item><title>Caf&eacute;&nbsp;opens & closes</title><link>https://news.example/a</link><pubDate>2026-11-06 09:00</pubDate></item>
<item><title>Broken <b>tag</title><link>https://news.example/b</link></item>
<item><title>Still read</title><link>https://news.example/c</link><pubDate>Someday</pubDate></item>
<item><title>Cut off in the mid"), @"
    of 2026-11-21
    Café opens & closes (2026-11-06) <https://news.example/a>
    Broken tag <https://news.example/b>
    Still read <https://news.example/c>
    ");
    assert_snapshot!(read("<rss version=\"2.0\"><channel><title>Nothing yet</title></channel></rss>"), @"of 2026-11-21");
}

#[test]
fn what_is_made_for_programs_is_no_digest() {
    for text in [
        "{\n  \"name\": \"tidings\",\n\n\n  \"version\": 1\n}",
        "<?xml version=\"1.0\"?><configuration><a>b</a></configuration>",
    ] {
        let said = read(text);
        assert!(said.contains("isn't a kind of document"), "{said}");
    }
}

#[test]
fn feeds_in_other_charsets() {
    let text = "<?xml version=\"1.0\" encoding=\"EUC-KR\"?><rss version=\"2.0\"><channel><title>주간</title><item><title>남북관계 회복</title><description>회의가 열렸다.</description></item></channel></rss>";
    let (korean, _, _) = encoding_rs::EUC_KR.encode(text);
    assert_snapshot!(read(&*korean), @"
    of 2026-11-21
    남북관계 회복 / 회의가 열렸다.
    ");
    let (japanese, _, _) = encoding_rs::SHIFT_JIS.encode("<rss version=\"2.0\"><channel><title>週刊</title><item><title>イカの数</title></item></channel></rss>");
    let mut told = document("page", &*japanese);
    told.charset = Some("Shift_JIS".to_owned());
    assert_snapshot!(read_by(&told, &rules()), @"
    of 2026-11-21
    イカの数
    ");
}

#[test]
fn a_page_of_headings_and_headlines() {
    assert_snapshot!(read(r#"<!DOCTYPE html><html><head><title>Weekly – News</title><meta property="article:published_time" content="2026-11-06T10:00:00Z"></head>
<body class="single widget-on"><header><nav><a href="/">Home</a></nav></header>
<main><article class="post"><h1>Weekly news</h1><div class="meta"><time datetime="2026-11-06">today</time></div><div class="entry-content">
<h2>US-NK Relations</h2>
<h3><a href="/a?utm_medium=x">Envoys meet</a></h3><p>They met. <a href="/a">READ MORE</a></p>
<h3>2. Letters cross</h3><p>By Jane Doe</p><p>Three pages.</p><p>And a stamp.</p><ul><li>Blue</li><li>Red</li></ul>
<h2>Garden Shows</h2>
<h3>Ferns come back</h3><p>In the shade.</p>
<div class="sharedaddy"><h3>Share this:</h3><a href="/fb">Facebook</a></div>
<p>Hanbit Weekly is funded by</p><h3>Donors</h3><p>Thanks.</p>
</div></article></main><footer>© 2026</footer></body></html>"#), @"
    of 2026-11-06
    [US-NK Relations] Envoys meet <https://news.example/a> / They met.
    [US-NK Relations] Letters cross / Three pages. / And a stamp. / Blue / Red
    [Garden Shows] Ferns come back / In the shade.
    ");
}

#[test]
fn pages_of_bold_headlines_and_of_lists() {
    assert_snapshot!(read(r#"<html><body><div class="post-body"><p>6 November 2026</p><h2>Japan</h2>
<p><strong><a href="https://news.example/s">Squid counted</a></strong><br>There are many.</p>
<p><b>Boats lost</b></p><p>Two of them.</p><p>Found again. <a href="https://news.example/b">Continue reading →</a></p></div></body></html>"#), @"
    of 2026-11-06
    [Japan] Squid counted <https://news.example/s> / There are many.
    [Japan] Boats lost <https://news.example/b> / Two of them. / Found again.
    ");
    assert_snapshot!(read(r#"<html><body><main><h2>Japan</h2><ul>
<li><a href="/1">Squid counted</a>: there are many.</li><li><a href="/2">Boats lost</a> — two of them.</li></ul>
<h2>US-NK Relations</h2><ul><li><strong>Envoys meet.</strong> They talk.</li></ul></main></body></html>"#), @"
    of 2026-11-21
    [Japan] Squid counted <https://news.example/1> / there are many.
    [Japan] Boats lost <https://news.example/2> / two of them.
    [US-NK Relations] Envoys meet. / They talk.
    ");
    assert_snapshot!(read("<html><body><p>Nothing but this paragraph stands here.</p></body></html>"), @"line 0: no headlines were found in the page; name where they are with the source's keys item, title and summary");
}

#[test]
fn a_page_by_its_selectors() {
    let selectors = Selectors {
        item: Some("div.card".to_owned()),
        title: Some(".t".to_owned()),
        summary: Some(".s".to_owned()),
        section: Some(".c".to_owned()),
        date: Some(".d".to_owned()),
        link: None,
    };
    let page = document(
        "page",
        r#"<html><body><div class="card"><span class="c">Japan</span><a class="t" href="/x#top">Squid</a><p class="s">Many.</p><i class="d">5 Nov 2026</i></div>
<div class="card"><a class="t" href="mailto:x@y.example">Boats</a></div></body></html>"#,
    );
    let chosen = rules().with_selectors(selectors.clone());
    assert_snapshot!(read_by(&page, &chosen), @"
    of 2026-11-05
    [Japan] Squid (2026-11-05) <https://news.example/x#top> / Many.
    [Japan] Boats
    ");
    let rows = document(
        "page",
        r#"<html><body><h2>Japan</h2><a class="row" href="/1"><h3>Squid</h3><p>Many.</p></a>
<h2>Sea</h2><a class="row" href="/2">Boats</a></body></html>"#,
    );
    let by_rows = Selectors {
        item: Some("a.row".to_owned()),
        section: Some("h2".to_owned()),
        ..Selectors::default()
    };
    assert_snapshot!(read_by(&rows, &rules().with_selectors(by_rows)), @"
    of 2026-11-21
    [Japan] Squid <https://news.example/1> / Many.
    [Sea] Boats <https://news.example/2>
    ");
    let stories = document(
        "page",
        r#"<html><body><h1>Weekly</h1><h2>Japan</h2><div class="story"><b>Squid</b> Many are left. <a href="/1">READ MORE</a></div>
<h2>Sea</h2><div class="story"><b>Boats</b> <i>5 Nov 2026</i></div></body></html>"#,
    );
    let by_stories = Selectors {
        item: Some(".story".to_owned()),
        title: Some("b".to_owned()),
        date: Some("i".to_owned()),
        ..Selectors::default()
    };
    assert_snapshot!(read_by(&stories, &rules().with_selectors(by_stories)), @"
    of 2026-11-05
    [Japan] Squid <https://news.example/1> / Many are left.
    [Sea] Boats (2026-11-05)
    ");
    let wrong = Selectors {
        item: Some(".nothing".to_owned()),
        ..selectors
    };
    assert_snapshot!(read_by(&page, &rules().with_selectors(wrong)), @r#"line 0: the selector item = ".nothing" finds no item in the page"#);
}

#[test]
fn markdown_by_hand() {
    assert_snapshot!(read("---\ntitle: Weekly\ndate: 2026-11-06\n---\n\n# Weekly\n\n## US-NK Relations\n\n### [Envoys meet](https://news.example/a)\n\nThey *met*.\n\nThey will meet again.\n\n### Letters cross\n\nThree pages. [Read more](https://news.example/l)\n\n## Japan\n\n- [Squid counted](https://news.example/s): there are many.\n- Boats lost\n"), @"
    of 2026-11-06
    [US-NK Relations] Envoys meet <https://news.example/a> / They met. / They will meet again.
    [US-NK Relations] Letters cross <https://news.example/l> / Three pages.
    [Japan] Squid counted <https://news.example/s> / there are many.
    [Japan] Boats lost
    ");
}

#[test]
fn mail_of_a_newsletter() {
    assert_snapshot!(read("From: Weekly <w@news.example>\r\nTo: you@example.org\r\nSubject: Weekly\r\nDate: Fri, 6 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nText part\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<html><body><h2>Japan</h2><h3>Squid counted</h3><p>There are many, =C2=A0they say.</p></body></html>\r\n--x--\r\n"), @"
    of 2026-11-06
    [Japan] Squid counted / There are many, they say.
    ");
    assert_snapshot!(read("From: w@news.example\nDate: Fri, 6 Nov 2026 09:00:00 +0000\nSubject: Weekly\nMIME-Version: 1.0\nContent-Type: text/plain\n\nJapan\n\n\nSquid counted\n\nThere are many.\n\n\nBoats lost\n\nTwo of them.\n"), @"
    of 2026-11-06
    [Japan] Squid counted / There are many.
    [Japan] Boats lost / Two of them.
    ");
}

/// A document of each kind, to be broken.
const SAMPLES: [&str; 6] = [
    "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>W</title><item><guid>1</guid><title>A &amp; b</title>\
     <description><![CDATA[<p>One</p><p>Two <a href=\"/x\">Read more</a></p>]]></description>\
     <pubDate>Fri, 06 Nov 2026 09:00:00 +0900</pubDate></item></channel></rss>",
    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>f</id><title>W</title><updated>2026-11-06T00:00:00Z</updated><entry>\
     <id>1</id><title type=\"html\">A</title><updated>2026-11-06T00:00:00Z</updated><summary>B</summary></entry></feed>",
    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"W\",\"items\":[{\"id\":\"1\",\"title\":\"A\",\"content_text\":\"B\"}]}",
    "<!DOCTYPE html><html><body><article><h2>Japan</h2><h3><a href=\"/a\">A</a></h3><p>One.<br>Two.</p><ul><li><b>B</b>: c</li></ul>\
     </article></body></html>",
    "---\ndate: 2026-11-06\n---\n# W\n\n## Japan\n\n### [A](https://a.example)\n\nOne.\n\n- [B](https://b.example): c\n",
    "From: a@b.example\r\nSubject: W\r\nDate: Fri, 6 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n\
     <h2>Japan</h2><h3>A</h3><p>One.</p>",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, rng_seed: RngSeed::Fixed(2026), ..ProptestConfig::default() })]

    /// Whatever a server sends, reading it ends, and what comes out is text on one line, with addresses that are some.
    #[test]
    fn broken_documents_do_no_harm(
        which in 0..SAMPLES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 0..12),
        cut in any::<prop::sample::Index>(),
        doubled in 1..4usize,
    ) {
        let mut bytes = SAMPLES[which].as_bytes().repeat(doubled);
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                2 => bytes.insert(at, byte),
                _ => { let piece = bytes[at..bytes.len().min(at + 40)].to_vec(); bytes.splice(at..at, piece); }
            }
        }
        bytes.truncate(cut.index(bytes.len() * 4).max(1));
        if let Ok(page) = tidings_reader::parse(&document("page", &bytes), &rules()) {
            for draft in page.drafts {
                prop_assert!(!draft.title.is_empty() && !draft.title.contains('\n'), "{draft:?}");
                prop_assert!(!draft.summary.contains("<script"), "{draft:?}");
                if let Some(link) = draft.link {
                    prop_assert!(link.starts_with("http://") || link.starts_with("https://"), "{link}");
                }
            }
        }
    }
}

/// What markup is made of, whole and broken.
const MARKUP: [&str; 38] = [
    "word ",
    "<",
    ">",
    "/",
    "&",
    ";",
    "\"",
    "'",
    "=",
    " ",
    "\n",
    "<p>",
    "</p>",
    "<br/>",
    "<b>",
    "</b>",
    "<P class=\"a>b\">",
    "<a href='/x?a=1&b=2'>",
    "</a >",
    "<i x==\"y>",
    "<i x=y\"z>",
    "<div/",
    "&amp;",
    "&amp",
    "&ldquo;",
    "&#8217;",
    "&#x41;",
    "&#0;",
    "&#150;",
    "&#xFFFF;",
    "&copy;",
    "&copyx",
    "&unknown;",
    "<3",
    "</>",
    "한국",
    "<li",
    "\u{a0}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, rng_seed: RngSeed::Fixed(2026), ..ProptestConfig::default() })]

    /// Markup that is read the short way says what a tokenizer makes of it, to which a comment sends it.
    #[test]
    fn simple_markup_is_read_like_all_markup(pieces in prop::collection::vec(0..MARKUP.len(), 0..14)) {
        let markup: String = pieces.into_iter().map(|at| MARKUP[at]).collect();
        // A tag to begin with makes it markup; what is open at the end would take the comment in.
        let markup = format!("<p>{markup}");
        let commented = format!("<p><!-- -->{}", &markup[3..]);
        prop_assert_eq!(markup::paragraphs(&markup), markup::paragraphs(&commented), "{}", markup);
    }
}

#[test]
fn a_json_feed_with_mistakes_in_it() {
    let broken = r#"{"version":"https://jsonfeed.org/version/1.1","title":1,"items":[
        {"id":1,"title":"How to use <div> tags","url":"https://a.example/1","content_text":"Plain & simple","authors":"bad"},
        {"id":"2","title":"Squid counted","url":"https://a.example/2","content_html":"<p>Many.</p>","tags":["Japan"]},
        {"id":"3","title":"Bo"#;
    assert_snapshot!(read(broken), @"
    of 2026-11-21
    #1 How to use <div> tags <https://a.example/1> / Plain & simple
    #2 [Japan] Squid counted <https://a.example/2> / Many.
    ");
}

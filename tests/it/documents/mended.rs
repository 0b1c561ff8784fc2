//! Feeds that are broken, or that say what they say in their own way: what can be read of them is read.

use insta::assert_snapshot;
use tidings_reader::Document;

use super::kinds::{document, read, rules};
use super::show;

fn rss(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>W</title>{items}</channel></rss>")
}

#[test]
fn an_item_whose_elements_do_not_end_costs_no_other() {
    assert_snapshot!(read(rss(
        "<item><title>Boats lost</titel><link>https://news.example/1</link><description>Two & more.</description></item>
         <item><title>Squid counted</title><link>https://news.example/2</link></item>
         <item><title>Envoys meet<link>https://news.example/3</link></item>"
    )), @"
    of 2026-11-21
    Boats lost <https://news.example/1> / Two & more.
    Squid counted <https://news.example/2>
    Envoys meet <https://news.example/3>
    ");
}

#[test]
fn a_feed_that_is_cut_yields_the_elements_that_came_whole() {
    assert_snapshot!(read(
        "<rss version=\"2.0\"><channel><item><title>Boats lost</title><link>https://news.example/1</link></item>
         <item><title>Squid counted</title><link>https://news.example/2</link><description>There are ma"
    ), @"
    of 2026-11-21
    Boats lost <https://news.example/1>
    Squid counted <https://news.example/2>
    ");
    assert_snapshot!(read(
        "<rss version=\"2.0\"><channel><item><title>Boats lost</title></item><item><title>Squid coun"
    ), @"
    of 2026-11-21
    Boats lost
    ");
}

#[test]
fn links_where_publishers_put_them() {
    assert_snapshot!(read(
        "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>
         <item><title>In Atom's words</title><atom:link rel=\"self\" href=\"https://news.example/self\"/>
           <atom:link href=\"https://news.example/1?utm_source=w\"/></item>
         <item><title>By its guid</title><guid>https://news.example/2</guid></item>
         <item><title>Not by its guid</title><guid isPermaLink=\"false\">https://news.example/3</guid></item>
         <item><title>Escaped twice</title><link>https://news.example/?a=1&amp;amp;utm_medium=w&amp;amp;b=2</link></item>
         </channel></rss>"
    ), @"
    of 2026-11-21
    In Atom's words <https://news.example/1>
    #https://news.example/2 By its guid <https://news.example/2>
    #https://news.example/3 Not by its guid
    Escaped twice <https://news.example/?a=1&b=2>
    ");
    assert_snapshot!(read(
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\">
         <channel><title>W</title></channel>
         <item rdf:about=\"https://news.example/1\"><title>By what it is about</title></item></rdf:RDF>"
    ), @"
    of 2026-11-21
    By what it is about <https://news.example/1>
    ");
}

#[test]
fn a_file_says_where_it_comes_from_by_its_own_link() {
    let feed = rss(
        "<link>https://news.example/weekly/</link><item><title>A</title><link>/a</link></item>
         <item><title>B</title><link>b</link></item><item><title>C</title><link>//other.example/c</link></item>",
    );
    let file = Document {
        bytes: feed.into_bytes(),
        ..Document::default()
    };
    let page = tidings_reader::parse(&file, &rules()).unwrap();
    let lines: Vec<String> = page.drafts.iter().map(show).collect();
    assert_snapshot!(lines.join("\n"), @"
    A <https://news.example/a>
    B <https://news.example/weekly/b>
    C <https://other.example/c>
    ");
}

#[test]
fn formats_by_other_names() {
    let one = "title>Boats lost</";
    for feed in [
        format!(
            "<rss version=\"2.0\" xmlns=\"http://backend.userland.com/rss2\"><channel><item><{one}title></item></channel></rss>"
        ),
        format!(
            "<r:rss xmlns:r=\"http://backend.userland.com/rss2\"><r:channel><r:item><r:{one}r:title></r:item></r:channel></r:rss>"
        ),
        format!(
            "<RSS VERSION=\"2.0\"><CHANNEL><ITEM><{}TITLE></ITEM></CHANNEL></RSS>",
            one.replace("title", "TITLE")
        ),
        format!(
            "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\"><a:entry><a:{one}a:title></a:entry></a:feed>"
        ),
        format!(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><{}title></entry></feed>",
            one.replace('>', " type=\"\">")
        ),
    ] {
        assert_eq!(read(&feed), "of 2026-11-21\nBoats lost\n", "{feed}");
    }
}

#[test]
fn letters_that_are_wide_or_none() {
    let feed = "<?xml version=\"1.0\" encoding=\"utf-16\"?>".to_owned()
        + &rss("<item><title>배가 돌아왔다</title></item>");
    for wide in [u16::to_le_bytes, u16::to_be_bytes] {
        let bytes: Vec<u8> = feed.encode_utf16().flat_map(wide).collect();
        assert_eq!(read(bytes), "of 2026-11-21\n배가 돌아왔다\n");
    }
    let items: String = (0..9)
        .map(|at| format!("<item><title>Boats, number {at}</title></item>"))
        .collect();
    let broken = rss(&items).replace("number 3", "num\0ber 3");
    assert!(read(broken).contains("Boats, number 3\n"));
}

#[test]
fn entities_that_a_feed_declares() {
    assert_snapshot!(read(
        "<!DOCTYPE rss [<!ENTITY nk \"North Korea\"><!ENTITY deep \"&nk;&nk;\">]>
         <rss version=\"2.0\"><channel><item><title>&nk; talks &deep; &other;</title></item></channel></rss>"
    ), @"
    of 2026-11-21
    North Korea talks North KoreaNorth Korea &other;
    ");
    let much = format!(
        "<!DOCTYPE rss [<!ENTITY x \"{}\">]>{}",
        "x".repeat(10_000),
        rss(&format!(
            "<item><title>{}</title></item>",
            "&x;".repeat(10_000)
        ))
    );
    let said = "line 0: it has entities that make it more than twice as large, and isn't read\n";
    assert_eq!(read(&much), said);
    let laughs: String = (1..10)
        .map(|at| {
            format!(
                "<!ENTITY l{at} \"{}\">",
                format!("&l{};", at - 1).repeat(10)
            )
        })
        .collect();
    let laughs = format!(
        "<!DOCTYPE rss [<!ENTITY l0 \"ha\">{laughs}]>{}",
        rss("<item><title>&l9;</title></item>")
    );
    assert_eq!(read(&laughs), said);
}

#[test]
fn what_publishing_systems_sign_their_texts_with() {
    assert_snapshot!(read(rss(
        "<item><title>Boats &amp; nets</title><link>https://news.example/1</link><description><![CDATA[<p>Two were lost.
         <a href=\"https://news.example/1\">Continue reading <span>Boats &amp; nets</span> &rarr;</a></p>
         <p>The post <a href=\"https://news.example/1\">Boats &amp; nets</a> appeared first on <a href=\"/\">Weekly</a>.</p>]]>
         </description></item>"
    )), @"
    of 2026-11-21
    Boats & nets <https://news.example/1> / Two were lost.
    ");
}

#[test]
fn json_that_is_put_together_by_hand() {
    let feed = |items: &str, behind: &str| {
        format!(
            "{{\"items\":[{items}],\"title\":\"W\",\"version\":\"https://jsonfeed.org/version/1.1\"}}{behind}"
        )
    };
    // Keys in order, and so many items that the version is far away.
    let items: Vec<String> = (0..100)
        .map(|at| format!("{{\"id\":\"{at}\",\"title\":\"Boats, number {at} of a hundred\"}}"))
        .collect();
    assert!(read(feed(&items.join(","), "")).contains("#99 Boats, number 99 of a hundred\n"));
    assert_snapshot!(read(feed(
        "{\"id\":\"1\",\"title\":\"Half a letter \\ud83d, a whole one \\ud83d\\ude00\"},null,
         {\"id\":\"2\",\"title\":\"Two\nlines and no \\escape\"}",
        "\n<!-- cached -->"
    )), @"
    of 2026-11-21
    #1 Half a letter �, a whole one 😀
    #2 Two lines and no escape
    ");
    assert_snapshot!(read(feed(
        "{\"id\":\"1\",\"title\":\"A\"},{\"id\":\"2\",\"title\":B},{\"id\":\"3\",\"title\":\"C\"}",
        ""
    )), @"
    of 2026-11-21
    #1 A
    #3 C
    ");
}

#[test]
fn what_feeds_say_in_the_words_of_others() {
    assert_snapshot!(read(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:media=\"http://search.yahoo.com/mrss/\"
         xmlns:feedburner=\"http://rssnamespace.org/feedburner/ext/1.0\"><channel>
         <item><title>A subject</title><link>https://news.example/1</link><dc:subject>Japan</dc:subject></item>
         <item><title>A film</title><media:group><media:description>It is shown.</media:description></media:group></item>
         <item><title>Two dates</title><pubDate>Fri, 06 Nov 2026 09:00:00 GMT</pubDate><dc:date>2020-01-01</dc:date></item>
         <item><title>Counted</title><link>https://count.example/x</link><feedburner:origLink>https://news.example/4</feedburner:origLink></item>
         </channel></rss>"
    ), @"
    of 2026-11-21
    [Japan] A subject <https://news.example/1>
    A film / It is shown.
    Two dates (2026-11-06T09:00:00Z)
    Counted <https://news.example/4>
    ");
}

#[test]
fn markup_that_is_escaped_once_too_often() {
    assert_snapshot!(read(rss(
        "<item><title>&amp;lt;b&amp;gt;Boats&amp;lt;/b&amp;gt; lost</title>
         <description>&amp;lt;p&amp;gt;Two.&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;Found.&amp;lt;/p&amp;gt;</description></item>
         <item><title>How to use &amp;lt;b&amp;gt; and &amp;lt;/b&amp;gt;</title></item>"
    )), @"
    of 2026-11-21
    Boats lost / Two. / Found.
    How to use <b> and </b>
    ");
}

#[test]
fn a_root_far_from_the_beginning() {
    let comment = format!("<?xml version=\"1.0\"?><!-- {} -->", "word ".repeat(2_000));
    let feed = rss("<item><title>Boats lost</title></item>");
    assert_eq!(
        read(format!("{comment}{feed}")),
        "of 2026-11-21\nBoats lost\n"
    );
    let page = "<html><body><h2>Japan</h2><h3>Boats lost</h3><p>Two.</p></body></html>";
    assert_eq!(
        read(format!("{comment}{page}")),
        "of 2026-11-21\n[Japan] Boats lost / Two.\n"
    );
}

#[test]
fn dates_as_they_are_found_in_the_wild() {
    let dated = |date: &str| {
        let feed = format!(
            "<rss version=\"2.0\"><channel><item><title>A</title><pubDate>{date}</pubDate></item></channel></rss>"
        );
        let page = tidings_reader::parse(&document("feed", feed), &rules()).unwrap();
        page.drafts[0]
            .published
            .map_or("none".to_owned(), |at| at.to_string())
    };
    for (date, expected) in [
        ("Fri, 08 Mar 2019 09:00:00 GMT", "2019-03-08T09:00:00Z"),
        ("Fri, 8 Mar 2019 09:00:00 +0900", "2019-03-08T00:00:00Z"),
        ("Fri, 08 Mar 2019 09:00:00 KST", "2019-03-08T00:00:00Z"),
        ("Fri, 08 Mar 2019 09:00:00 GMT+9", "2019-03-08T00:00:00Z"),
        ("Fri Mar  8 09:00:00 2019", "2019-03-08"),
        ("Fri Mar 08 09:00:00 KST 2019", "2019-03-08T00:00:00Z"),
        ("Fri, 8 Mar 19 9:00 EST", "2019-03-08T14:00:00Z"),
        ("Mar 8, 2019", "2019-03-08"),
        ("March 8, 2019 9:00 AM", "2019-03-08"),
        ("08.03.2019 09:00", "2019-03-08"),
        ("2019-03-08T09:00:00+09:00", "2019-03-08T00:00:00Z"),
        ("2019-03-08 09:00", "2019-03-08"),
        ("1552035600", "2019-03-08T09:00:00Z"),
        ("Fr, 08 Mär 2019 09:00:00 +0100", "2019-03-08T08:00:00Z"),
        ("vendredi 8 mars 2019", "2019-03-08"),
        ("금, 8 3월 2019 09:00:00 +0900", "2019-03-08T00:00:00Z"),
        ("2019-03-08 오후 3:15:00", "2019-03-08"),
        ("3/8/2019 12:05:00 AM", "2019-03-08"),
        ("25/12/2019 09:00", "2019-12-25"),
        ("Fri, 08 Mar 2019 09:00:00 GMT+0900", "2019-03-08T00:00:00Z"),
        (
            "Fri, 08 Mar 2019 09:00:00 GMT+09:00",
            "2019-03-08T00:00:00Z",
        ),
        ("Fri, 08 Mar 2019 09:00:00 UTC-5", "2019-03-08T14:00:00Z"),
        (
            "Fri Mar 08 2019 09:00:00 GMT+0900 (Korean Standard Time)",
            "2019-03-08T00:00:00Z",
        ),
        ("Friday, 08-Mar-19 09:00:00 GMT", "2019-03-08T09:00:00Z"),
        ("2019년 3월 8일 오후 3시 5분", "2019-03-08"),
        ("Fri, 08 Mar 2019 24:00:00 +0000", "2019-03-09T00:00:00Z"),
        ("1552035600.123", "2019-03-08T09:00:00Z"),
        ("201903080900", "2019-03-08"),
        ("금, 08 3 2019 09:00:00 +0900", "2019-03-08T00:00:00Z"),
    ] {
        assert_eq!(dated(date), expected, "{date}");
    }
}

/// Items of a feed whose channel is at `https://h.example/`, as `id | link`.
fn named(items: &str) -> Vec<String> {
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>H</title><link>https://h.example/</link>{items}</channel></rss>"
    );
    let document = tidings_reader::Document {
        name: "feed".to_owned(),
        bytes: feed.into_bytes(),
        ..tidings_reader::Document::default()
    };
    let page = tidings_reader::parse(&document, &super::rules(super::Layout::Double)).unwrap();
    let line = |draft: &tidings_core::item::Draft| {
        let or = |text: &Option<String>| text.as_deref().unwrap_or("-").to_owned();
        format!("{} | {}", or(&draft.feed_id), or(&draft.link))
    };
    page.drafts.iter().map(line).collect()
}

#[test]
fn a_front_page_names_no_item() {
    let enclosure = |name: &str| {
        format!(
            "<enclosure url=\"https://cdn.example/{name}.mp3\" type=\"audio/mpeg\" length=\"1\"/>"
        )
    };
    // Every episode has the front page for its id and link.
    for home in [
        "https://h.example/",
        "https://h.example",
        "https://pod.example/",
    ] {
        assert_eq!(
            named(&format!(
                "<item><title>One</title><guid>{home}</guid><link>{home}</link>{}</item>",
                enclosure("1")
            )),
            ["- | https://cdn.example/1.mp3"],
            "{home}"
        );
    }
    // Without anything enclosed the title is all there is.
    assert_eq!(
        named("<item><title>One</title><link>https://h.example/</link></item>"),
        ["- | -"]
    );
    // An id of its own names it, and a list of sites has their front pages for links.
    assert_eq!(
        named(
            "<item><title>One</title><guid isPermaLink=\"false\">e1</guid><link>https://h.example/</link></item>"
        ),
        ["e1 | https://h.example/"]
    );
    assert_eq!(
        named(
            "<item><title>One</title><guid>https://tool.example/</guid><link>https://tool.example/</link></item>"
        ),
        ["https://tool.example/ | https://tool.example/"]
    );
}

#[test]
fn places_where_a_line_may_break_are_in_no_title() {
    let text =
        "US-NK Relations\n\n\n\u{200B}Squid\u{200B} counted\u{FEFF}\n\nThere are ma\u{200B}ny.\n";
    let page = super::parse(super::Layout::Double, "page.txt", text).unwrap();
    assert_eq!(page.drafts[0].title, "Squid counted");
    assert_eq!(page.drafts[0].summary, "There are many.");
}

#[test]
fn a_host_as_people_say_it_starts_from_no_base() {
    assert_snapshot!(read(
        "<rss version=\"2.0\" xml:base=\"https://base.example/x/\"><channel><title>W</title>
         <item><title>Said</title><link>www.news.example/1</link></item>
         <item><title>Said in a section of its own</title><link>\n<![CDATA[ WWW.news.example/2 ]]></link></item>
         <item><title>Enclosed</title><enclosure type=\"audio/mpeg\" url='www.news.example/3.mp3'/></item>
         <item><title>Relative</title><link>wwwx/4</link></item></channel></rss>"
    ), @"
    of 2026-11-21
    Said <https://www.news.example/1>
    Said in a section of its own <https://www.news.example/2>
    Enclosed <https://www.news.example/3.mp3>
    Relative <https://base.example/x/wwwx/4>
    ");
    assert_snapshot!(read(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"https://base.example/x/\"><title>W</title>
         <entry><title>Said</title><link href=\"www.news.example/1\"/></entry>
         <entry xml:base=\"y/\"><title>Said deeper</title><link rel=\"alternate\"\n type=\"text/html\" href = \" www.news.example/2\"/></entry>
         <entry><title>Relative</title><link href=\"3\"/></entry></feed>"
    ), @"
    of 2026-11-21
    Said <https://www.news.example/1>
    Said deeper <https://www.news.example/2>
    Relative <https://base.example/x/3>
    ");
}

#[test]
fn a_json_feed_with_numbers_for_ids_keeps_all_else() {
    let feed = |id: &str| {
        read(format!(
            r#"{{"version":"https://jsonfeed.org/version/1.1","title":"W","home_page_url":"https://news.example/","language":"ko","items":[
            {{"id":{id},"url":"one","title":"Boats lost","tags":["Japan"]}},
            {{"id":"2","attachments":[{{"url":"https://news.example/squid-counted.mp3","mime_type":"audio/mpeg","size_in_bytes":7}}]}},
            {{"id":"3","title":"Ferry sails","image":"https://news.example/i.png","attachments":[{{"url":"https://news.example/3.mp3","mime_type":"audio/mpeg"}}]}}
            ]}}"#
        ))
    };
    assert_eq!(feed("1"), feed("\"1\""));
    assert!(feed("1").contains("Ferry sails <https://news.example/3.mp3>"));
    // One that breaks off as well.
    let cut = read(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"W","home_page_url":"https://news.example/","items":[
        {"id":1,"url":"one","title":"Boats lost"},{"id":2,"url":"two","ti"#,
    );
    assert!(
        cut.contains("Boats lost <https://news.example/one>"),
        "{cut}"
    );
}

#[test]
fn a_feed_that_was_put_together_of_others_is_declared_once() {
    let items = "<item><title>Boats lost</title><link>https://news.example/1</link></item>\
         <?xml version=\"1.0\" encoding=\"euc-kr\"?><item><title>Squid counted</title></item>";
    let feed = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title>W</title>{items}</channel></rss>"
    );
    assert_snapshot!(read(feed), @"
    of 2026-11-21
    Boats lost <https://news.example/1>
    Squid counted
    ");
}

//! Documents that are written to keep a parser busy for hours, or to fill the memory: each is read or refused in passing.

use tidings::ingest::web::opml;
use tidings_reader::Document;

use super::rules;
use crate::harness::moment;

/// What is wrong with a document that came over the web; nothing, if it is read.
fn refused(text: &str) -> String {
    let document = Document {
        name: "page".to_owned(),
        bytes: text.as_bytes().to_vec(),
        seen: moment("2026-11-21T12:00[UTC]"),
        address: Some("https://news.example/".parse().unwrap()),
        charset: None,
    };
    tidings_reader::parse(&document, &rules(tidings_reader::Layout::Double))
        .map_or_else(|wrong| wrong.reason.to_string(), |_| String::new())
}

fn html(body: &str) -> String {
    format!("<html><body>{body}<h3>A</h3><p>One.</p>")
}

fn rss(item: &str) -> String {
    format!("<rss version=\"2.0\"><channel><item><title>A</title>{item}</item></channel></rss>")
}

fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

#[test]
fn what_is_nested_without_end() {
    let deep = "elements more than 512 deep";
    for nested in [
        html(&"<div>".repeat(200_000)),
        html(&"<table><tr><td>".repeat(60_000)),
        html(&format!("<svg><style>{}", "<g>".repeat(200_000))),
        html(&format!("<!-->{}", "<div>".repeat(100_000))),
        html(&format!("<!--a--!>{}", "<div>".repeat(100_000))),
        rss(&"<a>".repeat(100_000)),
    ] {
        let said = refused(&nested);
        assert!(said.contains(deep), "{}: {said}", &nested[..80]);
    }
    let markup = format!("<description>{}x</description>", "&lt;div>".repeat(50_000));
    assert_eq!(refused(&rss(&markup)), "");
    let json = "[".repeat(500_000);
    let json = format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":{json}");
    assert!(!refused(&json).is_empty());
    let mail = "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n".repeat(20_000);
    assert!(!refused(&format!("From: a@b.example\r\nSubject: W\r\n{mail}")).is_empty());
    let quotes = format!("# W\n\n## Japan\n\n### A\n\n{}x\n", "> ".repeat(100_000));
    refused(&quotes);
    refused(&format!(
        "# W\n\n## Japan\n\n### A\n\n{}\n",
        "[".repeat(200_000)
    ));
    refused(&format!(
        "# W\n\n## Japan\n\n### A\n\n{}\n",
        "*a ".repeat(100_000)
    ));
}

#[test]
fn what_is_made_again_at_each_step() {
    let fonts = numbered(400, |at| format!("<b id={at}>"));
    let said = refused(&html(&format!("{fonts}{}", "<p>x".repeat(200_000))));
    assert!(said.contains("formatting that is never closed"), "{said}");
    let attributes = numbered(100_000, |at| format!(" a{at}=\"1\""));
    let many = "more than 1000 attributes";
    for tag in [
        html(&format!("<p{attributes}>")),
        html(&format!("<p x='>'{attributes}>")),
        html(&format!(
            "<p {}>",
            numbered(100_000, |at| format!("a{at} "))
        )),
        rss(&format!("<link{attributes}/>")),
        rss(&format!("<link x=\">\"{attributes}/>")),
    ] {
        let said = refused(&tag);
        assert!(said.contains(many), "{}: {said}", &tag[..80]);
    }
    // An address of many parts in one attribute is none of it.
    let path = "M0 0 L1 1 ".repeat(10_000);
    assert_eq!(
        refused(&html(&format!("<svg><path d=\"{path}\"/></svg>"))),
        ""
    );
}

#[test]
fn what_costs_more_than_its_bytes() {
    let many = "more to do in it than";
    let pages =
        "--x\r\nContent-Type: text/html\r\n\r\n".to_owned() + &"<p>a</p>".repeat(500) + "\r\n";
    for costly in [
        html(&"&".repeat(800_000)),
        rss(&format!(
            "<description>{}</description>",
            "&lt;".repeat(1_000_000)
        )),
        format!(
            "<!DOCTYPE rss [{}]>{}",
            numbered(80_000, |at| format!("<!ENTITY e{at} \"x\">")),
            rss("")
        ),
        format!(
            "From: a@b.example\r\nSubject: W\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=x\r\n\r\n{}",
            pages.repeat(400)
        ),
    ] {
        let said = refused(&costly);
        assert!(said.contains(many), "{}: {said}", &costly[..80]);
    }
}

#[test]
fn what_is_of_too_many_pieces() {
    let many = "more than 500000 tags or lines";
    for pieces in [
        html(&"<p>".repeat(600_000)),
        rss(&"<category/>".repeat(600_000)),
        format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{}{{}}]}}",
            "{},".repeat(300_000)
        ),
        "a\n\n\n".repeat(200_000),
    ] {
        let said = refused(&pieces);
        assert!(said.contains(many), "{}: {said}", &pieces[..80]);
    }
}

#[test]
fn entities_of_entities() {
    let mut entities = "<!ENTITY a0 \"ha\">".to_owned();
    for at in 1..12 {
        let before = format!("&a{};", at - 1).repeat(10);
        entities.push_str(&format!("<!ENTITY a{at} \"{before}\">"));
    }
    let bomb = "it has entities that make it more than twice as large, and isn't read";
    for (declared, used, said) in [
        (entities.as_str(), "&a11;", bomb),
        ("<!ENTITY x SYSTEM \"file:///etc/passwd\">", "&x;", ""),
        ("<!ENTITY x SYSTEM \"http://127.0.0.1/\">", "&x;", ""),
    ] {
        let feed = format!(
            "<!DOCTYPE rss [{declared}]>{}",
            rss(&format!("<description>{used}</description>"))
        );
        assert_eq!(
            refused(&feed),
            said,
            "what an entity names elsewhere isn't read"
        );
    }
}

#[test]
fn a_list_of_sources_is_no_document() {
    let list = "<?xml version=\"1.0\"?><opml version=\"2.0\"><head><title>Mine</title></head><body>\
                <outline text=\"Japan\"><outline text=\"Squid &amp; boats\" xmlUrl=\"https://a.example/feed?a=1&amp;b=2\"/>\
                <outline title=\"Page\" type=\"link\" url=\"https://b.example/\"></outline></outline>\
                <outline text=\"Broken & bare\" xmlurl=\"https://c.example/\"/>\
                <outline text=\"File\" xmlUrl=\"file:///etc/passwd\"/></body></opml>";
    assert!(
        refused(list).contains("tidings import"),
        "{}",
        refused(list)
    );
    let read = opml::read(list.as_bytes().to_vec()).unwrap().outlines;
    let shown: Vec<String> = read
        .iter()
        .map(|found| {
            format!(
                "{} | {} | {} | {:?}",
                found.name, found.url, found.is_feed, found.groups
            )
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    Squid & boats | https://a.example/feed?a=1&b=2 | true | ["Japan"]
    Page | https://b.example/ | false | ["Japan"]
    Broken & bare | https://c.example/ | true | []
    "#);
}

#[test]
fn a_second_declaration_of_an_encoding() {
    let feed = rss("<description>x</description>").replace(
        "<channel>",
        &format!(
            "<channel>{}<?xml version=\"1.0\" encoding=\"euc-kr\"?>",
            " ".repeat(100)
        ),
    );
    assert_eq!(refused(&feed), "");
    // What looks like CDATA is an attribute's.
    let feed = feed.replace(
        "<item>",
        "<item a=\"<![CDATA[.0\"><?xml encoding='euc-kr'?>",
    );
    assert_eq!(refused(&feed), "");
}

#[test]
fn what_is_read_has_a_title_and_a_link_that_is_one() {
    for text in [
        "\u{1}\nMarch 8, 2019\n\n\nB\n",
        "Squid\n\nThey were counted. READ MORE htTps://a.example/1\n\n\nBoats\n\nHTTP://b.example/2\n",
        "Squid\n\nThey were counted. READ MORE https://)\n\n\nBoats\n\nMany.\n",
    ] {
        let page = super::parse(tidings_reader::Layout::Double, "page", text).unwrap();
        for draft in page.drafts {
            assert!(!draft.title.is_empty(), "{text:?}");
            let is_link =
                |link: &String| link.starts_with("http://") || link.starts_with("https://");
            assert!(draft.link.as_ref().is_none_or(is_link), "{draft:?}");
            assert_ne!(draft.link.as_deref(), Some("https://"));
        }
    }
}

#[test]
fn a_heading_without_end_heads_nothing() {
    let items = numbered(3, |at| {
        format!("* [Squid {at}](https://a.example/{at}) were counted\n")
    });
    let front = |section: &str| format!("---\nsection: {section}\n---\n\n# W\n\n{items}");
    let long = "Japan ".repeat(50_000);
    for (text, heading) in [
        (format!("# W\n\n## Boats\n\n{items}"), Some("Boats")),
        (format!("# W\n\n## {long}\n\n{items}"), None),
        (front("Boats"), Some("Boats")),
        (front(&long), None),
    ] {
        let page = super::parse(tidings_reader::Layout::Double, "page.md", &text).unwrap();
        assert!(!page.drafts.is_empty());
        for draft in page.drafts {
            assert_eq!(draft.heading.as_deref(), heading);
        }
    }
}

#[test]
fn what_holds_more_items_than_fit_into_memory() {
    let digest = |items| {
        let items = numbered(items, |at| format!("Squid {at}\n\nCounted.\n\n\n"));
        super::parse(
            tidings_reader::Layout::Double,
            "page",
            format!("Japan\n\n\n{items}"),
        )
    };
    assert_eq!(digest(25_000).unwrap().drafts.len(), 25_000);
    let said = digest(60_000).unwrap_err().to_string();
    assert_eq!(
        said,
        "line 0: it has more than 27790 items in 1428898 bytes, and isn't read"
    );
}

#[test]
fn what_costs_memory_before_an_item_is_made_of_it() {
    let json = |item: &str, count| {
        let items = vec![item; count].join(",");
        format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{items}]}}")
    };
    let tags = |count| {
        json(
            &format!("{{\"tags\":[{}]}}", vec!["\"a\""; count].join(",")),
            1,
        )
    };
    let mail = "From a@b Fri Nov  6 09:00:00 2026\nFrom: a\nSubject: b\n\nc\n\n";
    for (text, said) in [
        (json("{}", 30_000), "more than 20351 entries in 90056 bytes"),
        (rss(&"<item/>".repeat(30_000)), "more than 20820 entries"),
        (rss(&"<a:entry/>".repeat(30_000)), "more than 21172 entries"),
        (mail.repeat(30_000), "more than 26679 entries"),
        (tags(250_000), "more than 200003 tags or values"),
        (
            rss(&"<category/>".repeat(350_000)),
            "more than 342503 tags or values",
        ),
        (html(&"<p>a".repeat(60_001)), "more than 60000 elements"),
        (
            html(&"<p a b c d e f g h i>".repeat(60_000)),
            "more than 60000 elements",
        ),
        (html(&"<!-->".repeat(60_001)), "more than 60000 elements"),
        (
            html(&numbered(40_000, |at| format!("<p class=name{at:05}>a"))),
            "more than 30000 names",
        ),
        (
            html(&numbered(100, |tag| {
                format!(
                    "<p {}>",
                    numbered(400, |at| format!("name{tag:03}{at:03}='' "))
                )
            })),
            "more than 30000 names",
        ),
        (
            html(&format!("<p class='{}'>", "x ".repeat(1_000_001))),
            "more than 30000 names",
        ),
        (
            format!(
                "From: a@b.example\r\nSubject: W\r\nMIME-Version: 1.0\r\n{}\r\nx\r\n",
                numbered(60_000, |at| format!("X-{at}: y\r\n"))
            ),
            "more than 50000 headers",
        ),
        (
            format!(
                "From: a@b.example\r\nSubject: W\r\nMIME-Version: 1.0\r\n\r\n{}\r\n",
                "a\r\n".repeat(500_001)
            ),
            "more than 500000 lines in a mail",
        ),
        (
            by_hand(&"### a\n\nb\n\n".repeat(70_000)),
            "more than 250000 lines and marks",
        ),
        (
            by_hand(&"|a".repeat(260_000)),
            "more than 250000 lines and marks",
        ),
    ] {
        // An operator's own file.
        let document = Document {
            bytes: text.into_bytes(),
            ..Document::default()
        };
        let read = tidings_reader::parse(&document, &rules(tidings_reader::Layout::Double));
        let reason = read
            .map(|page| page.drafts.len())
            .unwrap_err()
            .reason
            .to_string();
        assert!(reason.contains(said), "{reason} instead of {said}");
    }
}

fn by_hand(text: &str) -> String {
    format!("# W\n\n## Japan\n\n{text}\n")
}

#[test]
fn what_grows_when_it_is_compared() {
    use tidings_core::{item, search, text};
    let wide = "\u{FDFA}".repeat(100_000);
    for (folded, what) in [
        (text::fold(&wide), "folded"),
        (item::folded_title(&format!("{wide} + 1")), "as a title"),
        (search::words("", &wide), "searched for"),
    ] {
        assert!(
            folded.len() < 2 * wide.len() + 10_000,
            "{what}: {}",
            folded.len()
        );
    }
    // Of a book the beginning is found.
    let book = search::words("Squid", &"boats ".repeat(1_000_000));
    assert!(book.len() < 150_000, "{}", book.len());
    // It doesn't grow at each place where it has room again.
    let widest = text::fold(&"\u{FDFA}".repeat(1_100));
    assert!(widest.len() < 6_000, "{}", widest.len());
    // What stands behind is there, and a text that has some of them is whole.
    assert!(text::fold(&format!("{wide} Squid 대왕오징어")).ends_with("squid 대왕오징어"));
    let some = |word: &str| format!("Squid were counted off the coast {word} ").repeat(200);
    assert_eq!(
        text::fold(&some("\u{FDFA}")),
        text::fold(&some("صلى الله عليه وسلم"))
    );
}

#[test]
fn a_tag_as_long_as_the_feed_isn_t_quoted_whole() {
    let tag = "&amp;".repeat(2_000);
    let feed = format!(
        "<?xml version=\"1.0\"?><feed xmlns=\"http://www.w3.org/2005/Atom\"><entry></{tag}></feed>"
    );
    let wrong = refused(&feed);
    assert!(wrong.starts_with("the feed can't be read"), "{wrong}");
    assert!(wrong.chars().count() < 300, "{wrong}");
}

#[test]
fn what_is_looked_for_is_not_looked_for_in_all_of_a_document() {
    use tidings_core::text;
    let within = |marks: usize| text::fold_within(&format!("{} Japan", "€".repeat(marks)), 10);
    assert_eq!(within(1_000).as_deref(), Some("japan"));
    assert_eq!(within(1_000_000), None);
    // By its beginning an encoding shows, whatever follows.
    let korean = encoding_rs::EUC_KR
        .encode("철도 연결 논의 재개, 다음 주 회담. ")
        .0;
    let mut page = b"<html><body><h3>A</h3><p>".to_vec();
    page.extend(korean.repeat(5_000));
    page.extend([0xE9, b' '].repeat(1_000_000));
    let document = Document {
        bytes: page,
        ..Document::default()
    };
    let page = tidings_reader::parse(&document, &rules(tidings_reader::Layout::Double)).unwrap();
    assert!(
        page.drafts[0].summary.starts_with("철도 연결"),
        "{}",
        &page.drafts[0].summary[..100]
    );
}

/// What is wrong with a document of bytes, wherever it is from.
fn said_of(bytes: Vec<u8>, is_from_the_web: bool) -> String {
    let document = Document {
        bytes,
        address: is_from_the_web.then(|| "https://news.example/".parse().unwrap()),
        ..Document::default()
    };
    tidings_reader::parse(&document, &rules(tidings_reader::Layout::Double))
        .map_or_else(|wrong| wrong.reason.to_string(), |_| String::new())
}

#[test]
fn what_fills_the_memory_comes_in_files_of_the_operators_only() {
    let mut euros = b"<html><meta charset=windows-1252><body><h3>A</h3><p>".to_vec();
    euros.extend(vec![0x80; 3_400_000]);
    let values = "{\"name\":\"Harbour Office of Busan\"},".repeat(120_000);
    let values = format!(
        "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{{\"title\":\"A\",\"authors\":[{values}{{}}]}}]}}"
    );
    let mail = |kind: &str| {
        let text = "word word word word word word word\r\n".repeat(120_000);
        format!(
            "From: a@b.example\r\nSubject: W\r\nMIME-Version: 1.0\r\nContent-Type: text/{kind}\r\n\r\n{text}"
        )
    };
    for (bytes, said) in [
        (euros, "more than 7500000 bytes as text"),
        (
            rss(&"<category>a</category>".repeat(120_000)).into_bytes(),
            "more than 120000 elements",
        ),
        (values.into_bytes(), "more than 240000 values"),
        (
            mail("plain").into_bytes(),
            "a mail of more than 4000000 bytes",
        ),
        (
            mail("html").into_bytes(),
            "a mail of more than 4000000 bytes",
        ),
        // `<h3>A</h3><p>wo`, time after time.
        (
            format!(
                "From: a@b.example\r\nSubject: W\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\n{}",
                "PGgzPkE8L2gzPjxwPndvPGgzPkE8L2gzPjxwPndv\r\n".repeat(100_000)
            )
            .into_bytes(),
            "more than 500000 tags or lines",
        ),
    ] {
        let refused = said_of(bytes.clone(), true);
        assert!(refused.contains(said), "{refused} instead of {said}");
        assert_eq!(said_of(bytes, false), "", "{said}");
    }
    // Ampersands that are none become five letters each.
    let said = said_of(rss(&"&".repeat(300_000)).into_bytes(), false);
    assert!(said.contains("more than twice as large"), "{said}");
}

/// Words that occur nowhere else, of eight letters each.
fn unlike(from: usize, count: usize) -> String {
    let word = |at: usize| -> String {
        let letter = |place: u32| char::from(b'a' + (at / 26_usize.pow(place) % 26) as u8);
        (0..8).map(letter).chain([' ']).collect()
    };
    (from..from + count).map(word).collect()
}

#[test]
fn what_the_items_of_a_document_are_found_by() {
    use std::collections::HashSet;
    use tidings_core::search::{DocumentTexts, Query, SpacedWords, words};
    let read = |items: &[(String, String)]| -> Vec<String> {
        let lengths = items.iter().map(|(title, text)| title.len() + text.len());
        let mut texts = DocumentTexts::of(lengths);
        items
            .iter()
            .map(|(title, text)| texts.words(&texts.folded(title, text)))
            .collect()
    };
    let different = |found: &[String]| {
        let words = found.iter().flat_map(|words| words.split_whitespace());
        words.collect::<HashSet<_>>().len()
    };
    let finds = |words: &str, question: &str| {
        let query = Query::parse(question).unwrap();
        query.is_in(&SpacedWords::from_words(words))
    };
    // A large document of news is found as it ever was.
    let news: Vec<_> = (0..5_000)
        .map(|at| {
            (
                format!("Squid {at} counted"),
                "They were counted by boats. ".repeat(20),
            )
        })
        .collect();
    for (found, (title, text)) in read(&news).iter().zip(&news) {
        assert_eq!(*found, words(title, text));
    }
    // One of words that occur nowhere else, up to its title and what others say as well.
    let odd: Vec<_> = (0..4_000)
        .map(|at| {
            let text = format!(
                "{}squid are counted {}",
                unlike(at * 200, 60),
                unlike(at * 200 + 60, 40)
            );
            (format!("Number {at} in Busan"), text)
        })
        .collect();
    let found = read(&odd);
    assert!(different(&found) < 100_000, "{}", different(&found));
    assert!(finds(
        &found[3_999],
        "\"number 3999\" busan \"squid are counted\""
    ));
    assert!(finds(&found[0], unlike(99, 1).trim()));
    assert!(!finds(&found[3_999], unlike(3_999 * 200 + 99, 1).trim()));
    // What is left of a text isn't a phrase where something is left out between.
    let last: Vec<&str> = odd[3_999].1.split(' ').collect();
    assert!(!finds(&found[3_999], &format!("\"{} squid\"", last[59])));
    // Of long texts each is found by its beginning, of short ones among them all.
    let long: Vec<_> = (0..5_000)
        .map(|at| {
            (
                format!("Long {at}"),
                "They were counted. ".repeat(if at < 10 { 3 } else { 200 }),
            )
        })
        .collect();
    let found = read(&long);
    let in_all: usize = found.iter().map(String::len).sum();
    assert!(in_all < 4_200_000, "{in_all}");
    assert_eq!(found[3], words(&long[3].0, &long[3].1));
    assert!(finds(&found[4_999], "\"long 4999\" counted"));
    // Letters that stand for many, in each of many texts.
    let wide: Vec<_> = (0..5_000)
        .map(|at| (at.to_string(), "\u{FDFA}".repeat(500)))
        .collect();
    let in_all: usize = read(&wide).iter().map(String::len).sum();
    assert!(in_all < 12_000_000, "{in_all}");
}

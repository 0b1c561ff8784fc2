//! Mail of every kind: letters, digests of lists, archives, what was forwarded, and no address of anybody.

use tidings_core::item::Draft;
use tidings_reader::{Document, Layout};

use super::rules;

fn read(bytes: impl Into<Vec<u8>>) -> Vec<Draft> {
    let document = Document {
        name: "mail".to_owned(),
        bytes: bytes.into(),
        ..Document::default()
    };
    tidings_reader::parse(&document, &rules(Layout::Double))
        .unwrap_or_else(|why| panic!("{why}"))
        .drafts
}

fn titles(bytes: impl Into<Vec<u8>>) -> Vec<String> {
    read(bytes).into_iter().map(|draft| draft.title).collect()
}

fn mail(headers: &str, body: &str) -> String {
    format!(
        "From: Ann Fisher <ann@h.example>\nTo: harbour@lists.example\nDate: Fri, 20 Nov 2026 07:30:00 +0900\n\
         Message-ID: <1.ann@h.example>\n{headers}\n\n{body}\n"
    )
}

#[test]
fn a_letter_is_one_item_by_its_subject() {
    let body = "Dear readers,\n\nThe crane was put up in two days. It is yellow.\n\nBest wishes,\nThe harbour master";
    for subject in [
        "A new crane",
        "Re: A new crane",
        "Fwd: A new crane",
        "AW: WG: A new crane",
        "답장: [Harbour] A new crane",
        "회신: 전달: A new crane",
        "[harbour] Re[2]: A new crane",
        "Antw: FW: A new crane",
        "=?utf-8?B?QSBuZXc=?= =?utf-8?Q?_crane?=",
    ] {
        let found = read(mail(&format!("Subject: {subject}"), body));
        assert_eq!(found.len(), 1, "{subject}: {found:?}");
        assert_eq!(found[0].title, "A new crane", "{subject}");
        assert_eq!(
            found[0].summary,
            "The crane was put up in two days. It is yellow."
        );
    }
    // A tag that isn't the list's own name stays.
    assert_eq!(
        titles(mail("Subject: [Urgent] A new crane", body)),
        ["[Urgent] A new crane"]
    );
}

#[test]
fn no_address_of_anybody() {
    let body = "Tickets are at press@news.example until May. Ann <ann@h.example> sells them.\n\n\
                On Thu, 19 Nov 2026, Bo Sailor <bo@h.example> wrote:\n> Where are they?\n\nAt the pier.\n\n-- \nAnn\nann@h.example";
    let found = read(mail("Subject: Re: Tickets for bo@h.example", body));
    assert_eq!(found[0].title, "Tickets for …");
    assert_eq!(
        found[0].summary,
        "Tickets are at … until May. Ann sells them.\n\nAt the pier."
    );
}

#[test]
fn digests_of_lists() {
    let digest = "Send Harbour mailing list submissions to\n\tharbour@lists.example\n\nToday's Topics:\n\n   1. A new crane (Ann Fisher)\n   2. Ferry (Bo Sailor)\n\n\n\
        ----------------------------------------------------------------------\n\nMessage: 1\nDate: Thu, 19 Nov 2026 12:00:00 +0900\n\
        From: Ann Fisher <ann@h.example>\nSubject: [Harbour] A new crane\nMessage-ID: <a@h.example>\n\nIt was put up in two days.\n\n\
        ------------------------------\n\nMessage: 2\nDate: Wed, 18 Nov 2026 23:30:00 -0800\nFrom: Bo Sailor <bo@h.example>\n\
        Subject: Re: [Harbour] Ferry\n\nIt opens in May.\n\n------------------------------\n\nSubject: Digest Footer\n\n\
        _______________________________________________\nHarbour mailing list\n\n------------------------------\n\nEnd of Harbour Digest, Vol 3, Issue 7\n";
    let found = read(mail("Subject: Harbour Digest, Vol 3, Issue 7", digest));
    let shown: Vec<String> = found
        .iter()
        .map(|draft| {
            format!(
                "{} {} {}",
                draft.published.unwrap(),
                draft.title,
                draft.summary
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "2026-11-19 A new crane It was put up in two days.",
            "2026-11-18 Ferry It opens in May."
        ]
    );
}

#[test]
fn archives_of_many_messages() {
    let one = |day: u32, subject: &str| {
        format!(
            "From ann at h.example  Thu Nov {day} 09:00:00 2026\nFrom: ann at h.example (Ann Fisher)\n\
             Date: Thu, {day} Nov 2026 12:00:00 +0900\nSubject: [pier] {subject}\nMessage-ID: <{day}@h.example>\n\n\
             Write to ann at h.example about {subject}. It is yellow.\n\n>From here it is seen well.\n\n"
        )
    };
    let found = read([one(12, "Cranes"), one(13, "Re: Boats"), one(14, "Squid")].concat());
    let shown: Vec<String> = found
        .iter()
        .map(|draft| {
            format!(
                "{} {} / {}",
                draft.published.unwrap(),
                draft.title,
                draft.summary.replace('\n', "|")
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "2026-11-12 Cranes / Write to … about Cranes. It is yellow.||From here it is seen well.",
            "2026-11-13 Boats / Write to … about Re: Boats. It is yellow.||From here it is seen well.",
            "2026-11-14 Squid / Write to … about Squid. It is yellow.||From here it is seen well.",
        ]
    );
}

#[test]
fn mails_within_mails() {
    let inner = "From: Bo <bo@h.example>\nSubject: Ferry gets a second deck\nDate: Thu, 19 Nov 2026 13:00:00 +0900\n\nIt opens in May.\n";
    let attached = format!(
        "--x\nContent-Type: text/plain\n\nSee below.\n\n--x\nContent-Type: message/rfc822\n\n{inner}\n--x--"
    );
    let headers =
        "Subject: News of the ferry\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x";
    assert_eq!(
        titles(mail(headers, &attached)),
        ["News of the ferry", "Ferry gets a second deck"]
    );
    let forwarded = "---------- Forwarded message ---------\nFrom: Bo <bo@h.example>\nDate: Thu, 19 Nov 2026 at 13:00\n\
                     Subject: Ferry gets a second deck\nTo: <ann@h.example>\n\nIt opens in May.";
    let found = read(mail("Subject: Fwd: Ferry gets a second deck", forwarded));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].title, "Ferry gets a second deck");
    assert_eq!(found[0].summary, "It opens in May.");
    let korean = "-----원본 메시지-----\n보낸 사람: Bo <bo@h.example>\n날짜: 2026년 11월 19일\n제목: 여객선 이층 개통\n받는 사람: ann@h.example\n\n오월에 문을 연다.";
    assert_eq!(
        titles(mail("Subject: 전달: 여객선 이층 개통", korean)),
        ["여객선 이층 개통"]
    );
}

#[test]
fn what_looks_like_markup_and_what_nobody_sees() {
    let feed = |title: &str, text: &str| {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
        let found = read(format!(
            "<rss version=\"2.0\"><channel><item><title>{}</title><description>{}</description></item></channel></rss>",
            escaped(title),
            escaped(text)
        ));
        (found[0].title.clone(), found[0].summary.clone())
    };
    for (title, expected) in [
        ("Why Option<T> beats null", "Why Option<T> beats null"),
        (
            "Vec<Option<String>> and Map<K, V>",
            "Vec<Option<String>> and Map<K, V>",
        ),
        (
            "How to fill the <head> element",
            "How to fill the <head> element",
        ),
        ("A <b>bold</b> <i class=\"x\">claim</i>", "A bold claim"),
        ("Word<o:p></o:p> leaves<br>marks", "Word leaves marks"),
        ("<![CDATA[Squid counted]]>", "Squid counted"),
        (
            "Soft\u{AD}ware \u{200C}\u{200C}padded\u{34F}\u{200C} می\u{200C}خواهم",
            "Soft\u{AD}ware padded می\u{200C}خواهم",
        ),
    ] {
        assert_eq!(feed(title, "x").0, expected);
    }
    for (text, expected) in [
        (
            "<div style='DISPLAY : none'>Preview</div><p>Real.</p>",
            "Real.",
        ),
        ("<span hidden>Preview</span><p>Real.</p>", "Real."),
        (
            "<div style=\"max-height:0px; overflow:hidden\">Preview</div><p>Real.</p>",
            "Real.",
        ),
        (
            "<td style=\"font-size:0px\"><div style=\"font-size:13px\">Real.</div></td>",
            "Real.",
        ),
        ("<![CDATA[<p>One.</p>]]>", "One."),
    ] {
        assert_eq!(feed("A", text).1, expected, "{text}");
    }
}

#[test]
fn where_links_start() {
    let link = |feed: &str| {
        let document = Document {
            name: "https://feeds.example/dir/feed.xml".to_owned(),
            bytes: feed.as_bytes().to_vec(),
            address: Some("https://feeds.example/dir/feed.xml".parse().unwrap()),
            ..Document::default()
        };
        let page = tidings_reader::parse(&document, &rules(Layout::Double)).unwrap();
        page.drafts[0].link.clone().unwrap_or_default()
    };
    let rss = |channel: &str, item: &str| {
        link(&format!(
            "<rss version=\"2.0\"><channel>{channel}<item><title>A</title>{item}</item></channel></rss>"
        ))
    };
    assert_eq!(
        rss("<link>https://news.example/</link>", "<link>/a/1</link>"),
        "https://news.example/a/1"
    );
    assert_eq!(
        rss("<link>/</link>", "<link>a/1</link>"),
        "https://feeds.example/dir/a/1"
    );
    assert_eq!(
        rss(
            "<link>https://news.example/</link>",
            "<link>www.other.example/1</link>"
        ),
        "https://www.other.example/1"
    );
    assert_eq!(
        rss(
            "<link>https://news.example/</link>",
            "<enclosure url=\"https://cdn.example/1.mp3\" length=\"1\" type=\"audio/mpeg\"/>"
        ),
        "https://cdn.example/1.mp3"
    );
    assert_eq!(
        link(
            "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"/base/\"><title>W</title><entry><id>1</id><title>A</title><link href=\"1\"/></entry></feed>"
        ),
        "https://feeds.example/base/1"
    );
}

#[test]
fn what_parts_two_stories_is_no_signature() {
    let digest = "Sea Relations\n\n\nSquid counted again\n\nMany words.\n\n--\n\nBoats lost at sea\n\nOther words.\n\n--\n\nFerry late again\n\n\
         It came at ten.\n\nAnd at noon.\n";
    let read = read(mail("Subject: Digest 47\n", digest));
    let all: String = read
        .iter()
        .map(|draft| format!("{} {}\n", draft.title, draft.summary))
        .collect();
    assert!(
        all.contains("Boats lost at sea") && all.contains("Ferry late again"),
        "{all}"
    );
    let signed = "Sea Relations\n\n\nSquid counted again\n\nMany words.\n\n\nBoats lost at sea\n\nOther words.\n\n--\nAnn Lee\nHanbit Weekly\n";
    let read = self::read(mail("Subject: Digest 47\n", signed));
    assert!(read.iter().all(|draft| !draft.summary.contains("Ann Lee")));
}

#[test]
fn a_headline_over_its_address_holds_no_tabs() {
    let letter = "# Harbour\n\n1) A crane\tfor  the pier\n   https://n.example/1\n\n\
                  2) The ferry\tagain:\n   https://n.example/2\n   It sails\tat nine.\n\n\
                  3) Rust\ton the bridge\n   It is\tred.\n   https://n.example/3\n";
    let document = Document {
        name: "letter.md".to_owned(),
        bytes: letter.into(),
        ..Document::default()
    };
    let page = tidings_reader::parse(&document, &rules(Layout::Double)).unwrap();
    let read: Vec<String> = page
        .drafts
        .iter()
        .map(|it| {
            format!(
                "{} | {} | {}",
                it.title,
                it.summary,
                it.link.as_deref().unwrap_or("-")
            )
        })
        .collect();
    assert_eq!(
        read,
        [
            "A crane for the pier |  | https://n.example/1",
            "The ferry again | It sails at nine. | https://n.example/2",
            "Rust on the bridge | It is red. | https://n.example/3",
        ]
    );
}

//! Every way of setting a section with every way of setting its items: the same digest comes out of all of them.

use tidings_reader::Layout;

use super::kinds::document;
use super::{outcome, rules};

type Section = fn(&str) -> String;
type Item = fn(&str, &str, &str) -> String;

/// A known section and one that nobody has heard of, each with two items.
const DIGEST: [(&str, [(&str, &str); 2]); 2] = [
    (
        "Japan",
        [
            (
                "Squid Are Counted Again in the Morning",
                "Many of them are left, the counters said on Friday.",
            ),
            (
                "Boats Are Lost off the Northern Coast",
                "Two of them were found in the harbour. Nobody was hurt.",
            ),
        ],
    ),
    (
        "Harbours and Ferries",
        [
            (
                "Ferry Returns to the Island after a Year",
                "It is back, and all are glad of it.",
            ),
            (
                "Pier Is Painted White by Volunteers",
                "The paint was left over from the lighthouse.",
            ),
        ],
    ),
];

const SECTIONS: &[Section] = &[
    |h| format!("<h2>{h}</h2>"),
    |h| format!("<h2 style=\"color:red\"><span><b>{h}</b></span></h2>"),
    |h| format!("<p><strong>{h}</strong></p>"),
    |h| format!("<p><u>{h}</u></p>"),
    |h| format!("<hr><p><strong>{h}:</strong></p>"),
    |h| format!("<p>{h}</p>"),
    |h| format!("<div class=\"section-title\">{h}</div>"),
    |h| format!("<table><tr><th>{h}</th></tr></table>"),
    |h| format!("<details open><summary>{h}</summary></details>"),
];

const ITEMS: &[Item] = &[
    |t, s, l| format!("<h3><a href=\"{l}\">{t}</a></h3><p>{s}</p>"),
    |t, s, l| format!("<h4>{t}</h4><p>{s}</p><p><a href=\"{l}\">Read more »</a></p>"),
    |t, s, l| format!("<p><b><a href=\"{l}\">{t}</a></b></p><p>{s}</p>"),
    |t, s, l| format!("<p><b>{t}</b></p><p>{s} <a href=\"{l}\">[Read more]</a></p>"),
    |t, s, l| format!("<p><b><a href=\"{l}\">{t}</a></b><br>{s}</p>"),
    |t, s, l| format!("<p><b><a href=\"{l}\">{t}</a>.</b> {s}</p>"),
    |t, s, l| format!("<p><a href=\"{l}\">{t}</a> – {s}</p>"),
    |t, s, l| format!("<p><a href=\"{l}\">{t}</a></p><p>{s}</p>"),
    |t, s, l| format!("<p>{t}</p><p>{s} <a href=\"{l}\">READ MORE</a></p>"),
    |t, s, l| format!("<ul><li><a href=\"{l}\">{t}</a>: {s}</li></ul>"),
    |t, s, l| format!("<ul><li><b>{t}</b><p>{s} <a href=\"{l}\">Source</a></p></li></ul>"),
    |t, s, l| format!("<ol><li><p><a href=\"{l}\">{t}</a></p><p>{s}</p></li></ol>"),
    |t, s, l| {
        format!(
            "<article><h3><a href=\"{l}\">{t}</a></h3><p>{s}</p><a href=\"{l}\">Read the full story →</a></article>"
        )
    },
    |t, s, l| format!("<a href=\"{l}\"><h3>{t}</h3><p>{s}</p></a>"),
    |t, s, l| format!("<dl><dt><a href=\"{l}\">{t}</a></dt><dd>{s}</dd></dl>"),
    |t, s, l| {
        format!("<table><tr><td><a href=\"{l}\">{t}</a></td></tr><tr><td>{s}</td></tr></table>")
    },
    |t, s, l| format!("<h3>{t}</h3><p>{s}</p><p><em>Source: <a href=\"{l}\">Yonhap</a></em></p>"),
];

#[test]
fn the_same_digest_in_many_layouts() {
    let link = |title: &str| {
        format!(
            "https://news.example/{}",
            title.to_lowercase().replace(' ', "-")
        )
    };
    let mut expected = Vec::new();
    for (heading, items) in DIGEST {
        for (title, summary) in items {
            expected.push([
                heading.to_owned(),
                title.to_owned(),
                summary.to_owned(),
                link(title),
            ]);
        }
    }
    for section in SECTIONS {
        for item in ITEMS {
            let body: String = DIGEST
                .iter()
                .map(|(heading, items)| {
                    let items = items
                        .iter()
                        .map(|(title, summary)| item(title, summary, &link(title)));
                    section(heading) + &items.collect::<String>()
                })
                .collect();
            let page = format!(
                "<html><body><header><nav><a href=\"/\">Home</a></nav></header><main><h1>Weekly</h1>\
                 <div class=\"entry-content\">{body}</div></main><footer><p>© 2026 Hanbit</p></footer></body></html>"
            );
            let read = tidings_reader::parse(&document("page", &page), &rules(Layout::Double));
            let read = read.unwrap_or_else(|wrong| panic!("{wrong}: {page}"));
            let found: Vec<_> = read
                .drafts
                .into_iter()
                .map(|draft| {
                    [
                        draft.heading.as_deref().unwrap_or_default().to_owned(),
                        draft.title,
                        draft.summary,
                        draft.link.unwrap_or_default(),
                    ]
                })
                .collect();
            assert_eq!(found, expected, "{page}");
        }
    }
}

/// Headlines over their addresses, with a byline and a section that nobody knows among them.
const OVER_ADDRESSES: &str = "US-NK Relations\n\n1. Negotiators meet\nhttps://n.example/a\n\nBoth sides sat down.\n\n\n\
     2. Owners ask for a visit\nBy Ann Lee\nhttps://n.example/b\n\nThe request is the ninth.\n\nThe ministry will answer.\n\n\n\
     Labor\n\n\n3. Judges void a tender\nhttps://n.example/c\n\nIt had two bidders only.\n";

const READ_OVER_ADDRESSES: &str = "[US-NK Relations] Negotiators meet <https://n.example/a> / Both sides sat down.\n\
     [US-NK Relations] Owners ask for a visit <https://n.example/b> / The request is the ninth. / The ministry will answer.\n\
     [Labor] Judges void a tender <https://n.example/c> / It had two bidders only.\n";

#[test]
fn lines_of_spaces_are_blank_lines() {
    for blank in ["", " ", "\t", "\u{A0}", "\u{200B}", " \r"] {
        let text = OVER_ADDRESSES.replace("\n\n", &format!("\n{blank}\n"));
        let text = text.replace("\n\n", &format!("\n{blank}\n"));
        assert_eq!(
            outcome(Layout::Double, "page.txt", &text),
            READ_OVER_ADDRESSES,
            "{blank:?}"
        );
    }
}

#[test]
fn a_digest_of_single_gaps_is_one_with_addresses_as_well() {
    let text = OVER_ADDRESSES.replace("\n\n\n", "\n\n");
    assert_eq!(
        outcome(Layout::Single, "page.txt", &text),
        READ_OVER_ADDRESSES
    );
}

#[test]
fn a_mails_text_is_a_digest_with_its_addresses_under_its_headlines() {
    let read = READ_OVER_ADDRESSES.replace(['[', ']'], "|");
    for text in [
        OVER_ADDRESSES.to_owned(),
        OVER_ADDRESSES
            .replace("1. ", "")
            .replace("2. ", "")
            .replace("3. ", ""),
        // As mailers leave them that end no line with less than a space.
        OVER_ADDRESSES
            .replace("\n\n", "\n \n")
            .replace("\n\n", "\n\u{A0}\n"),
        OVER_ADDRESSES
            .replace("\n\n", "\n\u{200B}\n")
            .replace("\n\n", "\n\t\n"),
    ] {
        let mail = format!(
            "From: Ann Fisher <ann@h.example>\nSubject: Weekly\nDate: Fri, 20 Nov 2026 07:30:00 +0900\n\
             Message-ID: <1.ann@h.example>\nContent-Type: text/plain; charset=utf-8\n\n{text}"
        );
        let found = outcome(Layout::Double, "page.eml", &mail);
        let found = found.replace(['[', ']'], "|").replace(" (2026-11-20)", "");
        assert_eq!(found, read);
    }
}

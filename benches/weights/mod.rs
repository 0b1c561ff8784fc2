//! Documents as large as what comes over the web may be, each of a shape that is written to cost much: what is kept of it
//! counts, and what those have to do with it who come behind the parsers.

use super::shapes::{FROM_LINE, by_hand, html, mail, rss};

/// What such a document is called, and how it is made of about so many bytes.
pub(crate) type Weight = (&'static str, fn(usize) -> Vec<u8>);

/// A word that occurs nowhere else, by its number: eight letters.
fn unlike(number: usize) -> String {
    let mut left = number as u64 * 7_919 + 11_881_376;
    let mut word = String::with_capacity(9);
    for _ in 0..8 {
        word.push((b'a' + (left % 26) as u8) as char);
        left = left / 26 + left % 26 * 101;
    }
    word.push(' ');
    word
}

/// A text of so many bytes, of words that occur nowhere else.
fn all_unlike(from: usize, bytes: usize) -> String {
    (0..bytes / 9).map(|at| unlike(from + at)).collect()
}

/// The most items that a document from the web may hold.
const ITEMS: usize = 5_000;

/// A feed of as many items as there may be, with so many bytes of text together.
fn feed_of(bytes: usize, text: impl Fn(usize, usize) -> String) -> Vec<u8> {
    let each = (bytes / ITEMS).saturating_sub(100);
    let items: String = (0..ITEMS)
        .map(|at| {
            format!(
                "<item><guid>{at}</guid><title>{at} {}</title><description>{}</description></item>",
                text(at * 1_000_003, 60.min(each)),
                text(at * 1_000_003 + 10, each.saturating_sub(60))
            )
        })
        .collect();
    format!("<rss version=\"2.0\"><channel>{items}</channel></rss>").into_bytes()
}

/// A feed of items that seem to tell one story, each in letters of its own, so many bytes apiece.
fn stories_of(bytes: usize, letters: &[&str], word: usize, length: usize) -> Vec<u8> {
    let mut seed = 7_u64;
    let mut next = move || {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize
    };
    let mut items = String::with_capacity(bytes);
    let mut at = 0;
    while items.len() + length * 5 + 200 < bytes && at < ITEMS {
        let mut text = String::new();
        for letter in 0..length {
            if letter % word == 0 {
                text.push(' ');
            }
            text.push_str(letters[next() % letters.len()]);
        }
        let (title, rest) = text.split_at(text.floor_char_boundary(text.len() / 2));
        items.push_str(&format!(
            "<item><guid>{at}</guid><title>Envoy Kaesong Pompeo Busan{title}</title><description>{rest}</description></item>"
        ));
        at += 1;
    }
    rss_of(&items)
}

fn rss_of(items: &str) -> Vec<u8> {
    format!("<rss version=\"2.0\"><channel><title>W</title>{items}</channel></rss>").into_bytes()
}

const CYRILLIC: [&str; 15] = [
    "а", "б", "в", "г", "д", "е", "ж", "з", "и", "к", "л", "м", "н", "о", "п",
];
const HANGUL: [&str; 6] = ["가", "나", "다", "라", "마", "바"];

fn one_item(text: &str) -> Vec<u8> {
    rss(&format!(
        "<title>A</title><description>{text}</description>"
    ))
    .into_bytes()
}

fn page_of(body: &str) -> Vec<u8> {
    html(body).into_bytes()
}

fn letter(kind: &str, body: &str) -> Vec<u8> {
    mail(&format!("Content-Type: {kind}"), body).into_bytes()
}

/// As much of a text as so many bytes hold.
fn filled(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

pub(crate) const WEIGHTS: &[Weight] = &[
    ("feed: items of words", |n| {
        feed_of(n, |_, bytes| filled("word ", bytes))
    }),
    ("feed: items of unlike words", |n| feed_of(n, all_unlike)),
    ("feed: items of U+FDFA", |n| {
        feed_of(n, |_, bytes| filled("\u{FDFA}", bytes))
    }),
    ("feed: items of U+FDFA in words", |n| {
        feed_of(n, |_, bytes| filled("\u{FDFA} ", bytes))
    }),
    ("feed: items of emoji", |n| {
        feed_of(n, |_, bytes| filled("😀", bytes))
    }),
    ("feed: items of emoji in words", |n| {
        feed_of(n, |_, bytes| filled("😀 ", bytes))
    }),
    ("feed: items of accents", |n| {
        feed_of(n, |_, bytes| filled("\u{344}", bytes))
    }),
    ("feed: marks on one letter", |n| {
        rss(&format!(
            "<title>a{}</title>",
            filled("\u{300}\u{316}", n - 200)
        ))
        .into_bytes()
    }),
    ("feed: items of Hangul letters", |n| {
        feed_of(n, |_, bytes| filled("\u{1100}\u{1161}\u{11A8}", bytes))
    }),
    ("feed: items of Hangul", |n| {
        feed_of(n, |_, bytes| filled("통일부", bytes))
    }),
    ("feed: stories in long words", |n| {
        stories_of(n, &CYRILLIC, 1_100, 1_100)
    }),
    ("feed: stories in many words", |n| {
        stories_of(n, &CYRILLIC, 13, 1_200)
    }),
    ("feed: stories in short words", |n| {
        stories_of(n, &["a", "b", "c", "d"], 8, 1_200)
    }),
    ("feed: stories in like words", |n| {
        stories_of(n, &["ab", "ac"], 5, 1_200)
    }),
    ("feed: stories in figures", |n| {
        stories_of(n, &["1", "2", "3"], 3, 1_200)
    }),
    ("feed: stories in long runs", |n| {
        stories_of(n, &HANGUL, 1_100, 1_100)
    }),
    ("feed: stories in runs", |n| {
        stories_of(n, &HANGUL, 4, 1_200)
    }),
    ("feed: stories under one title", |n| {
        let items: String = (0..n / 250)
            .map(|at| {
                format!(
                    "<item><guid>{at}</guid><title>{}</title></item>",
                    "\u{FDFA}".repeat(40)
                )
            })
            .take(4_900)
            .collect();
        rss_of(&items)
    }),
    ("feed: long stories under one title", |n| {
        let long = "\u{FDFA}".repeat(250);
        let items: String = (0..n / 1_600).map(|at| format!("<item><guid>{at}</guid><title>{long}</title><description>{long}</description></item>")).take(4_900).collect();
        rss_of(&items)
    }),
    ("feed: items of Han", |n| {
        feed_of(n, |_, bytes| filled("新聞記者", bytes))
    }),
    ("feed: items of numbers", |n| {
        feed_of(n, |_, bytes| filled("1,234 ", bytes))
    }),
    ("feed: items of capitals", |n| {
        feed_of(n, |_, bytes| filled("İ", bytes))
    }),
    ("feed: items of addresses", |n| {
        feed_of(n, |_, bytes| filled("http://a.b/c ", bytes))
    }),
    ("feed: items of single letters", |n| {
        feed_of(n, |_, bytes| filled("a ", bytes))
    }),
    ("feed: items of letters and points", |n| {
        feed_of(n, |_, bytes| filled("a.", bytes))
    }),
    ("feed: long titles", |n| {
        let each = n / ITEMS - 60;
        let items: String = (0..ITEMS)
            .map(|at| {
                format!(
                    "<item><title>{}</title></item>",
                    all_unlike(at * 1_000_003, each)
                )
            })
            .collect();
        format!("<rss version=\"2.0\"><channel>{items}</channel></rss>").into_bytes()
    }),
    ("feed: one text", |n| one_item(&filled("word ", n))),
    ("feed: one text of U+FDFA", |n| {
        one_item(&filled("\u{FDFA}", n))
    }),
    ("feed: one text of unlike words", |n| {
        one_item(&all_unlike(1, n))
    }),
    ("feed: one text of emoji", |n| one_item(&filled("😀", n))),
    ("feed: one text of accents", |n| {
        one_item(&filled("\u{301}", n))
    }),
    ("feed: one text of accents out of order", |n| {
        one_item(&filled("\u{301}\u{323}", n))
    }),
    ("feed: one text of entities", |n| {
        one_item(&filled("&#x1F600;", n))
    }),
    ("feed: one text of escaped tags", |n| {
        one_item(&filled("&lt;b&gt;a&lt;/b&gt; ", n))
    }),
    ("feed: one text of paragraphs", |n| {
        one_item(&format!(
            "<![CDATA[{}]]>",
            filled("<p>word word word word</p>", n)
        ))
    }),
    ("feed: one text of long paragraphs", |n| {
        one_item(&format!(
            "<![CDATA[{}]]>",
            filled(&format!("<p>{}</p>", "word ".repeat(40)), n)
        ))
    }),
    ("feed: one text of links", |n| {
        one_item(&format!(
            "<![CDATA[{}]]>",
            filled("<a href=\"http://a.example/1\">word</a> ", n)
        ))
    }),
    ("feed: one long title", |n| {
        rss(&format!("<title>{}</title>", filled("word ", n))).into_bytes()
    }),
    ("feed: one long address", |n| {
        rss(&format!(
            "<title>A</title><link>http://a.example/{}</link>",
            filled("a", n)
        ))
        .into_bytes()
    }),
    ("feed: one long id", |n| {
        rss(&format!("<title>A</title><guid>{}</guid>", filled("a", n))).into_bytes()
    }),
    ("feed: one long category", |n| {
        rss(&format!(
            "<title>A</title><category>{}</category>",
            filled("word ", n)
        ))
        .into_bytes()
    }),
    ("feed: one long author", |n| {
        rss(&format!(
            "<title>A</title><author>{}</author>",
            filled("word ", n)
        ))
        .into_bytes()
    }),
    ("feed: categories", |n| {
        let n = n.min(119_000 * 34);
        rss(&format!(
            "<title>A</title>{}",
            filled("<category>word word word</category>", n)
        ))
        .into_bytes()
    }),
    ("feed: items without end", |n| {
        format!(
            "<rss version=\"2.0\"><channel>{}",
            filled(
                &format!(
                    "<item><title>a b</title><description>{}",
                    "word ".repeat(600)
                ),
                n
            )
        )
        .into_bytes()
    }),
    ("feed: broken in the midst", |n| {
        format!(
            "<rss version=\"2.0\"><channel>{}",
            filled(
                &format!(
                    "<item><title>a & b</title><description>{}</descr></item>",
                    "word ".repeat(600)
                ),
                n
            )
        )
        .into_bytes()
    }),
    ("feed: a comment", |n| {
        rss(&format!("<title>A</title><!--{}-->", filled("word ", n))).into_bytes()
    }),
    ("feed: in Windows' letters", |n| {
        let n = n.min(3_300_000);
        let mut feed = b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><rss version=\"2.0\"><channel><item><title>A</title><description>".to_vec();
        feed.extend(vec![0x80; n]);
        feed.extend(b"</description></item></channel></rss>");
        feed
    }),
    ("feed: in UTF-16", |n| {
        let text = rss(&format!(
            "<title>A</title><description>{}</description>",
            filled("통일부 ", n / 2)
        ));
        let mut feed = vec![0xFF, 0xFE];
        feed.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        feed
    }),
    ("json: one text", |n| {
        format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"A\",\"items\":[{{\"id\":\"1\",\"title\":\"A\",\"content_html\":\"{}\"}}]}}", filled("word ", n)).into_bytes()
    }),
    ("json: one text of escapes", |n| {
        format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"A\",\"items\":[{{\"id\":\"1\",\"title\":\"A\",\"content_html\":\"{}\"}}]}}", filled("\\u0041 ", n)).into_bytes()
    }),
    ("json: items of unlike words", |n| {
        let each = n / ITEMS - 60;
        let items: Vec<String> = (0..ITEMS)
            .map(|at| {
                format!(
                    "{{\"id\":\"{at}\",\"title\":\"{at}\",\"content_text\":\"{}\"}}",
                    all_unlike(at * 1_000_003, each)
                )
            })
            .collect();
        format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"A\",\"items\":[{}]}}",
            items.join(",")
        )
        .into_bytes()
    }),
    ("json: tags", |n| {
        let n = n.min(239_000 * 22);
        format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"A\",\"items\":[{{\"id\":\"1\",\"title\":\"A\",\"tags\":[{}\"a\"]}}]}}", filled("\"word word word word\",", n)).into_bytes()
    }),
    ("page: elements", |n| {
        page_of(
            &"<p>"
                .repeat(59_000)
                .replace("<p>", &format!("<p>{}", "a".repeat(n / 59_000 - 3))),
        )
    }),
    ("page: short elements", |n| {
        page_of(&"<p>a".repeat(59_000.min(n / 4)))
    }),
    ("page: elements in lists", |n| {
        page_of(&format!("<li>{}", "w ".repeat(n / 59_000 / 2 - 2)).repeat(59_000))
    }),
    ("page: divisions of words", |n| {
        page_of(&format!("<div>{}</div>", "word ".repeat((n / 59_000 - 11) / 5)).repeat(59_000))
    }),
    ("page: one text", |n| {
        page_of(&format!("<p>{}", filled("word ", n)))
    }),
    ("page: one deep text", |n| {
        page_of(&format!("{}{}", "<div>".repeat(500), filled("word ", n)))
    }),
    ("page: deep texts", |n| {
        page_of(&filled(
            &format!(
                "{}{}{}",
                "<div>".repeat(400),
                "word ".repeat(8_000),
                "</div>".repeat(400)
            ),
            n,
        ))
    }),
    ("page: one heading", |n| {
        page_of(&format!("<h2>{}</h2><p>a", filled("word ", n)))
    }),
    ("page: one text of emoji", |n| {
        page_of(&format!("<p>{}", filled("😀", n)))
    }),
    ("page: one text of U+FDFA", |n| {
        page_of(&format!("<h3>A</h3><p>{}", filled("\u{FDFA}", n)))
    }),
    ("page: items of unlike words", |n| {
        page_of(
            &(1..ITEMS)
                .map(|at| {
                    format!(
                        "<h3>{}</h3><p>{}</p>",
                        all_unlike(at * 1_000_003, 60),
                        all_unlike(at * 1_000_003 + 10, n / ITEMS - 90)
                    )
                })
                .collect::<String>(),
        )
    }),
    ("page: attributes", |n| {
        page_of(&format!("<p {}>a", "a=b c=d e=f g=h ".repeat(2)).repeat((n / 36).min(29_000)))
    }),
    ("page: long attributes", |n| {
        page_of(&format!("<p title=\"{}\">a", "word ".repeat(n / 59_000 / 5 - 4)).repeat(59_000))
    }),
    ("page: one long attribute", |n| {
        page_of(&format!("<p title=\"{}\">a", filled("word ", n)))
    }),
    ("page: classes", |n| {
        page_of(&format!(
            "<p class=\"{}\">a",
            filled("a b c d ", (n).min(1_900_000))
        ))
    }),
    ("page: comments", |n| {
        page_of(&format!("<!--{}-->", "w ".repeat(n / 59_000 / 2 - 4)).repeat(59_000))
    }),
    ("page: one comment", |n| {
        page_of(&format!("<!--{}-->", filled("word ", n)))
    }),
    ("page: a script", |n| {
        page_of(&format!("<script>{}</script>", filled("word ", n)))
    }),
    ("page: scripts", |n| {
        page_of(&format!("<script>{}</script>", "w ".repeat(n / 59_000 / 2 - 9)).repeat(59_000))
    }),
    ("page: data about it", |n| {
        page_of(&format!(
            "<script type=\"application/ld+json\">{{\"datePublished\":\"{}\"}}</script>",
            filled("2026 ", n)
        ))
    }),
    ("page: references", |n| {
        page_of(&format!("<p>{}", filled("&eacute;", n.min(3_000_000))))
    }),
    ("page: characters by their numbers", |n| {
        page_of(&format!("<p>{}", filled("&#128512;", n.min(3_600_000))))
    }),
    ("page: links", |n| {
        page_of(
            &format!(
                "<li><a href=\"/1\">{}</a>",
                "word ".repeat((n / 29_000 - 30) / 5)
            )
            .repeat(29_000),
        )
    }),
    ("page: tables", |n| {
        page_of(
            &format!(
                "<table><tr><td>{}</table>",
                "word ".repeat((n / 14_000 - 30) / 5)
            )
            .repeat(14_000),
        )
    }),
    ("page: formatting", |n| {
        page_of(&"<b>a</b> ".repeat((n / 9).min(59_000)))
    }),
    ("page: lines", |n| {
        page_of(&filled(
            &format!("{}\n", "w ".repeat(n / 459_000 / 2 - 1)),
            n,
        ))
    }),
    ("page: breaks", |n| {
        page_of(&format!("<p>{}", "word<br>".repeat((n / 8).min(59_000))))
    }),
    ("page: pre", |n| {
        page_of(&format!("<pre>{}</pre>", filled("word\n word", n)))
    }),
    ("page: in Windows' letters", |n| {
        let n = n.min(3_300_000);
        let mut page = b"<html><meta charset=windows-1252><body><h3>A</h3><p>".to_vec();
        page.extend(vec![0x80; n]);
        page
    }),
    ("page: in UTF-16", |n| {
        let text = html(&format!("<h3>A</h3><p>{}", filled("통일부 ", n / 2)));
        let mut page = vec![0xFF, 0xFE];
        page.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        page
    }),
    ("page: without an encoding", |n| {
        let n = n.min(5_000_000);
        let mut page = b"<html><body><h3>A</h3><p>".to_vec();
        page.extend(
            [0xC5, 0xEB, 0xC0, 0xCF, 0xBA, 0xCE, b' ']
                .iter()
                .cycle()
                .take(n),
        );
        page
    }),
    ("markdown: one text", |n| {
        by_hand(&filled("word ", n)).into_bytes()
    }),
    ("markdown: lines", |n| {
        by_hand(&format!("{}\n", "w ".repeat(n / 240_000 / 2 - 1)).repeat(240_000)).into_bytes()
    }),
    ("markdown: paragraphs", |n| {
        by_hand(&format!("{}\n\n", "w ".repeat(n / 120_000 / 2 - 1)).repeat(120_000)).into_bytes()
    }),
    ("markdown: items", |n| {
        by_hand(
            &(0..ITEMS)
                .map(|at| {
                    format!(
                        "### {}\n\n{}\n\n",
                        all_unlike(at * 1_000_003, 60),
                        all_unlike(at * 1_000_003 + 10, n / ITEMS - 90)
                    )
                })
                .collect::<String>(),
        )
        .into_bytes()
    }),
    ("markdown: emphasis", |n| {
        by_hand(&format!("*{}* ", "w".repeat(n / 120_000 - 3)).repeat(120_000)).into_bytes()
    }),
    ("markdown: links", |n| {
        by_hand(
            &format!(
                "[{}](http://a.example/) ",
                "w".repeat((n / 120_000).saturating_sub(24))
            )
            .repeat(120_000.min(n / 24)),
        )
        .into_bytes()
    }),
    ("markdown: tables", |n| {
        by_hand(&format!(
            "|a|b|\n|-|-|\n{}",
            "|a|b|\n".repeat(60_000.min(n / 6))
        ))
        .into_bytes()
    }),
    ("markdown: code", |n| {
        by_hand(&format!("`{}` ", "w".repeat(n / 120_000 - 3)).repeat(120_000)).into_bytes()
    }),
    ("digest: one text", |n| {
        format!("A b\n\n{}\n", filled("word ", n)).into_bytes()
    }),
    ("digest: lines", |n| {
        format!("{}\n", "w ".repeat(n / 459_000 / 2 - 1))
            .repeat(459_000)
            .into_bytes()
    }),
    ("digest: paragraphs", |n| {
        format!("{}\n\n", "w ".repeat(n / 240_000 / 2 - 1))
            .repeat(240_000)
            .into_bytes()
    }),
    ("digest: items", |n| {
        (0..ITEMS)
            .map(|at| {
                format!(
                    "{}\n\n{}\n\n\n",
                    all_unlike(at * 1_000_003, 60),
                    all_unlike(at * 1_000_003 + 10, n / ITEMS - 90)
                )
            })
            .collect::<String>()
            .into_bytes()
    }),
    ("digest: bylines", |n| {
        format!("{}\n", "By ".repeat(n / 459_000 / 3))
            .repeat(459_000)
            .into_bytes()
    }),
    ("digest: one text of U+FDFA", |n| {
        format!("A b\n\n{}\n", filled("\u{FDFA}", n)).into_bytes()
    }),
    ("mail: one text", |n| {
        let n = n.min(3_990_000);
        letter("text/plain", &filled("word ", n))
    }),
    ("mail: lines", |n| {
        let n = n.min(3_990_000);
        letter(
            "text/plain",
            &format!("{}\r\n", "w ".repeat(n / 459_000 / 2 - 2)).repeat(459_000),
        )
    }),
    ("mail: one text of emoji", |n| {
        let n = n.min(3_990_000);
        letter("text/plain; charset=utf-8", &filled("😀", n))
    }),
    ("mail: emoji in lines", |n| {
        let n = n.min(3_990_000);
        letter(
            "text/plain; charset=utf-8",
            &filled(&format!("{}\r\n", "😀".repeat(18)), n),
        )
    }),
    ("mail: a page", |n| {
        let n = n.min(3_990_000);
        letter(
            "text/html",
            &html(&format!("<p>{}", "word ".repeat(n / 59_000 / 5 - 1)).repeat(59_000)),
        )
    }),
    ("mail: a page of one text", |n| {
        let n = n.min(3_990_000);
        letter("text/html", &html(&format!("<p>{}", filled("word ", n))))
    }),
    ("mail: a page of emoji", |n| {
        let n = n.min(3_990_000);
        letter(
            "text/html; charset=utf-8",
            &html(&format!("<p>{}", filled("😀", n))),
        )
    }),
    ("mail: a page of items", |n| {
        let n = n.min(3_990_000);
        letter(
            "text/html",
            &html(
                &(1..ITEMS)
                    .map(|at| {
                        format!(
                            "<h3>{}</h3><p>{}</p>",
                            all_unlike(at * 1_000_003, 60),
                            all_unlike(at * 1_000_003 + 10, n / ITEMS - 90)
                        )
                    })
                    .collect::<String>(),
            ),
        )
    }),
    ("mail: a page in base64", |n| {
        let n = n.min(5_300_000);
        let text = "PGgzPkE8L2gzPjxwPndv";
        mail(
            "Content-Type: text/html\r\nContent-Transfer-Encoding: base64",
            &filled(&format!("{}\r\n", text.repeat(4)), n),
        )
        .into_bytes()
    }),
    ("mail: paragraphs in base64", |n| {
        let n = n.min(5_300_000);
        // `<p>words `
        let text = "PHA+d29yZHMg";
        mail(
            "Content-Type: text/html\r\nContent-Transfer-Encoding: base64",
            &filled(&format!("{}\r\n", text.repeat(6)), n),
        )
        .into_bytes()
    }),
    ("mail: paragraphs", |n| {
        let n = n.min(3_990_000);
        letter("text/html", &html(&filled("<p>words ", n)))
    }),
    ("mail: a page in quoted letters", |n| {
        let n = n.min(5_300_000);
        mail("Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", &filled("<p>=ED=86=B5=EC=9D=BC=EB=B6=80 word word word word word word word word word word =\r\n", n)).into_bytes()
    }),
    ("mail: a file beside", |n| {
        mail("Content-Type: multipart/mixed; boundary=x", &format!("--x\r\nContent-Type: text/plain\r\n\r\na\r\n--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--x--", filled(&format!("{}\r\n", "QUFB".repeat(19)), n))).into_bytes()
    }),
    ("mail: two forms", |n| {
        mail("Content-Type: multipart/alternative; boundary=x", &format!("--x\r\nContent-Type: text/plain\r\n\r\n{}\r\n--x\r\nContent-Type: text/html\r\n\r\n{}\r\n--x--", filled("word word word word\r\n", n / 2), html(&filled("<p>word word word word word word word word word word word word word word word word word word word word word word", n / 2)))).into_bytes()
    }),
    ("mail: headers", |n| {
        mail(
            &format!(
                "{}X: y",
                format!("X-A: {}\r\n", "w ".repeat(n / 49_000 / 2 - 4)).repeat(49_000)
            ),
            "a",
        )
        .into_bytes()
    }),
    ("mail: many parts", |n| {
        let parts = (2_000_000_000 / n - 3).min(4_900);
        mail(
            "Content-Type: multipart/mixed; boundary=x",
            &format!(
                "--x\r\nContent-Type: text/plain\r\n\r\n{}\r\n",
                filled("word word word\r\n", n / parts - 36)
            )
            .repeat(parts),
        )
        .into_bytes()
    }),
    ("mail: many pages", |n| {
        let parts = 50;
        mail(
            "Content-Type: multipart/mixed; boundary=x",
            &format!(
                "--x\r\nContent-Type: text/html\r\n\r\n{}\r\n",
                filled(&format!("<p>{}</p>", "word ".repeat(40)), n / parts - 36)
            )
            .repeat(parts),
        )
        .into_bytes()
    }),
    ("mail: forwarded pages", |n| {
        let each = n / 40 - 100;
        mail(
            "Content-Type: multipart/digest; boundary=x",
            &format!(
                "--x\r\n\r\nSubject: A\r\nContent-Type: text/html\r\n\r\n{}\r\n",
                filled(&format!("<p>{}</p>", "word ".repeat(40)), each)
            )
            .repeat(40),
        )
        .into_bytes()
    }),
    ("archive: letters", |n| {
        (0..4_900)
            .map(|at| {
                format!(
                    "{FROM_LINE}Subject: Number {at}\n\n{}\n\n",
                    all_unlike(at * 1_000_003, n / 4_900 - 140)
                )
            })
            .collect::<String>()
            .into_bytes()
    }),
    ("archive: letters of words", |n| {
        (0..4_900)
            .map(|at| {
                format!(
                    "{FROM_LINE}Subject: Number {at}\n\n{}\n\n",
                    filled("word ", n / 4_900 - 140)
                )
            })
            .collect::<String>()
            .into_bytes()
    }),
    ("archive: newsletters", |n| {
        (0..4_900).map(|at| format!("{FROM_LINE}Subject: Number {at}\nMIME-Version: 1.0\nContent-Type: text/html\n\n{}\n\n", filled("<p>word word word word word word word word</p>\n", n / 4_900 - 200))).collect::<String>().into_bytes()
    }),
    ("archive: emoji", |n| {
        (0..4_900).map(|at| format!("{FROM_LINE}Subject: Number {at}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{}\n\n", filled(&format!("{}\n", "😀".repeat(18)), n / 4_900 - 200))).collect::<String>().into_bytes()
    }),
    ("archive: one letter", |n| {
        let n = n.min(3_990_000);
        format!(
            "{FROM_LINE}Subject: Number\n\n{}\n\n",
            filled("word word word word word word word\n", n)
        )
        .into_bytes()
    }),
];

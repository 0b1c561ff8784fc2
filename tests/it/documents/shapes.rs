//! Shapes that a hostile document may have, for what is counted of it (`growth`) and what is measured (`benches/hostile.rs`).

/// A shape that a document may have: what it is called, and how it is made of about so many bytes.
pub(crate) type Shape = (&'static str, fn(usize) -> String);

fn repeated(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

fn numbered(bytes: usize, piece: impl Fn(usize) -> String) -> String {
    (0..bytes / piece(1_000).len()).map(piece).collect()
}

pub(crate) fn rss(item: &str) -> String {
    format!("<rss version=\"2.0\"><channel><item>{item}</item></channel></rss>")
}

fn described(text: &str) -> String {
    rss(&format!(
        "<title>A</title><description><![CDATA[{text}]]></description>"
    ))
}

pub(crate) fn html(body: &str) -> String {
    format!("<html><body>{body}<h3>A</h3><p>One.</p>")
}

pub(crate) fn by_hand(body: &str) -> String {
    format!("# W\n\n## Japan\n\n### A\n\n{body}\n")
}

pub(crate) fn mail(header: &str, body: &str) -> String {
    format!("From: a@b.example\r\nSubject: W\r\nMIME-Version: 1.0\r\n{header}\r\n\r\n{body}\r\n")
}

pub(crate) const FEEDS: &[Shape] = &[
    ("a title of ampersands", |n| {
        rss(&format!("<title>{}</title>", repeated("&", n)))
    }),
    ("a text of ampersands", |n| described(&repeated("&", n))),
    ("a text of tags that never end", |n| {
        described(&repeated("<a ", n))
    }),
    ("one tag of all attributes", |n| {
        let attributes = numbered(n, |at| format!("a{at:06} "));
        described(&format!("<!-- --><a {attributes}>"))
    }),
    ("titles in titles", |n| {
        let titles = repeated("<title><b>", n);
        format!("<rss version=\"2.0\"><channel><item>{titles}</item></title></channel></rss>")
    }),
    ("items without an end", |n| {
        format!(
            "<rss version=\"2.0\"><channel>{}",
            repeated("<item><title>a", n)
        )
    }),
    ("items behind a long root, without its end", |n| {
        let root = "x".repeat(3_000);
        let items = repeated("<item><title>a</title></item>", n);
        format!("<rss version=\"2.0\" x=\"{root}\"><channel>{items}</chan")
    }),
    ("entities of its own", |n| {
        let declared = numbered(n / 2, |at| format!("<!ENTITY e{at:06} \"x\">"));
        let used = numbered(n / 2, |at| format!("&e{at:06};"));
        format!("<!DOCTYPE rss [{declared}]>{}", rss(&used))
    }),
    ("an address and what closes it", |n| {
        described(&format!("http://a.example/{}", repeated(")", n)))
    }),
    ("ends that want to be read on", |n| {
        let dots = repeated(".", n / 2);
        described(&format!("{dots}{}", repeated(" Read more.", n / 2)))
    }),
    ("a moment", |n| {
        rss(&format!(
            "<title>A</title><pubDate>{}</pubDate>",
            repeated("1é-", n)
        ))
    }),
    ("objects in objects", |n| {
        let items = repeated("{\"a\":", n);
        format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{items}")
    }),
    ("pictures that never end", |n| {
        described(&repeated("<img \"<img '", n))
    }),
    ("pictures that nobody shows", |n| {
        described(&repeated("<img src=/pixel.gif>", n))
    }),
    ("elements that tell of pictures", |n| {
        let told = repeated("<media:thumbnail url=\"/a.png\"/>", n);
        rss(&format!("<title>A</title>{told}"))
    }),
    ("items that tell of pictures", |n| {
        let item = "<item><title>A</title><media:thumbnail url=\"/a.png\"/></item>";
        format!(
            "<rss version=\"2.0\"><channel>{}</channel></rss>",
            repeated(item, n)
        )
    }),
    ("escapes", |n| {
        let title = repeated("\\u0041", n);
        format!(
            "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{{\"title\":\"{title}\""
        )
    }),
];

pub(crate) const PAGES: &[Shape] = &[
    ("elements in elements that are called something", |n| {
        let deep = "<div class=share>x".repeat(500) + &"</div>".repeat(500);
        html(&repeated(&deep, n))
    }),
    ("containers in containers", |n| {
        let deep = "<div class=entry-content>".repeat(500);
        html(&format!("{deep}{}", repeated("<i></i>", n)))
    }),
    ("headlines that nothing tells apart", |n| {
        html(&numbered(n, |at| {
            format!("<p>Some headline {at}</p><p>A text of it.</p>")
        }))
    }),
    ("lists in lists", |n| html(&repeated("<ul><li>a</ul>", n))),
    ("links", |n| {
        html(&repeated("<li><a href=/x>a</a> b</li>", n))
    }),
    ("pictures without a text around", |n| {
        let deep = "<div>".repeat(400) + "<img src=a.png>" + &"</div>".repeat(400);
        html(&repeated(&deep, n))
    }),
    ("pictures in items", |n| {
        html(&repeated("<h3>A</h3><p>b <img src=a.png></p>", n))
    }),
    ("tables in tables", |n| {
        html(&repeated("<table><tr><td>a</table>", n))
    }),
    ("an address of digits", |n| {
        let address = repeated("99999999", n);
        format!("<link rel=canonical href='{address}'>{}", html(""))
    }),
    ("comments that end in one of two ways", |n| {
        html(&repeated("<!-- -- -->", n))
    }),
    ("classes", |n| {
        html(&format!("<p class='{}'>", repeated("x ", n)))
    }),
];

pub(crate) const BY_HAND: &[Shape] = &[
    ("brackets", |n| by_hand(&repeated("[", n))),
    ("stars", |n| by_hand(&repeated("*a ", n))),
    ("quotations in quotations", |n| by_hand(&repeated("> ", n))),
    ("lists in lists and empty lines", |n| {
        let lists = repeated("- ", n / 2);
        by_hand(&format!("{lists}a\n{}", repeated("\n", n / 2)))
    }),
    ("a heading over many items", |n| {
        let items = numbered(n / 2, |at| {
            format!("* [Item {at}](http://a.example/{at})\n")
        });
        format!("# W\n\n## {}\n\n{items}", repeated("Japan ", n / 2))
    }),
    ("pictures", |n| by_hand(&repeated("![](a.png) ", n))),
    ("pictures in items", |n| {
        format!(
            "# W\n\n## Japan\n\n{}",
            repeated("### A\n\n![](a.png)\n\nb\n\n", n)
        )
    }),
    ("references", |n| {
        by_hand(&numbered(n, |at| {
            format!("[r{at}]: http://a.example/\n\n[r{at}]\n\n")
        }))
    }),
];

pub(crate) const DIGESTS: &[Shape] = &[
    ("bylines", |n| repeated("By By By\n", n)),
    ("dates", |n| repeated("March 8, 2019\n", n)),
    ("empty lines", |n| repeated("\n", n)),
    ("one line of spaces", |n| {
        format!("A b\n\n{}\n\nc\n", repeated(" ", n))
    }),
    ("an address and what closes it", |n| {
        format!("A b\n\nhttp://a.example/{}\n\n\n", repeated(")", n))
    }),
    ("bars behind a date", |n| {
        format!("A b\n\nMarch 8, 2019 {}\n\n\n", repeated("|", n))
    }),
    ("headings", |n| {
        numbered(n, |at| format!("Head {at}\n\n\nb\n\nc.\n\n\n"))
    }),
];

pub(crate) const MAILS: &[Shape] = &[
    ("parameters", |n| {
        let parameters = numbered(n, |at| format!("a{at:06}*0*=''; "));
        mail(&format!("Content-Type: text/plain; {parameters}"), "x")
    }),
    ("parameters on lines of their own", |n| {
        let parameters = numbered(n, |at| format!("\r\n a{at:06}=b;"));
        mail(&format!("Content-Type: text/plain;{parameters}"), "x")
    }),
    ("mails in mails", |n| {
        let nested = repeated("Content-Type: message/rfc822\r\n\r\n", n);
        format!("From: a@b.example\r\nSubject: W\r\n{nested}")
    }),
    ("parts in parts", |n| {
        let nested = numbered(n, |at| {
            format!("Content-Type: multipart/mixed; boundary=a{at}\r\n\r\n--a{at}\r\n")
        });
        format!("From: a@b.example\r\nSubject: W\r\n{nested}")
    }),
    ("pages that are parts of a mail", |n| {
        let part = format!(
            "--x\r\nContent-Type: text/html\r\n\r\n{}\r\n",
            repeated("<p>a</p>", 500)
        );
        mail(
            "Content-Type: multipart/mixed; boundary=x",
            &repeated(&part, n),
        )
    }),
    ("words that begin and never end", |n| {
        let subject = repeated("=?utf-8?q?", n);
        format!("From: a@b.example\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n\r\nx\r\n")
    }),
];

pub(crate) const ARCHIVES: &[Shape] = &[
    ("an archive of letters", |n| {
        numbered(n, |at| {
            format!("{FROM_LINE}Subject: Number {at}\n\nA text of it.\n\n")
        })
    }),
    ("an archive of newsletters", |n| {
        numbered(n, |at| {
            format!(
                "{FROM_LINE}Subject: Number {at}\nMIME-Version: 1.0\nContent-Type: text/html\n\n<h2>A</h2><p>b</p>\n\n"
            )
        })
    }),
];

pub(crate) const FROM_LINE: &str = "From a@b.example Fri Nov  6 09:00:00 2026\nFrom: a@b.example\nDate: Fri, 6 Nov 2026 09:00:00 +0000\n";

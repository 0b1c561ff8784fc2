//! Digest pages: what each rule of design.md makes of a text, what the sample pages hold, and what is true of
//! every page.

mod charsets;
mod checked;
mod corpora;
mod dates;
mod entries;
mod entry_dates;
mod fronts;
mod furniture;
mod growth;
mod hand;
mod headings;
mod hostile;
mod kept;
mod kinds;
mod labels;
mod layouts;
mod mails;
mod mended;
mod moments;
mod pictures;
mod properties;
mod publishers;
mod rows;
mod rules;
mod samples;
mod shapes;
mod single;
mod single_stories;
mod structure;
mod systems;
mod twice_read;
mod underlined;

use tidings_core::item::Draft;
use tidings_reader::{Document, Layout, Page, Rules, Unreadable};

use crate::harness::moment;

/// Headings that the configuration of these tests knows.
const KNOWN: [&str; 4] = ["us-nk", "US-NK Relations", "Japan", "남북관계"];

const FOOTER: &str = "Hanbit Weekly is funded by";

fn rules(layout: Layout) -> Rules {
    Rules::new(layout, KNOWN, [FOOTER])
}

fn parse(layout: Layout, name: &str, bytes: impl AsRef<[u8]>) -> Result<Page, Unreadable> {
    let document = Document {
        name: name.to_owned(),
        bytes: bytes.as_ref().to_vec(),
        seen: moment("2026-11-21T12:00[UTC]"),
        ..Document::default()
    };
    tidings_reader::parse(&document, &rules(layout))
}

/// An item in a line: `[heading] title (date) <link> / paragraph / paragraph`.
fn show(draft: &Draft) -> String {
    let mut line = String::new();
    if let Some(heading) = &draft.heading {
        line.push_str(&format!("[{heading}] "));
    }
    line.push_str(&draft.title);
    if let Some(published) = draft.published {
        line.push_str(&format!(" ({published})"));
    }
    if let Some(link) = &draft.link {
        line.push_str(&format!(" <{link}>"));
    }
    for paragraph in draft.summary.split("\n\n").filter(|p| !p.is_empty()) {
        line.push_str(&format!(" / {paragraph}"));
    }
    line
}

fn outcome(layout: Layout, name: &str, bytes: impl AsRef<[u8]>) -> String {
    match parse(layout, name, bytes) {
        Ok(page) => page.drafts.iter().map(|draft| show(draft) + "\n").collect(),
        Err(unreadable) => format!("{unreadable}\n"),
    }
}

/// Text as it stands in a test: indented, and begun on a line of its own. Blank lines count.
fn dedent(text: &str) -> String {
    let text = text.strip_prefix('\n').unwrap_or(text);
    let lines = text.split('\n').map(|line| line.trim_matches(' '));
    lines.collect::<Vec<_>>().join("\n")
}

/// A page, and the items that must come out of it, one in a line.
#[track_caller]
fn check(page: &str, expected: &str) {
    let got = outcome(Layout::Double, "page.txt", dedent(page));
    assert_eq!(got.trim(), dedent(expected).trim());
}

/// The same with `layout = "single"`.
#[track_caller]
fn check_single(page: &str, expected: &str) {
    let got = outcome(Layout::Single, "page.txt", dedent(page));
    assert_eq!(got.trim(), dedent(expected).trim());
}

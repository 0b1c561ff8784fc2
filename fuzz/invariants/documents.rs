//! Documents, as if they had come over the web.

use tidings_core::bounds::{ADDRESS_LENGTH, PICTURE_LENGTH, STEPS, STEPS_A_BYTE};
use tidings_core::item::{Draft, Published};
use tidings_reader::{Document, Layout, Page, Rules};
use url::Url;

/// How much more text an item may have than its document: a charset's byte may become three, and a title may be
/// said again in a summary.
const GROWTH: usize = 8;

/// Bytes of one kind of document; others aren't read by it.
pub(super) fn hold(kind: &str, bytes: &[u8]) {
    if tidings_reader::kind_of(bytes) != Some(kind) {
        return;
    }
    let document = Document {
        name: "fuzzed".to_owned(),
        bytes: bytes.to_vec(),
        address: Url::parse("https://news.example/").ok(),
        ..Document::default()
    };
    for layout in [Layout::Double, Layout::Single] {
        let rules = Rules::new(layout, ["Japan", "Economy"], ["The end"]);
        let (read, steps) = tidings_reader::parse_counted(&document, &rules);
        let most = STEPS.most + STEPS_A_BYTE.most * bytes.len();
        // One more step than there may be is taken, and it may be a long one.
        assert!(
            steps <= 2 * most as u64 + 1_000_000,
            "{steps} steps of {most}"
        );
        assert!(
            tidings_reader::parse(&document, &rules) == read,
            "it reads otherwise the second time"
        );
        match read {
            Ok(page) => whole(&page, kind, bytes),
            Err(wrong) => {
                let said = wrong.to_string();
                assert!(!said.is_empty() && said.len() < 1_000, "{said}");
                assert!(!said.contains("{$"), "{said}");
            }
        }
        if kind != "digest" {
            break;
        }
    }
}

fn whole(page: &Page, kind: &str, bytes: &[u8]) {
    // A feed may be empty; what has entries says what became of them.
    let is_empty_feed = kind == "feed" && page.unread.of == 0;
    assert!(!page.drafts.is_empty() || page.trouble.is_some() || is_empty_feed);
    // Of what is laid out, lines are counted as a reader sees them.
    let lines = match kind {
        "digest" | "markdown" => 2 + lines(bytes),
        _ => usize::MAX,
    };
    let texts = page
        .drafts
        .iter()
        .map(|draft| draft.title.len() + draft.summary.len());
    assert!(
        texts.clone().max().unwrap_or_default() <= GROWTH * bytes.len() + 1_000,
        "more text than there was"
    );
    for draft in &page.drafts {
        draft_is_whole(draft, lines);
    }
    let unread = &page.unread;
    assert!(unread.lines.is_sorted(), "{unread:?}");
    assert!(
        unread.lines.iter().all(|line| (*line as usize) <= lines),
        "{unread:?}"
    );
    assert!(
        unread.lines.len() <= unread.of || unread.of == 0,
        "{unread:?}"
    );
}

/// Whatever is the end of a line anywhere, counted once each.
fn lines(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .filter(|byte| matches!(byte, b'\n' | b'\r'))
        .count()
}

fn draft_is_whole(draft: &Draft, lines: usize) {
    let Draft { title, summary, .. } = draft;
    assert!(draft.is_wordless || !title.trim().is_empty(), "{draft:?}");
    assert!(!title.contains(['\n', '\r', '\t', '\0']), "{draft:?}");
    assert_eq!(title.trim(), title);
    assert_eq!(summary.trim(), summary);
    assert!(
        !summary.contains("\n\n\n") && !summary.contains('\0'),
        "{draft:?}"
    );
    assert!(
        draft.line as usize <= lines,
        "line {} of {lines}",
        draft.line
    );
    if let Some(link) = &draft.link {
        let address = Url::parse(link);
        let is_web = address.is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        assert!(is_web && link.len() <= ADDRESS_LENGTH.most, "{link}");
    }
    if let Some(picture) = &draft.picture {
        let address = Url::parse(picture);
        let is_web = address.is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        assert!(is_web && picture.len() <= PICTURE_LENGTH.most, "{picture}");
    }
    if let Some(published) = draft.published {
        let read = Published::parse(&published.to_string());
        assert_eq!(read, Ok(published));
    }
}

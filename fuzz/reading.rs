//! What has to hold for whatever a parser makes of any bytes.

use tidings::documents::{self, Document, Layout, Rules};

/// Reads bytes as a document of one kind, as if they had come over the web.
///
/// # Panics
/// If what was read isn't what every part behind the parsers relies on.
pub fn read(kind: &str, bytes: &[u8]) {
    let Some(kind) = documents::ALL.iter().find(|known| known.name == kind) else {
        panic!("there is no kind {kind}");
    };
    let document = Document {
        name: "fuzzed".to_owned(),
        bytes: bytes.to_vec(),
        address: "https://news.example/".parse().ok(),
        ..Document::default()
    };
    let rules = Rules::new(Layout::Double, ["Japan", "Economy"], ["The end"]);
    let Ok(page) = (kind.parse)(&document, &rules) else {
        return;
    };
    for draft in page.drafts {
        assert!(!draft.title.is_empty() && !draft.title.contains('\n'), "{draft:?}");
        let is_web = |link: &String| link.starts_with("http://") || link.starts_with("https://");
        assert!(draft.link.as_ref().is_none_or(is_web), "{draft:?}");
    }
}

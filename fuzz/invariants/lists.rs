//! Lists of sources (OPML).

use tidings::ingest::web::opml;

/// A list as it comes; and a well-formed one of whatever names and addresses stand on its lines, of which none is lost.
pub(super) fn hold(bytes: &[u8]) {
    let read = opml::read(bytes.to_vec());
    assert_eq!(read, opml::read(bytes.to_vec()));
    if let Ok(list) = read {
        whole(&list);
        again(&list);
    }
    let text = String::from_utf8_lossy(bytes);
    let wanted: Vec<String> = text
        .lines()
        .map(plain)
        .filter(|line| !line.is_empty())
        .take(200)
        .collect();
    let outlines = wanted.iter().map(|line| {
        let escaped = escape(line);
        format!("<outline text=\"{escaped}\" xmlUrl=\"{escaped}\"/>")
    });
    let list = opml::read(written(outlines)).expect("a well-formed list");
    whole(&list);
    assert_eq!(
        list.outlines.len() + list.left_out.len(),
        wanted.len(),
        "an address is lost: {list:?} of {wanted:?}"
    );
}

fn whole(list: &opml::List) {
    for outline in &list.outlines {
        assert!(matches!(outline.url.scheme(), "http" | "https") && outline.url.has_host());
        assert!(
            !outline.name.is_empty() && !outline.name.contains(char::is_control),
            "{outline:?}"
        );
        assert!(
            outline
                .groups
                .iter()
                .all(|group| !group.contains(char::is_control))
        );
    }
    assert!(
        list.left_out
            .iter()
            .all(|left| !left.is_empty() && !left.contains(char::is_control))
    );
}

/// What was read, written and read again, is the same.
fn again(list: &opml::List) {
    let outlines = list.outlines.iter().map(|outline| {
        let key = if outline.is_feed { "xmlUrl" } else { "url" };
        let (name, url) = (escape(&outline.name), escape(outline.url.as_str()));
        format!("<outline text=\"{name}\" {key}=\"{url}\"/>")
    });
    let read = opml::read(written(outlines)).expect("a well-formed list");
    let urls = |list: &opml::List| -> Vec<String> {
        list.outlines
            .iter()
            .map(|outline| outline.url.to_string())
            .collect()
    };
    assert_eq!(urls(list), urls(&read));
}

fn written(outlines: impl Iterator<Item = String>) -> Vec<u8> {
    let body: String = outlines.collect();
    format!("<opml version=\"2.0\"><body>{body}</body></opml>").into_bytes()
}

/// A line without what XML can't hold, and without what says nothing.
fn plain(line: &str) -> String {
    let letters = line
        .chars()
        .filter(|c| c.is_ascii_graphic() || c.is_alphanumeric());
    letters.take(500).collect()
}

fn escape(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    escaped.replace('>', "&gt;").replace('"', "&quot;")
}

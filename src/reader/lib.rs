//! Documents become drafts: one list of kinds, one file a format. Pure: bytes in, drafts out, no
//! clock, no file, no store. What kind it is, the bytes say, whatever a server or a name claims; a name tells Markdown
//! from other text only, which the same bytes may be.
//!
//! To add a kind, write its file and add its row to [`ALL`].

pub mod charset;
pub mod dates;
mod document;
pub mod feed;
pub mod html;
mod lexicon;
mod limits;
mod mail;
mod markdown;
mod pictures;
mod rules;
mod text;

use std::path::Path;

use memchr::memchr2_iter;

use document::LOOKED_AT;
use limits::{bounds, steps, work};

pub use document::{Document, DocumentKind, Page, Reason, Unread, Unreadable, WEB_BEGAN};
pub use feed::repair::mended_xml;
pub use limits::work::{bounded, on_own_stack};
pub use rules::{Known, Layout, Rules, Selectors};

/// Every kind of document, the most particular first.
pub const ALL: &[DocumentKind] = &[
    feed::KIND,
    mail::KIND,
    html::page::KIND,
    markdown::KIND,
    text::digest::KIND,
];

/// What kind of document the bytes are, whatever anybody claims. (Text that is named as Markdown is Markdown by fewer
/// marks: [`parse`] asks its name as well.)
pub fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    ALL.iter()
        .find(|kind| (kind.claims)(bytes))
        .map(|kind| kind.name)
}

/// Whether the bytes are a list of sources. It looks like a web page to whoever doesn't know it.
pub fn is_opml(bytes: &[u8]) -> bool {
    charset::root_of(bytes).is_some_and(|root| root.eq_ignore_ascii_case("opml"))
}

/// Whether a document of markup stops before its root does. A page may leave that out; a feed may not.
pub fn is_cut(bytes: &[u8]) -> bool {
    let end = &bytes[bytes.len().saturating_sub(LOOKED_AT)..];
    let end = String::from_utf8_lossy(end)
        .replace('\0', "")
        .to_ascii_lowercase();
    match kind_of(bytes) {
        Some("feed") if !bytes.trim_ascii_start().starts_with(b"{") => !["rss>", "feed>", "rdf>"]
            .iter()
            .any(|root| end.contains(root)),
        Some("page") => !end.contains("</html>"),
        _ => false,
    }
}

/// Reads a document as the first kind that claims it. Between Markdown and other text a name decides as well: one mark
/// is enough in what is called so.
///
/// # Errors
/// [`Unreadable`] with line and reason.
pub fn parse(document: &Document, rules: &Rules) -> Result<Page, Unreadable> {
    if is_opml(&document.bytes) {
        return Err(Unreadable {
            line: 1,
            reason: Reason::Opml,
        });
    }
    let kind = claimed(document, rules)?;
    bounds::check_pieces(document)?;
    // Marks behind the page's end say nothing of what stands before it.
    let cut = (kind.name == markdown::KIND.name)
        .then(|| markdown::before_stop(document, rules))
        .flatten();
    let (kind, document) = match &cut {
        Some(cut) => (claimed(cut, rules)?, cut),
        None => (kind, document),
    };
    let mut page = work::bounded(document, || (kind.parse)(document, rules))?;
    // A feed's entries were counted before it was read.
    if kind.name != feed::KIND.name {
        bounds::check_items(document.bytes.len(), page.drafts.len())?;
    }
    for draft in &mut page.drafts {
        drop_invisible(&mut draft.title);
        drop_invisible(&mut draft.summary);
    }
    match rules.most_items() {
        Some(most) if page.drafts.len() > most => Err(Unreadable {
            line: 0,
            reason: Reason::TooManyItems(page.drafts.len(), most),
        }),
        _ => Ok(page),
    }
}

/// The kind that claims a document, or is called so. What an operator calls a digest of a layout is one, where nothing but
/// its addresses speaks against that.
fn claimed(document: &Document, rules: &Rules) -> Result<&'static DocumentKind, Unreadable> {
    let kind = ALL
        .iter()
        .find(|kind| (kind.claims)(&document.bytes))
        .ok_or(Unreadable {
            line: 1,
            reason: Reason::UnknownKind,
        })?;
    let is_digest = || {
        kind.name == markdown::KIND.name
            && rules.layout() == Layout::Single
            && markdown::may_be_digest(document)
    };
    let kind = if is_digest() {
        &text::digest::KIND
    } else {
        kind
    };
    Ok(match kind.name {
        name if name == text::digest::KIND.name && markdown::is_called_so(document) => {
            &markdown::KIND
        }
        _ => kind,
    })
}

/// Takes out of a text what nobody sees and no search finds a word across: places where a line may break (U+200B)
/// and marks of the order of bytes (U+FEFF).
fn drop_invisible(text: &mut String) {
    const INVISIBLE: [char; 2] = ['\u{200B}', '\u{FEFF}'];
    // Their last bytes are rare, and found much sooner than characters are told apart.
    let bytes = text.as_bytes();
    let is_one = |end: usize| {
        let start = end.saturating_sub(2);
        matches!(bytes[start..=end], [0xE2, 0x80, 0x8B] | [0xEF, 0xBB, 0xBF])
    };
    if memchr2_iter(0x8B, 0xBF, bytes).any(is_one) {
        text.retain(|c| !INVISIBLE.contains(&c));
        let trimmed = text.trim();
        if trimmed.len() < text.len() {
            *text = trimmed.to_owned();
        }
    }
}

/// Reads a document, and says how many steps it took.
///
/// # Errors
/// As for [`parse`].
pub fn parse_counted(document: &Document, rules: &Rules) -> (Result<Page, Unreadable>, u64) {
    steps::within(u64::MAX, || parse(document, rules))
}

/// Whether a folder's file has an extension that some kind goes by.
pub fn has_known_extension(path: &Path) -> bool {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("");
    ALL.iter()
        .flat_map(|kind| kind.extensions)
        .any(|known| known.eq_ignore_ascii_case(extension))
}

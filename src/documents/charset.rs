//! Bytes to text, in whatever encoding a server, a mark, or the document itself says.

use encoding_rs::{Encoding, UTF_8};

use super::{Document, Reason, Unreadable};

/// How much of a document is searched for what it says of its own encoding, in bytes
/// (<https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding>).
const PRESCAN: usize = 1_024;

/// The text of a document of markup: by its mark, else by the server's word, else by its own declaration, else as
/// UTF-8. What isn't valid there is replaced: one broken letter mustn't cost a whole feed.
///
/// # Errors
/// [`Reason::Nul`] for what isn't text at all.
pub fn decode(document: &Document) -> Result<String, Unreadable> {
    let bytes = &document.bytes;
    let encoding = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let told = || document.charset.as_deref().and_then(label);
    let encoding = encoding.or_else(told).or_else(|| declared(bytes));
    let (text, _, _) = encoding.unwrap_or(UTF_8).decode(bytes);
    if text.contains('\0') {
        return Err(Unreadable {
            line: 0,
            reason: Reason::Nul,
        });
    }
    Ok(text.into_owned())
}

fn label(name: &str) -> Option<&'static Encoding> {
    Encoding::for_label(name.trim().trim_matches(['"', '\'']).as_bytes())
}

/// What an XML declaration or a `meta` element says.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = &bytes[..bytes.len().min(PRESCAN)];
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let value = |key: &str| {
        let at = start.find(key)? + key.len();
        let rest = start[at..].trim_start().strip_prefix('=')?.trim_start();
        let rest = rest.trim_start_matches(['"', '\'']);
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c)));
        label(&rest[..end.unwrap_or(rest.len())])
    };
    let xml = start.trim_start().starts_with("<?xml");
    let own = if xml {
        value("encoding")
    } else {
        value("charset")
    };
    own.filter(|encoding| !encoding.name().starts_with("UTF-16"))
}

//! Bytes to text, in whatever encoding a server, a mark, or the document itself says.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
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
    let mark = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let told = || document.charset.as_deref().and_then(label);
    let encoding = mark.or_else(told).or_else(|| declared(bytes));
    let encoding = match encoding {
        // Servers say the same of everything that they serve; other encodings hardly ever make valid UTF-8.
        Some(encoding) if mark.is_none() && encoding != UTF_8 && is_utf8(bytes) => UTF_8,
        Some(encoding) => encoding,
        None => guessed(bytes),
    };
    let (text, _, _) = encoding.decode(bytes);
    if text.contains('\0') {
        return Err(Unreadable {
            line: 0,
            reason: Reason::Nul,
        });
    }
    Ok(text.into_owned())
}

fn is_utf8(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok()
}

/// The encoding of a document that nobody says it of: UTF-8, if it is valid or nearly so, else what its bytes look like.
fn guessed(bytes: &[u8]) -> &'static Encoding {
    let (text, _, broken) = UTF_8.decode(bytes);
    let letters = || text.chars().filter(|c| !c.is_ascii()).count();
    let lost = || text.matches('\u{FFFD}').count();
    // One broken letter is no other encoding.
    if !broken || lost() * 10 < letters() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
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

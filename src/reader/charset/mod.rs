//! Bytes to text, in whatever encoding a server, a mark, or the document itself says.

mod seven_bits;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, ISO_2022_JP, ISO_8859_2, ISO_8859_15, KOI8_R, KOI8_U,
    SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252,
    WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};
use memchr::{memchr, memchr_iter, memmem};

use crate::document::{Document, Reason, Unreadable};
use crate::limits::bounds;
use tidings_core::bounds::GUESSED_BY;

/// How much of a document is searched for what it says of its own encoding, in bytes
/// (<https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding>).
const PRESCAN: usize = 1_024;

/// Of so many characters one may be a NUL in a document of markup; more of them aren't a broken letter.
const NULS: usize = 100;

/// The text of a document, in whatever encoding it is: one letter that isn't valid there is replaced, and what isn't a
/// character left out: one broken letter mustn't cost a whole feed.
///
/// # Errors
/// [`Reason::Nul`] for what isn't text at all.
pub fn decode(document: &Document) -> Result<Cow<'_, str>, Unreadable> {
    let text = text_of(&document.bytes, document.charset.as_deref());
    bounds::check_decoded(document, &text)?;
    match memchr_iter(0, text.as_bytes()).count() {
        0 => Ok(text),
        nuls if nuls <= text.len() / NULS => Ok(Cow::Owned(text.replace('\0', ""))),
        _ => Err(Unreadable {
            line: 0,
            reason: Reason::Nul,
        }),
    }
}

/// Bytes as text: by their mark, else by the word of whoever brought them (a server, a mailer), else by their own
/// declaration, else by what they look like. What the bytes contradict is no word.
pub(crate) fn text_of<'b>(bytes: &'b [u8], told: Option<&str>) -> Cow<'b, str> {
    let mark = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    if let Some(mark) = mark.or_else(|| wide(bytes)) {
        return mark.decode(bytes).0;
    }
    let told = told.and_then(label);
    let own = declared(bytes);
    let strong = told.filter(|word| !is_careless(*word));
    if let Some(text) = [strong, own]
        .into_iter()
        .flatten()
        .find_map(|word| by_word(bytes, word))
    {
        return text;
    }
    match std::str::from_utf8(bytes) {
        Ok(_) if is_escaped(bytes, b"\x1B$)C") => Word::Iso2022Kr.decode(bytes),
        Ok(_) if is_escaped(bytes, b"\x1B$B") || is_escaped(bytes, b"\x1B$@") => {
            ISO_2022_JP.decode_without_bom_handling(bytes).0
        }
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            let guess = guessed(bytes);
            // Latin letters stand among many that are ASCII.
            let is_latin =
                matches!(told, Some(Word::Latin1)) && guess != UTF_8 && mostly_ascii(bytes);
            let encoding = if is_latin { WINDOWS_1252 } else { guess };
            encoding.decode_without_bom_handling(bytes).0
        }
    }
}

/// The text, where somebody's word of its encoding is right. A mark of the bytes' own says it better.
pub(crate) fn as_told<'b>(bytes: &'b [u8], told: &str) -> Option<Cow<'b, str>> {
    match Encoding::for_bom(bytes) {
        Some(_) => None,
        None => by_word(bytes, label(told)?),
    }
}

/// What somebody says that an encoding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// One that browsers know, by its name or another one.
    Known(&'static Encoding),
    /// US-ASCII: what programs say that know nothing of encodings.
    Ascii,
    /// ISO 8859-1: what servers say of everything.
    Latin1,
    /// Korean in seven bits (RFC 1557).
    Iso2022Kr,
    /// Chinese in seven bits (RFC 1843).
    Hz,
    /// Unicode in seven bits (RFC 2152).
    Utf7,
}

/// Programs say these of what they haven't looked at.
fn is_careless(word: Word) -> bool {
    matches!(word, Word::Ascii | Word::Latin1)
}

/// The text by somebody's word, unless the bytes contradict it.
fn by_word<'b>(bytes: &'b [u8], word: Word) -> Option<Cow<'b, str>> {
    let encoding = match word {
        Word::Known(encoding) => encoding,
        Word::Latin1 => WINDOWS_1252,
        Word::Ascii | Word::Iso2022Kr | Word::Hz | Word::Utf7 => {
            return bytes.is_ascii().then(|| word.decode(bytes));
        }
    };
    // What is announced in seven bits is no other encoding.
    if encoding != ISO_2022_JP && is_escaped(bytes, b"\x1B$") && bytes.is_ascii() {
        return None;
    }
    let utf8 = std::str::from_utf8(bytes);
    if encoding == UTF_8 {
        return utf8.ok().map(Cow::Borrowed);
    }
    if [UTF_16LE, UTF_16BE].contains(&encoding) && memchr(0, bytes).is_none() {
        return None;
    }
    // Servers say the same of everything that they serve; hardly any text in another encoding is valid UTF-8 as well.
    if let Ok(text) = utf8
        && !text.is_ascii()
        && text
            .chars()
            .filter(|c| !c.is_ascii())
            .nth(if encoding.is_single_byte() { 0 } else { FEW })
            .is_some()
    {
        return None;
    }
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    (!broken || !is_spoilt(&text)).then_some(text)
}

impl Word {
    /// Bytes in seven bits as text.
    fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        let owned = |bytes: Vec<u8>, encoding: &'static Encoding| {
            Cow::Owned(encoding.decode_without_bom_handling(&bytes).0.into_owned())
        };
        match self {
            Word::Iso2022Kr => owned(seven_bits::korean(bytes), EUC_KR),
            Word::Hz => owned(seven_bits::chinese(bytes), GB18030),
            Word::Utf7 => Cow::Owned(seven_bits::unicode(bytes)),
            Word::Known(encoding) => encoding.decode_without_bom_handling(bytes).0,
            Word::Ascii | Word::Latin1 => WINDOWS_1252.decode_without_bom_handling(bytes).0,
        }
    }
}

/// So many letters of Korean, Chinese or Japanese may be valid UTF-8 by chance; where each is one byte, none is.
const FEW: usize = 7;

/// Whether so many letters are broken that the encoding is another one.
fn is_spoilt(text: &str) -> bool {
    let letters = text.chars().filter(|c| !c.is_ascii()).count();
    text.matches('\u{FFFD}').count() * 10 >= letters
}

/// Whether most letters are ASCII, as in languages that are written in Latin letters.
fn mostly_ascii(bytes: &[u8]) -> bool {
    let letters = bytes
        .iter()
        .filter(|byte| byte.is_ascii_alphabetic())
        .count();
    letters > bytes.iter().filter(|byte| !byte.is_ascii()).count()
}

/// Whether letters of another script are announced in seven bits.
fn is_escaped(bytes: &[u8], announced: &[u8]) -> bool {
    memchr(0x1B, bytes).is_some() && memmem::find(bytes, announced).is_some()
}

/// UTF-16, where markup begins in it without a mark (<https://www.w3.org/TR/xml/#sec-guessing-no-ext-info>).
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<', 0, next, 0, ..] if *next != 0 => Some(UTF_16LE),
        [0, b'<', 0, next, ..] if *next != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// How much of a document is looked at to find out what it is, in bytes.
const LOOKED_AT: usize = 4_096;

/// The beginning of a document of markup, behind its comments and declarations, as far as it is ASCII, in whatever
/// width: enough to tell what kind it is.
pub(crate) fn beginning(bytes: &[u8]) -> Cow<'_, str> {
    let is_wide = Encoding::for_bom(bytes).is_some_and(|(encoding, _)| encoding != UTF_8)
        || wide(bytes).is_some();
    let bytes = if is_wide { bytes } else { behind_prolog(bytes) };
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOKED_AT)]);
    if is_wide {
        Cow::Owned(text.replace('\0', ""))
    } else {
        text
    }
}

/// What the root element of a document of markup is called; `None` where a document begins otherwise.
pub(crate) fn root_of(bytes: &[u8]) -> Option<String> {
    let is_blank =
        |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | 0xBB | 0xBF | 0xEF..);
    // Most documents aren't markup: they aren't looked at any further.
    if bytes.iter().find(|byte| !is_blank(byte)) != Some(&b'<') {
        return None;
    }
    let start = beginning(bytes);
    let mut rest =
        start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}' || c == '\u{FFFD}');
    while let Some(declared) = rest.strip_prefix("<!").or_else(|| rest.strip_prefix("<?")) {
        rest = declared.split_once('>')?.1.trim_start();
    }
    let name = rest.strip_prefix('<')?;
    let end = name.find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
    Some(name[..end].to_owned())
}

/// What stands behind comments, declarations and a document type that is longer than a name.
fn behind_prolog(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    loop {
        rest = rest.trim_ascii_start();
        let subset = || {
            let start = &rest[..rest.len().min(LOOKED_AT)];
            let opens = memmem::find(start, b"[")?;
            memchr(b'>', &start[..opens]).is_none().then_some(())
        };
        let end: &[u8] = if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<?") {
            b"?>"
        } else if rest.starts_with(b"<!DOCTYPE") && subset().is_some() {
            b"]>"
        } else {
            return rest;
        };
        match memmem::find(rest, end) {
            Some(at) => rest = &rest[at + end.len()..],
            None => return rest,
        }
    }
}

/// The encoding of a document that nobody says it of: UTF-8, if it is valid or nearly so, else what its bytes look like.
fn guessed(bytes: &[u8]) -> &'static Encoding {
    // One broken letter is no other encoding.
    if !is_spoilt_utf8(bytes) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let enough = enough_to_guess(bytes);
    detector.feed(&bytes[..enough], enough == bytes.len());
    detector.guess(None, Utf8Detection::Deny)
}

/// [`is_spoilt`] of bytes as UTF-8, without a text being made of them.
fn is_spoilt_utf8(bytes: &[u8]) -> bool {
    let (mut letters, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid();
        letters += valid.chars().filter(|c| !c.is_ascii()).count();
        broken += valid.matches('\u{FFFD}').count() + usize::from(!chunk.invalid().is_empty());
        letters += usize::from(!chunk.invalid().is_empty());
    }
    broken * 10 >= letters
}

/// How many of a document's bytes have so many letters that aren't ASCII that its encoding shows.
fn enough_to_guess(bytes: &[u8]) -> usize {
    let mut letters = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| !byte.is_ascii());
    let last = letters.nth(GUESSED_BY.most);
    last.map_or(bytes.len(), |(at, _)| at)
}

/// What programs call encodings that browsers know by other names.
const ALIASES: &[(&str, &Encoding)] = &[
    ("949", EUC_KR),
    ("uhc", EUC_KR),
    ("euckr", EUC_KR),
    ("ksc56011987", EUC_KR),
    ("ksx1001", EUC_KR),
    ("932", SHIFT_JIS),
    ("942", SHIFT_JIS),
    ("943", SHIFT_JIS),
    ("shiftjis", SHIFT_JIS),
    ("shiftjisx0213", SHIFT_JIS),
    ("shiftjis2004", SHIFT_JIS),
    ("eucjp", EUC_JP),
    ("eucjpms", EUC_JP),
    ("ujis", EUC_JP),
    ("iso2022jp1", ISO_2022_JP),
    ("iso2022jp2", ISO_2022_JP),
    ("iso2022jp3", ISO_2022_JP),
    ("iso2022jpms", ISO_2022_JP),
    ("50220", ISO_2022_JP),
    ("50221", ISO_2022_JP),
    ("50222", ISO_2022_JP),
    ("936", GB18030),
    ("euccn", GB18030),
    ("gb2312", GB18030),
    ("gbk", GB18030),
    ("gb180302005", GB18030),
    ("54936", GB18030),
    ("950", BIG5),
    ("951", BIG5),
    ("big5", BIG5),
    ("big5hkscs", BIG5),
    ("big5eten", BIG5),
    ("874", WINDOWS_874),
    ("tis620", WINDOWS_874),
    ("65001", UTF_8),
    ("utf8mb4", UTF_8),
    ("utf8mb3", UTF_8),
    ("utf8", UTF_8),
    ("1250", WINDOWS_1250),
    ("1251", WINDOWS_1251),
    ("1252", WINDOWS_1252),
    ("1253", WINDOWS_1253),
    ("1254", WINDOWS_1254),
    ("1255", WINDOWS_1255),
    ("1256", WINDOWS_1256),
    ("1257", WINDOWS_1257),
    ("1258", WINDOWS_1258),
    ("20866", KOI8_R),
    ("21866", KOI8_U),
    ("latin2", ISO_8859_2),
    ("latin9", ISO_8859_15),
    ("28605", ISO_8859_15),
];

/// What programs put before the number or the name of an encoding.
const VENDORS: [&str; 8] = ["x", "cs", "windows", "win", "ms", "cp", "ibm", "codepage"];

/// The encoding that is called so, in whatever spelling.
fn label(name: &str) -> Option<Word> {
    let name = name.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    let mut bare: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    match bare.as_str() {
        "usascii" | "ascii" | "ansix341968" | "iso646us" | "646" | "csascii" => {
            return Some(Word::Ascii);
        }
        "iso88591" | "latin1" | "l1" | "isolatin1" | "csisolatin1" | "88591" | "iso885911987"
        | "28591" => {
            return Some(Word::Latin1);
        }
        "iso2022kr" | "csiso2022kr" | "50225" => return Some(Word::Iso2022Kr),
        "hzgb2312" | "hz" | "52936" => return Some(Word::Hz),
        "utf7" | "unicode11utf7" | "csunicode11utf7" | "65000" => return Some(Word::Utf7),
        _ => {}
    }
    if let Some(known) = Encoding::for_label_no_replacement(name.as_bytes()) {
        return Some(Word::Known(known));
    }
    loop {
        if let Some((_, encoding)) = ALIASES.iter().find(|(alias, _)| *alias == bare) {
            return Some(Word::Known(encoding));
        }
        let rest = VENDORS
            .iter()
            .find_map(|vendor| bare.strip_prefix(vendor))?;
        bare = rest.to_owned();
    }
}

/// What an XML declaration or a `meta` element says.
fn declared(bytes: &[u8]) -> Option<Word> {
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
    own.filter(
        |word| !matches!(word, Word::Known(encoding) if encoding.name().starts_with("UTF-16")),
    )
}

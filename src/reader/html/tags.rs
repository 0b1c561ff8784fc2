//! The markup that nearly all titles and summaries are made of: tags and a few entities. It means here what it means to
//! a tokenizer of HTML (<https://html.spec.whatwg.org/multipage/parsing.html#tokenization>), at a tenth of the price;
//! whatever else there is in HTML is left to one.

use memchr::memchr2;

/// Elements whose text nobody reads.
pub(crate) const UNREAD: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "iframe", "object", "select", "button",
    "head", "math",
];

/// Elements that stand on lines of their own.
pub(crate) const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// The level of the headings that an element's name is for.
pub(crate) fn level(name: &str) -> Option<u8> {
    let digit = name.strip_prefix('h')?;
    digit.parse().ok().filter(|level| (1..=6).contains(level))
}

/// A piece of simple markup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Simple<'t> {
    /// Text as it is written.
    Text(&'t str),
    /// A character that was written as an entity.
    Char(char),
    /// The name of an element that begins, as it is written.
    Start(&'t str),
    /// The name of one that ends.
    End(&'t str),
}

/// Something that isn't simple.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotSimple;

/// Calls for each token in turn, as long as all is simple.
pub(crate) fn each_token<'t>(
    markup: &'t str,
    mut token: impl FnMut(Simple<'t>) -> Result<(), NotSimple>,
) -> Result<(), NotSimple> {
    let mut rest = markup;
    while let Some(at) = memchr2(b'<', b'&', rest.as_bytes()) {
        if at > 0 {
            token(Simple::Text(&rest[..at]))?;
        }
        let (mark, behind) = rest[at..].split_at(1);
        let length = match (mark, behind.bytes().next()) {
            ("<", Some(byte)) if byte.is_ascii_alphabetic() => {
                let (name, length) = tag(behind)?;
                token(Simple::Start(name))?;
                length
            }
            ("<", Some(b'/')) if behind[1..].starts_with(|c: char| c.is_ascii_alphabetic()) => {
                let (name, length) = tag(&behind[1..])?;
                token(Simple::End(name))?;
                length + 1
            }
            ("<", Some(b'/' | b'!' | b'?')) => return Err(NotSimple),
            ("&", Some(byte)) if byte == b'#' || byte.is_ascii_alphanumeric() => {
                let (c, length) = entity(behind).ok_or(NotSimple)?;
                token(Simple::Char(c))?;
                length
            }
            _ => {
                token(Simple::Text(mark))?;
                0
            }
        };
        rest = &behind[length..];
    }
    if rest.is_empty() {
        Ok(())
    } else {
        token(Simple::Text(rest))
    }
}

/// The name of a tag, and how long the tag is from its name to its end.
fn tag(text: &str) -> Result<(&str, usize), NotSimple> {
    let bytes = text.as_bytes();
    let is_space = |byte: u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\x0C');
    let until = |from: usize, is_end: &dyn Fn(u8) -> bool| {
        let length = bytes[from..].iter().position(|byte| is_end(*byte));
        length.map(|length| from + length).ok_or(NotSimple)
    };
    let name = until(0, &|byte| is_space(byte) || matches!(byte, b'/' | b'>'))?;
    let mut at = name;
    loop {
        at = until(at, &|byte| !is_space(byte) && byte != b'/')?;
        if bytes[at] == b'>' {
            return Ok((&text[..name], at + 1));
        }
        // An attribute's name may begin with an equals sign.
        at = until(at + 1, &|byte| {
            is_space(byte) || matches!(byte, b'/' | b'>' | b'=')
        })?;
        at = until(at, &|byte| !is_space(byte))?;
        if bytes[at] != b'=' {
            continue;
        }
        at = until(at + 1, &|byte| !is_space(byte))?;
        at = match bytes[at] {
            quote @ (b'"' | b'\'') => until(at + 1, &|byte| byte == quote)? + 1,
            _ => until(at, &|byte| is_space(byte) || byte == b'>')?,
        };
    }
}

/// The entities that are written most.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{A0}'),
    ("hellip", '…'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("middot", '·'),
    ("bull", '•'),
    ("eacute", 'é'),
];

/// The character of an entity, and how long it is behind its `&`.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(10).position(|byte| byte == b';')?;
    let name = &text[..end];
    let c = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            // Others mean something else, or nothing.
            char::from_u32(code).filter(
                |c| matches!(c, ' '..='~' | '\u{A0}'..='\u{FDCF}' | '\u{1F000}'..='\u{1FAFF}'),
            )?
        }
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((c, end + 1))
}

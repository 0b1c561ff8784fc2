//! What a document may be made of. A page of a few megabytes can be written so that a parser is busy with it for hours
//! or fills the memory: by depth, by attributes without number, by formatting that is never closed. Ordinary documents
//! are far from these bounds.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use memchr::{memchr, memchr_iter, memchr2, memchr3_iter, memmem};

use crate::document::{Document, Reason, Unreadable};
use crate::limits::steps;
use tidings_core::bounds::{
    DECODED, DOCUMENT_ITEMS, DOCUMENT_PIECES, ENTRIES, FEED_ELEMENTS, FEED_PIECES, HEADING_LENGTH,
    MAIL_TEXT, MARKDOWN_DEPTH, MARKDOWN_MARKS, MARKUP_DEPTH, MARKUP_NAMES, NAMESPACES, PAGE_TAGS,
    REPEATED_FORMATTING, TAG_ATTRIBUTES,
};

const DEEPEST: usize = MARKUP_DEPTH.most;
const MOST_TAGS: usize = PAGE_TAGS.most;
const MOST_ATTRIBUTES: usize = TAG_ATTRIBUTES.most;
/// How many attributes cost what a tag does.
const ATTRIBUTES_A_TAG: usize = 8;
const MOST_PIECES: usize = DOCUMENT_PIECES.most;

/// Elements without content.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements that end where the next of their kind begins, so that they needn't be closed.
const ENDED_BY_THE_NEXT: &[&str] = &[
    "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "tbody", "thead", "tfoot",
    "html", "head", "body",
];

/// Elements whose content isn't markup.
const RAW: &[&str] = &[
    "script", "style", "textarea", "title", "iframe", "noframes", "xmp",
];

/// Elements that are opened again after a block that they weren't closed in.
const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// Whether a text can stand over items, by its length.
pub(crate) fn may_head(text: &str) -> bool {
    text.len() <= HEADING_LENGTH.most
}

/// What is said of a document that is made of too much.
pub(crate) fn exceeded(what: String) -> Unreadable {
    Unreadable {
        line: 0,
        reason: Reason::TooMuch(what),
    }
}

/// Refuses a document from the web that is made of too many pieces. An operator's own files are bounded by their size.
pub(crate) fn check_pieces(document: &Document) -> Result<(), Unreadable> {
    check_pieces_of(document, &document.bytes)
}

/// The same for what such a document holds in another form.
fn check_pieces_of(document: &Document, bytes: &[u8]) -> Result<(), Unreadable> {
    if document.address.is_none() {
        return Ok(());
    }
    let is_json = bytes.trim_ascii_start().starts_with(b"{");
    let pieces = bytes.iter().filter(|byte| {
        matches!(byte, b'<' | b'\n') || is_json && matches!(byte, b'{' | b'[' | b',')
    });
    if pieces.count() > MOST_PIECES {
        return Err(exceeded(format!("more than {MOST_PIECES} tags or lines")));
    }
    Ok(())
}

/// Refuses a document from the web that is much longer as text than its bytes are.
pub(crate) fn check_decoded(document: &Document, text: &str) -> Result<(), Unreadable> {
    let most = DECODED.most.max(document.bytes.len());
    if document.address.is_some() && text.len() > most {
        return Err(exceeded(format!("more than {most} bytes as text")));
    }
    Ok(())
}

/// Refuses a mail from the web whose text, or page, has so many bytes that the copies of it fill the memory, or too many
/// pieces: as it came they may be letters of base 64.
pub(crate) fn check_mail_text(document: &Document, text: &[u8]) -> Result<(), Unreadable> {
    let most = MAIL_TEXT.most;
    if document.address.is_some() && text.len() > most {
        return Err(exceeded(format!("a mail of more than {most} bytes")));
    }
    check_pieces_of(document, text)
}

/// Refuses a feed from the web that has more elements than a library may keep; of JSON its values are counted.
pub(crate) fn check_feed_elements(document: &Document, text: &str) -> Result<(), Unreadable> {
    let most = FEED_ELEMENTS.most;
    // With so few there is nothing to look for.
    if document.address.is_none() || memchr_iter(b'<', text.as_bytes()).count() <= most {
        return Ok(());
    }
    steps::spend(text.len());
    let (mut rest, mut elements) = (text, 0);
    while let Some(tag) = next_tag(&mut rest, Comments::OfXml)? {
        elements += usize::from(!tag.closes);
        if elements > most {
            return Err(exceeded(format!("more than {most} elements")));
        }
    }
    Ok(())
}

/// Refuses the text of a mail that has too many lines: they are gone through one by one, with what stands before and behind
/// them.
pub(crate) fn check_lines(text: &str) -> Result<(), Unreadable> {
    if memchr_iter(b'\n', text.as_bytes()).count() > MOST_PIECES {
        return Err(exceeded(format!("more than {MOST_PIECES} lines in a mail")));
    }
    Ok(())
}

/// An item of a document has more bytes, with its text.
const BYTES_AN_ITEM: usize = 512;

/// An archive of ours may hold nothing but headlines.
const BYTES_AN_ENTRY: usize = 256;

/// How many items so many bytes may hold.
pub(crate) fn most_items(bytes: usize) -> usize {
    DOCUMENT_ITEMS.most + bytes / BYTES_AN_ITEM
}

/// Refuses so many bytes that hold more items than fit into memory beside them.
pub(crate) fn check_items(bytes: usize, items: usize) -> Result<(), Unreadable> {
    at_most(items, most_items(bytes), "items", bytes)
}

/// Refuses so many bytes of a feed, or of an archive of mails, that hold more entries than a library may keep.
pub(crate) fn check_entries(bytes: usize, entries: usize) -> Result<(), Unreadable> {
    at_most(
        entries,
        ENTRIES.most + bytes / BYTES_AN_ENTRY,
        "entries",
        bytes,
    )
}

fn at_most(count: usize, most: usize, of: &str, bytes: usize) -> Result<(), Unreadable> {
    if count > most {
        return Err(exceeded(format!("more than {most} {of} in {bytes} bytes")));
    }
    Ok(())
}

/// Refuses a feed that is made of too many pieces, before a library keeps them all.
fn check_feed(bytes: usize, pieces: usize, entries: usize) -> Result<(), Unreadable> {
    /// An archive of ours has more bytes for each.
    const BYTES_A_PIECE: usize = 20;
    let most = FEED_PIECES.most + bytes / BYTES_A_PIECE;
    at_most(pieces, most, "tags or values", bytes)?;
    check_entries(bytes, entries)
}

/// Refuses JSON that is made of too many values, or has too many items: objects in a list of the outermost one.
pub(crate) fn check_json(document: &Document, json: &str) -> Result<(), Unreadable> {
    steps::spend(json.len());
    let (mut depth, mut pieces, mut items) = (0_usize, 0_usize, 0_usize);
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => {
                while let Some(within) = bytes.next() {
                    match within {
                        b'"' => break,
                        b'\\' => _ = bytes.next(),
                        _ => {}
                    }
                }
            }
            b'{' | b'[' => {
                items += usize::from(byte == b'{' && depth == 2);
                pieces += 1;
                depth += 1;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => pieces += 1,
            _ => {}
        }
    }
    let most = 2 * FEED_ELEMENTS.most;
    if document.address.is_some() && pieces > most {
        return Err(exceeded(format!("more than {most} values")));
    }
    check_feed(json.len(), pieces, items)
}

/// What it takes a parser to look up what an ampersand begins, and to keep an entity that a feed declares.
const STEPS_A_REFERENCE: usize = 250;
const STEPS_AN_ENTITY: usize = 3_000;

/// Refuses HTML that a parser would have too much to do with.
pub(crate) fn check_html(html: &str) -> Result<(), Unreadable> {
    steps::spend(html.len());
    steps::spend(STEPS_A_REFERENCE * memchr_iter(b'&', html.as_bytes()).count());
    let mut depth = 0_usize;
    // A tree keeps comments and declarations as well.
    let comments = memmem::find_iter(html.as_bytes(), b"<!").count()
        + memmem::find_iter(html.as_bytes(), b"<?").count();
    let (mut tags, mut attributes) = (comments, 0_usize);
    let mut repeated = 0_usize;
    let mut unclosed = Unclosed::default();
    let mut names = Names::default();
    let mut rest = html;
    // In SVG and MathML nothing is raw, and where they end only a parser knows.
    let mut foreign = false;
    while let Some(tag) = next_tag(&mut rest, Comments::OfHtml)? {
        tags += usize::from(!tag.closes);
        attributes += tag.attributes;
        if tags + attributes / ATTRIBUTES_A_TAG > MOST_TAGS {
            return Err(exceeded(format!(
                "more than {MOST_TAGS} elements and attributes"
            )));
        }
        names.add(&tag)?;
        let name = tag.name.to_ascii_lowercase();
        let name = name.as_str();
        if tag.closes {
            if FORMATTING.contains(&name) {
                unclosed.close(name);
            }
            if nests(name) {
                depth = depth.saturating_sub(1);
            }
            continue;
        }
        repeated += unclosed.count;
        if repeated > REPEATED_FORMATTING.most {
            return Err(exceeded("formatting that is never closed".to_owned()));
        }
        if FORMATTING.contains(&name) {
            unclosed.open(name, tag.text);
        }
        if nests(name) {
            depth += 1;
            if depth > DEEPEST {
                return Err(exceeded(format!(
                    "elements more than {DEEPEST} deep in one another"
                )));
            }
        }
        foreign |= matches!(name, "svg" | "math");
        if RAW.contains(&name) && !foreign {
            depth -= 1;
            rest = behind_raw(rest, name);
        }
    }
    steps::spend(STEPS_A_PAGE + STEPS_A_TAG * tags);
    Ok(())
}

/// What is done for each page, however short it is, and for each of its tags, however short that is: trees are built and
/// gone through.
const STEPS_A_PAGE: usize = 20_000;
const STEPS_A_TAG: usize = 1_600;

/// How often classes may be named: a library keeps each time.
const MOST_CLASSES: usize = 10 * PAGE_TAGS.most;

/// What elements, attributes and classes are called: a library keeps each name once, and looks for it among all that it
/// keeps, in lists whose number doesn't grow.
#[derive(Default)]
struct Names<'h> {
    long: HashSet<&'h [u8]>,
    /// Classes, each time that one is named.
    classes: usize,
}

impl<'h> Names<'h> {
    fn add(&mut self, tag: &Tag<'h>) -> Result<(), Unreadable> {
        self.one(tag.name.as_bytes());
        let attributes = &tag.text.as_bytes()[tag.name.len()..];
        if !attributes.is_empty() {
            self.of_attributes(attributes);
        }
        let most = MARKUP_NAMES.most;
        if self.long.len() > most || self.classes > MOST_CLASSES {
            return Err(exceeded(format!("more than {most} names in its markup")));
        }
        Ok(())
    }

    /// The names of attributes, and those in them: whatever stands apart in `class` and `id`.
    fn of_attributes(&mut self, mut rest: &'h [u8]) {
        let is_apart = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'=');
        loop {
            let start = rest.iter().position(|byte| !is_apart(byte));
            rest = &rest[start.unwrap_or(rest.len())..];
            if rest.is_empty() {
                return;
            }
            let end = rest.iter().position(is_apart).unwrap_or(rest.len());
            let (name, behind) = rest.split_at(end);
            self.one(name);
            rest = behind.trim_ascii_start();
            let Some(value) = rest.strip_prefix(b"=").map(<[u8]>::trim_ascii_start) else {
                continue;
            };
            let (value, behind) = match value.first() {
                Some(quote @ (b'"' | b'\'')) => {
                    let value = &value[1..];
                    let end = memchr(*quote, value).unwrap_or(value.len());
                    (&value[..end], value.get(end + 1..).unwrap_or_default())
                }
                _ => {
                    let end = value.iter().position(u8::is_ascii_whitespace);
                    value.split_at(end.unwrap_or(value.len()))
                }
            };
            if name.eq_ignore_ascii_case(b"class") || name.eq_ignore_ascii_case(b"id") {
                for one in value.split(u8::is_ascii_whitespace) {
                    self.classes += 1;
                    self.one(one);
                }
            }
            rest = behind;
        }
    }

    fn one(&mut self, name: &'h [u8]) {
        /// What is shorter is kept where it stands.
        const LONGEST_INLINE: usize = 7;
        if name.len() > LONGEST_INLINE && self.long.len() <= MARKUP_NAMES.most {
            self.long.insert(name);
        }
    }
}

/// Refuses XML that is nested too deeply, has too many attributes in one tag, or too many namespaces at one place.
pub(crate) fn check_xml(xml: &str) -> Result<(), Unreadable> {
    steps::spend(xml.len());
    steps::spend(STEPS_A_REFERENCE * memchr_iter(b'&', xml.as_bytes()).count());
    let entities = memmem::find_iter(xml.as_bytes(), b"<!ENTITY").count();
    steps::spend(STEPS_AN_ENTITY * entities);
    // How many namespaces each open element declares.
    let mut open: Vec<usize> = Vec::new();
    let mut namespaces = 0_usize;
    let declares = memmem::Finder::new("xmlns");
    let (mut tags, mut items) = (0, 0);
    let mut rest = xml;
    while let Some(tag) = next_tag(&mut rest, Comments::OfXml)? {
        tags += 1;
        items += usize::from(!tag.closes && is_item(tag.name));
        if tag.closes {
            namespaces -= open.pop().unwrap_or_default();
        } else if !tag.text.starts_with(['?', '!']) {
            // Most tags are nothing but their names.
            let attributes = &tag.text.as_bytes()[tag.name.len()..];
            let declared = match attributes {
                [] | [_] => 0,
                _ => declares.find_iter(attributes).count(),
            };
            if namespaces + declared > NAMESPACES.most {
                return Err(exceeded(format!(
                    "more than {} namespaces at one place",
                    NAMESPACES.most
                )));
            }
            if tag.text.ends_with('/') {
                continue;
            }
            namespaces += declared;
            open.push(declared);
            if open.len() > DEEPEST {
                return Err(exceeded(format!(
                    "elements more than {DEEPEST} deep in one another"
                )));
            }
        }
    }
    check_feed(xml.len(), tags, items)
}

/// Whether an element of a feed is an item of it, by its name.
fn is_item(name: &str) -> bool {
    ["item", "entry"].iter().any(|item| {
        name.strip_suffix(item)
            .is_some_and(|prefix| prefix.is_empty() || prefix.ends_with(':'))
    })
}

/// What it takes a library to read a byte of Markdown.
const STEPS_A_BYTE: usize = 10;

/// Refuses Markdown that a parser would have too much to do with: more lines and marks than it can keep, or lists and
/// quotations in one another, all of which it looks through at each line.
pub(crate) fn check_markdown(text: &str) -> Result<(), Unreadable> {
    steps::spend(STEPS_A_BYTE * text.len());
    let marks = text.bytes().filter(|byte| {
        matches!(
            byte,
            b'\n' | b'[' | b']' | b'*' | b'_' | b'`' | b'<' | b'&' | b'!' | b'\\' | b'>' | b'|'
        )
    });
    let most = MARKDOWN_MARKS.most;
    if marks.count() > most {
        return Err(exceeded(format!("more than {most} lines and marks")));
    }
    let most = MARKDOWN_DEPTH.most;
    if text.lines().any(|line| markers(line) > most) {
        return Err(exceeded(format!(
            "lists or quotations more than {most} deep in one another"
        )));
    }
    Ok(())
}

/// How many lists and quotations a line may stand in: two columns of white space before a mark are one.
fn markers(line: &str) -> usize {
    let (mut markers, mut spaces) = (0, 0_usize);
    let mut bytes = line.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let is_marker = match byte {
            b' ' => {
                spaces += 1;
                continue;
            }
            b'\t' => {
                spaces += 4;
                continue;
            }
            b'>' => true,
            b'-' | b'*' | b'+' | b'.' | b')' => {
                bytes.peek().is_none_or(|next| matches!(next, b' ' | b'\t'))
            }
            b'0'..=b'9' => continue,
            _ => false,
        };
        if !is_marker {
            break;
        }
        markers += 1 + std::mem::take(&mut spaces) / 2;
    }
    markers
}

/// Whether no tag of a text has more attributes than a parser may compare with one another.
pub(crate) fn has_few_attributes(markup: &str) -> bool {
    // Without so many spaces there can't be so many attributes.
    let mut spaces = memchr3_iter(b' ', b'\n', b'/', markup.as_bytes());
    if spaces.nth(MOST_ATTRIBUTES).is_none() && memchr2(b'\t', b'\x0C', markup.as_bytes()).is_none()
    {
        return true;
    }
    let mut rest = markup;
    loop {
        match next_tag(&mut rest, Comments::OfHtml) {
            Ok(Some(_)) => {}
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}

/// A text whose tags have lost what stands behind their names.
pub(crate) fn without_attributes(markup: &str) -> String {
    let mut plain = String::with_capacity(markup.len() / 2);
    let mut rest = markup;
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        plain.push_str(&rest[..at]);
        let tag = &rest[at..];
        let end = memchr(b'>', tag.as_bytes()).unwrap_or(tag.len());
        let name = tag[..end].find(|c: char| c.is_ascii_whitespace());
        plain.push_str(&tag[..name.unwrap_or(end)]);
        plain.push('>');
        rest = tag.get(end + 1..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

fn nests(name: &str) -> bool {
    !VOID.contains(&name) && !ENDED_BY_THE_NEXT.contains(&name)
}

/// Formatting that is open: by name, with how often each tag was written. Of equal ones a parser keeps three.
#[derive(Default)]
struct Unclosed<'h> {
    tags: HashMap<String, Vec<&'h str>>,
    count: usize,
}

impl<'h> Unclosed<'h> {
    fn open(&mut self, name: &str, tag: &'h str) {
        let open = self.tags.entry(name.to_owned()).or_default();
        // Links end each other.
        let most = if name == "a" { 1 } else { 3 };
        let same = open
            .iter()
            .rev()
            .take(16)
            .filter(|other| name == "a" || **other == tag);
        if same.count() < most {
            open.push(tag);
            self.count += 1;
        }
    }

    fn close(&mut self, name: &str) {
        if self.tags.get_mut(name).and_then(Vec::pop).is_some() {
            self.count -= 1;
        }
    }
}

/// A tag, from behind its `<` to before its `>`.
pub(crate) struct Tag<'h> {
    closes: bool,
    pub(crate) name: &'h str,
    pub(crate) text: &'h str,
    attributes: usize,
}

/// Feeds have one for each text: what is looked for is made ready once.
static END_OF_CDATA: LazyLock<memmem::Finder<'_>> = LazyLock::new(|| memmem::Finder::new("]]>"));

/// Whose rules say where a comment ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comments {
    OfHtml,
    OfXml,
}

impl Comments {
    /// What is behind a comment, where there is one behind a `<`.
    fn behind(self, text: &str) -> Option<&str> {
        if let Some(inside) = text.strip_prefix("!--") {
            if self == Comments::OfHtml && (inside.starts_with('>') || inside.starts_with("->")) {
                return Some(inside);
            }
            return Some(self.behind_comment(inside));
        } else if self == Comments::OfXml && text.starts_with("![CDATA[") {
            let end = END_OF_CDATA.find(text.as_bytes());
            return Some(end.map_or("", |at| &text[at + "]]>".len()..]));
        } else if self == Comments::OfHtml && text.starts_with(['!', '?']) {
            let end = memchr(b'>', text.as_bytes());
            return Some(end.map_or("", |at| &text[at + 1..]));
        }
        None
    }

    /// What is behind the end of a comment that is open. Its two ends are looked for together: each by itself would be
    /// looked for through the whole page at each comment, where the page has none.
    fn behind_comment(self, inside: &str) -> &str {
        let mut rest = inside;
        while let Some(at) = memmem::find(rest.as_bytes(), b"--") {
            steps::spend(at + 2);
            let behind = &rest[at + 2..];
            if let Some(behind) = behind.strip_prefix('>') {
                return behind;
            }
            if let Some(behind) = behind
                .strip_prefix("!>")
                .filter(|_| self == Comments::OfHtml)
            {
                return behind;
            }
            rest = &rest[at + 1..];
        }
        ""
    }
}

/// The next tag, with what is behind it as the new rest. Comments and CDATA are passed over.
pub(crate) fn next_tag<'h>(
    rest: &mut &'h str,
    comments: Comments,
) -> Result<Option<Tag<'h>>, Unreadable> {
    loop {
        let Some(at) = memchr(b'<', rest.as_bytes()) else {
            return Ok(None);
        };
        let behind = &rest[at + 1..];
        if let Some(behind) = comments.behind(behind) {
            *rest = behind;
            continue;
        }
        let closes = behind.starts_with('/');
        let inside = if closes { &behind[1..] } else { behind };
        if !inside.starts_with(|c: char| c.is_alphabetic() || "_?!".contains(c)) {
            *rest = behind;
            continue;
        }
        let (end, attributes) = end_of_tag(inside)?;
        let text = &inside[..end];
        let name = text
            .split(|c: char| c.is_ascii_whitespace() || c == '/')
            .next();
        *rest = inside.get(end + 1..).unwrap_or_default();
        return Ok(Some(Tag {
            closes,
            name: name.unwrap_or_default(),
            text,
            attributes,
        }));
    }
}

/// Where a tag ends, at a `>` that isn't part of an attribute's quoted value, and how many attributes it has.
fn end_of_tag(tag: &str) -> Result<(usize, usize), Unreadable> {
    // Most tags are short and have nothing quoted.
    if let Some(end) = memchr(b'>', tag.as_bytes())
        && end < MOST_ATTRIBUTES
        && memchr2(b'"', b'\'', &tag.as_bytes()[..end]).is_none()
    {
        return Ok((end, memchr_iter(b' ', &tag.as_bytes()[..end]).count()));
    }
    let mut attributes = 0_usize;
    let mut quote = None;
    // What was there before white space: a quote begins a value only behind an equals sign.
    let mut before = b' ';
    let mut in_name = true;
    for (at, byte) in tag.bytes().enumerate() {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => continue,
            None if byte == b'>' => return Ok((at, attributes)),
            None if matches!(byte, b'"' | b'\'') && before == b'=' => quote = Some(byte),
            None => {}
        }
        let is_space = byte.is_ascii_whitespace() || byte == b'/';
        if is_space {
            in_name = false;
        } else {
            if !in_name && before != b'=' && byte != b'=' {
                attributes += 1;
                in_name = true;
            }
            before = byte;
        }
        if attributes > MOST_ATTRIBUTES {
            return Err(exceeded(format!(
                "more than {MOST_ATTRIBUTES} attributes in a tag"
            )));
        }
    }
    Ok((tag.len(), attributes))
}

/// What follows an element whose content isn't markup.
fn behind_raw<'h>(rest: &'h str, name: &str) -> &'h str {
    let mut at = 0;
    while let Some(found) = memmem::find(&rest.as_bytes()[at..], b"</") {
        at += found + 2;
        let candidate = rest.as_bytes().get(at..at + name.len());
        if candidate.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes())) {
            return &rest[at..];
        }
    }
    ""
}

//! What a web page leaves at the end of a summary: “READ MORE”, an address, “Share this”.

use crate::lexicon::furniture::FURNITURE;
use std::sync::LazyLock;

use regex::Regex;

use tidings_core::bounds::ADDRESS_LENGTH;
use tidings_core::text;

/// The phrases of design.md (rule 6), with the brackets and arrows around them and an address behind. An ellipsis in front is the
/// sentence's own, unless it stands within the phrase's bracket.
static TAIL: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(
        r"(?ix)
        (?: [\s\[\(\{<«»‹›【［（「『〈《〔→➔➜–—-] | [\[\(\{<«‹【［（] \s* (?: …+ | \.{3,} ) )* \b
        (?: read\s+more | read\s+on | continue\s+reading
          | (?: read\s+ (?:the\s+)? )? full\s+(?:story|article) ) \b
        [\s\]\)\}>«»‹›】］）」』〉》〕→➔➜….:：]*
        (?: [\[\(<]* (?P<address> https?://\S+ ) \s* )?
        $",
    )
    .unwrap()
});

/// The longest text of a tail without its address, generously, in bytes: what stands further in
/// front is never looked at, so the end of a paragraph of any length costs the same.
const WINDOW: usize = 64;

/// A paragraph without its tail, and the address that stood in the tail.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stripped<'t> {
    /// What is left; empty if the paragraph was nothing but a tail.
    pub text: &'t str,
    /// The address behind the phrase.
    pub link: Option<&'t str>,
}

/// Takes “READ MORE” and its like off the end of a paragraph, where it follows the end of a sentence
/// or is all there is.
pub(crate) fn strip(paragraph: &str) -> Stripped<'_> {
    let mut stripped = Stripped {
        text: paragraph,
        link: None,
    };
    // Where the text begins, once it is asked.
    let mut first = None;
    // “… [Read the full story] Read more” has two.
    while let Some((text, link)) = strip_once(stripped.text, &mut first) {
        stripped = Stripped {
            text,
            link: stripped.link.or(link),
        };
    }
    stripped
}

/// What WordPress writes under each text in a feed.
static SIGNED: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(r"(?i)^The post .{1,300} (?:appeared first|first appeared) on .{1,100}\.?$").unwrap()
});

/// Takes such an end off the paragraphs of the summary under a title, and what publishing systems sign their texts
/// with; paragraphs that are nothing else go. Returns the address that stood there.
pub(crate) fn strip_paragraphs(paragraphs: &mut Vec<String>, title: &str) -> Option<String> {
    let mut link = None;
    while let Some(last) = paragraphs.last_mut() {
        if SIGNED.is_match(last) {
            paragraphs.pop();
            continue;
        }
        let stripped = strip(without_title(last, title));
        link = link.or_else(|| stripped.link.map(str::to_owned));
        if !stripped.text.is_empty() {
            *last = stripped.text.to_owned();
            break;
        }
        paragraphs.pop();
    }
    link
}

/// A paragraph up to “Continue reading” where the title is repeated behind it.
fn without_title<'t>(paragraph: &'t str, title: &str) -> &'t str {
    let Some((at, phrase)) = paragraph.rmatch_indices("ontinue reading").next() else {
        return paragraph;
    };
    let named = text::fold(&paragraph[at + phrase.len()..]);
    if !title.is_empty() && named == text::fold(title) {
        &paragraph[..at + phrase.len()]
    } else {
        paragraph
    }
}

fn strip_once<'t>(
    paragraph: &'t str,
    first: &mut Option<usize>,
) -> Option<(&'t str, Option<&'t str>)> {
    let last_word = memchr::memrchr(b' ', paragraph.as_bytes()).map_or(0, |at| at + 1);
    let address = memchr::memmem::find(&paragraph.as_bytes()[last_word..], b"http");
    let phrase_end = address.map_or(paragraph.len(), |at| last_word + at);
    let start = paragraph.floor_char_boundary(phrase_end.saturating_sub(WINDOW));
    if !may_hold_phrase(&paragraph.as_bytes()[start..]) {
        return None;
    }
    let found = TAIL.captures(&paragraph[start..])?;
    let whole = found.get(0)?;
    let kept = paragraph[..start + whole.start()].trim_end();
    let link = found.name("address").and_then(|m| only_address(m.as_str()));
    let first =
        first.get_or_insert_with(|| paragraph.find(char::is_alphanumeric).unwrap_or(usize::MAX));
    if *first >= kept.len() {
        return Some(("", link));
    }
    text::ends_sentence_or_question(kept).then_some((kept, link))
}

/// Whether the window holds “read” or “full”, one of which every phrase has: cheaper than the pattern.
/// “continue reading” holds “read” too.
fn may_hold_phrase(window: &[u8]) -> bool {
    memchr::memchr2_iter(b'd', b'D', window)
        .any(|at| at >= 3 && window[at - 3..at].eq_ignore_ascii_case(b"rea"))
        || memchr::memchr2_iter(b'f', b'F', window)
            .any(|at| window[at..].len() > 4 && window[at..at + 4].eq_ignore_ascii_case(b"full"))
}

/// An address without the punctuation behind it. A bracket stays where it closes one of the address's own:
/// `…/wiki/Korea_(region)`.
fn without_closers(address: &str) -> &str {
    let mut address = address.trim_end();
    if address.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '/') {
        return address;
    }
    // How many brackets close that weren't opened.
    let surplus = |open, close| {
        let count = |c| address.matches(c).count();
        count(close).saturating_sub(count(open))
    };
    let (mut round, mut square) = (surplus('(', ')'), surplus('[', ']'));
    loop {
        let trimmed = match address.chars().next_back() {
            Some('.' | ',' | ';' | ':' | '!' | '>' | '»' | '”' | '’' | '"' | '\'') => true,
            Some(')') if round > 0 => {
                round -= 1;
                true
            }
            Some(']') if square > 0 => {
                square -= 1;
                true
            }
            _ => false,
        };
        if !trimmed {
            return address;
        }
        let end = address.char_indices().next_back().map_or(0, |(at, _)| at);
        address = &address[..end];
    }
}

/// An address as a link: its scheme in small letters, however it is written.
pub(crate) fn link(address: &str) -> String {
    match address.split_once("://") {
        Some((scheme, rest)) if scheme.contains(|c: char| c.is_ascii_uppercase()) => {
            format!("{}://{rest}", scheme.to_ascii_lowercase())
        }
        _ => address.to_owned(),
    }
}

/// The address, if the block is nothing but one.
pub(crate) fn only_address(block: &str) -> Option<&str> {
    let block = block.trim_start_matches(['<', '(', '[', ' ']);
    if !block.starts_with(['h', 'H']) || block.len() > ADDRESS_LENGTH.most {
        return None;
    }
    let block = without_closers(block);
    let behind = |scheme: &str| {
        let start = block.get(..scheme.len())?;
        start
            .eq_ignore_ascii_case(scheme)
            .then(|| &block[scheme.len()..])
    };
    let rest = behind("http://").or_else(|| behind("https://"))?;
    let is_address = !block.contains(char::is_whitespace)
        && (has_plain_host(rest) || url::Url::parse(block).is_ok_and(|url| url.has_host()));
    is_address.then_some(block)
}

/// Whether what stands behind an address's scheme begins with a host that nobody has to look at twice: letters, digits,
/// hyphens and points, the last label with a letter first.
fn has_plain_host(rest: &str) -> bool {
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = &rest[..end];
    let last = host.rsplit('.').next().unwrap_or_default();
    last.starts_with(|c: char| c.is_ascii_alphabetic())
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        // `xn--` stands before letters that are written otherwise, in any case: those have to be looked at.
        && !host.contains("--")
}

/// A text without the address that ends it, and the address: `Squid counted again: <https://…>`.
pub(crate) fn before_address(text: &str) -> Option<(&str, &str)> {
    let last = text.rmatch_indices("://").find_map(|(at, _)| {
        let scheme = ["https", "http"]
            .into_iter()
            .find(|scheme| text[..at].ends_with(scheme))?;
        Some(at - scheme.len())
    })?;
    let address = only_address(&text[last..])?;
    let mark = |c: char| c.is_whitespace() || "<([:–—-|→：（".contains(c);
    // The address of words in Markdown isn't that of the headline.
    if text[..last].ends_with("](") {
        return None;
    }
    let before = text[..last].trim_end_matches(mark);
    (!before.is_empty() && !before.ends_with('=')).then_some((before, address))
}

/// Whether a text ends a sentence, but for what [`strip`] takes off its end.
pub(crate) fn ends_sentence(text: &str) -> bool {
    text::ends_sentence(strip(text).text)
}

/// Whether a block is a line of punctuation such as `* * *`. Emoji fold to nothing too, but say something.
pub(crate) fn is_ornament(block: &str, folded: &str) -> bool {
    folded.is_empty() && !block.contains(|c| ('\u{1F000}'..='\u{1FAFF}').contains(&c))
}

/// Whether a folded block is a site's furniture, such as “Share this:”.
pub(crate) fn is_furniture(folded: &str) -> bool {
    // What WordPress says to those who can't see its buttons.
    let plain = folded
        .strip_suffix(" opens in new window")
        .unwrap_or(folded);
    let network = plain.strip_prefix("click to share on ");
    FURNITURE.contains(&plain) || network.is_some_and(|network| !network.contains(' '))
}

/// The longest phrase of [`is_furniture`], in bytes.
pub(crate) const LONGEST_FURNITURE: usize = 64;

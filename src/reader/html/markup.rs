//! HTML to plain text: titles become one line, summaries paragraphs. Nothing in it is followed, run or trusted.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use memchr::{memchr, memchr_iter, memchr2, memmem};

use crate::html::tags::{BLOCKS, UNREAD};
use crate::html::tags::{NotSimple, Simple, each_token};
use crate::html::{boilerplate, literal};
use crate::limits::{bounds, steps};
use tidings_core::text;

/// Elements whose content isn't markup.
const RAW: &[&str] = &["script", "style", "iframe", "noframes", "textarea", "title"];

/// The longest name of an entity, in bytes (<https://html.spec.whatwg.org/multipage/named-characters.html>).
const LONGEST_ENTITY: usize = 31;

/// Whether a text may be markup: a tag, or an entity.
pub fn looks_like_markup(text: &str) -> bool {
    let last_end = text.rfind('>').unwrap_or(0);
    let tag = text[..last_end].match_indices('<').any(|(at, _)| {
        let rest = text[at + 1..].trim_start_matches('/');
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!')
    });
    let bytes = text.as_bytes();
    let entity = memchr_iter(b'&', bytes).any(|at| {
        let rest = &bytes[at + 1..bytes.len().min(at + 2 + LONGEST_ENTITY)];
        let end = memchr(b';', rest).unwrap_or(0);
        end >= 2
            && rest[..end]
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#')
    });
    tag || entity
}

/// Whether a text is within an element as a whole: no plain text begins with a tag and holds its end.
pub(crate) fn is_whole(text: &str) -> bool {
    let Some(tag) = text.trim_start().strip_prefix('<') else {
        return false;
    };
    let length = tag.find(|c: char| !c.is_ascii_alphanumeric());
    let name = &tag[..length.unwrap_or(0)];
    let is_known =
        BLOCKS.contains(&name) || ["a", "b", "i", "em", "strong", "span"].contains(&name);
    let ends = |at: usize| {
        let end = tag[at + "</".len()..].strip_prefix(name);
        end.is_some_and(|end| end.starts_with('>'))
    };
    is_known && memmem::find_iter(tag.as_bytes(), b"</").any(ends)
}

/// Markup as one line of plain text.
pub fn line(markup: &str) -> String {
    paragraphs(markup).join(" ")
}

/// Markup as paragraphs of plain text.
pub fn paragraphs(markup: &str) -> Vec<String> {
    steps::spend(markup.len());
    let markup = &literal::kept(markup);
    if !looks_like_markup(markup) {
        return plain_paragraphs(markup);
    }
    simple_paragraphs(markup).unwrap_or_else(|NotSimple| all_paragraphs(markup))
}

/// Markup of which little is asked.
fn simple_paragraphs(markup: &str) -> Result<Vec<String>, NotSimple> {
    let mut flow = Flowing::default();
    // What a tokenizer makes other characters of.
    if memchr2(b'\r', b'\0', markup.as_bytes()).is_some() || may_hide(markup) {
        return Err(NotSimple);
    }
    each_token(markup, |token| {
        match token {
            Simple::Text(text) => flow.open.push_str(text),
            Simple::Char(c) => flow.open.push(c),
            Simple::Start(name) | Simple::End(name) => {
                let lower;
                let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
                    lower = name.to_ascii_lowercase();
                    &lower
                } else {
                    name
                };
                if UNREAD.contains(&name) || RAW.contains(&name) {
                    return Err(NotSimple);
                }
                flow.breaks(name);
            }
        }
        Ok(())
    })?;
    end(&mut flow.open, &mut flow.paragraphs);
    Ok(flow.paragraphs)
}

/// Whether something in the markup may be hidden: what hides it says one of these.
fn may_hide(markup: &str) -> bool {
    let says = |word: &str| memmem::find(markup.as_bytes(), word.as_bytes()).is_some();
    says("hidden")
        || says("style")
            && [
                "none",
                "NONE",
                "None",
                "mso-hide",
                "opacity",
                "transparent",
                "background",
                "-999",
            ]
            .into_iter()
            .any(says)
}

/// Whether a tag hides what stands in its element.
fn is_hidden(tag: &Tag) -> bool {
    /// Elements without content.
    const EMPTY: [&str; 6] = ["br", "img", "hr", "input", "wbr", "meta"];
    !EMPTY.contains(&&*tag.name)
        && tag
            .attrs
            .iter()
            .any(|attribute| match &*attribute.name.local {
                "hidden" => true,
                "style" => boilerplate::hides(&attribute.value),
                _ => false,
            })
}

/// Markup of every kind.
fn all_paragraphs(markup: &str) -> Vec<String> {
    // A tokenizer compares each attribute with those before it.
    let bounded;
    let markup = if bounds::has_few_attributes(markup) {
        markup
    } else {
        bounded = bounds::without_attributes(markup);
        &bounded
    };
    let tokenizer = Tokenizer::new(Flow::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(markup));
    // What is said of encodings and scripts is nothing to stop at.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    let mut flow = tokenizer.sink.0.into_inner();
    if let Some((name, _)) = &flow.unread
        && !matches!(name.as_str(), "script" | "style" | "iframe")
    {
        let rest = std::mem::take(&mut flow.unclosed);
        flow.open.push_str(&rest);
    }
    end(&mut flow.open, &mut flow.paragraphs);
    flow.paragraphs
}

/// Text as it flows through markup. A tree of elements isn't needed for that, and can't be made too deep.
#[derive(Default)]
struct Flow(RefCell<Flowing>);

#[derive(Default)]
struct Flowing {
    paragraphs: Vec<String>,
    open: String,
    /// The element that nobody reads, while one is open, and how deep it stands in itself.
    unread: Option<(String, usize)>,
    /// What it holds, in case it isn't one but a tag that somebody forgot to close.
    unclosed: String,
}

impl TokenSink for Flow {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut flow = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => return flow.tag(&tag),
            Token::CharacterTokens(text) if flow.unread.is_none() => flow.open.push_str(&text),
            Token::CharacterTokens(text) => flow.unclosed.push_str(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Flowing {
    /// An element that may stand on lines of its own.
    fn breaks(&mut self, name: &str) {
        if BLOCKS.contains(&name) {
            end(&mut self.open, &mut self.paragraphs);
        } else if name == "br" {
            self.open.push('\n');
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        let opens = tag.kind == TagKind::StartTag;
        if let Some((unread, depth)) = &mut self.unread {
            if name == unread {
                *depth = if opens { *depth + 1 } else { *depth - 1 };
                if *depth == 0 {
                    self.unread = None;
                    self.unclosed.clear();
                }
            }
            return TokenSinkResult::Continue;
        }
        if UNREAD.contains(&name) || opens && is_hidden(tag) {
            if opens && !tag.self_closing {
                self.unread = Some((name.to_owned(), 1));
            }
        } else {
            self.breaks(name);
        }
        match name {
            _ if !opens => TokenSinkResult::Continue,
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "iframe" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
            "textarea" | "title" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }
}

fn end(open: &mut String, paragraphs: &mut Vec<String>) {
    // Two breaks in a row are a paragraph's end for whoever wrote them.
    paragraphs.extend(plain_paragraphs(open));
    open.clear();
}

/// Plain text as paragraphs: empty lines part them, and other white space is one space.
fn plain_paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = Vec::new();
    if memchr(b'\n', text.as_bytes()).is_none() {
        paragraphs.push(squeezed(text));
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        return paragraphs;
    }
    let mut lines: Vec<&str> = Vec::new();
    for one in text.lines().chain([""]) {
        if one.chars().all(text::is_blank) {
            if !lines.is_empty() {
                paragraphs.push(squeezed(&lines.join("\n")));
                lines.clear();
            }
        } else {
            lines.push(one);
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// Text on one line, without white space at its ends or twice in a row.
pub fn squeezed(text: &str) -> String {
    text::join_lines(text).into_owned()
}

/// What stands behind the headline of a list's item, without what parts the two: `: `, ` — ` and their kin.
pub(crate) fn behind_lead(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_whitespace() || ":–—-·.,，".contains(c))
}

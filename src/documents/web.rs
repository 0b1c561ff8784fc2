//! Web pages: the digest is found where publishing systems put it, or by the source's selectors.
//!
//! A page becomes a row of pieces, each a heading, a paragraph or an item of a list. Which headings are sections and
//! which are headlines shows when they are seen together; where no headlines can be told, the pieces are laid out
//! as text, and the rules for text decide.

use std::sync::{Arc, LazyLock};

use regex::bytes::Regex;
use scraper::{ElementRef, Html, Selector};
use url::Url;

use super::LOOKED_AT;
use super::classify::without_marker;
use super::dated::date_of;
use super::pieces::{Kind as PieceKind, Piece, laid_out, length, link_of, pieces};
use super::ranks::{self, Rank, Ranks, is_bold_headline};
use super::selected::by_selectors;
use super::{
    Document, Draft, Kind, Known, Page, Reason, Rules, Unreadable, around, bounds, charset, dates,
    digest, markup, tails,
};
use crate::items::{Published, clean_link};
use crate::text;

/// The row of [`super::ALL`].
pub const KIND: Kind = Kind {
    name: "page",
    extensions: &["html", "htm", "xhtml"],
    claims,
    parse,
};

static MARKS: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(
        r"(?i-u)<(?:!doctype\s+html|html|head|body|article|main|div|section|h[1-6]|p|ul)[\s>]",
    )
    .unwrap()
});

/// Where publishing systems put the text of a page, the most particular first: microdata, WordPress and its themes,
/// Ghost, Blogger, Drupal, Medium's export, and plain HTML 5.
const CONTAINERS: &[&str] = &[
    "[itemprop=articleBody]",
    ".entry-content",
    ".post-content",
    ".article-content",
    ".article-body",
    ".wp-block-post-content",
    ".gh-content",
    ".available-content",
    ".tt_article_useless_p_margin",
    ".se-main-container",
    ".post-body",
    ".td-post-content",
    ".field--name-body",
    ".node__content",
    ".story-body",
    ".e-content",
    "article",
    "[role=main]",
    "main",
    "#content",
];

/// Elements of one name that are compared.
const MOST_CONTAINERS: usize = 50;

/// Text that a container has to hold to be the page's, in characters.
const ENOUGH: usize = 40;

fn claims(bytes: &[u8]) -> bool {
    let wide = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
    if wide {
        let narrow: Vec<u8> = bytes
            .iter()
            .copied()
            .take(LOOKED_AT)
            .filter(|b| *b != 0)
            .collect();
        return MARKS.is_match(&narrow);
    }
    MARKS.is_match(&bytes[..bytes.len().min(LOOKED_AT)])
}

/// Reads one page.
///
/// # Errors
/// A page without an item, selectors that aren't any.
pub fn parse(document: &Document, rules: &Rules) -> Result<Page, Unreadable> {
    let html = page_of(document)?;
    let base = base_of(&html, document);
    let base = base.as_ref().map(Url::as_str);
    if let Some(item) = &rules.selectors().item {
        return by_selectors(&html, item, rules, document, base);
    }
    let container = container(&html);
    let found = pieces(container);
    let mut drafts = read(&found, rules, base);
    if drafts.is_empty() {
        // Nothing tells headlines apart but the way in which text is set.
        let laid_out = Document {
            bytes: laid_out(&found).into_bytes(),
            charset: None,
            ..document.clone()
        };
        let read = digest::parse(&laid_out, rules);
        // What is wrong with the layout is of no use to whoever looks at a web page.
        drafts = read.map(|page| page.drafts).map_err(|_| Unreadable {
            line: 0,
            reason: Reason::NoDigest,
        })?;
        for draft in drafts.iter_mut().filter(|draft| draft.link.is_none()) {
            draft.link = link_of(&draft.title, &found).and_then(|link| clean_link(base, link));
        }
    }
    Ok(Page {
        published: Published::Date(date_of(&html, container, &found, document)),
        drafts,
    })
}

/// A page's elements.
///
/// # Errors
/// Bytes that aren't text, more than a page may be made of.
pub(super) fn page_of(document: &Document) -> Result<Html, Unreadable> {
    let text = charset::decode(document)?;
    bounds::check_html(&text)?;
    Ok(Html::parse_document(&text))
}

/// What relative links start from: a `base` element, else the page's own address.
pub(super) fn base_of(html: &Html, document: &Document) -> Option<Url> {
    let own = document.address.clone();
    let told = select(html.root_element(), "base[href]").and_then(|base| base.value().attr("href"));
    match (told, &own) {
        (Some(href), Some(own)) => own.join(href).ok().or_else(|| Some(own.clone())),
        (Some(href), None) => Url::parse(href).ok(),
        (None, _) => own,
    }
}

pub(super) fn select<'a>(within: ElementRef<'a>, selector: &str) -> Option<ElementRef<'a>> {
    within.select(&Selector::parse(selector).ok()?).next()
}

/// The element that holds the digest: the first of the known ones that there is just one of, or one that holds much
/// more than the others.
pub(super) fn container(html: &Html) -> ElementRef<'_> {
    let root = html.root_element();
    let body = select(root, "body").unwrap_or(root);
    for name in CONTAINERS {
        let Ok(selector) = Selector::parse(name) else {
            continue;
        };
        let mut found: Vec<(usize, ElementRef<'_>)> = body
            .select(&selector)
            .map(|element| (length(element), element))
            .filter(|(length, _)| *length >= ENOUGH)
            .take(MOST_CONTAINERS)
            .collect();
        found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        match found.as_slice() {
            [(_, only)] => return *only,
            [(longest, first), (second, _), ..] if *longest >= 3 * second => return *first,
            _ => {}
        }
    }
    body
}

/// The items that the pieces tell apart.
fn read(pieces: &[Piece], rules: &Rules, base: Option<&str>) -> Vec<Draft> {
    let ranks = Ranks::of(pieces, rules);
    let mut reader = Reader {
        base,
        drafts: Vec::new(),
        heading: None,
        open: None,
    };
    for (at, piece) in pieces.iter().enumerate() {
        let folded = text::fold(without_marker(&piece.text));
        match rules.known(&folded) {
            Some(Known::Stop) => break,
            Some(Known::Heading) => {
                reader.section(without_marker(&piece.text));
                continue;
            }
            None => {}
        }
        if tails::is_furniture(&folded) || tails::is_ornament(&piece.text, &folded) {
            continue;
        }
        let is_heading = matches!(piece.kind, PieceKind::Heading(_));
        if is_heading && piece.link.is_none() && reader.has_items() && around::ends_page(&folded) {
            break;
        }
        if is_heading && around::is_advertised(&folded) {
            continue;
        }
        // The page's own title stands before its first section.
        let before_sections = reader.heading.is_none() && ranks.has_sections();
        if is_heading && before_sections && ranks.sections_are_paragraphs() {
            reader.close();
            continue;
        }
        if !is_heading && around::is_said(&piece.text, &folded) {
            continue;
        }
        let next = pieces.get(at + 1);
        let before = at.checked_sub(1).and_then(|at| pieces.get(at));
        match piece.kind {
            PieceKind::Heading(level) => match ranks.rank(level) {
                Rank::Section if digest::may_be_heading(&piece.text) => reader.section(&piece.text),
                // Of two of one kind right behind one another, the first stands over the second.
                Rank::Headline
                    if !piece.is_linked
                        && digest::may_be_heading(&piece.text)
                        && next.is_some_and(|next| next.kind == piece.kind && next.is_linked)
                        && before.is_none_or(|before| before.kind != piece.kind) =>
                {
                    reader.section(&piece.text);
                }
                Rank::Section | Rank::Headline => reader.begin(piece),
                Rank::Nothing => reader.close(),
            },
            // Before the first section there are menus.
            PieceKind::Item if before_sections => {}
            PieceKind::Paragraph if ranks.is_section(before, piece, next) => {
                reader.section(&piece.text);
            }
            PieceKind::Item if reader.takes_items() && piece.lead.is_some() => reader.item(piece),
            PieceKind::Paragraph if is_bold_headline(piece) && next.is_some_and(is_text) => {
                reader.begin(piece);
            }
            PieceKind::Paragraph if ranks.inline_headlines && ranks::is_led(piece) => {
                reader.item(piece);
            }
            PieceKind::Paragraph | PieceKind::Item => reader.add(piece),
        }
    }
    reader.close();
    // `<li><b>:</b> …</li>` has nothing to be called by.
    reader.drafts.retain(|draft| {
        let is_menu = ranks.has_sections() && draft.heading.is_none() && draft.summary.is_empty();
        !draft.title.is_empty() && !is_menu
    });
    reader.drafts
}

fn is_text(piece: &Piece) -> bool {
    !matches!(piece.kind, PieceKind::Heading(_)) && !is_bold_headline(piece)
}

struct Reader<'b> {
    base: Option<&'b str>,
    drafts: Vec<Draft>,
    heading: Option<Arc<str>>,
    open: Option<Open>,
}

struct Open {
    draft: Draft,
    /// Whether it came from a list: then the list's next item is another one.
    listed: bool,
}

impl Reader<'_> {
    fn has_items(&self) -> bool {
        self.open.is_some() || !self.drafts.is_empty()
    }

    fn link(&self, piece: &Piece) -> Option<String> {
        clean_link(self.base, piece.link.as_deref()?)
    }

    fn section(&mut self, title: &str) {
        self.close();
        self.heading = Some(Arc::from(title));
    }

    fn begin(&mut self, piece: &Piece) {
        self.start(piece.text.clone(), self.link(piece), false, piece.line);
    }

    fn start(&mut self, title: String, link: Option<String>, listed: bool, line: u32) {
        self.close();
        let draft = Draft {
            feed_id: None,
            title: without_marker(&title).to_owned(),
            summary: String::new(),
            link,
            heading: self.heading.clone(),
            published: None,
            line,
            archived: None,
        };
        self.open = Some(Open { draft, listed });
    }

    /// Whether an item of a list is an item of the digest: not within the summary of a headline.
    fn takes_items(&self) -> bool {
        self.open.as_ref().is_none_or(|open| open.listed)
    }

    /// `<li><a>Headline</a>: summary</li>`
    fn item(&mut self, piece: &Piece) {
        let end = piece.lead.unwrap_or(piece.text.len());
        let title = piece.text[..end]
            .trim()
            .trim_end_matches([':', '–', '—'])
            .trim_end();
        self.start(title.to_owned(), self.link(piece), true, piece.line);
        let rest = markup::behind_lead(&piece.text[end..]);
        if let Some(open) = &mut self.open {
            open.draft.summary = rest.to_owned();
        }
    }

    fn add(&mut self, piece: &Piece) {
        let link = clean_link(self.base, piece.last_link.as_deref().unwrap_or_default());
        let Some(Open { draft, .. }) = &mut self.open else {
            return;
        };
        if draft.summary.is_empty() {
            // A byline, or a date.
            if let Some(line) = dates::dateline(&piece.text) {
                draft.published = line.date.map(Published::Date).or(draft.published);
                return;
            }
        }
        if piece.is_linked && around::names_the_story(&text::fold(&piece.text)) {
            draft.link = draft.link.take().or(link);
            return;
        }
        // `… (Source)`, `… [more]`, `… Read more at Hankyoreh`
        let bare = |c: char| "()[]«»→….… ".contains(c);
        let tail = piece.tail.trim_matches(bare);
        let before = piece.text.trim_end_matches(bare).strip_suffix(tail);
        let before = before.map(|text| text.trim_end_matches(['(', '[', '«', '→', ' ']));
        let (text, is_led_on) = match before {
            Some(text)
                if !tail.is_empty()
                    && around::names_the_story(&text::fold(tail))
                    && text::ends_sentence_or_question(text) =>
            {
                (text, true)
            }
            _ => (piece.text.as_str(), false),
        };
        if is_led_on {
            draft.link = draft.link.take().or_else(|| link.clone());
        }
        let stripped = tails::strip(text);
        if stripped.text != text {
            draft.link = draft.link.take().or_else(|| {
                let written = stripped
                    .link
                    .and_then(|address| clean_link(self.base, address));
                written.or(link)
            });
        }
        if let Some(address) = tails::only_address(stripped.text) {
            draft.link.get_or_insert_with(|| address.to_owned());
            return;
        }
        if !stripped.text.is_empty() {
            if !draft.summary.is_empty() {
                draft.summary.push_str("\n\n");
            }
            draft.summary.push_str(stripped.text);
        }
    }

    fn close(&mut self) {
        self.drafts.extend(self.open.take().map(|open| open.draft));
    }
}

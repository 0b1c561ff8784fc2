//! A page of one story: a title, and text that runs on below it.

use scraper::ElementRef;

use crate::dates;
use crate::html::heading_roles::is_title;
use crate::html::outline::{Piece, PieceKind};
use crate::html::siblings::around;
use crate::html::{boilerplate, html_walk};
use crate::lexicon::pages;
use crate::limits::steps;
use crate::rules::{Known, Rules};
use crate::text::read_more;
use tidings_core::item::Draft;
use tidings_core::text;

/// The level of a story's headline: the first is the page's own title.
const HEADLINE: PieceKind = PieceKind::Heading(2);

/// Elements around a story's text, and nodes in front of it, that are looked at for its title.
const MOST_AROUND: usize = 8;
const MOST_NODES: usize = 2_000;

/// What it takes to look at a node.
const STEPS_A_NODE: usize = 5;

/// The pieces with the page's only title as a headline, if nothing else on it is set like one.
pub(super) fn of(container: ElementRef<'_>, pieces: &[Piece], rules: &Rules) -> Option<Vec<Piece>> {
    let Some(title) = pieces.iter().rposition(Piece::is_heading) else {
        let title = title_over(container).filter(|title| !rules.is_heading(&title.text))?;
        return Some([&[title], pieces].concat());
    };
    let below = pieces.get(title + 1)?;
    let others = pieces[..title].iter().filter(|piece| piece.is_heading());
    let is_own = |piece: &Piece| piece.kind == PieceKind::Heading(1);
    // In front of it there may be the site's name.
    let is_story = is_own(&pieces[title])
        && others.clone().all(is_own)
        && others.count() <= 1
        && below.kind == PieceKind::Paragraph
        && !rules.is_heading(&pieces[title].text);
    is_story.then(|| {
        let mut pieces = pieces.to_vec();
        pieces[title].kind = HEADLINE;
        pieces
    })
}

/// The pieces of a page that is one story beyond doubt: it is called by its only heading, and below that its text runs on. Its
/// headline and its text are left, with nothing that leads elsewhere, of what stands between them only the subtitle.
pub(super) fn alone(pieces: &[Piece], called: Option<&str>, rules: &Rules) -> Option<Vec<Piece>> {
    let mut headings = (0..pieces.len()).filter(|at| pieces[*at].is_heading());
    let title = headings.next()?;
    let subtitle = headings.next();
    let is_subtitle =
        subtitle.is_none_or(|at| at == title + 1 && is_under_title(pieces, at, rules));
    if headings.next().is_some() || !is_subtitle || !is_called(&pieces[title], called?) {
        return None;
    }
    let is_collection = rules.is_heading(&pieces[title].text) || is_collection(&pieces[title].text);
    let above = pieces[..title].iter().filter(|piece| !piece.is_given);
    if above.clone().count() > MOST_BETWEEN || above.clone().any(is_running) {
        return None;
    }
    let below = pieces[title + 1..].iter().filter(|piece| !piece.is_given);
    let below = below.take_while(|piece| !ends_story(piece, rules));
    let below = below.filter(|piece| !is_furniture(piece)).enumerate();
    let below = below.filter(|(at, piece)| *at > MOST_BETWEEN || !is_label(piece));
    let below: Vec<&Piece> = below.map(|(_, piece)| piece).collect();
    let text = below.iter().position(|piece| is_running(piece))?;
    let (head, text) = below.split_at(text);
    if is_collection || head.len() > MOST_BETWEEN || !runs_on(text) {
        return None;
    }
    let mut story = vec![Piece {
        kind: HEADLINE,
        ..leading_nowhere(&pieces[title])
    }];
    story.extend(head.iter().chain(text).map(|piece| leading_nowhere(piece)));
    Some(story)
}

/// What stands between a headline and its text at most: a subtitle, who wrote it, where, when.
const MOST_BETWEEN: usize = 5;

/// Whether what comes is the page's again.
fn ends_story(piece: &Piece, rules: &Rules) -> bool {
    let folded = text::fold_within(&piece.text, read_more::LONGEST_FURNITURE);
    rules.known_as(&piece.text) == Some(Known::Stop)
        || folded.is_some_and(|folded| {
            boilerplate::ends_page(&folded) || boilerplate::signs_off(&folded)
        })
}

/// Whether a line is what sites say around their texts.
fn is_furniture(piece: &Piece) -> bool {
    let folded = text::fold_within(&piece.text, read_more::LONGEST_FURNITURE);
    piece.kind == PieceKind::Rule
        || folded.is_some_and(|folded| boilerplate::is_said(&piece.text, &folded, piece.is_plain()))
            && dates::dateline(&piece.text).is_none()
}

/// Whether a line says who wrote a story, or leads to more of its kind.
fn is_label(piece: &Piece) -> bool {
    /// The longest of them, in bytes.
    const LONGEST: usize = 80;
    let is_byline = || dates::dateline(&piece.text).is_some_and(|line| line.date.is_none());
    piece.kind == PieceKind::Paragraph
        && piece.text.len() <= LONGEST
        && !text::ends_sentence_or_question(&piece.text)
        && (piece.links > 0 || is_byline())
}

/// Whether a heading right below a title is its subtitle: the title is as long as headlines are.
fn is_under_title(pieces: &[Piece], at: usize, rules: &Rules) -> bool {
    at > 0
        && is_title(&pieces[at - 1].text)
        && !pieces[at].is_linked
        && !rules.is_heading(&pieces[at].text)
}

/// Whether a heading is of the first level, and what the page is called by where browsers show it.
fn is_called(heading: &Piece, called: &str) -> bool {
    let called = format!("{} ", text::fold(called));
    let heading = (heading.kind == PieceKind::Heading(1))
        .then(|| text::fold_within(&heading.text, called.len()))
        .flatten();
    heading.is_some_and(|heading| !heading.is_empty() && called.starts_with(&format!("{heading} ")))
}

/// Whether a title is that of several stories: dated, numbered, or by its words.
fn is_collection(title: &str) -> bool {
    let folded = format!(" {} ", text::fold(title));
    dates::in_text(title).is_some()
        || title.trim_end().ends_with(|c: char| c.is_ascii_digit())
        || pages::COLLECTIONS
            .iter()
            .any(|word| folded.contains(&format!(" {word} ")))
}

/// Whether a piece is sentences, as the text of a story is.
fn is_running(piece: &Piece) -> bool {
    piece.kind == PieceKind::Paragraph
        && !piece.goes_on
        && !piece.is_linked
        && (text::ends_sentence_or_question(&piece.text) || leads_list(&piece.text))
        && dates::dateline(&piece.text).is_none()
}

/// Whether sentences end in what a list goes on with.
fn leads_list(text: &str) -> bool {
    text.ends_with([':', '：']) && text.contains(". ")
}

/// Whether a text goes on as a story's: no line in it could be a headline, and no more than one of its paragraphs leads
/// somewhere at its beginning or its end, or begins like an item.
fn runs_on(text: &[&Piece]) -> bool {
    /// What is set at the beginning of a text: a place.
    const LONGEST_PLACE: usize = 40;
    let is_text = |(at, piece): (usize, &&Piece)| match piece.kind {
        PieceKind::Paragraph => {
            let is_place = |end: usize| at == 0 && end <= LONGEST_PLACE;
            piece.row.is_none()
                && piece.in_lines.is_none()
                && piece.begins.is_none()
                && piece.lead.is_none_or(is_place)
                && (is_running(piece) || at + 1 == text.len() && piece.links == 0)
        }
        PieceKind::Item => piece.links == 0 && piece.lead.is_none() && !piece.is_head,
        PieceKind::Heading(_) | PieceKind::Rule => false,
    };
    let tails = text.iter().filter(|piece| !piece.tail.is_empty());
    text.iter().enumerate().all(is_text) && tails.count() <= 1
}

/// A piece as plain text.
fn leading_nowhere(piece: &Piece) -> Piece {
    Piece {
        kind: PieceKind::Paragraph,
        text: piece.text.clone(),
        time: piece.time.clone(),
        own_date: piece.own_date.clone(),
        ..Piece::rule(piece.line)
    }
}

/// The title that publishing systems set over the element that holds a story's text: the last heading in front of it,
/// within the smallest element around both. A page as a whole has its only one of the first level.
fn title_over(container: ElementRef<'_>) -> Option<Piece> {
    let around = container.ancestors().filter_map(ElementRef::wrap);
    for element in around.take(MOST_AROUND) {
        let is_page = matches!(element.value().name(), "body" | "html");
        let mut found = None;
        for node in element.descendants().take(MOST_NODES) {
            steps::spend(STEPS_A_NODE);
            if node.id() == container.id() {
                break;
            }
            let Some(heading) = ElementRef::wrap(node) else {
                continue;
            };
            match heading.value().name() {
                "h1" if is_page && found.is_some() => return None,
                "h1" => found = Some(heading),
                "h2" | "h3" if !is_page => found = Some(heading),
                _ => {}
            }
        }
        if let Some(heading) = found {
            let title = html_walk::pieces(heading).into_iter().next()?;
            return Some(Piece {
                kind: HEADLINE,
                ..title
            });
        }
        if is_page {
            return None;
        }
    }
    None
}

/// Whether an element is, or stands in, what says of itself that it is an article.
pub(super) fn is_article(container: ElementRef<'_>) -> bool {
    around(container).any(|element| element.value().name() == "article")
}

/// Whether a page read as text is one item whose headline is none: a sentence, who wrote it, or a date.
pub(super) fn is_running_text(drafts: &[Draft]) -> bool {
    matches!(drafts, [only] if only.heading.is_none()
        && (text::ends_sentence_or_question(&only.title) || dates::dateline(&only.title).is_some()))
}

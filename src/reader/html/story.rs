//! A page of one story: a title, and text that runs on below it.

use scraper::ElementRef;

use crate::dates;
use crate::html::html_walk;
use crate::html::outline::{Piece, PieceKind};
use crate::html::siblings::around;
use crate::limits::steps;
use crate::rules::Rules;
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
    let is_heading = |piece: &Piece| matches!(piece.kind, PieceKind::Heading(_));
    let Some(title) = pieces.iter().rposition(is_heading) else {
        let title = title_over(container).filter(|title| !rules.is_heading(&title.text))?;
        return Some([&[title], pieces].concat());
    };
    let below = pieces.get(title + 1)?;
    let others = pieces[..title].iter().filter(|piece| is_heading(piece));
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

//! The texts of feeds as paragraphs.

use crate::html::markup;

/// The paragraphs of a text that may be markup; `literal` where the feed says that it is none.
pub(crate) fn of_markup(text: &str, literal: bool) -> Vec<String> {
    let is_markup = markup::is_whole(text);
    if literal && !is_markup {
        text.split("\n\n")
            .map(markup::squeezed)
            .filter(|p| !p.is_empty())
            .collect()
    } else {
        let paragraphs = markup::paragraphs(text);
        // What was escaped twice is markup still.
        match paragraphs.first() {
            Some(first) if !is_markup && markup::is_whole(first) => {
                markup::paragraphs(&paragraphs.join("\n\n"))
            }
            _ => paragraphs,
        }
    }
}

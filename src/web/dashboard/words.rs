//! What chat answers, as words on a page.

use tidings_core::post::{Block, Post};

/// What a post says, line by line.
pub(super) fn words(post: &Post) -> String {
    let mut lines = Vec::new();
    for block in &post.blocks {
        match block {
            Block::Line(line) | Block::Mark(line) => lines.push(line.to_text()),
            Block::Paragraph(text) | Block::Link(text) | Block::Title { text, .. } => {
                lines.push(text.clone());
            }
            Block::Hints(hints) => lines.extend(hints.iter().map(|hint| hint.to_text())),
            Block::Entry(entry) => lines.push(entry.title.clone()),
            Block::Section { title, .. } => lines.push(title.clone()),
            Block::Row { name, text, .. } => lines.push(format!("{name} — {text}")),
            Block::Name(_) | Block::Offers(_) => {}
        }
    }
    lines.join("\n")
}

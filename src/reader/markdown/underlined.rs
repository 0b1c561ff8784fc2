//! Digests as text in which headings are underlined: what tells their items apart are the gaps, as in every other digest.

use crate::document::{Document, Page, Unreadable};
use crate::markdown::marks::{may_be_underlined, underlines};
use crate::rules::Rules;
use crate::text::blocks::Blocks;
use crate::text::{digest, numbering};
use tidings_core::text;

/// A text without the lines that underline others.
#[derive(Default)]
pub(super) struct Underlined {
    text: String,
    /// The lines of it that are headings.
    headings: Vec<u32>,
    /// For each line of it, which one of the document it is.
    lines: Vec<u32>,
}

impl Underlined {
    pub(super) fn of(text: &str) -> Underlined {
        let mut found = Underlined::default();
        let lines: Vec<&str> = text.lines().collect();
        let is_blank = |line: &str| line.chars().all(text::is_blank);
        for (at, line) in lines.iter().enumerate() {
            let before = at.checked_sub(1).map_or("", |at| lines[at]);
            let next = lines.get(at + 1).copied().unwrap_or_default();
            let under = |at: usize| lines.get(at).is_some_and(|line| underlines(line).is_some());
            if !under(at) {
                found.push(line, at);
                continue;
            }
            // A line above a title that is underlined as well is of its box.
            let is_over = is_blank(before) && may_be_underlined(next) && under(at + 2);
            if !is_over && !may_be_underlined(before) {
                found.push(line, at);
                continue;
            }
            let is_alone = at < 2 || is_blank(lines[at - 2]) || under(at - 2);
            if !is_over && is_alone && numbering::may_be_heading(before.trim()) {
                found
                    .headings
                    .push(u32::try_from(found.lines.len()).unwrap_or(u32::MAX));
            }
            if !is_over && !is_blank(next) {
                found.push("", at);
            }
        }
        found
    }

    fn push(&mut self, line: &str, at: usize) {
        self.text.push_str(line);
        self.text.push('\n');
        self.lines.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
    }

    /// Whether some blocks stand further apart than others, without a heading between them.
    pub(super) fn has_gaps(&self) -> bool {
        const WIDE: u32 = 2;
        let mut was_heading = true;
        Blocks::new(&self.text).any(|block| {
            let is_heading = self.headings.binary_search(&block.line).is_ok();
            let is_apart = block.gap >= WIDE && !is_heading && !was_heading;
            was_heading = is_heading;
            is_apart
        })
    }

    /// Which line of the document a line is.
    fn line(&self, line: u32) -> u32 {
        let at = line
            .checked_sub(1)
            .and_then(|at| self.lines.get(at as usize));
        at.copied().unwrap_or(line)
    }
}

/// Reads one digest by its gaps.
///
/// # Errors
/// A digest without an item.
pub(super) fn parse(text: &str, document: &Document, rules: &Rules) -> Result<Page, Unreadable> {
    let underlined = Underlined::of(text);
    let read = digest::parse_lines(&underlined.text, &underlined.headings, document, rules);
    match read {
        Ok(mut page) => {
            for draft in &mut page.drafts {
                draft.line = underlined.line(draft.line);
            }
            for line in &mut page.unread.lines {
                *line = underlined.line(*line);
            }
            Ok(page)
        }
        Err(wrong) => Err(Unreadable {
            line: underlined.line(wrong.line),
            ..wrong
        }),
    }
}

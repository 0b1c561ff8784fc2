//! Lines that stand under others and make headings of them (design.md, “How a digest page is read”, rule 2).

use crate::dates;
use crate::limits::bounds;
use crate::text::blocks::Block;
use crate::text::read_more;
use tidings_core::text;

/// Whether a line is nothing but one of the marks that underline another.
pub(crate) fn underlines(line: &str) -> Option<char> {
    const FEWEST: usize = 3;
    let line = line.trim_end();
    let inner = line.trim_start_matches(' ');
    let mark = inner.chars().next().filter(|c| "=-~*".contains(*c))?;
    (line.len() - inner.len() < 4
        && inner.len() >= FEWEST
        && inner.bytes().all(|byte| char::from(byte) == mark))
    .then_some(mark)
}

/// Whether a line may be underlined: it says something, and isn't set otherwise.
pub(crate) fn may_be_underlined(line: &str) -> bool {
    let inner = line.trim();
    let indent = line.len() - line.trim_start_matches(' ').len();
    indent < 4
        && inner.contains(char::is_alphanumeric)
        && !inner.starts_with(['#', '>', '|', '<'])
        && !["- ", "* ", "+ ", "```"]
            .iter()
            .any(|mark| inner.starts_with(mark))
}

/// A part of a block that holds lines of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part<'t> {
    pub(crate) block: Block<'t>,
    /// Whether it is a line that is underlined.
    pub(crate) is_underlined: bool,
}

/// A block's parts, where lines of marks part it; `None` where it holds no such line. A sentence isn't underlined, nor is a
/// date, and what stands right under another line is the end of a paragraph: those marks only adorn the page.
pub(crate) fn parts(block: Block<'_>) -> Option<Vec<Part<'_>>> {
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for line in block.raw.split('\n') {
        lines.push((at, line));
        at += line.len() + 1;
    }
    if !lines.iter().any(|(_, line)| underlines(line).is_some()) {
        return None;
    }
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut from = 0;
    for (here, (_, line)) in lines.iter().enumerate() {
        let is_mark = underlines(line).is_some();
        if !is_mark && here + 1 < lines.len() {
            continue;
        }
        let to = if is_mark { here } else { here + 1 };
        if from < to {
            let (start, _) = lines[from];
            let (last, text) = lines[to - 1];
            let gap = match parts.last() {
                None => block.gap,
                // Behind a text the page has a line across it there; a signature goes on below its own.
                Some(before) if ends_text(&before.block.joined()) => 2,
                Some(_) => 1,
            };
            parts.push(Part {
                block: Block {
                    raw: block.raw[start..last + text.len()].trim_end_matches('\r'),
                    line: block.line + u32::try_from(from).unwrap_or(u32::MAX),
                    gap,
                },
                is_underlined: is_mark && to - from == 1 && is_heading(text),
            });
        }
        from = here + 1;
    }
    // A line of marks alone is an ornament, with the gaps around it.
    (!parts.is_empty()).then_some(parts)
}

fn ends_text(text: &str) -> bool {
    let said = read_more::strip(text).text;
    said.is_empty() || text::ends_sentence(said)
}

fn is_heading(line: &str) -> bool {
    let line = line.trim();
    may_be_underlined(line)
        && bounds::may_head(line)
        && !ends_text(line)
        && read_more::only_address(line).is_none()
        && dates::dateline(line).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::blocks::Blocks;

    fn parted(text: &str) -> Vec<(String, bool, u32, u32)> {
        let mut found = Vec::new();
        for block in Blocks::new(text) {
            match parts(block) {
                None => found.push((block.raw.to_owned(), false, block.line, block.gap)),
                Some(parts) => found.extend(parts.into_iter().map(|part| {
                    let Block { raw, line, gap } = part.block;
                    (raw.to_owned(), part.is_underlined, line, gap)
                })),
            }
        }
        found
    }

    fn row(text: &str, is_underlined: bool, line: u32, gap: u32) -> (String, bool, u32, u32) {
        (text.to_owned(), is_underlined, line, gap)
    }

    #[test]
    fn a_line_of_its_own_over_marks_is_a_heading() {
        assert_eq!(
            parted("Ships\n-----\n\nText"),
            [row("Ships", true, 1, 0), row("Text", false, 4, 1)]
        );
        assert_eq!(
            parted("=====\r\nTHE WEEKLY\r\n=====\r\n"),
            [row("THE WEEKLY", true, 2, 0)]
        );
        assert_eq!(
            parted("\nShips\n~~~\nMore\nof it"),
            [row("Ships", true, 2, 1), row("More\nof it", false, 4, 1)]
        );
    }

    #[test]
    fn marks_under_a_sentence_a_date_or_a_paragraph_adorn() {
        assert_eq!(
            parted("It refuses.\n***"),
            [row("It refuses.", false, 1, 0)]
        );
        assert_eq!(
            parted("March 8, 2019\n-----"),
            [row("March 8, 2019", false, 1, 0)]
        );
        assert_eq!(
            parted("Yours\nAnn\n---\nThe Weekly"),
            [
                row("Yours\nAnn", false, 1, 0),
                row("The Weekly", false, 4, 1)
            ]
        );
        assert_eq!(parted("***"), [row("***", false, 1, 0)]);
        assert_eq!(
            parted("So it was. READ MORE\n-----\nNext"),
            [
                row("So it was. READ MORE", false, 1, 0),
                row("Next", false, 3, 2)
            ]
        );
        assert_eq!(parted("A - b\n-"), [row("A - b\n-", false, 1, 0)]);
    }
}

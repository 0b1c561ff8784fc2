//! Lists within one block: lines that begin with the same mark, headlines with their addresses below them, references
//! (`[1] Headline. https://…`).

use crate::text::numbering::number_length;
use crate::text::read_more;

/// Marks that people begin entries with, besides those of Markdown.
const MARKS: &str = "–—―·▪▫■□●○◆◇▶►➤";

/// Those that Markdown knows, or that no sentence has.
const BULLETS: &str = "-*+•・‣◦⁃･";

/// A row of lines is a list from so many entries on.
const FEWEST: usize = 2;

/// The list that a block is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entries {
    /// For each entry its first line, and where its text begins there, in bytes.
    pub(crate) starts: Vec<(usize, usize)>,
}

impl Entries {
    /// Whether a line stands over the list.
    pub(crate) fn has_heading(&self) -> bool {
        self.starts.first().is_some_and(|(line, _)| *line > 0)
    }
}

/// Whose marks count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Marks {
    /// Those that Markdown doesn't know.
    Others,
    /// All of them, and numbers.
    All,
}

/// The list that a block's lines are. At most one line stands over it; what else has no mark goes on with an entry.
pub(crate) fn entries(lines: &[&str], marks: Marks) -> Option<Entries> {
    if lines.len() < FEWEST {
        return None;
    }
    let starts = marked(lines, marks)
        .or_else(|| starts(lines, reference))
        .or_else(|| over_addresses(lines, marks))?;
    Some(Entries { starts })
}

/// The entries that begin as `mark` says; they are a list if there are enough of them, and if they come first.
fn starts(lines: &[&str], mark: impl Fn(&str) -> Option<usize>) -> Option<Vec<(usize, usize)>> {
    let first = lines.iter().take(2).position(|line| mark(line).is_some())?;
    let found = lines.iter().enumerate().skip(first);
    let found: Vec<(usize, usize)> = found
        .filter_map(|(at, line)| Some((at, mark(line)?)))
        .collect();
    (found.len() >= FEWEST).then_some(found)
}

/// Lines that begin with the mark that the first of them has, or with numbers.
fn marked(lines: &[&str], marks: Marks) -> Option<Vec<(usize, usize)>> {
    let mark_of = |line: &str| {
        let mark = line.trim_start().chars().next()?;
        let is_known = MARKS.contains(mark) || marks == Marks::All && BULLETS.contains(mark);
        is_known.then_some(mark)
    };
    let behind = |line: &str, length: usize| {
        let indent = line.len() - line.trim_start().len();
        let rest = line[indent + length..].trim_start();
        let is_apart = line[indent + length..].len() > rest.len();
        (rest.contains(char::is_alphanumeric)).then_some((line.len() - rest.len(), is_apart))
    };
    let first = lines.iter().take(2).find_map(|line| mark_of(line));
    let by_mark = first.and_then(|mark| {
        starts(lines, |line| {
            let line_mark = mark_of(line).filter(|own| *own == mark)?;
            let (at, is_apart) = behind(line, line_mark.len_utf8())?;
            is_apart.then_some(at)
        })
    });
    by_mark.or_else(|| {
        let number = |line: &str| {
            let length = number_length(line.trim_start());
            let (at, _) = behind(line, length).filter(|_| length > 0)?;
            Some(at)
        };
        (marks == Marks::All)
            .then(|| starts(lines, number))
            .flatten()
    })
}

/// Where the text of `[1] Headline. https://…` begins.
fn reference(line: &str) -> Option<usize> {
    let inner = line.trim_start();
    let digits = inner
        .strip_prefix('[')?
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    let rest = inner.get(1 + digits..)?.strip_prefix("] ")?.trim_start();
    let (headline, _) = read_more::before_address(rest)?;
    ((1..=3).contains(&digits) && headline.contains(char::is_alphabetic))
        .then_some(line.len() - rest.len())
}

/// Headlines, each with its address on the next line.
fn over_addresses(lines: &[&str], marks: Marks) -> Option<Vec<(usize, usize)>> {
    let is_address = |line: &str| read_more::only_address(line.trim()).is_some();
    let is_headline = |line: &str| {
        let inner = line.trim_start();
        inner.contains(char::is_alphabetic)
            && !is_address(line)
            && !line.contains("](")
            && (marks == Marks::All
                || number_length(inner) == 0 && !inner.starts_with(['-', '*', '+', '#', '>', '|']))
    };
    let (pairs, rest) = lines.as_chunks::<2>();
    let all = rest.is_empty()
        && pairs.len() >= FEWEST
        && pairs
            .iter()
            .all(|[one, other]| is_headline(one) && is_address(other));
    let start = |at: usize| {
        (
            2 * at,
            lines[2 * at].len() - lines[2 * at].trim_start().len(),
        )
    };
    all.then(|| (0..pairs.len()).map(start).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts_of(block: &str, marks: Marks) -> Vec<usize> {
        let lines: Vec<&str> = block.lines().collect();
        let found = entries(&lines, marks)
            .map(|found| found.starts)
            .unwrap_or_default();
        found.into_iter().map(|(line, _)| line).collect()
    }

    #[test]
    fn lines_with_one_mark_are_a_list() {
        assert_eq!(
            starts_of("– One\n– Two\ngoes on\n– Three", Marks::Others),
            [0, 1, 3]
        );
        assert_eq!(starts_of("Ships:\n— One\n— Two", Marks::Others), [1, 2]);
        assert_eq!(starts_of("1. One\n2. Two", Marks::All), [0, 1]);
        assert_eq!(
            starts_of(
                "[1] One. https://x.example/1\n[2] Two https://x.example/2",
                Marks::Others
            ),
            [0, 1]
        );
        assert_eq!(
            starts_of(
                "One\nhttps://x.example/1\nTwo\nhttps://x.example/2",
                Marks::Others
            ),
            [0, 2]
        );
        let none: [usize; 0] = [];
        assert_eq!(starts_of("Nobody knew.\n— Ann Lee", Marks::Others), none);
        assert_eq!(starts_of("1. One\n2. Two", Marks::Others), none);
        assert_eq!(
            starts_of(
                "[1] https://x.example/1\n[2] https://x.example/2",
                Marks::All
            ),
            none
        );
        assert_eq!(starts_of("–One\n–Two", Marks::Others), none);
    }
}

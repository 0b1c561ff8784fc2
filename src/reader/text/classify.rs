//! The first look at a page's blocks: which ones are known headings, tails, addresses or furniture, and where
//! the page ends.

use std::borrow::Cow;
use std::vec;

use jiff::civil::Date;

use crate::dates;
use crate::rules::{Known, Rules};
use crate::text::blocks::{Block, Blocks};
use crate::text::entries::{Marks, entries};
use crate::text::in_lines::in_lines;
use crate::text::numbering::{number_length, without_marker};
use crate::text::read_more;
use crate::text::underlines::{Part, parts};
use tidings_core::item::Published;
use tidings_core::text;

/// In how many blocks of a page its date is looked for (rule 8).
pub(crate) const DATED_BLOCKS: usize = 5;

/// What a block is, before its neighbours are considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role<'t> {
    /// A heading that the configuration knows (rule 2).
    Heading,
    /// A line that is underlined, which the configuration doesn't know (rule 2).
    Underlined,
    /// Nothing but “READ MORE”, perhaps with an address (rule 6).
    Tail(Option<&'t str>),
    /// Nothing but an address (rule 6).
    Address,
    /// Everything else.
    Text,
}

#[derive(Clone, Debug)]
pub(crate) struct Classified<'t> {
    pub(crate) block: Block<'t>,
    pub(crate) joined: Cow<'t, str>,
    pub(crate) role: Role<'t>,
    /// Blank lines in front, those in front of dropped blocks included.
    pub(crate) gap: u32,
    /// Whether this is the page's first block: its end of the page is wide, but no gap of 4.
    pub(crate) first: bool,
}

impl<'t> Classified<'t> {
    /// Whether what stands before it is a headline for that reason (rule 3).
    pub(crate) fn is_narrow(&self) -> bool {
        self.gap == 1 && !matches!(self.role, Role::Heading | Role::Underlined)
    }

    /// The entries of a list that stands where a headline does, and the known heading in the line over them.
    pub(crate) fn entries(&self, rules: &Rules) -> Option<(Option<&'t str>, Vec<Block<'t>>)> {
        let raw = self.block.raw;
        memchr::memchr(b'\n', raw.as_bytes())?;
        let lines: Vec<&'t str> = raw.split('\n').collect();
        let found = entries(&lines, Marks::All)?;
        let heading = found
            .has_heading()
            .then(|| without_marker(lines[0].trim_matches(text::is_blank)));
        if heading.is_some_and(|heading| !rules.is_heading(heading)) {
            return None;
        }
        let ends: Vec<usize> = lines
            .iter()
            .scan(0, |at, line| {
                *at += line.len() + 1;
                Some(*at - 1)
            })
            .collect();
        let lasts = found.starts.iter().skip(1).map(|(line, _)| line - 1);
        let lasts = lasts.chain([lines.len() - 1]);
        let entries = found.starts.iter().zip(lasts).map(|((line, text), last)| {
            let from = ends[*line] - lines[*line].len() + text;
            Block {
                raw: raw[from..ends[last]].trim_end(),
                line: self.block.line + u32::try_from(*line).unwrap_or(u32::MAX),
                gap: 1,
            }
        });
        Some((heading, entries.collect()))
    }

    pub(crate) fn ends_sentence(&self) -> bool {
        read_more::ends_sentence(&self.joined)
    }
}

/// The blocks of the page up to its footer, without the site's furniture.
pub(crate) struct Classify<'t, 'r> {
    pub(crate) blocks: Blocks<'t>,
    /// What is left of a block that lines of marks part.
    pub(crate) parts: vec::IntoIter<Part<'t>>,
    pub(crate) rules: &'r Rules,
    /// The page's blocks so far, furniture included.
    pub(crate) count: usize,
    /// The first block's line.
    pub(crate) first_line: Option<u32>,
    /// The first date in the first five blocks.
    pub(crate) date: Option<Date>,
    pub(crate) yielded: bool,
    pub(crate) ended: bool,
    /// The block at hand, folded.
    pub(crate) folded: String,
}

impl<'t, 'r> Classify<'t, 'r> {
    pub(crate) fn new(text: &'t str, rules: &'r Rules) -> Classify<'t, 'r> {
        Classify {
            blocks: Blocks::new(text),
            parts: Vec::new().into_iter(),
            rules,
            count: 0,
            first_line: None,
            date: None,
            yielded: false,
            ended: false,
            folded: String::new(),
        }
    }
}

impl<'t> Classify<'t, '_> {
    /// The next block, or the next part of one.
    fn next_part(&mut self) -> Option<Part<'t>> {
        loop {
            if let Some(part) = self.parts.next() {
                return Some(part);
            }
            let block = self.blocks.next()?;
            match parts(block) {
                None => {
                    return Some(Part {
                        block,
                        is_underlined: false,
                    });
                }
                Some(parts) => self.parts = parts.into_iter(),
            }
        }
    }
}

impl<'t> Iterator for Classify<'t, '_> {
    type Item = Classified<'t>;

    fn next(&mut self) -> Option<Classified<'t>> {
        let mut gap = 0;
        while !self.ended {
            let Some(Part {
                block,
                is_underlined,
            }) = self.next_part()
            else {
                break;
            };
            // Furniture vanishes together with the narrower of the gaps around it.
            gap = gap.max(block.gap);
            let joined = block.joined();
            let longest = self.rules.longest().max(read_more::LONGEST_FURNITURE);
            let folded =
                text::fold_into(&joined, longest, &mut self.folded).then_some(self.folded.as_str());
            let known = folded.and_then(|f| self.rules.known(f)).or_else(|| {
                // `1. Ships`
                let is_numbered = folded.is_some() && number_length(&joined) > 0;
                let titled = || without_marker(&joined);
                let known = is_numbered
                    .then(titled)
                    .and_then(|it| self.rules.known_as(it));
                known.filter(|known| *known == Known::Heading)
            });
            let known = known.or_else(|| match folded {
                // `🕊️ US-NK Relations`, `북ㆍ미 관계`
                Some(_) if text::is_dressed(&joined) => self.rules.known_as(&joined),
                _ => None,
            });
            if known == Some(Known::Stop) {
                break;
            }
            self.count += 1;
            self.first_line.get_or_insert(block.line);
            if self.date.is_none() && self.count <= DATED_BLOCKS {
                self.date = dates::in_block(&joined);
            }
            let role = if known.is_some() {
                Role::Heading
            } else if is_underlined {
                Role::Underlined
            } else if folded
                .is_some_and(|f| read_more::is_ornament(&joined, f) || read_more::is_furniture(f))
            {
                continue;
            } else if read_more::only_address(&joined).is_some() {
                Role::Address
            } else {
                tail_role(block.raw, &joined)
            };
            let first = !std::mem::replace(&mut self.yielded, true);
            return Some(Classified {
                block,
                joined,
                role,
                gap,
                first,
            });
        }
        self.ended = true;
        None
    }
}

/// Tells a block that is nothing but a tail from text. The address is borrowed from the page itself,
/// so that it outlives the joined text.
fn tail_role<'t>(raw: &'t str, joined: &str) -> Role<'t> {
    let stripped = read_more::strip(joined);
    if !stripped.text.is_empty() {
        return Role::Text;
    }
    let link = stripped.link.and_then(|link| {
        let at = raw.find(link)?;
        raw.get(at..at + link.len())
    });
    Role::Tail(link)
}

/// What the block of a headline says (rule 7).
pub(crate) struct Headline {
    pub(crate) title: String,
    /// What stands between a headline and its address on lines of their own.
    pub(crate) text: String,
    pub(crate) link: Option<String>,
    /// The item's own date.
    pub(crate) published: Option<Published>,
}

/// The title in a block, with the address, the byline and the date that stand under it (rule 7).
pub(crate) fn headline(block: &Block<'_>, joined: &str, rules: &Rules) -> Headline {
    let plain = |title: &str| {
        let title = without_marker(title);
        // `Headline https://…`
        let (title, link) = match read_more::before_address(title) {
            Some((title, address)) => (title, Some(read_more::link(address))),
            None => (title, None),
        };
        Headline {
            title: title.to_owned(),
            text: String::new(),
            link,
            published: None,
        }
    };
    if memchr::memchr(b'\n', block.raw.as_bytes()).is_none() {
        return plain(joined);
    }
    let lines: Vec<&str> = block.lines().collect();
    // From the end, what nothing of the title follows; and the line under the headline.
    let mut above = lines.len();
    let is_beside =
        |line: &str| dates::dateline(line).is_some() || read_more::only_address(line).is_some();
    while above > 1 && is_beside(lines[above - 1]) {
        above -= 1;
    }
    let beside: Vec<&str> = match lines[1..above].first() {
        Some(second) if is_beside(second) => [second]
            .into_iter()
            .chain(&lines[above..])
            .copied()
            .collect(),
        _ => lines[above..].to_vec(),
    };
    if beside.is_empty() {
        return plain(joined);
    }
    let is_under = above > 1 && is_beside(lines[1]);
    let title: Vec<&str> = lines[..above]
        .iter()
        .enumerate()
        .filter(|(at, _)| !(is_under && *at == 1))
        .map(|(_, line)| *line)
        .collect();
    let link = beside.iter().find_map(|line| read_more::only_address(line));
    let date = beside.iter().find_map(|line| dates::dateline(line)?.date);
    let mut found = Headline {
        published: date.and_then(|date| date.published(rules.zone())),
        ..plain(&text::join_lines(&title.join("\n")))
    };
    found.link = link.map(read_more::link).or(found.link);
    if found.title.is_empty() {
        // Nothing that is shown stands over the date: then that is the headline.
        return plain(joined);
    }
    // `* Headline`, text and address, as programs write the text part of a newsletter.
    if !is_under
        && title.len() > 1
        && let (Some(_), Some(lines)) = (marked(title[0]), in_lines(block.raw))
        && !lines.text.is_empty()
    {
        found.title = without_marker(&lines.title).to_owned();
        found.text = lines.text;
    }
    found
}

/// A line that begins with a number or a bullet.
fn marked(line: &str) -> Option<&str> {
    let unmarked = without_marker(line);
    (unmarked.len() < line.len()).then_some(unmarked)
}

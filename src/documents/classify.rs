//! The first look at a page's blocks: which ones are known headings, tails, addresses or furniture, and where
//! the page ends.

use std::borrow::Cow;

use jiff::civil::Date;

use super::blocks::{Block, Blocks};
use super::{Known, Rules, dates, tails};
use crate::items::Published;
use crate::text;

/// In how many blocks of a page its date is looked for (rule 8).
pub(super) const DATED_BLOCKS: usize = 5;

/// What a block is, before its neighbours are considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role<'t> {
    /// A heading that the configuration knows (rule 2).
    Heading,
    /// Nothing but “READ MORE”, perhaps with an address (rule 6).
    Tail(Option<&'t str>),
    /// Nothing but an address (rule 6).
    Address,
    /// Everything else.
    Text,
}

#[derive(Clone, Debug)]
pub(super) struct Classified<'t> {
    pub(super) block: Block<'t>,
    pub(super) joined: Cow<'t, str>,
    pub(super) role: Role<'t>,
    /// Blank lines in front, those in front of dropped blocks included.
    pub(super) gap: u32,
    /// Whether this is the page's first block: its end of the page is wide, but no gap of 4.
    pub(super) first: bool,
}

impl Classified<'_> {
    pub(super) fn ends_sentence(&self) -> bool {
        text::ends_sentence(tails::strip(&self.joined).text)
    }
}

/// The blocks of the page up to its footer, without the site's furniture.
pub(super) struct Classify<'t, 'r> {
    pub(super) blocks: Blocks<'t>,
    pub(super) rules: &'r Rules,
    /// The page's blocks so far, furniture included.
    pub(super) count: usize,
    /// The first block's line.
    pub(super) first_line: Option<u32>,
    /// The first date in the first five blocks.
    pub(super) date: Option<Date>,
    pub(super) yielded: bool,
    pub(super) ended: bool,
    /// The block at hand, folded.
    pub(super) folded: String,
}

impl<'t, 'r> Classify<'t, 'r> {
    pub(super) fn new(text: &'t str, rules: &'r Rules) -> Classify<'t, 'r> {
        Classify {
            blocks: Blocks::new(text),
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

impl<'t> Iterator for Classify<'t, '_> {
    type Item = Classified<'t>;

    fn next(&mut self) -> Option<Classified<'t>> {
        let mut gap = 0;
        while !self.ended {
            let Some(block) = self.blocks.next() else {
                break;
            };
            // Furniture vanishes together with the narrower of the gaps around it.
            gap = gap.max(block.gap);
            let joined = block.joined();
            let longest = self.rules.longest().max(tails::LONGEST_FURNITURE);
            let folded =
                text::fold_into(&joined, longest, &mut self.folded).then_some(self.folded.as_str());
            let known = folded.and_then(|f| self.rules.known(f));
            if known == Some(Known::Stop) {
                break;
            }
            self.count += 1;
            self.first_line.get_or_insert(block.line);
            if self.date.is_none() && self.count <= DATED_BLOCKS {
                self.date = dates::in_text(&joined);
            }
            let role = if known.is_some() {
                Role::Heading
            } else if folded
                .is_some_and(|f| tails::is_ornament(&joined, f) || tails::is_furniture(f))
            {
                continue;
            } else if tails::only_address(&joined).is_some() {
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
    let stripped = tails::strip(joined);
    if !stripped.text.is_empty() {
        return Role::Text;
    }
    let link = stripped.link.and_then(|link| {
        let at = raw.find(link)?;
        raw.get(at..at + link.len())
    });
    Role::Tail(link)
}

/// The title in a block, and the item's own date (rule 7).
pub(super) fn headline(block: &Block<'_>, joined: &str) -> (String, Option<Published>) {
    if memchr::memchr(b'\n', block.raw.as_bytes()).is_none() {
        return (without_marker(joined).to_owned(), None);
    }
    let lines: Vec<&str> = block.lines().collect();
    let datelines: Vec<_> = lines.iter().map(|line| dates::dateline(line)).collect();
    // Behind the last line of the title there are only dates and bylines.
    let title_end = datelines
        .iter()
        .rposition(Option::is_none)
        .map_or(0, |at| at + 1);
    let mut date = None;
    let mut under_headline = false;
    let mut title = String::new();
    for (at, line) in lines.iter().enumerate() {
        // The line under the headline; further down, only what nothing of the title follows.
        let under = at == 1 || at > 1 && at >= title_end;
        match datelines[at].filter(|_| under) {
            Some(dateline) => {
                under_headline = true;
                date = date.or(dateline.date);
            }
            None => {
                title.push_str(line);
                title.push('\n');
            }
        }
    }
    let title = if under_headline {
        text::join_lines(&title)
    } else {
        Cow::Borrowed(joined)
    };
    if title.is_empty() {
        // Nothing that is shown stands over the date: then that is the headline.
        return (without_marker(joined).to_owned(), None);
    }
    let title = without_marker(&title).to_owned();
    (title, date.map(Published::Date))
}

/// A title without `1.`, `1)`, `•` or `-` in front, where a space follows.
pub(super) fn without_marker(title: &str) -> &str {
    let digits = title.bytes().take_while(u8::is_ascii_digit).count();
    let marker = match title[digits..].chars().next() {
        Some('.' | ')') if (1..=3).contains(&digits) => digits + 1,
        Some(bullet @ ('•' | '-')) if digits == 0 => bullet.len_utf8(),
        _ => return title,
    };
    match title[marker..].strip_prefix(' ') {
        Some(rest) if !rest.trim().is_empty() => rest.trim_start(),
        _ => title,
    }
}

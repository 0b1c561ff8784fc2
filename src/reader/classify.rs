//! The first look at a page's blocks: which ones are known headings, tails, addresses or furniture, and where
//! the page ends.

use std::borrow::Cow;

use jiff::civil::Date;

use super::blocks::{Block, Blocks};
use super::pieces::in_lines;
use super::{Known, Rules, dates, tails};
use tidings_core::item::Published;
use tidings_core::text;

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
            let known = folded.and_then(|f| self.rules.known(f)).or_else(|| {
                // `1. Ships`
                let is_numbered = folded.is_some() && number_length(&joined) > 0;
                let titled = || text::fold(without_marker(&joined));
                let known = is_numbered.then(titled).and_then(|f| self.rules.known(&f));
                known.filter(|known| *known == Known::Heading)
            });
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

/// What the block of a headline says (rule 7).
pub(super) struct Headline {
    pub(super) title: String,
    /// What stands between a headline and its address on lines of their own.
    pub(super) text: String,
    pub(super) link: Option<String>,
    /// The item's own date.
    pub(super) published: Option<Published>,
}

/// The title in a block, with the address, the byline and the date that stand under it (rule 7).
pub(super) fn headline(block: &Block<'_>, joined: &str) -> Headline {
    let plain = |title: &str| Headline {
        title: without_marker(title).to_owned(),
        text: String::new(),
        link: None,
        published: None,
    };
    if memchr::memchr(b'\n', block.raw.as_bytes()).is_none() {
        return plain(joined);
    }
    let lines: Vec<&str> = block.lines().collect();
    // From the end, what nothing of the title follows; and the line under the headline.
    let mut above = lines.len();
    let is_beside =
        |line: &str| dates::dateline(line).is_some() || tails::only_address(line).is_some();
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
    let link = beside.iter().find_map(|line| tails::only_address(line));
    let date = beside.iter().find_map(|line| dates::dateline(line)?.date);
    let mut found = Headline {
        link: link.map(tails::link),
        published: date.map(Published::Date),
        ..plain(&text::join_lines(&title.join("\n")))
    };
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

/// How long the number in front of a title is that counts it, in bytes: `1.` and `1)` as far as a space or nothing
/// follows, `1、`, `１．`, `①` in any case.
pub(super) fn number_length(title: &str) -> usize {
    let first = title.chars().next().unwrap_or(' ');
    if matches!(u32::from(first), 0x2460..=0x2473 | 0x2776..=0x2793) {
        return first.len_utf8();
    }
    let is_digit = |c: &char| c.is_ascii_digit() || ('０'..='９').contains(c);
    let digits: Vec<char> = title.chars().take(4).take_while(is_digit).collect();
    let length: usize = digits.iter().map(|c| c.len_utf8()).sum();
    let rest = &title[length..];
    match rest.chars().next() {
        _ if !(1..=3).contains(&digits.len()) => 0,
        Some('.' | ')') if rest.len() == 1 || rest[1..].starts_with(char::is_whitespace) => {
            length + 1
        }
        Some(mark @ ('、' | '．' | '）')) => length + mark.len_utf8(),
        _ => 0,
    }
}

/// A title without `1.`, `1)`, `•` or `-` in front, where a space follows; without `1、`, `１．` or `①` in any case.
pub(super) fn without_marker(title: &str) -> &str {
    let bullet = match title.chars().next() {
        Some(bullet @ ('•' | '-' | '*')) if title[bullet.len_utf8()..].starts_with(' ') => {
            bullet.len_utf8()
        }
        _ => 0,
    };
    let marker = bullet.max(number_length(title));
    match title[marker..].trim_start() {
        "" => title,
        rest if marker > 0 => rest,
        _ => title,
    }
}

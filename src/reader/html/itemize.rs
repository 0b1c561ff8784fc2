//! From the pieces of a page to its items: the headings that stand over them, headlines, and the summaries that follow.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::dates;
use crate::dates::timestamps::Written;
use crate::html::heading_roles::Origin;
use crate::html::heading_roles::{Rank, Ranks, Under, is_bold_headline};
use crate::html::outline::{Piece, PieceKind, UNDEFINED, is_number};
use crate::html::shapes::{
    dateline, headline_end, is_only_a_link, is_text, is_worded, leads_within, split_by_hand,
};
use crate::html::{
    boilerplate, day_groups, entry_dates, heading_links, heading_roles, labels, markup, subtitles,
};
use crate::limits::bounds;
use crate::rules::{Known, Rules};
use crate::text::numbering;
use crate::text::numbering::{number_length, without_marker};
use crate::text::read_more;
use tidings_core::item::{Draft, Published, clean_link, is_front_page};
use tidings_core::text;

/// What becomes of sections of a web page that hold nothing but plain paragraphs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plain {
    /// Nothing: a page of such sections is read as text.
    AsText,
    /// Their lines are headlines, since others on the page are set as such.
    AsItems,
}

/// What was read of a page's pieces.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) drafts: Vec<Draft>,
    /// The lines of the pieces that no item took and no rule drops.
    pub(crate) unread: Vec<u32>,
    /// Whether a section was met that [`Plain`] is about.
    pub(crate) has_plain: bool,
}

/// The level of a section that is set as a paragraph, below all headings; its lists are deeper.
const LINE: u32 = 7;

/// The level of a section that is an entry of a list, less the entry's depth.
const ENTRY: u32 = 10;

/// The items that the pieces tell apart; what stands before the first heading has the one given. `called` is what a web
/// page is called by itself.
pub(crate) fn read(
    pieces: &[Piece],
    rules: &Rules,
    base: Option<&str>,
    origin: Origin,
    heading: Option<Arc<str>>,
    called: Option<&str>,
    plain: Plain,
) -> Found {
    let pieces = &*entry_dates::without_given(pieces);
    let pieces = &*heading_links::without(pieces, rules);
    let pieces = &*subtitles::as_text(pieces, rules);
    let pieces = &*subtitles::inner_as_text(pieces, rules);
    let pieces = &*day_groups::dated(pieces);
    let pieces = &*labels::without_labels(pieces, rules);
    let pieces = &*heading_roles::spread(pieces, rules, origin);
    let ranks = Ranks::of(pieces, rules, origin, called, base);
    let is_web = origin == Origin::Web;
    if is_web && ranks.plain_headlines {
        return Found::default();
    }
    let mut reader = Reader {
        base,
        zone: rules.zone(),
        is_web,
        plain,
        has_plain: false,
        drafts: Vec::new(),
        above: heading
            .map(|title| above(0, title, false))
            .into_iter()
            .collect(),
        under: ranks.under(None),
        is_ruled: false,
        behind: None,
        open: None,
        ahead: None,
        number: None,
        unread: Vec::new(),
    };
    let stories = if is_web && ranks.has_sections() {
        heading_roles::lists_of_stories(pieces)
    } else {
        HashSet::new()
    };
    // Behind the last section that is configured a heading may say that the page is over.
    let last_known = ranks.last_known.unwrap_or_default();
    // How the headings so far were set, and whether what comes belongs to a box in between.
    let mut headed: HashSet<(PieceKind, bool)> = HashSet::new();
    let mut is_in_box = false;
    // Within a table of contents.
    let mut in_contents = false;
    // The line behind the first section's heading.
    let mut in_sections = None;
    for (at, piece) in pieces.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| pieces.get(at));
        if in_sections.is_none() && !reader.above.is_empty() {
            in_sections = Some(piece.line);
        }
        if piece.kind == PieceKind::Rule {
            if !piece.adorns(before) {
                reader.rule(ranks.under(Some(at)));
            }
            continue;
        }
        let titled = without_marker(&piece.text).trim_end_matches([':', '：', ' ']);
        let is_heading = piece.is_heading();
        let next = pieces.get(at + 1);
        let is_over_a_list = heading_roles::is_over_a_list(piece, next);
        in_contents = in_contents && piece.kind == PieceKind::Item && !is_over_a_list;
        let level = match piece.kind {
            PieceKind::Heading(level) => u32::from(level),
            // Where paragraphs are the sections, headings are headlines.
            PieceKind::Paragraph if ranks.sections_are_paragraphs() => 0,
            PieceKind::Paragraph | PieceKind::Rule => LINE,
            PieceKind::Item => ENTRY + piece.depth,
        };
        reader.leave_lists(piece);
        in_contents =
            in_contents || !is_web && is_heading && leads_within(titled, &pieces[at + 1..]);
        match rules.known_as(titled) {
            Some(Known::Stop) => break,
            Some(Known::Heading) if in_contents => continue,
            Some(Known::Heading) => {
                reader.section(level, titled, true, ranks.under(Some(at)));
                continue;
            }
            None => {}
        }
        if in_contents && !is_web || ranks.drops(at) {
            continue;
        }
        let before_sections = is_web && reader.above.is_empty() && ranks.has_sections();
        if is_web {
            // What is longer is none of what is looked for.
            let folded = text::fold_within(titled, boilerplate::LONGEST_SAID).unwrap_or_default();
            if is_heading
                && piece.link.is_none()
                && reader.has_items()
                && boilerplate::ends_page(&folded)
            {
                if at > last_known && !is_more_behind(pieces, at, &headed) {
                    break;
                }
                is_in_box = true;
                continue;
            }
            is_in_box = is_in_box && !(is_heading && heads(&headed, piece));
            if is_in_box {
                continue;
            }
            if piece.is_plain() && reader.has_items() && boilerplate::signs_off(&folded) {
                if at > last_known {
                    break;
                }
                continue;
            }
            if is_heading {
                headed.insert(heading_kind(piece));
            }
            in_contents = in_contents || boilerplate::is_contents(&folded);
            // The page's own title stands before its first section.
            let is_title = is_heading && before_sections && ranks.sections_are_paragraphs();
            if is_title {
                reader.close();
            }
            if in_contents
                || is_title
                || is_heading && boilerplate::is_advertised(&folded)
                || !is_heading
                    && boilerplate::is_said(&piece.text, &folded, piece.is_plain())
                    && dateline(piece).is_none()
            {
                continue;
            }
        }
        match piece.kind {
            PieceKind::Heading(of) => match ranks.rank(piece, of, at, reader.is_under_known(level))
            {
                Rank::Section if !is_web || numbering::may_be_heading(titled) => {
                    reader.section(level, titled, false, ranks.under(Some(at)));
                }
                // Of two of one kind right behind one another, the first stands over the second.
                Rank::Headline | Rank::Nothing
                    if is_web
                        && !piece.is_linked
                        && !ranks.is_own_title(at)
                        && numbering::may_be_heading(titled)
                        && next.is_some_and(|next| next.kind == piece.kind && next.is_linked)
                        && before.is_none_or(|before| before.kind != piece.kind) =>
                {
                    reader.section(level, titled, false, ranks.under(Some(at)));
                }
                Rank::Section | Rank::Headline => reader.headline(level, piece),
                Rank::Nothing => reader.nothing(level, ranks.under(Some(at))),
            },
            // Before the first section of a web page there are menus.
            PieceKind::Item if before_sections && !stories.contains(&piece.line) => {}
            PieceKind::Item => match reader.entry(piece, is_over_a_list, &ranks) {
                Entry::Section => reader.section(level, titled, false, Under::default()),
                Entry::Item => match split_by_hand(piece).filter(|_| !is_web) {
                    Some(piece) => reader.item(&piece, Opened::Entry),
                    None => reader.item(piece, Opened::Entry),
                },
                Entry::Text => reader.add(piece),
                Entry::Dropped => {}
            },
            PieceKind::Paragraph if is_number(&piece.text) => {
                reader.paragraph(before, piece, &pieces[at + 1..], &ranks);
            }
            PieceKind::Paragraph
                if ranks.is_section(before, piece, next) || ranks.is_over_items(piece, at) =>
            {
                reader.section(level, titled, false, ranks.under(Some(at)));
            }
            PieceKind::Paragraph
                if is_bold_headline(piece) && next.is_some_and(is_text)
                    || reader.goes_on_in_row(piece) =>
            {
                reader.start(&piece.text, piece, Opened::Line);
            }
            PieceKind::Paragraph
                if ranks.inline_headlines
                    && (heading_roles::is_led(piece) || heading_roles::is_marked(piece)) =>
            {
                reader.item(piece, Opened::Led);
            }
            PieceKind::Paragraph if !is_web && reader.introduces(piece, next) => {
                reader.close();
                reader.unread.push(piece.line);
            }
            PieceKind::Paragraph => reader.paragraph(before, piece, &pieces[at + 1..], &ranks),
            PieceKind::Rule => {}
        }
    }
    reader.close();
    let mut unread = reader.unread;
    reader.drafts.retain(|draft| {
        let is_menu = is_web
            && ranks.has_sections()
            && draft.heading.is_none()
            && draft.summary.is_empty()
            && !stories.contains(&draft.line);
        // Behind the sections that may be something else; before them there are menus.
        if is_menu && in_sections.is_some_and(|line| line <= draft.line) {
            unread.push(draft.line);
        }
        // `<li><b>:</b> …</li>` has nothing to be called by.
        !draft.title.is_empty() && !is_menu
    });
    unread.sort_unstable();
    Found {
        drafts: reader.drafts,
        unread,
        has_plain: reader.has_plain,
    }
}

/// How a heading is set: its level, and whether it leads somewhere.
fn heading_kind(piece: &Piece) -> (PieceKind, bool) {
    (piece.kind, piece.is_linked)
}

/// Whether a heading is set as those of the page's own stories or sections were.
fn heads(headed: &HashSet<(PieceKind, bool)>, piece: &Piece) -> bool {
    headed.contains(&heading_kind(piece))
}

/// Whether a heading that sites have at the end of their pages is only that of a box between stories: several headings that
/// lead to stories stand behind it, set as those in front of it.
fn is_more_behind(pieces: &[Piece], at: usize, headed: &HashSet<(PieceKind, bool)>) -> bool {
    /// A box isn't longer, with what stands between two headlines behind it, in pieces.
    const NEAR: usize = 200;
    let behind = pieces[at + 1..]
        .iter()
        .take(NEAR)
        .filter(|piece| piece.is_heading());
    let mut own = behind.filter(|piece| piece.is_linked && heads(headed, piece));
    own.nth(1).is_some()
}

/// A heading that stands above.
#[derive(Clone)]
struct Above {
    level: u32,
    title: Arc<str>,
    is_known: bool,
}

fn above(level: u32, title: Arc<str>, is_known: bool) -> Above {
    Above {
        level,
        title,
        is_known,
    }
}

struct Reader<'b> {
    base: Option<&'b str>,
    /// The zone of moments that are written without one.
    zone: Option<&'b TimeZone>,
    is_web: bool,
    plain: Plain,
    has_plain: bool,
    drafts: Vec<Draft>,
    /// The headings above what comes, the nearest last.
    above: Vec<Above>,
    /// What stands under the nearest.
    under: Under,
    /// Whether a line across the page has ended what that one holds.
    is_ruled: bool,
    /// What stands behind the last such line, as far as the next heading.
    behind: Option<Under>,
    open: Option<Open>,
    /// A date that stands on a card before its headline, and the card.
    ahead: Option<(u32, Published)>,
    /// The line of a number that stands alone: what comes next is counted by it.
    number: Option<u32>,
    unread: Vec<u32>,
}

/// What an item began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opened {
    /// A heading.
    Heading,
    /// A line of its own that is set like a headline, or is a link.
    Line,
    /// A paragraph that begins with its headline, or with a number.
    Led,
    /// A paragraph whose first sentence is its headline.
    Sentence,
    /// An entry of a list, or a row of a table.
    Entry,
}

/// What an entry of a list is.
enum Entry {
    Section,
    Item,
    Text,
    Dropped,
}

struct Open {
    draft: Draft,
    opened: Opened,
    is_numbered: bool,
    /// The card that it began on.
    card: u32,
    /// How deep in lists it stands: 0 for none. The list's next item is another one.
    depth: u32,
    /// Where what it began with leads, as it is written.
    leads_to: Option<String>,
    /// The link that a paragraph of its text begins or ends with.
    beside: Option<String>,
    /// Whether its headline leads somewhere by itself.
    leads: bool,
}

impl Reader<'_> {
    fn has_items(&self) -> bool {
        self.open.is_some() || !self.drafts.is_empty()
    }

    fn link(&self, piece: &Piece) -> Option<String> {
        if piece.link.as_deref() == Some(UNDEFINED) {
            return None;
        }
        // A link that says that it leads to the story is more than one within its text.
        let links = match heading_roles::without_tail(piece) {
            Some(_) if piece.begins.is_none() => [&piece.last_link, &piece.link],
            _ => [&piece.link, &piece.last_link],
        };
        links
            .into_iter()
            .flatten()
            .find_map(|link| self.clean(link))
    }

    fn clean(&self, link: &str) -> Option<String> {
        if link == UNDEFINED {
            return None;
        }
        match (self.base, link.strip_prefix("//")) {
            (None, Some(rest)) => clean_link(None, &format!("https://{rest}")),
            _ => clean_link(self.base, link),
        }
    }

    /// The heading of what comes: the nearest that the configuration knows, else the nearest.
    fn heading(&self) -> Option<Arc<str>> {
        let known = || self.above.iter().rev().find(|above| above.is_known);
        let nearest = || self.above.last();
        let above = (!self.is_ruled).then(|| known().or_else(nearest)).flatten();
        above
            .filter(|above| bounds::may_head(&above.title))
            .map(|above| Arc::clone(&above.title))
    }

    /// The heading of an item: what a label of its entry names, where the configuration knows that.
    fn heading_of(&self, piece: &Piece) -> Option<Arc<str>> {
        let own = piece.section.as_deref().map(Arc::from);
        own.or_else(|| self.heading())
    }

    /// Whether the configuration knows the nearest heading.
    fn is_in_known(&self) -> bool {
        self.above.last().is_some_and(|above| above.is_known)
    }

    fn is_under_known(&self, level: u32) -> bool {
        let mut above = self.above.iter();
        above.any(|above| above.is_known && above.level < level)
    }

    /// Ends what headings of a level and deeper ones hold.
    fn pop(&mut self, level: u32) {
        self.close();
        self.is_ruled = false;
        self.behind = None;
        self.number = None;
        while self.above.last().is_some_and(|above| above.level >= level) {
            self.above.pop();
        }
    }

    fn section(&mut self, level: u32, title: &str, is_known: bool, under: Under) {
        self.pop(level);
        self.above.push(above(level, Arc::from(title), is_known));
        self.under = under;
    }

    /// A heading that is an item.
    fn headline(&mut self, level: u32, piece: &Piece) {
        let known = self.above.iter().rev().find(|above| above.is_known);
        let known = known.filter(|known| known.level >= level).cloned();
        self.pop(level);
        // The heading of a known section may be set as its headlines are, or deeper.
        self.above.extend(known);
        self.start(&piece.text, piece, Opened::Heading);
    }

    /// A heading that is neither.
    fn nothing(&mut self, level: u32, under: Under) {
        self.pop(level);
        self.under = under;
    }

    /// An entry that is a section's heading holds the list within it.
    fn leave_lists(&mut self, piece: &Piece) {
        let level = match piece.kind {
            PieceKind::Item if piece.goes_on => return,
            PieceKind::Item => ENTRY + piece.depth,
            PieceKind::Heading(_) | PieceKind::Paragraph | PieceKind::Rule => ENTRY,
        };
        while self.above.last().is_some_and(|above| above.level >= level) {
            self.above.pop();
        }
    }

    fn rule(&mut self, behind: Under) {
        self.close();
        self.number = None;
        self.is_ruled = !self.above.is_empty();
        self.behind = Some(behind);
        self.under = Under::default();
    }

    fn start(&mut self, title: &str, piece: &Piece, opened: Opened) {
        self.close();
        let unmarked = without_marker(title);
        let number = self.number.take();
        let own = piece.own_date.as_ref();
        let own = own.and_then(|date| date.published(self.zone));
        let ahead = self.ahead.take().filter(|(card, _)| *card == piece.card);
        let ahead = ahead.map(|(_, date)| date);
        let draft = Draft {
            title: unmarked.to_owned(),
            link: self.link(piece),
            heading: self.heading_of(piece),
            published: own.or(ahead),
            line: number.unwrap_or(piece.line),
            ..Draft::default()
        };
        self.open = Some(Open {
            draft,
            opened,
            is_numbered: number.is_some() || number_length(title) > 0,
            card: piece.card,
            depth: piece.depth,
            leads_to: piece.link.clone(),
            beside: None,
            leads: piece.is_linked || piece.begins.is_some(),
        });
    }

    /// What an entry is: an item, unless it stands within the summary of one.
    fn entry(&self, piece: &Piece, is_over_a_list: bool, ranks: &Ranks) -> Entry {
        // What leads within the page is its contents.
        let leads_within = |link: &str| link.starts_with('#');
        if piece.is_linked && piece.link.as_deref().is_some_and(leads_within) {
            return Entry::Dropped;
        }
        if piece.goes_on {
            return Entry::Text;
        }
        let is_linked = heading_roles::is_linked_entry(piece)
            || self.under.tells_entries() && heading_roles::told_entry(piece).is_some();
        if piece.is_head {
            let is_text = self
                .open
                .as_ref()
                .is_some_and(|open| open.opened != Opened::Entry);
            return if is_text { Entry::Text } else { Entry::Dropped };
        }
        let takes = match &self.open {
            None => true,
            Some(open) if self.is_web => {
                (1..=open.depth).contains(&piece.depth)
                    || is_linked && matches!(open.opened, Opened::Led | Opened::Sentence)
            }
            Some(open) => match open.opened {
                Opened::Heading | Opened::Line => false,
                Opened::Led | Opened::Sentence => is_linked,
                Opened::Entry if piece.depth > open.depth => is_linked && is_worded(piece),
                Opened::Entry => piece.depth == 1 || is_linked || is_over_a_list,
            },
        };
        let is_item = if self.is_web {
            piece.lead.is_some() || !self.above.is_empty() || is_linked && !ranks.has_headings
        } else {
            // In front of the first heading only links are news.
            is_linked || !self.above.is_empty() || !ranks.has_headings
        };
        match takes {
            true if is_over_a_list => Entry::Section,
            true if is_item => Entry::Item,
            _ => Entry::Text,
        }
    }

    /// An entry of a list, or a paragraph that begins with its headline.
    fn item(&mut self, piece: &Piece, opened: Opened) {
        if let Some(lines) = &piece.in_lines
            && piece.begins.is_none()
        {
            self.start(&lines.title, piece, opened);
            self.address(&lines.address);
            if !lines.text.is_empty() {
                self.add_text(&lines.text, piece);
            }
            return;
        }
        let text = heading_roles::without_tail(piece).unwrap_or(&piece.text);
        let (title, rest) = text.split_at(headline_end(piece).min(text.len()));
        let (title, address) = match read_more::before_address(title) {
            Some((title, address)) if rest.trim().is_empty() => (title, Some(address)),
            _ => (title, None),
        };
        let title = title.trim().trim_end_matches([':', '：', '–', '—']);
        self.start(title.trim_end(), piece, opened);
        if let Some(address) = address {
            self.address(address);
        }
        let rest = markup::behind_lead(rest);
        let told = piece.time.as_ref();
        let told = told.filter(|(_, text)| text == rest || !piece.text.contains(text.as_str()));
        if let Some((date, _)) = told {
            self.set_date(date);
        }
        match dates::dateline(rest).and_then(|line| line.date) {
            Some(date) => self.set_date(&date),
            None if rest.is_empty() || told.is_some_and(|(_, text)| text == rest) => {}
            None => self.add_text(rest, piece),
        }
    }

    /// Gives the open item its link, unless it has one.
    fn address(&mut self, address: &str) {
        let link = self.clean(address);
        if let Some(open) = &mut self.open {
            open.draft.link = open.draft.link.take().or(link);
        }
    }

    /// A paragraph that isn't set like a headline: an item by its link or its number, or text.
    fn paragraph(&mut self, before: Option<&Piece>, piece: &Piece, below: &[Piece], ranks: &Ranks) {
        let next = below.first();
        if is_number(&piece.text) {
            self.close();
            self.number = Some(piece.line);
            return;
        }
        let opened = self
            .open
            .as_ref()
            .map(|open| (open.opened, open.is_numbered));
        if self.number.is_some() {
            return self.item(piece, Opened::Sentence);
        }
        let is_text = piece.goes_on
            || piece.is_quoted
            || heading_roles::is_attribution(&piece.text)
            || read_more::only_address(&piece.text).is_some()
            || matches!(opened, Some((Opened::Heading, _)))
            || dateline(piece).is_some();
        if is_text {
            if opened.is_none() && piece.is_quoted && self.under.paragraphs() {
                self.called_by_heading(piece);
            }
            return self.add(piece);
        }
        let is_numbered = number_length(&piece.text) > 0;
        let in_section = !self.is_ruled && (!self.above.is_empty() || !ranks.has_headings);
        let is_headed = in_section && !self.above.is_empty();
        let holds = heading_roles::holds_an_item(piece);
        let takes_led = match opened {
            Some((Opened::Led | Opened::Sentence, true)) => is_numbered,
            Some((Opened::Line, _)) => is_numbered && holds,
            _ => true,
        };
        // On the web such a line can be anything; there its section has to be made of them.
        let is_sure = !self.is_web
            || self.under.paragraphs()
            || ranks.leads_paragraphs(&self.under)
            || opened.is_none()
                && is_headed
                && ranks.leads_alone(&self.under, before)
                && (self.is_in_known() || heading_roles::is_led_headline(piece));
        let in_none = match &self.behind {
            Some(behind) => ranks.leads_outside(behind, true),
            None => !in_section && ranks.leads_outside(&self.under, false),
        };
        if in_none && takes_led && holds && heading_roles::is_led_story(piece) {
            return self.item(piece, Opened::Led);
        }
        if in_section && takes_led && is_sure && holds && (piece.begins.is_some() || is_numbered) {
            return self.item(piece, Opened::Led);
        }
        let takes_told = match opened {
            None => true,
            Some((Opened::Led | Opened::Sentence, in_numbers)) => is_numbered || !in_numbers,
            Some((Opened::Heading | Opened::Line | Opened::Entry, _)) => false,
        };
        if in_section
            && takes_told
            && ranks.tells
            && (self.under.has_told() && heading_roles::told_by(before, piece, next).is_some()
                || self.under.has_told_pairs() && heading_roles::told_pair(piece, below).is_some())
        {
            return self.item(piece, Opened::Sentence);
        }
        let takes_sentence = match opened {
            None => true,
            Some((Opened::Sentence, is_numbered)) => !is_numbered,
            Some((Opened::Entry, _)) => !self.is_web && !piece.tail.is_empty(),
            Some((Opened::Led, _)) => self.is_led_with_text(),
            Some((Opened::Heading | Opened::Line, _)) => false,
        };
        let is_enough = self.under.paragraphs()
            || !self.is_web && !piece.tail.is_empty()
            || is_headed && ranks.holds_alone(&self.under);
        if in_section && takes_sentence && holds && is_enough {
            return self.item(piece, Opened::Sentence);
        }
        // A known section of plain text has headlines that only their being none but sentences tells.
        let is_plain = in_section
            && match self.is_web {
                true => {
                    let is_met = self.is_in_known() && self.under.is_all_plain();
                    self.has_plain |= is_met;
                    is_met && self.plain == Plain::AsItems
                }
                false => self.is_in_known() && self.under.is_plain() || self.under.is_apart(),
            };
        let is_over = next.is_some_and(|next| {
            next.kind == PieceKind::Paragraph
                && next.blanks <= 1
                && (piece.blanks >= 2 || read_more::ends_sentence(&next.text))
        });
        if is_plain && !text::ends_sentence(&piece.text) && is_over {
            return self.start(&piece.text, piece, Opened::Sentence);
        }
        if is_plain && opened.is_none() {
            return self.item(piece, Opened::Sentence);
        }
        self.add(piece);
    }

    /// Whether a line leads to a story of its own, as that did which began the open item: not each of such a row has a text.
    fn goes_on_in_row(&self, piece: &Piece) -> bool {
        self.open.as_ref().is_some_and(|open| {
            open.opened == Opened::Line
                && open.leads_to.is_some()
                && open.leads_to != piece.link
                && heading_roles::leads_to_story(piece)
        })
    }

    /// Whether a line says what the entries below it are, which are items: it is no part of the item before.
    fn introduces(&self, piece: &Piece, next: Option<&Piece>) -> bool {
        let is_over_items = || {
            next.is_some_and(|next| {
                next.kind == PieceKind::Item
                    && !next.goes_on
                    && heading_roles::is_linked_entry(next)
            })
        };
        piece.text.ends_with([':', '：'])
            && !piece.goes_on
            && piece.links == 0
            && numbering::may_be_heading(&piece.text)
            && self.open.as_ref().is_some_and(|open| {
                matches!(open.opened, Opened::Entry | Opened::Led | Opened::Sentence)
            })
            && is_over_items()
    }

    /// Whether the open item's text began in the paragraph of its headline.
    fn is_led_with_text(&self) -> bool {
        let open = self.open.as_ref();
        open.is_some_and(|open| !open.is_numbered && !open.draft.summary.is_empty())
    }

    /// Begins an item that is called like the section that it stands in.
    fn called_by_heading(&mut self, piece: &Piece) {
        if let Some(title) = self.above.last().map(|above| Arc::clone(&above.title)) {
            self.start(&title, piece, Opened::Sentence);
        }
    }

    fn set_date(&mut self, date: &Written) {
        let published = date.published(self.zone);
        if let Some(open) = &mut self.open {
            open.draft.published = published;
        }
    }

    fn add(&mut self, piece: &Piece) {
        let card = self.open.as_ref().map_or(0, |open| open.card);
        let is_first = self
            .open
            .as_ref()
            .is_some_and(|open| open.draft.summary.is_empty());
        if let Some(line) =
            dateline(piece).filter(|line| line.is_told || is_first || piece.card != card)
        {
            match line.date {
                Some(date) if piece.card != card => {
                    let published = date.published(self.zone);
                    self.ahead = published.map(|published| (piece.card, published));
                }
                Some(date) => self.set_date(&date),
                None => {}
            }
            return;
        }
        if self.open.is_some() {
            self.add_text(&piece.text, piece);
        } else {
            self.unread.push(piece.line);
        }
    }

    /// Adds a piece's text, or what is left of it, to the summary.
    fn add_text(&mut self, text: &str, piece: &Piece) {
        let base = self.base;
        // An item that has its link needs none of its text's.
        let has_link = self
            .open
            .as_ref()
            .is_some_and(|open| open.draft.link.is_some());
        let link = piece.last_link.as_deref().filter(|_| !has_link);
        let link = link.and_then(|link| self.clean(link));
        let beside = match piece.begins {
            _ if has_link => None,
            _ if !piece.tail.is_empty() => link.clone(),
            Some(_) => self.link(piece),
            None => None,
        };
        let Some(Open {
            draft,
            beside: known,
            ..
        }) = &mut self.open
        else {
            return;
        };
        // What has a text leads nowhere by a site's front page.
        let is_front = |link: &String| is_front_page(link);
        let link = link.filter(|link| draft.summary.is_empty() || !is_front(link));
        let beside = beside.filter(|link| !is_front(link));
        let is_to_story = is_only_a_link(piece)
            && (boilerplate::names_the_story(text) || draft.link.is_none() && link.is_some())
            || !piece.tail.is_empty()
                && (has_link || link.is_some())
                && boilerplate::names_the_outlet(text);
        if is_to_story {
            draft.link = draft.link.take().or(link);
            return;
        }
        // `… (Source)`, `… [more]`, `… Read more at Hankyoreh`
        let bare = |c: char| "()[]«»→….… （）".contains(c);
        let tail = piece.tail.trim_matches(bare);
        let before = text.trim_end_matches(bare).strip_suffix(tail);
        let before = before.map(|text| text.trim_end_matches(['(', '[', '«', '→', ' ', '（']));
        let (text, is_led_on) = match before {
            Some(before)
                if !tail.is_empty()
                    && boilerplate::names_the_story(tail)
                    && text::ends_sentence_or_question(before) =>
            {
                (before, true)
            }
            _ => (text, false),
        };
        if is_led_on {
            draft.link = draft.link.take().or_else(|| link.clone());
        }
        let stripped = read_more::strip(text);
        if stripped.text != text {
            draft.link = draft.link.take().or_else(|| {
                let written = stripped.link.and_then(|address| clean_link(base, address));
                written.or(link)
            });
        }
        if draft.link.is_none()
            && let Some(address) = read_more::only_address(stripped.text)
            && (draft.summary.is_empty() || !is_front_page(address))
        {
            draft.link = Some(read_more::link(address));
            return;
        }
        *known = known.take().or(beside);
        if !stripped.text.is_empty() {
            if !draft.summary.is_empty() {
                draft.summary.push_str("\n\n");
            }
            draft.summary.push_str(stripped.text);
        }
    }

    fn close(&mut self) {
        if let Some(Open {
            mut draft,
            opened,
            beside,
            leads,
            ..
        }) = self.open.take()
        {
            draft.link = draft.link.or(beside);
            if !leads && !draft.summary.is_empty() {
                draft.link = draft.link.filter(|link| !is_front_page(link));
            }
            // An entry or a paragraph that ends in an address leads there.
            if !matches!(opened, Opened::Heading | Opened::Line) {
                self.take_address(&mut draft);
            }
            self.drafts.push(draft);
        }
    }

    /// Makes the address at the end of an item's summary its link, unless it leads elsewhere already.
    fn take_address(&self, draft: &mut Draft) {
        let last = draft.summary.rfind("\n\n").map_or(0, |at| at + 2);
        let Some((before, address)) = read_more::before_address(&draft.summary[last..]) else {
            return;
        };
        if is_front_page(address) && !draft.summary[..last + before.len()].is_empty() {
            return;
        }
        let link = self.clean(address);
        if link.is_some() && (draft.link.is_none() || draft.link == link) {
            draft.link = link;
            draft.summary.truncate(last + before.len());
        }
    }
}

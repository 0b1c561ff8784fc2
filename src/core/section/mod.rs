//! Sections: the catalogue of those there are, which one an item belongs to, and which one a user means.

mod configuring;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use memchr::memmem;

pub use configuring::{SectionChange, is_left, section_changes};

use crate::bounds::NAME_LENGTH;
use crate::ids::{ALL, MORE, SectionId, SectionSlug};
use crate::item::{Archived, Draft};
use crate::language::is_everything;
use crate::search::Folded;
use crate::text;

/// A topic that items are filed under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its row.
    pub id: SectionId,
    /// Its stable short name.
    pub slug: SectionSlug,
    /// Its name for readers.
    pub title: String,
    /// How it came to be.
    pub origin: Origin,
    /// Whether the operator has hidden it: readers see, find and get nothing of it.
    pub hidden: bool,
    /// The section that it was made part of: it holds nothing itself, and its names mean that one. Chains are followed.
    pub merged_into: Option<SectionId>,
}

/// How a section came to be. The order of the variants is the order in which sections are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// From the configuration; the number is its place in the file.
    Configured(u32),
    /// It was in the configuration, and is kept as if it were discovered.
    Left,
    /// From a document's heading that nobody had configured.
    Discovered,
    /// The section of items that nothing else places.
    CatchAll,
}

/// A section as the configuration describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its stable short name.
    pub slug: SectionSlug,
    /// Its name for readers.
    pub title: String,
    /// Headings that mean this section.
    pub headings: Vec<String>,
    /// Phrases that claim an item with no heading of its own.
    pub phrases: Vec<String>,
}

/// A phrase of `match` or `ignore`, folded.
#[derive(Clone, Debug)]
pub struct Phrase {
    finder: memmem::Finder<'static>,
    length: usize,
    /// Hangul, Han and kana phrases occur inside of words too: particles cling to them.
    inside_words: bool,
}

impl Phrase {
    /// Folds a phrase; `None` if nothing is left of it.
    pub fn new(phrase: &str) -> Option<Phrase> {
        let folded = text::fold(phrase);
        (!folded.is_empty()).then(|| Phrase {
            finder: memmem::Finder::new(folded.as_bytes()).into_owned(),
            length: folded.len(),
            inside_words: folded.chars().any(text::is_cjk),
        })
    }

    /// Whether it occurs in a text that is folded already: as whole words, or anywhere if it is Hangul, Han or kana.
    pub fn occurs_in(&self, folded: &str) -> bool {
        let bytes = folded.as_bytes();
        self.finder.find_iter(bytes).any(|at| {
            let end = at + self.length;
            self.inside_words
                || ((at == 0 || bytes[at - 1] == b' ')
                    && (end == bytes.len() || bytes[end] == b' '))
        })
    }
}

/// Where a draft belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// In a section that there is.
    Existing(SectionId),
    /// In one that its heading makes.
    New(Arc<Discovered>),
}

/// A section that a heading makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovered {
    /// The new section's slug.
    pub slug: SectionSlug,
    /// The heading as it is written.
    pub title: String,
}

/// What somebody who names a section means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<'c> {
    /// This one.
    Found(&'c Section),
    /// None; perhaps one of these, the nearest first.
    Near(Vec<&'c Section>),
}

/// All sections, in the order in which they are shown.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    sections: Vec<Section>,
    /// Sections that were made part of others, each with the place of what it is part of.
    merged: Vec<(Section, usize)>,
    /// Folded names (slugs, titles, headings) to places in `sections`.
    names: HashMap<String, usize>,
    /// Folded names that an operator has led somewhere, the catch-all included.
    led: HashSet<String>,
    /// Of those, the names of merged sections: what they bring is noted as theirs, so that a merge can be undone.
    came_by: HashMap<String, SectionId>,
    /// How many of `sections` readers see; the hidden ones stand behind them.
    shown: usize,
    /// The phrases of configured sections, in the order of the file.
    phrases: Vec<(SectionId, Vec<Phrase>)>,
    more: Option<SectionId>,
    /// The configured section that a page's heading “More” means, if one is called so. Whoever asks for `more` means the
    /// catch-all all the same.
    called_more: Option<SectionId>,
}

impl Catalogue {
    /// Puts the catalogue together from what is stored, the headings that an operator has `led` to other sections, and
    /// what is configured. Definitions whose section isn't stored yet are left out; the store keeps the two in step at
    /// start. What the configuration calls a section means that one, wherever an operator has led the name before.
    pub fn new(
        stored: Vec<Section>,
        led: &[(String, SectionId)],
        definitions: &[Definition],
    ) -> Catalogue {
        let (merged, mut stored): (Vec<Section>, Vec<Section>) = stored
            .into_iter()
            .partition(|section| section.merged_into.is_some());
        stored.sort_by_key(|section| (section.hidden, section.origin, section.id));
        let merged = rooted(merged, &stored);
        let mut names = HashMap::new();
        // A slug is what its section is called, whatever another one's title is.
        for name in [
            |s: &Section| s.slug.as_str().to_owned(),
            |s: &Section| s.title.clone(),
        ] {
            for (at, section) in stored.iter().enumerate() {
                names.entry(text::fold_name(&name(section))).or_insert(at);
            }
        }
        let mut catalogue = Catalogue {
            more: stored
                .iter()
                .find(|s| s.origin == Origin::CatchAll)
                .map(|s| s.id),
            shown: stored.iter().filter(|section| !section.hidden).count(),
            sections: stored,
            merged,
            names,
            ..Catalogue::default()
        };
        catalogue.lead(led);
        catalogue.define(definitions);
        catalogue.names.remove("");
        catalogue
    }

    /// Takes in the names that an operator has led somewhere: those of merged sections, and headings.
    fn lead(&mut self, led: &[(String, SectionId)]) {
        let merged: Vec<(String, SectionId)> = self
            .merged
            .iter()
            .flat_map(|(section, _)| {
                [section.slug.as_str(), &section.title].map(|name| (name.to_owned(), section.id))
            })
            .collect();
        for (name, id) in merged.iter().chain(led) {
            let folded = text::fold_name(name);
            let own = self.sections.iter().position(|section| section.id == *id);
            let part = self.merged.iter().find(|(section, _)| section.id == *id);
            let Some(at) = own.or(part.map(|(_, at)| *at)) else {
                continue;
            };
            let called = self.names.get(&folded).map(|at| self.sections[*at].origin);
            if matches!(called, Some(Origin::Configured(_))) {
                continue;
            }
            if part.is_some() {
                self.came_by.insert(folded.clone(), *id);
            } else {
                self.came_by.remove(&folded);
            }
            self.names.insert(folded.clone(), at);
            self.led.insert(folded);
        }
    }

    /// Takes in what the configuration says of sections.
    fn define(&mut self, definitions: &[Definition]) {
        for definition in definitions {
            let mut stored = self.sections.iter();
            let Some(at) = stored.position(|s| s.slug == definition.slug) else {
                continue;
            };
            for heading in &definition.headings {
                let folded = text::fold_name(heading);
                if folded != MORE {
                    // A configured heading outranks a discovered section of the same name.
                    self.came_by.remove(&folded);
                    self.names.insert(folded, at);
                }
            }
            let mut called = definition.headings.iter().chain([&definition.title]);
            if called.any(|name| text::fold_name(name) == MORE) {
                self.called_more = Some(self.sections[at].id);
            }
            let folded = definition.phrases.iter().filter_map(|p| Phrase::new(p));
            self.phrases.push((self.sections[at].id, folded.collect()));
        }
    }

    /// The sections in the order in which they are shown: as configured, as discovered, `more`. Hidden ones aren't.
    pub fn sections(&self) -> &[Section] {
        &self.sections[..self.shown]
    }

    /// The section of a row, hidden or not; of a merged one, that which it is part of.
    pub fn get(&self, id: SectionId) -> Option<&Section> {
        self.stands_for(|section| section.id == id)
    }

    /// The section with exactly this slug; where a merged one has it, that which it is part of.
    pub fn by_slug(&self, slug: &str) -> Option<&Section> {
        self.stands_for(|section| section.slug.as_str() == slug)
    }

    fn stands_for(&self, is_it: impl Fn(&Section) -> bool) -> Option<&Section> {
        let mut merged = self.merged.iter();
        self.sections
            .iter()
            .find(|section| is_it(section))
            .or_else(|| {
                let (_, at) = merged.find(|(section, _)| is_it(section))?;
                Some(&self.sections[*at])
            })
    }

    /// Where something is filed by exactly this slug: a merged section's own number.
    fn filed_by_slug(&self, slug: &str) -> Option<SectionId> {
        let merged = self.merged.iter().map(|(section, _)| section);
        let mut all = self.sections.iter().chain(merged);
        all.find(|section| section.slug.as_str() == slug)
            .map(|section| section.id)
    }

    /// Where something is filed by a folded name, as it stands at a place: a merged section's own number.
    fn filed_by_name(&self, folded: &str, at: usize) -> SectionId {
        let own = self.came_by.get(folded).copied();
        own.unwrap_or(self.sections[at].id)
    }

    /// Files a draft: by its heading, else by a category that is called like a section, else by the phrases (all titles before all summaries), else in the
    /// source's own section, else in the catch-all. `None` only if the catalogue has no catch-all.
    pub fn place(&self, draft: &Draft, source_section: Option<SectionId>) -> Option<Placement> {
        let headed = draft.heading.as_deref();
        headed
            .and_then(|heading| self.place_under(heading))
            .or_else(|| {
                let folded = Folded::of(&draft.title, &draft.summary);
                self.place_without_heading(draft, &folded, source_section)
            })
    }

    /// The section that a heading means or makes; none where it says nothing.
    pub fn place_under(&self, heading: &str) -> Option<Placement> {
        let folded = text::fold_name(heading);
        if let Some(section) = self.called_more.filter(|_| folded == MORE) {
            return Some(Placement::Existing(section));
        }
        if let Some(at) = self.names.get(&folded) {
            // “More” as a heading isn't the catch-all: it is what a publisher calls a section.
            if self.sections[*at].origin != Origin::CatchAll || self.led.contains(&folded) {
                return Some(Placement::Existing(self.filed_by_name(&folded, *at)));
            }
        }
        let slug = SectionSlug::from_heading(heading)?;
        if let Some(known) = self.filed_by_slug(slug.as_str()) {
            return Some(Placement::Existing(known));
        }
        Some(Placement::New(Arc::new(Discovered {
            slug,
            title: heading.to_owned(),
        })))
    }

    /// Files a draft by anything but its heading, as [`Catalogue::place`] does.
    pub fn place_without_heading(
        &self,
        draft: &Draft,
        folded: &Folded,
        source_section: Option<SectionId>,
    ) -> Option<Placement> {
        let mut named = draft.categories.iter();
        let category = named.find_map(|name| {
            let folded = text::fold_name(name);
            let at = *self.names.get(&folded)?;
            let is_catch_all = self.sections[at].origin == Origin::CatchAll;
            (!is_catch_all).then(|| self.filed_by_name(&folded, at))
        });
        category
            .or_else(|| self.match_phrase(&folded.title))
            .or_else(|| self.match_phrase(&folded.summary))
            .or(source_section)
            .or(self.more)
            .map(Placement::Existing)
    }

    /// The section that an archive says an item was in.
    pub fn restore(&self, archived: &Archived) -> Option<Placement> {
        let slug = archived.section.as_deref()?;
        let led = self.led.get(&text::fold_name(slug));
        let led = led.and_then(|name| Some(self.filed_by_name(name, *self.names.get(name)?)));
        if let Some(known) = self.filed_by_slug(slug).or(led) {
            return Some(Placement::Existing(known));
        }
        Some(Placement::New(Arc::new(Discovered {
            slug: SectionSlug::from_heading(slug)?,
            title: archived.section_title.clone()?,
        })))
    }

    fn match_phrase(&self, folded: &str) -> Option<SectionId> {
        if folded.is_empty() {
            return None;
        }
        self.phrases
            .iter()
            .find(|(_, phrases)| phrases.iter().any(|phrase| phrase.occurs_in(folded)))
            .map(|(id, _)| *id)
    }

    /// The section that a folded name means exactly, hidden or not.
    pub fn named(&self, folded: &str) -> Option<&Section> {
        self.names.get(folded).map(|at| &self.sections[*at])
    }

    /// Finds the section that a user names by slug, title or heading; or what is near to it.
    pub fn find(&self, name: &str) -> Lookup<'_> {
        match self.find_exactly(name) {
            Some(section) => Lookup::Found(section),
            None => Lookup::Near(self.nearest(&text::fold_name(name))),
        }
    }

    /// Finds the section that a user names by slug, title or heading, or a link by its number: `#-12`.
    pub fn find_exactly(&self, name: &str) -> Option<&Section> {
        let number = name.strip_prefix("#-");
        let numbered = number.and_then(|number| self.get(SectionId::new(number.parse().ok()?)));
        numbered
            .or_else(|| self.named(&text::fold_name(name)))
            .filter(|section| !section.hidden)
    }

    /// Whether a user's words name every section. But for `all` itself, a section that is called so goes before.
    pub fn is_all(&self, name: &str) -> bool {
        match text::fold_name(name).as_str() {
            ALL => true,
            folded => is_everything(folded) && self.find_exactly(name).is_none(),
        }
    }

    /// Up to three sections with a name near to `folded`, the nearest first; none where nobody calls anything so.
    fn nearest(&self, folded: &str) -> Vec<&Section> {
        if folded.chars().nth(NAME_LENGTH.most).is_some() {
            return Vec::new();
        }
        let mut scored: Vec<(usize, usize)> = Vec::new();
        for (name, &at) in self.names.iter().filter(|(_, at)| **at < self.shown) {
            if let Some(distance) = distance(folded, name) {
                scored.push((distance, at));
            }
        }
        scored.sort_unstable();
        let mut near: Vec<&Section> = Vec::new();
        for (_, at) in scored {
            let section = &self.sections[at];
            if !near.contains(&section) {
                near.push(section);
            }
        }
        near.truncate(3);
        near
    }
}

/// Merged sections with the places of what they are part of, chains followed; none that leads nowhere.
fn rooted(merged: Vec<Section>, stored: &[Section]) -> Vec<(Section, usize)> {
    let leads: HashMap<SectionId, SectionId> = merged
        .iter()
        .filter_map(|section| Some((section.id, section.merged_into?)))
        .collect();
    let root = |section: &Section| {
        let mut id = section.id;
        for _ in 0..merged.len() {
            match leads.get(&id) {
                Some(next) => id = *next,
                None => break,
            }
        }
        stored.iter().position(|section| section.id == id)
    };
    let roots: Vec<Option<usize>> = merged.iter().map(root).collect();
    let rooted = merged.into_iter().zip(roots);
    rooted
        .filter_map(|(section, at)| Some((section, at?)))
        .collect()
}

/// How far apart two folded names are; `None` if nobody would take one for the other. A third of the
/// letters may be wrong, or one may be a part of the other.
fn distance(asked: &str, name: &str) -> Option<usize> {
    if asked.is_empty() {
        return None;
    }
    let squeezed = |text: &str| text.replace(' ', "");
    let (asked, name) = (squeezed(asked), squeezed(name));
    if name.chars().nth(NAME_LENGTH.most).is_some() {
        return None;
    }
    let length = asked.chars().count();
    let edits = strsim::osa_distance(&asked, &name);
    // Two slips are believed where the beginning is right.
    let begins_alike = asked.chars().take(2).eq(name.chars().take(2));
    let most = if begins_alike { 2 } else { 1 };
    if edits <= (length / 3).max(most) && edits * 2 <= length {
        return Some(edits);
    }
    let long_enough = length >= 3 || asked.chars().any(text::is_cjk) && length >= 2;
    (long_enough && (name.contains(&asked) || asked.contains(&name) && name.chars().count() >= 3))
        .then_some(length.abs_diff(name.chars().count()) + 3)
}

//! What the words behind a command mean.

use super::command::{CommandError, Request};
use tidings_core::bounds::NAME_WORDS;
use tidings_core::channel::{Filter, Target};
use tidings_core::ids::SectionSlug;
use tidings_core::language::Value;
use tidings_core::post::Line;
use tidings_core::schedule::{Cadence, CadenceError, CronFault, Unclear, Zone};
use tidings_core::section::{Lookup, Origin, Section};
use tidings_core::text;
use tidings_store::StoreError;

/// How many sections an answer names, where there are many: what one can take in at a glance.
const NAMED: usize = 10;

/// The most items of one answer (design.md, `/latest`).
pub const MOST: usize = 25;

/// Items of an answer to somebody who names no number.
pub(super) const USUAL: usize = 5;

/// How much of a user's words an answer repeats, in characters.
pub(super) const ECHO: usize = 60;

/// A user's words as an answer repeats them: in one line, without quotes and what turns a line around, and not endlessly.
pub(super) fn echo(words: &str) -> String {
    let words = text::join_lines(words);
    let bare = unquote(&words);
    // Where nothing else was typed, the mark is what it was.
    let words = if bare.is_empty() { words.trim() } else { bare };
    let mut shown: String = words.chars().take(ECHO).collect();
    if words.chars().nth(ECHO).is_some() {
        shown.push('…');
    }
    shown
}

/// Takes quotation marks of any kind off.
pub(super) fn unquote(words: &str) -> &str {
    words
        .trim()
        .trim_matches(['"', '\'', '“', '”', '‘', '’', '«', '»', '`'])
        .trim()
}

/// Whether a command is about what is followed already.
fn is_of_followed(command: &str) -> bool {
    matches!(command, "unsubscribe" | "schedule" | "filter")
}

/// How many of so many an answer names: one or two more take no more room than to say how many there are.
fn named_of(all: usize) -> usize {
    if all > NAMED + 2 { NAMED } else { all }
}

/// A schedule that changes something, for an example.
pub(super) fn another_time(than: &Cadence) -> &'static str {
    const EXAMPLES: [&str; 2] = ["daily 09:00", "daily 18:00"];
    let than = than.to_string();
    if than == EXAMPLES[0] {
        EXAMPLES[1]
    } else {
        EXAMPLES[0]
    }
}

/// Where a section's name may end before the words of a filter: not in them where they show what they are, as `-squid`, `#japan` and
/// `"a phrase"` do, and not behind what is no word at all.
fn name_ends(words: &str, ends: &[usize]) -> Vec<usize> {
    let mut from = 0;
    let mut name_ends = Vec::new();
    for end in ends {
        let word = words[from..*end].trim();
        let is_term = word.chars().count() > 1 && Filter::shows_a_term(word);
        if is_term && from > 0 {
            break;
        }
        if !text::fold(word).is_empty() {
            name_ends.push(*end);
        }
        from = *end;
    }
    name_ends
}

impl Request<'_> {
    /// The section that the words name.
    pub(super) fn section(&self, words: &str) -> Result<&Section, CommandError> {
        match self.find(unquote(words)) {
            Lookup::Found(section) => Ok(section),
            Lookup::Near(near) => Err(self.no_section(words, &near)),
        }
    }

    /// The section that the words name.
    fn find(&self, words: &str) -> Lookup<'_> {
        match self.context.catalogue.find(words) {
            Lookup::Near(near) => self
                .catch_all(words)
                .map_or(Lookup::Near(near), Lookup::Found),
            found => found,
        }
    }

    /// The catch-all, if the words are its title in the asker's language.
    fn catch_all(&self, words: &str) -> Option<&Section> {
        let title = self.say.text("catch-all-title", &[]);
        if text::fold(words) != text::fold(&title) {
            return None;
        }
        let mut sections = self.context.catalogue.sections().iter().rev();
        sections.find(|section| section.origin == Origin::CatchAll)
    }

    fn no_section(&self, words: &str, near: &[&Section]) -> CommandError {
        let name = echo(words);
        let count = self.context.catalogue.sections().len();
        let mut values: Vec<(&str, Value<'_>)> =
            vec![("name", (&name).into()), ("count", count.into())];
        let key = match near {
            [] => "no-section",
            [one] => {
                values.push(("near", one.slug.as_str().into()));
                "no-section-near"
            }
            [one, other, ..] => {
                values.push(("near", one.slug.as_str().into()));
                values.push(("other", other.slug.as_str().into()));
                "no-section-near-two"
            }
        };
        self.mistake(key, &values)
    }

    /// A section, or `all`, or nothing; and a number at the end.
    pub(super) fn section_and_count(
        &self,
        words: &str,
    ) -> Result<(Option<&Section>, usize), CommandError> {
        let named = |words: &str| {
            if words.is_empty() || self.context.catalogue.is_all(words) {
                return Ok(None);
            }
            self.section(words).map(Some)
        };
        // A section may have a number at its end: “March 1”.
        if let Ok(found) = named(words) {
            return Ok((found, USUAL));
        }
        let (front, last) = words
            .trim_end()
            .rsplit_once(char::is_whitespace)
            .unwrap_or(("", words));
        match self.count(last) {
            Some(count) => Ok((named(front)?, count?)),
            None => Ok((named(words)?, USUAL)),
        }
    }

    /// A number of items; `None` if the word is no number at all.
    fn count(&self, word: &str) -> Option<Result<usize, CommandError>> {
        // Full-width digits are what an East Asian keyboard writes.
        let word: &str = &text::compatible(word).collect::<String>();
        let digits = word.strip_prefix(['-', '+']).unwrap_or(word);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let count = digits.parse().unwrap_or(usize::MAX);
        if count == 0 || word.starts_with('-') {
            let values = [("got", Value::Text(word)), ("most", MOST.into())];
            return Some(Err(self.mistake("not-a-count", &values)));
        }
        Some(Ok(count.min(MOST)))
    }

    /// A section or `all`, and what stands behind it.
    pub(super) fn target<'w>(
        &self,
        command: &str,
        words: &'w str,
    ) -> Result<(Target, &'w str), CommandError> {
        if words.is_empty() {
            return Err(self.which_section(command));
        }
        let ends: Vec<usize> = words
            .char_indices()
            .filter(|(_, c)| c.is_whitespace())
            .map(|(at, _)| at)
            .chain([words.len()])
            .collect();
        let ends = match command {
            "filter" => name_ends(words, &ends),
            _ => ends,
        };
        let hidden = match is_of_followed(command) {
            true => self.hidden_here()?,
            false => Vec::new(),
        };
        let hidden_target = |name: &str| {
            let name = text::fold(unquote(name));
            let is_it = |section: &&Section| {
                text::fold(section.slug.as_str()) == name || text::fold(&section.title) == name
            };
            let found = hidden.iter().copied().find(is_it);
            found.map(|section| Target::Section(section.id))
        };
        for end in ends.iter().take(NAME_WORDS.most).rev() {
            let (name, rest) = words.split_at(*end);
            if let Some(target) = self.exact_target(name).or_else(|| hidden_target(name)) {
                let rest = match command {
                    "subscribe" | "schedule" if rest.trim().is_empty() => {
                        self.signs_behind(target, name)
                    }
                    _ => rest,
                };
                return Ok((target, rest.trim()));
            }
        }
        let is_cadence = tidings_core::language::when::can_begin;
        if words.split_whitespace().next().is_some_and(is_cadence) {
            return Err(self.which_section(command));
        }
        // Nothing is named exactly. What stands before the first word of a cadence was meant as the name.
        let name_end = ends
            .iter()
            .copied()
            .find(|end| {
                words[*end..]
                    .split_whitespace()
                    .next()
                    .is_some_and(is_cadence)
            })
            .unwrap_or(words.len());
        // Words of any kind stand behind the name in a filter.
        let name_end = if command == "filter" {
            ends.first().map_or(name_end, |first| *first)
        } else {
            name_end
        };
        let name = words[..name_end].trim();
        Err(match self.section(name) {
            Err(failure) => failure,
            Ok(_) => self.which_section(command),
        })
    }

    /// What was typed behind a target's name that is no word and not in its title, such as 🕘: it was meant to say something.
    fn signs_behind<'w>(&self, target: Target, name: &'w str) -> &'w str {
        let title = self.section_of(target).map_or("", |section| &section.title);
        let is_sign = |word: &str| {
            !word.is_ascii() && text::fold(word).is_empty() && !unquote(word).is_empty()
        };
        let last = name.trim_end().rsplit_once(char::is_whitespace);
        let signs = last.map(|(_, last)| last);
        signs
            .filter(|last| is_sign(last) && !title.contains(last))
            .unwrap_or_default()
    }

    fn exact_target(&self, name: &str) -> Option<Target> {
        let name = unquote(name);
        if self.context.catalogue.is_all(name) {
            return Some(Target::All);
        }
        let catch_all = self.catch_all(name);
        let section = self.context.catalogue.find_exactly(name).or(catch_all)?;
        Some(Target::Section(section.id))
    }

    /// Sections that are hidden at present: for a channel that follows one, and wants to change that, it is there all the same.
    fn hidden_here(&self) -> Result<Vec<&Section>, StoreError> {
        let Some(channel) = self.channel_row()? else {
            return Ok(Vec::new());
        };
        let rows = self.db.subscriptions(channel.id)?;
        let sections = rows.iter().filter_map(|row| self.section_of(row.target));
        Ok(sections.filter(|section| section.hidden).collect())
    }

    /// The section that is followed, if it is one.
    pub(super) fn section_of(&self, target: Target) -> Option<&Section> {
        self.context.catalogue.get(target.section()?)
    }

    /// What to answer to somebody who names no section: those there are.
    fn which_section(&self, command: &str) -> CommandError {
        if is_of_followed(command) {
            return self
                .which_followed(command)
                .unwrap_or_else(CommandError::from);
        }
        let sections = self.context.catalogue.sections();
        let named = named_of(sections.len());
        let as_typed = |section: &Section| match section.origin {
            // What this one is called for short says nothing.
            Origin::CatchAll => format!("{} ({})", section.slug, self.title(section)),
            _ => section.slug.to_string(),
        };
        let slugs: Vec<String> = sections[..named].iter().map(as_typed).collect();
        let all = slugs.join(", ");
        let first = sections.first();
        let first = first.map_or(tidings_core::ids::ALL, |section| section.slug.as_str());
        let more = sections.len() - named;
        let key = match more {
            0 => "which-section",
            _ => "which-section-of-many",
        };
        self.mistake(
            key,
            &[
                ("command", command.into()),
                ("slugs", (&all).into()),
                ("more", more.into()),
                ("example", first.into()),
            ],
        )
    }

    /// What to answer to somebody who names none of those that are followed here.
    fn which_followed(&self, command: &str) -> Result<CommandError, StoreError> {
        let mut rows = match self.channel_row()? {
            Some(channel) => self.db.subscriptions(channel.id)?,
            None => Vec::new(),
        };
        rows.retain(|row| row.target.watch().is_none());
        let Some(first) = rows.first() else {
            return Ok(CommandError::Mistake(self.follows_nothing()));
        };
        let mut example = self.target_slug(first.target);
        if command == "schedule" {
            example = format!("{example} {}", another_time(&first.cadence));
        } else if command == "filter" {
            example.push_str(" summit");
        }
        let named = named_of(rows.len());
        let slugs: Vec<String> = rows[..named]
            .iter()
            .map(|row| self.target_slug(row.target))
            .collect();
        let slugs = slugs.join(", ");
        let more = rows.len() - named;
        let key = match more {
            0 => "which-followed",
            _ => "which-followed-of-many",
        };
        let values = [
            ("command", command.into()),
            ("slugs", (&slugs).into()),
            ("more", more.into()),
            ("example", (&example).into()),
        ];
        Ok(self.mistake(key, &values))
    }

    /// That nothing is followed here, and how one follows something.
    pub(super) fn follows_nothing(&self) -> Line {
        let sections = self.context.catalogue.sections();
        let example = sections
            .first()
            .map_or(tidings_core::ids::ALL, |section| section.slug.as_str());
        self.say
            .line("follows-nothing", &[("slug", Value::Text(example))])
    }

    /// How a target is called in a sentence.
    pub(super) fn target_name(&self, target: Target) -> Result<String, StoreError> {
        Ok(match target {
            Target::All => self.say.text("all-sections", &[]),
            Target::Watch(id) => {
                let words = self.db.watch_words(id)?;
                // Quotes within quotes are read by nobody.
                let key = match words.contains('"') {
                    true => "watch-named-quoted",
                    false => "watch-named",
                };
                self.say.text(key, &[("words", (&words).into())])
            }
            Target::Section(id) => self
                .context
                .catalogue
                .get(id)
                .map_or_else(|| format!("#{id}"), |section| self.title(section)),
        })
    }

    /// A section's title; that of the catch-all is ours, and is said in the asker's language.
    pub(super) fn title(&self, section: &Section) -> String {
        if section.origin == Origin::CatchAll {
            self.say.text("catch-all-title", &[])
        } else {
            section.title.clone()
        }
    }

    /// What a list says beside an item of a section: what one types for the section, but for the catch-all, for which that is
    /// a word of every day.
    pub(super) fn section_in_list(&self, slug: &SectionSlug) -> String {
        let section = self.context.catalogue.by_slug(slug.as_str());
        let catch_all = section.filter(|section| section.origin == Origin::CatchAll);
        catch_all.map_or_else(|| slug.to_string(), |section| self.title(section))
    }

    /// How a target is typed.
    pub(super) fn target_slug(&self, target: Target) -> String {
        match self.section_of(target) {
            Some(section) => section.slug.to_string(),
            None => tidings_core::ids::ALL.to_owned(),
        }
    }

    /// Reads a cadence; `example` is a command that the answer to a mistake ends with.
    pub(super) fn cadence(&self, words: &str, command: &str) -> Result<Cadence, CommandError> {
        let error = match Cadence::parse(unquote(words)) {
            Ok(cadence) => return Ok(cadence),
            Err(error) => error,
        };
        if let CadenceError::Zoned { got, when } = &error {
            let channel = self.channel_row()?;
            return self.zoned(got, when, &self.zone(channel.as_ref()), command);
        }
        Err(self.bad_cadence(&error, command))
    }

    /// A cadence with a zone in it: right, if it is the channel's; else it is said where zones are set.
    fn zoned(
        &self,
        got: &str,
        when: &str,
        ours: &Zone,
        command: &str,
    ) -> Result<Cadence, CommandError> {
        let meant = match Zone::told(got) {
            Ok(zone) => vec![zone.name().to_owned()],
            Err(unknown) => unknown.nearest,
        };
        if meant.iter().any(|name| name == ours.name())
            && let Ok(cadence) = Cadence::parse(when)
        {
            return Ok(cadence);
        }
        let (zones, got) = (meant.join(", "), got.to_uppercase());
        let key = if meant.len() == 1 {
            "when-zoned"
        } else {
            "when-zoned-unclear"
        };
        let values = [
            ("got", Value::Text(&got)),
            ("zone", ours.name().into()),
            ("zones", (&zones).into()),
            ("near", meant.first().map_or("", String::as_str).into()),
            ("command", Value::Command(command)),
            ("example", when.into()),
        ];
        Err(self.mistake(key, &values))
    }

    fn bad_cadence(&self, error: &CadenceError, command: &str) -> CommandError {
        let example = error.example();
        let mut values: Vec<(&str, Value<'_>)> = vec![
            ("command", Value::Command(command)),
            ("example", example.into()),
        ];
        let list;
        let key = match error {
            CadenceError::Missing => "when-missing",
            CadenceError::Unknown {
                got,
                nearest: Some(near),
            } => {
                values.extend([("got", got.into()), ("near", (*near).into())]);
                "when-unknown-near"
            }
            CadenceError::Unknown { got, nearest: None } => {
                values.push(("got", got.into()));
                let names = tidings_core::schedule::ALL.iter().map(|kind| kind.example);
                list = names.collect::<Vec<_>>().join(" · ");
                values.push(("names", (&list).into()));
                "when-unknown"
            }
            CadenceError::NotATime { got, .. } => {
                values.push(("got", got.into()));
                "when-not-a-time"
            }
            CadenceError::MissingTime { got, .. } => {
                values.push(("got", got.into()));
                "when-missing-time"
            }
            CadenceError::UnknownDay { got, .. } => {
                values.push(("got", got.into()));
                "when-unknown-day"
            }
            CadenceError::MissingDay { got, .. } => {
                values.push(("got", got.into()));
                "when-missing-day"
            }
            CadenceError::EmptyWindow { got } => {
                values.push(("got", got.into()));
                "when-empty-window"
            }
            CadenceError::NotADayOfMonth { got } => {
                values.push(("got", got.into()));
                "when-not-a-day-of-month"
            }
            CadenceError::Cron { got, reason } => {
                values.push(("got", got.into()));
                match reason {
                    CronFault::FieldCount(count) => {
                        values.push(("count", (*count).into()));
                        "when-cron-fields"
                    }
                    CronFault::TooLong => "when-cron-long",
                    CronFault::Field { name, text }
                    | CronFault::Step { name, text, .. }
                    | CronFault::Wraps { name, text, .. } => {
                        list = self
                            .say
                            .text(&format!("cron-{}", name.replace(' ', "-")), &[]);
                        values.extend([("field", (&list).into()), ("text", text.into())]);
                        match reason {
                            CronFault::Step { .. } => "when-cron-step",
                            CronFault::Wraps { .. } => "when-cron-wraps",
                            _ => "when-cron-field",
                        }
                    }
                }
            }
            CadenceError::Several {
                got,
                first,
                second,
                both,
                why,
            } => {
                values.extend([
                    ("got", got.into()),
                    ("first", first.into()),
                    ("second", second.into()),
                ]);
                match why {
                    Unclear::Two if both.is_some() => "when-several-both",
                    Unclear::Two => "when-several",
                    Unclear::NotOffered => "when-nearest",
                    Unclear::TwiceOrEverySecond => "when-twice",
                    Unclear::EverySecondWeek => "when-every-second-week",
                }
            }
            CadenceError::Once { got, .. } | CadenceError::Zoned { got, .. } => {
                values.push(("got", got.into()));
                "when-once"
            }
            CadenceError::NeverFires { got } => {
                values.push(("got", got.into()));
                "when-never"
            }
            CadenceError::TooMany { got, .. } => {
                values.push(("got", got.into()));
                "when-too-many"
            }
        };
        self.mistake(key, &values)
    }
}

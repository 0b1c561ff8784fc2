//! `/watch <words> [when]` and `/unwatch <words>`: follow a search.

use super::arguments::echo;
use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::spec::{APART, Argument, ArgumentKind, Posting};
use super::unsubscribe::{self, Ended};
use tidings_core::bounds::{SEARCH_LENGTH, SEARCH_WORDS, WATCHES};
use tidings_core::channel::{Filter, SubscriptionRow, Target};
use tidings_core::item::Place;
use tidings_core::language::Value;
use tidings_core::language::when::{can_begin, goes_on_with_a_date, surely_begins};
use tidings_core::post::{Block, Post};
use tidings_core::schedule::{Cadence, CadenceError, CronFault};
use tidings_core::search::{self, Query, SpacedWords, Term, is_quote};
use tidings_store::{Listing, StoreError, WriteTx};

/// How many words at the end may be a cadence.
const WHEN_WORDS: usize = 20;

/// Among how many of the newest items it is counted how common words are, and how many there have to be.
const COUNTED: usize = 1_000;
const ENOUGH: usize = 200;

/// What a watch may find of them: one of so many.
const SHARE: usize = 5;

const WORDS: Argument = Argument {
    name: "words",
    kind: ArgumentKind::Text,
    required: true,
};

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "watch",
    arguments: &[
        WORDS,
        Argument {
            name: "when",
            kind: ArgumentKind::When,
            required: false,
        },
    ],
    example: "\"north korea\" envoy",
    run: Run::Writes(run),
    posting: Posting::Needed,
    ..CommandSpec::CHANGE
};

pub(super) const UNWATCH: CommandSpec = CommandSpec {
    name: "unwatch",
    arguments: &[Argument {
        kind: ArgumentKind::Watch,
        ..WORDS
    }],
    example: "\"north korea\" envoy",
    run: Run::Writes(unwatch),
    ..CommandSpec::CHANGE
};

fn run(request: &Request<'_>, db: &WriteTx<'_>, typed: &str) -> Result<Reply, CommandError> {
    let (words, when) = request.words_and_when(typed)?;
    let query = request.query(words)?;
    let channel = request.channel_to_follow(db)?;
    let zone = request.zone(Some(&channel));
    let following = db.following(channel.id)?;
    let own = db.watch_of(&query)?.map(Target::Watch);
    let paused = request.still_paused(&channel);
    let post = match own.and_then(|own| following.find(own)) {
        Some(row) => match when.filter(|when| *when != row.cadence) {
            Some(cadence) => {
                let row = row.at(cadence, &zone, request.now);
                db.save_subscription(&channel, &row, request.now)?;
                let mut post = request.followed("rewatched", &row, &zone)?;
                post.blocks.extend(paused.map(Block::Line));
                post
            }
            None => {
                let (words, when) = (query.text(), row.cadence.to_string());
                let typed = request.before_a_time(&words);
                let values = [
                    ("words", Value::Text(&words)),
                    ("typed", Value::Text(&typed)),
                    ("when", (&when).into()),
                ];
                let mut post = Post::line(request.say.line("already-watched", &values));
                post.blocks.extend(paused.map(Block::Line));
                post
            }
        },
        None => {
            let rows = following.rows.iter();
            if rows.filter(|row| row.target.watch().is_some()).count() >= WATCHES.most {
                let most = [("most", WATCHES.most.into())];
                return Err(request.mistake("watch-too-many", &most));
            }
            request.refuse_what_is_common(&query)?;
            let cadence = when.unwrap_or_else(Cadence::instant);
            let target = Target::Watch(db.watch_or_new(&query)?);
            let newest = db.newest_push()?;
            let row = following.begin(target, cadence, &zone, newest, request.now);
            db.save_subscription(&channel, &row, request.now)?;
            let mut post = request.followed("watched", &row, &zone)?;
            post.blocks.extend(paused.map(Block::Line));
            let unwatch = format!("/unwatch {}", query.text());
            let values = [("unwatch", Value::Command(&unwatch))];
            post.push(request.hints(&[("hint-unwatch", &values), ("hint-subscriptions", &[])]));
            post
        }
    };
    Ok(post.into())
}

fn unwatch(request: &Request<'_>, db: &WriteTx<'_>, typed: &str) -> Result<Reply, CommandError> {
    let channel = request.channel_row()?;
    let rows = match &channel {
        Some(channel) => db.subscriptions(channel.id)?,
        None => Vec::new(),
    };
    let found = match request.watched_as(&rows, typed)? {
        // With its cadence, as `/watch` takes it.
        None => match request.words_and_when(typed) {
            Ok((words, _)) => request.watched_as(&rows, words)?,
            // What is wrong with the cadence matters to nobody here.
            Err(CommandError::Mistake(_)) => None,
            Err(failure) => return Err(failure),
        },
        found => found,
    };
    let Some((channel, target)) = channel.as_ref().zip(found) else {
        return Err(request.not_watched(&rows, typed)?);
    };
    let title = request.target_name(target)?;
    let Ended { on_their_way, .. } = unsubscribe::end(request, db, channel, target)?;
    let values = [("title", Value::Text(&title))];
    let mut post = Post::line(request.say.line("unwatched", &values));
    if on_their_way > 0 {
        let count = [("count", on_their_way.into())];
        post.push(Block::Line(
            request.say.line("unsubscribed-on-its-way", &count),
        ));
    }
    Ok(post.into())
}

/// Whether what stands behind the words of a watch says when, though it is unclear or wrong: it begins as a cadence does, or
/// with a time of day, and goes on as one does. A bare number may be one of the words (`Apollo 11`), as may `daily` before
/// others (`the daily show`) or `cron`.
fn is_surely_when(end: &str, error: &CadenceError) -> bool {
    let goes_on = match error {
        CadenceError::MissingTime { .. } | CadenceError::MissingDay { .. } => {
            return surely_begins(end);
        }
        CadenceError::Several { .. }
        | CadenceError::EmptyWindow { .. }
        | CadenceError::NotADayOfMonth { .. }
        | CadenceError::NeverFires { .. } => true,
        CadenceError::NotATime { got, .. } => got.contains(char::is_numeric),
        CadenceError::Cron { reason, .. } => !matches!(reason, CronFault::FieldCount(_)),
        _ => false,
    };
    if !goes_on {
        return false;
    }
    let first = end.split_whitespace().next().unwrap_or_default();
    let is_time = || match Cadence::parse(first) {
        Ok(_) | Err(CadenceError::Several { .. }) => !first.chars().all(char::is_numeric),
        Err(CadenceError::NotATime { .. }) => first.contains(':'),
        Err(_) => false,
    };
    can_begin(first) || is_time()
}

impl Request<'_> {
    /// What is to be looked for, and when it is to come: the longest end outside of quotes that reads as a cadence.
    fn words_and_when<'w>(
        &self,
        typed: &'w str,
    ) -> Result<(&'w str, Option<Cadence>), CommandError> {
        let typed = typed.trim();
        if let Some((words, when)) = typed.split_once(APART) {
            let cadence = self.cadence(when, &format!("/watch {words}"))?;
            return Ok((words, Some(cadence)));
        }
        let quotes = typed.char_indices().filter(|(_, c)| is_quote(*c));
        let (count, outside) =
            quotes.fold((0, 0), |(count, _), (at, c)| (count + 1, at + c.len_utf8()));
        if count % 2 != 0 {
            // The rest is a phrase.
            return Ok((typed, None));
        }
        let gaps = typed.char_indices().filter(|(_, c)| c.is_whitespace());
        let gaps: Vec<usize> = gaps.map(|(at, _)| at).filter(|at| *at >= outside).collect();
        let mut zoned = None;
        let ask = |words: &str, end: &str| self.cadence(end, &format!("/watch {words}"));
        for gap in &gaps[gaps.len().saturating_sub(WHEN_WORDS)..] {
            let (words, end) = (typed[..*gap].trim_end(), typed[*gap..].trim_start());
            if goes_on_with_a_date(words, end) {
                continue;
            }
            match Cadence::parse(end) {
                Ok(cadence) => return Ok((words, Some(cadence))),
                // A city's name may be one of the words.
                Err(CadenceError::Zoned { .. }) if zoned.is_none() => zoned = Some((words, end)),
                // What is left of it might read as another cadence, and the rest would become words that nobody meant.
                Err(error) if is_surely_when(end, &error) => {
                    return Ok((words, Some(ask(words, end)?)));
                }
                Err(_) => {}
            }
        }
        match zoned {
            Some((words, end)) => Ok((words, Some(ask(words, end)?))),
            None => Ok((typed, None)),
        }
    }

    /// The words of a watch as they are to be typed before a time: the last one in quotes where it would be part of that
    /// (`black "friday"`).
    fn before_a_time(&self, words: &str) -> String {
        let typed = format!("{words} daily 18:00");
        let is_read = self
            .words_and_when(&typed)
            .is_ok_and(|(read, when)| read == words && when.is_some());
        match words.rsplit_once(' ') {
            _ if is_read => words.to_owned(),
            Some((front, last)) => format!("{front} \"{last}\""),
            None => format!("\"{words}\""),
        }
    }

    /// Reads what is to be looked for.
    fn query(&self, words: &str) -> Result<Query, CommandError> {
        let got = echo(words);
        let values = [("words", Value::Text(&got))];
        if words.is_empty() {
            return Err(self.mistake("watch-what", &[]));
        }
        if self.context.catalogue.is_all(words) && !words.contains(is_quote) {
            return Err(self.mistake("watch-all", &[]));
        }
        if search::is_too_much(words) {
            let values = [
                ("letters", SEARCH_LENGTH.most.into()),
                ("words", SEARCH_WORDS.most.into()),
            ];
            return Err(self.mistake("search-too-much", &values));
        }
        // In a search a minus is nothing; who types one means the opposite of what it would find.
        let mut outside = words.split(is_quote).step_by(2);
        if outside.any(|piece| piece.split_whitespace().any(Filter::excludes)) {
            return Err(self.mistake("watch-minus", &values));
        }
        Query::parse(words).ok_or_else(|| self.mistake("watch-no-word", &values))
    }

    /// Words that a great part of the newest items holds are no watch.
    fn refuse_what_is_common(&self, query: &Query) -> Result<(), CommandError> {
        let items = self.db.newest(Listing {
            section: None,
            after: Place::TOP,
            limit: COUNTED,
        })?;
        let words = items
            .iter()
            .map(|item| SpacedWords::of(&item.title, &item.summary));
        let all: Vec<SpacedWords> = words.collect();
        let found = all.iter().filter(|words| query.is_in(words)).count();
        if items.len() < ENOUGH || found * SHARE <= items.len() {
            return Ok(());
        }
        let words = query.text();
        // A filter wants what holds any of its words: the rarest one comes nearest to all of them.
        let holders = |term: &&Term| all.iter().filter(|words| term.is_in(words)).count();
        let rarest = query.terms().min_by_key(holders).map_or("", Term::text);
        let filter = format!("/filter all {rarest}");
        let values = [
            ("words", Value::Text(&words)),
            ("count", found.into()),
            ("of", items.len().into()),
            ("filter", Value::Command(&filter)),
        ];
        Err(self.mistake("watch-common", &values))
    }

    /// The watch that has these words.
    fn watched_as(
        &self,
        rows: &[SubscriptionRow],
        words: &str,
    ) -> Result<Option<Target>, StoreError> {
        let Some(query) = Query::parse(words) else {
            return Ok(None);
        };
        let target = self.db.watch_of(&query)?.map(Target::Watch);
        Ok(target.filter(|target| rows.iter().any(|row| row.target == *target)))
    }

    /// That nothing is watched by these words, and what is.
    fn not_watched(
        &self,
        rows: &[SubscriptionRow],
        typed: &str,
    ) -> Result<CommandError, StoreError> {
        let watches = rows.iter().filter_map(|row| row.target.watch());
        let watches = watches.map(|watch| self.db.watch_words(watch));
        let watches = watches.collect::<Result<Vec<String>, StoreError>>()?;
        let Some(first) = watches.first() else {
            return Ok(self.mistake("watches-nothing", &[]));
        };
        let (got, all) = (echo(typed), watches.join(" · "));
        let unwatch = format!("/unwatch {first}");
        let values = [
            ("words", Value::Text(&got)),
            ("watches", (&all).into()),
            ("unwatch", Value::Command(&unwatch)),
        ];
        let key = if got.is_empty() {
            "which-watched"
        } else {
            "not-watched"
        };
        Ok(self.mistake(key, &values))
    }
}

//! The commands of chat: one table, one file a command. The table is what every platform registers, what
//! `/help` lists and what the README shows; a command is written once.

mod arguments;
mod bounded;
mod buttons;
mod changes;
mod forget;
mod help;
mod latest;
mod pause;
mod preview;
mod read;
mod resume;
mod roundup;
mod schedule;
mod search;
mod sections;
mod settings;
mod status;
mod subscribe;
mod subscriptions;
mod suggest;
mod timezone;
mod unsubscribe;

pub use arguments::MOST;
pub use buttons::{Action, Button, MOST_DATA};
pub use changes::{is_change, promises_posts};
pub use suggest::{Suggestion, Typing, complete, suggest};

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use crate::roundups::Press;
use crate::settings::Source;
use tidings_core::bounds::{LINE_LENGTH, NAME_LENGTH};
use tidings_core::channel::{ChannelRow, Pause, Target};
use tidings_core::ids::{ChannelKey, SectionId};
use tidings_core::item::Place;
use tidings_core::language::{Speaker, Value};
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{Block, Line, Post};
use tidings_core::schedule::Zone;
use tidings_store::{Store, StoreError};

/// Who may use a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody.
    Everyone,
    /// Those who administer the channel.
    Managers,
}

/// What an argument is: platforms with typed options offer the right kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A section.
    Section,
    /// A section, or `all`.
    SectionOrAll,
    /// An item's number.
    Number,
    /// How many, from 1 to [`MOST`].
    Count,
    /// A cadence.
    When,
    /// A time zone.
    Zone,
    /// Any text.
    Text,
    /// One of a few words.
    Choice(&'static [&'static str]),
}

/// One argument of a command.
#[derive(Clone, Copy, Debug)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Whether the command makes no sense without it.
    pub required: bool,
}

/// One row of the command table.
pub struct Spec {
    /// What one types, without the slash. `command-…` in the Fluent files describes it.
    pub name: &'static str,
    /// Who may use it.
    pub who: Who,
    /// What it takes, in order.
    pub arguments: &'static [Argument],
    /// Does it. The text is what stands behind the name.
    pub run: fn(&Request<'_>, &str) -> Result<Reply, Failure>,
}

impl Spec {
    /// How it is written: `/latest [section] [count]`.
    pub fn usage(&self) -> String {
        let mut usage = format!("/{}", self.name);
        for argument in self.arguments {
            let name = match argument.kind {
                Kind::SectionOrAll => "section|all",
                _ => argument.name,
            };
            let (open, close) = if argument.required {
                ('<', '>')
            } else {
                ('[', ']')
            };
            usage.push_str(&format!(" {open}{name}{close}"));
        }
        usage
    }

    /// What it does, in a few words.
    pub fn summary(&self, say: Speaker<'_>) -> String {
        say.text(&format!("command-{}", self.name), &[])
    }
}

/// Every command, in the order in which help lists them.
pub const ALL: &[Spec] = &[
    latest::SPEC,
    read::SPEC,
    sections::SPEC,
    search::SPEC,
    subscribe::SPEC,
    unsubscribe::SPEC,
    subscriptions::SPEC,
    schedule::SPEC,
    timezone::SPEC,
    preview::SPEC,
    roundup::SPEC,
    pause::SPEC,
    resume::SPEC,
    settings::SPEC,
    forget::SPEC,
    status::SPEC,
    help::SPEC,
    help::START,
];

/// Somebody's command, with everything that its answer depends on.
pub struct Request<'r> {
    /// The store.
    pub store: &'r Store,
    /// Sections, defaults and texts.
    pub press: Press<'r>,
    /// The platform it came from.
    pub platform: &'r dyn ChatPlatform,
    /// The channel it came from, and acts on.
    pub channel: ChannelKey,
    /// Whether the asker may change what the channel follows.
    pub manager: bool,
    /// Whether the channel is a chat with the asker alone: what they follow there comes in their language.
    pub private: bool,
    /// What the platform knows of the channel, where nothing is kept about it yet.
    pub note: Option<&'r str>,
    /// What the platform knows to keep posts from the channel, where it knows of something.
    pub hindrance: Option<&'r Line>,
    /// Why the platform took nothing for the channel until this was asked, if that was so.
    pub lifted: Option<&'r Pause>,
    /// Answers in the asker's language.
    pub say: Speaker<'r>,
    /// The configured sources.
    pub sources: &'r [Source],
    /// When it was asked.
    pub now: Timestamp,
    /// Whether the sources are still being loaded after the start.
    pub loading: bool,
}

/// What a command answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The answer itself.
    pub post: Post,
    /// Where it goes on, if it does.
    pub older: Option<Page>,
    /// Where it came from, if anything is before it.
    pub newer: Option<Page>,
    /// Sections to go to, with what they are called; `None` is all of them.
    pub sections: Vec<(Option<SectionId>, String)>,
    /// What the asker may follow from here.
    pub follow: Option<Target>,
    /// Whether it tells the asker of a mistake or a fault: nothing was done.
    pub failed: bool,
}

/// A later page of a list: all that is needed to show it, so that a button can carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// Of `/latest`.
    Latest {
        /// The section, or all of them.
        section: Option<SectionId>,
        /// Items a page.
        count: usize,
        /// Behind this one, or before it.
        from: Place,
        /// How many come before the page.
        shown: usize,
        /// Before it: newer ones.
        newer: bool,
    },
    /// Of `/search`.
    Search {
        /// The question as it was asked.
        words: String,
        /// Behind this one.
        after: Place,
        /// How many were shown before.
        shown: usize,
    },
}

/// Why a command wasn't done.
#[derive(Debug)]
pub enum Failure {
    /// The asker can mend it; this says how.
    Asker(Line),
    /// We have to mend it.
    Ours(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure::Ours(error)
    }
}

impl From<Line> for Reply {
    fn from(line: Line) -> Reply {
        Reply::from(Post::line(line))
    }
}

impl From<Post> for Reply {
    fn from(post: Post) -> Reply {
        Reply {
            post,
            ..Reply::default()
        }
    }
}

impl Request<'_> {
    /// A message that answers for a mistake of the asker.
    fn mistake(&self, key: &str, values: &[(&str, Value<'_>)]) -> Failure {
        Failure::Asker(self.say.line(key, values))
    }

    /// The channel, if anything is kept about it.
    fn channel_row(&self) -> Result<Option<ChannelRow>, StoreError> {
        self.store.ask(|db| db.channel(&self.channel))
    }

    /// The zone that the channel's times are shown in.
    fn zone(&self, channel: Option<&ChannelRow>) -> Zone {
        channel.map_or_else(
            || self.press.defaults.timezone.clone(),
            |row| row.settings.zone(self.press.defaults).clone(),
        )
    }

    fn hints(&self, keys: &[(&str, &[(&str, Value<'_>)])]) -> Block {
        Block::Hints(
            keys.iter()
                .map(|(key, values)| self.say.line(key, values))
                .collect(),
        )
    }
}

/// Answers a line of chat that begins with a slash. Never fails: what goes wrong is answered, and what is
/// our fault is logged under the number that the answer names.
pub fn answer(request: &Request<'_>, line: &str) -> Reply {
    settled(request, line, run(request, line))
}

fn settled(request: &Request<'_>, line: &str, done: Result<Reply, Failure>) -> Reply {
    let failed = |line: Line| Reply {
        failed: true,
        ..Reply::from(line)
    };
    match done {
        Ok(mut reply) => {
            reply.post = request.bounded(reply.post);
            reply
        }
        Err(Failure::Asker(line)) => failed(line),
        Err(Failure::Ours(StoreError::TooMuch)) => {
            tracing::warn!(channel = %request.channel, command = line, "a question took too many steps");
            failed(request.say.line("question-too-much", &[]))
        }
        Err(Failure::Ours(error)) => failed(apology(request, line, &error)),
    }
}

/// Shows a later page of a list.
pub fn turn(request: &Request<'_>, page: &Page) -> Reply {
    let turned = match page {
        Page::Latest { .. } => latest::page(request, page),
        Page::Search {
            words,
            after,
            shown,
        } => search::page(request, words, *after, *shown),
    };
    settled(request, "/more", turned)
}

/// Does what a button says.
pub fn press(request: &Request<'_>, action: &Action) -> Reply {
    let pressed = match action {
        Action::Turn(page) => return turn(request, page),
        Action::Open(section) => latest::open(request, *section),
        Action::Summaries(items) => read::summaries(request, items),
        Action::Sections => (sections::SPEC.run)(request, ""),
        Action::Follow(_) if !request.manager => Err(request.mistake("managers-only", &[])),
        Action::Follow(Target::Section(section))
            if request.press.catalogue.get(*section).is_none() =>
        {
            Err(request.mistake("section-is-gone", &[]))
        }
        Action::Follow(target) => {
            let slug = request.target_slug(*target);
            (subscribe::SPEC.run)(request, &slug)
        }
    };
    settled(request, "a button", pressed)
}

/// What a fault of ours is called in the answer and in the log, so that one can be found by the other.
pub fn fault_number(now: Timestamp, channel: &ChannelKey, error: &str) -> String {
    let seed = format!("{}{error}{channel}", now.as_nanosecond());
    format!("{:04x}", xxh3_64(seed.as_bytes()) & 0xFFFF)
}

fn apology(request: &Request<'_>, line: &str, error: &StoreError) -> Line {
    let number = fault_number(request.now, &request.channel, &error.to_string());
    tracing::error!(number, channel = %request.channel, command = line, %error, "a command failed");
    let values = [("number", Value::Text(&number))];
    request.say.line("internal-error", &values)
}

fn run(request: &Request<'_>, line: &str) -> Result<Reply, Failure> {
    let line = line.trim();
    if line.chars().nth(LINE_LENGTH.most).is_some() {
        let most = [("most", LINE_LENGTH.most.into())];
        return Err(request.mistake("line-too-long", &most));
    }
    let Some(command) = line.strip_prefix('/') else {
        return Err(request.mistake("not-a-command", &[]));
    };
    let (name, rest) = command
        .split_once(char::is_whitespace)
        .unwrap_or((command, ""));
    let folded = name.to_lowercase();
    match named(name) {
        Some(spec) if spec.name == folded => return run_spec(request, spec, rest.trim()),
        // “/read_416” is how a headline names its command where only such words can be tapped.
        Some(spec) => {
            let tail = folded[spec.name.len()..].trim_start_matches('_');
            let rest = format!("{} {rest}", tail.replace('_', "-"));
            return run_spec(request, spec, rest.trim());
        }
        None => {}
    }
    let shown: String = name.chars().take(40).collect();
    let near = ALL
        .iter()
        .filter(|_| folded.chars().nth(NAME_LENGTH.most).is_none())
        .map(|spec| (strsim::osa_distance(spec.name, &folded), spec.name))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    Err(match near {
        Some((_, near)) => request.mistake(
            "no-command-near",
            &[("name", (&shown).into()), ("near", near.into())],
        ),
        None => request.mistake("no-command", &[("name", (&shown).into())]),
    })
}

fn run_spec(request: &Request<'_>, spec: &Spec, rest: &str) -> Result<Reply, Failure> {
    if spec.who == Who::Managers && !request.manager {
        return Err(request.mistake("managers-only", &[]));
    }
    if spec.arguments.is_empty() && !rest.is_empty() {
        return Err(request.mistake("takes-nothing", &[("name", spec.name.into())]));
    }
    (spec.run)(request, rest)
}

/// The row of a command as it was typed: in any case, and with words behind an underscore, as in `/read_416`.
pub fn named(typed: &str) -> Option<&'static Spec> {
    let folded = typed.to_lowercase();
    find(&folded).or_else(|| folded.split_once('_').and_then(|(head, _)| find(head)))
}

/// The row of a name.
pub fn find(name: &str) -> Option<&'static Spec> {
    ALL.iter().find(|spec| spec.name == name)
}

//! What a command is: a row of the table, from which follow its usage, who may give it and what it may act on; what it is
//! asked with, and what it answers.

use jiff::Timestamp;

use super::spec::{Argument, ArgumentKind, Changes, Posting, Who};
use crate::roundups::ComposeContext;
use crate::settings::SourceSettings;
use crate::sign_in::Person;
use tidings_core::channel::{ChannelRow, Pause, Target};
use tidings_core::ids::{ChannelKey, ItemId, SectionId};
use tidings_core::item::Place;
use tidings_core::language::{Localizer, Value};
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{Block, DeliveryOptions, Line, Post, Span};
use tidings_core::schedule::Zone;
use tidings_store::{ReadTx, StoreError, WriteTx};

/// What stands for a section's name in an example.
pub(super) const SECTION: &str = "{section}";

/// One row of the command table.
pub struct CommandSpec {
    /// What one types, without the slash. `command-…` in the Fluent files describes it.
    pub name: &'static str,
    /// Who may use it.
    pub who: Who,
    /// What it takes, in order.
    pub arguments: &'static [Argument],
    /// What may stand behind the name, for an example, with `{section}` for a section; empty where nothing does.
    pub example: &'static str,
    /// What it does to the channel.
    pub changes: Changes,
    /// Whether it may be about another channel than the one in which it is given.
    pub elsewhere: bool,
    /// Whether it is given only where its asker and the bot are alone.
    pub alone: bool,
    /// Whether it is there only where the configuration names editors.
    pub to_editors: bool,
    /// What it has to do with whether the bot may post in the channel.
    pub posting: Posting,
    /// Whether its answer is for the asker alone.
    pub confidential: bool,
    /// Whether it is answered however long ago it was given, though it changes nothing.
    pub answered_late: bool,
    /// Whether who is to be mentioned may be named with it, where the platform has such options.
    pub takes_role: bool,
    /// Whether it says more to those who may change something.
    pub knows_managers: bool,
    /// Whether it lists what may go on: then its answer takes the place of whatever list there was before.
    pub lists: bool,
    /// What does it.
    pub run: Run,
}

/// What does a command, in one transaction. The text is what stands behind the name.
pub enum Run {
    /// Looks things up.
    Asks(fn(&Request<'_>, &str) -> Result<Reply, CommandError>),
    /// Changes something. Whatever fails, nothing of it happened.
    Writes(fn(&Request<'_>, &WriteTx<'_>, &str) -> Result<Reply, CommandError>),
}

impl CommandSpec {
    /// A question that everybody may ask; to be completed with a name and what it does.
    pub(super) const QUESTION: CommandSpec = CommandSpec {
        name: "",
        who: Who::Everyone,
        arguments: &[],
        example: "",
        changes: Changes::Never,
        elsewhere: false,
        alone: false,
        to_editors: false,
        posting: Posting::Indifferent,
        confidential: false,
        answered_late: false,
        takes_role: false,
        knows_managers: false,
        lists: false,
        run: Run::Asks(|_, _| Ok(Reply::default())),
    };

    /// What a manager does to a channel; to be completed likewise.
    pub(super) const CHANGE: CommandSpec = CommandSpec {
        who: Who::Managers,
        changes: Changes::With(0),
        elsewhere: true,
        ..CommandSpec::QUESTION
    };

    /// How it is written: `/latest [section] [count]`.
    pub fn usage(&self) -> String {
        let mut usage = format!("/{}", self.name);
        for argument in self.arguments {
            let name = match argument.kind {
                ArgumentKind::SectionOrAll => "section|all".to_owned(),
                ArgumentKind::Filter => "words|off".to_owned(),
                // Platforms want names without spaces.
                _ => argument.name.replace('-', " "),
            };
            // A filter is shown without words, but that isn't what the command is for.
            let is_required = argument.required || argument.kind == ArgumentKind::Filter;
            let (open, close) = if is_required { ('<', '>') } else { ('[', ']') };
            usage.push_str(&format!(" {open}{name}{close}"));
        }
        usage
    }

    /// Returns true if what it answers is of no use to anybody but the asker: where others are, they don't see it on a platform
    /// that can keep it from them.
    pub fn is_for_asker(&self) -> bool {
        self.who == Who::Everyone || self.confidential
    }

    /// Returns true if it is there at all; some are only where there are editors.
    pub fn is_there(&self, has_editors: bool) -> bool {
        has_editors || !self.to_editors
    }

    /// Its name, as a piece of a post.
    pub(super) fn span(&self) -> Span {
        Span::command(self.name, String::new())
    }

    /// What it does, in a few words.
    pub fn summary(&self, say: Localizer<'_>) -> String {
        say.text(&format!("command-{}", self.name), &[])
    }
}

/// Somebody's command, with everything that its answer depends on.
pub struct Request<'r> {
    /// The store, as one transaction sees it.
    pub db: &'r ReadTx<'r>,
    /// Sections, defaults and texts.
    pub context: ComposeContext<'r>,
    /// The platform it came from.
    pub platform: &'r dyn ChatPlatform,
    /// The channel it came from, and acts on.
    pub channel: ChannelKey,
    /// The asker, by what the configuration calls people.
    pub person: Option<&'r ChannelKey>,
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
    pub say: Localizer<'r>,
    /// The configured sources.
    pub sources: &'r [SourceSettings],
    /// When it was asked.
    pub now: Timestamp,
    /// By what the configuration calls the asker, where they are an editor in a chat with the bot alone.
    pub editor: Option<&'r ChannelKey>,
    /// As whom the asker may sign in to the dashboard, in a chat with the bot alone.
    pub signs_in: Option<Person>,
    /// Whom the configuration names as editors.
    pub editors: &'r [ChannelKey],
    /// Every command there is.
    pub commands: &'static [CommandSpec],
    /// Whether the sources are still being loaded after the start.
    pub loading: bool,
}

/// What a command answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The answer itself.
    pub post: Post,
    /// Where it goes on, if it does.
    pub older: Option<ListPage>,
    /// Where it came from, if anything is before it.
    pub newer: Option<ListPage>,
    /// Sections to go to, with what they are called; `None` is all of them.
    pub sections: Vec<(Option<SectionId>, String)>,
    /// What else can be chosen: what it is called, and its button's data.
    pub choices: Vec<(String, String)>,
    /// What can be done besides, as buttons: what each says, and its data.
    pub deeds: Vec<(String, String)>,
    /// What the asker may follow from here.
    pub follow: Option<Target>,
    /// What of it is a roundup as it would be posted, where it shows one.
    pub preview: Option<Preview>,
    /// The same with menus that change what it shows, where the platform has menus.
    pub form: Option<Form>,
    /// What is to be written as an answer to it, in a few words, where it asks for something.
    pub asks: Option<String>,
    /// Whether it tells the asker of a mistake or a fault: nothing was done.
    pub failed: bool,
    /// Whether there was nothing to do, though nobody made a mistake.
    pub idle: bool,
}

/// A roundup that isn't posted yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// What is said before it.
    pub before: Post,
    /// The roundup.
    pub roundup: Post,
    /// How it would arrive.
    pub options: DeliveryOptions,
}

/// An answer with menus that change what it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// What is set, and what was changed last.
    pub post: Post,
    /// In the order in which they are shown.
    pub menus: Vec<SettingMenu>,
}

/// A menu from which a setting is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingMenu {
    /// The line that shows what is set; with a value behind it, it sets that.
    pub line: String,
    /// The values, what they are called, and whether each is set.
    pub options: Vec<(String, String, bool)>,
}

/// A later page of a list: all that is needed to show it, so that a button can carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListPage {
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
    /// Of items with their summaries.
    Summaries {
        /// The items.
        items: Vec<ItemId>,
        /// Which page, from 0.
        page: usize,
    },
}

/// Why a command wasn't done.
#[derive(Debug)]
pub enum CommandError {
    /// The asker can mend it; this says how.
    Mistake(Line),
    /// We have to mend it.
    Ours(StoreError),
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> CommandError {
        CommandError::Ours(error)
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
    /// Returns true if nobody but the asker and the bot is there.
    pub(super) fn is_alone(&self) -> bool {
        self.private || self.platform.is_managed_by_all()
    }

    /// Returns true if a command can be given here.
    pub(super) fn offers(&self, spec: &CommandSpec) -> bool {
        spec.is_there(!self.editors.is_empty()) && (!spec.alone || self.is_alone())
    }

    /// A message that answers for a mistake of the asker.
    pub(super) fn mistake(&self, key: &str, values: &[(&str, Value<'_>)]) -> CommandError {
        CommandError::Mistake(self.say.line(key, values))
    }

    /// The channel, if anything is kept about it.
    pub(super) fn channel_row(&self) -> Result<Option<ChannelRow>, StoreError> {
        self.db.channel(&self.channel)
    }

    /// The zone that the channel's times are shown in.
    pub(super) fn zone(&self, channel: Option<&ChannelRow>) -> Zone {
        channel.map_or_else(
            || self.context.defaults.timezone.clone(),
            |row| row.settings.zone(self.context.defaults).clone(),
        )
    }

    /// The same, where nothing else is asked of the channel.
    pub(super) fn zone_here(&self) -> Result<Zone, StoreError> {
        Ok(self.zone(self.channel_row()?.as_ref()))
    }

    pub(super) fn hints(&self, keys: &[(&str, &[(&str, Value<'_>)])]) -> Block {
        Block::Hints(
            keys.iter()
                .map(|(key, values)| self.say.line(key, values))
                .collect(),
        )
    }
}

//! The commands of chat: one table, one file a command. The table is what every platform registers, what
//! `/help` lists and what the README shows; a command is written once.

mod answer;
mod arguments;
mod bounded;
mod buttons;
mod command;
mod editing;
mod filter;
mod forget;
mod help;
mod invocation;
mod latest;
mod packed;
mod pause;
mod preview;
mod read;
mod resume;
mod review;
mod roundup;
mod schedule;
mod search;
mod sections;
mod settings;
mod sign_in;
mod spec;
mod status;
mod subscribe;
mod subscriptions;
mod suggest;
mod summaries;
mod timezone;
mod to_editors;
mod unsubscribe;
mod watch;

pub use answer::{
    answer, carry_out, editors_deed, fault_number, follow, press, show_page, sign_in,
};
pub use arguments::MOST;
pub use buttons::{Action, Button, MOST_DATA};
pub use command::{
    CommandError, CommandSpec, Form, ListPage, Preview, Reply, Request, Run, SettingMenu,
};
pub use editing::{Field, Prompt};
pub use invocation::{Invocation, Unparsed};
pub use packed::pack;
pub use pause::pause_reason;
pub use spec::{APART, Argument, ArgumentKind, Changes, Posting, Who};
pub use suggest::{Followed, Suggestion, Typing, complete, suggest, suggest_known};

/// Every command, in the order in which help lists them.
pub const ALL: &[CommandSpec] = &[
    latest::SPEC,
    read::SPEC,
    sections::SPEC,
    search::SPEC,
    subscribe::SPEC,
    unsubscribe::SPEC,
    subscriptions::SPEC,
    schedule::SPEC,
    filter::SPEC,
    watch::SPEC,
    watch::UNWATCH,
    timezone::SPEC,
    preview::SPEC,
    roundup::SPEC,
    pause::SPEC,
    resume::SPEC,
    settings::SPEC,
    to_editors::SPEC,
    forget::SPEC,
    status::SPEC,
    help::SPEC,
    help::START,
];

/// What is done with a message's link, where a platform has commands for messages.
pub const OF_MESSAGE: &CommandSpec = &to_editors::OF_MESSAGE;

/// The row of a command as it was typed: in any case, and with words behind an underscore, as in `/read_416`.
pub fn named(typed: &str) -> Option<&'static CommandSpec> {
    let folded = typed.to_lowercase();
    find(&folded).or_else(|| folded.split_once('_').and_then(|(head, _)| find(head)))
}

/// The row of a name.
pub fn find(name: &str) -> Option<&'static CommandSpec> {
    ALL.iter().find(|spec| spec.name == name)
}

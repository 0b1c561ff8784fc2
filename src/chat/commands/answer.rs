//! Answering: a line of chat, a button, a page that is turned. Never fails: what goes wrong is answered.

use std::fmt::Display;

use xxhash_rust::xxh3::xxh3_64;

use super::buttons::Action;
use super::command::{CommandError, ListPage, Reply, Request, Run};
use super::invocation::{Invocation, Unparsed};
use super::spec::Who;
use super::{
    ALL, editing, latest, review as reviewing, search, sections, sign_in as signing_in, subscribe,
    summaries,
};
use crate::sign_in::Secret;
use tidings_core::bounds::{LINE_LENGTH, NAME_LENGTH};
use tidings_core::channel::Target;
use tidings_core::ids::ChannelKey;
use tidings_core::language::Value;
use tidings_core::post::Line;
use tidings_store::{StoreError, WriteTx};

/// Answers what was asked, which changes nothing. Never fails: what goes wrong is answered, and what is our fault is logged
/// under the number that the answer names.
pub fn answer(request: &Request<'_>, asked: &Result<Invocation, Unparsed>) -> Reply {
    match asked {
        Ok(invocation) => settled(request, invocation, run(request, None, invocation)),
        Err(unparsed) => settled(request, &"a line", Err(unread(request, unparsed))),
    }
}

/// Does what a command says, and answers it. Where the answer tells of a mistake or a fault ([`Reply::failed`]), nothing of
/// what was done may stay.
pub fn carry_out(request: &Request<'_>, db: &WriteTx<'_>, invocation: &Invocation) -> Reply {
    settled(request, invocation, run(request, Some(db), invocation))
}

fn settled(request: &Request<'_>, line: &dyn Display, done: Result<Reply, CommandError>) -> Reply {
    let failed = |line: Line| Reply {
        failed: true,
        ..Reply::from(line)
    };
    match done {
        Ok(mut reply) => {
            reply.post = request.bounded(reply.post);
            reply
        }
        Err(CommandError::Mistake(line)) => failed(line),
        Err(CommandError::Ours(StoreError::TooMuch)) => {
            tracing::warn!(channel = %request.channel, command = %line, "a question took too many steps");
            failed(request.say.line("question-too-much", &[]))
        }
        Err(CommandError::Ours(error)) => failed(apology(request, line, &error)),
    }
}

/// Shows a later page of a list.
pub fn show_page(request: &Request<'_>, page: &ListPage) -> Reply {
    settled(request, &"a page", listed(request, page))
}

fn listed(request: &Request<'_>, page: &ListPage) -> Result<Reply, CommandError> {
    match page {
        ListPage::Latest { .. } => latest::page(request, page),
        ListPage::Search {
            words,
            after,
            shown,
        } => search::page(request, words, *after, *shown),
        ListPage::Summaries { items, page } => summaries::page(request, items, *page),
    }
}

/// Answers a button that changes nothing.
pub fn press(request: &Request<'_>, action: &Action) -> Reply {
    let pressed = match action {
        Action::ShowPage(page) => listed(request, page),
        Action::Open(section) => latest::open(request, *section),
        Action::Summaries(items) => summaries::page(request, items, 0),
        Action::Sections => sections::run(request),
        Action::Search if request.private => Ok(Reply {
            asks: Some(request.say.text("search-label", &[])),
            ..Reply::from(request.say.line("search-ask", &[]))
        }),
        Action::Search => Ok(request.say.line("search-how", &[]).into()),
        Action::Follow(_) => Err(request.mistake("managers-only", &[])),
        Action::Review { .. }
        | Action::Choices { .. }
        | Action::Held { .. }
        | Action::Edit { .. }
        | Action::UndoDeed(_) => Err(request.mistake("only-editors", &[])),
        Action::SignIn => Err(request.mistake("sign-in-not-yours", &[])),
    };
    settled(request, &"a button", pressed)
}

/// Does what an editor's button says; `editor` is `None` for anybody else.
pub fn editors_deed(
    request: &Request<'_>,
    db: &WriteTx<'_>,
    editor: Option<&ChannelKey>,
    action: &Action,
) -> Reply {
    let done = match (editor, action) {
        (
            Some(editor),
            Action::Review {
                review,
                deed,
                version,
            },
        ) => reviewing::run(request, db, editor, (*review, *version), *deed),
        (Some(_), Action::Choices { review, from }) => {
            reviewing::choose(request, db, *review, *from)
        }
        (Some(editor), Action::Held { item, deed }) => {
            reviewing::held(request, db, editor, *item, *deed)
        }
        (Some(editor), Action::Edit { item, deed }) => {
            editing::run(request, db, editor, *item, deed)
        }
        (Some(editor), Action::UndoDeed(deed)) => editing::undo(request, db, editor, *deed),
        _ => Err(request.mistake("only-editors", &[])),
    };
    settled(request, &"a button", done)
}

/// Brings a link that signs in to the dashboard; `base` is where people see the pages.
pub fn sign_in(request: &Request<'_>, db: &WriteTx<'_>, base: &str, secret: &Secret) -> Reply {
    let brought = signing_in::run(request, db, base, secret);
    settled(request, &"a button", brought)
}

/// Follows what a button offers to.
pub fn follow(request: &Request<'_>, db: &WriteTx<'_>, target: Target) -> Reply {
    let is_gone = |section| request.context.catalogue.get(section).is_none();
    let followed = if target.section().is_some_and(is_gone) {
        Err(request.mistake("section-is-gone", &[]))
    } else {
        subscribe::run(request, db, &request.target_slug(target))
    };
    settled(request, &"a button", followed)
}

/// What a fault of ours is called in the answer and in the log, so that one can be found by the other. `question` tells it
/// from others of its kind.
pub fn fault_number(question: &dyn Display, channel: &ChannelKey, error: &str) -> String {
    let seed = format!("{question}{error}{channel}");
    format!("{:04x}", xxh3_64(seed.as_bytes()) & 0xFFFF)
}

fn apology(request: &Request<'_>, line: &dyn Display, error: &StoreError) -> Line {
    let number = fault_number(&request.now, &request.channel, &error.to_string());
    tracing::error!(number, channel = %request.channel, command = %line, %error, "a command failed");
    let values = [("number", Value::Text(&number))];
    request.say.line("internal-error", &values)
}

fn unread(request: &Request<'_>, unparsed: &Unparsed) -> CommandError {
    let name = match unparsed {
        Unparsed::Talk => return request.mistake("not-a-command", &[]),
        Unparsed::Unknown(name) if name.is_empty() => {
            return request.mistake("not-a-command", &[]);
        }
        Unparsed::TooLong(_) => {
            let most = [("most", LINE_LENGTH.most.into())];
            return request.mistake("line-too-long", &most);
        }
        Unparsed::Unknown(name) => name,
    };
    request.no_command(name)
}

impl Request<'_> {
    /// That there is no command of a name, and which one may be meant.
    pub(super) fn no_command(&self, name: &str) -> CommandError {
        let folded = name.to_lowercase();
        let shown: String = name.chars().take(40).collect();
        let near = ALL
            .iter()
            .filter(|spec| self.offers(spec))
            .filter(|_| folded.chars().nth(NAME_LENGTH.most).is_none())
            .map(|spec| (strsim::osa_distance(spec.name, &folded), spec.name))
            .filter(|(distance, _)| *distance <= 2)
            .min();
        match near {
            Some((_, near)) => self.mistake(
                "no-command-near",
                &[("name", (&shown).into()), ("near", near.into())],
            ),
            None => self.mistake("no-command", &[("name", (&shown).into())]),
        }
    }
}

/// For what changes nothing, and where nobody asks who may change something, `db` isn't given.
fn run(
    request: &Request<'_>,
    db: Option<&WriteTx<'_>>,
    invocation: &Invocation,
) -> Result<Reply, CommandError> {
    let Invocation { spec, words } = invocation;
    let refused = || request.mistake("managers-only", &[]);
    if spec.who == Who::Managers && !request.manager {
        return Err(refused());
    }
    if spec.alone && spec.is_there(!request.editors.is_empty()) && !request.is_alone() {
        let name = ("name", spec.name.into());
        return Err(match request.platform.private_chat() {
            Some(url) => request.mistake("only-alone-there", &[name, ("url", Value::Link(&url))]),
            None => request.mistake("only-alone", &[name]),
        });
    }
    if spec.arguments.is_empty() && !words.is_empty() {
        return Err(request.mistake("takes-nothing", &[("name", spec.name.into())]));
    }
    match &spec.run {
        Run::Asks(run) => run(request, words),
        Run::Writes(run) => run(request, db.ok_or_else(refused)?, words),
    }
}

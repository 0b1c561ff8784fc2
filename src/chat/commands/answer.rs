//! Answering: a line of chat, a button, a page that is turned. Never fails: what goes wrong is answered.

use std::fmt::Display;

use xxhash_rust::xxh3::xxh3_64;

use super::buttons::Action;
use super::command::{CommandError, CommandSpec, Page, Reply, Request};
use super::spec::Who;
use super::{ALL, latest, named, read, search, sections, subscribe};
use tidings_core::bounds::{LINE_LENGTH, NAME_LENGTH};
use tidings_core::channel::Target;
use tidings_core::ids::ChannelKey;
use tidings_core::language::Value;
use tidings_core::post::Line;
use tidings_store::StoreError;

/// Answers a line of chat that begins with a slash. Never fails: what goes wrong is answered, and what is
/// our fault is logged under the number that the answer names.
pub fn answer(request: &Request<'_>, line: &str) -> Reply {
    settled(request, line, run(request, line))
}

fn settled(request: &Request<'_>, line: &str, done: Result<Reply, CommandError>) -> Reply {
    let failed = |line: Line| Reply {
        failed: true,
        ..Reply::from(line)
    };
    match done {
        Ok(mut reply) => {
            reply.post = request.bounded(reply.post);
            reply
        }
        Err(CommandError::Asker(line)) => failed(line),
        Err(CommandError::Ours(StoreError::TooMuch)) => {
            tracing::warn!(channel = %request.channel, command = line, "a question took too many steps");
            failed(request.say.line("question-too-much", &[]))
        }
        Err(CommandError::Ours(error)) => failed(apology(request, line, &error)),
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

/// What a fault of ours is called in the answer and in the log, so that one can be found by the other. `question` tells it
/// from others of its kind.
pub fn fault_number(question: &dyn Display, channel: &ChannelKey, error: &str) -> String {
    let seed = format!("{question}{error}{channel}");
    format!("{:04x}", xxh3_64(seed.as_bytes()) & 0xFFFF)
}

fn apology(request: &Request<'_>, line: &str, error: &StoreError) -> Line {
    let number = fault_number(&request.now, &request.channel, &error.to_string());
    tracing::error!(number, channel = %request.channel, command = line, %error, "a command failed");
    let values = [("number", Value::Text(&number))];
    request.say.line("internal-error", &values)
}

fn run(request: &Request<'_>, line: &str) -> Result<Reply, CommandError> {
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

fn run_spec(request: &Request<'_>, spec: &CommandSpec, rest: &str) -> Result<Reply, CommandError> {
    if spec.who == Who::Managers && !request.manager {
        return Err(request.mistake("managers-only", &[]));
    }
    if spec.arguments.is_empty() && !rest.is_empty() {
        return Err(request.mistake("takes-nothing", &[("name", spec.name.into())]));
    }
    (spec.run)(request, rest)
}

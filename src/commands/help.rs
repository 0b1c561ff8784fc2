//! `/help` and `/start`: what the bot does, and the commands.

use super::{ALL, Argument, Failure, Kind, Reply, Request, Spec, Who};
use crate::post::{Block, Post};

const COMMAND: &[Argument] = &[Argument {
    name: "command",
    kind: Kind::Text,
    required: false,
}];

pub(super) const SPEC: Spec = Spec {
    name: "help",
    who: Who::Everyone,
    arguments: COMMAND,
    run,
};

/// What chat platforms send when somebody opens the bot for the first time.
pub(super) const START: Spec = Spec {
    name: "start",
    who: Who::Everyone,
    arguments: COMMAND,
    run,
};

fn run(request: &Request<'_>, words: &str) -> Result<Reply, Failure> {
    let name = words.trim().trim_start_matches('/').to_lowercase();
    let one = super::find(&name);
    if one.is_none() && !name.is_empty() {
        let name = super::arguments::echo(&name);
        return Err(request.mistake("no-command", &[("name", (&name).into())]));
    }
    let mut post = Post::default();
    if one.is_none() {
        post.push(Block::Line(request.say.line("help", &[])));
    }
    let shown = |spec: &&Spec| {
        one.map_or(spec.who == Who::Everyone || request.manager, |one| {
            one.name == spec.name
        }) && (spec.name != START.name || one.is_some())
    };
    for spec in ALL.iter().filter(shown) {
        post.push(Block::Row {
            name: spec.usage(),
            text: spec.summary(request.say),
            details: Vec::new(),
        });
    }
    let takes_when = |spec: &Spec| spec.arguments.iter().any(|a| a.kind == Kind::When);
    if one.map_or(request.manager, takes_when) {
        let examples: Vec<&str> = crate::schedules::ALL.iter().map(|k| k.example).collect();
        let examples = examples.join(" · ");
        let values = [("examples", (&examples).into())];
        post.push(Block::Line(request.say.line("help-when", &values)));
    }
    Ok(post.into())
}

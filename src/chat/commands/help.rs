//! `/help` and `/start`: what the bot does, and the commands.

use super::command::{CommandError, CommandSpec, Reply, Request, Run, SECTION};
use super::spec::{Argument, ArgumentKind, Who};
use tidings_core::post::{Block, Line, Post};

const COMMAND: &[Argument] = &[Argument {
    name: "command",
    kind: ArgumentKind::Text,
    required: false,
}];

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "help",
    arguments: COMMAND,
    example: "subscribe",
    run: Run::Asks(run),
    knows_managers: true,
    ..CommandSpec::QUESTION
};

/// What chat platforms send when somebody opens the bot for the first time.
pub(super) const START: CommandSpec = CommandSpec {
    name: "start",
    arguments: COMMAND,
    run: Run::Asks(start),
    knows_managers: true,
    answered_late: true,
    ..CommandSpec::QUESTION
};

/// Greets, whatever stands behind it: whoever came by a link of another time is greeted all the same.
fn start(request: &Request<'_>, _: &str) -> Result<Reply, CommandError> {
    let sections = request.context.catalogue.sections();
    let slug = sections
        .first()
        .map_or(tidings_core::ids::ALL, |s| s.slug.as_str());
    let values = [("slug", slug.into()), ("count", sections.len().into())];
    let mut post = Post::line(request.say.line("start", &values));
    let mut rows = vec![("latest", "start-latest"), ("sections", "start-sections")];
    if request.manager {
        rows.push(("subscribe", "start-subscribe"));
    }
    rows.push(("help", "start-help"));
    for (name, key) in rows {
        let example = match name {
            "latest" => format!("/latest {slug}"),
            "subscribe" => format!("/subscribe {slug} daily 09:00"),
            _ => format!("/{name}"),
        };
        post.push(Block::Row {
            name: example,
            text: request.say.text(key, &values),
            details: Vec::new(),
        });
    }
    if request.manager && !request.private && !request.platform.is_managed_by_all() {
        let only = request.say.line("start-administrators", &[]);
        post.push(Block::Line(only));
    }
    Ok(post.into())
}

fn run(request: &Request<'_>, words: &str) -> Result<Reply, CommandError> {
    let name = words.trim().trim_start_matches('/').to_lowercase();
    let one = request.commands.iter().find(|spec| spec.name == name);
    if one.is_none() && !name.is_empty() {
        return Err(request.no_command(&name));
    }
    let mut post = Post::default();
    if one.is_none() {
        post.push(Block::Line(request.say.line("help", &[])));
    }
    let shown = |spec: &&CommandSpec| {
        one.map_or(spec.who == Who::Everyone || request.manager, |one| {
            one.name == spec.name
        }) && (one.is_some() || request.offers(spec))
            && (spec.name != START.name || one.is_some())
    };
    // Managers' commands are many, and one line tells them: two screens of a phone are read by nobody.
    let (own, managers): (Vec<&CommandSpec>, Vec<&CommandSpec>) = request
        .commands
        .iter()
        .filter(shown)
        .partition(|spec| one.is_some() || spec.who == Who::Everyone);
    for spec in own {
        post.push(Block::Row {
            name: spec.usage(),
            text: spec.summary(request.say),
            details: Vec::new(),
        });
    }
    if !managers.is_empty() {
        let key = match request.is_alone() {
            true => "help-own",
            false => "help-managers",
        };
        post.push(Block::Line(request.say.line(key, &[])));
        let names = managers.iter().map(|spec| Line(vec![spec.span()]));
        post.push(Block::Hints(names.collect()));
        post.push(request.hints(&[("help-one", &[])]));
    }
    if let Some(one) = one.filter(|one| !one.example.is_empty()) {
        let sections = request.context.catalogue.sections().first();
        let slug = sections.map_or(tidings_core::ids::ALL, |section| section.slug.as_str());
        let example = format!("/{} {}", one.name, one.example.replace(SECTION, slug));
        let values = [("example", (&example).into())];
        post.push(Block::Line(request.say.line("help-example", &values)));
    }
    let takes = |kind| move |spec: &CommandSpec| spec.arguments.iter().any(|a| a.kind == kind);
    if one.is_some_and(takes(ArgumentKind::HowLong)) {
        let examples = request.say.text("pause-examples", &[]);
        let values = [("examples", (&examples).into())];
        post.push(Block::Line(request.say.line("help-how-long", &values)));
    }
    if one.is_some_and(takes(ArgumentKind::When)) {
        let examples: Vec<&str> = tidings_core::schedule::ALL
            .iter()
            .map(|k| k.example)
            .collect();
        let examples = examples.join(" · ");
        let values = [("examples", (&examples).into())];
        post.push(Block::Line(request.say.line("help-when", &values)));
    }
    Ok(post.into())
}

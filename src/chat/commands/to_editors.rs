//! `/suggest <link>`: a find for the editors. They aren't told who sends it, only on which platform.

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::spec::{Argument, ArgumentKind};
use tidings_core::bounds::{SUGGESTED_LINK, SUGGESTED_WORDS, SUGGESTIONS};
use tidings_core::ids::ChannelKey;
use tidings_core::language::Value;
use tidings_core::network::{first_link, public_link};
use tidings_core::text::{beginning, visible};
use tidings_store::{Suggester, Suggestion, WriteTx};

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "suggest",
    arguments: &[Argument {
        name: "link",
        kind: ArgumentKind::Text,
        required: true,
    }],
    example: "https://example.org/news",
    alone: true,
    to_editors: true,
    // It would be lost otherwise.
    answered_late: true,
    run: Run::Writes(typed),
    ..CommandSpec::QUESTION
};

/// The same with a message's link, where a platform has commands for messages: only who gives it sees the answer, so others
/// may be there.
pub(super) const OF_MESSAGE: CommandSpec = CommandSpec {
    alone: false,
    run: Run::Writes(of_message),
    ..SPEC
};

fn typed(request: &Request<'_>, db: &WriteTx<'_>, words: &str) -> Result<Reply, CommandError> {
    suggest(request, db, words, "suggest-what")
}

fn of_message(request: &Request<'_>, db: &WriteTx<'_>, link: &str) -> Result<Reply, CommandError> {
    suggest(request, db, link, "suggest-no-link")
}

/// Sends what is suggested to the editors; `without` is what is said where there is no link.
fn suggest(
    request: &Request<'_>,
    db: &WriteTx<'_>,
    words: &str,
    without: &str,
) -> Result<Reply, CommandError> {
    if request.editors.is_empty() {
        return Err(request.mistake("suggest-nobody", &[]));
    }
    let Some((before, link, behind)) = first_link(words) else {
        return Err(request.mistake(without, &[]));
    };
    let Some(link) = public_link(link) else {
        return Err(request.mistake("suggest-not-public", &[]));
    };
    if link.len() > SUGGESTED_LINK.most {
        let most = [("most", SUGGESTED_LINK.most.into())];
        return Err(request.mistake("suggest-long", &most));
    }
    if let Some(item) = db.item_of_link(&link)? {
        let read = format!("/read {}", item.id);
        let values = [
            ("title", Value::Text(&item.title)),
            ("read", Value::Command(&read)),
        ];
        return Ok(request.say.line("suggest-known", &values).into());
    }
    if db.is_suggested(&link)? {
        return Ok(request.say.line("suggest-again", &[]).into());
    }
    let defaults = request.context.defaults;
    let now = request.now.to_zoned(defaults.timezone.tz().clone());
    let day = now.date().to_string();
    let who = Suggester {
        person: number_of(request.person.unwrap_or(&request.channel), &day),
        day: &day,
    };
    let most = SUGGESTIONS.most;
    let left = most.saturating_sub(db.suggested_by(who)?);
    if left == 0 {
        let tomorrow = now.tomorrow().and_then(|then| then.start_of_day());
        let again = tomorrow.map_or(Timestamp::MAX, |then| then.timestamp());
        let moment = request.say.moment(again, request.now, &defaults.timezone);
        let values = [
            ("most", most.into()),
            ("moment", Value::Text(&moment)),
            ("zone", defaults.timezone.name().into()),
        ];
        return Err(request.mistake("suggest-enough", &values));
    }
    let suggestion = Suggestion {
        link,
        words: bounded(&format!("{before} {behind}")),
        reader_on: request.platform.title().to_owned(),
    };
    let platforms = request.editors.iter().map(ChannelKey::platform);
    db.suggest(&suggestion, who, platforms, request.now)?;
    let left = [("left", (left - 1).into())];
    Ok(request.say.line("suggest-sent", &left).into())
}

/// What somebody is counted under on a day: `/forget` doesn't give them more suggestions on that day, and nothing kept says
/// who they are.
fn number_of(person: &ChannelKey, day: &str) -> i64 {
    xxh3_64(format!("{person} suggests {day}").as_bytes()).cast_signed()
}

/// What a reader says beside a link, no longer than editors read.
fn bounded(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = visible(&words);
    // What stood around the link says nothing without it.
    let words = words.trim_matches(|c: char| c == ' ' || "()[]<>|,;:".contains(c));
    let shown = beginning(words, SUGGESTED_WORDS.most);
    match shown.len() < words.len() {
        true => format!("{shown}…"),
        false => words.to_owned(),
    }
}

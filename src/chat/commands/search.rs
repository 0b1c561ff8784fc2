//! `/search <words>`: full-text search of the archive.

use super::arguments::{ECHO, USUAL, echo};
use super::buttons::Action;
use super::command::{CommandError, CommandSpec, ListPage, Reply, Request, Run};
use super::latest::entry;
use super::spec::{Argument, ArgumentKind};
use tidings_core::bounds::{SEARCH_LENGTH, SEARCH_WORDS};
use tidings_core::item::Place;
use tidings_core::language::Value;
use tidings_core::post::{Block, Post};
use tidings_core::search;
use tidings_core::search::Query;
use tidings_core::text;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "search",
    arguments: &[Argument {
        name: "words",
        kind: ArgumentKind::Text,
        required: true,
    }],
    example: "summit",
    lists: true,
    run: Run::Asks(|request, words| page(request, words, Place::TOP, 0)),
    ..CommandSpec::QUESTION
};

/// Returns true if the character begins or ends a quotation.
fn is_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」')
}

/// The beginning of a word with which more may be found; empty where the word is short, or no plain word.
fn beginning(word: &str) -> String {
    let kept = if word.is_ascii() { 4 } else { 2 };
    let is_long = word.chars().count() > kept + 1;
    let is_plain = word.chars().all(char::is_alphanumeric);
    let letters = word.chars().take(kept);
    letters.filter(|_| is_long && is_plain).collect()
}

/// The words as they are repeated: a quotation of all of them without its marks, a quotation among them with both of
/// its marks, and half of one with none.
fn heard(words: &str) -> String {
    let alone = echo(words);
    if !alone.contains(is_mark) {
        return alone;
    }
    let is_whole = |words: &str| words.chars().filter(|c| is_mark(*c)).count() % 2 == 0;
    let words = text::join_lines(words);
    if is_whole(&alone) {
        return alone;
    }
    let whole: String = words.chars().take(ECHO).collect();
    if is_whole(&whole) && whole == words {
        return whole;
    }
    alone.replace(is_mark, "").trim().to_owned()
}

/// A page of what was found.
pub(super) fn page(
    request: &Request<'_>,
    words: &str,
    after: Place,
    shown: usize,
) -> Result<Reply, CommandError> {
    if search::is_too_much(words) {
        let values = [
            ("letters", SEARCH_LENGTH.most.into()),
            ("words", SEARCH_WORDS.most.into()),
        ];
        return Err(request.mistake("search-too-much", &values));
    }
    let asked = heard(words);
    let Some(query) = Query::parse(words) else {
        let key = if asked
            .chars()
            .all(|c| "\"*".contains(c) || c.is_whitespace())
        {
            "search-what"
        } else {
            "search-no-word"
        };
        return Err(request.mistake(key, &[("words", (&asked).into())]));
    };
    let found = request.db.search(&query, after, USUAL + 1)?;
    let zone = request.zone_here()?;
    if found.is_empty() {
        let newest = request.db.newest_of(None)?;
        let beginning = beginning(&asked);
        let search = format!("/search {beginning}*");
        let key = match newest {
            _ if shown > 0 => "search-end",
            None => "latest-empty",
            Some(_) if asked.contains(|c: char| c.is_whitespace() || is_mark(c)) => {
                "search-nothing"
            }
            Some(_) if beginning.is_empty() => "search-nothing-short",
            Some(_) => "search-nothing-word",
        };
        let newest = newest.map_or_else(String::new, |n| request.say.published(n, &zone));
        let values = [
            ("words", (&asked).into()),
            ("newest", (&newest).into()),
            ("search", Value::Command(&search)),
        ];
        return Ok(request.say.line(key, &values).into());
    }
    let items = &found[..found.len().min(USUAL)];
    let more = found.len() > items.len();
    let mut post = Post::default();
    let values: [(&str, Value<'_>); 3] = [
        ("words", (&asked).into()),
        ("from", (shown + 1).into()),
        ("to", (shown + items.len()).into()),
    ];
    post.push(Block::Title {
        text: request.say.text("search-title", &values),
        note: Some(request.say.text(
            match items.len() {
                _ if !more && shown == 0 => "search-note-all",
                1 => "search-note-single",
                _ => "search-note",
            },
            &values,
        )),
    });
    for item in items {
        post.push(Block::Entry(entry(request, item, &zone, true)?));
    }
    let older = items.last().filter(|_| more).map(|last| ListPage::Search {
        words: words.to_owned(),
        after: last.place,
        shown: shown + items.len(),
    });
    let has_buttons = request.platform.has_buttons();
    let read = [("id", Value::Number(items[0].id.get()))];
    let mut hints: Vec<(&str, &[(&str, Value<'_>)])> = Vec::new();
    if !has_buttons {
        // Where there are buttons, each headline names the command that shows it.
        hints.push(("hint-read", &read));
    }
    match &older {
        Some(page) if has_buttons && Action::ShowPage(page.clone()).encode().is_none() => {
            hints.push(("hint-fewer-words", &[]));
        }
        Some(_) if !has_buttons => hints.push(("hint-more", &[])),
        _ => {}
    }
    if !hints.is_empty() {
        post.push(request.hints(&hints));
    }
    Ok(Reply {
        post,
        older,
        ..Reply::default()
    })
}

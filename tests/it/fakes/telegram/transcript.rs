//! A conversation as text that a person can review.

use std::collections::BTreeMap;

use super::html::{Entity, units};
use super::world::{Author, BOT, ChatState, Event, Message, World};

pub(super) fn render(world: &World, chat: i64) -> String {
    seen_by(world, chat, None)
}

/// What one member of a chat sees; without one, what all say and what the bot and each of them say alone.
pub(super) fn seen_by(world: &World, chat: i64, person: Option<i64>) -> String {
    let chat = world.chat(chat);
    let mut out = String::new();
    for event in &chat.timeline {
        match event {
            Event::Said(id) => {
                if let Some(message) = chat.messages.get(id) {
                    said(world, chat, message, None, &mut out);
                }
            }
            Event::SaidAlone(number) => {
                let alone = chat.alone.get(number);
                let seen = alone.filter(|alone| person.is_none_or(|who| who == alone.person));
                if let Some(alone) = seen {
                    let seer = &world.user(alone.person).first_name;
                    let by = match alone.message.author {
                        Author::Bot => format!("to {seer} alone"),
                        _ => "to the bot alone".to_owned(),
                    };
                    said(world, chat, &alone.message, Some(&by), &mut out);
                }
            }
            Event::Pressed(id) => {
                let press = world.callbacks.get(id);
                if let Some(press) = press.filter(|p| person.is_none_or(|who| who == p.from)) {
                    let name = &world.user(press.from).first_name;
                    out.push_str(&format!("── {name} presses [ {} ]\n", press.label));
                    if let Some(answer) = press
                        .answer
                        .as_ref()
                        .filter(|answer| !answer.text.is_empty())
                    {
                        let kind = if answer.show_alert { "alert" } else { "notice" };
                        out.push_str(&format!("({kind}: {})\n", answer.text));
                    }
                }
            }
            Event::Note(note) => out.push_str(&format!("·· {note}\n")),
        }
    }
    out
}

fn said(world: &World, chat: &ChatState, message: &Message, alone: Option<&str>, out: &mut String) {
    let name = match message.author {
        Author::Bot => &world.user(BOT).first_name,
        Author::Person(id) => &world.user(id).first_name,
        Author::Anonymous => "An anonymous administrator",
        Author::AsChannel(id) => &world.chat(id).title,
        Author::Channel => &chat.title,
    };
    out.push_str(&format!("── {name}"));
    if let Some(topic) = message
        .message_thread_id
        .and_then(|id| chat.topics.get(&id))
    {
        out.push_str(&format!(" in #{}", topic.name));
    }
    if let Some(original) = message.reply_to.and_then(|id| chat.messages.get(&id)) {
        let start: String = original
            .text
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(30)
            .collect();
        out.push_str(&format!(" (reply to “{start}”)"));
    }
    if let Some(alone) = alone {
        out.push_str(&format!(" ({alone})"));
    }
    for (shown, word) in [
        (message.disable_notification, "silent"),
        (message.edits > 0, "edited"),
        (message.deleted, "deleted"),
    ] {
        if shown {
            out.push_str(&format!(" ({word})"));
        }
    }
    out.push('\n');
    for (field, content) in &message.extra {
        let names = content.as_array().into_iter().flatten();
        let names: Vec<&str> = names
            .filter_map(|user| user["first_name"].as_str())
            .collect();
        let names = if names.is_empty() {
            String::new()
        } else {
            format!(": {}", names.join(", "))
        };
        out.push_str(&format!("({}{names})\n", field.replace('_', " ")));
    }
    if !message.text.is_empty() {
        out.push_str(&marked_up(&message.text, &message.entities));
        out.push('\n');
    }
    if let Some(asks) = &message.asks {
        out.push_str(&format!("(asks for an answer: {asks})\n"));
    }
    for row in message.rows() {
        let labels: Vec<String> = row
            .iter()
            .map(|button| {
                let text = button["text"].as_str().unwrap_or_default();
                match button["url"].as_str() {
                    Some(url) => format!("[ {text} → {url} ]"),
                    None => format!("[ {text} ]"),
                }
            })
            .collect();
        out.push_str(&labels.join(" "));
        out.push('\n');
    }
}

/// Text with its formatting in a light way: `**bold**`, `[text](address)`, `> quote`.
pub(super) fn marked_up(text: &str, entities: &[Entity]) -> String {
    let mut opens: BTreeMap<usize, String> = BTreeMap::new();
    let mut closes: BTreeMap<usize, String> = BTreeMap::new();
    for entity in entities {
        let (open, close) = marks(entity);
        opens.entry(entity.offset).or_default().push_str(&open);
        closes
            .entry(entity.end())
            .or_default()
            .insert_str(0, &close);
    }
    let quotes: Vec<&Entity> = entities
        .iter()
        .filter(|e| e.kind.ends_with("blockquote"))
        .collect();
    let mut out = String::new();
    let mut at = 0;
    let total = units(text);
    for c in text.chars().map(Some).chain([None]) {
        if let Some(close) = closes.get(&at) {
            out.push_str(close);
        }
        if at < total {
            let edge = quotes
                .iter()
                .any(|quote| quote.offset == at || quote.end() == at);
            if edge && !out.is_empty() && !out.ends_with('\n') && c != Some('\n') {
                out.push('\n');
            }
            let quoted = quotes
                .iter()
                .find(|quote| (quote.offset..quote.end()).contains(&at));
            if let Some(quote) = quoted
                && (out.is_empty() || out.ends_with('\n'))
            {
                out.push_str(if quote.kind == "blockquote" {
                    "> "
                } else {
                    ">> "
                });
            }
        }
        if let Some(open) = opens.get(&at).filter(|_| at < total) {
            out.push_str(open);
        }
        if let Some(c) = c {
            out.push(c);
            at += c.len_utf16();
        }
    }
    out
}

fn marks(entity: &Entity) -> (String, String) {
    let both = |mark: &str| (mark.to_owned(), mark.to_owned());
    match entity.kind.as_str() {
        "bold" => both("**"),
        "italic" => both("_"),
        "underline" => both("__"),
        "strikethrough" => both("~~"),
        "spoiler" => both("||"),
        "code" => both("`"),
        "pre" => both("```"),
        "text_link" => {
            let url = entity.url.as_deref().unwrap_or_default();
            ("[".to_owned(), format!("]({url})"))
        }
        _ => both(""),
    }
}

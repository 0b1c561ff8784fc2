//! What may hang below a message.

use serde_json::{Map, Value};

use super::html::check_url;

/// The actions a button may have; exactly one of them.
const ACTIONS: &[&str] = &[
    "url",
    "callback_data",
    "copy_text",
    "switch_inline_query",
    "switch_inline_query_current_chat",
];

/// Checks a `reply_markup`; an edit may take a keyboard away with an empty one.
pub(super) fn check(markup: &Value, edit: bool) -> Result<(), String> {
    let object = markup.as_object().ok_or("must be an object")?;
    if !edit {
        let simple = [
            "remove_keyboard",
            "force_reply",
            "selective",
            "input_field_placeholder",
        ];
        if object.contains_key("remove_keyboard") || object.contains_key("force_reply") {
            force_reply(object)?;
            return match object.keys().find(|key| !simple.contains(&key.as_str())) {
                Some(key) => Err(format!("has an unknown field \"{key}\"")),
                None => Ok(()),
            };
        }
    }
    if let Some(key) = object.keys().find(|key| *key != "inline_keyboard") {
        return Err(format!(
            "has a field \"{key}\", which the fake server doesn't model"
        ));
    }
    let rows = object
        .get("inline_keyboard")
        .and_then(Value::as_array)
        .ok_or("must have an inline_keyboard with rows")?;
    let mut buttons = 0;
    for row in rows {
        let row = row.as_array().ok_or("has a row that isn't a list")?;
        if row.is_empty() || row.len() > 8 {
            return Err(format!(
                "has a row of {} buttons; 1-8 are allowed",
                row.len()
            ));
        }
        for one in row {
            button(one)?;
        }
        buttons += row.len();
    }
    if buttons > 100 || (buttons == 0 && !edit) {
        return Err(format!("has {buttons} buttons; 1-100 are allowed"));
    }
    Ok(())
}

fn button(button: &Value) -> Result<(), String> {
    let object = button
        .as_object()
        .ok_or("has a button that isn't an object")?;
    let text = object
        .get("text")
        .and_then(Value::as_str)
        .ok_or("has a button without a text")?;
    let length = text.chars().count();
    if text.trim().is_empty() || length > 64 {
        return Err(format!(
            "has a button with a text of {length} characters; 1-64 are allowed"
        ));
    }
    let actions: Vec<&String> = object
        .keys()
        .filter(|key| !matches!(key.as_str(), "text" | "style"))
        .collect();
    let [action] = actions[..] else {
        return Err(format!(
            "has a button \"{text}\" with {} actions; exactly one is needed",
            actions.len()
        ));
    };
    if !ACTIONS.contains(&action.as_str()) {
        return Err(format!(
            "has a button \"{text}\" with the unknown action \"{action}\""
        ));
    }
    let value = &object[action];
    if action == "copy_text" {
        let copied = value["text"]
            .as_str()
            .map_or(0, |text| text.chars().count());
        return if (1..=256).contains(&copied) {
            Ok(())
        } else {
            Err(format!(
                "has a button \"{text}\" that copies {copied} characters"
            ))
        };
    }
    let content = value
        .as_str()
        .ok_or_else(|| format!("has a button \"{text}\" whose {action} isn't a string"))?;
    match action.as_str() {
        "callback_data" if !(1..=64).contains(&content.len()) => Err(format!(
            "has a button \"{text}\" with {} bytes of data; 1-64 are allowed",
            content.len()
        )),
        "url" => check_url(content)
            .and_then(|()| match content.contains("?start=") {
                true => check_start_link(content),
                false => Ok(()),
            })
            .map_err(|why| format!("has a button \"{text}\" that leads nowhere: {why}")),
        _ => Ok(()),
    }
}

/// Checks an address that begins a chat with a bot (<https://core.telegram.org/bots/features#deep-linking>).
pub(super) fn check_start_link(address: &str) -> Result<(), String> {
    let word = address
        .strip_prefix("https://t.me/")
        .and_then(|rest| rest.split_once("?start="))
        .filter(|(bot, _)| bot.to_lowercase().ends_with("bot"))
        .map(|(_, word)| word);
    let fits = |word: &&str| {
        let right = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        (1..=64).contains(&word.len()) && word.chars().all(right)
    };
    match word.filter(fits) {
        Some(_) => Ok(()),
        None => Err(format!("\"{address}\" begins no chat with a bot")),
    }
}

/// What the real server ignores without a word makes no sense.
fn force_reply(markup: &Map<String, Value>) -> Result<(), String> {
    if markup.contains_key("force_reply") && markup["force_reply"] != true {
        return Err("asks for a reply or doesn't".to_owned());
    }
    let shown = markup.get("input_field_placeholder");
    let length = shown.map(|shown| shown.as_str().unwrap_or_default().chars().count());
    match length {
        Some(length) if !(1..=64).contains(&length) => Err(format!(
            "has a placeholder of {length} characters; 1-64 are allowed"
        )),
        _ => Ok(()),
    }
}

/// What is stored: no keyboard where there are no buttons.
pub(super) fn normal(markup: Option<&Value>) -> Option<Value> {
    let markup = markup?;
    let rows = markup["inline_keyboard"].as_array()?;
    (!rows.is_empty()).then(|| markup.clone())
}

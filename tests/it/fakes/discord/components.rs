//! What components a message may hold
//! (<https://docs.discord.com/developers/components/reference>): in rows under it, or, with the flag for it, instead of
//! content and embeds.

use std::collections::BTreeSet;

use serde_json::Value;

use super::body::{Wrong, fields, text};

/// The flag of a message that is made of components alone.
pub(super) const V2: u64 = 1 << 15;

/// Components of such a message, those in others included.
const MOST: usize = 40;

/// Characters of all of its texts.
const MOST_TEXT: usize = 4_000;

/// Rows under another message.
const MOST_ROWS: usize = 5;

/// The length of an address that a button opens.
const MOST_LINK: usize = 512;

/// The length of a picture's address.
const MOST_MEDIA: usize = 2_048;

/// What is counted over all components of a message.
#[derive(Default)]
struct Counted {
    components: usize,
    text: usize,
    ids: BTreeSet<String>,
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Checks what hangs under a message.
pub(super) fn under(components: &Value, wrong: &mut Wrong) {
    let Some(rows) = components.as_array() else {
        wrong.push("components: not a list".to_owned());
        return;
    };
    if rows.len() > MOST_ROWS {
        wrong.push(format!("components: {} rows", rows.len()));
    }
    let mut counted = Counted::default();
    for (number, row) in rows.iter().enumerate() {
        check_row(row, &format!("components[{number}]"), &mut counted, wrong);
    }
}

/// Checks a message that is made of components alone.
pub(super) fn whole(body: &Value, wrong: &mut Wrong) {
    for name in ["content", "embeds", "poll", "sticker_ids"] {
        if body.get(name).is_some() {
            wrong.push(format!(
                "{name}: not beside components of the second version"
            ));
        }
    }
    let components = list(&body["components"]);
    if components.is_empty() {
        wrong.push("components: an empty message".to_owned());
    }
    let mut counted = Counted::default();
    for (number, component) in components.iter().enumerate() {
        let at = format!("components[{number}]");
        if component["type"] == 17 {
            check_container(component, &at, &mut counted, wrong);
        } else {
            check_block(component, &at, &mut counted, wrong);
        }
    }
    if counted.components > MOST {
        wrong.push(format!("components: {} in all", counted.components));
    }
    if counted.text > MOST_TEXT {
        wrong.push(format!("components: {} characters in all", counted.text));
    }
}

fn check_container(container: &Value, at: &str, counted: &mut Counted, wrong: &mut Wrong) {
    counted.components += 1;
    let known = ["type", "accent_color", "components", "spoiler"];
    fields(container, at, &known, wrong);
    if let Some(colour) = container.get("accent_color")
        && colour.as_u64().is_none_or(|colour| colour > 0xFF_FFFF)
    {
        wrong.push(format!("{at}.accent_color: {colour}"));
    }
    let inside = list(&container["components"]);
    if inside.is_empty() {
        wrong.push(format!("{at}: an empty container"));
    }
    for (number, component) in inside.iter().enumerate() {
        check_block(component, &format!("{at}[{number}]"), counted, wrong);
    }
}

/// What stands in a container or outside of one.
fn check_block(component: &Value, at: &str, counted: &mut Counted, wrong: &mut Wrong) {
    match component["type"].as_u64() {
        Some(1) => check_row(component, at, counted, wrong),
        Some(9) => check_section(component, at, counted, wrong),
        Some(10) => check_text(component, at, counted, wrong),
        _ => wrong.push(format!("{at}: a component of type {}", component["type"])),
    }
}

fn check_text(component: &Value, at: &str, counted: &mut Counted, wrong: &mut Wrong) {
    counted.components += 1;
    fields(component, at, &["type", "content"], wrong);
    counted.text += text(&component["content"], at, 1, MOST_TEXT, wrong);
}

fn check_section(section: &Value, at: &str, counted: &mut Counted, wrong: &mut Wrong) {
    counted.components += 1;
    fields(section, at, &["type", "components", "accessory"], wrong);
    let texts = list(&section["components"]);
    if texts.is_empty() || texts.len() > 3 {
        wrong.push(format!("{at}: {} texts", texts.len()));
    }
    for inside in texts {
        if inside["type"] != 10 {
            wrong.push(format!("{at}: a component of type {}", inside["type"]));
        }
        check_text(inside, at, counted, wrong);
    }
    let accessory = &section["accessory"];
    counted.components += 1;
    match accessory["type"].as_u64() {
        Some(2) => check_button(accessory, at, counted, wrong),
        Some(11) => {
            fields(accessory, at, &["type", "media", "description"], wrong);
            fields(&accessory["media"], at, &["url"], wrong);
            check_address(&accessory["media"]["url"], at, MOST_MEDIA, wrong);
        }
        _ => wrong.push(format!("{at}: the accessory is {accessory}")),
    }
}

fn check_address(url: &Value, at: &str, most: usize, wrong: &mut Wrong) {
    let read = url.as_str().and_then(|url| reqwest::Url::parse(url).ok());
    let is_web = read.is_some_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_web || url.as_str().is_none_or(|url| url.len() > most) {
        wrong.push(format!("{at}.url: {url}"));
    }
}

/// A row of buttons, or a select alone.
fn check_row(row: &Value, at: &str, counted: &mut Counted, wrong: &mut Wrong) {
    counted.components += 1;
    fields(row, at, &["type", "components"], wrong);
    let inside = list(&row["components"]);
    if row["type"] != 1 || inside.is_empty() || inside.len() > 5 {
        wrong.push(format!("{at}: not a row of one to five"));
    }
    for component in inside {
        counted.components += 1;
        match component["type"].as_u64() {
            Some(2) => check_button(component, at, counted, wrong),
            Some(3) if inside.len() == 1 => check_select(component, at, counted, wrong),
            _ => wrong.push(format!("{at}: a component of type {}", component["type"])),
        }
    }
}

fn check_id(component: &Value, at: &str, counted: &mut Counted, wrong: &mut Wrong) {
    let id = &component["custom_id"];
    text(id, &format!("{at}.custom_id"), 1, 100, wrong);
    if !counted.ids.insert(id.to_string()) {
        wrong.push(format!("{at}.custom_id: {id} stands twice"));
    }
}

fn check_button(button: &Value, at: &str, counted: &mut Counted, wrong: &mut Wrong) {
    text(&button["label"], &format!("{at}.label"), 1, 80, wrong);
    if button["style"] == 5 {
        fields(
            button,
            at,
            &["type", "style", "label", "url", "disabled"],
            wrong,
        );
        check_address(&button["url"], at, MOST_LINK, wrong);
        return;
    }
    let known = ["type", "style", "label", "custom_id", "disabled"];
    fields(button, at, &known, wrong);
    if !(1..=4).contains(&button["style"].as_u64().unwrap_or(0)) {
        wrong.push(format!("{at}.style: {}", button["style"]));
    }
    check_id(button, at, counted, wrong);
}

fn check_select(select: &Value, at: &str, counted: &mut Counted, wrong: &mut Wrong) {
    let known = ["type", "custom_id", "options", "placeholder"];
    fields(select, at, &known, wrong);
    check_id(select, at, counted, wrong);
    if let Some(placeholder) = select.get("placeholder") {
        text(placeholder, &format!("{at}.placeholder"), 1, 150, wrong);
    }
    let options = list(&select["options"]);
    if options.is_empty() || options.len() > 25 {
        wrong.push(format!("{at}.options: {}", options.len()));
    }
    let mut values = BTreeSet::new();
    for option in options {
        let at = format!("{at}.options");
        fields(
            option,
            &at,
            &["label", "value", "description", "default"],
            wrong,
        );
        text(&option["label"], &format!("{at}.label"), 1, 100, wrong);
        text(&option["value"], &format!("{at}.value"), 1, 100, wrong);
        if !values.insert(option["value"].to_string()) {
            wrong.push(format!("{at}: {} stands twice", option["value"]));
        }
    }
    let set = options.iter().filter(|option| option["default"] == true);
    if set.count() > 1 {
        wrong.push(format!(
            "{at}.options: more than one is set, where one is chosen"
        ));
    }
}

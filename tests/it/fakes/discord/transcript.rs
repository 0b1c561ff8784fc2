//! Messages as people read them, for snapshots.

use serde_json::Value;

use super::world::{Message, World};

/// Messages one below the other.
pub(super) fn of_messages(world: &World, messages: &[Message]) -> String {
    let shown: Vec<String> = messages
        .iter()
        .map(|message| of_message(world, message))
        .collect();
    shown.join("\n———\n")
}

pub(super) fn of_message(world: &World, message: &Message) -> String {
    let body = &message.body;
    let mut lines: Vec<String> = Vec::new();
    let flags = body["flags"].as_u64().unwrap_or(0);
    let mut marks = Vec::new();
    if message.only.is_some() {
        marks.push("only you can see this");
    }
    if flags & (1 << 12) != 0 {
        marks.push("silent");
    }
    if message.published {
        marks.push("published");
    }
    if !marks.is_empty() {
        lines.push(format!("({})", marks.join(", ")));
    }
    let content = body["content"].as_str().unwrap_or_default();
    if !content.is_empty() {
        lines.push(named(world, content, &body["allowed_mentions"]["roles"]));
    }
    for embed in body["embeds"].as_array().into_iter().flatten() {
        let mut inside = Vec::new();
        inside.extend(embed["title"].as_str().map(|title| format!("[{title}]")));
        inside.extend(embed["description"].as_str().map(str::to_owned));
        inside.extend(
            embed["footer"]["text"]
                .as_str()
                .map(|footer| format!("({footer})")),
        );
        let bar = if embed.get("color").is_some() {
            "┃ "
        } else {
            "│ "
        };
        for line in inside.join("\n").lines() {
            lines.push(format!("{bar}{line}").trim_end().to_owned());
        }
    }
    for component in list(&body["components"]) {
        if component["type"] != 17 {
            lines.extend(of_component(world, component, body));
            continue;
        }
        let inside = list(&component["components"]).iter();
        for line in inside.flat_map(|inside| of_component(world, inside, body)) {
            lines.push(format!("▌ {line}").trim_end().to_owned());
        }
    }
    lines.join("\n")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The lines of a component: a text; a text with a picture or a button at its side, which stands under it here; a row.
fn of_component(world: &World, component: &Value, body: &Value) -> Vec<String> {
    let said = |text: &Value| {
        let text = text["content"].as_str().unwrap_or_default();
        named(world, text, &body["allowed_mentions"]["roles"])
    };
    let text = match component["type"].as_u64() {
        Some(9) => {
            let texts = list(&component["components"]).iter().map(said);
            let accessory = &component["accessory"];
            let beside = match accessory["type"].as_u64() {
                Some(11) => format!(
                    "  ▣ {}",
                    accessory["media"]["url"].as_str().unwrap_or_default()
                ),
                _ => format!(
                    "  [{} ↗ {}]",
                    accessory["label"].as_str().unwrap_or_default(),
                    accessory["url"].as_str().unwrap_or_default()
                ),
            };
            texts.chain([beside]).collect::<Vec<_>>().join("\n")
        }
        Some(10) => said(component),
        _ => {
            let parts = list(&component["components"]).iter();
            parts.map(self::component).collect::<Vec<_>>().join(" ")
        }
    };
    text.lines().map(str::to_owned).collect()
}

/// Roles and channels by their names; a role that is really pinged is marked.
fn named(world: &World, content: &str, pinged: &Value) -> String {
    let mut shown = content.to_owned();
    for guild in world.guilds.values() {
        for (id, role) in &guild.roles {
            let pings = pinged
                .as_array()
                .is_some_and(|ids| ids.contains(&Value::from(id.to_string())));
            let name = if pings {
                format!("@{}!", role.name)
            } else {
                format!("@{}", role.name)
            };
            shown = shown.replace(&format!("<@&{id}>"), &name);
        }
    }
    for (id, channel) in &world.channels {
        shown = shown.replace(&format!("<#{id}>"), &format!("#{}", channel.name));
    }
    shown
}

fn component(component: &Value) -> String {
    match component["type"].as_u64() {
        Some(2) => format!("[{}]", component["label"].as_str().unwrap_or_default()),
        _ => {
            let shown = |option: &Value| {
                let label = option["label"].as_str().unwrap_or_default();
                match option["default"] == true {
                    true => format!("✓ {label}"),
                    false => label.to_owned(),
                }
            };
            let options: Vec<String> = list(&component["options"]).iter().map(shown).collect();
            match component["placeholder"].as_str() {
                Some(placeholder) => format!("⟨{placeholder}: {}⟩", options.join(" | ")),
                None => format!("⟨{}⟩", options.join(" | ")),
            }
        }
    }
}

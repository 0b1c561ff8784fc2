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
    for row in body["components"].as_array().into_iter().flatten() {
        let parts = row["components"].as_array().into_iter().flatten();
        lines.push(parts.map(component).collect::<Vec<_>>().join(" "));
    }
    lines.join("\n")
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
            let options = component["options"].as_array().into_iter().flatten();
            let labels = options.map(|option| option["label"].as_str().unwrap_or_default());
            format!("⟨{}⟩", labels.collect::<Vec<_>>().join(" | "))
        }
    }
}

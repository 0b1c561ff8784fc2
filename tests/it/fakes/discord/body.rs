//! What a message may hold: known fields, right types, and Discord's limits
//! (<https://docs.discord.com/developers/resources/message#create-message>).

use serde_json::Value;

use super::components;

/// What is wrong with a body, each with where.
pub(super) type Wrong = Vec<String>;

/// What a body may be for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A message of the bot's in a channel.
    Message,
    /// The first message of a forum's post.
    Post,
    /// An answer to an interaction, or a follow-up of one.
    Answer,
    /// An edit of one.
    Edit,
}

pub(super) fn fields(value: &Value, at: &str, known: &[&str], wrong: &mut Wrong) {
    let Some(fields) = value.as_object() else {
        wrong.push(format!("{at}: not an object: {value}"));
        return;
    };
    for name in fields.keys().filter(|name| !known.contains(&name.as_str())) {
        wrong.push(format!("{at}.{name}: unknown"));
    }
}

pub(super) fn text(value: &Value, at: &str, least: usize, most: usize, wrong: &mut Wrong) -> usize {
    let Some(text) = value.as_str() else {
        wrong.push(format!("{at}: not a text: {value}"));
        return 0;
    };
    let length = text.chars().count();
    if length < least || length > most {
        wrong.push(format!(
            "{at}: {length} characters, where {least} to {most} are allowed"
        ));
    }
    length
}

/// Checks the body of a message.
pub(super) fn message(body: &Value, purpose: Purpose) -> Wrong {
    let mut wrong = Wrong::new();
    let mut known = vec![
        "content",
        "embeds",
        "components",
        "allowed_mentions",
        "flags",
    ];
    if purpose == Purpose::Message {
        known.extend(["nonce", "enforce_nonce"]);
    }
    fields(body, "body", &known, &mut wrong);
    let content = body
        .get("content")
        .map_or(0, |content| text(content, "content", 0, 2_000, &mut wrong));
    let embeds = body
        .get("embeds")
        .map_or(0, |embeds| check_embeds(embeds, &mut wrong));
    if body["flags"].as_u64().unwrap_or(0) & components::V2 != 0 {
        components::whole(body, &mut wrong);
    } else {
        if content == 0 && embeds == 0 && purpose != Purpose::Edit {
            wrong.push("body: an empty message".to_owned());
        }
        if let Some(rows) = body.get("components") {
            components::under(rows, &mut wrong);
        }
    }
    check_mentions(body, &mut wrong);
    check_flags(body, purpose, &mut wrong);
    if purpose == Purpose::Message {
        match body.get("nonce") {
            Some(nonce) => {
                text(nonce, "nonce", 1, 25, &mut wrong);
            }
            None => wrong.push("nonce: missing".to_owned()),
        }
        if body["enforce_nonce"] != true {
            wrong.push("enforce_nonce: isn't true".to_owned());
        }
    }
    wrong
}

fn check_mentions(body: &Value, wrong: &mut Wrong) {
    let Some(mentions) = body.get("allowed_mentions") else {
        wrong.push("allowed_mentions: missing, so the text may ping".to_owned());
        return;
    };
    fields(mentions, "allowed_mentions", &["parse", "roles"], wrong);
    if mentions["parse"] != serde_json::json!([]) {
        wrong.push(format!("allowed_mentions.parse: {}", mentions["parse"]));
    }
    for role in mentions["roles"].as_array().into_iter().flatten() {
        if role
            .as_str()
            .is_none_or(|role| role.parse::<u64>().is_err())
        {
            wrong.push(format!(
                "allowed_mentions.roles: {role} isn't a role's number"
            ));
        }
    }
}

fn check_flags(body: &Value, purpose: Purpose, wrong: &mut Wrong) {
    let allowed: u64 = match purpose {
        Purpose::Message | Purpose::Post => 1 << 2 | 1 << 12 | components::V2,
        Purpose::Answer => 1 << 2 | 1 << 6 | 1 << 12 | components::V2,
        Purpose::Edit => 1 << 2 | components::V2,
    };
    if let Some(flags) = body.get("flags")
        && flags.as_u64().is_none_or(|flags| flags & !allowed != 0)
    {
        wrong.push(format!("flags: {flags}"));
    }
}

fn check_embeds(embeds: &Value, wrong: &mut Wrong) -> usize {
    let Some(embeds) = embeds.as_array() else {
        wrong.push("embeds: not a list".to_owned());
        return 0;
    };
    if embeds.len() > 10 {
        wrong.push(format!("embeds: {}", embeds.len()));
    }
    let mut total = 0;
    for (number, embed) in embeds.iter().enumerate() {
        let at = format!("embeds[{number}]");
        fields(
            embed,
            &at,
            &["title", "description", "color", "footer", "url"],
            wrong,
        );
        for (name, most) in [("title", 256), ("description", 4_096)] {
            if let Some(value) = embed.get(name) {
                total += text(value, &format!("{at}.{name}"), 1, most, wrong);
            }
        }
        if let Some(footer) = embed.get("footer") {
            fields(footer, &format!("{at}.footer"), &["text"], wrong);
            total += text(
                &footer["text"],
                &format!("{at}.footer.text"),
                1,
                2_048,
                wrong,
            );
        }
        if let Some(color) = embed.get("color")
            && color.as_u64().is_none_or(|color| color > 0xFF_FFFF)
        {
            wrong.push(format!("{at}.color: {color}"));
        }
        if embed.get("title").is_none() && embed.get("description").is_none() {
            wrong.push(format!("{at}: empty"));
        }
    }
    if total > 6_000 {
        wrong.push(format!("embeds: {total} characters in all"));
    }
    embeds.len()
}

/// Checks a form.
pub(super) fn form(data: &Value) -> Wrong {
    let mut wrong = Wrong::new();
    fields(
        data,
        "form",
        &["custom_id", "title", "components"],
        &mut wrong,
    );
    text(&data["custom_id"], "form.custom_id", 1, 100, &mut wrong);
    text(&data["title"], "form.title", 1, 45, &mut wrong);
    for row in data["components"].as_array().into_iter().flatten() {
        for input in row["components"].as_array().into_iter().flatten() {
            text(&input["label"], "form.label", 1, 45, &mut wrong);
            text(
                &input["custom_id"],
                "form.input.custom_id",
                1,
                100,
                &mut wrong,
            );
            if input["type"] != 4 {
                wrong.push(format!("form: a component of type {}", input["type"]));
            }
        }
    }
    wrong
}

/// Checks the choices of an autocompletion.
pub(super) fn choices(data: &Value) -> Wrong {
    let mut wrong = Wrong::new();
    fields(data, "data", &["choices"], &mut wrong);
    let choices = data["choices"].as_array().map_or(&[][..], Vec::as_slice);
    if choices.len() > 25 {
        wrong.push(format!("choices: {}", choices.len()));
    }
    for choice in choices {
        fields(choice, "choices", &["name", "value"], &mut wrong);
        text(&choice["name"], "choices.name", 1, 100, &mut wrong);
        text(&choice["value"], "choices.value", 1, 100, &mut wrong);
    }
    wrong
}

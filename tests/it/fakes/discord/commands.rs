//! What a slash command may be, and a command in the menu of a message (<https://docs.discord.com/developers/interactions/application-commands>).

use serde_json::Value;

use super::body::Wrong;

const LOCALES: &[&str] = &[
    "en-US", "en-GB", "ko", "ja", "de", "fr", "zh-CN", "zh-TW", "es-ES",
];

fn name(value: &Value, at: &str, wrong: &mut Wrong) {
    let name = value.as_str().unwrap_or_default();
    let fits = |c: char| c == '-' || c == '_' || c.is_alphanumeric();
    let length = name.chars().count();
    let is_lower = name.to_lowercase() == name;
    if !(1..=32).contains(&length) || !name.chars().all(fits) || !is_lower {
        wrong.push(format!("{at}.name: {value}"));
    }
}

fn described(value: &Value, at: &str, wrong: &mut Wrong) {
    name(&value["name"], at, wrong);
    let length = |text: &Value| text.as_str().map_or(0, |text| text.chars().count());
    if !(1..=100).contains(&length(&value["description"])) {
        wrong.push(format!("{at}.description: {}", value["description"]));
    }
    for (locale, text) in value["name_localizations"]
        .as_object()
        .into_iter()
        .flatten()
    {
        name(text, &format!("{at}.name_localizations.{locale}"), wrong);
        if !LOCALES.contains(&locale.as_str()) {
            wrong.push(format!("{at}: there is no locale {locale}"));
        }
    }
    for (locale, text) in value["description_localizations"]
        .as_object()
        .into_iter()
        .flatten()
    {
        if !(1..=100).contains(&length(text)) || !LOCALES.contains(&locale.as_str()) {
            wrong.push(format!("{at}.description_localizations.{locale}: {text}"));
        }
    }
}

/// What the type of a command says it is for; without one it is typed.
const OF_MESSAGE: u64 = 3;

/// A command in the menu of a message: its name is read, and nothing is typed behind it.
fn named_in_menu(command: &Value, at: &str, wrong: &mut Wrong) {
    let names = command["name_localizations"].as_object();
    for (locale, _) in names.into_iter().flatten() {
        if !LOCALES.contains(&locale.as_str()) {
            wrong.push(format!("{at}: there is no locale {locale}"));
        }
    }
    let texts = names.into_iter().flatten().map(|(_, text)| text);
    for text in texts.chain([&command["name"]]) {
        let length = text.as_str().map_or(0, |text| text.chars().count());
        if !(1..=32).contains(&length) {
            wrong.push(format!("{at}.name: {text}"));
        }
    }
    let typed = ["description", "description_localizations", "options"];
    for key in typed.iter().filter(|key| command.get(**key).is_some()) {
        wrong.push(format!("{at}.{key}: none for messages"));
    }
}

/// Checks the commands of a bulk registration.
pub(super) fn all(commands: &Value) -> Wrong {
    let mut wrong = Wrong::new();
    let Some(commands) = commands.as_array() else {
        return vec!["commands: not a list".to_owned()];
    };
    if commands.len() > 100 {
        wrong.push(format!("commands: {}", commands.len()));
    }
    let mut names = std::collections::BTreeSet::new();
    for command in commands {
        let at = command["name"].as_str().unwrap_or("a command").to_owned();
        let kind = command["type"].as_u64().unwrap_or(1);
        if !names.insert((kind, at.clone())) {
            wrong.push(format!("{at}: stands twice"));
        }
        let known = [
            "name",
            "description",
            "name_localizations",
            "description_localizations",
            "options",
            "default_member_permissions",
            "contexts",
            "integration_types",
            "type",
            "nsfw",
        ];
        unknown(command, &known, &at, &mut wrong);
        match kind {
            1 => described(command, &at, &mut wrong),
            OF_MESSAGE => named_in_menu(command, &at, &mut wrong),
            kind => wrong.push(format!("{at}.type: {kind}")),
        }
        if command
            .get("default_member_permissions")
            .is_some_and(|p| !p.is_string())
        {
            wrong.push(format!("{at}.default_member_permissions"));
        }
        let options = command["options"].as_array().map_or(&[][..], Vec::as_slice);
        if options.len() > 25 {
            wrong.push(format!("{at}.options: {}", options.len()));
        }
        let mut optional = false;
        for option in options {
            let at = format!("{at}.{}", option["name"]);
            check_option(option, &at, &mut wrong);
            let required = option["required"] == true;
            if required && optional {
                wrong.push(format!("{at}: required behind an optional one"));
            }
            optional |= !required;
        }
    }
    let of_messages = names.iter().filter(|(kind, _)| *kind == OF_MESSAGE);
    if of_messages.count() > 15 {
        wrong.push("more than 15 commands for messages".to_owned());
    }
    wrong
}

/// Commands as Discord gives them back.
pub(super) fn as_kept(commands: Option<&Vec<Value>>) -> Value {
    let commands = commands.into_iter().flatten().cloned().zip(1..);
    commands
        .map(|(command, at)| one_as_kept(command, at))
        .collect()
}

/// With more than was said, and with what is empty as nothing.
fn one_as_kept(mut command: Value, at: u64) -> Value {
    command["id"] = (900_000_000_000_000_000 + at).to_string().into();
    command["application_id"] = super::BOT.to_string().into();
    command["version"] = "900000000000000002".into();
    if command.get("type").is_none() {
        command["type"] = 1.into();
    }
    if command["type"] == OF_MESSAGE {
        command["description"] = "".into();
    }
    if command.get("nsfw").is_none() {
        command["nsfw"] = false.into();
    }
    for name in [
        "name_localizations",
        "description_localizations",
        "default_member_permissions",
    ] {
        if command.get(name).is_none() {
            command[name] = Value::Null;
        }
    }
    command
}

fn unknown(value: &Value, known: &[&str], at: &str, wrong: &mut Wrong) {
    for key in value.as_object().into_iter().flatten().map(|(key, _)| key) {
        if !known.contains(&key.as_str()) {
            wrong.push(format!("{at}.{key}: unknown"));
        }
    }
}

fn check_option(option: &Value, at: &str, wrong: &mut Wrong) {
    let known = [
        "type",
        "name",
        "description",
        "name_localizations",
        "description_localizations",
        "required",
        "choices",
        "autocomplete",
        "min_value",
        "max_value",
        "channel_types",
        "min_length",
        "max_length",
        "options",
    ];
    unknown(option, &known, at, wrong);
    described(option, at, wrong);
    let kind = option["type"].as_u64().unwrap_or(0);
    if !matches!(kind, 3..=11) {
        wrong.push(format!("{at}.type: {}", option["type"]));
    }
    let choices = option["choices"].as_array().map_or(&[][..], Vec::as_slice);
    if choices.len() > 25 || !choices.is_empty() && option["autocomplete"] == true {
        wrong.push(format!("{at}.choices: {}", choices.len()));
    }
    let bounded = option.get("min_value").is_some() || option.get("max_value").is_some();
    if bounded && kind != 4 && kind != 10 {
        wrong.push(format!("{at}: bounds of what is no number"));
    }
}

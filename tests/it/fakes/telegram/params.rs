//! Which parameters each method takes, and what they must look like. Whatever strays from these tables is
//! refused and noted as a violation, even where the real server would look away.

use serde_json::Value;

use super::keyboard;
use super::updates::KINDS;

#[derive(Debug, Clone, Copy)]
enum Type {
    Integer(i64, i64),
    Boolean,
    /// At most so many characters; no limit if 0.
    Text(usize),
    Chat,
    OneOf(&'static [&'static str]),
    UpdateKinds,
    Secret,
    Commands,
    Scope,
    Language,
    Keyboard,
    EditKeyboard,
    LinkPreview,
    /// An address that begins a chat with the bot.
    StartLink,
    Reply,
    /// For whom a message is.
    Ephemeral,
    /// The real API has it, but nothing here would heed it.
    NotModelled,
}

use Type::{
    Boolean, Chat, Commands, EditKeyboard, Ephemeral, Integer, Keyboard, Language, LinkPreview,
    NotModelled, OneOf, Reply, Scope, Secret, StartLink, Text, UpdateKinds,
};

struct Param(&'static str, Type, bool);

const ID: Type = Integer(1, i64::MAX);
const MUST: bool = true;
const MAY: bool = false;

/// A method's name as the documentation spells it, and its parameters.
pub(super) struct Method(pub(super) &'static str, &'static [Param]);

const METHODS: &[Method] = &[
    Method("getMe", &[]),
    Method(
        "getUpdates",
        &[
            Param("offset", Integer(i64::MIN, i64::MAX), MAY),
            Param("limit", Integer(1, 100), MAY),
            Param("timeout", Integer(0, 3600), MAY),
            Param("allowed_updates", UpdateKinds, MAY),
        ],
    ),
    Method(
        "setWebhook",
        &[
            Param("url", Text(2048), MUST),
            Param("certificate", NotModelled, MAY),
            Param("ip_address", Text(64), MAY),
            Param("max_connections", Integer(1, 100), MAY),
            Param("allowed_updates", UpdateKinds, MAY),
            Param("drop_pending_updates", Boolean, MAY),
            Param("secret_token", Secret, MAY),
        ],
    ),
    Method(
        "deleteWebhook",
        &[Param("drop_pending_updates", Boolean, MAY)],
    ),
    Method("getWebhookInfo", &[]),
    Method(
        "sendMessage",
        &[
            Param("business_connection_id", NotModelled, MAY),
            Param("chat_id", Chat, MUST),
            Param("message_thread_id", ID, MAY),
            Param("direct_messages_topic_id", NotModelled, MAY),
            Param("text", Text(0), MUST),
            Param("parse_mode", OneOf(&["HTML"]), MAY),
            Param("entities", NotModelled, MAY),
            Param("link_preview_options", LinkPreview, MAY),
            Param("disable_notification", Boolean, MAY),
            Param("protect_content", Boolean, MAY),
            Param("allow_paid_broadcast", NotModelled, MAY),
            Param("message_effect_id", NotModelled, MAY),
            Param("suggested_post_parameters", NotModelled, MAY),
            Param("reply_parameters", Reply, MAY),
            Param("ephemeral_message_parameters", Ephemeral, MAY),
            Param("reply_markup", Keyboard, MAY),
        ],
    ),
    Method(
        "editEphemeralMessageText",
        &[
            Param("chat_id", Chat, MUST),
            Param("receiver_user_id", ID, MUST),
            Param("ephemeral_message_id", ID, MUST),
            Param("text", Text(0), MUST),
            Param("parse_mode", OneOf(&["HTML"]), MAY),
            Param("entities", NotModelled, MAY),
            Param("link_preview_options", LinkPreview, MAY),
            Param("reply_markup", EditKeyboard, MAY),
        ],
    ),
    Method(
        "editEphemeralMessageReplyMarkup",
        &[
            Param("chat_id", Chat, MUST),
            Param("receiver_user_id", ID, MUST),
            Param("ephemeral_message_id", ID, MUST),
            Param("reply_markup", EditKeyboard, MAY),
        ],
    ),
    Method(
        "deleteEphemeralMessage",
        &[
            Param("chat_id", Chat, MUST),
            Param("receiver_user_id", ID, MUST),
            Param("ephemeral_message_id", ID, MUST),
        ],
    ),
    Method(
        "editMessageText",
        &[
            Param("business_connection_id", NotModelled, MAY),
            Param("chat_id", Chat, MUST),
            Param("message_id", ID, MUST),
            Param("inline_message_id", NotModelled, MAY),
            Param("text", Text(0), MUST),
            Param("parse_mode", OneOf(&["HTML"]), MAY),
            Param("entities", NotModelled, MAY),
            Param("link_preview_options", LinkPreview, MAY),
            Param("rich_message", NotModelled, MAY),
            Param("reply_markup", EditKeyboard, MAY),
        ],
    ),
    Method(
        "editMessageReplyMarkup",
        &[
            Param("business_connection_id", NotModelled, MAY),
            Param("chat_id", Chat, MUST),
            Param("message_id", ID, MUST),
            Param("inline_message_id", NotModelled, MAY),
            Param("reply_markup", EditKeyboard, MAY),
        ],
    ),
    Method(
        "deleteMessage",
        &[Param("chat_id", Chat, MUST), Param("message_id", ID, MUST)],
    ),
    Method(
        "answerCallbackQuery",
        &[
            Param("callback_query_id", Text(64), MUST),
            Param("text", Text(200), MAY),
            Param("show_alert", Boolean, MAY),
            Param("url", StartLink, MAY),
            Param("cache_time", Integer(0, i64::MAX), MAY),
        ],
    ),
    Method(
        "setMyCommands",
        &[
            Param("commands", Commands, MUST),
            Param("scope", Scope, MAY),
            Param("language_code", Language, MAY),
        ],
    ),
    Method(
        "getMyCommands",
        &[
            Param("scope", Scope, MAY),
            Param("language_code", Language, MAY),
        ],
    ),
    Method(
        "deleteMyCommands",
        &[
            Param("scope", Scope, MAY),
            Param("language_code", Language, MAY),
        ],
    ),
    Method("getChat", &[Param("chat_id", Chat, MUST)]),
    Method(
        "getChatMember",
        &[Param("chat_id", Chat, MUST), Param("user_id", ID, MUST)],
    ),
    Method(
        "getChatAdministrators",
        &[
            Param("chat_id", Chat, MUST),
            Param("return_bots", Boolean, MAY),
        ],
    ),
    Method("getChatMemberCount", &[Param("chat_id", Chat, MUST)]),
    Method("leaveChat", &[Param("chat_id", Chat, MUST)]),
    Method(
        "sendChatAction",
        &[
            Param("business_connection_id", NotModelled, MAY),
            Param("chat_id", Chat, MUST),
            Param("message_thread_id", ID, MAY),
            Param(
                "action",
                OneOf(&[
                    "typing",
                    "upload_photo",
                    "record_video",
                    "upload_video",
                    "record_voice",
                    "upload_voice",
                    "upload_document",
                    "choose_sticker",
                    "find_location",
                    "record_video_note",
                    "upload_video_note",
                ]),
                MUST,
            ),
        ],
    ),
];

/// Method names are taken in any case.
pub(super) fn method(name: &str) -> Option<&'static Method> {
    METHODS
        .iter()
        .find(|method| method.0.eq_ignore_ascii_case(name))
}

impl Method {
    /// Everything that is wrong with these parameters.
    pub(super) fn faults(&self, body: &Value) -> Vec<String> {
        let Some(given) = body.as_object() else {
            return vec!["the body isn't an object".to_owned()];
        };
        let mut faults = Vec::new();
        for Param(name, kind, required) in self.1 {
            match given.get(*name) {
                None if *required => faults.push(format!("parameter \"{name}\" is required")),
                None => {}
                Some(value) => {
                    if let Err(why) = check(*kind, value) {
                        faults.push(format!("parameter \"{name}\" {why}"));
                    }
                }
            }
        }
        for name in given.keys() {
            if !self.1.iter().any(|Param(known, ..)| known == name) {
                faults.push(format!("there is no parameter \"{name}\""));
            }
        }
        faults
    }

    /// Forms carry everything as text; this reads each value as what its parameter should be.
    pub(super) fn read_form(&self, name: &str, value: &str) -> Value {
        let known = self.1.iter().find(|Param(known, ..)| *known == name);
        match known {
            Some(Param(_, Text(_) | OneOf(_) | Secret | Language, _)) | None => Value::from(value),
            Some(_) => serde_json::from_str(value).unwrap_or_else(|_| Value::from(value)),
        }
    }
}

fn check(kind: Type, value: &Value) -> Result<(), String> {
    let of_type = |right: bool, name: &str| {
        if right {
            Ok(())
        } else {
            Err(format!("must be {name}, not {value}"))
        }
    };
    match kind {
        Integer(least, most) => {
            let inside = value.as_i64().is_some_and(|n| (least..=most).contains(&n));
            of_type(inside, &format!("an integer between {least} and {most}"))
        }
        Boolean => of_type(value.is_boolean(), "a boolean"),
        Text(0) => of_type(value.is_string(), "a string"),
        Text(most) => {
            let fits = value
                .as_str()
                .is_some_and(|text| text.chars().count() <= most);
            of_type(fits, &format!("a string of at most {most} characters"))
        }
        Chat => {
            let named = value.as_str().is_some_and(|name| {
                name.parse::<i64>().is_ok()
                    || name.strip_prefix('@').is_some_and(|name| {
                        name.len() >= 4
                            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                    })
            });
            of_type(
                named || value.as_i64().is_some_and(|id| id != 0),
                "a chat's id or @username",
            )
        }
        OneOf(names) => {
            let known = value.as_str().is_some_and(|name| names.contains(&name));
            of_type(known, &format!("one of {}", names.join(", ")))
        }
        UpdateKinds => {
            let known = value.as_array().is_some_and(|kinds| {
                kinds
                    .iter()
                    .all(|kind| kind.as_str().is_some_and(|kind| KINDS.contains(&kind)))
            });
            of_type(known, "a list of kinds of updates")
        }
        Secret => {
            let fits = value.as_str().is_some_and(|secret| {
                (1..=256).contains(&secret.len())
                    && secret
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
            });
            of_type(fits, "1-256 characters of A-Z, a-z, 0-9, _ and -")
        }
        Language => {
            let fits = value.as_str().is_some_and(|code| {
                code.is_empty() || (code.len() == 2 && code.chars().all(|c| c.is_ascii_lowercase()))
            });
            of_type(fits, "a two-letter language code")
        }
        Commands => commands(value),
        Scope => scope(value),
        Keyboard => keyboard::check(value, false),
        EditKeyboard => keyboard::check(value, true),
        StartLink => keyboard::check_start_link(value.as_str().unwrap_or_default()),
        LinkPreview => fields(
            value,
            &[
                Param("is_disabled", Boolean, MAY),
                Param("url", Text(2048), MAY),
                Param("prefer_small_media", Boolean, MAY),
                Param("prefer_large_media", Boolean, MAY),
                Param("show_above_text", Boolean, MAY),
            ],
        )
        .and_then(|()| preview(value)),
        Reply => {
            if value.get("message_id").is_some() == value.get("ephemeral_message_id").is_some() {
                return Err(format!("must name one message, not {value}"));
            }
            fields(
                value,
                &[
                    Param("message_id", ID, MAY),
                    Param("ephemeral_message_id", ID, MAY),
                    Param("chat_id", Chat, MAY),
                    Param("allow_sending_without_reply", Boolean, MAY),
                ],
            )
        }
        Ephemeral => fields(
            value,
            &[
                Param("receiver_user_id", ID, MUST),
                Param("callback_query_id", Text(64), MAY),
                Param("replace_callback_query_message", NotModelled, MAY),
            ],
        ),
        NotModelled => Err("isn't modelled by the fake server".to_owned()),
    }
}

/// What is said of a preview has to make sense: the real server ignores the rest without a word.
fn preview(value: &Value) -> Result<(), String> {
    let is = |name: &str| value[name] == true;
    let url = value.get("url").and_then(Value::as_str);
    let is_on_the_web = |url: &str| {
        let url = url.parse::<url::Url>();
        url.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
    };
    if url.is_some_and(|url| !is_on_the_web(url)) {
        return Err("has an url that isn't one".to_owned());
    }
    let has_size = is("prefer_small_media") || is("prefer_large_media");
    if has_size && url.is_none() {
        return Err("has a size, which is ignored without an url".to_owned());
    }
    if is("prefer_small_media") && is("prefer_large_media") {
        return Err("has two sizes".to_owned());
    }
    if is("is_disabled") && (url.is_some() || has_size) {
        return Err("says of what the preview is that there isn't".to_owned());
    }
    Ok(())
}

fn fields(value: &Value, params: &'static [Param]) -> Result<(), String> {
    match Method("", params).faults(value).as_slice() {
        [] => Ok(()),
        faults => Err(faults.join("; ")),
    }
}

fn commands(value: &Value) -> Result<(), String> {
    let commands = value.as_array().ok_or("must be a list of commands")?;
    if commands.len() > 100 {
        return Err(format!("has {} commands; 100 are allowed", commands.len()));
    }
    for command in commands {
        fields(
            command,
            &[
                Param("command", Text(32), MUST),
                Param("description", Text(256), MUST),
                Param("is_ephemeral", Boolean, MAY),
            ],
        )?;
        let name = command["command"].as_str().unwrap_or_default();
        let right = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.is_empty() || !name.chars().all(right) {
            return Err(format!(
                "has the command \"{name}\"; 1-32 of a-z, 0-9 and _ are allowed"
            ));
        }
        if command["description"]
            .as_str()
            .is_none_or(|text| text.trim().is_empty())
        {
            return Err(format!("has no description for \"{name}\""));
        }
    }
    Ok(())
}

fn scope(value: &Value) -> Result<(), String> {
    match value["type"].as_str() {
        Some("default" | "all_private_chats" | "all_group_chats" | "all_chat_administrators") => {
            fields(value, &[Param("type", Text(0), MUST)])
        }
        Some("chat" | "chat_administrators") => fields(
            value,
            &[Param("type", Text(0), MUST), Param("chat_id", Chat, MUST)],
        ),
        Some("chat_member") => fields(
            value,
            &[
                Param("type", Text(0), MUST),
                Param("chat_id", Chat, MUST),
                Param("user_id", ID, MUST),
            ],
        ),
        _ => Err(format!("must be a command scope, not {value}")),
    }
}

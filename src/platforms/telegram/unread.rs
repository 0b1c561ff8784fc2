//! Updates that teloxide can't read, since Telegram has changed something in them: what isn't needed is left out, and
//! they are read again, so that nobody is left without an answer.

use serde_json::{Map, Value, json};

/// Rights that teloxide wants to be told of members; those that aren't there are taken for denied.
const RIGHTS: [&str; 24] = [
    "is_anonymous",
    "can_be_edited",
    "can_manage_chat",
    "can_change_info",
    "can_post_messages",
    "can_edit_messages",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_invite_users",
    "can_restrict_members",
    "can_pin_messages",
    "can_manage_topics",
    "can_promote_members",
    "is_member",
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_send_polls",
];

/// What is needed of an update, in the form in which teloxide reads it.
pub(super) fn needed(update: &Value) -> Value {
    let mut kept = picked(update, &[("update_id", Value::is_i64)]);
    let mut put = |name: &str, read: fn(&Value) -> Value| {
        if let Some(value) = update.get(name).filter(|value| value.is_object()) {
            kept.insert(name.to_owned(), read(value));
        }
    };
    put("message", message);
    put("channel_post", message);
    put("callback_query", press);
    put("my_chat_member", membership);
    put("chat_member", membership);
    Value::Object(kept)
}

type Fits = fn(&Value) -> bool;

/// The fields that are there and of the kind that is expected.
fn picked(value: &Value, fields: &[(&str, Fits)]) -> Map<String, Value> {
    let known = fields.iter().filter_map(|(name, fits)| {
        let value = value.get(*name).filter(|value| fits(value))?;
        Some(((*name).to_owned(), value.clone()))
    });
    known.collect()
}

fn message(value: &Value) -> Value {
    let mut kept = picked(
        value,
        &[
            ("message_id", Value::is_i64),
            ("date", Value::is_i64),
            ("text", Value::is_string),
            ("message_thread_id", Value::is_i64),
            ("is_topic_message", Value::is_boolean),
            ("is_automatic_forward", Value::is_boolean),
            ("migrate_to_chat_id", Value::is_i64),
            ("migrate_from_chat_id", Value::is_i64),
        ],
    );
    for name in ["chat", "sender_chat"] {
        if value[name].is_object() {
            kept.insert(name.to_owned(), chat(&value[name]));
        }
    }
    for name in ["from", "via_bot"] {
        if value[name].is_object() {
            kept.insert(name.to_owned(), user(&value[name]));
        }
    }
    for name in ["forum_topic_closed", "forum_topic_reopened"] {
        if value.get(name).is_some() {
            kept.insert(name.to_owned(), json!({}));
        }
    }
    // Whose words it repeats doesn't matter, but that it does.
    if value
        .get("forward_origin")
        .is_some_and(|origin| !origin.is_null())
    {
        let origin = json!({ "type": "hidden_user", "sender_user_name": "?", "date": 0 });
        kept.insert("forward_origin".to_owned(), origin);
    }
    Value::Object(kept)
}

fn chat(value: &Value) -> Value {
    let fields: [(&str, Fits); 7] = [
        ("id", Value::is_i64),
        ("type", Value::is_string),
        ("title", Value::is_string),
        ("username", Value::is_string),
        ("first_name", Value::is_string),
        ("last_name", Value::is_string),
        ("is_forum", Value::is_boolean),
    ];
    Value::Object(picked(value, &fields))
}

fn user(value: &Value) -> Value {
    let fields: [(&str, Fits); 4] = [
        ("id", Value::is_i64),
        ("first_name", Value::is_string),
        ("username", Value::is_string),
        ("language_code", Value::is_string),
    ];
    let mut kept = picked(value, &fields);
    kept.entry("first_name").or_insert_with(|| json!("?"));
    kept.insert("is_bot".to_owned(), json!(value["is_bot"] == true));
    Value::Object(kept)
}

fn press(value: &Value) -> Value {
    let mut kept = picked(
        value,
        &[("id", Value::is_string), ("data", Value::is_string)],
    );
    kept.insert("from".to_owned(), user(&value["from"]));
    let instance = value["chat_instance"].as_str().unwrap_or_default();
    kept.insert("chat_instance".to_owned(), json!(instance));
    // A press says what it wants without its message, too.
    let pressed = message(&value["message"]);
    if ["message_id", "date", "chat"]
        .iter()
        .all(|name| pressed.get(*name).is_some())
    {
        kept.insert("message".to_owned(), pressed);
    }
    Value::Object(kept)
}

fn membership(value: &Value) -> Value {
    json!({
        "chat": chat(&value["chat"]), "from": user(&value["from"]), "date": value["date"].as_i64().unwrap_or_default(),
        "old_chat_member": member(&value["old_chat_member"]), "new_chat_member": member(&value["new_chat_member"]),
    })
}

fn member(value: &Value) -> Value {
    let mut kept = picked(
        value,
        &[("status", Value::is_string), ("until_date", Value::is_i64)],
    );
    kept.insert("user".to_owned(), user(&value["user"]));
    kept.entry("until_date").or_insert_with(|| json!(0));
    for name in RIGHTS {
        kept.insert(name.to_owned(), json!(value[name] == true));
    }
    Value::Object(kept)
}

#[cfg(test)]
mod tests {
    use teloxide::types::{Update, UpdateKind};

    use super::*;

    fn is_read(update: &Value) -> bool {
        let read: Result<Update, _> = serde_json::from_str(&needed(update).to_string());
        read.is_ok_and(|update| !matches!(update.kind, UpdateKind::Error(_)))
    }

    fn updates() -> Vec<Value> {
        let chat = json!({ "id": -100_123, "type": "supergroup", "title": "Korea", "is_forum": true, "photo": 1 });
        let ana = json!({ "id": 5, "is_bot": false, "first_name": "Ana", "language_code": "ko", "has_topics": [] });
        let said = json!({
            "message_id": 7, "date": 1_700_000_000, "chat": chat, "from": ana, "text": "/latest",
            "message_thread_id": 3, "is_topic_message": true, "gift": { "kind": 4 },
        });
        let admin = json!({
            "status": "administrator", "user": ana, "can_be_edited": false, "is_anonymous": false,
            "can_manage_chat": true, "can_post_messages": true, "can_manage_tags": "some",
        });
        vec![
            json!({ "update_id": 1, "message": said }),
            json!({ "update_id": 2, "channel_post": said }),
            json!({ "update_id": 3, "callback_query": {
                "id": "9", "from": ana, "chat_instance": "1", "data": "x", "message": said,
            } }),
            json!({ "update_id": 4, "my_chat_member": {
                "chat": chat, "from": ana, "date": 1_700_000_000,
                "old_chat_member": { "status": "left", "user": ana }, "new_chat_member": admin,
            } }),
        ]
    }

    fn paths(value: &Value, at: &str, all: &mut Vec<String>) {
        for (name, value) in value.as_object().into_iter().flatten() {
            let path = format!("{at}/{name}");
            all.push(path.clone());
            paths(value, &path, all);
        }
    }

    #[test]
    fn an_update_is_read_whatever_unneeded_field_has_changed() {
        for update in updates() {
            assert!(is_read(&update), "{update}");
            let mut all = Vec::new();
            paths(&update, "", &mut all);
            let vital = [
                "id",
                "type",
                "message_id",
                "date",
                "chat",
                "from",
                "status",
                "user",
                "title",
            ];
            let is_vital = |path: &str| {
                path.matches('/').count() == 1
                    || vital.contains(&path.rsplit('/').next().unwrap_or(""))
                    || path.ends_with("_chat_member")
            };
            for path in all.iter().filter(|path| !is_vital(path)) {
                for strange in [json!({ "new": [1] }), json!(-7.5), json!([])] {
                    let mut changed = update.clone();
                    if let Some(place) = changed.pointer_mut(path) {
                        *place = strange;
                    }
                    assert!(is_read(&changed), "{path}: {changed}");
                }
            }
        }
    }
}

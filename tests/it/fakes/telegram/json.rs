//! The objects of the Bot API as JSON, with every field the documentation calls required.

use serde_json::{Map, Value, json};

use super::world::{
    Author, CHANNEL_BOT, ChatState, GROUP_ANONYMOUS_BOT, Kind, Message, Rights, Status, User, World,
};

pub(super) fn user(user: &User) -> Value {
    let mut value = json!({ "id": user.id, "is_bot": user.is_bot, "first_name": user.first_name });
    if let Some(username) = &user.username {
        value["username"] = json!(username);
    }
    if let Some(language) = &user.language_code {
        value["language_code"] = json!(language);
    }
    value
}

pub(super) fn me(bot: &User) -> Value {
    let mut value = user(bot);
    for (name, granted) in [
        ("can_join_groups", true),
        ("can_read_all_group_messages", false),
        ("supports_guest_queries", false),
        ("supports_inline_queries", false),
        ("can_connect_to_business", false),
        ("has_main_web_app", false),
        ("has_topics_enabled", false),
        ("allows_users_to_create_topics", false),
        ("can_manage_bots", false),
        ("supports_join_request_queries", false),
    ] {
        value[name] = json!(granted);
    }
    value
}

pub(super) fn chat(world: &World, chat: &ChatState) -> Value {
    let mut value = json!({ "id": chat.id, "type": chat.kind.name() });
    if chat.kind == Kind::Private {
        let person = world.user(chat.id);
        value["first_name"] = json!(person.first_name);
        if let Some(username) = &person.username {
            value["username"] = json!(username);
        }
        return value;
    }
    value["title"] = json!(chat.title);
    if let Some(username) = &chat.username {
        value["username"] = json!(username);
    }
    match chat.kind {
        Kind::Forum => value["is_forum"] = json!(true),
        Kind::Group => value["all_members_are_administrators"] = json!(false),
        _ => {}
    }
    value
}

pub(super) fn full_chat(world: &World, state: &ChatState) -> Value {
    let mut value = chat(world, state);
    value["accent_color_id"] = json!(0);
    value["max_reaction_count"] = json!(11);
    value["accepted_gift_types"] = json!({
        "unlimited_gifts": true, "limited_gifts": true, "unique_gifts": true,
        "premium_subscription": true, "gifts_from_channels": true,
    });
    if matches!(state.kind, Kind::Group | Kind::Supergroup | Kind::Forum) {
        value["permissions"] = permissions(true);
    }
    value
}

fn permissions(granted: bool) -> Value {
    let mut value = json!({});
    for name in [
        "can_send_messages",
        "can_send_audios",
        "can_send_documents",
        "can_send_photos",
        "can_send_videos",
        "can_send_video_notes",
        "can_send_voice_notes",
        "can_send_polls",
        "can_send_other_messages",
        "can_add_web_page_previews",
        "can_react_to_messages",
        "can_edit_tag",
        "can_change_info",
        "can_invite_users",
        "can_pin_messages",
        "can_manage_topics",
    ] {
        value[name] = json!(granted);
    }
    value
}

/// A `ChatMember` of the kind that the status asks for.
pub(super) fn member(of: &User, status: Status, kind: Kind) -> Value {
    let mut value = match status {
        Status::Creator { is_anonymous } => {
            json!({ "status": "creator", "is_anonymous": is_anonymous })
        }
        Status::Administrator(rights) => administrator(rights, kind),
        Status::Member => json!({ "status": "member" }),
        Status::Restricted { can_send_messages } => {
            let mut value = permissions(false);
            value["status"] = json!("restricted");
            value["is_member"] = json!(true);
            value["can_send_messages"] = json!(can_send_messages);
            value["until_date"] = json!(0);
            value
        }
        Status::Left => json!({ "status": "left" }),
        Status::Kicked => json!({ "status": "kicked", "until_date": 0 }),
    };
    value["user"] = user(of);
    value
}

fn administrator(rights: Rights, kind: Kind) -> Value {
    let mut value = json!({
        "status": "administrator",
        "can_be_edited": false,
        "is_anonymous": rights.is_anonymous,
        "can_manage_chat": true,
        "can_delete_messages": rights.can_delete_messages,
        "can_manage_video_chats": false,
        "can_restrict_members": false,
        "can_promote_members": false,
        "can_change_info": false,
        "can_invite_users": true,
        "can_post_stories": false,
        "can_edit_stories": false,
        "can_delete_stories": false,
    });
    if kind == Kind::Channel {
        value["can_post_messages"] = json!(rights.can_post_messages);
        value["can_edit_messages"] = json!(rights.can_edit_messages);
        value["can_manage_direct_messages"] = json!(false);
    } else {
        value["can_pin_messages"] = json!(false);
        value["can_manage_topics"] = json!(rights.can_manage_topics);
        value["can_manage_tags"] = json!(false);
    }
    value
}

/// A message as an update or an answer shows it, with the message it replies to.
pub(super) fn message(world: &World, state: &ChatState, message: &Message) -> Value {
    let mut value = bare_message(world, state, message);
    // Inside a topic every message replies to something: at least to the one that opened the topic.
    let reply_to = message.reply_to.or(message.message_thread_id);
    if let Some(original) = reply_to.and_then(|id| state.messages.get(&id))
        && original.id != message.id
    {
        value.insert(
            "reply_to_message".to_owned(),
            bare_message(world, state, original).into(),
        );
    }
    value.into()
}

fn bare_message(world: &World, state: &ChatState, message: &Message) -> Map<String, Value> {
    let mut value = message.extra.clone();
    value.insert("message_id".into(), message.id.into());
    value.insert("date".into(), message.date.into());
    value.insert("chat".into(), chat(world, state));
    let (from, sender_chat) = match message.author {
        Author::Bot if state.kind == Kind::Channel => (None, Some(state.id)),
        Author::Bot => (Some(super::world::BOT), None),
        Author::Person(id) => (Some(id), None),
        Author::Anonymous => (Some(GROUP_ANONYMOUS_BOT), Some(state.id)),
        Author::AsChannel(id) => (Some(CHANNEL_BOT), Some(id)),
        Author::Channel => (None, Some(state.id)),
    };
    if let Some(id) = from {
        value.insert("from".into(), user(world.user(id)));
    }
    if let Some(id) = sender_chat {
        value.insert("sender_chat".into(), chat(world, world.chat(id)));
    }
    if !message.text.is_empty() {
        let media = ["photo", "sticker", "document"]
            .iter()
            .any(|m| value.contains_key(*m));
        let (text, entities) = if media {
            ("caption", "caption_entities")
        } else {
            ("text", "entities")
        };
        value.insert(text.into(), message.text.clone().into());
        let mut all: Vec<_> = message.entities.iter().chain(&message.detected).collect();
        all.sort_by_key(|entity| entity.offset);
        if !all.is_empty() {
            value.insert(entities.into(), all.into_iter().map(|e| e.json()).collect());
        }
    }
    if let Some(markup) = &message.reply_markup {
        value.insert("reply_markup".into(), markup.clone());
    }
    if let Some(options) = &message.link_preview_options {
        value.insert("link_preview_options".into(), options.clone());
    }
    if let Some(thread) = message.message_thread_id {
        value.insert("message_thread_id".into(), thread.into());
        if state.kind == Kind::Forum {
            value.insert("is_topic_message".into(), true.into());
        }
    }
    if message.edits > 0 {
        value.insert("edit_date".into(), crate::fakes::clock::unix_now().into());
    }
    value
}

//! What Telegram may say: an update.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::script::{fields, said};
use super::world;

static SAMPLES: LazyLock<Vec<Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("updates.json")).expect("samples"));

/// What a message has that nobody typed where it stands.
const SECONDHAND: [&str; 8] = [
    "via_bot",
    "forward_origin",
    "forward_date",
    "forward_from",
    "forward_from_chat",
    "forward_sender_name",
    "forward_from_message_id",
    "is_automatic_forward",
];

/// An update; or all that bytes say of one.
pub(super) fn hold(bytes: &[u8]) {
    let Some(mut update) = said(bytes, &SAMPLES) else {
        return;
    };
    world::with(|world| {
        // Each is another one.
        if update["update_id"].is_i64() {
            update["update_id"] = json!(world.number());
        }
        world.telegram.hear(world.bot.bot(), &update);
        let followed = world.followed();
        assert!(
            followed.is_empty() || may_change(&update),
            "{update} changed {followed:?}"
        );
        // To hear it again changes nothing.
        world.telegram.hear(world.bot.bot(), &update);
        assert_eq!(followed, world.followed(), "{update}");
    });
}

/// Whether somebody may follow something by an update as far as it alone tells: in groups Telegram would have to be asked
/// who somebody is.
fn may_change(update: &Value) -> bool {
    let typed = ["message", "channel_post"]
        .into_iter()
        .filter_map(|kind| update.get(kind))
        .filter(|message| {
            let is_secondhand = SECONDHAND.iter().any(|name| {
                let value = message.get(*name);
                value.is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)))
            });
            let is_chat = |kind: &str| message["chat"]["type"] == kind;
            let speaks_as_group = fields(&message["sender_chat"]).is_some()
                && message["sender_chat"]["id"] == message["chat"]["id"];
            !is_secondhand && (is_chat("private") || is_chat("channel") || speaks_as_group)
        });
    let press = &update["callback_query"]["message"]["chat"]["type"];
    typed.count() > 0 || press == "private" || press == "channel"
}

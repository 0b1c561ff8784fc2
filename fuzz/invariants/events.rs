//! What Discord's gateway may say: an event.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::script::said;
use super::world;

static SAMPLES: LazyLock<Vec<Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("events.json")).expect("samples"));

/// `MANAGE_GUILD` and `ADMINISTRATOR`.
const MANAGERS: u64 = 1 << 5 | 1 << 3;

/// An event: `{"t": …, "d": …}`; or all that bytes say of one.
pub(super) fn hold(bytes: &[u8]) {
    let Some(event) = said(bytes, &SAMPLES) else {
        return;
    };
    let dispatched = json!({ "op": 0, "s": 1, "t": event["t"], "d": event["d"] });
    world::with(|world| {
        world.discord.hear(world.bot.bot(), &dispatched);
        let followed = world.followed();
        assert!(
            followed.is_empty() || may_change(&event),
            "{event} changed {followed:?}"
        );
    });
}

/// Whether somebody may follow something by an event.
fn may_change(event: &Value) -> bool {
    let interaction = &event["d"];
    let permissions = interaction["member"]["permissions"].as_str();
    let permissions = permissions
        .and_then(|bits| bits.parse::<u128>().ok())
        .unwrap_or_default();
    let is_manager = permissions & u128::from(MANAGERS) != 0;
    let is_alone = !interaction["guild_id"].is_string() && interaction["user"].is_object();
    event["t"] == "INTERACTION_CREATE" && (is_manager || is_alone)
}

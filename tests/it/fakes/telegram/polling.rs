//! How updates reach the bot: `getUpdates`, and the methods that turn a webhook on and off.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use super::Shared;
use super::answers::{Answer, Refusal};
use super::html::check_url;
use super::webhook::Hook;
use super::world::World;
use crate::fakes::clock::now;

fn kinds(body: &Value) -> Option<Vec<String>> {
    let kinds = body.get("allowed_updates")?.as_array()?;
    let kinds: Vec<String> = kinds
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    Some(kinds)
}

/// A list without kinds means the usual ones; no list leaves things as they were.
fn set_allowed(world: &mut World, body: &Value) {
    if let Some(kinds) = kinds(body) {
        world.updates.allowed = (!kinds.is_empty()).then_some(kinds);
    }
}

fn webhook_active(world: &World) -> Result<(), Refusal> {
    match &world.webhook.hook {
        Some(_) => Err(Refusal::conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        )),
        None => Ok(()),
    }
}

/// Takes itself off the list of waiting polls, even when the client hangs up.
struct Waiting<'a>(&'a Shared);

impl<'a> Waiting<'a> {
    fn new(shared: &'a Shared) -> Self {
        shared.with(|world| world.updates.waiting += 1);
        Self(shared)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.with(|world| world.updates.waiting -= 1);
    }
}

/// Answers as soon as there is an update, at the latest when the poll's time is over.
pub(super) async fn get_updates(shared: &Arc<Shared>, body: &Value) -> Answer {
    let limit = body["limit"]
        .as_u64()
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(100);
    let patience = Duration::from_secs(body["timeout"].as_u64().unwrap_or(0));
    let end = now() + patience;
    let mut arrived = shared.arrived.subscribe();
    let mine = shared.with(|world| {
        webhook_active(world)?;
        set_allowed(world, body);
        world.updates.confirm(body["offset"].as_i64().unwrap_or(0));
        world.updates.poll += 1;
        Ok(world.updates.poll)
    })?;
    // The poll before this one learns that its time is over.
    shared.arrived.send_modify(|n| *n += 1);
    let _waiting = Waiting::new(shared);
    loop {
        arrived.mark_unchanged();
        let batch = shared.with(|world| {
            webhook_active(world)?;
            if world.updates.poll != mine {
                world.updates.conflicts += 1;
                return Err(Refusal::conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running",
                ));
            }
            Ok(world.updates.batch(limit))
        })?;
        let left = end.saturating_duration_since(now());
        if !batch.is_empty() || left.is_zero() {
            return Ok(batch.into());
        }
        // A timeout shows itself in the next round; the sender lives as long as the server.
        let _ = timeout(left, arrived.changed()).await;
    }
}

pub(super) fn set_webhook(world: &mut World, body: &Value) -> Answer {
    let url = body["url"].as_str().unwrap_or_default();
    drop_pending(world, body);
    set_allowed(world, body);
    if url.is_empty() {
        world.webhook.hook = None;
        return Ok(true.into());
    }
    let secure =
        url.starts_with("https://") || (world.webhook.allow_http && url.starts_with("http://"));
    if !secure {
        let refusal = Refusal::bad("bad webhook: An HTTPS URL must be provided for webhook");
        return Err(refusal.because(format!("the webhook \"{url}\" isn't https")));
    }
    check_url(url).map_err(|why| Refusal::bad(&format!("bad webhook: {why}")).because(why))?;
    world.webhook.hook = Some(Hook {
        url: url.to_owned(),
        secret: body["secret_token"].as_str().map(str::to_owned),
    });
    world.webhook.set_calls += 1;
    Ok(true.into())
}

pub(super) fn delete_webhook(world: &mut World, body: &Value) -> Answer {
    drop_pending(world, body);
    world.webhook.hook = None;
    Ok(true.into())
}

fn drop_pending(world: &mut World, body: &Value) {
    if body["drop_pending_updates"] == true {
        let next = world.updates.next_id;
        world.updates.confirm(next);
    }
}

pub(super) fn webhook_info(world: &World) -> Answer {
    let url = world.webhook.hook.as_ref().map(|hook| hook.url.as_str());
    let mut info = json!({
        "url": url.unwrap_or_default(),
        "has_custom_certificate": false,
        "pending_update_count": world.updates.pending.len(),
    });
    if let Some(allowed) = &world.updates.allowed {
        info["allowed_updates"] = json!(allowed);
    }
    if let Some((date, message)) = &world.webhook.last_error {
        info["last_error_date"] = json!(date);
        info["last_error_message"] = json!(message);
    }
    Ok(info)
}

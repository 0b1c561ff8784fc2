//! Events that serenity can't read, since Discord has changed something in them: what isn't needed is left out, and they
//! are read again. So nobody is left without an answer.

use serde_json::{Map, Value, json};
use serenity::model::application::Interaction as Incoming;

use super::access::{ChannelKind, bits};
use super::answering::{Answer, Appearance, Interaction};
use super::identity::{key, server};
use super::inbound::Inbound;
use super::options::language_of;
use crate::chat::Scope;
use crate::chat::commands::fault_number;
use tidings_core::language::Value as Given;
use tidings_store::StoreError;

/// What an interaction is called among events.
const INTERACTION: &str = "INTERACTION_CREATE";

impl Inbound<'_> {
    /// Answers an interaction that couldn't be read. `None` if it is another event.
    pub(super) async fn unread(&self, kind: &str, value: &Value) {
        if kind != INTERACTION {
            if let Err(error) = self.unread_event(kind, value).await {
                tracing::error!(%error, "the store can't be written");
            }
            return;
        }
        let incoming = match value["member"].is_object() || value["user"].is_object() {
            true => serde_json::from_value::<Incoming>(needed(value)),
            // Whose rights would be asked for? Nobody's direct message is anybody's.
            false => Err(serde::de::Error::custom("it doesn't say who asks")),
        };
        match incoming {
            Ok(incoming) => {
                tracing::debug!("an interaction was read without what isn't needed of it");
                self.interaction(incoming).await;
            }
            Err(error) => {
                let channel = key(number(&value["channel_id"]).unwrap_or_default());
                let called = fault_number(&value["id"], &channel, &error.to_string());
                tracing::error!(number = called, %channel, %error, "an interaction can't be read; whoever asked is told so");
                self.apologise(value, &called).await;
            }
        }
    }

    /// Says that something went wrong, where hardly anything can be read.
    async fn apologise(&self, value: &Value, called: &str) {
        let (Some(id), Some(token)) = (number(&value["id"]), value["token"].as_str()) else {
            return;
        };
        // An autocompletion is answered with choices, and anything else with a message.
        if value["type"] == 4 {
            return;
        }
        let interaction = Interaction {
            id,
            token: token.to_owned(),
            application: number(&value["application_id"]).unwrap_or_default(),
        };
        let theirs = value["locale"].as_str().and_then(language_of);
        let say = theirs.map_or_else(
            || self.bot.localizer(),
            |locale| self.bot.localizer_of(locale),
        );
        let values = [("number", Given::Text(called))];
        let line = say.line("internal-error", &values);
        let answer: Answer = self.messages(&line.into(), say, None);
        let appearance = Appearance {
            private: true,
            in_place: false,
        };
        self.discord
            .converse(&interaction, appearance, async { answer })
            .await;
    }

    /// Does what an event says about a place, from as little of it as is needed.
    async fn unread_event(&self, kind: &str, value: &Value) -> Result<(), StoreError> {
        let bot = self.bot;
        let id = number(&value["id"]);
        let guild = number(&value["guild_id"]);
        match (kind, id, guild) {
            ("GUILD_CREATE", Some(id), _) => {
                // If one of them can't be read, nobody knows that a role is gone.
                let roles: Option<Vec<u64>> = value["roles"]
                    .as_array()
                    .and_then(|roles| roles.iter().map(|role| number(&role["id"])).collect());
                let channels = value["channels"].as_array().into_iter().flatten();
                let kinds = channels.filter_map(|channel| {
                    let kind = channel["type"].as_u64()?.try_into().ok()?;
                    Some((number(&channel["id"])?, ChannelKind(kind)))
                });
                self.server_is_there(id, roles.as_deref(), kinds).await?;
            }
            ("GUILD_DELETE", Some(id), _) if value["unavailable"] != true => {
                bot.mark_unreachable(
                    &server(id),
                    Scope::Within,
                    "the bot was removed from the server",
                )
                .await?;
            }
            ("CHANNEL_DELETE", Some(id), _) => {
                bot.mark_unreachable(&key(id), Scope::Place, "the channel was deleted")
                    .await?;
            }
            ("THREAD_DELETE", Some(id), _) => {
                bot.mark_unreachable(&key(id), Scope::Place, "the thread was deleted")
                    .await?;
            }
            ("CHANNEL_UPDATE", Some(id), guild) => {
                self.discord.access.forget(id);
                let kind = value["type"]
                    .as_u64()
                    .and_then(|kind| u8::try_from(kind).ok());
                if let Some(kind) = kind {
                    bot.note(
                        &key(id),
                        &ChannelKind(kind).to_note(),
                        guild.map(server).as_ref(),
                    )
                    .await?;
                }
                bot.mark_reachable(&key(id), Scope::Place).await?;
            }
            ("THREAD_UPDATE", Some(id), _) if value["thread_metadata"]["locked"] != true => {
                bot.mark_reachable(&key(id), Scope::Place).await?;
            }
            ("GUILD_ROLE_UPDATE" | "GUILD_MEMBER_UPDATE", _, Some(guild)) => {
                bot.mark_reachable(&server(guild), Scope::Within).await?;
            }
            ("GUILD_ROLE_DELETE", _, Some(guild)) => {
                if let Some(role) = number(&value["role_id"]) {
                    self.role_is_gone(guild, role).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// A number as Discord writes it: as text.
fn number(value: &Value) -> Option<u64> {
    value.as_str()?.parse().ok()
}

/// What is needed of an interaction, in the form in which serenity reads it.
fn needed(value: &Value) -> Value {
    let mut kept = picked(
        value,
        &[
            "id",
            "application_id",
            "type",
            "guild_id",
            "channel_id",
            "token",
            "context",
        ],
    );
    if kept
        .get("context")
        .is_some_and(|context| context.as_u64().is_none())
    {
        kept.remove("context");
    }
    let mut put = |name: &str, value: Value| {
        kept.insert(name.to_owned(), value);
    };
    put("version", json!(1));
    put("entitlements", json!([]));
    put("attachment_size_limit", json!(0));
    put("locale", json!(value["locale"].as_str().unwrap_or("en-US")));
    put(
        "authorizing_integration_owners",
        owners(&value["authorizing_integration_owners"]),
    );
    if value["app_permissions"].is_string() {
        put("app_permissions", permissions(&value["app_permissions"]));
    }
    if value["channel"].is_object() {
        put("channel", channel(&value["channel"]));
    }
    if value["user"].is_object() {
        put("user", user(&value["user"]));
    }
    if value["member"].is_object() {
        put("member", member(&value["member"]));
    }
    if value["message"].is_object() {
        put("message", message(&value["message"]));
    }
    put("data", data(&value["data"]));
    Value::Object(kept)
}

fn picked(value: &Value, names: &[&str]) -> Map<String, Value> {
    let known = names.iter().filter_map(|name| {
        let value = value.get(*name)?;
        (!value.is_null()).then(|| ((*name).to_owned(), value.clone()))
    });
    known.collect()
}

/// Permissions, without those that don't fit into 64 bits yet.
fn permissions(value: &Value) -> Value {
    let known = bits(value.as_str().unwrap_or_default());
    json!(known.bits().to_string())
}

fn owners(value: &Value) -> Value {
    let known = |(kind, id): (&String, &Value)| {
        let is_known = matches!(kind.as_str(), "0" | "1") && number(id).is_some();
        is_known.then(|| (kind.clone(), id.clone()))
    };
    let owners = value.as_object().into_iter().flatten().filter_map(known);
    Value::Object(owners.collect())
}

fn channel(value: &Value) -> Value {
    json!({ "id": value["id"], "type": value["type"], "name": value["name"].as_str() })
}

fn user(value: &Value) -> Value {
    json!({ "id": value["id"], "username": value["username"].as_str().unwrap_or("?") })
}

fn member(value: &Value) -> Value {
    let roles = value["roles"].as_array().into_iter().flatten();
    let roles: Vec<&Value> = roles.filter(|role| number(role).is_some()).collect();
    json!({
        "user": user(&value["user"]), "roles": roles, "deaf": false, "mute": false, "flags": 0,
        "permissions": permissions(&value["permissions"]),
    })
}

/// The message under which something was pressed: only what shows who sees it.
fn message(value: &Value) -> Value {
    json!({
        "id": value["id"], "channel_id": value["channel_id"], "author": user(&value["author"]),
        "content": "", "timestamp": "2015-01-01T00:00:00Z", "edited_timestamp": null, "tts": false,
        "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
        "pinned": false, "type": 0, "flags": value["flags"].as_u64().unwrap_or_default(),
    })
}

/// The message with which something is done: what it says, and where its embeds lead.
fn said(value: &Value) -> Value {
    let mut said = message(value);
    said["content"] = json!(value["content"].as_str().unwrap_or_default());
    let embeds = value["embeds"].as_array().into_iter().flatten();
    let urls = embeds.filter_map(|embed| embed["url"].as_str());
    said["embeds"] = urls.map(|url| json!({ "url": url })).collect();
    said
}

fn data(value: &Value) -> Value {
    let mut kept = picked(
        value,
        &[
            "id",
            "name",
            "type",
            "custom_id",
            "component_type",
            "values",
            "target_id",
        ],
    );
    if let Some(options) = value["options"].as_array() {
        let names = ["name", "type", "value", "focused", "options"];
        let options = options
            .iter()
            .map(|option| Value::Object(picked(option, &names)));
        kept.insert("options".to_owned(), options.collect());
    }
    let resolved = &value["resolved"];
    if resolved.is_object() {
        let of = |kind: &str, read: fn(&Value) -> Value| {
            let all = resolved[kind].as_object().into_iter().flatten();
            Value::Object(all.map(|(id, value)| (id.clone(), read(value))).collect())
        };
        let read = json!({
            "channels": of("channels", channel), "roles": of("roles", role), "messages": of("messages", said),
        });
        kept.insert("resolved".to_owned(), read);
    }
    if let Some(rows) = value["components"].as_array() {
        kept.insert("components".to_owned(), rows.iter().map(inputs).collect());
    }
    Value::Object(kept)
}

fn role(value: &Value) -> Value {
    json!({
        "id": value["id"], "name": value["name"].as_str().unwrap_or_default(), "color": 0,
        "colors": { "primary_color": 0 }, "hoist": false, "managed": false, "position": 0,
        "mentionable": value["mentionable"] == true, "permissions": permissions(&value["permissions"]),
    })
}

/// A row of a form, with what was typed into it.
fn inputs(row: &Value) -> Value {
    let inputs = row["components"].as_array().into_iter().flatten();
    let inputs = inputs.map(|input| Value::Object(picked(input, &["type", "custom_id", "value"])));
    json!({ "type": 1, "components": inputs.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command() -> Value {
        json!({
            "id": "1", "application_id": "2", "type": 2, "token": "t", "version": 1,
            "guild_id": "3", "channel_id": "4", "locale": "ko", "context": 0,
            "channel": { "id": "4", "type": 0, "name": "news" },
            "app_permissions": "2048", "entitlements": [],
            "authorizing_integration_owners": { "0": "3" },
            "member": {
                "user": { "id": "5", "username": "ana" }, "roles": ["6"], "deaf": false, "mute": false,
                "flags": 0, "permissions": "32",
            },
            "data": {
                "id": "7", "name": "subscribe", "type": 1,
                "options": [
                    { "name": "section", "type": 3, "value": "japan" },
                    { "name": "role", "type": 8, "value": "6" },
                    { "name": "channel", "type": 7, "value": "4" },
                ],
                "resolved": {
                    "roles": { "6": { "id": "6", "name": "readers", "permissions": "0", "mentionable": true } },
                    "channels": { "4": { "id": "4", "type": 0, "name": "news", "permissions": "1" } },
                },
            },
        })
    }

    /// Paths to every value within a value.
    fn paths(value: &Value, at: &str, all: &mut Vec<String>) {
        let mut go = |name: &str, value: &Value| {
            let path = format!("{at}/{name}");
            all.push(path.clone());
            paths(value, &path, all);
        };
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| go(name, value)),
            Value::Array(values) => {
                let numbered = values.iter().enumerate();
                numbered.for_each(|(at, value)| go(&at.to_string(), value));
            }
            _ => {}
        }
    }

    #[test]
    fn a_command_is_read_whatever_unneeded_field_has_changed() {
        let whole = command();
        assert!(serde_json::from_value::<Incoming>(needed(&whole)).is_ok());
        let mut all = Vec::new();
        paths(&whole, "", &mut all);
        // Without these nobody could be answered, or nothing done.
        let vital = [
            "/id",
            "/application_id",
            "/type",
            "/token",
            "/channel_id",
            "/guild_id",
            "/channel",
            "/member",
            "/data",
        ];
        let is_vital = |path: &str| {
            vital.contains(&path)
                || path.starts_with("/data/")
                || path.ends_with("/id")
                || path.ends_with("/type")
                || path.ends_with("/user")
        };
        for path in all.iter().filter(|path| !is_vital(path)) {
            for strange in [json!({ "new": [1] }), json!(-7), json!("?"), json!([])] {
                let mut changed = whole.clone();
                if let Some(place) = changed.pointer_mut(path) {
                    *place = strange;
                }
                let read = serde_json::from_value::<Incoming>(needed(&changed));
                assert!(read.is_ok(), "{path}: {read:?}");
            }
        }
    }

    #[test]
    fn presses_and_forms_are_read_as_well() {
        let mut press = command();
        press["type"] = json!(3);
        press["data"] = json!({ "custom_id": "search", "component_type": 2, "id": 9 });
        press["message"] = json!({
            "id": "8", "channel_id": "4", "author": { "id": "2", "username": "tidings", "clan": 3 },
            "flags": 64, "embeds": [{ "type": "holo" }], "components": [{ "type": 99 }],
        });
        assert!(serde_json::from_value::<Incoming>(needed(&press)).is_ok());
        let mut form = command();
        form["type"] = json!(5);
        form["data"] = json!({
            "custom_id": "search",
            "components": [{ "type": 1, "components": [{ "type": 4, "custom_id": "words", "value": "squid", "id": 2 }] }],
        });
        let read = serde_json::from_value::<Incoming>(needed(&form));
        assert!(read.is_ok(), "{read:?}");
    }
}

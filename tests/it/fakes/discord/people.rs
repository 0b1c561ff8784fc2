//! People: they give commands, type, press and choose, and read what they are answered.

use serde_json::{Value, json};

use super::interactions::{Interaction, State};
use super::permissions::{
    MANAGE_GUILD, SEND_MESSAGES, SEND_MESSAGES_IN_THREADS, VIEW_CHANNEL, ours,
};
use super::world::{BOT, DM, Message, World};
use super::{FakeDiscord, shapes, transcript};
use crate::fakes::clock::now;

/// Somebody.
#[derive(Clone)]
pub(crate) struct Person {
    server: FakeDiscord,
    pub(crate) id: u64,
    name: String,
    locale: String,
    manager: bool,
    silenced: bool,
    /// Whether only their own installation of the bot is there.
    installed: bool,
}

/// What somebody's message says.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) content: &'static str,
    pub(crate) embeds: Vec<Value>,
    /// A field of it that Discord has changed, and what it is now.
    pub(crate) strange: Option<(&'static str, Value)>,
}

/// Something that was asked.
#[derive(Clone)]
pub(crate) struct Asked {
    server: FakeDiscord,
    pub(crate) id: u64,
}

impl FakeDiscord {
    /// Somebody who may manage every server.
    pub(crate) fn manager(&self, name: &str) -> Person {
        Person {
            manager: true,
            ..self.reader(name)
        }
    }

    /// Somebody who may not.
    pub(crate) fn reader(&self, name: &str) -> Person {
        Person {
            server: self.clone(),
            id: self.with(World::id),
            name: name.to_owned(),
            locale: "en-US".to_owned(),
            manager: false,
            silenced: false,
            installed: false,
        }
    }
}

impl Message {
    /// Whether a button of this name is under it.
    pub(crate) fn offers(&self, label: &str) -> bool {
        components(self).any(|component| component["label"] == label)
    }
}

impl Person {
    pub(crate) fn speaking(mut self, locale: &str) -> Self {
        self.locale = locale.to_owned();
        self
    }

    /// Whom the servers let read and not write.
    pub(crate) fn silenced(mut self) -> Self {
        self.silenced = true;
        self
    }

    /// The bot isn't in the server; this person has brought it along.
    pub(crate) fn with_own_bot(mut self) -> Self {
        self.installed = true;
        self
    }

    pub(crate) fn server(&self) -> &FakeDiscord {
        &self.server
    }

    /// Their chat with the bot alone.
    pub(crate) fn dm(&self) -> u64 {
        self.server.with(|world| world.chat_with(self.id))
    }

    /// Gives a command such as `/latest section:us-nk count:3`, and waits for the answer.
    pub(crate) async fn asks(&self, channel: u64, line: &str) -> String {
        self.gives(channel, line).answer().await
    }

    /// Gives a command.
    pub(crate) fn gives(&self, channel: u64, line: &str) -> Asked {
        let (name, rest) = line
            .trim_start_matches('/')
            .split_once(' ')
            .unwrap_or((line.trim_start_matches('/'), ""));
        let (definition, registered) = self.definition(channel, name);
        let mut options = Vec::new();
        let mut resolved = json!({ "channels": {}, "roles": {} });
        for (option, value) in split(rest) {
            let about = definition["options"].as_array().into_iter().flatten();
            let found = about.into_iter().find(|about| about["name"] == option);
            let about = found.unwrap_or_else(|| panic!("/{name} has no option {option}"));
            let kind = about["type"].as_u64().expect("a type");
            let value = match kind {
                4 => {
                    let number: i64 = value.parse().expect("a whole number");
                    let least = about["min_value"].as_i64().unwrap_or(i64::MIN);
                    let most = about["max_value"].as_i64().unwrap_or(i64::MAX);
                    assert!(
                        (least..=most).contains(&number),
                        "Discord lets nobody send {number}"
                    );
                    json!(number)
                }
                _ => json!(value),
            };
            self.resolve(kind, &value, &mut resolved);
            options.push(json!({ "name": option, "type": kind, "value": value }));
        }
        for about in definition["options"].as_array().into_iter().flatten() {
            let given = options.iter().any(|option| option["name"] == about["name"]);
            assert!(
                given || about["required"] != true,
                "/{name} needs {}",
                about["name"]
            );
        }
        let data = json!({
            "id": registered.to_string(), "name": name, "type": 1, "options": options, "resolved": resolved,
        });
        self.interaction(2, channel, data, None)
    }

    /// Types a part of an option; the choices that are offered, as names and values.
    pub(crate) async fn types(
        &self,
        channel: u64,
        command: &str,
        option: &str,
        typed: &str,
    ) -> Vec<(String, String)> {
        self.types_behind(channel, command, &[], option, typed)
            .await
    }

    /// Types a part of an option behind others that are whole.
    pub(crate) async fn types_behind(
        &self,
        channel: u64,
        command: &str,
        given: &[(&str, &str)],
        option: &str,
        typed: &str,
    ) -> Vec<(String, String)> {
        let (definition, registered) = self.definition(channel, command);
        let about = definition["options"].as_array().into_iter().flatten();
        let about = about
            .into_iter()
            .find(|about| about["name"] == option)
            .expect("an option");
        assert_eq!(about["autocomplete"], true, "{option} isn't completed");
        let whole =
            |(name, value): &(&str, &str)| json!({ "name": name, "type": 3, "value": value });
        let mut options: Vec<Value> = given.iter().map(whole).collect();
        options.push(json!({ "name": option, "type": 3, "value": typed, "focused": true }));
        let data = json!({
            "id": registered.to_string(), "name": command, "type": 1, "options": options,
        });
        let asked = self.interaction(4, channel, data, None);
        let choices = self
            .server
            .wait_for("choices", |world| {
                world.interactions[&asked.id].choices.clone()
            })
            .await;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let pair = |choice: &Value| (text(&choice["name"]), text(&choice["value"]));
        choices.as_array().into_iter().flatten().map(pair).collect()
    }

    /// Chooses a command in the menu of a message that somebody wrote.
    pub(crate) fn uses(&self, channel: u64, command: &str, said: &Said) -> Asked {
        let (_, registered) = self.definition_of(channel, 3, command);
        let message = self.server.with(World::id);
        let author = self.server.with(World::id);
        let mut shown = json!({
            "id": message.to_string(), "channel_id": channel.to_string(), "author": shapes::user(author, "Somebody"),
            "content": said.content, "embeds": said.embeds, "attachments": [],
            "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": null, "tts": false,
            "mention_everyone": false, "mentions": [], "mention_roles": [], "pinned": false, "type": 0,
            "flags": 0, "components": [],
        });
        if let Some((field, value)) = &said.strange {
            shown[*field] = value.clone();
        }
        let data = json!({
            "id": registered.to_string(), "name": command, "type": 3, "target_id": message.to_string(),
            "resolved": { "messages": { message.to_string(): shown } },
        });
        self.interaction(2, channel, data, None)
    }

    /// Presses the button of this label under a message.
    pub(crate) fn presses(&self, channel: u64, message: &Message, label: &str) -> Asked {
        let found = components(message).find(|component| component["label"] == label);
        let component = found.unwrap_or_else(|| panic!("there is no button {label}"));
        let data = json!({ "custom_id": component["custom_id"], "component_type": 2 });
        self.interaction(3, channel, data, Some(message))
    }

    /// Chooses from a menu under a message.
    pub(crate) fn chooses(&self, channel: u64, message: &Message, label: &str) -> Asked {
        let found = components(message).find_map(|menu| {
            let options = menu["options"].as_array().into_iter().flatten();
            let option = options.into_iter().find(|option| option["label"] == label);
            Some((menu, &option?["value"]))
        });
        let (menu, value) = found.unwrap_or_else(|| panic!("there is no choice {label}"));
        let data =
            json!({ "custom_id": menu["custom_id"], "component_type": 3, "values": [value] });
        self.interaction(3, channel, data, Some(message))
    }

    /// Fills in a form of one field.
    pub(crate) fn fills_in(&self, channel: u64, form: &Value, words: &str) -> Asked {
        let input = &form["components"][0]["components"][0];
        let field = json!({ "type": 4, "custom_id": input["custom_id"], "value": words });
        let rows = json!([{ "type": 1, "components": [field] }]);
        let data = json!({ "custom_id": form["custom_id"], "components": rows });
        self.interaction(5, channel, data, None)
    }

    /// Writes into some fields of a form, leaves the others as they are, and sends it.
    pub(crate) fn fills(&self, channel: u64, form: &Value, fields: &[(&str, &str)]) -> Asked {
        let rows = form["components"].as_array().into_iter().flatten();
        let inputs = rows.map(|row| &row["components"][0]);
        let rows = inputs.map(|input| {
            let written = fields.iter().find(|(name, _)| input["custom_id"] == *name);
            let value = written.map_or_else(
                || input["value"].as_str().unwrap_or_default(),
                |(_, value)| value,
            );
            let field = json!({ "type": 4, "custom_id": input["custom_id"], "value": value });
            json!({ "type": 1, "components": [field] })
        });
        let rows: Vec<Value> = rows.collect();
        let data = json!({ "custom_id": form["custom_id"], "components": rows });
        self.interaction(5, channel, data, None)
    }

    /// The command as it is registered, with a number for it.
    fn definition(&self, channel: u64, name: &str) -> (Value, u64) {
        self.definition_of(channel, 1, name)
    }

    fn definition_of(&self, channel: u64, kind: u64, name: &str) -> (Value, u64) {
        self.server.look(|world| {
            let guild = world.channels[&channel].guild;
            let of_guild = guild.map(|guild| format!("applications/{BOT}/guilds/{guild}/commands"));
            let everywhere = format!("applications/{BOT}/commands");
            let paths = of_guild.into_iter().chain([everywhere]);
            let commands = paths.filter_map(|path| world.commands.get(&path)).flatten();
            let is_of_kind = |command: &Value| command["type"].as_u64().unwrap_or(1) == kind;
            let found = commands
                .into_iter()
                .find(|command| command["name"] == name && is_of_kind(command));
            let command = found.unwrap_or_else(|| panic!("no command /{name} is registered"));
            let context = if guild.is_some() { 0 } else { 1 };
            let contexts = command["contexts"].as_array().expect("contexts are set");
            assert!(
                contexts.contains(&json!(context)),
                "/{name} isn't offered here"
            );
            (command.clone(), 900_000_000_000_000_001)
        })
    }

    fn resolve(&self, kind: u64, value: &Value, resolved: &mut Value) {
        let Some(id) = value.as_str().and_then(|value| value.parse::<u64>().ok()) else {
            return;
        };
        self.server.look(|world| match kind {
            7 => {
                let about = shapes::channel(world, id);
                resolved["channels"][id.to_string()] = json!({
                    "id": about["id"], "name": about["name"], "type": about["type"], "permissions": "0",
                });
            }
            8 => {
                let guild = world.guilds.iter().find(|(_, guild)| guild.roles.contains_key(&id));
                let (guild, _) = guild.expect("a role of a server");
                resolved["roles"][id.to_string()] = shapes::role(world, *guild, id);
            }
            _ => {}
        });
    }

    fn interaction(&self, kind: u8, channel: u64, data: Value, message: Option<&Message>) -> Asked {
        let at = now();
        let (id, guild, event) = self.server.with(|world| {
            let id = world.id();
            let token = format!("token-of-{id}");
            let about = &world.channels[&channel];
            let guild = about.guild;
            let user = shapes::user(self.id, &self.name);
            let mut event = json!({
                "id": id.to_string(), "application_id": BOT.to_string(), "type": kind, "data": data,
                "channel_id": channel.to_string(), "channel": shapes::channel(world, channel), "token": token,
                "version": 1, "app_permissions": ours(world, channel).to_string(), "locale": self.locale,
                "entitlements": [], "attachment_size_limit": 10_485_760,
                "context": if guild.is_some() { 0 } else { 1 },
                "authorizing_integration_owners": match guild {
                    Some(guild) if !self.installed => json!({ "0": guild.to_string() }),
                    _ => json!({ "1": self.id.to_string() }),
                },
            });
            match guild {
                Some(guild) => {
                    event["guild_id"] = json!(guild.to_string());
                    event["guild_locale"] = json!("en-US");
                    let mut permissions = VIEW_CHANNEL;
                    if self.manager {
                        permissions |= MANAGE_GUILD;
                    }
                    if !self.silenced {
                        permissions |= SEND_MESSAGES | SEND_MESSAGES_IN_THREADS;
                    }
                    event["member"] = json!({
                        "user": user, "roles": [], "permissions": permissions.to_string(), "nick": null,
                        "joined_at": "2026-01-01T00:00:00+00:00", "deaf": false, "mute": false, "flags": 0,
                        "pending": false, "avatar": null, "premium_since": null,
                        "communication_disabled_until": null,
                    });
                }
                None => event["user"] = user,
            }
            if let Some((path, value)) = &world.strange
                && let Some(field) = event.pointer_mut(path)
            {
                *field = value.clone();
            }
            if let Some(message) = message {
                event["message"] = of_message(message, channel);
            }
            let interaction = Interaction {
                token,
                user: self.id,
                channel,
                at,
                state: State::Open,
                messages: Vec::new(),
                choices: None,
                form: None,
                of_message: message.map(|message| message.id),
                of_only: message.and_then(|message| message.only),
                in_place: false,
                private: false,
            };
            world.interactions.insert(id, interaction);
            (id, guild, event)
        });
        for _ in 0..self.server.look(|world| world.deliveries) {
            self.server.emit(guild, "INTERACTION_CREATE", event.clone());
        }
        Asked {
            server: self.server.clone(),
            id,
        }
    }
}

/// `section:us-nk when:daily 09:00` as names and values.
fn split(rest: &str) -> Vec<(String, String)> {
    let mut options: Vec<(String, String)> = Vec::new();
    for word in rest.split_whitespace() {
        let is_name = |b: u8| b.is_ascii_lowercase() || b == b'-';
        let named = word
            .split_once(':')
            .filter(|(name, _)| !name.is_empty() && name.bytes().all(is_name));
        match (named, options.last_mut()) {
            (Some((name, value)), _) => options.push((name.to_owned(), value.to_owned())),
            (None, Some((_, value))) => value.push_str(&format!(" {word}")),
            (None, None) => panic!("write options as name:value, not {word}"),
        }
    }
    options
}

fn components(message: &Message) -> impl Iterator<Item = &Value> {
    let rows = message.body["components"].as_array().into_iter().flatten();
    rows.flat_map(|row| row["components"].as_array().into_iter().flatten())
}

/// A message as an event shows it.
fn of_message(message: &Message, channel: u64) -> Value {
    let flags = message.body["flags"].as_u64().unwrap_or(0);
    let private = if message.only.is_some() { 64 } else { 0 };
    json!({
        "id": message.id.to_string(), "channel_id": channel.to_string(), "author": shapes::bot(),
        "content": message.body["content"].as_str().unwrap_or_default(), "embeds": [], "attachments": [],
        "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": null, "tts": false,
        "mention_everyone": false, "mentions": [], "mention_roles": [], "pinned": false, "type": 0,
        "flags": flags | private, "components": numbered(&message.body["components"]),
    })
}

/// Components as Discord gives them back: each has a number.
fn numbered(components: &Value) -> Value {
    fn number(component: &mut Value, last: &mut u64) {
        *last += 1;
        component["id"] = json!(*last);
        for inside in component["components"].as_array_mut().into_iter().flatten() {
            number(inside, last);
        }
        if component["accessory"].is_object() {
            number(&mut component["accessory"], last);
        }
    }
    let mut numbered = components.clone();
    let mut last = 0;
    for component in numbered.as_array_mut().into_iter().flatten() {
        number(component, &mut last);
    }
    match numbered {
        Value::Null => json!([]),
        numbered => numbered,
    }
}

impl Asked {
    /// Waits for the answer, as it is read.
    pub(crate) async fn answer(&self) -> String {
        self.message().await;
        self.server.look(|world| {
            let messages = &world.interactions[&self.id].messages;
            transcript::of_messages(world, messages)
        })
    }

    /// Waits for the answer's last message.
    pub(crate) async fn message(&self) -> Message {
        let id = self.id;
        self.server
            .wait_for("an answer", |world| {
                let interaction = &world.interactions[&id];
                let answered = interaction.state == State::Answered;
                interaction.messages.last().filter(|_| answered).cloned()
            })
            .await
    }

    /// Waits for the form that is opened.
    pub(crate) async fn form(&self) -> Value {
        let id = self.id;
        self.server
            .wait_for("a form", |world| world.interactions[&id].form.clone())
            .await
    }

    /// Whether the answer took the place of the message.
    pub(crate) fn is_in_place(&self) -> bool {
        self.server
            .look(|world| world.interactions[&self.id].in_place)
    }

    pub(crate) fn state(&self) -> State {
        self.server.look(|world| world.interactions[&self.id].state)
    }
}

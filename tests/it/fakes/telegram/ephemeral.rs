//! Ephemeral messages (Bot API 10.3): what one member of a group and the bot say to each other so that nobody else sees it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::answers::{Answer, Refusal};
use super::ledger::Callback;
use super::sending::{formatted, may_write, open_chat, write};
use super::world::{Author, ChatState, Event, Kind, Message, World};
use super::{Chat, FakeTelegram, Person, json, keyboard, transcript};

/// How long a bot that isn't an administrator may answer a command or a press.
const WINDOW: Duration = Duration::from_secs(15);

/// A message that one member sees.
#[derive(Debug, Clone)]
pub(crate) struct Ephemeral {
    /// That member.
    pub(crate) person: i64,
    pub(crate) message: Message,
    pub(super) said_at: Instant,
}

/// The parameters of a message that one member is to see; none on a server that doesn't know them.
pub(super) fn parameters<'b>(world: &World, body: &'b Value) -> Option<&'b Value> {
    let known = !world.is_older;
    body.get("ephemeral_message_parameters").filter(|_| known)
}

/// Sends a message to one member.
pub(super) fn send(world: &mut World, body: &Value, to: &Value) -> Answer {
    let read = formatted(world, body)?;
    let chat = open_chat(world, body)?;
    let thread = body["message_thread_id"].as_i64();
    may_write(chat, thread)?;
    let person = to["receiver_user_id"].as_i64().unwrap_or_default();
    if matches!(chat.kind, Kind::Private | Kind::Channel) {
        let why = "ephemeral messages are for groups and supergroups";
        return Err(Refusal::bad("CHAT_TYPE_INVALID").because(why));
    }
    if !chat.status(person).is_in() || world.user(person).is_bot {
        return Err(Refusal::bad("USER_NOT_PARTICIPANT"));
    }
    let press = to["callback_query_id"].as_str();
    let question = body["reply_parameters"]["ephemeral_message_id"].as_i64();
    if !chat.bot().is_administrator() {
        is_asked(world, chat, person, press, question)?;
    }
    let id = chat.id;
    let mut message = Message::new(Author::Bot, "");
    message.message_thread_id = thread;
    message.reply_to = question;
    message.reply_parameters = body.get("reply_parameters").cloned();
    write(&mut message, body, read);
    world.accepted += 1;
    let number = world.say_alone(id, person, message);
    let state = world.chat(id);
    Ok(shown(world, state, number))
}

/// Refuses what a bot that isn't an administrator sends without having been asked just before.
fn is_asked(
    world: &World,
    chat: &ChatState,
    person: i64,
    press: Option<&str>,
    question: Option<i64>,
) -> Result<(), Refusal> {
    let at = match (press, question) {
        (None, None) => {
            let why = "who isn't an administrator names an ephemeral message or a press";
            return Err(Refusal::bad("BOT_NOT_ADMIN").because(why));
        }
        (Some(_), Some(_)) => {
            return Err(Refusal::bad("REPLY_TO_INVALID").because("it names two questions"));
        }
        (Some(press), None) => {
            let spent = "query is too old and response timeout expired or query ID is invalid";
            let callback = world.callbacks.get(press);
            let theirs = callback.filter(|callback| callback.from == person);
            let callback = theirs.ok_or_else(|| Refusal::bad(spent).because("it isn't theirs"))?;
            if callback.expired || callback.answer.is_some() {
                return Err(Refusal::bad(spent));
            }
            callback.at
        }
        (None, Some(question)) => {
            let asked = chat.alone.get(&question);
            let theirs = asked.filter(|asked| {
                asked.person == person && asked.message.author == Author::Person(person)
            });
            let asked = theirs.ok_or_else(|| {
                Refusal::bad("message to be replied not found").because("it isn't theirs")
            })?;
            asked.said_at
        }
    };
    if world.now().duration_since(at) > WINDOW {
        return Err(Refusal::bad(
            "EPHEMERAL_MESSAGE_TOO_OLD: the message is too old",
        ));
    }
    Ok(())
}

/// The bot's own message that an edit is about, as long as it is there.
fn to_edit<'a>(world: &'a mut World, body: &Value) -> Result<&'a mut Message, Refusal> {
    let chat = open_chat(world, body)?.id;
    let person = body["receiver_user_id"].as_i64().unwrap_or_default();
    let number = body["ephemeral_message_id"].as_i64().unwrap_or_default();
    let found = world.chat_mut(chat).alone.get_mut(&number);
    let theirs = found.filter(|found| found.person == person && !found.message.deleted);
    let message = theirs.map(|found| &mut found.message);
    match message {
        None => Err(Refusal::bad("message to edit not found")),
        Some(message) if message.author != Author::Bot => {
            Err(Refusal::bad("message can't be edited").because("it isn't the bot's"))
        }
        Some(message) => Ok(message),
    }
}

pub(super) fn edit_text(world: &mut World, body: &Value) -> Answer {
    let read = formatted(world, body)?;
    let message = to_edit(world, body)?;
    let markup = keyboard::normal(body.get("reply_markup"));
    if (&message.text, &message.entities, &message.reply_markup)
        == (&read.text, &read.entities, &markup)
    {
        return Err(super::sending::not_modified());
    }
    write(message, body, read);
    message.edits += 1;
    world.accepted += 1;
    Ok(true.into())
}

pub(super) fn edit_markup(world: &mut World, body: &Value) -> Answer {
    let message = to_edit(world, body)?;
    message.reply_markup = keyboard::normal(body.get("reply_markup"));
    message.edits += 1;
    Ok(true.into())
}

pub(super) fn delete(world: &mut World, body: &Value) -> Answer {
    to_edit(world, body)?.deleted = true;
    Ok(true.into())
}

/// An ephemeral message as an update or an answer shows it.
fn shown(world: &World, state: &ChatState, number: i64) -> Value {
    let Some(ephemeral) = state.alone.get(&number) else {
        return Value::Null;
    };
    let mut value = json::message(world, state, &ephemeral.message);
    value["message_id"] = json!(0);
    value["ephemeral_message_id"] = json!(number);
    if ephemeral.message.author == Author::Bot {
        value["receiver_user"] = json::user(world.user(ephemeral.person));
    }
    value
}

impl World {
    /// The server's clock.
    pub(super) fn now(&self) -> Instant {
        crate::fakes::clock::now() + self.ahead
    }

    fn say_alone(&mut self, chat: i64, person: i64, message: Message) -> i64 {
        let said_at = self.now();
        let state = self.chat_mut(chat);
        // Numbers of their own, far from those of the others.
        let number = 29_341_000 + i64::try_from(state.alone.len()).unwrap_or_default();
        state.alone.insert(
            number,
            Ephemeral {
                person,
                message,
                said_at,
            },
        );
        state.timeline.push(Event::SaidAlone(number));
        number
    }
}

impl FakeTelegram {
    /// From now on a server of before Bot API 9.5: it ignores what it doesn't know of ephemeral messages, shows everybody what
    /// is meant for one, and refuses moments.
    pub(crate) fn is_older(&self) {
        self.with(|world| world.is_older = true);
    }

    /// Lets the server's clock go on.
    pub(crate) fn passes(&self, time: Duration) {
        self.with(|world| world.ahead += time);
    }

    /// Waits until the bot has told Telegram which commands are ephemeral, and set all its lists.
    pub(crate) async fn wait_for_menus(&self) {
        self.wait_for("the command menus", |world| {
            (world.menus.by_scope.len() == 9).then_some(())
        })
        .await;
    }
}

impl Chat {
    /// Types a command into an app that knows ephemeral ones, which sends it so that only the bot sees it; the message's
    /// number among those.
    pub(crate) fn says_alone(&self, person: &Person, text: &str) -> i64 {
        self.speaks_alone(person, text, |_| {})
    }

    /// The same in a topic.
    pub(crate) fn says_alone_in(&self, person: &Person, topic: i64, text: &str) -> i64 {
        self.speaks_alone(person, text, |message| {
            message.message_thread_id = Some(topic)
        })
    }

    /// The same, written at a moment in seconds since 1970.
    pub(crate) fn said_alone_at(&self, person: &Person, second: i64, text: &str) -> i64 {
        self.speaks_alone(person, text, |message| message.date = second)
    }

    fn speaks_alone(&self, person: &Person, text: &str, change: impl FnOnce(&mut Message)) -> i64 {
        let id = self.id();
        self.server().with(|world| {
            let state = world.chat(id);
            let manages = state.status(person.id()).is_administrator();
            let scope = if manages {
                "all_chat_administrators"
            } else {
                "all_group_chats"
            };
            let name = text.trim_start_matches('/').split([' ', '@']).next();
            let is_ephemeral = world.menus.is_ephemeral(scope, name.unwrap_or_default());
            assert!(
                is_ephemeral,
                "no app sends “{text}” as an ephemeral message"
            );
            let status = world.chat_mut(id).members.entry(person.id());
            status.or_insert(super::Status::Member);
            let mut message = Message::new(Author::Person(person.id()), text);
            change(&mut message);
            let number = world.say_alone(id, person.id(), message);
            let update = shown(world, world.chat(id), number);
            world.updates.push("message", update);
            number
        })
    }

    /// An anonymous administrator does the same.
    pub(crate) fn anonymous_says_alone(&self, text: &str) -> i64 {
        let id = self.id();
        self.server().with(|world| {
            let message = Message::new(Author::Anonymous, text);
            let number = world.say_alone(id, super::world::GROUP_ANONYMOUS_BOT, message);
            let update = shown(world, world.chat(id), number);
            world.updates.push("message", update);
            number
        })
    }

    /// Asks so that only the bot sees it, once the bot has registered such commands, and waits for what they are shown alone.
    pub(crate) async fn asks_alone(&self, person: &Person, text: &str) -> Message {
        self.server().wait_for_menus().await;
        let asked = self.says_alone(person, text);
        self.wait_for_alone(person, asked).await.1
    }

    /// Waits for the first message after another one that the bot shows one member alone; its number, too.
    pub(crate) async fn wait_for_alone(&self, person: &Person, after: i64) -> (i64, Message) {
        let what = format!(
            "an ephemeral message after {after} in the chat {}",
            self.id()
        );
        self.server()
            .wait_for(&what, |world| {
                let mut alone = world.chat(self.id()).alone.range(after + 1..);
                let theirs = alone.find(|(_, alone)| {
                    alone.person == person.id() && alone.message.author == Author::Bot
                });
                theirs.map(|(number, alone)| (*number, alone.message.clone()))
            })
            .await
    }

    /// Waits until an ephemeral message was edited so often.
    pub(crate) async fn wait_for_edit_alone(&self, number: i64, at_least: usize) -> Message {
        let what = format!("{at_least} edits of the ephemeral message {number}");
        self.server()
            .wait_for(&what, |world| {
                let alone = world.chat(self.id()).alone.get(&number)?;
                (alone.message.edits >= at_least).then(|| alone.message.clone())
            })
            .await
    }

    /// Presses a button on the newest message that the bot shows this person alone and that has one; the query's id.
    pub(crate) fn presses_alone(&self, person: &Person, label: &str) -> String {
        let id = self.id();
        self.server().with(|world| {
            let mut alone = world.chat(id).alone.iter().rev();
            let found = alone.find_map(|(number, alone)| {
                let data = alone.message.data_of(label)?;
                let is_there = alone.person == person.id() && !alone.message.deleted;
                is_there.then_some((*number, data))
            });
            let Some((number, data)) = found else {
                let all = transcript::render(world, id);
                panic!("there is no button [ {label} ] that only they see\n{all}");
            };
            let message = shown(world, world.chat(id), number);
            let callback = Callback {
                chat: id,
                message: 0,
                from: person.id(),
                label: label.to_owned(),
                data,
                expired: false,
                at: world.now(),
                answer: None,
            };
            world.pressed(callback, message)
        })
    }

    /// The app of this person is begun anew: what only they saw is gone.
    pub(crate) fn forgets_alone(&self, person: &Person) {
        self.server().with(|world| {
            for alone in world.chat_mut(self.id()).alone.values_mut() {
                if alone.person == person.id() {
                    alone.message.deleted = true;
                }
            }
        });
    }

    /// The conversation as one member sees it: what all see, and what they see alone.
    pub(crate) fn seen_by(&self, person: &Person) -> String {
        self.server()
            .shared
            .with_quietly(|world| transcript::seen_by(world, self.id(), Some(person.id())))
    }
}

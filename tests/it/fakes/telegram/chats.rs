//! Chats: who is in them, and what happens to them.

use serde_json::{Value, json};

use super::ledger::Callback;
use super::world::{Author, BOT, Event, GENERAL, Kind, Message, Rights, Status, Topic, World};
use super::{FakeTelegram, Person, json};

/// A chat, as a test moves it. Clones are the same chat.
#[derive(Debug, Clone)]
pub(crate) struct Chat {
    server: FakeTelegram,
    id: i64,
}

impl FakeTelegram {
    fn chat(&self, kind: Kind, title: &str) -> Chat {
        let id = self.with(|world| world.make_chat(kind, title, 0));
        Chat::new(self, id)
    }

    /// The chat of a number.
    pub(crate) fn chat_of(&self, id: i64) -> Chat {
        Chat::new(self, id)
    }

    /// A basic group, as yet without the bot. Ids count from -1 down.
    pub(crate) fn group(&self, title: &str) -> Chat {
        self.chat(Kind::Group, title)
    }

    /// A supergroup, as yet without the bot.
    pub(crate) fn supergroup(&self, title: &str) -> Chat {
        self.chat(Kind::Supergroup, title)
    }

    /// A supergroup with topics, as yet without the bot.
    pub(crate) fn forum(&self, title: &str) -> Chat {
        self.chat(Kind::Forum, title)
    }

    /// A broadcast channel, as yet without the bot.
    pub(crate) fn channel(&self, title: &str) -> Chat {
        self.chat(Kind::Channel, title)
    }
}

impl Chat {
    pub(super) fn new(server: &FakeTelegram, id: i64) -> Self {
        Self {
            server: server.clone(),
            id,
        }
    }

    pub(crate) fn id(&self) -> i64 {
        self.id
    }

    pub(crate) fn server(&self) -> &FakeTelegram {
        &self.server
    }

    fn put(self, user: i64, status: Status) -> Self {
        self.server
            .with(|world| world.chat_mut(self.id).members.insert(user, status));
        self
    }

    /// Makes the chat public.
    pub(crate) fn with_username(self, username: &str) -> Self {
        self.server
            .with(|world| world.chat_mut(self.id).username = Some(username.to_owned()));
        self
    }

    /// As if the bot had been here always: a member, in a channel an administrator. No update tells of it.
    pub(crate) fn with_bot(self) -> Self {
        let status = self.natural_status();
        self.put(BOT, status)
    }

    /// The bot's standing, without an update.
    pub(crate) fn with_bot_as(self, status: Status) -> Self {
        self.put(BOT, status)
    }

    /// A person's standing, without an update.
    pub(crate) fn with(self, person: &Person, status: Status) -> Self {
        self.put(person.id(), status)
    }

    pub(crate) fn with_owner(self, person: &Person) -> Self {
        self.put(
            person.id(),
            Status::Creator {
                is_anonymous: false,
            },
        )
    }

    pub(crate) fn with_administrator(self, person: &Person) -> Self {
        self.put(person.id(), Status::Administrator(Rights::default()))
    }

    pub(crate) fn with_member(self, person: &Person) -> Self {
        self.put(person.id(), Status::Member)
    }

    fn natural_status(&self) -> Status {
        match self.server.with(|world| world.chat(self.id).kind) {
            Kind::Channel => Status::Administrator(Rights::default()),
            _ => Status::Member,
        }
    }

    /// Somebody changes the bot's standing: `my_chat_member`, and a service message where it joins a group.
    pub(crate) fn set_bot(&self, by: &Person, new: Status) {
        self.set_user(by, BOT, new);
    }

    pub(crate) fn add_bot(&self, by: &Person) {
        self.set_bot(by, self.natural_status());
    }

    pub(crate) fn remove_bot(&self, by: &Person) {
        self.set_bot(by, Status::Kicked);
    }

    /// Somebody deletes all that the bot has said.
    pub(crate) fn deletes_all(&self, _by: &Person) {
        self.server().shared.with_quietly(|world| {
            let messages = world.chat_mut(self.id()).messages.values_mut();
            messages
                .filter(|m| m.author == Author::Bot)
                .for_each(|m| m.deleted = true);
        });
    }

    pub(crate) fn promote_bot(&self, by: &Person, rights: Rights) {
        self.set_bot(by, Status::Administrator(rights));
    }

    pub(crate) fn demote_bot(&self, by: &Person) {
        self.set_bot(by, Status::Member);
    }

    /// Somebody forbids the bot to write, or allows it again.
    pub(crate) fn restrict_bot(&self, by: &Person, can_send_messages: bool) {
        self.set_bot(by, Status::Restricted { can_send_messages });
    }

    /// Somebody changes a person's standing: `chat_member`, where the bot is an administrator.
    pub(crate) fn set_member(&self, by: &Person, person: &Person, new: Status) {
        self.set_user(by, person.id(), new);
    }

    pub(crate) fn promote(&self, by: &Person, person: &Person) {
        self.set_member(by, person, Status::Administrator(Rights::default()));
    }

    pub(crate) fn demote(&self, by: &Person, person: &Person) {
        self.set_member(by, person, Status::Member);
    }

    pub(crate) fn joins(&self, person: &Person) {
        self.set_member(person, person, Status::Member);
    }

    pub(crate) fn leaves(&self, person: &Person) {
        self.set_member(person, person, Status::Left);
    }

    fn set_user(&self, by: &Person, user: i64, new: Status) {
        self.server.with(|world| {
            let state = world.chat(self.id);
            let (old, kind) = (state.status(user), state.kind);
            let author = self.author_of(world, by);
            let group = matches!(kind, Kind::Group | Kind::Supergroup | Kind::Forum);
            let who = json::user(world.user(user));
            if group && user != BOT && old.is_in() && !new.is_in() {
                world.service(self.id, author, None, "left_chat_member", who.clone());
            }
            world.set_status(self.id, by.id(), user, new);
            if group && !old.is_in() && new.is_in() {
                world.service(self.id, author, None, "new_chat_members", json!([who]));
            } else if user == BOT {
                let note = format!(
                    "{} {}",
                    world.user(by.id()).first_name,
                    told(kind, old, new)
                );
                world.chat_mut(self.id).timeline.push(Event::Note(note));
            }
        });
    }

    /// Presses the button with this label on the bot's newest message that has one; the callback query's id.
    pub(crate) fn presses(&self, person: &Person, label: &str) -> String {
        let found = self.server.with(|world| {
            let messages: Vec<&Message> = world.chat(self.id).bots_messages().collect();
            let with_button = |message: &&&Message| message.data_of(label).is_some();
            messages
                .iter()
                .rev()
                .find(with_button)
                .map(|message| message.id)
        });
        match found {
            Some(message) => self.presses_on(person, message, label),
            None => panic!(
                "there is no button [ {label} ] in this chat\n{}",
                self.transcript()
            ),
        }
    }

    /// Presses a button on a certain message.
    pub(crate) fn presses_on(&self, person: &Person, message: i64, label: &str) -> String {
        match self.message(message).data_of(label) {
            Some(data) => self.press(person, message, label, &data),
            None => panic!(
                "the message has no button [ {label} ]\n{}",
                self.transcript()
            ),
        }
    }

    /// Sends any data, as a forged or outdated button would.
    pub(crate) fn presses_raw(&self, person: &Person, message: i64, data: &str) -> String {
        self.press(person, message, data, data)
    }

    fn press(&self, person: &Person, message: i64, label: &str, data: &str) -> String {
        self.server.with(|world| {
            let state = world.chat(self.id);
            let shown = state
                .messages
                .get(&message)
                .filter(|message| !message.deleted);
            let shown = match shown {
                Some(shown) => json::message(world, state, shown),
                None => {
                    json!({ "chat": json::chat(world, state), "message_id": message, "date": 0 })
                }
            };
            let callback = Callback {
                chat: self.id,
                message,
                from: person.id(),
                label: label.to_owned(),
                data: data.to_owned(),
                expired: false,
                at: world.now(),
                answer: None,
            };
            world.pressed(callback, shown)
        })
    }

    /// The basic group becomes a supergroup, and both chats are told; the new chat.
    pub(crate) fn upgrade(&self, by: &Person) -> Chat {
        let new = self.upgrade_quietly();
        self.server.with(|world| {
            let author = self.author_of(world, by);
            world.service(self.id, author, None, "migrate_to_chat_id", json!(new.id));
            world.service(new.id, author, None, "migrate_from_chat_id", json!(self.id));
        });
        new
    }

    /// The same without service messages: only the next error tells the bot.
    pub(crate) fn upgrade_quietly(&self) -> Chat {
        let id = self.server.with(|world| {
            let old = world.chat(self.id);
            assert_eq!(
                old.kind,
                Kind::Group,
                "only a basic group becomes a supergroup"
            );
            let (title, members) = (old.title.clone(), old.members.clone());
            let id = world.make_chat(Kind::Supergroup, &title, 0);
            world.chat_mut(id).members = members;
            world.chat_mut(self.id).migrated_to = Some(id);
            id
        });
        Chat::new(&self.server, id)
    }

    /// Somebody opens a topic; its message_thread_id.
    pub(crate) fn topic(&self, by: &Person, name: &str) -> i64 {
        self.server.with(|world| {
            assert_eq!(
                world.chat(self.id).kind,
                Kind::Forum,
                "only forums have topics"
            );
            let state = world.chat_mut(self.id);
            let thread = state.next_message;
            state.topics.insert(thread, Topic::new(name));
            let author = self.author_of(world, by);
            let content = json!({ "name": name, "icon_color": 7_322_096 });
            world.service(
                self.id,
                author,
                Some(thread),
                "forum_topic_created",
                content,
            )
        })
    }

    fn topic_event(
        &self,
        by: &Person,
        thread: i64,
        change: impl FnOnce(&mut Topic),
        field: Option<&str>,
    ) {
        self.server.with(|world| {
            let Some(topic) = world.chat_mut(self.id).topics.get_mut(&thread) else {
                panic!("there is no topic {thread} in this chat");
            };
            change(topic);
            if let Some(field) = field {
                let author: Author = self.author_of(world, by);
                let shown = Some(thread).filter(|thread| *thread != GENERAL);
                world.service(self.id, author, shown, field, json!({}));
            }
        });
    }

    /// The General topic has the id 1; a message to it names no topic.
    pub(crate) fn closes_topic(&self, by: &Person, thread: i64) {
        self.topic_event(
            by,
            thread,
            |topic| topic.closed = true,
            Some("forum_topic_closed"),
        );
    }

    pub(crate) fn reopens_topic(&self, by: &Person, thread: i64) {
        self.topic_event(
            by,
            thread,
            |topic| topic.closed = false,
            Some("forum_topic_reopened"),
        );
    }

    /// Nothing tells the bot of a deleted topic.
    pub(crate) fn deletes_topic(&self, by: &Person, thread: i64) {
        self.topic_event(by, thread, |topic| topic.deleted = true, None);
    }
}

impl World {
    /// Tells the bot of a press of a button under a message; the callback query's id.
    pub(super) fn pressed(&mut self, callback: Callback, message: Value) -> String {
        let id = (4_400_000_000_000_000_001 + self.callbacks.len()).to_string();
        let query = json!({
            "id": id,
            "from": json::user(self.user(callback.from)),
            "message": message,
            "chat_instance": callback.chat.wrapping_mul(31).to_string(),
            "data": callback.data,
        });
        let timeline = &mut self.chat_mut(callback.chat).timeline;
        timeline.push(Event::Pressed(id.clone()));
        self.callbacks.insert(id.clone(), callback);
        self.updates.push("callback_query", query);
        id
    }
}

/// What somebody did to the bot, for the transcript.
fn told(kind: Kind, old: Status, new: Status) -> &'static str {
    match new {
        Status::Kicked if kind == Kind::Private => "blocks the bot",
        _ if kind == Kind::Private => "unblocks the bot",
        Status::Kicked | Status::Left => "removes the bot",
        Status::Creator { .. } | Status::Administrator(_) => "makes the bot an administrator",
        Status::Restricted {
            can_send_messages: false,
        } => "forbids the bot to write",
        Status::Restricted { .. } => "allows the bot to write",
        Status::Member if old.is_in() => "makes the bot an ordinary member",
        Status::Member => "adds the bot",
    }
}

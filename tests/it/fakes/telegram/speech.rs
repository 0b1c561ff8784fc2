//! Something a person says, before it is said.

use serde_json::{Map, Value, json};

use super::detect::detect;
use super::world::{Author, BOT, GROUP_ANONYMOUS_BOT, Kind, Message, Status, World};
use super::{Chat, Person};

/// Who says what, where in a chat, in answer to what. Handed to [`Chat::speak`].
#[derive(Debug, Clone)]
pub(crate) struct Speech {
    author: Author,
    text: String,
    topic: Option<i64>,
    reply_to: Option<i64>,
    written_at: Option<i64>,
    extra: Map<String, Value>,
}

impl Speech {
    fn new(author: Author) -> Self {
        Self {
            author,
            text: String::new(),
            topic: None,
            reply_to: None,
            written_at: None,
            extra: Map::new(),
        }
    }

    pub(crate) fn by(person: &Person) -> Self {
        Self::new(Author::Person(person.id()))
    }

    /// An administrator who speaks as the group.
    pub(crate) fn anonymous() -> Self {
        Self::new(Author::Anonymous)
    }

    /// A user who speaks in a group as a channel of theirs.
    pub(crate) fn as_channel(channel: &Chat) -> Self {
        Self::new(Author::AsChannel(channel.id()))
    }

    /// A post in a channel.
    pub(crate) fn by_the_channel() -> Self {
        Self::new(Author::Channel)
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    pub(crate) fn in_topic(mut self, thread: i64) -> Self {
        self.topic = Some(thread);
        self
    }

    pub(crate) fn reply_to(mut self, message: i64) -> Self {
        self.reply_to = Some(message);
        self
    }

    /// Written at this moment, in seconds since 1970, and not just now.
    pub(crate) fn written_at(mut self, second: i64) -> Self {
        self.written_at = Some(second);
        self
    }

    /// Passed on: somebody else wrote it.
    pub(crate) fn forwarded(self) -> Self {
        let origin =
            json!({ "type": "hidden_user", "date": 1_790_000_000, "sender_user_name": "Dae" });
        self.field("forward_origin", origin)
    }

    /// A channel's post that its discussion group repeats by itself.
    pub(crate) fn forwarded_automatically(self) -> Self {
        self.forwarded().field("is_automatic_forward", json!(true))
    }

    /// Made by another bot, for whoever chose it from that bot's list.
    pub(crate) fn via_bot(self) -> Self {
        let bot = json!({ "id": 700_077, "is_bot": true, "first_name": "Inline", "username": "InlineBot" });
        self.field("via_bot", bot)
    }

    /// A field of the message as the Bot API has it.
    pub(crate) fn field(mut self, name: &str, content: Value) -> Self {
        self.extra.insert(name.to_owned(), content);
        self
    }

    pub(crate) fn sticker(self) -> Self {
        let sticker = json!({
            "file_id": "CAACAgIAAxkBAAEfake", "file_unique_id": "AgADfake", "type": "regular",
            "width": 512, "height": 512, "is_animated": false, "is_video": false,
            "emoji": "👍", "set_name": "Fake", "file_size": 1024,
        });
        self.field("sticker", sticker)
    }

    /// A photo; the text becomes its caption.
    pub(crate) fn photo(self) -> Self {
        let size = json!({
            "file_id": "AgACAgIAAxkBAAEfake", "file_unique_id": "AQADfake",
            "width": 90, "height": 60, "file_size": 1024,
        });
        self.field("photo", json!([size]))
    }

    fn into_message(self) -> Message {
        let mut message = Message::new(self.author, &self.text);
        message.detected = detect(&message.text, &[]);
        message.message_thread_id = self.topic;
        message.reply_to = self.reply_to;
        message.extra = self.extra;
        message.date = self.written_at.unwrap_or(message.date);
        message
    }
}

/// Makes sure that the speaker may speak where they speak.
fn arrive(world: &mut World, chat: i64, author: Author) {
    let state = world.chat_mut(chat);
    match (author, state.kind) {
        (Author::Person(id), Kind::Private) => {
            assert_eq!(id, chat, "only the person speaks in a private chat");
            assert_ne!(
                state.bot(),
                Status::Kicked,
                "who has blocked the bot must unblock it to speak"
            );
            state.members.insert(BOT, Status::Member);
        }
        (Author::Person(_), Kind::Channel) => panic!("in a channel only the channel speaks"),
        (Author::Person(id), _) => {
            let status = state.members.entry(id).or_insert(Status::Member);
            assert!(status.is_in(), "who has left a group can't speak there");
        }
        (Author::Anonymous, Kind::Supergroup | Kind::Forum) => {}
        (Author::Anonymous, _) => panic!("only supergroups have anonymous administrators"),
        (Author::AsChannel(_), Kind::Supergroup | Kind::Forum) => {}
        (Author::AsChannel(_), _) => panic!("only in supergroups a user speaks as a channel"),
        (Author::Channel, kind) => {
            assert_eq!(kind, Kind::Channel, "only a channel speaks as itself")
        }
        (Author::Bot, _) => panic!("the bot speaks for itself"),
    }
}

impl Chat {
    /// Says something; the message's id.
    pub(crate) fn speak(&self, speech: Speech) -> i64 {
        let id = self.id();
        self.server().with(|world| {
            arrive(world, id, speech.author);
            world.post(id, speech.into_message())
        })
    }

    pub(crate) fn says(&self, person: &Person, text: &str) -> i64 {
        self.speak(Speech::by(person).text(text))
    }

    pub(crate) fn says_in_topic(&self, person: &Person, thread: i64, text: &str) -> i64 {
        self.speak(Speech::by(person).text(text).in_topic(thread))
    }

    pub(crate) fn anonymous_says(&self, text: &str) -> i64 {
        self.speak(Speech::anonymous().text(text))
    }

    /// A post of the channel itself.
    pub(crate) fn posts(&self, text: &str) -> i64 {
        self.speak(Speech::by_the_channel().text(text))
    }

    /// Says something and waits for the bot's next message here.
    pub(crate) async fn asks(&self, person: &Person, text: &str) -> Message {
        let said = self.says(person, text);
        self.wait_for_reply(said).await
    }

    /// Somebody rewrites what they said.
    pub(crate) fn rewrites(&self, message: i64, text: &str) {
        let id = self.id();
        self.server().with(|world| {
            let state = world.chat_mut(id);
            let Some(old) = state.messages.get_mut(&message) else {
                panic!("there is no message {message} to rewrite");
            };
            assert_ne!(old.author, Author::Bot, "people rewrite what people said");
            text.clone_into(&mut old.raw);
            text.clone_into(&mut old.text);
            old.detected = detect(text, &[]);
            old.edits += 1;
            world.announce(id, message, true);
        });
    }

    /// A service message of any kind; from nobody in particular in a channel.
    pub(crate) fn service(&self, by: &Person, field: &str, content: Value) -> i64 {
        let id = self.id();
        self.server().with(|world| {
            let author = self.author_of(world, by);
            world.service(id, author, None, field, content)
        })
    }

    /// An anonymous administrator's events come from the group.
    pub(super) fn author_of(&self, world: &World, by: &Person) -> Author {
        let state = world.chat(self.id());
        let anonymous = match state.status(by.id()) {
            Status::Creator { is_anonymous } => is_anonymous,
            Status::Administrator(rights) => rights.is_anonymous,
            _ => by.id() == GROUP_ANONYMOUS_BOT,
        };
        match state.kind {
            Kind::Channel => Author::Channel,
            Kind::Supergroup | Kind::Forum if anonymous => Author::Anonymous,
            _ => Author::Person(by.id()),
        }
    }
}

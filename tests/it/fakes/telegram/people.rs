//! People, and what they do in their private chat with the bot.

use super::world::{BOT, Kind, Message, Status, User};
use super::{Chat, FakeTelegram, Speech};

/// A person, as a test moves them. Clones are the same person.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    server: FakeTelegram,
    id: i64,
}

impl FakeTelegram {
    /// A new person who has never met the bot. Ids count from 1001.
    pub(crate) fn person(&self, first_name: &str) -> Person {
        let id = self.with(|world| {
            let next = world
                .people
                .keys()
                .filter(|id| (1_001..100_000).contains(*id))
                .max();
            let id = next.map_or(1_001, |id| id + 1);
            let user = User {
                id,
                first_name: first_name.to_owned(),
                language_code: Some("en".to_owned()),
                ..User::default()
            };
            world.people.insert(id, user);
            world.make_chat(Kind::Private, first_name, id);
            id
        });
        Person {
            server: self.clone(),
            id,
        }
    }
}

impl Person {
    pub(crate) fn id(&self) -> i64 {
        self.id
    }

    fn change(&self, change: impl FnOnce(&mut User)) {
        self.server.with(|world| {
            if let Some(user) = world.people.get_mut(&self.id) {
                change(user);
            }
        });
    }

    pub(crate) fn with_username(self, username: &str) -> Self {
        self.change(|user| user.username = Some(username.to_owned()));
        self
    }

    /// The language of the person's app; none is sent for "".
    pub(crate) fn speaking(self, language: &str) -> Self {
        self.change(|user| {
            user.language_code = Some(language.to_owned()).filter(|code| !code.is_empty())
        });
        self
    }

    /// As if they had started the bot long ago: it may write to them.
    pub(crate) fn known(self) -> Self {
        self.server
            .with(|world| world.chat_mut(self.id).members.insert(BOT, Status::Member));
        self
    }

    /// The private chat with the bot.
    pub(crate) fn chat(&self) -> Chat {
        Chat::new(&self.server, self.id)
    }

    /// Presses the Start button.
    pub(crate) fn starts(&self) -> i64 {
        self.says("/start")
    }

    /// Says something to the bot in private.
    pub(crate) fn says(&self, text: &str) -> i64 {
        self.chat().says(self, text)
    }

    /// Says something in private and waits for the bot's next message there.
    pub(crate) async fn asks(&self, text: &str) -> Message {
        self.chat().asks(self, text).await
    }

    /// Answers a message of the bot's, as its app invites to.
    pub(crate) fn answers(&self, message: i64, text: &str) -> i64 {
        let speech = Speech::by(self).text(text).reply_to(message);
        self.chat().speak(speech)
    }

    /// Opens a link that begins a chat with the bot, presses Start there, and waits for the bot's next message.
    pub(crate) async fn follows(&self, link: &str) -> Message {
        let (_, word) = link.split_once("?start=").expect("a link that says a word");
        self.asks(&format!("/start {word}")).await
    }

    /// Presses a button in the private chat; the callback query's id.
    pub(crate) fn presses(&self, label: &str) -> String {
        self.chat().presses(self, label)
    }

    pub(crate) fn blocks(&self) {
        self.chat().set_bot(self, Status::Kicked);
    }

    pub(crate) fn unblocks(&self) {
        self.chat().set_bot(self, Status::Member);
    }

    /// Deletes their account.
    pub(crate) fn deactivates(&self) {
        self.change(|user| user.deactivated = true);
    }
}

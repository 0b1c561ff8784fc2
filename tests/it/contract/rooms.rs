//! A room on each platform: a place with the bot, somebody who may change what is followed there, and somebody who
//! may not.

use std::time::Duration;

use serde_json::Value;
use tidings::chat::commands;
use tidings::chat::commands::ArgumentKind;

use crate::fakes::discord::{self, FakeDiscord};
use crate::fakes::telegram::{self, Chat, FakeTelegram};
use crate::stage::{Fake, Stage};

/// What the next post meets.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trouble {
    /// Too many requests.
    Busy,
    /// A fault of the server.
    Broken,
    /// A connection that is reset before anything is done.
    Reset,
    /// Carried out, and never answered.
    AnswerLost,
    /// Carried out, and answered much later.
    Slow,
}

/// A platform that has rooms.
pub(crate) trait Rooms: Fake {
    type Room: Room<Server = Self>;

    async fn room(stage: &Stage<Self>) -> Self::Room;
}

/// A room.
pub(crate) trait Room {
    type Server: Fake;

    /// How often a post may be repeated because an answer was lost (design.md, promise 3).
    const REPEATS: usize;

    /// The address of its channel.
    fn address(&self) -> String;

    /// What a manager is answered, without markup.
    async fn manager(&self, line: &str) -> String;

    /// The same for a reader.
    async fn reader(&self, line: &str) -> String;

    /// What was posted by itself, without markup; oldest first.
    fn posts(&self) -> Vec<String>;

    /// All that was said in it, without markup.
    fn said(&self) -> String;

    /// The bot's messages one by one, also those that don't look like posts, where messages are edited.
    fn told(&self) -> Vec<String> {
        Vec::new()
    }

    /// How many messages of the bot all can see.
    fn messages(&self) -> usize;

    /// Who was pinged by posts.
    fn pinged(&self) -> Vec<String>;

    fn next_post_meets(&self, trouble: Trouble);

    /// What the next edit of a post meets; only where messages are edited, as what follows.
    fn next_edit_meets(&self, _trouble: Trouble) {}

    /// How often posts were edited.
    fn edits(&self) -> usize {
        0
    }

    /// Texts that are struck out.
    fn struck(&self) -> Vec<String> {
        Vec::new()
    }

    /// Somebody deletes all posts.
    fn delete_posts(&self) {}

    /// From now on the platform refuses messages that hold some words, for what they say.
    fn refuses_texts_with(&self, words: &str);

    /// The next posts are refused with words, or a code, that nobody has heard of.
    fn refuses_strangely(&self, times: usize);

    /// From now on the platform refuses the bot itself, though not its token.
    fn refuses_the_bot(&self);

    fn throw_out(&self);

    fn take_back(&self);
}

pub(crate) fn is_post(text: &str) -> bool {
    let first = text
        .trim_start_matches("<@&")
        .lines()
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    // What comes instantly begins with its section.
    let sections = [
        "US–North Korea relations",
        "Inter-Korean relations",
        "Japan",
    ];
    let is_section = sections.contains(&first.trim_matches(['*', '┃', ' ']));
    is_section
        || ["Roundup ·", "Catch-up ·"]
            .iter()
            .any(|title| first.contains(title))
}

/// A supergroup.
pub(crate) struct Group {
    chat: Chat,
    ana: telegram::Person,
    ben: telegram::Person,
}

impl Rooms for FakeTelegram {
    type Room = Group;

    async fn room(stage: &Stage<Self>) -> Group {
        let (ana, ben) = (stage.server.person("Ana"), stage.server.person("Ben"));
        let chat = stage.server.supergroup("Korea watchers");
        let chat = chat.with_owner(&ana).with_member(&ben).with_bot();
        Group { chat, ana, ben }
    }
}

impl Group {
    fn meets(&self, method: &'static str, trouble: Trouble) {
        let fault = telegram::Fault::on(method).in_chat(self.chat.id());
        let fault = match trouble {
            Trouble::Busy => fault.too_many_requests(1),
            Trouble::Broken => fault.answer(500, "Internal Server Error"),
            Trouble::Reset => fault.reset(),
            Trouble::AnswerLost => fault.answer_lost(),
            Trouble::Slow => fault.slow_answer(Duration::from_secs(10)),
        };
        self.chat.server().inject(fault);
    }
}

impl Room for Group {
    type Server = FakeTelegram;

    const REPEATS: usize = 1;

    fn address(&self) -> String {
        self.chat.id().to_string()
    }

    async fn manager(&self, line: &str) -> String {
        self.chat.asks(&self.ana, line).await.text
    }

    async fn reader(&self, line: &str) -> String {
        self.chat.asks(&self.ben, line).await.text
    }

    fn posts(&self) -> Vec<String> {
        let messages = self.chat.messages().into_iter();
        messages
            .map(|message| message.text)
            .filter(|text| is_post(text))
            .collect()
    }

    fn said(&self) -> String {
        let messages = self.chat.messages().into_iter();
        messages.map(|message| message.text + "\n").collect()
    }

    fn told(&self) -> Vec<String> {
        self.chat.texts()
    }

    fn messages(&self) -> usize {
        self.chat.sent()
    }

    fn pinged(&self) -> Vec<String> {
        let entities = self.chat.messages().into_iter().flat_map(|message| {
            let kinds = message
                .entities
                .iter()
                .map(|entity| format!("{entity:?}"))
                .collect::<Vec<_>>();
            kinds
                .into_iter()
                .filter(|kind| kind.to_lowercase().contains("mention"))
                .collect::<Vec<_>>()
        });
        entities.collect()
    }

    fn next_post_meets(&self, trouble: Trouble) {
        self.meets("sendMessage", trouble);
    }

    fn next_edit_meets(&self, trouble: Trouble) {
        self.meets("editMessageText", trouble);
    }

    fn edits(&self) -> usize {
        let messages = self.chat.messages().into_iter();
        messages.map(|message| message.edits).sum()
    }

    fn struck(&self) -> Vec<String> {
        let messages = self.chat.messages().into_iter();
        let struck = messages.flat_map(|message| {
            let text = message.text.clone();
            let entities = message.entities.into_iter();
            entities.filter_map(move |entity| {
                let is_struck = entity.kind == "strikethrough";
                is_struck.then(|| entity.of(&text))
            })
        });
        struck.collect()
    }

    fn delete_posts(&self) {
        self.chat.deletes_all(&self.ana);
    }

    fn refuses_texts_with(&self, words: &str) {
        let fault = telegram::Fault::on("sendMessage").holding(words).always();
        let fault = fault.answer(400, "Bad Request: MESSAGE_TOO_LONG");
        self.chat.server().inject(fault);
    }

    fn refuses_strangely(&self, times: usize) {
        let fault = telegram::Fault::on("sendMessage").in_chat(self.chat.id());
        let fault = fault.answer(400, "Bad Request: THE_MOON_IS_FULL");
        self.chat.server().inject(fault.times(times));
    }

    fn refuses_the_bot(&self) {
        let fault = telegram::Fault::on("sendMessage").always();
        let fault = fault.answer(400, "Bad Request: FROZEN_METHOD_INVALID");
        self.chat.server().inject(fault);
    }

    fn throw_out(&self) {
        self.chat.remove_bot(&self.ana);
    }

    fn take_back(&self) {
        self.chat.add_bot(&self.ana);
    }
}

/// A text channel of a server.
pub(crate) struct Text {
    server: FakeDiscord,
    guild: u64,
    channel: u64,
    ana: discord::Person,
    ben: discord::Person,
}

impl Rooms for FakeDiscord {
    type Room = Text;

    async fn room(stage: &Stage<Self>) -> Text {
        let server = stage.server.clone();
        let guild = server.guild("Korea watchers");
        Text {
            guild,
            channel: server.text(guild, "news"),
            ana: server.manager("Ana"),
            ben: server.reader("Ben"),
            server,
        }
    }
}

/// A line of chat with its arguments named, as Discord has them.
pub(super) fn named(line: &str) -> String {
    let (name, rest) = line
        .trim_start_matches('/')
        .split_once(' ')
        .unwrap_or((&line[1..], ""));
    let spec = commands::find(name).expect("a command");
    let mut named = format!("/{name}");
    let mut rest = rest.trim();
    for (at, argument) in spec.arguments.iter().enumerate() {
        if rest.is_empty() {
            break;
        }
        let is_last = at + 1 == spec.arguments.len()
            || matches!(argument.kind, ArgumentKind::When | ArgumentKind::Text);
        let (value, left) = match rest.split_once(' ') {
            Some((value, left)) if !is_last => (value, left),
            _ => (rest, ""),
        };
        named.push_str(&format!(" {}:{value}", argument.name));
        rest = left;
    }
    named
}

/// Text as it is read: without Markdown's marks and escapes.
pub(super) fn plain(message: &discord::Message) -> String {
    let body = &message.body;
    let mut parts = vec![body["content"].as_str().unwrap_or_default().to_owned()];
    for embed in body["embeds"].as_array().into_iter().flatten() {
        let texts = [
            &embed["title"],
            &embed["description"],
            &embed["footer"]["text"],
        ];
        parts.extend(
            texts
                .into_iter()
                .filter_map(Value::as_str)
                .map(str::to_owned),
        );
    }
    let text = parts.join("\n").replace("-# ", "");
    discord::markdown::as_read(&discord::markdown::read(&text).text)
}

impl Text {
    fn meets(&self, route: &'static str, trouble: Trouble) {
        let fault = discord::Fault::on(route).about(self.channel);
        let fault = match trouble {
            Trouble::Busy => fault.too_many_requests(discord::Scope::User, 0.3),
            Trouble::Broken => fault.answer(500, 0, "500: Internal Server Error"),
            Trouble::Reset => fault.reset(),
            Trouble::AnswerLost => fault.answer_lost(),
            Trouble::Slow => fault.slow(Duration::from_secs(10)),
        };
        self.server.inject(fault);
    }

    async fn answer(&self, person: &discord::Person, line: &str) -> String {
        let message = person.gives(self.channel, &named(line)).message().await;
        plain(&message)
    }
}

impl Room for Text {
    type Server = FakeDiscord;

    const REPEATS: usize = 0;

    fn address(&self) -> String {
        self.channel.to_string()
    }

    async fn manager(&self, line: &str) -> String {
        self.answer(&self.ana, line).await
    }

    async fn reader(&self, line: &str) -> String {
        self.answer(&self.ben, line).await
    }

    fn posts(&self) -> Vec<String> {
        let messages = self.server.messages(self.channel);
        messages
            .iter()
            .map(plain)
            .filter(|text| is_post(text))
            .collect()
    }

    fn said(&self) -> String {
        let messages = self.server.messages(self.channel);
        messages
            .iter()
            .map(|message| plain(message) + "\n")
            .collect()
    }

    fn told(&self) -> Vec<String> {
        self.server
            .messages(self.channel)
            .iter()
            .map(plain)
            .collect()
    }

    fn messages(&self) -> usize {
        self.server.messages(self.channel).len()
    }

    fn pinged(&self) -> Vec<String> {
        let messages = self.server.messages(self.channel).into_iter();
        let allowed = messages.map(|message| message.body["allowed_mentions"].clone());
        let pings = allowed.filter(|allowed| {
            allowed["parse"] != serde_json::json!([])
                || allowed["roles"]
                    .as_array()
                    .is_some_and(|roles| !roles.is_empty())
        });
        pings.map(|pings| pings.to_string()).collect()
    }

    fn next_post_meets(&self, trouble: Trouble) {
        self.meets("POST channels/*/messages", trouble);
    }

    fn next_edit_meets(&self, trouble: Trouble) {
        self.meets("PATCH channels/*/messages/*", trouble);
    }

    fn edits(&self) -> usize {
        let messages = self.server.messages(self.channel).into_iter();
        messages.map(|message| message.edits).sum()
    }

    fn struck(&self) -> Vec<String> {
        let messages = self.server.messages(self.channel);
        let bodies: String = messages
            .iter()
            .map(|message| message.body.to_string())
            .collect();
        let struck = bodies.split("~~").skip(1).step_by(2);
        struck.map(str::to_owned).collect()
    }

    fn delete_posts(&self) {
        self.server.delete_messages(self.channel);
    }

    fn refuses_texts_with(&self, words: &str) {
        let fault = discord::Fault::on("POST channels/*/messages").holding(words);
        let fault = fault.answer(400, 200_000, "Message was blocked by automatic moderation");
        self.server.inject(fault.always());
    }

    fn refuses_strangely(&self, times: usize) {
        let fault = discord::Fault::on("POST channels/*/messages").about(self.channel);
        let fault = fault.answer(400, 987_654, "The moon is full");
        self.server.inject(fault.times(times));
    }

    fn refuses_the_bot(&self) {
        let fault = discord::Fault::on("POST channels/*/messages").always();
        let fault = fault.answer(403, 40_002, "You need to verify your account");
        self.server.inject(fault);
    }

    fn throw_out(&self) {
        self.server.kick(self.guild);
    }

    fn take_back(&self) {
        self.server.add_again(self.guild);
    }
}

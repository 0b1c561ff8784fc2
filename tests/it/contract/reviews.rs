//! Editors look first at what a source with `hold` brings.

use std::sync::Arc;

use jiff::SignedDuration;
use tidings::editing::sections;
use tidings_core::ids::ChannelKey;
use tidings_core::platform::ChatPlatform;
use tidings_store::OPERATOR;

use super::rooms::{Room, Rooms, plain};
use super::{comes, copies, settled};
use crate::fakes::discord::{self, FakeDiscord};
use crate::fakes::telegram::{self, FakeTelegram};
use crate::harness::{CONFIG, row};
use crate::stage::{Fake, Stage};

/// A platform whose editors have private chats.
pub(super) trait Desks: Rooms {
    type Editor: Editor;

    fn editor(&self, name: &str) -> Self::Editor;
}

/// An editor in their private chat.
pub(crate) trait Editor {
    /// As the configuration names them.
    fn key(&self) -> String;

    /// The bot's messages as they are now, without markup.
    fn sees(&self) -> Vec<String>;

    /// Presses a button under the newest message that has it; what is answered comes as one more message.
    async fn presses(&self, label: &str);

    /// Chooses what is offered by a name: a button, or an option of a menu.
    async fn chooses(&self, label: &str);

    /// Reads an item; what is answered, without markup.
    async fn reads(&self, item: i64) -> String;

    /// Presses a button that asks for something, and writes it: what each field says, where the platform has fields.
    async fn writes(&self, label: &str, fields: &[(&str, &str)]);

    /// Deletes all that the bot has said to them.
    fn deletes(&self);

    /// Whether some message has a button.
    fn is_offered(&self, label: &str) -> bool;

    /// The private chat with the bot, as `tidings status` writes it.
    fn private_chat(&self) -> String;

    /// Asks how things stand.
    async fn asks_status(&self);

    /// Says in which language and zone they want to be spoken to.
    async fn prefers(&self, locale: &str, zone: &str);

    /// The newest address in what was said that begins like this, as soon as there is one; no preview of it is shown.
    async fn link(&self, begins: &str) -> String;
}

/// Looks until something is there.
async fn soon<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    for _ in 0..1_000 {
        if let Some(seen) = look() {
            return seen;
        }
        crate::fakes::clock::pause(std::time::Duration::from_millis(10)).await;
    }
    panic!("{what} doesn't come");
}

impl Desks for FakeTelegram {
    type Editor = telegram::Person;

    fn editor(&self, name: &str) -> telegram::Person {
        let person = self.person(name);
        person.starts();
        person
    }
}

impl Editor for telegram::Person {
    fn key(&self) -> String {
        format!("telegram:{}", self.id())
    }

    fn sees(&self) -> Vec<String> {
        self.chat().texts()
    }

    async fn presses(&self, label: &str) {
        let before = self.sees().len();
        telegram::Person::presses(self, label);
        soon("an answer", || (self.sees().len() > before).then_some(())).await;
    }

    async fn chooses(&self, label: &str) {
        soon(label, || self.is_offered(label).then_some(())).await;
        Editor::presses(self, label).await;
    }

    async fn reads(&self, item: i64) -> String {
        let said = self.says(&format!("/read {item}"));
        let look = || {
            let mut answers = self.chat().messages().into_iter();
            // What a greeting says may come later than it was asked for.
            answers.find(|message| message.id > said && !message.text.starts_with("Hello!"))
        };
        soon("an answer", look).await.text
    }

    async fn writes(&self, label: &str, fields: &[(&str, &str)]) {
        let questions = || {
            let messages = self.chat().messages().into_iter();
            messages.filter(|message| message.asks.is_some())
        };
        let asked = questions().count();
        telegram::Person::presses(self, label);
        let question = soon("a question", || questions().nth(asked)).await;
        let words = fields.iter().map(|(_, value)| *value);
        let said = self.answers(question.id, &words.collect::<Vec<_>>().join("\n\n"));
        let look = || {
            let mut answers = self.chat().messages().into_iter();
            answers.find(|message| message.id > said)
        };
        soon("an answer", look).await;
    }

    fn deletes(&self) {
        self.chat().deletes_all(self);
    }

    fn is_offered(&self, label: &str) -> bool {
        let messages = self.chat().messages();
        messages
            .iter()
            .any(|message| message.data_of(label).is_some())
    }

    fn private_chat(&self) -> String {
        self.key()
    }

    async fn asks_status(&self) {
        let said = self.says("/status");
        let look = || {
            let mut answers = self.chat().messages().into_iter();
            // What a greeting says may come later than it was asked for.
            answers.find(|message| message.id > said && !message.text.starts_with("Hello!"))
        };
        soon("an answer", look).await;
    }

    async fn prefers(&self, locale: &str, zone: &str) {
        for said in [
            format!("/settings locale {locale}"),
            format!("/timezone {zone}"),
        ] {
            let before = self.sees().len();
            self.says(&said);
            soon("an answer", || (self.sees().len() > before).then_some(())).await;
        }
    }

    async fn link(&self, begins: &str) -> String {
        let look = || {
            let mut messages = self.chat().messages().into_iter().rev();
            messages.find_map(|message| {
                let link = newest_link(&message.text, begins)?;
                Some((link, message.link_preview_options))
            })
        };
        let (link, preview) = soon("a link", look).await;
        assert_eq!(preview.unwrap()["is_disabled"], true);
        link
    }
}

impl Desks for FakeDiscord {
    type Editor = discord::Person;

    fn editor(&self, name: &str) -> discord::Person {
        self.reader(name)
    }
}

impl Editor for discord::Person {
    fn key(&self) -> String {
        format!("discord:{}", self.id)
    }

    fn sees(&self) -> Vec<String> {
        self.server()
            .messages(self.dm())
            .iter()
            .map(plain)
            .collect()
    }

    async fn presses(&self, label: &str) {
        let messages = self.server().messages(self.dm());
        let with_it = messages.iter().rev().find(|message| message.offers(label));
        let message = with_it.unwrap_or_else(|| panic!("no button {label}: {:?}", self.sees()));
        let pressed = discord::Person::presses(self, self.dm(), message, label);
        pressed.answer().await;
    }

    async fn chooses(&self, label: &str) {
        let messages = self.server().messages(self.dm());
        let with_it = messages
            .iter()
            .rev()
            .find(|message| message.body.to_string().contains(label));
        let message = with_it.unwrap_or_else(|| panic!("no choice {label}: {:?}", self.sees()));
        discord::Person::chooses(self, self.dm(), message, label)
            .answer()
            .await;
    }

    async fn reads(&self, item: i64) -> String {
        self.asks(self.dm(), &format!("/read number:{item}")).await
    }

    async fn writes(&self, label: &str, fields: &[(&str, &str)]) {
        let messages = self.server().messages(self.dm());
        let with_it = messages.iter().rev().find(|message| message.offers(label));
        let message = with_it.unwrap_or_else(|| panic!("no button {label}: {:?}", self.sees()));
        let pressed = discord::Person::presses(self, self.dm(), message, label);
        let form = pressed.form().await;
        self.fills(self.dm(), &form, fields).answer().await;
    }

    fn deletes(&self) {
        self.server().delete_messages(self.dm());
    }

    fn is_offered(&self, label: &str) -> bool {
        let messages = self.server().messages(self.dm());
        messages.iter().any(|message| message.offers(label))
    }

    fn private_chat(&self) -> String {
        format!("discord:{}", self.dm())
    }

    async fn asks_status(&self) {
        self.asks(self.dm(), "/status").await;
    }

    async fn prefers(&self, locale: &str, zone: &str) {
        let set = format!("/settings name:locale value:{locale}");
        self.asks(self.dm(), &set).await;
        self.asks(self.dm(), &format!("/timezone zone:{zone}"))
            .await;
    }

    async fn link(&self, begins: &str) -> String {
        let look = || {
            let messages = self.sees();
            messages
                .iter()
                .rev()
                .find_map(|text| newest_link(text, begins))
        };
        soon("a link", look).await
    }
}

fn newest_link(text: &str, begins: &str) -> Option<String> {
    let at = text.find(begins)?;
    let link = text[at..]
        .split(|c: char| c.is_whitespace() || c == '>')
        .next()?;
    Some(link.to_owned())
}

/// A room, and two editors.
pub(super) struct Played<S: Desks> {
    pub(super) stage: Stage<S>,
    pub(super) room: S::Room,
    pub(super) eve: S::Editor,
    pub(super) fay: S::Editor,
}

/// A room that follows Japan instantly, and two editors of a source that is held for half an hour.
async fn held<S: Desks>() -> Played<S> {
    begun_with_editors("hold = \"30m\"\n").await
}

/// A room that follows Japan instantly, and two editors of a source; `hold` is said of the source.
pub(super) async fn begun_with_editors<S: Desks>(hold: &str) -> Played<S> {
    let mut stage = Stage::<S>::empty(CONFIG);
    let (eve, fay) = (stage.server.editor("Eve"), stage.server.editor("Fay"));
    let editors = format!("editors = [\"{}\", \"{}\"]", eve.key(), fay.key());
    stage.configure(&format!("{CONFIG}{hold}[operator]\n{editors}\n{}", S::FAST));
    stage.archive();
    stage.start().await;
    let room = S::room(&stage).await;
    let answer = room.manager("/subscribe japan instant").await;
    assert!(answer.contains("now follows"), "{answer}");
    Played {
        stage,
        room,
        eve,
        fay,
    }
}

const NEWS: &str = "# Japan\nSquid counted again | Text of it.\nWhales counted too | More text.";

impl<S: Desks> Played<S> {
    /// Waits until an editor sees some words in a message.
    async fn sees(&self, editor: &S::Editor, words: &str) {
        let look = || {
            editor
                .sees()
                .iter()
                .any(|text| text.contains(words))
                .then_some(())
        };
        self.stage.run(self.stage.seen(words, look)).await;
    }
}

pub(super) async fn silence_publishes_on_time<S: Desks>() {
    let played = held::<S>().await;
    let Played {
        stage,
        room,
        eve,
        fay,
    } = &played;
    stage.news("2026-11-06.txt", NEWS);
    played.sees(eve, "Squid counted again").await;
    played.sees(fay, "Whales counted too").await;
    let told = eve.sees().concat();
    assert!(
        told.contains("digests: before it goes out") && told.contains("12:30"),
        "{told}"
    );
    // Until then it is no news, and nobody finds it.
    assert_eq!(copies(room, "Squid"), 0);
    let found = room.reader("/search squid counted again").await;
    assert!(!found.contains("Squid counted again"), "{found}");
    let latest = room.reader("/latest japan").await;
    assert!(!latest.contains("Whales"), "{latest}");
    stage.at("2026-11-06T12:29[UTC]");
    settled::<S::Room>(stage).await;
    assert_eq!(copies(room, "Squid"), 0);
    stage.at("2026-11-06T12:30[UTC]");
    comes(stage, room, "Squid counted again").await;
    comes(stage, room, "Whales counted too").await;
    played.sees(eve, "It is out.").await;
    let found = room.reader("/search squid counted again").await;
    assert!(found.contains("Squid counted again"), "{found}");
    played.stage.over().await;
}

pub(super) async fn each_editor_is_told_in_their_own_language_and_zone<S: Desks>() {
    let played = held::<S>().await;
    let (stage, eve, fay) = (&played.stage, &played.eve, &played.fay);
    fay.prefers("한국어", "Asia/Seoul").await;
    stage.news("2026-11-06.txt", NEWS);
    played.sees(eve, "digests: before it goes out").await;
    played.sees(eve, "12:30 UTC").await;
    played.sees(fay, "digests: 내보내기 전").await;
    played.sees(fay, "21:30 Seoul").await;
    // Who has a message keeps it, and each goes on as it began.
    eve.prefers("Korean", "Asia/Seoul").await;
    fay.presses("보류").await;
    played.sees(eve, "Held back by Fay, Fri 6 Nov 12:00").await;
    played
        .sees(fay, "Fay 님이 보류함, 11월 6일(금) 21:00")
        .await;
    fay.presses("되돌리기").await;
    played.sees(fay, "21:30 Seoul").await;
    let titles = |editor: &S::Editor| {
        let said = editor.sees().concat();
        said.matches("Squid counted again").count()
    };
    assert_eq!((titles(eve), titles(fay)), (1, 1));
    played.stage.over().await;
}

pub(super) async fn an_editor_publishes_at_once<S: Desks>() {
    let played = held::<S>().await;
    let Played {
        stage,
        room,
        eve,
        fay,
    } = &played;
    stage.news("2026-11-06.txt", NEWS);
    played.sees(eve, "Squid counted again").await;
    played.sees(fay, "Squid counted again").await;
    eve.presses("Publish now").await;
    comes(stage, room, "Squid counted again").await;
    // The other one sees who it was.
    played.sees(fay, "Published by Eve").await;
    assert!(!fay.is_offered("Publish now") && fay.is_offered("Withdraw"));
    stage.pass(SignedDuration::from_hours(1));
    settled::<S::Room>(stage).await;
    assert_eq!(copies(room, "Squid counted again"), 1, "once");
    // What is out can be taken back: it is struck out, and put back by Undo.
    fay.presses("Withdraw").await;
    comes(stage, room, "Corrected").await;
    assert_eq!(room.struck().len(), 2, "{:?}", room.posts());
    let found = room.reader("/search squid counted again").await;
    assert!(!found.contains("Squid counted again"), "{found}");
    played.sees(fay, "Withdrawn by").await;
    fay.presses("Undo").await;
    let found = room.reader("/search squid counted again").await;
    assert!(found.contains("Squid counted again"), "{found}");
    stage.pass(SignedDuration::from_hours(2));
    let look = || room.struck().is_empty().then_some(());
    stage.run(stage.seen("nothing struck out", look)).await;
    played.stage.over().await;
}

pub(super) async fn what_is_held_back_waits_for_an_editor<S: Desks>() {
    let mut played = held::<S>().await;
    played.stage.news("2026-11-06.txt", NEWS);
    played.sees(&played.eve, "Squid counted again").await;
    played.eve.presses("Hold back").await;
    played.sees(&played.fay, "Held back by").await;
    // Over a restart, and over its time.
    played.stage.restart().await;
    played.stage.at("2026-11-06T15:00[UTC]");
    settled::<S::Room>(&played.stage).await;
    assert_eq!(copies(&played.room, "Squid"), 0);
    // Undone, its time is over: it goes out.
    played.fay.presses("Undo").await;
    comes(&played.stage, &played.room, "Squid counted again").await;
    played.stage.over().await;
}

pub(super) async fn what_is_held_over_midnight_comes_with_the_next_roundup<S: Desks>() {
    let mut played = held::<S>().await;
    played.room.manager("/schedule japan daily 00:00").await;
    played.stage.at("2026-11-06T23:50[UTC]");
    played.stage.news("2026-11-06.txt", NEWS);
    played.sees(&played.eve, "Squid counted again").await;
    played.stage.restart().await;
    played.stage.at("2026-11-07T00:00[UTC]");
    let key = ChannelKey::new(S::NAME, &played.room.address()).unwrap();
    let served = || {
        let rows = played.stage.app().store().blocking().read(|db| {
            let row = db.channel(&key)?.expect("a channel");
            db.subscriptions(row.id)
        });
        let now = played.stage.app().now();
        let is_served = |row: &tidings_core::channel::SubscriptionRow| row.next_at > Some(now);
        rows.unwrap().iter().all(is_served).then_some(())
    };
    played
        .stage
        .run(played.stage.seen("the slot", served))
        .await;
    settled::<S::Room>(&played.stage).await;
    assert_eq!(copies(&played.room, "Squid"), 0);
    played.stage.at("2026-11-07T00:20[UTC]");
    played.sees(&played.eve, "It is out.").await;
    settled::<S::Room>(&played.stage).await;
    assert_eq!(copies(&played.room, "Squid"), 0);
    played.stage.at("2026-11-08T00:00[UTC]");
    comes(&played.stage, &played.room, "Squid counted again").await;
    assert_eq!(copies(&played.room, "Squid counted again"), 1);
    played.stage.over().await;
}

pub(super) async fn later_passes_join_the_message<S: Desks>() {
    let played = held::<S>().await;
    let Played {
        stage, room, eve, ..
    } = &played;
    stage.news(
        "2026-11-06.txt",
        "# Japan\nSquid counted again | Text of it.",
    );
    played.sees(eve, "Squid counted again").await;
    stage.at("2026-11-06T12:20[UTC]");
    stage.news(
        "2026-11-07.txt",
        "# Japan\nSeals counted as well | Text of it.",
    );
    played.sees(eve, "Seals counted as well").await;
    let about = eve.sees();
    let about: Vec<&String> = about
        .iter()
        .filter(|text| text.contains("counted"))
        .collect();
    assert_eq!(about.len(), 1, "one message: {about:?}");
    assert!(about[0].contains("12:50"), "its own time: {about:?}");
    stage.at("2026-11-06T12:30[UTC]");
    comes(stage, room, "Squid counted again").await;
    assert_eq!(copies(room, "Seals"), 0);
    stage.at("2026-11-06T12:50[UTC]");
    comes(stage, room, "Seals counted as well").await;
    played.stage.over().await;
}

pub(super) async fn hundreds_that_wait_are_gone_through_page_by_page<S: Desks>() {
    let played = held::<S>().await;
    let Played {
        stage, room, eve, ..
    } = &played;
    let page = |day: usize, count: usize| {
        let lines =
            (1..=count).map(|n| format!("Squid {day}-{n} counted in the bay of Tokyo | Text."));
        format!("# Japan\n{}", lines.collect::<Vec<_>>().join("\n"))
    };
    stage.news("2026-11-05.txt", &page(5, 200));
    stage.news("2026-11-06.txt", &page(6, 101));
    played.sees(eve, "301 headlines wait").await;
    let told = eve.sees().concat();
    assert!(told.contains("Squid 6-1 counted"), "the newest: {told}");
    assert!(!told.contains("Squid 5-200 counted"), "{told}");
    assert!(
        told.contains("more: “Drop or move…” shows them all.") && !told.contains("more: /latest"),
        "{told}"
    );
    eve.presses("Drop or move…").await;
    played.sees(eve, "1–20 of 301").await;
    eve.chooses("More…").await;
    played.sees(eve, "21–40 of 301").await;
    eve.chooses("◂ Back").await;
    eve.chooses("More…").await;
    for _ in 0..4 {
        eve.chooses("More…").await;
    }
    played.sees(eve, "101–120 of 301").await;
    eve.chooses("Squid 5-1 counted in the bay of Tokyo").await;
    eve.chooses("Drop it").await;
    played.sees(eve, "300 headlines wait").await;
    // What is decided makes room for what waits.
    assert_eq!(copies(room, "Squid"), 0);
    played.stage.over().await;
}

pub(super) async fn who_deletes_the_message_is_told_by_another<S: Desks>() {
    let played = held::<S>().await;
    let Played { stage, eve, .. } = &played;
    stage.news(
        "2026-11-06.txt",
        "# Japan\nSquid counted again | Text of it.",
    );
    played.sees(eve, "Squid counted again").await;
    eve.deletes();
    stage.at("2026-11-06T12:20[UTC]");
    stage.news(
        "2026-11-07.txt",
        "# Japan\nSeals counted as well | Text of it.",
    );
    let look = || {
        let seen = eve.sees();
        let both = |text: &&String| text.contains("Squid") && text.contains("Seals");
        seen.iter().find(both).map(|_| ())
    };
    stage.run(stage.seen("a message anew", look)).await;
    eve.presses("Hold back").await;
    played.sees(eve, "Held back by").await;
    played.stage.over().await;
}

pub(super) async fn a_headline_is_dropped_or_moved_unseen<S: Desks>() {
    let played = held::<S>().await;
    let Played {
        stage, room, eve, ..
    } = &played;
    stage.news(
        "2026-11-06.txt",
        "# Japan\nSquid counted again | Text.\nWhales counted too | Text.\n# US-NK Relations\nSeals counted last | Text.",
    );
    played.sees(eve, "Squid counted again").await;
    eve.presses("Drop or move…").await;
    eve.chooses("Squid counted again").await;
    played.sees(eve, "“Squid counted again”: drop it").await;
    eve.chooses("Drop it").await;
    played.sees(eve, "A headline was dropped by").await;
    eve.presses("Drop or move…").await;
    eve.chooses("Seals counted last").await;
    played.sees(eve, "“Seals counted last”: drop it").await;
    eve.chooses("Move it to Japan").await;
    played.sees(eve, "A headline was moved by").await;
    // What its source says anew takes nothing of that back.
    stage.news(
        "2026-11-06.txt",
        "# Japan\nSquid counted again | Text.\nWhales counted too | Text.\n# US-NK Relations\nSeals counted last | More text.",
    );
    eve.presses("Publish now").await;
    comes(stage, room, "Whales counted too").await;
    comes(stage, room, "Seals counted last").await;
    settled::<S::Room>(stage).await;
    assert_eq!(copies(room, "Squid"), 0);
    let latest = room.reader("/latest japan").await;
    assert!(latest.contains("Seals counted last"), "{latest}");
    let found = room.reader("/search squid counted again").await;
    assert!(!found.contains("Squid counted again"), "{found}");
    played.stage.over().await;
}

pub(super) async fn what_waits_for_a_hidden_section_is_no_news<S: Desks>() {
    let played = held::<S>().await;
    let Played {
        stage, room, eve, ..
    } = &played;
    room.manager("/subscribe all instant").await;
    stage.news(
        "2026-11-06.txt",
        "# Squid Desk\nSquid counted again | Text of it.",
    );
    played.sees(eve, "Squid counted again").await;
    let items = || {
        let summaries = stage
            .app()
            .store()
            .blocking()
            .read(|db| db.section_summaries());
        let desk = summaries
            .unwrap()
            .into_iter()
            .find(|summary| summary.section.slug.as_str() == "squid-desk");
        let desk = desk.unwrap();
        (desk.section.id, desk.items)
    };
    let (desk, _) = items();
    let store = stage.app().store().blocking();
    let hidden = store.write(|db| sections::hide(db, desk, OPERATOR, stage.app().now()));
    hidden.unwrap().unwrap();
    // `tidings items` doesn't list it either.
    let waits = stage
        .app()
        .store()
        .blocking()
        .read(|db| db.held_items(None));
    assert_eq!(waits.unwrap(), []);
    stage.at("2026-11-06T12:01[UTC]");
    played.sees(eve, "(Squid Desk · hidden)").await;
    stage.at("2026-11-06T12:30[UTC]");
    played.sees(eve, "its section is hidden").await;
    assert!(!eve.sees().concat().contains("It is out."));
    assert_eq!(items().1, 1);
    // It can be taken back, and put back, all the same.
    eve.presses("Withdraw").await;
    played.sees(eve, "Withdrawn by").await;
    assert_eq!(items().1, 0);
    eve.presses("Undo").await;
    let back = || (items().1 == 1).then_some(());
    stage.run(stage.seen("what was put back", back)).await;
    let store = stage.app().store().blocking();
    let shown = store.write(|db| sections::show(db, desk, OPERATOR, stage.app().now()));
    shown.unwrap().unwrap();
    stage.pass(SignedDuration::from_mins(1));
    played.sees(eve, "It is out.").await;
    let found = room.reader("/search squid counted again").await;
    assert!(found.contains("Squid counted again"), "{found}");
    let posts = room.posts();
    let posted = posts
        .iter()
        .any(|post| post.contains("(Squid Desk") || post.contains("Roundup"));
    assert!(!posted, "{posts:?}");
    played.stage.over().await;
}

pub(super) async fn what_waits_goes_where_its_section_is_merged<S: Desks>() {
    let played = held::<S>().await;
    let Played {
        stage, room, eve, ..
    } = &played;
    stage.news(
        "2026-11-06.txt",
        "# Squid Desk\nSquid counted again | Text of it.",
    );
    played.sees(eve, "(Squid Desk)").await;
    let store = stage.app().store().blocking();
    let merged = store.write(|db| {
        let sections = db.sections()?;
        let id = |slug: &str| {
            let found = sections
                .iter()
                .find(|section| section.slug.as_str() == slug);
            found.expect("a section").id
        };
        sections::merge(
            db,
            id("squid-desk"),
            id("japan"),
            OPERATOR,
            stage.app().now(),
        )
    });
    merged.unwrap().unwrap();
    stage.at("2026-11-06T12:01[UTC]");
    played.sees(eve, "(Japan)").await;
    stage.at("2026-11-06T12:30[UTC]");
    comes(stage, room, "Squid counted again").await;
    played.stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_who_cannot_be_reached_holds_up_nothing_and_is_told() {
    let played = held::<FakeTelegram>().await;
    let Played {
        stage,
        room,
        eve,
        fay,
    } = &played;
    eve.blocks();
    stage.news("2026-11-06.txt", NEWS);
    played.sees(fay, "Squid counted again").await;
    let key = ChannelKey::new("telegram", &eve.id().to_string()).unwrap();
    let paused = || row(stage.app(), &key).and_then(|row| row.pause);
    stage.run(stage.seen("an editor who is gone", paused)).await;
    let services = stage.server.services(stage.app().settings());
    let platforms: Vec<Arc<dyn ChatPlatform>> = services
        .into_iter()
        .map(|service| -> Arc<dyn ChatPlatform> { service })
        .collect();
    stage
        .app()
        .keep_up(stage.app().store(), &platforms, None, &mut 0)
        .await
        .unwrap();
    let incidents = stage.app().store().blocking().read(|db| db.incidents());
    let told: Vec<String> = incidents.unwrap().into_iter().map(|one| one.text).collect();
    assert!(
        told.iter()
            .any(|text| text.contains(&format!("The editor {} can’t be reached", eve.key()))),
        "{told:?}"
    );
    stage.at("2026-11-06T12:30[UTC]");
    comes(stage, room, "Squid counted again").await;
    played.stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_back_goes_out_when_nobody_is_an_editor_any_more() {
    let mut played = held::<FakeTelegram>().await;
    played.stage.news("2026-11-06.txt", NEWS);
    played.sees(&played.eve, "Squid counted again").await;
    played.eve.presses("Hold back");
    played.sees(&played.fay, "Held back by").await;
    played.stage.stop().await;
    let fast = <FakeTelegram as Fake>::FAST;
    played.stage.configure(&format!("{CONFIG}{fast}"));
    played.stage.start().await;
    comes(&played.stage, &played.room, "Squid counted again").await;
    played.stage.over().await;
}

/// The same story in two sources, of which the first is held; the second one is held, too, if `hold` says so, and files it
/// `elsewhere`.
async fn told_twice(hold: &str, elsewhere: &str) -> (Played<FakeTelegram>, bool) {
    let mut played = held::<FakeTelegram>().await;
    played.stage.stop().await;
    let editors = format!(
        "editors = [\"{}\", \"{}\"]",
        played.eve.key(),
        played.fay.key()
    );
    let fast = <FakeTelegram as Fake>::FAST;
    let second =
        format!("[[source]]\nname = \"second\"\nkind = \"folder\"\npath = \"second\"\n{hold}");
    played.stage.configure(&format!(
        "{CONFIG}hold = \"30m\"\n{second}\n[operator]\n{editors}\n{fast}"
    ));
    let page = "# Japan\nTokyo counts its squid in the bay | There are 41 of them this year.";
    played.stage.write_to(
        "second",
        "old.txt",
        "# Japan\nAn old page of the second source | Text.",
    );
    played.stage.start().await;
    played.stage.news("2026-11-06.txt", page);
    played.sees(&played.eve, "Tokyo counts its squid").await;
    played.stage.write_to(
        "second",
        "2026-11-06.txt",
        &page.replace("Japan", elsewhere),
    );
    played.stage.load();
    let waits = played
        .stage
        .app()
        .store()
        .blocking()
        .read(|db| db.held_items(None));
    let waits = !waits.unwrap().is_empty();
    (played, waits)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_source_publishes_another_one_holds_no_longer() {
    let (played, waits) = told_twice("", "Japan").await;
    assert!(!waits);
    comes(&played.stage, &played.room, "Tokyo counts its squid").await;
    settled::<<FakeTelegram as Rooms>::Room>(&played.stage).await;
    assert_eq!(copies(&played.room, "Tokyo counts its squid"), 1);
    played.stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_sources_hold_stays_held() {
    let (played, waits) = told_twice("hold = \"30m\"", "Japan").await;
    assert!(waits);
    settled::<<FakeTelegram as Rooms>::Room>(&played.stage).await;
    assert_eq!(copies(&played.room, "Tokyo"), 0);
    played.stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_sources_hold_goes_where_both_file_it() {
    let (played, waits) = told_twice("hold = \"30m\"", "US-NK Relations").await;
    let Played {
        stage, room, eve, ..
    } = &played;
    assert!(waits);
    // It follows only what the second source files it in.
    let answer = eve.asks("/subscribe us-nk instant").await;
    assert!(answer.text.contains("now follow"), "{}", answer.text);
    stage.at("2026-11-06T12:30[UTC]");
    comes(stage, room, "Tokyo counts its squid").await;
    let posted = || {
        let seen = eve.sees();
        let is_post = |text: &&String| text.starts_with("US–North Korea relations");
        let post = seen.iter().find(is_post)?;
        post.contains("Tokyo counts its squid").then_some(())
    };
    stage.run(stage.seen("the report", posted)).await;
    settled::<<FakeTelegram as Rooms>::Room>(stage).await;
    assert_eq!(copies(room, "Tokyo counts its squid"), 1);
    played.stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_dropped_no_report_brings() {
    let (played, _) = told_twice("hold = \"30m\"", "US-NK Relations").await;
    let Played { stage, eve, .. } = &played;
    eve.asks("/subscribe us-nk instant").await;
    eve.presses("Drop or move…");
    eve.chooses("Tokyo counts its squid in the bay").await;
    eve.chooses("Drop it").await;
    played.sees(eve, "It was withdrawn.").await;
    stage.at("2026-11-06T13:00[UTC]");
    stage.load();
    settled::<<FakeTelegram as Rooms>::Room>(stage).await;
    let seen = eve.sees();
    let posted = seen
        .iter()
        .any(|text| text.starts_with("US–North Korea relations"));
    assert!(!posted, "{seen:?}");
    played.stage.over().await;
}

//! Readers suggest links to the editors.

use super::reviews::{Desks, Editor};
use super::rooms::{Room, plain};
use crate::fakes::discord::{self, FakeDiscord};
use crate::fakes::telegram::{self, FakeTelegram};
use crate::harness::CONFIG;
use crate::stage::{Fake, Stage};

/// A platform whose readers have private chats.
pub(super) trait Readers: Desks {
    type Reader: Reader;

    fn reader_alone(&self, name: &str) -> Self::Reader;
}

/// A reader in their private chat.
pub(super) trait Reader {
    /// What they are answered, without markup.
    async fn asks(&self, line: &str) -> String;
}

impl Readers for FakeTelegram {
    type Reader = telegram::Person;

    fn reader_alone(&self, name: &str) -> telegram::Person {
        self.person(name)
    }
}

impl Reader for telegram::Person {
    async fn asks(&self, line: &str) -> String {
        telegram::Person::asks(self, line).await.text
    }
}

impl Readers for FakeDiscord {
    type Reader = discord::Person;

    fn reader_alone(&self, name: &str) -> discord::Person {
        self.reader(name)
    }
}

impl Reader for discord::Person {
    async fn asks(&self, line: &str) -> String {
        let asked = self.gives(self.dm(), &super::rooms::named(line));
        plain(&asked.message().await)
    }
}

struct Played<S: Readers> {
    stage: Stage<S>,
    ben: S::Reader,
    eve: S::Editor,
    fay: S::Editor,
}

/// Two editors and a reader.
async fn edited<S: Readers>() -> Played<S> {
    let mut stage = Stage::<S>::empty(CONFIG);
    let (eve, fay) = (stage.server.editor("Eve"), stage.server.editor("Fay"));
    let editors = format!("editors = [\"{}\", \"{}\"]", eve.key(), fay.key());
    stage.configure(&format!(
        "{CONFIG}[operator]\n{editors}\n[defaults]\ntimezone = \"Asia/Seoul\"\n{}",
        S::FAST
    ));
    stage.archive();
    stage.start().await;
    let ben = stage.server.reader_alone("Ben");
    Played {
        stage,
        ben,
        eve,
        fay,
    }
}

/// What an editor was sent about a link.
fn told<E: Editor>(editor: &E, link: &str) -> Vec<String> {
    let all = editor.sees().into_iter();
    all.filter(|text| text.contains(link)).collect()
}

impl<S: Readers> Played<S> {
    async fn is_told(&self, editor: &S::Editor, link: &str) -> String {
        let look = || told(editor, link).pop();
        self.stage.run(self.stage.seen(link, look)).await
    }
}

pub(super) async fn a_find_reaches_each_editor_once<S: Readers>() {
    let mut played = edited::<S>().await;
    let sent = played
        .ben
        .asks("/suggest https://example.org/envoys?utm_source=feed The envoys @meet <again>.")
        .await;
    assert_eq!(
        sent.trim(),
        "Sent to the editors. You can suggest 2 more today."
    );
    for editor in [&played.eve, &played.fay] {
        let message = played.is_told(editor, "https://example.org/envoys").await;
        let title = format!(
            "A reader on {} suggests:",
            if S::NAME == "telegram" {
                "Telegram"
            } else {
                "Discord"
            }
        );
        assert!(message.contains(&title), "{message}");
        let words = message.replace('\u{2060}', "");
        assert!(words.contains("The envoys @meet <again>."), "{message}");
        assert!(
            !message.contains("utm_source") && !message.contains("Ben"),
            "{message}"
        );
    }
    // The same place by another address; whoever suggests it.
    let dan = played.stage.server.reader_alone("Dan");
    let again = dan.asks("/suggest http://www.example.org/envoys/").await;
    assert_eq!(again.trim(), "The editors have this link already.");
    let more = dan.asks("/suggest https://example.org/ferries").await;
    assert!(more.contains("2 more today"), "it cost nothing: {more}");
    played
        .is_told(&played.eve, "https://example.org/ferries")
        .await;
    played.stage.restart().await;
    settled_alone(&played.stage).await;
    for editor in [&played.eve, &played.fay] {
        assert_eq!(told(editor, "https://example.org/envoys").len(), 1);
    }
    played.stage.over().await;
}

/// Waits until nothing is on its way.
async fn settled_alone<S: Fake>(stage: &Stage<S>) {
    let look = || (stage.queue().0 == 0).then_some(());
    stage.run(stage.seen("an empty queue", look)).await;
}

pub(super) async fn three_a_day_may_be_suggested<S: Readers>() {
    let played = edited::<S>().await;
    let Played { stage, ben, .. } = &played;
    // What the archive has, what leads nowhere, and what isn't one costs nothing.
    stage.news(
        "2026-11-06.txt",
        "# Japan\nFerry sails | It was late. READ MORE https://example.org/ferry",
    );
    let long = format!("/suggest https://example.org/{}", "x".repeat(1_000));
    for (line, answer) in [
        (
            "/suggest https://www.example.org/ferry/?utm_medium=x",
            "The archive has that already: “Ferry sails”. /read",
        ),
        (
            "/suggest http://127.0.0.1/admin",
            "doesn’t lead to the public web",
        ),
        (
            "/suggest http://printer.local/",
            "doesn’t lead to the public web",
        ),
        (&long, "1000 characters at most"),
        ("/suggest squid", "Which link? Try: /suggest"),
    ] {
        let said = ben.asks(line).await;
        assert!(said.contains(answer), "{line}: {said}");
    }
    for (number, left) in [
        (1, "You can suggest 2 more today."),
        (2, "You can suggest 1 more today."),
        (3, "You can suggest more tomorrow."),
    ] {
        let line = format!("/suggest https://example.org/{number}");
        let said = ben.asks(&line).await;
        assert!(said.contains(left), "{said}");
    }
    let enough = "You have suggested 3 links today, which is the most for one day. You can go on from Sat 7 Nov 00:00 (Asia/Seoul).";
    let fourth = ben.asks("/suggest https://example.org/4").await;
    assert_eq!(fourth.trim(), enough);
    // To be forgotten doesn't begin the day anew.
    ben.asks("/forget yes").await;
    let fourth = ben.asks("/suggest https://example.org/4").await;
    assert_eq!(fourth.trim(), enough);
    let dan = stage.server.reader_alone("Dan");
    let other = dan.asks("/suggest https://example.org/5").await;
    assert!(other.contains("2 more"), "{other}");
    // Where the defaults' day ends, another one begins.
    stage.at("2026-11-06T14:59[UTC]");
    let fourth = ben.asks("/suggest https://example.org/4").await;
    assert_eq!(fourth.trim(), enough);
    stage.at("2026-11-06T15:00[UTC]");
    let fourth = ben.asks("/suggest https://example.org/4").await;
    assert!(fourth.contains("2 more"), "{fourth}");
    played.is_told(&played.eve, "https://example.org/4").await;
    played.stage.over().await;
}

pub(super) async fn without_editors_there_is_nobody_to_suggest_to<S: Readers>() {
    let stage = Stage::<S>::new().await;
    let room = S::room(&stage).await;
    let help = room.reader("/help").await;
    assert!(!help.contains("/suggest"), "{help}");
    stage.over().await;
}

/// Telegram and Discord, with one bot on both.
#[derive(Clone)]
struct Both {
    telegram: FakeTelegram,
    discord: FakeDiscord,
}

impl Fake for Both {
    const NAME: &'static str = "telegram";

    const FAST: &'static str = "";

    const PLATFORMS: usize = 2;

    fn begin() -> Both {
        Both {
            telegram: FakeTelegram::begin(),
            discord: FakeDiscord::begin(),
        }
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        [self.telegram.variables(), self.discord.variables()].concat()
    }

    async fn is_listened_to(&self) {
        self.telegram.is_listened_to().await;
        self.discord.is_listened_to().await;
    }

    fn is_content(&self) {
        self.telegram.is_content();
        self.discord.is_content();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn editors_on_all_platforms_are_told_wherever_the_reader_is() {
    let mut stage = Stage::<Both>::empty(CONFIG);
    let eve = stage.server.telegram.editor("Eve");
    let fay = stage.server.discord.editor("Fay");
    let editors = format!("editors = [\"{}\", \"{}\"]", eve.key(), fay.key());
    stage.configure(&format!("{CONFIG}[operator]\n{editors}\n"));
    stage.archive();
    stage.start().await;
    let ben = stage.server.telegram.reader_alone("Ben");
    Reader::asks(&ben, "/suggest https://example.org/envoys Look").await;
    let sees = async |link: &str| {
        let look = || Some((told(&eve, link).pop()?, told(&fay, link).pop()?));
        stage.run(stage.seen(link, look)).await
    };
    for message in <[String; 2]>::from(sees("https://example.org/envoys").await) {
        assert!(
            message.contains("A reader on Telegram suggests:"),
            "{message}"
        );
        assert!(message.contains("Look"), "{message}");
    }
    let dan = stage.server.discord.reader_alone("Dan");
    fay.prefers("ko", "Asia/Seoul").await;
    Reader::asks(&dan, "/suggest https://example.org/ferries").await;
    let (to_eve, to_fay) = sees("https://example.org/ferries").await;
    assert!(to_eve.contains("A reader on Discord suggests:"), "{to_eve}");
    assert!(to_fay.contains("Discord 독자의 제안:"), "{to_fay}");
    stage.over().await;
}

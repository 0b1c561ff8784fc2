//! Lines of chat, from readers and managers, on every platform.

use tidings::chat::commands::{Invocation, MOST_DATA};
use tidings::chat::{Requester, Spoken, commands};
use tidings_core::ids::ChannelKey;
use tidings_core::language::when::HowLong;
use tidings_core::post::DeliveryOptions;
use tidings_core::schedule::{Cadence, Zone};
use tidings_core::search::Query;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::world::{self, NOW, World, wait};

/// How many messages an answer is at most (design.md).
const MOST_MESSAGES: usize = 3;

/// The longest that a message may be as it goes over the wire, in bytes: what platforms take is a few thousand letters.
const LONGEST: usize = 65_536;

/// A first byte that says who asks, then lines.
pub(super) fn hold(bytes: &[u8]) {
    let Some((who, lines)) = bytes.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(lines);
    let lines: Vec<&str> = text.split('\n').take(6).collect();
    for line in &lines {
        cadence(line);
        how_long(line);
        query(line);
    }
    world::with(|world| {
        completed(world, lines[0]);
        for at in 0..world.services.len() {
            let manager = who & 1 == 0;
            for line in &lines {
                answered(world, at, manager, who & 2 == 0, line);
            }
            assert!(
                manager || world.followed().is_empty(),
                "a reader changed something"
            );
        }
    });
}

fn answered(world: &World, at: usize, manager: bool, private: bool, line: &str) {
    let platform = &*world.services[at];
    let channel = ChannelKey::new(platform.name(), "4711").expect("a channel");
    let asker = Requester {
        private,
        ..Requester::in_channel(&channel, manager)
    };
    let asked = Invocation::parse(line);
    let answering = world.bot.bot().invoke(platform, &asker, &asked);
    let Spoken { reply, say } = wait(answering).expect("an answer");
    let messages = platform.render(&reply.post, &DeliveryOptions::default());
    assert!(!messages.is_empty(), "nothing is answered");
    assert!(
        messages.len() <= MOST_MESSAGES,
        "{} messages",
        messages.len()
    );
    for message in &messages {
        assert!(message.len() <= LONGEST, "{} bytes", message.len());
        assert!(!message.contains("{$"), "a text lacks a value: {message}");
    }
    for button in reply.buttons(say).concat() {
        assert!(
            !button.label.is_empty() && button.data.len() <= MOST_DATA,
            "{button:?}"
        );
    }
    if let Some(page) = &reply.older {
        let turning = world.bot.bot().show_page(platform, &channel, page);
        let turned = wait(turning).expect("a page");
        let messages = platform.render(&turned.post, &DeliveryOptions::default());
        assert!((1..=MOST_MESSAGES).contains(&messages.len()));
    }
}

/// What is typed may be completed.
fn completed(world: &World, line: &str) {
    let locale = world.bot.settings().defaults.locale;
    for argument in commands::ALL.iter().flat_map(|spec| spec.arguments) {
        let suggesting = world.bot.bot().suggest(locale, argument, line, 25);
        let found = wait(suggesting).expect("suggestions");
        assert!(found.len() <= 25);
    }
}

/// A cadence that is understood is written as it is read again, and comes.
fn cadence(line: &str) {
    match Cadence::parse(line) {
        Ok(cadence) => {
            let text = cadence.to_string();
            let again = Cadence::parse(&text).expect("canonical text");
            assert_eq!(text, again.to_string());
            assert_eq!(
                text,
                Cadence::stored(&text).expect("stored text").to_string()
            );
            let now = Timestamp::from_second(NOW).expect("a moment");
            let slots = cadence.upcoming(now, &TimeZone::UTC, 3);
            assert!(slots.iter().all(|slot| *slot > now), "{text}: {slots:?}");
            assert!(
                slots.windows(2).all(|two| two[0] < two[1]),
                "{text}: {slots:?}"
            );
        }
        Err(wrong) => {
            let said = format!("{wrong:?}");
            assert!(said.len() < 2_000 || line.len() > 500, "{said}");
        }
    }
}

/// What is to last ends later, and within a year.
fn how_long(line: &str) {
    let zone = Zone::named("America/New_York").expect("a zone");
    let now = Timestamp::from_second(NOW).expect("a moment");
    if let Ok(end) = HowLong::parse(line).and_then(|how_long| how_long.ends(now, &zone)) {
        let days = end.duration_since(now).as_hours() / 24;
        assert!(end > now && days <= 366, "{line}: {end}");
    }
}

fn query(line: &str) {
    if let Some(query) = Query::parse(line) {
        let fts = query.to_fts5();
        assert!(
            !fts.is_empty() && fts.len() <= 40 * line.len() + 100,
            "{fts}"
        );
        assert_eq!(Some(&query), Query::parse(line).as_ref());
    }
}

//! The outbox: what becomes of parts that a platform doesn't take at once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use insta::assert_snapshot;
use jiff::SignedDuration;
use tidings::delivery::{Sending, Transport, Worker};
use tidings_core::delivery::{Outgoing, SendError, Sent};
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{Block, DeliveryOptions, Post};
use tidings_store::ClaimCursor;

use super::{Chat, news};
use crate::harness::{PLAIN, block_on, channel};

/// A platform whose answers a test decides: each section of a post is a message of its own.
pub(super) struct Fake {
    name: &'static str,
    answers: Mutex<VecDeque<Result<Sent, SendError>>>,
    /// What one channel's next attempt fails with: channels are served side by side.
    refusal: Mutex<Option<(String, SendError)>>,
    tried: Mutex<Vec<(String, String)>>,
}

impl Fake {
    pub(super) fn new(name: &'static str) -> Arc<Fake> {
        Arc::new(Fake {
            name,
            answers: Mutex::default(),
            refusal: Mutex::default(),
            tried: Mutex::default(),
        })
    }

    /// The next attempts fail like this, one after the other.
    pub(super) fn fail(&self, errors: impl IntoIterator<Item = SendError>) {
        let mut answers = self.answers.lock().unwrap();
        answers.extend(errors.into_iter().map(Err));
    }

    /// The next attempt in one channel fails like this.
    fn fail_in(&self, address: &str, error: SendError) {
        *self.refusal.lock().unwrap() = Some((address.to_owned(), error));
    }

    /// What was tried since the last look, by channel: `address: the second line of the text`.
    pub(super) fn tried(&self) -> Vec<String> {
        let mut tried = std::mem::take(&mut *self.tried.lock().unwrap());
        tried.sort_by(|(one, _), (other, _)| one.cmp(other));
        let shown = tried.into_iter().map(|(address, wire)| {
            let line = wire
                .lines()
                .find(|line| line.contains('#'))
                .unwrap_or(&wire);
            format!("{address}: {}", line.trim())
        });
        shown.collect()
    }
}

impl ChatPlatform for Fake {
    fn name(&self) -> &'static str {
        self.name
    }

    fn render(&self, post: &Post, _manner: &DeliveryOptions) -> Vec<String> {
        let mut parts: Vec<Post> = Vec::new();
        for block in &post.blocks {
            if matches!(block, Block::Section { .. }) {
                parts.push(Post::default());
            }
            if let Some(part) = parts.last_mut() {
                part.push(block.clone());
            }
        }
        parts.iter().map(|part| PLAIN.show(part)).collect()
    }
}

impl Transport for Fake {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        let (channel, wire) = (&message.channel, &message.wire);
        let tried = (channel.address().to_owned(), wire.to_owned());
        self.tried.lock().unwrap().push(tried);
        let mut refusal = self.refusal.lock().unwrap();
        let refused = refusal.take_if(|(address, _)| *address == channel.address());
        let answer = match refused {
            Some((_, error)) => Some(Err(error)),
            None => self.answers.lock().unwrap().pop_front(),
        };
        Box::pin(async move { answer.unwrap_or(Ok(Sent::as_message("m1"))) })
    }
}

/// A bot whose fake channels follow everything instantly.
fn with_channels(fake: &Arc<Fake>, addresses: &[&str]) -> Chat {
    let chat = Chat::started();
    for address in addresses {
        say(&chat, fake, address, "/subscribe all instant");
    }
    chat
}

fn say(chat: &Chat, fake: &Arc<Fake>, address: &str, line: &str) -> String {
    let key = channel(&format!("{}:{address}", fake.name));
    let reply = block_on(chat.app().bot().command(&**fake, &key, true, line)).unwrap();
    PLAIN.show(&reply.post)
}

/// Makes what is due, and tries what may be tried; what was tried.
fn serve(chat: &Chat, fake: &Arc<Fake>) -> Vec<String> {
    block_on(chat.app().scheduler().tick(&**fake)).unwrap();
    block_on(chat.app().deliver(&mut Worker::new(fake.clone()))).unwrap();
    fake.tried()
}

#[test]
fn a_post_that_is_told_to_wait_waits_that_long() {
    let fake = Fake::new("fake");
    let mut chat = with_channels(&fake, &["a"]);
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid counted"]);
    fake.fail([SendError::RetryAfter(SignedDuration::from_secs(7))]);
    assert_eq!(serve(&chat, &fake), ["a: #1  Squid counted"]);
    chat.wait(SignedDuration::from_millis(6_999));
    assert_eq!(serve(&chat, &fake), Vec::<String>::new());
    assert_snapshot!(say(&chat, &fake, "a", "/status"), @r"
        Last loaded just now: 1 item from 1 source.
        News comes to this channel as soon as it is loaded.
        1 message is waiting to be delivered here, put together just now.
        Source digests is well.
    ");
    chat.wait(SignedDuration::from_millis(1));
    assert_eq!(serve(&chat, &fake), ["a: #1  Squid counted"]);
    chat.wait(SignedDuration::from_hours(24));
    assert_eq!(serve(&chat, &fake), Vec::<String>::new());
}

#[test]
fn failures_and_lost_answers_are_repeated_with_growing_pauses() {
    type Make = fn(String) -> SendError;
    let whole: [(Make, [i64; 12]); 2] = [
        (
            SendError::Transient,
            [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300],
        ),
        // Repeats have to come while the platform still knows them.
        (
            SendError::Unknown,
            [1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30],
        ),
    ];
    for (make, whole) in whole {
        let fake = Fake::new("fake");
        let mut chat = with_channels(&fake, &["a"]);
        news(&mut chat, "2026-11-06.txt", "Japan", &["Squid counted"]);
        fake.fail((0..12).map(|n| make(format!("no answer {n}"))));
        let mut pauses = Vec::new();
        assert_eq!(serve(&chat, &fake).len(), 1);
        let mut waited: i64 = 0;
        while pauses.len() < 12 {
            chat.wait(SignedDuration::from_secs(1));
            waited += 1;
            let tried = serve(&chat, &fake);
            if !tried.is_empty() {
                assert_eq!(tried, ["a: #1  Squid counted"]);
                pauses.push(std::mem::take(&mut waited));
            }
            assert!(waited <= 300, "it is never given up: {pauses:?}");
        }
        // Each is shorter by up to a quarter, so that not everything comes at once.
        for (pause, whole) in pauses.iter().zip(whole) {
            assert!((whole * 3 / 4..=whole).contains(pause), "{pauses:?}");
        }
        assert_eq!(
            chat.app()
                .store()
                .blocking()
                .read(|db| db.queue(None))
                .unwrap()
                .waiting,
            0
        );
    }
}

#[test]
fn parts_of_a_channel_keep_their_order_and_hold_up_nobody_else() {
    let fake = Fake::new("fake");
    let mut chat = with_channels(&fake, &["a", "b"]);
    let text =
        crate::harness::page("# US-NK Relations\nEnvoys met | Yes.\n# Japan\nSquid counted | Yes.");
    chat.drop_file("2026-11-06.txt", text).load();
    fake.fail_in("a", SendError::RetryAfter(SignedDuration::from_secs(5)));
    assert_eq!(
        serve(&chat, &fake),
        [
            "a: #1  Envoys met",
            "b: #1  Envoys met",
            "b: #2  Squid counted"
        ]
    );
    // A newer post doesn't overtake what waits either.
    news(&mut chat, "2026-11-06-b.txt", "Japan", &["Ferry sails"]);
    assert_eq!(serve(&chat, &fake), ["b: #3  Ferry sails"]);
    chat.wait(SignedDuration::from_secs(5));
    assert_eq!(
        serve(&chat, &fake),
        [
            "a: #1  Envoys met",
            "a: #2  Squid counted",
            "a: #3  Ferry sails"
        ]
    );
}

#[test]
fn a_part_that_is_refused_is_set_aside_and_shown() {
    let fake = Fake::new("fake");
    let mut chat = with_channels(&fake, &["a"]);
    let text =
        crate::harness::page("# US-NK Relations\nEnvoys met | Yes.\n# Japan\nSquid counted | Yes.");
    chat.drop_file("2026-11-06.txt", text).load();
    fake.fail([SendError::Rejected("too long by a letter".to_owned())]);
    assert_eq!(
        serve(&chat, &fake),
        ["a: #1  Envoys met", "a: #2  Squid counted"]
    );
    assert_snapshot!(say(&chat, &fake, "a", "/status"), @r"
        Last loaded just now: 2 items from 1 source.
        News comes to this channel as soon as it is loaded.
        Nothing is waiting to be delivered here; 1 message was refused for good. The operator sees why, and can send it again.
        Source digests is well.
    ");
    let dead = chat
        .app()
        .store()
        .blocking()
        .read(|db| db.dead_parts())
        .unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!(
        (dead[0].channel.to_string(), dead[0].error.as_str()),
        ("fake:a".to_owned(), "too long by a letter")
    );
    chat.wait(SignedDuration::from_hours(24));
    assert_eq!(serve(&chat, &fake), Vec::<String>::new());
    // Another channel's status doesn't speak of it.
    assert!(say(&chat, &fake, "b", "/status").contains("Nothing is waiting"));
}

#[test]
fn a_channel_that_is_gone_is_paused_and_not_forgotten() {
    let fake = Fake::new("fake");
    let mut chat = with_channels(&fake, &["a", "b"]);
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid counted"]);
    fake.fail_in(
        "a",
        SendError::ChannelRefused("the bot was kicked".to_owned()),
    );
    assert_eq!(
        serve(&chat, &fake),
        ["a: #1  Squid counted", "b: #1  Squid counted"]
    );
    news(&mut chat, "2026-11-06-b.txt", "Japan", &["Ferry sails"]);
    assert_eq!(serve(&chat, &fake), ["b: #2  Ferry sails"]);
    assert_snapshot!(say(&chat, &fake, "a", "/status"), @r"
        Last loaded just now: 2 items from 1 source.
        Deliveries to this channel stopped on Fri 6 Nov 12:00: the bot was kicked. I keep trying; /resume tries now.
        1 message is waiting to be delivered here, put together just now.
        Source digests is well.
    ");
    assert_snapshot!(say(&chat, &fake, "a", "/subscriptions"), @r"
        This channel follows   times in UTC
          all   all sections   instant
        Deliveries to this channel stopped on Fri 6 Nov 12:00: the bot was kicked. I keep trying; /resume tries now.
        /schedule all daily 09:00 changes a time · /preview shows the next roundup
        ");
    say(&chat, &fake, "a", "/resume");
    assert_eq!(
        serve(&chat, &fake),
        ["a: #1  Squid counted", "a: #2  Ferry sails"]
    );
}

#[test]
fn what_was_in_flight_when_the_process_ended_is_repeated() {
    let fake = Fake::new("console");
    let mut chat = Chat::started();
    chat.say("/subscribe all instant");
    news(
        &mut chat,
        "2026-11-06.txt",
        "Japan",
        &["Squid counted", "Ferry sails"],
    );
    block_on(chat.app().scheduler().tick(&*fake)).unwrap();
    let now = chat.app().now();
    // A claim without a settlement is what a kill leaves.
    let claimed = chat
        .app()
        .store()
        .blocking()
        .write(|db| db.claim("console", now, &mut ClaimCursor::default(), 50))
        .unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(serve(&chat, &fake), Vec::<String>::new());
    chat.restart();
    assert_eq!(serve(&chat, &fake), ["local: #1  Squid counted"]);
    assert_eq!(serve(&chat, &fake), Vec::<String>::new());
}

#[test]
fn a_platform_delivers_only_its_own() {
    let (one, other) = (Fake::new("one"), Fake::new("other"));
    let mut chat = with_channels(&one, &["a"]);
    say(&chat, &other, "a", "/subscribe all instant");
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid counted"]);
    assert_eq!(serve(&chat, &other), ["a: #1  Squid counted"]);
    assert_eq!(other.tried(), Vec::<String>::new());
    assert_eq!(serve(&chat, &one), ["a: #1  Squid counted"]);
}

#[test]
fn a_channel_that_is_gone_is_tried_again_by_itself() {
    let fake = Fake::new("fake");
    let mut chat = with_channels(&fake, &["a"]);
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid counted"]);
    fake.fail([
        SendError::ChannelRefused("closed".to_owned()),
        SendError::ChannelRefused("closed".to_owned()),
    ]);
    assert_eq!(serve(&chat, &fake).len(), 1);
    chat.wait(SignedDuration::from_secs(29));
    assert_eq!(serve(&chat, &fake), Vec::<String>::new());
    chat.wait(SignedDuration::from_secs(1));
    assert_eq!(serve(&chat, &fake), ["a: #1  Squid counted"]);
    // It grows, up to an hour; and the first success ends the pause.
    chat.wait(SignedDuration::from_secs(30));
    assert_eq!(serve(&chat, &fake), Vec::<String>::new());
    chat.wait(SignedDuration::from_hours(1));
    assert_eq!(serve(&chat, &fake), ["a: #1  Squid counted"]);
    assert!(say(&chat, &fake, "a", "/status").contains("as soon as it is loaded"));
}

#[test]
fn a_manager_pause_outlives_a_platform_that_says_gone() {
    let fake = Fake::new("fake");
    let mut chat = with_channels(&fake, &["a"]);
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid counted"]);
    say(&chat, &fake, "a", "/roundup");
    say(&chat, &fake, "a", "/pause");
    assert_eq!(serve(&chat, &fake), Vec::<String>::new());
    chat.wait(SignedDuration::from_hours(2));
    assert_eq!(serve(&chat, &fake), Vec::<String>::new());
    say(&chat, &fake, "a", "/resume");
    assert_eq!(serve(&chat, &fake), ["a: #1  Squid counted"]);
}

#[test]
fn channels_with_equal_needs_share_one_stored_part() {
    let fake = Fake::new("fake");
    let addresses: Vec<String> = (0..300).map(|n| format!("c{n}")).collect();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let mut chat = with_channels(&fake, &addresses);
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid counted"]);
    let before = stored(&chat, "  #1  Squid counted");
    let ticked = block_on(chat.app().scheduler().tick(&*fake)).unwrap();
    assert_eq!((ticked.channels, ticked.roundups), (300, 300));
    assert_eq!((before, stored(&chat, "  #1  Squid counted")), (0, 1));
    assert_eq!(serve(&chat, &fake).len(), 300);
    assert_eq!(
        block_on(chat.app().scheduler().tick(&*fake))
            .unwrap()
            .channels,
        0
    );
    // Another style makes a part of its own, for all that share it.
    for address in &addresses[..100] {
        say(&chat, &fake, address, "/settings style summaries");
    }
    news(&mut chat, "2026-11-07.txt", "Japan", &["Ferry sails"]);
    block_on(chat.app().scheduler().tick(&*fake)).unwrap();
    assert_eq!(stored(&chat, "  #2  Ferry sails"), 2);
    assert_eq!(serve(&chat, &fake).len(), 300);
}

/// How many parts there are with a text in them.
fn stored(chat: &Chat, text: &str) -> i64 {
    chat.ground
        .count(&format!("parts WHERE wire LIKE '%{text}%'"))
}

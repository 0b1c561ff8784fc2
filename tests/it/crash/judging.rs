//! What is looked at when the crash test is over: every channel has what it should have, in order, and every message says what
//! its items say.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::refusals::NOWHERE;
use super::{BEHIND, CORRECTION, Place, Siege};
use tidings_core::ids::ChannelKey;

/// A message that has arrived.
#[derive(Debug)]
struct Heard {
    /// What the platform calls it.
    id: String,
    at: Instant,
    /// What it said when it was sent.
    sent: String,
    /// What it says now.
    says: String,
}

impl Siege {
    /// Whether a message that arrived then may have come again: it was in flight at a kill.
    fn may_repeat(&self, at: Instant) -> bool {
        let in_flight =
            |kill: &Instant| *kill + BEHIND > at && kill.saturating_duration_since(at) < BEHIND;
        let unwritten = |(from, to): &(Instant, Instant)| *from <= at && at <= *to;
        self.kills.iter().any(in_flight) || self.full.iter().any(unwritten)
    }

    /// What a channel has got.
    fn heard(&self, place: &Place) -> Vec<Heard> {
        let key = place.key.to_string();
        match key.split_once(':') {
            Some(("telegram", chat)) => {
                let chat = self.telegram.chat_of(chat.parse().unwrap());
                let messages = chat.messages().into_iter();
                let heard = messages.map(|message| Heard {
                    id: message.id.to_string(),
                    at: message.at,
                    sent: message.first,
                    says: message.raw,
                });
                heard.collect()
            }
            Some(("discord", channel)) => {
                let messages = self.discord.messages(channel.parse().unwrap());
                let heard = messages.into_iter().map(|message| Heard {
                    id: message.id.to_string(),
                    at: message.at,
                    sent: message.first.to_string(),
                    says: message.body.to_string(),
                });
                heard.collect()
            }
            _ => panic!("no platform of this test: {key}"),
        }
    }

    /// The headlines that a text holds.
    fn held(&self, text: &str) -> Vec<&String> {
        let titles = self.written.iter().map(|(title, _)| title);
        titles.filter(|title| text.contains(*title)).collect()
    }

    /// Looks at what every channel has got; returns how many parts and repeats there were.
    pub(super) fn judge(&self) -> (usize, usize) {
        let heard: BTreeMap<&ChannelKey, Vec<Heard>> = self
            .places
            .iter()
            .map(|place| (&place.key, self.heard(place)))
            .collect();
        let whole = self.whole();
        let (mut parts, mut repeats, mut again) = (0, 0, 0);
        for place in &self.places {
            let heard = &heard[&place.key];
            parts += heard.len();
            for (title, slug) in &self.written {
                let wanted = place.follows == "all" || place.follows == *slug;
                let copies: Vec<&Heard> = heard
                    .iter()
                    .filter(|message| message.sent.contains(title))
                    .collect();
                let story =
                    || format!("seed {}: {} of {}: {copies:?}", self.seed, title, place.key);
                if !wanted {
                    assert!(copies.is_empty(), "not followed: {}", story());
                    continue;
                }
                assert!(!copies.is_empty(), "lost: {}\n{}", story(), self.log());
                if place.key.platform() == "discord" {
                    assert_eq!(copies.len(), 1, "twice: {}", story());
                    continue;
                }
                for copy in &copies[..copies.len() - 1] {
                    repeats += 1;
                    assert!(
                        self.lost.is_some() || self.may_repeat(copy.at),
                        "twice, and not in flight: {}",
                        story()
                    );
                }
            }
            self.judge_order(place, heard, &whole);
            self.judge_corrections(place, heard);
            // A piece without a headline says what others say.
            let texts = heard.iter().map(|message| &message.sent);
            let texts: Vec<&String> = texts.filter(|text| !self.held(text).is_empty()).collect();
            again += texts.len() - texts.iter().collect::<BTreeSet<_>>().len();
        }
        if let Some(lost) = &self.lost {
            assert!(
                again <= lost.hits(),
                "seed {}: {again} repeats for {} lost answers",
                self.seed,
                lost.hits()
            );
        }
        (parts, repeats)
    }

    /// Every message says what its items say by now, and has those that it was sent with.
    fn judge_corrections(&self, place: &Place, heard: &[Heard]) {
        let key = &place.key;
        for (title, _) in &self.written {
            let number: usize = title[6..10].parse().unwrap();
            let corrected = format!("{title}{CORRECTION}");
            // Of what came twice, the ledger knows the last one.
            let last = heard.iter().rfind(|message| message.says.contains(title));
            if let Some(last) = last {
                assert_eq!(
                    last.says.contains(&corrected),
                    self.corrected.contains(&number),
                    "seed {}: {title} in {key}: {last:?}\n{}",
                    self.seed,
                    self.log()
                );
            }
        }
        for message in heard {
            assert_eq!(
                self.held(&message.sent),
                self.held(&message.says),
                "seed {}: a message of {key} has become another one: {message:?}",
                self.seed
            );
        }
    }

    /// The delivery of each message that is a piece of one, by the channel and what the platform calls the message.
    fn whole(&self) -> BTreeMap<(String, String), String> {
        let rows = self.ground.rows(
            "SELECT c.key, s.message_id, s.delivery_id FROM sent_pieces s
             JOIN deliveries d ON d.id = s.delivery_id JOIN channels c ON c.id = d.channel_id",
        );
        let pieces = rows.into_iter().map(|row| {
            let mut row = row.into_iter().flatten();
            let mut next = || row.next().expect("a value");
            ((next(), next()), next())
        });
        pieces.collect()
    }

    /// Later documents come later, but for what is repeated, and what was refused for a while. Pieces of one message hold what
    /// that held.
    fn judge_order(
        &self,
        place: &Place,
        heard: &[Heard],
        whole: &BTreeMap<(String, String), String>,
    ) {
        let key = place.key.to_string();
        let mut posts: Vec<(Option<&String>, Vec<usize>)> = Vec::new();
        let mut seen: Vec<&String> = Vec::new();
        // Of what came twice, the ledger knows the last one.
        for message in heard.iter().rev() {
            if seen.contains(&&message.sent) {
                continue;
            }
            let numbers = self.held(&message.sent).into_iter();
            let numbers = numbers.filter(|title| !title.contains(NOWHERE));
            let numbers = numbers.map(|title| title[6..10].parse::<usize>().unwrap());
            let post = whole.get(&(key.clone(), message.id.clone()));
            match posts.last_mut() {
                Some((last, held)) if post.is_some() && *last == post => held.extend(numbers),
                _ => posts.push((post, numbers.collect())),
            }
            seen.push(&message.sent);
        }
        let mut newest = 0;
        for (_, numbers) in posts.iter().rev() {
            let oldest = numbers.iter().min().copied().unwrap_or(newest);
            assert!(
                oldest >= newest,
                "seed {}: {} got {oldest} after {newest}",
                self.seed,
                place.key
            );
            newest = numbers.iter().max().copied().unwrap_or(newest).max(newest);
        }
    }
}

//! Waiting for what the bot does, without sleeping: every change wakes the waiting test.

use std::time::Duration;

use super::ledger::Request;
use super::world::{Message, World};
use super::{Chat, FakeTelegram, transcript};
use crate::fakes::clock::pause;

/// No test waits longer than this for anything.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn count(world: &World, method: &str) -> usize {
    let known = super::params::method(method).map_or(method, |known| known.0);
    world.counts.get(known).copied().unwrap_or(0)
}

impl FakeTelegram {
    /// Waits until `ready` finds what it looks for in the world; it must not ask the server for more. Fails
    /// the test, with all that was said, after 30 seconds.
    pub(crate) async fn wait_for<T>(
        &self,
        what: &str,
        mut ready: impl FnMut(&World) -> Option<T>,
    ) -> T {
        let mut changed = self.shared.changed.subscribe();
        // On the server's own clock: a test may have paused its own.
        let mut deadline = self.host.port.runtime().spawn(pause(PATIENCE));
        loop {
            changed.mark_unchanged();
            if let Some(found) = self.shared.with_quietly(|world| ready(world)) {
                deadline.abort();
                return found;
            }
            tokio::select! {
                _ = changed.changed() => {}
                _ = &mut deadline => panic!("waited in vain for {what}\n{}", self.report()),
            }
        }
    }

    /// Everything a failed test wants to know.
    pub(crate) fn report(&self) -> String {
        self.shared.with_quietly(|world| {
            let mut report = String::new();
            for chat in world
                .chats
                .values()
                .filter(|chat| !chat.timeline.is_empty())
            {
                let (kind, title) = (chat.kind.name(), &chat.title);
                report.push_str(&format!("===== {kind} {} {title}\n", chat.id));
                report.push_str(&transcript::render(world, chat.id));
            }
            report.push_str(&format!("===== requests: {:?}\n", world.counts));
            let first = world.requests.len().saturating_sub(10);
            for Request {
                method,
                body,
                status,
                ..
            } in &world.requests[first..]
            {
                report.push_str(&format!("{method} {body} -> {status:?}\n"));
            }
            report.push_str(&format!("===== violations: {:#?}\n", world.violations));
            report
        })
    }

    /// Waits until there were so many requests with this method (or "wrong token"); they are returned.
    pub(crate) async fn wait_for_request(&self, method: &str, at_least: usize) -> Vec<Request> {
        let what = format!("{at_least} × {method}");
        self.wait_for(&what, |world| {
            (count(world, method) >= at_least).then_some(())
        })
        .await;
        self.requests(method)
    }

    /// Waits until so many messages and text edits were carried out.
    pub(crate) async fn wait_for_accepted(&self, at_least: usize) {
        let what = format!("{at_least} messages in all");
        self.wait_for(&what, |world| (world.accepted >= at_least).then_some(()))
            .await;
    }

    /// Waits until a poll of the bot is waiting for updates.
    pub(crate) async fn wait_for_poll(&self) {
        self.wait_for("a waiting poll", |world| {
            (world.updates.waiting > 0).then_some(())
        })
        .await;
    }

    /// Waits until the bot has confirmed every update so far.
    pub(crate) async fn wait_until_confirmed(&self) {
        self.wait_for("the confirmation of all updates", |world| {
            world.updates.pending.is_empty().then_some(())
        })
        .await;
    }

    /// Waits for the bot's answer to a press; its text.
    pub(crate) async fn wait_for_answer(&self, id: &str) -> String {
        let what = format!("an answer to the press {id}");
        self.wait_for(&what, |world| {
            let answer = world.callbacks.get(id)?.answer.as_ref()?;
            Some(answer.text.clone())
        })
        .await
    }
}

impl Chat {
    /// The bot's messages that weren't deleted, oldest first.
    pub(crate) fn messages(&self) -> Vec<Message> {
        let read = |world: &World| world.chat(self.id()).bots_messages().cloned().collect();
        self.server().shared.with_quietly(|world| read(world))
    }

    /// Everybody's messages, deleted ones too.
    pub(crate) fn history(&self) -> Vec<Message> {
        let read = |world: &World| world.chat(self.id()).messages.values().cloned().collect();
        self.server().shared.with_quietly(|world| read(world))
    }

    /// The plain texts of the bot's messages.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.messages()
            .into_iter()
            .map(|message| message.text)
            .collect()
    }

    /// A message as it stands now.
    pub(crate) fn message(&self, id: i64) -> Message {
        let found = |world: &World| world.chat(self.id()).messages.get(&id).cloned();
        let found = self.server().shared.with_quietly(|world| found(world));
        found.unwrap_or_else(|| {
            panic!(
                "there is no message {id} in this chat\n{}",
                self.transcript()
            )
        })
    }

    /// How many messages the bot has sent here.
    pub(crate) fn sent(&self) -> usize {
        self.server()
            .shared
            .with_quietly(|world| world.chat(self.id()).sent.len())
    }

    /// Waits until the bot has sent so many messages here; they are returned, without the deleted ones.
    pub(crate) async fn wait_for_messages(&self, at_least: usize) -> Vec<Message> {
        let what = format!("{at_least} messages in the chat {}", self.id());
        let there = |world: &World| (world.chat(self.id()).sent.len() >= at_least).then_some(());
        self.server().wait_for(&what, there).await;
        self.messages()
    }

    /// Waits for the bot's first message after the one with this id.
    pub(crate) async fn wait_for_reply(&self, after: i64) -> Message {
        let what = format!("a message after {after} in the chat {}", self.id());
        self.server()
            .wait_for(&what, |world| {
                let chat = world.chat(self.id());
                let next = chat.sent.iter().find(|id| **id > after)?;
                chat.messages.get(next).cloned()
            })
            .await
    }

    /// Waits until a message was edited so often; it is returned.
    pub(crate) async fn wait_for_edit(&self, id: i64, at_least: usize) -> Message {
        let what = format!(
            "{at_least} edits of the message {id} in the chat {}",
            self.id()
        );
        self.server()
            .wait_for(&what, |world| {
                let message = world.chat(self.id()).messages.get(&id)?;
                (message.edits >= at_least).then(|| message.clone())
            })
            .await
    }

    /// The conversation as text, for snapshots: no ids, no dates.
    pub(crate) fn transcript(&self) -> String {
        self.server()
            .shared
            .with_quietly(|world| transcript::render(world, self.id()))
    }
}

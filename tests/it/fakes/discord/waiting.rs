//! Waiting for what the bot does, without sleeping: every change wakes the waiting test.

use std::time::Duration;

use super::world::{Message, World};
use super::{FakeDiscord, transcript};
use crate::fakes::clock::pause;

/// No test waits longer than this for anything.
const PATIENCE: Duration = Duration::from_secs(30);

impl FakeDiscord {
    /// Waits until `ready` finds what it looks for. Fails the test, with all that was said, after 30 seconds.
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
            if let Some(found) = self.look(&mut ready) {
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
        self.look(|world| {
            let mut report = String::new();
            for (id, channel) in world
                .channels
                .iter()
                .filter(|(_, c)| !c.messages.is_empty())
            {
                report.push_str(&format!("===== #{} {id}\n", channel.name));
                report.push_str(&transcript::of_messages(world, &channel.messages));
            }
            let first = world.requests.len().saturating_sub(15);
            for request in &world.requests[first..] {
                let (path, body, status) = (&request.path, &request.body, request.status);
                report.push_str(&format!("{} {path} {body} -> {status:?}\n", request.route));
            }
            report.push_str(&format!("===== violations: {:#?}\n", world.violations));
            report
        })
    }

    /// Waits until so many shards are connected.
    pub(crate) async fn wait_for_shards(&self, count: usize) {
        self.wait_for("connected shards", |world| {
            (world.connected == count).then_some(())
        })
        .await;
    }

    /// Waits until a channel holds so many messages; they are returned as people read them.
    pub(crate) async fn wait_for_messages(&self, channel: u64, at_least: usize) -> String {
        let what = format!("{at_least} messages");
        self.wait_for(&what, |world| {
            let messages = &world.channels.get(&channel)?.messages;
            (messages.len() >= at_least).then(|| transcript::of_messages(world, messages))
        })
        .await
    }

    /// The messages of a channel.
    pub(crate) fn messages(&self, channel: u64) -> Vec<Message> {
        self.look(|world| world.channels[&channel].messages.clone())
    }

    /// The posts of a forum, oldest first.
    pub(crate) fn posts(&self, forum: u64) -> Vec<u64> {
        self.look(|world| {
            let threads = world
                .channels
                .iter()
                .filter(|(_, c)| c.parent == Some(forum));
            threads.map(|(id, _)| *id).collect()
        })
    }
}

//! `/pause`: stop deliveries; nothing is lost.

use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use tidings_core::channel::{ChannelRow, Pause, PausedBy};
use tidings_core::language::Value;
use tidings_core::post::Line;
use tidings_store::Writer;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "pause",
    run: Run::Writes(|request, db, _| run(request, db)),
    ..CommandSpec::CHANGE
};

/// Why a platform takes nothing, as it is kept where the words are ours, and the text that says it in the asker's
/// language. Others are the platform's own.
const REASONS: &[(&str, &str)] = &[
    ("the bot was blocked", "reason-blocked"),
    ("the bot was removed", "reason-removed"),
    (
        "the bot was removed from the server",
        "reason-removed-from-server",
    ),
    ("the bot may not write here", "reason-may-not-write"),
    (
        "the bot is no administrator of the channel",
        "reason-no-administrator",
    ),
    ("the bot may not post in the channel", "reason-may-not-post"),
    ("the channel was deleted", "reason-channel-deleted"),
    ("the thread was deleted", "reason-thread-deleted"),
    ("the topic is closed", "reason-topic-closed"),
    (
        "messages can't be posted in this kind of channel",
        "reason-no-messages",
    ),
    ("I can’t see this place", "reason-unseen"),
    ("I lack a permission there", "reason-lacking"),
];

fn run(request: &Request<'_>, db: &Writer<'_>) -> Result<Reply, CommandError> {
    let channel = db.channel_or_new(&request.channel, request.now)?;
    let by_manager = |pause: &Pause| pause.by == PausedBy::Manager;
    if channel.pause.as_ref().is_some_and(by_manager)
        && let Some(line) = request.pause_line(&channel)
    {
        return Ok(line.into());
    }
    let pause = Pause {
        by: PausedBy::Manager,
        since: request.now,
        reason: None,
    };
    db.set_pause(channel.id, Some(&pause))?;
    Ok(request.say.line("paused", &[]).into())
}

impl Request<'_> {
    /// Why nothing is delivered, if nothing is. What the platform lacks at this moment says more than what it said when
    /// it refused; a manager's pause needs nothing of the platform's.
    pub(super) fn pause_line(&self, channel: &ChannelRow) -> Option<Line> {
        match (&channel.pause, self.hindrance) {
            (Some(pause), _) if pause.by == PausedBy::Manager => {
                Some(self.stopped("paused-since", pause, channel))
            }
            (_, Some(hindrance)) => Some(hindrance.clone()),
            (Some(pause), None) => Some(self.stopped("paused-by-platform", pause, channel)),
            (None, None) => None,
        }
    }

    /// What is said besides of a change while nothing is delivered: how deliveries go on, or what the platform said.
    pub(super) fn still_paused(&self, channel: &ChannelRow) -> Option<Line> {
        match &channel.pause {
            Some(pause) if pause.by == PausedBy::Manager => {
                Some(self.say.line("still-paused", &[]))
            }
            _ => self.pause_line(channel),
        }
    }

    /// Why nothing was delivered until this was asked, if that was so: what comes next is tried anew.
    pub(super) fn lifted_line(&self, channel: &ChannelRow) -> Option<Line> {
        let lifted = self.lifted.filter(|_| channel.pause.is_none())?;
        Some(self.stopped("paused-until-now", lifted, channel))
    }

    fn stopped(&self, key: &str, pause: &Pause, channel: &ChannelRow) -> Line {
        let since = self
            .say
            .moment(pause.since, self.now, &self.zone(Some(channel)));
        let reason = pause.reason.clone().unwrap_or_default();
        let ours = REASONS.iter().find(|(kept, _)| *kept == reason);
        let ours = ours.map(|(_, key)| *key);
        let plain = ours.or_else(|| self.platform.in_plain_words(&reason));
        let reason = plain.map_or(reason, |key| self.say.text(key, &[]));
        let values = [("since", Value::Text(&since)), ("reason", (&reason).into())];
        self.say.line(key, &values)
    }
}

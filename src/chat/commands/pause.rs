//! `/pause [how long]`: stop deliveries, for a while or until `/resume`; nothing is lost.

use jiff::Timestamp;

use super::arguments::{echo, unquote};
use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::spec::{Argument, ArgumentKind};
use tidings_core::channel::{ChannelRow, Pause, PausedBy};
use tidings_core::language::when::{HowLong, HowLongError};
use tidings_core::language::{Localizer, Value};
use tidings_core::platform::ChatPlatform;
use tidings_core::post::Line;
use tidings_core::schedule::Zone;
use tidings_store::WriteTx;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "pause",
    arguments: &[Argument {
        name: "how-long",
        kind: ArgumentKind::HowLong,
        required: false,
    }],
    example: "3d",
    run: Run::Writes(run),
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

fn run(request: &Request<'_>, db: &WriteTx<'_>, words: &str) -> Result<Reply, CommandError> {
    let words = unquote(words);
    let channel = db.channel_or_new(&request.channel, request.now)?;
    let zone = request.zone(Some(&channel));
    let until = match words {
        "" => None,
        words => Some(request.moment_of(words, &zone)?),
    };
    let by_manager = |pause: &&Pause| pause.by == PausedBy::Manager;
    let before = channel.pause.as_ref().filter(by_manager);
    if before.is_none_or(|pause| pause.until != until) {
        db.pause_by_manager(&channel, until, request.now)?;
    }
    let line = match (before, until) {
        (Some(pause), _) if pause.until == until => {
            request.pause_line(&channel).unwrap_or_default()
        }
        (Some(_), None) => request.say.line("pause-endless-now", &[]),
        (None, None) => request.say.line("paused", &[]),
        (Some(_), Some(until)) => request.paused_until("pause-until-now", until, &zone),
        (None, Some(until)) => request.paused_until("paused-until", until, &zone),
    };
    Ok(line.into())
}

/// Why a platform takes nothing, in words.
pub fn pause_reason(
    say: Localizer<'_>,
    platform: Option<&dyn ChatPlatform>,
    reason: &str,
) -> String {
    let ours = REASONS.iter().find(|(kept, _)| *kept == reason);
    let ours = ours.map(|(_, key)| *key);
    let plain = ours.or_else(|| platform?.in_plain_words(reason));
    plain.map_or_else(|| reason.to_owned(), |key| say.text(key, &[]))
}

impl Request<'_> {
    /// The moment until which somebody's words say.
    fn moment_of(&self, words: &str, zone: &Zone) -> Result<Timestamp, CommandError> {
        let ends = HowLong::parse(words).and_then(|how_long| how_long.ends(self.now, zone));
        let got = echo(words);
        Err(match ends {
            Ok(until) => return Ok(until),
            Err(HowLongError::NotATime { got }) => {
                self.mistake("how-long-not-a-time", &[("got", (&got).into())])
            }
            Err(HowLongError::Unknown { got }) => {
                self.mistake("how-long-unknown", &[("got", (&got).into())])
            }
            Err(HowLongError::Zero) => self.mistake("how-long-zero", &[]),
            Err(HowLongError::TooLong) => self.mistake("how-long-too-long", &[]),
            Err(HowLongError::Past) => self.mistake("how-long-past", &[("got", (&got).into())]),
            Err(HowLongError::Either { first, second }) => {
                let said = |at| self.say.moment(at, self.now, zone);
                let typed = |at: Timestamp| {
                    let there = at.to_zoned(zone.tz().clone());
                    let typed = there.strftime("%Y-%m-%d %H:%M").to_string();
                    typed.trim_end_matches(" 00:00").to_owned()
                };
                let (nearer, later) = (typed(first), typed(second));
                let (first, second) = (said(first), said(second));
                let values = [
                    ("got", Value::Text(&got)),
                    ("first", (&first).into()),
                    ("second", (&second).into()),
                    ("nearer", (&nearer).into()),
                    ("later", (&later).into()),
                ];
                self.mistake("how-long-either", &values)
            }
        })
    }

    /// That a pause lasts until a moment.
    fn paused_until(&self, key: &str, until: Timestamp, zone: &Zone) -> Line {
        let moment = self.say.moment(until, self.now, zone);
        let wait = self.say.wait(until, self.now);
        let values = [
            ("until", Value::Text(&moment)),
            ("zone", zone.name().into()),
            ("wait", (&wait).into()),
        ];
        self.say.line(key, &values)
    }

    /// Why nothing is delivered, if nothing is. What the platform lacks at this moment says more than what it said when
    /// it refused; a manager's pause needs nothing of the platform's.
    pub(super) fn pause_line(&self, channel: &ChannelRow) -> Option<Line> {
        match (&channel.pause, self.hindrance) {
            (Some(pause), _) if pause.by == PausedBy::Manager => {
                let key = match pause.until {
                    Some(_) => "paused-since-until",
                    None => "paused-since",
                };
                Some(self.stopped(key, pause, channel))
            }
            (_, Some(hindrance)) => Some(hindrance.clone()),
            (Some(pause), None) => Some(self.stopped("paused-by-platform", pause, channel)),
            (None, None) => None,
        }
    }

    /// What is said besides of a change while nothing is delivered: how deliveries go on, or what the platform said.
    pub(super) fn still_paused(&self, channel: &ChannelRow) -> Option<Line> {
        match &channel.pause {
            Some(pause) if pause.by == PausedBy::Manager => match pause.until {
                Some(_) => Some(self.stopped("still-paused-until", pause, channel)),
                None => Some(self.say.line("still-paused", &[])),
            },
            _ => self.pause_line(channel),
        }
    }

    /// Why nothing was delivered until this was asked, if that was so: what comes next is tried anew.
    pub(super) fn lifted_line(&self, channel: &ChannelRow) -> Option<Line> {
        let lifted = self.lifted.filter(|_| channel.pause.is_none())?;
        Some(self.stopped("paused-until-now", lifted, channel))
    }

    fn stopped(&self, key: &str, pause: &Pause, channel: &ChannelRow) -> Line {
        let zone = self.zone(Some(channel));
        let moment = |at| self.say.moment(at, self.now, &zone);
        let since = moment(pause.since);
        let until = pause.until.map(moment).unwrap_or_default();
        let reason = pause.reason.as_deref().unwrap_or_default();
        let reason = pause_reason(self.say, Some(self.platform), reason);
        let values = [
            ("since", Value::Text(&since)),
            ("until", (&until).into()),
            ("reason", (&reason).into()),
        ];
        self.say.line(key, &values)
    }
}

//! How things stand, computed once for all who tell it: `/status` and `tidings status`, the metrics, `/readyz`, and the
//! operator's notices. Words, and what is long enough to be worth telling, are theirs.

mod sharing;

use jiff::{SignedDuration, Timestamp};
use url::Url;

pub use sharing::{ProcessStanding, Sharing};

use tidings_core::addresses::redacted_url;
use tidings_core::channel::{ChannelRow, SubscriptionRow};
use tidings_core::ids::ChannelKey;
use tidings_store::{
    FailedDocument, Incident, PlatformState, Queue, ReadTx, SourceState, StoreError,
};

/// How the bot stands at one moment.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Items that readers can see.
    pub items: i64,
    /// Every platform that was ever run.
    pub platforms: Vec<PlatformState>,
    /// Every source.
    pub sources: Vec<SourceStanding>,
    /// Parts on their way: those of the channel that was asked about, or all.
    pub queue: Queue,
}

impl Standing {
    /// How everything stands. `sources` are the configured ones; the queue is that of one channel where one is named.
    pub fn read<'a>(
        db: &ReadTx<'_>,
        sources: impl Iterator<Item = &'a str>,
        channel: Option<&ChannelKey>,
    ) -> Result<Standing, StoreError> {
        Ok(Standing {
            items: db.totals()?.items,
            platforms: db.platforms()?,
            sources: self::sources(db, sources)?,
            queue: db.queue(channel)?,
        })
    }

    /// When something was last loaded from a source of the configuration.
    pub fn loaded_at(&self) -> Option<Timestamp> {
        let configured = self.configured();
        configured.filter_map(SourceStanding::loaded_at).max()
    }

    /// The sources of the configuration, in its order.
    pub fn configured(&self) -> impl Iterator<Item = &SourceStanding> {
        self.sources.iter().filter(|source| source.is_configured)
    }
}

/// How a source stands.
#[derive(Clone, Debug)]
pub struct SourceStanding {
    /// Its name.
    pub name: String,
    /// Whether the configuration has it. An archive that was loaded names others.
    pub is_configured: bool,
    /// What is known of it, once it was looked at.
    pub state: Option<SourceState>,
}

/// A source that is elsewhere than the configuration says, or seems to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relocation {
    /// The configured address, as others may see it.
    pub from: String,
    /// Where that leads, as others may see it.
    pub to: String,
    /// Since when it is seen, while that isn't long enough to be believed.
    pub since: Option<Timestamp>,
}

impl SourceStanding {
    /// When it was last loaded without trouble.
    pub fn loaded_at(&self) -> Option<Timestamp> {
        self.state.as_ref()?.last_success_at
    }

    /// What is wrong with it as a whole.
    pub fn error(&self) -> Option<&str> {
        self.state.as_ref()?.last_error.as_deref()
    }

    /// Returns true if it, or one of its documents, can't be read.
    pub fn is_failing(&self) -> bool {
        let is_failing =
            |state: &SourceState| state.last_error.is_some() || !state.failed.is_empty();
        self.state.as_ref().is_some_and(is_failing)
    }

    /// The documents that can't be read. What is wrong with the one document of a web page is what is wrong with the
    /// source, and isn't told twice.
    pub fn failed_documents(&self) -> impl Iterator<Item = &FailedDocument> {
        let failed = self.state.iter().flat_map(|state| &state.failed);
        failed.filter(|document| self.error() != Some(&document.reason))
    }

    /// Where it has moved, or is seen to.
    pub fn relocation(&self) -> Option<Relocation> {
        let state = self.state.as_ref()?;
        // A source keeps its address as it was written, keys and all.
        let shown = |address: &str| Url::parse(address).ok().map(|url| redacted_url(&url));
        let from = shown(state.address.as_deref()?)?;
        let (to, since) = match (&state.moved_to, &state.moving) {
            (Some(to), _) => (to, None),
            (None, Some((to, since))) => (to, Some(*since)),
            (None, None) => return None,
        };
        let to = shown(to)?;
        Some(Relocation { from, to, since })
    }
}

/// The configured sources in their order, then those that were ever looked at besides.
pub fn sources<'a>(
    db: &ReadTx<'_>,
    configured: impl Iterator<Item = &'a str>,
) -> Result<Vec<SourceStanding>, StoreError> {
    let mut known = db.sources()?;
    let mut sources: Vec<SourceStanding> = configured
        .map(|name| SourceStanding {
            name: name.to_owned(),
            is_configured: true,
            state: known
                .iter()
                .position(|state| state.name == name)
                .map(|at| known.remove(at)),
        })
        .collect();
    let others = known.into_iter().filter(|s| s.last_pass_at.is_some());
    sources.extend(others.map(|state| SourceStanding {
        name: state.name.clone(),
        is_configured: false,
        state: Some(state),
    }));
    Ok(sources)
}

/// A channel with what it follows.
#[derive(Clone, Debug)]
pub struct ChannelStanding {
    /// The channel.
    pub channel: ChannelRow,
    /// What it follows.
    pub subscriptions: Vec<SubscriptionRow>,
}

/// When a channel gets something next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upcoming {
    /// Never: it follows nothing.
    Nothing,
    /// As soon as there is something.
    AsItComes,
    /// As soon as there is something, until a moment; what comes later waits for another one.
    AsItComesUntil(Timestamp, Timestamp),
    /// At a time.
    Roundup(Timestamp),
}

impl ChannelStanding {
    /// How a channel stands.
    pub fn of(db: &ReadTx<'_>, channel: ChannelRow) -> Result<ChannelStanding, StoreError> {
        Ok(ChannelStanding {
            subscriptions: db.subscriptions(channel.id)?,
            channel,
        })
    }

    /// When it gets something next, as far as it isn't paused.
    pub fn upcoming(&self, now: Timestamp) -> Upcoming {
        let rows = || self.subscriptions.iter();
        if let Some(next) = rows().filter_map(|row| row.next_roundup(now)).min() {
            return Upcoming::Roundup(next);
        }
        if rows().next().is_none() {
            return Upcoming::Nothing;
        }
        let windows = rows().filter_map(|row| row.open_until.zip(row.next_at));
        match windows.min() {
            Some((end, next)) if rows().all(|row| row.cadence.is_windowed()) => {
                Upcoming::AsItComesUntil(end, next)
            }
            _ => Upcoming::AsItComes,
        }
    }
}

/// How a platform's outbox stands.
#[derive(Clone, Debug)]
pub struct OutboxStanding {
    /// How long the most overdue roundup has been due.
    pub lag: SignedDuration,
    /// Its parts.
    pub queue: Queue,
    /// How long the oldest of them has waited.
    pub age: SignedDuration,
}

impl OutboxStanding {
    /// How a platform's outbox stands at a moment.
    pub fn of(
        db: &ReadTx<'_>,
        platform: &str,
        now: Timestamp,
    ) -> Result<OutboxStanding, StoreError> {
        // What is due later isn't late.
        let since = |at: Option<Timestamp>| {
            let time = at.map_or(SignedDuration::ZERO, |at| now.duration_since(at));
            time.max(SignedDuration::ZERO)
        };
        let queue = db.queue_of(platform)?;
        Ok(OutboxStanding {
            lag: since(db.next_due(platform)?),
            age: since(queue.oldest),
            queue,
        })
    }
}

/// How everything stands, for whoever looks after it.
#[derive(Clone, Debug)]
pub struct Overall {
    /// Sources, platforms and the queue.
    pub standing: Standing,
    /// What the operator was told and isn't over.
    pub incidents: Vec<Incident>,
    /// Channels that want nothing of us.
    pub stopped: usize,
    /// Channels that are due next, the soonest first: at most [`SOONEST`].
    pub soonest: Vec<ChannelStanding>,
    /// How many parts arrived in each hour of the last day, the first hour first.
    pub arrived: [usize; 24],
}

/// Channels that [`Overall`] names as due next.
pub const SOONEST: usize = 10;

/// Something that somebody should look at.
#[derive(Clone, Copy, Debug)]
pub enum Need<'o> {
    /// A platform that can't be reached.
    Platform(&'o PlatformState),
    /// A source that can't be read.
    Source(&'o SourceStanding),
    /// Parts that were refused for good.
    Dead(usize),
    /// Channels that don't want us.
    Stopped(usize),
    /// Anything else that was told.
    Incident(&'o Incident),
}

/// How incidents begin that are about what stands under [`Need`] by itself.
const TOLD_OTHERWISE: [&str; 3] = ["platform:", "source:", "refused:"];

/// Whether what the operator was told stands neither under a source or a platform nor among refused parts.
pub fn is_told_nowhere_else(incident: &Incident) -> bool {
    let mut otherwise = TOLD_OTHERWISE.iter();
    !otherwise.any(|begins| incident.key.starts_with(begins))
}

impl Overall {
    /// How everything stands. `sources` are the configured ones.
    pub fn read<'a>(
        db: &ReadTx<'_>,
        sources: impl Iterator<Item = &'a str>,
        now: Timestamp,
    ) -> Result<Overall, StoreError> {
        let soonest = db.soonest_channels(SOONEST)?.into_iter();
        let soonest = soonest.map(|channel| ChannelStanding::of(db, channel));
        Ok(Overall {
            standing: Standing::read(db, sources, None)?,
            incidents: db.incidents()?,
            stopped: db.stopped_channels()?,
            soonest: soonest.collect::<Result<_, _>>()?,
            arrived: db.arrived_by_hour(now)?,
        })
    }

    /// What somebody should look at, the gravest first; nothing if all is well.
    pub fn needs(&self) -> Vec<Need<'_>> {
        let platforms = self.standing.platforms.iter();
        let platforms = platforms.filter(|platform| platform.trouble.is_some());
        let sources = self
            .standing
            .configured()
            .filter(|source| source.is_failing());
        let dead = self.standing.queue.dead;
        let others = self.incidents.iter();
        let others = others.filter(|incident| is_told_nowhere_else(incident));
        let mut needs: Vec<Need<'_>> = platforms.map(Need::Platform).collect();
        needs.extend(sources.map(Need::Source));
        needs.extend(others.map(Need::Incident));
        needs.extend((dead > 0).then_some(Need::Dead(dead)));
        needs.extend((self.stopped > 0).then_some(Need::Stopped(self.stopped)));
        needs
    }

    /// The channels that get a roundup next, the soonest first.
    pub fn next_roundups(&self, now: Timestamp) -> Vec<(Timestamp, &ChannelStanding)> {
        let mut next: Vec<_> = self
            .soonest
            .iter()
            .filter_map(|standing| match standing.upcoming(now) {
                Upcoming::Roundup(at) => Some((at, standing)),
                _ => None,
            })
            .collect();
        next.sort_by_key(|(at, standing)| (*at, standing.channel.id));
        next
    }
}

/// A platform as its users write it.
pub fn titled(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

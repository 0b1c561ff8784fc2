//! The rules of subscribing: what a channel follows, from when on, and what it set for itself.

use jiff::Timestamp;

use crate::locales::Locale;
use crate::post::Manner;
use crate::schedules::Cadence;
use crate::schedules::Zone;
use crate::settings::Defaults;
use crate::store::{ChannelRow, StoreError, SubscriptionRow, Target, Writer};

/// How much of an item a roundup shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Style {
    /// The headline alone.
    #[default]
    Headlines,
    /// The headline with its summary.
    Summaries,
}

impl Style {
    /// Both.
    pub const ALL: [Style; 2] = [Style::Headlines, Style::Summaries];

    /// Its name in `/settings`.
    pub fn name(self) -> &'static str {
        match self {
            Style::Headlines => "headlines",
            Style::Summaries => "summaries",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Style> {
        Style::ALL.into_iter().find(|style| style.name() == name)
    }
}

/// The most items of one roundup, unless the channel says otherwise (design.md, promise 5).
pub const DEFAULT_CAP: u32 = 25;

/// The greatest cap that a channel may set: beyond this a roundup is a flood again.
pub const GREATEST_CAP: u32 = 100;

/// What a channel set for itself; `None` takes the operator's default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChannelSettings {
    /// The zone its schedules are read in.
    pub timezone: Option<Zone>,
    /// The language of its posts.
    pub locale: Option<Locale>,
    /// How much its roundups show.
    pub style: Option<Style>,
    /// Whether posts arrive without a sound, where the platform can.
    pub silent: Option<bool>,
    /// Who is mentioned, where the platform can; the platform's own notation.
    pub role: Option<String>,
    /// The most items of one roundup.
    pub cap: Option<u32>,
    /// Whether posts are published to followers, where the platform can.
    pub publish: Option<bool>,
    /// Whether posts show previews of their links, where the platform can.
    pub previews: Option<bool>,
}

impl ChannelSettings {
    /// The zone that counts.
    pub fn zone<'a>(&'a self, defaults: &'a Defaults) -> &'a Zone {
        self.timezone.as_ref().unwrap_or(&defaults.timezone)
    }

    /// How its posts are to arrive.
    pub fn manner(&self) -> Manner {
        Manner {
            silent: self.silent.unwrap_or(false),
            previews: self.previews.unwrap_or(false),
            publish: self.publish.unwrap_or(false),
            role: self.role.clone(),
        }
    }

    /// The language that counts.
    pub fn language(&self, defaults: &Defaults) -> Locale {
        self.locale.unwrap_or(defaults.locale)
    }
}

/// What became of a wish to follow something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subscribed {
    /// It is followed from now on.
    New(SubscriptionRow),
    /// It was followed already, like this.
    Already(SubscriptionRow),
}

/// Lets a channel follow a target. A new subscription starts from now, unless `all` brought the section
/// before: then it goes on where that stands.
///
/// # Errors
/// [`StoreError`].
pub fn subscribe(
    store: &Writer<'_>,
    channel: &ChannelRow,
    target: Target,
    cadence: Cadence,
    zone: &Zone,
    now: Timestamp,
) -> Result<Subscribed, StoreError> {
    let rows = store.subscriptions(channel.id)?;
    if let Some(row) = rows.iter().find(|row| row.target == target) {
        return Ok(Subscribed::Already(row.clone()));
    }
    let covering = rows.iter().find(|row| row.target == Target::All);
    let row = SubscriptionRow {
        target,
        cursor: match covering {
            Some(all) => all.cursor,
            None => store.newest_push()?,
        },
        next_at: cadence.next_after(now, zone.tz()),
        cadence,
    };
    store.save_subscription(channel, &row, now)?;
    Ok(Subscribed::New(row))
}

/// Changes when a subscription is served. What waits for it goes on waiting.
///
/// # Errors
/// [`StoreError`].
pub fn reschedule(
    store: &Writer<'_>,
    channel: &ChannelRow,
    row: &SubscriptionRow,
    cadence: Cadence,
    zone: &Zone,
    now: Timestamp,
) -> Result<SubscriptionRow, StoreError> {
    let row = SubscriptionRow {
        next_at: cadence.next_after(now, zone.tz()),
        cadence,
        ..row.clone()
    };
    store.save_subscription(channel, &row, now)?;
    Ok(row)
}

/// Ends a subscription; `false` if there was none. Where `all` takes the section over, the channel
/// neither loses what it is owed nor gets again what it has.
///
/// # Errors
/// [`StoreError`].
pub fn unsubscribe(
    store: &Writer<'_>,
    channel: &ChannelRow,
    target: Target,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rows = store.subscriptions(channel.id)?;
    let Some(row) = rows.iter().find(|row| row.target == target) else {
        return Ok(false);
    };
    let all = rows.iter().find(|row| row.target == Target::All);
    if let (Some(all), Target::Section(section)) = (all, target) {
        if row.cursor > all.cursor {
            store.mark_delivered(channel.id, section, all.cursor, row.cursor)?;
        } else if row.cursor < all.cursor {
            for other in store.sections()? {
                let own = rows.iter().any(|r| r.target == Target::Section(other.id));
                if !own {
                    store.mark_delivered(channel.id, other.id, row.cursor, all.cursor)?;
                }
            }
            let lowered = SubscriptionRow {
                cursor: row.cursor,
                ..all.clone()
            };
            store.save_subscription(channel, &lowered, now)?;
        }
    }
    store.delete_subscription(channel.id, target)?;
    Ok(true)
}

/// Reads all schedules of a channel anew, after its zone has changed.
///
/// # Errors
/// [`StoreError`].
pub fn rezone(
    store: &Writer<'_>,
    channel: &ChannelRow,
    zone: &Zone,
    now: Timestamp,
) -> Result<(), StoreError> {
    for row in store.subscriptions(channel.id)? {
        // A slot that is overdue stays so: its roundup is still owed.
        if row.next_at.is_some_and(|next| next <= now) {
            continue;
        }
        let cadence = row.cadence.clone();
        reschedule(store, channel, &row, cadence, zone, now)?;
    }
    Ok(())
}

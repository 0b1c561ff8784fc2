//! The rules of subscribing: what a channel follows, from when on, and what it set for itself.

use jiff::Timestamp;

use tidings_core::channel::{ChannelRow, SubscriptionRow, Target};
use tidings_core::schedule::{Cadence, Zone};
use tidings_store::{StoreError, Writer};

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
    if target == Target::All {
        store.note_left_all(channel.id, now)?;
    }
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

//! Slots set right after the clock, or what is known of a time zone, has changed under them.
//!
//! | what happened | what becomes of slots |
//! |---|---|
//! | the clock went forward, or the machine slept | what was missed comes in one catch-up, as after downtime |
//! | it went back by less than half a day | nothing: what was served isn't served again, the next slot stays |
//! | a slot lies further ahead than its cadence allows: it was reckoned by a clock that was wrong for a while | it is reckoned from now |
//! | it went back further: it was wrong before | the next slot is reckoned from now, so nobody waits for a slot that is days away. Items aren't repeated |
//! | it is earlier than a subscription: it is wrong now | nothing, until it is set right |
//! | a zone's rules changed | a slot that is none any more is replaced by the next one |
//!
//! A window of the day is the one that the clock says, however the clock came to say so: what was posted in it isn't
//! posted again when it begins once more.

use jiff::{SignedDuration, Timestamp};

use tidings_core::channel::{Defaults, open_until};
use tidings_core::schedule::{Cadence, Zone};
use tidings_store::{Slot, Store, StoreError};

/// A clock that goes back by more than this was wrong before. Half a day: more than any time zone set by mistake,
/// less than a slot of most cadences.
pub const WRONG: SignedDuration = SignedDuration::from_hours(12);

/// No clock was right before this moment, the beginning of 2026: the program is younger. In seconds since 1970.
const BEGINNING: i64 = 1_767_225_600;

/// Whether a clock can be right.
pub fn is_plausible(now: Timestamp) -> bool {
    now.as_second() >= BEGINNING
}

/// The last slot of a cadence that anybody may wait for at a moment: what a clock that is right, or was ahead by no more
/// than [`WRONG`], has reckoned isn't beyond it.
pub fn furthest(cadence: &Cadence, now: Timestamp, zone: &Zone) -> Option<Timestamp> {
    let latest = now.checked_add(WRONG).unwrap_or(now);
    cadence.next_after(latest, zone.tz())
}

/// What is wrong with a slot that somebody waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It lies further ahead than its cadence allows.
    TooFar,
    /// Its zone, or the clock, has changed under it.
    Changed,
}

/// What is wrong with a slot, and the one that is right.
pub fn fault(
    cadence: &Cadence,
    slot: Timestamp,
    now: Timestamp,
    zone: &Zone,
    went_back: bool,
) -> Option<(Fault, Timestamp)> {
    if slot <= now || !is_plausible(now) {
        return None;
    }
    let after = |moment| cadence.next_after(moment, zone.tz());
    let next = after(now).filter(|next| *next != slot)?;
    if furthest(cadence, now, zone).is_some_and(|furthest| slot > furthest) {
        return Some((Fault::TooFar, next));
    }
    let before = slot.checked_sub(SignedDuration::from_secs(1));
    let is_slot = before.is_ok_and(|before| after(before) == Some(slot));
    (went_back || !is_slot).then_some((Fault::Changed, next))
}

/// The start of the next window, where another one is waited for or the window that has begun isn't the one that is
/// noted.
fn window_fault(slot: &Slot, now: Timestamp, zone: &Zone) -> Option<(Fault, Timestamp)> {
    if slot.next_at <= now || !is_plausible(now) {
        return None;
    }
    let next = slot.cadence.next_after(now, zone.tz())?;
    let is_right = next == slot.next_at && open_until(&slot.cadence, zone, now) == slot.open_until;
    (!is_right).then_some((Fault::Changed, next))
}

/// How exactly the clock is kept in mind.
const EXACTLY: SignedDuration = SignedDuration::from_mins(1);

/// Notes what time it is; says whether the clock has gone back so far that it was wrong before.
pub async fn note_clock(store: &Store, now: Timestamp) -> Result<bool, StoreError> {
    let clock = store.read(|db| db.clock()).await?;
    let went_back = clock.is_some_and(|clock| clock.duration_since(now) > WRONG);
    let is_old = clock.is_none_or(|clock| now.duration_since(clock) >= EXACTLY);
    let went_far = clock.is_some_and(|clock| now.duration_since(clock) > STEADY);
    if went_back || is_old {
        let noted = store.write(|db| {
            if went_back || went_far {
                db.set_steady_since(now)?;
            }
            db.set_clock(now)
        });
        noted.await?;
    }
    Ok(went_back)
}

/// How long a clock has to go on steadily until anything is erased by it.
const STEADY: SignedDuration = SignedDuration::from_hours(24);

/// Whether a clock can be trusted for what can't be undone: it has gone on steadily for a day. After a longer downtime, or
/// where it was wrong, nobody knows yet.
pub async fn is_steady(store: &Store, now: Timestamp) -> Result<bool, StoreError> {
    let since = store.read(|db| db.steady_since()).await?;
    Ok(since.is_none_or(|since| now.duration_since(since) >= STEADY))
}

/// Looks at every slot that somebody waits for, and sets those right that can't be meant. Returns how many
/// subscriptions wait for another slot now.
///
/// # Errors
/// [`StoreError`]; then none is changed.
pub async fn repair(
    store: &Store,
    defaults: &Defaults,
    now: Timestamp,
    went_back: bool,
) -> Result<usize, StoreError> {
    let slots = store.read(|db| db.slots()).await?;
    let mut wrong = Vec::new();
    for slot in slots {
        let zone = match &slot.timezone {
            Some(name) => Zone::named(name).map_err(|_| StoreError::Unexpected {
                what: "a zone",
                value: name.clone(),
            })?,
            None => defaults.timezone.clone(),
        };
        let found = if slot.cadence.is_windowed() {
            window_fault(&slot, now, &zone)
        } else {
            fault(&slot.cadence, slot.next_at, now, &zone, went_back)
        };
        if let Some((fault, next)) = found {
            // Whoever subscribed while the clock was ahead did so later than now.
            let since = match fault {
                Fault::TooFar => Timestamp::MAX,
                Fault::Changed => now,
            };
            let right = Slot {
                next_at: next,
                open_until: open_until(&slot.cadence, &zone, now),
                ..slot.clone()
            };
            wrong.push((slot, right, since));
        }
    }
    if wrong.is_empty() {
        return Ok(0);
    }
    let moved = store.write(|db| {
        let mut moved = 0;
        for (slot, right, since) in &wrong {
            moved += db.move_slot(slot, right, *since)?;
        }
        Ok(moved)
    });
    moved.await
}

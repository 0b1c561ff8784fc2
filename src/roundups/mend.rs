//! Slots set right after the clock, or what is known of a time zone, has changed under them.
//!
//! | what happened | what becomes of slots |
//! |---|---|
//! | the clock went forward, or the machine slept | what was missed comes in one catch-up, as after downtime |
//! | it went back by less than half a day | nothing: what was served isn't served again, the next slot stays |
//! | it went back further: it was wrong before | the next slot is reckoned from now, so nobody waits for a slot that is days away. Items aren't repeated |
//! | it is earlier than a subscription: it is wrong now | nothing, until it is set right |
//! | a zone's rules changed | a slot that is none any more is replaced by the next one |

use jiff::{SignedDuration, Timestamp};

use crate::schedules::Zone;
use crate::settings::Defaults;
use crate::store::{Store, StoreError};

/// A clock that goes back by more than this was wrong before. Half a day: more than any time zone set by mistake,
/// less than a slot of most cadences.
const WRONG: SignedDuration = SignedDuration::from_hours(12);

/// How exactly the clock is kept in mind.
const EXACTLY: SignedDuration = SignedDuration::from_mins(1);

/// Notes what time it is; says whether the clock has gone back so far that it was wrong before.
///
/// # Errors
/// [`StoreError`].
pub fn note_clock(store: &Store, now: Timestamp) -> Result<bool, StoreError> {
    let clock = store.read(|db| db.clock())?;
    let went_back = clock.is_some_and(|clock| clock.duration_since(now) > WRONG);
    let is_old = clock.is_none_or(|clock| now.duration_since(clock) >= EXACTLY);
    if went_back || is_old {
        store.write(|db| db.set_clock(now))?;
    }
    Ok(went_back)
}

/// Looks at every slot that somebody waits for, and sets those right that can't be meant. Returns how many
/// subscriptions wait for another slot now.
///
/// # Errors
/// [`StoreError`]; then none is changed.
pub fn mend(
    store: &Store,
    defaults: &Defaults,
    now: Timestamp,
    went_back: bool,
) -> Result<usize, StoreError> {
    let slots = store.read(|db| db.slots())?;
    let mut wrong = Vec::new();
    for slot in slots {
        if slot.next_at <= now {
            continue;
        }
        let zone = match &slot.timezone {
            Some(name) => Zone::find(name).map_err(|_| StoreError::Unexpected {
                what: "a zone",
                value: name.clone(),
            })?,
            None => defaults.timezone.clone(),
        };
        let after = |moment| slot.cadence.next_after(moment, zone.tz());
        let Some(next) = after(now).filter(|next| *next != slot.next_at) else {
            continue;
        };
        let before = slot.next_at.checked_sub(SignedDuration::from_secs(1));
        let is_slot = before.is_ok_and(|before| after(before) == Some(slot.next_at));
        if went_back || !is_slot {
            wrong.push((slot, next));
        }
    }
    if wrong.is_empty() {
        return Ok(0);
    }
    store.write(|db| {
        let mut moved = 0;
        for (slot, next) in &wrong {
            moved += db.move_slot(slot, *next, now)?;
        }
        Ok(moved)
    })
}

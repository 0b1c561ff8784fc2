//! The pace of one platform: who may send now, and who has to wait until when. Pure: moments are durations
//! since any fixed beginning, and whoever calls says what time it is.
//!
//! A platform counts a message when it arrives, which is some time between writing the request and reading
//! its answer. So a sending takes up a place from the moment it is let through until one window after its
//! answer, less half of the shortest trip that was ever measured: the way there of one message and the way
//! back of another take at least that long together, as long as ways don't shrink to nothing and grow again
//! from one message to the next.
//!
//! Where a platform tells by its own clock when it counted a message, less has to be supposed: a sending's place is
//! free again one window after it was counted, and nothing is on its way for a shorter time than the quickest
//! of the sendings before. How far the clocks are apart is never needed, only by how much the platform's is
//! ahead of the moment of sending, at least.
//!
//! Who gets a place where several kinds of sendings want it, in a lane or over all of them, is told by `turns`.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;
use tidings_core::delivery::Rate;

use super::turns::{KINDS, Kind, Turns};

/// What a platform allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Over all lanes; without it, as fast as it goes.
    pub overall: Option<Rate>,
    /// In one lane, by the kind of the lane.
    pub lanes: Vec<Vec<Rate>>,
    /// Requests under way at the same time, so that a slow server isn't buried.
    pub in_flight: usize,
}

/// What a platform counts as one place: all topics of one chat, for example.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lane {
    /// Its name.
    pub name: String,
    /// Which of [`Limits::lanes`] holds for it.
    pub kind: usize,
}

/// What a sending is for, which decides who goes first when several may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// A manager has changed something and waits for the answer, or the bot has to ask something first.
    Change,
    /// Somebody waits for the answer to a question, which they alone will see and which ends soon: it waits behind no
    /// question that all see answered.
    Private,
    /// Somebody waits for the answer to a question.
    Question,
    /// A part of a roundup, with how many parts wait for its channel.
    Part {
        /// Those parts.
        waiting: u32,
    },
    /// What was sent is corrected.
    Edit,
}

impl Urgency {
    fn kind(self) -> Kind {
        match self {
            Urgency::Change => Kind::Change,
            Urgency::Private | Urgency::Question => Kind::Question,
            Urgency::Part { .. } => Kind::Part,
            Urgency::Edit => Kind::Edit,
        }
    }
}

/// A sending that waits, or is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(u64);

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// This one may send now.
    Go(Ticket),
    /// Nobody may before this moment.
    At(Duration),
    /// Nobody may before something changes.
    Idle,
}

/// Lanes are kept in mind until there are this many; then those at rest for long enough are dropped.
const LANES: usize = 4_096;

/// Of so many places, one is kept for managers' changes: what a lane takes in a minute may be spent when somebody wants
/// it to stop. Of fewer, that would cost the others more than a tenth, and the next place isn't far.
const ENOUGH_TO_KEEP_ONE: usize = 10;

/// How many places of a kind there are, of so many.
fn places(count: usize, kind: Kind) -> usize {
    count - usize::from(kind != Kind::Change && count >= ENOUGH_TO_KEEP_ONE)
}

/// How many trips have to be measured before the shortest one means something.
const TRIPS: u32 = 100;

/// How exactly a platform's clock is read: it tells whole milliseconds, in two numbers.
const ROUGHNESS: Duration = Duration::from_millis(3);

/// The state of one platform's pace.
#[derive(Debug)]
pub struct Pace {
    limits: Limits,
    lanes: HashMap<String, LaneState>,
    /// By kind.
    waiting: [BTreeMap<Place, Lane>; KINDS],
    turns: Turns,
    going: HashMap<Ticket, Going>,
    /// When places are free again, earliest first.
    back: VecDeque<Duration>,
    rest_until: Duration,
    /// As long as the platform itself has asked.
    held_until: Duration,
    /// The shortest time from letting a sending through to its answer, and how many were measured.
    shortest_trip: Duration,
    trips: u32,
    /// The least time by which the platform's clock was ahead when it counted a sending, of the moment at which
    /// that was let through; and how many were measured.
    least_lead: Duration,
    leads: u32,
    tickets: u64,
}

/// Where a waiter stands among its kind: by the moment of its turn, then as they came.
type Place = (Duration, Ticket);

#[derive(Debug)]
struct Going {
    lane: String,
    since: Duration,
}

#[derive(Debug, Default)]
struct LaneState {
    busy: bool,
    /// How many wait for it, by kind.
    waiting: [usize; KINDS],
    turns: Turns,
    /// When its last sendings were answered, oldest first; no more of them than its rates count.
    answered: VecDeque<Duration>,
    rest_until: Duration,
    /// When what is under way was counted, by the platform's clock.
    counted: Option<Duration>,
}

impl Pace {
    /// A pace at which nothing was sent yet.
    pub fn new(limits: Limits) -> Pace {
        Pace {
            limits,
            lanes: HashMap::new(),
            waiting: Default::default(),
            turns: Turns::default(),
            going: HashMap::new(),
            back: VecDeque::new(),
            rest_until: Duration::ZERO,
            held_until: Duration::ZERO,
            shortest_trip: Duration::MAX,
            trips: 0,
            least_lead: Duration::MAX,
            leads: 0,
            tickets: 0,
        }
    }

    /// Queues up. Answers stand as they came. A part's turn comes as if it had queued up earlier by the time that
    /// its channel's parts need at their own pace: so all channels end together, and nobody is overtaken
    /// for ever.
    pub fn enter(&mut self, lane: Lane, urgency: Urgency, now: Duration) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        let turn = match urgency {
            Urgency::Private => Duration::ZERO,
            Urgency::Change | Urgency::Question | Urgency::Edit => now,
            Urgency::Part { waiting } => {
                let ahead = self.interval(lane.kind) * waiting;
                // Times before the beginning can't be written, so all are moved up by more than any lead.
                (now + Duration::from_secs(86_400)).saturating_sub(ahead)
            }
        };
        let kind = urgency.kind().index();
        let state = self.lanes.entry(lane.name.clone()).or_default();
        state.waiting[kind] += 1;
        self.waiting[kind].insert((turn, ticket), lane);
        ticket
    }

    /// Somebody who queued up doesn't want to send any more.
    pub fn leave(&mut self, ticket: Ticket) {
        for (kind, waiting) in self.waiting.iter_mut().enumerate() {
            let place = waiting.keys().find(|place| place.1 == ticket).copied();
            if let Some(lane) = place.and_then(|place| waiting.remove(&place))
                && let Some(state) = self.lanes.get_mut(&lane.name)
            {
                state.waiting[kind] -= 1;
            }
        }
    }

    /// Lets the next one through, or says when to ask again.
    pub fn next(&mut self, now: Duration) -> Next {
        let in_flight = self.going.len();
        if in_flight >= self.limits.in_flight || self.waiting.iter().all(BTreeMap::is_empty) {
            return Next::Idle;
        }
        let rest_until = self.rest_until.max(self.held_until);
        if rest_until > now {
            return Next::At(rest_until);
        }
        while self.back.front().is_some_and(|back| *back <= now) {
            self.back.pop_front();
        }
        // No place over all is kept: the next one is never further than a part of a second.
        if let Some(overall) = self.limits.overall
            && in_flight + self.back.len() >= overall.count
        {
            return self.back.front().map_or(Next::Idle, |back| Next::At(*back));
        }
        let mut earliest: Option<Duration> = None;
        for kind in self.turns.order() {
            for (place, lane) in &self.waiting[kind.index()] {
                let Some(state) = self.lanes.get(&lane.name).filter(|state| !state.busy) else {
                    continue;
                };
                if state.whose_turn() != Some(kind) {
                    continue;
                }
                let ready = state.ready_at(&self.limits.lanes[lane.kind], kind);
                if ready > now {
                    earliest = Some(earliest.map_or(ready, |e| e.min(ready)));
                } else if in_flight >= places(self.limits.in_flight, kind) {
                    // What is left is kept; nobody whose turn comes later has a better right to it.
                    return Next::Idle;
                } else {
                    let place = *place;
                    return Next::Go(self.let_through(kind, place, now));
                }
            }
        }
        earliest.map_or(Next::Idle, Next::At)
    }

    fn let_through(&mut self, kind: Kind, place: Place, now: Duration) -> Ticket {
        let ticket = place.1;
        self.turns.give(kind);
        if let Some(lane) = self.waiting[kind.index()].remove(&place) {
            let state = self.lanes.entry(lane.name.clone()).or_default();
            state.busy = true;
            state.waiting[kind.index()] -= 1;
            state.turns.give(kind);
            let lane = lane.name;
            self.going.insert(ticket, Going { lane, since: now });
        }
        ticket
    }

    /// The platform has told when it counted what is under way in a lane, by its own clock.
    pub fn counted(&mut self, lane: &str, at: Duration) {
        if let Some(lane) = self.lanes.get_mut(lane).filter(|lane| lane.busy) {
            lane.counted = Some(at);
        }
    }

    /// A sending is over. `answered` says whether the platform answered it: only that tells how long a trip
    /// takes. `false` if it wasn't under way.
    pub fn done(&mut self, ticket: Ticket, answered: bool, now: Duration) -> bool {
        let Some(going) = self.going.remove(&ticket) else {
            return false;
        };
        if answered {
            let trip = now.saturating_sub(going.since);
            self.shortest_trip = self.shortest_trip.min(trip);
            self.trips = self.trips.saturating_add(1);
        }
        if let Some(overall) = self.limits.overall {
            // Of any two sendings one window apart, the trips to and fro lie between as well. Half of the
            // shortest one is surely there each time, and is time that needn't be waited for. The first ones
            // don't count: they were longer by the time that connecting took.
            let spared = if self.trips < TRIPS {
                Duration::ZERO
            } else {
                self.shortest_trip / 2
            };
            let answered = now.saturating_sub(spared);
            let counted = self.counted_at(&going);
            insert_in_order(
                &mut self.back,
                counted.map_or(answered, |at| at.min(now)) + overall.window,
            );
        }
        // A lane's kind may be unknown here; what is kept is bounded by the greatest count there is.
        let keep = self.limits.lanes.iter().flatten().map(|rate| rate.count);
        let keep = keep.max().unwrap_or(0);
        if let Some(lane) = self.lanes.get_mut(&going.lane) {
            lane.busy = false;
            if keep > 0 {
                lane.answered.push_back(now);
                while lane.answered.len() > keep {
                    lane.answered.pop_front();
                }
            }
        }
        self.forget_idle_lanes(now);
        true
    }

    /// When a sending was counted at the earliest that it could be, by our clock: had it been on its way no longer
    /// than the quickest one. `None` as long as that isn't known.
    fn counted_at(&mut self, going: &Going) -> Option<Duration> {
        let counted = self.lanes.get_mut(&going.lane)?.counted.take()?;
        let lead = counted.checked_sub(going.since)?;
        self.least_lead = self.least_lead.min(lead);
        self.leads = self.leads.saturating_add(1);
        let at = counted.saturating_sub(self.least_lead) + ROUGHNESS;
        (self.leads > TRIPS).then_some(at)
    }

    /// Something was sent in a lane at a moment by somebody else, whose places are ours now.
    pub fn remember(&mut self, lane: &Lane, at: Duration) {
        if let Some(overall) = self.limits.overall {
            insert_in_order(&mut self.back, at + overall.window);
        }
        let rates = self.limits.lanes.get(lane.kind).into_iter().flatten();
        let keep = rates.map(|rate| rate.count).max().unwrap_or(0);
        if keep > 0 {
            let answered = &mut self.lanes.entry(lane.name.clone()).or_default().answered;
            insert_in_order(answered, at);
            while answered.len() > keep {
                answered.pop_front();
            }
        }
    }

    /// The longest window that counts.
    pub fn longest_window(&self) -> Duration {
        let lanes = self.limits.lanes.iter().flatten();
        let rates = lanes.chain(&self.limits.overall).map(|rate| rate.window);
        rates.max().unwrap_or_default()
    }

    /// A lane is to rest for a while.
    pub fn rest(&mut self, lane: &str, until: Duration) {
        let lane = self.lanes.entry(lane.to_owned()).or_default();
        lane.rest_until = lane.rest_until.max(until);
    }

    /// Everything is to rest for a while.
    pub fn rest_all(&mut self, until: Duration) {
        self.rest_until = self.rest_until.max(until);
    }

    /// Everything is to rest for as long as the platform has asked, whatever else it rests for.
    pub fn hold_all(&mut self, until: Duration) {
        self.held_until = self.held_until.max(until);
    }

    /// Everything needn't rest any longer, but for what the platform has asked.
    pub fn end_rest(&mut self) {
        self.rest_until = Duration::ZERO;
    }

    /// The mean time between two sendings in a lane of a kind.
    fn interval(&self, kind: usize) -> Duration {
        let rates = self.limits.lanes.get(kind).map_or(&[][..], Vec::as_slice);
        let mean = |rate: &Rate| rate.window / u32::try_from(rate.count.max(1)).unwrap_or(u32::MAX);
        rates.iter().map(mean).max().unwrap_or_default()
    }

    fn forget_idle_lanes(&mut self, now: Duration) {
        if self.lanes.len() <= LANES {
            return;
        }
        let longest = self.limits.lanes.iter().flatten().map(|rate| rate.window);
        let longest = longest.max().unwrap_or_default();
        self.lanes.retain(|_, lane| {
            let last = lane.answered.back().copied().unwrap_or_default();
            let is_waited_for = lane.waiting.iter().any(|waiting| *waiting > 0);
            lane.busy || is_waited_for || lane.rest_until > now || last + longest > now
        });
    }
}

/// Puts a moment among others that stand in their order.
fn insert_in_order(moments: &mut VecDeque<Duration>, moment: Duration) {
    let place = moments.partition_point(|other| *other <= moment);
    moments.insert(place, moment);
}

impl LaneState {
    /// When a sending of a kind may be the next one.
    fn ready_at(&self, rates: &[Rate], kind: Kind) -> Duration {
        let mut ready = self.rest_until;
        for rate in rates {
            let places = places(rate.count, kind);
            if places > 0 && self.answered.len() >= places {
                let first = self.answered[self.answered.len() - places];
                ready = ready.max(first + rate.window);
            }
        }
        ready
    }

    /// Whose turn it is, of those that wait for the lane.
    fn whose_turn(&self) -> Option<Kind> {
        let waits = |kind: &Kind| self.waiting[kind.index()] > 0;
        self.turns.order().into_iter().find(waits)
    }
}

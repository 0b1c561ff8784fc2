//! Where sendings wait for their turn: [`Pace`] with the clock and the timers that it doesn't have.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::pace::{Lane, Limits, Next, Pace, Ticket, Urgency};

/// How far back the moments of a gate reach, for what others have sent before it was there: longer than any platform counts.
const BEFORE: Duration = Duration::from_secs(3_600);

/// A platform's gate. Share it behind an `Arc`.
#[derive(Debug)]
pub struct Gate {
    start: Instant,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    pace: Pace,
    waiting: HashMap<Ticket, oneshot::Sender<()>>,
    /// The earliest moment for which a timer is set.
    timer: Option<Duration>,
    closed: bool,
}

/// The right to send once. Its place is free again one window after it is dropped.
#[derive(Debug)]
pub struct Pass {
    gate: Arc<Gate>,
    ticket: Ticket,
    answered: bool,
}

impl Gate {
    /// A gate that keeps to limits.
    pub fn new(limits: Limits) -> Arc<Gate> {
        let now = Instant::now();
        Arc::new(Gate {
            start: now.checked_sub(BEFORE).unwrap_or(now),
            state: Mutex::new(State {
                pace: Pace::new(limits),
                waiting: HashMap::new(),
                timer: None,
                closed: false,
            }),
        })
    }

    /// Waits for the right to send. `None` once the gate is closed.
    pub async fn pass(self: &Arc<Gate>, lane: Lane, urgency: Urgency) -> Option<Pass> {
        let (sender, turn) = oneshot::channel();
        let ticket = {
            let mut state = self.state.lock();
            if state.closed {
                return None;
            }
            let ticket = state.pace.enter(lane, urgency, self.now());
            state.waiting.insert(ticket, sender);
            ticket
        };
        // Made before waiting: whoever gives up waiting gives its place back.
        let pass = Pass {
            gate: self.clone(),
            ticket,
            answered: false,
        };
        self.pump();
        turn.await.ok().map(|()| pass)
    }

    /// Somebody else, whose place is ours now, has sent something so long ago.
    pub fn remember(&self, lane: &Lane, ago: Duration) {
        let at = self.now().saturating_sub(ago);
        self.state.lock().pace.remember(lane, at);
    }

    /// For how long what was sent counts at most.
    pub fn longest_window(&self) -> Duration {
        self.state.lock().pace.longest_window()
    }

    /// Lets a lane rest.
    pub fn rest(&self, lane: &str, time: Duration) {
        let until = self.now() + time;
        self.state.lock().pace.rest(lane, until);
    }

    /// The platform has told when it counted what is under way in a lane, by its own clock.
    pub fn counted(&self, lane: &str, at: Duration) {
        self.state.lock().pace.counted(lane, at);
    }

    /// Lets everything rest.
    pub fn rest_all(&self, time: Duration) {
        let until = self.now() + time;
        self.state.lock().pace.rest_all(until);
    }

    /// Lets everything rest for as long as the platform has asked: nothing but that ends it.
    pub fn hold_all(&self, time: Duration) {
        let until = self.now() + time;
        self.state.lock().pace.hold_all(until);
    }

    /// Everything may go on: what it rested for is over.
    pub fn end_rest(self: &Arc<Gate>) {
        self.state.lock().pace.end_rest();
        self.pump();
    }

    /// Lets people through again.
    pub fn open(&self) {
        self.state.lock().closed = false;
    }

    /// Sends those away who wait, and lets nobody through any more.
    pub fn close(&self) {
        let mut state = self.state.lock();
        state.closed = true;
        state.waiting.clear();
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// Lets through whoever may go, and sets a timer for the next one.
    fn pump(self: &Arc<Gate>) {
        let mut state = self.state.lock();
        loop {
            let now = self.now();
            match state.pace.next(now) {
                Next::Go(ticket) => {
                    let told = state.waiting.remove(&ticket).map(|turn| turn.send(()));
                    if told != Some(Ok(())) {
                        // Nobody waits for it any more, and nothing was sent.
                        state.pace.done(ticket, false, now);
                    }
                }
                Next::At(moment) => {
                    let is_set = state.timer.is_some_and(|at| at > now && at <= moment);
                    if !is_set {
                        state.timer = Some(moment);
                        tokio::spawn(wake(self.clone(), moment));
                    }
                    return;
                }
                Next::Idle => return,
            }
        }
    }
}

async fn wake(gate: Arc<Gate>, moment: Duration) {
    tokio::time::sleep_until(gate.start + moment).await;
    {
        let mut state = gate.state.lock();
        if state.timer == Some(moment) {
            state.timer = None;
        }
    }
    gate.pump();
}

impl Pass {
    /// The platform answered.
    pub fn answered(&mut self) {
        self.answered = true;
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        {
            let mut state = self.gate.state.lock();
            let now = self.gate.now();
            if !state.pace.done(self.ticket, self.answered, now) {
                state.waiting.remove(&self.ticket);
                state.pace.leave(self.ticket);
            }
        }
        self.gate.pump();
    }
}

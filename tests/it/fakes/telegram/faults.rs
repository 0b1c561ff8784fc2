//! What goes wrong on purpose: refusals, silence, answers that come late or never.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::FakeTelegram;
use crate::fakes::clock::Dice;

/// One kind of trouble, and which requests it befalls. Made by [`Fault::on`], handed to
/// [`FakeTelegram::inject`].
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    method: Option<String>,
    chat: Option<i64>,
    words: Option<String>,
    meets: Option<fn(&Value) -> bool>,
    when: When,
    pub(super) effect: Effect,
}

#[derive(Debug, Clone)]
enum When {
    Times(usize),
    Always,
    Chance(f64, Dice),
}

#[derive(Debug, Clone)]
pub(super) enum Effect {
    Answer(u16, String, Option<Value>),
    Body(u16, String),
    SlowBefore(Duration),
    SlowAfter(Duration),
    Reset,
    AnswerLost,
    Truncated,
    HoldBefore,
    HoldAfter,
}

impl Fault {
    /// Trouble with one method; once, unless told otherwise.
    pub(crate) fn on(method: &str) -> Self {
        Self {
            method: Some(method.to_ascii_lowercase()),
            ..Self::on_everything()
        }
    }

    /// Trouble with whatever comes.
    pub(crate) fn on_everything() -> Self {
        Self {
            method: None,
            chat: None,
            words: None,
            meets: None,
            when: When::Times(1),
            effect: Effect::Reset,
        }
    }

    /// Only for requests about this chat.
    pub(crate) fn in_chat(mut self, chat: i64) -> Self {
        self.chat = Some(chat);
        self
    }

    /// Only for requests that hold these words.
    pub(crate) fn holding(mut self, words: &str) -> Self {
        self.words = Some(words.to_owned());
        self
    }

    /// Only for requests of which that is true.
    pub(crate) fn meeting(mut self, meets: fn(&Value) -> bool) -> Self {
        self.meets = Some(meets);
        self
    }

    pub(crate) fn times(mut self, times: usize) -> Self {
        self.when = When::Times(times);
        self
    }

    pub(crate) fn always(mut self) -> Self {
        self.when = When::Always;
        self
    }

    /// Befalls each matching request with this probability (0 to 1), the same ones for the same seed.
    pub(crate) fn with_probability(mut self, probability: f64, seed: u64) -> Self {
        self.when = When::Chance(probability, Dice::new(seed));
        self
    }

    fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// Refused with this code and description, without being carried out.
    pub(crate) fn answer(self, code: u16, description: &str) -> Self {
        self.effect(Effect::Answer(code, description.to_owned(), None))
    }

    /// Like [`Fault::answer`], with `parameters`.
    pub(crate) fn answer_with(self, code: u16, description: &str, parameters: Value) -> Self {
        self.effect(Effect::Answer(
            code,
            description.to_owned(),
            Some(parameters),
        ))
    }

    pub(crate) fn too_many_requests(self, retry_after: u64) -> Self {
        self.answer_with(
            429,
            &format!("Too Many Requests: retry after {retry_after}"),
            json!({ "retry_after": retry_after }),
        )
    }

    /// A 502 whose body is a web page.
    pub(crate) fn bad_gateway(self) -> Self {
        let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
                    <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n\
                    </body>\r\n</html>\r\n";
        self.body(502, page)
    }

    /// Refused with a body that needn't be JSON.
    pub(crate) fn body(self, status: u16, body: &str) -> Self {
        self.effect(Effect::Body(status, body.to_owned()))
    }

    /// Carried out at once, answered later.
    pub(crate) fn slow_answer(self, delay: Duration) -> Self {
        self.effect(Effect::SlowAfter(delay))
    }

    /// Carried out later.
    pub(crate) fn slow_before(self, delay: Duration) -> Self {
        self.effect(Effect::SlowBefore(delay))
    }

    /// The connection is reset; nothing is carried out.
    pub(crate) fn reset(self) -> Self {
        self.effect(Effect::Reset)
    }

    /// Carried out, then the connection closes without an answer.
    pub(crate) fn answer_lost(self) -> Self {
        self.effect(Effect::AnswerLost)
    }

    /// Carried out, and half of the answer arrives.
    pub(crate) fn truncated(self) -> Self {
        self.effect(Effect::Truncated)
    }

    /// Carried out; the answer waits for [`Injected::release`].
    pub(crate) fn hold(self) -> Self {
        self.effect(Effect::HoldAfter)
    }

    /// Not carried out before [`Injected::release`].
    pub(crate) fn hold_before(self) -> Self {
        self.effect(Effect::HoldBefore)
    }
}

/// A rule as the server keeps it.
#[derive(Debug)]
pub(super) struct Rule {
    fault: Fault,
    control: Arc<Control>,
}

#[derive(Debug)]
pub(super) struct Control {
    hits: AtomicUsize,
    held: AtomicUsize,
    stopped: AtomicBool,
    open: watch::Sender<bool>,
}

impl Control {
    /// Waits until the test lets the request go on.
    pub(super) async fn gate(&self, noticed: impl Fn()) {
        let mut open = self.open.subscribe();
        self.held.fetch_add(1, Ordering::SeqCst);
        noticed();
        // An error would mean that the sender is gone, and it is ours.
        let _ = open.wait_for(|open| *open).await;
        self.held.fetch_sub(1, Ordering::SeqCst);
        noticed();
    }
}

/// Finds the first rule that befalls this request, and counts it.
pub(super) fn strike(
    rules: &mut [Rule],
    method: &str,
    chat: Option<i64>,
    body: &Value,
) -> Option<(Effect, Arc<Control>)> {
    for Rule { fault, control } in rules {
        let meant = fault
            .method
            .as_deref()
            .is_none_or(|m| m.eq_ignore_ascii_case(method))
            && fault.chat.is_none_or(|c| chat == Some(c))
            && fault
                .words
                .as_ref()
                .is_none_or(|words| body.to_string().contains(words))
            && fault.meets.is_none_or(|meets| meets(body));
        if !meant || control.stopped.load(Ordering::SeqCst) {
            continue;
        }
        let befalls = match &mut fault.when {
            When::Always => true,
            When::Times(left) => {
                let some = *left > 0;
                *left = left.saturating_sub(1);
                some
            }
            When::Chance(probability, dice) => dice.fraction() < *probability,
        };
        if befalls {
            control.hits.fetch_add(1, Ordering::SeqCst);
            return Some((fault.effect.clone(), Arc::clone(control)));
        }
    }
    None
}

/// A fault at work: how often it struck, and the end of it.
#[derive(Debug, Clone)]
pub(crate) struct Injected {
    server: FakeTelegram,
    control: Arc<Control>,
}

impl Injected {
    pub(crate) fn hits(&self) -> usize {
        self.control.hits.load(Ordering::SeqCst)
    }

    /// How many requests are held right now.
    pub(crate) fn held(&self) -> usize {
        self.control.held.load(Ordering::SeqCst)
    }

    /// Strikes no more; what is held stays held.
    pub(crate) fn stop(&self) {
        self.control.stopped.store(true, Ordering::SeqCst);
    }

    /// Lets go what is held, and whatever would be held later.
    pub(crate) fn release(&self) {
        self.control.open.send_replace(true);
    }

    pub(crate) async fn wait_until_held(&self) {
        self.server
            .wait_for("a held request", |_| (self.held() > 0).then_some(()))
            .await;
    }

    pub(crate) async fn wait_for_hits(&self, hits: usize) {
        let what = format!("{hits} faults");
        self.server
            .wait_for(&what, |_| (self.hits() >= hits).then_some(()))
            .await;
    }
}

/// An artificial round trip on every request.
#[derive(Debug)]
pub(super) struct Latency {
    least: Duration,
    most: Duration,
    dice: Dice,
}

impl Latency {
    pub(super) fn draw(&mut self) -> Duration {
        self.dice.between(self.least, self.most)
    }
}

impl FakeTelegram {
    /// Makes something go wrong. Rules are tried in the order in which they were given.
    pub(crate) fn inject(&self, fault: Fault) -> Injected {
        let control = Arc::new(Control {
            hits: AtomicUsize::new(0),
            held: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
            open: watch::Sender::new(false),
        });
        let rule = Rule {
            fault,
            control: Arc::clone(&control),
        };
        self.with(|world| world.rules.push(rule));
        Injected {
            server: self.clone(),
            control,
        }
    }

    /// Ends all faults; what is held goes on.
    pub(crate) fn heal(&self) {
        let rules = self.with(|world| std::mem::take(&mut world.rules));
        for rule in rules {
            rule.control.open.send_replace(true);
        }
    }

    /// Gives every request a round trip between the two, half before and half after it is carried out.
    pub(crate) fn latency(&self, least: Duration, most: Duration, seed: u64) {
        let dice = Dice::new(seed);
        self.with(|world| world.latency = Some(Latency { least, most, dice }));
    }
}

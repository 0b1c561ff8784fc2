//! What goes wrong on purpose: refusals, silence, answers that come late or never.

use std::time::Duration;

use serde_json::{Value, json};

use super::FakeDiscord;
use crate::fakes::clock::Dice;

/// One kind of trouble, and which requests it befalls.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    route: Option<String>,
    path: Option<String>,
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
    Answer(u16, Vec<(&'static str, String)>, String),
    /// Carried out, and answered later.
    Slow(Duration),
    /// The connection is reset; nothing is carried out.
    Reset,
    /// Carried out, then the connection closes without an answer.
    AnswerLost,
}

/// What a 429 is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scope {
    User,
    Global,
    Shared,
}

pub(super) type Rule = Fault;

impl Fault {
    /// Trouble with one route, such as `POST channels/*/messages`; once, unless told otherwise.
    pub(crate) fn on(route: &str) -> Self {
        Self {
            route: Some(route.to_owned()),
            ..Self::on_everything()
        }
    }

    /// Trouble with whatever comes.
    pub(crate) fn on_everything() -> Self {
        Self {
            route: None,
            path: None,
            words: None,
            meets: None,
            when: When::Times(1),
            effect: Effect::Reset,
        }
    }

    /// Only for requests about this channel, or whatever else is in the path.
    pub(crate) fn about(mut self, id: u64) -> Self {
        self.path = Some(id.to_string());
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

    /// Befalls each matching request with this probability, the same ones for the same seed.
    pub(crate) fn with_probability(mut self, probability: f64, seed: u64) -> Self {
        self.when = When::Chance(probability, Dice::new(seed));
        self
    }

    fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// Refused with one of Discord's codes, without being carried out.
    pub(crate) fn answer(self, status: u16, code: u32, message: &str) -> Self {
        let body = json!({ "code": code, "message": message }).to_string();
        self.effect(Effect::Answer(status, Vec::new(), body))
    }

    /// Refused with a body of its own.
    pub(crate) fn body(self, status: u16, body: &str) -> Self {
        self.effect(Effect::Answer(status, Vec::new(), body.to_owned()))
    }

    /// Kept out by Cloudflare, which stands in front of Discord: a web page, without Discord's headers.
    pub(crate) fn banned(self, seconds: Option<u32>) -> Self {
        let page = "<!doctype html><html><head><title>Access denied | discord.com used Cloudflare to restrict access\
                    </title></head><body><h1>Error 1015</h1><p>You are being rate limited</p></body></html>";
        let headers = seconds.map(|seconds| ("retry-after", seconds.to_string()));
        self.effect(Effect::Answer(
            429,
            headers.into_iter().collect(),
            page.to_owned(),
        ))
    }

    /// Refused with a web page, as by a proxy on the way.
    pub(crate) fn page(self, status: u16) -> Self {
        let page = format!("<html><head><title>{status}</title></head></html>");
        self.effect(Effect::Answer(status, Vec::new(), page))
    }

    pub(crate) fn too_many_requests(self, scope: Scope, seconds: f64) -> Self {
        let name = match scope {
            Scope::User => "user",
            Scope::Global => "global",
            Scope::Shared => "shared",
        };
        let body = json!({
            "message": "You are being rate limited.",
            "retry_after": seconds,
            "global": matches!(scope, Scope::Global),
        });
        let mut headers = vec![
            ("x-ratelimit-scope", name.to_owned()),
            ("retry-after", seconds.ceil().to_string()),
        ];
        if matches!(scope, Scope::Global) {
            headers.push(("x-ratelimit-global", "true".to_owned()));
        }
        self.effect(Effect::Answer(429, headers, body.to_string()))
    }

    /// A 429 of Discord's own that doesn't say for how long.
    pub(crate) fn too_many_requests_without_a_time(self) -> Self {
        self.answer(429, 0, "You are being rate limited.")
    }

    pub(crate) fn slow(self, delay: Duration) -> Self {
        self.effect(Effect::Slow(delay))
    }

    pub(crate) fn reset(self) -> Self {
        self.effect(Effect::Reset)
    }

    pub(crate) fn answer_lost(self) -> Self {
        self.effect(Effect::AnswerLost)
    }
}

/// Finds the first rule that befalls this request, and counts it.
pub(super) fn strike(rules: &mut [Rule], route: &str, path: &str, body: &Value) -> Option<Effect> {
    for rule in rules {
        let meant = rule.route.as_deref().is_none_or(|r| r == route)
            && rule.path.as_deref().is_none_or(|p| path.contains(p))
            && rule
                .words
                .as_ref()
                .is_none_or(|words| body.to_string().contains(words))
            && rule.meets.is_none_or(|meets| meets(body));
        if !meant {
            continue;
        }
        let strikes = match &mut rule.when {
            When::Times(0) => false,
            When::Times(times) => {
                *times -= 1;
                true
            }
            When::Always => true,
            When::Chance(probability, dice) => dice.fraction() < *probability,
        };
        if strikes {
            return Some(rule.effect.clone());
        }
    }
    None
}

impl FakeDiscord {
    /// Makes something go wrong. Rules are tried in the order in which they were given.
    pub(crate) fn inject(&self, fault: Fault) {
        self.with(|world| world.rules.push(fault));
    }

    /// Ends all faults.
    pub(crate) fn heal(&self) {
        self.with(|world| world.rules.clear());
    }
}

//! Rate limits (<https://docs.discord.com/developers/topics/rate-limits>): buckets for routes and channels, told in
//! the headers of every answer, and one limit over all.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use crate::fakes::clock::unix_now;

/// The length of a bucket.
const WINDOW: Duration = Duration::from_secs(5);

#[derive(Debug, Default)]
pub(crate) struct Limits {
    /// Requests a second in all.
    global: Option<usize>,
    /// Requests in a bucket.
    channel: Option<usize>,
    recent: VecDeque<Instant>,
    buckets: HashMap<String, Bucket>,
    pub(crate) refused: usize,
    start: Option<(Instant, i64)>,
}

#[derive(Debug)]
struct Bucket {
    used: usize,
    resets: Instant,
}

/// What is said about the limits with an answer.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) headers: Vec<(&'static str, String)>,
    /// Set where the request is refused: whether for all, and the seconds to wait.
    pub(super) refused: Option<(bool, f64)>,
}

impl Limits {
    pub(super) fn enforce(&mut self, global: usize, channel: usize) {
        self.global = Some(global);
        self.channel = Some(channel);
        self.buckets.clear();
        self.recent.clear();
    }

    /// Counts a request of a bucket.
    pub(super) fn count(&mut self, bucket: &str, now: Instant) -> Told {
        while self
            .recent
            .front()
            .is_some_and(|at| now.duration_since(*at) >= Duration::from_secs(1))
        {
            self.recent.pop_front();
        }
        if let Some(global) = self.global
            && self.recent.len() >= global
        {
            self.refused += 1;
            let oldest = self
                .recent
                .front()
                .map_or(now, |at| *at + Duration::from_secs(1));
            let wait = oldest.duration_since(now).as_secs_f64();
            let headers = vec![
                ("x-ratelimit-global", "true".to_owned()),
                ("x-ratelimit-scope", "global".to_owned()),
                ("retry-after", format!("{}", wait.ceil())),
            ];
            return Told {
                headers,
                refused: Some((true, wait)),
            };
        }
        self.recent.push_back(now);
        let most = self.channel.unwrap_or(1_000_000);
        let entry = self.buckets.entry(bucket.to_owned()).or_insert(Bucket {
            used: 0,
            resets: now + WINDOW,
        });
        if entry.resets <= now {
            entry.used = 0;
            entry.resets = now + WINDOW;
        }
        let over = entry.used >= most;
        if !over {
            entry.used += 1;
        }
        let (start, epoch) = *self.start.get_or_insert((now, unix_now()));
        let left = entry.resets.duration_since(now).as_secs_f64();
        let reset = epoch as f64 + entry.resets.duration_since(start).as_secs_f64();
        let mut headers = vec![
            ("x-ratelimit-limit", most.to_string()),
            ("x-ratelimit-remaining", (most - entry.used).to_string()),
            ("x-ratelimit-reset", format!("{reset:.3}")),
            ("x-ratelimit-reset-after", format!("{left:.3}")),
            ("x-ratelimit-bucket", "a1b2c3".to_owned()),
        ];
        if over {
            self.refused += 1;
            headers.push(("x-ratelimit-scope", "user".to_owned()));
            headers.push(("retry-after", format!("{}", left.ceil())));
        }
        Told {
            headers,
            refused: over.then_some((false, left)),
        }
    }
}

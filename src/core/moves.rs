//! Sources that move: what redirects of the configured address mean for where it is asked for. Pure.

use jiff::{SignedDuration, Timestamp};
use url::Url;

/// A redirect for good that was seen at every fetch for so long is believed (design.md, “Moves”).
const BELIEVED_AFTER: SignedDuration = SignedDuration::from_hours(3 * 24);

/// The address that was left is asked so often whether it answers itself again.
const ASKED_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// What has come of asking the configured address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Nothing that says anything about a move.
    Nothing,
    /// That it is watched for another while.
    Watching,
    /// That the move is believed from now on.
    Moved,
    /// That the address answers itself again.
    Back,
}

/// Where the redirects of a fetch have led.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// Where all redirects led; `None` without any.
    pub led_to: Option<Url>,
    /// Where those led that are for good, up to the first that isn't.
    pub moved_to: Option<Url>,
}

/// Where a source is asked for, beside the address that the configuration names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Where it has moved for good.
    pub moved_to: Option<String>,
    /// Where the configured address leads for good, and since when that is seen.
    pub moving: Option<(String, Timestamp)>,
    /// When the configured address was last asked itself.
    pub asked_at: Option<Timestamp>,
    /// Where a redirect led when it brought something of the source's.
    pub trusted: Option<String>,
}

impl Moves {
    /// The addresses to ask, in their order: the next one only if one fails.
    pub fn addresses(&self, home: &Url, now: Timestamp) -> Vec<Url> {
        let moved = self.moved_to.as_deref().and_then(|to| Url::parse(to).ok());
        let Some(moved) = moved else {
            return vec![home.clone()];
        };
        let is_time = self
            .asked_at
            .is_none_or(|at| now.duration_since(at) >= ASKED_AGAIN_AFTER || at > now);
        if is_time {
            vec![home.clone(), moved]
        } else {
            vec![moved, home.clone()]
        }
    }

    /// Whether what a redirect brings is the source's without being looked at.
    pub fn trusts(&self, asked: &Url, led_to: &Url) -> bool {
        self.trusted.as_deref() == Some(led_to.as_str())
            || self.moved_to.as_deref() == Some(led_to.as_str())
            || is_same_place(asked, led_to)
    }

    /// Takes in the answer of the configured address.
    pub fn answered(&mut self, way: &Way, now: Timestamp) -> Seen {
        self.asked_at = Some(now);
        let Some(to) = &way.moved_to else {
            self.moving = None;
            if way.led_to.is_none() && self.moved_to.take().is_some() {
                return Seen::Back;
            }
            return Seen::Nothing;
        };
        let since = match &self.moving {
            Some((known, since)) if known == to.as_str() => *since,
            _ => now,
        };
        self.moving = Some((to.to_string(), since));
        if now.duration_since(since) >= BELIEVED_AFTER
            && self.moved_to.as_deref() != Some(to.as_str())
        {
            self.moved_to = Some(to.to_string());
            return Seen::Moved;
        }
        Seen::Watching
    }

    /// Takes in that the configured address didn't bring the source; `is_silent` if no server said so.
    pub fn failed(&mut self, is_silent: bool, now: Timestamp) {
        self.asked_at = Some(now);
        if !is_silent {
            self.moving = None;
        }
    }
}

/// Whether an address is another one in its spelling alone: with https, without www, with a slash at its end.
fn is_same_place(one: &Url, other: &Url) -> bool {
    let place = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        let path = url.path().trim_end_matches('/').to_owned();
        let host = host.strip_prefix("www.").unwrap_or(host).to_owned();
        (host, url.port(), path, url.query().map(str::to_owned))
    };
    place(one) == place(other)
}

//! How long an answer may be.

use super::command::Request;
use tidings_core::post::{DeliveryOptions, Post};

/// How many messages an answer takes at most (design.md: "an answer is at most 3 messages"): in a group everybody gets to see
/// it, and of the few that a group may get in a minute it leaves room for others.
pub(super) const MOST_MESSAGES: usize = 3;

impl Request<'_> {
    /// How many messages a post takes where it was asked for.
    pub(super) fn messages(&self, post: &Post) -> usize {
        self.platform
            .render(post, &DeliveryOptions::default())
            .len()
    }

    /// A post in no more than [`MOST_MESSAGES`].
    pub(super) fn bounded(&self, post: Post) -> Post {
        let rest = |count: usize, slug: Option<&str>| match slug {
            Some(slug) => self.context.more(self.say, count, slug),
            None => self.say.line("answer-more", &[("count", count.into())]),
        };
        post.bounded(MOST_MESSAGES, &|post| self.messages(post), &rest)
    }
}

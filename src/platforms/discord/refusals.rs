//! What Discord's refusals say, and of whom, by the codes of
//! <https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes>. Those that no call of
//! ours can meet (of voice, stickers, payments and the like) are left out, as are those that are the channel's: whatever
//! isn't here is.

use std::fmt;
use std::time::Duration;

use crate::platforms::kit::refusals::Whose;
use crate::platforms::kit::refusals::Whose::{Account, Channel, Later, Overload, Text};

/// What Discord says when it refuses (<https://docs.discord.com/developers/topics/opcodes-and-status-codes#json>).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    /// Discord's own code; 0 if it gives none.
    pub(super) code: u32,
    pub(super) message: String,
    /// Set for a 429, and where Cloudflare keeps this address out.
    pub(super) limited: Option<Limited>,
}

/// For how long we are to wait, and who is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Limited {
    /// As long as was said.
    pub(super) wait: Option<Duration>,
    pub(super) whose: Limit,
}

/// For whom a limit holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// For calls of this kind.
    Channel,
    /// For all of the bot's calls.
    Everybody,
    /// For this address: not Discord answers, but Cloudflare in front of it
    /// (<https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans>).
    Banned,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} (status {}, code {})",
            self.message, self.status, self.code
        )
    }
}

/// Codes and of whom they speak, by number.
const CODES: &[(u32, Whose)] = &[
    // Explicit content can't be sent to the recipient.
    (20_009, Text),
    // Not for bots, only for bots, not authorized on this application.
    (20_001, Account),
    (20_002, Account),
    (20_012, Account),
    // Slow mode; and only the owner of the account may.
    (20_016, Later),
    (20_018, Account),
    // Limits of announcements, of a channel and of a server.
    (20_022, Later),
    (20_028, Later),
    (20_029, Later),
    // Edits of messages older than an hour.
    (30_046, Later),
    // Unauthorized; the account isn't verified.
    (40_001, Account),
    (40_002, Account),
    // Direct messages are opened too fast.
    (40_003, Later),
    // Sending, or a feature, is disabled for a while.
    (40_004, Overload),
    (40_005, Text),
    (40_006, Overload),
    // The connection was revoked.
    (40_012, Account),
    // A resource of a service is being limited.
    (40_062, Overload),
    // Cloudflare blocks us.
    (40_333, Account),
    (50_002, Account),
    // An empty message.
    (50_006, Text),
    (50_014, Account),
    // Invalid role, and an invalid form.
    (50_028, Text),
    (50_035, Text),
    // Invalid version of the API.
    (50_041, Account),
    // Invalid type of message, and JSON.
    (50_068, Text),
    (50_109, Text),
    (50_151, Text),
    // The account has to be verified first, or to use two factors.
    (50_178, Account),
    (60_003, Account),
    // Something isn't available yet.
    (110_000, Overload),
    (110_001, Overload),
    (130_000, Overload),
    // Automatic moderation: the message, and the title of a forum's post.
    (200_000, Text),
    (200_001, Text),
    // The filter for harmful links.
    (240_000, Text),
];

/// Of whom a refusal speaks. What isn't known is the channel's.
pub(super) fn whose(refusal: &Refusal) -> Whose {
    let known = CODES.iter().find(|(code, _)| *code == refusal.code);
    match (refusal.status, refusal.code, known) {
        // The listener finds out whether it is the token.
        (401, _, _) => Account,
        // Told to wait, and not for how long.
        (429, _, _) => Overload,
        (413, _, _) => Text,
        (_, _, Some((_, whose))) => *whose,
        (_, _, None) => Channel,
    }
}

/// What the commonest refusals of channels come to for the people there, by how Discord's explanations begin.
const PLAIN: &[(&str, &str)] = &[
    ("Unknown Channel", "reason-channel-deleted"),
    (
        "Cannot send messages to this user",
        "reason-takes-no-messages",
    ),
    ("Thread is locked", "reason-thread-locked"),
];

/// The text that says what a refusal comes to; `None` for those that only their own words tell.
pub(super) fn in_plain_words(message: &str) -> Option<&'static str> {
    let known = PLAIN.iter().find(|(start, _)| message.starts_with(start));
    known.map(|(_, key)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_speaks_of_the_text_the_channel_the_account_or_overload() {
        let of = |status, code| {
            whose(&Refusal {
                status,
                code,
                message: String::new(),
                limited: None,
            })
        };
        for code in [
            10_003, 10_004, 40_007, 40_058, 40_066, 40_067, 50_001, 50_007, 50_009, 50_013, 50_083,
            50_278, 160_002, 160_005, 160_006, 160_007, 999_999,
        ] {
            assert_eq!(of(400, code), Channel, "{code}");
            assert_eq!(of(403, code), Channel, "{code}");
        }
        for code in [20_009, 50_006, 50_035, 200_000, 200_001, 240_000] {
            assert_eq!(of(400, code), Text, "{code}");
        }
        // “General error (such as a malformed request body, amongst other things)” says nothing of whom.
        for status in [400, 403, 404] {
            assert_eq!(of(status, 0), Channel, "{status}");
        }
        assert_eq!(of(429, 0), Overload);
        assert_eq!(of(403, 40_002), Account);
        assert_eq!(of(401, 0), Account);
        assert_eq!(of(400, 130_000), Overload);
        assert_eq!(of(503, 130_000), Overload);
        assert_eq!(of(400, 20_016), Later);
    }

    #[test]
    fn the_table_is_sorted_and_says_each_code_once() {
        let mut sorted: Vec<u32> = CODES.iter().map(|(code, _)| *code).collect();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), CODES.len());
    }
}

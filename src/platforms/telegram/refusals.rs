//! What Telegram's refusals say, and of whom. The Bot API has no codes for them: these are parts of the descriptions
//! of its server (<https://github.com/tdlib/telegram-bot-api>, `Client.cpp`), of TDLib, which it is built on
//! (<https://github.com/tdlib/td>, `MessagesManager.cpp`, `DialogManager.cpp`, `MessageContent.cpp`,
//! `MessageEntity.cpp`, `ReplyMarkup.cpp`, `LinkManager.cpp`, `HttpUrl.cpp`), and the errors of Telegram's own servers that both pass on
//! (<https://core.telegram.org/method/messages.sendMessage#possible-errors>). The Bot API says 400 for what those
//! servers say 403 or 406 for, so the texts count for more than the codes.

use super::api::Refusal;
use crate::platforms::kit::refusals::Whose;
use crate::platforms::kit::refusals::Whose::{Account, Channel, Overload, Text};

/// Parts of descriptions in lower case; the first that is found decides.
const TEXTS: &[(&str, Whose)] = &[
    // The person, though it sounds like ourselves.
    ("input_user_deactivated", Channel),
    // The bot's account or the server's session.
    ("logged out", Account),
    ("already been closed", Account),
    ("frozen_", Account),
    ("user_deactivated", Account),
    ("auth_key_", Account),
    ("session_revoked", Account),
    ("session_expired", Account),
    ("session_password_needed", Account),
    ("api_id_", Account),
    ("invalid api-id", Account),
    ("bot_method_invalid", Account),
    ("access_token_", Account),
    ("misdirected request", Account),
    ("unallowed token", Account),
    // What is said, and what hangs under it. Nothing that speaks of an address, a link, a button or an entity speaks of
    // the chat.
    ("parse", Text),
    ("can't find end", Text),
    ("byte offset", Text),
    ("start tag", Text),
    ("end tag", Text),
    ("end of name", Text),
    ("too long", Text),
    ("too_long", Text),
    ("text is empty", Text),
    ("text_empty", Text),
    ("text_invalid", Text),
    ("message_empty", Text),
    ("must be non-empty", Text),
    ("without content", Text),
    ("entit", Text),
    ("must be encoded", Text),
    ("utf-8", Text),
    ("utf-16", Text),
    ("emoji", Text),
    ("markup", Text),
    ("button", Text),
    ("keyboard", Text),
    ("web app", Text),
    ("url", Text),
    ("link", Text),
    ("host is invalid", Text),
    ("ipv6", Text),
    ("percent-encoded", Text),
    ("webpage", Text),
    ("web page", Text),
    ("media timestamp", Text),
    ("unix time", Text),
    ("language code", Text),
    ("message content", Text),
    ("media_empty", Text),
    ("media_invalid", Text),
    ("reply_message_id_invalid", Text),
    ("reply_to_invalid", Text),
    ("to be replied not found", Text),
    ("message to reply not found", Text),
    // Too much at the same time.
    ("flood", Overload),
    ("too many requests", Overload),
    ("overload", Overload),
    ("timeout", Overload),
    ("timed out", Overload),
    ("try again", Overload),
    ("_retry", Overload),
    ("worker_busy", Overload),
    ("no_workers_running", Overload),
    ("rpc_", Overload),
    ("msg_wait_failed", Overload),
    ("temporarily", Overload),
    ("request aborted", Overload),
    // The chat, the topic, or what the bot may do there.
    ("chat not found", Channel),
    ("can't access the chat", Channel),
    ("can't access the topic", Channel),
    ("chat is not accessible", Channel),
    ("chat is deactivated", Channel),
    ("peer_id_invalid", Channel),
    ("chat_id_invalid", Channel),
    ("channel_invalid", Channel),
    ("channel_private", Channel),
    ("channel_public_group_na", Channel),
    ("channel_monoforum_unsupported", Channel),
    ("not enough rights", Channel),
    ("have no rights", Channel),
    ("have no write access", Channel),
    ("need administrator rights", Channel),
    ("chat_write_forbidden", Channel),
    ("chat_restricted", Channel),
    ("chat_admin_required", Channel),
    ("chat_send_", Channel),
    ("chat_guest_send_forbidden", Channel),
    ("chat_forbidden", Channel),
    ("right_forbidden", Channel),
    ("user_banned_in_channel", Channel),
    ("user_kicked", Channel),
    ("user_not_participant", Channel),
    ("user_is_blocked", Channel),
    ("user_is_bot", Channel),
    ("user_bot_invalid", Channel),
    ("user_deleted", Channel),
    ("you_blocked_user", Channel),
    ("privacy_premium_required", Channel),
    ("privacy_restricted", Channel),
    ("allow_payment_required", Channel),
    ("payment required", Channel),
    ("balance_too_low", Channel),
    ("topic_closed", Channel),
    ("topic_deleted", Channel),
    ("topic_id_invalid", Channel),
    ("topic_not_modified", Channel),
    ("topics_empty", Channel),
    ("not a forum", Channel),
    ("doesn't have topics", Channel),
    ("direct messages topic", Channel),
    ("monoforum", Channel),
    ("thread not found", Channel),
    ("send_as_peer_invalid", Channel),
    ("group is deactivated", Channel),
    ("was deactivated", Channel),
    ("was deleted", Channel),
    ("user is deactivated", Channel),
    ("was kicked", Channel),
    ("not a member", Channel),
    ("was blocked", Channel),
    ("can't initiate conversation", Channel),
    ("can't send messages to", Channel),
];

/// Of whom a refusal speaks. What isn't known is the channel's.
pub(super) fn whose(refusal: &Refusal) -> Whose {
    match (refusal.code, known(refusal)) {
        // An address that isn't served here: a self-hosted server with a filter.
        (421, _) => Account,
        // Told to wait, and not for how long.
        (429, _) => Overload,
        (413, _) => Text,
        (_, Some(whose)) => whose,
        (_, None) => Channel,
    }
}

/// Of whom the words of a refusal speak; `None` for those that nobody has heard of.
pub(super) fn known(refusal: &Refusal) -> Option<Whose> {
    let description = refusal.description.to_lowercase();
    let known = TEXTS.iter().find(|(text, _)| description.contains(text));
    known.map(|(_, whose)| *whose)
}

/// What the commonest refusals of chats come to for the people there, by parts of the descriptions in lower case.
const PLAIN: &[(&str, &str)] = &[
    ("blocked", "reason-blocked"),
    ("kicked", "reason-removed"),
    ("not a member", "reason-removed"),
    ("user_not_participant", "reason-removed"),
    ("need administrator rights", "reason-may-not-post"),
    ("chat_admin_required", "reason-may-not-post"),
    ("no rights", "reason-may-not-write"),
    ("not enough rights", "reason-may-not-write"),
    ("no write access", "reason-may-not-write"),
    ("chat_write_forbidden", "reason-may-not-write"),
    ("chat_guest_send_forbidden", "reason-may-not-write"),
    ("chat_send_", "reason-may-not-write"),
    ("user_banned_in_channel", "reason-may-not-write"),
    ("topic_closed", "reason-topic-closed"),
    ("topic_deleted", "reason-topic-deleted"),
    ("thread not found", "reason-topic-deleted"),
    ("was deleted", "reason-channel-deleted"),
    ("is deactivated", "reason-channel-deleted"),
];

/// The text that says what a refusal comes to; `None` for those that only their own words tell.
pub(super) fn in_plain_words(description: &str) -> Option<&'static str> {
    let description = description.to_lowercase();
    let known = PLAIN.iter().find(|(part, _)| description.contains(part));
    known.map(|(_, key)| *key)
}

/// How long a chat that lets its members write only now and then is to be left alone: `SLOWMODE_WAIT_35`.
pub(super) fn seconds_within(description: &str) -> Option<u32> {
    let (_, behind) = description.split_once("_WAIT_")?;
    behind.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: u16, description: &str) -> Whose {
        whose(&Refusal {
            code,
            description: description.to_owned(),
            retry_after: None,
            migrate_to: None,
        })
    }

    #[test]
    fn a_refusal_speaks_of_the_text_the_channel_the_account_or_overload() {
        for (code, description, expected) in [
            (400, "Bad Request: USER_BANNED_IN_CHANNEL", Channel),
            (400, "Bad Request: CHAT_GUEST_SEND_FORBIDDEN", Channel),
            (400, "Bad Request: ALLOW_PAYMENT_REQUIRED_25", Channel),
            (403, "Forbidden: user is deactivated", Channel),
            (400, "Bad Request: INPUT_USER_DEACTIVATED", Channel),
            (400, "Bad Request: something never heard of", Channel),
            (403, "Forbidden: something never heard of", Channel),
            (406, "SOMETHING_NEW_FORBIDDEN", Channel),
            (400, "Logged out", Account),
            (400, "Bad Request: the bot has already been closed", Account),
            (400, "Bad Request: FROZEN_METHOD_INVALID", Account),
            (
                421,
                "Misdirected Request: unallowed token specified",
                Account,
            ),
            (400, "Bad Request: ENTITIES_TOO_LONG", Text),
            (400, "Bad Request: message is too long", Text),
            (400, "Bad Request: BUTTON_DATA_INVALID", Text),
            (400, "Bad Request: reply markup is too long", Text),
            (
                400,
                "Bad Request: inline keyboard button URL 'x' is invalid",
                Text,
            ),
            (413, "Request Entity Too Large", Text),
            (404, "Not Found", Channel),
            (429, "Slow down", Overload),
            (
                400,
                "Bad Request: wrong port number specified in the URL",
                Text,
            ),
            (
                400,
                "Bad Request: wrong IPv6 address specified in the URL",
                Text,
            ),
            (
                400,
                "Bad Request: wrong percent-encoded symbol in URL host",
                Text,
            ),
            (400, "Bad Request: disallowed character in URL host", Text),
            (400, "Bad Request: unallowed characters in URL host", Text),
            (400, "Bad Request: URL must be non-empty", Text),
            (400, "Bad Request: unsupported URL protocol", Text),
            (400, "Bad Request: URL host is empty", Text),
            (400, "Bad Request: Host is invalid", Text),
            (400, "Bad Request: wrong HTTP URL specified", Text),
            (400, "Bad Request: wrong ton URL", Text),
            (
                400,
                "Bad Request: invalid tg://emoji or tg://time URL specified",
                Text,
            ),
            (400, "Bad Request: failed to get HTTP URL content", Text),
            (400, "Bad Request: WC_CONVERT_URL_INVALID", Text),
            (
                400,
                "Bad Request: link preview URL must be encoded in UTF-8",
                Text,
            ),
            (400, "Bad Request: only HTTP links are allowed", Text),
            (400, "Bad Request: ENTITY_BOUNDS_INVALID", Text),
            (
                400,
                "Bad Request: entity begins in a middle of a UTF-16 symbol at byte offset 7",
                Text,
            ),
            (
                400,
                "Bad Request: receive an entity with incorrect length 0",
                Text,
            ),
            (
                400,
                "Bad Request: unclosed start tag at byte offset 12",
                Text,
            ),
            (
                400,
                "Bad Request: can't find end of a URL at byte offset 3",
                Text,
            ),
            (400, "Bad Request: invalid Unix time specified", Text),
            (
                400,
                "Bad Request: input message content must be non-empty",
                Text,
            ),
            (400, "Bad Request: can't send message without content", Text),
            (400, "Bad Request: unallowed message content", Text),
            (400, "Bad Request: target chat must be non-empty", Text),
            (400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN", Channel),
            (400, "Bad Request: CHAT_SEND_MEDIA_FORBIDDEN", Channel),
            (
                400,
                "Bad Request: not enough rights to send text messages to the chat",
                Channel,
            ),
            (400, "Bad Request: TIMEOUT", Overload),
        ] {
            assert_eq!(of(code, description), expected, "{description}");
        }
    }

    #[test]
    fn what_everybody_may_read_is_said_in_plain_words() {
        for (description, key) in [
            (
                "Forbidden: bot was blocked by the user",
                Some("reason-blocked"),
            ),
            (
                "Forbidden: bot was kicked from the supergroup chat",
                Some("reason-removed"),
            ),
            (
                "Bad Request: not enough rights to send text messages to the chat",
                Some("reason-may-not-write"),
            ),
            (
                "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN",
                Some("reason-may-not-write"),
            ),
            ("Bad Request: TOPIC_CLOSED", Some("reason-topic-closed")),
            (
                "Bad Request: message thread not found",
                Some("reason-topic-deleted"),
            ),
            (
                "Forbidden: the group chat was deleted",
                Some("reason-channel-deleted"),
            ),
            ("Bad Request: ALLOW_PAYMENT_REQUIRED_25", None),
        ] {
            assert_eq!(in_plain_words(description), key, "{description}");
        }
    }

    #[test]
    fn what_would_never_be_reached_is_not_in_the_table() {
        for (at, (text, _)) in TEXTS.iter().enumerate() {
            let shadow = TEXTS[..at].iter().find(|(other, _)| text.contains(other));
            assert_eq!(shadow, None, "{text}");
        }
    }

    #[test]
    fn a_slow_chat_says_how_long() {
        assert_eq!(seconds_within("Bad Request: SLOWMODE_WAIT_35"), Some(35));
        for other in [
            "Bad Request: FLOOD",
            "PREVIOUS_CHAT_IMPORT_ACTIVE_WAIT_9MIN",
        ] {
            assert_eq!(seconds_within(other), None, "{other}");
        }
    }
}

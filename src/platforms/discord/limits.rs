//! Discord's limits, as data. Texts are counted in UTF-16 units, which are never fewer than the characters that
//! Discord counts.

/// Of a message's content (<https://docs.discord.com/developers/resources/message#create-message>).
pub(super) const CONTENT: usize = 2_000;

/// Embeds of a message (the same page).
pub(super) const EMBEDS: usize = 10;

/// Of an embed's title (<https://docs.discord.com/developers/resources/message#embed-object-embed-limits>).
pub(super) const TITLE: usize = 256;

/// Of an embed's description (the same page).
pub(super) const DESCRIPTION: usize = 4_096;

/// Of an embed's footer (the same page).
pub(super) const FOOTER: usize = 2_048;

/// Of all embeds of a message together (the same page).
pub(super) const ALL_EMBEDS: usize = 6_000;

/// Components of a message of cards, those in others included
/// (<https://docs.discord.com/developers/components/reference#component-reference>).
pub(super) const CARD_COMPONENTS: usize = 40;

/// Of all texts of a message of cards together (the same page).
pub(super) const CARD_TEXT: usize = 4_000;

/// What a row of components itself takes of [`CARD_COMPONENTS`].
pub(super) const ACTION_ROW: usize = 1;

/// Of a picture's address (`UnfurledMediaRequest` of <https://github.com/discord/discord-api-spec>).
pub(super) const PICTURE: usize = 2_048;

/// Of the address that a button opens (<https://docs.discord.com/developers/components/reference#button>).
pub(super) const LINK: usize = 512;

/// Rows of components under a message, and buttons in a row
/// (<https://docs.discord.com/developers/components/reference#action-row>).
pub(super) const ROW: usize = 5;

/// Of what a menu says before anything is chosen (<https://docs.discord.com/developers/components/reference#string-select>).
pub(super) const PLACEHOLDER: usize = 150;

/// Of a button's label (<https://docs.discord.com/developers/components/reference#button>).
pub(super) const LABEL: usize = 80;

/// Of a component's own data (<https://docs.discord.com/developers/components/reference#anatomy-of-a-component>).
pub(super) const CUSTOM_ID: usize = 100;

/// Options of a select, and choices of an autocompletion
/// (<https://docs.discord.com/developers/components/reference#string-select>,
/// <https://docs.discord.com/developers/interactions/application-commands#autocomplete>).
pub(super) const CHOICES: usize = 25;

/// Of an option's or a choice's name and value, and of a command's description (the same pages).
pub(super) const CHOICE: usize = 100;

/// Of a form's title, and of what stands over its fields
/// (<https://docs.discord.com/developers/components/reference#text-input>,
/// <https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal>).
pub(super) const INPUT_LABEL: usize = 45;

/// Of what is written into a field of a form (the first of these pages).
pub(super) const TEXT: usize = 4_000;

/// Of a command's name
/// (<https://docs.discord.com/developers/interactions/application-commands#application-command-object>).
pub(super) const NAME: usize = 32;

/// Of a thread's name (<https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel>).
pub(super) const THREAD_NAME: usize = 100;

/// Tags of a forum post (the same page).
pub(super) const TAGS: usize = 5;

/// Refused requests (401, 403, 429) within ten minutes after which Discord bans an address
/// (<https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans>).
pub(super) const INVALID_REQUESTS: usize = 10_000;

/// Seconds within which an interaction has to be acknowledged
/// (<https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-callback>).
pub(super) const ACKNOWLEDGE: u64 = 3;

/// How long a text is for these limits.
pub(super) fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The beginning of a text that fits, with `…` where something is left out.
pub(super) fn fit(text: &str, most: usize) -> String {
    if length(text) <= most {
        return text.to_owned();
    }
    let mut room = most - 1;
    let mut kept = String::new();
    for grapheme in unicode_segmentation::UnicodeSegmentation::graphemes(text, true) {
        let Some(left) = room.checked_sub(length(grapheme)) else {
            break;
        };
        room = left;
        kept.push_str(grapheme);
    }
    kept.push('…');
    kept
}

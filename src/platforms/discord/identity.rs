//! What Discord is called, who the bot is there, and how its places are written.

use tidings_core::ids::ChannelKey;

pub(super) const NAME: &str = "discord";

/// What it is called in sentences.
pub(super) const TITLE: &str = "Discord";

/// The variable that holds the token.
pub(super) const TOKEN: &str = "DISCORD_TOKEN";

/// Who the bot is.
#[derive(Clone, Debug)]
pub(super) struct Account {
    /// Its user.
    pub(super) id: u64,
    /// The application that it is the bot of.
    pub(super) application: u64,
    pub(super) name: String,
}

/// The key of a channel or thread.
pub(super) fn key(channel: u64) -> ChannelKey {
    #[expect(clippy::unwrap_used, reason = "a number makes a key")]
    ChannelKey::new(NAME, &channel.to_string()).unwrap()
}

/// The key of a person's chat with the bot, whose number only Discord knows: the person's own, behind this mark.
pub(super) const PERSON: char = '@';

/// The key of a server, which is a place that channels are part of and never a channel itself.
pub(super) fn server(guild: u64) -> ChannelKey {
    #[expect(
        clippy::unwrap_used,
        reason = "a word, a slash and a number make a key"
    )]
    ChannelKey::new(NAME, &format!("guild/{guild}")).unwrap()
}

/// Returns true if a channel is the chat with a person alone, by who they are.
pub(super) fn is_person(channel: &ChannelKey) -> bool {
    channel.address().starts_with(PERSON)
}

/// The chat with a person alone, by who they are: what it is called on Discord only shows once it is opened.
pub(super) fn person(user: &str) -> ChannelKey {
    #[expect(clippy::unwrap_used, reason = "a mark and a number make a key")]
    ChannelKey::new(NAME, &format!("{PERSON}{user}")).unwrap()
}

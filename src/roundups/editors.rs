//! The editors on a platform, and how each is spoken to: by what is set in their private chat.

use jiff::Timestamp;

use tidings_core::channel::{ChannelRow, Defaults};
use tidings_core::ids::ChannelKey;
use tidings_core::platform::ChatPlatform;
use tidings_store::{StoreError, Voice, WriteTx};

/// The private chats of the editors on a platform, with what is set there. A platform may know a chat by another name than the
/// person whom it is with: where nothing is set under the latter, what is set in that chat counts.
pub(super) fn on(
    db: &WriteTx<'_>,
    platform: &dyn ChatPlatform,
    editors: &[ChannelKey],
    now: Timestamp,
) -> Result<Vec<ChannelRow>, StoreError> {
    let here = editors
        .iter()
        .filter(|key| key.platform() == platform.name());
    let chat = |editor: &ChannelKey| {
        let person = platform.person(editor.address());
        let mut row = db.channel_or_new(&person, now)?;
        if !is_set(&row)
            && let Some(chat) = db.channels_within(&person)?.into_iter().find(is_set)
        {
            row.settings = chat.settings;
        }
        Ok(row)
    };
    here.map(chat).collect()
}

/// Whether something is set that says how whoever is there is spoken to.
fn is_set(chat: &ChannelRow) -> bool {
    chat.settings.locale.is_some() || chat.settings.timezone.is_some()
}

/// How an editor is spoken to; `None` is as `[defaults]` says.
fn voice(defaults: &Defaults, editor: &ChannelRow) -> Option<Voice> {
    let voice = Voice {
        locale: editor.settings.language(defaults),
        zone: editor.settings.zone(defaults).clone(),
    };
    let is_default = voice.locale == defaults.locale && voice.zone == defaults.timezone;
    (!is_default).then_some(voice)
}

/// The editors with how they are spoken to, those who are spoken to alike together.
pub(super) fn by_voice<'r>(
    defaults: &Defaults,
    editors: impl IntoIterator<Item = &'r ChannelRow>,
) -> Vec<(Option<Voice>, Vec<&'r ChannelRow>)> {
    let mut voices: Vec<(Option<Voice>, Vec<&ChannelRow>)> = Vec::new();
    for editor in editors {
        let own = voice(defaults, editor);
        match voices.iter_mut().find(|(voice, _)| *voice == own) {
            Some((_, alike)) => alike.push(editor),
            None => voices.push((own, vec![editor])),
        }
    }
    voices
}

/// What holds where one is spoken to like this.
pub(super) fn spoken(defaults: &Defaults, voice: Option<&Voice>) -> Defaults {
    let defaults = defaults.clone();
    match voice {
        None => defaults,
        Some(voice) => Defaults {
            locale: voice.locale,
            timezone: voice.zone.clone(),
            ..defaults
        },
    }
}

//! What the bot asks of every platform, as Telegram does it.

use std::sync::Arc;

use teloxide::payloads::GetMe;
use tokio::sync::watch::Receiver;

use super::client::{Telegram, lane};
use super::identity::{Account, BROADCAST, NAME, TITLE, TOKEN};
use super::under::{LONGEST_WORD, hanging, start_link};
use super::wire::{Address, Wire, undelivered, unshown};
use super::{listen, picture, refusals, render};
use crate::chat::Bot;
use crate::delivery::pace::Lane;
use crate::delivery::{Gate, Sending, Transport};
use crate::platforms::kit::{
    Broken, Introduction, Listening, PlatformSpec, Probing, Receiving, Service, Share,
};
use crate::settings::Settings;
use crate::task::stopped;
use tidings_core::delivery::{Outgoing, SendError};
use tidings_core::ids::ChannelKey;
use tidings_core::picture::Shown;
use tidings_core::platform::{Anew, ChatPlatform, FollowLink, Recut};
use tidings_core::post::{DeliveryOptions, Place, Post};
use tidings_core::section::Section;

/// The row of [`ALL`](crate::platforms::ALL).
pub const SPEC: PlatformSpec = PlatformSpec {
    name: NAME,
    token: Some(TOKEN),
    connect: Some(connect),
};

fn connect(settings: &Settings) -> Result<Option<Arc<dyn Service>>, Broken> {
    let Some(token) = settings.tokens.get(TOKEN) else {
        return Ok(None);
    };
    Ok(Some(Arc::new(Telegram::new(settings, token)?)))
}

impl ChatPlatform for Telegram {
    fn name(&self) -> &'static str {
        NAME
    }

    fn render(&self, post: &Post, options: &DeliveryOptions) -> Vec<String> {
        let messages = render::messages(post);
        let placement: Vec<Vec<i64>> = messages.iter().map(|it| it.items.clone()).collect();
        let wire = |message: render::Message| Wire {
            html: message.html,
            preview: message.preview.filter(|_| options.previews),
            silent: options.silent,
            previews: options.previews,
            ..Wire::default()
        };
        let mut wires: Vec<Wire> = messages.into_iter().map(wire).collect();
        for (at, rows) in hanging(post, &placement) {
            if let Some(wire) = wires.get_mut(at) {
                wire.with_buttons(rows);
            }
        }
        wires.iter().map(Wire::to_text).collect()
    }

    fn title(&self) -> &'static str {
        TITLE
    }

    fn private_chat(&self) -> Option<String> {
        let name = self.names.ours()?;
        Some(format!("https://t.me/{name}"))
    }

    /// A link that begins a chat with the bot, and asks to follow there
    /// (<https://core.telegram.org/bots/features#deep-linking>).
    fn follow_link(&self, account: &str, section: &Section) -> Option<FollowLink> {
        let bot = account.strip_prefix('@')?;
        let word = format!("sub_{}", section.slug);
        let fits = word.len() <= LONGEST_WORD
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        let word = if fits {
            word
        } else {
            format!("sub_-{}", section.id)
        };
        Some(FollowLink {
            platform: TITLE,
            url: start_link(bot, &word),
        })
    }

    fn edits_posts(&self) -> bool {
        true
    }

    fn placement(&self, post: &Post, _options: &DeliveryOptions) -> Vec<Vec<i64>> {
        let messages = render::messages(post).into_iter();
        messages.map(|message| message.items).collect()
    }

    fn picture(&self, wire: &str) -> Option<Vec<Shown>> {
        let wire: Wire = serde_json::from_str(wire).ok()?;
        Some(picture::of(&wire))
    }

    fn simpler(&self, wire: &str, refusal: &str) -> Vec<String> {
        let wire: Result<Wire, _> = serde_json::from_str(wire);
        let simpler = wire.map(|wire| wire.simpler(refusal)).unwrap_or_default();
        simpler.iter().map(Wire::to_text).collect()
    }

    fn recut(&self, recut: &Recut<'_>) -> Anew {
        let read = |text: &str| serde_json::from_str::<Wire>(text).ok();
        let wires = read(recut.piece)
            .zip(read(recut.before))
            .zip(read(recut.after));
        wires.map_or(Anew::Unknown, |((piece, before), after)| {
            piece.recut(&before, &after, recut.mark)
        })
    }

    fn in_plain_words(&self, refusal: &str) -> Option<&'static str> {
        refusals::in_plain_words(refusal)
    }

    fn has_buttons(&self) -> bool {
        true
    }

    fn place(&self, channel: &ChannelKey, note: Option<&str>) -> Place {
        let address = Address::parse(channel.address());
        if note == Some(BROADCAST) {
            Place::Channel
        } else if address.is_some_and(Address::is_private) {
            Place::Private
        } else if address.is_some_and(|address| address.thread.is_some()) {
            Place::Topic
        } else {
            Place::Group
        }
    }

    fn heeds(&self, setting: &str, _note: Option<&str>) -> bool {
        // There are no roles, and no servers that follow a channel. What is said under a channel's posts is said in its linked
        // group, without our doing.
        !matches!(setting, "role" | "publish" | "discuss")
    }
}

impl Transport for Telegram {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            let channel = &message.channel;
            let broken = |what: &str| SendError::Rejected(format!("the stored {what} is broken"));
            let to = Address::parse(channel.address()).ok_or_else(|| broken("address"))?;
            let wire: Wire = serde_json::from_str(&message.wire).map_err(|_| broken("message"))?;
            let wire = match self.names.ours() {
                Some(bot) if message.platform_note.as_deref() == Some(BROADCAST) => {
                    wire.with_links(&bot)
                }
                _ => wire,
            };
            let refusals = self.standstill.times();
            let outcome = match &wire.ephemeral {
                Some(_) if self.abilities.lacks_ephemeral() => {
                    let why = "this Bot API server would show it to all";
                    Err(SendError::Rejected(why.to_owned()))
                }
                ephemeral => {
                    let sent = match &message.edits {
                        Some(edits) => wire.correct(&self.api, &self.abilities, to, edits).await,
                        None => wire.send(&self.api, &self.abilities, to).await,
                    };
                    sent.map_err(|fault| match ephemeral {
                        None => undelivered(fault, to, &self.standstill),
                        Some(_) => unshown(fault, to, &self.standstill, |group| {
                            tracing::warn!(group, "a group takes no answers that one alone sees");
                            self.abilities.note_refusing(group);
                        }),
                    })
                }
            };
            let last = wire.ephemeral.as_ref().filter(|one| !one.goes_on);
            if let Some(press) = last.and_then(|one| one.press.as_deref())
                && matches!(outcome, Ok(_) | Err(SendError::Rejected(_)))
            {
                self.presses.are_over(press);
            }
            self.apply_rate_limits(&lane(channel).name, refusals, &outcome);
            outcome
        })
    }

    fn halted(&self) -> Option<String> {
        self.standstill.why()
    }

    fn open(&self) {
        self.gate.open();
    }

    fn close(&self) {
        self.gate.close();
    }

    fn reopen(&self) {
        self.gate.end_rest();
    }

    fn gate(&self, channel: &ChannelKey) -> Option<(&Arc<Gate>, Lane)> {
        Some((&self.gate, lane(channel)))
    }
}

impl Service for Telegram {
    fn listen<'a>(&'a self, bot: Arc<Bot>, _share: Share, stop: Receiver<bool>) -> Listening<'a> {
        Box::pin(async move { self.answer_people(&bot, stop).await })
    }

    fn receive<'a>(&'a self, bot: Arc<Bot>, mut stop: Receiver<bool>) -> Receiving<'a> {
        Box::pin(async move {
            match &self.settings.webhook {
                None => stopped(&mut stop).await,
                Some(webhook) => tokio::select! {
                    () = self.take_brought(&bot, webhook) => {}
                    () = stopped(&mut stop) => {}
                },
            }
        })
    }

    fn introduce(&self) -> Introduction<'_> {
        Box::pin(async move {
            let account: Result<Account, _> = self.api.ask(&GetMe::new(), listen::PATIENCE).await;
            match account {
                Ok(account) => Ok(format!("@{}", account.username)),
                Err(fault) if fault.is_bad_token() => Err(listen::refused(&fault).0),
                Err(fault) => Err(format!(
                    "{fault}. Look at [telegram] api_url and the network"
                )),
            }
        })
    }

    fn invitation(&self) -> Introduction<'_> {
        Box::pin(async move {
            let name = self.introduce().await?;
            let name = name.trim_start_matches('@');
            Ok(format!("https://t.me/{name}?startgroup=true"))
        })
    }

    fn probe<'a>(&'a self, channel: &'a ChannelKey) -> Probing<'a> {
        Box::pin(async move { self.is_welcome(channel).await })
    }
}

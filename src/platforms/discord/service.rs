//! What the bot asks of every platform, as Discord does it.

use std::sync::Arc;

use tokio::sync::watch::Receiver;

use super::api::Fault;
use super::client::{Discord, lane};
use super::identity::{NAME, TITLE, TOKEN, is_person, person};
use super::limits::ROW;
use super::wire::Wire;
use super::{access, account, parts, picture, refusals, render};
use crate::chat::Bot;
use crate::delivery::pace::Lane;
use crate::delivery::{Gate, Sending, Transport};
use crate::platforms::kit::{
    Broken, Introduction, Listening, PlatformSpec, Probing, Service, Share,
};
use crate::settings::Settings;
use tidings_core::delivery::Outgoing;
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
    Ok(Some(Arc::new(Discord::new(settings, token)?)))
}

impl ChatPlatform for Discord {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> &'static str {
        TITLE
    }

    fn render(&self, post: &Post, options: &DeliveryOptions) -> Vec<String> {
        parts::wires(post, options)
    }

    fn person(&self, name: &str) -> ChannelKey {
        person(name)
    }

    /// Whoever has a server invites the bot, and follows there.
    fn follow_link(&self, _account: &str, _section: &Section) -> Option<FollowLink> {
        let account = self.account.get()?;
        Some(FollowLink {
            platform: TITLE,
            url: access::invitation(account.application),
        })
    }

    fn edits_posts(&self) -> bool {
        true
    }

    fn placement(&self, post: &Post, options: &DeliveryOptions) -> Vec<Vec<i64>> {
        parts::placement(post, options)
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

    fn has_cards(&self) -> bool {
        true
    }

    fn menus(&self) -> usize {
        ROW
    }

    fn place(&self, channel: &ChannelKey, note: Option<&str>) -> Place {
        let is_private = access::ChannelKind::noted(note) == Some(access::ChannelKind::PRIVATE);
        if is_private || is_person(channel) {
            Place::Private
        } else {
            Place::Server
        }
    }

    fn role(&self, typed: &str) -> Option<String> {
        render::role_number(typed).map(|number| format!("<@&{number}>"))
    }

    fn heeds(&self, setting: &str, note: Option<&str>) -> bool {
        let kind = access::ChannelKind::noted(note);
        match setting {
            // Embeds have no previews of links.
            "previews" => false,
            "publish" => kind.is_none_or(|kind| kind == access::ChannelKind::ANNOUNCEMENT),
            "role" => kind != Some(access::ChannelKind::PRIVATE),
            "discuss" => kind.is_none_or(access::ChannelKind::has_threads),
            _ => true,
        }
    }
}

impl Transport for Discord {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(self.deliver(message))
    }

    fn halted(&self) -> Option<String> {
        self.banned.why().or_else(|| self.standstill.why())
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
        Some((&self.gate, lane(channel.address())))
    }
}

impl Service for Discord {
    fn listen<'a>(&'a self, bot: Arc<Bot>, share: Share, stop: Receiver<bool>) -> Listening<'a> {
        Box::pin(async move { self.answer_people(&bot, share, stop).await })
    }

    fn has_connections(&self) -> bool {
        true
    }

    fn introduce(&self) -> Introduction<'_> {
        Box::pin(async move {
            match self.ask_who_we_are().await {
                Ok(account) => Ok(account.name),
                Err(fault) => Err(unreachable(&fault)),
            }
        })
    }

    fn invitation(&self) -> Introduction<'_> {
        Box::pin(async move {
            match self.ask_who_we_are().await {
                Ok(account) => Ok(access::invitation(account.application)),
                Err(fault) => Err(unreachable(&fault)),
            }
        })
    }

    fn probe<'a>(&'a self, channel: &'a ChannelKey) -> Probing<'a> {
        Box::pin(async move { self.is_welcome(channel).await })
    }
}

/// What an operator is told who only wanted to know.
fn unreachable(fault: &Fault) -> String {
    if fault.is_bad_token() {
        account::refused(fault).0
    } else {
        format!("{fault}. Look at [discord] api_url and the network")
    }
}

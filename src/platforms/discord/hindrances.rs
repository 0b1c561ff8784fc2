//! What keeps a channel from being followed: whose it is, what the bot lacks there, whether it is there at all.

use serenity::model::Permissions;

use super::identity::{key, server};
use super::inbound::Inbound;
use super::interactive::Target;
use super::options::Question;
use tidings_core::channel::{ChannelRow, PausedBy};
use tidings_core::language::{Localizer, Value as Given};
use tidings_core::post::Line;
use tidings_store::StoreError;

impl Inbound<'_> {
    /// Why somebody may not name a channel: it is another server's, whose managers they aren't.
    pub(super) async fn foreign(
        &self,
        question: &Question,
        target: &Target,
        subscribes: bool,
        say: Localizer<'_>,
    ) -> Result<Option<Line>, StoreError> {
        let Some(guild) = question.guild else {
            return Ok(None);
        };
        let (channel, place) = (key(target.channel), server(guild));
        if self.bot.is_part_of(&channel, &place).await? {
            return Ok(None);
        }
        let name = format!("<#{}>", target.channel);
        let values = [("name", Given::Text(&name))];
        Ok(match self.discord.look_up(target.channel).await {
            Ok(about) if about.guild() == Some(guild) => None,
            Ok(_) => Some(say.line("channel-elsewhere", &values)),
            // What the bot can't see it can't post in, and that is said more exactly later.
            Err(fault) if subscribes && fault.is(&[50_001, 10_003]) => None,
            Err(fault) => {
                tracing::warn!(channel = target.channel, %fault, "Discord doesn't say whose channel it is");
                Some(say.line("permissions-unknown", &values))
            }
        })
    }

    /// Why a role can't be mentioned: there is none, or the bot may not.
    pub(super) async fn wrong_role(
        &self,
        question: &Question,
        target: &Target,
        role: &str,
        say: Localizer<'_>,
    ) -> Option<Line> {
        let guild = question.guild?;
        match self.discord.is_mentionable(guild, role).await {
            Ok(Some(true)) => None,
            Ok(Some(false)) => self.hindrance(question, target, true, say).await,
            Ok(None) => Some(say.line("no-role", &[("name", Given::Text(role))])),
            Err(fault) => {
                tracing::warn!(guild, %fault, "Discord doesn't say what roles there are");
                let name = format!("<#{}>", target.channel);
                Some(say.line("permissions-unknown", &[("name", Given::Text(&name))]))
            }
        }
    }

    /// What keeps the bot from posting somewhere, said so that it can be mended.
    pub(super) async fn hindrance(
        &self,
        question: &Question,
        target: &Target,
        pings: bool,
        say: Localizer<'_>,
    ) -> Option<Line> {
        if target.here && question.ours.is_some() && self.is_missing(question).await {
            return Some(say.line("bot-not-here", &[]));
        }
        let besides = match pings {
            true => Permissions::MENTION_EVERYONE,
            false => Permissions::empty(),
        };
        self.lacks("channel-lacks", question, target, besides, say)
            .await
    }

    /// What keeps threads from being opened under roundups, said likewise.
    pub(super) async fn no_threads(
        &self,
        question: &Question,
        target: &Target,
        say: Localizer<'_>,
    ) -> Option<Line> {
        let besides = Permissions::CREATE_PUBLIC_THREADS;
        self.lacks("channel-lacks-threads", question, target, besides, say)
            .await
    }

    /// What the bot lacks of what it needs to post somewhere, and of what it needs besides, said in the text of a key.
    async fn lacks(
        &self,
        key: &str,
        question: &Question,
        target: &Target,
        besides: Permissions,
        say: Localizer<'_>,
    ) -> Option<Line> {
        let name = format!("<#{}>", target.channel);
        let ours = question.ours.filter(|_| target.here);
        let lacking = self
            .discord
            .lacking(target.channel, target.kind, ours, besides)
            .await;
        match lacking {
            Ok(lacking) if lacking.is_empty() => None,
            Ok(lacking) => {
                let names = permission_names(lacking, say);
                let values = [
                    ("name", Given::Text(&name)),
                    ("permissions", Given::Text(&names)),
                ];
                Some(say.line(key, &values))
            }
            Err(fault) => {
                tracing::warn!(channel = target.channel, %fault, "Discord doesn't say what the bot may do");
                Some(say.line("permissions-unknown", &[("name", Given::Text(&name))]))
            }
        }
    }

    /// What the bot lacks in a channel that gets posts, whether one was refused already or not, so that it can be mended
    /// and nothing is promised that can't be kept. A manager's pause needs no permission.
    pub(super) async fn lacking_there(
        &self,
        question: &Question,
        target: &Target,
        say: Localizer<'_>,
    ) -> Result<Option<Line>, StoreError> {
        if question.private {
            return Ok(None);
        }
        let row = self.bot.follower(&key(target.channel)).await?;
        let paused = |row: &ChannelRow| {
            let by = row.pause.as_ref().map(|pause| pause.by);
            by == Some(PausedBy::Manager)
        };
        if row.is_none_or(|row| paused(&row)) {
            return Ok(None);
        }
        let ours = question.ours.filter(|_| target.here);
        let looked = self
            .discord
            .lacking(target.channel, target.kind, ours, Permissions::empty());
        Ok(match looked.await {
            Ok(lacking) if !lacking.is_empty() => {
                let names = permission_names(lacking, say);
                let values = [("permissions", Given::Text(&names))];
                Some(say.line("status-lacks", &values))
            }
            // What can't be found out is no reason to say anything.
            _ => None,
        })
    }

    /// Whether the bot isn't where something is asked although Discord tells permissions for it: a server may have
    /// its commands without having the bot itself.
    async fn is_missing(&self, question: &Question) -> bool {
        let sees = question.ours.is_some_and(|ours| {
            ours.intersects(Permissions::VIEW_CHANNEL | Permissions::ADMINISTRATOR)
        });
        // What it may see and yet can't is where it isn't.
        sees && match self.discord.look_up(question.channel).await {
            Ok(_) => false,
            Err(fault) => fault.is(&[50_001, 10_003, 10_004]),
        }
    }
}

/// Permissions as a server's settings call them.
fn permission_names(permissions: Permissions, say: Localizer<'_>) -> String {
    let known = [
        (Permissions::VIEW_CHANNEL, "permission-view-channel"),
        (Permissions::SEND_MESSAGES, "permission-send-messages"),
        (
            Permissions::SEND_MESSAGES_IN_THREADS,
            "permission-send-messages-in-threads",
        ),
        (Permissions::EMBED_LINKS, "permission-embed-links"),
        (Permissions::MENTION_EVERYONE, "permission-mention-everyone"),
        (
            Permissions::CREATE_PUBLIC_THREADS,
            "permission-create-public-threads",
        ),
    ];
    let lacking = known.iter().filter(|(bit, _)| permissions.contains(*bit));
    let names: Vec<String> = lacking.map(|(_, key)| say.text(key, &[])).collect();
    names.join(", ")
}

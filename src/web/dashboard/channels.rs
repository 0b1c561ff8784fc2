//! `/dashboard/channels`: what each follows, when it gets something next, why it gets nothing; and what its managers could do.

use maud::{Markup, html};
use serde_json::{Value as Json, json};

use super::context::Dashboard;
use super::entrance::SignedIn;
use super::page::{Done, Made, Tab, Trouble, Visit};
use super::request::Request;
use super::undoing::paused;
use super::words::words;
use crate::chat::commands::{self, Invocation, Reply};
use crate::chat::{Doing, Requester};
use crate::status::{ChannelStanding, Upcoming};
use tidings_core::channel::{ChannelRow, Pause, PausedBy, SubscriptionRow, Target};
use tidings_core::ids::{ChannelId, ChannelKey};
use tidings_core::pages::encoded;
use tidings_store::{DeedKind, StoreError};

/// Channels of a page.
const PAGE: usize = 50;

pub(super) fn channels(visit: &Visit<'_>) -> Result<Made, Trouble> {
    let (rows, last) = visit.channel_rows()?;
    let main = html! {
        h1 { (visit.text("dashboard-channels")) }
        @if rows.is_empty() { p.note { (visit.text("dashboard-no-channel")) } }
        ul.list {
            @for row in &rows { li { (visit.channel(row)?) } }
        }
        (visit.later(Tab::Channels, last))
    };
    Ok(Made::new(
        Tab::Channels,
        visit.text("dashboard-channels"),
        main,
    ))
}

/// The path of what is done to a channel.
fn action(channel: &ChannelKey, deed: &str) -> String {
    format!(
        "{}/{}/{deed}",
        Tab::Channels.path(),
        encoded(&channel.to_string())
    )
}

impl Visit<'_> {
    /// The channels of a page, and the number of the last one where there are more.
    pub(super) fn channel_rows(
        &self,
    ) -> Result<(Vec<ChannelStanding>, Option<ChannelId>), Trouble> {
        let after = self.request.query.number("after").map(ChannelId::new);
        let mut rows = self.db.channels_after(after, PAGE + 1)?;
        let is_more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let last = rows.last().filter(|_| is_more).map(|row| row.id);
        let rows = rows
            .into_iter()
            .map(|row| ChannelStanding::of(self.db, row));
        Ok((rows.collect::<Result<_, StoreError>>()?, last))
    }

    /// Where a list of channels goes on.
    pub(super) fn later(&self, tab: Tab, last: Option<ChannelId>) -> Markup {
        html! {
            @if let Some(last) = last {
                p.older { a rel="next" href=(format!("{}?after={last}", tab.path())) { (self.text("dashboard-later")) } }
            }
        }
    }

    fn channel(&self, standing: &ChannelStanding) -> Result<Markup, Trouble> {
        let row = &standing.channel;
        let name = row.key.to_string();
        let runs = self.dashboard.platform(row.key.platform()).is_some();
        Ok(html! {
            p { strong { (self.dashboard.called(self.db, &row.key)?) } }
            (self.upcoming(standing))
            @if !standing.subscriptions.is_empty() {
                ul.follows {
                    @for subscription in &standing.subscriptions { li { (self.follows(row, subscription)?) } }
                }
            }
            @if runs {
                div.deeds-of {
                    @match row.pause {
                        None => {
                            @let field = format!("how-long-{}", row.id);
                            (self.form(&action(&row.key, "pause"), &self.text("dashboard-pause"), &html! {
                                label for=(field) { (self.text("dashboard-how-long")) }
                                input #(field) name="how-long" placeholder="3d" maxlength="100";
                            }))
                        }
                        Some(_) => { (self.button(&action(&row.key, "resume"), &self.text("dashboard-resume"), &name, &[])) }
                    }
                    @if !standing.subscriptions.is_empty() {
                        (self.sure_button(&action(&row.key, "post-now"), &self.text("dashboard-post-now"), &name, &[]))
                        a href=(format!("{}/{}", Tab::Previews.path(), encoded(&name))) { (self.text("dashboard-preview")) }
                    }
                }
            } @else {
                p.note { (self.text("dashboard-not-run-here")) }
            }
        })
    }

    /// When a channel gets something next, or why it gets nothing.
    pub(super) fn upcoming(&self, standing: &ChannelStanding) -> Markup {
        if let Some(pause) = &standing.channel.pause {
            return self.pause(&standing.channel, pause);
        }
        html! {
            p {
                @match standing.upcoming(self.now) {
                    Upcoming::Nothing => { (self.text("dashboard-follows-nothing")) }
                    Upcoming::AsItComes => { (self.text("dashboard-as-it-comes")) }
                    Upcoming::AsItComesUntil(end, _) => { (self.text("dashboard-as-it-comes-until")) " " (self.moment(end)) }
                    Upcoming::Roundup(at) => { (self.text("dashboard-next-roundup")) " " (self.moment(at)) }
                }
            }
        }
    }

    fn pause(&self, channel: &ChannelRow, pause: &Pause) -> Markup {
        let key = match pause.by {
            PausedBy::Manager => "dashboard-paused",
            PausedBy::Platform => "dashboard-stopped",
        };
        let platform = self.dashboard.platform(channel.key.platform());
        let why = pause.reason.as_deref().map(|reason| {
            commands::pause_reason(self.say(), platform.map(|platform| &**platform), reason)
        });
        html! {
            p.wrong {
                (self.text(key)) " " (self.moment(pause.since))
                @if let Some(until) = pause.until { " " (self.text("dashboard-until")) " " (self.moment(until)) }
                @if let Some(why) = why { ": " (why) }
            }
        }
    }

    /// What a channel follows, and when.
    fn follows(&self, channel: &ChannelRow, row: &SubscriptionRow) -> Result<Markup, Trouble> {
        let target = match row.target {
            Target::All => self.text("all-sections"),
            Target::Watch(watch) => format!("“{}”", self.db.watch_words(watch)?),
            Target::Section(section) => match self.catalogue.get(section) {
                Some(section) => self.title(section),
                None => self.text("dashboard-hidden-section"),
            },
        };
        let zone = channel.settings.zone(&self.site.defaults);
        Ok(html! {
            (target) " · " (row.cadence.to_string()) " (" (zone.name()) ")"
            @if let Some(filter) = &row.filter { " · " (filter.to_string()) }
            @if let Some(next) = row.next_roundup(self.now).filter(|_| channel.pause.is_none()) {
                " · " (self.moment(next))
            }
        })
    }
}

impl Dashboard {
    /// Does what a manager of a channel could do, by the same command and with the same words.
    pub(super) async fn manage(
        &self,
        request: &Request,
        who: &SignedIn,
        channel: &str,
        kind: DeedKind,
    ) -> Result<Done, Trouble> {
        let channel: ChannelKey = channel.parse().map_err(|_| Trouble::Missing)?;
        let known = self.reading.read(|db| db.channel(&channel));
        known.await?.ok_or(Trouble::Missing)?;
        let page = Tab::Channels.path().to_owned();
        let Some(platform) = self.platform(channel.platform()) else {
            return Err(Trouble::Refused(self.text("dashboard-not-run-here"), page));
        };
        let (command, words_behind) = match kind {
            DeedKind::Pause => ("pause", request.form.get("how-long").trim()),
            DeedKind::Resume => ("resume", ""),
            _ => ("roundup", ""),
        };
        let spec = commands::find(command).ok_or(Trouble::Missing)?;
        let asker = Requester {
            locale: Some(self.site.defaults.locale),
            ..Requester::in_channel(&channel, true)
        };
        let by = who.person.to_string();
        let doing = Doing {
            kind,
            by: &by,
            before: paused,
            after: said,
        };
        let invocation = Invocation::new(spec, words_behind);
        let done = self
            .parts
            .bot
            .do_as(&**platform, &asker, &invocation, doing);
        match done.await? {
            (_, Some(deed)) => Ok(Done { deed, page }),
            (reply, None) => Err(Trouble::Refused(words(&reply.post), page)),
        }
    }
}

/// What was answered, as a deed keeps it.
fn said(reply: &Reply) -> String {
    json!({ "said": words(&reply.post) }).to_string()
}

/// What was answered, as a deed has kept it.
pub(super) fn kept_words(after: &str) -> Option<String> {
    let after: Json = serde_json::from_str(after).ok()?;
    Some(after.get("said")?.as_str()?.to_owned())
}

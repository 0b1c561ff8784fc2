//! `/dashboard/previews`: the next roundup of a channel as its platform would show it, made from the very text that would be
//! sent.

use maud::{Markup, html};

use super::context::Dashboard;
use super::page::{Made, Tab, Trouble, Visit};
use super::picture::message;
use super::words::words;
use crate::chat::Requester;
use crate::chat::commands::{self, Invocation};
use tidings_core::ids::ChannelKey;
use tidings_core::pages::encoded;
use tidings_core::picture::{Run, Shown};

/// A roundup that isn't posted yet.
pub(super) struct Preview {
    pub(super) channel: ChannelKey,
    /// What is said before it.
    before: String,
    /// Its messages.
    messages: Vec<Vec<Shown>>,
}

pub(super) fn previews(visit: &Visit<'_>) -> Result<Made, Trouble> {
    let (mut rows, last) = visit.channel_rows()?;
    rows.retain(|row| !row.subscriptions.is_empty());
    let main = html! {
        h1 { (visit.text("dashboard-previews")) }
        @if rows.is_empty() { p.note { (visit.text("dashboard-no-preview")) } }
        ul.list {
            @for row in &rows {
                @let name = row.channel.key.to_string();
                li {
                    p { a href=(format!("{}/{}", Tab::Previews.path(), encoded(&name))) { (name) } }
                    (visit.upcoming(row))
                }
            }
        }
        (visit.later(Tab::Previews, last))
    };
    Ok(Made::new(
        Tab::Previews,
        visit.text("dashboard-previews"),
        main,
    ))
}

/// The page of a preview.
pub(super) fn preview(visit: &Visit<'_>, preview: &Preview) -> Result<Made, Trouble> {
    let name = preview.channel.to_string();
    let title = visit
        .say()
        .text("dashboard-preview-of", &[("channel", (&name).into())]);
    let main: Markup = html! {
        h1 { (title) }
        @for line in preview.before.lines() { p.note dir="auto" { (line) } }
        @for shown in &preview.messages { (message(shown)) }
    };
    Ok(Made::new(Tab::Previews, title, main))
}

impl Dashboard {
    /// What `/preview` answers in a channel, rendered by the channel's platform.
    pub(super) async fn preview_of(&self, channel: &str) -> Result<Preview, Trouble> {
        let channel: ChannelKey = channel.parse().map_err(|_| Trouble::Missing)?;
        let known = self.reading.read(|db| db.channel(&channel));
        known.await?.ok_or(Trouble::Missing)?;
        let Some(platform) = self.platform(channel.platform()) else {
            let page = Tab::Previews.path().to_owned();
            return Err(Trouble::Refused(self.text("dashboard-not-run-here"), page));
        };
        let spec = commands::find("preview").ok_or(Trouble::Missing)?;
        let asker = Requester {
            locale: Some(self.site.defaults.locale),
            ..Requester::in_channel(&channel, true)
        };
        let asked = Ok(Invocation::new(spec, ""));
        let reply = self
            .parts
            .bot
            .invoke(&**platform, &asker, &asked)
            .await?
            .reply;
        let (before, messages) = match &reply.preview {
            Some(preview) => {
                let wires = platform.render(&preview.roundup, &preview.options);
                // A platform that tells no picture shows what it sends.
                let as_it_is = |wire: &String| vec![Shown::Text(vec![Run::plain(wire)])];
                let shown = wires
                    .iter()
                    .map(|wire| platform.picture(wire).unwrap_or_else(|| as_it_is(wire)));
                (words(&preview.before), shown.collect())
            }
            None => (words(&reply.post), Vec::new()),
        };
        Ok(Preview {
            channel,
            before,
            messages,
        })
    }
}

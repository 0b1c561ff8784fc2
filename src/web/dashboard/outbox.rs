//! `/dashboard/outbox`: what was refused for good, to be sent again or given up.

use maud::html;

use super::context::Dashboard;
use super::entrance::SignedIn;
use super::page::{Done, Made, Tab, Trouble, Visit};
use super::picture::message;
use super::request::Request;
use tidings_core::ids::DeliveryId;
use tidings_store::{DeedKind, NewDeed};

/// Parts of a page.
const PAGE: usize = 20;

pub(super) fn outbox(visit: &Visit<'_>) -> Result<Made, Trouble> {
    let before = visit.request.query.number("before").map(DeliveryId::new);
    let mut dead = visit.db.dead_texts(before, PAGE + 1)?;
    let is_more = dead.len() > PAGE;
    dead.truncate(PAGE);
    let queue = visit.db.queue(None)?;
    let last = dead.last().filter(|_| is_more).map(|text| text.part.id);
    let (refresh, keeping_up) = visit.keeping_up(Tab::Outbox);
    let main = html! {
        h1 { (visit.text("dashboard-outbox")) }
        (keeping_up)
        (visit.queue(&queue))
        h2 { (visit.count("dashboard-dead", queue.dead)) }
        ul.list {
            @for text in &dead {
                @let part = text.part.id.to_string();
                @let what = format!("{} {part}", text.part.channel);
                li {
                    p {
                        strong { (visit.dashboard.called(visit.db, &text.part.channel)?) }
                        @if let Some(at) = text.refused_at { " · " (visit.ago(at)) }
                    }
                    p.wrong { (text.part.error) }
                    @let platform = visit.dashboard.platform(text.part.channel.platform());
                    @if let Some(shown) = platform.and_then(|platform| platform.picture(&text.wire)) {
                        details {
                            summary { (visit.text("dashboard-dead-text")) }
                            (message(&shown))
                        }
                    }
                    div.deeds-of {
                        (visit.button("/dashboard/outbox/retry", &visit.text("dashboard-retry"), &what, &[("part", &part)]))
                        (visit.sure_button("/dashboard/outbox/give-up", &visit.text("dashboard-give-up"), &what, &[("part", &part)]))
                    }
                }
            }
        }
        @if let Some(last) = last {
            p.older { a rel="next" href=(format!("{}?before={last}", Tab::Outbox.path())) { (visit.text("dashboard-earlier")) } }
        }
    };
    Ok(Made {
        refresh,
        ..Made::new(Tab::Outbox, visit.text("dashboard-outbox"), main)
    })
}

impl Dashboard {
    /// Sends a dead part again, or gives it up.
    pub(super) async fn decide_part(
        &self,
        request: &Request,
        who: &SignedIn,
        kind: DeedKind,
    ) -> Result<Done, Trouble> {
        let id = request
            .form
            .number("part")
            .map(DeliveryId::new)
            .ok_or(Trouble::Missing)?;
        let (by, now) = (who.person.to_string(), self.now());
        let page = Tab::Outbox.path().to_owned();
        let gone = || Trouble::Refused(self.text("dashboard-part-is-gone"), page.clone());
        let done = self.parts.store.write(|db| {
            let part = db.dead_part(id)?.ok_or_else(gone)?;
            match kind {
                DeedKind::GiveUp => {
                    db.give_up(id)?;
                }
                _ => {
                    db.retry_dead(Some(&[id]), now)?;
                }
            }
            let subject = format!("{}: {}", part.channel, part.error);
            let deed = NewDeed {
                by: &by,
                kind,
                subject: &subject,
                ..NewDeed::PLAIN
            };
            Ok::<_, Trouble>(db.record_deed(&deed, now)?)
        });
        let deed = done.await?;
        self.parts.wake.outbox();
        Ok(Done { deed, page })
    }
}

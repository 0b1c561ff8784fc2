//! `/dashboard`: is all well, and if not, what is to be done?

use maud::{Markup, html};

use super::items::item_page;
use super::page::{Made, Tab, Trouble, Visit};
use crate::status::{Need, Overall, Sharing, SourceStanding, titled};
use tidings_core::item::Item;
use tidings_core::language::Value;
use tidings_store::{PlatformState, Queue};

/// Items that wait for editors that are named.
const MOST_HELD: usize = 10;

pub(super) fn overview(visit: &Visit<'_>) -> Result<Made, Trouble> {
    let sources = visit.dashboard.parts.settings.sources.iter();
    let overall = Overall::read(visit.db, sources.map(|s| s.name.as_str()), visit.now)?;
    let sources = visit.dashboard.parts.settings.sources.iter();
    let sharing = Sharing::read(visit.db, sources.map(|s| s.name.as_str()))?;
    let held = visit.db.held_items(None)?;
    let (refresh, keeping_up) = visit.keeping_up(Tab::Overview);
    let main = match visit.is_operator() {
        true => html! {
            (visit.needs(&overall))
            (keeping_up)
            (visit.held(&held))
            (visit.platforms(&overall.standing.platforms))
            @if let Some(sharing) = sharing.filter(|s| !s.processes.is_empty()) { (visit.processes(&sharing)) }
            (visit.sources(&overall))
            (visit.queue(&overall.standing.queue))
            (visit.next_roundups(&overall))
            section {
                h2 { (visit.text("dashboard-arrived")) }
                (visit.chart(&overall.arrived))
            }
        },
        // What needs mending is the operator's.
        false => html! {
            h1 { (visit.text("dashboard-overview")) }
            (keeping_up)
            (visit.held(&held))
            (visit.next_roundups(&overall))
        },
    };
    Ok(Made {
        refresh,
        ..Made::new(Tab::Overview, visit.text("dashboard-overview"), main)
    })
}

impl Visit<'_> {
    /// Whether all is well, and what is to be done.
    fn needs(&self, overall: &Overall) -> Markup {
        let mut needs: Vec<Markup> = overall.needs().iter().map(|need| self.need(need)).collect();
        for (name, why) in self.dashboard.parts.broken.list() {
            // It may not be told yet.
            let key = format!("broken:{name}");
            if !overall.incidents.iter().any(|incident| incident.key == key) {
                let values = [("name", Value::Text(&name)), ("why", Value::Text(&why))];
                needs.push(html! { (self.say().text("operator-broken", &values)) });
            }
        }
        html! {
            @if needs.is_empty() {
                h1.well { (self.text("dashboard-well")) }
            } @else {
                h1.unwell { (self.count("dashboard-unwell", needs.len())) }
                ul.needs {
                    @for need in &needs { li { (need) } }
                }
            }
        }
    }

    fn need(&self, need: &Need<'_>) -> Markup {
        let say = self.say();
        match need {
            Need::Platform(platform) => {
                let name = titled(&platform.name);
                let (trouble, since) = platform.trouble.clone().unzip();
                let ago = since.map_or_else(String::new, |since| say.ago(since, self.now));
                let trouble = trouble.unwrap_or_default();
                let values = [
                    ("platform", Value::Text(&name)),
                    ("ago", (&ago).into()),
                    ("trouble", (&trouble).into()),
                ];
                html! { (say.text("dashboard-need-platform", &values)) }
            }
            Need::Source(source) => {
                let values = [("source", Value::Text(&source.name))];
                html! { a href=(Tab::Sources.path()) { (say.text("dashboard-need-source", &values)) } }
            }
            Need::Dead(count) => html! {
                a href=(Tab::Outbox.path()) { (self.count("dashboard-need-dead", *count)) }
            },
            Need::Stopped(count) => html! {
                a href=(Tab::Channels.path()) { (self.count("dashboard-need-stopped", *count)) }
            },
            Need::Incident(incident) => html! { (incident.text) },
        }
    }

    /// What waits for editors.
    fn held(&self, held: &[Item]) -> Markup {
        html! {
            @if !held.is_empty() {
                section {
                    h2 { (self.count("dashboard-held", held.len())) }
                    ul {
                        @for item in held.iter().take(MOST_HELD) {
                            li dir="auto" { a href=(item_page(item.id)) { (item.title) } }
                        }
                    }
                }
            }
        }
    }

    /// The troubled ones first.
    fn platforms(&self, platforms: &[PlatformState]) -> Markup {
        let is_new = |name: &str| platforms.iter().all(|platform| platform.name != name);
        let running = self.dashboard.parts.platforms.iter();
        let new = running
            .map(|platform| platform.name())
            .filter(|name| is_new(name));
        let new: Vec<&str> = new.collect();
        let mut platforms: Vec<&PlatformState> = platforms.iter().collect();
        platforms.sort_by_key(|platform| platform.trouble.is_none());
        html! {
            section {
                h2 { (self.text("dashboard-platforms")) }
                @if platforms.is_empty() && new.is_empty() { p.note { (self.text("dashboard-no-platform")) } }
                ul.states {
                    @for platform in platforms {
                        li.(state(platform.trouble.is_none())) {
                            strong { (titled(&platform.name)) }
                            @if let Some(account) = &platform.account { " " span.label { (account) } }
                            @match &platform.trouble {
                                None => { p { (self.text("dashboard-is-well")) } }
                                Some((trouble, since)) => {
                                    p { (self.text("dashboard-since")) " " (self.ago(*since)) ": " (trouble) }
                                }
                            }
                        }
                    }
                    @for name in &new {
                        li.well { strong { (titled(name)) } p { (self.text("dashboard-runs-here")) } }
                    }
                }
            }
        }
    }

    /// Who shares the store, and who does what.
    fn processes(&self, sharing: &Sharing) -> Markup {
        let lease = self.dashboard.parts.settings.store.lease;
        html! {
            section #processes {
                h2 { (self.text("dashboard-processes")) }
                ul.states {
                    @for standing in &sharing.processes {
                        @let silence = standing.silence(sharing.now, lease);
                        li.(state(silence.is_none() && !standing.is_behind)) {
                            strong { (standing.process.name) }
                            p { (self.text("dashboard-process-begun")) " " (self.ago(standing.process.started)) }
                            @if silence.is_some() {
                                p.wrong { (self.text("dashboard-process-silent")) " " (self.ago(standing.seen)) }
                            }
                            @if standing.is_behind { p.wrong { (self.text("dashboard-process-behind")) } }
                            @for held in &standing.duties {
                                p { (held.duty) " · " (self.ago(held.since)) }
                            }
                            @if standing.duties.is_empty() { p { (self.text("dashboard-process-idle")) } }
                        }
                    }
                    @for duty in &sharing.unheld {
                        li.unwell { strong { (duty) } p.wrong { (self.text("dashboard-unheld")) } }
                    }
                }
            }
        }
    }

    fn sources(&self, overall: &Overall) -> Markup {
        let mut sources: Vec<&SourceStanding> = overall.standing.sources.iter().collect();
        sources.sort_by_key(|source| (!source.is_failing(), !source.is_configured));
        html! {
            section #sources {
                h2 { (self.text("dashboard-sources")) }
                @if sources.is_empty() { p.note { (self.text("dashboard-no-source")) } }
                ul.states {
                    @for source in sources {
                        li.(state(!source.is_failing())) { (self.source(source)) }
                    }
                }
            }
        }
    }

    /// How a source is, and when it is asked next.
    pub(super) fn source(&self, source: &SourceStanding) -> Markup {
        let next = source.state.as_ref().and_then(|state| state.next_at);
        let failed: Vec<_> = source.failed_documents().collect();
        html! {
            strong { (source.name) }
            @if !source.is_configured { " " span.label { (self.text("dashboard-unconfigured")) } }
            p {
                @match source.loaded_at() {
                    Some(at) => { (self.text("dashboard-loaded")) " " (self.ago(at)) }
                    None => { (self.text("dashboard-never-loaded")) }
                }
                @if let Some(next) = next.filter(|_| source.is_configured) {
                    " · " (self.text("dashboard-next")) " " (self.say().wait(next.max(self.now), self.now))
                }
            }
            @if let Some(error) = source.error() { p.wrong { (error) } }
            @for document in &failed {
                p.wrong {
                    (document.document)
                    @if let Some(line) = document.line { ", " (line) }
                    ": " (document.reason)
                }
            }
            @if let Some(to) = source.relocation() {
                p { (to.from) " → " (to.to) }
            }
        }
    }

    /// The queue in numbers.
    pub(super) fn queue(&self, queue: &Queue) -> Markup {
        let numbers = [
            ("dashboard-queue-waiting", queue.waiting),
            ("dashboard-queue-dead", queue.dead),
            ("dashboard-queue-edits", queue.edits),
            ("dashboard-queue-uncorrected", queue.uncorrected),
        ];
        html! {
            section {
                h2 { (self.text("dashboard-queue")) }
                dl.numbers {
                    @for (key, number) in numbers {
                        div { dt { (self.text(key)) } dd { (number) } }
                    }
                }
                @if let Some(oldest) = queue.oldest {
                    p.note { (self.text("dashboard-queue-oldest")) " " (self.ago(oldest)) }
                }
            }
        }
    }

    fn next_roundups(&self, overall: &Overall) -> Markup {
        let next = overall.next_roundups(self.now);
        html! {
            section {
                h2 { (self.text("dashboard-next-roundups")) }
                @if next.is_empty() { p.note { (self.text("dashboard-no-next")) } }
                ul.next {
                    @for (at, standing) in &next {
                        li { (self.moment(*at)) " " span.label { (standing.channel.key) } }
                    }
                }
            }
        }
    }
}

fn state(is_well: bool) -> &'static str {
    match is_well {
        true => "well",
        false => "unwell",
    }
}

//! The page of long work: it asks again by itself until the work is done.

use maud::html;

use super::page::{Made, Tab, Trouble, Visit};
use super::works::stands;
use tidings_store::DeedKind;

/// Seconds between two looks at work that is under way.
const LOOK_AGAIN: u32 = 2;

/// The path of a work's page.
pub(super) fn work_path(name: &str) -> String {
    format!("/dashboard/work/{name}")
}

/// How far work is, and what came of it.
pub(super) fn work(visit: &Visit<'_>, name: &str) -> Result<Made, Trouble> {
    let found = visit.db.work(name)?;
    let found = found.filter(|work| stands(work, visit.now));
    let work = found.ok_or(Trouble::Missing)?;
    let key = match work.kind {
        DeedKind::Try => "dashboard-work-try",
        _ => "dashboard-work-fetch",
    };
    let title = visit.say().text(key, &[("source", (&work.source).into())]);
    let main = html! {
        h1 { (title) }
        @match &work.result {
            None => {
                div role="status" {
                    @if work.doer.is_some() {
                        p { (visit.text("dashboard-work-under-way")) " " (visit.ago(work.begun_at)) }
                    } @else {
                        p { (visit.text("dashboard-work-waits")) " " (visit.ago(work.begun_at)) }
                    }
                    p.note { (visit.text("dashboard-work-refreshes")) }
                }
            }
            Some((at, outcome)) => {
                p role="status" .(if outcome.is_well { "well" } else { "unwell" }) {
                    (visit.text(if outcome.is_well { "dashboard-work-done" } else { "dashboard-work-failed" })) " " (visit.ago(*at))
                }
                ul.list { @for line in &outcome.lines { li dir="auto" { (line) } } }
            }
        }
        p { a href=(Tab::Sources.path()) { (visit.text("dashboard-sources")) } }
    };
    Ok(Made {
        refresh: work.result.is_none().then_some(LOOK_AGAIN),
        ..Made::new(Tab::Sources, title, main)
    })
}

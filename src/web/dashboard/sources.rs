//! `/dashboard/sources`: how each is, what it would load, and that it is loaded now.

use std::sync::Arc;

use maud::html;
use tokio::task::JoinHandle;

use super::context::Dashboard;
use super::entrance::SignedIn;
use super::page::{Made, Tab, Trouble, Visit};
use super::progress::work_path;
use super::reply::Reply;
use super::works::Outcome;
use crate::ingest::PassSummary;
use crate::ingest::dry_run::DryRun;
use crate::status::{self, SourceStanding};
use crate::task::reason;
use tidings_core::language::Value;
use tidings_core::pages::encoded;
use tidings_store::{DeedKind, NewDeed, StoreError};

pub(super) fn sources(visit: &Visit<'_>) -> Result<Made, Trouble> {
    let configured = visit.dashboard.parts.settings.sources.iter();
    let mut sources = status::sources(visit.db, configured.map(|source| source.name.as_str()))?;
    sources.sort_by_key(|source| (!source.is_failing(), !source.is_configured));
    let action = |source: &SourceStanding, deed: &str| {
        format!("{}/{}/{deed}", Tab::Sources.path(), encoded(&source.name))
    };
    let main = html! {
        h1 { (visit.text("dashboard-sources")) }
        @if sources.is_empty() { p.note { (visit.text("dashboard-no-source")) } }
        ul.states {
            @for source in &sources {
                li.(if source.is_failing() { "unwell" } else { "well" }) {
                    (visit.source(source))
                    @if source.is_configured {
                        div.deeds-of {
                            (visit.button(&action(source, "fetch-now"), &visit.text("dashboard-fetch-now"), &source.name, &[]))
                            (visit.button(&action(source, "try"), &visit.text("dashboard-try"), &source.name, &[]))
                        }
                    }
                }
            }
        }
    };
    Ok(Made::new(
        Tab::Sources,
        visit.text("dashboard-sources"),
        main,
    ))
}

impl Dashboard {
    /// Begins to load a source, or to try it out, and leads to where that is shown.
    pub(super) async fn ask_source(
        self: &Arc<Self>,
        who: &SignedIn,
        name: &str,
        kind: DeedKind,
    ) -> Result<Reply, Trouble> {
        let source = self
            .parts
            .ingest
            .source(name)
            .ok_or(Trouble::Missing)?
            .clone();
        if let Some(work) = self.works.under_way(kind, name) {
            return Ok(Reply::leading(work_path(&work)));
        }
        let by = who.person.to_string();
        let kept = self.parts.store.write(|db| {
            let deed = NewDeed {
                by: &by,
                kind,
                subject: name,
                ..NewDeed::PLAIN
            };
            db.record_deed(&deed, self.now())
        });
        kept.await?;
        // Somebody else may have been quicker.
        if let Some(work) = self.works.under_way(kind, name) {
            return Ok(Reply::leading(work_path(&work)));
        }
        let work = match self.works.begin(kind, name, self.now()) {
            Ok(work) => work,
            Err(error) => {
                tracing::error!(%error, "the system has no randomness");
                return Err(Trouble::Refused(
                    self.text("dashboard-broken"),
                    Tab::Sources.path().to_owned(),
                ));
            }
        };
        let dashboard = self.clone();
        let doing: JoinHandle<Result<Outcome, StoreError>> = tokio::spawn(async move {
            let ingest = &dashboard.parts.ingest;
            Ok(match kind {
                DeedKind::Try => dashboard.tried(ingest.try_out(&source).await?),
                _ => dashboard.loaded(&ingest.load_now(&source).await?),
            })
        });
        let (dashboard, shown) = (self.clone(), work.clone());
        tokio::spawn(async move {
            let outcome = match doing.await {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(error)) => dashboard.failed(error.to_string()),
                Err(broken) => dashboard.failed(reason(broken)),
            };
            dashboard.works.end(&shown, outcome, dashboard.now());
        });
        Ok(Reply::leading(work_path(&work)))
    }

    fn failed(&self, why: String) -> Outcome {
        tracing::error!(%why, "what was asked of a source broke");
        Outcome {
            is_well: false,
            lines: vec![why],
        }
    }

    /// What a pass did.
    fn loaded(&self, report: &PassSummary) -> Outcome {
        let values = [
            ("documents", report.documents.into()),
            ("new", report.new.into()),
            ("updated", report.updated.into()),
            ("unchanged", report.unchanged.into()),
            ("pushed", report.pushed.into()),
        ];
        let mut lines = vec![self.say().text("dashboard-loaded-says", &values)];
        lines.extend(report.failed.iter().map(|failed| {
            let line = failed
                .line
                .map_or_else(String::new, |line| format!(", {line}"));
            format!("{}{line}: {}", failed.document, failed.reason)
        }));
        Outcome {
            is_well: report.failed.is_empty(),
            lines,
        }
    }

    /// What a source would load.
    fn tried(&self, tried: Result<DryRun, String>) -> Outcome {
        let tried = match tried {
            Ok(tried) => tried,
            Err(why) => {
                return Outcome {
                    is_well: false,
                    lines: vec![why],
                };
            }
        };
        let say = self.say();
        let values = [
            ("documents", tried.documents.into()),
            ("items", tried.items.into()),
            ("ignored", tried.ignored.into()),
        ];
        let mut lines = vec![say.text("dashboard-tried-says", &values)];
        if let Some((oldest, newest)) = &tried.days {
            let values = [("oldest", Value::Text(oldest)), ("newest", newest.into())];
            lines.push(say.text("dashboard-tried-days", &values));
        }
        lines.extend(tried.sections.iter().map(|(slug, items, is_new)| {
            let values = [("slug", Value::Text(slug)), ("items", (*items).into())];
            let key = match is_new {
                true => "dashboard-tried-new-section",
                false => "dashboard-tried-section",
            };
            say.text(key, &values)
        }));
        lines.extend(
            tried
                .headlines
                .iter()
                .map(|headline| format!("• {headline}")),
        );
        lines.extend(tried.odd);
        let is_well = tried.unread.is_empty();
        lines.extend(tried.unread);
        Outcome { is_well, lines }
    }
}

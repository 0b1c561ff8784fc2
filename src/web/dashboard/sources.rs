//! `/dashboard/sources`: how each is, what it would load, and that it is loaded now.

use maud::html;

use super::context::Dashboard;
use super::entrance::SignedIn;
use super::page::{Made, Tab, Trouble, Visit};
use super::progress::work_path;
use super::reply::Reply;
use crate::ingest::dry_run::DryRun;
use crate::status::{self, SourceStanding};
use tidings_core::language::Value;
use tidings_core::pages::encoded;
use tidings_store::{DeedKind, Outcome};

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
    /// Has a source loaded, or tried out, and leads to where that is shown.
    pub(super) async fn ask_source(
        &self,
        who: &SignedIn,
        name: &str,
        kind: DeedKind,
    ) -> Result<Reply, Trouble> {
        let source = self.parts.ingest.source(name).ok_or(Trouble::Missing)?;
        let by = who.person.to_string();
        let work = self.begin_work(kind, source.name(), &by).await?;
        Ok(Reply::leading(work_path(&work)))
    }

    /// What a source would load.
    pub(super) fn tried(&self, tried: Result<DryRun, String>) -> Outcome {
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

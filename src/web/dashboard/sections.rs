//! `/dashboard/sections`: what sections there are; discovered ones are merged, renamed, hidden and shown.

use maud::{Markup, html};

use super::context::Dashboard;
use super::entrance::SignedIn;
use super::page::{Done, Made, Tab, Trouble, Visit};
use super::request::Request;
use crate::editing::sections as editing;
use crate::web::site::language;
use tidings_core::bounds::NAME_LENGTH;
use tidings_core::ids::SectionId;
use tidings_core::pages::encoded;
use tidings_core::section::{Origin, Section};
use tidings_store::SectionSummary;

pub(super) fn sections(visit: &Visit<'_>) -> Result<Made, Trouble> {
    let mut summaries = visit.db.section_summaries()?;
    // What can be mended first.
    summaries.sort_by_key(|s| (!is_discovered(&s.section), s.section.origin, s.section.id));
    let main = html! {
        h1 { (visit.text("dashboard-sections")) }
        p.note { (visit.text("dashboard-sections-says")) }
        ul.list {
            @for summary in &summaries { li { (visit.section_row(summary, &summaries)) } }
        }
    };
    Ok(Made::new(
        Tab::Sections,
        visit.text("dashboard-sections"),
        main,
    ))
}

/// Returns true if a section may be changed by hand.
fn is_discovered(section: &Section) -> bool {
    matches!(section.origin, Origin::Left | Origin::Discovered)
}

impl Visit<'_> {
    fn section_row(&self, summary: &SectionSummary, all: &[SectionSummary]) -> Markup {
        let section = &summary.section;
        let title = self.title(section);
        let origin = match section.origin {
            Origin::Configured(_) => "dashboard-section-configured",
            Origin::Left | Origin::Discovered => "dashboard-section-discovered",
            Origin::CatchAll => "dashboard-section-catch-all",
        };
        let merged: Vec<String> = summary.merged.iter().map(ToString::to_string).collect();
        let zone = &self.site.defaults.timezone;
        html! {
            p lang=[language(&title)] dir="auto" { strong { (title) } }
            p.about {
                span dir="auto" { (section.slug) }
                span { (self.text(origin)) }
                span { (self.say().text("dashboard-section-items", &[("count", summary.items.into())])) }
                @if let Some(newest) = summary.newest { span { (self.say().published(newest, zone)) } }
                @if section.hidden { span.wrong { (self.text("dashboard-section-hidden")) } }
                @if !merged.is_empty() { span dir="auto" { (self.text("dashboard-section-with")) " " (merged.join(", ")) } }
            }
            @if is_discovered(section) { (self.mending(section, &title, all)) }
        }
    }

    /// The forms by which a discovered section is mended.
    fn mending(&self, section: &Section, title: &str, all: &[SectionSummary]) -> Markup {
        let action = |deed: &str| {
            format!(
                "{}/{}/{deed}",
                Tab::Sections.path(),
                encoded(section.slug.as_str())
            )
        };
        let into = format!("into-{}", section.id);
        let named = format!("title-{}", section.id);
        let others = all.iter().map(|summary| &summary.section);
        let others = others.filter(|other| other.id != section.id && !other.hidden);
        html! {
            details {
                summary aria-label=(format!("{}: {title}", self.text("dashboard-section-mend"))) { (self.text("dashboard-section-mend")) }
                (self.form(&action("merge"), &self.text("dashboard-merge"), &html! {
                    label for=(into) { (self.text("dashboard-merge-into")) }
                    select #(into) name="into" {
                        @for other in others { option value=(other.id) { (self.title(other)) } }
                    }
                }))
                (self.form(&action("rename"), &self.text("dashboard-rename"), &html! {
                    label for=(named) { (self.text("dashboard-section-title")) }
                    input #(named) name="title" value=(section.title) required maxlength=(NAME_LENGTH.most) dir="auto";
                }))
                div.deeds-of {
                    @match section.hidden {
                        false => { (self.button(&action("hide"), &self.text("dashboard-hide"), title, &[])) }
                        true => { (self.button(&action("show"), &self.text("dashboard-show"), title, &[])) }
                    }
                }
            }
        }
    }
}

impl Dashboard {
    /// Mends a discovered section.
    pub(super) async fn edit_section(
        &self,
        request: &Request,
        who: &SignedIn,
        slug: &str,
        deed: &str,
    ) -> Result<Done, Trouble> {
        let form = &request.form;
        let (page, by, now) = (
            Tab::Sections.path().to_owned(),
            who.person.to_string(),
            self.now(),
        );
        let edited = self.parts.store.write(|db| {
            let known = db.sections()?;
            let section = known.iter().find(|section| section.slug.as_str() == slug);
            let id = section.ok_or(Trouble::Missing)?.id;
            Ok::<_, Trouble>(match deed {
                "merge" => {
                    let into = form.number("into").ok_or(Trouble::Missing)?;
                    editing::merge(db, id, SectionId::new(into), &by, now)?
                }
                "rename" => {
                    let catalogue = self.catalogues.within(db)?;
                    editing::rename(db, &catalogue, id, form.get("title"), &by, now)?
                }
                "hide" => editing::hide(db, id, &by, now)?,
                "show" => editing::show(db, id, &by, now)?,
                _ => return Err(Trouble::Missing),
            })
        });
        match edited.await? {
            Ok(deed) => {
                self.parts.wake.schedule();
                self.parts.wake.outbox();
                Ok(Done { deed, page })
            }
            Err(refusal) => Err(Trouble::Refused(refusal.line(self.say()).to_text(), page)),
        }
    }
}

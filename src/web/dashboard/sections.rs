//! `/dashboard/sections`: what sections there are; discovered ones are merged, renamed, hidden and shown.

use maud::{Markup, html};

use super::context::Dashboard;
use super::entrance::SignedIn;
use super::page::{Done, Made, Tab, Trouble, Visit};
use super::request::Request;
use crate::editing::last_of_section;
use crate::editing::sections::{self as editing, Refusal};
use crate::web::site::language;
use tidings_core::bounds::NAME_LENGTH;
use tidings_core::ids::SectionId;
use tidings_core::pages::encoded;
use tidings_core::section::{Origin, Section};
use tidings_store::{Deed, SectionSummary};

/// What is done to a section, as addresses name it.
pub(super) const DEEDS: [&str; 4] = ["merge", "rename", "hide", "show"];

pub(super) fn sections(visit: &Visit<'_>) -> Result<Made, Trouble> {
    let mut summaries = visit.db.section_summaries()?;
    // What can be mended first.
    summaries.sort_by_key(|s| (!is_discovered(&s.section), s.section.origin, s.section.id));
    let main = html! {
        h1 { (visit.text("dashboard-sections")) }
        p.note { (visit.text("dashboard-sections-says")) }
        ul.list {
            @for summary in &summaries { li { (visit.section_row(summary, &summaries)?) } }
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
    fn section_row(
        &self,
        summary: &SectionSummary,
        all: &[SectionSummary],
    ) -> Result<Markup, Trouble> {
        let section = &summary.section;
        let title = self.title(section);
        let origin = match section.origin {
            Origin::Configured(_) => "dashboard-section-configured",
            Origin::Left | Origin::Discovered => "dashboard-section-discovered",
            Origin::CatchAll => "dashboard-section-catch-all",
        };
        let merged: Vec<String> = summary.merged.iter().map(ToString::to_string).collect();
        let zone = &self.site.defaults.timezone;
        Ok(html! {
            p lang=[language(&title)] dir="auto" { strong { (title) } }
            p.about {
                span dir="auto" { (section.slug) }
                span { (self.text(origin)) }
                span { (self.say().text("dashboard-section-items", &[("count", summary.items.into())])) }
                @if let Some(newest) = summary.newest { span { (self.say().published(newest, zone)) } }
                @if section.hidden { span.wrong { (self.text("dashboard-section-hidden")) } }
                @if !merged.is_empty() { span dir="auto" { (self.text("dashboard-section-with")) " " (merged.join(", ")) } }
            }
            @for deed in self.section_deeds(section)? { (self.last_deed(&deed)?) }
            @if is_discovered(section) { (self.mending(section, &title, all)?) }
        })
    }

    /// What was done last to a section, and what made others part of it: that is undone here.
    fn section_deeds(&self, section: &Section) -> Result<Vec<Deed>, Trouble> {
        let mut deeds = Vec::from_iter(self.db.last_deed_of_section(section.id)?);
        for part in self.db.parts_of(section.id)? {
            deeds.extend(self.db.last_deed_of_section(part)?);
        }
        deeds.sort_unstable_by_key(|deed| std::cmp::Reverse(deed.id));
        Ok(deeds)
    }

    /// The forms by which a discovered section is mended.
    fn mending(
        &self,
        section: &Section,
        title: &str,
        all: &[SectionSummary],
    ) -> Result<Markup, Trouble> {
        let seen = editing::seen(self.db, section)?.to_string();
        let seen_then = html! { input type="hidden" name="seen" value=(seen); };
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
        Ok(html! {
            details {
                summary aria-label=(format!("{}: {title}", self.text("dashboard-section-mend"))) { (self.text("dashboard-section-mend")) }
                (self.form(&action("merge"), &self.text("dashboard-merge"), &html! {
                    (seen_then)
                    label for=(into) { (self.text("dashboard-merge-into")) }
                    select #(into) name="into" {
                        @for other in others { option value=(other.id) { (self.title(other)) } }
                    }
                }))
                (self.form(&action("rename"), &self.text("dashboard-rename"), &html! {
                    (seen_then)
                    label for=(named) { (self.text("dashboard-section-title")) }
                    input #(named) name="title" value=(section.title) required maxlength=(NAME_LENGTH.most) dir="auto";
                }))
                div.deeds-of {
                    @match section.hidden {
                        false => { (self.button(&action("hide"), &self.text("dashboard-hide"), title, &[("seen", &seen)])) }
                        true => { (self.button(&action("show"), &self.text("dashboard-show"), title, &[("seen", &seen)])) }
                    }
                }
            }
        })
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
        // Without it two editors wouldn't see each other.
        let seen: i64 = form.get("seen").parse().map_err(|_| Trouble::Missing)?;
        let edited = self.parts.store.write(|db| {
            let known = db.sections()?;
            let section = known.iter().find(|section| section.slug.as_str() == slug);
            let section = section.ok_or(Trouble::Missing)?;
            let id = section.id;
            if let Some(refusal) = editing::changed(db, section, seen)? {
                let since = last_of_section(db, id)?;
                let since = since.map(|since| self.told(db, &since)).transpose()?;
                return Ok((Err(refusal), since));
            }
            let edited = match deed {
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
            };
            Ok::<_, Trouble>((edited, None))
        });
        match edited.await? {
            (Ok(deed), _) => {
                self.parts.wake.schedule();
                self.parts.wake.outbox();
                Ok(Done { deed, page })
            }
            (Err(refusal), since) => {
                let mut why = vec![refusal.line(self.say()).to_text()];
                why.extend(since);
                if let (Refusal::Changed, "rename") = (&refusal, deed) {
                    // Nobody should have to write it again.
                    why.push(self.text("dashboard-item-written"));
                    why.push(form.get("title").to_owned());
                }
                Err(Trouble::Refused(why.join("\n"), page))
            }
        }
    }
}

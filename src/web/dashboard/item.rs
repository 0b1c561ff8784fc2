//! `/dashboard/items/…`: one item, the story that it tells, and what can be done to it.

use maud::{Markup, html};

use super::context::Dashboard;
use super::entrance::SignedIn;
use super::items::item_page;
use super::page::{Done, Made, Tab, Trouble, Visit};
use super::request::Request;
use crate::editing::items::{self, ItemDeed, ItemState, LONGEST_TITLE, Words};
use crate::editing::{Refusal, item_number, last_of_item, not_a_number};
use crate::web::site::language;
use tidings_core::ids::{ItemId, SectionId};
use tidings_core::item::Standing;
use tidings_store::StoreError;

/// What is done to an item, as addresses name it.
pub(super) const DEEDS: [&str; 6] = ["correct", "move", "withdraw", "restore", "split", "join"];

pub(super) fn item(visit: &Visit<'_>, id: ItemId) -> Result<Made, Trouble> {
    let state = items::state(visit.db, id)?.ok_or(Trouble::Missing)?;
    let known = &state.known;
    let item = &known.item;
    let standing = match known.standing {
        Standing::Shown => None,
        Standing::Removed => Some("dashboard-item-withdrawn"),
        Standing::Hidden => Some("dashboard-item-hidden"),
        Standing::Held => Some("dashboard-item-held"),
    };
    let title = format!("#{id} {}", item.title);
    let told = visit.db.item_language(id)?;
    let told = told.as_deref();
    let main = html! {
        h1 lang=[language(&item.title).or(told)] dir="auto" { (item.title) }
        (visit.about_item(item))
        @if let Some(key) = standing { p.wrong { (visit.text(key)) } }
        @if let Some(last) = visit.db.last_deed_of_item(id)? { (visit.last_deed(&last)?) }
        @match known.standing {
            Standing::Hidden => {}
            Standing::Removed => { (visit.item_button(&state, "restore", "dashboard-restore")) }
            Standing::Shown | Standing::Held => {
                (visit.correction(&state, told))
                (visit.moving(&state))
                section {
                    h2 { (visit.text("dashboard-withdraw")) }
                    p.note { (visit.text("dashboard-withdraw-says")) }
                    (visit.item_button(&state, "withdraw", "dashboard-withdraw"))
                }
            }
        }
        (visit.story(&state)?)
    };
    Ok(Made::new(Tab::Items, title, main))
}

impl Visit<'_> {
    /// Where a form of an item's goes, and how the item stood when the form was made.
    fn item_form(&self, state: &ItemState, deed: &str, label: &str, fields: &Markup) -> Markup {
        let action = format!("{}/{deed}", item_page(state.known.item.id));
        self.form(
            &action,
            &self.text(label),
            &html! {
                input type="hidden" name="seen" value=(state.seen);
                (fields)
            },
        )
    }

    fn item_button(&self, state: &ItemState, deed: &str, label: &str) -> Markup {
        self.item_form(state, deed, label, &html! {})
    }

    /// The form in which its words are corrected.
    fn correction(&self, state: &ItemState, told: Option<&str>) -> Markup {
        let known = &state.known;
        let (item, own) = (&known.item, &known.own);
        let is_edited = known.edited != tidings_core::item::Edited::default();
        html! {
            section {
                h2 { (self.text("dashboard-correct")) }
                (self.item_form(state, "correct", "dashboard-correct", &html! {
                    label for="title" { (self.text("dashboard-item-title")) }
                    input #title name="title" value=(item.title) required maxlength=(LONGEST_TITLE) dir="auto" lang=[language(&item.title).or(told)];
                    label for="summary" { (self.text("dashboard-item-summary")) }
                    textarea #summary name="summary" rows="8" dir="auto" lang=[language(&item.summary).or(told)] { "\n" (item.summary) }
                    label for="link" { (self.text("dashboard-item-link")) }
                    input #link name="link" inputmode="url" value=(item.link.as_deref().unwrap_or_default());
                }))
                @if is_edited {
                    details {
                        summary { (self.text("dashboard-item-own")) }
                        p dir="auto" lang=[language(&own.title).or(told)] { (own.title) }
                        @for paragraph in own.summary.split("\n\n").filter(|text| !text.is_empty()) {
                            p dir="auto" lang=[language(paragraph).or(told)] { (paragraph) }
                        }
                        @if let Some(link) = &own.link { p { (link) } }
                    }
                }
            }
        }
    }

    /// The form in which another section is chosen.
    fn moving(&self, state: &ItemState) -> Markup {
        let sections = self.catalogue.sections().iter();
        html! {
            section {
                h2 { (self.text("dashboard-move")) }
                (self.item_form(state, "move", "dashboard-move", &html! {
                    label for="section" { (self.text("dashboard-item-section")) }
                    select #section name="section" {
                        @for section in sections.filter(|section| !section.hidden) {
                            option value=(section.id) selected[section.id == state.known.section] { (self.title(section)) }
                        }
                    }
                }))
            }
        }
    }

    /// Who tells the same.
    fn story(&self, state: &ItemState) -> Result<Markup, Trouble> {
        let id = state.known.item.id;
        let mut others = Vec::new();
        for other in state.story.iter().filter(|other| **other != id) {
            if let Some(known) = self.db.editable(*other)? {
                let told = self.db.item_language(*other)?;
                others.push((known.item, told));
            }
        }
        let reports = self.db.reports(id)?;
        let can_join = state.known.standing == Standing::Shown;
        Ok(html! {
            section {
                h2 { (self.text("dashboard-story")) }
                @if others.is_empty() { p.note { (self.text("dashboard-story-alone")) } }
                ul.list {
                    @for (other, told) in &others {
                        li {
                            p lang=[language(&other.title).or(told.as_deref())] dir="auto" {
                                a href=(item_page(other.id)) { (other.title) }
                                @if other.id == state.known.item.story { " " span.label { (self.text("dashboard-story-leads")) } }
                            }
                            (self.about_item(other))
                        }
                    }
                    @for report in &reports {
                        li {
                            p { (self.text("dashboard-story-report")) " " (report.source) @if let Some(link) = &report.link { " · " (link) } }
                        }
                    }
                }
                @if can_join {
                    @if !others.is_empty() { (self.item_button(state, "split", "dashboard-split")) }
                    (self.item_form(state, "join", "dashboard-join", &html! {
                        label for="other" { (self.text("dashboard-join-number")) }
                        input #other name="other" inputmode="numeric" pattern="#?[0-9]+" required;
                    }))
                }
            }
        })
    }
}

impl Dashboard {
    /// Does something to an item.
    pub(super) async fn edit_item(
        &self,
        request: &Request,
        who: &SignedIn,
        item: &str,
        deed: &str,
    ) -> Result<Done, Trouble> {
        let number = |text: &str| text.trim().trim_start_matches('#').parse::<i64>().ok();
        let id = number(item).map(ItemId::new).ok_or(Trouble::Missing)?;
        let form = &request.form;
        let (page, by, now) = (item_page(id), who.person.to_string(), self.now());
        let words = Words {
            title: form.get("title").to_owned(),
            summary: form.get("summary").to_owned(),
            link: form.get("link").to_owned(),
        };
        let deed = match deed {
            "correct" => ItemDeed::Correct(words.clone()),
            "move" => {
                let section = number(form.get("section")).ok_or(Trouble::Missing)?;
                ItemDeed::Move(SectionId::new(section))
            }
            "withdraw" => ItemDeed::Withdraw,
            "restore" => ItemDeed::Restore,
            "split" => ItemDeed::Split,
            "join" => match item_number(form.get("other")) {
                Ok(other) => ItemDeed::Join(other),
                Err(_) => {
                    let why = not_a_number(self.say(), form.get("other")).to_text();
                    return Err(Trouble::Refused(why, page));
                }
            },
            _ => return Err(Trouble::Missing),
        };
        // Without it two editors wouldn't see each other.
        let seen = form.get("seen").parse().map_err(|_| Trouble::Missing)?;
        let edited = self.parts.store.write(|db| {
            let edited = items::edit(db, id, &deed, Some(seen), &by, now)?;
            let since = match edited {
                Err(Refusal::Overtaken) => last_of_item(db, id)?,
                _ => None,
            };
            let since = since.map(|since| self.changed(db, &since)).transpose()?;
            Ok::<_, StoreError>((edited, since))
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
                if let (ItemDeed::Correct(words), Refusal::Overtaken) = (&deed, refusal) {
                    // Nobody should have to write it again.
                    why.push(self.text("dashboard-item-written"));
                    why.extend([&words.title, &words.summary, &words.link].map(Clone::clone));
                }
                Err(Trouble::Refused(why.join("\n"), page))
            }
        }
    }
}

//! `/dashboard/deeds`: what was done, and by whom.

use jiff::Timestamp;
use maud::{Markup, html};

use super::channels::kept_words;
use super::context::Dashboard;
use super::page::{Made, Tab, Trouble, Visit};
use super::undoing::{can_be_undone, is_operators};
use crate::editing::Change;
use tidings_core::ids::{ChannelKey, DeedId};
use tidings_core::language::Value;
use tidings_store::{Deed, OPERATOR, ReadTx, StoreError, Undone};

/// Deeds of a page.
const PAGE: usize = 50;

pub(super) fn deeds(visit: &Visit<'_>) -> Result<Made, Trouble> {
    let before = visit.request.query.number("before").map(DeedId::new);
    let mut deeds = visit.db.deeds(before, PAGE + 1)?;
    let is_more = deeds.len() > PAGE;
    deeds.truncate(PAGE);
    let last = deeds.last().filter(|_| is_more).map(|deed| deed.id);
    let main = html! {
        h1 { (visit.text("dashboard-deeds")) }
        @if deeds.is_empty() { p.note { (visit.text("dashboard-no-deed")) } }
        ol.deeds {
            @for deed in &deeds { li { (visit.deed(deed)?) } }
        }
        @if let Some(last) = last {
            p.older { a rel="next" href=(format!("{}?before={last}", Tab::Deeds.path())) { (visit.text("dashboard-earlier")) } }
        }
        section {
            h2 { (visit.text("dashboard-sessions")) }
            p.note { (visit.text("dashboard-sign-all-out-says")) }
            (visit.sure_button("/dashboard/sign-all-out", &visit.text("dashboard-sign-all-out"), "", &[]))
        }
    };
    Ok(Made::new(Tab::Deeds, visit.text("dashboard-deeds"), main))
}

impl Visit<'_> {
    /// A deed in the list.
    fn deed(&self, deed: &Deed) -> Result<Markup, StoreError> {
        let undone_by = deed.undone.as_ref().and_then(|undone| undone.by.as_ref());
        Ok(html! {
            p { (self.dashboard.did(deed)) }
            @if can_be_undone(deed) { (self.undo_button(deed, "deeds")) }
            p.about {
                span { (self.moment(deed.at)) }
                span { (self.dashboard.by_whom(self.db, &deed.by)?) }
                @if let Some(undone) = &deed.undone {
                    span {
                        (self.text("dashboard-undone"))
                        @if let Some(by) = undone_by { " · " (self.dashboard.by_whom(self.db, by)?) }
                        @if let Some(at) = undone.at { " · " (self.moment(at)) }
                    }
                }
            }
        })
    }

    /// What was done last to something, and not undone.
    pub(super) fn last_deed(&self, deed: &Deed) -> Result<Markup, StoreError> {
        Ok(html! {
            div.deeds-of {
                p.note { (self.dashboard.told(self.db, deed)?) }
                @if can_be_undone(deed) { (self.undo_button(deed, "")) }
            }
        })
    }

    /// The button that undoes a deed; `from` is the page to which that leads back.
    fn undo_button(&self, deed: &Deed, from: &str) -> Markup {
        let (id, label) = (deed.id.to_string(), self.text("dashboard-undo"));
        let values = [("deed", id.as_str()), ("from", from)];
        self.button(
            "/dashboard/undo",
            &label,
            &self.dashboard.did(deed),
            &values,
        )
    }

    /// That something was done just now, or undone.
    pub(super) fn notice(&self, from: &str) -> Result<Markup, Trouble> {
        let Some(deed) = self
            .done()
            .map(|id| self.db.deed(id))
            .transpose()?
            .flatten()
        else {
            return Ok(html! {});
        };
        if !self.is_operator() && is_operators(deed.kind) {
            return Ok(html! {});
        }
        let said = kept_words(&deed.after).filter(|_| deed.undone.is_none());
        Ok(html! {
            div.notice role="status" {
                p {
                    @if deed.undone.is_some() { (self.text("dashboard-undone-now")) " " }
                    (self.dashboard.did(&deed))
                }
                @if let Some(said) = said {
                    @for line in said.lines() { p dir="auto" { (line) } }
                }
                @if can_be_undone(&deed) { (self.undo_button(&deed, from)) }
            }
        })
    }
}

impl Dashboard {
    /// What was done, in words.
    pub(super) fn did(&self, deed: &Deed) -> String {
        let key = format!("deed-{}", deed.kind.as_str());
        let subject = [("subject", Value::Text(&deed.subject))];
        // What was done to a whole review has none.
        self.say().text(&key, &subject).trim_end().to_owned()
    }

    /// Who did something: an editor by the name that they go by, as other editors are told in chat.
    pub(super) fn by(&self, db: &ReadTx<'_>, by: &str) -> Result<String, StoreError> {
        Ok(match by {
            OPERATOR => self.text("dashboard-operator"),
            editor => db.editor_name(editor)?.unwrap_or_else(|| editor.to_owned()),
        })
    }

    /// The same, with the channel by which the configuration names an editor.
    fn by_whom(&self, db: &ReadTx<'_>, by: &str) -> Result<String, StoreError> {
        let name = self.by(db, by)?;
        Ok(match by {
            OPERATOR => name,
            editor if name == editor => name,
            editor => format!("{name} ({editor})"),
        })
    }

    /// A channel; an editor's private chat is called by their name, too.
    pub(super) fn called(
        &self,
        db: &ReadTx<'_>,
        channel: &ChannelKey,
    ) -> Result<String, StoreError> {
        let is_theirs = |editor: &&ChannelKey| match self.platform(editor.platform()) {
            Some(platform) => platform.person(editor.address()) == *channel,
            None => *editor == channel,
        };
        let editors = &self.parts.settings.operator.editors;
        let name = match editors.iter().find(is_theirs) {
            Some(editor) => db.editor_name(&editor.to_string())?,
            None => None,
        };
        Ok(match name {
            Some(name) => format!("{name} ({channel})"),
            None => channel.to_string(),
        })
    }

    /// What was done, by whom and when, in a line; or that it was undone, by whom and when.
    pub(super) fn told(&self, db: &ReadTx<'_>, deed: &Deed) -> Result<String, StoreError> {
        let did = self.did(deed);
        let (did, by, at) = match &deed.undone {
            None => (did, Some(&deed.by), Some(deed.at)),
            Some(Undone { at, by }) => {
                let undone = self.text("dashboard-undone-now");
                (format!("{undone} {did}"), by.as_ref(), *at)
            }
        };
        let by = by.map(|by| self.by(db, by)).transpose()?;
        let at = at.map(|at| self.at(at));
        let told = [Some(did), by, at].into_iter().flatten();
        Ok(told.collect::<Vec<_>>().join(" · "))
    }

    /// What has changed an item, by whom and when, in a line.
    pub(super) fn changed(&self, db: &ReadTx<'_>, change: &Change) -> Result<String, StoreError> {
        Ok(match change {
            Change::Deed(deed) => self.told(db, deed)?,
            Change::Source(at) => {
                format!(
                    "{} · {}",
                    self.text("dashboard-source-changed"),
                    self.at(*at)
                )
            }
        })
    }

    pub(super) fn at(&self, at: Timestamp) -> String {
        let zone = &self.site.defaults.timezone;
        self.say().moment(at, self.now(), zone)
    }
}

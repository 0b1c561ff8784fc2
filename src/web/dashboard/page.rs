//! What stands around every page of the dashboard, and what its forms have in common.

use std::ops::Deref;

use axum::http::StatusCode;
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, html};

use super::context::Dashboard;
use super::reply::Reply;
use super::request::{LIVE, Request};
use crate::sign_in::Person;
use crate::web::site::Writing;
use tidings_core::ids::DeedId;
use tidings_core::language::Value;
use tidings_store::StoreError;

/// The name of a form's token against forgery.
pub(super) const TOKEN: &str = "token";

/// The name under which a page is told what was done.
const DONE: &str = "done";

/// Seconds between two looks of a page that is kept up to date.
const LOOK_AGAIN: u32 = 10;

/// A page of the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Overview,
    Items,
    Sections,
    Previews,
    Sources,
    Channels,
    Outbox,
    Deeds,
}

impl Tab {
    /// All, in the order in which they are offered.
    pub(super) const ALL: [Tab; 8] = [
        Tab::Overview,
        Tab::Items,
        Tab::Sections,
        Tab::Previews,
        Tab::Sources,
        Tab::Channels,
        Tab::Outbox,
        Tab::Deeds,
    ];

    /// Its address.
    pub(super) fn path(self) -> &'static str {
        match self {
            Tab::Overview => "/dashboard",
            Tab::Items => "/dashboard/items",
            Tab::Sections => "/dashboard/sections",
            Tab::Previews => "/dashboard/previews",
            Tab::Sources => "/dashboard/sources",
            Tab::Channels => "/dashboard/channels",
            Tab::Outbox => "/dashboard/outbox",
            Tab::Deeds => "/dashboard/deeds",
        }
    }

    /// The text that it is called.
    pub(super) fn key(self) -> &'static str {
        match self {
            Tab::Overview => "dashboard-overview",
            Tab::Items => "dashboard-items",
            Tab::Sections => "dashboard-sections",
            Tab::Previews => "dashboard-previews",
            Tab::Sources => "dashboard-sources",
            Tab::Channels => "dashboard-channels",
            Tab::Outbox => "dashboard-outbox",
            Tab::Deeds => "dashboard-deeds",
        }
    }

    /// Returns true if only the operator sees it.
    pub(super) fn is_operators(self) -> bool {
        match self {
            Tab::Overview | Tab::Items | Tab::Sections | Tab::Previews => false,
            Tab::Sources | Tab::Channels | Tab::Outbox | Tab::Deeds => true,
        }
    }
}

/// Why there is no page, or why something wasn't done.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is nothing of this name.
    Missing,
    /// It is the operator's.
    Forbidden,
    /// It can't be done, and why; with where it goes on.
    Refused(String, String),
    /// The system gives no randomness.
    NoRandomness,
    /// We have to mend it.
    Store(StoreError),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Trouble {
        Trouble::Store(error)
    }
}

/// That something was done, and where that shows.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) deed: DeedId,
    pub(super) page: String,
}

/// What a page shows.
pub(super) struct Made {
    pub(super) tab: Tab,
    pub(super) title: String,
    pub(super) main: Markup,
    /// After how many seconds it is to be asked for again.
    pub(super) refresh: Option<u32>,
}

impl Made {
    pub(super) fn new(tab: Tab, title: String, main: Markup) -> Made {
        Made {
            tab,
            title,
            main,
            refresh: None,
        }
    }
}

/// A page that somebody who is signed in looks at.
#[derive(Clone, Copy)]
pub(super) struct Visit<'v> {
    pub(super) dashboard: &'v Dashboard,
    pub(super) writing: Writing<'v>,
    pub(super) person: &'v Person,
    /// What its forms carry.
    pub(super) token: &'v str,
    pub(super) request: &'v Request,
}

impl<'v> Deref for Visit<'v> {
    type Target = Writing<'v>;

    fn deref(&self) -> &Writing<'v> {
        &self.writing
    }
}

impl Visit<'_> {
    pub(super) fn is_operator(&self) -> bool {
        *self.person == Person::Operator
    }

    /// A form that changes something.
    pub(super) fn form(&self, action: &str, label: &str, fields: &Markup) -> Markup {
        html! {
            form.deed method="post" action=(action) {
                input type="hidden" name=(TOKEN) value=(self.token);
                (fields)
                button type="submit" { (label) }
            }
        }
    }

    /// A form that is a button alone; `what` is said to who hears the page, since all such buttons look the same.
    pub(super) fn button(
        &self,
        action: &str,
        label: &str,
        what: &str,
        values: &[(&str, &str)],
    ) -> Markup {
        html! {
            form.deed.small method="post" action=(action) {
                input type="hidden" name=(TOKEN) value=(self.token);
                @for (name, value) in values {
                    input type="hidden" name=(name) value=(value);
                }
                button type="submit" aria-label=[(!what.is_empty()).then(|| format!("{label}: {what}"))] { (label) }
            }
        }
    }

    /// A button for what can't be undone: the first press shows it, the second one does it.
    pub(super) fn sure_button(
        &self,
        action: &str,
        label: &str,
        what: &str,
        values: &[(&str, &str)],
    ) -> Markup {
        html! {
            details.sure {
                summary aria-label=[(!what.is_empty()).then(|| format!("{label}…: {what}"))] { (label) "…" }
                p.note { (self.text("dashboard-no-way-back")) }
                (self.button(action, label, what, values))
            }
        }
    }

    /// Whether the page is to look again by itself until that is stopped; and where that begins or ends.
    pub(super) fn keeping_up(&self, tab: Tab) -> (Option<u32>, Markup) {
        let path = tab.path();
        let is_kept = self.request.looks_by_itself();
        let said = html! {
            p.note {
                @if is_kept {
                    (self.text("dashboard-work-refreshes")) " " a href=(path) { (self.text("dashboard-live-stop")) }
                } @else {
                    a href=(format!("{path}?{LIVE}=1")) { (self.text("dashboard-live")) }
                }
            }
        };
        (is_kept.then_some(LOOK_AGAIN), said)
    }

    /// A moment as the page's zone has it.
    pub(super) fn moment(&self, at: Timestamp) -> Markup {
        let said = self
            .say()
            .moment(at, self.now, &self.site.defaults.timezone);
        html! { time datetime=(at.to_string()) { (said) } }
    }

    /// How long ago something was, with the moment behind it.
    pub(super) fn ago(&self, at: Timestamp) -> Markup {
        let moment = self
            .say()
            .moment(at, self.now, &self.site.defaults.timezone);
        html! { time datetime=(at.to_string()) title=(moment) { (self.say().ago(at, self.now)) } }
    }

    /// A text with a count.
    pub(super) fn count(&self, key: &str, count: usize) -> String {
        self.say().text(key, &[("count", Value::from(count))])
    }

    /// The deed that the page is to tell of.
    pub(super) fn done(&self) -> Option<DeedId> {
        self.request.query.number(DONE).map(DeedId::new)
    }

    /// The page whole.
    pub(super) fn page(&self, made: &Made, notice: &Markup) -> Result<Reply, StoreError> {
        let tabs = Tab::ALL
            .into_iter()
            .filter(|tab| self.is_operator() || !tab.is_operators());
        let who = match self.person {
            Person::Operator => self.text("dashboard-as-operator"),
            Person::Editor(editor) => {
                let name = self.dashboard.by(self.db, &editor.to_string())?;
                self.say()
                    .text("dashboard-as-editor", &[("editor", (&name).into())])
            }
        };
        let body = html! {
            header {
                p.name { a href=(Tab::Overview.path()) { (self.text("dashboard-name")) } }
                div.who {
                    span { (who) }
                    (self.button("/dashboard/sign-out", &self.text("dashboard-sign-out"), "", &[]))
                }
                nav aria-label=(self.text("dashboard-pages")) {
                    ul {
                        @for tab in tabs {
                            li { a href=(tab.path()) aria-current=[(tab == made.tab).then_some("page")] { (self.text(tab.key())) } }
                        }
                    }
                }
            }
            main #main tabindex="-1" {
                (notice)
                (made.main)
            }
        };
        Ok(Reply {
            refresh: made.refresh,
            ..Reply::page(StatusCode::OK, self.dashboard.whole(&made.title, &body))
        })
    }
}

impl Dashboard {
    /// A page with its head. The header that comes with it has browsers name no page to others; within the site they say where
    /// a form comes from.
    pub(super) fn whole(&self, title: &str, body: &Markup) -> String {
        let page = html! {
            (DOCTYPE)
            html lang=(self.site.defaults.locale.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    meta name="referrer" content="same-origin";
                    title { (title) " · " (self.text("dashboard-name")) }
                    link rel="stylesheet" href=(self.site.style);
                }
                body.dashboard {
                    a.skip href="#main" { (self.text("dashboard-skip")) }
                    (body)
                }
            }
        };
        page.into_string()
    }

    /// A page that says one thing, to whomever.
    pub(super) fn saying(&self, status: StatusCode, title: &str, main: &Markup) -> Reply {
        let body = html! {
            header { p.name { a href=(Tab::Overview.path()) { (self.text("dashboard-name")) } } }
            main #main tabindex="-1" {
                h1 { (title) }
                (main)
            }
        };
        Reply::page(status, self.whole(title, &body))
    }
}

/// The address of a page that tells of a deed.
pub(super) fn telling(path: &str, deed: DeedId) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}{DONE}={deed}")
}

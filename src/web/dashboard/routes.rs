//! Which page, or which deed, somebody asks for.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request as HttpRequest;
use axum::http::{Method, Response, StatusCode};
use maud::html;

use super::channels::channels;
use super::context::Dashboard;
use super::deeds::deeds;
use super::entrance::SignedIn;
use super::item::item;
use super::items::items;
use super::outbox::outbox;
use super::overview::overview;
use super::page::{Made, Tab, Trouble, Visit, telling};
use super::previews::{preview, previews};
use super::progress::work;
use super::reply::Reply;
use super::request::{LONGEST_FORM, Request};
use super::sections::sections;
use super::sources::sources;
use crate::sign_in::Person;
use crate::web::address::{LONGEST_PATH, LONGEST_QUERY};
use crate::web::site::Writing;
use tidings_core::ids::ItemId;
use tidings_store::{DeedKind, StoreError};

/// What makes a page.
type Page = fn(&Visit<'_>) -> Result<Made, Trouble>;

impl Dashboard {
    /// Returns true if a path is one of the dashboard's.
    pub(in crate::web) fn has(path: &str) -> bool {
        let rest = path.strip_prefix("/dashboard");
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Answers a request.
    pub(in crate::web) async fn answer(self: &Arc<Self>, request: HttpRequest) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let reply = if ![Method::GET, Method::HEAD, Method::POST].contains(&parts.method) {
            self.saying(
                StatusCode::METHOD_NOT_ALLOWED,
                &self.text("dashboard-missing"),
                &html! {},
            )
        } else if parts.uri.path().len() > LONGEST_PATH
            || parts.uri.query().unwrap_or_default().len() > LONGEST_QUERY
        {
            self.saying(
                StatusCode::URI_TOO_LONG,
                &self.text("dashboard-missing"),
                &html! {},
            )
        } else {
            match to_bytes(body, LONGEST_FORM).await {
                Err(_) => self.saying(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    &self.text("dashboard-too-long"),
                    &html! {},
                ),
                Ok(form) => {
                    let cookie = self.cookie_name();
                    match Request::read(&parts.method, &parts.uri, &parts.headers, cookie, &form) {
                        Some(request) => self.answered(&request).await,
                        None => self.missing(),
                    }
                }
            }
        };
        reply.send(&parts.method)
    }

    async fn answered(self: &Arc<Self>, request: &Request) -> Reply {
        let answered = match request.parts().as_slice() {
            ["sign-in", secret] => self.link(request, secret).await,
            _ => self.inside(request).await,
        };
        answered.unwrap_or_else(|error| self.broken(&error))
    }

    /// What only those see who are signed in.
    async fn inside(self: &Arc<Self>, request: &Request) -> Result<Reply, StoreError> {
        let Some(who) = self.who(request).await? else {
            return Ok(self.signed_out(request));
        };
        let done = match request.is_post {
            false => self.look(request, &who).await,
            true if !self.is_own(request, &who) => return Ok(self.forged()),
            // Whoever wants to sign out may, however much was done.
            true if !matches!(request.parts().as_slice(), ["sign-out" | "sign-all-out"])
                && !self.limits.may_do(&who.secret.form_token(), self.now()) =>
            {
                let title = self.text("dashboard-too-much");
                return Ok(self.saying(StatusCode::TOO_MANY_REQUESTS, &title, &html! {}));
            }
            true => self.carry_out(request, &who).await,
        };
        match done {
            Ok(reply) => Ok(reply),
            Err(Trouble::Missing) => Ok(self.missing()),
            Err(Trouble::Forbidden) => {
                let title = self.text("dashboard-forbidden");
                Ok(self.saying(StatusCode::FORBIDDEN, &title, &html! {}))
            }
            Err(Trouble::Refused(why, back)) => {
                let main = html! {
                    @for line in why.lines() { p dir="auto" { (line) } }
                    p { a href=(back) { (self.text("dashboard-back")) } }
                };
                Ok(self.saying(StatusCode::CONFLICT, &self.text("dashboard-refused"), &main))
            }
            Err(Trouble::Store(error)) => Err(error),
        }
    }

    /// Does what a form asks for.
    async fn carry_out(
        self: &Arc<Self>,
        request: &Request,
        who: &SignedIn,
    ) -> Result<Reply, Trouble> {
        let parts = request.parts();
        let is_operators =
            |first: &&&str| ["sources", "channels", "outbox", "sign-all-out"].contains(*first);
        if parts.first().filter(is_operators).is_some() && who.person != Person::Operator {
            return Err(Trouble::Forbidden);
        }
        let done = match parts.as_slice() {
            ["sign-out"] => return Ok(self.sign_out(who).await?),
            ["sign-all-out"] => return Ok(self.sign_all_out(who).await?),
            ["undo"] => self.undo(request, who).await,
            ["items", number, deed] => self.edit_item(request, who, number, deed).await,
            ["sections", slug, deed] => self.edit_section(request, who, slug, deed).await,
            ["sources", name, "fetch-now"] => {
                return self.ask_source(who, name, DeedKind::FetchNow).await;
            }
            ["sources", name, "try"] => return self.ask_source(who, name, DeedKind::Try).await,
            ["channels", key, "pause"] => self.manage(request, who, key, DeedKind::Pause).await,
            ["channels", key, "resume"] => self.manage(request, who, key, DeedKind::Resume).await,
            ["channels", key, "post-now"] => {
                self.manage(request, who, key, DeedKind::PostNow).await
            }
            ["outbox", "retry"] => self.decide_part(request, who, DeedKind::Retry).await,
            ["outbox", "give-up"] => self.decide_part(request, who, DeedKind::GiveUp).await,
            _ => Err(Trouble::Missing),
        };
        done.map(|done| Reply::leading(telling(&done.page, done.deed)))
    }

    /// A page.
    async fn look(&self, request: &Request, who: &SignedIn) -> Result<Reply, Trouble> {
        let (tab, page): (Tab, Page) = match request.parts().as_slice() {
            [] => (Tab::Overview, overview),
            ["items"] => (Tab::Items, items),
            ["items", number] => {
                let id = number
                    .parse()
                    .map(ItemId::new)
                    .map_err(|_| Trouble::Missing)?;
                let page = |visit: &Visit<'_>| item(visit, id);
                return self.shown(request, who, Tab::Items, &page).await;
            }
            ["sections"] => (Tab::Sections, sections),
            ["previews"] => (Tab::Previews, previews),
            ["previews", channel] => {
                let made = self.preview_of(channel).await?;
                let page = |visit: &Visit<'_>| preview(visit, &made);
                return self.shown(request, who, Tab::Previews, &page).await;
            }
            ["sources"] => (Tab::Sources, sources),
            ["work", name] => {
                let page = |visit: &Visit<'_>| work(visit, name);
                return self.shown(request, who, Tab::Sources, &page).await;
            }
            ["channels"] => (Tab::Channels, channels),
            ["outbox"] => (Tab::Outbox, outbox),
            ["deeds"] => (Tab::Deeds, deeds),
            _ => return Err(Trouble::Missing),
        };
        self.shown(request, who, tab, &page).await
    }

    async fn shown(
        &self,
        request: &Request,
        who: &SignedIn,
        tab: Tab,
        page: &(dyn Fn(&Visit<'_>) -> Result<Made, Trouble> + Sync),
    ) -> Result<Reply, Trouble> {
        if tab.is_operators() && who.person != Person::Operator {
            return Err(Trouble::Forbidden);
        }
        let token = who.secret.form_token();
        let from = if tab == Tab::Deeds { "deeds" } else { "" };
        let shown = self.reading.read(|db| {
            let catalogue = self.catalogues.within(db)?;
            let visit = Visit {
                dashboard: self,
                writing: Writing {
                    site: &self.site,
                    catalogue: &catalogue,
                    texts: &self.parts.texts,
                    db,
                    now: self.now(),
                },
                person: &who.person,
                token: &token,
                request,
            };
            let made = page(&visit)?;
            Ok(visit.page(&made, &visit.notice(from)?))
        });
        shown.await
    }

    fn missing(&self) -> Reply {
        self.saying(
            StatusCode::NOT_FOUND,
            &self.text("dashboard-missing"),
            &html! {},
        )
    }

    fn broken(&self, error: &StoreError) -> Reply {
        tracing::error!(%error, "a page of the dashboard can't be made");
        self.saying(
            StatusCode::INTERNAL_SERVER_ERROR,
            &self.text("dashboard-broken"),
            &html! {},
        )
    }
}

//! Which page, or which deed, somebody asks for.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request as HttpRequest;
use axum::http::{Method, Response, StatusCode};
use maud::html;

use super::asked::{Page, Wish};
use super::context::Dashboard;
use super::entrance::SignedIn;
use super::item::item;
use super::page::{Made, Tab, Trouble, Visit, telling};
use super::previews::preview;
use super::progress::work;
use super::reply::Reply;
use super::request::{LONGEST_FORM, Request};
use crate::sign_in::Person;
use crate::web::address::{LONGEST_PATH, LONGEST_QUERY};
use crate::web::site::Writing;
use tidings_store::StoreError;

/// What pages answer to.
const LOOKING: &str = "GET, HEAD";

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
            self.other_method("GET, HEAD, POST", Tab::Overview)
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
        let parts = request.parts();
        let (page, wish) = (Page::read(&parts), Wish::read(&parts));
        let done = match (request.is_post, page, wish) {
            (true, ..) if !self.is_own(request, &who) => return Ok(self.forged()),
            (true, _, wish)
                if !wish.is_some_and(Wish::signs_out)
                    && !self.limits.may_do(&who.secret.form_token(), self.now()) =>
            {
                let title = self.text("dashboard-too-much");
                return Ok(self.saying(StatusCode::TOO_MANY_REQUESTS, &title, &html! {}));
            }
            (true, _, Some(wish)) => self.carry_out(request, &who, wish).await,
            (false, Some(page), _) => self.look(request, &who, page).await,
            (true, Some(page), None) => return Ok(self.other_method(LOOKING, page.tab())),
            (false, None, Some(wish)) => return Ok(self.other_method("POST", wish.tab())),
            (_, None, None) => Err(Trouble::Missing),
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
            Err(Trouble::NoRandomness) => {
                let title = self.text("dashboard-broken");
                Ok(self.saying(StatusCode::INTERNAL_SERVER_ERROR, &title, &html! {}))
            }
            Err(Trouble::Store(error)) => Err(error),
        }
    }

    /// Does what a form asks for.
    async fn carry_out(
        self: &Arc<Self>,
        request: &Request,
        who: &SignedIn,
        wish: Wish<'_>,
    ) -> Result<Reply, Trouble> {
        if wish.is_operators() && who.person != Person::Operator {
            return Err(Trouble::Forbidden);
        }
        let done = match wish {
            Wish::SignOut => return Ok(self.sign_out(who).await?),
            Wish::SignAllOut => return Ok(self.sign_all_out(who).await?),
            Wish::Source(name, kind) => return self.ask_source(who, name, kind).await,
            Wish::Undo => self.undo(request, who).await,
            Wish::Item(number, deed) => self.edit_item(request, who, number, deed).await,
            Wish::Section(slug, deed) => self.edit_section(request, who, slug, deed).await,
            Wish::Channel(key, kind) => self.manage(request, who, key, kind).await,
            Wish::Part(kind) => self.decide_part(request, who, kind).await,
        };
        done.map(|done| Reply::leading(telling(&done.page, done.deed)))
    }

    /// A page.
    async fn look(
        &self,
        request: &Request,
        who: &SignedIn,
        asked: Page<'_>,
    ) -> Result<Reply, Trouble> {
        let tab = asked.tab();
        match asked {
            Page::Whole(_, page) => self.shown(request, who, tab, &page).await,
            Page::Item(id) => {
                let page = |visit: &Visit<'_>| item(visit, id);
                self.shown(request, who, tab, &page).await
            }
            Page::Preview(channel) => {
                let made = self.preview_of(channel).await?;
                let page = |visit: &Visit<'_>| preview(visit, &made);
                self.shown(request, who, tab, &page).await
            }
            Page::Work(name) => {
                let page = |visit: &Visit<'_>| work(visit, name);
                self.shown(request, who, tab, &page).await
            }
        }
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
                    left: &[],
                    now: self.now(),
                },
                person: &who.person,
                token: &token,
                request,
            };
            let made = page(&visit)?;
            Ok(visit.page(&made, &visit.notice(from)?)?)
        });
        shown.await
    }

    /// The answer to who comes to an address by a method that it doesn't take; with the page that it belongs to.
    fn other_method(&self, allowed: &'static str, tab: Tab) -> Reply {
        let main = html! { p { a href=(tab.path()) { (self.text(tab.key())) } } };
        let title = self.text("dashboard-other-method");
        Reply {
            allowed: Some(allowed),
            ..self.saying(StatusCode::METHOD_NOT_ALLOWED, &title, &main)
        }
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

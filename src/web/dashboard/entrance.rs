//! Who somebody is: links that sign in, the session's cookie, and signing out.

use axum::http::StatusCode;
use maud::html;

use super::context::Dashboard;
use super::page::TOKEN;
use super::reply::Reply;
use super::request::{Cookie, Request};
use crate::sign_in::{self, LINK_PATH, Link, Person, Secret};
use tidings_store::StoreError;

/// Somebody who is signed in.
pub(super) struct SignedIn {
    pub(super) person: Person,
    pub(super) secret: Secret,
}

impl Dashboard {
    /// What its cookie is called. Where it goes over https alone, a browser takes it from nothing else.
    pub(super) fn cookie_name(&self) -> &'static str {
        match self.is_secure {
            true => "__Secure-tidings",
            false => "tidings",
        }
    }

    fn cookie(&self, value: &str, more: &str) -> String {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let name = self.cookie_name();
        format!("{name}={value}; Path=/dashboard; HttpOnly; SameSite=Strict{secure}{more}")
    }

    /// Who asks, if they are signed in still.
    pub(super) async fn who(&self, request: &Request) -> Result<Option<SignedIn>, StoreError> {
        let Cookie::One(secret) = &request.cookie else {
            return Ok(None);
        };
        let now = self.now();
        let found = self.reading.read(|db| sign_in::signed_in(db, secret, now));
        let Some(found) = found.await? else {
            return Ok(None);
        };
        if !self.may_be_here(&found.person) {
            return Ok(None);
        }
        if found.is_to_be_seen && !request.looks_by_itself() {
            let seen = self.parts.store.write(|db| sign_in::seen(db, secret, now));
            seen.await?;
        }
        Ok(Some(SignedIn {
            person: found.person,
            secret: secret.clone(),
        }))
    }

    /// Whether somebody is still whom they were when their link was made.
    fn may_be_here(&self, person: &Person) -> bool {
        match person {
            Person::Operator => true,
            Person::Editor(editor) => self.parts.settings.operator.editors.contains(editor),
        }
    }

    /// Answers who opens a link (which changes nothing, since others than people open links), and who presses its button.
    pub(super) async fn link(&self, request: &Request, shown: &str) -> Result<Reply, StoreError> {
        let now = self.now();
        let found = match Secret::shown(shown) {
            Some(secret) => {
                let looked = self.reading.read(|db| sign_in::look_at(db, &secret, now));
                Some((looked.await?, secret)).filter(|(link, _)| *link != Link::Wrong)
            }
            None => None,
        };
        let Some((mut link, secret)) = found else {
            if !self.limits.may_be_wrong(now) {
                return Ok(self.refused(StatusCode::TOO_MANY_REQUESTS, "dashboard-link-too-many"));
            }
            return Ok(self.refused(StatusCode::NOT_FOUND, "dashboard-link-wrong"));
        };
        if let Link::Right(person) = &link
            && !self.may_be_here(person)
        {
            return Ok(self.refused(StatusCode::FORBIDDEN, "dashboard-link-no-editor"));
        }
        if request.is_post && matches!(link, Link::Right(_)) {
            if request.is_from_elsewhere(&self.origin) {
                return Ok(self.refused(StatusCode::FORBIDDEN, "dashboard-forged"));
            }
            let session = match Secret::new() {
                Ok(session) => session,
                Err(error) => {
                    tracing::error!(%error, "the system has no randomness, so nobody can sign in");
                    return Ok(self.refused(StatusCode::INTERNAL_SERVER_ERROR, "dashboard-broken"));
                }
            };
            let spent = self
                .parts
                .store
                .write(|db| sign_in::sign_in(db, &secret, &session, now));
            link = spent.await?;
            if let Link::Right(person) = &link {
                tracing::info!(%person, "somebody signed in to the dashboard");
                return Ok(Reply {
                    cookie: Some(self.cookie(session.text(), "")),
                    ..Reply::leading("/dashboard".to_owned())
                });
            }
        }
        Ok(match link {
            Link::Right(_) => self.saying(
                StatusCode::OK,
                &self.text("dashboard-sign-in"),
                &html! {
                    p { (self.text("dashboard-sign-in-says")) }
                    form.deed method="post" action=(format!("{LINK_PATH}{}", secret.text())) {
                        button type="submit" { (self.text("dashboard-sign-in")) }
                    }
                },
            ),
            Link::Used => self.refused(StatusCode::GONE, "dashboard-link-used"),
            Link::Old => self.refused(StatusCode::GONE, "dashboard-link-old"),
            Link::Wrong => self.refused(StatusCode::NOT_FOUND, "dashboard-link-wrong"),
        })
    }

    /// A page that says why not, and how to sign in.
    fn refused(&self, status: StatusCode, key: &str) -> Reply {
        let main = html! { p { (self.text("dashboard-how-to-sign-in")) } };
        self.saying(status, &self.text(key), &main)
    }

    /// The answer to who isn't signed in.
    pub(super) fn signed_out(&self, request: &Request) -> Reply {
        let status = match request.is_post {
            true => StatusCode::FORBIDDEN,
            false => StatusCode::UNAUTHORIZED,
        };
        let key = match request.cookie {
            Cookie::Several => "dashboard-two-cookies",
            _ => "dashboard-signed-out",
        };
        Reply {
            challenge: status == StatusCode::UNAUTHORIZED,
            ..self.refused(status, key)
        }
    }

    /// Whether what a session asks to change may be its own wish: its page carries a token that nobody else knows, and its
    /// browser doesn't say that it comes from elsewhere.
    pub(super) fn is_own(&self, request: &Request, who: &SignedIn) -> bool {
        who.secret.has_form_token(request.form.get(TOKEN))
            && !request.is_from_elsewhere(&self.origin)
    }

    /// The answer to what may be somebody else's wish.
    pub(super) fn forged(&self) -> Reply {
        self.refused(StatusCode::FORBIDDEN, "dashboard-forged")
    }

    /// Ends all sessions, and all links that weren't used.
    pub(super) async fn sign_all_out(&self, who: &SignedIn) -> Result<Reply, StoreError> {
        let (by, now) = (who.person.to_string(), self.now());
        let ended = self
            .parts
            .store
            .write(|db| sign_in::sign_all_out(db, &by, now));
        ended.await?;
        Ok(Reply::leading("/dashboard".to_owned()))
    }

    /// Ends a session.
    pub(super) async fn sign_out(&self, who: &SignedIn) -> Result<Reply, StoreError> {
        let ended = self
            .parts
            .store
            .write(|db| sign_in::sign_out(db, &who.secret));
        ended.await?;
        Ok(Reply {
            cookie: Some(self.cookie("", "; Max-Age=0")),
            ..Reply::leading("/dashboard".to_owned())
        })
    }
}

//! The dashboard, asked over HTTP by a real client.

mod editing;
mod entrance;
mod managing;
mod overview;
mod previews;
mod sections;
mod sources;

use std::io::sink;
use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::Method;
use tidings::platforms::console::Console;
use tidings::runtime::App;
use tidings::sign_in::{Person, Secret, make_link};
use tidings_core::delivery::Settlement;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{DeliveryOptions, Line, Post};
use tidings_store::{ClaimCursor, StoreError};

use crate::archive::{Page, Served, read};
use crate::harness::{CONFIG, Chat, PLAIN, channel};

/// Where people see the dashboard of most tests.
const URL: &str = "https://news.example.org";

/// An editor.
const EDITOR: &str = "telegram:77";

fn config(more: &str) -> String {
    format!(
        "{CONFIG}[web]\nlisten = \"0\"\nurl = \"{URL}\"\ndashboard = true\narchive = true\n[operator]\neditors = [\"{EDITOR}\"]\n{more}"
    )
}

fn editor() -> Person {
    Person::Editor(channel(EDITOR))
}

/// A dashboard that is served.
pub(crate) struct Desk {
    served: Served,
}

/// A browser that somebody is signed in with.
pub(crate) struct Visitor<'d> {
    desk: &'d Desk,
    cookie: String,
    token: String,
}

impl Desk {
    /// Of a bot on a console.
    async fn of(chat: &Chat) -> Desk {
        let console = Console::new(Box::new(sink()), Box::new(|| PLAIN), "");
        Desk::with(chat, vec![Arc::new(console)]).await
    }

    /// Of one that is served already.
    pub(crate) fn at(address: SocketAddr) -> Desk {
        Desk {
            served: Served::at(address),
        }
    }

    async fn with(chat: &Chat, platforms: Vec<Arc<dyn ChatPlatform>>) -> Desk {
        Desk {
            served: Served::with(chat, platforms).await,
        }
    }

    /// The path of a fresh link.
    fn link(&self, chat: &Chat, person: &Person) -> String {
        self.link_of(chat.app(), person)
    }

    fn link_of(&self, app: &App, person: &Person) -> String {
        let secret = Secret::new().unwrap();
        let link = app
            .store()
            .blocking()
            .write(|db| make_link(db, URL, &secret, person, app.now()))
            .unwrap();
        link.strip_prefix(URL).unwrap().to_owned()
    }

    async fn post(&self, path: &str, cookie: &str, form: &[(&str, &str)]) -> Page {
        let asked = self
            .served
            .asks(Method::POST, path)
            .header("Cookie", cookie);
        let asked = asked.header("Content-Type", "application/x-www-form-urlencoded");
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        read(asked.body(body).send().await.unwrap()).await
    }

    async fn get(&self, path: &str, cookie: &str) -> Page {
        let asked = self.served.asks(Method::GET, path).header("Cookie", cookie);
        read(asked.send().await.unwrap()).await
    }

    /// Opens a link and presses its button; the cookie.
    pub(crate) async fn opens(&self, link: &str) -> String {
        let path = link.strip_prefix(URL).unwrap();
        assert_eq!(self.get(path, "").await.status, 200);
        let pressed = self.post(path, "", &[]).await;
        assert_eq!(pressed.status, 303);
        pressed
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn status(&self, path: &str, cookie: &str) -> u16 {
        self.get(path, cookie).await.status
    }

    async fn sign_in(&self, chat: &Chat, person: &Person) -> Visitor<'_> {
        self.signed_in(chat.app(), person).await
    }

    pub(crate) async fn signed_in(&self, app: &App, person: &Person) -> Visitor<'_> {
        let pressed = self.post(&self.link_of(app, person), "", &[]).await;
        assert_eq!(
            (pressed.status, pressed.header("location")),
            (303, "/dashboard")
        );
        let cookie = pressed
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let page = self.get("/dashboard", &cookie).await;
        Visitor {
            desk: self,
            token: token(&page),
            cookie,
        }
    }
}

/// The token of a page's forms.
fn token(page: &Page) -> String {
    let found = page.text.split("name=\"token\" value=\"").nth(1);
    let found = found.unwrap_or_else(|| panic!("a form: {}", page.text));
    found.split('"').next().unwrap().to_owned()
}

impl Visitor<'_> {
    pub(crate) async fn get(&self, path: &str) -> Page {
        self.desk.get(path, &self.cookie).await
    }

    /// What a page says; it has to be there.
    pub(crate) async fn sees(&self, path: &str) -> String {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        assert!(
            !page.text.contains("{$"),
            "a text lacks a value: {}",
            page.text
        );
        page.said()
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        let mut whole = vec![("token", self.token.as_str())];
        whole.extend(form);
        self.desk.post(path, &self.cookie, &whole).await
    }

    /// Does something, and reads the page that it leads to.
    pub(crate) async fn does(&self, path: &str, form: &[(&str, &str)]) -> String {
        let done = self.post(path, form).await;
        assert_eq!(done.status, 303, "{path}: {}", done.text);
        self.sees(done.header("location")).await
    }
}

/// A part of the console's dies, for a reason.
fn dies(chat: &Chat, reason: &str) {
    let store = chat.app().store().blocking();
    let now = chat.app().now();
    let died = store.write(|db| {
        let channel = db.channel_or_new(&Console::channel(), now)?;
        let wire = Console::new(Box::new(sink()), Box::new(|| PLAIN), "").render(
            &Post::line(Line::plain("What it <i>says</i>")),
            &DeliveryOptions::default(),
        );
        let part = db.add_part(&wire[0])?;
        db.enqueue(&channel, &[part], now)?;
        for claimed in db.claim("console", now, &mut ClaimCursor::default(), 10)? {
            let dead = Settlement::Dead {
                error: reason.to_owned(),
            };
            db.settle(claimed.id, &dead, now)?;
        }
        Ok::<_, StoreError>(())
    });
    died.unwrap();
}

//! The archive on the web, asked over HTTP by a real client.

mod asking;
mod feeds;
mod hostile;
mod leading;
mod pages;
mod process;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tidings::task::{Broken, stopper};
use tidings::web::serve_pages;
use tidings_core::platform::ChatPlatform;
use tokio::sync::watch::Sender;

use crate::harness::{CONFIG, Chat};

/// Where people see the archive of most tests.
const URL: &str = "https://news.example.org";

fn config(more: &str) -> String {
    format!("{CONFIG}[web]\nlisten = \"0\"\nurl = \"{URL}\"\narchive = true\n{more}")
}

/// An archive that is served, and whoever reads it.
pub(crate) struct Served {
    address: SocketAddr,
    client: Client,
    _stop: Option<Sender<bool>>,
}

/// What came back.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }

    /// The addresses that links lead to, in their order.
    pub(crate) fn links(&self) -> Vec<&str> {
        let pieces = self.text.split("href=\"").skip(1);
        pieces
            .map(|piece| piece.split('"').next().unwrap())
            .collect()
    }

    /// What its main part says, without the markup, line by line.
    pub(crate) fn said(&self) -> String {
        let main = self.text.split("<main").nth(1).expect("a main part");
        let main = main.split("</main>").next().unwrap();
        let main = main.split_once('>').unwrap().1;
        let mut said = String::new();
        for piece in main.split('<') {
            let (tag, text) = piece.split_once('>').unwrap_or(("", piece));
            let is_block = [
                "p",
                "h1",
                "h2",
                "h3",
                "li",
                "article",
                "section",
                "aside",
                "form",
                "button",
                "ul",
                "dt",
                "dd",
                "option",
                "label",
                "blockquote",
                "figcaption",
            ]
            .iter()
            .any(|name| tag.split([' ', '/']).next() == Some(name));
            if is_block && !said.ends_with('\n') {
                said.push('\n');
            }
            if tag.starts_with("span") || tag.starts_with("a ") && !said.ends_with('\n') {
                said.push(' ');
            }
            said.push_str(text);
        }
        let lines = said
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        lines
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }
}

impl Served {
    /// Serves the archive of a bot.
    pub(crate) async fn of(chat: &Chat) -> Served {
        Served::with(chat, Vec::new()).await
    }

    /// Serves what a bot has on the web, as one where platforms run.
    pub(crate) async fn with(chat: &Chat, platforms: Vec<Arc<dyn ChatPlatform>>) -> Served {
        let faces = chat.app().faces(platforms).unwrap();
        let (stop, stopped) = stopper();
        let served_at: Arc<OnceLock<SocketAddr>> = Arc::default();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let broken = Arc::<Broken>::default();
        tokio::spawn(serve_pages(faces, any, served_at.clone(), broken, stopped));
        let address = loop {
            if let Some(address) = served_at.get() {
                break *address;
            }
            tokio::task::yield_now().await;
        };
        Served {
            _stop: Some(stop),
            ..Served::at(address)
        }
    }

    /// What is served already.
    pub(crate) fn at(address: SocketAddr) -> Served {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Served {
            address,
            client,
            _stop: None,
        }
    }

    pub(crate) fn asks(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("http://{}{path}", self.address);
        self.client.request(method, url)
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        read(self.asks(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn status(&self, path: &str) -> u16 {
        self.get(path).await.status
    }
}

pub(crate) async fn read(response: Response) -> Page {
    Page {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}

/// A feed's document of entries: title, link, moment and whatever else.
fn feed(items: &[Value]) -> String {
    json!({"version": "https://jsonfeed.org/version/1.1", "title": "Yonhap", "items": items})
        .to_string()
}

fn entry(id: u32, title: &str, at: &str) -> Value {
    json!({
        "id": format!("e{id}"), "title": title, "url": format!("https://a.example/{id}"), "date_published": at,
        "content_text": format!("{title} is told. And more."),
    })
}

/// A bot with two digests loaded.
fn small() -> Chat {
    let mut chat = Chat::with(&config(""));
    chat.drop_file(
        "2026-11-05.txt",
        crate::harness::page(
            "# US-NK Relations
             Door plate made | It is made of brass. Nobody knows why.
             Envoys met | In Geneva. READ MORE https://example.org/envoys
             # Japan
             Squid counted | All of them.",
        ),
    );
    chat.drop_file(
        "2026-11-03.txt",
        crate::harness::page(
            "# Between the Koreas\n남북 관문에 새 경첩 | 삐걱거리지 않는다. 정말이다.",
        ),
    );
    chat.load();
    chat
}

/// The number of the item with a title.
fn number(chat: &Chat, title: &str) -> i64 {
    number_in(chat.app(), title)
}

pub(crate) fn number_in(app: &tidings::runtime::App, title: &str) -> i64 {
    let found = app.store().blocking().read(|db| {
        let all = tidings_store::Listing {
            section: None,
            after: tidings_core::item::Place::TOP,
            limit: 10_000,
        };
        db.newest(all)
    });
    let found: Vec<_> = found.unwrap();
    let item = found.iter().find(|item| item.title == title);
    item.unwrap_or_else(|| panic!("no “{title}”")).id.get()
}

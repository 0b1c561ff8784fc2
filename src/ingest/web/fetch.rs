//! Fetching politely: one request at a time to a host and port, with a pause between two; never to an address that
//! isn't public; never more than bounds allow.

use crate::settings::FetchBounds;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tidings_core::bounds::ROBOTS_SIZE;
use tidings_core::moves::Way;

use jiff::Timestamp;
use parking_lot::Mutex;
use reqwest::{Client, Response, header};
use tokio::sync::{Mutex as Turn, Semaphore};
use tokio::time::{Instant, sleep_until, timeout};
use url::Url;

use super::answers::{
    charset_of, check, fresh, http_date, is_framed, is_redirect, network, retry_after, target,
};
use super::cookies::Cookies;
pub use super::error::{FetchError, RetryAfter};
use super::guard::Guarded;
use super::robots::{HOSTS, Sites};
use super::rules::Rules;
use super::unpack::unpacked;
pub use tidings_core::addresses::{redacted_url, without_credentials};
use tidings_reader::Document;

/// Who asks: honestly, and with where to complain.
const AGENT: &str = concat!(
    "Tidings/",
    env!("CARGO_PKG_VERSION"),
    " (+https://crates.io/crates/tidings)"
);

/// What we read.
const ACCEPT: &str =
    "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.9, */*;q=0.5";

/// Redirects that are followed.
const REDIRECTS: usize = 5;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);

/// How long a server may think before it begins to answer.
const FIRST_BYTE: Duration = Duration::from_secs(20);

/// Requests at the same time, over all hosts.
const AT_ONCE: usize = 32;

/// One address to be fetched.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// The address.
    pub address: &'a Url,
    /// What a server called the state that is known.
    pub etag: Option<&'a str>,
    /// When that was changed.
    pub last_modified: Option<&'a str>,
    /// Hosts on private addresses that it may lead to.
    pub allow_private: &'a [String],
    /// Whether `robots.txt` is asked first.
    pub heed_robots: bool,
    /// How much of it is enough, in bytes; what is beyond isn't read.
    pub enough: Option<usize>,
}

/// What came.
#[derive(Debug)]
pub enum Fetched {
    /// It is as it was.
    Unchanged {
        /// How long that holds, if the server says.
        fresh: Option<Duration>,
        /// Where it was asked for in the end.
        way: Way,
    },
    /// A document.
    New(Box<Body>),
}

/// A document as it came.
#[derive(Debug)]
pub struct Body {
    /// The bytes, decompressed.
    pub bytes: Vec<u8>,
    /// Whether the server said where it ends, so that a part of it can't pass for all of it.
    pub is_framed: bool,
    /// Where it came from in the end, without a name and password that were part of it.
    pub address: Url,
    /// How it was come by.
    pub way: Way,
    /// The encoding that the server named.
    pub charset: Option<String>,
    /// What the server calls this state of it.
    pub etag: Option<String>,
    /// When it was last changed, as the server wrote it.
    pub last_modified: Option<String>,
    /// How long it holds, if the server says.
    pub fresh: Option<Duration>,
}

impl Body {
    /// What came as a document, first seen now unless the server says when it was changed.
    pub fn into_document(self, now: Timestamp) -> Document {
        let modified = self.last_modified.as_deref().and_then(http_date);
        Document {
            name: redacted_url(&self.address),
            bytes: self.bytes,
            seen: modified.unwrap_or(now),
            address: Some(self.address),
            charset: self.charset,
        }
    }
}

/// What something that a page leads to is known by: its whole address, since a key in it may be all that tells it from
/// another one. Whoever shows it redacts it.
pub(in crate::ingest) fn name_of_link(link: &Url) -> String {
    without_credentials(link.clone()).into()
}

/// What came of one request.
enum Answer {
    Here(Fetched),
    Elsewhere { to: Url, is_for_good: bool },
}

/// Fetches for all sources of a bot.
pub struct Fetcher {
    pub(super) bounds: FetchBounds,
    clients: Mutex<HashMap<Vec<String>, Client>>,
    hosts: Mutex<HashMap<String, Arc<Turn<Option<Instant>>>>>,
    sites: Sites,
    slots: Semaphore,
}

impl Fetcher {
    /// A fetcher that keeps to bounds.
    pub fn new(bounds: FetchBounds) -> Fetcher {
        Fetcher {
            bounds,
            clients: Mutex::default(),
            hosts: Mutex::default(),
            sites: Sites::default(),
            slots: Semaphore::new(AT_ONCE),
        }
    }

    /// Fetches one address.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn fetch(&self, ask: &Ask<'_>) -> Result<Fetched, FetchError> {
        let mut address = ask.address.clone();
        let mut way = Way::default();
        // As long as all of them are for good, so is where they lead.
        let mut for_good = true;
        // What is set on the way is shown on the way, and forgotten at its end.
        let mut cookies = Cookies::default();
        let mut patience = self.bounds.patience;
        for _ in 0..=REDIRECTS {
            let pause = match ask.heed_robots {
                true => self.heed(ask, &address).await?,
                false => self.bounds.host_pause,
            };
            let request = self.request(ask, &address, pause, &mut patience, &mut cookies);
            match request.await? {
                Answer::Elsewhere { to, is_for_good } => {
                    for_good &= is_for_good;
                    if for_good {
                        way.moved_to = Some(to.clone());
                    }
                    way.led_to = Some(to.clone());
                    address = to;
                }
                Answer::Here(fetched) => {
                    return Ok(match fetched {
                        Fetched::New(body) => Fetched::New(Box::new(Body { way, ..*body })),
                        Fetched::Unchanged { fresh, .. } => Fetched::Unchanged { fresh, way },
                    });
                }
            }
        }
        Err(FetchError::Redirect(format!(
            "more than {REDIRECTS} redirects"
        )))
    }

    /// Asks a site's rules about an address: the pause that they want between two requests.
    async fn heed(&self, ask: &Ask<'_>, address: &Url) -> Result<Duration, FetchError> {
        let Ok(robots) = address.join("/robots.txt") else {
            return Ok(self.bounds.host_pause);
        };
        let read = async || self.rules(ask, &robots).await;
        let pause = self.sites.heed(&robots, address, read).await?;
        Ok(self.bounds.host_pause.max(pause))
    }

    /// A site's rules; one without any lets us fetch everything (RFC 9309, section 2.3.1).
    async fn rules(&self, ask: &Ask<'_>, robots: &Url) -> Result<Rules, FetchError> {
        let asked = Ask {
            address: robots,
            etag: None,
            last_modified: None,
            heed_robots: false,
            enough: Some(ROBOTS_SIZE.most),
            ..ask.clone()
        };
        match Box::pin(self.fetch(&asked)).await {
            Ok(Fetched::New(body)) => Ok(Rules::read(&body.bytes)),
            // As long as nobody knows what they say, they forbid everything.
            Err(FetchError::Status(status @ 500..)) => Err(FetchError::NoRobots(status)),
            Err(
                unreachable @ (FetchError::Private(_)
                | FetchError::Busy { .. }
                | FetchError::TooSlow
                | FetchError::Network(_)),
            ) => Err(unreachable),
            Ok(Fetched::Unchanged { .. }) | Err(_) => Ok(Rules::default()),
        }
    }

    /// One request, when it is its turn; the time that it takes, and not the time that it waits, is taken from
    /// `patience`.
    async fn request(
        &self,
        ask: &Ask<'_>,
        address: &Url,
        pause: Duration,
        patience: &mut Duration,
        cookies: &mut Cookies,
    ) -> Result<Answer, FetchError> {
        let turn = self.turn(address);
        let mut last = turn.lock().await;
        if let Some(last) = *last {
            sleep_until(last + pause).await;
        }
        // Whoever waits for a host keeps nobody else waiting.
        let _slot = self.slots.acquire().await;
        let begun = Instant::now();
        let answered = timeout(*patience, async {
            let response = self.ask(ask, address, cookies).await?;
            cookies.keep(address, response.headers());
            if is_redirect(response.status()) {
                return Ok(Answer::Elsewhere {
                    to: target(&response, address)?,
                    is_for_good: matches!(response.status().as_u16(), 301 | 308),
                });
            }
            let fetched = self.read(ask, response, address.clone()).await?;
            Ok(Answer::Here(fetched))
        });
        let answered = answered.await.unwrap_or(Err(FetchError::TooSlow));
        *patience = patience.saturating_sub(begun.elapsed());
        *last = Some(Instant::now());
        answered
    }

    /// Whose turn it is at a host and port.
    fn turn(&self, address: &Url) -> Arc<Turn<Option<Instant>>> {
        let host = format!(
            "{}:{}",
            address.host_str().unwrap_or_default(),
            address.port_or_known_default().unwrap_or_default()
        );
        let mut hosts = self.hosts.lock();
        if hosts.len() >= HOSTS {
            hosts.retain(|_, turn| Arc::strong_count(turn) > 1);
        }
        hosts.entry(host).or_default().clone()
    }

    async fn ask(
        &self,
        ask: &Ask<'_>,
        address: &Url,
        cookies: &Cookies,
    ) -> Result<Response, FetchError> {
        check(address, ask.allow_private)?;
        let mut request = self
            .client(ask.allow_private)?
            .get(address.clone())
            .header(header::ACCEPT, ACCEPT);
        if let Some(etag) = ask.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(modified) = ask.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, modified);
        }
        if let Some(cookies) = cookies.shown_to(address) {
            request = request.header(header::COOKIE, cookies);
        }
        let answer = timeout(FIRST_BYTE, async {
            let again = request.try_clone();
            match (request.send().await, again) {
                // A connection that was kept may have been closed at the other end meanwhile.
                (Err(error), Some(again)) if error.is_request() && !error.is_connect() => {
                    again.send().await
                }
                (answer, _) => answer,
            }
        });
        answer
            .await
            .map_err(|_| FetchError::TooSlow)?
            .map_err(network)
    }

    async fn read(
        &self,
        ask: &Ask<'_>,
        mut response: Response,
        address: Url,
    ) -> Result<Fetched, FetchError> {
        let headers = response.headers().clone();
        let status = response.status();
        let fresh = fresh(&headers);
        match status.as_u16() {
            304 if ask.etag.is_none() && ask.last_modified.is_none() => {
                return Err(FetchError::NotAsked);
            }
            304 => {
                let way = Way::default();
                return Ok(Fetched::Unchanged { fresh, way });
            }
            // A part of a document would be taken for all of it.
            206 => return Err(FetchError::Status(206)),
            200..=299 => {}
            410 => return Err(FetchError::Gone),
            429 | 503 => {
                return Err(FetchError::Busy {
                    status: status.as_u16(),
                    wait: retry_after(&headers),
                });
            }
            status => return Err(FetchError::Status(status)),
        }
        let is_framed = is_framed(&response);
        // What grows piece by piece is copied again and again, and is there twice meanwhile.
        let announced = response.content_length().unwrap_or_default();
        let announced = usize::try_from(announced).unwrap_or(usize::MAX);
        let mut bytes = Vec::with_capacity(announced.min(self.bounds.largest));
        while let Some(piece) = response.chunk().await.map_err(network)? {
            if let Some(enough) = ask.enough
                && bytes.len() >= enough
            {
                break;
            }
            if bytes.len() + piece.len() > self.bounds.largest {
                return Err(FetchError::TooLarge(self.bounds.largest));
            }
            bytes.extend_from_slice(&piece);
        }
        let bytes = unpacked(bytes, &headers, self.bounds.largest)?;
        let text = |name: header::HeaderName| {
            let value = headers.get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        Ok(Fetched::New(Box::new(Body {
            bytes,
            is_framed,
            address: without_credentials(address),
            way: Way::default(),
            charset: text(header::CONTENT_TYPE).and_then(|kind| charset_of(&kind)),
            etag: text(header::ETAG),
            last_modified: text(header::LAST_MODIFIED),
            fresh,
        })))
    }

    /// A client for these exceptions; sources with the same ones share it.
    fn client(&self, allow_private: &[String]) -> Result<Client, FetchError> {
        let mut clients = self.clients.lock();
        if let Some(client) = clients.get(allow_private) {
            return Ok(client.clone());
        }
        let client = Client::builder()
            .user_agent(AGENT)
            .connect_timeout(CONNECT)
            // A proxy of the environment would see what isn't its business, and pass by the guard.
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Arc::new(Guarded::new(allow_private)))
            .pool_max_idle_per_host(1)
            .build()
            .map_err(network)?;
        clients.insert(allow_private.to_vec(), client.clone());
        Ok(client)
    }
}
